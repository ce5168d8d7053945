package saml

import (
	"fmt"
	"strconv"
	"time"

	"github.com/beevik/etree"
)

// NameID is an element with a name and its qualifiers: Issuer, NameID.
type NameID struct{ Value, Format, NameQualifier, SPNameQualifier string }

// AuthnRequest asks an identity provider to authenticate somebody. Zero fields are left out when it is built.
type AuthnRequest struct {
	ID, Version                    string
	IssueInstant                   time.Time // UTC
	Destination                    string
	ForceAuthn, IsPassive          *bool
	AssertionConsumerServiceIndex  *int
	AssertionConsumerServiceURL    string
	ProtocolBinding                Binding
	AttributeConsumingServiceIndex *int
	ProviderName                   string
	Issuer                         NameID
	Extensions                     *etree.Element // as found; nil when absent
	Subject                        *NameID
	NameIDPolicyFormat             string
	Comparison                     string
	AuthnContextClassRef           []string
}

// ReadAuthnRequest reads what can be read from a (verified) AuthnRequest. It fails when the root is another
// element; single fields that do not parse stay zero, since the rules speak of them one by one. Of elements that
// stand there twice the first is read; nothing is trimmed (REQ-20).
func ReadAuthnRequest(el *etree.Element) (*AuthnRequest, error) {
	if !Is(el, NSProtocol, "AuthnRequest") {
		return nil, notThe("AuthnRequest", el)
	}
	r := &AuthnRequest{
		ID: attr(el, "ID"), Version: attr(el, "Version"), IssueInstant: readTime(attr(el, "IssueInstant")),
		Destination: attr(el, "Destination"), ForceAuthn: readBool(el, "ForceAuthn"), IsPassive: readBool(el, "IsPassive"),
		AssertionConsumerServiceIndex:  readIndex(el, "AssertionConsumerServiceIndex"),
		AssertionConsumerServiceURL:    attr(el, "AssertionConsumerServiceURL"),
		ProtocolBinding:                Binding(attr(el, "ProtocolBinding")),
		AttributeConsumingServiceIndex: readIndex(el, "AttributeConsumingServiceIndex"),
		ProviderName:                   attr(el, "ProviderName"),
		Issuer:                         readNameID(Child(el, NSAssertion, "Issuer")),
		Extensions:                     Child(el, NSProtocol, "Extensions"),
		NameIDPolicyFormat:             attr(Child(el, NSProtocol, "NameIDPolicy"), "Format"),
	}
	if id := Child(Child(el, NSAssertion, "Subject"), NSAssertion, "NameID"); id != nil {
		subject := readNameID(id)
		r.Subject = &subject
	}
	context := Child(el, NSProtocol, "RequestedAuthnContext")
	r.Comparison = attr(context, "Comparison")
	for _, ref := range Children(context, NSAssertion, "AuthnContextClassRef") {
		r.AuthnContextClassRef = append(r.AuthnContextClassRef, text(ref))
	}
	return r, nil
}

func notThe(wanted string, el *etree.Element) error {
	if el == nil {
		return fmt.Errorf("root: found nothing, wanted %s", wanted)
	}
	return fmt.Errorf("root: found %s of %q, wanted %s", clip(el.Tag), clip(el.NamespaceURI()), wanted)
}

func readNameID(el *etree.Element) NameID {
	if el == nil {
		return NameID{}
	}
	return NameID{
		Value: text(el), Format: attr(el, "Format"),
		NameQualifier: attr(el, "NameQualifier"), SPNameQualifier: attr(el, "SPNameQualifier"),
	}
}

// readBool reads an xs:boolean; nil when absent or none.
func readBool(el *etree.Element, name string) *bool {
	switch attr(el, name) {
	case "true", "1":
		return ptr(true)
	case "false", "0":
		return ptr(false)
	}
	return nil
}

// readIndex reads an xs:unsignedShort; nil when absent or none.
func readIndex(el *etree.Element, name string) *int {
	n, err := strconv.ParseUint(attr(el, name), 10, 16)
	if err != nil {
		return nil
	}
	return ptr(int(n))
}

func ptr[T any](v T) *T { return &v }

// Element builds the message, unsigned, children in schema order.
func (r *AuthnRequest) Element() *etree.Element {
	el := message("AuthnRequest", r.ID, r.Version, r.IssueInstant, r.Destination)
	setBool(el, "ForceAuthn", r.ForceAuthn)
	setBool(el, "IsPassive", r.IsPassive)
	setIndex(el, "AssertionConsumerServiceIndex", r.AssertionConsumerServiceIndex)
	set(el, "AssertionConsumerServiceURL", r.AssertionConsumerServiceURL)
	set(el, "ProtocolBinding", string(r.ProtocolBinding))
	setIndex(el, "AttributeConsumingServiceIndex", r.AttributeConsumingServiceIndex)
	set(el, "ProviderName", r.ProviderName)
	addNameID(el, "Issuer", r.Issuer)
	if r.Extensions != nil {
		graft(el, r.Extensions)
	}
	if r.Subject != nil {
		addNameID(add(el, "saml", "Subject"), "NameID", *r.Subject)
	}
	if r.NameIDPolicyFormat != "" {
		set(add(el, "samlp", "NameIDPolicy"), "Format", r.NameIDPolicyFormat)
	}
	if r.Comparison != "" || len(r.AuthnContextClassRef) > 0 {
		context := add(el, "samlp", "RequestedAuthnContext")
		set(context, "Comparison", r.Comparison)
		for _, ref := range r.AuthnContextClassRef {
			addText(context, "saml", "AuthnContextClassRef", ref)
		}
	}
	return el
}

// message begins a protocol message with what all of them have.
func message(local, id, version string, issued time.Time, destination string) *etree.Element {
	el := etree.NewElement(local)
	el.Space = "samlp"
	el.CreateAttr("xmlns:samlp", NSProtocol)
	el.CreateAttr("xmlns:saml", NSAssertion)
	set(el, "ID", id)
	set(el, "Version", version)
	set(el, "IssueInstant", writeTime(issued))
	set(el, "Destination", destination)
	return el
}

// addNameID appends an element of the assertion namespace, or nothing when the name is empty.
func addNameID(parent *etree.Element, local string, id NameID) {
	if id == (NameID{}) {
		return
	}
	el := add(parent, "saml", local)
	set(el, "Format", id.Format)
	set(el, "NameQualifier", id.NameQualifier)
	set(el, "SPNameQualifier", id.SPNameQualifier)
	if id.Value != "" {
		el.SetText(id.Value)
	}
}

func setBool(el *etree.Element, name string, v *bool) {
	if v != nil {
		el.CreateAttr(name, strconv.FormatBool(*v))
	}
}

func setIndex(el *etree.Element, name string, v *int) {
	if v != nil {
		el.CreateAttr(name, strconv.Itoa(*v))
	}
}
