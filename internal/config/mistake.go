package config

import (
	"fmt"
	"strings"
)

// Mistake is one thing wrong with the configuration.
type Mistake struct {
	Origin       string // "--listen", "SPIDSIM_LISTEN", "spidsim.yaml"; "" for a combination of keys
	Line, Column int    // in the file, from 1; 0 elsewhere
	Key          string // "listen"; may be ""
	Message      string // "is "x", want …"
}

// String reads `spidsim.yaml:3:9: listen is "x", want host:port`.
func (m Mistake) String() string {
	var b strings.Builder
	if m.Origin != "" {
		b.WriteString(m.Origin)
		if m.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", m.Line, m.Column)
		}
		b.WriteString(": ")
	}
	if m.Key != "" {
		b.WriteString(m.Key + " ")
	}
	b.WriteString(m.Message)
	return b.String()
}

// Mistakes is everything wrong with the configuration, in the order of the sources. It is an error.
type Mistakes []Mistake

// Error lists the mistakes, one a line.
func (m Mistakes) Error() string {
	if len(m) == 1 {
		return m[0].String()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "the configuration has %d mistakes:", len(m))
	for _, one := range m {
		b.WriteString("\n  " + one.String())
	}
	return b.String()
}
