package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"spidsim/certs"
	"spidsim/idp"
	"spidsim/internal/config"
	"spidsim/saml"
)

// keyring is every key of the program: one for each gestore, one for the portal, and the authorities for the cards.
type keyring struct {
	gestori []idp.Provider
	portal  *saml.Key
	cards   certs.Authority
	cns     certs.Authority
}

const (
	sealYears   = 3
	partitaIVA  = "VATIT-12345678903" // well formed and the usual example: nobody's
	portalIPA   = "PA:IT-c_z999"      // no body has this code
	localCity   = "Roma"
	keysFolder  = "keys"
	portalName  = "Istituto (simulazione)"
	portalLegal = "Istituto (simulazione) (SIMULATORE NON USARE IN PRODUZIONE)"
)

// loadKeys reads the keys of the data folder and makes those that are missing, several at a time: making twelve one after
// the other would be most of a first start.
func loadKeys(cfg *config.Config, base, portalBase *url.URL, now time.Time) (*keyring, error) {
	catalogue, err := gestori(cfg)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cfg.Data, keysFolder)
	k := &keyring{gestori: make([]idp.Provider, len(catalogue))}
	errs := make([]error, len(catalogue)+3)
	var wg sync.WaitGroup
	for i, g := range catalogue {
		wg.Go(func() {
			key, err := seal(dir, "idp-"+g.Slug, idpSubject(g, idp.EntityIDOf(base.String(), g.Slug)), now)
			k.gestori[i], errs[i] = idp.Provider{Gestore: g, Key: key}, err
		})
	}
	if portalBase != nil {
		wg.Go(func() {
			k.portal, errs[len(catalogue)] = seal(dir, "sp-portal", portalSubject(portalBase.String()), now)
		})
	}
	wg.Go(func() {
		k.cards, errs[len(catalogue)+1] = cardAuthority(dir, "card-ca", func(now time.Time) (certs.Authority, error) {
			return certs.NewCardCA(rand.Reader, "Carte di prova", now)
		})
	})
	wg.Go(func() {
		k.cns, errs[len(catalogue)+2] = cardAuthority(dir, "cns-ca", func(now time.Time) (certs.Authority, error) {
			return certs.NewCNSCA(rand.Reader, "CNS di prova", now)
		})
	})
	wg.Wait()
	return k, errors.Join(errs...)
}

// validity is when all certificates hold: both bounds are within.
func (k *keyring) validity() (from, until time.Time) {
	keys := []*saml.Key{}
	for _, g := range k.gestori {
		keys = append(keys, g.Key)
	}
	if k.portal != nil {
		keys = append(keys, k.portal)
	}
	from, until = keys[0].Cert.NotBefore, keys[0].Cert.NotAfter
	for _, key := range keys[1:] {
		if key.Cert.NotBefore.After(from) {
			from = key.Cert.NotBefore
		}
		if key.Cert.NotAfter.Before(until) {
			until = key.Cert.NotAfter
		}
	}
	return from, until
}

// gestori is the catalogue that the configuration asks for, with its further ones, and the CIE last.
func gestori(cfg *config.Config) ([]idp.Gestore, error) {
	list, err := idp.Catalogue(cfg.Catalogue)
	if err != nil {
		return nil, err
	}
	for _, g := range cfg.IdPs {
		list = append(list, idp.Gestore{Slug: g.Slug, Name: g.Name, Initials: g.Initials})
	}
	return append(list, idp.CIE()), nil
}

func idpSubject(g idp.Gestore, entityID string) certs.Subject {
	return certs.Subject{
		CommonName: g.DisplayName(), Organization: g.LegalName(), EntityID: entityID,
		OrganizationIdentifier: partitaIVA, Country: "IT", Locality: localCity, Kind: certs.IdP,
	}
}

func portalSubject(entityID string) certs.Subject {
	return certs.Subject{
		CommonName: portalName, Organization: portalLegal, EntityID: entityID,
		OrganizationIdentifier: portalIPA, Country: "IT", Locality: localCity, Kind: certs.SPPublic,
	}
}

// seal loads a key with its certificate. The certificate names the entityID (CERT-12) and has its dates: when the address is another one
// than at the first start, or the simulated date lies outside, the same key gets a certificate for now, in memory, and the
// file stays as it is.
func seal(dir, name string, subject certs.Subject, now time.Time) (*saml.Key, error) {
	// What is kept is made for the real date: a simulated one belongs to this run alone.
	key, cert, err := certs.LoadOrCreate(dir, name, subject, time.Now(), rand.Reader)
	var expired *certs.ExpiredError
	if err != nil && !errors.As(err, &expired) {
		return nil, err
	}
	if certs.EntityIDOf(cert) != subject.EntityID || now.Before(cert.NotBefore) || now.After(cert.NotAfter) {
		if cert, err = reissue(key, subject, now); err != nil {
			return nil, fmt.Errorf("certificate of %s: %w", name, err)
		}
	}
	return &saml.Key{Signer: key, Cert: cert}, nil
}

func reissue(key *rsa.PrivateKey, subject certs.Subject, now time.Time) (*x509.Certificate, error) {
	der, err := certs.Seal(rand.Reader, key, subject, now.AddDate(0, 0, -1), now.AddDate(sealYears, 0, 0))
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// cardAuthority loads an authority that issues cards, made on first use. It is one for ever: an expired one refuses every card.
func cardAuthority(dir, name string, issue func(now time.Time) (certs.Authority, error)) (certs.Authority, error) {
	now := time.Now() // a simulated date belongs to a lesson
	key, cert, err := certs.LoadOrMake(dir, name, now, func() (crypto.Signer, []byte, error) {
		ca, err := issue(now)
		if err != nil {
			return nil, nil, err
		}
		return ca.Key, ca.Cert.Raw, nil
	})
	if expired := (*certs.ExpiredError)(nil); errors.As(err, &expired) {
		err = nil
	}
	return certs.Authority{Cert: cert, Key: key}, err
}
