package saml

import (
	"fmt"
	"strings"
)

// Stage says how far the intake of a message came when it failed.
type Stage string

// Stages, in the order in which a message passes them.
const (
	StageParameters Stage = "parameters" // parameter missing, doubled or misspelt (SEC-28, SEC-47)
	StageRelayState Stage = "relaystate" // longer than 80 octets
	StageSignature  Stage = "signature"  // redirect only: Signature is not base64
	StageBase64     Stage = "base64"
	StageInflate    Stage = "inflate"
	StageLimit      Stage = "limit" // size, depth or number past its bound
	StageXML        Stage = "xml"   // not well formed, or a construct that no message may have
	StageRoot       Stage = "root"  // another root element than the endpoint takes
)

// IntakeError says why octets from outside did not become a message.
type IntakeError struct {
	Stage         Stage
	Rule          string // the rule of security.md or saml-profile.md, as "SEC-11"
	Path          string // element, attribute or parameter, where known
	Line, Column  int    // in the decoded XML, from 1; 0 when unknown; columns count characters
	Found, Wanted string
}

func (e *IntakeError) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Stage))
	if e.Path != "" {
		b.WriteString(": " + e.Path)
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, " (line %d, column %d)", e.Line, e.Column)
	}
	writeFound(&b, e.Found, e.Wanted, e.Rule)
	return b.String()
}

// SignatureError says why a signature is not accepted. Reason is for records only, the public answer is one for all (SEC-26).
type SignatureError struct {
	Reason        string // stable code: "missing", "shape", "algorithm", "reference", "key", "expired", "digest", "value"
	Rule          string // "SEC-19", "SIG-02", ...
	Path          string
	Found, Wanted string
	Err           error
}

// Reasons of a SignatureError.
const (
	ReasonMissing   = "missing"   // no signature where one is required
	ReasonShape     = "shape"     // ds:Signature is not built or placed as SEC-19 wants
	ReasonAlgorithm = "algorithm" // outside the allow list of SEC-22
	ReasonReference = "reference" // the Reference does not name the parent, or what came back is another element
	ReasonKey       = "key"       // no usable pinned key, or the message names a certificate that is not pinned and no pinned one fits
	ReasonExpired   = "expired"   // a pinned certificate fits, but not at this time
	ReasonDigest    = "digest"    // signed by a pinned key, but the content was altered
	ReasonValue     = "value"     // no pinned key made this signature value
)

func (e *SignatureError) Error() string {
	var b strings.Builder
	b.WriteString("signature " + e.Reason)
	if e.Path != "" {
		b.WriteString(": " + e.Path)
	}
	writeFound(&b, e.Found, e.Wanted, e.Rule)
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the error underneath, or nil.
func (e *SignatureError) Unwrap() error { return e.Err }

// writeFound appends what both errors end with: found, wanted, rule. Received text is cut short and quoted.
func writeFound(b *strings.Builder, found, wanted, rule string) {
	if found != "" {
		fmt.Fprintf(b, ": found %q", clip(found))
	}
	if wanted != "" {
		b.WriteString(", wanted " + wanted)
	}
	if rule != "" {
		b.WriteString(" [" + rule + "]")
	}
}

// clip keeps an error or a record line short whatever was received.
func clip(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
