package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"spidsim/internal/config"
)

// secured is the whole program on free ports with --tls, and what its ready file says.
type secured struct {
	IdP    string `json:"idp_base"`
	Portal string `json:"portal_base"`
	CNS    string `json:"cns_base"`
	CA     string `json:"tls_ca"`
}

// startTLS serves until the test ends.
func startTLS(t *testing.T) secured {
	t.Helper()
	dir := t.TempDir()
	ready := filepath.Join(dir, "ready.json")
	cfg, err := config.Load([]string{"--tls", "--listen", "127.0.0.1:0", "--portal-listen", "127.0.0.1:0", "--cns-listen", "127.0.0.1:0", "--store", "memory:",
		"--data", filepath.Join(dir, "data"), "--catalogue", "fictional", "--ready-file", ready, "--quiet", "--log-level", "error"},
		func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	out, said := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, cfg, said); said.Close() }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("serve ended with %v", err)
		}
	})
	var line [len(readyLine)]byte
	if _, err := io.ReadFull(out, line[:]); err != nil || string(line[:]) != readyLine {
		t.Fatalf("said %q, %v; want %q", line, err, readyLine)
	}
	go io.Copy(io.Discard, out)
	body, err := os.ReadFile(ready)
	if err != nil {
		t.Fatal(err)
	}
	var r secured
	if err := json.Unmarshal(body, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// client trusts the local authority alone, keeps cookies and shows certs when asked.
func (r secured) client(t *testing.T, certs ...tls.Certificate) *http.Client {
	t.Helper()
	text, err := os.ReadFile(r.CA)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, Certificates: certs}}}
}

// opened is a page with its address.
type opened struct {
	url, body string
	header    http.Header
	status    int
}

func open(t *testing.T, res *http.Response, err error) opened {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return opened{res.Request.URL.String(), string(body), res.Header, res.StatusCode}
}

var (
	formAction = regexp.MustCompile(`<form[^>]*action="(https[^"]*)"`)
	samlFields = regexp.MustCompile(`<input[^>]*name="(SAMLRequest|SAMLResponse|RelayState)"[^>]*value="([^"]*)"`)
)

// passOn posts the form that carries a SAML message, as the script of the page does.
func passOn(t *testing.T, c *http.Client, p opened) opened {
	t.Helper()
	action := formAction.FindStringSubmatch(p.body)
	fields := url.Values{}
	for _, m := range samlFields.FindAllStringSubmatch(p.body, -1) {
		fields.Set(m[1], html.UnescapeString(m[2]))
	}
	if action == nil || len(fields) == 0 {
		t.Fatalf("%s (%d) has no form with a SAML message:\n%.600s", p.url, p.status, p.body)
	}
	res, err := c.PostForm(html.UnescapeString(action[1]), fields)
	return open(t, res, err)
}

// TestTLSLoginWithCIE08 walks a whole login over HTTPS: portal, CIE at level 3, portal, where the session's cookie is for TLS only.
func TestTLSLoginWithCIE08(t *testing.T) {
	t.Parallel()
	r := startTLS(t)
	c := r.client(t)
	res, err := c.Get(r.Portal + "/spid/login?idp=cie&level=3")
	p := passOn(t, c, open(t, res, err))
	for _, fields := range []url.Values{{"card": {"gilda.xerquati"}}, {"pin": {"12345678"}}, {"consent": {"yes"}}} {
		res, err := c.PostForm(p.url, fields)
		p = open(t, res, err)
	}
	p = passOn(t, c, p)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.Portal+"/spid/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	res, err = c.Do(req)
	var me struct {
		Authenticated bool
		IdP           string
		Level         int
		Attributes    map[string]string
	}
	if p = open(t, res, err); json.Unmarshal([]byte(p.body), &me) != nil || !me.Authenticated || me.IdP != "cie" || me.Level != 3 {
		t.Fatalf("the portal says %d %s", p.status, p.body)
	}
	if me.Attributes["fiscalNumber"] != "TINIT-XRQGLD68B69D704K" || me.Attributes["spidCode"] != "" || len(me.Attributes) != 4 {
		t.Errorf("attributes are %v, want the minimum set (CIE-12)", me.Attributes)
	}
	r.walkCNS(t)
	r.checkCookies(t)
}

// walkCNS takes the file of a person's CNS from the API and shows it to the listener that asks for one (CNS-03).
func (r secured) walkCNS(t *testing.T) {
	t.Helper()
	res, err := r.client(t).Get(r.IdP + "/api/v1/users/nives.jolzetti/cns.pem")
	file := []byte(open(t, res, err).body)
	card, err := tls.X509KeyPair(file, file)
	if err != nil {
		t.Fatal(err)
	}
	c := r.client(t, card)
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err = c.Get(r.CNS + "/entra")
	p := open(t, res, err)
	if to := p.header.Get("Location"); p.status != http.StatusSeeOther || !strings.HasPrefix(to, r.Portal+"/cns/ritorno?ticket=") {
		t.Errorf("with a CNS: %d to %q, want the portal", p.status, to)
	}
	res, err = r.client(t).Get(r.CNS + "/entra")
	if p := open(t, res, err); p.status != http.StatusUnauthorized || !strings.Contains(p.body, r.IdP+"/api/v1/users/nives.jolzetti/cns.p12") {
		t.Errorf("without one: %d, want a page that says where to get it", p.status)
	}
	res, err = c.Get(r.IdP + "/healthz")
	if p := open(t, res, err); p.status != http.StatusOK {
		t.Errorf("the other listeners do not ask for certificates: %d", p.status)
	}
}

// checkCookies holds that cookies of every listener are for TLS only (SEC-49).
func (r secured) checkCookies(t *testing.T) {
	t.Helper()
	c := r.client(t)
	seen := 0
	transport := c.Transport
	c.Transport = roundTripper(func(q *http.Request) (*http.Response, error) {
		res, err := transport.RoundTrip(q)
		if err != nil {
			return nil, err
		}
		for _, k := range res.Cookies() {
			seen++
			if !k.Secure || !k.HttpOnly {
				t.Errorf("cookie %s of %s is not Secure and HttpOnly", k.Name, q.URL)
			}
		}
		return res, nil
	})
	res, err := c.Get(r.Portal + "/spid/login?idp=alfa&level=1&lang=en")
	passOn(t, c, open(t, res, err))
	if seen < 2 {
		t.Errorf("%d cookies were set, want those of portal and gestore", seen)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTLSHosts(t *testing.T) {
	t.Parallel()
	a := &app{cfg: &config.Config{AllowHost: []string{"sim.example:8088", "other.example", "sim.example"}}}
	s := &servers{base: &url.URL{Host: "idp.example:8088"}, portalBase: &url.URL{Host: "localhost:8089"}}
	got, want := strings.Join(a.tlsHosts(s), " "), "localhost *.localhost 127.0.0.1 ::1 idp.example other.example sim.example"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
