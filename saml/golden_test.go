package saml

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// tool runs one of the operating system's oracles; a missing one fails the test.
func tool(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := runTool(t, name, args...); err != nil {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

func runTool(t *testing.T, name string, args ...string) ([]byte, error) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: install the packages xmlsec1, libxml2-utils, opensaml-schemas and xmltooling-schemas", name)
	}
	return exec.CommandContext(t.Context(), path, args...).CombinedOutput()
}

// schemaValid holds a golden against the OASIS schemas.
func schemaValid(t *testing.T, name string) {
	t.Helper()
	tool(t, "xmllint", "--nonet", "--noout", "--schema", filepath.Join("testdata", "saml.xsd"), filepath.Join("testdata", name))
}

// xmlsecVerifies checks each signature of a golden with an implementation that shares no code with ours. ids are
// the qualified elements that carry an ID; only the first Signature below each is looked at.
func xmlsecVerifies(t *testing.T, name, cert string, signed ...string) {
	t.Helper()
	for _, ns := range signed {
		local := ns[strings.LastIndexByte(ns, ':')+1:]
		args := []string{
			"--verify", "--enabled-key-data", "x509,raw-x509-cert", "--pubkey-cert-pem", filepath.Join("testdata", cert+".crt"),
			"--node-xpath", fmt.Sprintf("//*[local-name()='%s']/*[local-name()='Signature']", local),
		}
		for _, other := range signed {
			args = append(args, "--id-attr:ID", other)
		}
		tool(t, "xmlsec1", append(args, filepath.Join("testdata", name))...)
	}
}

const (
	idRequest   = NSProtocol + ":AuthnRequest"
	idResponse  = NSProtocol + ":Response"
	idAssertion = NSAssertion + ":Assertion"
	idEntity    = NSMetadata + ":EntityDescriptor"
	idEntities  = NSMetadata + ":EntitiesDescriptor"
)

func TestGoldenMessages(t *testing.T) {
	t.Parallel()
	level1 := response()
	level1.Assertion.SessionIndex, level1.Assertion.AuthnContextClassRef = "_sess-0001", "https://www.spid.gov.it/SpidL1"
	anomaly := &Response{
		ID: "_resp-0002", InResponseTo: "_req-0001", Destination: acsURL, IssueInstant: issued, Issuer: NameID{Value: idpID, Format: FormatEntity},
		Status: Status{Code: StatusResponder, Sub: StatusAuthnFailed, Message: "ErrorCode nr25"},
	}
	byURL := request()
	byURL.ForceAuthn, byURL.AssertionConsumerServiceIndex = nil, nil
	byURL.AssertionConsumerServiceURL, byURL.ProtocolBinding, byURL.ProviderName = acsURL, HTTPPost, "Comune di Esempio"
	byURL.Subject = &NameID{Value: "mario", Format: FormatUnspecified, NameQualifier: spID}
	byURL.Extensions = NewElement("samlp", NSProtocol, "Extensions", "")
	byURL.Extensions.AddChild(NewElement("spid", "https://spid.gov.it/saml-extensions", "Purpose", "PG"))

	for _, row := range []struct {
		name, key string
		el        *etree.Element
		signed    []string
	}{
		{"authnrequest-post.xml", "sp", request().Element(), []string{idRequest}},
		{"authnrequest-url.xml", "sp", byURL.Element(), []string{idRequest}},
		{"response-l1.xml", "idp", level1.Element(), []string{idResponse, idAssertion}},
		{"response-l2.xml", "idp", response().Element(), []string{idResponse, idAssertion}},
		{"response-anomaly.xml", "idp", anomaly.Element(), []string{idResponse}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			k := key(t, row.key)
			if a := Child(row.el, NSAssertion, "Assertion"); a != nil {
				mustSign(t, k, a)
			}
			mustSign(t, k, row.el)
			golden(t, row.name, Serialise(row.el))
			schemaValid(t, row.name)
			xmlsecVerifies(t, row.name, row.key, row.signed...)
			if _, err := VerifyElement(mustParse(t, readTestdata(t, row.name)), pinned(t, row.key), issued); err != nil {
				t.Errorf("our own verifier refuses it: %v", err)
			}
		})
	}
}

func TestGoldenRedirect(t *testing.T) {
	t.Parallel()
	r := request()
	r.Destination = idpID + "/sso/redirect"
	u, err := key(t, "sp").RedirectURL(r.Destination, ParamRequest, r.Element(), "a state & more")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "authnrequest-redirect.url", []byte(u+"\n"))
	want := strings.TrimSpace(string(readTestdata(t, "authnrequest-redirect.url")))
	_, query, _ := strings.Cut(want, "?")
	a, err := ParseRedirect(ParamRequest, query)
	if err != nil {
		t.Fatal(err)
	}
	if a.RelayState != "a state & more" || !a.HasSigAlg || !a.HasSignature {
		t.Errorf("RelayState %q, SigAlg %v, Signature %v", a.RelayState, a.HasSigAlg, a.HasSignature)
	}
	if !bytes.Equal(a.XML, Serialise(r.Element())) {
		t.Errorf("inflated:\n%s", a.XML)
	}
	v, err := a.Verify(pinned(t, "sp"), issued)
	if err != nil || v.OutOfOrder {
		t.Errorf("Verify: %+v, %v", v, err)
	}
	queryVerifies(t, query, "sp")
}

// queryVerifies checks the query signature over the octets as they stand in the address, by crypto/x509.
func queryVerifies(t *testing.T, query, cert string) {
	t.Helper()
	octets, rest, _ := strings.Cut(query, "&"+ParamSignature+"=")
	value, err := url.QueryUnescape(rest)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := decodeBase64(ParamSignature, value)
	if err != nil {
		t.Fatal(err)
	}
	if err := key(t, cert).Cert.CheckSignature(x509.SHA256WithRSA, []byte(octets), sig); err != nil {
		t.Error(err)
	}
}

func localized(it, en string) Localized {
	return Localized{{"it", it}, {"en", en}}
}

// spMetadata is a public service provider, idpMetadata the simulator's own kind.
func spMetadata(t testing.TB) *EntityDescriptor {
	const spid = "https://spid.gov.it/saml-extensions"
	return &EntityDescriptor{
		ID: "_md-sp-0001", EntityID: spID,
		SP: &SPSSODescriptor{
			AuthnRequestsSigned: true, WantAssertionsSigned: true, Signing: pinned(t, "sp", "other"),
			SingleLogoutServices: []Endpoint{
				{Binding: HTTPPost, Location: spID + "/slo", ResponseLocation: spID + "/slo/response", Index: -1},
				{Binding: HTTPRedirect, Location: spID + "/slo", Index: -1},
			},
			NameIDFormats: []string{FormatTransient},
			AssertionConsumerServices: []Endpoint{
				{Binding: HTTPPost, Location: acsURL, Index: 0, IsDefault: true}, {Binding: HTTPPost, Location: spID + "/acs2", Index: 1},
			},
			AttributeConsumingServices: []AttributeConsumingService{
				{Index: 0, ServiceNames: localized("Servizi di base", "Basic services"), Requested: []RequestedAttribute{
					{Name: "spidCode", NameFormat: AttrNameFormatBasic, FriendlyName: "Codice", IsRequired: true}, {Name: "name"},
				}},
				{Index: 1, IsDefault: true, ServiceNames: Localized{{"it", "Imprese"}}, Requested: []RequestedAttribute{{Name: "ivaCode"}}},
			},
		},
		Organization: Organization{
			Name: localized("Comune di Esempio", "Town of Example"), DisplayName: localized("Comune", "Town"), URL: localized(spID+"/it", spID+"/en"),
		},
		Contacts: []ContactPerson{{
			Type: "other", Company: "Comune di Esempio", EmailAddress: "spid@sp.example.org", TelephoneNumber: "+39060000000",
			Extensions: []*etree.Element{NewElement("spid", spid, "IPACode", "c_z999"), NewElement("spid", spid, "Public", "")},
		}},
	}
}

func idpMetadata(t testing.TB) *EntityDescriptor {
	ext := NewElement("md", NSMetadata, "Extensions", "")
	levels := NewElement("spid", "https://spid.gov.it/saml-extensions", "SupportedAuthnContextClassRefs", "")
	for _, n := range []string{"1", "2", "3"} {
		levels.CreateElement("AuthnContextClassRef").SetText("https://www.spid.gov.it/SpidL" + n)
	}
	ext.AddChild(levels)
	return &EntityDescriptor{
		ID: "_md-idp-0001", EntityID: idpID, Extensions: ext,
		IdP: &IDPSSODescriptor{
			WantAuthnRequestsSigned: true, Signing: pinned(t, "idp"), NameIDFormats: []string{FormatTransient},
			SingleLogoutServices: []Endpoint{
				{Binding: HTTPPost, Location: idpID + "/slo/post", ResponseLocation: idpID + "/slo/post", Index: -1},
				{Binding: HTTPRedirect, Location: idpID + "/slo/redirect", Index: -1},
			},
			SingleSignOnServices: []Endpoint{
				{Binding: HTTPRedirect, Location: idpID + "/sso/redirect", Index: -1}, {Binding: HTTPPost, Location: idpID + "/sso/post", Index: -1},
			},
			Attributes: []Attribute{{Name: "spidCode", FriendlyName: "Codice identificativo SPID"}, {Name: "name", FriendlyName: "Nome"}},
		},
		Organization: Organization{
			Name: localized("Gestore di prova", "Test provider"), DisplayName: localized("Prova", "Test"), URL: localized(idpID, idpID),
		},
	}
}

func TestGoldenMetadata(t *testing.T) {
	t.Parallel()
	entity := idpMetadata(t).Element()
	mustSign(t, key(t, "idp"), entity)
	second := idpMetadata(t)
	second.ID, second.EntityID = "_md-idp-0002", idpID+"/2"
	list := Entities("https://registry.example.org", []*etree.Element{entity, second.Element()})
	list.CreateAttr("ID", "_md-list-0001")
	for _, row := range []struct {
		name, key string
		el        *etree.Element
		signed    string
	}{
		{"metadata-sp.xml", "sp", spMetadata(t).Element(), idEntity},
		{"metadata-idp.xml", "idp", idpMetadata(t).Element(), idEntity},
		{"metadata-list.xml", "idp", list, idEntities},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			mustSign(t, key(t, row.key), row.el)
			golden(t, row.name, Serialise(row.el))
			schemaValid(t, row.name)
			xmlsecVerifies(t, row.name, row.key, row.signed)
			if row.signed == idEntities {
				xmlsecVerifies(t, row.name, row.key, idEntity)
			}
			root, err := Parse(readTestdata(t, row.name), MetadataLimits())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := VerifyElement(root, pinned(t, row.key), issued); err != nil {
				t.Errorf("our own verifier refuses it: %v", err)
			}
		})
	}
}

func TestOraclesCanRefuse(t *testing.T) {
	t.Parallel()
	octets := replaced(t, readTestdata(t, "response-l2.xml"), ">Rossi<", ">Verdi<")
	path := filepath.Join(t.TempDir(), "altered.xml")
	if err := os.WriteFile(path, octets, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := runTool(t, "xmlsec1", "--verify", "--enabled-key-data", "x509,raw-x509-cert", "--pubkey-cert-pem", "testdata/idp.crt",
		"--node-xpath", "/*/*[local-name()='Signature']", "--id-attr:ID", idResponse, path); err == nil {
		t.Error("xmlsec1 takes an altered Response")
	}
	octets = replaced(t, octets, "<samlp:Status>", "<samlp:State/><samlp:Status>")
	if err := os.WriteFile(path, octets, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := runTool(t, "xmllint", "--nonet", "--noout", "--schema", "testdata/saml.xsd", path); err == nil {
		t.Error("xmllint takes an unknown element")
	}
}
