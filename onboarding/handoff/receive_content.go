package handoff

import (
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// checkInner judges the Assertion as it was signed and returns the three data.
func (s *GestoreSide) checkInner(el *etree.Element, m *saml.Response, now time.Time) (Person, error) {
	if err := checkAssertionShape(el); err != nil {
		return Person{}, err
	}
	a := m.Assertion
	switch {
	case a.Issuer.Value != m.Issuer.Value:
		return Person{}, malformed("Assertion/Issuer", a.Issuer.Value, m.Issuer.Value)
	case a.Version != "2.0":
		return Person{}, malformed("Assertion/@Version", a.Version, "2.0")
	case a.ID == m.ID:
		return Person{}, malformed("Assertion/@ID", a.ID, "another one than that of the Response")
	case a.Method != saml.MethodBearer:
		return Person{}, malformed("SubjectConfirmation/@Method", a.Method, saml.MethodBearer)
	case a.InResponseTo != "":
		return Person{}, malformed("SubjectConfirmationData/@InResponseTo", a.InResponseTo, "none: nobody asked")
	case a.Recipient != s.Gestore.EndpointResponse:
		return Person{}, notForUs("SubjectConfirmationData/@Recipient", a.Recipient, s.Gestore.EndpointResponse)
	case a.Audience != s.Gestore.Code:
		return Person{}, notForUs("Conditions/AudienceRestriction/Audience", a.Audience, s.Gestore.Code)
	}
	if err := checkWindow(a, now); err != nil {
		return Person{}, err
	}
	return readPerson(saml.Child(el, saml.NSAssertion, "AttributeStatement"))
}

func checkAssertionShape(el *etree.Element) error {
	if err := shape(el, "saml:Issuer", "saml:Subject", "saml:Conditions", "saml:AuthnStatement?", "saml:AttributeStatement"); err != nil {
		return err
	}
	subject, conditions := saml.Child(el, saml.NSAssertion, "Subject"), saml.Child(el, saml.NSAssertion, "Conditions")
	if err := shape(subject, "saml:NameID?", "saml:SubjectConfirmation"); err != nil {
		return err
	}
	if err := shape(saml.Child(subject, saml.NSAssertion, "SubjectConfirmation"), "saml:SubjectConfirmationData"); err != nil {
		return err
	}
	if err := shape(conditions, "saml:AudienceRestriction"); err != nil {
		return err
	}
	return shape(saml.Child(conditions, saml.NSAssertion, "AudienceRestriction"), "saml:Audience")
}

// checkWindow wants now inside Conditions and before the end of the confirmation.
func checkWindow(a *saml.Assertion, now time.Time) error {
	for _, bound := range []struct {
		path string
		at   time.Time
	}{
		{"Assertion/@IssueInstant", a.IssueInstant}, {"Conditions/@NotBefore", a.NotBefore}, {"Conditions/@NotOnOrAfter", a.NotOnOrAfter},
		{"SubjectConfirmationData/@NotOnOrAfter", a.SubjectNotOnOrAfter},
	} {
		if bound.at.IsZero() {
			return malformed(bound.path, "no instant", "UTC as 2006-01-02T15:04:05Z")
		}
	}
	switch {
	case a.NotBefore.Sub(now) > maxAhead:
		return stale("Conditions/@NotBefore", a.NotBefore, "an instant that has come by "+saml.FormatTime(now))
	case !now.Before(a.NotOnOrAfter):
		return stale("Conditions/@NotOnOrAfter", a.NotOnOrAfter, "an instant after "+saml.FormatTime(now))
	case !now.Before(a.SubjectNotOnOrAfter):
		return stale("SubjectConfirmationData/@NotOnOrAfter", a.SubjectNotOnOrAfter, "an instant after "+saml.FormatTime(now))
	}
	return nil
}

// readPerson takes exactly the three attributes, in any order, with one value each (ONB-80).
func readPerson(statement *etree.Element) (Person, error) {
	if err := shape(statement, "saml:Attribute", "saml:Attribute", "saml:Attribute"); err != nil {
		return Person{}, &Error{Reason: Malformed, Rule: "ONB-80", Path: "AttributeStatement", Found: err.Error(), Wanted: "exactly fiscalNumber, familyName and name"}
	}
	values := map[string]string{}
	for _, el := range saml.Children(statement, saml.NSAssertion, "Attribute") {
		name, _ := saml.Attr(el, "Name")
		value, err := attributeValue(el)
		if err != nil {
			return Person{}, err
		}
		if err := checkHandedOver(name, value); err != nil {
			return Person{}, err
		}
		values[name] = value
	}
	if len(values) != 3 {
		return Person{}, &Error{Reason: Malformed, Rule: "ONB-80", Path: "AttributeStatement", Found: "an attribute twice", Wanted: "exactly fiscalNumber, familyName and name"}
	}
	code := spid.FiscalCode(values[attrFiscalNumber][len(spid.PrefixTIN):])
	return Person{FiscalCode: code, FamilyName: values[attrFamilyName], Name: values[attrName]}, nil
}

func attributeValue(el *etree.Element) (string, error) {
	if err := shape(el, "saml:AttributeValue"); err != nil {
		return "", err
	}
	value, err := saml.Text(saml.Child(el, saml.NSAssertion, "AttributeValue"))
	if err != nil {
		return "", malformed("AttributeValue", err.Error(), "text alone")
	}
	return value, nil
}

func checkHandedOver(name, value string) error {
	switch name {
	case attrFiscalNumber, attrFamilyName, attrName:
		return checkAttribute(name, value)
	default:
		return &Error{Reason: Malformed, Rule: "ONB-80", Path: "AttributeStatement", Found: name, Wanted: "fiscalNumber, familyName and name alone"}
	}
}
