package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Operator guards the API and the console (D-07): without a token they answer to loopback only; with one, every request
// must carry it, as bearer token or, for a browser, as the password of basic authentication. Requests that a
// page of another origin makes are refused; a link that a person follows is not (SEC-59).
type Operator struct {
	Token string // "" = none
}

// Guard wraps the handlers of the operator's surface.
func (o Operator) Guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := o.check(r); err != nil {
			if err.Status == http.StatusUnauthorized {
				w.Header().Add("WWW-Authenticate", `Bearer realm="spidsim"`)
				if !WantsJSON(r) {
					w.Header().Add("WWW-Authenticate", `Basic realm="spidsim", charset="UTF-8"`)
				}
			}
			Fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (o Operator) check(r *http.Request) *Error {
	switch {
	case foreign(r):
		return &Error{Status: http.StatusForbidden,
			Problem: Problem{Code: "cross-origin", Detail: "pages of another origin may not use the API", Rule: "SEC-59"}}
	case o.Token == "" && !Loopback(r):
		return &Error{Status: http.StatusForbidden,
			Problem: Problem{Code: "loopback", Detail: "API and console answer to this machine only, unless an API token is set", Rule: "SEC-59"}}
	case o.Token != "" && !o.carries(r):
		return &Error{Status: http.StatusUnauthorized,
			Problem: Problem{Code: "token", Detail: "an API token is set: send it as Authorization: Bearer", Rule: "SEC-59"}}
	}
	return nil
}

func (o Operator) carries(r *http.Request) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		_, given, ok = r.BasicAuth()
	}
	got, want := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(o.Token))
	return ok && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// foreign reports whether a page of another origin sent the request. Navigation by GET is the person's own doing.
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		link := r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
		return !link
	case "same-origin", "none":
		return false
	}
	from := r.Header.Get("Origin")
	if from == "" {
		return false
	}
	u, err := url.Parse(from)
	return err != nil || u.Host != r.Host
}

// Loopback reports whether the connection comes from this machine. Forwarding headers are not believed (SEC-58).
func Loopback(r *http.Request) bool {
	a, ok := ClientAddr(r)
	return ok && a.IsLoopback()
}

// ClientAddr returns the address at the other end of the connection.
func ClientAddr(r *http.Request) (netip.Addr, bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	a, err := netip.ParseAddr(host)
	return a.Unmap().WithZone(""), err == nil
}
