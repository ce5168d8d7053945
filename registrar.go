package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"spidsim/idp"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/spid"
)

// registrar lets the onboarding keep its books in those of the simulated gestori.
type registrar struct {
	federation *idp.Federation
	now        func() time.Time
}

// People implements onboarding.Registrar.
func (r registrar) People(ctx context.Context) ([]people.Person, error) {
	all, err := r.federation.Users(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]people.Person, 0, len(all))
	for _, u := range all {
		if u.Source != idp.SourceOnboarding {
			list = append(list, u.Person)
		}
	}
	return list, nil
}

// Open implements onboarding.Registrar.
func (r registrar) Open(ctx context.Context, a onboarding.Account) (onboarding.Identity, error) {
	u, err := r.federation.OpenIdentity(ctx, idp.Opening{Enrolment: a.Enrolment, Slug: a.Slug, Username: a.Username, Password: a.Password, Person: a.Person,
		Levels: a.Levels, Factors: a.Factors, At: a.Opened})
	if errors.Is(err, idp.ErrTaken) {
		return onboarding.Identity{}, onboarding.Deny(onboarding.UsernameTaken).At("username")
	}
	if err != nil {
		return onboarding.Identity{}, busy(err)
	}
	return r.identity(u, a.Slug)
}

// Taken implements onboarding.Registrar.
func (r registrar) Taken(ctx context.Context, username string) (bool, error) {
	_, err := r.federation.FindUser(ctx, username)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Identities implements onboarding.Registrar.
func (r registrar) Identities(ctx context.Context, code spid.FiscalCode) ([]onboarding.Identity, error) {
	all, err := r.federation.Users(ctx)
	if err != nil {
		return nil, err
	}
	var list []onboarding.Identity
	for _, u := range all {
		if code == "" || u.FiscalCode != code {
			continue
		}
		for _, slug := range u.IdPs {
			i, err := r.identity(u, slug)
			if err != nil {
				return nil, err
			}
			list = append(list, i)
		}
	}
	return list, nil
}

// Change implements onboarding.Registrar.
func (r registrar) Change(ctx context.Context, username, slug string, c onboarding.IdentityChange) (onboarding.Identity, error) {
	u, err := r.federation.ChangeIdentity(ctx, username, slug, idp.IdentityChange{Status: (*string)(c.Status), Cause: c.Cause, Until: c.Until,
		NotifyUse: c.NotifyUse, Password: c.Password, Levels: c.Levels, Factors: c.Factors, Email: c.Email, Mobile: c.Mobile})
	if errors.Is(err, idp.ErrRevoked) {
		return onboarding.Identity{}, onboarding.Deny(onboarding.IdentityEnded).Because("%s at %s is revoked, which is final", username, slug)
	}
	if err != nil {
		return onboarding.Identity{}, busy(err)
	}
	return r.identity(u, slug)
}

// busy turns the one error that passes by itself into the answer "try again in a moment" (SEC-54).
func busy(err error) error {
	if errors.Is(err, idp.ErrHashing) {
		return &web.Error{Status: http.StatusServiceUnavailable, Retry: 2, Err: err, Problem: web.Problem{Code: "busy", Detail: idp.ErrHashing.Error(), Rule: "SEC-54"}}
	}
	return err
}

// Accesses implements onboarding.Registrar.
func (r registrar) Accesses(ctx context.Context, username, slug string, limit int) ([]onboarding.Access, error) {
	found, err := r.federation.Accesses(ctx, username, slug, limit)
	list := make([]onboarding.Access, 0, len(found))
	for _, a := range found {
		outcome := "ok"
		if a.Anomaly != 0 {
			outcome = fmt.Sprintf("nr%d", int(a.Anomaly))
		}
		list = append(list, onboarding.Access{At: a.At, Service: a.Service, Level: int(a.Level), Outcome: outcome})
	}
	return list, err
}

// identity is what the onboarding sees of a person's identity at a gestore, now.
func (r registrar) identity(u *idp.User, slug string) (onboarding.Identity, error) {
	s := u.StateAt(slug, r.now())
	u = u.At(slug)
	i := onboarding.Identity{FiscalCode: u.FiscalCode, Slug: slug, Username: u.Username, SPIDCode: idp.SPIDCode(slug, u.Username),
		Status: onboarding.IdentityStatus(s.Status), Cause: s.Cause, Until: s.Until, Levels: slices.Clone(u.Levels), Factors: slices.Clone(u.SecondFactors),
		Email: u.Email, Mobile: u.Mobile, Opened: u.Opened, LastUsed: s.LastUsed, Name: u.Name(), IDCard: u.IDCard, NotifyUse: s.NotifyUse}
	if i.Status == onboarding.IdentityLocked {
		i.Cause = cmp.Or(i.Cause, onboarding.CauseLock)
	}
	if !slices.Contains(u.SecondFactors, people.FactorTOTP) {
		return i, nil
	}
	var err error
	i.TOTPURL, err = u.OTPAuthURL()
	return i, err
}
