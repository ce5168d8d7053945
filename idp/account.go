package idp

import (
	"cmp"
	"context"
	"time"

	"spidsim/internal/people"
	"spidsim/spid"
)

// account is what a person holds at an identity provider.
type account struct {
	blocked string // why it may not log in at all, for the journal; "" = it may
	levels  []int
	factors []string // in the order offered
	kind    spid.IdentityType
}

// account looks up what the person holds here: an identity of SPID, or what comes with the CIE.
func (p *IdP) account(ctx context.Context, u *User) (account, error) {
	if p.Kind == KindCIE {
		return p.cieAccount(ctx, u)
	}
	a := account{levels: u.Levels, factors: p.factors(u), kind: u.identityType()}
	if s := u.StateAt(p.Slug, p.now()); s.Status != people.Active {
		a.blocked = "identity " + s.Status
	}
	return a, nil
}

// factors lists the second factors that the person has here.
func (p *IdP) factors(u *User) []string {
	if p.Kind == KindCIE {
		return cieFactors(u)
	}
	return u.SecondFactors
}

// checkAccount applies the state of the account, in the order 23, 20, 30 (STM-01).
func (p *IdP) checkAccount(l *Login, a account, now time.Time) {
	if a.blocked != "" {
		l.end(now, spid.IdentityBlocked, a.blocked)
		return
	}
	performed, ok := l.Request.level(a.levels)
	if !ok || performed == spid.L2 && len(a.factors) == 0 {
		l.end(now, spid.LevelNotHeld, "no credentials of the level asked for")
		return
	}
	if !l.Request.Purpose.Accepts(a.kind) {
		l.end(now, spid.WrongIdentityType, "identity of another type than the service asks for")
		return
	}
	l.Performed = performed
	if len(a.factors) > 0 {
		l.Factor = a.factors[0]
	} else {
		l.SecondFactor = true // a card alone is two factors: object and PIN (LVL-03)
	}
	p.readyCard(l, now)
}

// identityType is that of a natural person when the record says nothing.
func (u *User) identityType() spid.IdentityType { return cmp.Or(u.IdentityType, spid.NaturalPerson) }
