package saml

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/beevik/etree"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// issued is the instant of every fixed message; the certificates in testdata are valid ten years around it.
var issued = time.Date(2026, 11, 22, 9, 0, 0, 123e6, time.UTC)

const (
	idpID  = "https://idp.example.org"
	spID   = "https://sp.example.org"
	acsURL = "https://sp.example.org/acs"
)

func readTestdata(t testing.TB, name string) []byte {
	t.Helper()
	octets, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return octets
}

// key loads one of the fixed key pairs: idp, sp, other (RSA 2048), weak (RSA 1024), curve (ECDSA).
func key(t testing.TB, name string) *Key {
	t.Helper()
	block, _ := pem.Decode(readTestdata(t, name+".key"))
	priv, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	block, _ = pem.Decode(readTestdata(t, name+".crt"))
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return &Key{Signer: priv.(crypto.Signer), Cert: cert}
}

func rsaKey(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	return key(t, name).Signer.(*rsa.PrivateKey)
}

func pinned(t testing.TB, names ...string) []*x509.Certificate {
	t.Helper()
	var list []*x509.Certificate
	for _, n := range names {
		list = append(list, key(t, n).Cert)
	}
	return list
}

// request is a complete AuthnRequest.
func request() *AuthnRequest {
	return &AuthnRequest{
		ID: "_req-0001", Version: "2.0", IssueInstant: issued, Destination: idpID + "/sso/post",
		ForceAuthn: ptr(true), AssertionConsumerServiceIndex: ptr(0), AttributeConsumingServiceIndex: ptr(1),
		Issuer:             NameID{Value: spID, Format: FormatEntity, NameQualifier: spID},
		NameIDPolicyFormat: FormatTransient, Comparison: "minimum",
		AuthnContextClassRef: []string{"https://www.spid.gov.it/SpidL2"},
	}
}

// response is a complete success Response.
func response() *Response {
	r := &Response{
		ID: "_resp-0001", InResponseTo: "_req-0001", Destination: acsURL, IssueInstant: issued,
		Issuer: NameID{Value: idpID, Format: FormatEntity}, Status: Status{Code: StatusSuccess},
		Assertion: &Assertion{
			ID: "_asrt-0001", IssueInstant: issued, Issuer: NameID{Value: idpID, Format: FormatEntity},
			Subject:      NameID{Value: "_tr-8f2b5c1e", Format: FormatTransient, NameQualifier: idpID},
			InResponseTo: "_req-0001", Recipient: acsURL, SubjectNotOnOrAfter: issued.Add(5 * time.Minute),
			NotBefore: issued.Truncate(time.Second), NotOnOrAfter: issued.Add(5 * time.Minute), Audience: spID,
			AuthnInstant: issued.Add(-5 * time.Second), AuthnContextClassRef: "https://www.spid.gov.it/SpidL2",
		},
	}
	for _, a := range []Attribute{
		{Name: "spidCode", Value: "TEST123456789A"}, {Name: "name", Value: "Mario & \"Lücke\""}, {Name: "familyName", Value: "Rossi"},
		{Name: "dateOfBirth", Type: "date", Value: "1980-01-01"}, {Name: "fiscalNumber", Value: "TINIT-RSSMRA80A01Z999X"},
	} {
		a.NameFormat = AttrNameFormatBasic
		if a.Type == "" {
			a.Type = "string"
		}
		r.Assertion.Attributes = append(r.Assertion.Attributes, a)
	}
	return r
}

// signedRequest returns the AuthnRequest signed by the service provider.
func signedRequest(t testing.TB) *etree.Element {
	t.Helper()
	el := request().Element()
	mustSign(t, key(t, "sp"), el)
	return el
}

// signedResponse returns the Response with Assertion and Response signed, in this order.
func signedResponse(t testing.TB) *etree.Element {
	t.Helper()
	el := response().Element()
	k := key(t, "idp")
	mustSign(t, k, Child(el, NSAssertion, "Assertion"))
	mustSign(t, k, el)
	return el
}

func mustSign(t testing.TB, k *Key, el *etree.Element) {
	t.Helper()
	if err := k.Sign(el); err != nil {
		t.Fatal(err)
	}
}

func mustParse(t testing.TB, octets []byte) *etree.Element {
	t.Helper()
	el, err := Parse(octets, MessageLimits())
	if err != nil {
		t.Fatalf("%v\n%s", err, octets)
	}
	return el
}

func postForm(param string, octets []byte) url.Values {
	return url.Values{param: {base64.StdEncoding.EncodeToString(octets)}}
}

// replaced returns octets with the first old made new, which must change them.
func replaced(t testing.TB, octets []byte, old, new string) []byte {
	t.Helper()
	out := bytes.Replace(octets, []byte(old), []byte(new), 1)
	if bytes.Equal(out, octets) {
		t.Fatalf("the fixture has no %q to replace:\n%s", old, octets)
	}
	return out
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and review\ngot  %s\nwant %s", name, got, want)
	}
}

func writeFile(t testing.TB, path string, octets []byte) {
	t.Helper()
	if err := os.WriteFile(path, octets, 0o600); err != nil {
		t.Fatal(err)
	}
}
