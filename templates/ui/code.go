package ui

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Limits of what a page shows of a document (UX-86): the rest can be downloaded, not read here.
const (
	maxShown = 32 << 10
	longLine = 160 // octets; a longer line makes the document be laid out anew
	longTag  = 96  // octets; a longer tag gets one attribute a line
)

// Line is a line of a code block, with what is to be said under it.
type Line struct {
	N      int
	Tone   Tone
	Pieces []Piece
	Gloss  []Finding
	from   int // octet of the source where it begins
}

// Piece is a stretch of one line in one colour; Mark underlines the faulty value.
type Piece struct {
	Class string
	Text  string
	Mark  bool
}

// Listing is a document ready to be shown.
type Listing struct {
	Title    string
	Lines    []Line
	Reflowed bool // lines were added, it came in fewer
	Cut      bool // longer than what is shown
	source   []byte
}

// NewListing lays out a document and puts the findings under their lines. A document whose lines are too long to read gets
// one tag a line; one that has lines keeps them.
func NewListing(d *Document, findings []Finding) *Listing {
	if d == nil {
		return nil
	}
	l := &Listing{Title: d.Title, source: d.XML}
	if len(l.source) > maxShown {
		l.source, l.Cut = l.source[:maxShown], true
	}
	l.Reflowed = hasLongLine(l.source)
	b := &layouter{reflow: l.Reflowed}
	lex(l.source, b)
	if len(b.now.Pieces) > 0 || len(b.lines) == 0 { // a last line break begins no line
		b.newLine(len(l.source))
	}
	l.Lines = b.lines
	for i := range findings {
		l.mark(findings[i])
	}
	return l
}

// LineOf is the number of the shown line on which a finding lies, 0 when it is not known or not shown.
func (l *Listing) LineOf(f Finding) int {
	if l == nil {
		return 0
	}
	if i := l.index(f); i >= 0 {
		return l.Lines[i].N
	}
	return 0
}

func hasLongLine(src []byte) bool {
	for line := range bytes.Lines(src) {
		if len(line) > longLine {
			return true
		}
	}
	return false
}

// index finds the line of a finding: from its position in the source, or, where only the line is known, from the value found on it.
func (l *Listing) index(f Finding) int {
	if f.Line <= 0 {
		return -1
	}
	start := 0
	for n := 1; n < f.Line; n++ {
		i := bytes.IndexByte(l.source[start:], '\n')
		if i < 0 {
			return -1
		}
		start += i + 1
	}
	at := start + max(f.Column-1, 0)
	if at > len(l.source) {
		return -1
	}
	if i := l.valueNear(at, f); i >= 0 {
		at = i
	}
	for i := len(l.Lines) - 1; i >= 0; i-- {
		if l.Lines[i].from <= at {
			return i
		}
	}
	return -1
}

// valueNear looks for the value found within the next 600 octets.
func (l *Listing) valueNear(at int, f Finding) int {
	i := locate(string(l.source[at:min(at+600, len(l.source))]), f)
	if i < 0 {
		return -1
	}
	return at + i
}

// locate finds the value in a text: as the attribute that the path names, as the content of an element, or anywhere; -1 when it is not there.
func locate(text string, f Finding) int {
	if f.Found == "" {
		return -1
	}
	before, after := ">", "<"
	if i := strings.LastIndexByte(f.Path, '@'); i >= 0 {
		before, after = f.Path[i+1:]+`="`, `"`
	}
	if i := strings.Index(text, before+f.Found+after); i >= 0 {
		return i + len(before)
	}
	return strings.Index(text, f.Found)
}

func (l *Listing) mark(f Finding) {
	i := l.index(f)
	if i < 0 {
		return
	}
	line := &l.Lines[i]
	if line.Tone != Bad {
		line.Tone = f.Severity
	}
	line.Gloss = append(line.Gloss, f)
	line.underline(f)
}

// underline marks the value found.
func (l *Line) underline(f Finding) {
	var whole strings.Builder
	for _, p := range l.Pieces {
		whole.WriteString(p.Text)
	}
	from := locate(whole.String(), f)
	if from < 0 {
		return
	}
	until, at := from+len(f.Found), 0
	var out []Piece
	for _, p := range l.Pieces {
		a, b := min(max(from-at, 0), len(p.Text)), min(max(until-at, 0), len(p.Text))
		at += len(p.Text)
		for _, cut := range []Piece{{p.Class, p.Text[:a], p.Mark}, {p.Class, p.Text[a:b], true}, {p.Class, p.Text[b:], p.Mark}} {
			if cut.Text != "" {
				out = append(out, cut)
			}
		}
	}
	l.Pieces = out
}

// layouter gathers pieces into lines.
type layouter struct {
	reflow bool
	depth  int
	opened bool // the last thing written was an opening tag
	lines  []Line
	now    Line
}

func (b *layouter) newLine(next int) {
	if len(b.now.Pieces) > 0 || !b.reflow {
		b.now.N = len(b.lines) + 1
		b.lines = append(b.lines, b.now)
	}
	b.now = Line{from: next}
}

// add puts text on the line, breaking it where the source does.
func (b *layouter) add(class string, src []byte, from int) {
	for len(src) > 0 {
		line, rest, broken := bytes.Cut(src, []byte("\n"))
		if text := clean(line); text != "" {
			b.now.Pieces = append(b.now.Pieces, Piece{Class: class, Text: text})
		}
		if !broken {
			return
		}
		from += len(line) + 1
		b.newLine(from)
		src = rest
		if b.reflow {
			trimmed := bytes.TrimLeft(src, " \t\r")
			from += len(src) - len(trimmed)
			src = trimmed
		}
	}
}

// indent begins a new line of a document that is laid out anew.
func (b *layouter) indent(from, extra int) {
	if !b.reflow {
		return
	}
	if len(b.now.Pieces) > 0 {
		b.newLine(from)
	}
	b.now.from = from
	if n := 2*min(b.depth, 12) + extra; n > 0 {
		b.now.Pieces = append(b.now.Pieces, Piece{Text: strings.Repeat(" ", n)})
	}
}

// clean makes any octets fit for a page: bad UTF-8 and control characters become the replacement character.
func clean(b []byte) string {
	s := strings.TrimSuffix(string(b), "\r")
	if utf8.ValidString(s) && strings.IndexFunc(s, isControl) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isControl(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

func isControl(r rune) bool { return (r < ' ' && r != '\t') || r == 0x7f || (r >= 0x80 && r < 0xa0) }
