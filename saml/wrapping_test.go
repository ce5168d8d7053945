package saml

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/beevik/etree"
)

const evil = "TINIT-EVLEVL00A01Z999X"

// wrapping is a signature-wrapping attack: it gets a genuine Response and returns the forged document.
type wrapping func(genuine *etree.Element) *etree.Element

func assertionOf(root *etree.Element) *etree.Element { return Child(root, NSAssertion, "Assertion") }

// forge makes a copy of a genuine element say something else about somebody else.
func forge(el *etree.Element, id string) *etree.Element {
	c := alone(el)
	if id == "" {
		c.RemoveAttr("ID")
	} else {
		c.CreateAttr("ID", id)
	}
	walk(c, func(e *etree.Element) bool {
		if e.Tag == "AttributeValue" || e.Tag == "NameID" {
			e.SetText(evil)
		}
		return true
	})
	return c
}

func unsigned(el *etree.Element) *etree.Element {
	c := alone(el)
	if sig := sigOf(c); sig != nil {
		c.RemoveChild(sig)
	}
	return c
}

// bury puts el into a ds:Object of the Signature.
func bury(sig, el *etree.Element) { add(sig, "ds", "Object").AddChild(el) }

// wrappings returns the classic eight and their kin; id is the ID of the forged element, "" for none.
func wrappings(id string) map[string]wrapping {
	genuineIn := func(ns, prefix, local string) wrapping {
		return func(g *etree.Element) *etree.Element {
			evilRoot := alone(g)
			old := assertionOf(evilRoot)
			f := forge(unsigned(old), id)
			evilRoot.InsertChildAt(old.Index(), f)
			place := NewElement(prefix, ns, local, "")
			if local == "Advice" {
				f.InsertChildAt(len(f.Child), place)
			} else {
				evilRoot.InsertChildAt(2, place)
			}
			place.AddChild(old)
			return evilRoot
		}
	}
	return map[string]wrapping{
		"XSW1: forged Response, the genuine one in its Signature": func(g *etree.Element) *etree.Element {
			f := forge(g, id)
			bury(sigOrAssertionSig(f), unsigned(g))
			return f
		},
		"XSW2: forged Response, the genuine one before its Signature": func(g *etree.Element) *etree.Element {
			f := forge(g, id)
			f.InsertChildAt(0, unsigned(g))
			return f
		},
		"XSW3: forged Assertion before the genuine one": func(g *etree.Element) *etree.Element {
			f := alone(g)
			a := assertionOf(f)
			f.InsertChildAt(a.Index(), forge(unsigned(a), id))
			return f
		},
		"XSW3b: forged Assertion after the genuine one": func(g *etree.Element) *etree.Element {
			f := alone(g)
			f.AddChild(forge(unsigned(assertionOf(f)), id))
			return f
		},
		"XSW4: forged Assertion around the genuine one": func(g *etree.Element) *etree.Element {
			f := alone(g)
			a := assertionOf(f)
			forged := forge(unsigned(a), id)
			f.InsertChildAt(a.Index(), forged)
			forged.AddChild(a)
			return f
		},
		"XSW5: the genuine Signature in a forged Assertion, the genuine one after it": func(g *etree.Element) *etree.Element {
			f := alone(g)
			a := assertionOf(f)
			genuine := unsigned(a)
			f.InsertChildAt(a.Index(), forge(a, id))
			f.RemoveChild(a)
			f.AddChild(genuine)
			return f
		},
		"XSW6: the genuine one in the Signature of a forged Assertion": func(g *etree.Element) *etree.Element {
			f := alone(g)
			a := assertionOf(f)
			genuine, forged := unsigned(a), forge(a, id)
			f.InsertChildAt(a.Index(), forged)
			f.RemoveChild(a)
			bury(sigOf(forged), genuine)
			return f
		},
		"XSW7: forged Assertion in Extensions": func(g *etree.Element) *etree.Element {
			f := alone(g)
			ext := NewElement("samlp", NSProtocol, "Extensions", "")
			ext.AddChild(forge(unsigned(assertionOf(f)), id))
			f.InsertChildAt(assertionOf(f).Index(), ext)
			return f
		},
		"XSW8: the genuine one in an Object of a forged Assertion": func(g *etree.Element) *etree.Element {
			f := alone(g)
			a := assertionOf(f)
			forged := forge(a, id)
			bury(sigOf(forged), unsigned(a))
			f.InsertChildAt(a.Index(), forged)
			f.RemoveChild(a)
			return f
		},
		"genuine Assertion in StatusDetail":                genuineIn(NSProtocol, "samlp", "StatusDetail"),
		"genuine Assertion in Advice":                      genuineIn(NSAssertion, "saml", "Advice"),
		"genuine Assertion in Extensions, a forged beside": genuineIn(NSProtocol, "samlp", "Extensions"),
		"genuine Response inside a forged one": func(g *etree.Element) *etree.Element {
			f := forge(unsigned(g), id)
			a := assertionOf(f)
			if sig := sigOf(a); sig != nil {
				a.RemoveChild(sig)
			}
			f.AddChild(alone(g))
			return f
		},
		"genuine Assertion moved below another element": func(g *etree.Element) *etree.Element {
			f := alone(g)
			Child(f, NSProtocol, "Status").AddChild(assertionOf(f))
			return f
		},
		"a SAML 1.1 Assertion beside the genuine one": func(g *etree.Element) *etree.Element {
			f := alone(g)
			f.AddChild(NewElement("old", "urn:oasis:names:tc:SAML:1.0:assertion", "Assertion", evil))
			return f
		},
		"an Assertion of a foreign namespace under the usual prefix": func(g *etree.Element) *etree.Element {
			f := alone(g)
			forged := forge(unsigned(assertionOf(f)), id)
			forged.CreateAttr("xmlns:saml", "urn:x:1")
			f.InsertChildAt(2, forged)
			return f
		},
		"an EncryptedAssertion beside the genuine one": func(g *etree.Element) *etree.Element {
			f := alone(g)
			f.AddChild(NewElement("saml", NSAssertion, "EncryptedAssertion", ""))
			return f
		},
		"an EncryptedAssertion instead": func(g *etree.Element) *etree.Element {
			f := unsigned(g)
			f.RemoveChild(assertionOf(f))
			f.AddChild(NewElement("saml", NSAssertion, "EncryptedAssertion", ""))
			return f
		},
		"an EncryptedID instead of the NameID": func(g *etree.Element) *etree.Element {
			f := alone(g)
			add(Child(assertionOf(f), NSAssertion, "Subject"), "saml", "EncryptedID")
			return f
		},
		"the genuine Assertion doubled": func(g *etree.Element) *etree.Element {
			f := alone(g)
			f.AddChild(alone(assertionOf(f)))
			return f
		},
	}
}

func sigOrAssertionSig(root *etree.Element) *etree.Element {
	if sig := sigOf(root); sig != nil {
		return sig
	}
	return sigOf(assertionOf(root))
}

// SEC-16, SEC-20, SEC-25, SEC-45: whatever is wrapped around a genuine message is refused, with and without the
// Response's own signature, with the forged element under a new, the same or no ID. Each is tried as octets and,
// past the intake, as a tree.
func TestWrappingIsRefused(t *testing.T) {
	t.Parallel()
	both := mustParse(t, Serialise(signedResponse(t)))
	alone := mustParse(t, Serialise(assertionSigned(t)))
	for _, genuine := range []struct {
		name string
		root *etree.Element
	}{{"both signed", both}, {"Assertion signed", alone}} {
		if v, err := VerifyResponse(genuine.root, pinned(t, "idp"), issued); err != nil || v.Assertion == nil {
			t.Fatalf("control: %s: %v", genuine.name, err)
		}
		for _, id := range []string{"_evil", "_asrt-0001", "_resp-0001", ""} {
			for name, wrap := range wrappings(id) {
				t.Run(fmt.Sprintf("%s/ID %q/%s", genuine.name, id, name), func(t *testing.T) {
					t.Parallel()
					forged := wrap(genuine.root)
					octets := Serialise(forged)
					if bytes.Equal(octets, Serialise(genuine.root)) {
						t.Fatal("nothing was wrapped")
					}
					mustRefuse(t, forged)
					if root, err := Parse(octets, MessageLimits()); err == nil {
						mustRefuse(t, root)
					}
				})
			}
		}
	}
}

func mustRefuse(t *testing.T, root *etree.Element) {
	t.Helper()
	v, err := VerifyResponse(root, pinned(t, "idp"), issued)
	if reason(t, v, err) == "" {
		t.Errorf("accepted: %s", Serialise(v.Assertion.Root))
	}
}

func assertionSigned(t testing.TB) *etree.Element {
	t.Helper()
	el := response().Element()
	mustSign(t, key(t, "idp"), assertionOf(el))
	return el
}

// SEC-18, SIG-09, SIG-10: which parts must be signed.
func TestVerifyResponse(t *testing.T) {
	t.Parallel()
	sp := key(t, "sp")
	responseOnly := response().Element()
	mustSign(t, key(t, "idp"), responseOnly)
	anomaly := response()
	anomaly.Assertion = nil
	signedAnomaly := anomaly.Element()
	mustSign(t, key(t, "idp"), signedAnomaly)
	foreignAssertion := response().Element()
	mustSign(t, sp, assertionOf(foreignAssertion))
	mustSign(t, key(t, "idp"), foreignAssertion)
	foreignResponse := assertionSigned(t)
	mustSign(t, sp, foreignResponse)
	broken := signedResponse(t)
	broken.CreateAttr("Destination", "https://evil.example.org")
	brokenInside := signedResponse(t)
	brokenInside.RemoveChild(sigOf(brokenInside))
	Child(Child(assertionOf(brokenInside), NSAssertion, "Subject"), NSAssertion, "NameID").SetText(evil)
	objectInside := assertionSigned(t)
	bury(sigOf(assertionOf(objectInside)), NewElement("saml", NSAssertion, "Advice", ""))

	for name, row := range map[string]struct {
		el        *etree.Element
		want      string
		path      string
		signed    bool
		assertion bool
	}{
		"both signed":                         {signedResponse(t), "", "", true, true},
		"the Assertion alone signed":          {assertionSigned(t), "", "", false, true},
		"the Response alone signed":           {responseOnly, ReasonMissing, "Response/Assertion", false, false},
		"nothing signed":                      {response().Element(), ReasonMissing, "Response/Assertion", false, false},
		"an anomaly, signed":                  {signedAnomaly, "", "", true, false},
		"an anomaly, unsigned":                {anomaly.Element(), "", "", false, false},
		"the Assertion by another key":        {foreignAssertion, ReasonKey, "Response/Assertion/Signature", false, false},
		"the Response by another key":         {foreignResponse, ReasonKey, "Response/Signature", false, false},
		"the Response altered":                {broken, ReasonDigest, "Response/Signature", false, false},
		"the Assertion altered":               {brokenInside, ReasonDigest, "Response/Assertion/Signature", false, false},
		"an Object in the inner Signature":    {objectInside, ReasonShape, "Response/Assertion/Signature", false, false},
		"another root":                        {signedRequest(t), ReasonShape, "AuthnRequest", false, false},
		"an Assertion in place of a Response": {assertionOf(assertionSigned(t)), ReasonShape, "Response/Assertion", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, err := VerifyResponse(row.el, pinned(t, "idp"), issued)
			if got := reason(t, v, err); got != row.want {
				t.Fatalf("got %q, want %q (%v)", got, row.want, err)
			}
			if err != nil {
				if path := err.(*SignatureError).Path; path != row.path {
					t.Errorf("path %q, want %q", path, row.path)
				}
				return
			}
			if v.Signed != row.signed || (v.Assertion != nil) != row.assertion || v.Signed != (v.Cert != nil) {
				t.Errorf("got Signed %v, Assertion %v", v.Signed, v.Assertion)
			}
		})
	}
}
