package sp_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"spidsim/spid"
)

func TestTheACSTakesOneKindOfForm(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for _, row := range []struct {
		name   string
		status int
		send   func(b *browser, good, relay string) *reply
	}{
		{"GET", http.StatusMethodNotAllowed, func(b *browser, good, relay string) *reply {
			return b.get("/spid/acs?SAMLResponse=" + url.QueryEscape(good)[:200])
		}},
		{"PUT", http.StatusMethodNotAllowed, func(b *browser, good, relay string) *reply {
			return b.do("PUT", "/spid/acs", formType, url.Values{"SAMLResponse": {good}}.Encode())
		}},
		{"a query beside the body", http.StatusBadRequest, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs?RelayState=x", formType, url.Values{"SAMLResponse": {good}}.Encode())
		}},
		{"an empty query beside the body", http.StatusBadRequest, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs?", formType, url.Values{"SAMLResponse": {good}}.Encode())
		}},
		{"the language in the query", http.StatusBadRequest, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs?lang=en", formType, url.Values{"SAMLResponse": {good}}.Encode())
		}},
		{"multipart", http.StatusUnsupportedMediaType, func(b *browser, good, relay string) *reply {
			var body bytes.Buffer
			w := multipart.NewWriter(&body)
			w.WriteField("SAMLResponse", good)
			w.Close()
			return b.do("POST", "/spid/acs", w.FormDataContentType(), body.String())
		}},
		{"text/xml", http.StatusUnsupportedMediaType, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs", "text/xml", "<x/>")
		}},
		{"no content type", http.StatusUnsupportedMediaType, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs", "", url.Values{"SAMLResponse": {good}}.Encode())
		}},
		{"too many fields", http.StatusBadRequest, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs", formType, url.Values{"SAMLResponse": {good}}.Encode()+strings.Repeat("&a=b", 40))
		}},
		{"a body of 600 KiB", http.StatusRequestEntityTooLarge, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs", formType, "SAMLResponse="+strings.Repeat("A", 600<<10))
		}},
		{"a body that is not percent-encoded", http.StatusBadRequest, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs", formType, "SAMLResponse=%zz")
		}},
		{"SAMLResponse twice", http.StatusForbidden, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs", formType, url.Values{"SAMLResponse": {good, good}, "RelayState": {relay}}.Encode())
		}},
		{"RelayState twice", http.StatusForbidden, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs", formType, url.Values{"SAMLResponse": {good}, "RelayState": {relay, relay}}.Encode())
		}},
		{"SAMLRequest beside SAMLResponse", http.StatusForbidden, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs", formType, url.Values{"SAMLResponse": {good}, "SAMLRequest": {good}}.Encode())
		}},
		{"no SAMLResponse", http.StatusForbidden, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs", formType, url.Values{"RelayState": {relay}}.Encode())
		}},
		{"the name in lower case", http.StatusForbidden, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs", formType, url.Values{"samlresponse": {good}}.Encode())
		}},
		{"not base64", http.StatusForbidden, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs", formType, url.Values{"SAMLResponse": {"***"}}.Encode())
		}},
		{"URL-safe base64", http.StatusForbidden, func(b *browser, good, relay string) *reply {
			raw, _ := base64.StdEncoding.DecodeString(good)
			return b.do("POST", "/spid/acs", formType, url.Values{"SAMLResponse": {base64.RawURLEncoding.EncodeToString(raw) + "_"}}.Encode())
		}},
		{"the path in another spelling", http.StatusNotFound, func(b *browser, good, relay string) *reply {
			return b.do("POST", "/spid/acs/", formType, url.Values{"SAMLResponse": {good}}.Encode())
		}},
		{"a doubled slash", http.StatusNotFound, func(b *browser, good, relay string) *reply {
			return b.do("POST", "//spid/acs", formType, url.Values{"SAMLResponse": {good}}.Encode())
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := p.browser(t)
			l := b.begin("?binding=redirect")
			document := b.good(l, spid.L2)
			r := row.send(b, base64.StdEncoding.EncodeToString(document), l.relayState)
			if r.StatusCode != row.status {
				t.Errorf("status %d, want %d\n%s", r.StatusCode, row.status, text(r.body))
			}
			if row.status == http.StatusMethodNotAllowed && r.Header.Get("Allow") != "POST" {
				t.Errorf("Allow is %q, want POST", r.Header.Get("Allow"))
			}
			if m := b.me(); m.Authenticated {
				t.Error("somebody came in")
			}
			b.mustEnter(document, l.relayState)
		})
	}
}

func TestRelayStateDecidesNothing(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for _, relay := range []string{"", "//evil.example", `/\evil.example`, "https:evil.example", "javascript:alert(1)", "/servizi\r\nX: y", randomHex(40),
		"http://evil.example/spid/me", `"><script>alert(1)</script>`} {
		t.Run(relay, func(t *testing.T) {
			t.Parallel()
			b := p.browser(t)
			l := b.begin("?relay=/servizi")
			r := b.post(b.good(l, spid.L2), relay)
			if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/spid/me" || strings.Contains(r.body, "evil") {
				t.Errorf("status %d to %q, want 303 to /spid/me", r.StatusCode, r.Header.Get("Location"))
			}
		})
	}
	t.Run("the handle that was sent leads to the stored path", func(t *testing.T) {
		t.Parallel()
		b := p.browser(t)
		l := b.begin("?relay=/servizi%3Fa%3D1")
		if r := b.post(b.good(l, spid.L2), l.relayState); r.Header.Get("Location") != "/servizi?a=1" {
			t.Errorf("to %q, want /servizi?a=1", r.Header.Get("Location"))
		}
	})
	t.Run("the handle of another login leads to /spid/me", func(t *testing.T) {
		t.Parallel()
		b := p.browser(t)
		l, l2 := b.begin("?relay=/uno"), b.begin("?relay=/due")
		if r := b.post(b.good(l, spid.L2), l2.relayState); r.Header.Get("Location") != "/spid/me" {
			t.Errorf("to %q, want /spid/me", r.Header.Get("Location"))
		}
	})
	t.Run("81 octets are refused", func(t *testing.T) {
		t.Parallel()
		b := p.browser(t)
		l := b.begin("")
		b.mustStayOut(b.good(l, spid.L2), strings.Repeat("a", 81))
	})
}

func session(r *http.Response) *http.Cookie {
	for _, c := range r.Cookies() {
		if c.Name == "spidsim_sp_session" {
			return c
		}
	}
	return nil
}

// with asks /spid/me with one session cookie and no jar.
func (p *portal) with(t *testing.T, value string) int {
	t.Helper()
	q, _ := http.NewRequest("GET", p.url+"/spid/me", nil)
	q.Header.Set("Accept", "application/json")
	q.AddCookie(&http.Cookie{Name: "spidsim_sp_session", Value: value})
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	return r.StatusCode
}

func TestEveryLoginGetsANewSession(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	planted := strings.Repeat("A", 43)
	site, _ := url.Parse(p.url)
	b.Jar.SetCookies(site, []*http.Cookie{{Name: "spidsim_sp_session", Value: planted, Path: "/"}})

	l := b.begin("?level=1")
	first := session(b.post(b.good(l, spid.L1), l.relayState).Response)
	if first == nil || first.Value == planted || len(first.Value) != 43 || !first.HttpOnly || first.SameSite != http.SameSiteLaxMode || first.Path != "/" {
		t.Fatalf("cookie is %+v, want a fresh one of 256 bits, HttpOnly, SameSite=Lax, Path=/", first)
	}
	if status := p.with(t, planted); status != http.StatusUnauthorized {
		t.Errorf("the planted identifier: status %d, want 401", status)
	}
	l = b.begin("?level=2")
	secondCookie := session(b.post(b.good(l, spid.L2), l.relayState).Response)
	if secondCookie == nil || secondCookie.Value == first.Value {
		t.Fatal("the second login kept the identifier")
	}
	if status := p.with(t, first.Value); status != http.StatusUnauthorized {
		t.Errorf("the identifier of the first login: status %d, want 401", status)
	}
	if status := p.with(t, secondCookie.Value); status != http.StatusOK {
		t.Errorf("the identifier of the second login: status %d, want 200", status)
	}
	r := b.get("/spid/logout")
	if gone := session(r.Response); r.StatusCode != http.StatusSeeOther || gone == nil || gone.MaxAge >= 0 {
		t.Errorf("logout: status %d, cookie %+v", r.StatusCode, gone)
	}
	if status := p.with(t, secondCookie.Value); status != http.StatusUnauthorized {
		t.Errorf("the identifier after logout: status %d, want 401", status)
	}
	if m := b.me(); m.Authenticated || m.Reason != "none" {
		t.Errorf("GET /spid/me after logout: %+v", m)
	}
}

func TestASessionEndsAfterAnHour(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	l := b.begin("")
	b.mustEnter(b.good(l, spid.L2), l.relayState)
	p.clock.advance(time.Hour - time.Second)
	if m := b.me(); !m.Authenticated {
		t.Error("the session ended too early")
	}
	p.clock.advance(2 * time.Second)
	if m := b.me(); m.Authenticated {
		t.Error("the session did not end")
	}
}

func TestAStrangerIsToldSo(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	r := b.get("/spid/me", "Accept", "application/json")
	var got map[string]any
	if err := json.Unmarshal([]byte(r.body), &got); err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != http.StatusUnauthorized || got["authenticated"] != false || got["reason"] != "none" || got["rule"] != "" || got["anomaly"] != 0.0 {
		t.Errorf("status %d, %v", r.StatusCode, got)
	}
	if page := b.get("/spid/me"); page.StatusCode != http.StatusUnauthorized || !strings.Contains(text(page.body), "Serve un accesso") {
		t.Errorf("status %d: %s", page.StatusCode, text(page.body))
	}
}

func TestTheHomePageListsTheGestori(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	page := b.get("/?order=stable")
	for _, want := range []string{"Gestore di prova", "Gestore Alfa", "Gestore Chiuso", "in manutenzione"} {
		if !strings.Contains(text(page.body), want) {
			t.Errorf("the page does not say %q: %s", want, text(page.body))
		}
	}
	if !strings.Contains(page.body, "/spid/login") || page.StatusCode != http.StatusOK {
		t.Errorf("status %d; no way to log in", page.StatusCode)
	}
	if english := b.get("/?lang=en"); !strings.Contains(english.body, `lang="en"`) {
		t.Error("the page is not to be had in English")
	}
	var twin struct {
		EntityID string `json:"entity_id"`
		IdPs     []struct {
			Slug  string
			Ready bool
		}
	}
	if err := json.Unmarshal([]byte(b.get("/", "Accept", "application/json").body), &twin); err != nil {
		t.Fatal(err)
	}
	if twin.EntityID != p.url || len(twin.IdPs) != 3 || !twin.IdPs[0].Ready || twin.IdPs[2].Ready {
		t.Errorf("the twin is %+v", twin)
	}
}

// UX-24: the CIE has a button of its own, yet a login may be asked of it.
func TestUX24TheCIEIsNotInTheAccessButton(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	page := b.get("/?order=stable")
	if strings.Contains(page.body, "idp-cie") || strings.Contains(b.get("/", "Accept", "application/json").body, "cie") {
		t.Errorf("the CIE is offered as a gestore: %s", text(page.body))
	}
	for _, level := range []string{"1", "2", "3"} {
		if page := b.get("/spid/login?idp=cie&level=" + level); page.StatusCode != http.StatusOK || !strings.Contains(page.body, p.cie.entityID+"/sso/post") {
			t.Errorf("level %s: status %d, no request for the CIE", level, page.StatusCode)
		}
	}
}

func TestAddressesAndMethods(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	for _, row := range []struct {
		name, method, path string
		status             int
	}{
		{"metadata", "GET", "/spid/metadata", http.StatusOK},
		{"single logout by GET says that it is not there", "GET", "/spid/slo", http.StatusNotImplemented},
		{"single logout by POST says that it is not there", "POST", "/spid/slo", http.StatusNotImplemented},
		{"an unknown page", "GET", "/altro", http.StatusNotFound},
		{"POST at the login", "POST", "/spid/login", http.StatusMethodNotAllowed},
		{"HEAD begins no login", "HEAD", "/spid/login", http.StatusMethodNotAllowed},
		{"HEAD ends no session", "HEAD", "/spid/logout", http.StatusMethodNotAllowed},
		{"DELETE", "DELETE", "/spid/me", http.StatusMethodNotAllowed},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := b.do(row.method, row.path, "", "")
			if r.StatusCode != row.status {
				t.Errorf("status %d, want %d", r.StatusCode, row.status)
			}
			if r.Header.Get("X-Simulator") != "true" || r.Header.Get("Content-Security-Policy") == "" {
				t.Error("headers of every answer are missing (SEC-51)")
			}
		})
	}
}

func TestTheSelfPostingPageMayOnlyPostToTheGestore(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	r := p.browser(t).get("/spid/login?binding=post")
	if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' http://idp.test") {
		t.Errorf("policy is %q", csp)
	}
	if r.Header.Get("Cache-Control") != "no-store" {
		t.Error("the page with the request may be stored")
	}
}
