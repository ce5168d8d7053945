package admin

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"

	"spidsim/certs"
	"spidsim/idp"
	"spidsim/internal/web"
)

const longestChallenge = 4096

func (a *Admin) listCards(w http.ResponseWriter, r *http.Request) {
	all, err := a.fed.Cards(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	list := List[CardItem]{Items: make([]CardItem, 0, len(all))}
	for _, c := range all {
		item, err := a.cardItem(c)
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		list.Items = append(list.Items, item)
	}
	web.JSON(w, http.StatusOK, list)
}

func (a *Admin) cardItem(c *idp.Card) (CardItem, error) {
	cert, err := c.X509()
	if err != nil {
		return CardItem{}, fmt.Errorf("certificate of card %s: %w", c.ID, err)
	}
	return CardItem{
		ID: c.ID, Kind: cmp.Or(string(c.Kind), "spid"), Username: c.Username, Holder: c.Holder, State: c.State(a.now()), Inserted: c.Inserted, PIN: c.PIN, PUK: c.PUK,
		PINTries: c.PINTries, PUKTries: c.PUKTries, NotBefore: cert.NotBefore.UTC(), NotAfter: cert.NotAfter.UTC(), Certificate: pemOf(c),
	}, nil
}

func pemOf(c *idp.Card) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate}))
}

func (a *Admin) getCard(w http.ResponseWriter, r *http.Request) {
	a.changeCard(w, r, func(_ context.Context, c *idp.Card) (*idp.Card, error) { return c, nil })
}

// moveCard puts a card into its holder's reader, or takes it out. Doing it twice changes nothing.
func (a *Admin) moveCard(in bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a.changeCard(w, r, func(ctx context.Context, c *idp.Card) (*idp.Card, error) {
			a.log.Info("card moved", "card", c.ID, "user", c.Username, "inserted", in)
			return a.fed.InsertCard(ctx, c.ID, in)
		})
	}
}

// revokeCard puts a card on the list of revoked ones, or takes it off.
func (a *Admin) revokeCard(revoked bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a.changeCard(w, r, func(ctx context.Context, c *idp.Card) (*idp.Card, error) {
			a.log.Info("card list changed", "card", c.ID, "user", c.Username, "revoked", revoked)
			return a.fed.RevokeCard(ctx, c.ID, revoked)
		})
	}
}

func (a *Admin) unblockCard(w http.ResponseWriter, r *http.Request) {
	var body Unblock
	if err := web.DecodeJSON(r, &body); err != nil {
		web.Fail(w, r, err)
		return
	}
	a.changeCard(w, r, func(ctx context.Context, c *idp.Card) (*idp.Card, error) {
		return a.fed.UnblockCard(ctx, c.ID, body.PUK, body.NewPIN)
	})
}

// changeCard finds the card of the address, by number or by holder, and answers with what change makes of it.
func (a *Admin) changeCard(w http.ResponseWriter, r *http.Request, change func(context.Context, *idp.Card) (*idp.Card, error)) {
	c, err := a.fed.FindCard(r.Context(), segment(r, "card"))
	if err == nil {
		c, err = change(r.Context(), c)
	}
	var item CardItem
	if err == nil {
		item, err = a.cardItem(c)
	}
	if err != nil {
		web.Fail(w, r, cardProblem(err))
		return
	}
	web.JSON(w, http.StatusOK, item)
}

// CardChallenge is what a card signs for the API: the challenge's digest as nonce, and the purpose "cli" in every place
// that names a login, so that the signature can never serve one (SEC-57). origin is the base address of the identity providers.
func CardChallenge(origin string, challenge []byte) certs.Challenge {
	nonce := sha256.Sum256(challenge)
	return certs.Challenge{Nonce: nonce[:], Login: "cli", SP: "cli", Origin: origin, Purpose: "cli"}
}

// signWithCard has the card sign a challenge of the caller's, after the right PIN.
func (a *Admin) signWithCard(w http.ResponseWriter, r *http.Request) {
	var body SignRequest
	err := web.DecodeJSON(r, &body)
	if err == nil && (len(body.Challenge) == 0 || len(body.Challenge) > longestChallenge) {
		err = web.Unprocessable("challenge", fmt.Sprintf("the challenge has %d octets, want 1 to %d", len(body.Challenge), longestChallenge))
	}
	var out Signed
	if err == nil {
		out, err = a.sign(r.Context(), segment(r, "card"), body)
	}
	if err != nil {
		web.Fail(w, r, cardProblem(err))
		return
	}
	web.JSON(w, http.StatusOK, out)
}

func (a *Admin) sign(ctx context.Context, id string, body SignRequest) (Signed, error) {
	c, err := a.fed.FindCard(ctx, id)
	if err != nil {
		return Signed{}, err
	}
	if !c.Inserted {
		return Signed{}, &idp.Retry{Reason: idp.NoCard}
	}
	signature, err := a.fed.SignWithCard(ctx, c.ID, body.PIN, CardChallenge(a.cfg.BaseURL, body.Challenge))
	if err != nil {
		return Signed{}, err
	}
	a.log.Info("card signed", "card", c.ID, "user", c.Username, "purpose", "cli")
	return Signed{Card: c.ID, Algorithm: "ECDSA-SHA256", Signature: signature, Certificate: pemOf(c)}, nil
}

// cardProblem says in the words of the API what a card or the engine refused.
func cardProblem(err error) error {
	var retry *idp.Retry
	if !errors.As(err, &retry) {
		return missingAs(err, "card of that number or holder")
	}
	refuse := func(status int, field, detail string) error {
		return &web.Error{Status: status, Problem: web.Problem{Code: string(retry.Reason), Field: field, Detail: detail, Rule: "SEC-57"}}
	}
	switch retry.Reason {
	case idp.WrongPIN:
		return refuse(http.StatusUnprocessableEntity, "pin", fmt.Sprintf("wrong PIN, %d tries left", retry.Left))
	case idp.WrongPUK:
		return refuse(http.StatusUnprocessableEntity, "puk", fmt.Sprintf("wrong PUK, %d tries left", retry.Left))
	case idp.BadNewPIN:
		return refuse(http.StatusUnprocessableEntity, "new_pin", "the new PIN must have eight digits")
	case idp.BlockedCard:
		return refuse(http.StatusConflict, "", "the card is blocked: unblock it with the PUK")
	case idp.DeadCard:
		return refuse(http.StatusConflict, "", "the card is dead: the tries of its PUK are used up")
	case idp.NotEnabledCard:
		return refuse(http.StatusConflict, "", "the CIE is not enabled for use online: it has no PIN yet")
	case idp.NoCard:
		return refuse(http.StatusConflict, "", "the card is not in the reader: insert it")
	}
	return err
}
