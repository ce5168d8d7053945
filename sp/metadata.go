package sp

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// nsSPID is the namespace of the SPID extensions (saml-profile.md 0.1).
const nsSPID = "https://spid.gov.it/saml-extensions"

// Names of the invented public body behind the portal, for whoever makes its certificate: organizationName,
// commonName, and organizationIdentifier "PA:IT-" + IPACode (CERT-10, CERT-11, CERT-30, UX-34).
const (
	OrganizationName        = "Istituto (simulazione) (SIMULATORE NON USARE IN PRODUZIONE)"
	OrganizationDisplayName = "Istituto (simulazione)"
	IPACode                 = "c_z999" // no body has this code
	LocalityName            = "Roma"

	contactEmail     = "spid@istituto.example"
	contactTelephone = "+39060000000" // no such number is assigned
)

// attributeSets are the AttributeConsumingServices by index (MD-SP-08).
func attributeSets() []saml.AttributeConsumingService {
	every := make([]string, 0, 23)
	for _, a := range spid.AllAttributes() {
		every = append(every, a.Name)
	}
	return []saml.AttributeConsumingService{
		set(0, "Dati consueti", "Usual data",
			"name", "familyName", "fiscalNumber", "dateOfBirth", "email", "spidCode"),
		set(1, "Solo il codice fiscale", "Fiscal number only", "fiscalNumber"),
		set(2, "Tutti gli attributi", "Every attribute", every...),
		set(3, "Servizi alle imprese", "Services for companies",
			"companyName", "companyFiscalNumber", "ivaCode", "registeredOffice", "name", "familyName", "fiscalNumber", "spidCode"),
		set(4, "Recapiti", "Contact details",
			"fiscalNumber", "email", "mobilePhone", "digitalAddress", "domicileStreetAddress", "domicilePostalCode",
			"domicileMunicipality", "domicileProvince", "domicileNation"),
	}
}

func set(index int, italian, english string, names ...string) saml.AttributeConsumingService {
	out := saml.AttributeConsumingService{Index: index, ServiceNames: localized(italian, english)}
	for _, name := range names {
		info, _ := spid.LookupAttribute(name)
		out.Requested = append(out.Requested, saml.RequestedAttribute{
			Name: name, NameFormat: saml.AttrNameFormatBasic, FriendlyName: info.FriendlyName,
		})
	}
	return out
}

func localized(italian, english string) saml.Localized {
	return saml.Localized{{Lang: "it", Text: italian}, {Lang: "en", Text: english}}
}

// body is the organisation that the metadata name. Metadata and certificate have to agree (CERT-74, CERT-75), and a
// certificate may be the user's own, so what it says goes before the names above.
type body struct{ name, display, ipa string }

// oidOrganizationIdentifier is 2.5.4.97 (CERT-13).
var oidOrganizationIdentifier = asn1.ObjectIdentifier{2, 5, 4, 97}

func bodyOf(cert *x509.Certificate) body {
	b := body{OrganizationName, OrganizationDisplayName, IPACode}
	if o := cert.Subject.Organization; len(o) > 0 && o[0] != "" {
		b.name = o[0]
	}
	if cn := cert.Subject.CommonName; cn != "" {
		b.display = cn
	}
	for _, a := range cert.Subject.Names {
		text, _ := a.Value.(string)
		if code, public := strings.CutPrefix(text, "PA:IT-"); public && a.Type.Equal(oidOrganizationIdentifier) && code != "" {
			b.ipa = code
		}
	}
	return b
}

// describe lists what sections 4.1 to 4.3 of saml-profile.md ask of a public service provider.
func (s *SP) describe() *saml.EntityDescriptor {
	digest := sha256.Sum256([]byte("metadata " + s.entityID)) // the same entity always has the same ID
	slo, of := s.entityID+pathSLO, bodyOf(s.cfg.Key.Cert)
	return &saml.EntityDescriptor{
		ID: "_" + hex.EncodeToString(digest[:16]), EntityID: s.entityID,
		SP: &saml.SPSSODescriptor{
			AuthnRequestsSigned: true, WantAssertionsSigned: true,
			Signing: []*x509.Certificate{s.cfg.Key.Cert},
			SingleLogoutServices: []saml.Endpoint{
				{Binding: saml.HTTPPost, Location: slo, Index: -1},
				{Binding: saml.HTTPRedirect, Location: slo, Index: -1},
			},
			NameIDFormats:              []string{saml.FormatTransient},
			AssertionConsumerServices:  []saml.Endpoint{{Binding: saml.HTTPPost, Location: s.acsURL(), Index: 0, IsDefault: true}},
			AttributeConsumingServices: attributeSets(),
		},
		Organization: saml.Organization{
			Name:        localized(of.name, of.name),
			DisplayName: localized(of.display, of.display),
			URL:         localized(s.entityID+"/", s.entityID+"/?lang=en"),
		},
		Contacts: []saml.ContactPerson{{
			Type: "other", Company: of.name, EmailAddress: contactEmail, TelephoneNumber: contactTelephone,
			Extensions: []*etree.Element{extension("IPACode", of.ipa), extension("Public", "")},
		}},
	}
}

// extension makes an element of the SPID namespace that stands on its own.
func extension(name, text string) *etree.Element {
	el := etree.NewElement("spid:" + name)
	el.CreateAttr("xmlns:spid", nsSPID)
	if text != "" {
		el.SetText(text)
	}
	return el
}

// sign makes the metadata once and reads it back, so that the rules see what everybody else sees.
func (s *SP) sign() error {
	el := s.describe().Element()
	if err := s.cfg.Key.Sign(el); err != nil {
		return fmt.Errorf("signing the metadata: %w", err)
	}
	s.metadata = saml.Serialise(el)
	var err error
	if s.descriptor, err = saml.ReadMetadata(s.metadata); err != nil {
		return fmt.Errorf("reading the own metadata back: %w", err)
	}
	return nil
}

// address is the host that the strip under the header of the pages shows.
func (s *SP) address() string {
	return strings.TrimPrefix(strings.TrimPrefix(s.entityID, "https://"), "http://")
}
