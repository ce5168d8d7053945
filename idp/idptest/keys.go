package idptest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"sync"
	"testing"
	"time"

	"spidsim/certs"
	"spidsim/saml"
)

type keySet struct {
	idp   *saml.Key
	cards certs.Authority
	cns   certs.Authority
	err   error
}

// makeKeys runs once a process: a key a test would be most of the time of the test.
var makeKeys = sync.OnceValue(func() (k keySet) {
	now := time.Now()
	k.idp, k.err = NewKey("http://idptest.example/idp", certs.IdP)
	if k.err != nil {
		return k
	}
	if k.cards, k.err = certs.NewCardCA(rand.Reader, "Carte di prova", now); k.err != nil {
		return k
	}
	k.cns, k.err = certs.NewCNSCA(rand.Reader, "CNS di prova", now)
	return k
})

func testKeys(t testing.TB) keySet {
	t.Helper()
	k := makeKeys()
	check(t, k.err)
	return k
}

// NewKey makes an RSA-2048 key with a SPID-compliant certificate, valid for ten years around now so that tests may move their clock.
func NewKey(entityID string, kind certs.Kind) (*saml.Key, error) {
	now := time.Now()
	id := "VATIT-12345678903"
	if kind == certs.SPPublic {
		id = "PA:IT-c_z999"
	}
	key, der, err := certs.NewSigning(rand.Reader, certs.Subject{
		CommonName: "Prova", Organization: "Organizzazione di prova", EntityID: entityID,
		OrganizationIdentifier: id, Country: "IT", Locality: "Roma", Kind: kind,
	}, now.AddDate(-5, 0, 0), now.AddDate(5, 0, 0))
	if err != nil {
		return nil, fmt.Errorf("test key: %w", err)
	}
	return asKey(key, der)
}

func asKey(key *rsa.PrivateKey, der []byte) (*saml.Key, error) {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("test key: %w", err)
	}
	return &saml.Key{Signer: key, Cert: cert}, nil
}
