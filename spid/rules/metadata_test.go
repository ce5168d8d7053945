package rules

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"

	"spidsim/saml"
)

// goodMetadata keeps every row; CERT stands for the certificate.
const goodMetadata = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:spid="https://spid.gov.it/saml-extensions" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"
  ID="_md-1" entityID="https://sp.example.org">
  <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" AuthnRequestsSigned="true" WantAssertionsSigned="true">
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>CERT</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.org/slo"/>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>
    <md:AssertionConsumerService index="0" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.org/acs"/>
    <md:AttributeConsumingService index="0"><md:ServiceName xml:lang="it">Servizi</md:ServiceName><md:RequestedAttribute Name="name" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"/></md:AttributeConsumingService>
  </md:SPSSODescriptor>
  <md:Organization><md:OrganizationName xml:lang="it">Comune di Esempio</md:OrganizationName><md:OrganizationDisplayName xml:lang="it">Esempio</md:OrganizationDisplayName><md:OrganizationURL xml:lang="it">https://sp.example.org</md:OrganizationURL></md:Organization>
  <md:ContactPerson contactType="other"><md:Extensions><spid:IPACode>c_z999</spid:IPACode><spid:Public/></md:Extensions><md:EmailAddress>spid@sp.example.org</md:EmailAddress><md:TelephoneNumber>+39060000000</md:TelephoneNumber></md:ContactPerson>
</md:EntityDescriptor>`

const (
	keyTag = `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>CERT</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
	acsTag = `<md:AssertionConsumerService index="0" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.org/acs"/>`
	setTag = `<md:AttributeConsumingService index="0"><md:ServiceName xml:lang="it">Servizi</md:ServiceName><md:RequestedAttribute Name="name" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"/></md:AttributeConsumingService>`
	sloTag = `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.org/slo"/>`
	orgTag = `<md:OrganizationName xml:lang="it">Comune di Esempio</md:OrganizationName>`
	dspTag = `<md:OrganizationDisplayName xml:lang="it">Esempio</md:OrganizationDisplayName>`
)

// metadataCase is good metadata with one fault; a row that warns leaves Err nil.
type metadataCase struct {
	name, rule string
	edits      []string
	cert       *x509.Certificate
	unsigned   bool
	after      func(string) string
	warns      bool
	relaxed    bool // relaxed mode only warns
}

var metadataCases = []metadataCase{
	{name: "HTML", rule: "MD-DOC-02", after: func(string) string { return "<!DOCTYPE html><html></html>" }},
	{name: "another root", rule: "1.3.0", after: func(string) string { return "<a/>" }},
	{name: "no entityID", rule: "1.3.2", edits: []string{` entityID="https://sp.example.org"`, ""}},
	{name: "a relative entityID", rule: "MD-SP-01", edits: []string{`entityID="https://sp.example.org"`, `entityID="sp"`}},
	{name: "an entityID of 1025 characters", rule: "MD-SP-01", edits: []string{`entityID="https://sp.example.org"`, `entityID="https://sp.example/` + strings.Repeat("x", 1006) + `"`}},
	{name: "expired metadata", rule: "MD-ED-06", edits: []string{`entityID=`, `validUntil="2026-11-22T09:00:00Z" entityID=`}},
	{name: "no SPSSODescriptor", rule: "1.6.0", unsigned: true, after: func(s string) string {
		return strings.ReplaceAll(s, "SPSSODescriptor", "RoleDescriptor")
	}},
	{name: "SAML 1.1", rule: "01.06.06", relaxed: true, edits: []string{"urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:1.1:protocol"}},
	{name: "no signing certificate", rule: "1.4.0", unsigned: true, edits: []string{keyTag, ""}},
	{name: "an expired certificate", rule: "SEC-63", unsigned: true, cert: keys().expired.Cert},
	{name: "a key of 1024 bits", rule: "SEC-63", unsigned: true, cert: keys().small.Cert},
	{name: "no AssertionConsumerService", rule: "1.1.0", edits: []string{acsTag, ""}},
	{name: "an AssertionConsumerService without index", rule: "1.1.2", edits: []string{`index="0" isDefault`, "isDefault"}},
	{name: "two AssertionConsumerServices with one index", rule: "MD-SP-07a", edits: []string{acsTag, acsTag + acsTag}},
	{name: "no AssertionConsumerService by POST", rule: "MD-SP-07b", edits: []string{acsTag, strings.Replace(acsTag, "HTTP-POST", "HTTP-Artifact", 1)}},
	{name: "a javascript: address", rule: "SEC-69", edits: []string{`Location="https://sp.example.org/acs"`, `Location="javascript:alert(1)"`}},
	{name: "plain http on a public host", rule: "SEC-69", edits: []string{`Location="https://sp.example.org/acs"`, `Location="http://sp.example.org/acs"`}},
	{name: "two attribute sets with one index", rule: "MD-SP-08a", relaxed: true, edits: []string{setTag, setTag + setTag}},
	{name: "altered after signing", rule: "1.9.0", after: func(s string) string { return strings.Replace(s, "/acs", "/ACS", 1) }},
	{name: "signed by a key that is not declared", rule: "1.9.0", cert: keys().foreign.Cert},

	{name: "unsigned", rule: "1.7.0", warns: true, unsigned: true},
	{name: "a second certificate that has expired", rule: "MD-KD-05", warns: true, edits: []string{keyTag, keyTag + strings.Replace(keyTag, "CERT", "OLD", 1)}},
	{name: "a certificate signed with SHA-1", rule: "MD-KD-07", warns: true, edits: []string{keyTag, keyTag + strings.Replace(keyTag, "CERT", "SHA1", 1)}},
	{name: "AuthnRequestsSigned false", rule: "1.6.5", warns: true, edits: []string{`AuthnRequestsSigned="true"`, `AuthnRequestsSigned="false"`}},
	{name: "no WantAssertionsSigned", rule: "01.06.09", warns: true, edits: []string{` WantAssertionsSigned="true"`, ""}},
	{name: "persistent names", rule: "MD-NID-01", warns: true, edits: []string{"transient", "persistent"}},
	{name: "a second AssertionConsumerService by redirect", rule: "1.1.4", warns: true, edits: []string{acsTag, acsTag + `<md:AssertionConsumerService index="1" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://sp.example.org/acs"/>`}},
	{name: "no default", rule: "1.1.7", warns: true, edits: []string{` isDefault="true"`, ""}},
	{name: "the default has index 3", rule: "1.1.8", warns: true, edits: []string{`index="0" isDefault`, `index="3" isDefault`}},
	{name: "no SingleLogoutService", rule: "1.8.0", warns: true, edits: []string{sloTag, ""}},
	{name: "SingleLogoutService by artifact", rule: "1.8.3", warns: true, edits: []string{sloTag, strings.Replace(sloTag, "HTTP-POST", "HTTP-Artifact", 1)}},
	{name: "SingleLogoutService at a relative address", rule: "MD-SLO-08", warns: true, edits: []string{sloTag, strings.Replace(sloTag, "https://sp.example.org", "", 1)}},
	{name: "no attribute set", rule: "1.2.0", warns: true, edits: []string{setTag, ""}},
	{name: "an attribute set without name", rule: "1.2.4", warns: true, edits: []string{`<md:ServiceName xml:lang="it">Servizi</md:ServiceName>`, ""}},
	{name: "an empty attribute set", rule: "1.2.5", warns: true, edits: []string{`<md:RequestedAttribute Name="name" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic"/>`, ""}},
	{name: "an unknown attribute", rule: "1.2.7", warns: true, edits: []string{`Name="name"`, `Name="nome"`}},
	{name: "an attribute twice", rule: "MD-ATCS-08", warns: true, edits: []string{`<md:RequestedAttribute Name="name"`, `<md:RequestedAttribute Name="name"/><md:RequestedAttribute Name="name"`}},
	{name: "NameFormat uri", rule: "MD-ATCS-10", warns: true, edits: []string{"attrname-format:basic", "attrname-format:uri"}},
	{name: "no Organization", rule: "1.5.0", warns: true, after: func(s string) string {
		return strings.Replace(s, s[strings.Index(s, "<md:Organization>"):strings.Index(s, "</md:Organization>")]+"</md:Organization>", "", 1)
	}, unsigned: true},
	{name: "no display name", rule: "1.5.6", warns: true, edits: []string{dspTag, ""}},
	{name: "a name in German alone", rule: "1.5.3", warns: true, edits: []string{orgTag, strings.Replace(orgTag, `"it"`, `"de"`, 1)}},
	{name: "no contact", rule: "01.10.00", warns: true, edits: []string{`contactType="other"`, `contactType="technical"`}},
	{name: "a contact with mailto:", rule: "01.10.05", warns: true, edits: []string{">spid@", ">mailto:spid@"}},
	{name: "a telephone number with blanks", rule: "01.10.08", warns: true, edits: []string{"+39060000000", "+39 06 0000000"}},
	{name: "a public service without IPACode", rule: "MD-SP-34", warns: true, edits: []string{"<spid:IPACode>c_z999</spid:IPACode>", ""}},
	{name: "both public and private", rule: "MD-SP-34", warns: true, edits: []string{"<spid:Public/>", "<spid:Public/><spid:Private/>"}},
	{name: "Company other than OrganizationName", rule: "01.10.03", warns: true, edits: []string{"<md:EmailAddress>", "<md:Company>Altro</md:Company><md:EmailAddress>"}},
	{name: "a blank line first", rule: "MD-DOC-03", warns: true, after: func(s string) string { return "\n" + s }},
}

func (c metadataCase) build(t testing.TB) *Subject {
	t.Helper()
	cert := keys().good.Cert
	if c.cert != nil {
		cert = c.cert
	}
	doc := edit(t, goodMetadata, c.edits...)
	for name, der := range map[string][]byte{">CERT<": cert.Raw, ">OLD<": keys().expired.Cert.Raw, ">SHA1<": sha1Cert(t)} {
		doc = strings.Replace(doc, name, ">"+base64.StdEncoding.EncodeToString(der)+"<", 1)
	}
	if !c.unsigned {
		el := tree(t, doc)
		sign(t, keys().good, el)
		doc = string(saml.Serialise(el))
	}
	if c.after != nil {
		doc = c.after(doc)
	}
	s := &Subject{Now: now}
	s.Document, s.Intake = saml.ReadMetadata([]byte(doc))
	return s
}

// sha1Cert makes a certificate that says it was signed with SHA-1: the library signs no such thing, so the
// algorithm is written into the octets of a SHA-256 one.
func sha1Cert(t testing.TB) []byte {
	t.Helper()
	key, ok := keys().good.Signer.(*rsa.PrivateKey)
	if !ok {
		t.Fatal("the test key is no RSA key")
	}
	tpl := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0), SignatureAlgorithm: x509.SHA256WithRSA}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	// sha256WithRSAEncryption is 1.2.840.113549.1.1.11, sha1WithRSAEncryption the same with 5.
	oid := string([]byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b})
	return []byte(strings.ReplaceAll(string(der), oid, oid[:8]+"\x05"))
}

func TestEachFaultOfMetadataIsNamedByItsRow(t *testing.T) {
	t.Parallel()
	for _, c := range metadataCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := c.build(t)
			rep := Run(Metadata, s)
			if c.warns {
				if err := rep.Err(); err != nil {
					t.Fatalf("refused: %v", err)
				}
				if f := finding(t, rep, c.rule); f.Outcome != Warned {
					t.Fatalf("%s: outcome %d, want a warning", c.rule, f.Outcome)
				}
				return
			}
			if e := asError(t, rep); e.Rule != c.rule {
				t.Fatalf("got %v, want %s", e, c.rule)
			}
			s.Relaxed = true
			if err := Run(Metadata, s).Err(); (err == nil) != c.relaxed {
				t.Errorf("relaxed: %v, want served %v", err, c.relaxed)
			}
		})
	}
}

func TestGoodMetadataHasNoFinding(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]metadataCase{
		"public":                {},
		"private":               {edits: []string{"<spid:IPACode>c_z999</spid:IPACode><spid:Public/>", "<spid:VATNumber>IT12345678903</spid:VATNumber><spid:Private/>"}},
		"http in a laboratory":  {edits: []string{`Location="https://sp.example.org/acs"`, `Location="http://localhost:3000/acs"`}},
		"signing with SPID, 77": {edits: []string{setTag, setTag + `<md:AttributeConsumingService index="77"><md:ServiceName xml:lang="it">Sottoscrizione elettronica ex art.20 CAD</md:ServiceName></md:AttributeConsumingService>`}},
		"Italian and English": {edits: []string{orgTag, orgTag + strings.Replace(orgTag, `"it"`, `"en"`, 1), dspTag, dspTag + strings.Replace(dspTag, `"it"`, `"en"`, 1),
			"</md:OrganizationURL>", `</md:OrganizationURL><md:OrganizationURL xml:lang="en">https://sp.example.org/en</md:OrganizationURL>`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, f := range Run(Metadata, c.build(t)).Noted() {
				t.Errorf("%s: %s found %q wanted %q %s", f.Rule.ID, f.Path, f.Found, f.Wanted, f.Detail)
			}
		})
	}
}

func TestAddressesOfMetadata(t *testing.T) {
	t.Parallel()
	good := []string{"https://sp.example.org/acs", "https://sp.example.org:8443/a?b=c", "http://localhost:3000/acs", "http://127.0.0.1/acs",
		"http://[::1]:8080/acs", "http://10.1.2.3/a", "http://192.168.0.9/a", "http://sp/acs", "http://sp.localhost/a", "http://a.b.test/", "http://x.internal/"}
	bad := []string{"", "acs", "/acs", "//sp.example.org/acs", "javascript:alert(1)", "data:text/html,x", "HTTPS://sp.example.org", "ftp://sp.example.org/",
		"http://sp.example.org/acs", "http://localhost.evil.com/", "https://user@sp.example.org/", "https://user:p@localhost/", "https:///acs", "https:sp",
		"https://sp.example.org/\tacs", "java\tscript:x", "https://sp.example.org\\@evil.com", "http://8.8.8.8/", "http://2130706433/", "http://0x7f000001/",
		"http://169.254.169.254/", "http://[::ffff:8.8.8.8]/", "https://sp.example.org/#x", "http://localhost./"}
	for _, a := range good {
		if !AcceptableAddress(a) {
			t.Errorf("%q was refused", a)
		}
	}
	for _, a := range bad {
		if AcceptableAddress(a) {
			t.Errorf("%q was accepted", a)
		}
	}
}
