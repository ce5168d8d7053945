package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/config"
)

// running is the program with its listeners, in this process.
type running struct {
	*app
	t *testing.T
}

// run starts the program on free ports, with the gestori of the test catalogue.
func run(t *testing.T, args ...string) *running {
	t.Helper()
	args = append([]string{"--listen", "127.0.0.1:0", "--portal-listen", "127.0.0.1:0", "--catalogue", "fictional"}, args...)
	cfg, err := config.Load(args, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	s, err := openListeners(cfg)
	if err != nil {
		t.Fatal(err)
	}
	a, err := newApp(t.Context(), cfg, s.base, s.portalBase, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	s.start(a)
	end := a.background(context.WithoutCancel(t.Context()))
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Errorf("stopping: %v", err)
		}
		end()
		if err := a.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	return &running{a, t}
}

// api calls /api/v1 and decodes the answer into v unless that is nil.
func (r *running) api(method, path, body string, v any) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.base.String()+"/api/v1/"+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && v != nil {
		err = json.Unmarshal(text, v)
	}
	if err != nil || resp.StatusCode >= 300 {
		r.t.Fatalf("%s %s: %d, %v\n%s", method, path, resp.StatusCode, err, text)
	}
}

// visitor is a browser without scripts.
type visitor struct {
	*running
	client *http.Client
	at     string // address of the page that is open
	step   string
	page   string
}

func (r *running) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return &visitor{running: r, client: &http.Client{Jar: jar}}
}

var (
	stepOf    = regexp.MustCompile(`<body[^>]* data-step="([a-z-]*)"`)
	samlField = regexp.MustCompile(`<input type="hidden" name="([A-Za-z]+)" value="([^"]*)"`)
	samlForm  = regexp.MustCompile(`<form method="post" action="([^"]*)" id="saml"`)
)

// open loads a page, by POST when there are fields.
func (v *visitor) open(address string, fields url.Values) {
	v.t.Helper()
	var resp *http.Response
	var err error
	if fields == nil {
		resp, err = v.client.Get(address)
	} else {
		resp, err = v.client.PostForm(address, fields)
	}
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.at, v.page, v.step = resp.Request.URL.String(), string(body), ""
	if m := stepOf.FindStringSubmatch(v.page); m != nil {
		v.step = m[1]
	}
}

// forward posts the SAML message of the page that is open.
func (v *visitor) forward() {
	v.t.Helper()
	form := samlForm.FindStringSubmatch(v.page)
	if form == nil {
		v.t.Fatalf("no form with a SAML message at %s", v.at)
	}
	fields := url.Values{}
	for _, m := range samlField.FindAllStringSubmatch(v.page, -1) {
		fields.Set(m[1], html.UnescapeString(m[2]))
	}
	v.open(html.UnescapeString(form[1]), fields)
}

// logIn walks from the portal through the pages of the gestore and back, with the second factor "sms" or "totp", or the card at level 3.
func (v *visitor) logIn(level int, factor string) {
	v.t.Helper()
	v.open(fmt.Sprintf("%s/spid/login?level=%d&binding=post", v.portalBase, level), nil)
	chosen := false
	for range 10 {
		switch v.step {
		case "redirect", "done":
			v.forward()
		case "credentials":
			v.open(v.at, url.Values{"username": {"lucia.verdi"}, "password": {"prova"}})
		case "otp":
			if !chosen {
				chosen = true
				v.open(v.at, url.Values{"factor": {factor}})
				continue
			}
			v.open(v.at, url.Values{"otp": {v.code(factor)}})
		case "card":
			v.open(v.at, url.Values{"pin": {"12345678"}})
		case "consent":
			v.open(v.at, url.Values{"consent": {"yes"}})
		case "user":
			if want := fmt.Sprintf("Livello %d", level); !strings.Contains(v.page, want) {
				v.t.Fatalf("the portal does not say %q", want)
			}
			return
		default:
			if samlForm.MatchString(v.page) {
				v.forward()
				continue
			}
			v.t.Fatalf("%s on %s stops at %s, step %q:\n%s", factor, v.clock.Now(), v.at, v.step, words(v.page))
		}
	}
	v.t.Fatalf("the login goes round in circles at %s", v.at)
}

var tag = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>|<[^>]+>`)

func words(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tag.ReplaceAllString(page, " "))), " ")
}

func (v *visitor) code(factor string) string {
	v.t.Helper()
	if factor == "totp" {
		var code struct{ Code string }
		v.api(http.MethodGet, "users/lucia.verdi/totp", "", &code)
		return code.Code
	}
	var list struct{ Items []struct{ Code string } }
	v.api(http.MethodGet, "messages?to=lucia.verdi&limit=1&channel=sms", "", &list)
	if len(list.Items) != 1 {
		v.t.Fatalf("%d messages, want one", len(list.Items))
	}
	return list.Items[0].Code
}

// ONB-02, SEC-23: wherever the clock is moved, people log in there and afterwards, at every level, with the same cards and devices.
func TestONB02LoginsFollowTheClock(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir())
	today := r.metadata()
	for _, move := range []struct{ method, path, body string }{
		{},
		{http.MethodPut, "clock", `{"now":"2020-10-15"}`},
		{http.MethodPost, "clock/advance", `{"days":31}`},
		{http.MethodPost, "clock/advance", `{"days":-31}`},
		{http.MethodPut, "clock", `{"now":"2020-10-15","frozen":true}`},
		{http.MethodPut, "clock", `{"now":"2022-08-01"}`},
		{http.MethodDelete, "clock", ""},
	} {
		t.Run(strings.TrimSpace("after "+move.method+" "+move.body), func(t *testing.T) {
			v := (&running{r.app, t}).visitor()
			if move.method != "" {
				v.api(move.method, move.path, move.body, nil)
			}
			v.logIn(2, "sms")
			v.logIn(2, "totp")
			v.logIn(3, "totp")
			portal, _ := v.federation().Provider("prova")
			if cert := portal.Key().Cert; v.clock.Now().Before(cert.NotBefore) || v.clock.Now().After(cert.NotAfter) {
				t.Errorf("the certificate holds from %s to %s, now is %s", cert.NotBefore, cert.NotAfter, v.clock.Now())
			}
		})
	}
	if got := r.metadata(); !bytes.Equal(got, today) {
		t.Error("back at the real date the metadata are others than before: who pinned them is locked out")
	}
}

func (r *running) metadata() []byte {
	p, _ := r.federation().Provider("prova")
	return p.Metadata()
}

// What must stay is there after a month and back, expired documents swept on the way; codes and logins go.
func TestONB02AMonthAndBackLosesNobody(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir())
	r.visitor().logIn(2, "sms")
	count := func() (n [3]int) {
		for i, path := range []string{"users", "cards", "service-providers"} {
			var list struct{ Items []any }
			r.api(http.MethodGet, path, "", &list)
			n[i] = len(list.Items)
		}
		return n
	}
	before := count()
	for _, days := range []int{31, -31} {
		r.api(http.MethodPost, "clock/advance", fmt.Sprintf(`{"days":%d}`, days), nil)
		if _, err := r.store.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if after := count(); after != before || before[0] == 0 {
		t.Errorf("people, cards and service providers were %v, are %v", before, after)
	}
	r.visitor().logIn(3, "totp")
}

// Requests that run while the clock is moved are answered by one cast or the other, never by none.
func TestRequestsWhileTheClockMoves(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir())
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for _, address := range []string{r.base.String() + "/idp/prova/metadata", r.base.String() + "/readyz", r.portalBase.String() + "/"} {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				resp, err := http.Get(address)
				if err != nil {
					t.Error(err)
					return
				}
				resp.Body.Close()
				if resp.StatusCode != http.StatusOK {
					t.Errorf("%s answers %d", address, resp.StatusCode)
					return
				}
			}
		})
	}
	for _, now := range []string{"2020-10-15", "2022-08-01", "today", "2020-10-01"} {
		r.api(http.MethodPut, "clock", fmt.Sprintf(`{"now":%q}`, now), nil)
	}
	close(stop)
	readers.Wait()
	r.visitor().logIn(2, "sms")
}

// A restart goes on with the simulated date, unless it is given one of its own.
func TestONB02RestartKeepsTheDate(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	day := func(args ...string) (d clock.Day) {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			r := run(t, append([]string{"--data", data}, args...)...)
			if d = clock.DayOf(r.clock.Now()); d == clock.DayOf(time.Now()) {
				r.api(http.MethodPut, "clock", `{"now":"2021-09-30"}`, nil)
			}
			r.visitor().logIn(2, "sms")
		})
		return d
	}
	for i, want := range []struct {
		day  clock.Day
		args []string
	}{
		{clock.DayOf(time.Now()), nil},
		{clock.Date(2021, 9, 30), nil},
		{clock.Date(2022, 3, 3), []string{"--clock", "2022-03-03T10:00:00Z"}},
		{clock.Date(2021, 9, 30), nil},
	} {
		if got := day(want.args...); got != want.day {
			t.Errorf("start %d shows %s, want %s", i+1, got, want.day)
		}
	}
}
