package saml

import (
	"crypto/x509"
	"time"

	"github.com/beevik/etree"
)

// EntityDescriptor is the metadata of one entity.
type EntityDescriptor struct {
	ID, EntityID string
	ValidUntil   time.Time // zero when absent
	SP           *SPSSODescriptor
	IdP          *IDPSSODescriptor
	Organization Organization
	Contacts     []ContactPerson
	Extensions   *etree.Element // nil when absent
	XML          []byte         // as received
	Root         *etree.Element // as parsed, comments dropped
}

// Endpoint is a service address. Index is -1 when the attribute is absent or no number.
type Endpoint struct {
	Binding                    Binding
	Location, ResponseLocation string
	Index                      int
	IsDefault                  bool
}

// SPSSODescriptor is the service provider's role.
type SPSSODescriptor struct {
	AuthnRequestsSigned, WantAssertionsSigned bool
	Signing                                   []*x509.Certificate // use="signing" or none
	AssertionConsumerServices                 []Endpoint
	SingleLogoutServices                      []Endpoint
	NameIDFormats                             []string
	AttributeConsumingServices                []AttributeConsumingService
	Extensions                                *etree.Element // of the role (AGE-03); nil when absent
}

// AttributeConsumingService is a named set of attributes. Index is -1 when the attribute is absent or no number.
type AttributeConsumingService struct {
	Index        int
	IsDefault    bool
	ServiceNames Localized
	Requested    []RequestedAttribute
}

// RequestedAttribute is one attribute of a set.
type RequestedAttribute struct {
	Name, NameFormat, FriendlyName string
	IsRequired                     bool
}

// IDPSSODescriptor is the identity provider's role.
type IDPSSODescriptor struct {
	WantAuthnRequestsSigned bool
	Signing                 []*x509.Certificate
	SingleSignOnServices    []Endpoint
	SingleLogoutServices    []Endpoint
	NameIDFormats           []string
	Attributes              []Attribute    // only Name, NameFormat, FriendlyName
	Extensions              *etree.Element // of the role; nil when absent
}

// Localized is a text by language ("it", "en"), in document order.
type Localized []LocalizedText

// LocalizedText is one text with its xml:lang.
type LocalizedText struct{ Lang, Text string }

// In returns the text in lang, else the Italian one, else the first, else "".
func (l Localized) In(lang string) string {
	for _, wanted := range []string{lang, "it"} {
		for _, t := range l {
			if t.Lang == wanted {
				return t.Text
			}
		}
	}
	if len(l) == 0 {
		return ""
	}
	return l[0].Text
}

// Organization of an entity.
type Organization struct{ Name, DisplayName, URL Localized }

// ContactPerson of an entity. Extensions are elements in order, as found or as to be written.
type ContactPerson struct {
	Type, Company, EmailAddress, TelephoneNumber string
	Extensions                                   []*etree.Element
}

// AssertionConsumerService returns the endpoint with that index.
func (d *SPSSODescriptor) AssertionConsumerService(index int) (Endpoint, bool) {
	for _, e := range d.AssertionConsumerServices {
		if e.Index == index && index >= 0 {
			return e, true
		}
	}
	return Endpoint{}, false
}

// DefaultAssertionConsumerService returns the one marked isDefault, else the one with index 0, else the first.
func (d *SPSSODescriptor) DefaultAssertionConsumerService() (Endpoint, bool) {
	for _, e := range d.AssertionConsumerServices {
		if e.IsDefault {
			return e, true
		}
	}
	if e, ok := d.AssertionConsumerService(0); ok {
		return e, true
	}
	if len(d.AssertionConsumerServices) == 0 {
		return Endpoint{}, false
	}
	return d.AssertionConsumerServices[0], true
}

// AttributeConsumingService returns the set with that index.
func (d *SPSSODescriptor) AttributeConsumingService(index int) (AttributeConsumingService, bool) {
	for _, s := range d.AttributeConsumingServices {
		if s.Index == index && index >= 0 {
			return s, true
		}
	}
	return AttributeConsumingService{}, false
}
