package saml

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// Names of the message parameters (BIND-03) and of those that go with them (BIND-04).
const (
	ParamRequest    = "SAMLRequest"
	ParamResponse   = "SAMLResponse"
	ParamRelayState = "RelayState"
	ParamSigAlg     = "SigAlg"
	ParamSignature  = "Signature"
)

// Arrival is a message as it reached an endpoint, before anything in it is believed.
type Arrival struct {
	Binding       Binding
	Param         string // ParamRequest or ParamResponse
	RelayState    string // as received, byte for byte, after percent-decoding
	HasRelayState bool
	SigAlg        string         // redirect only
	HasSigAlg     bool           // redirect only (AR-TR-06)
	HasSignature  bool           // redirect only (AR-TR-07)
	Extra         []string       // names of parameters that the binding does not know (D-12), sorted for POST
	XML           []byte         // decoded octets; nil when decoding failed
	Root          *etree.Element // untrusted; nil when parsing failed

	raw       []parameter // redirect: the parameters under the signature, undecoded, in order of arrival
	signature []byte      // redirect: decoded; nil when it is no base64
}

// parameter is a name and its value as they stood in the raw query.
type parameter struct{ name, value string }

// ParsePost reads a message from the fields of a form (the body alone, never the query).
// On failure the Arrival is still returned, filled as far as it came, with an *IntakeError. A RelayState that is
// too long does not stop the reading: the message is decoded and the error returned all the same, so that the
// caller can say whose message it was.
func ParsePost(param string, form url.Values) (*Arrival, error) {
	a := &Arrival{Binding: HTTPPost, Param: param}
	message, err := a.takeForm(form)
	if err != nil {
		return a, err
	}
	soft := a.checkRelayState()
	if a.XML, err = decodeMessage(param, message); err != nil {
		return a, first(soft, err)
	}
	return a, first(soft, a.parse())
}

// first returns the first error that is one.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// takeForm sorts the fields and returns the value of the message (SEC-47).
func (a *Arrival) takeForm(form url.Values) (string, error) {
	for name, values := range form {
		switch {
		case name == a.Param || name == ParamRelayState:
			if len(values) != 1 {
				return "", parameterError("SEC-47", name, strconv.Itoa(len(values))+" values", "one")
			}
		case name == ParamRequest || name == ParamResponse:
			return "", parameterError("SEC-47", name, name, a.Param+" alone")
		default:
			a.Extra = append(a.Extra, name)
		}
	}
	slices.Sort(a.Extra)
	if rs, ok := form[ParamRelayState]; ok {
		a.RelayState, a.HasRelayState = rs[0], true
	}
	message, ok := form[a.Param]
	if !ok {
		return "", parameterError("BIND-10", a.Param, "no "+a.Param, "one")
	}
	return message[0], nil
}

func parameterError(rule, name, found, wanted string) *IntakeError {
	return &IntakeError{Stage: StageParameters, Rule: rule, Path: clip(name), Found: found, Wanted: wanted}
}

func (a *Arrival) checkRelayState() error {
	if n := len(a.RelayState); n > maxRelayState {
		return &IntakeError{
			Stage: StageRelayState, Rule: "SEC-33", Path: ParamRelayState,
			Found: strconv.Itoa(n) + " octets", Wanted: "at most " + strconv.Itoa(maxRelayState),
		}
	}
	return nil
}

// decodeMessage decodes the base64 of a POST, where line breaks are tolerated (SEC-17).
func decodeMessage(param, s string) ([]byte, error) {
	// Line breaks every few characters at worst double the text.
	if most := 2 * base64.StdEncoding.EncodedLen(maxMessage); len(s) > most {
		return nil, &IntakeError{Stage: StageLimit, Rule: "SEC-14", Path: param, Found: strconv.Itoa(len(s)) + " characters", Wanted: "at most " + strconv.Itoa(most)}
	}
	octets, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(octets) == 0 {
		return nil, base64Error(param, s, err)
	}
	return octets, nil
}

// decodeBase64 decodes base64 in one line, as a query carries it.
func decodeBase64(param, s string) ([]byte, error) {
	octets, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(octets) == 0 || strings.ContainsAny(s, "\r\n") {
		return nil, base64Error(param, s, err)
	}
	return octets, nil
}

func base64Error(param, s string, err error) *IntakeError {
	found := "a line break"
	switch {
	case err != nil:
		found = err.Error()
	case s == "":
		found = "nothing"
	}
	return &IntakeError{
		Stage: StageBase64, Rule: "SEC-17", Path: param, Found: found,
		Wanted: "base64 in the standard alphabet, padded",
	}
}

// parse builds the tree and looks at the name of its root. A parameter of another profile than SAML's own takes any.
func (a *Arrival) parse() error {
	root, err := Parse(a.XML, MessageLimits())
	if err != nil {
		return err
	}
	a.Root = root
	var names []string
	switch a.Param {
	case ParamRequest:
		names = []string{"AuthnRequest", "LogoutRequest"}
	case ParamResponse:
		names = []string{"Response", "LogoutResponse"}
	default:
		return nil
	}
	for _, name := range names {
		if Is(root, NSProtocol, name) {
			return nil
		}
	}
	return rootError("SEC-09", root, strings.Join(names, " or ")+" of "+NSProtocol)
}

func rootError(rule string, root *etree.Element, wanted string) *IntakeError {
	return &IntakeError{
		Stage: StageRoot, Rule: rule, Path: clip(root.Tag), Line: 1, Column: 1,
		Found: clip(root.Tag) + " of " + clip(root.NamespaceURI()), Wanted: wanted,
	}
}

// Form is what a self-posting page needs (BIND-08). Message is base64 without line breaks.
type Form struct{ Action, Param, Message, RelayState string }

// PostForm serialises el (signed before) into the form that carries it.
func PostForm(dest, param string, el *etree.Element, relayState string) Form {
	return Form{Action: dest, Param: param, Message: base64.StdEncoding.EncodeToString(Serialise(el)), RelayState: relayState}
}
