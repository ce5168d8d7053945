package idp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"spidsim/certs"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/spid"
)

// readyCard draws the challenge when the card is what comes next.
func (p *IdP) readyCard(l *Login, now time.Time) {
	if l.Next(now) == StepCard {
		l.Nonce = p.nonce()
	}
}

func (f *Federation) nonce() []byte {
	var b [certs.NonceSize]byte
	f.random(b[:])
	return b[:]
}

// challenge binds the nonce to this login, service provider, gestore and purpose, so that a signature made for
// one is worthless for any other (SEC-57).
func (p *IdP) challenge(l *Login) certs.Challenge {
	return certs.Challenge{Nonce: l.Nonce, Login: l.ID, SP: l.SP, Origin: p.base(), Purpose: "login"}
}

// Reader is what stands before the person at the card step.
type Reader struct {
	Card   *Card  // in the reader; nil when empty
	Own    *Card  // that the person may use here; nil when there is none
	Reason Reason // why this card will not do; "" when a PIN is wanted
}

// cardKind is the kind of card that this identity provider takes.
func (p *IdP) cardKind() CardKind {
	if p.Kind == KindCIE {
		return CIECard
	}
	return TokenCard
}

// Reader looks into the reader of a login. Where the card comes first, whoever it belongs to is the person.
func (p *IdP) Reader(ctx context.Context, l *Login) (r *Reader, err error) {
	r = &Reader{}
	if !l.CardFirst {
		r.Own, err = p.CardOf(ctx, l.Username, p.cardKind())
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
	}
	switch {
	case l.CardInReader != "":
		if r.Card, err = p.cards.Get(ctx, l.CardInReader); err != nil {
			return nil, fmt.Errorf("card in the reader: %w", err)
		}
	case r.Own != nil && r.Own.Inserted:
		r.Card = r.Own
	}
	if l.CardFirst && r.Card != nil && r.Card.Kind == p.cardKind() {
		r.Own = r.Card
	}
	r.Reason = r.Card.refusal(p.cardKind(), l.Username, p.now())
	return r, nil
}

// refusal says what is read off a card before the PIN is asked for. c may be nil: no card. username "" takes anybody's.
func (c *Card) refusal(kind CardKind, username string, now time.Time) Reason {
	switch {
	case c == nil:
		return NoCard
	case c.Kind != kind:
		return UnknownCard
	case username != "" && c.Username != username:
		return OtherCard
	}
	return map[string]Reason{
		people.CardRevoked: RevokedCard, people.CardExpired: ExpiredCard, "dead": DeadCard, people.CardBlocked: BlockedCard,
		people.CardNotEnabled: NotEnabledCard,
	}[c.State(now)]
}

// Card proves level 3: the card in the reader signs the fresh challenge after the right PIN, and the gestore verifies
// signature, issuer, validity and the list of revoked cards.
func (p *IdP) Card(ctx context.Context, id, pin string) (*Login, error) {
	l, err := p.logins.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if l.Next(p.now()) != StepCard {
		return l, &Retry{Reason: WrongStep}
	}
	reader, err := p.Reader(ctx, l)
	if err != nil {
		return nil, err
	}
	if reader.Reason != "" {
		return l, &Retry{Reason: reader.Reason}
	}
	ch := p.challenge(l)
	signature, err := p.SignWithCard(ctx, reader.Card.ID, pin, ch)
	if err != nil {
		return l, err
	}
	if err := p.verifyCard(reader.Card, ch, signature); err != nil {
		return l, err
	}
	return p.step(ctx, id, func(l *Login, now time.Time) error {
		if string(l.Nonce) != string(ch.Nonce) { // used by another request in the meantime
			return &Retry{Reason: WrongStep}
		}
		l.Nonce = nil
		l.note(now, StepCard, "card "+reader.Card.ID+" proved")
		l.CardProved, l.AuthnInstant = true, now
		if l.CardFirst {
			p.readHolder(l, reader.Card, now)
		}
		return nil
	}, StepCard)
}

func (p *IdP) verifyCard(c *Card, ch certs.Challenge, signature []byte) error {
	cert, err := c.X509()
	if err != nil {
		return fmt.Errorf("certificate of card %s: %w", c.ID, err)
	}
	err = certs.VerifyChallenge(cert, p.cfg.CardCA.Cert, ch, signature, p.now())
	if errors.Is(err, certs.ErrCardExpired) {
		return &Retry{Reason: ExpiredCard}
	}
	if err != nil {
		return fmt.Errorf("card %s: %w", c.ID, err)
	}
	return nil
}

// PutInReader changes what the reader of a login holds: "insert" and "remove" move the person's own card, "other", "expired" and
// "revoked" put in a card of somebody else of that kind. Where the card comes first, what is "remove", "other" (a card of
// another scheme) or the user name of the card's holder.
func (p *IdP) PutInReader(ctx context.Context, id, what string) (*Login, error) {
	l, err := p.logins.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	card := ""
	switch {
	case l.CardFirst:
		card, err = p.cieFor(ctx, l, what)
	case what == "insert" || what == "remove":
		err = p.moveOwn(ctx, l.Username, what == "insert")
	default:
		card, err = p.cardFor(ctx, l.Username, what)
	}
	if err != nil {
		return l, err
	}
	return p.step(ctx, id, func(l *Login, now time.Time) error {
		l.CardInReader = card
		l.note(now, StepCard, "reader: "+what)
		return nil
	}, StepCard)
}

// moveOwn puts the person's own card into the reader, or takes it out.
func (p *IdP) moveOwn(ctx context.Context, username string, in bool) error {
	own, err := p.CardOf(ctx, username, p.cardKind())
	if errors.Is(err, store.ErrNotFound) {
		return &Retry{Reason: NoCard}
	}
	if err == nil {
		_, err = p.InsertCard(ctx, own.ID, in)
	}
	return err
}

// cardFor picks a card for the reader: of another person and good ("other"), or expired or revoked.
func (p *IdP) cardFor(ctx context.Context, username, what string) (string, error) {
	want := what
	if what == "other" {
		want = people.CardOK
	}
	all, err := p.Cards(ctx)
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if c.Kind == p.cardKind() && c.Username != username && c.State(p.now()) == want {
			return c.ID, nil
		}
	}
	return "", &Retry{Reason: NoCard}
}

// GiveUpCard ends a login whose card can no longer be used: the credentials are blocked (nr23).
func (p *IdP) GiveUpCard(ctx context.Context, id string) (*Login, error) {
	l, err := p.logins.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	reader, err := p.Reader(ctx, l)
	if err != nil {
		return nil, err
	}
	return p.step(ctx, id, func(l *Login, now time.Time) error {
		if reader.Own == nil || reader.Own.State(now) == people.CardOK {
			return &Retry{Reason: WrongStep}
		}
		l.end(now, spid.IdentityBlocked, "card "+reader.Own.State(now))
		return nil
	}, StepCard)
}
