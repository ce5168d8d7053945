package rules

import (
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"spidsim/saml"
)

// complexType describes an element as the SAML schemas do: its attributes, and either a sequence of children,
// simple content, or content that is not looked into. It says nothing of what a row of its own judges: that an ID
// is there, that Version is 2.0. Together with those rows it is as strict as the schema.
type complexType struct {
	attrs  map[string]simpleType // unprefixed ones; others than xml: and xsi: are refused
	lax    bool                  // any attributes and any content
	simple simpleType            // content of an element without children; nil = children only
	seq    []particle
	other  bool // children of other namespaces only, at least one (Extensions)
}

// particle is one place in a sequence.
type particle struct {
	ns    string
	names []string // alternatives
	min   int
	max   int // -1 = unbounded
	typ   []*complexType
}

// simpleType reports whether a value belongs to it.
type simpleType func(string) bool

func anyString(string) bool   { return true }
func isBoolean(s string) bool { _, ok := xsBoolean(strings.TrimSpace(s)); return ok }
func isCount(s string) bool   { return digits(strings.TrimSpace(s)) }
func isURI(s string) bool     { return !strings.ContainsAny(s, " \t\r\n<>\"{}|\\^`") }
func isComparison(s string) bool {
	return slices.Contains([]string{"exact", "minimum", "maximum", "better"}, s)
}
func opt(ns, name string, t *complexType) particle {
	return particle{ns, []string{name}, 0, 1, []*complexType{t}}
}
func many(ns, name string, t *complexType) particle {
	return particle{ns, []string{name}, 0, -1, []*complexType{t}}
}

var (
	laxType  = &complexType{lax: true}
	textType = &complexType{simple: anyString}
	uriType  = &complexType{simple: isURI}

	nameIDType = &complexType{simple: anyString, attrs: map[string]simpleType{
		"NameQualifier": anyString, "SPNameQualifier": anyString, "Format": isURI, "SPProvidedID": anyString}}

	extensionsType = &complexType{other: true}

	confirmationType = &complexType{attrs: map[string]simpleType{"Method": isURI}, seq: []particle{
		{saml.NSAssertion, []string{"BaseID", "NameID", "EncryptedID"}, 0, 1, []*complexType{laxType, nameIDType, laxType}},
		opt(saml.NSAssertion, "SubjectConfirmationData", laxType)}}

	subjectType = &complexType{seq: []particle{
		{saml.NSAssertion, []string{"BaseID", "NameID", "EncryptedID"}, 0, 1, []*complexType{laxType, nameIDType, laxType}},
		many(saml.NSAssertion, "SubjectConfirmation", confirmationType)}}

	audienceType = &complexType{seq: []particle{{saml.NSAssertion, []string{"Audience"}, 1, -1, []*complexType{uriType}}}}

	conditionsType = &complexType{attrs: map[string]simpleType{"NotBefore": anyString, "NotOnOrAfter": anyString}, seq: []particle{
		{saml.NSAssertion, []string{"Condition", "AudienceRestriction", "OneTimeUse", "ProxyRestriction"}, 0, -1,
			[]*complexType{laxType, audienceType, laxType, laxType}}}}

	policyType = &complexType{attrs: map[string]simpleType{"Format": isURI, "SPNameQualifier": anyString, "AllowCreate": isBoolean}}

	contextType = &complexType{attrs: map[string]simpleType{"Comparison": isComparison}, seq: []particle{
		{saml.NSAssertion, []string{"AuthnContextClassRef", "AuthnContextDeclRef"}, 1, -1, []*complexType{uriType, uriType}}}}

	scopingType = &complexType{attrs: map[string]simpleType{"ProxyCount": isCount}, seq: []particle{
		opt(saml.NSProtocol, "IDPList", laxType), many(saml.NSProtocol, "RequesterID", uriType)}}

	// requestType is AuthnRequestType of the protocol schema.
	requestType = &complexType{
		attrs: map[string]simpleType{
			"ID": anyString, "Version": anyString, "IssueInstant": anyString, "Destination": isURI, "Consent": isURI,
			"ForceAuthn": isBoolean, "IsPassive": isBoolean, "ProtocolBinding": isURI,
			"AssertionConsumerServiceIndex": anyString, "AssertionConsumerServiceURL": isURI,
			"AttributeConsumingServiceIndex": anyString, "ProviderName": anyString,
		},
		seq: []particle{
			opt(saml.NSAssertion, "Issuer", nameIDType), opt(saml.NSSignature, "Signature", laxType),
			opt(saml.NSProtocol, "Extensions", extensionsType), opt(saml.NSAssertion, "Subject", subjectType),
			opt(saml.NSProtocol, "NameIDPolicy", policyType), opt(saml.NSAssertion, "Conditions", conditionsType),
			opt(saml.NSProtocol, "RequestedAuthnContext", contextType), opt(saml.NSProtocol, "Scoping", scopingType),
		},
	}

	statusCodeType = nestedStatusCode()
	statusType     = &complexType{seq: []particle{
		opt(saml.NSProtocol, "StatusCode", statusCodeType), opt(saml.NSProtocol, "StatusMessage", textType),
		opt(saml.NSProtocol, "StatusDetail", laxType)}}

	// responseType is ResponseType of the protocol schema. Assertions are looked at where they were verified.
	responseType = &complexType{
		attrs: map[string]simpleType{"ID": anyString, "InResponseTo": anyString, "Version": anyString,
			"IssueInstant": anyString, "Destination": anyString, "Consent": isURI},
		seq: []particle{
			opt(saml.NSAssertion, "Issuer", nameIDType), opt(saml.NSSignature, "Signature", laxType),
			opt(saml.NSProtocol, "Extensions", laxType), opt(saml.NSProtocol, "Status", statusType),
			{saml.NSAssertion, []string{"Assertion", "EncryptedAssertion"}, 0, -1, []*complexType{laxType, laxType}},
		},
	}

	authnContextType = &complexType{seq: []particle{
		opt(saml.NSAssertion, "AuthnContextClassRef", textType), opt(saml.NSAssertion, "AuthnContextDecl", laxType),
		opt(saml.NSAssertion, "AuthnContextDeclRef", uriType), many(saml.NSAssertion, "AuthenticatingAuthority", uriType)}}

	authnStatementType = &complexType{
		attrs: map[string]simpleType{"AuthnInstant": anyString, "SessionIndex": anyString, "SessionNotOnOrAfter": anyString},
		seq:   []particle{opt(saml.NSAssertion, "SubjectLocality", laxType), opt(saml.NSAssertion, "AuthnContext", authnContextType)}}

	// assertionType is AssertionType of the assertion schema, less the statements that SPID does not know. The
	// order of the statements is free in the schema.
	assertionType = &complexType{
		attrs: map[string]simpleType{"ID": anyString, "Version": anyString, "IssueInstant": anyString},
		seq: []particle{
			opt(saml.NSAssertion, "Issuer", nameIDType), opt(saml.NSSignature, "Signature", laxType),
			opt(saml.NSAssertion, "Subject", subjectType), opt(saml.NSAssertion, "Conditions", conditionsType),
			opt(saml.NSAssertion, "Advice", laxType),
			{saml.NSAssertion, []string{"AuthnStatement", "AttributeStatement"}, 0, -1, []*complexType{authnStatementType, laxType}},
		},
	}
)

// nestedStatusCode describes StatusCode, which may hold a StatusCode to any depth.
func nestedStatusCode() *complexType {
	t := &complexType{attrs: map[string]simpleType{"Value": isURI}}
	t.seq = []particle{opt(saml.NSProtocol, "StatusCode", t)}
	return t
}

// validate returns the first place where el departs from t, as a fault, or nil.
func validate(el *etree.Element, t *complexType, path string) error {
	if t.lax {
		return nil
	}
	if err := validateAttrs(el, t, path); err != nil {
		return err
	}
	children := elements(el)
	switch {
	case t.other:
		return validateOther(el, children, path)
	case t.simple != nil:
		return validateSimple(el, t, path)
	case strings.TrimSpace(looseText(el)) != "":
		return fault(path, strings.TrimSpace(looseText(el)), "")
	}
	return validateSequence(children, t, path)
}

func validateAttrs(el *etree.Element, t *complexType, path string) error {
	for _, a := range plainAttrs(el) {
		typ := t.attrs[a.Key]
		if a.Space != "" || typ == nil {
			return fault(path+"/@"+a.FullKey(), a.Value, "")
		}
		if !typ(a.Value) {
			return fault(path+"/@"+a.Key, a.Value, typeName(a.Key))
		}
	}
	return nil
}

// typeName says which values an attribute takes.
func typeName(key string) string {
	switch key {
	case "ForceAuthn", "IsPassive", "AllowCreate":
		return "xs:boolean (true | false | 1 | 0)"
	case "ProxyCount":
		return "xs:nonNegativeInteger"
	case "Comparison":
		return "exact | minimum | better | maximum"
	}
	return "xs:anyURI"
}

func validateSimple(el *etree.Element, t *complexType, path string) error {
	v, err := saml.Text(el)
	if err != nil {
		return fault(path, elements(el)[0].Tag, "")
	}
	if !t.simple(strings.TrimSpace(v)) {
		return fault(path, v, "xs:anyURI")
	}
	return nil
}

func validateOther(el *etree.Element, children []*etree.Element, path string) error {
	if len(children) == 0 {
		return fault(path, "", "1 …")
	}
	for _, c := range children {
		if ns := c.NamespaceURI(); ns == "" || ns == el.NamespaceURI() {
			return fault(path+"/"+c.Tag, ns, "≠ "+el.NamespaceURI())
		}
	}
	return nil
}

// validateSequence walks the children along the particles.
func validateSequence(children []*etree.Element, t *complexType, path string) error {
	at, seen := 0, 0
	for _, c := range children {
		for at < len(t.seq) && (t.seq[at].index(c) < 0 || seen == t.seq[at].max) {
			if seen < t.seq[at].min {
				return fault(path+"/"+t.seq[at].names[0], "", strconv.Itoa(t.seq[at].min))
			}
			at, seen = at+1, 0
		}
		if at == len(t.seq) {
			return misplaced(c, t, path)
		}
		seen++
		if err := validate(c, t.seq[at].typ[t.seq[at].index(c)], path+"/"+c.Tag); err != nil {
			return err
		}
	}
	for ; at < len(t.seq); at, seen = at+1, 0 {
		if seen < t.seq[at].min {
			return fault(path+"/"+t.seq[at].names[0], "", strconv.Itoa(t.seq[at].min))
		}
	}
	return nil
}

// misplaced says of a child whether it is unknown, doubled, or in the wrong place.
func misplaced(c *etree.Element, t *complexType, path string) error {
	if !t.knows(c) {
		return fault(path+"/"+c.Tag, c.Tag, "")
	}
	return fault(path+"/"+c.Tag, c.Tag, t.order())
}

func (t *complexType) knows(c *etree.Element) bool {
	return slices.ContainsFunc(t.seq, func(p particle) bool { return p.index(c) >= 0 })
}

// order lists the names of the sequence.
func (t *complexType) order() string {
	var names []string
	for _, p := range t.seq {
		names = append(names, strings.Join(p.names, "|"))
	}
	return strings.Join(names, ", ")
}

// index returns which alternative c is, -1 for none.
func (p *particle) index(c *etree.Element) int {
	if i := slices.Index(p.names, c.Tag); i >= 0 && c.NamespaceURI() == p.ns {
		return i
	}
	return -1
}

// elements returns the child elements of el, of any name.
func elements(el *etree.Element) []*etree.Element {
	if el == nil {
		return nil
	}
	list := make([]*etree.Element, 0, len(el.Child))
	for _, t := range el.Child {
		if c, ok := t.(*etree.Element); ok {
			list = append(list, c)
		}
	}
	return list
}

// looseText joins the character data directly below el.
func looseText(el *etree.Element) string {
	var b strings.Builder
	for _, t := range el.Child {
		if c, ok := t.(*etree.CharData); ok {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
