package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"spidsim/idp"
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
