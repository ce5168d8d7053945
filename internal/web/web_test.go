package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"spidsim/internal/config/limits"
)

// page writes words as a page.
func page(words string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, words)
		return err
	})
}

func options(log *slog.Logger) Options {
	base, _ := url.Parse("http://localhost:8088") // constant
	return Options{BaseURL: base, Port: "8088", Hosts: []string{"sim.example", "[fd00::1]:99"}, Log: log,
		CrossSite: []string{"POST /idp/{slug}/sso/post", "POST /spid/acs"}, Uploads: []string{"POST /servizi", "/api/v1/"},
		Encoded: []string{"/api/v1/scenarios/"}, NewID: func() string { return "ref-1" },
		Limits: limits.Limits{FormBytes: 100, FormFields: 3, MessageBytes: 1000, UploadBytes: 500, QueryBytes: 200}}
}

// site is a router with one page of every kind.
func site() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) {
		p := Page(r)
		Render(w, r, http.StatusOK, page("lang="+p.Lang+" nonce="+p.Nonce))
	})
	mux.HandleFunc("/post", func(w http.ResponseWriter, r *http.Request) {
		RenderPost(w, r, http.StatusOK, page("form"), r.URL.Query().Get("to"))
	})
	mux.HandleFunc("/panic", func(http.ResponseWriter, *http.Request) { panic("secret cause") })
	mux.HandleFunc("/late-panic", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic("late")
	})
	mux.HandleFunc("/broken", func(w http.ResponseWriter, r *http.Request) {
		Render(w, r, http.StatusOK, templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, _ = io.WriteString(w, "half a page")
			return errors.New("no more")
		}))
	})
	mux.HandleFunc("/fail", func(w http.ResponseWriter, r *http.Request) { Fail(w, r, errors.New("secret cause")) })
	mux.HandleFunc("/silent", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/assets/x.css", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Cache-Control", "public") })
	mux.HandleFunc("/cookie", func(w http.ResponseWriter, r *http.Request) {
		SetCookie(w, r, &http.Cookie{Name: "spidsim_x", Value: "1"})
	})
	mux.Handle("/form", readForm())
	mux.Handle("/idp/{slug}/sso/post", readForm())
	mux.Handle("/idp/{slug}/sso/redirect", readForm())
	mux.HandleFunc("/api/v1/things", func(w http.ResponseWriter, r *http.Request) {
		var v struct{ Name string }
		if err := DecodeJSON(r, &v); err != nil {
			Fail(w, r, err)
			return
		}
		JSON(w, http.StatusCreated, v)
	})
	mux.HandleFunc("/api/v1/scenarios/", func(w http.ResponseWriter, r *http.Request) { JSON(w, 200, r.URL.EscapedPath()) })
	mux.Handle("/", NotFoundHandler())
	return mux
}

func readForm() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		form, err := Form(r)
		if err != nil {
			Fail(w, r, err)
			return
		}
		fmt.Fprintf(w, "%d fields", len(form))
	})
}

func wrap(t testing.TB, o Options) http.Handler {
	t.Helper()
	h, err := Handler(site(), o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// do sends a request to the site; edits change it before.
func do(t testing.TB, h http.Handler, method, target, body string, edits ...func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, "http://localhost:8088/", strings.NewReader(body))
	if body == "" {
		r = httptest.NewRequest(method, "http://localhost:8088/", nil)
	}
	path, query, _ := strings.Cut(target, "?")
	r.URL.RawQuery = query
	if p, err := url.PathUnescape(path); err == nil {
		r.URL.Path, r.URL.RawPath = p, path
	} else {
		r.URL.Path = path
	}
	for _, edit := range edits {
		edit(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func host(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }

func urlencoded(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }

func TestSEC51HeadersOnEveryAnswer(t *testing.T) {
	t.Parallel()
	h := wrap(t, options(nil))
	for name, target := range map[string]string{
		"a page": "/page", "404": "/nothing", "a panic": "/panic", "an error": "/fail", "an answer without a body": "/silent",
		"a refused path": "//x", "robots.txt": "/robots.txt", "JSON": "/api/v1/nothing", "an asset": "/assets/x.css",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := do(t, h, "GET", target, "")
			for key, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
				"X-Robots-Tag": "noindex, nofollow", "X-Simulator": "true", "Permissions-Policy": permissions, "X-Request-Id": "ref-1",
			} {
				if got := w.Header().Get(key); got != want {
					t.Errorf("%s is %q, want %q", key, got, want)
				}
			}
			csp := w.Header().Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'none';", "style-src 'self';", "frame-ancestors 'none';", "base-uri 'none';", "form-action 'self'"} {
				if !strings.Contains(csp, want) {
					t.Errorf("the policy %q lacks %q", csp, want)
				}
			}
			if strings.Contains(csp, "unsafe") {
				t.Errorf("the policy %q has an unsafe word (UX-06)", csp)
			}
			want := "no-store"
			if target == "/assets/x.css" {
				want = "public"
			}
			if got := w.Header().Get("Cache-Control"); got != want {
				t.Errorf("Cache-Control is %q, want %q", got, want)
			}
			if w.Header().Get("Strict-Transport-Security") != "" {
				t.Error("HSTS is sent without TLS")
			}
		})
	}
}

func TestSEC51HSTS(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{
		"https://sim.example": "max-age=86400", "http://sim.example": "", "https://localhost:8088": "", "https://192.0.2.1": "", "https://poste.localhost": "",
	} {
		o := options(nil)
		o.BaseURL, _ = url.Parse(base) // constant
		w := do(t, wrap(t, o), "GET", "/page", "", host(o.BaseURL.Host))
		if got := w.Header().Get("Strict-Transport-Security"); got != want || w.Code != 200 {
			t.Errorf("%s: HSTS is %q with status %d, want %q and 200", base, got, w.Code, want)
		}
	}
}

func TestSEC51NonceIsFreshAndInThePolicy(t *testing.T) {
	t.Parallel()
	h := wrap(t, options(nil))
	seen := map[string]bool{}
	for range 3 {
		w := do(t, h, "GET", "/page", "")
		_, nonce, _ := strings.Cut(w.Body.String(), "nonce=")
		if len(nonce) < 20 || seen[nonce] {
			t.Errorf("nonce %q is short or not fresh", nonce)
		}
		seen[nonce] = true
		if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self' 'nonce-"+nonce+"';") {
			t.Errorf("the policy %q lacks the nonce %q", csp, nonce)
		}
	}
}

func TestSEC52FormAction(t *testing.T) {
	t.Parallel()
	h := wrap(t, options(nil))
	for name, row := range map[string]struct{ to, want string }{
		"the origin of the ACS is added":        {"https://SP.example:8443/acs?x=1", "form-action 'self' https://sp.example:8443"},
		"a script address adds nothing":         {"javascript:alert(1)", "form-action 'self'"},
		"a data address adds nothing":           {"data:text/html,x", "form-action 'self'"},
		"a relative address adds nothing":       {"/acs", "form-action 'self'"},
		"a second directive cannot be smuggled": {"https://a;script-src%20*/", "form-action 'self'"},
		"an IPv6 host opens its scheme only":    {"http://[::1]:3000/acs", "form-action 'self' http:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := do(t, h, "GET", "/post?to="+url.QueryEscape(row.to), "")
			_, got, _ := strings.Cut(w.Header().Get("Content-Security-Policy"), "base-uri 'none'; ")
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestSEC05Host(t *testing.T) {
	t.Parallel()
	h := wrap(t, options(nil))
	for name, row := range map[string]struct {
		host string
		want int
	}{
		"localhost with the port":             {"localhost:8088", 200},
		"in capitals":                         {"LocalHost:8088", 200},
		"127.0.0.1":                           {"127.0.0.1:8088", 200},
		"[::1]":                               {"[::1]:8088", 200},
		"a name under .localhost":             {"poste.localhost:8088", 200},
		"a given host with any port":          {"sim.example:1", 200},
		"a given host without a port":         {"sim.example", 200},
		"a given address with its port":       {"[fd00::1]:99", 200},
		"a given address with another port":   {"[fd00::1]:98", 421},
		"another host":                        {"attacker.example", 421},
		"another host with the port":          {"attacker.example:8088", 421},
		"localhost with another port":         {"localhost:9", 421},
		"a name that ends in localhost":       {"xlocalhost:8088", 421},
		"the bare suffix":                     {".localhost:8088", 421},
		"localhost as a part of another name": {"localhost.attacker.example:8088", 421},
		"none":                                {"", 421},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := do(t, h, "GET", "/page", "", host(row.host), header("X-Forwarded-Host", "attacker.example"))
			if w.Code != row.want {
				t.Errorf("got %d, want %d", w.Code, row.want)
			}
			if strings.Contains(w.Body.String()+fmt.Sprint(w.Header()), "attacker") {
				t.Error("the host is echoed")
			}
		})
	}
}

func TestSEC05TwoHostHeaders(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(wrap(t, options(nil)))
	t.Cleanup(s.Close)
	got := raw(t, s, "GET /page HTTP/1.1\r\nHost: localhost:8088\r\nHost: attacker.example\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(got, "HTTP/1.1 400") {
		t.Errorf("got %.40q, want 400", got)
	}
}

// raw sends octets to a server and returns what it answers.
func raw(t *testing.T, s *httptest.Server, request string) string {
	t.Helper()
	c, err := net.DialTimeout("tcp", s.Listener.Addr().String(), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(c, request) // the server may close early, which is what some rows test
	answer, _ := io.ReadAll(bufio.NewReader(c))
	return string(answer)
}

func TestSEC50CrossOrigin(t *testing.T) {
	t.Parallel()
	h := wrap(t, options(nil))
	cross := header("Sec-Fetch-Site", "cross-site")
	for name, row := range map[string]struct {
		method, path string
		edit         func(*http.Request)
		want         int
	}{
		"a form of our own page":                       {"POST", "/form", header("Sec-Fetch-Site", "same-origin"), 200},
		"a client that is no browser":                  {"POST", "/form", func(*http.Request) {}, 200},
		"a cross-site form is refused":                 {"POST", "/form", cross, 403},
		"a same-site form is refused":                  {"POST", "/form", header("Sec-Fetch-Site", "same-site"), 403},
		"a wrong Origin is refused":                    {"POST", "/form", header("Origin", "http://localhost:8089"), 403},
		"the Origin null is refused":                   {"POST", "/form", header("Origin", "null"), 403},
		"PUT is refused":                               {"PUT", "/api/v1/things", cross, 403},
		"DELETE is refused":                            {"DELETE", "/api/v1/things", cross, 403},
		"reading is no change":                         {"GET", "/page", cross, 200},
		"the SSO endpoint takes posts from elsewhere":  {"POST", "/idp/prova/sso/post", cross, 200},
		"its neighbour with a slash does not":          {"POST", "/idp/prova/sso/post/", cross, 403},
		"its neighbour with a name does not":           {"POST", "/idp/prova/sso/post/x", cross, 403},
		"a doubled slash does not":                     {"POST", "//idp/prova/sso/post", cross, 404},
		"PUT on the SSO endpoint does not":             {"PUT", "/idp/prova/sso/post", cross, 403},
		"an endpoint that is not on the list does not": {"POST", "/idp/prova/sso/redirect", cross, 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := do(t, h, row.method, row.path, "a=1", urlencoded, row.edit)
			if row.path == "/api/v1/things" && row.want == 200 {
				t.Fatal("the row is wrong")
			}
			if w.Code != row.want {
				t.Errorf("got %d, want %d: %s", w.Code, row.want, w.Body)
			}
		})
	}
}

func TestSEC60(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := wrap(t, options(slog.New(slog.NewJSONHandler(&log, nil))))
	t.Run("TRACE is refused", func(t *testing.T) {
		if w := do(t, h, "TRACE", "/page", ""); w.Code != 405 || !strings.Contains(w.Header().Get("Allow"), "GET") {
			t.Errorf("got %d, Allow %q", w.Code, w.Header().Get("Allow"))
		}
	})
	t.Run("a panic is one 500 with a reference and its cause is in the log alone", func(t *testing.T) {
		w := do(t, h, "GET", "/panic", "", header("Accept", "application/json"))
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 500 || p.Reference != "ref-1" {
			t.Errorf("got %d %s (%v)", w.Code, w.Body, err)
		}
		if strings.Contains(w.Body.String(), "secret") || !strings.Contains(log.String(), "secret cause") {
			t.Error("the cause is on the page or not in the log")
		}
	})
	t.Run("an unknown error is a 500 without its cause", func(t *testing.T) {
		if w := do(t, h, "GET", "/fail", ""); w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
	})
	t.Run("a page that cannot be rendered is no half page", func(t *testing.T) {
		if w := do(t, h, "GET", "/broken", ""); w.Code != 500 || strings.Contains(w.Body.String(), "half") || !strings.Contains(w.Body.String(), "ref-1") {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
	})
	t.Run("a panic after the first octets cuts the connection", func(t *testing.T) {
		defer func() {
			if p := recover(); p != http.ErrAbortHandler {
				t.Errorf("got %v, want http.ErrAbortHandler", p)
			}
		}()
		do(t, h, "GET", "/late-panic", "")
		t.Error("the handler returned")
	})
}

func TestSEC60ServerLimits(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(nil)
	o := options(nil)
	s.Config = NewServer(wrap(t, o), limits.Limits{ReadHeaderTimeout: 200 * time.Millisecond}, nil)
	s.Start()
	t.Cleanup(s.Close)
	head := "GET /silent HTTP/1.1\r\nHost: localhost:8088\r\nConnection: close\r\n"
	for name, row := range map[string]struct{ request, want string }{
		"headers up to the limit are taken":       {head + "X: " + strings.Repeat("x", 15<<10) + "\r\n\r\n", "HTTP/1.1 200"},
		"headers past the limit are refused":      {head + "X: " + strings.Repeat("x", 17<<10) + "\r\n\r\n", "HTTP/1.1 431"},
		"a megabyte of headers is refused":        {head + "X: " + strings.Repeat("x", 1<<20) + "\r\n\r\n", ""},
		"two lengths that differ are refused":     {"POST /form HTTP/1.1\r\nHost: localhost:8088\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "HTTP/1.1 400"},
		"headers that never end are cut off":      {head + "X: ", ""},
		"a chunked body with a length is refused": {"POST /form HTTP/1.1\r\nHost: localhost:8088\r\nContent-Length: 1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", "HTTP/1.1 501"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := raw(t, s, row.request); !strings.HasPrefix(got, row.want) || strings.HasPrefix(row.want, "HTTP/1.1 4") && strings.Contains(got, "HTTP/1.1 200") {
				t.Errorf("got %.60q, want %q", got, row.want)
			}
		})
	}
}

func TestSEC61Paths(t *testing.T) {
	t.Parallel()
	h := wrap(t, options(nil))
	for name, row := range map[string]struct {
		path string
		want int
	}{
		"a plain path":                 {"/page", 200},
		"a doubled slash at the start": {"//page", 404},
		"a doubled slash inside":       {"/idp//prova", 404},
		"a dot":                        {"/./page", 404},
		"two dots":                     {"/x/../page", 404},
		"two dots at the end":          {"/x/..", 404},
		"an encoded slash":             {"/acs%2f..%2fadmin", 404},
		"encoded dots":                 {"/assets/%2e%2e/%2e%2e/etc/passwd", 404},
		"an encoded backslash":         {"/assets/..%5c..%5cetc", 404},
		"NUL":                          {"/page%00", 404},
		"overlong UTF-8":               {"/%c0%ae%c0%ae/page", 404},
		"an entityID where one may be": {"/api/v1/scenarios/https%3A%2F%2Fsp.example%2Fx", 200},
		"dots do not hide there":       {"/api/v1/scenarios/../page", 404},
		"an entityID elsewhere":        {"/api/v1/things/https%3A%2F%2Fsp.example", 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := do(t, h, "POST", row.path, "")
			if w.Code != row.want {
				t.Errorf("got %d, want %d", w.Code, row.want)
			}
			if w.Header().Get("Location") != "" {
				t.Error("a POST was redirected")
			}
		})
	}
	t.Run("a query past its limit is refused", func(t *testing.T) {
		t.Parallel()
		if w := do(t, h, "GET", "/page?"+strings.Repeat("a", 200), ""); w.Code != 200 {
			t.Errorf("at the limit: got %d, want 200", w.Code)
		}
		if w := do(t, h, "GET", "/page?"+strings.Repeat("a", 201), ""); w.Code != 414 {
			t.Errorf("past the limit: got %d, want 414", w.Code)
		}
	})
}

func TestSEC78BodyLimits(t *testing.T) {
	t.Parallel()
	h := wrap(t, options(nil))
	unknown := func(r *http.Request) { r.ContentLength = -1 }
	for name, row := range map[string]struct {
		path   string
		size   int
		edit   func(*http.Request)
		status int
	}{
		"a form at the limit":                           {"/form", 100, urlencoded, 200},
		"a form past the limit":                         {"/form", 101, urlencoded, 413},
		"a form past the limit that hides its size":     {"/form", 101, unknown, 413},
		"a form far past the limit":                     {"/form", 10 << 20, urlencoded, 413},
		"a message at its own limit":                    {"/idp/prova/sso/post", 1000, urlencoded, 200},
		"a message past its limit reaches the endpoint": {"/idp/prova/sso/post", 1001, urlencoded, 413},
		"a message far past its limit":                  {"/idp/prova/sso/post", 10 << 20, urlencoded, 413},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := do(t, h, "POST", row.path, "a="+strings.Repeat("x", row.size-2), urlencoded, row.edit)
			if w.Code != row.status {
				t.Errorf("got %d, want %d: %.80s", w.Code, row.status, w.Body)
			}
		})
	}
	for name, row := range map[string]struct {
		path, body, kind string
		want             int
	}{
		"as many fields as allowed":      {"/form", "a=1&b=2&c=3", "application/x-www-form-urlencoded; charset=utf-8", 200},
		"one field more":                 {"/form", "a=1&b=2&c=3&d=4", "application/x-www-form-urlencoded", 400},
		"a message may have more fields": {"/idp/prova/sso/post", "a=1&b=2&c=3&d=4", "application/x-www-form-urlencoded", 200},
		"another type of body":           {"/form", "a=1", "multipart/form-data; boundary=x", 415},
		"no type at all":                 {"/form", "a=1", "", 415},
		"a bad escape":                   {"/form", "a=%zz", "application/x-www-form-urlencoded", 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if w := do(t, h, "POST", row.path, row.body, header("Content-Type", row.kind)); w.Code != row.want {
				t.Errorf("got %d, want %d: %.80s", w.Code, row.want, w.Body)
			}
		})
	}
	t.Run("fields of the query are never read (SEC-28)", func(t *testing.T) {
		t.Parallel()
		if w := do(t, h, "POST", "/form?b=2&c=3", "a=1", urlencoded); w.Body.String() != "1 fields" {
			t.Errorf("got %q, want 1 fields", w.Body)
		}
	})
}

func TestSEC70LogLines(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := wrap(t, options(slog.New(slog.NewJSONHandler(&log, nil))))
	do(t, h, "GET", "/page?SAMLRequest=sentinel&otp=123456", "")
	do(t, h, "GET", "/x\r\n\x1b[31m\u202e"+strings.Repeat("y", 1<<20), "")
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("got %d lines, want 2", len(lines))
	}
	for _, line := range lines {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil || len(line) > 4096 {
			t.Errorf("line of %d octets: %v", len(line), err)
		}
		for _, key := range []string{"method", "path", "status", "took", "id"} {
			if _, ok := v[key]; !ok {
				t.Errorf("the line lacks %s: %.200s", key, line)
			}
		}
	}
	if strings.Contains(log.String(), "sentinel") || strings.Contains(log.String(), "123456") {
		t.Error("SEC-71: the query is in the log")
	}
}

func TestUX50Language(t *testing.T) {
	t.Parallel()
	h := wrap(t, options(nil))
	english := header("Cookie", "spidsim_lang=en")
	for name, row := range map[string]struct {
		target string
		edit   func(*http.Request)
		lang   string
		cookie string
	}{
		"Italian whatever the browser asks":  {"/page", header("Accept-Language", "en"), "it", ""},
		"English when asked for":             {"/page?lang=en", header("X", "x"), "en", "spidsim_lang=en"},
		"among other parameters":             {"/page?a=1&lang=en&b=2", header("X", "x"), "en", "spidsim_lang=en"},
		"the cookie keeps it":                {"/page", english, "en", ""},
		"the address wins over the cookie":   {"/page?lang=it", english, "it", "spidsim_lang=it"},
		"an unknown language is no language": {"/page?lang=de", english, "en", ""},
		"an unknown cookie is no language":   {"/page", header("Cookie", "spidsim_lang=xx"), "it", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := do(t, h, "GET", row.target, "", row.edit)
			if !strings.HasPrefix(w.Body.String(), "lang="+row.lang+" ") {
				t.Errorf("got %q, want lang=%s", w.Body, row.lang)
			}
			if got := w.Header().Get("Set-Cookie"); !strings.HasPrefix(got, row.cookie) || row.cookie == "" && got != "" {
				t.Errorf("Set-Cookie is %q, want %q", got, row.cookie)
			}
		})
	}
}

func TestSEC49Cookies(t *testing.T) {
	t.Parallel()
	w := do(t, wrap(t, options(nil)), "GET", "/cookie", "")
	if got, want := w.Header().Get("Set-Cookie"), "spidsim_x=1; Path=/; HttpOnly; SameSite=Lax"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	o := options(nil)
	o.BaseURL, _ = url.Parse("https://localhost:8088") // constant
	w = do(t, wrap(t, o), "GET", "/cookie", "")
	if got, want := w.Header().Get("Set-Cookie"), "spidsim_x=1; Path=/; HttpOnly; Secure; SameSite=Lax"; got != want {
		t.Errorf("with TLS: got %q, want %q", got, want)
	}
}

func TestUX31Robots(t *testing.T) {
	t.Parallel()
	if got := do(t, wrap(t, options(nil)), "GET", "/robots.txt", "").Body.String(); got != "User-agent: *\nDisallow: /\n" {
		t.Errorf("got %q, want everything denied", got)
	}
}

func TestUX81WantsJSON(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		"": false, "*/*": false, "application/json": true, "application/problem+json": true, "text/html,application/json;q=0.9": false,
		"application/json, text/html;q=0.5": true, "text/html": false, "application/json;q=0": false, "nonsense;;,application/json": true,
	} {
		r := httptest.NewRequest("GET", "/spid/me", nil)
		r.Header.Set("Accept", accept)
		if got := WantsJSON(r); got != want {
			t.Errorf("Accept %q: got %v, want %v", accept, got, want)
		}
	}
	if !WantsJSON(httptest.NewRequest("GET", "/api/v1/users", nil)) {
		t.Error("the API answers with a page")
	}
}

func TestSEC59DecodeJSON(t *testing.T) {
	t.Parallel()
	h := wrap(t, options(nil))
	for name, row := range map[string]struct {
		body, kind string
		status     int
		field      string
	}{
		"a known field is taken":       {`{"Name":"x"}`, "application/json", 201, ""},
		"an unknown field is refused":  {`{"Name":"x","role":"operator"}`, "application/json", 400, "role"},
		"a wrong type names its field": {`{"Name":1}`, "application/json", 400, "Name"},
		"two values are refused":       {`{"Name":"x"}{}`, "application/json", 400, ""},
		"text after it is refused":     {`{"Name":"x"} x`, "application/json", 400, ""},
		"another content type":         {`{"Name":"x"}`, "text/plain", 415, ""},
		"an empty body":                {``, "application/json", 400, ""},
		"a body past the limit":        {`{"Name":"` + strings.Repeat("x", 600) + `"}`, "application/json", 413, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := do(t, h, "POST", "/api/v1/things", row.body, header("Content-Type", row.kind))
			if w.Code != row.status {
				t.Fatalf("got %d, want %d: %s", w.Code, row.status, w.Body)
			}
			var p Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			if row.status != 201 && (p.Field != row.field || p.Code == "" || w.Header().Get("Content-Type") != "application/problem+json") {
				t.Errorf("got field %q, code %q, type %q, want field %q", p.Field, p.Code, w.Header().Get("Content-Type"), row.field)
			}
		})
	}
}

func TestSEC59Operator(t *testing.T) {
	t.Parallel()
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })
	from := func(addr string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = addr } }
	for name, row := range map[string]struct {
		token string
		edits []func(*http.Request)
		want  int
	}{
		"loopback without a token":            {"", []func(*http.Request){from("127.0.0.1:5")}, 204},
		"IPv6 loopback":                       {"", []func(*http.Request){from("[::1]:5")}, 204},
		"mapped loopback":                     {"", []func(*http.Request){from("[::ffff:127.0.0.1]:5")}, 204},
		"another machine without a token":     {"", []func(*http.Request){from("192.0.2.1:5")}, 403},
		"a forwarding header is not believed": {"", []func(*http.Request){from("192.0.2.1:5"), header("X-Forwarded-For", "127.0.0.1")}, 403},
		"the token from another machine":      {"sesame", []func(*http.Request){from("192.0.2.1:5"), header("Authorization", "Bearer sesame")}, 204},
		"the token as a browser's password":   {"sesame", []func(*http.Request){func(r *http.Request) { r.SetBasicAuth("x", "sesame") }}, 204},
		"no token where one is set":           {"sesame", []func(*http.Request){from("127.0.0.1:5")}, 401},
		"another token":                       {"sesame", []func(*http.Request){header("Authorization", "Bearer sesamo")}, 401},
		"a prefix of the token":               {"sesame", []func(*http.Request){header("Authorization", "Bearer sesam")}, 401},
		"an empty token":                      {"sesame", []func(*http.Request){header("Authorization", "Bearer ")}, 401},
		"a page of another site reads":        {"", []func(*http.Request){from("127.0.0.1:5"), header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "no-cors")}, 403},
		"a page of the portal's origin reads": {"", []func(*http.Request){from("127.0.0.1:5"), header("Sec-Fetch-Site", "same-site"), header("Sec-Fetch-Mode", "cors")}, 403},
		"an Origin of another host":           {"", []func(*http.Request){from("127.0.0.1:5"), header("Origin", "https://attacker.example")}, 403},
		"the Origin null":                     {"", []func(*http.Request){from("127.0.0.1:5"), header("Origin", "null")}, 403},
		"our own page":                        {"", []func(*http.Request){from("127.0.0.1:5"), header("Sec-Fetch-Site", "same-origin")}, 204},
		"a link that a person follows":        {"", []func(*http.Request){from("127.0.0.1:5"), header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "navigate"), header("Sec-Fetch-Dest", "document")}, 204},
		"a frame of another site":             {"", []func(*http.Request){from("127.0.0.1:5"), header("Sec-Fetch-Site", "cross-site"), header("Sec-Fetch-Mode", "navigate"), header("Sec-Fetch-Dest", "iframe")}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := do(t, Operator{Token: row.token}.Guard(ok), "GET", "/api/v1/users", "", row.edits...)
			if w.Code != row.want {
				t.Errorf("got %d, want %d: %s", w.Code, row.want, w.Body)
			}
			if w.Code == 401 && w.Header().Get("WWW-Authenticate") != `Bearer realm="spidsim"` {
				t.Errorf("WWW-Authenticate is %q", w.Header().Values("WWW-Authenticate"))
			}
		})
	}
}

func TestSEC58Rates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	t.Run("a burst is allowed, then one every so often", func(t *testing.T) {
		t.Parallel()
		at := now
		l := NewRates(60, time.Minute, 3, 10, func() time.Time { return at })
		for range 3 {
			if _, ok := l.Allow("a"); !ok {
				t.Fatal("refused within the burst")
			}
		}
		wait, ok := l.Allow("a")
		if ok || wait != time.Second {
			t.Errorf("got %v %v, want one second to wait", wait, ok)
		}
		if _, ok := l.Allow("b"); !ok {
			t.Error("another key is refused")
		}
		at = at.Add(time.Second)
		if _, ok := l.Allow("a"); !ok {
			t.Error("refused after the wait")
		}
	})
	t.Run("the table stays bounded with 100,000 names", func(t *testing.T) {
		t.Parallel()
		l := NewRates(60, time.Minute, 1, 500, func() time.Time { return now })
		for i := range 100_000 {
			l.Allow(fmt.Sprint(i))
		}
		if l.Len() != 500 {
			t.Errorf("%d entries, want 500", l.Len())
		}
	})
	t.Run("ten requests for an identity an hour", func(t *testing.T) {
		t.Parallel()
		o, at := options(nil), now
		o.Enrol, o.Now = []string{"POST /form"}, func() time.Time { return at }
		h := wrap(t, o)
		send := func() int {
			return do(t, h, "POST", "/form", "", func(r *http.Request) { r.RemoteAddr = "192.0.2.1:1" }).Code
		}
		for n := range 10 {
			if code := send(); code == 429 {
				t.Fatalf("number %d got 429", n+1)
			}
		}
		if code := send(); code != 429 {
			t.Errorf("number 11 got %d, want 429", code)
		}
		at = at.Add(6 * time.Minute)
		if code := send(); code == 429 {
			t.Error("six minutes later: 429")
		}
	})
	t.Run("D-09: another machine gets 429 with Retry-After, loopback never", func(t *testing.T) {
		t.Parallel()
		o := options(nil)
		o.SSO, o.Now = []string{"/page"}, func() time.Time { return now }
		o.Limits.SSOPerMinute, o.Limits.SSOBurst = 1, 1
		h := wrap(t, o)
		send := func(addr string) *httptest.ResponseRecorder {
			return do(t, h, "GET", "/page", "", func(r *http.Request) { r.RemoteAddr = addr }, header("X-Forwarded-For", "203.0.113.9"))
		}
		for range 5 {
			if w := send("127.0.0.1:1"); w.Code != 200 {
				t.Fatalf("loopback got %d", w.Code)
			}
		}
		send("192.0.2.1:1")
		if w := send("192.0.2.1:2"); w.Code != 429 || w.Header().Get("Retry-After") != "60" {
			t.Errorf("got %d, Retry-After %q, want 429 and 60", w.Code, w.Header().Get("Retry-After"))
		}
		if w := do(t, h, "GET", "/cookie", "", func(r *http.Request) { r.RemoteAddr = "192.0.2.1:3" }); w.Code != 200 {
			t.Errorf("an address without a rate got %d", w.Code)
		}
	})
}

func TestHandlerRefusesABadPattern(t *testing.T) {
	t.Parallel()
	if _, err := Handler(site(), Options{CrossSite: []string{"POST {"}}); err == nil {
		t.Error("got no error")
	}
}

func TestStreamsCanBeFlushed(t *testing.T) {
	t.Parallel()
	h, err := Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Errorf("SetWriteDeadline: %v", err)
		}
		w.(http.Flusher).Flush()
	}), Options{Hosts: []string{"127.0.0.1"}})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	res, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 || res.Header.Get("X-Simulator") != "true" {
		t.Errorf("got %d, X-Simulator %q", res.StatusCode, res.Header.Get("X-Simulator"))
	}
}

// discard is a ResponseWriter that costs nothing.
type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}

// The whole chain must cost less than 15 microseconds a request.
func BenchmarkHandler(b *testing.B) {
	o := options(slog.New(slog.NewTextHandler(io.Discard, nil)))
	o.NewID = nil
	h, err := Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = Page(r)
		w.WriteHeader(http.StatusOK)
	}), o)
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("POST", "http://localhost:8088/idp/prova/login/x?lang=it", nil)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Cookie", "spidsim_lang=it")
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(discard{http.Header{}}, r)
	}
}
