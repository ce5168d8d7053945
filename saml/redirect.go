package saml

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"
)

// ParseRedirect reads a message from the raw query, keeping the exact octets under Signature (BIND-06).
// On failure the Arrival is still returned, filled as far as it came, with an *IntakeError. A RelayState that is
// too long or a Signature that is no base64 does not stop the reading: the message is decoded and the error
// returned all the same, so that the caller can say whose message it was. A missing SigAlg or Signature is no
// error here: HasSigAlg and HasSignature tell, and Verify refuses.
func ParseRedirect(param, rawQuery string) (*Arrival, error) {
	a := &Arrival{Binding: HTTPRedirect, Param: param}
	if err := a.splitQuery(rawQuery); err != nil {
		return a, err
	}
	message, err := a.takeParameters()
	if err != nil {
		return a, err
	}
	soft := first(a.checkRelayState(), a.checkSignature())
	if a.XML, err = inflateMessage(param, message); err != nil {
		return a, first(soft, err)
	}
	return a, first(soft, a.parse())
}

// splitQuery splits the raw query once and compares names undecoded (SEC-28).
func (a *Arrival) splitQuery(rawQuery string) error {
	if n := len(rawQuery); n > maxQuery {
		return &IntakeError{Stage: StageLimit, Rule: "SEC-14", Path: "query", Found: strconv.Itoa(n) + " octets", Wanted: "at most " + strconv.Itoa(maxQuery)}
	}
	if strings.Contains(rawQuery, ";") {
		return parameterError("SEC-28", "query", ";", "parameters parted by &, other uses of ; as %3B")
	}
	for pair := range strings.SplitSeq(rawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if pair == "" {
			continue
		}
		if err := a.takePair(name, value); err != nil {
			return err
		}
	}
	return nil
}

func (a *Arrival) takePair(name, value string) error {
	switch name {
	case a.Param, ParamRelayState, ParamSigAlg, ParamSignature:
		if _, twice := a.rawValue(name); twice {
			return parameterError("SEC-28", name, name+" twice", "once")
		}
		a.raw = append(a.raw, parameter{name, value})
		return nil
	}
	if known, ok := disguised(name); ok {
		return parameterError("SEC-28", name, clip(name), "no other spelling of "+known+" and no second message")
	}
	a.Extra = append(a.Extra, name)
	return nil
}

// disguised reports whether some reader of queries would take name for a parameter of the binding: in another
// letter case, percent-encoded, or as an array.
func disguised(name string) (known string, ok bool) {
	plain, err := url.QueryUnescape(name)
	if err != nil {
		return "any name", true
	}
	plain, _, _ = strings.Cut(plain, "[")
	plain = strings.TrimSpace(plain)
	for _, known := range []string{ParamRequest, ParamResponse, ParamRelayState, ParamSigAlg, ParamSignature} {
		if strings.EqualFold(plain, known) {
			return known, true
		}
	}
	return "", false
}

func (a *Arrival) rawValue(name string) (string, bool) {
	for _, p := range a.raw {
		if p.name == name {
			return p.value, true
		}
	}
	return "", false
}

// takeParameters decodes the values that the signature covers and returns the message.
func (a *Arrival) takeParameters() (message string, err error) {
	raw, ok := a.rawValue(a.Param)
	if !ok {
		return "", parameterError("BIND-10", a.Param, "no "+a.Param, "one")
	}
	if message, err = unescape(a.Param, raw); err != nil {
		return "", err
	}
	if raw, a.HasRelayState = a.rawValue(ParamRelayState); a.HasRelayState {
		if a.RelayState, err = unescape(ParamRelayState, raw); err != nil {
			return "", err
		}
	}
	if raw, a.HasSigAlg = a.rawValue(ParamSigAlg); a.HasSigAlg {
		if a.SigAlg, err = unescape(ParamSigAlg, raw); err != nil {
			return "", err
		}
	}
	_, a.HasSignature = a.rawValue(ParamSignature)
	return message, nil
}

func unescape(name, raw string) (string, error) {
	value, err := url.QueryUnescape(raw)
	if err != nil {
		return "", parameterError("SEC-28", name, err.Error(), "percent-encoding")
	}
	return value, nil
}

// checkSignature decodes Signature when there is one.
func (a *Arrival) checkSignature() error {
	raw, ok := a.rawValue(ParamSignature)
	if !ok {
		return nil
	}
	value, err := unescape(ParamSignature, raw)
	if err != nil {
		return err
	}
	if a.signature, err = decodeBase64(ParamSignature, value); err != nil {
		e := new(IntakeError)
		errors.As(err, &e)
		e.Stage = StageSignature
		return e
	}
	return nil
}

// inflateMessage decodes and inflates the message of a redirect (SEC-17, SEC-31).
func inflateMessage(param, s string) ([]byte, error) {
	deflated, err := decodeBase64(param, s)
	if err != nil {
		return nil, err
	}
	if n := len(deflated); n > maxDeflated {
		return nil, &IntakeError{Stage: StageLimit, Rule: "SEC-31", Path: param, Found: strconv.Itoa(n) + " octets deflated", Wanted: "at most " + strconv.Itoa(maxDeflated)}
	}
	return inflate(param, deflated)
}

// inflate reads one octet past the bound at most, so that too much is an error and never a cut.
func inflate(param string, deflated []byte) ([]byte, error) {
	most := min(max(freeInflation, maxRatio*len(deflated)), maxMessage)
	in := bytes.NewReader(deflated)
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(in), int64(most)+1))
	switch {
	case err != nil:
		return nil, inflateError(param, notDeflate(deflated, err), "raw DEFLATE (BIND-04)")
	case len(out) > most:
		e := inflateError(param, "more than "+strconv.Itoa(most)+" octets inflated", "at most "+strconv.Itoa(most))
		e.Stage = StageLimit
		return nil, e
	case in.Len() > 0:
		return nil, inflateError(param, strconv.Itoa(in.Len())+" octets after the end of the stream", "the end")
	case len(out) == 0:
		return nil, inflateError(param, "an empty stream", "a message")
	}
	return out, nil
}

func inflateError(param, found, wanted string) *IntakeError {
	return &IntakeError{Stage: StageInflate, Rule: "SEC-31", Path: param, Found: found, Wanted: wanted}
}

// notDeflate names the two usual mistakes.
func notDeflate(in []byte, err error) string {
	switch {
	case len(in) > 1 && in[0]&0x0f == 8 && (int(in[0])<<8|int(in[1]))%31 == 0:
		return "a zlib header"
	case len(in) > 0 && in[0] == '<':
		return "XML that is not deflated"
	}
	return err.Error()
}
