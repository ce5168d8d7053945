package handoff

import (
	"crypto/x509"
	"time"

	"spidsim/saml"
)

// Gestore is what a gestore declares of itself (ONB-81). The names of the elements are given beside.
type Gestore struct {
	Code             string            // idpCode, unique in the circuit, by custom a host name
	Name             string            // idpName
	InfoPage         string            // idpInfoPage, about the procedure
	EndpointResponse string            // idpEndpointResponse, where hand-offs are posted
	Signing          *x509.Certificate // idpSigningCert, of the key that signs answers
	Encryption       *x509.Certificate // idpEncryptionCert, of the key that opens hand-offs
}

// Names of the elements, in the order of the note.
const (
	idpCode             = "idpCode"
	idpName             = "idpName"
	idpInfoPage         = "idpInfoPage"
	idpEndpointResponse = "idpEndpointResponse"
	idpSigningCert      = "idpSigningCert"
	idpEncryptionCert   = "idpEncryptionCert"
	identityProviders   = "identityProviders"
	identityProvider    = "identityProvider"
)

// Sign returns the descriptor as a signed document; key is that of Signing, id an NCName.
func (g *Gestore) Sign(id string, key *saml.Key, now time.Time) ([]byte, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	root := newDescriptor(id)
	addFields(root.CreateElement(identityProviders), identityProvider,
		field{idpCode, g.Code}, field{idpName, g.Name}, field{idpInfoPage, g.InfoPage}, field{idpEndpointResponse, g.EndpointResponse},
		field{idpSigningCert, certificateText(g.Signing)}, field{idpEncryptionCert, certificateText(g.Encryption)})
	return signDescriptor(root, key, g.Signing, now)
}

// ReadGestore reads and verifies the descriptor of a gestore (ONB-81): signed by the key it declares, certificates
// valid at now. Errors are *Error.
func ReadGestore(octets []byte, now time.Time) (*Gestore, error) {
	root, err := verifyDescriptor(octets, now, identityProviders, identityProvider, idpSigningCert)
	if err != nil {
		return nil, err
	}
	if err := shape(root, identityProviders); err != nil {
		return nil, err
	}
	list := saml.Child(root, "", identityProviders)
	if err := shape(list, identityProvider); err != nil {
		return nil, err
	}
	el := saml.Child(list, "", identityProvider)
	v, err := fields(el, idpCode, idpName, idpInfoPage, idpEndpointResponse, idpSigningCert, idpEncryptionCert)
	if err != nil {
		return nil, err
	}
	g := &Gestore{Code: v[idpCode], Name: v[idpName], InfoPage: v[idpInfoPage], EndpointResponse: v[idpEndpointResponse]}
	if g.Signing, err = readCertificate(el, idpSigningCert); err != nil {
		return nil, err
	}
	if g.Encryption, err = readCertificate(el, idpEncryptionCert); err != nil {
		return nil, err
	}
	if err := g.check(); err != nil {
		return nil, err
	}
	return g, nil
}

func (g *Gestore) check() error {
	return firstError(
		checkText(idpCode, g.Code), checkText(idpName, g.Name),
		checkAddress(idpInfoPage, g.InfoPage), checkAddress(idpEndpointResponse, g.EndpointResponse),
		checkCertificate(idpSigningCert, g.Signing), checkCertificate(idpEncryptionCert, g.Encryption),
	)
}
