package saml

import (
	"bytes"
	"fmt"

	"github.com/beevik/etree"
	"github.com/russellhaering/goxmldsig/etreeutils"
)

// nested reports whether el has an element above it, so that namespaces may be declared there.
func nested(el *etree.Element) bool {
	p := el.Parent()
	return p != nil && p.Tag != ""
}

// detach returns a copy of el that stands on its own: the namespaces of its ancestors are declared on it. A root
// is only copied, since the library's budget of 1,000 elements for detaching is too small for metadata.
func detach(el *etree.Element) (*etree.Element, error) {
	if !nested(el) {
		return el.Copy(), nil
	}
	ctx, err := etreeutils.NSBuildParentContext(el)
	if err != nil {
		return nil, fmt.Errorf("%s: namespaces of its ancestors: %w", el.FullTag(), err)
	}
	return etreeutils.NSDetatch(ctx, el)
}

// Serialise returns the octets of el as a document of its own, namespaces of its ancestors included. Nothing is indented.
func Serialise(el *etree.Element) []byte {
	if nested(el) {
		el = alone(el)
	}
	// Carriage returns, and line feeds and tabs in attributes, go out as character references: a reader
	// would otherwise normalise them, and a signature over them would break.
	var b bytes.Buffer
	el.WriteTo(&b, canonicalSettings())
	return b.Bytes()
}

// alone is detach without the library's budget: it declares on a copy what the ancestors declare and the
// element does not.
func alone(el *etree.Element) *etree.Element {
	c := el.Copy()
	for p := el.Parent(); p != nil; p = p.Parent() {
		for _, a := range p.Attr {
			if (a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns") && !declares(c, a.Space, a.Key) {
				c.CreateAttr(a.FullKey(), a.Value)
			}
		}
	}
	return c
}

// graft appends a copy of el to parent, with the namespaces it brings from elsewhere and does not find there.
func graft(parent, el *etree.Element) {
	c := alone(el)
	kept := c.Attr[:0]
	for _, a := range c.Attr {
		prefix, declaration := a.Key, a.Space == "xmlns"
		if a.Space == "" && a.Key == "xmlns" {
			prefix, declaration = "", true
		}
		if !declaration || lookup(parent, prefix) != a.Value {
			kept = append(kept, a)
		}
	}
	c.Attr = kept
	parent.AddChild(c)
}

func declares(el *etree.Element, space, key string) bool {
	for i := range el.Attr {
		if el.Attr[i].Space == space && el.Attr[i].Key == key {
			return true
		}
	}
	return false
}

// NewElement returns an element with its namespace declared on itself, for Extensions. prefix "" makes it the
// default namespace, both "" leave it in none; text "" leaves the element empty.
func NewElement(prefix, ns, local, text string) *etree.Element {
	el := etree.NewElement(local)
	el.Space = prefix
	switch {
	case prefix != "":
		el.CreateAttr("xmlns:"+prefix, ns)
	case ns != "":
		el.CreateAttr("xmlns", ns)
	}
	if text != "" {
		el.SetText(text)
	}
	return el
}

// add appends a child with that prefix and local name and returns it.
func add(parent *etree.Element, prefix, local string) *etree.Element {
	c := parent.CreateElement(local)
	c.Space = prefix
	return c
}

// addText appends a child with text, or nothing when text is "".
func addText(parent *etree.Element, prefix, local, text string) *etree.Element {
	if text == "" {
		return nil
	}
	c := add(parent, prefix, local)
	c.SetText(text)
	return c
}

// set writes the attribute, or nothing when value is "".
func set(el *etree.Element, name, value string) {
	if value != "" {
		el.CreateAttr(name, value)
	}
}
