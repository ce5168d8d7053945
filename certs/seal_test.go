package certs

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var (
	from  = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	until = time.Date(2027, 12, 31, 23, 59, 59, 0, time.UTC)
)

// subjects is one good subject of each kind.
var subjects = map[string]Subject{
	"sp-public": {
		CommonName: "Comune di Forlì", Organization: "Comune di Forlì", EntityID: "https://spid.comune.example/sp",
		OrganizationIdentifier: "PA:IT-c_d704", Country: "IT", Locality: "Forlì", Kind: SPPublic,
	},
	"sp-private": {
		CommonName: "Esempio", Organization: "Società Esempio S.r.l.", EntityID: "http://localhost:8089",
		OrganizationIdentifier: "VATIT-12345678903", Country: "IT", Locality: "Roma", Kind: SPPrivate,
	},
	"idp": {
		CommonName: "Gestore di prova", Organization: "Gestore di prova", EntityID: "http://localhost:8088/idp/prova",
		OrganizationIdentifier: "VATIT-12345678903", Country: "IT", Locality: "Roma", Kind: IdP,
	},
	"federation": {
		CommonName: "Esempio", Organization: "Associazione Esempio", EntityID: "https://sp.example",
		OrganizationIdentifier: "CF:IT-80012345678", Country: "IT", Locality: "Bozen/Bolzano", Kind: Federation,
	},
}

// rsaKey is one key for all tests of this package that need any key.
var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func sealed(t *testing.T, s Subject) *x509.Certificate {
	t.Helper()
	der, err := Seal(nil, rsaKey(), s, from, until)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// rawName and rawPolicies read DER without the standard library's ideas of names and policies.
type rawAttribute struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue
}

func rawName(t *testing.T, der []byte) (all []rawAttribute) {
	t.Helper()
	var rdns []asn1.RawValue
	decode(t, der, &rdns)
	for _, rdn := range rdns {
		var a rawAttribute
		decode(t, rdn.Bytes, &a) // one attribute a set, or decode fails for what is left over
		all = append(all, a)
	}
	return all
}

type rawPolicy struct {
	OID        asn1.ObjectIdentifier
	Qualifiers []struct {
		ID     asn1.ObjectIdentifier
		Notice struct{ Text asn1.RawValue }
	} `asn1:"optional"`
}

func decode(t *testing.T, der []byte, v any) {
	t.Helper()
	rest, err := asn1.Unmarshal(der, v)
	if err != nil {
		t.Fatal(err)
	}
	if len(rest) != 0 {
		t.Fatalf("%d octets left over", len(rest))
	}
}

func extension(t *testing.T, all []pkix.Extension, oid string) pkix.Extension {
	t.Helper()
	i := slices.IndexFunc(all, func(e pkix.Extension) bool { return e.Id.String() == oid })
	if i < 0 {
		t.Fatalf("no extension %s", oid)
	}
	return all[i]
}

// TestSealObeysEveryRule checks each rule of certificates.md on the DER of each kind.
func TestSealObeysEveryRule(t *testing.T) {
	t.Parallel()
	for name, s := range subjects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cert := sealed(t, s)
			for rule, check := range map[string]func(*testing.T, Subject, *x509.Certificate){
				"CERT-01 the key is RSA of at least 2048 bits":                    checkKey,
				"CERT-02 the certificate is signed with SHA-256":                  checkDigest,
				"CERT-03 it is X.509 version 3 with a positive serial number":     checkVersion,
				"CERT-10 to 15 the six attributes are there, once, as given":      checkAttributes,
				"CERT-20, 21 personal attributes and e-mail are absent":           checkForbidden,
				"SEC-02, UX-34 the subject bears the mark":                        checkMark,
				"CERT-40 keyUsage is critical: digitalSignature, nonRepudiation":  checkKeyUsage,
				"CERT-41 basicConstraints is there, not critical, and no CA":      checkConstraints,
				"CERT-43 the subject key identifier is there, not critical":       checkKeyID,
				"CERT-50 to 57 both policies with their texts, nothing else":      checkPolicies,
				"CERT-60 it is self-signed":                                       checkSelfSigned,
				"CERT-63 it is valid from and until the times given, inclusively": checkValidity,
			} {
				t.Run(rule, func(t *testing.T) { check(t, s, cert) })
			}
		})
	}
}

func checkKey(t *testing.T, _ Subject, cert *x509.Certificate) {
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok || key.N.BitLen() < 2048 {
		t.Errorf("key is %T", cert.PublicKey)
	}
}

func checkDigest(t *testing.T, _ Subject, cert *x509.Certificate) {
	if cert.SignatureAlgorithm != x509.SHA256WithRSA {
		t.Errorf("signature is %s", cert.SignatureAlgorithm)
	}
}

func checkVersion(t *testing.T, _ Subject, cert *x509.Certificate) {
	if cert.Version != 3 || cert.SerialNumber.Sign() <= 0 || len(cert.SerialNumber.Bytes()) > 20 {
		t.Errorf("version %d, serial number %s", cert.Version, cert.SerialNumber)
	}
}

func checkAttributes(t *testing.T, s Subject, cert *x509.Certificate) {
	want := map[string]string{
		"2.5.4.3": s.CommonName, "2.5.4.10": s.Organization, "2.5.4.83": s.EntityID,
		"2.5.4.97": s.OrganizationIdentifier, "2.5.4.6": s.Country, "2.5.4.7": s.Locality,
	}
	for _, a := range rawName(t, cert.RawSubject) {
		tag := asn1.TagUTF8String
		if a.Type.String() == "2.5.4.6" {
			tag = asn1.TagPrintableString
		}
		if a.Value.Tag != tag || a.Value.Class != asn1.ClassUniversal {
			t.Errorf("%s has tag %d, want %d", a.Type, a.Value.Tag, tag)
		}
		if v, ok := want[a.Type.String()]; ok {
			if string(a.Value.Bytes) != v {
				t.Errorf("%s is %q, want %q", a.Type, a.Value.Bytes, v)
			}
			delete(want, a.Type.String())
		} else if a.Type.String() != "2.5.4.11" {
			t.Errorf("unexpected or repeated attribute %s", a.Type)
		}
	}
	if len(want) != 0 {
		t.Errorf("missing: %v", want)
	}
	if EntityIDOf(cert) != s.EntityID {
		t.Errorf("EntityIDOf is %q, want %q", EntityIDOf(cert), s.EntityID)
	}
}

func checkForbidden(t *testing.T, _ Subject, cert *x509.Certificate) {
	forbidden := []string{"2.5.4.41", "2.5.4.4", "2.5.4.42", "2.5.4.43", "2.5.4.65", "1.2.840.113549.1.9.1"}
	for _, a := range rawName(t, cert.RawSubject) {
		if slices.Contains(forbidden, a.Type.String()) {
			t.Errorf("%s is there", a.Type)
		}
	}
}

func checkMark(t *testing.T, _ Subject, cert *x509.Certificate) {
	for _, want := range []string{"TEST", "SIMULATORE NON USARE IN PRODUZIONE"} {
		if !strings.Contains(strings.Join(cert.Subject.OrganizationalUnit, ""), want) {
			t.Errorf("organizational units %q, want %q in them", cert.Subject.OrganizationalUnit, want)
		}
	}
}

func checkKeyUsage(t *testing.T, _ Subject, cert *x509.Certificate) {
	e := extension(t, cert.Extensions, "2.5.29.15")
	if !e.Critical || !bytes.Equal(e.Value, []byte{0x03, 0x02, 0x06, 0xc0}) {
		t.Errorf("critical %t, value %x; want true and the bits 0 and 1", e.Critical, e.Value)
	}
}

func checkConstraints(t *testing.T, _ Subject, cert *x509.Certificate) {
	e := extension(t, cert.Extensions, "2.5.29.19")
	if e.Critical || !bytes.Equal(e.Value, []byte{0x30, 0x00}) || cert.IsCA {
		t.Errorf("critical %t, value %x, CA %t; want false, empty, false", e.Critical, e.Value, cert.IsCA)
	}
}

func checkKeyID(t *testing.T, _ Subject, cert *x509.Certificate) {
	if e := extension(t, cert.Extensions, "2.5.29.14"); e.Critical || len(cert.SubjectKeyId) != 20 {
		t.Errorf("critical %t, identifier %x", e.Critical, cert.SubjectKeyId)
	}
}

func checkPolicies(t *testing.T, s Subject, cert *x509.Certificate) {
	comparePolicies(t, s, extension(t, cert.Extensions, "2.5.29.32"))
}

func comparePolicies(t *testing.T, s Subject, e pkix.Extension) {
	t.Helper()
	sector := map[Kind][2]string{
		SPPublic: {"1.3.76.16.4.2.1", "cert_SP_Pub"}, SPPrivate: {"1.3.76.16.4.3.1", "cert_SP_Priv"},
		IdP: {"1.3.76.16.4.1", "cert_IdP"}, Federation: {"1.3.76.16.4.3.1", "cert_SP_Priv"},
	}[s.Kind]
	var policies []rawPolicy
	decode(t, e.Value, &policies)
	var got []string
	for _, p := range policies {
		for _, q := range p.Qualifiers {
			if q.ID.String() != "1.3.6.1.5.5.7.2.2" || q.Notice.Text.Tag != asn1.TagUTF8String {
				t.Errorf("qualifier %s with tag %d, want a user notice in UTF8String", q.ID, q.Notice.Text.Tag)
			}
			got = append(got, p.OID.String()+" "+string(q.Notice.Text.Bytes))
		}
	}
	if want := []string{"1.3.76.16.6 agIDcert", sector[0] + " " + sector[1]}; e.Critical || !slices.Equal(got, want) {
		t.Errorf("critical %t, policies %q; want false, %q", e.Critical, got, want)
	}
}

func checkSelfSigned(t *testing.T, _ Subject, cert *x509.Certificate) {
	if !bytes.Equal(cert.RawIssuer, cert.RawSubject) {
		t.Error("issuer and subject differ")
	}
	if err := cert.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature); err != nil {
		t.Error(err)
	}
}

func checkValidity(t *testing.T, _ Subject, cert *x509.Certificate) {
	if !cert.NotBefore.Equal(from) || !cert.NotAfter.Equal(until) {
		t.Errorf("valid from %s until %s", cert.NotBefore, cert.NotAfter)
	}
}

func TestSizesOfKeys(t *testing.T) {
	t.Parallel()
	for given, want := range map[int]int{0: 2048, 3072: 3072} {
		s := subjects["idp"]
		s.Bits = given
		key, der, err := NewSigning(rand.Reader, s, from, until)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil || key.N.BitLen() != want || !key.PublicKey.Equal(cert.PublicKey) {
			t.Errorf("Bits %d gave %d bits, want %d, with a certificate of that key (%v)", given, key.N.BitLen(), want, err)
		}
	}
}

func TestSerialNumbersComeFromTheSourceGiven(t *testing.T) {
	t.Parallel()
	serial := func(source string) string {
		der, err := Seal(strings.NewReader(source), rsaKey(), subjects["idp"], from, until)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return cert.SerialNumber.Text(16)
	}
	if got, want := serial("0123456789abcdef"), hex.EncodeToString([]byte("p123456789abcdef")); got != want {
		t.Errorf("serial number %s, want %s", got, want)
	}
	if _, err := Seal(strings.NewReader("short"), rsaKey(), subjects["idp"], from, until); err == nil {
		t.Error("a source that ends gave a certificate")
	}
}

// TestCSR holds CERT-61 and CERT-66.
func TestCSR(t *testing.T) {
	t.Parallel()
	s := subjects["federation"]
	der, digest, err := NewCSR(rsaKey(), s)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		t.Fatal(err)
	}
	if err := csr.CheckSignature(); err != nil {
		t.Error(err)
	}
	cert := sealed(t, s)
	if !bytes.Equal(csr.RawSubject, cert.RawSubject) {
		t.Error("the subject is not that of the certificate")
	}
	for _, e := range csr.Extensions {
		if same := extension(t, cert.Extensions, e.Id.String()); same.Critical != e.Critical || !bytes.Equal(same.Value, e.Value) {
			t.Errorf("extension %s is not that of the certificate", e.Id)
		}
	}
	if len(csr.Extensions) != 3 || csr.SignatureAlgorithm != x509.SHA256WithRSA || digest != sha256.Sum256(der) {
		t.Errorf("%d extensions, %s, digest %x", len(csr.Extensions), csr.SignatureAlgorithm, digest)
	}
}

// TestGolden compares subject and extensions with what was reviewed.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, s := range subjects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name+".txt", []byte(dump(t, sealed(t, s))))
		})
	}
}

// dump is a certificate's subject, attribute by attribute, and its extensions but for the key's identifier.
func dump(t *testing.T, cert *x509.Certificate) string {
	var b strings.Builder
	for _, a := range rawName(t, cert.RawSubject) {
		fmt.Fprintf(&b, "subject %s tag %d %s\n", a.Type, a.Value.Tag, a.Value.Bytes)
	}
	for _, e := range cert.Extensions {
		value := hex.EncodeToString(e.Value)
		if e.Id.String() == "2.5.29.14" {
			value = "(SHA-1 of the key)"
		}
		fmt.Fprintf(&b, "extension %s critical %t %s\n", e.Id, e.Critical, value)
	}
	return b.String()
}

// TestOpenSSL has an independent reader agree.
func TestOpenSSL(t *testing.T) {
	t.Parallel()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Fatal("openssl is missing: apt-get install openssl")
	}
	s := subjects["sp-public"]
	cmd := exec.Command(openssl, "x509", "-noout", "-text", "-nameopt", "multiline,utf8,-esc_msb")
	cmd.Stdin = bytes.NewReader(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: sealed(t, s).Raw}))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("openssl: %v\n%s", err, out)
	}
	text := strings.Join(strings.Fields(string(out)), " ")
	for _, want := range []string{
		"Signature Algorithm: sha256WithRSAEncryption", "Public-Key: (2048 bit)", "countryName = IT", "localityName = Forlì",
		"organizationName = Comune di Forlì", "commonName = Comune di Forlì", "= PA:IT-c_d704", "= https://spid.comune.example/sp",
		"X509v3 Key Usage: critical Digital Signature, Non Repudiation X509v3", "X509v3 Basic Constraints: CA:FALSE",
		"X509v3 Certificate Policies: Policy: 1.3.76.16.6", "Explicit Text: agIDcert", "Policy: 1.3.76.16.4.2.1", "Explicit Text: cert_SP_Pub",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("openssl does not print %q", want)
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
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
		t.Errorf("%s differs; got:\n%s\nwant:\n%s", path, got, want)
	}
}

func ExampleEntityIDOf() {
	cert := &x509.Certificate{Subject: pkix.Name{Names: []pkix.AttributeTypeAndValue{{Type: oidURI, Value: "https://sp.example"}}}}
	fmt.Println(EntityIDOf(cert))
	// Output: https://sp.example
}
