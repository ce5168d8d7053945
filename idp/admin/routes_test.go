package admin

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"spidsim/idp"
	"spidsim/idp/idptest"
	"spidsim/internal/outbox"
	"spidsim/internal/store/sqlite"
	"spidsim/internal/web"
)

// route is an address of the router with its methods.
type route struct {
	path    string
	methods []string
}

var variable = regexp.MustCompile(`\{[^}]+\}`)

// walk lists every route that names methods, variables filled in.
func (s *surface) walk(t *testing.T) []route {
	t.Helper()
	var all []route
	err := s.router.Walk(func(r *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		methods, err := r.GetMethods()
		if err != nil {
			return nil // the catch-all of an address, or a router
		}
		path, err := r.GetPathTemplate()
		if err != nil {
			return err
		}
		all = append(all, route{variable.ReplaceAllString(path, "x"), methods})
		return nil
	})
	if err != nil || len(all) < 30 {
		t.Fatalf("walking found %d routes, %v, want more than thirty", len(all), err)
	}
	return all
}

// openPaths are the addresses that answer to everybody.
var openPaths = []string{"/healthz", "/readyz", "/guida", "/accessibilita"}

func TestOnlyOperatorsReachTheSurface(t *testing.T) {
	t.Parallel()
	bare, locked := start(t, nil), start(t, func(c *Config) { c.Operator = web.Operator{Token: "s3cret-token"} })
	for _, r := range bare.walk(t) {
		for _, method := range r.methods {
			c := call{method: method, path: r.path, header: map[string]string{"Accept": "application/json"}}
			if slices.Contains(openPaths, r.path) {
				c.from = "192.0.2.7:1234"
				if w := locked.do(t, c); w.Code != http.StatusOK {
					t.Errorf("%s %s from outside answers %d, want 200 for everybody", method, r.path, w.Code)
				}
				continue
			}
			for name, try := range map[string]struct {
				s      *surface
				from   string
				header map[string]string
				want   int
			}{
				"from another machine":                       {bare, "192.0.2.7:1234", nil, http.StatusForbidden},
				"from another machine over IPv6":             {bare, "[2001:db8::1]:1234", nil, http.StatusForbidden},
				"from another machine that claims loopback":  {bare, "192.0.2.7:1234", map[string]string{"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=127.0.0.1"}, http.StatusForbidden},
				"without the token":                          {locked, "127.0.0.1:1234", nil, http.StatusUnauthorized},
				"with another token":                         {locked, "127.0.0.1:1234", map[string]string{"Authorization": "Bearer other"}, http.StatusUnauthorized},
				"with the token in the wrong place":          {locked, "127.0.0.1:1234", map[string]string{"Authorization": "s3cret-token"}, http.StatusUnauthorized},
				"from a page of another origin":              {bare, "", map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}, http.StatusForbidden},
				"from a page of another port":                {bare, "", map[string]string{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, http.StatusForbidden},
				"from another origin without fetch metadata": {bare, "", map[string]string{"Origin": "http://evil.example"}, http.StatusForbidden},
				"from the null origin":                       {bare, "", map[string]string{"Origin": "null"}, http.StatusForbidden},
				"from another origin that has the token":     {locked, "", map[string]string{"Origin": "http://evil.example", "Authorization": "Bearer s3cret-token"}, http.StatusForbidden},
			} {
				c := c
				c.from, c.header = try.from, map[string]string{"Accept": "application/json"}
				for k, v := range try.header {
					c.header[k] = v
				}
				w := try.s.do(t, c)
				if w.Code != try.want {
					t.Errorf("%s %s %s answers %d, want %d", method, r.path, name, w.Code, try.want)
				}
				if w.Code == http.StatusUnauthorized && w.Header().Get("WWW-Authenticate") == "" {
					t.Errorf("%s %s answers 401 without WWW-Authenticate", method, r.path)
				}
			}
		}
	}
}

func TestOperatorsReachTheSurface(t *testing.T) {
	t.Parallel()
	bare, locked := start(t, nil), start(t, func(c *Config) { c.Operator = web.Operator{Token: "s3cret-token"} })
	token := map[string]string{"Authorization": "Bearer s3cret-token"}
	for name, try := range map[string]struct {
		s *surface
		c call
	}{
		"from this machine":                   {bare, call{path: "/api/v1/users"}},
		"from this machine over IPv6":         {bare, call{path: "/api/v1/users", from: "[::1]:99"}},
		"with the token from another machine": {locked, call{path: "/api/v1/users", from: "192.0.2.7:1", header: token}},
		"by a link of another site":           {bare, call{path: "/", header: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}}},
		"by a page of our own":                {bare, call{path: "/api/v1/users", header: map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": base}}},
	} {
		want(t, try.s.do(t, try.c), http.StatusOK, nil)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// Every route that changes something is refused to the forms of other sites by the web layer as well (SEC-50). GET changes nothing.
func TestCrossSiteFormsAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	changing := 0
	for _, r := range s.walk(t) {
		for _, method := range r.methods {
			if method == http.MethodGet || method == http.MethodHead {
				continue
			}
			changing++
			for _, header := range []map[string]string{
				{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://localhost:9999"}, {"Origin": "null"},
				{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
			} {
				w := s.do(t, call{method: method, path: r.path, header: header, body: "app=approve", kind: "application/x-www-form-urlencoded"})
				if w.Code != http.StatusForbidden {
					t.Errorf("%s %s with %v answers %d, want 403", method, r.path, header, w.Code)
				}
			}
		}
	}
	if changing < 15 {
		t.Errorf("only %d routes change something, want at least fifteen", changing)
	}
}

func TestOtherMethodsAndAddresses(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	allowed := map[string][]string{}
	for _, r := range s.walk(t) {
		allowed[r.path] = append(allowed[r.path], r.methods...)
	}
	for path, methods := range allowed {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"} {
			if slices.Contains(methods, method) {
				continue
			}
			w := s.do(t, call{method: method, path: path})
			if w.Code != http.StatusMethodNotAllowed {
				t.Errorf("%s %s answers %d, want 405", method, path, w.Code)
				continue
			}
			got := strings.Split(w.Header().Get("Allow"), ", ")
			slices.Sort(got)
			slices.Sort(methods)
			if !slices.Equal(got, methods) {
				t.Errorf("%s %s allows %v, want %v", method, path, got, methods)
			}
		}
	}
	for _, path := range []string{"/api/v1/nothing", "/api/v1/", "/api/v2/users", "/api/", "/api/v1/users/a/b", "/api/v1/cards/a/eject"} {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			w := s.do(t, call{method: method, path: path})
			if w.Code != http.StatusNotFound {
				t.Errorf("%s %s answers %d, want 404", method, path, w.Code)
			}
			if strings.HasPrefix(path, "/api/v") && w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s answers %s, want application/problem+json", method, path, w.Header().Get("Content-Type"))
			}
		}
	}
	t.Run("a path that needs cleaning is not redirected (SEC-61)", func(t *testing.T) {
		for _, path := range []string{"//api/v1/users", "/api//v1/users", "/api/./v1/users", "/servizi/..", "/api/v1/service-providers/http://sp.example", "/servizi/a%2fb"} {
			if w := s.do(t, call{method: "POST", path: path, body: "{}"}); w.Code != http.StatusNotFound {
				t.Errorf("POST %s answers %d, want 404", path, w.Code)
			}
		}
	})
}

func TestBodiesBeyondTheirLimit(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	large := `{"note":"` + strings.Repeat("x", 1<<20) + `"}`
	for _, c := range []call{
		{method: "POST", path: "/api/v1/users", body: large},
		{method: "PUT", path: "/api/v1/users/ada", body: large},
		{method: "PATCH", path: "/api/v1/users/ada", body: large},
		{method: "POST", path: "/api/v1/cards/ada/sign", body: large},
		{method: "POST", path: "/servizi", body: "how=xml&xml=" + strings.Repeat("x", 1<<20), kind: "application/x-www-form-urlencoded"},
		{method: "POST", path: "/messaggi/x", body: "app=" + strings.Repeat("x", 16<<10), kind: "application/x-www-form-urlencoded"},
	} {
		if w := s.do(t, c); w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s %s answers %d, want 413", c.method, c.path, w.Code)
		}
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	s.RegisterSP(t, idptest.NewSP(t, spID).Metadata)
	var h Health
	want(t, s.do(t, call{path: "/healthz", from: "192.0.2.7:1"}), http.StatusOK, &h)
	if h.Status != "ok" || h.Version != "1.2.3" {
		t.Errorf("healthz says %+v, want ok", h)
	}
	want(t, s.do(t, call{path: "/readyz", from: "192.0.2.7:1"}), http.StatusOK, &h)
	if h.Status != "ready" || h.IdPs != 10 || h.ServiceProviders != 1 || h.Version != "1.2.3" {
		t.Errorf("readyz says %+v, want ten gestori and one service", h)
	}
	t.Run("readyz says so when the store is gone, without the cause; healthz stays", func(t *testing.T) {
		db, err := sqlite.Open(t.Context(), "memory:", time.Now)
		if err != nil {
			t.Fatal(err)
		}
		broken := start(t, nil, idptest.Configure(func(c *idp.Config) { c.Store = db }))
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		w := broken.do(t, call{path: "/readyz"})
		want(t, w, http.StatusServiceUnavailable, &h)
		if h.Status != "unavailable" || strings.Contains(w.Body.String(), "sql") {
			t.Errorf("got %s, want unavailable and nothing more", w.Body)
		}
		want(t, broken.do(t, call{path: "/healthz"}), http.StatusOK, nil)
		p := wantProblem(t, broken.do(t, call{path: "/api/v1/users"}), http.StatusInternalServerError)
		if p.Detail != "" {
			t.Errorf("the answer tells the cause: %q", p.Detail)
		}
	})
}

// Nothing secret goes to the log (SEC-71): sentinels stand in every place that the surface takes or shows.
func TestNoSecretInTheLog(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *Config) { c.Operator = web.Operator{Token: "SENTINEL-token"} })
	auth := map[string]string{"Authorization": "Bearer SENTINEL-token", "Cookie": "x=SENTINEL-cookie"}
	secret := "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	body, _ := json.Marshal(map[string]any{
		"username": "ada", "password": "SENTINEL-password", "given_name": "SENTINEL-name", "family_name": "SENTINEL-family", "email": "sentinel-mail@esempio.example", "levels": []int{1, 2, 3},
		"totp_secret": secret, "note": "SENTINEL-note", "fiscal_code": "QWZDAA80A41H501V",
	})
	question := s.send(t, outbox.Message{Channel: outbox.App, To: "SENTINEL-device", User: "ada", Text: "SENTINEL-text", Code: "918273"})
	metadata := idptest.NewSP(t, spID).Metadata
	hidden := []string{"SENTINEL", "sentinel-mail", secret, "918273", "QWZDAA80A41H501V", "12345678", "87654321", "55667788", "44332211", "<md:", "SENTINEL-challenge"}
	for _, c := range []call{
		{method: "POST", path: "/api/v1/users", body: string(body)},
		{method: "POST", path: "/api/v1/users", body: string(body)},
		{method: "PATCH", path: "/api/v1/users/ada", body: `{"password":"SENTINEL-other"}`},
		{method: "PATCH", path: "/api/v1/users/ada", body: `{"status":"SENTINEL-status"}`},
		{method: "POST", path: "/api/v1/users", body: `{"SENTINEL-field":1}`},
		{path: "/api/v1/users?q=SENTINEL-search"},
		{path: "/api/v1/users/ada/totp"}, {path: "/persone/ada/totp"}, {path: "/persone?q=SENTINEL"},
		{path: "/api/v1/cards"},
		{method: "POST", path: "/api/v1/cards/ada/sign", body: signBody("12345678", []byte("SENTINEL-challenge"))},
		{method: "POST", path: "/api/v1/cards/ada/sign", body: signBody("55667788", []byte("SENTINEL-challenge"))},
		{method: "POST", path: "/api/v1/cards/ada/unblock", body: `{"puk":"87654321","new_pin":"44332211"}`},
		{path: "/api/v1/messages"}, {path: "/messaggi/" + question.ID},
		{method: "POST", path: "/api/v1/messages/" + question.ID + "/approve"},
		{method: "POST", path: "/api/v1/service-providers", body: string(metadata), kind: xmlKind},
		{method: "POST", path: "/api/v1/service-providers", body: "<SENTINEL/>", kind: xmlKind},
		{method: "POST", path: "/api/v1/service-providers", body: `{"url":"http://SENTINEL:SENTINEL@127.0.0.1/"}`},
		{method: "POST", path: "/servizi", body: "how=xml&xml=SENTINEL", kind: "application/x-www-form-urlencoded"},
		{path: "/"}, {path: "/servizi"}, {path: "/guida"}, {path: "/readyz"},
		{method: "DELETE", path: "/api/v1/users/ada"},
	} {
		c.header = auth
		if w := s.do(t, c); w.Code >= 500 {
			t.Errorf("%s %s answers %d", c.method, c.path, w.Code)
		}
	}
	lines := s.log.String()
	if !strings.Contains(lines, `"user":"ada"`) {
		t.Fatalf("the log does not say what was done:\n%s", clip(lines, 2000))
	}
	code := totpOf(t, secret)
	for _, word := range append(hidden, code...) {
		if i := strings.Index(lines, word); i >= 0 {
			t.Errorf("the log holds %q: …%s…", word, lines[max(0, i-100):min(len(lines), i+100)])
		}
	}
	for line := range strings.Lines(lines) {
		if !json.Valid([]byte(line)) || len(line) > 4096 {
			t.Errorf("not one short line of JSON: %s", clip(line, 200))
		}
	}
}

// The routes must hold on a bare router as well: without the web layer they still guard themselves.
func TestGuardWithoutTheWebLayer(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, r := range s.walk(t) {
		if slices.Contains(openPaths, r.path) {
			continue
		}
		req := httptest.NewRequestWithContext(t.Context(), r.methods[0], base+r.path, nil)
		req.RemoteAddr = "192.0.2.7:1"
		w := httptest.NewRecorder()
		s.router.ServeHTTP(w, req)
		if w.Code != http.StatusForbidden {
			t.Errorf("%s %s answers %d, want 403", r.methods[0], r.path, w.Code)
		}
	}
}
