package sp_test

import (
	"bytes"
	"context"
	"crypto/x509/pkix"
	"encoding/asn1"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"spidsim/saml"
	"spidsim/sp"
	"spidsim/spid"
	"spidsim/spid/rules"
)

func TestMetadataKeepsEveryRule(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d := p.descriptor(t)
	report := rules.Run(rules.Metadata, &rules.Subject{Document: d, Now: p.clock.now()})
	for _, f := range report.Noted() {
		t.Errorf("%s: %s is %q, want %q %s", f.Rule.ID, f.Path, f.Found, f.Wanted, f.Detail)
	}
	if len(report.Findings) == 0 {
		t.Error("there are no rules for metadata")
	}
}

func TestMetadataSayWhatTheyShould(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	d := p.descriptor(t)
	if d.EntityID != p.url {
		t.Errorf("entityID is %q, want the base URL %q", d.EntityID, p.url)
	}
	if !d.SP.AuthnRequestsSigned || !d.SP.WantAssertionsSigned {
		t.Error("AuthnRequestsSigned and WantAssertionsSigned must be true (MD-SP-03)")
	}
	if acs, ok := d.SP.AssertionConsumerService(0); !ok || acs.Location != p.acs() || acs.Binding != saml.HTTPPost || !acs.IsDefault {
		t.Errorf("AssertionConsumerService 0 is %+v", acs)
	}
	var bindings []saml.Binding
	for _, e := range d.SP.SingleLogoutServices {
		bindings = append(bindings, e.Binding)
	}
	if !slices.Equal(bindings, []saml.Binding{saml.HTTPPost, saml.HTTPRedirect}) {
		t.Errorf("SingleLogoutServices are %v", bindings)
	}
	if len(d.SP.AttributeConsumingServices) != 5 {
		t.Fatalf("%d attribute sets, want 5", len(d.SP.AttributeConsumingServices))
	}
	if all, _ := d.SP.AttributeConsumingService(2); len(all.Requested) != len(spid.AllAttributes()) {
		t.Errorf("set 2 has %d attributes, want all %d", len(all.Requested), len(spid.AllAttributes()))
	}
	for _, lang := range []string{"it", "en"} {
		if name := d.Organization.Name.In(lang); !strings.Contains(name, "SIMULATORE NON USARE IN PRODUZIONE") {
			t.Errorf("OrganizationName@%s is %q without the mark (UX-34)", lang, name)
		}
	}
}

func TestMetadataNameTheBodyOfTheCertificate(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.key = newKey(t, "portal", pkix.Name{
		CommonName: "Comune di prova", Organization: []string{"Comune di prova TEST"},
		ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 97}, Value: "PA:IT-c_z998"}},
	})
	p.start(t)
	d := p.descriptor(t)
	if name, display := d.Organization.Name.In("it"), d.Organization.DisplayName.In("it"); name != "Comune di prova TEST" || display != "Comune di prova" {
		t.Errorf("Organization is %q, %q; want the certificate's (CERT-74)", name, display)
	}
	if document, _ := p.Metadata(); !bytes.Contains(document, []byte(">c_z998</spid:IPACode>")) || d.Contacts[0].Company != "Comune di prova TEST" {
		t.Errorf("the contact is %+v, want the certificate's code and name (CERT-75, MD-SP-37)", d.Contacts[0])
	}
}

func TestMetadataAreServedAndStable(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	want, err := p.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	r := p.browser(t).get("/spid/metadata")
	if r.body != string(want) || r.Header.Get("Content-Type") != "application/samlmetadata+xml" {
		t.Errorf("Content-Type %q, %d octets, want %d", r.Header.Get("Content-Type"), len(r.body), len(want))
	}
	want[0] = 'x'
	if again, _ := p.Metadata(); bytes.Equal(again, want) {
		t.Error("a caller can change the metadata")
	}
	p.start(t)
	if again, _ := p.Metadata(); string(again) != r.body {
		t.Error("the same key and address gave other metadata")
	}
}

// tool runs a program of the system; its absence fails the test.
func tool(t *testing.T, pkg, name string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is missing: install the package %s", name, pkg)
	}
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestXmlsec1VerifiesMetadataAndRequests(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	cert := write(t, "cert.der", p.key.Cert.Raw)
	document, err := p.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	tool(t, "xmlsec1", "xmlsec1", "--verify", "--enabled-reference-uris", "same-doc", "--id-attr:ID", saml.NSMetadata+":EntityDescriptor",
		"--pubkey-cert-der", cert, write(t, "metadata.xml", document))
	l := p.browser(t).begin("?binding=post&purpose=P")
	tool(t, "xmlsec1", "xmlsec1", "--verify", "--enabled-reference-uris", "same-doc", "--id-attr:ID", saml.NSProtocol+":AuthnRequest",
		"--pubkey-cert-der", cert, write(t, "request.xml", l.arrival.XML))
}

// schemas is where opensaml-schemas and xmltooling-schemas put theirs.
const schemas = `<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:spidsim:all">
  <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="/usr/share/xml/xmltooling/xml.xsd"/>
  <xs:import namespace="http://www.w3.org/2000/09/xmldsig#" schemaLocation="/usr/share/xml/xmltooling/xmldsig-core-schema.xsd"/>
  <xs:import namespace="http://www.w3.org/2001/04/xmlenc#" schemaLocation="/usr/share/xml/xmltooling/xenc-schema.xsd"/>
  <xs:import namespace="urn:oasis:names:tc:SAML:2.0:assertion" schemaLocation="/usr/share/xml/opensaml/saml-schema-assertion-2.0.xsd"/>
  <xs:import namespace="urn:oasis:names:tc:SAML:2.0:protocol" schemaLocation="/usr/share/xml/opensaml/saml-schema-protocol-2.0.xsd"/>
  <xs:import namespace="urn:oasis:names:tc:SAML:2.0:metadata" schemaLocation="/usr/share/xml/opensaml/saml-schema-metadata-2.0.xsd"/>
</xs:schema>`

func TestMetadataAndRequestsFitTheSchemas(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/usr/share/xml/opensaml/saml-schema-metadata-2.0.xsd"); err != nil {
		t.Fatal("the SAML schemas are missing: install the packages opensaml-schemas and xmltooling-schemas")
	}
	p := newPortal(t)
	xsd := write(t, "all.xsd", []byte(schemas))
	document, err := p.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	tool(t, "libxml2-utils", "xmllint", "--nonet", "--noout", "--schema", xsd, write(t, "metadata.xml", document))
	for _, query := range []string{"?binding=post&purpose=LP&level=3", "?binding=redirect&level=1&comparison=exact"} {
		l := p.browser(t).begin(query)
		tool(t, "libxml2-utils", "xmllint", "--nonet", "--noout", "--schema", xsd, write(t, "request.xml", l.arrival.XML))
	}
}

func TestNewRefusesAConfigurationThatCannotWork(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	base, _ := url.Parse("http://localhost:8089")
	good := sp.Config{BaseURL: base, Key: p.key, Store: p.db, IdPs: func(context.Context) ([]sp.Provider, error) { return nil, nil }}
	if _, err := sp.New(good); err != nil {
		t.Fatalf("the control: %v", err)
	}
	address := func(s string) *url.URL { u, _ := url.Parse(s); return u }
	for _, row := range []struct {
		name, says string
		spoil      func(*sp.Config)
	}{
		{"no base URL", "base URL", func(c *sp.Config) { c.BaseURL = nil }},
		{"a base URL of another scheme", "base URL", func(c *sp.Config) { c.BaseURL = address("ftp://x") }},
		{"a base URL with a path", "no path", func(c *sp.Config) { c.BaseURL = address("http://x/portale") }},
		{"a base URL with a query", "no query", func(c *sp.Config) { c.BaseURL = address("http://x/?a") }},
		{"no key", "key", func(c *sp.Config) { c.Key = nil }},
		{"a key without certificate", "key", func(c *sp.Config) { c.Key = &saml.Key{Signer: p.key.Signer} }},
		{"no identity providers", "identity providers", func(c *sp.Config) { c.IdPs = nil }},
		{"no store", "store", func(c *sp.Config) { c.Store = nil }},
		{"a skew beyond three minutes (SEC-44)", "skew", func(c *sp.Config) { c.Skew = 181 * time.Second }},
		{"a negative skew", "skew", func(c *sp.Config) { c.Skew = -time.Second }},
	} {
		t.Run(row.name, func(t *testing.T) {
			bad := good
			row.spoil(&bad)
			if _, err := sp.New(bad); err == nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("error is %v, want one about %q", err, row.says)
			}
		})
	}
}
