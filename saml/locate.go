package saml

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
)

// Locate finds the line and column (both from 1) of path in the octets as received. A path names elements
// from the root by local name, with an optional [n] from 1, and may end in an attribute:
// "AuthnRequest/RequestedAuthnContext/AuthnContextClassRef", "AuthnRequest/@Version",
// "EntityDescriptor/ContactPerson[2]/Extensions". It returns the nearest ancestor that exists; 0, 0 when nothing fits.
//
// Prefixes in the path are passed over ("md:Extensions" is "Extensions"), those of attributes too. Columns count
// characters. When the octets are an EntitiesDescriptor and the path begins with EntityDescriptor, the first one
// inside is meant. Octets that are not well formed are searched up to the fault.
func Locate(xml []byte, path string) (line, column int) {
	xml = bytes.TrimPrefix(xml, []byte("\uFEFF"))
	steps, attribute := parsePath(path)
	if len(steps) == 0 {
		return 0, 0
	}
	l := &locator{data: xml, steps: steps}
	l.run()
	if l.matched == 0 {
		return 0, 0
	}
	if l.matched == len(l.steps) && attribute != "" {
		l.found += attributeOffset(xml[l.found:l.end], attribute)
	}
	return lineColumn(xml, l.found)
}

// step is one element of a path: the n-th child of that name.
type step struct {
	name string
	n    int
}

// parsePath returns nil steps when the path makes no sense.
func parsePath(path string) (steps []step, attribute string) {
	for part := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if name, ok := strings.CutPrefix(part, "@"); ok {
			return steps, local(name)
		}
		name, position, _ := strings.Cut(part, "[")
		s := step{local(name), 1}
		if n, err := strconv.Atoi(strings.TrimSuffix(position, "]")); err == nil {
			s.n = n
		}
		if s.name == "" {
			return nil, ""
		}
		steps = append(steps, s)
	}
	return steps, ""
}

func local(name string) string { return name[strings.LastIndexByte(name, ':')+1:] }

// locator follows a path through the raw tokens.
type locator struct {
	data       []byte
	steps      []step
	depth      int // open elements
	matched    int // steps found; the elements of all of them are open
	seen       int // children of the innermost of them with the name of the next step
	found, end int // offsets of the tag found last
}

func (l *locator) run() {
	dec := xml.NewDecoder(bytes.NewReader(l.data))
	for l.matched < len(l.steps) {
		start := int(dec.InputOffset())
		tok, err := dec.RawToken()
		if err != nil {
			return
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if l.depth == 0 && t.Name.Local == "EntitiesDescriptor" && l.steps[0].name == "EntityDescriptor" {
				l.depth-- // the list does not count: its children are looked at as roots
			} else if l.depth == l.matched {
				l.child(t.Name.Local, start, int(dec.InputOffset()))
			}
			l.depth++
		case xml.EndElement:
			l.depth--
			if l.depth < l.matched {
				return // the innermost element found ends without the next step in it
			}
		}
	}
}

func (l *locator) child(name string, start, end int) {
	if name != l.steps[l.matched].name {
		return
	}
	if l.seen++; l.seen == l.steps[l.matched].n {
		l.matched++
		l.seen, l.found, l.end = 0, start, end
	}
}

// attributeOffset returns where in a start tag the attribute begins, 0 when it is not there.
func attributeOffset(tag []byte, name string) int {
	quote := byte(0)
	for i, c := range tag {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case isBlank(c) && attributeAt(tag[i+1:], name):
			return i + 1
		}
	}
	return 0
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func attributeAt(rest []byte, name string) bool {
	full, _, ok := bytes.Cut(rest, []byte("="))
	return ok && local(strings.TrimRight(string(full), " \t\r\n")) == name && !bytes.ContainsAny(full, "\"'")
}
