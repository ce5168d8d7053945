package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"spidsim/certs"
	"spidsim/internal/config/limits"
)

// Off leaves the sample service provider out.
const Off = "off"

var slugForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

func checkIdP(p IdP) error {
	if !slugForm.MatchString(p.Slug) {
		return fmt.Errorf("has slug %q, want lower-case letters, digits and hyphens", p.Slug)
	}
	if strings.TrimSpace(p.Name) == "" {
		return fmt.Errorf("has no name for %q", p.Slug)
	}
	if n := len([]rune(p.Initials)); n > 3 {
		return fmt.Errorf("has initials %q for %q, want at most three characters", p.Initials, p.Slug)
	}
	return nil
}

// unavailable are keys of the contract that this build does not serve yet: set, they are refused, so that nobody
// believes in them.
var unavailable = []string{"hosts", "sp-auto", "seed"}

// check collects mistakes about whole values and their combinations.
type check struct {
	c        *Config
	mistakes Mistakes
}

func (v *check) wrong(key, format string, args ...any) {
	v.mistakes = append(v.mistakes, v.c.mistake(key, format, args...))
}

// mistake blames the place where the value of key came from.
func (c *Config) mistake(key, format string, args ...any) Mistake {
	m := Mistake{Key: key, Message: fmt.Sprintf(format, args...)}
	switch origin := c.Origin(key); origin {
	case originDefault:
	case originFlag:
		m.Origin = "--" + key
	case originEnv:
		m.Origin = envName(key)
	default:
		m.Origin, m.Line, m.Column = c.file, c.lines[key], 1
	}
	return m
}

func (c *Config) validate() Mistakes {
	v := &check{c: c}
	v.listener("listen", c.Listen)
	if c.PortalListen != Off {
		v.listener("portal-listen", c.PortalListen)
	}
	v.tls()
	v.distinct()
	v.base("base-url", c.BaseURL)
	v.base("portal-base-url", c.PortalBaseURL)
	v.store()
	v.smtp()
	v.hosts()
	v.numbers()
	v.gestori()
	v.available()
	if c.APIToken != "" && len(c.APIToken) < 16 {
		v.wrong("api-token", "has %d characters, want at least 16", len(c.APIToken))
	}
	return v.mistakes
}

// listener checks an address and that beyond loopback it was asked for twice (SEC-01, UX-33).
func (v *check) listener(key, addr string) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		v.wrong(key, "is %q, want host:port as 127.0.0.1:8088", addr)
		return
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil {
		v.wrong(key, "has port %q, want 0 to 65535", port)
	} else if !LoopbackHost(host) && !v.c.AllowRemote {
		v.wrong(key, "is %q, which other machines can reach (port %d); they could log in as anybody. Listen on 127.0.0.1, or add --allow-remote if that is meant (SEC-01)", addr, n)
	}
}

// LoopbackHost reports whether a listener on host can be reached from this machine only.
func LoopbackHost(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// tls checks what hangs together with --tls.
func (v *check) tls() {
	c := v.c
	if !c.TLS {
		if c.CNSListen != Off && c.CNSListen != defaultCNSListen {
			v.wrong("cns-listen", "is %q, which needs --tls: a CNS is a client certificate", c.CNSListen)
		}
		return
	}
	if c.CNSListen != Off {
		v.listener("cns-listen", c.CNSListen)
	}
	for _, b := range []struct{ key, address string }{{"base-url", c.BaseURL}, {"portal-base-url", c.PortalBaseURL}} {
		if strings.HasPrefix(strings.ToLower(b.address), "http:") {
			v.wrong(b.key, "is %q, want https: --tls is on", b.address)
		}
	}
}

// Remote returns the listeners that other machines can reach, for the banner (UX-33); nil when there are none.
func (c *Config) Remote() []string {
	var out []string
	for _, addr := range []string{c.Listen, c.PortalListen, c.cnsListen()} {
		if host, _, err := net.SplitHostPort(addr); err == nil && !LoopbackHost(host) {
			out = append(out, addr)
		}
	}
	return out
}

func (v *check) distinct() {
	a, b := v.c.Listen, v.c.PortalListen
	if cns := v.c.cnsListen(); cns != Off && (cns == a || cns == b) && !strings.HasSuffix(cns, ":0") {
		v.wrong("cns-listen", "is %q, the same as another listener, want an origin of its own", cns)
	}
	if b == Off {
		return
	}
	if a == b && !strings.HasSuffix(a, ":0") {
		v.wrong("portal-listen", "is %q, the same as listen, want two origins", b)
	}
	if v.c.BaseURL != "" && strings.TrimSuffix(v.c.BaseURL, "/") == strings.TrimSuffix(v.c.PortalBaseURL, "/") {
		v.wrong("portal-base-url", "is %q, the same as base-url, want two origins", v.c.PortalBaseURL)
	}
}

func (v *check) base(key, text string) {
	if text == "" {
		return
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https"):
		v.wrong(key, "is %q, want an absolute http or https address", text)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "":
		v.wrong(key, "is %q, want scheme, host and port only", text)
	default:
		if err := certs.CheckNotReal(text); err != nil {
			v.wrong(key, "is refused: %s", err)
		}
	}
}

func (v *check) store() {
	s := v.c.Store
	path, isSQLite := strings.CutPrefix(s, "sqlite:")
	switch {
	case s == "memory:":
	case isSQLite && path != "" && !strings.HasPrefix(path, "?"):
	case isSQLite:
		v.wrong("store", "is %q, want a path after sqlite:", s)
	case strings.HasPrefix(s, "postgres://"), strings.HasPrefix(s, "postgresql://"):
		// The address may hold a password: it is not repeated.
		v.wrong("store", "names PostgreSQL, which is not available in this build yet; use sqlite:PATH or memory:")
	default:
		v.wrong("store", "is %q, want memory: or sqlite:PATH", s)
	}
}

func (v *check) smtp() {
	if v.c.SMTP == "" {
		return
	}
	host, port, err := net.SplitHostPort(v.c.SMTP)
	if n, portErr := strconv.ParseUint(port, 10, 16); err != nil || host == "" || portErr != nil || n == 0 {
		v.wrong("smtp", "is %q, want host:port as localhost:1025", v.c.SMTP)
	}
}

func (v *check) hosts() {
	for _, h := range v.c.AllowHost {
		if h == "" || strings.ContainsAny(h, "/ *@?#") {
			v.wrong("allow-host", "has %q, want a host name as sim.example or sim.example:8088", h)
		} else if err := certs.CheckNotReal("http://" + h); err != nil {
			v.wrong("allow-host", "is refused: %s", err)
		}
	}
}

// numbers checks that durations and counts are above zero.
func (v *check) numbers() {
	for _, k := range Keys() {
		switch n := k.field(v.c).Interface().(type) {
		case time.Duration:
			if n <= 0 {
				v.wrong(k.Name, "is %s, want more than 0s", n)
			}
		case int:
			if n <= 0 {
				v.wrong(k.Name, "is %d, want more than 0", n)
			}
		}
	}
}

func (v *check) gestori() {
	seen := map[string]bool{"prova": true, "cie": true}
	for _, p := range v.c.IdPs {
		if seen[p.Slug] {
			v.wrong("idps", "names slug %q twice, or it is taken", p.Slug)
		}
		seen[p.Slug] = true
	}
}

func (v *check) available() {
	for _, k := range Keys() {
		if slices.Contains(unavailable, k.Name) && !k.field(v.c).IsZero() {
			v.wrong(k.Name, "is not available in this build yet")
		}
	}
}

// Raised returns the limits that are above their default, which is allowed but worth a warning (security.md section 10).
func (c *Config) Raised() []string {
	var out []string
	got, def := reflect.ValueOf(c.Limits), reflect.ValueOf(limits.Default())
	for i := range got.NumField() {
		if got.Field(i).Int() > def.Field(i).Int() {
			out = append(out, "limit-"+got.Type().Field(i).Tag.Get("name"))
		}
	}
	return out
}
