package saml

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"unicode/utf8"
)

// startElement checks one start tag: limits, names, namespaces, attributes, identifiers.
func (s *scanner) startElement(t xml.StartElement) error {
	if len(s.open) == 0 && s.elements > 0 {
		return s.fail("SEC-10", "a second root element "+clip(t.Name.Local), "one root element")
	}
	s.elements++
	s.open = append(s.open, openElement{t.Name, len(s.bound)})
	if err := s.count(t); err != nil {
		return err
	}
	if err := s.declare(t.Attr); err != nil {
		return err
	}
	if err := s.names(t); err != nil {
		return err
	}
	if err := s.identifiers(t); err != nil {
		return err
	}
	if tag := s.data[s.start:s.end]; bytes.ContainsAny(tag, "\n\r\t") {
		s.edits = append(s.edits, edit{s.start, s.end, false})
	}
	return nil
}

func (s *scanner) endElement(t xml.EndElement) error {
	if len(s.open) == 0 {
		return s.fail("SEC-10", "an end tag without a start: "+clip(t.Name.Local), "well-formed XML")
	}
	top := s.open[len(s.open)-1]
	if top.name != t.Name {
		return s.fail("SEC-10", "the end tag "+clip(t.Name.Local), "the end of "+clip(top.name.Local))
	}
	s.open, s.bound = s.open[:len(s.open)-1], s.bound[:top.bound]
	return nil
}

// count holds the limits on depth, elements, attributes and lengths (SEC-14).
func (s *scanner) count(t xml.StartElement) error {
	declarations := 0
	for i := range t.Attr {
		if isDeclaration(t.Attr[i].Name) {
			declarations++
		}
		if n := len(t.Attr[i].Value); n > s.lim.Value {
			return s.limit("an attribute value of "+strconv.Itoa(n)+" octets", s.lim.Value)
		}
		if n := len(t.Attr[i].Name.Space) + len(t.Attr[i].Name.Local); n > s.lim.Name {
			return s.limit("an attribute name of "+strconv.Itoa(n)+" octets", s.lim.Name)
		}
	}
	switch {
	case len(s.open) > s.lim.Depth:
		return s.limit("depth "+strconv.Itoa(len(s.open)), s.lim.Depth)
	case s.elements > s.lim.Elements:
		return s.limit(strconv.Itoa(s.elements)+" elements", s.lim.Elements)
	case declarations > s.lim.Namespaces:
		return s.limit(strconv.Itoa(declarations)+" namespace declarations", s.lim.Namespaces)
	case len(t.Attr)-declarations > s.lim.Attributes:
		return s.limit(strconv.Itoa(len(t.Attr)-declarations)+" attributes", s.lim.Attributes)
	case len(t.Name.Space)+len(t.Name.Local) > s.lim.Name:
		return s.limit("an element name of "+strconv.Itoa(len(t.Name.Space)+len(t.Name.Local))+" octets", s.lim.Name)
	}
	return nil
}

func isDeclaration(n xml.Name) bool {
	return n.Space == "xmlns" || n.Space == "" && n.Local == "xmlns"
}

// nsXMLNS is bound to the prefix xmlns for good and may not be declared.
const nsXMLNS = "http://www.w3.org/2000/xmlns/"

// declare brings the namespaces of one tag into scope (SEC-10).
func (s *scanner) declare(attrs []xml.Attr) error {
	for i := range attrs {
		if !isDeclaration(attrs[i].Name) {
			continue
		}
		b := binding{uri: attrs[i].Value}
		if attrs[i].Name.Space == "xmlns" {
			b.prefix = attrs[i].Name.Local
		}
		if wanted := undeclarable(b); wanted != "" {
			return s.fail("SEC-10", `the declaration of prefix "`+clip(b.prefix)+`" for "`+clip(b.uri)+`"`, wanted)
		}
		s.bound = append(s.bound, b)
	}
	return nil
}

// undeclarable says what a namespace declaration should have been, "" when it is fine. The default namespace may
// be taken back by xmlns="", as serialisers do for elements in no namespace; a prefix may not.
func undeclarable(b binding) string {
	switch {
	case b.prefix == "xmlns" || b.uri == nsXMLNS:
		return "no declaration of xmlns"
	case (b.prefix == "xml") != (b.uri == NSXML):
		return "xml for its own namespace alone"
	case b.uri == "" && b.prefix != "":
		return "a namespace name"
	case b.uri != "" && !absolute(b.uri):
		return "an absolute URI"
	}
	return ""
}

// absolute reports whether a URI begins with a scheme and has something after it.
func absolute(uri string) bool {
	scheme, rest, ok := strings.Cut(uri, ":")
	if !ok || scheme == "" || rest == "" || !isLetter(scheme[0]) {
		return false
	}
	for i := 1; i < len(scheme); i++ {
		c := scheme[i]
		if !isLetter(c) && (c < '0' || c > '9') && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// resolve returns the namespace of a prefix in scope and whether it is declared. No prefix is always declared.
func (s *scanner) resolve(prefix string) (string, bool) {
	if prefix == "xml" {
		return NSXML, true
	}
	for i := len(s.bound) - 1; i >= 0; i-- {
		if s.bound[i].prefix == prefix {
			return s.bound[i].uri, true
		}
	}
	return "", prefix == ""
}

// names checks the names of one tag: shape, declared prefixes, no attribute twice (SEC-10).
func (s *scanner) names(t xml.StartElement) error {
	if err := s.name(t.Name); err != nil {
		return err
	}
	for i := range t.Attr {
		n := t.Attr[i].Name
		if isDeclaration(n) {
			if !isNCName(n.Local) {
				return s.fail("SEC-10", "the prefix "+clip(n.Local), "a name without a colon")
			}
		} else if err := s.name(n); err != nil {
			return err
		}
		for j := range t.Attr[:i] {
			if s.same(t.Attr[j].Name, n) {
				return s.fail("SEC-10", "the attribute "+clip(n.Local)+" twice", "each attribute once")
			}
		}
	}
	return nil
}

func (s *scanner) name(n xml.Name) error {
	if !isNCName(n.Local) || n.Space != "" && !isNCName(n.Space) {
		return s.fail("SEC-10", "the name "+clip(n.Space+":"+n.Local), "at most one colon, between two names")
	}
	if _, ok := s.resolve(n.Space); !ok || n.Space == "xmlns" {
		return s.fail("SEC-10", "the undeclared prefix "+clip(n.Space), "a declared prefix")
	}
	return nil
}

// same reports whether two attribute names are one, by their letters or by the namespaces of their prefixes.
func (s *scanner) same(a, b xml.Name) bool {
	if a.Local != b.Local {
		return false
	}
	if a.Space == b.Space {
		return true
	}
	if a.Space == "" || b.Space == "" || a.Space == "xmlns" || b.Space == "xmlns" {
		return false
	}
	left, _ := s.resolve(a.Space)
	right, _ := s.resolve(b.Space)
	return left == right
}

// identifiers holds SEC-15: whatever is called "id" is the unprefixed ID, an NCName, and unique. See the package
// comment for the two exceptions: Id of XML Signature and XML Encryption, and the shape of the root's ID.
func (s *scanner) identifiers(t xml.StartElement) error {
	for i := range t.Attr {
		a := &t.Attr[i]
		if len(a.Name.Local) != 2 || !strings.EqualFold(a.Name.Local, "id") || isDeclaration(a.Name) {
			continue
		}
		if !s.spelt(t.Name, a.Name) {
			return s.fail("SEC-15", "the attribute "+strings.TrimPrefix(a.Name.Space+":"+a.Name.Local, ":"), "ID")
		}
		if err := s.identifier(a.Value); err != nil {
			return err
		}
	}
	return nil
}

func (s *scanner) spelt(element, attribute xml.Name) bool {
	if attribute.Space != "" {
		return false
	}
	if attribute.Local == "Id" {
		ns, _ := s.resolve(element.Space)
		return ns == NSSignature || ns == NSEncryption
	}
	return attribute.Local == "ID"
}

func (s *scanner) identifier(value string) error {
	root := len(s.open) == 1
	switch {
	case len(value) > maxID:
		e := s.limit("an ID of "+strconv.Itoa(len(value))+" octets", maxID)
		e.Rule = "SEC-15"
		return e
	case !root && !isNCName(value):
		return s.fail("SEC-15", "the ID "+strconv.Quote(clip(value)), "an NCName")
	case s.ids[value]:
		return s.fail("SEC-15", "the ID "+strconv.Quote(clip(value))+" twice", "each ID once")
	}
	if s.ids == nil {
		s.ids = map[string]bool{}
	}
	s.ids[value] = true
	return nil
}

// IsNCName reports whether s is a name without colon, as an xs:ID must be (REQ-01, SEC-15).
func IsNCName(s string) bool { return isNCName(s) }

func isNCName(s string) bool {
	if s == "" {
		return false
	}
	for i := 0; i < len(s); {
		r, n := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(s[i:])
		}
		if !nameStart(r) && (i == 0 || !nameRest(r)) {
			return false
		}
		i += n
	}
	return true
}

// nameStart and nameRest are the productions NameStartChar and NameChar of XML 1.0, fifth edition, less the colon.
func nameStart(r rune) bool {
	if r < utf8.RuneSelf {
		return isLetter(byte(r)) || r == '_'
	}
	for _, span := range nameStartSpans {
		if r <= span[1] {
			return r >= span[0]
		}
	}
	return false
}

func nameRest(r rune) bool {
	return '0' <= r && r <= '9' || r == '-' || r == '.' || r == 0xB7 || 0x300 <= r && r <= 0x36F || r == 0x203F || r == 0x2040
}

var nameStartSpans = [...][2]rune{
	{0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x2FF}, {0x370, 0x37D}, {0x37F, 0x1FFF}, {0x200C, 0x200D}, {0x2070, 0x218F},
	{0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF},
}
