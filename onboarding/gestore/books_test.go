package gestore_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/onboarding"
	"spidsim/spid"
)

// books are the gestori's books of a test: identities in memory, by gestore and user name.
type books struct {
	mu     sync.Mutex
	people []people.Person
	list   []*onboarding.Identity
	opened map[string]onboarding.Account // by enrolment
}

func newBooks(t *testing.T) *books {
	t.Helper()
	all, err := people.All()
	if err != nil {
		t.Fatal(err)
	}
	b := &books{people: all, opened: map[string]onboarding.Account{}}
	for i := range all {
		if all[i].Username == "ortensia.quirzoldi" {
			all[i].Owns = nil // who owns everything can walk every way
		}
		for _, slug := range all[i].IdPs {
			b.list = append(b.list, identity(all[i], slug, all[i].Username, all[i].Levels, all[i].SecondFactors))
		}
	}
	return b
}

func identity(p people.Person, slug, username string, levels []int, factors []string) *onboarding.Identity {
	status := onboarding.IdentityStatus(p.Status)
	if status == "" {
		status = onboarding.IdentityActive
	}
	return &onboarding.Identity{FiscalCode: p.FiscalCode, Slug: slug, Username: username, SPIDCode: "TEST" + strings.ToUpper(slug), Status: status, Levels: levels, Factors: factors,
		Email: p.Email, Mobile: p.Mobile, Name: p.Name(), IDCard: p.IDCard, TOTPURL: "otpauth://totp/x:" + username + "?secret=JBSWY3DPEHPK3PXP"}
}

func (b *books) People(context.Context) ([]people.Person, error) { return b.people, nil }

func (b *books) Open(_ context.Context, a onboarding.Account) (onboarding.Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened[a.Enrolment] = a
	i := identity(a.Person, a.Slug, a.Username, a.Levels, a.Factors)
	b.list = append(b.list, i)
	return *i, nil
}

func (b *books) Taken(_ context.Context, username string) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(b.list, func(i *onboarding.Identity) bool { return i.Username == username }), nil
}

func (b *books) Identities(_ context.Context, code spid.FiscalCode) ([]onboarding.Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []onboarding.Identity
	for _, i := range b.list {
		if i.FiscalCode == code {
			out = append(out, *i)
		}
	}
	return out, nil
}

func (b *books) Change(_ context.Context, username, slug string, c onboarding.IdentityChange) (onboarding.Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, i := range b.list {
		if i.Username != username || i.Slug != slug {
			continue
		}
		set(&i.Status, c.Status)
		set(&i.Cause, c.Cause)
		set(&i.Until, c.Until)
		set(&i.Levels, c.Levels)
		set(&i.Factors, c.Factors)
		set(&i.Email, c.Email)
		set(&i.Mobile, c.Mobile)
		set(&i.NotifyUse, c.NotifyUse)
		return *i, nil
	}
	return onboarding.Identity{}, store.ErrNotFound
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func (b *books) Accesses(context.Context, string, string, int) ([]onboarding.Access, error) {
	return []onboarding.Access{{At: time.Date(2020, 10, 14, 8, 0, 0, 0, time.UTC), Service: "Comune di prova", Level: 2, Outcome: "ok"}}, nil
}

// door lets everybody in whose password is "prova", and takes the code 123456.
type door struct{ *books }

func (d door) Password(ctx context.Context, slug, username, password string) error {
	if _, err := d.Change(ctx, username, slug, onboarding.IdentityChange{}); err != nil || password != "prova" {
		return onboarding.Deny(onboarding.RecoveryWrong).At("password")
	}
	return nil
}

func (d door) SendCode(context.Context, string, string) error { return nil }

func (d door) Code(_ context.Context, _, _, code string) error {
	if code != "123456" {
		return onboarding.Deny(onboarding.ContactWrong).At("code")
	}
	return nil
}
