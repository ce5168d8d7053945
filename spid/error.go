package spid

import (
	"fmt"
	"strings"
)

// Error blames the peer: which rule, which anomaly answers it, where, what was found and what was wanted.
// Its message reads `AuthnRequest/@Destination is "https://a", want "https://b" (AR-12, anomaly nr14)`.
// A Found of "" reads "is missing or empty"; Wanted, Err, Line, Rule and Anomaly are left out when they are zero.
// Values longer than 200 octets are cut in the message, not in the fields: they come from whoever sent them.
type Error struct {
	Rule          string
	Anomaly       Anomaly
	Path          string
	Found, Wanted string
	Line, Column  int // in the octets as received; 0 when unknown
	Err           error
}

// Error says where, what was found, what was wanted and by which rule.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(cut(e.subject()))
	switch {
	case e.Found != "":
		fmt.Fprintf(&b, " is %q", cut(e.Found))
	case e.Wanted != "" || e.Err == nil:
		b.WriteString(" is missing or empty")
	}
	if e.Wanted != "" {
		fmt.Fprintf(&b, ", want %q", cut(e.Wanted))
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, ", line %d column %d", e.Line, e.Column)
	}
	b.WriteString(e.source())
	return b.String()
}

// Unwrap returns the cause, for errors.Is and errors.As; it may be nil.
func (e *Error) Unwrap() error { return e.Err }

func (e *Error) subject() string {
	if e.Path == "" {
		return "message"
	}
	return e.Path
}

func (e *Error) source() string {
	var parts []string
	if e.Rule != "" {
		parts = append(parts, e.Rule)
	}
	if e.Anomaly > 0 {
		parts = append(parts, fmt.Sprintf("anomaly nr%02d", int(e.Anomaly)))
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

const longest = 200

// cut shortens a value to the octets that a log line can bear, at the start of a character.
func cut(s string) string {
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[:longest], "") + "…"
}
