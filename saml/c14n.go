package saml

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// excC14N is exclusive canonicalization without comments for what this package builds and signs. It takes the place
// of the library's, which copies a map of namespaces twice an element and so costs as much as a third of
// an RSA signature per message; it edits nothing and sees the namespaces of ancestors. Verification uses the library's.
// Tests hold both to the same octets.
type excC14N struct{}

// Algorithm returns the identifier that SignedInfo names.
func (excC14N) Algorithm() dsig.AlgorithmID { return dsig.CanonicalXML10ExclusiveAlgorithmId }

// Canonicalize returns the canonical octets of el, which may be nested.
func (excC14N) Canonicalize(el *etree.Element) ([]byte, error) {
	var w canonicalWriter
	if err := w.element(el, nil); err != nil {
		return nil, err
	}
	return w.Bytes(), nil
}

// canonicalSettings makes etree escape as Canonical XML wants.
func canonicalSettings() *etree.WriteSettings {
	return &etree.WriteSettings{CanonicalText: true, CanonicalAttrVal: true}
}

type canonicalWriter struct {
	bytes.Buffer
	settings etree.WriteSettings
}

// element writes el; rendered are the declarations written on its ancestors, innermost last.
func (w *canonicalWriter) element(el *etree.Element, rendered []binding) error {
	if !w.settings.CanonicalText {
		w.settings = *canonicalSettings()
	}
	fresh, err := declarationsFor(el, rendered)
	if err != nil {
		return err
	}
	name := el.FullTag()
	w.WriteByte('<')
	w.WriteString(name)
	for _, b := range fresh {
		w.attribute(declaration(b))
	}
	for _, a := range plainAttributes(el) {
		w.attribute(a)
	}
	w.WriteByte('>')
	// The capacity is cut, so that siblings do not write into each other's lists.
	if err := w.children(el, append(rendered[:len(rendered):len(rendered)], fresh...)); err != nil {
		return err
	}
	w.WriteString("</")
	w.WriteString(name)
	w.WriteByte('>')
	return nil
}

func (w *canonicalWriter) attribute(a etree.Attr) {
	w.WriteByte(' ')
	a.WriteTo(w, &w.settings)
}

func (w *canonicalWriter) children(el *etree.Element, rendered []binding) error {
	for _, t := range el.Child {
		switch t := t.(type) {
		case *etree.Element:
			if err := w.element(t, rendered); err != nil {
				return err
			}
		case *etree.CharData:
			etree.NewText(t.Data).WriteTo(w, &w.settings) // as text, were it CDATA
		case *etree.Comment: // left out
		default:
			return fmt.Errorf("%s: found %T, wanted elements and text", el.FullTag(), t)
		}
	}
	return nil
}

func declaration(b binding) etree.Attr {
	if b.prefix == "" {
		return etree.Attr{Key: "xmlns", Value: b.uri}
	}
	return etree.Attr{Space: "xmlns", Key: b.prefix, Value: b.uri}
}

// declarationsFor returns what el has to declare: the prefixes that its own name and attributes use, unless the
// nearest rendered declaration says the same. In order of prefix, the default namespace first.
func declarationsFor(el *etree.Element, rendered []binding) ([]binding, error) {
	var list []binding
	use := func(prefix string) error {
		if prefix == "xml" || slices.ContainsFunc(list, func(b binding) bool { return b.prefix == prefix }) {
			return nil
		}
		uri := lookup(el, prefix)
		if uri == "" && prefix != "" {
			return fmt.Errorf("%s: found the undeclared prefix %q, wanted a declared one", el.FullTag(), prefix)
		}
		if uri != inForce(rendered, prefix) {
			list = append(list, binding{prefix, uri})
		}
		return nil
	}
	if err := use(el.Space); err != nil {
		return nil, err
	}
	for i := range el.Attr {
		if a := &el.Attr[i]; a.Space != "" && a.Space != "xmlns" {
			if err := use(a.Space); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(list, func(a, b binding) int { return cmp.Compare(a.prefix, b.prefix) })
	return list, nil
}

// inForce returns what the innermost rendered declaration binds prefix to, "" when there is none.
func inForce(rendered []binding, prefix string) string {
	for i := len(rendered) - 1; i >= 0; i-- {
		if rendered[i].prefix == prefix {
			return rendered[i].uri
		}
	}
	return ""
}

// plainAttributes returns the attributes that declare nothing: those in no namespace first, then by namespace and
// local name.
func plainAttributes(el *etree.Element) []etree.Attr {
	list := make([]etree.Attr, 0, len(el.Attr))
	for _, a := range el.Attr {
		if a.Space != "xmlns" && (a.Space != "" || a.Key != "xmlns") {
			list = append(list, a)
		}
	}
	namespace := func(a etree.Attr) string {
		if a.Space == "" {
			return ""
		}
		return lookup(el, a.Space)
	}
	slices.SortFunc(list, func(a, b etree.Attr) int {
		return cmp.Or(cmp.Compare(namespace(a), namespace(b)), cmp.Compare(a.Key, b.Key))
	})
	return list
}
