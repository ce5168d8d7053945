package rules

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// pending is the request that the good Response answers: level 2 at least, the set with three attributes.
func pending() *saml.AuthnRequest {
	zero := 0
	return &saml.AuthnRequest{ID: "_req-1", IssueInstant: now.Add(-10 * time.Second), Comparison: "minimum",
		AuthnContextClassRef: []string{spid.L2.URI()}, AttributeConsumingServiceIndex: &zero}
}

// goodResponse is what the builder makes for it.
func goodResponse() *saml.Response {
	n := 0
	newID := func() string { n++; return fmt.Sprintf("_id-%d", n) }
	return spid.NewResponse(spid.Grant{IdP: idpID, SP: spID, Request: pending(), ACS: acsURL, Now: now, AuthnInstant: now.Add(-time.Second),
		Level: spid.L2, SessionIndex: "_s", Attributes: spid.Release(serviceProvider().SP.AttributeConsumingServices[0].Requested,
			spid.Attributes{"fiscalNumber": "TINIT-RSSMRA80A01H501U", "name": "Mario", "dateOfBirth": "1980-01-01"})}, newID)
}

func responseSubjectNow() *Subject {
	return &Subject{Method: "POST", Binding: saml.HTTPPost, Endpoint: acsURL, ACS: acsURL, Now: now, IdP: identityProvider(),
		SP: serviceProvider(), Request: pending(), Consumed: func(string) bool { return false }}
}

// responseCase is the good Response with one fault: edits change the document before it is signed.
type responseCase struct {
	name     string
	rule     string
	number   string // of the official case, "" for none
	edits    []string
	unsigned string                           // "assertion", "response", "both": signatures left out
	before   func(*etree.Element)             // changes the tree before the Response is signed
	after    func(testing.TB, *etree.Element) // changes the tree after that
	form     func(url.Values)
	subject  func(*Subject)
	warns    bool
}

const (
	stampR    = `ID="_id-1" Version="2.0" IssueInstant="2026-11-22T09:00:00Z"`
	stampA    = `ID="_id-2" Version="2.0" IssueInstant="2026-11-22T09:00:00Z"`
	issuerTag = `<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">https://idp.example.org</saml:Issuer>`
	statusTag = `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>`
	classTag  = `<saml:AuthnContextClassRef>https://www.spid.gov.it/SpidL2</saml:AuthnContextClassRef>`
	audience  = `<saml:AudienceRestriction><saml:Audience>https://sp.example.org</saml:Audience></saml:AudienceRestriction>`
	until     = `NotOnOrAfter="2026-11-22T09:05:00Z"`
)

// second changes the second occurrence: the Assertion says many things that the Response says before it.
func second(old, new string) []string { return []string{"@2" + old, new} }

var responseCases = []responseCase{
	{name: "a GET", rule: "SEC-47", subject: func(s *Subject) { s.Method = "GET" }},
	{name: "no SAMLResponse", rule: "SEC-47", form: func(f url.Values) { f.Del("SAMLResponse") }},
	{name: "two SAMLResponse", rule: "SEC-47", form: func(f url.Values) { f.Add("SAMLResponse", "x") }},
	{name: "another parameter", rule: "SEC-47", form: func(f url.Values) { f.Set("x", "y") }},
	{name: "RelayState of 81 octets", rule: "SEC-48", form: func(f url.Values) { f.Set("RelayState", strings.Repeat("x", 81)) }},
	{name: "no base64", rule: "RES-12", form: func(f url.Values) { f.Set("SAMLResponse", "!") }},
	{name: "a DOCTYPE", rule: "RES-12", number: "xxe", form: func(f url.Values) {
		f.Set("SAMLResponse", base64.StdEncoding.EncodeToString([]byte("<!DOCTYPE a><a/>")))
	}},
	{name: "a LogoutResponse", rule: "RES-12", form: func(f url.Values) {
		f.Set("SAMLResponse", base64.StdEncoding.EncodeToString([]byte(`<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"/>`)))
	}},
	{name: "an empty ID", rule: "RES-01", number: "8", unsigned: "response", edits: []string{`ID="_id-1"`, `ID=""`}},
	{name: "no ID", rule: "RES-01", number: "9", unsigned: "response", edits: []string{`ID="_id-1"`, ``}},
	{name: "Version 1.0", rule: "RES-02", number: "10", edits: []string{stampR, strings.Replace(stampR, "2.0", "1.0", 1)}},
	{name: "an empty IssueInstant", rule: "RES-03", number: "11", edits: []string{stampR, strings.Replace(stampR, "2026-11-22T09:00:00Z", "", 1)}},
	{name: "an IssueInstant that is a date", rule: "RES-03", number: "13", edits: []string{stampR, strings.Replace(stampR, "2026-11-22T09:00:00Z", "2018-09-04", 1)}},
	{name: "issued before the request", rule: "RES-03", number: "14", edits: []string{stampR, strings.Replace(stampR, "09:00:00", "08:58:49", 1)}},
	{name: "issued in the future", rule: "RES-03", number: "15", edits: []string{stampR, strings.Replace(stampR, "09:00:00", "09:01:01", 1)}},
	{name: "InResponseTo empty", rule: "RES-04", number: "16", edits: []string{`InResponseTo="_req-1"`, `InResponseTo=""`}},
	{name: "InResponseTo another request", rule: "RES-04", number: "18", edits: []string{`InResponseTo="_req-1"`, `InResponseTo="_req-2"`}},
	{name: "nobody asked", rule: "RES-04", subject: func(s *Subject) { s.Request = nil }},
	{name: "no Destination", rule: "RES-05", number: "20", edits: []string{` Destination="https://sp.example.org/acs"`, ""}},
	{name: "the Destination with a suffix", rule: "RES-05", number: "21", edits: []string{`Destination="https://sp.example.org/acs"`, `Destination="https://sp.example.org/acs2"`}},
	{name: "an empty Issuer", rule: "RES-07a", number: "27", edits: []string{issuerTag, strings.Replace(issuerTag, idpID, "", 1)}},
	{name: "no Issuer", rule: "RES-07a", number: "28", edits: []string{issuerTag, ""}},
	{name: "another Issuer", rule: "RES-07a", number: "29", edits: []string{issuerTag, strings.Replace(issuerTag, idpID, "https://other.example.org", 1)}},
	{name: "no metadata of the sender", rule: "RES-07a", subject: func(s *Subject) { s.IdP = nil }},
	{name: "an Issuer of another Format", rule: "RES-07b", number: "30", edits: []string{issuerTag, strings.Replace(issuerTag, "format:entity", "format:transient", 1)}},
	{name: "no Status", rule: "RES-06", number: "23", edits: []string{statusTag, ""}},
	{name: "an empty Status", rule: "RES-06", number: "22", edits: []string{statusTag, "<samlp:Status/>"}},
	{name: "an unknown StatusCode", rule: "RES-06", number: "26", edits: []string{"status:Success", "status:statuscodenonvalido"}},
	{name: "an EncryptedAssertion", rule: "SEC-25", edits: []string{"</samlp:Response>", "<saml:EncryptedAssertion/></samlp:Response>"}},
	{name: "a success without Assertion", rule: "RES-08", number: "32", before: dropAssertion},
	{name: "two Assertions", rule: "RES-08", after: func(_ testing.TB, r *etree.Element) { r.AddChild(saml.Child(r, saml.NSAssertion, "Assertion").Copy()) }, unsigned: "response", form: twiceWithOtherID},
	{name: "an anomaly with an Assertion", rule: "RES-08", edits: []string{"status:Success", "status:Responder"}},
	{name: "Status before Issuer", rule: "RES-11", unsigned: "response", edits: []string{statusTag, "", issuerTag, statusTag + issuerTag}},
	{name: "an unknown child", rule: "RES-11", edits: []string{"</samlp:Response>", `<x:y xmlns:x="urn:x:y"/></samlp:Response>`}},
	{name: "Consent", rule: "RES-10", warns: true, edits: []string{"<samlp:Response ", `<samlp:Response Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified" `}},

	{name: "a foreign key on both", rule: "RES-09", number: "4", subject: func(s *Subject) { s.IdP.IdP.Signing[0] = keys().foreign.Cert }},
	{name: "content altered after signing", rule: "RES-09", after: func(_ testing.TB, r *etree.Element) {
		child(child(child(r, "Assertion"), "Subject"), "NameID").SetText("other")
	}},
	{name: "nothing signed", rule: "AST-03", number: "2", unsigned: "both"},
	{name: "the Assertion not signed", rule: "AST-03", number: "3", unsigned: "assertion"},
	{name: "no ID on the Assertion", rule: "AST-03", number: "34", unsigned: "assertion", edits: []string{`ID="_id-2"`, ""}},
	{name: "KeyInfo shows another certificate", rule: "SIG-12", unsigned: "both", after: func(t testing.TB, r *etree.Element) {
		signBoth(t, r, &saml.Key{Signer: keys().good.Signer, Cert: keys().foreign.Cert})
	}},
	{name: "KeyInfo of the Assertion shows another certificate", rule: "SIG-12", unsigned: "both", after: func(t testing.TB, r *etree.Element) {
		sign(t, &saml.Key{Signer: keys().good.Signer, Cert: keys().foreign.Cert}, child(r, "Assertion"))
	}},
	{name: "the Assertion signed by a foreign key", rule: "AST-03", number: "100", unsigned: "both", after: func(t testing.TB, r *etree.Element) {
		sign(t, keys().foreign, child(r, "Assertion"))
		sign(t, keys().good, r)
	}},

	{name: "one ID for both", rule: "AST-01a", unsigned: "response", subject: sameID},
	{name: "Assertion of Version 1.0", rule: "AST-01b", number: "35", edits: []string{stampA, strings.Replace(stampA, "2.0", "1.0", 1)}},
	{name: "Assertion without IssueInstant", rule: "AST-01c", number: "37", edits: []string{stampA, strings.Replace(stampA, ` IssueInstant="2026-11-22T09:00:00Z"`, "", 1)}},
	{name: "Assertion issued in the future", rule: "AST-01c", number: "40", edits: []string{stampA, strings.Replace(stampA, "2026", "2099", 1)}},
	{name: "Assertion with an empty Issuer", rule: "AST-02a", number: "67", edits: second(issuerTag, strings.Replace(issuerTag, idpID, "", 1))},
	{name: "Assertion without Issuer", rule: "AST-02a", number: "68", edits: second(issuerTag, "")},
	{name: "Assertion of another Issuer", rule: "AST-02a", number: "69", edits: second(issuerTag, strings.Replace(issuerTag, idpID, "https://other.example.org", 1))},
	{name: "Assertion Issuer without Format", rule: "AST-02b", number: "71", edits: second(issuerTag, "<saml:Issuer>https://idp.example.org</saml:Issuer>")},
	{name: "a NameID without text", rule: "AST-04a", number: "43", edits: []string{"_id-3</saml:NameID>", " </saml:NameID>"}},
	{name: "no Subject", rule: "AST-04a", number: "42", edits: []string{"saml:Subject>", "saml:Advice>", "saml:Subject>", "saml:Advice>"}},
	{name: "a NameID without Format", rule: "AST-04b", number: "46", edits: []string{` Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"`, ""}},
	{name: "a NameQualifier of somebody else", rule: "AST-04c", number: "50", edits: []string{`NameQualifier="https://idp.example.org"`, `NameQualifier="https://sp.example.org"`}},
	{name: "Method holder-of-key", rule: "AST-06", number: "55", edits: []string{"cm:bearer", "cm:holder-of-key"}},
	{name: "no SubjectConfirmationData", rule: "AST-07a", number: "51", edits: []string{"saml:SubjectConfirmationData", "saml:NameID"}},
	{name: "no Recipient", rule: "AST-07b", number: "58", edits: []string{` Recipient="https://sp.example.org/acs"`, ""}},
	{name: "the Recipient of somebody else", rule: "AST-07b", number: "59", edits: []string{`Recipient="https://sp.example.org/acs"`, `Recipient="https://sp.example.org/ACS"`}},
	{name: "no InResponseTo below Subject", rule: "AST-07c", number: "61", edits: second(` InResponseTo="_req-1"`, "")},
	{name: "SubjectConfirmationData expired", rule: "AST-07d", number: "66", edits: []string{until, `NotOnOrAfter="2026-11-22T08:59:00Z"`}},
	{name: "SubjectConfirmationData without NotOnOrAfter", rule: "AST-07d", number: "64", edits: []string{until, ""}},
	{name: "SubjectConfirmationData with NotBefore", rule: "AST-07e", edits: []string{until, until + ` NotBefore="2026-11-22T09:00:00Z"`}},
	{name: "no Conditions", rule: "AST-08a", number: "74", edits: []string{"<saml:Conditions", "<saml:Advice", "</saml:Conditions", "</saml:Advice"}},
	{name: "no NotBefore", rule: "AST-08b", number: "76", edits: []string{` NotBefore="2026-11-22T09:00:00Z"`, ""}},
	{name: "NotBefore in the future", rule: "AST-08b", number: "78", edits: []string{`NotBefore="2026-11-22T09:00:00Z"`, `NotBefore="2026-11-22T09:01:01Z"`}},
	{name: "NotOnOrAfter passed", rule: "AST-08c", number: "82", edits: second(until, `NotOnOrAfter="2026-11-22T08:59:00Z"`)},
	{name: "NotOnOrAfter that is no date", rule: "AST-08c", number: "81", edits: second(until, `NotOnOrAfter="10-09-2018"`)},
	{name: "valid for fifty years", rule: "AST-09", edits: second(until, `NotOnOrAfter="2076-11-22T09:05:00Z"`)},
	{name: "no AudienceRestriction", rule: "AST-08d", number: "84", edits: []string{audience, ""}},
	{name: "another Audience", rule: "AST-08d", number: "87", edits: []string{"<saml:Audience>https://sp.example.org", "<saml:Audience>https://sp.example.org/"}},
	{name: "two AuthnStatements", rule: "AST-14a", edits: []string{"<saml:AuthnStatement", `<saml:AuthnStatement AuthnInstant="2026-11-22T08:59:59Z"/><saml:AuthnStatement`}},
	{name: "no AuthnStatement", rule: "AST-14a", number: "89", edits: []string{"<saml:AuthnStatement", "<saml:Advice", "</saml:AuthnStatement", "</saml:Advice"}},
	{name: "AuthnInstant in the future", rule: "AST-10", edits: []string{`AuthnInstant="2026-11-22T08:59:59Z"`, `AuthnInstant="2026-11-22T09:05:00Z"`}},
	{name: "AuthnInstant in local time", rule: "AST-10", edits: []string{`AuthnInstant="2026-11-22T08:59:59Z"`, `AuthnInstant="2026-11-22T08:59:59"`}},
	{name: "no class reference", rule: "AST-14b", number: "93", edits: []string{classTag, ""}},
	{name: "a withdrawn class reference", rule: "AST-14b", number: "97", edits: []string{"https://www.spid.gov.it/SpidL2", "urn:oasis:names:tc:SAML:2.0:ac:classes:SpidL2"}},
	{name: "a lower level", rule: "CMP-01", number: "94", edits: []string{"SpidL2", "SpidL1"}},
	{name: "a higher level after exact", rule: "CMP-02", warns: true, edits: []string{"SpidL2", "SpidL3"}, subject: func(s *Subject) { s.Request.Comparison = "exact" }},
	{name: "SessionIndex at level 2", rule: "AST-12", warns: true, edits: []string{"<saml:AuthnStatement ", `<saml:AuthnStatement SessionIndex="_s" `}},
	{name: "no SessionIndex at level 1", rule: "AST-12", warns: true, edits: []string{"SpidL2", "SpidL1"}, subject: func(s *Subject) { s.Request.AuthnContextClassRef[0] = spid.L1.URI() }},
	{name: "SessionNotOnOrAfter", rule: "AST-13", warns: true, edits: []string{"<saml:AuthnStatement ", `<saml:AuthnStatement SessionNotOnOrAfter="2026-11-22T10:00:00Z" `}},
	{name: "Advice", rule: "AST-15", edits: []string{"<saml:AuthnStatement", "<saml:Advice/><saml:AuthnStatement"}},
	{name: "an AuthzDecisionStatement", rule: "SEC-45", edits: []string{"<saml:AuthnStatement", "<saml:AuthzDecisionStatement/><saml:AuthnStatement"}},
	{name: "an unknown Condition", rule: "SEC-45", edits: []string{audience, audience + `<saml:Condition/>`}},
	{name: "an AttributeStatement without attributes", rule: "AST-16a", number: "98", edits: cutAttributes("")},
	{name: "two AttributeStatements", rule: "AST-16a", edits: []string{"</saml:Assertion>", `<saml:AttributeStatement><saml:Attribute Name="email"/></saml:AttributeStatement></saml:Assertion>`}},
	{name: "an encrypted attribute", rule: "AST-16a", edits: cutAttributes("<saml:EncryptedAttribute/>")},
	{name: "an attribute without value", rule: "AST-19", number: "99", edits: cutAttributes(`<saml:Attribute Name="name"/>`)},
	{name: "an attribute with two values", rule: "AST-19", edits: cutAttributes(`<saml:Attribute Name="name"><saml:AttributeValue>a</saml:AttributeValue><saml:AttributeValue>b</saml:AttributeValue></saml:Attribute>`)},
	{name: "an empty value", rule: "AST-20", edits: cutAttributes(`<saml:Attribute Name="name"><saml:AttributeValue/></saml:Attribute>`)},
	{name: "an attribute twice", rule: "AST-18a", edits: cutAttributes(strings.Repeat(`<saml:Attribute Name="name"><saml:AttributeValue>a</saml:AttributeValue></saml:Attribute>`, 2))},
	{name: "an unknown attribute", rule: "AST-18b", warns: true, edits: cutAttributes(`<saml:Attribute Name="nome"><saml:AttributeValue>a</saml:AttributeValue></saml:Attribute>`)},
	{name: "NameFormat uri", rule: "AST-18b", warns: true, edits: cutAttributes(`<saml:Attribute Name="name" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"><saml:AttributeValue>a</saml:AttributeValue></saml:Attribute>`)},
	{name: "a date as string", rule: "ATT-02", warns: true, edits: []string{"xs:date", "xs:string"}},
	{name: "attributes that nobody asked for", rule: "AST-17", number: "103", warns: true, edits: cutAttributes(`<saml:Attribute Name="email"><saml:AttributeValue>a@b.example</saml:AttributeValue></saml:Attribute>`)},
	{name: "an Assertion used before", rule: "SPV-03", subject: func(s *Subject) { s.Consumed = func(id string) bool { return id == "_id-2" } }},
	{name: "a Response used before", rule: "SPV-03", subject: func(s *Subject) { s.Consumed = func(id string) bool { return id == "_id-1" } }},
}

// cutAttributes puts other content into the AttributeStatement.
func cutAttributes(content string) []string { return []string{"@attributes", content} }

// sameID replaces the arrival by one whose Response has the ID of its Assertion; the intake would refuse it, so
// only an arrival made by hand can show that the row works on its own.
func sameID(s *Subject) {
	s.Arrival.Root.CreateAttr("ID", "_id-2")
}

func twiceWithOtherID(f url.Values) {
	doc, err := base64.StdEncoding.DecodeString(f.Get("SAMLResponse"))
	if err != nil {
		return
	}
	i := strings.LastIndex(string(doc), `ID="_id-2"`)
	out := string(doc[:i]) + `ID="_id-9"` + string(doc[i+len(`ID="_id-2"`):])
	f.Set("SAMLResponse", base64.StdEncoding.EncodeToString([]byte(out)))
}

func dropAssertion(r *etree.Element) {
	r.RemoveChild(child(r, "Assertion"))
}

func sign(t testing.TB, key *saml.Key, el *etree.Element) {
	t.Helper()
	if err := key.Sign(el); err != nil {
		t.Fatal(err)
	}
}

func signBoth(t testing.TB, r *etree.Element, key *saml.Key) {
	t.Helper()
	if a := child(r, "Assertion"); a != nil {
		sign(t, key, a)
	}
	sign(t, key, r)
}

// editResponse knows two more spellings than edit: "@2" for the second occurrence, "@attributes" for the content
// of AttributeStatement.
func editResponse(t testing.TB, doc string, pairs []string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		old, repl := pairs[i], pairs[i+1]
		switch {
		case old == "@attributes":
			from, to := strings.Index(doc, "<saml:AttributeStatement>")+len("<saml:AttributeStatement>"), strings.Index(doc, "</saml:AttributeStatement>")
			doc = doc[:from] + repl + doc[to:]
		case strings.HasPrefix(old, "@2"):
			old = old[2:]
			first := strings.Index(doc, old) + len(old)
			doc = doc[:first] + edit(t, doc[first:], old, repl)
		default:
			doc = edit(t, doc, old, repl)
		}
	}
	return doc
}

func (c responseCase) build(t testing.TB) *Subject {
	t.Helper()
	s := responseSubjectNow()
	r := tree(t, editResponse(t, string(saml.Serialise(goodResponse().Element())), c.edits))
	if a := child(r, "Assertion"); a != nil && c.unsigned != "assertion" && c.unsigned != "both" {
		sign(t, keys().good, a)
	}
	if c.before != nil {
		c.before(r)
	}
	if c.unsigned != "response" && c.unsigned != "both" {
		sign(t, keys().good, r)
	}
	if c.after != nil {
		c.after(t, r)
	}
	f := url.Values{"SAMLResponse": {saml.PostForm(acsURL, saml.ParamResponse, r, "").Message}, "RelayState": {"_relay"}}
	if c.form != nil {
		c.form(f)
	}
	s.Arrival, s.Intake = saml.ParsePost(saml.ParamResponse, f)
	if c.subject != nil {
		c.subject(s)
	}
	return s
}

func TestEachFaultOfAResponseIsNamedByItsRow(t *testing.T) {
	t.Parallel()
	for _, c := range append(slices.Clone(responseCases), anomalyCases...) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, relaxed := range []bool{false, true} { // relaxed changes nothing for Responses
				s := c.build(t)
				s.Relaxed = relaxed
				rep := Run(Response, s)
				if c.warns {
					if err := rep.Err(); err != nil {
						t.Fatalf("refused: %v", err)
					}
					if f := finding(t, rep, c.rule); f.Outcome != Warned {
						t.Fatalf("%s: outcome %d, want a warning", c.rule, f.Outcome)
					}
					continue
				}
				if e := asError(t, rep); e.Rule != c.rule || e.Anomaly != 0 {
					t.Fatalf("got %s (%v), want %s", e.Rule, e, c.rule)
				}
			}
			if c.number != "" {
				if r, _ := Lookup(c.rule); !slices.Contains(r.Cases, c.number) {
					t.Errorf("%s does not name case %s, which breaks it", c.rule, c.number)
				}
			}
		})
	}
}

// TestCIE06CIE12CIE13ResponsesOfTheCIEConform holds what the CIE's Responses may do that SPID's may not.
func TestCIE06CIE12CIE13ResponsesOfTheCIEConform(t *testing.T) {
	t.Parallel()
	minimum := `<saml:Attribute Name="dateOfBirth"><saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" ` +
		`xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">1962-01-31</saml:AttributeValue></saml:Attribute>`
	edits := append([]string{"@attributes", minimum}, second(issuerTag, "<saml:Issuer>https://idp.example.org</saml:Issuer>")...)
	for _, cie := range []bool{true, false} {
		rep := Run(Response, responseCase{edits: edits, subject: func(s *Subject) { s.CIE = cie }}.build(t))
		if cie != (len(rep.Noted()) == 0) {
			t.Errorf("CIE %t: findings %v", cie, rep.Noted())
		}
	}
}

var anomalyCases = []responseCase{
	{name: "an unsigned anomaly", rule: "SIG-10", warns: true, unsigned: "both", form: postAnomaly("ErrorCode nr22", false)},
	{name: "an anomaly without its message", rule: "ERR-01", warns: true, form: postAnomaly("errore 22", true)},
}

// postAnomaly replaces the message by an anomaly Response.
func postAnomaly(message string, signed bool) func(url.Values) {
	return func(f url.Values) {
		r := spid.NewAnomalyResponse(spid.ConsentDenied, idpID, acsURL, "_req-1", now, func() string { return "_id-1" })
		r.Status.Message = message
		el := r.Element()
		if signed {
			if err := keys().good.Sign(el); err != nil {
				panic(err)
			}
		}
		f.Set("SAMLResponse", saml.PostForm(acsURL, saml.ParamResponse, el, "").Message)
	}
}

func TestAnAnomalyConforms(t *testing.T) {
	t.Parallel()
	rep := Run(Response, responseCase{form: postAnomaly("ErrorCode nr22", true)}.build(t))
	for _, f := range rep.Noted() {
		t.Errorf("%s: found %q wanted %q", f.Rule.ID, f.Found, f.Wanted)
	}
	a, st, ok := rep.Anomaly()
	if !ok || a != spid.ConsentDenied || st.Code != saml.StatusResponder || st.Sub != saml.StatusAuthnFailed {
		t.Errorf("got %v %+v %v", a, st, ok)
	}
}

func TestGoodResponsesHaveNoFinding(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]responseCase{
		"both signed":                       {},
		"the Assertion alone signed":        {unsigned: "response"},
		"Issuer without Format (31)":        {edits: []string{issuerTag, "<saml:Issuer>https://idp.example.org</saml:Issuer>"}},
		"fractions of a second (110)":       {edits: []string{stampR, strings.Replace(stampR, "00Z", "00.123Z", 1), stampA, strings.Replace(stampA, "00Z", "00.123Z", 1)}},
		"no NameFormat (109)":               {edits: []string{` NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"`, ""}},
		"no attributes":                     {edits: []string{"@attributes", "", "<saml:AttributeStatement></saml:AttributeStatement>", ""}},
		"issued 60 s ahead of our clock":    {edits: []string{stampR, strings.Replace(stampR, "09:00:00", "09:01:00", 1)}},
		"a higher level after minimum":      {edits: []string{"SpidL2", "SpidL3"}},
		"two audiences, one of them ours":   {edits: []string{"<saml:Audience>", "<saml:Audience>https://x.example</saml:Audience><saml:Audience>"}},
		"StatusDetail that holds something": {edits: []string{"</samlp:Status>", "<samlp:StatusDetail><x:y xmlns:x='urn:x:y'/></samlp:StatusDetail></samlp:Status>"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rep := Run(Response, c.build(t))
			for _, f := range rep.Noted() {
				t.Errorf("%s: %s found %q wanted %q", f.Rule.ID, f.Path, f.Found, f.Wanted)
			}
			if rep.Response == nil || rep.Response.Assertion == nil {
				t.Error("the report lacks the verified Assertion")
			}
			if _, _, anomaly := rep.Anomaly(); anomaly {
				t.Error("a success was taken for an anomaly")
			}
		})
	}
}

func TestForgedAssertionsAreNeverRead(t *testing.T) {
	t.Parallel()
	forge := func(r *etree.Element) *etree.Element {
		f := child(r, "Assertion").Copy()
		f.CreateAttr("ID", "_forged")
		f.RemoveChild(saml.Child(f, saml.NSSignature, "Signature"))
		child(child(f, "Subject"), "NameID").SetText("forged")
		return f
	}
	for name, wrap := range map[string]func(r *etree.Element){
		"before the genuine one": func(r *etree.Element) { r.InsertChildAt(child(r, "Assertion").Index(), forge(r)) },
		"after the genuine one":  func(r *etree.Element) { r.AddChild(forge(r)) },
		"around the genuine one": func(r *etree.Element) {
			f, a := forge(r), child(r, "Assertion")
			r.RemoveChild(a)
			f.AddChild(a)
			r.AddChild(f)
		},
		"in place of it, the genuine one in Extensions": func(r *etree.Element) {
			f, a := forge(r), child(r, "Assertion")
			r.RemoveChild(a)
			ext := r.CreateElement("samlp:Extensions")
			ext.AddChild(a)
			r.RemoveChild(ext)
			r.InsertChildAt(1, ext)
			r.AddChild(f)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rep := Run(Response, responseCase{unsigned: "response", after: func(_ testing.TB, r *etree.Element) { wrap(r) }}.build(t))
			if rep.Err() == nil {
				t.Fatal("accepted")
			}
			if rep.Response != nil && rep.Response.Assertion != nil && text(child(child(rep.Response.Assertion.Root, "Subject"), "NameID")) == "forged" {
				t.Error("the forged Assertion was read")
			}
		})
	}
}
