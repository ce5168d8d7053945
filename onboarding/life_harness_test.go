package onboarding_test

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
	"spidsim/onboarding"
	"spidsim/spid"
)

// lifeBooks are the gestori's books in memory, for tests of the engine: what the program keeps in package idp.
type lifeBooks struct {
	mu        sync.Mutex
	now       func() time.Time
	people    []people.Person
	all       map[[2]string]onboarding.Identity // by user name and slug
	passwords map[string]string
	opened    map[string]onboarding.Account // by enrolment
	accesses  []onboarding.Access
}

func newLifeBooks(t *testing.T, now func() time.Time) *lifeBooks {
	t.Helper()
	list, err := people.All()
	if err != nil {
		t.Fatal(err)
	}
	b := &lifeBooks{now: now, people: list, all: map[[2]string]onboarding.Identity{}, passwords: map[string]string{}, opened: map[string]onboarding.Account{}}
	for _, p := range list {
		for _, slug := range p.IdPs {
			b.hold(p, slug, p.Levels, p.SecondFactors)
		}
	}
	return b
}

// hold gives a person an identity at a gestore.
func (b *lifeBooks) hold(p people.Person, slug string, levels []int, factors []string) onboarding.Identity {
	i := onboarding.Identity{FiscalCode: p.FiscalCode, Slug: slug, Username: p.Username, SPIDCode: "TEST" + slug, Status: onboarding.IdentityStatus(p.Status),
		Levels: levels, Factors: factors, Email: p.Email, Mobile: p.Mobile, Name: p.Name(), IDCard: p.IDCard}
	if i.Status == "" {
		i.Status = onboarding.IdentityActive
	}
	b.all[[2]string{p.Username, slug}] = i
	return i
}

func (b *lifeBooks) person(t *testing.T, username string) people.Person {
	t.Helper()
	for _, p := range b.people {
		if p.Username == username {
			return p
		}
	}
	t.Fatalf("no person %s", username)
	return people.Person{}
}

func (b *lifeBooks) People(context.Context) ([]people.Person, error) { return b.people, nil }

func (b *lifeBooks) Taken(_ context.Context, username string) (bool, error) {
	for k := range b.all {
		if k[0] == username {
			return true, nil
		}
	}
	return slices.ContainsFunc(b.people, func(p people.Person) bool { return p.Username == username }), nil
}

func (b *lifeBooks) Open(_ context.Context, a onboarding.Account) (onboarding.Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened[a.Enrolment] = a
	p := a.Person
	p.Username = a.Username
	i := b.hold(p, a.Slug, a.Levels, a.Factors)
	i.Opened = a.Opened
	b.all[[2]string{a.Username, a.Slug}] = i
	return i, nil
}

func (b *lifeBooks) Identities(_ context.Context, code spid.FiscalCode) ([]onboarding.Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []onboarding.Identity
	for _, i := range b.all {
		if i.FiscalCode == code {
			out = append(out, b.asOf(i))
		}
	}
	return out, nil
}

// asOf lets a suspension end with its time.
func (b *lifeBooks) asOf(i onboarding.Identity) onboarding.Identity {
	if !i.Until.IsZero() && !b.now().Before(i.Until) {
		i.Status, i.Cause, i.Until = onboarding.IdentityActive, "", time.Time{}
	}
	return i
}

func (b *lifeBooks) Change(_ context.Context, username, slug string, c onboarding.IdentityChange) (onboarding.Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := [2]string{username, slug}
	i, ok := b.all[key]
	if !ok {
		return i, store.ErrNotFound
	}
	i = b.asOf(i)
	if c == (onboarding.IdentityChange{}) {
		return i, nil
	}
	if i.Status == onboarding.IdentityRevoked {
		return i, onboarding.Deny(onboarding.IdentityEnded)
	}
	set(c.Status, &i.Status)
	set(c.Cause, &i.Cause)
	set(c.Until, &i.Until)
	set(c.Levels, &i.Levels)
	set(c.Factors, &i.Factors)
	set(c.Email, &i.Email)
	set(c.Mobile, &i.Mobile)
	set(c.NotifyUse, &i.NotifyUse)
	if c.Password != nil {
		b.passwords[username] = *c.Password
	}
	b.all[key] = i
	return i, nil
}

func set[T any](from *T, to *T) {
	if from != nil {
		*to = *from
	}
}

func (b *lifeBooks) Accesses(_ context.Context, _, _ string, limit int) ([]onboarding.Access, error) {
	return b.accesses[:min(limit, len(b.accesses))], nil
}

// lifeWorld is an office with its books, its outbox and a clock that a test moves.
type lifeWorld struct {
	*onboarding.Office
	t     *testing.T
	ctx   context.Context
	clock *clock.Clock
	books *lifeBooks
	box   *outbox.Outbox
}

// newLifeWorld opens an office at noon of a day.
func newLifeWorld(t *testing.T, day string) *lifeWorld {
	t.Helper()
	w := &lifeWorld{t: t, ctx: t.Context(), clock: clock.New()}
	w.on(day)
	db, err := sqlite.Open(w.ctx, "memory:", w.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w.books, w.box = newLifeBooks(t, w.clock.Now), outbox.New(db, w.clock.Now, rand.Text)
	var gestori []onboarding.Provider
	for _, slug := range []string{"prova", "poste", "aruba", "sielte"} {
		gestori = append(gestori, onboarding.Describe(slug, slug))
	}
	w.Office, err = onboarding.New(onboarding.Config{Store: db, Outbox: w.box, Registrar: w.books, Gestori: gestori, Now: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// on moves the clock to noon of a day in Italy.
func (w *lifeWorld) on(day string) {
	w.t.Helper()
	d, err := clock.ParseDay(day)
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock.Freeze(d.At(12, 0))
}

func (w *lifeWorld) later(d time.Duration) { w.clock.Freeze(w.clock.Now().Add(d)) }

// settle lets the clock do what is due.
func (w *lifeWorld) settle() {
	w.t.Helper()
	if err := w.Settle(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

func (w *lifeWorld) identity(username, slug string) onboarding.Identity {
	w.t.Helper()
	i, err := w.Identity(w.ctx, username, slug)
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

// holder is a person who logged in at a gestore with level 2.
func (w *lifeWorld) holder(username, slug string) onboarding.Holder {
	return onboarding.Holder{FiscalCode: w.books.person(w.t, username).FiscalCode, Slug: slug, Level: 2}
}

// messages are those to somebody, newest first.
func (w *lifeWorld) messages(username string) []*outbox.Message {
	w.t.Helper()
	list, err := w.box.List(w.ctx, outbox.Filter{User: username}, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// subject is that of the newest e-mail to somebody.
func (w *lifeWorld) subject(username string) string {
	for _, m := range w.messages(username) {
		if m.Channel == outbox.Email {
			return m.Subject
		}
	}
	return ""
}

// code is the newest one that went to somebody by a channel.
func (w *lifeWorld) code(username, channel string) string {
	w.t.Helper()
	for _, m := range w.messages(username) {
		if m.Channel == channel && m.Code != "" {
			return m.Code
		}
	}
	w.t.Fatalf("no code for %s by %s", username, channel)
	return ""
}

// wantDenied checks that something was refused with a code and a rule.
func wantDenied(t *testing.T, err error, code onboarding.Code, rule string) {
	t.Helper()
	var d *onboarding.Denied
	if !errors.As(err, &d) || d.Code != code || rule != "" && d.Rule != rule {
		t.Errorf("got %v, want %s (%s)", err, code, rule)
	}
}

func wantNone(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var operator = onboarding.Holder{Operator: true}
