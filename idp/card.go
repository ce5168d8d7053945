package idp

import (
	"cmp"
	"context"
	"crypto/subtle"
	"crypto/x509"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"spidsim/certs"
	"spidsim/internal/people"
	"spidsim/internal/store"
)

const (
	pinTries = 3          // wrong PINs before the card blocks itself (CNS-02)
	pukTries = 3          // wrong PUKs before it is dead
	testPIN  = "12345678" // public test data, shown on the pages (D-05)
	testPUK  = "87654321"
)

// CardKind says what a card is for. A person has one of each kind at most.
type CardKind string

// Kinds of cards.
const (
	TokenCard CardKind = ""    // the token of level 3 that the gestori hand out (LVL-03)
	CIECard   CardKind = "cie" // the electronic identity card (CIE-08)
	CNSCard   CardKind = "cns" // the national services card (CNS-01)
)

// cardKinds lists all kinds, in the order in which a holder's name finds a card.
var cardKinds = []CardKind{TokenCard, CIECard, CNSCard}

// cardYears is how long a card of each kind lasts (CNS-02).
var cardYears = map[CardKind]int{TokenCard: 5, CIECard: 10, CNSCard: 6}

// Card is a simulated smart card: key and certificate with a PIN (LVL-03, D-20). It signs only after the right PIN, and only what
// it is for.
type Card struct {
	ID          string // number printed on the card: twelve digits
	Kind        CardKind
	Username    string // holder
	Holder      string // name as printed
	Certificate []byte // DER, issued by the federation's authority for cards
	Key         []byte // PKCS #8; what on a real card never leaves the chip
	PIN, PUK    string
	PINTries    int // left
	PUKTries    int // left
	Inserted    bool
	Revoked     bool
	NotEnabled  bool // a CIE whose PIN was never handed out: nothing online takes it
}

func cardKeys(c *Card) map[string]string {
	return map[string]string{"user": holderKey(c.Username, c.Kind)}
}

// holderKey names the one card of a kind that a person has. That of a token is the bare name.
func holderKey(username string, kind CardKind) string {
	if kind == TokenCard {
		return username
	}
	return username + "\x1f" + string(kind)
}

// Blocked reports whether the PIN has been used up; a PUK still helps unless Dead.
func (c *Card) Blocked() bool { return c.PINTries <= 0 }

// Dead reports whether the PUK has been used up as well.
func (c *Card) Dead() bool { return c.PUKTries <= 0 }

// X509 parses the certificate.
func (c *Card) X509() (*x509.Certificate, error) { return x509.ParseCertificate(c.Certificate) }

// State is one word for lists: "ok", "expired", "revoked", "not-enabled", "dead", "blocked". A card from before the clock could be moved
// may not be valid yet at the date that it is moved to: outside its dates it is as an expired one.
func (c *Card) State(now time.Time) string {
	cert, err := c.X509()
	switch {
	case c.Revoked:
		return people.CardRevoked
	case err != nil || now.After(cert.NotAfter) || now.Before(cert.NotBefore):
		return people.CardExpired
	case c.NotEnabled:
		return people.CardNotEnabled
	case c.Dead():
		return "dead"
	case c.Blocked():
		return people.CardBlocked
	}
	return people.CardOK
}

// issuedAs is the state in which the person is given a card of a kind, "" when there is none.
func (u *User) issuedAs(kind CardKind) string {
	return map[CardKind]string{TokenCard: u.Card, CIECard: u.CIE, CNSCard: u.CNS}[kind]
}

// giveCards issues the cards of a person. An existing one stays.
func (f *Federation) giveCards(ctx context.Context, u *User) error {
	for _, kind := range cardKinds {
		if err := f.giveCard(ctx, u, kind); err != nil {
			return err
		}
	}
	return nil
}

func (f *Federation) giveCard(ctx context.Context, u *User, kind CardKind) error {
	if u.issuedAs(kind) == "" || kind == CNSCard && f.cfg.CNSCA.Cert == nil {
		return nil
	}
	if _, err := f.CardOf(ctx, u.Username, kind); err == nil {
		return nil
	}
	c, err := f.newCard(u, kind)
	if err != nil {
		return err
	}
	return f.cards.Create(ctx, c.ID, c, time.Time{})
}

// ReissueCard takes a card away from a person and issues the one that the record speaks of now, if any.
func (f *Federation) ReissueCard(ctx context.Context, u *User, kind CardKind) error {
	return f.store.Atomic(ctx, func(ctx context.Context) error {
		if err := f.dropCard(ctx, u.Username, kind); err != nil {
			return err
		}
		return f.giveCard(ctx, u, kind)
	})
}

func (f *Federation) dropCard(ctx context.Context, username string, kind CardKind) error {
	c, err := f.CardOf(ctx, username, kind)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.cards.Delete(ctx, c.ID)
}

func (f *Federation) newCard(u *User, kind CardKind) (*Card, error) {
	state := u.issuedAs(kind)
	c := &Card{
		ID: f.digits(12), Kind: kind, Username: u.Username, Holder: u.GivenName + " " + u.FamilyName,
		PIN: testPIN, PUK: testPUK, PINTries: pinTries, PUKTries: pukTries,
		Inserted: !f.cfg.CardsStayInPut, Revoked: state == people.CardRevoked, NotEnabled: state == people.CardNotEnabled,
	}
	if state == people.CardBlocked {
		c.PINTries = 0
	}
	issue, ca := certs.NewCard, f.cfg.CardCA
	if kind == CNSCard {
		issue, ca = certs.NewCNS, f.cfg.CNSCA
	}
	from, until := cardDates(kind, state, f.now())
	key, der, err := issue(f.cfg.Rand, ca, certs.CardSubject{
		Serial: c.ID, GivenName: u.GivenName, FamilyName: u.FamilyName, FiscalCode: string(u.FiscalCode),
	}, from, until)
	if err != nil {
		return nil, fmt.Errorf("card of %s: %w", u.Username, err)
	}
	c.Certificate = der
	if c.Key, err = x509.MarshalPKCS8PrivateKey(key); err != nil {
		return nil, fmt.Errorf("card of %s: %w", u.Username, err)
	}
	return c, nil
}

// cardDates is the validity of a card by the state in which it is issued. It spans every date that lessons are set in, so that the
// same card works, or has expired, wherever the clock is moved (ONB-02, CNS-02).
func cardDates(kind CardKind, state string, now time.Time) (from, until time.Time) {
	first, last := time.Date(2016, time.January, 1, 0, 0, 0, 0, time.UTC), time.Date(2036, time.January, 1, 0, 0, 0, 0, time.UTC)
	if state == people.CardExpired {
		return first.AddDate(-cardYears[kind], 0, 0), first
	}
	if long := now.AddDate(cardYears[kind], 0, 0); long.After(last) {
		last = long
	}
	return first, last
}

// Cards returns all cards of all kinds, by holder.
func (f *Federation) Cards(ctx context.Context) ([]*Card, error) {
	var all []*Card
	for c, err := range f.cards.Newest(ctx, 0) {
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *Card) int {
		return cmp.Or(strings.Compare(a.Username, b.Username), cmp.Compare(a.Kind, b.Kind))
	})
	return all, nil
}

// CardOf returns the card of a kind that a person has, or store.ErrNotFound.
func (f *Federation) CardOf(ctx context.Context, username string, kind CardKind) (*Card, error) {
	return f.cards.Find(ctx, "user", holderKey(normalUsername(username), kind))
}

// FindCard finds a card by its number or by its holder's user name, or store.ErrNotFound. A name finds the token of level 3 first,
// then the CIE, then the CNS.
func (f *Federation) FindCard(ctx context.Context, numberOrUser string) (c *Card, err error) {
	c, err = f.cards.Get(ctx, strings.ReplaceAll(numberOrUser, " ", ""))
	for _, kind := range cardKinds {
		if !errors.Is(err, store.ErrNotFound) {
			break
		}
		c, err = f.CardOf(ctx, numberOrUser, kind)
	}
	return c, err
}

// InsertCard puts a card into its holder's reader, or takes it out.
func (f *Federation) InsertCard(ctx context.Context, id string, in bool) (*Card, error) {
	return f.cards.Update(ctx, id, func(c *Card) error { c.Inserted = in; return nil })
}

// RevokeCard puts a card on the list of revoked ones, or takes it off.
func (f *Federation) RevokeCard(ctx context.Context, id string, revoked bool) (*Card, error) {
	return f.cards.Update(ctx, id, func(c *Card) error { c.Revoked = revoked; return nil })
}

// UnblockCard sets a new PIN with the PUK. Wrong PUKs are counted; three make the card dead.
func (f *Federation) UnblockCard(ctx context.Context, id, puk, newPIN string) (*Card, error) {
	if !validPIN.MatchString(newPIN) {
		return nil, &Retry{Reason: BadNewPIN}
	}
	var retry error
	c, err := f.cards.Update(ctx, id, func(c *Card) error {
		retry = nil
		switch {
		case c.NotEnabled:
			retry = &Retry{Reason: NotEnabledCard}
		case c.Dead():
			retry = &Retry{Reason: DeadCard}
		case subtle.ConstantTimeCompare([]byte(c.PUK), []byte(puk)) != 1:
			c.PUKTries--
			retry = &Retry{Reason: WrongPUK, Left: c.PUKTries}
			if c.Dead() {
				retry = &Retry{Reason: DeadCard}
			}
		default:
			c.PIN, c.PINTries, c.PUKTries = newPIN, pinTries, pukTries
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return c, retry
}

var validPIN = regexp.MustCompile(`^[0-9]{8}$`)

// SignWithCard has the card sign a challenge after the right PIN: the whole of what the token does (SEC-57).
func (f *Federation) SignWithCard(ctx context.Context, id, pin string, ch certs.Challenge) (signature []byte, err error) {
	var retry error
	c, err := f.cards.Update(ctx, id, func(c *Card) error {
		retry = c.enterPIN(pin)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if retry != nil {
		return nil, retry
	}
	key, err := x509.ParsePKCS8PrivateKey(c.Key)
	if err != nil {
		return nil, fmt.Errorf("key of card %s: %w", c.ID, err)
	}
	return certs.SignChallenge(key, ch)
}

func (c *Card) enterPIN(pin string) error {
	switch {
	case c.NotEnabled:
		return &Retry{Reason: NotEnabledCard}
	case c.Dead():
		return &Retry{Reason: DeadCard}
	case c.Blocked():
		return &Retry{Reason: BlockedCard, Left: c.PUKTries}
	case subtle.ConstantTimeCompare([]byte(c.PIN), []byte(pin)) == 1:
		c.PINTries = pinTries
		return nil
	}
	c.PINTries--
	if c.Blocked() {
		return &Retry{Reason: BlockedCard, Left: c.PUKTries}
	}
	return &Retry{Reason: WrongPIN, Left: c.PINTries}
}
