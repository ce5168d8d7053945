package sp_test

import (
	"strings"
	"testing"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// evil is what every forged part claims.
const evil = "TINIT-EVLMLL70A01H501E"

// forge makes an element claim the evil identity under a new ID; Signatures are dropped.
func forge(el *etree.Element, id string) *etree.Element {
	out := el.Copy()
	out.CreateAttr("ID", id)
	unsign(out)
	for _, v := range out.FindElements(".//AttributeValue") {
		v.SetText(evil)
	}
	for _, v := range out.FindElements(".//NameID") {
		v.SetText("_evil")
	}
	return out
}

func unsign(el *etree.Element) {
	for _, s := range el.FindElements("./Signature") {
		el.RemoveChild(s)
	}
}

func assertionOf(el *etree.Element) *etree.Element {
	return saml.Child(el, saml.NSAssertion, "Assertion")
}
func signatureOf(el *etree.Element) *etree.Element {
	return saml.Child(el, saml.NSSignature, "Signature")
}

// object puts a child into a ds:Object of a Signature.
func object(signature, child *etree.Element) {
	o := etree.NewElement("ds:Object")
	o.CreateAttr("xmlns:ds", saml.NSSignature)
	o.AddChild(child)
	signature.AddChild(o)
}

// TestWrapping tries the eight classical attacks and their kin. The genuine element stays intact and signed
// somewhere in each document; only the reader that looks past it lets the forged one in (SEC-20).
func TestWrapping(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	responseOnly, assertionOnly, both := signing{nil, p.idp.key}, signing{p.idp.key, nil}, signing{p.idp.key, p.idp.key}
	for _, row := range []struct {
		name string
		how  signing
		wrap func(genuine *etree.Element) *etree.Element
	}{
		{"XSW1: a forged Response around the genuine one, which lies in the Signature", both, func(g *etree.Element) *etree.Element {
			root := forge(g, "_evil-response")
			s := signatureOf(g).Copy()
			inner := g.Copy()
			unsign(inner)
			s.AddChild(inner)
			root.InsertChildAt(1, s)
			return root
		}},
		{"XSW2: the genuine Response beside the Signature of a forged one", both, func(g *etree.Element) *etree.Element {
			root := forge(g, "_evil-response")
			inner := g.Copy()
			unsign(inner)
			root.InsertChildAt(1, inner)
			root.InsertChildAt(2, signatureOf(g).Copy())
			return root
		}},
		{"XSW3: a forged Assertion before the genuine one", assertionOnly, func(g *etree.Element) *etree.Element {
			a := assertionOf(g)
			g.InsertChildAt(a.Index(), forge(a, "_evil"))
			return g
		}},
		{"XSW3b: a forged Assertion after the genuine one", assertionOnly, func(g *etree.Element) *etree.Element {
			a := assertionOf(g)
			g.InsertChildAt(a.Index()+1, forge(a, "_evil"))
			return g
		}},
		{"XSW3c: a forged Assertion with the ID of the genuine one", assertionOnly, func(g *etree.Element) *etree.Element {
			a := assertionOf(g)
			id, _ := saml.Attr(a, "ID")
			g.InsertChildAt(a.Index(), forge(a, id))
			return g
		}},
		{"XSW4: the genuine Assertion within a forged one", assertionOnly, func(g *etree.Element) *etree.Element {
			a := assertionOf(g)
			f := forge(a, "_evil")
			g.RemoveChild(a)
			f.AddChild(a)
			g.AddChild(f)
			return g
		}},
		{"XSW5: the Signature moved into the forged Assertion, the genuine one behind it", assertionOnly, func(g *etree.Element) *etree.Element {
			a := assertionOf(g)
			f := forge(a, "_evil")
			f.InsertChildAt(1, signatureOf(a).Copy())
			unsign(a)
			g.InsertChildAt(a.Index(), f)
			return g
		}},
		{"XSW6: the genuine Assertion in the Signature of the forged one", assertionOnly, func(g *etree.Element) *etree.Element {
			a := assertionOf(g)
			f := forge(a, "_evil")
			s := signatureOf(a).Copy()
			unsign(a)
			g.RemoveChild(a)
			s.AddChild(a)
			f.InsertChildAt(1, s)
			g.AddChild(f)
			return g
		}},
		{"XSW7: a forged Assertion with the same ID in Extensions", assertionOnly, func(g *etree.Element) *etree.Element {
			a := assertionOf(g)
			id, _ := saml.Attr(a, "ID")
			ext := etree.NewElement("samlp:Extensions")
			ext.CreateAttr("xmlns:samlp", saml.NSProtocol)
			ext.AddChild(forge(a, id))
			g.InsertChildAt(1, ext)
			return g
		}},
		{"XSW8: the genuine Assertion in an Object of the forged one's Signature", assertionOnly, func(g *etree.Element) *etree.Element {
			a := assertionOf(g)
			f := forge(a, "_evil")
			s := signatureOf(a).Copy()
			unsign(a)
			g.RemoveChild(a)
			object(s, a)
			f.InsertChildAt(1, s)
			g.AddChild(f)
			return g
		}},
		{"a forged Assertion in an Object under a good Signature", assertionOnly, func(g *etree.Element) *etree.Element {
			a := assertionOf(g)
			object(signatureOf(a), forge(a, "_evil"))
			return g
		}},
		{"the genuine Assertion in StatusDetail, a forged one in its place", assertionOnly, func(g *etree.Element) *etree.Element {
			a := assertionOf(g)
			f := forge(a, "_evil")
			g.RemoveChild(a)
			detail := etree.NewElement("samlp:StatusDetail")
			detail.CreateAttr("xmlns:samlp", saml.NSProtocol)
			detail.AddChild(a)
			saml.Child(g, saml.NSProtocol, "Status").AddChild(detail)
			g.AddChild(f)
			return g
		}},
		{"the genuine Assertion in the Advice of a forged one", assertionOnly, func(g *etree.Element) *etree.Element {
			a := assertionOf(g)
			f := forge(a, "_evil")
			g.RemoveChild(a)
			advice := etree.NewElement("saml:Advice")
			advice.CreateAttr("xmlns:saml", saml.NSAssertion)
			advice.AddChild(a)
			f.AddChild(advice)
			g.AddChild(f)
			return g
		}},
		{"the genuine Response within a forged one", both, func(g *etree.Element) *etree.Element {
			root := forge(g, "_evil-response")
			root.AddChild(g.Copy())
			return root
		}},
		{"a forged unsigned Assertion in a signed Response without its own", responseOnly, func(g *etree.Element) *etree.Element {
			a := assertionOf(g)
			g.InsertChildAt(a.Index(), forge(a, "_evil"))
			return g
		}},
		{"a signed metadata document as first child, the Assertion unsigned (112)", signing{}, func(g *etree.Element) *etree.Element {
			md := reparse(t, p.idp.metadata)
			g.InsertChildAt(0, md)
			return g
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := p.browser(t)
			l := b.begin("?binding=redirect")
			genuine := reparse(t, seal(t, p.idp.positive(l.request, p.acs(), spid.L2, l.set).Element(), row.how))
			document := saml.Serialise(row.wrap(genuine))
			b.mustStayOut(document, l.relayState)
			if page := b.get("/spid/me"); strings.Contains(page.body, evil) {
				t.Error("the forged value stands on a page")
			}
			b.mustEnter(b.good(l, spid.L2), l.relayState)
		})
	}
}

// TestOctetsThatNoMessageNeeds sends documents that differ from a good one outside of what XML signatures see.
func TestOctetsThatNoMessageNeeds(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for _, row := range []struct {
		name  string
		spoil func(string) string
	}{
		{"a document type", func(s string) string { return "<!DOCTYPE Response>" + s }},
		{"an external entity", func(s string) string {
			return `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>` + s
		}},
		{"a comment within the NameID (SEC-12)", func(s string) string { return strings.Replace(s, "</saml:NameID>", "<!-- -->.evil</saml:NameID>", 1) }},
		{"a comment within a value", func(s string) string { return strings.Replace(s, "Verdi<", "Ver<!-- -->di<", 1) }},
		{"CDATA within a value", func(s string) string { return strings.Replace(s, "Verdi<", "<![CDATA[Verdi]]><", 1) }},
		{"a processing instruction", func(s string) string { return strings.Replace(s, "Verdi<", "Ver<?x y?>di<", 1) }},
		{"a second root", func(s string) string { return s + "<x/>" }},
		{"text after the root", func(s string) string { return s + "x" }},
		{"UTF-16 on the label", func(s string) string { return `<?xml version="1.0" encoding="UTF-16"?>` + s }},
		{"no octets", func(string) string { return "" }},
		{"another root element", func(string) string { return `<x xmlns="urn:x"/>` }},
		{"half a document", func(s string) string { return s[:len(s)/2] }},
		{"deep nesting", func(s string) string { return strings.Repeat("<a>", 20000) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := p.browser(t)
			l := b.begin("?binding=redirect")
			good := string(seal(t, p.idp.positive(l.request, p.acs(), spid.L2, l.set).Element(), signing{p.idp.key, nil}))
			bad := row.spoil(good)
			if bad == good {
				t.Fatal("the spoilt document is the good one")
			}
			b.mustStayOut([]byte(bad), l.relayState)
			b.mustEnter([]byte(good), l.relayState)
		})
	}
}
