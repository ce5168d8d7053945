package saml

import (
	"crypto/x509"
	"encoding/base64"
	"strconv"

	"github.com/beevik/etree"
)

// Element builds the document, unsigned, children in schema order (section 4.1 and MD-IDP-04 of saml-profile.md).
// XML and Root are not looked at. Elements in Extensions declare their namespaces themselves, as those made by
// NewElement and those that were read do.
func (d *EntityDescriptor) Element() *etree.Element {
	el := etree.NewElement("EntityDescriptor")
	el.Space = "md"
	el.CreateAttr("xmlns:md", NSMetadata)
	if d.IdP != nil && len(d.IdP.Attributes) > 0 {
		el.CreateAttr("xmlns:saml", NSAssertion)
	}
	set(el, "ID", d.ID)
	set(el, "entityID", d.EntityID)
	set(el, "validUntil", writeTime(d.ValidUntil))
	addExtensions(el, d.Extensions)
	if d.IdP != nil {
		d.IdP.addTo(el)
	}
	if d.SP != nil {
		d.SP.addTo(el)
	}
	d.Organization.addTo(el)
	for _, c := range d.Contacts {
		c.addTo(el)
	}
	return el
}

// Entities builds a list of metadata, unsigned and without ID: whoever signs it gives it one first. name may be
// "". Each element is copied, with its own signature when it has one.
func Entities(name string, list []*etree.Element) *etree.Element {
	el := etree.NewElement("EntitiesDescriptor")
	el.Space = "md"
	el.CreateAttr("xmlns:md", NSMetadata)
	set(el, "Name", name)
	for _, e := range list {
		graft(el, e)
	}
	return el
}

// addExtensions writes the children of ext into an Extensions of our own.
func addExtensions(parent, ext *etree.Element) {
	if ext != nil {
		addExtension(parent, elements(ext))
	}
}

func addExtension(parent *etree.Element, list []*etree.Element) {
	if len(list) == 0 {
		return
	}
	el := add(parent, "md", "Extensions")
	for _, e := range list {
		graft(el, e)
	}
}

func addRole(parent *etree.Element, local string, ext *etree.Element, certs []*x509.Certificate) *etree.Element {
	el := add(parent, "md", local)
	el.CreateAttr("protocolSupportEnumeration", NSProtocol)
	addExtensions(el, ext)
	for _, c := range certs {
		addKey(el, c)
	}
	return el
}

func addKey(role *etree.Element, cert *x509.Certificate) {
	key := add(role, "md", "KeyDescriptor")
	key.CreateAttr("use", "signing")
	info := add(key, "ds", "KeyInfo")
	info.CreateAttr("xmlns:ds", NSSignature)
	data := add(info, "ds", "X509Data")
	addText(data, "ds", "X509Certificate", base64.StdEncoding.EncodeToString(cert.Raw))
}

func (d *SPSSODescriptor) addTo(parent *etree.Element) {
	el := addRole(parent, "SPSSODescriptor", d.Extensions, d.Signing)
	setTrue(el, "AuthnRequestsSigned", d.AuthnRequestsSigned)
	setTrue(el, "WantAssertionsSigned", d.WantAssertionsSigned)
	addEndpoints(el, "SingleLogoutService", d.SingleLogoutServices, false)
	for _, f := range d.NameIDFormats {
		addText(el, "md", "NameIDFormat", f)
	}
	addEndpoints(el, "AssertionConsumerService", d.AssertionConsumerServices, true)
	for _, s := range d.AttributeConsumingServices {
		s.addTo(el)
	}
}

func (s AttributeConsumingService) addTo(parent *etree.Element) {
	el := add(parent, "md", "AttributeConsumingService")
	if s.Index >= 0 {
		set(el, "index", strconv.Itoa(s.Index))
	}
	setTrue(el, "isDefault", s.IsDefault)
	s.ServiceNames.addTo(el, "ServiceName")
	for _, r := range s.Requested {
		a := add(el, "md", "RequestedAttribute")
		set(a, "Name", r.Name)
		set(a, "NameFormat", r.NameFormat)
		set(a, "FriendlyName", r.FriendlyName)
		setTrue(a, "isRequired", r.IsRequired)
	}
}

func (d *IDPSSODescriptor) addTo(parent *etree.Element) {
	el := addRole(parent, "IDPSSODescriptor", d.Extensions, d.Signing)
	setTrue(el, "WantAuthnRequestsSigned", d.WantAuthnRequestsSigned)
	addEndpoints(el, "SingleLogoutService", d.SingleLogoutServices, false)
	for _, f := range d.NameIDFormats {
		addText(el, "md", "NameIDFormat", f)
	}
	addEndpoints(el, "SingleSignOnService", d.SingleSignOnServices, false)
	for _, a := range d.Attributes {
		a.element(el)
	}
}

// setTrue writes a boolean attribute only when it is true: false is the default of them all.
func setTrue(el *etree.Element, name string, v bool) {
	if v {
		el.CreateAttr(name, "true")
	}
}

func addEndpoints(parent *etree.Element, local string, list []Endpoint, indexed bool) {
	for _, e := range list {
		el := add(parent, "md", local)
		if indexed && e.Index >= 0 {
			set(el, "index", strconv.Itoa(e.Index))
		}
		setTrue(el, "isDefault", indexed && e.IsDefault)
		set(el, "Binding", string(e.Binding))
		set(el, "Location", e.Location)
		set(el, "ResponseLocation", e.ResponseLocation)
	}
}

func (l Localized) addTo(parent *etree.Element, local string) {
	for _, t := range l {
		el := add(parent, "md", local)
		set(el, "xml:lang", t.Lang)
		el.SetText(t.Text)
	}
}

func (o Organization) addTo(parent *etree.Element) {
	if len(o.Name)+len(o.DisplayName)+len(o.URL) == 0 {
		return
	}
	el := add(parent, "md", "Organization")
	o.Name.addTo(el, "OrganizationName")
	o.DisplayName.addTo(el, "OrganizationDisplayName")
	o.URL.addTo(el, "OrganizationURL")
}

func (c ContactPerson) addTo(parent *etree.Element) {
	el := add(parent, "md", "ContactPerson")
	set(el, "contactType", c.Type)
	addExtension(el, c.Extensions)
	addText(el, "md", "Company", c.Company)
	addText(el, "md", "EmailAddress", c.EmailAddress)
	addText(el, "md", "TelephoneNumber", c.TelephoneNumber)
}
