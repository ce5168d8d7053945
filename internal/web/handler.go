package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"spidsim/internal/config/limits"
	"spidsim/templates/ui"
)

// Options says what Handler needs to know of the program. Zero fields mean the documented default.
type Options struct {
	BaseURL *url.URL // the listener's public address; its host is always answered
	Port    string   // of the listener, "8088": localhost, loopback addresses and *.localhost are answered with it
	Hosts   []string // further hosts to answer, "sim.example" (any port) or "sim.example:8088"

	// CrossSite lists the endpoints that other sites must post to, as ServeMux patterns with method and full path:
	// "POST /idp/{slug}/sso/post". Their bodies have the limits of messages; everything else is same-origin (SEC-50).
	CrossSite []string
	// Uploads lists, as ServeMux patterns, where a body may be as large as a metadata document.
	Uploads []string
	// Encoded lists path prefixes below which a segment may hold encoded slashes, since it is an entityID
	// ("/api/v1/scenarios/"). The router must then use the encoded path.
	Encoded []string

	// SSO, SignIn, Enrol and API list, as ServeMux patterns, what the rates of section 10 hold for: login requests, attempts to
	// sign in, requests for an identity that begin, API requests. They count by client address, and never on loopback (D-09, SEC-58).
	SSO, SignIn, Enrol, API []string

	Limits  limits.Limits
	Mode    string        // ui.ModeDev, ui.ModeCI, ui.ModeTrainer
	Version string        // of the program, for the footer
	Remote  string        // address announced when the listener is not loopback (UX-33)
	SimDate func() string // simulated date for the banner, "" = real time; may be nil

	Log   *slog.Logger     // nil discards
	Now   func() time.Time // nil is the real clock; only for durations in the log
	NewID func() string    // request ids; nil makes random ones
}

// handler is the chain around the router.
type handler struct {
	Options
	next    http.Handler // protection and all that lies within it
	hosts   hostSet
	classes *http.ServeMux
	rates   *http.ServeMux
	hsts    bool
	secure  bool
}

// Handler wraps next, usually the router, in everything that holds for every request and answer. It fails on a
// pattern that ServeMux does not take.
func Handler(next http.Handler, o Options) (h http.Handler, err error) {
	defer func() { // ServeMux panics on a bad pattern; here it is an error of the caller's options
		if p := recover(); p != nil {
			h, err = nil, fmt.Errorf("pattern of the web layer: %v", p)
		}
	}()
	c := &handler{Options: withDefaults(o), hosts: newHostSet(o), classes: bodyClasses(o)}
	c.rates = rateClasses(c.Options)
	c.secure = o.BaseURL != nil && o.BaseURL.Scheme == "https"
	c.hsts = c.secure && publicName(o.BaseURL.Hostname())
	guard := http.NewCrossOriginProtection()
	for _, pattern := range o.CrossSite {
		guard.AddInsecureBypassPattern(pattern)
	}
	guard.SetDenyHandler(http.HandlerFunc(denyCrossOrigin))
	c.next = guard.Handler(http.HandlerFunc(c.inner(next)))
	return c, nil
}

func withDefaults(o Options) Options {
	o.Limits = o.Limits.WithDefaults()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewID == nil {
		o.NewID = randomID
	}
	return o
}

func randomID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails: the runtime stops the process instead
	return hex.EncodeToString(b[:])
}

// state is what one request carries through its context.
type state struct {
	h          *handler
	id         string
	nonce      string   // made when a page asks for it
	formAction []string // further origins that forms may go to
	lang       string
	trusted    bool // browsers call the origin potentially trustworthy: TLS, or loopback
}

type stateKey struct{}

func stateOf(r *http.Request) *state {
	s, _ := r.Context().Value(stateKey{}).(*state)
	return s
}

// RequestID returns the id of the request: the reference that log lines and error pages share. "" outside Handler.
func RequestID(r *http.Request) string {
	if s := stateOf(r); s != nil {
		return s.id
	}
	return ""
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := h.Now()
	s := &state{h: h, id: h.NewID(), trusted: h.secure || loopbackName(r.Host)}
	a := &answer{ResponseWriter: w, state: s, path: r.URL.Path}
	r = r.WithContext(context.WithValue(r.Context(), stateKey{}, s))
	defer func() {
		if p := recover(); p != nil {
			h.panicked(a, r, p)
		}
		a.finish()
		h.logLine(r, a, h.Now().Sub(start))
	}()
	if refused := h.check(r); refused != nil {
		Fail(a, r, refused)
		return
	}
	h.next.ServeHTTP(a, r)
}

// check refuses what no handler should ever see.
func (h *handler) check(r *http.Request) error {
	switch {
	case r.Method == http.MethodTrace || r.Method == http.MethodConnect:
		return &Error{Status: http.StatusMethodNotAllowed, Allow: "GET, HEAD, POST, PUT, PATCH, DELETE",
			Problem: Problem{Code: "method", Detail: "this method is never answered", Rule: "SEC-60"}}
	case !h.hosts.has(r.Host):
		return &Error{Status: http.StatusMisdirectedRequest,
			Problem: Problem{Code: "host", Detail: "this server does not answer to that host name; --allow-host adds one", Rule: "SEC-05"}}
	case !h.cleanPath(r.URL):
		return &Error{Status: http.StatusNotFound,
			Problem: Problem{Code: "path", Detail: "the address has empty, dotted or encoded parts", Rule: "SEC-61"}}
	case len(r.URL.RawQuery) > h.Limits.QueryBytes:
		return &Error{Status: http.StatusRequestURITooLong,
			Problem: Problem{Code: "query", Detail: fmt.Sprintf("the query is longer than %d octets", h.Limits.QueryBytes)}}
	}
	return nil
}

// inner runs inside the cross-origin protection.
func (h *handler) inner(next http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = w.Write([]byte(ui.Robots)) // a client that left is no error of ours
			return
		}
		if err := h.limitRate(r); err != nil {
			Fail(w, r, err)
			return
		}
		if err := h.limitBody(w, r); err != nil {
			Fail(w, r, err)
			return
		}
		h.language(w, r)
		next.ServeHTTP(w, r)
	}
}

func denyCrossOrigin(w http.ResponseWriter, r *http.Request) {
	Fail(w, r, &Error{Status: http.StatusForbidden,
		Problem: Problem{Code: "cross-origin", Detail: "forms of this site are sent from this site only", Rule: "SEC-50"}})
}

// panicked turns a panic into one 500 with a reference (SEC-60). When the answer has begun, the connection is cut, so that
// nobody takes the half for the whole.
func (h *handler) panicked(a *answer, r *http.Request, p any) {
	if p == http.ErrAbortHandler {
		panic(p)
	}
	h.Log.LogAttrs(r.Context(), slog.LevelError, "panic",
		slog.String("id", a.state.id), slog.String("panic", clip(fmt.Sprint(p), 1024)), slog.String("stack", clip(string(debug.Stack()), 2048)))
	if a.status != 0 {
		panic(http.ErrAbortHandler)
	}
	Fail(a, r, &Error{Status: http.StatusInternalServerError, Problem: Problem{Code: "internal"}})
}

// logLine writes one line a request: never the query, which may hold messages and codes (SEC-70, SEC-71).
func (h *handler) logLine(r *http.Request, a *answer, took time.Duration) {
	level := slog.LevelInfo
	switch {
	case a.status >= 500:
		level = slog.LevelError
	case strings.HasPrefix(r.URL.Path, ui.AssetsPath), r.URL.Path == "/healthz", r.URL.Path == "/readyz":
		level = slog.LevelDebug
	}
	if !h.Log.Enabled(r.Context(), level) {
		return
	}
	h.Log.LogAttrs(r.Context(), level, "request",
		slog.String("method", clip(r.Method, 16)), slog.String("path", clip(r.URL.Path, 512)),
		slog.Int("status", a.status), slog.Duration("took", took), slog.String("id", a.state.id))
}

// clip bounds received text in logs (SEC-70).
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
