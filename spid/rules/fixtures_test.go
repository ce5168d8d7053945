package rules

import (
	"bytes"
	"compress/flate"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

const (
	spID        = "https://sp.example.org"
	idpID       = "https://idp.example.org"
	acsURL      = "https://sp.example.org/acs"
	ssoPost     = "https://idp.example.org/sso/post"
	ssoRedirect = "https://idp.example.org/sso/redirect"
	rsaSHA256   = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// keys of the tests: ours, a foreign one, and ours under a certificate that has expired.
type testKeys struct{ good, foreign, expired, small *saml.Key }

var keys = sync.OnceValue(func() testKeys {
	good := newKey(2048)
	return testKeys{
		good:    certify(good, "prova", now.AddDate(-1, 0, 0), now.AddDate(1, 0, 0)),
		foreign: certify(newKey(2048), "altro", now.AddDate(-1, 0, 0), now.AddDate(1, 0, 0)),
		expired: certify(good, "scaduto", now.AddDate(-2, 0, 0), now.AddDate(-1, 0, 0)),
		small:   certify(newKey(1024), "corta", now.AddDate(-1, 0, 0), now.AddDate(1, 0, 0)),
	}
})

func newKey(bits int) *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return k
}

func certify(key *rsa.PrivateKey, name string, from, until time.Time) *saml.Key {
	t := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: from, NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return &saml.Key{Signer: key, Cert: cert}
}

// goodRequest is a request at level 2 that keeps every rule; DEST stands for the address of the binding.
const goodRequest = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
  ID="_req-1" Version="2.0" IssueInstant="2026-11-22T09:00:00Z" Destination="DEST"
  ForceAuthn="true" AssertionConsumerServiceIndex="0" AttributeConsumingServiceIndex="0">
  <saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity" NameQualifier="https://sp.example.org">https://sp.example.org</saml:Issuer>
  <samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"/>
  <samlp:RequestedAuthnContext Comparison="minimum">
    <saml:AuthnContextClassRef>https://www.spid.gov.it/SpidL2</saml:AuthnContextClassRef>
  </samlp:RequestedAuthnContext>
</samlp:AuthnRequest>`

// serviceProvider is the registered one.
func serviceProvider() *saml.EntityDescriptor {
	return &saml.EntityDescriptor{EntityID: spID, SP: &saml.SPSSODescriptor{
		AuthnRequestsSigned: true, WantAssertionsSigned: true,
		Signing: []*x509.Certificate{keys().good.Cert},
		AssertionConsumerServices: []saml.Endpoint{
			{Binding: saml.HTTPPost, Location: acsURL, Index: 0, IsDefault: true},
			{Binding: saml.SOAP, Location: "https://sp.example.org/acs-other", Index: 1},
		},
		AttributeConsumingServices: []saml.AttributeConsumingService{{Index: 0, Requested: []saml.RequestedAttribute{
			{Name: "fiscalNumber"}, {Name: "name"}, {Name: "dateOfBirth"}}}},
	}}
}

func identityProvider() *saml.EntityDescriptor {
	return &saml.EntityDescriptor{EntityID: idpID, IdP: &saml.IDPSSODescriptor{Signing: []*x509.Certificate{keys().good.Cert}}}
}

// edit applies pairs of old and new text; each old must be there.
func edit(t testing.TB, doc string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(doc, pairs[i]) {
			t.Fatalf("the document has no %q to edit", pairs[i])
		}
		doc = strings.Replace(doc, pairs[i], pairs[i+1], 1)
	}
	return doc
}

// tree reads a document of the test's own making.
func tree(t testing.TB, doc string) *etree.Element {
	t.Helper()
	d := etree.NewDocument()
	if err := d.ReadFromString(doc); err != nil {
		t.Fatal(err)
	}
	return d.Root()
}

// requestSubjectFor returns a Subject that knows the one service provider.
func requestSubjectFor(b saml.Binding) *Subject {
	s := &Subject{Binding: b, Method: "POST", Endpoint: ssoPost, Now: now, IdP: identityProvider(),
		FindSP: func(id string) *saml.EntityDescriptor {
			if id == spID {
				return serviceProvider()
			}
			return nil
		},
		Seen: func(string, string) bool { return false },
	}
	if b == saml.HTTPRedirect {
		s.Method, s.Endpoint = "GET", ssoRedirect
	}
	return s
}

// signedForm signs the document as it stands and puts it into a form.
func signedForm(t testing.TB, doc string, key *saml.Key) url.Values {
	t.Helper()
	el := tree(t, strings.Replace(doc, "DEST", ssoPost, 1))
	if err := key.Sign(el); err != nil {
		t.Fatal(err)
	}
	return form(el)
}

func form(el *etree.Element) url.Values {
	f := saml.PostForm(ssoPost, saml.ParamRequest, el, "_relay")
	return url.Values{f.Param: {f.Message}, "RelayState": {f.RelayState}}
}

// signedQuery deflates the octets as they stand, signs the query and returns it.
func signedQuery(t testing.TB, doc, relay, alg string, key *saml.Key) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(strings.Replace(doc, "DEST", ssoRedirect, 1))); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	q := "SAMLRequest=" + url.QueryEscape(base64.StdEncoding.EncodeToString(b.Bytes()))
	if relay != "" {
		q += "&RelayState=" + url.QueryEscape(relay)
	}
	return signQuery(t, q+"&SigAlg="+url.QueryEscape(alg), key)
}

func signQuery(t testing.TB, q string, key *saml.Key) string {
	t.Helper()
	digest := sha256.Sum256([]byte(q))
	sig, err := key.Signer.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return q + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(sig))
}

// finding returns what the report says of one rule.
func finding(t testing.TB, r *Report, id string) Finding {
	t.Helper()
	for _, f := range r.Findings {
		if f.Rule.ID == id {
			return f
		}
	}
	t.Fatalf("no rule %s in the report", id)
	return Finding{}
}

// asError returns the first refusal, which must be a *spid.Error.
func asError(t testing.TB, r *Report) *spid.Error {
	t.Helper()
	err := r.Err()
	if err == nil {
		t.Fatal("nothing refuses")
	}
	e, ok := err.(*spid.Error)
	if !ok {
		t.Fatalf("found %T, wanted *spid.Error", err)
	}
	return e
}
