package certs

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"regexp"
	"time"
)

// Authority is a certificate authority with its key.
type Authority struct {
	Cert *x509.Certificate
	Key  crypto.Signer
}

// authorityYears is how long an authority lasts: longer than anything it issues in a simulation.
const authorityYears = 30

// NewCardCA makes the authority that issues the level-3 cards, ECDSA on P-256. now is the time it is made; it holds
// from 2010, or ten years before now if that is earlier, so that cards work at every date that the simulated clock is set
// to, and for thirty years.
func NewCardCA(random io.Reader, name string, now time.Time) (Authority, error) {
	from := time.Date(2010, time.January, 1, 0, 0, 0, 0, time.UTC)
	if before := now.AddDate(-10, 0, 0); before.Before(from) {
		from = before
	}
	return newAuthority(random, name, from, now.AddDate(authorityYears, 0, 0))
}

func newAuthority(random io.Reader, name string, from, until time.Time) (Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Authority{}, fmt.Errorf("making a key: %w", err)
	}
	subject := pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{
		printable(oidCountry, "IT"), utf8Attribute(oidOrganization, "spidsim"),
		utf8Attribute(oidOrganizationalUnit, Mark), utf8Attribute(oidCommonName, name),
	}}
	template := &x509.Certificate{
		Subject: subject, NotBefore: from, NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := issue(random, template, Authority{template, key}, key.Public())
	if err != nil {
		return Authority{}, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return Authority{}, fmt.Errorf("reading the certificate just made: %w", err)
	}
	return Authority{cert, key}, nil
}

// issue completes and signs a certificate.
func issue(random io.Reader, template *x509.Certificate, ca Authority, public crypto.PublicKey) ([]byte, error) {
	var err error
	if template.SerialNumber, err = newSerial(random); err != nil {
		return nil, err
	}
	if template.SubjectKeyId, err = keyID(public); err != nil {
		return nil, err
	}
	template.NotBefore = template.NotBefore.UTC().Truncate(time.Second)
	template.NotAfter = template.NotAfter.UTC().Truncate(time.Second)
	der, err := x509.CreateCertificate(rand.Reader, template, ca.Cert, public, ca.Key)
	if err != nil {
		return nil, fmt.Errorf("making the certificate: %w", err)
	}
	return der, nil
}

// CardSubject is the holder of a card.
type CardSubject struct {
	Serial     string // number printed on the card
	GivenName  string
	FamilyName string
	FiscalCode string // sixteen characters, without TINIT-
}

func (s CardSubject) name() pkix.Name {
	attributes := []pkix.AttributeTypeAndValue{
		printable(oidCountry, "IT"),
		utf8Attribute(oidOrganizationalUnit, Mark),
		utf8Attribute(oidSurname, s.FamilyName),
		utf8Attribute(oidGivenName, s.GivenName),
		printable(oidSerialNumber, tinPrefix+s.FiscalCode), // ETSI EN 319 412-1, 5.1.3
		utf8Attribute(oidCommonName, "TEST "+s.GivenName+" "+s.FamilyName+" "+s.Serial),
	}
	return pkix.Name{ExtraNames: attributes}
}

// fiscalCode is the outer form alone; what is in it is the caller's concern. It keeps serialNumber a PrintableString.
var fiscalCode = regexp.MustCompile(`^[0-9A-Z]{16}$`)

// NewCard makes the key and certificate of a level-3 card, ECDSA on P-256, for signatures only (keyUsage
// digitalSignature), issued by ca and valid from from until until. The certificate is DER.
func NewCard(random io.Reader, ca Authority, s CardSubject, from, until time.Time) (*ecdsa.PrivateKey, []byte, error) {
	if err := s.check(ca); err != nil {
		return nil, nil, err
	}
	return newClient(random, ca, s.name(), from, until)
}

// check says what is missing before a card can be issued.
func (s CardSubject) check(ca Authority) error {
	if s.Serial == "" || s.GivenName == "" || s.FamilyName == "" || s.FiscalCode == "" {
		return fmt.Errorf("card %q of %q %q, fiscal code %q: want all four", s.Serial, s.GivenName, s.FamilyName, s.FiscalCode)
	}
	if !fiscalCode.MatchString(s.FiscalCode) {
		return fmt.Errorf("card %q: fiscal code is %q, want sixteen capital letters and digits", s.Serial, s.FiscalCode)
	}
	if ca.Cert == nil || ca.Key == nil {
		return fmt.Errorf("card %q: no authority to issue it", s.Serial)
	}
	return nil
}

// newClient makes a key and a certificate that proves to be its holder.
func newClient(random io.Reader, ca Authority, subject pkix.Name, from, until time.Time) (*ecdsa.PrivateKey, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("making a key: %w", err)
	}
	der, err := issue(random, &x509.Certificate{
		Subject: subject, NotBefore: from, NotAfter: until,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, ca, key.Public())
	return key, der, err
}
