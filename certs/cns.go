package certs

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// ErrNotCNS says that the subject of a certificate is not one that a CNS has (CNS-03).
var ErrNotCNS = errors.New("the certificate is not that of a CNS")

// hashSize is how many octets of the digest stand in the commonName: with base64 it stays below 64 characters.
const hashSize = 20

// CNSHolder is what the certificate of a CNS says of its holder (CNS-02).
type CNSHolder struct {
	FiscalCode string // sixteen characters, without TINIT-
	GivenName  string
	FamilyName string
	Card       string // number of the card
}

// NewCNSCA makes the authority that issues the CNS, ECDSA on P-256. It holds from ten years before now for thirty years. Real
// authorities of CNS are never trusted (CNS-06).
func NewCNSCA(random io.Reader, name string, now time.Time) (Authority, error) {
	return NewCardCA(random, name, now)
}

// NewCNS makes the key and certificate of a CNS, ECDSA on P-256, for TLS client authentication, issued by ca. The commonName is
// `<codice fiscale>/<number>.<hash>`, the serialNumber `TINIT-<codice fiscale>` (CNS-03). The certificate is DER.
func NewCNS(random io.Reader, ca Authority, s CardSubject, from, until time.Time) (*ecdsa.PrivateKey, []byte, error) {
	if err := s.check(ca); err != nil {
		return nil, nil, err
	}
	return newClient(random, ca, s.cnsName(), from, until)
}

func (s CardSubject) cnsName() pkix.Name {
	return pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{
		printable(oidCountry, "IT"),
		utf8Attribute(oidOrganization, "spidsim"),
		utf8Attribute(oidOrganizationalUnit, Mark),
		utf8Attribute(oidSurname, s.FamilyName),
		utf8Attribute(oidGivenName, s.GivenName),
		printable(oidSerialNumber, tinPrefix+s.FiscalCode),
		utf8Attribute(oidCommonName, s.FiscalCode+"/"+s.Serial+"."+s.hash()),
	}}
}

// hash stands where a real CNS has the digest of the file with the personal data that lies on the card.
func (s CardSubject) hash() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{s.Serial, s.GivenName, s.FamilyName, s.FiscalCode}, "\x00")))
	return base64.StdEncoding.EncodeToString(sum[:hashSize])
}

const tinPrefix = "TINIT-"

// ReadCNS verifies a certificate as that of a CNS which exactly ca issued and which is valid at now, and reads the holder off it: the codice
// fiscale is what stands before the slash of the commonName (CNS-03). Whether the card was revoked is on the caller's
// list. Errors are ErrForeignCA, ErrCardExpired, ErrCardNotYetValid, ErrCardUsage and ErrNotCNS, wrapped.
func ReadCNS(cert, ca *x509.Certificate, now time.Time) (CNSHolder, error) {
	if cert == nil || ca == nil {
		return CNSHolder{}, fmt.Errorf("%w: no certificate", ErrForeignCA)
	}
	if err := checkIssued(cert, ca, now); err != nil {
		return CNSHolder{}, err
	}
	if err := checkUsage(cert); err != nil {
		return CNSHolder{}, err
	}
	return cnsHolder(cert.Subject)
}

func cnsHolder(subject pkix.Name) (CNSHolder, error) {
	code, rest, slash := strings.Cut(subject.CommonName, "/")
	number, _, dot := strings.Cut(rest, ".")
	if !slash || !dot || number == "" || !fiscalCode.MatchString(code) {
		return CNSHolder{}, fmt.Errorf("%w: commonName is %q, want <codice fiscale>/<number>.<hash>", ErrNotCNS, subject.CommonName)
	}
	if subject.SerialNumber != "" && subject.SerialNumber != tinPrefix+code {
		return CNSHolder{}, fmt.Errorf("%w: serialNumber is %q, want %q", ErrNotCNS, subject.SerialNumber, tinPrefix+code)
	}
	h := CNSHolder{FiscalCode: code, Card: number}
	for _, a := range subject.Names {
		text, _ := a.Value.(string)
		switch {
		case a.Type.Equal(oidGivenName):
			h.GivenName = text
		case a.Type.Equal(oidSurname):
			h.FamilyName = text
		}
	}
	return h, nil
}
