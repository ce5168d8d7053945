package web

import (
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// hostSet holds the values of Host that are answered (SEC-05).
type hostSet struct {
	exact map[string]bool // "localhost:8088"
	names map[string]bool // with any port
	port  string
}

func newHostSet(o Options) hostSet {
	s := hostSet{exact: map[string]bool{}, names: map[string]bool{}, port: o.Port}
	if o.BaseURL != nil {
		s.exact[strings.ToLower(o.BaseURL.Host)] = true
		if s.port == "" {
			s.port = o.BaseURL.Port()
		}
	}
	for _, name := range []string{"localhost", "127.0.0.1", "[::1]"} {
		s.exact[withPort(name, s.port)] = true
	}
	for _, h := range o.Hosts {
		h = strings.ToLower(strings.TrimSpace(h))
		if _, _, err := net.SplitHostPort(h); err == nil {
			s.exact[h] = true
		} else {
			s.names[strings.Trim(h, "[]")] = true
		}
	}
	return s
}

func withPort(host, port string) string {
	if port == "" {
		return host
	}
	return host + ":" + port
}

func (s hostSet) has(host string) bool {
	host = strings.ToLower(host)
	if s.exact[host] {
		return true
	}
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = strings.Trim(host, "[]"), ""
	}
	return s.names[name] || port == s.port && strings.HasSuffix(name, ".localhost") && len(name) > len(".localhost")
}

// cleanPath reports whether the path needs no cleaning: a router would answer the others with a redirect, which
// turns a POST into a GET (SEC-61).
func (h *handler) cleanPath(u *url.URL) bool {
	path, encoded := u.Path, false
	for _, prefix := range h.Encoded {
		if strings.HasPrefix(u.EscapedPath(), prefix) {
			path, encoded = u.EscapedPath(), true
		}
	}
	if !encoded && u.RawPath != "" && hasEncodedSlash(u.RawPath) {
		return false
	}
	return strings.HasPrefix(path, "/") && !dotted(path) && printable(u.Path)
}

func hasEncodedSlash(raw string) bool {
	raw = strings.ToLower(raw)
	return strings.Contains(raw, "%2f") || strings.Contains(raw, "%5c")
}

func dotted(path string) bool {
	return strings.Contains(path, "//") || strings.Contains(path, "/./") || strings.Contains(path, "/../") ||
		strings.HasSuffix(path, "/.") || strings.HasSuffix(path, "/..")
}

func printable(path string) bool {
	if !utf8.ValidString(path) {
		return false
	}
	return !strings.ContainsFunc(path, func(c rune) bool { return c < ' ' || c == 0x7f || c == '\\' })
}

// Classes of request bodies. They stand in a ServeMux as handlers that are never called.
const (
	classMessage = "message"
	classUpload  = "upload"
)

type bodyClass string

func (bodyClass) ServeHTTP(http.ResponseWriter, *http.Request) {}

func bodyClasses(o Options) *http.ServeMux {
	mux := http.NewServeMux()
	for _, p := range o.CrossSite {
		mux.Handle(p, bodyClass(classMessage))
	}
	for _, p := range o.Uploads {
		mux.Handle(p, bodyClass(classUpload))
	}
	return mux
}

// limitBody bounds the body (section 10). One that announces itself as too large is refused at once, except a message:
// there the endpoint answers with the anomaly of the protocol when it reads.
func (h *handler) limitBody(w http.ResponseWriter, r *http.Request) error {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	limit, message := h.Limits.FormBytes, false
	switch found, _ := h.classes.Handler(r); found {
	case bodyClass(classMessage):
		limit, message = h.Limits.MessageBytes, true
	case bodyClass(classUpload):
		limit = h.Limits.UploadBytes
	}
	if a, ok := w.(*answer); ok {
		w = a.ResponseWriter // net/http closes the connection of a body that is too large only through its own writer
	}
	r.Body = http.MaxBytesReader(w, r.Body, int64(limit))
	if !message && r.ContentLength > int64(limit) {
		return &http.MaxBytesError{Limit: int64(limit)}
	}
	return nil
}

// Form reads the fields of a urlencoded body, never those of the query (SEC-28, SEC-47). The number of fields is
// bounded by Limits. It fails with *Error (415 another type, 400 malformed or too many fields) or
// *http.MaxBytesError.
func Form(r *http.Request) (url.Values, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, &Error{Status: http.StatusUnsupportedMediaType, Err: err,
			Problem: Problem{Code: "content-type", Detail: "the body must be application/x-www-form-urlencoded", Rule: "SEC-47"}}
	}
	if r.Body == nil {
		return url.Values{}, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the form: %w", err)
	}
	if n, most := strings.Count(string(body), "&")+1, maxFields(r); n > most {
		return nil, BadRequest("form-fields", fmt.Sprintf("the form has %d fields, at most %d are taken", n, most))
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, &Error{Status: http.StatusBadRequest, Err: err, Problem: Problem{Code: "form", Detail: "the form is not well encoded"}}
	}
	return values, nil
}

func maxFields(r *http.Request) int {
	s := stateOf(r)
	if s == nil {
		return 64
	}
	if found, _ := s.h.classes.Handler(r); found == bodyClass(classMessage) {
		return s.h.Limits.MessageFields
	}
	return s.h.Limits.FormFields
}
