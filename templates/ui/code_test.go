package ui

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func shown(l *Listing) string {
	var b strings.Builder
	for _, line := range l.Lines {
		for _, p := range line.Pieces {
			b.WriteString(p.Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestADocumentWithLinesKeepsThem(t *testing.T) {
	t.Parallel()
	const src = "<a b=\"1\">\n  <c/>\n\n  text\n</a>\n"
	l := NewListing(&Document{XML: []byte(src)}, nil)
	if got := shown(l); got != src || l.Reflowed {
		t.Errorf("shown as %q", got)
	}
}

func TestAnEndlessLineGetsOneTagALine(t *testing.T) {
	t.Parallel()
	src := `<a><b>text</b><c/><d></d><!-- ` + strings.Repeat("x", 200) + ` --><e><f>1</f></e></a>`
	l := NewListing(&Document{XML: []byte(src)}, nil)
	want := "<a>\n  <b>text</b>\n  <c/>\n  <d></d>\n  <!-- " + strings.Repeat("x", 200) + " -->\n  <e>\n    <f>1</f>\n  </e>\n</a>\n"
	if got := shown(l); got != want || !l.Reflowed {
		t.Errorf("shown as\n%s\nwant\n%s", got, want)
	}
}

func TestALongTagGetsOneAttributeALine(t *testing.T) {
	t.Parallel()
	src := `<a one="` + strings.Repeat("1", 100) + `" two="` + strings.Repeat("2", 80) + `"/>`
	got := shown(NewListing(&Document{XML: []byte(src)}, nil))
	if want := "<a\n    one=\"" + strings.Repeat("1", 100) + "\"\n    two=\"" + strings.Repeat("2", 80) + "\"/>\n"; got != want {
		t.Errorf("shown as\n%s\nwant\n%s", got, want)
	}
}

func TestFindingsStandUnderTheirLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("z", 170)
	rows := []struct {
		name, src string
		f         Finding
		line      int
		mark      string
	}{
		{"by line and column", "<a>\n <b c=\"x\"/>\n</a>", Finding{Line: 2, Column: 2, Found: "x"}, 2, "x"},
		{"by line alone", "<a>\n <b/>\n</a>", Finding{Line: 3}, 3, ""},
		{"by the value in a document laid out anew", "<a><b>" + long + "</b><c>bad</c></a>", Finding{Line: 1, Column: 180, Found: "bad"}, 3, "bad"},
		{"on the content of the element, not on a like attribute", "<a b=\"x\">x</a>", Finding{Line: 1, Path: "a", Found: "x"}, 1, "x"},
		{"on the attribute that the path names", "<a b=\"x1\"\n c=\"x1\">x1</a>", Finding{Line: 1, Path: "a/@c", Found: "x1"}, 2, "x1"},
		{"never on a line that is not there", "<a/>", Finding{Line: 9}, 0, ""},
		{"never without a line", "<a/>", Finding{Found: "a"}, 0, ""},
	}
	for _, r := range rows {
		r.f.Severity = Bad
		l := NewListing(&Document{XML: []byte(r.src)}, []Finding{r.f})
		if got := l.LineOf(r.f); got != r.line {
			t.Errorf("%s: line %d, want %d", r.name, got, r.line)
			continue
		}
		if r.line == 0 {
			continue
		}
		line, marked := l.Lines[r.line-1], ""
		for _, p := range line.Pieces {
			if p.Mark {
				marked += p.Text
			}
		}
		if marked != r.mark || len(line.Gloss) != 1 || line.Tone != Bad {
			t.Errorf("%s: marked %q, %d glosses", r.name, marked, len(line.Gloss))
		}
	}
}

func FuzzListing(f *testing.F) {
	for _, seed := range []string{"<a b='1'>x</a>", "<!-- <a", "<![CDATA[", "\x00\xff<", "a=\"<>\"", "</></a>", strings.Repeat("<a>", 90)} {
		f.Add(seed, 1, 1)
	}
	f.Fuzz(func(t *testing.T, src string, line, column int) {
		l := NewListing(&Document{XML: []byte(src)}, []Finding{{Severity: Bad, Line: line, Column: column, Found: "a"}})
		got := shown(l)
		if !utf8.ValidString(got) || strings.ContainsRune(got, 0) {
			t.Errorf("unfit octets are shown: %q", got)
		}
		blanks := strings.NewReplacer(" ", "", "\t", "", "\n", "", "\r", "")
		lone := strings.Contains(strings.ReplaceAll(src, "\r\n", ""), "\r") // is shown, as something else
		if !lone && utf8.ValidString(src) && strings.IndexFunc(blanks.Replace(src), isControl) < 0 && !l.Cut && blanks.Replace(got) != blanks.Replace(src) {
			t.Errorf("%q is shown as %q", src, got)
		}
		for i, line := range l.Lines {
			if line.N != i+1 {
				t.Errorf("line %d has number %d", i+1, line.N)
			}
		}
	})
}
