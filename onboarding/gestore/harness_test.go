package gestore_test

import (
	"context"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/store/sqlite"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/onboarding/gestore"
)

// gate is a wire without signatures: the form carries the number of the message. The real one has tests of its own.
type gate struct {
	mu   sync.Mutex
	sent map[string]message
}

type message struct {
	slug, relay string
	data        onboarding.HandedOver
	at          time.Time
}

func (g *gate) Send(slug string, data onboarding.HandedOver, relay string, now time.Time) (onboarding.Parcel, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	id := "_m" + strconv.Itoa(len(g.sent))
	g.sent[id] = message{slug, relay, data, now}
	return onboarding.Parcel{MessageID: id, Action: "http://localhost/x", Param: "SAMLResponse", Message: id, RelayState: relay}, nil
}

func (g *gate) Receive(slug string, form url.Values, now time.Time, maxAge time.Duration) (onboarding.Delivery, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m, ok := g.sent[form.Get("SAMLResponse")]
	switch {
	case !ok || m.slug != slug:
		return onboarding.Delivery{}, errors.New("the signature is not that of a portal we know")
	case now.Sub(m.at) > maxAge:
		return onboarding.Delivery{}, onboarding.Deny(onboarding.HandoffStale)
	}
	return onboarding.Delivery{MessageID: form.Get("SAMLResponse"), RelayState: m.relay, Data: m.data}, nil
}

func (g *gate) Answer(_, messageID, relay string, a onboarding.Answer, _ time.Time) (onboarding.Parcel, error) {
	return onboarding.Parcel{MessageID: messageID, Action: "http://portal.example/spid/richiedi/esito", Param: "Result", Message: strconv.Itoa(a.Code), RelayState: relay}, nil
}

func (g *gate) ReadAnswer(url.Values, bool, time.Time) (onboarding.Outcome, error) {
	return onboarding.Outcome{}, errors.New("no answer is read here")
}

// town is an office with its pages on a free port.
type town struct {
	t      *testing.T
	office *onboarding.Office
	box    *outbox.Outbox
	clock  *clock.Clock
	books  *books
	gate   *gate
	url    string
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	wall, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return clock.Date(wall.Date()).At(wall.Hour(), wall.Minute())
}

func newTown(t *testing.T, when, mode string) *town {
	t.Helper()
	c := clock.Fixed(at(t, when))
	db, err := sqlite.Open(t.Context(), "memory:", c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	var n int
	var mu sync.Mutex
	newID := func() string { mu.Lock(); defer mu.Unlock(); n++; return "m" + strconv.Itoa(n) }
	w := &town{t: t, clock: c, books: newBooks(t), gate: &gate{sent: map[string]message{}}, box: outbox.New(db, c.Now, newID)}
	w.office, err = onboarding.New(onboarding.Config{Store: db, Outbox: w.box, Registrar: w.books, Gate: w.gate, Now: c.Now,
		Gestori: []onboarding.Provider{onboarding.Describe("prova", "Gestore di prova"), onboarding.Describe("poste", "Poste"), onboarding.Describe("aruba", "Aruba")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.office.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.serve(mode)
	return w
}

func (w *town) serve(mode string) {
	w.t.Helper()
	face, err := gestore.New(gestore.Config{Office: w.office, Outbox: w.box, Door: door{w.books}, Guard: web.Operator{}.Guard, PortalURL: "http://portal.example"})
	if err != nil {
		w.t.Fatal(err)
	}
	r := mux.NewRouter().SkipClean(true)
	r.NotFoundHandler = web.NotFoundHandler()
	face.Routes(r)
	srv := httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: srv.Listener.Addr().String()}
	if srv.Config.Handler, err = web.Handler(r, web.Options{BaseURL: base, CrossSite: gestore.CrossSite, SignIn: gestore.SignIn, Mode: mode}); err != nil {
		w.t.Fatal(err)
	}
	srv.Start()
	w.t.Cleanup(srv.Close)
	w.url = srv.URL
}

// browser is a client that knows forms and cookies and no JavaScript.
type browser struct {
	*town
	client *http.Client
}

func (w *town) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{w, &http.Client{Jar: jar}}
}

// page is an answer with what a person reads off it.
type page struct {
	status          int
	url, step, body string
}

var stepOf = regexp.MustCompile(`<body[^>]*data-step="([^"]*)"`)

func (b *browser) read(resp *http.Response, err error) *page {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	p := &page{status: resp.StatusCode, url: resp.Request.URL.String(), body: html.UnescapeString(string(body))}
	if m := stepOf.FindStringSubmatch(p.body); m != nil {
		p.step = m[1]
	}
	return p
}

func (b *browser) get(path string) *page {
	b.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = b.url + path
	}
	return b.read(b.client.Get(path))
}

var stateOf = regexp.MustCompile(`<input type="hidden" name="at" value="([^"]*)"`)

// send posts pairs of name and value to the address of a page without its query, with the state that the page names.
func (b *browser) send(on *page, pairs ...string) *page {
	b.t.Helper()
	form := url.Values{}
	if m := stateOf.FindStringSubmatch(on.body); m != nil {
		form.Set("at", m[1])
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	address, _, _ := strings.Cut(on.url, "?")
	return b.read(b.client.PostForm(address, form))
}

// want fails the test unless the page shows that step with that status.
func (b *browser) want(p *page, step string, status int) *page {
	b.t.Helper()
	if p.step != step || p.status != status {
		b.t.Fatalf("%s is step %q with %d, want %q with %d\n%s", p.url, p.step, p.status, step, status, words(p.body))
	}
	return p
}

var tags = regexp.MustCompile(`(?s)<head>.*?</head>|<[^>]*>`)

func words(body string) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " ")
}

// says fails unless the page has the text.
func (b *browser) says(p *page, text string) {
	b.t.Helper()
	if !strings.Contains(words(p.body), text) {
		b.t.Errorf("%s does not say %q:\n%s", p.url, text, words(p.body))
	}
}

// valueOf is what a field of the page holds.
func valueOf(p *page, name string) string {
	m := regexp.MustCompile(`<input id="` + name + `"[^>]* value="([^"]*)"`).FindStringSubmatch(p.body)
	if m == nil {
		return ""
	}
	return m[1]
}

// id is the request in the address of a page.
func (p *page) id() string {
	_, rest, _ := strings.Cut(p.url, "/richiedi/")
	id, _, _ := strings.Cut(rest, "?")
	id, _, _ = strings.Cut(id, "/")
	return id
}

// request is the record behind a page.
func (b *browser) request(p *page) *onboarding.Enrolment {
	b.t.Helper()
	e, err := b.office.Enrolment(context.WithoutCancel(b.t.Context()), p.id())
	if err != nil {
		b.t.Fatalf("the request of %s: %v", p.url, err)
	}
	return e
}

// parcel is a hand-off of P01 that is about to leave the portal.
func (w *town) parcel(slug string) onboarding.Parcel {
	w.t.Helper()
	e, err := w.office.Start(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range []struct {
		ev onboarding.Event
		in onboarding.Input
	}{
		{onboarding.EvEnter, onboarding.Input{}}, {onboarding.EvPINLogin, onboarding.Input{FiscalCode: "QRZRNS43C59A944W", PIN: "PRVA2345"}}, {onboarding.EvContinue, onboarding.Input{}},
		{onboarding.EvRequest, onboarding.Input{}}, {onboarding.EvOpenList, onboarding.Input{Consent: true}}, {onboarding.EvChoose, onboarding.Input{IdP: slug}},
	} {
		if _, err := w.office.Do(w.t.Context(), e.ID, s.ev, s.in); err != nil {
			w.t.Fatalf("%s: %v", s.ev, err)
		}
	}
	p, err := w.office.HandOver(w.t.Context(), e.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (b *browser) deliver(slug string, p onboarding.Parcel) *page {
	b.t.Helper()
	return b.read(b.client.PostForm(b.url+"/idp/"+slug+"/consegna", p.Values()))
}

var data = []string{"sex", "F", "born", "19/03/1943", "birth_place", "Bologna", "street", "Via delle Prove 7", "city", "Bologna", "postal_code", "40100", "nationality", "Italiana"}

var papers = []string{"document", "cie", "number", "ZZ00001ZZ", "issued", "19/03/2018", "expires", "19/03/2028", "health_card", "yes"}

// toContacts walks a request that arrived from the portal to R2.
func (b *browser) toContacts(slug string) *page {
	b.t.Helper()
	p := b.want(b.deliver(slug, b.parcel(slug)), "enrol-form", 200)
	carried := b.want(b.send(p, data...), "done", 200)
	if !strings.Contains(carried.body, `action="http://portal.example/spid/richiedi/esito"`) || !strings.Contains(carried.body, `name="Result" value="100"`) {
		b.t.Fatalf("no nr100 for the portal (ONB-83):\n%s", carried.body)
	}
	return b.want(b.get(p.url), "contacts", 200)
}

// toPapers goes on to R3, toModes to R4.
func (b *browser) toPapers(slug string) *page {
	b.t.Helper()
	p := b.toContacts(slug)
	p = b.want(b.send(p, "email", "ortensia.quirzoldi@personas.example", "mobile", "+39 399 000 0001"), "codes", 200)
	filled := b.want(b.send(p, "fill", "latest"), "codes", 200)
	return b.want(b.send(filled, "email_code", valueOf(filled, "email_code"), "mobile_code", valueOf(filled, "mobile_code")), "documents", 200)
}

func (b *browser) toModes(slug string) *page {
	b.t.Helper()
	return b.want(b.send(b.toPapers(slug), papers...), "modes", 200)
}

// activate chooses credentials: R8 to R9.
func (b *browser) activate(p *page) *page {
	b.t.Helper()
	b.want(p, "credentials-new", 200)
	return b.want(b.send(p, "username", "ortensia.nuova", "password", "Prova-2020!", "password_repeat", "Prova-2020!", "factor", "sms"), "active", 200)
}
