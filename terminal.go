package main

import (
	"io"
	"os"
	"strings"
	"unicode"
)

// colours of the terminal; all empty when plain text is wanted.
type colours struct{ bold, dim, red, green, yellow, blue, off string }

// coloursFor gives colours to a terminal unless NO_COLOR is set, plain text to everything else.
func (p *program) coloursFor(w io.Writer) colours {
	if v, ok := p.env("NO_COLOR"); ok && v != "" || !isTerminal(w) {
		return colours{}
	}
	return colours{"\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[34m", "\x1b[0m"}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// visible makes received text safe for a terminal: control characters, which could move the cursor or hide text, and
// bidirectional marks become «·», and the length is bounded (SEC-70).
func visible(s string, most int) string {
	s = safe(s)
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// safe is visible without a bound; line breaks and tabs stay.
func safe(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if r == unicode.ReplacementChar || unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return '·'
		}
		return r
	}, s)
}
