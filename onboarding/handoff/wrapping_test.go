package handoff

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/beevik/etree"

	"spidsim/saml"
)

const evil = "TINIT-VRDLGU80A01H501F"

// evilEnvelope is what anybody can make: the data of somebody else, encrypted for the gestore, signed by the key
// that they have, or by none.
func evilEnvelope(t testing.TB, key string) *etree.Element {
	t.Helper()
	return craft{innerKey: key, assertion: func(a *saml.Assertion) { a.Attributes[0].Value = evil }}.envelope(t, gestore(t))
}

func signatureOf(el *etree.Element) *etree.Element {
	return saml.Child(el, saml.NSSignature, "Signature")
}

func encryptedOf(el *etree.Element) *etree.Element {
	return saml.Child(el, saml.NSAssertion, "EncryptedAssertion")
}

// bury puts a copy of el into a ds:Object of the Signature.
func bury(sig, el *etree.Element) {
	object := saml.NewElement("ds", saml.NSSignature, "Object", "")
	object.AddChild(el.Copy())
	sig.AddChild(object)
}

func bare(el *etree.Element) *etree.Element {
	c := el.Copy()
	c.RemoveChild(signatureOf(c))
	return c
}

// wrappings around a genuine Response g; a forged one has the ID id and the envelope e.
func wrappings(g, e *etree.Element, id string) map[string]*etree.Element {
	forged := func(edit func(f, sig *etree.Element)) *etree.Element {
		f := g.Copy()
		f.CreateAttr("ID", id)
		old := encryptedOf(f)
		f.InsertChildAt(old.Index(), e.Copy())
		f.RemoveChild(old)
		edit(f, signatureOf(f))
		return f
	}
	kept := func(edit func(f, genuine *etree.Element)) *etree.Element {
		f := g.Copy()
		edit(f, encryptedOf(f))
		return f
	}
	place := func(prefix, ns, name string, el *etree.Element) *etree.Element {
		p := saml.NewElement(prefix, ns, name, "")
		p.AddChild(el)
		return p
	}
	return map[string]*etree.Element{
		"XSW1: the genuine Response in the Signature of a forged one": forged(func(_, sig *etree.Element) { bury(sig, bare(g)) }),
		"XSW2: the genuine Response before the Signature":             forged(func(f, sig *etree.Element) { f.InsertChildAt(sig.Index(), bare(g)) }),
		"the genuine Response, whole, at the end of a forged one":     forged(func(f, _ *etree.Element) { f.AddChild(g.Copy()) }),
		"the genuine Response in Extensions, its Signature moved out": forged(func(f, sig *etree.Element) {
			f.InsertChildAt(sig.Index()+1, place("samlp", saml.NSProtocol, "Extensions", bare(g)))
		}),
		"the envelope replaced": forged(func(*etree.Element, *etree.Element) {}),
		"a forged envelope first": kept(func(f, genuine *etree.Element) {
			f.InsertChildAt(genuine.Index(), e.Copy())
		}),
		"a forged envelope last": kept(func(f, _ *etree.Element) { f.AddChild(e.Copy()) }),
		"the genuine envelope in Status, a forged one in its place": kept(func(f, genuine *etree.Element) {
			f.InsertChildAt(genuine.Index(), e.Copy())
			saml.Child(f, saml.NSProtocol, "Status").AddChild(genuine)
		}),
		"the genuine envelope in the forged one": kept(func(f, genuine *etree.Element) {
			wrap := e.Copy()
			f.InsertChildAt(genuine.Index(), wrap)
			wrap.AddChild(genuine)
		}),
		"the data of the forged one beside the genuine": kept(func(_, genuine *etree.Element) {
			genuine.InsertChildAt(0, e.ChildElements()[0].Copy())
		}),
		"the data of the forged one in place of the genuine": kept(func(_, genuine *etree.Element) {
			genuine.Child = nil
			genuine.AddChild(e.ChildElements()[0].Copy())
		}),
		"the Signature moved to the end": kept(func(f, _ *etree.Element) { f.AddChild(signatureOf(f)) }),
		"a second Signature":             kept(func(f, _ *etree.Element) { f.InsertChildAt(2, signatureOf(f).Copy()) }),
		"no Signature":                   bare(g),
	}
}

// Whatever is wrapped around a genuine hand-off is refused: as octets and, past the intake, as a tree.
func TestONB85WrappingIsRefused(t *testing.T) {
	t.Parallel()
	genuine := craft{}.element(t)
	if _, err := gestoreSide(t).Receive(formOf(saml.ParamResponse, saml.Serialise(genuine)), instant); err != nil {
		t.Fatalf("control: %v", err)
	}
	for _, key := range []string{"other", "-"} {
		for _, id := range []string{"_evil", "_craft-response"} {
			for name, forged := range wrappings(genuine, evilEnvelope(t, key), id) {
				t.Run(fmt.Sprintf("inside by %s/ID %s/%s", key, id, name), func(t *testing.T) {
					t.Parallel()
					octets := saml.Serialise(forged)
					if bytes.Equal(octets, saml.Serialise(genuine)) {
						t.Fatal("nothing was wrapped")
					}
					got, err := gestoreSide(t).Receive(formOf(saml.ParamResponse, octets), instant)
					if reason := ReasonOf(err); reason != BadSignature && reason != Malformed {
						t.Errorf("got %+v, %v", got, err)
					}
				})
			}
		}
	}
}

// The Assertion inside is wrapped, and the portal's signature around it is good: the second line holds as well.
func TestSEC25WrappingInsideIsRefused(t *testing.T) {
	t.Parallel()
	forge := func(el *etree.Element, id string) {
		el.CreateAttr("ID", id)
		statement := saml.Child(el, saml.NSAssertion, "AttributeStatement")
		statement.ChildElements()[0].ChildElements()[0].SetText(evil)
	}
	for _, id := range []string{"_evil", "_craft-assertion"} {
		for name, edit := range map[string]func(el *etree.Element){
			"the genuine one in the Signature": func(el *etree.Element) {
				genuine := bare(el)
				forge(el, id)
				bury(signatureOf(el), genuine)
			},
			"the genuine one before the Signature": func(el *etree.Element) {
				genuine := bare(el)
				forge(el, id)
				el.InsertChildAt(signatureOf(el).Index(), genuine)
			},
			"the genuine one in Advice": func(el *etree.Element) {
				advice := saml.NewElement("saml", saml.NSAssertion, "Advice", "")
				advice.AddChild(el.Copy())
				forge(el, id)
				el.RemoveChild(signatureOf(el))
				el.InsertChildAt(3, advice)
			},
			"the genuine one as a sibling of its parts": func(el *etree.Element) {
				genuine := el.Copy()
				forge(el, id)
				el.AddChild(genuine)
			},
			"another value": func(el *etree.Element) { forge(el, id) },
		} {
			t.Run("ID "+id+"/"+name, func(t *testing.T) {
				t.Parallel()
				got, err := gestoreSide(t).Receive(craft{signed: edit}.form(t), instant)
				if reason := ReasonOf(err); reason != BadSignature && reason != Malformed {
					t.Errorf("got %+v, %v", got, err)
				}
			})
		}
	}
}
