package rules

import (
	"crypto/x509"
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"spidsim/saml"
	"spidsim/spid"
)

const (
	get  = saml.HTTPRedirect
	post = saml.HTTPPost

	index0   = ` AssertionConsumerServiceIndex="0"`
	set0     = ` AttributeConsumingServiceIndex="0"`
	policy   = `<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"/>`
	comp     = ` Comparison="minimum"`
	ref      = `<saml:AuthnContextClassRef>https://www.spid.gov.it/SpidL2</saml:AuthnContextClassRef>`
	instant0 = `IssueInstant="2026-11-22T09:00:00Z"`
	end      = `</samlp:AuthnRequest>`
	urls     = ` AssertionConsumerServiceURL="https://sp.example.org/acs" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"`
	subject0 = `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified" NameQualifier="https://idp.example.org">lucia</saml:NameID></saml:Subject>`
	window0  = `<saml:Conditions NotBefore="2026-11-22T08:59:00Z" NotOnOrAfter="2026-11-22T09:05:00Z"/>`
	issuerIn = `>https://sp.example.org</saml:Issuer>`
	extended = `</saml:Issuer><samlp:Extensions><spid:Purpose xmlns:spid="https://spid.gov.it/saml-extensions">PG</spid:Purpose></samlp:Extensions>`
)

// requestCase is a good request with one fault. edits change the document before it is signed; form, query and
// subject what comes after.
type requestCase struct {
	name    string
	rule    string // of the row that must be the first to refuse, or that must warn
	anomaly spid.Anomaly
	on      saml.Binding // "" = HTTP-POST
	edits   []string
	form    func(*testing.T, url.Values)
	query   func(*testing.T, string) string
	subject func(*Subject)
	warns   bool   // nothing refuses, the row warns
	relaxed string // in relaxed mode: "" = the same rule refuses, "warns" = served with a finding
}

var requestCases = []requestCase{
	{name: "a GET at the POST address", rule: "BIND-11", anomaly: 6, subject: func(s *Subject) { s.Method, s.Arrival = "GET", nil }},
	{name: "a POST at the redirect address", rule: "BIND-11", anomaly: 6, on: get, subject: func(s *Subject) { s.Method, s.Arrival = "POST", nil }},
	{name: "no message at all", rule: "BIND-10", anomaly: 4, form: func(_ *testing.T, f url.Values) { f.Del("SAMLRequest") }},
	{name: "no arrival", rule: "BIND-10", anomaly: 4, subject: func(s *Subject) { s.Arrival = nil }},
	{name: "no SigAlg", rule: "AR-TR-06", anomaly: 4, on: get, query: without("SigAlg")},
	{name: "no Signature", rule: "AR-TR-07", anomaly: 4, on: get, query: without("Signature")},
	{name: "SAMLRequest twice", rule: "SEC-28", anomaly: 4, on: get, query: func(_ *testing.T, q string) string { return q + "&SAMLRequest=x" }},
	{name: "SAMLRequest twice by POST", rule: "SEC-28", anomaly: 4, form: func(_ *testing.T, f url.Values) { f.Add("SAMLRequest", "x") }},
	{name: "an unknown parameter", rule: "D-12", anomaly: 4, on: get, query: func(_ *testing.T, q string) string { return q + "&lang=it" }, relaxed: "warns"},
	{name: "Signature beside an XML signature", rule: "D-12", anomaly: 4, form: func(_ *testing.T, f url.Values) { f.Set("Signature", "x") }, relaxed: "warns"},
	{name: "RelayState of 81 octets", rule: "SEC-33", anomaly: 4, form: func(_ *testing.T, f url.Values) { f.Set("RelayState", strings.Repeat("x", 81)) }},
	{name: "Signature that is no base64", rule: "AR-TR-08", anomaly: 4, on: get, query: func(t *testing.T, q string) string { return without("Signature")(t, q) + "&Signature=%21" }},
	{name: "SAMLRequest that is no base64", rule: "2.0.0", anomaly: 4, form: func(_ *testing.T, f url.Values) { f.Set("SAMLRequest", "!!!!") }},
	{name: "a redirect that is not deflated", rule: "AR-TR-04", anomaly: 4, on: get, query: func(*testing.T, string) string {
		return "SAMLRequest=" + url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(goodRequest))) + "&SigAlg=x&Signature=AAAA"
	}},
	{name: "an attribute of 9000 octets", rule: "SEC-14", anomaly: 4, form: raw(`<a b="` + strings.Repeat("x", 9000) + `"/>`)},
	{name: "a DOCTYPE", rule: "SEC-11", anomaly: 4, form: raw(`<!DOCTYPE a><a/>`)},
	{name: "a comment", rule: "SEC-12", anomaly: 4, form: raw(`<a><!-- x --></a>`)},
	{name: "an ID spelt id", rule: "SEC-15", anomaly: 4, form: raw(`<a id="x"/>`)},
	{name: "XML that is not well formed", rule: "AR-TR-05", anomaly: 4, form: raw(`<a><b></a>`)},
	{name: "another root", rule: "AR-01", anomaly: 4, form: raw(`<a/>`)},
	{name: "a LogoutRequest", rule: "AR-01", anomaly: 4, form: raw(`<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"/>`)},
	{name: "a line break before the document", rule: "AR-TR-09", warns: true, on: get, edits: []string{"<samlp:AuthnRequest", "\n<samlp:AuthnRequest"}},

	{name: "no Issuer", rule: "AR-60", anomaly: 10, on: get, edits: []string{"saml:Issuer ", "saml:Other ", "</saml:Issuer>", "</saml:Other>"}},
	{name: "an empty Issuer", rule: "AR-61", anomaly: 10, edits: []string{issuerIn, "></saml:Issuer>"}},
	{name: "an Issuer with blanks", rule: "REQ-20", anomaly: 10, edits: []string{issuerIn, "> https://sp.example.org\n</saml:Issuer>"}, relaxed: "warns"},
	{name: "an unknown Issuer", rule: "AR-62", anomaly: 10, edits: []string{issuerIn, ">https://sp.example.org/</saml:Issuer>"}},
	{name: "nobody registered", rule: "AR-62", anomaly: 10, subject: func(s *Subject) { s.FindSP = nil }},
	{name: "an Issuer that is no service", rule: "AR-62", anomaly: 10, subject: func(s *Subject) {
		s.FindSP = func(string) *saml.EntityDescriptor { return identityProvider() }
	}},
	{name: "an Issuer without Format", rule: "AR-65", anomaly: 10, edits: []string{` Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity"`, ""}, relaxed: "warns"},
	{name: "a Format with a blank at the end", rule: "AR-65", anomaly: 10, edits: []string{`format:entity"`, `format:entity "`}, relaxed: "warns"},
	{name: "an Issuer without NameQualifier", rule: "AR-67", anomaly: 10, edits: []string{` NameQualifier="https://sp.example.org"`, ""}, relaxed: "warns"},
	{name: "a NameQualifier that is no URI", rule: "AR-68", warns: true, edits: []string{`NameQualifier="https://sp.example.org"`, `NameQualifier="il mio servizio"`}},
	{name: "an Issuer with SPNameQualifier", rule: "AR-69", warns: true, edits: []string{`NameQualifier="`, `SPNameQualifier="x" NameQualifier="`}},

	{name: "metadata without certificates", rule: "AR-117", anomaly: 7, subject: signedBy()},
	{name: "metadata without certificates, by redirect", rule: "AR-117", anomaly: 5, on: get, subject: signedBy()},
	{name: "a key of 1024 bits", rule: "AR-117", anomaly: 7, subject: func(s *Subject) { signedBy(keys().small.Cert)(s) }},
	{name: "an unsigned POST", rule: "AR-110", anomaly: 7, form: func(t *testing.T, f url.Values) {
		f.Set("SAMLRequest", form(tree(t, strings.Replace(goodRequest, "DEST", ssoPost, 1))).Get("SAMLRequest"))
	}},
	{name: "a Signature after NameIDPolicy", rule: "SEC-19", anomaly: 7, form: resigned(func(doc string) string {
		sig := doc[strings.Index(doc, "<ds:Signature"):strings.Index(doc, "</ds:Signature>")] + "</ds:Signature>"
		return strings.Replace(strings.Replace(doc, sig, "", 1), policy, policy+sig, 1)
	})},
	{name: "RSA-SHA1", rule: "AR-122", anomaly: 7, form: resigned(replacing("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1"))},
	{name: "RSA-SHA1 by redirect", rule: "AR-122", anomaly: 5, on: get, query: func(t *testing.T, _ string) string {
		return signedQuery(t, goodRequest, "_relay", "http://www.w3.org/2000/09/xmldsig#rsa-sha1", keys().good)
	}},
	{name: "a SHA-1 digest", rule: "AR-116", anomaly: 7, form: resigned(replacing("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"))},
	{name: "inclusive canonicalization", rule: "SIG-04", anomaly: 7, form: resigned(replacing(`CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"`, `CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"`))},
	{name: "a Reference to another element", rule: "SEC-20", anomaly: 7, form: resigned(replacing(`URI="#_req-1"`, `URI="#_other"`))},
	{name: "an expired certificate", rule: "SIG-07", anomaly: 7, subject: func(s *Subject) { signedBy(keys().expired.Cert)(s) }},
	{name: "an expired certificate, by redirect", rule: "SIG-07", anomaly: 5, on: get, subject: func(s *Subject) { signedBy(keys().expired.Cert)(s) }},
	{name: "a foreign key", rule: "AR-118", anomaly: 7, subject: func(s *Subject) { signedBy(keys().foreign.Cert)(s) }},
	{name: "content altered after signing", rule: "AR-118", anomaly: 7, form: resigned(replacing("SpidL2", "SpidL1"))},
	{name: "a foreign key by redirect", rule: "AR-119", anomaly: 5, on: get, subject: func(s *Subject) { signedBy(keys().foreign.Cert)(s) }},
	{name: "RelayState altered after signing", rule: "AR-119", anomaly: 5, on: get, query: func(_ *testing.T, q string) string {
		return strings.Replace(q, "_relay", "_other", 1)
	}},
	{name: "signed in the order of arrival", rule: "BIND-07", anomaly: 5, on: get, relaxed: "warns", query: func(t *testing.T, q string) string {
		p := strings.Split(q, "&")
		return signQuery(t, p[1]+"&"+p[0]+"&"+p[2], keys().good)
	}},
	{name: "another certificate in KeyInfo", rule: "AR-120", warns: true, form: func(t *testing.T, f url.Values) {
		other := &saml.Key{Signer: keys().good.Signer, Cert: keys().foreign.Cert}
		f.Set("SAMLRequest", signedForm(t, goodRequest, other).Get("SAMLRequest"))
	}},

	{name: "Version 1.1", rule: "AR-05", anomaly: 9, edits: []string{`Version="2.0"`, `Version="1.1"`}, relaxed: "warns"},
	{name: "no Version", rule: "AR-05", anomaly: 9, edits: []string{` Version="2.0"`, ``}, relaxed: "warns"},
	{name: "no ID", rule: "AR-03", anomaly: 11, on: get, edits: []string{`ID="_req-1" `, ""}},
	{name: "an ID that starts with a digit", rule: "AR-03", anomaly: 11, edits: []string{`_req-1`, "1req"}},
	{name: "an ID used before", rule: "REQ-02", anomaly: 11, subject: func(s *Subject) {
		s.Seen = func(sp, id string) bool { return sp == spID && id == "_req-1" }
	}},
	{name: "no IssueInstant", rule: "AR-08", anomaly: 13, edits: []string{instant0, ""}, relaxed: "warns"},
	{name: "IssueInstant with an offset", rule: "AR-08", anomaly: 13, edits: []string{"09:00:00Z", "10:00:00+01:00"}, relaxed: "warns"},
	{name: "IssueInstant 121 seconds old", rule: "AR-09", anomaly: 13, edits: []string{"09:00:00Z", "08:57:59Z"}, relaxed: "warns"},
	{name: "IssueInstant 121 seconds ahead", rule: "AR-09", anomaly: 13, edits: []string{"09:00:00Z", "09:02:01Z"}, relaxed: "warns"},
	{name: "no Destination", rule: "AR-12", anomaly: 14, edits: []string{` Destination="DEST"`, ""}, relaxed: "warns"},
	{name: "the Destination of somebody else", rule: "AR-12", anomaly: 14, edits: []string{`DEST`, "https://other.example.org"}, relaxed: "warns"},
	{name: "IsPassive true", rule: "REQ-16", anomaly: 15, edits: []string{`ForceAuthn=`, `IsPassive="1" ForceAuthn=`}},
	{name: "IsPassive false", rule: "AR-15", warns: true, edits: []string{`ForceAuthn=`, `IsPassive="false" ForceAuthn=`}},

	{name: "index and URL together", rule: "AR-41", anomaly: 16, edits: []string{index0, index0 + urls}, relaxed: "warns"},
	{name: "index and ProtocolBinding together", rule: "AR-41", anomaly: 16, edits: []string{index0, index0 + ` ProtocolBinding="x:y"`}, relaxed: "warns"},
	{name: "an index that is no number", rule: "AR-32", anomaly: 16, edits: []string{index0, ` AssertionConsumerServiceIndex="-1"`}},
	{name: "an unknown index", rule: "AR-30", anomaly: 16, edits: []string{index0, ` AssertionConsumerServiceIndex="7"`}},
	{name: "neither index nor URL", rule: "AR-33", anomaly: 16, edits: []string{index0, ""}, relaxed: "warns"},
	{name: "an unknown URL", rule: "AR-35", anomaly: 16, edits: []string{index0, urls, `org/acs"`, `org/acs/"`}},
	{name: "a URL without ProtocolBinding", rule: "AR-40", anomaly: 16, edits: []string{index0, ` AssertionConsumerServiceURL="https://sp.example.org/acs"`}, relaxed: "warns"},
	{name: "ProtocolBinding HTTP-Artifact", rule: "AR-40", anomaly: 16, edits: []string{index0, urls, "HTTP-POST", "HTTP-Artifact"}, relaxed: "warns"},
	{name: "the index of an endpoint without HTTP-POST", rule: "BIND-02", anomaly: 16, edits: []string{index0, ` AssertionConsumerServiceIndex="1"`}},

	{name: "no NameIDPolicy", rule: "AR-70", anomaly: 17, edits: []string{policy, ""}, relaxed: "warns"},
	{name: "two NameIDPolicy", rule: "AR-70", anomaly: 17, edits: []string{policy, policy + policy}, relaxed: "warns"},
	{name: "NameIDPolicy without Format", rule: "AR-73", anomaly: 17, edits: []string{policy, "<samlp:NameIDPolicy/>"}, relaxed: "warns"},
	{name: "a persistent NameIDPolicy", rule: "AR-73", anomaly: 17, edits: []string{"transient", "persistent"}, relaxed: "warns"},
	{name: "AllowCreate", rule: "AR-74", warns: true, edits: []string{"NameIDPolicy ", `NameIDPolicy AllowCreate="true" `}},

	{name: "no RequestedAuthnContext", rule: "AR-90", anomaly: 12, edits: []string{"<samlp:RequestedAuthnContext" + comp + ">", "", ref, "", "</samlp:RequestedAuthnContext>", ""}},
	{name: "no Comparison", rule: "AR-92", anomaly: 12, edits: []string{comp, ""}, relaxed: "warns"},
	{name: "an unknown Comparison", rule: "AR-93", anomaly: 12, edits: []string{"minimum", "Minimum"}},
	{name: "two class references", rule: "AR-94", anomaly: 12, edits: []string{ref, ref + ref}, relaxed: "warns"},
	{name: "a declaration reference too", rule: "REQ-28", anomaly: 12, edits: []string{ref, ref + "<saml:AuthnContextDeclRef>x:y</saml:AuthnContextDeclRef>"}, relaxed: "warns"},
	{name: "a withdrawn level", rule: "AR-96", anomaly: 12, edits: []string{"https://www.spid.gov.it/SpidL2", "urn:oasis:names:tc:SAML:2.0:ac:classes:SpidL2"}},
	{name: "a level with blanks", rule: "AR-96", anomaly: 12, edits: []string{"https://www.spid.gov.it/SpidL2", " https://www.spid.gov.it/SpidL2 "}},
	{name: "better than level 3", rule: "CMP-04", anomaly: 12, edits: []string{"minimum", "better", "SpidL2", "SpidL3"}},
	{name: "no attribute set", rule: "AR-45", warns: true, edits: []string{set0, ""}},
	{name: "an attribute set that is no number", rule: "AR-47", anomaly: 18, edits: []string{set0, ` AttributeConsumingServiceIndex=""`}, relaxed: "warns"},
	{name: "an unknown attribute set", rule: "AR-48", anomaly: 18, edits: []string{set0, ` AttributeConsumingServiceIndex="5"`}, relaxed: "warns"},

	{name: "an XML signature in a redirect", rule: "AR-124", anomaly: 8, on: get, relaxed: "warns", query: func(t *testing.T, _ string) string {
		el := tree(t, strings.Replace(goodRequest, "DEST", ssoRedirect, 1))
		if err := keys().good.Sign(el); err != nil {
			t.Fatal(err)
		}
		return signedQuery(t, string(saml.Serialise(el)), "_relay", rsaSHA256, keys().good)
	}},
	{name: "an unknown child", rule: "AR-22", anomaly: 8, edits: []string{end, `<x:y xmlns:x="urn:x:y"/>` + end}, relaxed: "warns"},
	{name: "Extensions after NameIDPolicy", rule: "REQ-33", anomaly: 8, edits: []string{policy, policy + strings.TrimPrefix(extended, "</saml:Issuer>")}, relaxed: "warns"},
	{name: "an unknown Purpose", rule: "AR-101", anomaly: 8, edits: []string{"</saml:Issuer>", strings.Replace(extended, "PG", "XX", 1)}, relaxed: "warns"},
	{name: "two Purposes", rule: "AR-101", anomaly: 8, relaxed: "warns", edits: []string{"</saml:Issuer>", strings.Replace(extended, "</samlp:", `<spid:Purpose xmlns:spid="https://spid.gov.it/saml-extensions">P</spid:Purpose></samlp:`, 1)}},
	{name: "two Subjects", rule: "AR-50", anomaly: 8, edits: []string{policy, subject0 + subject0 + policy}, relaxed: "warns"},
	{name: "a Subject without NameID", rule: "AR-51", anomaly: 8, edits: []string{policy, "<saml:Subject/>" + policy}, relaxed: "warns"},
	{name: "a Subject by transient name", rule: "AR-54", anomaly: 8, edits: []string{policy, strings.Replace(subject0, "1.1:nameid-format:unspecified", "2.0:nameid-format:transient", 1) + policy}, relaxed: "warns"},
	{name: "a Subject without NameQualifier", rule: "AR-56", anomaly: 8, edits: []string{policy, strings.Replace(subject0, ` NameQualifier="https://idp.example.org"`, "", 1) + policy}, relaxed: "warns"},
	{name: "two Conditions", rule: "AR-80", anomaly: 8, edits: []string{policy, policy + window0 + window0}, relaxed: "warns"},
	{name: "Conditions without NotBefore", rule: "AR-83", anomaly: 8, edits: []string{policy, policy + strings.Replace(window0, ` NotBefore="2026-11-22T08:59:00Z"`, "", 1)}, relaxed: "warns"},
	{name: "Conditions with a NotOnOrAfter that is no date", rule: "AR-86", anomaly: 8, edits: []string{policy, policy + strings.Replace(window0, "2026-11-22T09:05:00Z", "domani", 1)}, relaxed: "warns"},
	{name: "Conditions with an Audience", rule: "AR-87", anomaly: 8, relaxed: "warns", edits: []string{policy, policy + strings.Replace(window0, "/>", "><saml:AudienceRestriction><saml:Audience>x:y</saml:Audience></saml:AudienceRestriction></saml:Conditions>", 1)}},
	{name: "Conditions of yesterday", rule: "REQ-30", warns: true, edits: []string{policy, policy + strings.ReplaceAll(window0, "11-22", "11-21")}},
	{name: "Scoping that lets proxies in", rule: "AR-100", anomaly: 8, edits: []string{end, `<samlp:Scoping ProxyCount="1"/>` + end}, relaxed: "warns"},
	{name: "level 2 without ForceAuthn", rule: "AR-17", anomaly: 8, edits: []string{` ForceAuthn="true"`, ""}, relaxed: "warns"},
	{name: "level 2 with ForceAuthn false", rule: "AR-17", anomaly: 8, edits: []string{`ForceAuthn="true"`, `ForceAuthn="0"`}, relaxed: "warns"},
	{name: "an attribute that SAML does not know", rule: "AR-XSD-01", anomaly: 8, edits: []string{"ForceAuthn=", `Foo="x" ForceAuthn=`}, relaxed: "warns"},
	{name: "children in the wrong order", rule: "AR-XSD-01", anomaly: 8, edits: []string{policy, "", end, policy + end}, relaxed: "warns"},
	{name: "empty Extensions", rule: "AR-XSD-01", anomaly: 8, edits: []string{"</saml:Issuer>", "</saml:Issuer><samlp:Extensions/>"}, relaxed: "warns"},
	{name: "text between the elements", rule: "AR-XSD-01", anomaly: 8, edits: []string{policy, policy + "testo"}, relaxed: "warns"},
	{name: "AllowCreate that is no boolean", rule: "AR-XSD-01", anomaly: 8, edits: []string{"NameIDPolicy ", `NameIDPolicy AllowCreate="si" `}, relaxed: "warns"},
	{name: "two Scoping", rule: "AR-XSD-01", anomaly: 8, edits: []string{end, strings.Repeat(`<samlp:Scoping ProxyCount="0"/>`, 2) + end}, relaxed: "warns"},
	{name: "Consent", rule: "AR-21", warns: true, edits: []string{"ForceAuthn=", `Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" ForceAuthn=`}},
	{name: "no RelayState", rule: "AR-130", warns: true, form: func(_ *testing.T, f url.Values) { f.Del("RelayState") }},
	{name: "an address as RelayState", rule: "AR-131", warns: true, form: func(_ *testing.T, f url.Values) { f.Set("RelayState", "https://sp.example.org/x") }},
}

// without drops one parameter of a query.
func without(name string) func(*testing.T, string) string {
	return func(_ *testing.T, q string) string {
		var kept []string
		for _, p := range strings.Split(q, "&") {
			if !strings.HasPrefix(p, name+"=") {
				kept = append(kept, p)
			}
		}
		return strings.Join(kept, "&")
	}
}

// raw posts octets that are no request.
func raw(doc string) func(*testing.T, url.Values) {
	return func(_ *testing.T, f url.Values) {
		f.Set("SAMLRequest", base64.StdEncoding.EncodeToString([]byte(doc)))
	}
}

// resigned changes the octets after they were signed.
func resigned(change func(string) string) func(*testing.T, url.Values) {
	return func(t *testing.T, f url.Values) {
		doc, err := base64.StdEncoding.DecodeString(f.Get("SAMLRequest"))
		if err != nil {
			t.Fatal(err)
		}
		changed := change(string(doc))
		if changed == string(doc) {
			t.Fatal("nothing changed")
		}
		raw(changed)(t, f)
	}
}

func replacing(old, new string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, new, 1) }
}

// signedBy registers the service provider with these certificates.
func signedBy(certs ...*x509.Certificate) func(*Subject) {
	return func(s *Subject) {
		s.FindSP = func(string) *saml.EntityDescriptor {
			sp := serviceProvider()
			sp.SP.Signing = certs
			return sp
		}
	}
}

// build makes the subject of a case.
func (c requestCase) build(t *testing.T) *Subject {
	t.Helper()
	s := requestSubjectFor(c.on)
	if c.on == "" {
		s = requestSubjectFor(post)
	}
	doc := edit(t, goodRequest, c.edits...)
	if s.Binding == get {
		q := signedQuery(t, doc, "_relay", rsaSHA256, keys().good)
		if c.query != nil {
			q = c.query(t, q)
		}
		s.Arrival, s.Intake = saml.ParseRedirect(saml.ParamRequest, q)
	} else {
		f := signedForm(t, doc, keys().good)
		if c.form != nil {
			c.form(t, f)
		}
		s.Arrival, s.Intake = saml.ParsePost(saml.ParamRequest, f)
	}
	if c.subject != nil {
		c.subject(s)
	}
	return s
}

func TestEachFaultOfARequestIsNamedByItsRow(t *testing.T) {
	t.Parallel()
	for _, c := range requestCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rep := Run(AuthnRequest, c.build(t))
			if c.warns {
				if err := rep.Err(); err != nil {
					t.Fatalf("refused: %v", err)
				}
				if f := finding(t, rep, c.rule); f.Outcome != Warned {
					t.Fatalf("%s: outcome %d, want a warning; noted: %+v", c.rule, f.Outcome, rep.Noted())
				}
				return
			}
			if e := asError(t, rep); e.Rule != c.rule || e.Anomaly != c.anomaly {
				t.Fatalf("got %s nr%02d (%v), want %s nr%02d", e.Rule, e.Anomaly, e, c.rule, c.anomaly)
			}
		})
	}
}

func TestRelaxedModeRefusesOnlyWhatCannotBeAnswered(t *testing.T) {
	t.Parallel()
	for _, c := range requestCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := c.build(t)
			s.Relaxed = true
			rep := Run(AuthnRequest, s)
			if !c.warns && c.relaxed == "" {
				if e := asError(t, rep); e.Rule != c.rule || e.Anomaly != c.anomaly {
					t.Fatalf("got %v, want %s nr%02d", e, c.rule, c.anomaly)
				}
				return
			}
			if err := rep.Err(); err != nil {
				t.Fatalf("refused: %v", err)
			}
			if f := finding(t, rep, c.rule); f.Outcome != Warned {
				t.Fatalf("%s: outcome %d, want a warning", c.rule, f.Outcome)
			}
			if ep, ok := rep.ACS(); !ok || ep.Location != acsURL {
				t.Errorf("the answer goes to %q, want %q", ep.Location, acsURL)
			}
			if _, _, ok := Requested(rep.Request); !ok {
				t.Error("no level can be read from a request that is served")
			}
		})
	}
}

func TestGoodRequestsHaveNoFinding(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]requestCase{
		"by POST":                            {},
		"by redirect":                        {on: get},
		"Destination is the entityID":        {edits: []string{"DEST", idpID}},
		"by URL and ProtocolBinding":         {edits: []string{index0, urls}},
		"IssueInstant exactly 120 s old":     {edits: []string{"09:00:00Z", "08:58:00Z"}},
		"IssueInstant exactly 120 s ahead":   {edits: []string{"09:00:00Z", "09:02:00.000Z"}},
		"level 1 without ForceAuthn":         {edits: []string{` ForceAuthn="true"`, "", "SpidL2", "SpidL1"}},
		"with ProviderName":                  {edits: []string{"ForceAuthn=", `ProviderName="x" ForceAuthn=`}},
		"with Purpose":                       {edits: []string{"</saml:Issuer>", extended}},
		"with another extension":             {edits: []string{"</saml:Issuer>", `</saml:Issuer><samlp:Extensions><x:y xmlns:x="urn:x:y"/></samlp:Extensions>`}},
		"with Subject":                       {edits: []string{policy, subject0 + policy}},
		"with the misprinted Subject format": {edits: []string{policy, strings.Replace(subject0, "1.1:nameid", "2.0:nameid", 1) + policy}},
		"with Conditions":                    {edits: []string{policy, policy + window0}},
		"with Scoping":                       {edits: []string{end, `<samlp:Scoping ProxyCount="0"><samlp:RequesterID>x:y</samlp:RequesterID></samlp:Scoping>` + end}},
		"with SPNameQualifier on the policy": {edits: []string{"NameIDPolicy ", `NameIDPolicy SPNameQualifier="x" `}},
		"ForceAuthn 1":                       {edits: []string{`ForceAuthn="true"`, `ForceAuthn="1"`}},
		"maximum level 3":                    {edits: []string{"minimum", "maximum", "SpidL2", "SpidL3"}},
		"two certificates, one of them fits": {subject: func(s *Subject) { signedBy(keys().foreign.Cert, keys().good.Cert)(s) }},
		"parameters in another order": {on: get, query: func(_ *testing.T, q string) string {
			p := strings.Split(q, "&")
			return p[3] + "&" + p[1] + "&" + p[0] + "&" + p[2]
		}},
		"nobody keeps a list of IDs":          {subject: func(s *Subject) { s.Seen = nil }},
		"schemaLocation, which XSD lets pass": {edits: []string{"ForceAuthn=", `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" ForceAuthn=`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rep := Run(AuthnRequest, c.build(t))
			for _, f := range rep.Noted() {
				t.Errorf("%s: %s found %q wanted %q", f.Rule.ID, f.Path, f.Found, f.Wanted)
			}
			if rep.Verified == nil || rep.Request == nil || rep.SP == nil || rep.Request.ID != "_req-1" {
				t.Error("the report lacks what was verified")
			}
		})
	}
}

func TestTheFaultOfHigherPriorityIsReported(t *testing.T) {
	t.Parallel()
	// Each pair is in the order of the anomalies that the identity provider tries (2.7): the first one wins, and
	// after the signature the second is still listed.
	order := []string{"an unknown Issuer", "Version 1.1", "an ID that starts with a digit", "IssueInstant 121 seconds old",
		"the Destination of somebody else", "IsPassive true", "an unknown index", "a persistent NameIDPolicy", "better than level 3",
		"an unknown attribute set", "an attribute that SAML does not know"}
	cases := map[string]requestCase{}
	for _, c := range requestCases {
		cases[c.name] = c
	}
	for i, name := range order[:len(order)-1] {
		a, b := cases[name], cases[order[i+1]]
		if b.name == "an attribute that SAML does not know" {
			b.edits = []string{"samlp:AuthnRequest ", `samlp:AuthnRequest Foo="x" `}
		}
		both := requestCase{edits: append(append([]string{}, b.edits...), a.edits...)}
		rep := Run(AuthnRequest, both.build(t))
		if e := asError(t, rep); e.Rule != a.rule {
			t.Errorf("%q and %q: got %s, want %s", name, order[i+1], e.Rule, a.rule)
		}
		want := Failed
		if i == 0 {
			want = NotReached // an unknown Issuer stops
		}
		if f := finding(t, rep, b.rule); f.Outcome != want {
			t.Errorf("%q behind %q: outcome %d, want %d", order[i+1], name, f.Outcome, want)
		}
	}
}

func TestUnknownIssuerNamesTheNearestOne(t *testing.T) {
	t.Parallel()
	c := requestCase{on: get, edits: []string{issuerIn, ">https://sp.example.org/</saml:Issuer>"},
		subject: func(s *Subject) { s.Nearest = func(string) string { return spID } }}
	e := asError(t, Run(AuthnRequest, c.build(t)))
	if e.Found != spID+"/" || e.Wanted != spID || e.Line != 4 {
		t.Errorf("found %q wanted %q line %d", e.Found, e.Wanted, e.Line)
	}
}

func TestSeenIsAskedOnlyAfterTheSignature(t *testing.T) {
	t.Parallel()
	asked := 0
	c := requestCase{subject: func(s *Subject) {
		s.Seen = func(string, string) bool { asked++; return false }
		signedBy(keys().foreign.Cert)(s)
	}}
	Run(AuthnRequest, c.build(t))
	if asked != 0 {
		t.Error("asked for an ID of a message that nobody had signed")
	}
	c.subject = func(s *Subject) { s.Seen = func(string, string) bool { asked++; return false } }
	Run(AuthnRequest, c.build(t))
	if asked != 1 {
		t.Errorf("asked %d times, want once", asked)
	}
}

func TestFindingsPointIntoTheMessage(t *testing.T) {
	t.Parallel()
	c := requestCase{on: get, edits: []string{"DEST", "https://a\u0085b"}}
	e := asError(t, Run(AuthnRequest, c.build(t)))
	if e.Path != "AuthnRequest/@Destination" || e.Line != 2 || e.Column == 0 {
		t.Errorf("%s line %d column %d", e.Path, e.Line, e.Column)
	}
	if e.Found != `https://a\u0085b` {
		t.Errorf("found %q: control characters must be visible", e.Found)
	}
	if want := ssoRedirect + " | " + idpID; e.Wanted != want {
		t.Errorf("wanted %q, want %q", e.Wanted, want)
	}
}

// mod_auth_mellon cannot make requests of SPID's shape: strict refuses it with the reason, relaxed serves it.
func TestALibraryWithoutSPIDShapeIsServedRelaxed(t *testing.T) {
	t.Parallel()
	c := requestCase{edits: []string{
		` Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity" NameQualifier="https://sp.example.org"`, "",
		` ForceAuthn="true"` + index0 + set0, ` Consent="urn:oasis:names:tc:SAML:2.0:consent:current-implicit" IsPassive="false"` + urls,
		"minimum", "exact"}}
	s := c.build(t)
	if e := asError(t, Run(AuthnRequest, s)); e.Rule != "AR-65" || e.Anomaly != spid.BadIssuer {
		t.Errorf("strict: %v", e)
	}
	s.Relaxed = true
	rep := Run(AuthnRequest, s)
	if err := rep.Err(); err != nil {
		t.Errorf("relaxed: %v", err)
	}
	for _, id := range []string{"AR-65", "AR-67", "AR-17", "AR-15", "AR-21", "AR-45"} {
		if f := finding(t, rep, id); f.Outcome != Warned {
			t.Errorf("%s: outcome %d, want a finding", id, f.Outcome)
		}
	}
}
