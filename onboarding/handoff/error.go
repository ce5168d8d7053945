package handoff

import (
	"errors"
	"fmt"
	"strings"

	"spidsim/saml"
)

// Reason sorts what can be wrong with a message, for the page that answers it. To the other side nothing is sent
// back in any of these cases (ONB-85).
type Reason string

// Reasons.
const (
	UnknownSender Reason = "unknown-sender" // no trusted descriptor has this code, or its dates do not include today
	BadSignature  Reason = "bad-signature"  // none, by another key, or of an altered message; outside or inside
	NotForUs      Reason = "not-for-us"     // encrypted for another key, or another destination or audience
	Stale         Reason = "stale"          // RSN-HANDOFF-STALE: too old, or from the future (ONB-86)
	Malformed     Reason = "malformed"      // anything else that the wire form does not allow
)

// Error says what is wrong with a message or a descriptor. It is for records and for developers; a person is told
// what Reason means.
type Error struct {
	Reason        Reason
	Rule          string // "ONB-81", "SEC-25", ...
	Path          string // element or attribute, where known
	Found, Wanted string
	Err           error
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Reason))
	if e.Path != "" {
		b.WriteString(": " + e.Path)
	}
	if e.Found != "" {
		fmt.Fprintf(&b, ": found %q", clip(e.Found))
	}
	if e.Wanted != "" {
		b.WriteString(", wanted " + e.Wanted)
	}
	if e.Rule != "" {
		b.WriteString(" [" + e.Rule + "]")
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause, for errors.Is and errors.As; it may be nil.
func (e *Error) Unwrap() error { return e.Err }

// ReasonOf returns the Reason of an error of this package, "" for others and for nil.
func ReasonOf(err error) Reason {
	if e := new(Error); errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

func malformed(path, found, wanted string) *Error {
	return &Error{Reason: Malformed, Rule: "ONB-81", Path: path, Found: found, Wanted: wanted}
}

// wrapped sorts an error of package saml.
func wrapped(err error) *Error {
	if e := new(saml.SignatureError); errors.As(err, &e) {
		return &Error{Reason: BadSignature, Rule: e.Rule, Err: err}
	}
	if e := new(saml.EncryptionError); errors.As(err, &e) && e.Reason == saml.ReasonDecrypt {
		return &Error{Reason: NotForUs, Rule: e.Rule, Err: err}
	}
	return &Error{Reason: Malformed, Err: err}
}

// clip keeps an error short whatever was received.
func clip(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
