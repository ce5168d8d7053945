package handoff

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// instant is when everything here happens; the certificates in testdata hold from 2020 to 2039.
var instant = time.Date(2021, 3, 10, 9, 0, 0, 0, time.UTC)

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	octets, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return octets
}

func decodePEM(t testing.TB, name string) []byte {
	t.Helper()
	block, _ := pem.Decode(readFile(t, filepath.Join("testdata", name)))
	return block.Bytes
}

// private loads one of the fixed keys: portal, portal-enc, gestore, gestore-enc, other (RSA 2048), weak (RSA 1024).
func private(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	k, err := x509.ParsePKCS8PrivateKey(decodePEM(t, name+".key"))
	if err != nil {
		t.Fatal(err)
	}
	return k.(*rsa.PrivateKey)
}

func cert(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(decodePEM(t, name+".crt"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func signer(t testing.TB, name string) *saml.Key {
	t.Helper()
	return &saml.Key{Signer: private(t, name), Cert: cert(t, name)}
}

func gestore(t testing.TB) *Gestore {
	t.Helper()
	return &Gestore{
		Code: "idp.example.org", Name: "Gestore di prova", InfoPage: "https://idp.example.org/info",
		EndpointResponse: "https://idp.example.org/handoff", Signing: cert(t, "gestore"), Encryption: cert(t, "gestore-enc"),
	}
}

func portal(t testing.TB) *Portal {
	t.Helper()
	return &Portal{
		ReuseInfoPage: "https://inps.example.org/pin", ReuseStart: time.Date(2020, 10, 1, 0, 0, 0, 0, time.UTC),
		ReuseEnd: time.Date(2021, 9, 30, 23, 59, 59, 0, time.UTC), Profile: NotVerified,
		Code: "inps.example.org", Name: "Portale & prova", InfoPage: "https://inps.example.org/spid/esito",
		EndpointResult: "https://inps.example.org/spid/risultato", Signing: cert(t, "portal"), Encryption: cert(t, "portal-enc"),
	}
}

var mario = Person{FiscalCode: "RSSMRA80A01H501U", FamilyName: "Rossi", Name: "Mario"}

// ids numbers identifiers.
func ids(prefix string) func() string {
	var n atomic.Int64
	return func() string { return fmt.Sprintf("_%s-%04d", prefix, n.Add(1)) }
}

func portalSide(t testing.TB) *PortalSide {
	t.Helper()
	return &PortalSide{
		Portal: portal(t), Signing: signer(t, "portal"), Decryption: private(t, "portal-enc"), Gestori: []*Gestore{gestore(t)},
		NewID: ids("portal"), Rand: rand.Reader,
	}
}

func gestoreSide(t testing.TB) *GestoreSide {
	t.Helper()
	return &GestoreSide{
		Gestore: gestore(t), Signing: signer(t, "gestore"), Decryption: private(t, "gestore-enc"), Portals: []*Portal{portal(t)},
		NewID: ids("gestore"), Rand: rand.Reader,
	}
}

// posted is a form as the browser posts it.
func posted(f saml.Form) url.Values {
	v := url.Values{f.Param: {f.Message}}
	if f.RelayState != "" {
		v.Set(saml.ParamRelayState, f.RelayState)
	}
	return v
}

func octetsOf(t testing.TB, f saml.Form) []byte {
	t.Helper()
	octets, err := base64.StdEncoding.DecodeString(f.Message)
	if err != nil {
		t.Fatal(err)
	}
	return octets
}

func formOf(param string, octets []byte) url.Values {
	return url.Values{param: {base64.StdEncoding.EncodeToString(octets)}}
}

func parse(t testing.TB, octets []byte) *etree.Element {
	t.Helper()
	el, err := saml.Parse(octets, saml.MessageLimits())
	if err != nil {
		t.Fatalf("%v\n%s", err, octets)
	}
	return el
}

func mustSign(t testing.TB, k *saml.Key, el *etree.Element) {
	t.Helper()
	if err := k.Sign(el); err != nil {
		t.Fatal(err)
	}
}

// replaced returns octets with the first old made new, which must be there.
func replaced(t testing.TB, octets []byte, old, new string) []byte {
	t.Helper()
	out := bytes.Replace(octets, []byte(old), []byte(new), 1)
	if bytes.Equal(out, octets) {
		t.Fatalf("no %q to replace in\n%s", old, octets)
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
	if want := readFile(t, path); !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and review\ngot  %s\nwant %s", name, got, want)
	}
}

// tool runs one of the operating system's oracles; a missing one fails the test.
func tool(t *testing.T, name string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: install the packages xmlsec1, libxml2-utils, opensaml-schemas and xmltooling-schemas", name)
	}
	if out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput(); err != nil {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// xmlsec has an implementation that shares no code with ours verify the first signature of a document.
func xmlsec(t *testing.T, octets []byte, idElement, certName string) {
	t.Helper()
	in := filepath.Join(t.TempDir(), "in.xml")
	if err := os.WriteFile(in, octets, 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, "xmlsec1", "--verify", "--enabled-reference-uris", "same-doc", "--enabled-key-data", "x509,raw-x509-cert",
		"--pubkey-cert-pem", filepath.Join("testdata", certName+".crt"), "--id-attr:ID", idElement, in)
}

// schemaValid holds a golden against the OASIS schemas.
func schemaValid(t *testing.T, name string) {
	t.Helper()
	tool(t, "xmllint", "--nonet", "--noout", "--schema", filepath.Join("..", "..", "saml", "testdata", "saml.xsd"), filepath.Join("testdata", name))
}

// wantReason checks that err is of this package and has the reason; "" wants none.
func wantReason(t testing.TB, got any, err error, want Reason) {
	t.Helper()
	if reason := ReasonOf(err); reason != want || (err == nil) != (want == "") {
		t.Errorf("got %q (%v, %+v), want %q", reason, err, got, want)
	}
}

// counter is randomness that is the same every time.
type counter struct{ next byte }

func (c *counter) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = c.next
		c.next++
	}
	return len(p), nil
}
