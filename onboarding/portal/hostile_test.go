package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"spidsim/onboarding"
	"spidsim/templates/ui"
)

// cookieOf is the visit's cookie of a browser.
func (b *browser) cookieOf() string {
	b.t.Helper()
	at, err := url.Parse(b.url)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.client.Jar.Cookies(at) {
		if c.Name == "spidsim_portal" {
			return c.Value
		}
	}
	b.t.Fatal("the browser has no visit")
	return ""
}

// Who comes in gets a cookie that nobody can have planted before; the one before is worth nothing.
func TestSEC49ALoginChangesTheCookie(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		enter func(b *browser)
	}{
		{"PIN", func(b *browser) { b.sent(b.pin(ortensia), "/avviso") }},
		{"telephone PIN", func(b *browser) {
			made := b.browser()
			made.spid(loretta, "Loretta Qualzeni", 2)
			made.shown(made.post("/myinps/pin-telefonico", "duration", "1d"), http.StatusOK, "phone-pin")
			list, err := b.PhonePINs(b.t.Context(), loretta)
			if err != nil || len(list) != 1 {
				b.t.Fatalf("%d codes, %v", len(list), err)
			}
			b.sent(b.post("/accedi", "via", "phone", "cf", loretta, "code", list[0].Code), "/myinps")
		}},
		{"CNS", func(b *browser) { b.sent(b.post("/cns", "in", "ivo.xandrelli", "pin", "12345678"), "/myinps") }},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, "2021-08-01 10:00")
			if _, err := s.Configure(t.Context(), func(o *onboarding.Settings) { o.PhonePINAlsoWeb = true }); err != nil {
				t.Fatal(err)
			}
			b := s.browser()
			b.shown(b.post("/accedi", "cf", ortensia, "pin", "WRONG999"), http.StatusUnprocessableEntity, "mask")
			planted := b.cookieOf()
			row.enter(b)
			if b.cookieOf() == planted {
				t.Error("the cookie is the one from before the login")
			}
			if v, err := s.Visit(t.Context(), planted); err == nil {
				t.Errorf("the cookie from before the login is inside as %q", v.Name)
			}
			if a := b.get("/myinps"); a.status != http.StatusOK && a.location != "/avviso" {
				t.Errorf("the browser itself: %d to %q", a.status, a.location)
			}
		})
	}
}

// A PIN leaves by letter and message: no twin of a page says it, nor what a reset keeps.
func TestSEC71NoTwinSaysAPIN(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-09-15 10:00")
	b := s.browser()
	asked := "ZXUIOX66E05E289D" // P16 has no PIN
	read := func(method, path string, form url.Values) answer {
		return b.do(method, path, form, "Accept", "application/json")
	}
	pages := []answer{read(http.MethodPost, "/pin/richiedi", url.Values{"cf": {asked}, "way": {"online"}})}
	pages = append(pages, read(http.MethodPost, "/pin/richiedi", url.Values{"cf": {asked}, "letter": {"yes"}}))
	b.pin(ortensia)
	pages = append(pages, read(http.MethodGet, "/pin", nil), read(http.MethodPost, "/pin", url.Values{"revoke": {"yes"}}))
	for i, a := range pages {
		if a.status != http.StatusOK {
			t.Errorf("page %d: status %d\n%s", i, a.status, a.body)
		}
		for _, who := range []string{asked, ortensia} {
			if f, err := s.PIN(t.Context(), who); err != nil || strings.Contains(a.body, f.Code) || strings.Contains(a.body, f.Code[:8]) {
				t.Errorf("page %d says the PIN %v\n%s", i, err, a.body)
			}
		}
		for _, member := range []string{`"reset`, `"code"`} {
			if strings.Contains(a.body, member) {
				t.Errorf("page %d has a member %s\n%s", i, member, a.body)
			}
		}
	}
}

// The link of a lost PIN is on the page for lessons and developers alone.
func TestSEC56TheLinkOfALostPINStaysInTheMessages(t *testing.T) {
	t.Parallel()
	for mode, shown := range map[string]bool{ui.ModeDev: true, ui.ModeTrainer: true, ui.ModeCI: false} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			s := newSiteIn(t, "2020-10-15 10:00", mode)
			b := s.browser()
			a := b.post("/pin/smarrito", "cf", ortensia, "contact", "ortensia.quirzoldi@personas.example")
			if a.status != http.StatusOK || strings.Contains(a.body, "token=") != shown {
				t.Errorf("status %d; the link is shown: %t, want %t", a.status, !shown, shown)
			}
		})
	}
}

// What is typed is shown as text, on every page that repeats it (SEC-53).
func TestSEC53PayloadsAreText(t *testing.T) {
	t.Parallel()
	const payload = `"'><script>alert(1)</script><svg onload=alert(2)>`
	s := newSite(t, "2021-11-02 10:00")
	everything, query := url.Values{}, url.Values{}
	for _, name := range []string{"cf", "pin", "new_pin", "profile", "code", "via", "contact", "contact2", "token", "way", "by", "name", "surname", "until", "slot", "otp", "present", "for", "note",
		"report", "favourite", "principal", "delegate", "module", "role", "papers", "identified", "card", "in", "duration", "document", "consent", "idp", "revoke", "go", "q", "tab", "year", "text"} {
		everything.Set(name, payload)
		query.Set(name, payload)
	}
	for _, in := range []bool{false, true} {
		b := s.browser()
		if in {
			b.spid(loretta, "Loretta Qualzeni", 2)
		}
		for _, path := range []string{"/", "/accedi", "/pin", "/pin/nuovo", "/pin/rinnova", "/pin/smarrito", "/pin/richiedi", "/pin/converti", "/cns", "/avviso", "/spid/richiedi", "/spid/gestori",
			"/spid/passaggio", "/myinps", "/myinps/pin-telefonico", "/myinps/deleghe", "/myinps/deleghe/nuova", "/myinps/deleghe/video", "/myinps/per-conto", "/app", "/spid", "/spid/sito",
			"/spid/confronta", "/aiuto", "/contact-center", "/sportello/deleghe", "/servizi/pensione", "/spid/richiedi/esito"} {
			for _, a := range []answer{b.get(path + "?" + query.Encode()), b.do(http.MethodPost, path, everything)} {
				if strings.Contains(a.body, "<script>alert") || strings.Contains(a.body, "<svg onload") {
					t.Errorf("%s: a payload is markup:\n%.300s", path, a.body)
				}
				if strings.Contains(a.location, "://") || strings.HasPrefix(a.location, "//") {
					t.Errorf("%s leads to %s", path, a.location)
				}
				if a.status >= http.StatusInternalServerError {
					t.Errorf("%s: status %d", path, a.status)
				}
			}
		}
	}
}
