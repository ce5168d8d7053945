package saml

import (
	"errors"
	"fmt"
	"strings"

	"github.com/beevik/etree"
)

// Attr returns the value of the unprefixed attribute and whether it is there (SEC-13).
func Attr(el *etree.Element, name string) (string, bool) {
	if el == nil {
		return "", false
	}
	for i := range el.Attr {
		if el.Attr[i].Space == "" && el.Attr[i].Key == name {
			return el.Attr[i].Value, true
		}
	}
	return "", false
}

// AttrNS returns the value of the attribute with that namespace and local name ("lang" in NSXML, "type" in
// NSInstance) and whether it is there.
func AttrNS(el *etree.Element, ns, local string) (string, bool) {
	if el == nil {
		return "", false
	}
	for i := range el.Attr {
		a := &el.Attr[i]
		if a.Space == "" || a.Space == "xmlns" || a.Key != local {
			continue
		}
		if lookup(el, a.Space) == ns {
			return a.Value, true
		}
	}
	return "", false
}

// lookup returns the namespace bound to prefix at el, "" when none is. The library's own method on attributes
// is not used: copies keep pointing at the element they were copied from, and detached ones at none.
func lookup(el *etree.Element, prefix string) string {
	if prefix == "xml" {
		return NSXML
	}
	for ; el != nil; el = el.Parent() {
		for i := range el.Attr {
			a := &el.Attr[i]
			if prefix == "" && a.Space == "" && a.Key == "xmlns" || prefix != "" && a.Space == "xmlns" && a.Key == prefix {
				return a.Value
			}
		}
	}
	return ""
}

func attr(el *etree.Element, name string) string {
	v, _ := Attr(el, name)
	return v
}

// Is reports whether el has that namespace and local name.
func Is(el *etree.Element, ns, local string) bool {
	return el != nil && el.Tag == local && el.NamespaceURI() == ns
}

// Children returns the direct child elements with that namespace and local name, never nil elements.
func Children(el *etree.Element, ns, local string) []*etree.Element {
	if el == nil {
		return nil
	}
	var list []*etree.Element
	for _, t := range el.Child {
		if c, ok := t.(*etree.Element); ok && Is(c, ns, local) {
			list = append(list, c)
		}
	}
	return list
}

// Child returns the first of Children, or nil. It accepts a nil el.
func Child(el *etree.Element, ns, local string) *etree.Element {
	if el == nil {
		return nil
	}
	for _, t := range el.Child {
		if c, ok := t.(*etree.Element); ok && Is(c, ns, local) {
			return c
		}
	}
	return nil
}

// Text returns the character data of an element with simple content. It fails when the
// element has any child other than character data (SEC-12).
func Text(el *etree.Element) (string, error) {
	if el == nil {
		return "", errors.New("no element to read text from")
	}
	if len(el.Child) == 1 {
		if c, ok := el.Child[0].(*etree.CharData); ok {
			return c.Data, nil
		}
	}
	var b strings.Builder
	for _, t := range el.Child {
		c, ok := t.(*etree.CharData)
		if !ok {
			return "", fmt.Errorf("%s: found more than text, wanted text alone", el.FullTag())
		}
		b.WriteString(c.Data)
	}
	return b.String(), nil
}

func text(el *etree.Element) string {
	s, err := Text(el)
	if err != nil {
		return ""
	}
	return s
}

// elements returns the direct child elements of el.
func elements(el *etree.Element) []*etree.Element {
	list := make([]*etree.Element, 0, len(el.Child))
	for _, t := range el.Child {
		if c, ok := t.(*etree.Element); ok {
			list = append(list, c)
		}
	}
	return list
}

// walk calls visit for el and each element below it in document order, until visit returns false.
func walk(el *etree.Element, visit func(*etree.Element) bool) bool {
	if !visit(el) {
		return false
	}
	for _, t := range el.Child {
		if c, ok := t.(*etree.Element); ok && !walk(c, visit) {
			return false
		}
	}
	return true
}

// pathOf names the elements from the root down to el, as Locate takes it; positions only where a name repeats.
func pathOf(el *etree.Element) string {
	var names []string
	for ; el != nil && el.Tag != ""; el = el.Parent() {
		names = append(names, el.Tag+position(el))
	}
	for i, j := 0, len(names)-1; i < j; i, j = i+1, j-1 {
		names[i], names[j] = names[j], names[i]
	}
	return strings.Join(names, "/")
}

// position returns "[n]" for the n-th of several siblings with one name, from the second on.
func position(el *etree.Element) string {
	parent, n := el.Parent(), 1
	if parent == nil {
		return ""
	}
	for _, t := range parent.Child {
		c, ok := t.(*etree.Element)
		if !ok {
			continue
		}
		if c == el {
			break
		}
		if c.Tag == el.Tag {
			n++
		}
	}
	if n == 1 {
		return ""
	}
	return fmt.Sprintf("[%d]", n)
}
