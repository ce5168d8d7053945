package saml

import (
	"crypto/x509"
	"strings"

	"github.com/beevik/etree"
)

// ReadMetadata reads one EntityDescriptor. It fails with *IntakeError when the octets are no acceptable XML
// or the root is another element; it does not judge the content, which the rules do.
//
// An EntitiesDescriptor around a single EntityDescriptor is opened: Root is then the inner element, and only its
// own signature counts. Of several roles of one kind the first that speaks SAML 2.0 is read; other roles,
// encryption keys, unknown extensions and certificates that do not parse are passed over.
func ReadMetadata(xml []byte) (*EntityDescriptor, error) {
	root, err := Parse(xml, MetadataLimits())
	if err != nil {
		return nil, err
	}
	entity := root
	if Is(root, NSMetadata, "EntitiesDescriptor") {
		if list := Children(root, NSMetadata, "EntityDescriptor"); len(list) == 1 && Child(root, NSMetadata, "EntitiesDescriptor") == nil {
			entity = list[0]
		}
	}
	if !Is(entity, NSMetadata, "EntityDescriptor") {
		return nil, rootError("MD-SP-01", root, "EntityDescriptor of "+NSMetadata)
	}
	d := readEntity(entity)
	d.XML = xml
	return d, nil
}

// ReadEntities reads each EntityDescriptor directly below an EntitiesDescriptor, in document order. It fails as
// ReadMetadata does.
func ReadEntities(xml []byte) ([]*EntityDescriptor, error) {
	root, err := Parse(xml, MetadataLimits())
	if err != nil {
		return nil, err
	}
	if !Is(root, NSMetadata, "EntitiesDescriptor") {
		return nil, rootError("MD-SP-01", root, "EntitiesDescriptor of "+NSMetadata)
	}
	var list []*EntityDescriptor
	for _, el := range Children(root, NSMetadata, "EntityDescriptor") {
		d := readEntity(el)
		d.XML = Serialise(el)
		list = append(list, d)
	}
	return list, nil
}

func readEntity(el *etree.Element) *EntityDescriptor {
	d := &EntityDescriptor{
		ID: attr(el, "ID"), EntityID: attr(el, "entityID"), ValidUntil: readTime(attr(el, "validUntil")),
		Extensions: Child(el, NSMetadata, "Extensions"), Root: el,
	}
	if role := readRole(el, "SPSSODescriptor"); role != nil {
		d.SP = readSP(role)
	}
	if role := readRole(el, "IDPSSODescriptor"); role != nil {
		d.IdP = readIdP(role)
	}
	if org := Child(el, NSMetadata, "Organization"); org != nil {
		d.Organization = Organization{
			Name:        readLocalized(org, "OrganizationName"),
			DisplayName: readLocalized(org, "OrganizationDisplayName"),
			URL:         readLocalized(org, "OrganizationURL"),
		}
	}
	for _, c := range Children(el, NSMetadata, "ContactPerson") {
		d.Contacts = append(d.Contacts, readContact(c))
	}
	return d
}

// readRole returns the first role of that name that supports SAML 2.0, else the first.
func readRole(el *etree.Element, local string) *etree.Element {
	roles := Children(el, NSMetadata, local)
	for _, r := range roles {
		if contains(attr(r, "protocolSupportEnumeration"), NSProtocol) {
			return r
		}
	}
	if len(roles) == 0 {
		return nil
	}
	return roles[0]
}

func readSP(el *etree.Element) *SPSSODescriptor {
	sp := &SPSSODescriptor{
		AuthnRequestsSigned: isTrue(el, "AuthnRequestsSigned"), WantAssertionsSigned: isTrue(el, "WantAssertionsSigned"),
		Signing:                   readSigning(el),
		AssertionConsumerServices: readEndpoints(el, "AssertionConsumerService"),
		SingleLogoutServices:      readEndpoints(el, "SingleLogoutService"),
		NameIDFormats:             readTexts(el, "NameIDFormat"),
		Extensions:                Child(el, NSMetadata, "Extensions"),
	}
	for _, s := range Children(el, NSMetadata, "AttributeConsumingService") {
		set := AttributeConsumingService{Index: readNumber(s), IsDefault: isTrue(s, "isDefault"), ServiceNames: readLocalized(s, "ServiceName")}
		for _, a := range Children(s, NSMetadata, "RequestedAttribute") {
			set.Requested = append(set.Requested, RequestedAttribute{
				Name: attr(a, "Name"), NameFormat: attr(a, "NameFormat"), FriendlyName: attr(a, "FriendlyName"), IsRequired: isTrue(a, "isRequired"),
			})
		}
		sp.AttributeConsumingServices = append(sp.AttributeConsumingServices, set)
	}
	return sp
}

func readIdP(el *etree.Element) *IDPSSODescriptor {
	return &IDPSSODescriptor{
		WantAuthnRequestsSigned: isTrue(el, "WantAuthnRequestsSigned"),
		Signing:                 readSigning(el),
		SingleSignOnServices:    readEndpoints(el, "SingleSignOnService"),
		SingleLogoutServices:    readEndpoints(el, "SingleLogoutService"),
		NameIDFormats:           readTexts(el, "NameIDFormat"),
		Attributes:              readAttributes(el),
		Extensions:              Child(el, NSMetadata, "Extensions"),
	}
}

func isTrue(el *etree.Element, name string) bool {
	v := readBool(el, name)
	return v != nil && *v
}

func readNumber(el *etree.Element) int {
	if n := readIndex(el, "index"); n != nil {
		return *n
	}
	return -1
}

func readEndpoints(el *etree.Element, local string) []Endpoint {
	var list []Endpoint
	for _, e := range Children(el, NSMetadata, local) {
		list = append(list, Endpoint{
			Binding: Binding(attr(e, "Binding")), Location: attr(e, "Location"), ResponseLocation: attr(e, "ResponseLocation"),
			Index: readNumber(e), IsDefault: isTrue(e, "isDefault"),
		})
	}
	return list
}

func readTexts(el *etree.Element, local string) []string {
	var list []string
	for _, e := range Children(el, NSMetadata, local) {
		list = append(list, text(e))
	}
	return list
}

func readLocalized(el *etree.Element, local string) Localized {
	var list Localized
	for _, e := range Children(el, NSMetadata, local) {
		lang, _ := AttrNS(e, NSXML, "lang")
		list = append(list, LocalizedText{Lang: lang, Text: text(e)})
	}
	return list
}

func readContact(el *etree.Element) ContactPerson {
	c := ContactPerson{
		Type: attr(el, "contactType"), Company: text(Child(el, NSMetadata, "Company")),
		EmailAddress:    text(Child(el, NSMetadata, "EmailAddress")),
		TelephoneNumber: text(Child(el, NSMetadata, "TelephoneNumber")),
	}
	if ext := Child(el, NSMetadata, "Extensions"); ext != nil {
		c.Extensions = elements(ext)
	}
	return c
}

// readSigning returns the certificates of the keys that sign: use="signing", or no use at all (SIG-06).
func readSigning(role *etree.Element) []*x509.Certificate {
	var list []*x509.Certificate
	for _, key := range Children(role, NSMetadata, "KeyDescriptor") {
		if use, ok := Attr(key, "use"); ok && use != "signing" {
			continue
		}
		for _, data := range Children(Child(key, NSSignature, "KeyInfo"), NSSignature, "X509Data") {
			for _, el := range Children(data, NSSignature, "X509Certificate") {
				if cert, err := ReadCertificate(el); err == nil {
					list = append(list, cert)
				}
			}
		}
	}
	return list
}

// ReadCertificate reads a ds:X509Certificate: DER in base64, white space anywhere. PEM headers, which some paste
// along, are taken off.
func ReadCertificate(el *etree.Element) (*x509.Certificate, error) {
	s, err := Text(el)
	if err != nil {
		return nil, err
	}
	s = strings.ReplaceAll(s, "-----BEGIN CERTIFICATE-----", "")
	s = strings.ReplaceAll(s, "-----END CERTIFICATE-----", "")
	der, err := decodeBlanks(s)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}
