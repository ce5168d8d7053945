package regia

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/onboarding"
	"spidsim/spid"
)

// books are the gestori's books of a test: accounts in memory, by username.
type books struct {
	mu       sync.Mutex
	people   []people.Person
	accounts map[string]onboarding.Account
}

func newBooks(t *testing.T) *books {
	t.Helper()
	all, err := people.All()
	if err != nil {
		t.Fatal(err)
	}
	return &books{people: all, accounts: map[string]onboarding.Account{}}
}

func (b *books) People(context.Context) ([]people.Person, error) { return b.people, nil }

func identity(a onboarding.Account) onboarding.Identity {
	return onboarding.Identity{FiscalCode: a.Person.FiscalCode, Slug: a.Slug, Username: a.Username, SPIDCode: "TEST" + strings.ToUpper(a.Slug), Status: onboarding.IdentityActive, Levels: a.Levels}
}

func (b *books) Open(_ context.Context, a onboarding.Account) (onboarding.Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.accounts[a.Username] = a
	return identity(a), nil
}

func (b *books) Taken(_ context.Context, username string) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, taken := b.accounts[username]
	return taken || slices.ContainsFunc(b.people, func(p people.Person) bool { return p.Username == username }), nil
}

func (b *books) Identities(_ context.Context, code spid.FiscalCode) ([]onboarding.Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []onboarding.Identity
	for _, p := range b.people {
		for _, slug := range p.IdPs {
			if p.FiscalCode == code {
				out = append(out, onboarding.Identity{FiscalCode: code, Slug: slug, Username: p.Username, Status: onboarding.IdentityStatus(p.Status), Levels: p.Levels, Factors: p.SecondFactors})
			}
		}
	}
	for _, a := range b.accounts {
		if a.Person.FiscalCode == code {
			out = append(out, identity(a))
		}
	}
	return out, nil
}

func (b *books) Change(context.Context, string, string, onboarding.IdentityChange) (onboarding.Identity, error) {
	return onboarding.Identity{}, store.ErrNotFound
}

func (b *books) Accesses(context.Context, string, string, int) ([]onboarding.Access, error) {
	return nil, nil
}

// forget closes the accounts of a person.
func (b *books) forget(_ context.Context, code spid.FiscalCode) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, a := range b.accounts {
		if a.Person.FiscalCode == code {
			delete(b.accounts, name)
		}
	}
	return nil
}

// openGate is a wire without signatures: forms carry the data as they are. The real one is tested in package handoff.
type openGate struct {
	mu   sync.Mutex
	sent map[string]sent
}

type sent struct {
	slug, relay string
	data        onboarding.HandedOver
	at          time.Time
}

func (g *openGate) Send(slug string, data onboarding.HandedOver, relay string, now time.Time) (onboarding.Parcel, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	id := "_m" + strconv.Itoa(len(g.sent)+1)
	g.sent[id] = sent{slug, relay, data, now}
	return onboarding.Parcel{MessageID: id, Action: "http://localhost:8088/idp/" + slug + "/consegna", Param: "SAMLResponse", Message: id, RelayState: relay}, nil
}

func (g *openGate) Receive(slug string, form url.Values, now time.Time, maxAge time.Duration) (onboarding.Delivery, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m, ok := g.sent[form.Get("SAMLResponse")]
	switch {
	case !ok || m.slug != slug:
		return onboarding.Delivery{}, errors.New("no such message")
	case now.Sub(m.at) > maxAge:
		return onboarding.Delivery{}, onboarding.Deny(onboarding.HandoffStale)
	}
	return onboarding.Delivery{MessageID: form.Get("SAMLResponse"), RelayState: m.relay, Data: m.data}, nil
}

func (g *openGate) Answer(slug, messageID, relay string, a onboarding.Answer, _ time.Time) (onboarding.Parcel, error) {
	return onboarding.Parcel{MessageID: messageID, Param: "Result", Message: slug, RelayState: relay}, nil
}

func (g *openGate) ReadAnswer(url.Values, bool, time.Time) (onboarding.Outcome, error) {
	return onboarding.Outcome{}, errors.New("nothing is answered here")
}
