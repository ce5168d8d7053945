package handoff

import (
	"crypto/rsa"
	"crypto/x509"
	"io"
	"net/url"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
)

// maxAhead is how far the clock of the other side may run before ours.
const maxAhead = time.Minute

// GestoreSide receives hand-offs and makes the answers. Portals are those it trusts.
type GestoreSide struct {
	Gestore    *Gestore
	Signing    *saml.Key       // of Gestore.Signing
	Decryption *rsa.PrivateKey // of Gestore.Encryption
	Portals    []*Portal
	MaxAge     time.Duration // how old a hand-off may be; 0 means DefaultMaxAge (ONB-86)

	NewID func() string // an NCName that never comes twice
	Rand  io.Reader     // crypto/rand.Reader outside tests
}

// Handoff is a hand-off of which everything was verified, but for whether it came before: MessageID is single-use
// and the caller keeps those it has seen (ONB-86).
type Handoff struct {
	MessageID  string
	IssuedAt   time.Time
	SPCode     string
	Person     Person
	RelayState string // as received, for the synchronous answer
	Profile    Profile
}

// Receive reads the form that was posted to idpEndpointResponse. The order is fixed: the sender is looked up and
// the signature of the whole verified; then its address and its age; then it is decrypted; then the Assertion inside
// is verified by the same portal's key (SEC-25); then its content. What is read is what was signed. Errors are *Error.
func (s *GestoreSide) Receive(form url.Values, now time.Time) (*Handoff, error) {
	a, err := saml.ParsePost(saml.ParamResponse, form)
	if err != nil {
		return nil, wrapped(err)
	}
	portal, err := s.sender(a.Root, now)
	if err != nil {
		return nil, err
	}
	outer, err := s.outer(a.Root, portal, now)
	if err != nil {
		return nil, err
	}
	inner, err := s.inner(outer, portal, now)
	if err != nil {
		return nil, err
	}
	m, err := saml.ReadResponse(outer, inner)
	if err != nil {
		return nil, wrapped(err)
	}
	who, err := s.checkInner(inner, m, now)
	if err != nil {
		return nil, err
	}
	return &Handoff{
		MessageID: m.ID, IssuedAt: m.IssueInstant, SPCode: portal.Code, Person: who, RelayState: a.RelayState, Profile: portal.Profile,
	}, nil
}

// outer verifies and judges the Response and returns it as it was signed.
func (s *GestoreSide) outer(root *etree.Element, portal *Portal, now time.Time) (*etree.Element, error) {
	v, err := saml.VerifyElement(root, []*x509.Certificate{portal.Signing}, now)
	if err != nil {
		return nil, wrapped(err)
	}
	if err := s.checkOuter(v.Root, portal, now); err != nil {
		return nil, err
	}
	return v.Root, nil
}

// inner decrypts and verifies the Assertion and returns it as it was signed.
func (s *GestoreSide) inner(response *etree.Element, portal *Portal, now time.Time) (*etree.Element, error) {
	assertion, err := saml.DecryptAssertion(saml.Child(response, saml.NSAssertion, "EncryptedAssertion"), s.Decryption)
	if err != nil {
		return nil, wrapped(err)
	}
	v, err := saml.VerifyElement(assertion, []*x509.Certificate{portal.Signing}, now)
	if err != nil {
		return nil, wrapped(err)
	}
	return v.Root, nil
}

// sender finds the trusted portal that the message says it is from; the signature has to prove it.
func (s *GestoreSide) sender(root *etree.Element, now time.Time) (*Portal, error) {
	if !saml.Is(root, saml.NSProtocol, "Response") {
		return nil, malformed("", root.Tag, "Response of "+saml.NSProtocol)
	}
	code, err := saml.Text(saml.Child(root, saml.NSAssertion, "Issuer"))
	if err != nil {
		return nil, malformed("Response/Issuer", err.Error(), spCode)
	}
	for _, p := range s.Portals {
		if p.Code != code {
			continue
		}
		if !p.openAt(now) {
			return nil, &Error{
				Reason: UnknownSender, Rule: "ONB-85", Path: "Response/Issuer", Found: code,
				Wanted: "a portal whose procedure runs; this one's runs from " + saml.FormatTime(p.ReuseStart) + " to " + saml.FormatTime(p.ReuseEnd),
			}
		}
		return p, nil
	}
	return nil, &Error{Reason: UnknownSender, Rule: "ONB-85", Path: "Response/Issuer", Found: code, Wanted: spCode + " of a trusted descriptor"}
}

// checkOuter judges the Response as it was signed: its parts, its address, its age.
func (s *GestoreSide) checkOuter(el *etree.Element, portal *Portal, now time.Time) error {
	if err := shape(el, "saml:Issuer", "samlp:Status", "saml:EncryptedAssertion"); err != nil {
		return err
	}
	if err := shape(saml.Child(el, saml.NSProtocol, "Status"), "samlp:StatusCode"); err != nil {
		return err
	}
	m, err := saml.ReadResponse(el, nil)
	if err != nil {
		return wrapped(err)
	}
	_, asked := saml.Attr(el, "InResponseTo")
	switch {
	case asked:
		return malformed("Response/@InResponseTo", m.InResponseTo, "none: nobody asked")
	case m.Issuer.Value != portal.Code:
		return malformed("Response/Issuer", m.Issuer.Value, portal.Code)
	case m.Version != "2.0":
		return malformed("Response/@Version", m.Version, "2.0")
	case !saml.IsNCName(m.ID):
		return malformed("Response/@ID", m.ID, "a name without colon")
	case m.Status.Code != saml.StatusSuccess || m.Status.Sub != "":
		return malformed("Response/Status", m.Status.Code, saml.StatusSuccess)
	case m.Destination != s.Gestore.EndpointResponse:
		return notForUs("Response/@Destination", m.Destination, s.Gestore.EndpointResponse)
	}
	return s.checkAge(m.IssueInstant, now)
}

// checkAge holds ONB-86.
func (s *GestoreSide) checkAge(issued, now time.Time) error {
	switch {
	case issued.IsZero():
		return malformed("Response/@IssueInstant", "no instant", "UTC as 2006-01-02T15:04:05Z")
	case now.Sub(issued) > maxAge(s.MaxAge):
		return stale("Response/@IssueInstant", issued, "an instant at most "+maxAge(s.MaxAge).String()+" before "+saml.FormatTime(now))
	case issued.Sub(now) > maxAhead:
		return stale("Response/@IssueInstant", issued, "an instant at most "+maxAhead.String()+" after "+saml.FormatTime(now))
	}
	return nil
}

func stale(path string, found time.Time, wanted string) *Error {
	return &Error{Reason: Stale, Rule: "ONB-86", Path: path, Found: saml.FormatTime(found), Wanted: wanted}
}

func notForUs(path, found, wanted string) *Error {
	return &Error{Reason: NotForUs, Rule: "ONB-81", Path: path, Found: found, Wanted: wanted}
}
