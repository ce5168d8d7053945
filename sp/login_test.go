package sp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"spidsim/internal/web"
	"spidsim/saml"
	"spidsim/sp"
	"spidsim/spid"
	"spidsim/spid/rules"
)

func TestEveryRequestKeepsEveryRule(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	own := p.descriptor(t)
	for _, binding := range []string{"redirect", "post"} {
		for _, level := range []string{"1", "2", "3"} {
			for _, comparison := range []string{"exact", "minimum", "better", "maximum"} {
				if level == "3" && comparison == "better" {
					continue // nothing is better than SpidL3: nr12 is the right answer (CMP-01)
				}
				query := url.Values{"binding": {binding}, "level": {level}, "comparison": {comparison}}
				t.Run(query.Encode(), func(t *testing.T) {
					t.Parallel()
					l := p.browser(t).begin("?" + query.Encode())
					clean(t, p, own, l, binding)
				})
			}
		}
	}
	for _, query := range []string{"?purpose=P", "?purpose=LP", "?purpose=PG", "?purpose=PF", "?purpose=PX", "?attributes=1", "?attributes=2",
		"?attributes=3", "?attributes=4", "?acs=0&relay=%2Fservizi%3Fa%3D1", "?level=&binding=&lang=en"} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			clean(t, p, own, p.browser(t).begin(query), "post")
		})
	}
}

func clean(t *testing.T, p *portal, own *saml.EntityDescriptor, l *begun, binding string) {
	t.Helper()
	subject := &rules.Subject{
		Endpoint: p.idp.entityID + "/sso/" + binding, Method: map[string]string{"redirect": "GET", "post": "POST"}[binding],
		Binding: l.arrival.Binding, Arrival: l.arrival, Now: p.clock.now(), IdP: p.idp.descriptor,
		FindSP: func(entityID string) *saml.EntityDescriptor {
			if entityID == own.EntityID {
				return own
			}
			return nil
		},
	}
	if l.endpoint != subject.Endpoint {
		t.Errorf("the request went to %q, want %q", l.endpoint, subject.Endpoint)
	}
	report := rules.Run(rules.AuthnRequest, subject)
	for _, f := range report.Noted() {
		t.Errorf("%s: %s is %q, want %q %s", f.Rule.ID, f.Path, f.Found, f.Wanted, f.Detail)
	}
	if report.Verified == nil {
		t.Error("the rules verified nothing")
	}
}

// descriptor is the portal's metadata as others read it.
func (p *portal) descriptor(t testing.TB) *saml.EntityDescriptor {
	t.Helper()
	document, err := p.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	d, err := saml.ReadMetadata(document)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLoginAsksForWhatTheParametersSay(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for _, row := range []struct {
		name, query string
		class       spid.Level
		comparison  string
		binding     saml.Binding
		set         int
		force       bool
		purpose     string
	}{
		{"no parameters: level 2, minimum, POST, set 0", "", spid.L2, "minimum", saml.HTTPPost, 0, true, ""},
		{"empty parameters are the defaults", "?level=&binding=&comparison=&acs=&attributes=&purpose=&relay=&idp=", spid.L2, "minimum", saml.HTTPPost, 0, true, ""},
		{"level 1 exactly may come from a session", "?level=1&comparison=exact", spid.L1, "exact", saml.HTTPPost, 0, false, ""},
		{"level 1 at most may come from a session", "?level=1&comparison=maximum", spid.L1, "maximum", saml.HTTPPost, 0, false, ""},
		{"level 1 or more needs a fresh authentication", "?level=1", spid.L1, "minimum", saml.HTTPPost, 0, true, ""},
		{"better than level 1 needs a fresh authentication", "?level=1&comparison=better", spid.L1, "better", saml.HTTPPost, 0, true, ""},
		{"level 3 exactly needs a fresh authentication", "?level=3&comparison=exact&binding=redirect", spid.L3, "exact", saml.HTTPRedirect, 0, true, ""},
		{"a purpose goes into the extensions", "?purpose=LP&attributes=3", spid.L2, "minimum", saml.HTTPPost, 3, true, "LP"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			l := p.browser(t).begin(row.query)
			r := l.request
			if len(r.AuthnContextClassRef) != 1 || r.AuthnContextClassRef[0] != row.class.URI() || r.Comparison != row.comparison {
				t.Errorf("asked for %q %v, want %q %s", r.Comparison, r.AuthnContextClassRef, row.comparison, row.class.URI())
			}
			if l.arrival.Binding != row.binding {
				t.Errorf("binding is %s, want %s", l.arrival.Binding, row.binding)
			}
			if r.AttributeConsumingServiceIndex == nil || *r.AttributeConsumingServiceIndex != row.set {
				t.Errorf("AttributeConsumingServiceIndex is %v, want %d", r.AttributeConsumingServiceIndex, row.set)
			}
			if got := r.ForceAuthn != nil && *r.ForceAuthn; got != row.force {
				t.Errorf("ForceAuthn is %v, want %v", got, row.force)
			}
			if got := purposeOf(r); got != row.purpose {
				t.Errorf("spid:Purpose is %q, want %q", got, row.purpose)
			}
		})
	}
}

func purposeOf(r *saml.AuthnRequest) string {
	if r.Extensions == nil {
		return ""
	}
	el := saml.Child(r.Extensions, "https://spid.gov.it/saml-extensions", "Purpose")
	if el == nil {
		return "nothing in Extensions"
	}
	value, _ := saml.Text(el)
	return value
}

func TestABadParameterIsRefusedByName(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for _, row := range []struct{ name, query, field, wanted string }{
		{"an unknown gestore", "?idp=nessuno", "idp", "prova"},
		{"a fourth level", "?level=4", "level", "1 | 2 | 3"},
		{"a level in words", "?level=SpidL2", "level", "1 | 2 | 3"},
		{"an unknown binding", "?binding=artifact", "binding", "redirect | post"},
		{"an unknown comparison", "?comparison=most", "comparison", "exact | minimum | better | maximum"},
		{"an ACS index that the metadata has not", "?acs=7", "acs", "0"},
		{"an attribute set that the metadata has not", "?attributes=9", "attributes", "0 | 1 | 2 | 3 | 4"},
		{"an attribute set that is no number", "?attributes=all", "attributes", "0 | 1 | 2 | 3 | 4"},
		{"an unknown purpose", "?purpose=Q", "purpose", "P | LP | PG | PF | PX"},
		{"a parameter given twice", "?level=1&level=2", "level", "one value"},
		{"a misspelt parameter", "?leve1=1", "leve1", "level"},
		{"a return address of another site", "?relay=https://evil.example/", "relay", "path of this site"},
		{"a return address without scheme", "?relay=//evil.example/", "relay", "path of this site"},
		{"a return address with a backslash", "?relay=/%5Cevil.example/", "relay", "path of this site"},
		{"a return address with a line break", "?relay=/a%0d%0aSet-Cookie:x", "relay", "path of this site"},
		{"a return address with a script", "?relay=javascript:alert(1)", "relay", "path of this site"},
		{"a return address without end", "?relay=/" + strings.Repeat("a", 600), "relay", "path of this site"},
		{"a query that is no query", "?level=%zz", "query", "name=value"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := p.browser(t)
			r := b.get("/spid/login"+row.query, "Accept", "application/json")
			var got struct{ Field, Found, Wanted string }
			if err := json.Unmarshal([]byte(r.body), &got); err != nil {
				t.Fatal(err)
			}
			if r.StatusCode != http.StatusBadRequest || got.Field != row.field || !strings.Contains(got.Wanted, row.wanted) {
				t.Errorf("status %d, field %q, wanted %q; want 400, %q, %q", r.StatusCode, got.Field, got.Wanted, row.field, row.wanted)
			}
			page := b.get("/spid/login" + row.query)
			if page.StatusCode != http.StatusBadRequest || !strings.Contains(text(page.body), row.field) {
				t.Errorf("the page has status %d and does not name %q: %s", page.StatusCode, row.field, text(page.body))
			}
			if strings.Contains(page.body, "SAMLRequest") {
				t.Error("a request left all the same")
			}
		})
	}
}

func TestAGestoreInMaintenanceTakesNoLogin(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	if r := p.browser(t).get("/spid/login?idp=chiuso"); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", r.StatusCode)
	}
}

func TestMetadataThatDoNotVerifyTakeOneGestoreOut(t *testing.T) {
	t.Parallel()
	c := new(clock)
	p := newPortalOn(t, "memory:", c)
	p.alfa.metadata = bytes.Replace(p.alfa.metadata, []byte("/sso/post"), []byte("/sso/evil"), 1)
	p.start(t)
	b := p.browser(t)
	if r := b.get("/spid/login?idp=alfa"); r.StatusCode != http.StatusServiceUnavailable || strings.Contains(r.body, "SAMLRequest") {
		t.Errorf("status %d, want 503 and no request", r.StatusCode)
	}
	if page := b.get("/"); !strings.Contains(text(page.body), "i suoi metadati non sono validi") {
		t.Errorf("the list does not say why: %s", text(page.body))
	}
	l := b.begin("?idp=prova")
	b.mustEnter(b.good(l, spid.L2), l.relayState)
}

func TestCookiesOverHTTPSAreTiedToTheHost(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	base, _ := url.Parse("https://portale.localhost:8443")
	s, err := sp.New(sp.Config{BaseURL: base, Key: portalKey(t, base.String()), Store: p.db, Now: p.clock.now,
		IdPs: func(context.Context) ([]sp.Provider, error) {
			return []sp.Provider{{Slug: "prova", Metadata: p.idp.metadata}}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	h, err := web.Handler(s.Handler(), web.Options{BaseURL: base, CrossSite: sp.CrossSite(), Uploads: sp.Uploads()})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", base.String()+"/spid/login", nil))
	cookies := w.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Name != "__Host-spidsim_sp_browser" || !cookies[0].Secure || cookies[0].Path != "/" || cookies[0].Domain != "" {
		t.Errorf("status %d, cookies %v", w.Code, cookies)
	}
}

func TestRelayStateIsAnOpaqueHandle(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	var seen []string
	for range 8 {
		l := b.begin("?relay=/servizi/pensione&binding=redirect")
		if l.relayState == "" || len(l.relayState) > 80 || strings.Contains(l.relayState, "servizi") || strings.Contains(l.relayState, "http") {
			t.Errorf("RelayState is %q", l.relayState)
		}
		if slices.Contains(seen, l.relayState) {
			t.Errorf("RelayState %q came twice", l.relayState)
		}
		seen = append(seen, l.relayState)
	}
}

func TestTheBrowserCookieIsGuarded(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	r := b.get("/spid/login")
	var found *http.Cookie
	for _, c := range r.Cookies() {
		if c.Name == "spidsim_sp_browser" {
			found = c
		}
	}
	if found == nil || !found.HttpOnly || found.SameSite != http.SameSiteLaxMode || found.Path != "/" || len(found.Value) != 43 {
		t.Fatalf("cookie is %+v, want HttpOnly, SameSite=Lax, Path=/ and 256 bits", found)
	}
	if again := b.get("/spid/login"); len(again.Cookies()) != 0 {
		t.Error("a second login changed the browser's cookie: logins in two tabs would disturb each other")
	}
}

func TestOnlySixteenLoginsOfABrowserWait(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	var logins []*begun
	for range 17 {
		logins = append(logins, b.begin("?binding=redirect"))
	}
	b.mustStayOut(b.good(logins[0], spid.L2), logins[0].relayState)
	b.mustEnter(b.good(logins[1], spid.L2), logins[1].relayState)
	b.mustEnter(b.good(logins[16], spid.L2), logins[16].relayState)
}
