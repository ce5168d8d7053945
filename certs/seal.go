package certs

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"io"
	"math/big"
	"time"
)

// Object identifiers of the extensions, policies and qualifiers.
var (
	oidKeyUsage            = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidBasicConstraints    = asn1.ObjectIdentifier{2, 5, 29, 19}
	oidCertificatePolicies = asn1.ObjectIdentifier{2, 5, 29, 32}
	oidUserNotice          = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 2}
	oidAgIDCert            = asn1.ObjectIdentifier{1, 3, 76, 16, 6}
)

// policy is a certificate policy with its explicit text.
type policy struct {
	oid  asn1.ObjectIdentifier
	text string
}

// sectors are the policies by kind (CERT-51 to CERT-53). The federation's certificates are of private service
// providers.
var sectors = map[Kind]policy{
	SPPublic:   {asn1.ObjectIdentifier{1, 3, 76, 16, 4, 2, 1}, "cert_SP_Pub"},
	SPPrivate:  {asn1.ObjectIdentifier{1, 3, 76, 16, 4, 3, 1}, "cert_SP_Priv"},
	IdP:        {asn1.ObjectIdentifier{1, 3, 76, 16, 4, 1}, "cert_IdP"},
	Federation: {asn1.ObjectIdentifier{1, 3, 76, 16, 4, 3, 1}, "cert_SP_Priv"},
}

// NewSigning makes an RSA key and its self-signed seal, DER, valid from from until until (both inclusive, whole
// seconds, UTC). The error names every mistake in the subject. random, nil meaning the system's, gives the serial number.
func NewSigning(random io.Reader, s Subject, from, until time.Time) (*rsa.PrivateKey, []byte, error) {
	if err := s.Validate(); err != nil {
		return nil, nil, fmt.Errorf("subject of the certificate: %w", err)
	}
	key, err := rsa.GenerateKey(rand.Reader, s.bits())
	if err != nil {
		return nil, nil, fmt.Errorf("making an RSA key: %w", err)
	}
	der, err := Seal(random, key, s, from, until)
	return key, der, err
}

func (s Subject) bits() int {
	if s.Bits == 0 {
		return 2048
	}
	return s.Bits
}

// Seal makes a self-signed seal over a key that exists, as NewSigning does over a new one: to renew it, or for another
// entityID. The size of the key counts, not the subject's Bits.
func Seal(random io.Reader, key *rsa.PrivateKey, s Subject, from, until time.Time) ([]byte, error) {
	s.Bits = key.N.BitLen()
	if err := s.Validate(); err != nil {
		return nil, fmt.Errorf("subject of the certificate: %w", err)
	}
	if !from.Before(until) {
		return nil, fmt.Errorf("validity from %s until %s, want the end after the start", stamp(from), stamp(until))
	}
	serial, err := newSerial(random)
	if err != nil {
		return nil, err
	}
	extensions, err := s.extensions()
	if err != nil {
		return nil, err
	}
	id, err := keyID(key.Public())
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:       serial,
		Subject:            s.name(),
		NotBefore:          from.UTC().Truncate(time.Second),
		NotAfter:           until.UTC().Truncate(time.Second),
		SignatureAlgorithm: x509.SHA256WithRSA, // CERT-02
		SubjectKeyId:       id,
		ExtraExtensions:    extensions,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("making the certificate: %w", err)
	}
	return der, nil
}

// NewCSR makes the request for a certificate of the federation, with the subject and extensions that the certificate is to have
// (CERT-61). It is DER; digest is its SHA-256, which goes to AgID beside the request (CERT-66).
func NewCSR(key *rsa.PrivateKey, s Subject) (der []byte, digest [sha256.Size]byte, err error) {
	s.Bits = key.N.BitLen()
	if err := s.Validate(); err != nil {
		return nil, digest, fmt.Errorf("subject of the request: %w", err)
	}
	extensions, err := s.extensions()
	if err != nil {
		return nil, digest, err
	}
	der, err = x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: s.name(), SignatureAlgorithm: x509.SHA256WithRSA, ExtraExtensions: extensions,
	}, key)
	if err != nil {
		return nil, digest, fmt.Errorf("making the request: %w", err)
	}
	return der, sha256.Sum256(der), nil
}

// name is the distinguished name: countryName as PrintableString, which X.520 prescribes, all else as UTF8String.
func (s Subject) name() pkix.Name {
	return pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{
		printable(oidCountry, s.Country),
		utf8Attribute(oidLocality, s.Locality),
		utf8Attribute(oidOrganization, s.Organization),
		utf8Attribute(oidOrganizationIdentifier, s.OrganizationIdentifier),
		utf8Attribute(oidOrganizationalUnit, Mark),
		utf8Attribute(oidURI, s.EntityID),
		utf8Attribute(oidCommonName, s.CommonName),
	}}
}

func printable(oid asn1.ObjectIdentifier, v string) pkix.AttributeTypeAndValue {
	return pkix.AttributeTypeAndValue{Type: oid, Value: asn1.RawValue{Tag: asn1.TagPrintableString, Bytes: []byte(v)}}
}

func utf8Attribute(oid asn1.ObjectIdentifier, v string) pkix.AttributeTypeAndValue {
	return pkix.AttributeTypeAndValue{Type: oid, Value: asn1.RawValue{Tag: asn1.TagUTF8String, Bytes: []byte(v)}}
}

// extensions are those that SPID prescribes, as DER: the standard library would mark basicConstraints critical and
// knows no policy qualifiers.
func (s Subject) extensions() ([]pkix.Extension, error) {
	usage, err := asn1.Marshal(asn1.BitString{Bytes: []byte{0xc0}, BitLength: 2}) // digitalSignature, nonRepudiation: CERT-40
	if err != nil {
		return nil, fmt.Errorf("keyUsage: %w", err)
	}
	constraints, err := asn1.Marshal(struct{}{}) // cA is FALSE by default, and DER leaves defaults out: CERT-41
	if err != nil {
		return nil, fmt.Errorf("basicConstraints: %w", err)
	}
	policies, err := policiesDER(policy{oidAgIDCert, "agIDcert"}, sectors[s.Kind]) // CERT-55
	if err != nil {
		return nil, fmt.Errorf("certificatePolicies: %w", err)
	}
	return []pkix.Extension{
		{Id: oidKeyUsage, Critical: true, Value: usage},
		{Id: oidBasicConstraints, Value: constraints},
		{Id: oidCertificatePolicies, Value: policies},
	}, nil
}

// Shapes of RFC 5280, 4.2.1.4.
type (
	userNotice struct {
		ExplicitText string `asn1:"utf8"` // CERT-57
	}
	policyQualifier struct {
		ID     asn1.ObjectIdentifier
		Notice userNotice
	}
	policyInformation struct {
		Policy     asn1.ObjectIdentifier
		Qualifiers []policyQualifier
	}
)

func policiesDER(policies ...policy) ([]byte, error) {
	var all []policyInformation
	for _, p := range policies {
		all = append(all, policyInformation{p.oid, []policyQualifier{{oidUserNotice, userNotice{p.text}}}})
	}
	return asn1.Marshal(all)
}

// EntityIDOf returns the uri of a certificate's subject, which in a seal is the entityID (CERT-12); "" when it has none.
func EntityIDOf(cert *x509.Certificate) string {
	for _, attribute := range cert.Subject.Names {
		if v, ok := attribute.Value.(string); ok && attribute.Type.Equal(oidURI) {
			return v
		}
	}
	return ""
}

// newSerial draws a positive serial number of 16 octets (RFC 5280, 4.1.2.2 allows 20).
func newSerial(random io.Reader) (*big.Int, error) {
	if random == nil {
		random = rand.Reader
	}
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return nil, fmt.Errorf("drawing a serial number: %w", err)
	}
	b[0] = b[0]&0x3f | 0x40 // positive, and always of the same length
	return new(big.Int).SetBytes(b[:]), nil
}

// keyID is the subject key identifier by method 1 of RFC 5280, 4.2.1.2: the SHA-1 of the key's bits, a name and not
// a protection.
func keyID(public crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("encoding the public key: %w", err)
	}
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Bits      asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return nil, fmt.Errorf("encoding the public key: %w", err)
	}
	sum := sha1.Sum(info.Bits.Bytes)
	return sum[:], nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
