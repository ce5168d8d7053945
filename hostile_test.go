package main

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"spidsim/idp"
	"spidsim/onboarding"
	"spidsim/onboarding/gestore"
	"spidsim/onboarding/portal"
	"spidsim/sp"
)

// face is one address of the faces with the methods that it names.
type face struct {
	path    string // template
	methods []string
}

var pathVariable = regexp.MustCompile(`\{[^}]+\}`)

// at is the path with its variables filled in.
func (f face) at() string {
	return pathVariable.ReplaceAllString(strings.NewReplacer("{slug}", "prova", "{provider}", "prova").Replace(f.path), "x")
}

// faces lists the addresses of both origins, as they are mounted.
func (r *running) faces() (console, portal []face) {
	r.t.Helper()
	c := r.playing.Load()
	one, other := mux.NewRouter(), mux.NewRouter()
	c.federation.Routes(one)
	if err := r.consoleFaces(c, one); err != nil {
		r.t.Fatal(err)
	}
	sample, err := sp.New(sp.Config{BaseURL: r.portalBase, Key: c.gate.key, IdPs: c.identityProviders, Store: r.store, Now: r.clock.Now})
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.portalFace(c, sample, other); err != nil {
		r.t.Fatal(err)
	}
	return r.walk(one), r.walk(other)
}

func (r *running) walk(router *mux.Router) (all []face) {
	r.t.Helper()
	err := router.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := route.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, _ := route.GetMethods() // none: any
		all = append(all, face{path, methods})
		return nil
	})
	if err != nil || len(all) < 20 {
		r.t.Fatalf("%d routes, %v, want more than twenty", len(all), err)
	}
	return all
}

// ask sends a request to a handler as somebody at an address would.
func ask(t *testing.T, h http.Handler, host, from, method, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	q := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader("x=y"))
	q.Host, q.RemoteAddr = host, from
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	a := httptest.NewRecorder()
	h.ServeHTTP(a, q)
	return a
}

// Every form of both origins is taken from its own origin alone, save the endpoints to which the other side posts by nature (SEC-50).
func TestSEC50EveryPostIsOfItsOwnOrigin(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir())
	console, institute := r.faces()
	c := r.playing.Load()
	for _, side := range []struct {
		name, host string
		h          http.Handler
		list       []face
		cross      []string
	}{
		{"console", r.base.Host, c.console, console, slices.Concat(idp.CrossSite, gestore.CrossSite)},
		{"portal", r.portalBase.Host, c.portal, institute, slices.Concat(sp.CrossSite(), portal.CrossSite())},
	} {
		for _, f := range side.list {
			if slices.Contains(side.cross, "POST "+f.path) || strings.Contains(f.path, "/slo/") || len(f.methods) > 0 && !slices.Contains(f.methods, http.MethodPost) {
				continue
			}
			for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "http://evil.example"}, {"Origin", "null"}} {
				if a := ask(t, side.h, side.host, "127.0.0.1:1", http.MethodPost, f.at(), header...); a.Code != http.StatusForbidden {
					t.Errorf("%s: POST %s with %s answers %d, want 403", side.name, f.path, header, a.Code)
				}
			}
		}
	}
}

// public are the addresses that answer to everybody; whatever else the faces serve is the operator's. A page that is new belongs here only
// when a citizen's browser needs it.
var public = regexp.MustCompile(`^(/idp/\{[a-z]+\}/(metadata|sso|slo|login|logout|card|cie|info|consegna|richiedi|identita|figlio)\b.*|/idp/\{[a-z]+\}|/guida/parole|/registry/.*|/cns/.*|/spid.*|` +
	`/|/accedi|/esci|/entra/.*|/cns|/pin.*|/servizi/.*|/avviso|/myinps.*|/app|/aiuto|/icona.*)$`)

func TestSEC59TheRestIsTheOperators(t *testing.T) {
	t.Parallel()
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte("0123456789abcdef0123"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := run(t, "--store", "memory:", "--data", t.TempDir(), "--api-token-file", token)
	console, institute := r.faces()
	c := r.playing.Load()
	guarded := 0
	for _, side := range []struct {
		host string
		h    http.Handler
		list []face
	}{{r.base.Host, c.console, console}, {r.portalBase.Host, c.portal, institute}} {
		for _, f := range side.list {
			if public.MatchString(f.path) {
				continue
			}
			guarded++
			methods := f.methods
			if len(methods) == 0 {
				methods = []string{http.MethodGet, http.MethodPost}
			}
			for _, method := range methods {
				for _, accept := range []string{"text/html", "application/json"} {
					if a := ask(t, side.h, side.host, "127.0.0.1:1", method, f.at(), "Accept", accept); a.Code != http.StatusUnauthorized {
						t.Errorf("%s %s without the token answers %d, want 401", method, f.path, a.Code)
					}
				}
			}
		}
	}
	if guarded < 40 {
		t.Errorf("%d addresses are guarded, want more than forty", guarded)
	}
	if a := ask(t, r.playing.Load().console, r.base.Host, "127.0.0.1:1", http.MethodGet, "/idp/prova/sportello", "Authorization", "Bearer 0123456789abcdef0123"); a.Code != http.StatusOK {
		t.Errorf("with the token: %d, want 200", a.Code)
	}
}

// atHandoff is a request of P01 that is about to leave the portal, with its message.
func (r *running) atHandoff(slug string) onboarding.Parcel {
	r.t.Helper()
	office := r.playing.Load().office
	e, err := office.Start(r.t.Context())
	for _, ev := range []onboarding.Event{onboarding.EvEnter, onboarding.EvPINLogin, onboarding.EvContinue, onboarding.EvRequest, onboarding.EvOpenList, onboarding.EvChoose} {
		var in onboarding.Input
		if err == nil {
			in, err = office.Fill(r.t.Context(), e, ev, "P01")
		}
		if err == nil {
			in.IdP = slug
			e, err = office.Do(r.t.Context(), e.ID, ev, in)
		}
	}
	if err != nil {
		r.t.Fatal(err)
	}
	p, err := office.HandOver(r.t.Context(), e.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

// The hand-off is taken as the portal sends it and in no other way (ONB-81, ONB-85, SEC-33, SEC-47); what is refused uses it up never.
func TestONB85HandoffsThatAreNoHandoffs(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir(), "--clock", "2020-10-15T08:00:00Z")
	c := r.playing.Load()
	p := r.atHandoff("alfa")
	send := func(method, path, kind, body string) int {
		q := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
		q.Host, q.RemoteAddr = r.base.Host, "127.0.0.1:1"
		q.Header.Set("Content-Type", kind)
		a := httptest.NewRecorder()
		c.console.ServeHTTP(a, q)
		return a.Code
	}
	const form = "application/x-www-form-urlencoded"
	with := func(change func(url.Values)) string { v := p.Values(); change(v); return v.Encode() }
	good := p.Values().Encode()
	tampered := []byte(p.Message)
	tampered[len(tampered)/2] ^= 1
	for _, row := range []struct {
		name, method, path, kind, body string
		want                           int
	}{
		{"GET", "GET", "/idp/alfa/consegna?" + good, form, "", 405},
		{"GET without message", "GET", "/idp/alfa/consegna", form, "", 405},
		{"text/xml", "POST", "/idp/alfa/consegna", "text/xml", good, 415},
		{"multipart", "POST", "/idp/alfa/consegna", "multipart/form-data; boundary=x", good, 415},
		{"600 kB", "POST", "/idp/alfa/consegna", form, "SAMLResponse=" + strings.Repeat("A", 600<<10), 413},
		{"RelayState of 81 octets", "POST", "/idp/alfa/consegna", form, with(func(v url.Values) { v.Set("RelayState", strings.Repeat("r", 81)) }), 400},
		{"one field more", "POST", "/idp/alfa/consegna", form, with(func(v url.Values) { v.Set("SAMLRequest", "x") }), 400},
		{"the message twice", "POST", "/idp/alfa/consegna", form, with(func(v url.Values) { v.Add("SAMLResponse", p.Message) }), 400},
		{"tampered", "POST", "/idp/alfa/consegna", form, with(func(v url.Values) { v.Set("SAMLResponse", string(tampered)) }), 400},
		{"at another gestore", "POST", "/idp/beta/consegna", form, good, 400},
		{"at no gestore", "POST", "/idp/nobody/consegna", form, good, 404},
		{"as it is", "POST", "/idp/alfa/consegna", form, good, 303},
		{"again", "POST", "/idp/alfa/consegna", form, good, 409},
	} {
		got := send(row.method, row.path, row.kind, row.body)
		if got != row.want && (row.want != 405 || got != 404) {
			t.Errorf("%s: %d, want %d", row.name, got, row.want)
		}
	}
}

// A login's Response is no hand-off, and a hand-off logs nobody in.
func TestONB85MessagesKeepToTheirEndpoints(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir(), "--clock", "2020-10-15T08:00:00Z")
	v := r.visitor()
	v.open(r.portalBase.String()+"/spid/login?level=1&binding=post", nil)
	for range 6 {
		if strings.Contains(v.page, `name="SAMLResponse"`) {
			break
		}
		switch v.step {
		case "credentials":
			v.open(v.at, url.Values{"username": {"lucia.verdi"}, "password": {"prova"}})
		case "consent":
			v.open(v.at, url.Values{"consent": {"yes"}})
		default:
			v.forward()
		}
	}
	fields := url.Values{}
	for _, m := range samlField.FindAllStringSubmatch(v.page, -1) {
		fields.Set(m[1], html.UnescapeString(m[2]))
	}
	if fields.Get("SAMLResponse") == "" {
		t.Fatalf("the login stops at %s, step %q", v.at, v.step)
	}
	v.open(r.base.String()+"/idp/prova/consegna", fields)
	if v.step != "courtesy" {
		t.Errorf("a login's Response as a hand-off leads to step %q at %s, want courtesy", v.step, v.at)
	}
	before, err := r.playing.Load().office.Enrolments(t.Context(), 0)
	if err != nil || len(before) != 0 {
		t.Errorf("%d requests came of it, %v", len(before), err)
	}
	v.open(r.portalBase.String()+"/spid/acs", r.atHandoff("alfa").Values())
	v.open(r.portalBase.String()+"/myinps", nil)
	if v.step == "services" {
		t.Error("a hand-off logs in")
	}
}

// Results outlive a restart: a portal that has not met a gestore since reads its answer all the same (ONB-83).
func TestONB83AnswersAfterARestart(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir())
	now := r.clock.Now()
	a, err := r.playing.Load().gate.Answer("alfa", "_m1", "", onboarding.Answer{Code: onboarding.ResultIssued}, now)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := loadKeys(r.cfg, r.base, r.portalBase, now)
	if err != nil {
		t.Fatal(err)
	}
	fresh := newGate(r.cfg.Data, r.base.String(), r.portalBase.String(), keys, now)
	if out, err := fresh.ReadAnswer(a.Values(), false, now); err != nil || out.Slug != "alfa" {
		t.Errorf("read %+v, %v", out, err)
	}
}

// Lessons that hand a request over say so where the portal is off; nothing of it is a fault of the program.
func TestONB81LessonsWithoutAPortal(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir(), "--portal-listen", "off")
	v := r.visitor()
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	post := func(fields url.Values) int {
		a, err := v.client.PostForm(r.base.String()+"/regia", fields)
		if err != nil {
			t.Fatal(err)
		}
		_ = a.Body.Close()
		return a.StatusCode
	}
	for _, id := range []string{"dal-pin-a-spid", "delega", "entra-con-spid", "pin-telefonico"} {
		if got := post(url.Values{"lesson": {id}}); got >= 500 {
			t.Errorf("%s: %d", id, got)
		}
		for n := range 9 {
			if got := post(url.Values{"step": {strconv.Itoa(n + 1)}}); got >= 500 {
				t.Errorf("%s, step %d: %d", id, n+1, got)
			}
		}
	}
	a := ask(t, r.playing.Load().console, r.base.Host, "127.0.0.1:1", http.MethodPost, "/idp/prova/consegna")
	if a.Code != http.StatusBadRequest {
		t.Errorf("a hand-off without a portal: %d, want 400", a.Code)
	}
}

// A user name is the same in any letter case, all the way through the pages of one's own identity (ONB-140).
func TestONB140AUserNameInAnyLetterCase(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir())
	v := r.visitor()
	v.open(r.base.String()+"/idp/prova/identita", url.Values{"username": {" Lucia.VERDI "}, "password": {"prova"}})
	v.open(v.at, url.Values{"code": {v.code("sms")}})
	if v.step != "identity" {
		t.Errorf("the code leads to step %q, want identity:\n%s", v.step, words(v.page))
	}
}
