package onboarding

import (
	"context"
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

// books are the gestori's books of a test: accounts in memory, by username.
type books struct {
	mu       sync.Mutex
	people   []people.Person
	accounts map[string]Account
	status   map[string]IdentityStatus
}

func newBooks(t *testing.T) *books {
	t.Helper()
	all, err := people.All()
	if err != nil {
		t.Fatal(err)
	}
	return &books{people: all, accounts: map[string]Account{}, status: map[string]IdentityStatus{}}
}

func (b *books) People(context.Context) ([]people.Person, error) { return b.people, nil }

func (b *books) Open(_ context.Context, a Account) (Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, old := range b.accounts {
		if old.Enrolment == a.Enrolment {
			return b.identity(old), nil
		}
	}
	b.accounts[a.Username] = a
	return b.identity(a), nil
}

func (b *books) identity(a Account) Identity {
	status := b.status[a.Username]
	if status == "" {
		status = IdentityActive
	}
	return Identity{FiscalCode: a.Person.FiscalCode, Slug: a.Slug, Username: a.Username, SPIDCode: "TEST" + strings.ToUpper(a.Slug), Status: status, Levels: a.Levels, Factors: a.Factors}
}

func (b *books) Taken(_ context.Context, username string) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, taken := b.accounts[username]
	return taken || slices.ContainsFunc(b.people, func(p people.Person) bool { return p.Username == username }), nil
}

func (b *books) Identities(_ context.Context, code spid.FiscalCode) ([]Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []Identity
	for _, p := range b.people {
		if p.FiscalCode != code {
			continue
		}
		for _, slug := range p.IdPs {
			status := IdentityStatus(p.Status)
			if status == "" {
				status = IdentityActive
			}
			out = append(out, Identity{FiscalCode: code, Slug: slug, Username: p.Username, Status: status, Levels: p.Levels, Factors: p.SecondFactors})
		}
	}
	for _, a := range b.accounts {
		if a.Person.FiscalCode == code {
			out = append(out, b.identity(a))
		}
	}
	return out, nil
}

func (b *books) Change(_ context.Context, username, _ string, c IdentityChange) (Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.Status != nil {
		b.status[username] = *c.Status
	}
	a, ok := b.accounts[username]
	if !ok {
		return Identity{}, store.ErrNotFound
	}
	return b.identity(a), nil
}

func (b *books) Accesses(context.Context, string, string, int) ([]Access, error) { return nil, nil }

// bureau is an office with what stands around it.
type bureau struct {
	*Office
	t     *testing.T
	ctx   context.Context
	clock *clock.Clock
	books *books
	box   *outbox.Outbox
}

// at reads a moment in Italy, "2020-10-15 10:24".
func at(t *testing.T, s string) time.Time {
	t.Helper()
	wall, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return clock.Date(wall.Date()).At(wall.Hour(), wall.Minute())
}

func openBureau(t *testing.T, when string, gate Gate) *bureau {
	t.Helper()
	c := clock.Fixed(at(t, when))
	db, err := sqlite.Open(t.Context(), "memory:", c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	n := 0
	box := outbox.New(db, c.Now, func() string { n++; return "m" + time.Unix(int64(n), 0).UTC().Format("150405") })
	b := &bureau{t: t, ctx: t.Context(), clock: c, books: newBooks(t), box: box}
	gestori := []Provider{Describe("prova", "Gestore di prova"), Describe("poste", "Poste"), Describe("aruba", "Aruba"), Describe("lepida", "Lepida"), Describe("spiditalia", "SpidItalia")}
	b.Office, err = New(Config{Store: db, Outbox: box, Registrar: b.books, Gestori: gestori, Gate: gate, Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// must brings an event that has to succeed.
func (b *bureau) must(e *Enrolment, ev Event, in Input, want State) *Enrolment {
	b.t.Helper()
	e, err := b.Do(b.ctx, e.ID, ev, in)
	if err != nil {
		b.t.Fatalf("%s: %v", ev, err)
	}
	if e.State != want {
		b.t.Fatalf("%s leads to %s, want %s", ev, e.State, want)
	}
	return e
}

// refused brings an event that has to be denied with a code.
func (b *bureau) refused(e *Enrolment, ev Event, in Input, want Code) *Denied {
	b.t.Helper()
	_, err := b.Do(b.ctx, e.ID, ev, in)
	denied, ok := err.(*Denied)
	if !ok || denied.Code != want {
		b.t.Fatalf("%s: %v, want %s", ev, err, want)
	}
	return denied
}

// code reads the newest code that a person got by a channel.
func (b *bureau) code(user, channel string) string {
	b.t.Helper()
	list, err := b.box.List(b.ctx, outbox.Filter{User: user, Channel: channel}, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, m := range list {
		if m.Code != "" {
			return m.Code
		}
	}
	b.t.Fatalf("no code for %s by %s", user, channel)
	return ""
}

var ortensia = Input{Sex: "F", Born: "19/03/1943", BirthPlace: "Bologna", Street: "Via delle Prove 7", City: "Bologna", PostalCode: "40100", Nationality: "Italiana",
	Email: "ortensia.quirzoldi@personas.example", Mobile: "+39 399 000 0001"}

var paper = Input{Document: CIE, Number: "ZZ00001ZZ", Issued: "2018-03-19", Expires: "2028-03-19", HealthCard: true}

// toHandoff walks P01 to N7.
func (b *bureau) toHandoff(slug string) *Enrolment {
	b.t.Helper()
	e, err := b.Start(b.ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	e = b.must(e, EvEnter, Input{}, AtMask)
	e = b.must(e, EvPINLogin, Input{FiscalCode: "QRZRNS43C59A944W", PIN: "PRVA2345"}, PINOK)
	e = b.must(e, EvContinue, Input{}, AtNotice)
	e = b.must(e, EvRequest, Input{}, AtGuide)
	b.refused(e, EvOpenList, Input{}, NoConsent)
	e = b.must(e, EvOpenList, Input{Consent: true}, AtList)
	return b.must(e, EvChoose, Input{IdP: slug}, AtHandoff)
}

// toModes walks P01 to R4 at a gestore.
func (b *bureau) toModes(slug string) *Enrolment {
	b.t.Helper()
	e := b.toHandoff(slug)
	e, err := b.Carry(b.ctx, e.ID)
	if err != nil || e.State != AtForm {
		b.t.Fatalf("hand-off: %v, %+v", err, e)
	}
	e = b.must(e, EvSave, ortensia, AtContacts)
	e = b.must(e, EvMail, Input{Code: b.code("ortensia.quirzoldi", outbox.Email)}, AtContacts)
	e = b.must(e, EvPhone, Input{Code: b.code("ortensia.quirzoldi", outbox.SMS)}, AtPapers)
	return b.must(e, EvDocs, paper, AtModes)
}

// openGate is a wire without signatures: forms carry the data as they are. The real one is tested in package handoff and in the program.
type openGate struct {
	mu   sync.Mutex
	n    int
	sent map[string]openMessage
}

type openMessage struct {
	slug, relay string
	data        HandedOver
	at          time.Time
}

func newGate() *openGate { return &openGate{sent: map[string]openMessage{}} }

func (g *openGate) Send(slug string, data HandedOver, relay string, now time.Time) (Parcel, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n++
	id := "_m" + time.Unix(int64(g.n), 0).UTC().Format("150405")
	g.sent[id] = openMessage{slug, relay, data, now}
	return Parcel{MessageID: id, Action: "http://gestore.example/" + slug, Param: "SAMLResponse", Message: id, RelayState: relay}, nil
}

func (g *openGate) Receive(slug string, form urlValues, now time.Time, maxAge time.Duration) (Delivery, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m, ok := g.sent[form.Get("SAMLResponse")]
	switch {
	case !ok || m.slug != slug:
		return Delivery{}, ErrNoGate
	case now.Sub(m.at) > maxAge:
		return Delivery{}, Deny(HandoffStale)
	}
	return Delivery{MessageID: form.Get("SAMLResponse"), RelayState: m.relay, Data: m.data}, nil
}

func (g *openGate) Answer(slug, messageID, relay string, a Answer, _ time.Time) (Parcel, error) {
	return Parcel{MessageID: messageID, Action: "http://portal.example/", Param: "Result", Message: slug + " " + messageID + " " + itoa(a.Code), RelayState: relay}, nil
}

func (g *openGate) ReadAnswer(form urlValues, _ bool, _ time.Time) (Outcome, error) {
	parts := strings.Fields(form.Get("Result"))
	return Outcome{Slug: parts[0], MessageID: parts[1], Code: atoi(parts[2])}, nil
}
