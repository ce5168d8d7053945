package certs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// serverDays is the life of a TLS server certificate: browsers refuse more than 398 days.
const serverDays = 397

// NewTLSCA makes the local authority for --tls, ECDSA on P-256, valid from an hour before now for ten years. It is for the
// trust store of a developer's machine, so its name says that it is a test.
func NewTLSCA(random io.Reader, name string, now time.Time) (Authority, error) {
	return newAuthority(random, name, now.Add(-time.Hour), now.AddDate(10, 0, 0))
}

// NewServer makes the key and certificate of a TLS server for hosts, which are DNS names or IP addresses; the first is the
// commonName too. It is valid from an hour before now for 397 days, or as long as ca. The certificate is DER.
func NewServer(random io.Reader, ca Authority, now time.Time, hosts ...string) (*ecdsa.PrivateKey, []byte, error) {
	if len(hosts) == 0 {
		return nil, nil, errors.New("a server certificate needs at least one host")
	}
	template := &x509.Certificate{
		Subject: pkix.Name{ExtraNames: []pkix.AttributeTypeAndValue{
			utf8Attribute(oidOrganizationalUnit, Mark), utf8Attribute(oidCommonName, hosts[0]),
		}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, serverDays),
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if template.NotAfter.After(ca.Cert.NotAfter) {
		template.NotAfter = ca.Cert.NotAfter
	}
	for _, host := range hosts {
		if err := CheckNotReal(host); err != nil {
			return nil, nil, err
		}
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("making a key: %w", err)
	}
	der, err := issue(random, template, ca, key.Public())
	return key, der, err
}
