package web

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"spidsim/templates/ui"
)

// permissions denies every feature of the browser that a page could ask a person for (UX-37). Copying to the
// clipboard and the full screen of a lesson stay with our own pages.
const permissions = "accelerometer=(), autoplay=(), bluetooth=(), camera=(), clipboard-read=(), clipboard-write=(self), " +
	"display-capture=(), encrypted-media=(), fullscreen=(self), gamepad=(), geolocation=(), gyroscope=(), hid=(), " +
	"identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), " +
	"picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), " +
	"usb=(), web-share=(), xr-spatial-tracking=()"

// answer sets the headers of every answer at the last moment, when it is known whether the page used a nonce.
type answer struct {
	http.ResponseWriter
	state  *state
	path   string
	status int // 0 until the header is written
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
		a.headers()
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	return a.ResponseWriter.Write(b)
}

// Flush implements http.Flusher, for event streams.
func (a *answer) Flush() {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
	_ = http.NewResponseController(a.ResponseWriter).Flush() // a writer that cannot flush buffers: nothing is lost
}

// Unwrap lets http.ResponseController reach the deadlines of the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answer) finish() {
	if a.status == 0 {
		a.WriteHeader(http.StatusOK)
	}
}

// headers sets what SEC-51, UX-30, UX-31 and UX-37 want on every answer.
func (a *answer) headers() {
	h := a.Header()
	h["Content-Security-Policy"] = []string{a.policy()}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	h["Referrer-Policy"] = []string{a.referrer()}
	h["Cross-Origin-Opener-Policy"] = []string{"same-origin"}
	h["X-Robots-Tag"] = []string{"noindex, nofollow"}
	h["X-Simulator"] = []string{"true"}
	h["Permissions-Policy"] = []string{permissions}
	h["X-Request-Id"] = []string{a.state.id}
	if !strings.HasPrefix(a.path, ui.AssetsPath) || a.status >= 400 {
		h["Cache-Control"] = []string{"no-store"}
	}
	if a.state.h.hsts {
		h["Strict-Transport-Security"] = []string{"max-age=86400"}
	}
}

// referrer says what other addresses learn of this one: nothing. Where browsers do not send Sec-Fetch-Site, on plain http off
// loopback, "no-referrer" would also hide the origin of our own forms from ourselves, and SEC-50 would refuse them.
func (a *answer) referrer() string {
	if a.state.trusted {
		return "no-referrer"
	}
	return "same-origin"
}

// policy is the content security policy. The nonce is there only when the page asked for one, and form-action
// names another origin only on the page that posts itself there (SEC-52).
func (a *answer) policy() string {
	var b strings.Builder
	b.Grow(280)
	b.WriteString("default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; script-src 'self'")
	if a.state.nonce != "" {
		b.WriteString(" 'nonce-" + a.state.nonce + "'")
	}
	b.WriteString("; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
	for _, origin := range a.state.formAction {
		b.WriteString(" " + origin)
	}
	return b.String()
}

// AllowForm lets the forms of the page that answers r be sent to the origins of these addresses too, which must be absolute http or
// https addresses from registered metadata, or our own. Browsers hold the rule against redirects after the form as well.
func AllowForm(r *http.Request, actions ...string) { AllowFormIn(r.Context(), actions...) }

// AllowFormIn is AllowForm for who has the context of the request alone.
func AllowFormIn(ctx context.Context, actions ...string) {
	s, _ := ctx.Value(stateKey{}).(*state)
	if s == nil {
		return
	}
	for _, action := range actions {
		if o := origin(action); o != "" && !slices.Contains(s.formAction, o) {
			s.formAction = append(s.formAction, o)
		}
	}
}

// origin returns the source expression of an address, "" when it is no http address. The grammar of the policy has
// no IPv6 addresses: for those only the scheme can be named.
func origin(action string) string {
	u, err := url.Parse(action)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	if strings.ContainsAny(u.Host, " ;,'\"") || !ascii(u.Host) {
		return ""
	}
	if strings.Contains(u.Hostname(), ":") {
		return u.Scheme + ":"
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// publicName reports whether HSTS makes sense for the host. On localhost it would force https on every
// other program of the machine, since browsers keep it by name and not by port.
func publicName(host string) bool {
	return net.ParseIP(host) == nil && host != "localhost" && !strings.HasSuffix(host, ".localhost")
}

// loopbackName reports whether a Host header names this machine.
func loopbackName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}
