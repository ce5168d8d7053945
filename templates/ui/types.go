package ui

import "time"

// Tone is the state that a part shows: always with icon and word, never by colour alone (UX-13).
type Tone string

// Tones.
const (
	Plain Tone = ""
	OK    Tone = "ok"
	Warn  Tone = "warn"
	Bad   Tone = "bad"
	Info  Tone = "info"
)

// Hidden is a hidden field of a form.
type Hidden struct{ Name, Value string }

// SAMLForm is a form that carries a SAML message to another site.
type SAMLForm struct {
	Action     string  // absolute address
	Param      string  // "SAMLResponse" or "SAMLRequest"
	Message    string  // base64
	RelayState *string // nil = left out
}

// Finding is what a rule said, in the order what, where, found, wanted, remedy, source.
type Finding struct {
	Severity Tone   // Bad (error) or Warn (warning)
	Title    string // what must hold or what is wrong, in the page's language
	Rule     string // "REQ-26"
	URL      string // page of the rule; "" = not linked
	Path     string // "AuthnRequest/@Destination"
	Line     int    // in the document as received, from 1; 0 = unknown
	Column   int    // octets, from 1; 0 = unknown
	Found    string
	Wanted   string
	Remedy   string
	Source   string
	Detail   string // the underlying error, English
}

// Document is an XML message or metadata document to show with line numbers.
type Document struct {
	Title string // "AuthnRequest, HTTP-POST"
	XML   []byte // as received; may be any octets
	At    time.Time
}

// QR is a QR code: rows of modules, true = dark, without the quiet zone.
type QR [][]bool
