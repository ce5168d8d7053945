package onboarding

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
	"spidsim/spid"
)

// registrar keeps the gestori's books of a test in maps.
type registrar struct {
	mu         sync.Mutex
	people     []people.Person
	identities map[string]Identity // by user name and slug
	opened     map[string]string   // key in identities by enrolment
	accesses   map[string][]Access
}

func newRegistrar(list []people.Person) *registrar {
	r := &registrar{people: list, identities: map[string]Identity{}, opened: map[string]string{}, accesses: map[string][]Access{}}
	for _, p := range list {
		for _, slug := range p.IdPs {
			r.identities[holding(p.Username, slug)] = Identity{FiscalCode: p.FiscalCode, Slug: slug, Username: p.Username, SPIDCode: "PROVA" + p.ID,
				Status: IdentityStatus(p.Status), Levels: p.Levels, Factors: p.SecondFactors, Email: p.Email, Mobile: p.Mobile}
		}
	}
	return r
}

func holding(username, slug string) string { return username + "@" + slug }

// People implements Registrar.
func (r *registrar) People(context.Context) ([]people.Person, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.people), nil
}

// Open implements Registrar.
func (r *registrar) Open(_ context.Context, a Account) (Identity, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if key, ok := r.opened[a.Enrolment]; ok {
		return r.identities[key], nil
	}
	key := holding(a.Username, a.Slug)
	r.opened[a.Enrolment] = key
	r.identities[key] = Identity{FiscalCode: a.Person.FiscalCode, Slug: a.Slug, Username: a.Username, SPIDCode: fmt.Sprintf("PROVA%08d", len(r.opened)),
		Status: IdentityActive, Levels: a.Levels, Factors: a.Factors, Email: a.Person.Email, Mobile: a.Person.Mobile, Opened: a.Opened}
	return r.identities[key], nil
}

// Taken implements Registrar.
func (r *registrar) Taken(_ context.Context, username string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, i := range r.identities {
		if i.Username == username {
			return true, nil
		}
	}
	return slices.ContainsFunc(r.people, func(p people.Person) bool { return p.Username == username }), nil
}

// Identities implements Registrar.
func (r *registrar) Identities(_ context.Context, code spid.FiscalCode) ([]Identity, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var held []Identity
	for _, i := range r.identities {
		if i.FiscalCode == code {
			held = append(held, i)
		}
	}
	slices.SortFunc(held, func(a, b Identity) int { return strings.Compare(a.Slug, b.Slug) })
	return held, nil
}

// Change implements Registrar.
func (r *registrar) Change(_ context.Context, username, slug string, c IdentityChange) (Identity, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := holding(username, slug)
	i, ok := r.identities[key]
	if !ok {
		return i, store.ErrNotFound
	}
	set(&i.Status, c.Status)
	set(&i.Cause, c.Cause)
	set(&i.Until, c.Until)
	set(&i.Levels, c.Levels)
	set(&i.Factors, c.Factors)
	set(&i.Email, c.Email)
	set(&i.Mobile, c.Mobile)
	r.identities[key] = i
	return i, nil
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// Accesses implements Registrar.
func (r *registrar) Accesses(_ context.Context, username, slug string, limit int) ([]Access, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.accesses[holding(username, slug)]
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return slices.Clone(list), nil
}

// newOffice makes an office over a store in memory, with the test people, at a stopped clock. opts change the configuration.
func newOffice(t testing.TB, at time.Time, opts ...func(*Config)) (*Office, *clock.Clock) {
	t.Helper()
	c := clock.Fixed(at)
	db, err := sqlite.Open(t.Context(), "memory:", c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("closing the store: %v", err)
		}
	})
	list, err := people.All()
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	sent := 0
	cfg := Config{Store: db, Registrar: newRegistrar(list), Now: c.Now, Outbox: outbox.New(db, c.Now, func() string {
		mu.Lock()
		defer mu.Unlock()
		sent++
		return fmt.Sprintf("m%d", sent)
	})}
	for _, opt := range opts {
		opt(&cfg)
	}
	o, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	return o, c
}

// onDisk keeps the books in a file, where readers do not wait for who writes.
func onDisk(t testing.TB) func(*Config) {
	return func(cfg *Config) {
		t.Helper()
		db, err := sqlite.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "books.db"), cfg.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Errorf("closing the file: %v", err)
			}
		})
		cfg.Store, cfg.Outbox = db, outbox.New(db, cfg.Now, rand.Text)
	}
}

// withPeople changes the test people. It comes before whatever looks at the registrar.
func withPeople(change func(*people.Person)) func(*Config) {
	return func(cfg *Config) {
		list, _ := cfg.Registrar.People(context.Background())
		for i := range list {
			change(&list[i])
		}
		cfg.Registrar = newRegistrar(list)
	}
}

// rome reads "2021-09-30 23:59" as clocks in Italy show it.
func rome(t testing.TB, s string) time.Time {
	t.Helper()
	wall, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return clock.Date(wall.Date()).At(wall.Hour(), wall.Minute())
}

// day reads "2021-09-30".
func day(t testing.TB, s string) clock.Day {
	t.Helper()
	d, err := clock.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// reason is the code of a denial, "" without error, and the error itself when it is ours.
func reason(err error) string {
	var denied *Denied
	switch {
	case err == nil:
		return ""
	case errors.As(err, &denied):
		return string(denied.Code)
	}
	return err.Error()
}

// wantReason fails the test unless err denies with a code; want "" is no error.
func wantReason(t testing.TB, err error, want Code) {
	t.Helper()
	if got := reason(err); got != string(want) {
		t.Fatalf("got reason %q, want %q (%v)", got, want, err)
	}
}

// wantRule fails the test unless err denies with a code by a rule.
func wantRule(t testing.TB, err error, code Code, rule string) {
	t.Helper()
	wantReason(t, err, code)
	var denied *Denied
	if errors.As(err, &denied) && denied.Rule != rule {
		t.Errorf("denied by %s, want %s", denied.Rule, rule)
	}
}

// must ends the test on an error.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// inside is a visit of somebody who came with a means, at level 2 where it has levels.
func inside(t testing.TB, o *Office, who, means string) *Visit {
	t.Helper()
	return insideAt(t, o, who, means, 2)
}

func insideAt(t testing.TB, o *Office, who, means string, level int) *Visit {
	t.Helper()
	c := must[Citizen](t)(o.Citizen(t.Context(), who))
	_, v, err := o.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a := Arrival{Means: means, Level: level, FiscalCode: c.FiscalCode, Name: c.Name(), Session: o.NewSecret()}
	if means == "spid" {
		a.Gestore = "prova"
	}
	if means == "cns" {
		a.Level = 0
	}
	return must[*Visit](t)(o.Arrive(t.Context(), v, a))
}

// sentTo returns the messages to a person, newest first.
func sentTo(t testing.TB, o *Office, username string) []*outbox.Message {
	t.Helper()
	return must[[]*outbox.Message](t)(o.outbox.List(t.Context(), outbox.Filter{User: username}, 0))
}

// configure turns switches.
func configure(t testing.TB, o *Office, change func(*Settings)) {
	t.Helper()
	if _, err := o.Configure(t.Context(), change); err != nil {
		t.Fatal(err)
	}
}
