package admin

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/mux"

	"spidsim/idp/idptest"
	"spidsim/internal/web"
)

const base = "http://localhost:8088"

// surface is the control surface as the program puts it together: router and web layer around it.
type surface struct {
	*idptest.Sim
	admin  *Admin
	router *mux.Router
	web    http.Handler
	log    *buffer
}

// buffer collects log lines of several goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// start makes a surface of its own for a test; change may alter its configuration.
func start(t *testing.T, change func(*Config), opts ...idptest.Option) *surface {
	t.Helper()
	s := &surface{log: &buffer{}}
	log := slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.Sim = idptest.New(t, append([]idptest.Option{idptest.AllGestori()}, opts...)...)
	cfg := Config{Federation: s.Federation, Outbox: s.Outbox, BaseURL: base, PortalURL: "http://localhost:8089", Version: "1.2.3", Log: log}
	if change != nil {
		change(&cfg)
	}
	s.admin = New(cfg)
	s.router = mux.NewRouter().SkipClean(true)
	s.router.NotFoundHandler = web.NotFoundHandler()
	s.admin.Routes(s.router)
	u, _ := url.Parse(base)
	var err error
	s.web, err = web.Handler(s.router, web.Options{BaseURL: u, Uploads: Uploads, Encoded: Encoded, Log: log, Version: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// call is one request; zero fields mean a GET from this machine.
type call struct {
	method, path string
	body         string
	kind         string // Content-Type; JSON for a body that begins with {
	from         string // remote address
	header       map[string]string
}

func (s *surface) do(t *testing.T, c call) *httptest.ResponseRecorder {
	t.Helper()
	if c.method == "" {
		c.method = http.MethodGet
	}
	var body io.Reader
	if c.body != "" {
		body = strings.NewReader(c.body)
	}
	r := httptest.NewRequestWithContext(t.Context(), c.method, base+c.path, body)
	r.RemoteAddr = "127.0.0.1:40000"
	if c.from != "" {
		r.RemoteAddr = c.from
	}
	if c.kind == "" && strings.HasPrefix(c.body, "{") {
		c.kind = "application/json"
	}
	if c.kind != "" {
		r.Header.Set("Content-Type", c.kind)
	}
	for k, v := range c.header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	s.web.ServeHTTP(w, r)
	return w
}

// want fails unless the answer has that status, and decodes its JSON into v unless that is nil.
func want(t *testing.T, w *httptest.ResponseRecorder, status int, v any) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status is %d, want %d: %s", w.Code, status, clip(w.Body.String(), 2000))
	}
	if v == nil {
		return
	}
	if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
		t.Fatalf("the body is no JSON: %v: %s", err, clip(w.Body.String(), 500))
	}
}

// problem is what an error answer must say.
type problem struct {
	Title, Detail, Code, Field, Rule, Found, Wanted string
	Status                                          int
	Findings                                        []Finding
}

func wantProblem(t *testing.T, w *httptest.ResponseRecorder, status int) problem {
	t.Helper()
	var p problem
	want(t, w, status, &p)
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type is %q, want application/problem+json", got)
	}
	if p.Status != status || p.Title == "" {
		t.Errorf("problem has status %d and title %q, want %d and a title", p.Status, p.Title, status)
	}
	return p
}

// handClock is a time that a test sets.
type handClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *handClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *handClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// names is a resolver that answers from a table, one list a question, the last one for ever.
type names struct {
	mu    sync.Mutex
	lists map[string][][]string
	asked int
}
