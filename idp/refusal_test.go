package idp_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"spidsim/idp"
	"spidsim/idp/idptest"
	"spidsim/saml"
	"spidsim/spid"
)

// TestRequestAnomalies walks what a request may do wrong (TRG-04..TRG-18): page anomalies stay with the person under their own HTTP
// status; the others reach the service provider as a signed Response in a page with 200.
func TestRequestAnomalies(t *testing.T) {
	t.Parallel()
	five, minus, yes := 5, -1, true
	tests := []struct {
		name   string
		want   spid.Anomaly
		change func(r *saml.AuthnRequest)
	}{
		{"a wrong Version is nr09", 9, func(r *saml.AuthnRequest) { r.Version = "1.1" }},
		{"an ID that starts with a digit is nr11", 11, func(r *saml.AuthnRequest) { r.ID = "1" + r.ID }},
		{"an unknown level is nr12", 12, func(r *saml.AuthnRequest) { r.AuthnContextClassRef = []string{"https://www.spid.gov.it/SpidL4"} }},
		{"a withdrawn level name is nr12", 12, func(r *saml.AuthnRequest) {
			r.AuthnContextClassRef = []string{"urn:oasis:names:tc:SAML:2.0:ac:classes:SpidL2"}
		}},
		{"better than level 3 is nr12", 12, func(r *saml.AuthnRequest) {
			r.Comparison, r.AuthnContextClassRef = "better", []string{spid.L3.URI()}
		}},
		{"an old IssueInstant is nr13", 13, func(r *saml.AuthnRequest) { r.IssueInstant = r.IssueInstant.Add(-3 * time.Minute) }},
		{"a future IssueInstant is nr13", 13, func(r *saml.AuthnRequest) { r.IssueInstant = r.IssueInstant.Add(3 * time.Minute) }},
		{"another Destination is nr14", 14, func(r *saml.AuthnRequest) { r.Destination = "http://elsewhere.example/sso" }},
		{"IsPassive is nr15", 15, func(r *saml.AuthnRequest) { r.IsPassive = &yes }},
		{"an unknown AssertionConsumerServiceIndex is nr16", 16, func(r *saml.AuthnRequest) { r.AssertionConsumerServiceIndex = &five }},
		{"index and address together are nr16", 16, func(r *saml.AuthnRequest) { r.AssertionConsumerServiceURL = "http://localhost:9999/acs" }},
		{"a script as address is nr16", 16, func(r *saml.AuthnRequest) {
			r.AssertionConsumerServiceIndex, r.ProtocolBinding, r.AssertionConsumerServiceURL = nil, saml.HTTPPost, "javascript:alert(1)"
		}},
		{"another NameIDPolicy is nr17", 17, func(r *saml.AuthnRequest) { r.NameIDPolicyFormat = saml.FormatEntity }},
		{"an unknown attribute set is nr18", 18, func(r *saml.AuthnRequest) { r.AttributeConsumingServiceIndex = &five }},
		{"a negative attribute set is nr18", 18, func(r *saml.AuthnRequest) { r.AttributeConsumingServiceIndex = &minus }},
		{"no ForceAuthn at level 2 is nr08 in strict mode", 8, func(r *saml.AuthnRequest) { r.ForceAuthn = nil }},
		{"an Issuer without Format is anomaly 10", 10, func(r *saml.AuthnRequest) { r.Issuer.Format = "" }},
		{"an Issuer without NameQualifier is anomaly 10", 10, func(r *saml.AuthnRequest) { r.Issuer.NameQualifier = "" }},
		{"an unknown Issuer is anomaly 10", 10, func(r *saml.AuthnRequest) { r.Issuer.Value = "http://localhost:9999/" }},
	}
	for _, binding := range []saml.Binding{saml.HTTPRedirect, saml.HTTPPost} {
		for _, tt := range tests {
			t.Run(tt.name+" over "+string(binding), func(t *testing.T) {
				t.Parallel()
				sim, sp, b := world(t)
				r := sp.Request(sim.EntityID, 2, binding)
				tt.change(r)
				var p *page
				if binding == saml.HTTPRedirect {
					p = b.get(sp.RedirectURL(t, sim.EntityID, r, "relay-1"))
				} else {
					p = b.post(idptest.Endpoint(sim.EntityID, binding), sp.PostFields(t, r, "relay-1"))
				}
				b.refusedWith(p, tt.want, sp, r)
			})
		}
	}
}

// refusedWith checks who is told of an anomaly, and how.
func (b *browser) refusedWith(p *page, want spid.Anomaly, sp *idptest.SP, r *saml.AuthnRequest) {
	b.t.Helper()
	info, _ := want.Info()
	b.want(p, "error", info.HTTP)
	x := b.sim.LastExchange(b.t)
	if x.Anomaly != want {
		b.t.Errorf("journal says anomaly %d, want %d: %+v", x.Anomaly, want, x.Findings)
	}
	if info.ToUser {
		if strings.Contains(p.body, "SAMLResponse") {
			b.t.Error("the page carries a Response: a request that cannot be trusted gets none (SEC-37)")
		}
		if !strings.Contains(text(p.body), info.Page) {
			b.t.Errorf("the page lacks the official sentence %q", info.Page)
		}
		return
	}
	resp := b.verified(p)
	action, relay, _ := b.response(p)
	if action != sp.ACS || relay != "relay-1" {
		b.t.Errorf("the Response goes to %q with RelayState %q, want %q and relay-1", action, relay, sp.ACS)
	}
	if resp.Status != (saml.Status{Code: info.Status, Sub: info.Sub, Message: want.Code()}) || resp.Assertion != nil {
		b.t.Errorf("status %+v, want %s, %s, %s", resp.Status, info.Status, info.Sub, want.Code())
	}
	if wantID := r.ID; saml.IsNCName(wantID) && resp.InResponseTo != wantID || !saml.IsNCName(wantID) && resp.InResponseTo != "" {
		b.t.Errorf("InResponseTo is %q for request %q", resp.InResponseTo, wantID)
	}
}

// TestHostileInput sends what no service provider should: the page says what was wrong, nothing crashes, the next login works.
func TestHostileInput(t *testing.T) {
	t.Parallel()
	good := func(b *browser, sp *idptest.SP) string {
		el := sp.Request(b.sim.EntityID, 1, saml.HTTPPost).Element()
		if err := sp.Key.Sign(el); err != nil {
			b.t.Fatal(err)
		}
		return string(saml.Serialise(el))
	}
	encode := func(xml string) string { return base64.StdEncoding.EncodeToString([]byte(xml)) }
	tests := []struct {
		name    string
		want    spid.Anomaly
		message func(b *browser, sp *idptest.SP) string
	}{
		{"not base64", 4, func(*browser, *idptest.SP) string { return "!!! not base64 !!!" }},
		{"binary garbage", 4, func(*browser, *idptest.SP) string { return encode("\x00\x01\xff\xfe\x80garbage") }},
		{"an empty message", 4, func(*browser, *idptest.SP) string { return "" }},
		{"no XML", 4, func(*browser, *idptest.SP) string { return encode("hello") }},
		{"a DOCTYPE", 4, func(b *browser, sp *idptest.SP) string {
			return encode(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>` + good(b, sp))
		}},
		{"an entity bomb", 4, func(b *browser, sp *idptest.SP) string {
			return encode(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>`)
		}},
		{"20,000 nested elements", 4, func(*browser, *idptest.SP) string {
			return encode(strings.Repeat("<a>", 20000) + strings.Repeat("</a>", 20000))
		}},
		{"a megabyte of text", 4, func(*browser, *idptest.SP) string { return encode("<a>" + strings.Repeat("x", 300<<10) + "</a>") }},
		{"another root element", 4, func(*browser, *idptest.SP) string { return encode(`<a xmlns="urn:x" ID="_1"/>`) }},
		{"a body of ten megabytes", 4, func(*browser, *idptest.SP) string { return strings.Repeat("A", 10<<20) }},
		{"an unsigned request", 7, func(b *browser, sp *idptest.SP) string {
			return encode(string(saml.Serialise(sp.Request(b.sim.EntityID, 1, saml.HTTPPost).Element())))
		}},
		{"a foreign key", 7, func(b *browser, sp *idptest.SP) string {
			other := idptest.NewSP(b.t, sp.EntityID)
			return encode(good(b, other))
		}},
		{"a changed byte below the signature", 7, func(b *browser, sp *idptest.SP) string {
			return encode(strings.Replace(good(b, sp), `Comparison="minimum"`, `Comparison="maximum"`, 1))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim, sp, b := world(t)
			address := idptest.Endpoint(sim.EntityID, saml.HTTPPost)
			b.refusedWith(b.post(address, url.Values{"SAMLRequest": {tt.message(b, sp)}}), tt.want, sp, nil)
			p := b.post(address, url.Values{"SAMLRequest": {encode(good(b, sp))}})
			b.want(p, "credentials", 200)
		})
	}
}

func deflated(t *testing.T, xml string) string {
	t.Helper()
	var buf bytes.Buffer
	w, err := flate.NewWriter(&buf, flate.BestCompression)
	if err == nil {
		_, err = w.Write([]byte(xml))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return url.QueryEscape(base64.StdEncoding.EncodeToString(buf.Bytes()))
}

func TestHostileQueries(t *testing.T) {
	t.Parallel()
	const alg = "&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature=AAAA"
	tests := []struct {
		name  string
		want  spid.Anomaly
		query func(t *testing.T, signed string) string
	}{
		{"no parameters", 4, func(*testing.T, string) string { return "" }},
		{"no signature", 4, func(_ *testing.T, q string) string { return q[:strings.Index(q, "&SigAlg=")] }},
		{"SAMLRequest twice", 4, func(_ *testing.T, q string) string { return q + "&" + q[:strings.Index(q, "&")] }},
		{"an escaped parameter name", 4, func(_ *testing.T, q string) string { return strings.Replace(q, "SAMLRequest", "SAML%52equest", 1) }},
		{"an unknown parameter (D-12)", 4, func(_ *testing.T, q string) string { return q + "&utm_source=x" }},
		{"a bomb of ten megabytes", 4, func(t *testing.T, _ string) string {
			return "SAMLRequest=" + deflated(t, "<a>"+strings.Repeat(" ", 10<<20)+"</a>") + alg
		}},
		{"RelayState changed after signing", 5, func(_ *testing.T, q string) string { return strings.Replace(q, "relay-1", "relay-2", 1) }},
		{"RelayState taken away", 5, func(_ *testing.T, q string) string { return strings.Replace(q, "&RelayState=relay-1", "", 1) }},
		{"a signature of one octet", 5, func(_ *testing.T, q string) string {
			return q[:strings.Index(q, "&Signature=")] + "&Signature=AA%3D%3D"
		}},
		{"SHA-1", 5, func(_ *testing.T, q string) string {
			return strings.Replace(q, "2001%2F04%2Fxmldsig-more%23rsa-sha256", "2000%2F09%2Fxmldsig%23rsa-sha1", 1)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim, sp, b := world(t)
			r := sp.Request(sim.EntityID, 1, saml.HTTPRedirect)
			u, err := url.Parse(sp.RedirectURL(t, sim.EntityID, r, "relay-1"))
			if err != nil {
				t.Fatal(err)
			}
			address := idptest.Endpoint(sim.EntityID, saml.HTTPRedirect)
			b.refusedWith(b.get(address+"?"+tt.query(t, u.RawQuery)), tt.want, sp, r)
			b.want(b.get(u.String()), "credentials", 200)
		})
	}
}

func TestWrongMethod(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, method string
		binding      saml.Binding
	}{
		{"GET at the POST endpoint is anomaly 6", http.MethodGet, saml.HTTPPost},
		{"POST at the Redirect endpoint is anomaly 6", http.MethodPost, saml.HTTPRedirect},
		{"PUT is anomaly 6", http.MethodPut, saml.HTTPPost},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sim, sp, b := world(t)
			req, err := http.NewRequestWithContext(t.Context(), tt.method, idptest.Endpoint(sim.EntityID, tt.binding), nil)
			if err != nil {
				t.Fatal(err)
			}
			b.refusedWith(b.read(b.client.Do(req)), spid.WrongMethod, sp, nil)
		})
	}
}

// REQ-02, SEC-34: the same request opens one login, in sequence or at once.
func TestRequestsAreTakenOnce(t *testing.T) {
	t.Parallel()
	t.Run("the same request again is nr11", func(t *testing.T) {
		t.Parallel()
		sim, sp, b := world(t)
		r := sp.Request(sim.EntityID, 1, saml.HTTPRedirect)
		u := sp.RedirectURL(t, sim.EntityID, r, "relay-1")
		b.want(b.get(u), "credentials", 200)
		b.refusedWith(b.get(u), spid.BadID, sp, r)
	})
	t.Run("of fifty at once exactly one is accepted", func(t *testing.T) {
		t.Parallel()
		sim, sp, _ := world(t)
		u := sp.RedirectURL(t, sim.EntityID, sp.Request(sim.EntityID, 1, saml.HTTPRedirect), "relay-1")
		results := make(chan bool, 50)
		for range 50 {
			go func() {
				in := idp.Inbound{Method: http.MethodGet, Binding: saml.HTTPRedirect, Browser: "b"}
				in.Arrival, in.Intake = saml.ParseRedirect(saml.ParamRequest, u[strings.Index(u, "?")+1:])
				r, err := sim.IdP.Receive(t.Context(), in)
				results <- err == nil && r.Login != nil
			}()
		}
		accepted := 0
		for range 50 {
			if <-results {
				accepted++
			}
		}
		if accepted != 1 {
			t.Errorf("%d accepted, want 1", accepted)
		}
	})
}

// SEC-26: every failure of a signature looks the same from outside, apart from the reference.
func TestNoOracle(t *testing.T) {
	t.Parallel()
	sim, sp, b := world(t, idptest.Configure(func(c *idp.Config) { c.Mode = "trainer" }))
	other := idptest.NewSP(t, sp.EntityID)
	address := idptest.Endpoint(sim.EntityID, saml.HTTPPost)
	seen := map[string]bool{}
	for _, change := range []func(xml string) string{
		func(xml string) string { return strings.Replace(xml, `Comparison="minimum"`, `Comparison="exact"`, 1) },
		func(xml string) string { return strings.Replace(xml, "rsa-sha256", "rsa-sha512", 1) },
		func(xml string) string {
			return strings.Replace(xml, "<ds:SignatureValue>", "<ds:SignatureValue>AAAA", 1)
		},
	} {
		for _, key := range []*idptest.SP{sp, other} {
			el := key.Request(sim.EntityID, 1, saml.HTTPPost).Element()
			if err := key.Key.Sign(el); err != nil {
				t.Fatal(err)
			}
			message := base64.StdEncoding.EncodeToString([]byte(change(string(saml.Serialise(el)))))
			p := b.want(b.post(address, url.Values{"SAMLRequest": {message}}), "error", 403)
			seen[strings.ReplaceAll(text(p.body), sim.LastExchange(t).ID, "REF")] = true
		}
	}
	if len(seen) != 1 {
		t.Errorf("%d different pages for failed signatures, want one", len(seen))
	}
}

func TestRelaxed(t *testing.T) {
	t.Parallel()
	sim, sp, b := world(t, idptest.Relaxed())
	r := sp.Request(sim.EntityID, 2, saml.HTTPRedirect)
	r.ForceAuthn, r.NameIDPolicyFormat = nil, ""
	p := b.want(b.get(sp.RedirectURL(t, sim.EntityID, r, "")), "credentials", 200)
	p = b.signIn(p, "lucia.verdi")
	p = b.fill(p, "otp", b.totp("lucia.verdi"))
	b.verified(b.fill(p, "consent", "yes"))
	if found := sim.LastExchange(t).Findings; len(found) == 0 {
		t.Error("relaxed mode noted nothing")
	}
}
