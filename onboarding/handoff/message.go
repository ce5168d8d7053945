package handoff

import (
	"crypto/rsa"
	"io"
	"strconv"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// DefaultMaxAge is how old a hand-off may be when nothing else is said (ONB-86).
const DefaultMaxAge = 5 * time.Minute

// Person is what is handed over: these three and nothing else (ONB-80).
type Person struct {
	FiscalCode       spid.FiscalCode // without the prefix TINIT-
	FamilyName, Name string
}

// Names of the three attributes, as in the table of SPID.
const (
	attrFiscalNumber = "fiscalNumber"
	attrFamilyName   = "familyName"
	attrName         = "name"
)

// check holds the three data against the table of attributes.
func (p Person) check() error {
	return firstError(
		checkAttribute(attrFiscalNumber, spid.PrefixTIN+string(p.FiscalCode)),
		checkAttribute(attrFamilyName, p.FamilyName), checkAttribute(attrName, p.Name),
	)
}

func checkAttribute(name, value string) error {
	if err := checkText(name, value); err != nil {
		return err
	}
	info, ok := spid.LookupAttribute(name)
	if !ok {
		return malformed(name, value, "an attribute of the table")
	}
	if err := info.Check(value); err != nil {
		return &Error{Reason: Malformed, Rule: "ONB-80", Path: name, Err: err}
	}
	return nil
}

// PortalSide sends hand-offs and reads answers. Gestori are those it trusts.
type PortalSide struct {
	Portal     *Portal
	Signing    *saml.Key       // of Portal.Signing
	Decryption *rsa.PrivateKey // of Portal.Encryption
	Gestori    []*Gestore
	MaxAge     time.Duration // how long a hand-off holds; 0 means DefaultMaxAge

	NewID func() string // an NCName that never comes twice
	Rand  io.Reader     // crypto/rand.Reader outside tests
}

// Outgoing is a message on its way: ID is what the answer to it, or a repetition of it, names.
type Outgoing struct {
	ID   string
	Form saml.Form
}

// Build makes the hand-off of one person to one gestore (ONB-80, ONB-81): the form for idpEndpointResponse, with
// SAMLResponse and the opaque relayState, at most 80 octets, "" for none. It asks NewID three times: the Response, the
// Assertion, the transient name of the person, which says nothing of them.
func (s *PortalSide) Build(to *Gestore, who Person, relayState string, now time.Time) (*Outgoing, error) {
	if err := firstError(to.check(), who.check(), checkRelayState(relayState)); err != nil {
		return nil, err
	}
	now = now.UTC().Truncate(time.Millisecond)
	r := &saml.Response{
		ID: s.NewID(), IssueInstant: now, Destination: to.EndpointResponse,
		Issuer: saml.NameID{Value: s.Portal.Code}, Status: saml.Status{Code: saml.StatusSuccess},
	}
	encrypted, err := s.encrypted(to, who, now)
	if err != nil {
		return nil, err
	}
	el := r.Element()
	el.AddChild(encrypted)
	if err := sign(el, s.Signing, s.Portal.Signing, now); err != nil {
		return nil, err
	}
	return &Outgoing{ID: r.ID, Form: saml.PostForm(to.EndpointResponse, saml.ParamResponse, el, relayState)}, nil
}

func checkRelayState(s string) error {
	if len(s) > maxRelayState {
		return malformed(saml.ParamRelayState, strconv.Itoa(len(s))+" octets", "at most "+strconv.Itoa(maxRelayState))
	}
	return nil
}

// encrypted returns the Assertion of the three data, signed and then encrypted.
func (s *PortalSide) encrypted(to *Gestore, who Person, now time.Time) (*etree.Element, error) {
	until := now.Add(maxAge(s.MaxAge))
	a := &saml.Assertion{
		ID: s.NewID(), IssueInstant: now, Issuer: saml.NameID{Value: s.Portal.Code},
		Subject:   saml.NameID{Value: s.NewID(), Format: saml.FormatTransient, NameQualifier: s.Portal.Code},
		Recipient: to.EndpointResponse, SubjectNotOnOrAfter: until,
		NotBefore: now, NotOnOrAfter: until, Audience: to.Code,
		Attributes: []saml.Attribute{
			attribute(attrFiscalNumber, spid.PrefixTIN+string(who.FiscalCode)),
			attribute(attrFamilyName, who.FamilyName), attribute(attrName, who.Name),
		},
	}
	el := a.Element()
	// The portal says what it knows of the person, not how they logged in to it.
	el.RemoveChild(saml.Child(el, saml.NSAssertion, "AuthnStatement"))
	if err := sign(el, s.Signing, s.Portal.Signing, now); err != nil {
		return nil, err
	}
	return saml.EncryptAssertion(el, to.Encryption, s.Rand)
}

func attribute(name, value string) saml.Attribute {
	return saml.Attribute{Name: name, NameFormat: saml.AttrNameFormatBasic, Value: value}
}

func maxAge(d time.Duration) time.Duration {
	if d <= 0 {
		return DefaultMaxAge
	}
	return d
}
