package certs

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"time"
)

// encryptionBits is the size of the keys to which hand-offs are encrypted (ONB-81: at least 2048).
const encryptionBits = 2048

// NewEncryption makes an RSA key and a self-signed certificate that others encrypt to. Like the cards it holds from 2010, so that it
// works at every date that the simulated clock is set to, and for thirty years from now. The certificate is DER.
func NewEncryption(random io.Reader, name string, now time.Time) (*rsa.PrivateKey, []byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, encryptionBits)
	if err != nil {
		return nil, nil, fmt.Errorf("making a key: %w", err)
	}
	template := &x509.Certificate{
		Subject:   pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{utf8Attribute(oidOrganizationalUnit, Mark), utf8Attribute(oidCommonName, name)}},
		NotBefore: time.Date(2010, time.January, 1, 0, 0, 0, 0, time.UTC), NotAfter: now.AddDate(authorityYears, 0, 0),
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageKeyEncipherment, SignatureAlgorithm: x509.SHA256WithRSA,
	}
	der, err := issue(random, template, Authority{template, key}, key.Public())
	return key, der, err
}
