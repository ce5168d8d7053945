package idp

import (
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
	"spidsim/internal/store"
	"spidsim/spid"
)

const (
	pinTries  = 3 // wrong PINs before the card blocks itself
	pukTries  = 3 // wrong PUKs before it is dead
	cardYears = 5
	testPIN   = "12345678" // public test data, shown on the pages (D-05)
	testPUK   = "87654321"
)

// Card is the simulated physical token of level 3: key and certificate on a card with a PIN (LVL-03, D-20). The card
// signs only after the right PIN, and only what a gestore asks.
type Card struct {
	ID          string // number printed on the card: twelve digits
	Username    string // holder
	Holder      string // name as printed
	Certificate []byte // DER, issued by the federation's authority for cards
	Key         []byte // PKCS #8; what on a real card never leaves the chip
	PIN, PUK    string
	PINTries    int // left
	PUKTries    int // left
	Inserted    bool
	Revoked     bool
}

func cardKeys(c *Card) map[string]string { return map[string]string{"user": c.Username} }

// Blocked reports whether the PIN has been used up; a PUK still helps unless Dead.
func (c *Card) Blocked() bool { return c.PINTries <= 0 }

// Dead reports whether the PUK has been used up as well.
func (c *Card) Dead() bool { return c.PUKTries <= 0 }

// X509 parses the certificate.
func (c *Card) X509() (*x509.Certificate, error) { return x509.ParseCertificate(c.Certificate) }

// State is one word for lists: "ok", "expired", "revoked", "blocked", "dead". A card from before the clock could be moved may not be
// valid yet at the date that it is moved to: outside its dates it is as an expired one.
func (c *Card) State(now time.Time) string {
	cert, err := c.X509()
	switch {
	case c.Revoked:
		return "revoked"
	case err != nil || now.After(cert.NotAfter) || now.Before(cert.NotBefore):
		return "expired"
	case c.Dead():
		return "dead"
	case c.Blocked():
		return "blocked"
	}
	return "ok"
}

// giveCard issues the card of a person who has one. An existing card stays.
func (f *Federation) giveCard(ctx context.Context, u *User) error {
	if u.Card == "" {
		return nil
	}
	if _, err := f.cards.Find(ctx, "user", u.Username); err == nil {
		return nil
	}
	c, err := f.newCard(u)
	if err != nil {
		return err
	}
	return f.cards.Create(ctx, c.ID, c, time.Time{})
}

func (f *Federation) newCard(u *User) (*Card, error) {
	from, until := cardDates(u.Card, f.now())
	c := &Card{
		ID: f.digits(12), Username: u.Username, Holder: u.GivenName + " " + u.FamilyName,
		PIN: testPIN, PUK: testPUK, PINTries: pinTries, PUKTries: pukTries,
		Inserted: !f.cfg.CardsStayInPut, Revoked: u.Card == "revoked",
	}
	if u.Card == "blocked" {
		c.PINTries = 0
	}
	key, der, err := certs.NewCard(f.cfg.Rand, f.cfg.CardCA, certs.CardSubject{
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
// same card works, or has expired, wherever the clock is moved (ONB-02).
func cardDates(state string, now time.Time) (from, until time.Time) {
	first, last := time.Date(2016, time.January, 1, 0, 0, 0, 0, time.UTC), time.Date(2036, time.January, 1, 0, 0, 0, 0, time.UTC)
	if state == "expired" {
		return first.AddDate(-cardYears, 0, 0), first
	}
	if long := now.AddDate(cardYears, 0, 0); long.After(last) {
		last = long
	}
	return first, last
}

// Cards returns all cards, by number.
func (f *Federation) Cards(ctx context.Context) ([]*Card, error) {
	var all []*Card
	for c, err := range f.cards.Newest(ctx, 0) {
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *Card) int { return strings.Compare(a.Username, b.Username) })
	return all, nil
}

// FindCard finds a card by its number or by its holder's user name, or store.ErrNotFound.
func (f *Federation) FindCard(ctx context.Context, numberOrUser string) (*Card, error) {
	c, err := f.cards.Get(ctx, strings.ReplaceAll(numberOrUser, " ", ""))
	if errors.Is(err, store.ErrNotFound) {
		return f.cards.Find(ctx, "user", normalUsername(numberOrUser))
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

// readyCard draws the challenge when the card is what comes next.
func (p *IdP) readyCard(l *Login, now time.Time) {
	if l.Next(now) == StepCard {
		l.Nonce = p.nonce()
	}
}

func (p *IdP) nonce() []byte {
	var b [32]byte
	p.random(b[:])
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
	Own    *Card  // the person's; nil when there is none
	Reason Reason // why this card will not do; "" when a PIN is wanted
}

// Reader looks into the reader of a login.
func (p *IdP) Reader(ctx context.Context, l *Login) (*Reader, error) {
	own, err := p.cards.Find(ctx, "user", l.Username)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	r := &Reader{Own: own}
	switch {
	case l.CardInReader != "":
		if r.Card, err = p.cards.Get(ctx, l.CardInReader); err != nil {
			return nil, fmt.Errorf("card in the reader: %w", err)
		}
	case own != nil && own.Inserted:
		r.Card = own
	}
	r.Reason = r.Card.refusal(l.Username, p.now())
	return r, nil
}

// refusal says what a gestore reads off a card before it asks for the PIN. c may be nil: no card.
func (c *Card) refusal(username string, now time.Time) Reason {
	if c == nil {
		return NoCard
	}
	if c.Username != username {
		return OtherCard
	}
	return map[string]Reason{
		"revoked": RevokedCard, "expired": ExpiredCard, "dead": DeadCard, "blocked": BlockedCard,
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
		l.CardProved, l.AuthnInstant = true, now
		l.note(now, StepCard, "card "+reader.Card.ID+" proved")
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

// PutInReader changes what the reader of a login holds: "insert" and "remove" move the person's own card, "other" and
// "expired" put in a card of somebody else of that kind.
func (p *IdP) PutInReader(ctx context.Context, id, what string) (*Login, error) {
	l, err := p.logins.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	card := ""
	switch what {
	case "insert", "remove":
		own, err := p.cards.Find(ctx, "user", l.Username)
		if errors.Is(err, store.ErrNotFound) {
			return l, &Retry{Reason: NoCard}
		}
		if err != nil {
			return nil, err
		}
		if _, err := p.InsertCard(ctx, own.ID, what == "insert"); err != nil {
			return nil, err
		}
	default:
		if card, err = p.cardFor(ctx, l.Username, what); err != nil {
			return l, err
		}
	}
	return p.step(ctx, id, func(l *Login, now time.Time) error {
		l.CardInReader = card
		l.note(now, StepCard, "reader: "+what)
		return nil
	}, StepCard)
}

// cardFor picks a card for the reader: of another person and good ("other"), or expired or revoked.
func (p *IdP) cardFor(ctx context.Context, username, what string) (string, error) {
	want := what
	if what == "other" {
		want = "ok"
	}
	all, err := p.Cards(ctx)
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if c.Username != username && c.State(p.now()) == want {
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
		if reader.Own == nil || reader.Own.State(now) == "ok" {
			return &Retry{Reason: WrongStep}
		}
		l.end(now, spid.IdentityBlocked, "card "+reader.Own.State(now))
		return nil
	}, StepCard)
}
