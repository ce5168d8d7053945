package handoff

import (
	"crypto/rand"
	"net/url"
	"testing"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
)

// craft is a hand-off made on purpose in some way; zero fields are the right ones.
type craft struct {
	assertion func(a *saml.Assertion)
	inner     func(el *etree.Element) // edits the Assertion before it is signed
	innerKey  string                  // "-" leaves it unsigned
	signed    func(el *etree.Element) // edits the Assertion after it is signed
	encrypted func(el *etree.Element) // edits the EncryptedAssertion
	to        string                  // key that it is encrypted for
	response  func(r *saml.Response)
	outer     func(el *etree.Element) // edits the Response before it is signed
	outerKey  string                  // "-" leaves it unsigned
	at        time.Time
}

func or(s, v string) string {
	if s == "" {
		return v
	}
	return s
}

func (c craft) now() time.Time {
	if c.at.IsZero() {
		return instant
	}
	return c.at
}

// element builds the Response.
func (c craft) element(t testing.TB) *etree.Element {
	t.Helper()
	g := gestore(t)
	r := &saml.Response{
		ID: "_craft-response", IssueInstant: c.now(), Destination: g.EndpointResponse,
		Issuer: saml.NameID{Value: portal(t).Code}, Status: saml.Status{Code: saml.StatusSuccess},
	}
	if c.response != nil {
		c.response(r)
	}
	el := r.Element()
	el.AddChild(c.envelope(t, g))
	if c.outer != nil {
		c.outer(el)
	}
	if key := or(c.outerKey, "portal"); key != "-" {
		mustSign(t, signer(t, key), el)
	}
	return el
}

func (c craft) envelope(t testing.TB, g *Gestore) *etree.Element {
	t.Helper()
	a := &saml.Assertion{
		ID: "_craft-assertion", IssueInstant: c.now(), Issuer: saml.NameID{Value: portal(t).Code},
		Subject:   saml.NameID{Value: "_craft-name", Format: saml.FormatTransient},
		Recipient: g.EndpointResponse, SubjectNotOnOrAfter: c.now().Add(5 * time.Minute),
		NotBefore: c.now(), NotOnOrAfter: c.now().Add(5 * time.Minute), Audience: g.Code,
		Attributes: []saml.Attribute{attribute("fiscalNumber", "TINIT-RSSMRA80A01H501U"), attribute("familyName", "Rossi"), attribute("name", "Mario")},
	}
	if c.assertion != nil {
		c.assertion(a)
	}
	el := a.Element()
	el.RemoveChild(saml.Child(el, saml.NSAssertion, "AuthnStatement"))
	if c.inner != nil {
		c.inner(el)
	}
	if key := or(c.innerKey, "portal"); key != "-" {
		mustSign(t, signer(t, key), el)
	}
	if c.signed != nil {
		c.signed(el)
	}
	encrypted, err := saml.EncryptAssertion(el, cert(t, or(c.to, "gestore-enc")), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if c.encrypted != nil {
		c.encrypted(encrypted)
	}
	return encrypted
}

func (c craft) form(t testing.TB) url.Values {
	t.Helper()
	return formOf(saml.ParamResponse, saml.Serialise(c.element(t)))
}
