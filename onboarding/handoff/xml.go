package handoff

import (
	"crypto/x509"
	"encoding/base64"
	"strings"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
)

// Namespaces of the note. The elements inside the roots are in none.
const (
	NSDescriptor        = "http://spid.gov.it/prevProfiles/metadata"
	NSResultVerified    = "http://spid.gov.it/spIdentity/verified/result"
	NSResultNotVerified = "http://spid.gov.it/spIdentity/notverified/result"
)

// field is an element without namespace and its text.
type field struct{ name, text string }

// addFields appends an element with a child per field to parent.
func addFields(parent *etree.Element, name string, list ...field) {
	appendFields(parent.CreateElement(name), list)
}

func appendFields(el *etree.Element, list []field) {
	for _, f := range list {
		c := el.CreateElement(f.name)
		if f.text != "" {
			c.SetText(f.text)
		}
	}
}

// fields reads the children of el: exactly these, in this order, in no namespace, with text alone. White space
// around the text goes.
func fields(el *etree.Element, names ...string) (map[string]string, error) {
	if err := shape(el, names...); err != nil {
		return nil, err
	}
	values := map[string]string{}
	for _, name := range names {
		c := saml.Child(el, "", name)
		s, err := saml.Text(c)
		if err != nil {
			return nil, malformed(name, err.Error(), "text alone")
		}
		if err := attributes(c, ""); err != nil {
			return nil, err
		}
		values[name] = strings.TrimSpace(s)
	}
	return values, nil
}

// attributes checks that el has no attribute but the one named, "" for none at all; declarations do not count.
func attributes(el *etree.Element, allowed string) error {
	for i := range el.Attr {
		a := &el.Attr[i]
		if a.Space == "xmlns" || a.Space == "" && (a.Key == "xmlns" || a.Key == allowed) {
			continue
		}
		return malformed(el.Tag, "the attribute "+a.FullKey(), "no attribute but "+allowed+" and declarations")
	}
	return nil
}

// shape checks that el has these child elements in this order and no others, and no text between them. Names have
// the prefixes saml and samlp, or none for no namespace; a "?" at the end means that the element may be absent.
func shape(el *etree.Element, names ...string) error {
	wanted := strings.Join(names, ", ")
	rest := names
	for _, t := range el.Child {
		switch t := t.(type) {
		case *etree.CharData:
			if strings.Trim(t.Data, " \t\r\n") != "" {
				return malformed(el.Tag, "text", wanted)
			}
		case *etree.Element:
			n := next(rest, qualified(t))
			if n < 0 {
				return malformed(el.Tag, t.Tag+" of "+t.NamespaceURI(), wanted)
			}
			rest = rest[n+1:]
		default:
			return malformed(el.Tag, "a comment or instruction", wanted)
		}
	}
	for _, name := range rest {
		if !strings.HasSuffix(name, "?") {
			return malformed(el.Tag, "no "+name, wanted)
		}
	}
	return nil
}

// next returns where in the list name comes next, past names that may be absent; -1 when it does not.
func next(list []string, name string) int {
	for i, wanted := range list {
		bare, optional := strings.CutSuffix(wanted, "?")
		if bare == name {
			return i
		}
		if !optional {
			break
		}
	}
	return -1
}

// qualified names an element with the prefix that this package uses for its namespace.
func qualified(el *etree.Element) string {
	switch el.NamespaceURI() {
	case "":
		return el.Tag
	case saml.NSAssertion:
		return "saml:" + el.Tag
	case saml.NSProtocol:
		return "samlp:" + el.Tag
	default:
		return "?:" + el.Tag
	}
}

func certificateText(c *x509.Certificate) string { return base64.StdEncoding.EncodeToString(c.Raw) }

// sign signs and lets our own verifier look at it before it leaves (SEC-24), with the certificate that the other side
// was told of.
func sign(el *etree.Element, key *saml.Key, declared *x509.Certificate, now time.Time) error {
	if err := key.Sign(el); err != nil {
		return err
	}
	_, err := saml.VerifyElement(el, []*x509.Certificate{declared}, now)
	return err
}
