package regia

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"
	"golang.org/x/net/html"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/onboarding/gestore"
	"spidsim/onboarding/portal"
	"spidsim/spid"
	"spidsim/templates/ui"
)

const (
	consoleURL = "http://localhost:8088"
	portalURL  = "http://localhost:8089"
)

// stage is a Regia with all that stands around it, and a browser before it.
type stage struct {
	*Regia
	t      *testing.T
	office *onboarding.Office
	box    *outbox.Outbox
	db     *store.DB
	keeper *clock.Keeper
	books  *books
	client *http.Client
	sites  map[string]http.Handler
}

func openStage(t *testing.T) *stage {
	t.Helper()
	c := clock.NewFrom(func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) })
	db, err := sqlite.Open(t.Context(), "memory:", c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	n := 0
	box := outbox.New(db, c.Now, func() string { n++; return fmt.Sprintf("m%04d", n) })
	s := &stage{t: t, box: box, db: db, books: newBooks(t), keeper: clock.NewKeeper(c, store.NewCollection[clock.Setting](db, "clock", nil))}
	gestori := []onboarding.Provider{onboarding.Describe("prova", "Gestore di prova"), onboarding.Describe("poste", "Poste"), onboarding.Describe("lepida", "Lepida")}
	s.office, err = onboarding.New(onboarding.Config{Store: db, Outbox: box, Registrar: s.books, Gestori: gestori, Gate: &openGate{sent: map[string]sent{}}, Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.office.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.restart()
	return s
}

// restart makes Regia, servers and browser anew over the same store.
func (s *stage) restart() {
	s.t.Helper()
	var err error
	s.Regia, err = New(Config{
		Office: s.office, Store: s.db, Outbox: s.box, Clock: s.keeper, Guard: web.Operator{}.Guard, BaseURL: consoleURL, PortalURL: portalURL, Trainer: true,
		Close: s.books.forget, Reset: func(ctx context.Context) error { return firstError(s.office.Reset(ctx), s.keeper.Reset(ctx)) },
	})
	if err != nil {
		s.t.Fatal(err)
	}
	face, err := portal.New(portal.Config{Office: s.office, Outbox: s.box, Sessions: nobody{}, Cards: nobody{}, IdPs: noIdPs, Guard: web.Operator{}.Guard, Scene: s.Scene,
		BaseURL: portalURL, GestoreURL: consoleURL})
	if err != nil {
		s.t.Fatal(err)
	}
	house, err := gestore.New(gestore.Config{Office: s.office, Outbox: s.box, Door: nobody{}, Guard: web.Operator{}.Guard, Scene: s.Scene, PortalURL: portalURL})
	if err != nil {
		s.t.Fatal(err)
	}
	s.sites = map[string]http.Handler{"localhost:8088": s.site(consoleURL, s.Routes, house.Routes), "localhost:8089": s.site(portalURL, s.StageRoutes, face.Routes)}
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.client = &http.Client{Transport: s, Jar: jar}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// nobody is a service provider at which nobody has logged in, a drawer without cards, and a gestore that nobody can prove anything to.
type nobody struct{}

func (nobody) Who(*http.Request) (*portal.Login, error)     { return nil, nil }
func (nobody) End(http.ResponseWriter, *http.Request) error { return nil }
func (nobody) CNS(context.Context) ([]portal.Card, error)   { return nil, nil }
func (nobody) Present(context.Context, string, string) (portal.Holder, error) {
	return portal.Holder{}, &portal.CardError{Reason: "none"}
}
func (nobody) Redeem(context.Context, string) (portal.Holder, error) {
	return portal.Holder{}, &portal.CardError{Reason: "ticket"}
}

func (nobody) Password(context.Context, string, string, string) error {
	return onboarding.Deny(onboarding.NoSuchPerson)
}
func (nobody) SendCode(context.Context, string, string) error {
	return onboarding.Deny(onboarding.NoSuchPerson)
}
func (nobody) Code(context.Context, string, string, string) error {
	return onboarding.Deny(onboarding.NoSuchPerson)
}

func noIdPs(context.Context) ([]portal.IdP, error) {
	return []portal.IdP{{Slug: "prova", Name: "Gestore di prova"}}, nil
}

// site is one origin. Where no face of the onboarding has a page, the service provider has one: an empty one stands for it.
func (s *stage) site(base string, parts ...func(*mux.Router)) http.Handler {
	r := mux.NewRouter()
	for _, routes := range parts {
		routes(r)
	}
	r.PathPrefix("/").HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("<html><body><h1>a face</h1></body></html>"))
	})
	u, _ := url.Parse(base)
	h, err := web.Handler(r, web.Options{BaseURL: u, Mode: ui.ModeTrainer})
	if err != nil {
		s.t.Fatal(err)
	}
	return h
}

// RoundTrip implements http.RoundTripper without a socket.
func (s *stage) RoundTrip(r *http.Request) (*http.Response, error) {
	h, ok := s.sites[r.URL.Host]
	if !ok {
		return nil, fmt.Errorf("no site %s", r.URL.Host)
	}
	in := r.Clone(r.Context())
	in.RequestURI, in.RemoteAddr, in.Host = r.URL.RequestURI(), "127.0.0.1:40000", r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, in)
	answer := w.Result()
	answer.Request = r
	return answer, nil
}

// page is a page that the browser shows.
type page struct {
	url    *url.URL
	status int
	root   *html.Node
	policy string
}

func (s *stage) show(answer *http.Response, err error) *page {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	root, err := html.Parse(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return &page{url: answer.Request.URL, status: answer.StatusCode, root: root, policy: answer.Header.Get("Content-Security-Policy")}
}

func (s *stage) get(address string) *page {
	s.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = consoleURL + address
	}
	return s.show(s.client.Get(address))
}

// press sends the form of a button, with the hidden fields and the choices that the form holds.
func (s *stage) press(on *page, fits func(*html.Node) bool) *page {
	s.t.Helper()
	button := find(on.root, fits)
	if button == nil {
		s.t.Fatalf("%s has no such button", on.url)
	}
	form := button
	for form != nil && form.Data != "form" {
		form = form.Parent
	}
	values := url.Values{}
	for n := range form.Descendants() {
		if n.Data == "input" {
			values.Set(attr(n, "name"), attr(n, "value"))
		}
	}
	if name := attr(button, "name"); name != "" {
		values.Set(name, attr(button, "value"))
	}
	to, err := on.url.Parse(attr(form, "action"))
	if err != nil {
		s.t.Fatal(err)
	}
	return s.show(s.client.PostForm(to.String(), values))
}

// post sends a form of one field to the Regia.
func (s *stage) post(path, field, value string) *page {
	s.t.Helper()
	return s.show(s.client.PostForm(consoleURL+path, url.Values{field: {value}}))
}

func find(root *html.Node, fits func(*html.Node) bool) *html.Node {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && fits(n) {
			return n
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func testid(id string) func(*html.Node) bool {
	return func(n *html.Node) bool { return attr(n, "data-testid") == id }
}

func button(name, value string) func(*html.Node) bool {
	return func(n *html.Node) bool {
		return n.Data == "button" && attr(n, "name") == name && attr(n, "value") == value
	}
}

// words are the text of an element, "" where there is none.
func words(root *html.Node, fits func(*html.Node) bool) string {
	n := find(root, fits)
	if n == nil {
		return ""
	}
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func element(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == name }
}

// running is the lesson that plays.
func (s *stage) running() *play {
	s.t.Helper()
	p, err := s.open(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	if p == nil {
		s.t.Fatal("no lesson plays")
	}
	return p
}

// state is the state of the story's request, "" without one.
func (s *stage) state() onboarding.State {
	s.t.Helper()
	e, err := s.running().enrolment()
	if err != nil {
		s.t.Fatal(err)
	}
	if e == nil {
		return ""
	}
	return e.State
}

func (s *stage) code(persona string) spid.FiscalCode {
	s.t.Helper()
	c, err := s.office.Citizen(s.t.Context(), persona)
	if err != nil {
		s.t.Fatal(err)
	}
	return c.FiscalCode
}
