package web

import (
	"bytes"
	"crypto/rand"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"spidsim/templates/ui"
)

// CookieLang keeps the language of the pages (UX-50).
const CookieLang = "spidsim_lang"

// language reads ?lang= and keeps it in a cookie. The raw query is searched, since the
// endpoints of SAML must not have it parsed twice (SEC-28).
func (h *handler) language(w http.ResponseWriter, r *http.Request) {
	s := stateOf(r)
	if asked := langIn(r.URL.RawQuery); asked != "" {
		s.lang = asked
		SetCookie(w, r, &http.Cookie{Name: CookieLang, Value: asked, MaxAge: 365 * 24 * 3600})
		return
	}
	if c, err := r.Cookie(CookieLang); err == nil {
		s.lang = c.Value
	}
}

func langIn(query string) string {
	for part := range strings.SplitSeq(query, "&") {
		switch part {
		case "lang=" + ui.Italian:
			return ui.Italian
		case "lang=" + ui.English:
			return ui.English
		}
	}
	return ""
}

// Lang is the language of the pages that answer r: "en" when asked for, else "it" whatever the browser says (UX-50).
func Lang(r *http.Request) string {
	if s := stateOf(r); s != nil && s.lang == ui.English {
		return ui.English
	}
	return ui.Italian
}

// Page returns what every page needs: language, nonce, its own address, mode and simulated date.
func Page(r *http.Request) ui.Page {
	p := ui.Page{Lang: Lang(r), Path: r.URL.EscapedPath(), Query: r.URL.RawQuery}
	s := stateOf(r)
	if s == nil {
		return p
	}
	if s.nonce == "" {
		s.nonce = rand.Text() // 130 bits, letters and digits only
	}
	p.Nonce, p.Mode, p.Version, p.Remote = s.nonce, s.h.Mode, s.h.Version, s.h.Remote
	if s.h.SimDate != nil {
		p.SimDate = s.h.SimDate()
	}
	return p
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes a page. It is rendered into memory first, so that an error becomes a 500 and never half a page.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if err := c.Render(r.Context(), buf); err != nil {
		logger(r).LogAttrs(r.Context(), slog.LevelError, "rendering a page", slog.String("id", RequestID(r)), slog.Any("err", err))
		plain(w, r, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(buf.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes()) // a client that left is no error of ours
}

// RenderPost writes a page whose form goes to another site: action is added to form-action (SEC-52).
func RenderPost(w http.ResponseWriter, r *http.Request, status int, c templ.Component, action string) {
	AllowForm(r, action)
	Render(w, r, status, c)
}

// plain is the last resort when not even the error page can be made.
func plain(w http.ResponseWriter, r *http.Request, status int) {
	w.Header().Del("Content-Length")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("SIMULATORE - SIMULATOR\n" + http.StatusText(status) + ", rif. " + RequestID(r) + "\n"))
}

func logger(r *http.Request) *slog.Logger {
	if s := stateOf(r); s != nil {
		return s.h.Log
	}
	return slog.New(slog.DiscardHandler)
}
