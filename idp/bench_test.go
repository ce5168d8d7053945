package idp_test

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"spidsim/idp"
	"spidsim/idp/idptest"
	"spidsim/internal/outbox"
	"spidsim/internal/people"
	"spidsim/internal/web"
	"spidsim/saml"
)

// cpu is the time that this process has spent computing, all cores together.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// signature times one RSA-2048 signature in this very run: machines differ, the ratio holds (D-28).
func signature(b *testing.B, k *saml.Key) time.Duration {
	b.Helper()
	digest := sha256.Sum256([]byte("spidsim"))
	const rounds = 300
	start := cpu(b)
	for range rounds {
		if _, err := k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil {
			b.Fatal(err)
		}
	}
	return (cpu(b) - start) / rounds
}

// BenchmarkLogin plays whole logins through the HTTP handlers: the request, each page, each form, the Response. The figure
// that counts is rsa/login, CPU time as a multiple of one signature.
func BenchmarkLogin(b *testing.B) {
	for _, how := range []idp.Signatures{idp.SignBoth, idp.SignAssertion} {
		for _, binding := range []saml.Binding{saml.HTTPPost, saml.HTTPRedirect} {
			for level := 1; level <= 3; level++ {
				b.Run(fmt.Sprintf("L%d/%s/%s", level, binding[strings.LastIndex(string(binding), ":")+1:], how), func(b *testing.B) {
					benchmarkLogin(b, level, binding, how)
				})
			}
		}
	}
}

func benchmarkLogin(b *testing.B, level int, binding saml.Binding, how idp.Signatures) {
	sim := idptest.New(b, idptest.Sign(how), idptest.Configure(func(c *idp.Config) {
		c.Mode, c.RequestWindow, c.Log = "ci", time.Hour, slog.New(slog.DiscardHandler)
	}))
	sim.AddUser(b, people.Person{
		Username: "load.test", Password: "prova", GivenName: "Carico", FamilyName: "Xqwzk", FiscalCode: "XQWCRC80A01M999X", Mobile: "+39 399 000 0099",
		Levels: []int{1, 2, 3}, SecondFactors: []string{"sms"}, Card: "ok",
	})
	peer := idptest.NewSP(b, "http://localhost:9999")
	sim.RegisterSP(b, peer.Metadata)
	h, err := web.Handler(sim.Federation.Handler(), web.Options{BaseURL: mustParse(b, sim.URL), CrossSite: idp.CrossSite, Mode: "ci"})
	if err != nil {
		b.Fatal(err)
	}
	one := signature(b, sim.IdP.Key())
	requests := make([]*http.Request, b.N)
	for i := range requests {
		requests[i] = peer.HTTPRequest(b, sim.EntityID, level, binding)
	}
	client := &inProcess{b: b, h: h, sim: sim}
	b.ReportAllocs()
	b.ResetTimer()
	start := cpu(b)
	for i := range b.N {
		client.login(requests[i], level)
	}
	spent := cpu(b) - start
	b.StopTimer()
	b.ReportMetric(float64(spent)/float64(b.N)/float64(one), "rsa/login")
}

func mustParse(b *testing.B, s string) *url.URL {
	u, err := url.Parse(s)
	if err != nil {
		b.Fatal(err)
	}
	return u
}

// inProcess is a browser without a network.
type inProcess struct {
	b   *testing.B
	h   http.Handler
	sim *idptest.Sim
}

func (c *inProcess) login(first *http.Request, level int) {
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, first)
	page := w.Header().Get("Location")
	cookie := w.Result().Cookies()
	forms := []url.Values{{"username": {"load.test"}, "password": {"prova"}}}
	if level > 1 {
		forms = append(forms, url.Values{"otp": {""}})
	}
	if level > 2 {
		forms = append(forms, url.Values{"pin": {"12345678"}})
	}
	forms = append(forms, url.Values{"consent": {"yes"}})
	var last *httptest.ResponseRecorder
	for _, f := range forms {
		c.do(http.MethodGet, page, cookie, nil)
		if f.Has("otp") {
			f.Set("otp", c.code())
		}
		last = c.do(http.MethodPost, page, cookie, f)
	}
	if last.Code != http.StatusOK || !strings.Contains(last.Body.String(), `name="SAMLResponse"`) {
		c.b.Fatalf("the login did not end: %d\n%s", last.Code, last.Body)
	}
}

// code reads the SMS from the outbox, as a suite does. Authenticator codes work once each half minute, which a load test outruns.
func (c *inProcess) code() string {
	list, err := c.sim.Outbox.List(c.b.Context(), outbox.Filter{User: "load.test"}, 1)
	if err != nil || len(list) == 0 {
		c.b.Fatalf("no code in the outbox: %v", err)
	}
	return list[0].Code
}

func (c *inProcess) do(method, path string, cookies []*http.Cookie, form url.Values) *httptest.ResponseRecorder {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, c.sim.URL+path, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, k := range cookies {
		r.AddCookie(k)
	}
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r)
	if w.Code >= 400 {
		c.b.Fatalf("%s %s: %d\n%s", method, path, w.Code, w.Body)
	}
	return w
}
