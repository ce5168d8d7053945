package handoff

import (
	"crypto/x509"
	"net/url"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// ParamResult is the field of the form that carries an answer (ONB-83).
const ParamResult = "Result"

// Names of the elements of SpIdentity, in the order of the note. The last three are there in the profile "verified" alone.
const (
	spIdentity      = "SpIdentity"
	responseID      = "responseID"
	resultElement   = "result"
	resultFiscal    = "fiscalCode"
	resultName      = "name"
	resultFamily    = "familyName"
	verifiedFirstAt = 3 // index of fiscalCode among the names
)

// Answer is what a gestore tells a portal of a hand-off (ONB-83).
type Answer struct {
	ID          string // of this answer; set by ReadResult, made anew by BuildResult
	MessageID   string // of the hand-off (responseID)
	GestoreCode string // set by ReadResult
	Result      Result
	Person      *Person // nil in the profile "notverified", always; in "verified" there for nr100 and nr25
	RelayState  string  // of the hand-off; goes with the synchronous answer alone
}

// names returns the elements of SpIdentity in a profile.
func (p Profile) names() []string {
	all := []string{idpCode, responseID, resultElement, resultFiscal, resultName, resultFamily}
	if p == Verified {
		return all
	}
	return all[:verifiedFirstAt]
}

func (p Profile) namespace() string {
	if p == Verified {
		return NSResultVerified
	}
	return NSResultNotVerified
}

// BuildResult makes the form that tells the portal of the result: to spInfoPage for nr100, with RelayState, to
// spEndpointResult for the others, without. SpIdentity is signed and then its content encrypted for the portal.
func (s *GestoreSide) BuildResult(to *Portal, answer Answer, now time.Time) (*Outgoing, error) {
	info, ok := answer.Result.Info()
	if !ok {
		return nil, malformed(resultElement, answer.Result.Code(), "a result of ONB-83")
	}
	if err := firstError(to.check(), to.checkAnswer(&answer), checkRelayState(answer.RelayState)); err != nil {
		return nil, err
	}
	id := s.NewID()
	el := saml.NewElement("md", to.Profile.namespace(), spIdentity, "")
	el.CreateAttr("ID", id)
	appendFields(el, s.answerFields(to, &answer))
	if err := sign(el, s.Signing, s.Gestore.Signing, now); err != nil {
		return nil, err
	}
	sealed, err := saml.EncryptContent(el, to.Encryption, s.Rand)
	if err != nil {
		return nil, err
	}
	form := saml.PostForm(to.EndpointResult, ParamResult, sealed, "")
	if info.Channel == Synchronous {
		form.Action, form.RelayState = to.InfoPage, answer.RelayState
	}
	return &Outgoing{ID: id, Form: form}, nil
}

func (s *GestoreSide) answerFields(to *Portal, answer *Answer) []field {
	list := []field{{idpCode, s.Gestore.Code}, {responseID, answer.MessageID}, {resultElement, answer.Result.Code()}}
	if to.Profile != Verified {
		return list
	}
	who := Person{}
	if answer.Person != nil {
		who = *answer.Person
	}
	return append(list, field{resultFiscal, string(who.FiscalCode)}, field{resultName, who.Name}, field{resultFamily, who.FamilyName})
}

// checkAnswer holds what the profile allows to say of the person, on the way out and on the way in.
func (p *Portal) checkAnswer(a *Answer) error {
	if !saml.IsNCName(a.MessageID) {
		return malformed(responseID, a.MessageID, "the ID of the hand-off")
	}
	wanted := p.Profile == Verified && (a.Result == TakenInCharge || a.Result == Issued)
	switch {
	case a.Person != nil && !wanted:
		return &Error{Reason: Malformed, Rule: "ONB-83", Path: spIdentity, Found: "personal data", Wanted: "none with " + a.Result.Code() + " in profile " + string(p.Profile)}
	case a.Person == nil && wanted:
		return &Error{Reason: Malformed, Rule: "ONB-83", Path: spIdentity, Found: "no personal data", Wanted: "them with " + a.Result.Code() + " in profile " + string(p.Profile)}
	case a.Person != nil:
		return a.Person.check()
	}
	return nil
}

// ReadResult reads the form that was posted to spInfoPage (Synchronous) or spEndpointResult (Asynchronous). It
// decrypts, finds the gestore that the answer says it is from, verifies its signature, and reads what was signed: the
// elements of the profile and no others, so that in "notverified" there is no place for personal data. An answer
// that belongs to the other channel is refused. Errors are *Error.
//
// Whether MessageID is of a hand-off that went to this gestore, and whether an answer with this ID came before, only
// the caller knows.
func (s *PortalSide) ReadResult(form url.Values, channel Channel, now time.Time) (*Answer, error) {
	a, err := saml.ParsePost(ParamResult, form)
	if err != nil {
		return nil, wrapped(err)
	}
	signed, err := s.openAnswer(a.Root, now)
	if err != nil {
		return nil, err
	}
	answer, err := s.readAnswer(signed)
	if err != nil {
		return nil, err
	}
	if info, _ := answer.Result.Info(); info.Channel != channel {
		return nil, &Error{Reason: NotForUs, Rule: "ONB-83", Path: resultElement, Found: answer.Result.Code(), Wanted: "a result of the " + string(channel) + " channel"}
	}
	answer.RelayState = a.RelayState
	return answer, nil
}

// openAnswer decrypts and verifies an SpIdentity and returns it as it was signed.
func (s *PortalSide) openAnswer(root *etree.Element, now time.Time) (*etree.Element, error) {
	if ns := s.Portal.Profile.namespace(); !saml.Is(root, ns, spIdentity) {
		return nil, malformed("", root.Tag+" of "+root.NamespaceURI(), spIdentity+" of "+ns)
	}
	plain, err := saml.DecryptContent(root, s.Decryption)
	if err != nil {
		return nil, wrapped(err)
	}
	gestore, err := s.gestore(plain)
	if err != nil {
		return nil, err
	}
	v, err := saml.VerifyElement(plain, []*x509.Certificate{gestore.Signing}, now)
	if err != nil {
		return nil, wrapped(err)
	}
	return v.Root, nil
}

// gestore finds the trusted gestore that the answer says it is from; the signature has to prove it.
func (s *PortalSide) gestore(el *etree.Element) (*Gestore, error) {
	code, err := saml.Text(saml.Child(el, "", idpCode))
	if err != nil {
		return nil, malformed(idpCode, err.Error(), "the code of a gestore")
	}
	for _, g := range s.Gestori {
		if g.Code == code {
			return g, nil
		}
	}
	return nil, &Error{Reason: UnknownSender, Rule: "ONB-81", Path: idpCode, Found: code, Wanted: idpCode + " of a trusted descriptor"}
}

func (s *PortalSide) readAnswer(el *etree.Element) (*Answer, error) {
	if err := attributes(el, "ID"); err != nil {
		return nil, err
	}
	v, err := fields(el, s.Portal.Profile.names()...)
	if err != nil {
		return nil, err
	}
	result, ok := ParseResult(v[resultElement])
	if !ok {
		return nil, malformed(resultElement, v[resultElement], "a result of ONB-83")
	}
	id, _ := saml.Attr(el, "ID")
	answer := &Answer{ID: id, MessageID: v[responseID], GestoreCode: v[idpCode], Result: result}
	if who := (Person{spid.FiscalCode(v[resultFiscal]), v[resultFamily], v[resultName]}); who != (Person{}) {
		answer.Person = &who
	}
	if err := s.Portal.checkAnswer(answer); err != nil {
		return nil, err
	}
	return answer, nil
}
