package saml

import (
	"strings"
	"time"

	"github.com/beevik/etree"
)

// Status of a Response: the code at the top, the one below it, and the message. Sub and Message may be empty.
type Status struct{ Code, Sub, Message string }

// Response answers an AuthnRequest. Zero fields are left out when it is built.
type Response struct {
	ID, InResponseTo, Destination string
	Version                       string // "" means 2.0 when built
	IssueInstant                  time.Time
	Issuer                        NameID
	Status                        Status
	Assertion                     *Assertion
}

// Assertion says who was authenticated, how, and what is known of them.
type Assertion struct {
	ID, Version             string // Version "" means 2.0 when built
	IssueInstant            time.Time
	Issuer                  NameID
	Subject                 NameID
	Method                  string // of SubjectConfirmation, "" means bearer when built
	InResponseTo, Recipient string
	SubjectNotOnOrAfter     time.Time // of SubjectConfirmationData
	NotBefore, NotOnOrAfter time.Time // of Conditions
	Audience                string
	AuthnInstant            time.Time
	SessionIndex            string
	AuthnContextClassRef    string
	Attributes              []Attribute
}

// Attribute has one value. Type is the local name in XML Schema, "string" or "date"; "" means string when built.
type Attribute struct{ Name, NameFormat, FriendlyName, Type, Value string }

// Element builds the message, unsigned, children in schema order, times as 2006-01-02T15:04:05Z (milliseconds only when there are any),
// prefixes xs and xsi declared on each AttributeValue (AST-19).
func (r *Response) Element() *etree.Element {
	el := message("Response", r.ID, version(r.Version), r.IssueInstant, r.Destination)
	set(el, "InResponseTo", r.InResponseTo)
	addNameID(el, "Issuer", r.Issuer)
	r.Status.addTo(el)
	if r.Assertion != nil {
		el.AddChild(r.Assertion.Element())
	}
	return el
}

func version(v string) string {
	if v == "" {
		return "2.0"
	}
	return v
}

func (s Status) addTo(el *etree.Element) {
	if s == (Status{}) {
		return
	}
	status := add(el, "samlp", "Status")
	code := add(status, "samlp", "StatusCode")
	set(code, "Value", s.Code)
	if s.Sub != "" {
		set(add(code, "samlp", "StatusCode"), "Value", s.Sub)
	}
	addText(status, "samlp", "StatusMessage", s.Message)
}

// Element builds the Assertion, unsigned, children in schema order. It declares its own namespace, so that it
// parses when somebody cuts it out of the Response.
func (a *Assertion) Element() *etree.Element {
	el := etree.NewElement("Assertion")
	el.Space = "saml"
	el.CreateAttr("xmlns:saml", NSAssertion)
	set(el, "ID", a.ID)
	set(el, "Version", version(a.Version))
	set(el, "IssueInstant", writeTime(a.IssueInstant))
	addNameID(el, "Issuer", a.Issuer)
	a.addSubject(el)
	a.addConditions(el)
	a.addAuthnStatement(el)
	a.addAttributes(el)
	return el
}

func (a *Assertion) addSubject(el *etree.Element) {
	subject := add(el, "saml", "Subject")
	addNameID(subject, "NameID", a.Subject)
	confirmation := add(subject, "saml", "SubjectConfirmation")
	method := a.Method
	if method == "" {
		method = MethodBearer
	}
	set(confirmation, "Method", method)
	data := add(confirmation, "saml", "SubjectConfirmationData")
	set(data, "InResponseTo", a.InResponseTo)
	set(data, "NotOnOrAfter", writeTime(a.SubjectNotOnOrAfter))
	set(data, "Recipient", a.Recipient)
}

func (a *Assertion) addConditions(el *etree.Element) {
	conditions := add(el, "saml", "Conditions")
	set(conditions, "NotBefore", writeTime(a.NotBefore))
	set(conditions, "NotOnOrAfter", writeTime(a.NotOnOrAfter))
	if a.Audience != "" {
		addText(add(conditions, "saml", "AudienceRestriction"), "saml", "Audience", a.Audience)
	}
}

func (a *Assertion) addAuthnStatement(el *etree.Element) {
	statement := add(el, "saml", "AuthnStatement")
	set(statement, "AuthnInstant", writeTime(a.AuthnInstant))
	set(statement, "SessionIndex", a.SessionIndex)
	addText(add(statement, "saml", "AuthnContext"), "saml", "AuthnContextClassRef", a.AuthnContextClassRef)
}

// addAttributes writes an AttributeStatement only when there is an attribute (AST-16).
func (a *Assertion) addAttributes(el *etree.Element) {
	if len(a.Attributes) == 0 {
		return
	}
	statement := add(el, "saml", "AttributeStatement")
	for _, at := range a.Attributes {
		at.addTo(statement)
	}
}

func (at Attribute) addTo(statement *etree.Element) {
	el := at.element(statement)
	value := add(el, "saml", "AttributeValue")
	value.CreateAttr("xmlns:xs", NSSchema)
	value.CreateAttr("xmlns:xsi", NSInstance)
	kind := at.Type
	if kind == "" {
		kind = "string"
	}
	value.CreateAttr("xsi:type", "xs:"+kind)
	if at.Value != "" {
		value.SetText(at.Value)
	}
}

// element appends the Attribute without a value, as metadata lists it.
func (at Attribute) element(parent *etree.Element) *etree.Element {
	el := add(parent, "saml", "Attribute")
	set(el, "Name", at.Name)
	set(el, "NameFormat", at.NameFormat)
	set(el, "FriendlyName", at.FriendlyName)
	return el
}

// ReadResponse reads a Response and the Assertion given beside it (the verified one; nil when there is none).
// It fails when either is another element; fields that do not parse stay zero. The Assertion inside response is
// never looked at. Of an attribute with several values the first is read.
func ReadResponse(response, assertion *etree.Element) (*Response, error) {
	if !Is(response, NSProtocol, "Response") {
		return nil, notThe("Response", response)
	}
	r := &Response{
		ID: attr(response, "ID"), InResponseTo: attr(response, "InResponseTo"), Destination: attr(response, "Destination"),
		Version: attr(response, "Version"), IssueInstant: readTime(attr(response, "IssueInstant")),
		Issuer: readNameID(Child(response, NSAssertion, "Issuer")),
	}
	status := Child(response, NSProtocol, "Status")
	code := Child(status, NSProtocol, "StatusCode")
	r.Status = Status{
		Code: attr(code, "Value"), Sub: attr(Child(code, NSProtocol, "StatusCode"), "Value"),
		Message: text(Child(status, NSProtocol, "StatusMessage")),
	}
	if assertion == nil {
		return r, nil
	}
	if !Is(assertion, NSAssertion, "Assertion") {
		return nil, notThe("Assertion", assertion)
	}
	r.Assertion = readAssertion(assertion)
	return r, nil
}

func readAssertion(el *etree.Element) *Assertion {
	subject := Child(el, NSAssertion, "Subject")
	confirmation := Child(subject, NSAssertion, "SubjectConfirmation")
	data := Child(confirmation, NSAssertion, "SubjectConfirmationData")
	conditions := Child(el, NSAssertion, "Conditions")
	statement := Child(el, NSAssertion, "AuthnStatement")
	return &Assertion{
		ID: attr(el, "ID"), Version: attr(el, "Version"), IssueInstant: readTime(attr(el, "IssueInstant")),
		Issuer:  readNameID(Child(el, NSAssertion, "Issuer")),
		Subject: readNameID(Child(subject, NSAssertion, "NameID")),
		Method:  attr(confirmation, "Method"), InResponseTo: attr(data, "InResponseTo"), Recipient: attr(data, "Recipient"),
		SubjectNotOnOrAfter:  readTime(attr(data, "NotOnOrAfter")),
		NotBefore:            readTime(attr(conditions, "NotBefore")),
		NotOnOrAfter:         readTime(attr(conditions, "NotOnOrAfter")),
		Audience:             text(Child(Child(conditions, NSAssertion, "AudienceRestriction"), NSAssertion, "Audience")),
		AuthnInstant:         readTime(attr(statement, "AuthnInstant")),
		SessionIndex:         attr(statement, "SessionIndex"),
		AuthnContextClassRef: text(Child(Child(statement, NSAssertion, "AuthnContext"), NSAssertion, "AuthnContextClassRef")),
		Attributes:           readAttributes(Child(el, NSAssertion, "AttributeStatement")),
	}
}

func readAttributes(parent *etree.Element) []Attribute {
	var list []Attribute
	for _, el := range Children(parent, NSAssertion, "Attribute") {
		a := Attribute{Name: attr(el, "Name"), NameFormat: attr(el, "NameFormat"), FriendlyName: attr(el, "FriendlyName")}
		value := Child(el, NSAssertion, "AttributeValue")
		a.Value = text(value)
		kind, _ := AttrNS(value, NSInstance, "type")
		a.Type = kind[strings.LastIndexByte(kind, ':')+1:]
		list = append(list, a)
	}
	return list
}
