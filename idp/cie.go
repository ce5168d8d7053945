package idp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/saml"
	"spidsim/spid"
)

// CIESlug names the identity provider of the electronic identity card in addresses.
const CIESlug = "cie"

// CIE returns the identity provider "Entra con CIE", which no catalogue of gestori lists.
func CIE() Gestore { return Gestore{Slug: CIESlug, Name: "CIE id", Initials: "CI", Kind: KindCIE} }

// cieLevels are held by everybody whose card is enabled: password, password and code, card and PIN (CIE-08).
var cieLevels = []int{1, 2, 3}

// cieAttributes are all that the CIE ever releases, the minimum set of eIDAS (CIE-12).
var cieAttributes = []string{"name", "familyName", "dateOfBirth", "fiscalNumber"}

// cieFactors are those that come with the CIE's own credentials, whatever the person has at a gestore.
func cieFactors(u *User) []string {
	if u.Mobile == "" {
		return []string{people.FactorApp}
	}
	return []string{people.FactorSMS, people.FactorApp}
}

// cieAccount is what the CIE gives: all levels, unless the card is not enabled or no longer valid. A PIN that was used up blocks
// the card and not the credentials of levels 1 and 2.
func (p *IdP) cieAccount(ctx context.Context, u *User) (account, error) {
	a := account{levels: cieLevels, factors: cieFactors(u), kind: spid.NaturalPerson}
	c, err := p.CardOf(ctx, u.Username, CIECard)
	if errors.Is(err, store.ErrNotFound) {
		a.blocked = "no CIE"
		return a, nil
	}
	if err != nil {
		return a, err
	}
	switch state := c.State(p.now()); state {
	case people.CardExpired, people.CardRevoked, people.CardNotEnabled:
		a.blocked = "CIE " + state
	}
	return a, nil
}

// beginWithCard lets the card come first when level 3 is what will be performed: who has a CIE holds all levels, so that this
// is known before the person is (CIE-08).
func (p *IdP) beginWithCard(l *Login) {
	if level, ok := l.Request.level(cieLevels); p.Kind == KindCIE && ok && level == spid.L3 {
		l.Performed, l.CardFirst, l.Nonce = level, true, p.nonce()
	}
}

// readHolder takes the person from the card that has just proved itself. Card and PIN are two factors.
func (p *IdP) readHolder(l *Login, c *Card, now time.Time) {
	l.Username, l.SecondFactor = c.Username, true
	if !l.Request.Purpose.Accepts(spid.NaturalPerson) {
		l.end(now, spid.WrongIdentityType, "identity of another type than the service asks for")
	}
}

// cieFor picks the card for a reader that decides who logs in: none, one of another scheme, or that of a person.
func (p *IdP) cieFor(ctx context.Context, l *Login, what string) (string, error) {
	switch what {
	case "remove":
		return "", nil
	case "other":
		return p.foreignCard(ctx)
	}
	u, err := p.FindUser(ctx, what)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	if err != nil || u.OnlySP != "" && u.OnlySP != l.SP {
		return "", &Retry{Reason: NoHolder}
	}
	c, err := p.CardOf(ctx, u.Username, CIECard)
	if errors.Is(err, store.ErrNotFound) {
		return "", &Retry{Reason: NoHolder}
	}
	if err != nil {
		return "", err
	}
	return c.ID, nil
}

// foreignCard finds a card of another scheme, which this reader does not know.
func (p *IdP) foreignCard(ctx context.Context) (string, error) {
	all, err := p.Cards(ctx)
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if c.Kind != CIECard {
			return c.ID, nil
		}
	}
	return "", &Retry{Reason: NoHolder}
}

// values returns the attributes of the person as this identity provider knows them.
func (p *IdP) values(u *User) spid.Attributes {
	if p.Kind != KindCIE {
		return u.WireValues(p.Slug)
	}
	who := u.Person
	who.IdentityType = spid.NaturalPerson
	all, out := who.Attributes(""), spid.Attributes{}
	for _, name := range cieAttributes {
		if value := strings.TrimSpace(all[name]); value != "" {
			out[name] = value
		}
	}
	return out
}

// cieReleased is the minimum set, whatever was asked for, with dates as plain texts (CIE-12, CIE-13).
func (p *IdP) cieReleased(u *User) []saml.Attribute {
	var asked []saml.RequestedAttribute
	for _, name := range cieAttributes {
		asked = append(asked, saml.RequestedAttribute{Name: name})
	}
	list := spid.Release(asked, p.values(u))
	for i := range list {
		list[i].Type = "string"
	}
	return list
}

// released is what a login of that person hands over: the set asked for, at the CIE always the minimum set.
func (p *IdP) released(set saml.AttributeConsumingService, u *User) []saml.Attribute {
	if p.Kind == KindCIE {
		return p.cieReleased(u)
	}
	return spid.Release(set.Requested, p.values(u))
}

// plainIssuer takes away what Responses of the CIE do not have (CIE-06).
func (p *IdP) plainIssuer(r *saml.Response) *saml.Response {
	if p.Kind != KindCIE {
		return r
	}
	r.Issuer.Format = ""
	if r.Assertion != nil {
		r.Assertion.Issuer.Format = ""
	}
	return r
}

// CardHolder is a person whose card may be put into a reader.
type CardHolder struct {
	Username, Name string
	Card           string // its number
	State          string // of the card, as Card.State
}

// CIEHolders lists who has a CIE, those with a good one first.
func (f *Federation) CIEHolders(ctx context.Context) ([]CardHolder, error) {
	return f.holders(ctx, CIECard)
}

// holders lists who has a card of a kind, by state ("ok" first) and name.
func (f *Federation) holders(ctx context.Context, kind CardKind) ([]CardHolder, error) {
	all, err := f.Cards(ctx)
	if err != nil {
		return nil, fmt.Errorf("cards: %w", err)
	}
	var good, rest []CardHolder
	for _, c := range all {
		h := CardHolder{Username: c.Username, Name: c.Holder, Card: c.ID, State: c.State(f.now())}
		switch {
		case c.Kind != kind:
		case h.State == people.CardOK:
			good = append(good, h)
		default:
			rest = append(rest, h)
		}
	}
	return append(good, rest...), nil
}
