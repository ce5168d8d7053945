package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/spid"
)

// books are the gestori's books of a test, one identity for each user name and gestore.
type books struct {
	mu     sync.Mutex
	people []people.Person
	held   []onboarding.Identity
	opened map[string]string // user name by enrolment
}

func newBooks(t *testing.T) *books {
	t.Helper()
	all, err := people.All()
	if err != nil {
		t.Fatal(err)
	}
	b := &books{people: all, opened: map[string]string{}}
	for _, p := range all {
		for _, slug := range p.IdPs {
			b.held = append(b.held, onboarding.Identity{FiscalCode: p.FiscalCode, Slug: slug, Username: p.Username, Name: p.Name(), Levels: p.Levels, Factors: p.SecondFactors,
				Status: onboarding.IdentityStatus(orElse(p.Status, people.Active)), Email: p.Email, Mobile: p.Mobile, IDCard: p.IDCard})
		}
	}
	return b
}

func (b *books) People(context.Context) ([]people.Person, error) { return b.people, nil }

func (b *books) find(username, slug string) int {
	return slices.IndexFunc(b.held, func(i onboarding.Identity) bool { return i.Username == username && i.Slug == slug })
}

func (b *books) Open(_ context.Context, a onboarding.Account) (onboarding.Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if username, again := b.opened[a.Enrolment]; again {
		return b.held[b.find(username, a.Slug)], nil
	}
	b.opened[a.Enrolment] = a.Username
	i := onboarding.Identity{FiscalCode: a.Person.FiscalCode, Slug: a.Slug, Username: a.Username, SPIDCode: "TEST0000000001", Name: a.Person.Name(),
		Status: onboarding.IdentityActive, Levels: a.Levels, Factors: a.Factors, Email: a.Person.Email, Mobile: a.Person.Mobile, IDCard: a.Person.IDCard, Opened: a.Opened}
	b.held = append(b.held, i)
	return i, nil
}

func (b *books) Taken(_ context.Context, username string) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.ContainsFunc(b.held, func(i onboarding.Identity) bool { return i.Username == username }) ||
		slices.ContainsFunc(b.people, func(p people.Person) bool { return p.Username == username }), nil
}

func (b *books) Identities(_ context.Context, code spid.FiscalCode) ([]onboarding.Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.held), func(i onboarding.Identity) bool { return i.FiscalCode != code }), nil
}

func (b *books) Change(_ context.Context, username, slug string, c onboarding.IdentityChange) (onboarding.Identity, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.find(username, slug)
	if n < 0 {
		return onboarding.Identity{}, store.ErrNotFound
	}
	i := &b.held[n]
	put((*string)(&i.Status), (*string)(c.Status))
	put(&i.Cause, c.Cause)
	put(&i.Until, c.Until)
	put(&i.Levels, c.Levels)
	put(&i.Factors, c.Factors)
	put(&i.Email, c.Email)
	put(&i.Mobile, c.Mobile)
	put(&i.NotifyUse, c.NotifyUse)
	return *i, nil
}

func (b *books) Accesses(_ context.Context, username, slug string, _ int) ([]onboarding.Access, error) {
	return []onboarding.Access{{At: time.Date(2020, 10, 1, 8, 0, 0, 0, time.UTC), Service: username + " at " + slug, Level: 2, Outcome: "ok"}}, nil
}

// wire is a hand-off without signatures: messages name what was sent. The real one is tested in package handoff and in the program.
type wire struct {
	mu   sync.Mutex
	sent []onboarding.HandedOver
}

func (g *wire) Send(slug string, data onboarding.HandedOver, relay string, _ time.Time) (onboarding.Parcel, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sent = append(g.sent, data)
	id := "_" + strconv.Itoa(len(g.sent))
	return onboarding.Parcel{MessageID: id, Action: "http://gestore.example/" + slug, Param: "SAMLResponse", Message: id, RelayState: relay}, nil
}

func (g *wire) Receive(_ string, form url.Values, _ time.Time, _ time.Duration) (onboarding.Delivery, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	id := form.Get("SAMLResponse")
	n, err := strconv.Atoi(strings.TrimPrefix(id, "_"))
	if err != nil || n < 1 || n > len(g.sent) {
		return onboarding.Delivery{}, fmt.Errorf("no message %q", id)
	}
	return onboarding.Delivery{MessageID: id, RelayState: form.Get("RelayState"), Data: g.sent[n-1]}, nil
}

func (g *wire) Answer(slug, messageID, relay string, a onboarding.Answer, _ time.Time) (onboarding.Parcel, error) {
	return onboarding.Parcel{MessageID: messageID, Action: "http://portal.example/", Param: "Result", Message: slug + " " + messageID + " " + strconv.Itoa(a.Code), RelayState: relay}, nil
}

func (g *wire) ReadAnswer(form url.Values, _ bool, _ time.Time) (onboarding.Outcome, error) {
	parts := strings.Fields(form.Get("Result"))
	code, err := strconv.Atoi(parts[2])
	return onboarding.Outcome{Slug: parts[0], MessageID: parts[1], Code: code}, err
}

const base = "http://localhost:8088"

// desk is the API with what stands around it.
type desk struct {
	t      *testing.T
	clock  *clock.Clock
	office *onboarding.Office
	box    *outbox.Outbox
	web    http.Handler
}

// open makes a desk at a moment, "2020-10-15"; change may alter the configuration.
func open(t *testing.T, when string, change ...func(*Config)) *desk {
	t.Helper()
	return openWith(t, when, &wire{}, change...)
}

func openWith(t *testing.T, when string, gate onboarding.Gate, change ...func(*Config)) *desk {
	t.Helper()
	moment, err := clock.Parse(when)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, clock: clock.Fixed(moment)}
	db, err := sqlite.Open(t.Context(), "memory:", d.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	n := 0
	d.box = outbox.New(db, d.clock.Now, func() string { n++; return fmt.Sprintf("m%04d", n) })
	var gestori []onboarding.Provider
	for _, slug := range []string{"prova", "poste", "aruba", "lepida", "sielte"} {
		gestori = append(gestori, onboarding.Describe(slug, slug))
	}
	d.office, err = onboarding.New(onboarding.Config{Store: db, Outbox: d.box, Registrar: newBooks(t), Gestori: gestori, Gate: gate, Now: d.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.office.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	cfg := Config{Office: d.office, Deliver: d.deliver}
	for _, c := range change {
		c(&cfg)
	}
	r := mux.NewRouter().SkipClean(true)
	r.NotFoundHandler = web.NotFoundHandler()
	New(cfg).Routes(r)
	u, _ := url.Parse(base)
	if d.web, err = web.Handler(r, web.Options{BaseURL: u}); err != nil {
		t.Fatal(err)
	}
	return d
}

// deliver carries results from the gestori to the portal.
func (d *desk) deliver(ctx context.Context, id string) error {
	return d.office.DeliverResult(ctx, id, func(ctx context.Context, _ string, form url.Values, sync bool) error {
		_, _, err := d.office.TakeResult(ctx, form, sync)
		return err
	}, true)
}

func (d *desk) at(when string) {
	d.t.Helper()
	moment, err := clock.Parse(when)
	if err != nil {
		d.t.Fatal(err)
	}
	d.clock.Freeze(moment)
}

// send is one request from this machine.
func (d *desk) send(method, path, body string) *httptest.ResponseRecorder {
	d.t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequestWithContext(d.t.Context(), method, base+"/api/v1/"+path, in)
	r.RemoteAddr = "127.0.0.1:40000"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	d.web.ServeHTTP(w, r)
	return w
}

// call sends a request that has to answer with a status, and decodes the answer into v unless that is nil.
func (d *desk) call(status int, method, path, body string, v any) *httptest.ResponseRecorder {
	d.t.Helper()
	w := d.send(method, path, body)
	if w.Code != status {
		d.t.Fatalf("%s %s %s answers %d, want %d: %s", method, path, body, w.Code, status, w.Body)
	}
	if v == nil {
		return w
	}
	if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
		d.t.Fatalf("%s %s: no JSON: %v: %s", method, path, err, w.Body)
	}
	return w
}

// refused sends a request that a rule has to refuse with a code.
func (d *desk) refused(method, path, body string, code onboarding.Code) Denial {
	d.t.Helper()
	w := d.send(method, path, body)
	var p Denial
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Code != string(code) {
		d.t.Fatalf("%s %s %s answers %d %s, want %s", method, path, body, w.Code, w.Body, code)
	}
	want := http.StatusUnprocessableEntity
	if code == onboarding.WrongStep {
		want = http.StatusConflict
	}
	if w.Code != want || p.Status != want || w.Header().Get("Content-Type") != "application/problem+json" || p.Rule == "" || p.Title == "" || p.TitleIt == "" {
		d.t.Errorf("%s %s: the problem is %d %s %+v, want %d, problem+json, rule and sentences", method, path, w.Code, w.Header().Get("Content-Type"), p, want)
	}
	return p
}

// start makes a request of a person, walked to a state.
func (d *desk) start(person, to string) Enrolment {
	d.t.Helper()
	var e Enrolment
	d.call(http.StatusCreated, post, "enrolments", fmt.Sprintf(`{"person":%q,"to":%q}`, person, to), &e)
	return e
}

// event brings an event that has to lead to a state.
func (d *desk) event(e Enrolment, ev, body, want string) Enrolment {
	d.t.Helper()
	var next Enrolment
	d.call(http.StatusOK, post, "enrolments/"+e.ID+"/"+ev, body, &next)
	if next.State != want {
		d.t.Fatalf("%s %s leads to %s, want %s", ev, body, next.State, want)
	}
	return next
}

// code is the newest code that somebody got by a channel.
func (d *desk) code(user, channel string) string {
	d.t.Helper()
	code, err := d.office.Code(d.t.Context(), user, channel)
	if err != nil || code == "" {
		d.t.Fatalf("no code for %s by %s: %v", user, channel, err)
	}
	return code
}
