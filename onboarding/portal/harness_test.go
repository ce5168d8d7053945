package portal_test

import (
	"context"
	"errors"
	"fmt"
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
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/onboarding/portal"
	"spidsim/spid"
)

// People of the tests.
const (
	ortensia = "QRZRNS43C59A944W" // P01: PIN dispositivo, no SPID
	loretta  = "QLZLTT71H67D548Z" // P03: SPID level 2
	ivo      = "XNDVIO62A31H223L" // P04
	ademaro  = "ZRQDMR38S02F257S" // P02: PIN ordinario
	nives    = "JLZNVS85T48H199M" // P05: intermediary
	helmut   = "QWRHMT50R10Z112E" // P11: resident abroad
)

// books are the gestori's books: what the test people hold from the start.
type books struct{ people []people.Person }

func (b books) People(context.Context) ([]people.Person, error) { return b.people, nil }
func (b books) Open(context.Context, onboarding.Account) (onboarding.Identity, error) {
	return onboarding.Identity{}, errors.New("nobody becomes active in these tests")
}
func (b books) Taken(context.Context, string) (bool, error) { return false, nil }
func (b books) Change(context.Context, string, string, onboarding.IdentityChange) (onboarding.Identity, error) {
	return onboarding.Identity{}, store.ErrNotFound
}
func (b books) Accesses(context.Context, string, string, int) ([]onboarding.Access, error) {
	return nil, nil
}
func (b books) Identities(_ context.Context, code spid.FiscalCode) ([]onboarding.Identity, error) {
	var out []onboarding.Identity
	for _, p := range b.people {
		if p.FiscalCode != code {
			continue
		}
		for _, slug := range p.IdPs {
			out = append(out, onboarding.Identity{FiscalCode: code, Slug: slug, Username: p.Username, Status: onboarding.IdentityActive, Levels: p.Levels})
		}
	}
	return out, nil
}

// openGate is a wire without signatures: the forms name the message. The real one is tested in package handoff and in the program.
type openGate struct {
	mu   sync.Mutex
	sent map[string]onboarding.Delivery
}

func (g *openGate) Send(slug string, data onboarding.HandedOver, relay string, _ time.Time) (onboarding.Parcel, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	id := "_m" + strconv.Itoa(len(g.sent)+1)
	g.sent[id] = onboarding.Delivery{MessageID: id, RelayState: relay, Data: data}
	return onboarding.Parcel{MessageID: id, Action: "http://gestore.example/idp/" + slug + "/consegna", Param: "SAMLResponse", Message: id, RelayState: relay}, nil
}

func (g *openGate) Receive(_ string, form url.Values, _ time.Time, _ time.Duration) (onboarding.Delivery, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	d, ok := g.sent[form.Get("SAMLResponse")]
	if !ok {
		return d, errors.New("no such message")
	}
	return d, nil
}

func (g *openGate) Answer(slug, id, relay string, a onboarding.Answer, _ time.Time) (onboarding.Parcel, error) {
	return onboarding.Parcel{MessageID: id, Action: "http://portal.example/", Param: "Result", Message: fmt.Sprintf("%s %s %d", slug, id, a.Code), RelayState: relay}, nil
}

func (g *openGate) ReadAnswer(form url.Values, _ bool, _ time.Time) (out onboarding.Outcome, err error) {
	_, err = fmt.Sscanf(form.Get("Result"), "%s %s %d", &out.Slug, &out.MessageID, &out.Code)
	return out, err
}

// logins stand for the service provider of the origin.
type logins struct {
	who   *portal.Login
	ended int
}

func (l *logins) Who(*http.Request) (*portal.Login, error) { return l.who, nil }
func (l *logins) End(http.ResponseWriter, *http.Request) error {
	l.who, l.ended = nil, l.ended+1
	return nil
}

// cards are two CNS: Ivo's works, the other is blocked.
// A ticket is good once and carries the state of the browser that went for it.
type cards struct{ tickets map[string]string }

func (c *cards) CNS(context.Context) ([]portal.Card, error) {
	return []portal.Card{{ID: "ivo.xandrelli", Holder: "Ivo Xandrelli", Number: "000000000004", PIN: "12345678"}, {ID: "agnese.xortuzzi", Holder: "Agnese Xortuzzi", Unusable: "blocked"}}, nil
}

func (c *cards) Present(_ context.Context, id, pin string) (portal.Holder, error) {
	switch {
	case id != "ivo.xandrelli":
		return portal.Holder{}, &portal.CardError{Reason: "blocked"}
	case pin != "12345678":
		return portal.Holder{}, &portal.CardError{Reason: "wrong-pin", Left: 2}
	}
	return portal.Holder{Card: "000000000004", FiscalCode: ivo, Name: "Ivo Xandrelli"}, nil
}

func (c *cards) Redeem(_ context.Context, ticket string) (portal.Holder, error) {
	state, ok := c.tickets[ticket]
	if !ok {
		return portal.Holder{}, &portal.CardError{Reason: "ticket"}
	}
	delete(c.tickets, ticket)
	return portal.Holder{FiscalCode: ivo, Name: "Ivo Xandrelli", State: state}, nil
}

// site is a running portal.
type site struct {
	*onboarding.Office
	t      *testing.T
	url    string
	clock  *clock.Clock
	box    *outbox.Outbox
	logins *logins
	cards  *cards
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

func newSite(t *testing.T, when string) *site {
	t.Helper()
	return newSiteIn(t, when, "")
}

func newSiteIn(t *testing.T, when, mode string) *site {
	t.Helper()
	c := clock.Fixed(at(t, when))
	db, err := sqlite.Open(t.Context(), "memory:", c.Now)
	if err != nil {
		t.Fatal(err)
	}
	var n int
	s := &site{t: t, clock: c, logins: &logins{}, cards: &cards{tickets: map[string]string{}}, box: outbox.New(db, c.Now, func() string { n++; return "m" + strconv.Itoa(n) })}
	all, err := people.All()
	if err != nil {
		t.Fatal(err)
	}
	gestori := []onboarding.Provider{onboarding.Describe("prova", "Gestore di prova"), onboarding.Describe("poste", "Poste"), onboarding.Describe("lepida", "Lepida")}
	s.Office, err = onboarding.New(onboarding.Config{Store: db, Outbox: s.box, Registrar: books{all}, Gestori: gestori, Gate: &openGate{sent: map[string]onboarding.Delivery{}}, Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	s.url = "http://" + server.Listener.Addr().String()
	server.Config.Handler = s.handler(mode)
	server.Start()
	t.Cleanup(func() { server.Close(); _ = db.Close() })
	return s
}

func (s *site) handler(mode string) http.Handler {
	s.t.Helper()
	p, err := portal.New(portal.Config{Office: s.Office, Outbox: s.box, Sessions: s.logins, Cards: s.cards, BaseURL: s.url, GestoreURL: "http://gestore.example", CNSEntry: "https://cns.example/entra",
		Guard: func(h http.Handler) http.Handler { return h },
		IdPs: func(context.Context) ([]portal.IdP, error) {
			return []portal.IdP{{Slug: "prova", Name: "Gestore di prova"}, {Slug: "poste", Name: "Poste", Off: "in manutenzione"}, {Slug: "cie", Name: "CIE", CIE: true}}, nil
		}})
	if err != nil {
		s.t.Fatal(err)
	}
	r := mux.NewRouter().SkipClean(true)
	p.Routes(r)
	base, err := url.Parse(s.url)
	if err != nil {
		s.t.Fatal(err)
	}
	h, err := web.Handler(r, web.Options{BaseURL: base, CrossSite: portal.CrossSite(), SignIn: portal.SignIn(), Mode: mode})
	if err != nil {
		s.t.Fatal(err)
	}
	return h
}

// browser keeps its cookies and follows no redirect.
type browser struct {
	*site
	client *http.Client
}

func (s *site) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// answer is what came back.
type answer struct {
	status   int
	location string
	body     string
	header   http.Header
}

var stepOf = regexp.MustCompile(`<body[^>]* data-step="([a-z0-9-]*)"`)

func (a answer) step() string {
	if m := stepOf.FindStringSubmatch(a.body); m != nil {
		return m[1]
	}
	return ""
}

func (b *browser) do(method, path string, form url.Values, header ...string) answer {
	b.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	q, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if form != nil {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	r, err := b.client.Do(q)
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	octets, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{r.StatusCode, r.Header.Get("Location"), string(octets), r.Header}
}

func (b *browser) get(path string, header ...string) answer {
	return b.do(http.MethodGet, path, nil, header...)
}

// post sends a form given as name, value, name, value.
func (b *browser) post(path string, fields ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return b.do(http.MethodPost, path, form)
}

// sent wants a redirect to a path.
func (b *browser) sent(a answer, to string) {
	b.t.Helper()
	if a.status != http.StatusSeeOther || a.location != to {
		b.t.Fatalf("status %d to %q, want 303 to %q\n%s", a.status, a.location, to, a.body)
	}
}

// shown wants a page of a step.
func (b *browser) shown(a answer, status int, step string) answer {
	b.t.Helper()
	if a.status != status || a.step() != step {
		b.t.Fatalf("status %d, step %q to %q, want %d and %q\n%s", a.status, a.step(), a.location, status, step, a.body)
	}
	return a
}

func (a answer) wants(t *testing.T, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(a.body, part) {
			t.Errorf("no %q in\n%s", part, a.body)
		}
	}
}

// pin logs in with the PIN of a test person.
func (b *browser) pin(code string) answer {
	b.t.Helper()
	file, err := b.PIN(b.t.Context(), code)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.post("/accedi", "cf", code, "pin", file.Code)
}

// spid comes back from a gestore.
func (b *browser) spid(code, name string, level int) {
	b.t.Helper()
	b.logins.who = &portal.Login{Session: "s-" + code + strconv.Itoa(level), Means: "spid", Gestore: "prova", Level: level, FiscalCode: spid.FiscalCode(code), Name: name}
	b.sent(b.get("/entra/arrivo"), "/myinps")
}

var stateIn = regexp.MustCompile(`https://cns\.example/entra\?state=([0-9a-f]+)`)

// cnsState is what goes along when this browser is sent to show its certificate.
func (b *browser) cnsState() string {
	b.t.Helper()
	m := stateIn.FindStringSubmatch(b.get("/cns").body)
	if m == nil {
		b.t.Fatal("the reader does not offer the certificate of the browser")
	}
	return m[1]
}
