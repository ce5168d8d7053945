package saml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/beevik/etree"
	validator "github.com/mattermost/xml-roundtrip-validator"
)

// Parse is the one door for XML that came from outside: it scans the octets, refuses what no SAML
// message needs (SEC-09..SEC-15), and only then builds the tree. Errors are *IntakeError.
//
// The order is size, UTF-8, one scan of the raw tokens, tree. A UTF-8 byte-order mark at the start is let
// through; comments and CDATA sections only when lim.Comments says so, and the tree has neither of them. Line
// breaks and tabs inside attribute values become blanks, as XML wants and encoding/xml forgets.
func Parse(data []byte, lim Limits) (*etree.Element, error) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if err := checkOctets(data, lim); err != nil {
		return nil, err
	}
	s := &scanner{data: data, lim: lim, dec: xml.NewDecoder(bytes.NewReader(data))}
	if err := s.run(); err != nil {
		return nil, err
	}
	doc := etree.NewDocument()
	doc.ReadSettings = etree.ReadSettings{ValidateInput: true, MaxDepth: lim.Depth}
	// ValidateInput takes white space after the root, which any file may end in, for a second document.
	if err := doc.ReadFromBytes(bytes.TrimRight(s.rewritten(), " \t\r\n")); err != nil {
		return nil, &IntakeError{Stage: StageXML, Rule: "SEC-10", Found: err.Error(), Wanted: "well-formed XML"}
	}
	return doc.Root(), nil
}

// checkOctets looks at what can be judged before the first token: size and encoding.
func checkOctets(data []byte, lim Limits) error {
	switch {
	case len(data) > lim.Bytes:
		return &IntakeError{Stage: StageLimit, Rule: "SEC-09", Found: strconv.Itoa(len(data)) + " octets", Wanted: "at most " + strconv.Itoa(lim.Bytes)}
	case !utf8.Valid(data):
		e := at(data, invalidAt(data))
		e.Stage, e.Rule, e.Found, e.Wanted = StageXML, "SEC-11", "octets that are no UTF-8", "UTF-8"
		return e
	}
	return nil
}

// invalidAt returns the offset of the first octet that is no UTF-8.
func invalidAt(data []byte) int {
	off := 0
	for off < len(data) {
		r, n := utf8.DecodeRune(data[off:])
		if r == utf8.RuneError && n <= 1 {
			break
		}
		off += n
	}
	return off
}

// at returns an error that points at the offset.
func at(data []byte, off int) *IntakeError {
	line, column := lineColumn(data, off)
	return &IntakeError{Line: line, Column: column}
}

// lineColumn counts both from 1, columns in characters.
func lineColumn(data []byte, off int) (line, column int) {
	before := data[:min(off, len(data))]
	line = bytes.Count(before, []byte{'\n'}) + 1
	column = utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return line, column
}

// scanner reads the raw tokens once, counts, and keeps the names and namespaces that are open.
type scanner struct {
	data       []byte
	lim        Limits
	dec        *xml.Decoder
	start, end int // of the token at hand
	open       []openElement
	bound      []binding
	ids        map[string]bool
	elements   int
	edits      []edit
}

// openElement is an element whose end has not come yet.
type openElement struct {
	name  xml.Name // Space is the prefix
	bound int      // bindings in scope outside it
}

// binding is one namespace declaration in scope.
type binding struct{ prefix, uri string }

func (s *scanner) run() error {
	for {
		s.start = int(s.dec.InputOffset())
		tok, err := s.dec.RawToken()
		s.end = int(s.dec.InputOffset())
		if errors.Is(err, io.EOF) {
			return s.finish()
		}
		if err != nil {
			return s.malformed(err)
		}
		if err := s.token(tok); err != nil {
			return err
		}
	}
}

func (s *scanner) token(tok xml.Token) error {
	switch t := tok.(type) {
	case xml.StartElement:
		if err := s.startElement(t); err != nil || plainTag(t) {
			return err
		}
	case xml.EndElement:
		// The round trip of an end tag says nothing that the one of its start tag did not.
		return s.endElement(t)
	case xml.CharData:
		if err := s.charData(t); err != nil || plain(t) {
			return err
		}
	case xml.Comment:
		return s.comment()
	case xml.ProcInst:
		return s.procInst(t)
	case xml.Directive:
		return s.fail("SEC-11", "a declaration <!"+clip(string(t))+">", "no DOCTYPE, no declarations")
	}
	if err := validator.CheckToken(tok); err != nil {
		return s.fail("SEC-10", "markup that does not survive being written and read again: "+err.Error(), "stable markup")
	}
	return nil
}

// plain reports whether the text is printable ASCII without markup characters: it is written and read as it
// stands, and the dear round trip can be spared. Most of a message is such text.
func plain(t []byte) bool {
	for _, c := range t {
		if c < 0x20 && c != '\n' && c != '\t' || c >= 0x7f || c == '<' || c == '>' || c == '&' || c == '"' || c == '\'' {
			return false
		}
	}
	return true
}

// plainTag reports the same of a start tag whose names the scan has accepted.
func plainTag(t xml.StartElement) bool {
	if !ascii(t.Name) {
		return false
	}
	for i := range t.Attr {
		if !ascii(t.Attr[i].Name) || !plainValue(t.Attr[i].Value) {
			return false
		}
	}
	return true
}

func ascii(n xml.Name) bool {
	for i := range len(n.Space) {
		if n.Space[i] >= utf8.RuneSelf {
			return false
		}
	}
	for i := range len(n.Local) {
		if n.Local[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func plainValue(v string) bool {
	for i := range len(v) {
		if c := v[i]; c < 0x20 || c >= 0x7f || c == '<' || c == '>' || c == '&' || c == '"' || c == '\'' {
			return false
		}
	}
	return true
}

func (s *scanner) finish() error {
	switch {
	case s.elements == 0:
		return s.fail("SEC-10", "no element", "one root element")
	case len(s.open) > 0:
		return s.fail("SEC-10", "end of input inside "+clip(s.open[len(s.open)-1].name.Local), "its end tag")
	}
	return nil
}

func (s *scanner) charData(t xml.CharData) error {
	raw := s.data[s.start:s.end]
	if bytes.HasPrefix(raw, []byte("<![CDATA[")) {
		if !s.lim.Comments {
			return s.fail("SEC-12", "a CDATA section", "text without CDATA")
		}
		if len(s.open) == 0 {
			return s.fail("SEC-10", "a CDATA section outside the root element", "one root element")
		}
	}
	if len(s.open) == 0 {
		// Raw, since a character reference to a blank is no white space outside the root.
		if len(bytes.Trim(raw, " \t\r\n")) > 0 {
			return s.fail("SEC-10", "text outside the root element", "white space alone")
		}
		return nil
	}
	if len(t) > s.lim.Text {
		return s.limit("a text run of "+strconv.Itoa(len(t))+" octets", s.lim.Text)
	}
	return nil
}

func (s *scanner) comment() error {
	if !s.lim.Comments {
		return s.fail("SEC-12", "a comment", "no comments")
	}
	s.edits = append(s.edits, edit{s.start, s.end, true})
	return nil
}

// malformed turns an error of the decoder into ours.
func (s *scanner) malformed(err error) error {
	if bytes.HasPrefix(s.data[s.start:], []byte("<?xml")) {
		return s.fail("SEC-11", err.Error(), "an XML declaration for version 1.0 and UTF-8")
	}
	found := err.Error()
	if se := new(xml.SyntaxError); errors.As(err, &se) {
		found = se.Msg
	}
	e := at(s.data, s.end)
	e.Stage, e.Rule, e.Path, e.Found, e.Wanted = StageXML, "SEC-10", s.path(), found, "well-formed XML"
	return e
}

func (s *scanner) fail(rule, found, wanted string) *IntakeError {
	e := at(s.data, s.start)
	e.Stage, e.Rule, e.Path, e.Found, e.Wanted = StageXML, rule, s.path(), found, wanted
	return e
}

func (s *scanner) limit(found string, most int) *IntakeError {
	e := s.fail("SEC-14", found, "at most "+strconv.Itoa(most))
	e.Stage = StageLimit
	return e
}

// path names the open elements by local name.
func (s *scanner) path() string {
	names := make([]string, len(s.open))
	for i := range s.open {
		names[i] = clip(s.open[i].name.Local)
	}
	return strings.Join(names, "/")
}
