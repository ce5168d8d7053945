package rules

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// maxFound bounds, in characters, what a finding repeats of a message.
const maxFound = 200

// Tools that AgID publishes or published, by the names of their projects.
const (
	toolSPTest  = "spid-sp-test"
	toolCheck   = "spid-saml-check"
	toolTestenv = "spid-testenv2"
)

var (
	everyTool = []string{toolSPTest, toolCheck, toolTestenv}
	twoTools  = []string{toolSPTest, toolCheck}
	testenv   = []string{toolTestenv}
)

// fault says where, what was found and what was wanted; the runner adds rule, anomaly and line.
func fault(path, found, wanted string) error {
	return &spid.Error{Path: path, Found: found, Wanted: wanted}
}

// attr reads an unprefixed attribute; a nil element and an absent attribute read as "".
func attr(el *etree.Element, name string) string {
	if el == nil {
		return ""
	}
	v, _ := saml.Attr(el, name)
	return v
}

// has reports whether the unprefixed attribute is there, empty or not.
func has(el *etree.Element, name string) bool {
	if el == nil {
		return false
	}
	_, ok := saml.Attr(el, name)
	return ok
}

// text reads simple content; a nil element and mixed content read as "".
func text(el *etree.Element) string {
	if el == nil {
		return ""
	}
	v, err := saml.Text(el)
	if err != nil {
		return ""
	}
	return v
}

// exactly wants n children of that name and returns a fault that gives both numbers.
func exactly(n int, parent *etree.Element, ns, local, path string) error {
	if got := len(saml.Children(parent, ns, local)); got != n {
		return fault(path, count(got), strconv.Itoa(n))
	}
	return nil
}

// atMostOne wants no or one child of that name.
func atMostOne(parent *etree.Element, ns, local, path string) error {
	if got := len(saml.Children(parent, ns, local)); got > 1 {
		return fault(path, strconv.Itoa(got), "1")
	}
	return nil
}

// count writes a number of elements; none is "", as for everything that is not there.
func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// equals wants one value, character by character.
func equals(path, found, wanted string) error {
	if found != wanted {
		return fault(path, found, wanted)
	}
	return nil
}

// in wants one of several values.
func in(path, found string, allowed ...string) error {
	for _, a := range allowed {
		if found == a {
			return nil
		}
	}
	return fault(path, found, strings.Join(allowed, " | "))
}

// filled wants something other than nothing and blanks; form says what.
func filled(path, found, form string) error {
	if strings.TrimSpace(found) == "" {
		return fault(path, found, form)
	}
	return nil
}

// Form of instants in findings.
const (
	instantForm = "YYYY-MM-DDThh:mm:ss[.sss]Z"
	instantOut  = "2006-01-02T15:04:05Z"
)

// utc reads an xs:dateTime in UTC: capital T, optional fraction after a point, Z at the end. Offsets, missing
// zones, leap seconds and the year 0 are no instants here (REQ-04, SEC-44).
func utc(s string) (time.Time, bool) {
	t, err := saml.ParseTime(s)
	return t, err == nil
}

// instant reads what utc reads and also an instant with an offset, for relaxed mode.
func instant(s string) (time.Time, bool) {
	if t, ok := utc(s); ok {
		return t, true
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	return t.UTC(), err == nil
}

// anInstant wants an instant in UTC.
func anInstant(path, found string) error {
	if _, ok := utc(found); !ok {
		return fault(path, found, instantForm)
	}
	return nil
}

// between writes a range of time for the Wanted of a finding; both ends count as inside.
func between(from, to time.Time) string {
	return from.UTC().Format(instantOut) + " … " + to.UTC().Format(instantOut)
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// unsignedShort reads an index: digits, at most 65535.
func unsignedShort(s string) (int, bool) {
	if !digits(s) || len(s) > 10 {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n <= 65535
}

// xsBoolean reads an xs:boolean.
func xsBoolean(s string) (value, ok bool) {
	switch s {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

// visible shortens s to max characters and writes control and direction characters as escapes, so that a value
// from outside can neither break a line of a log nor hide on a page (SEC-70).
func visible(s string, max int) string {
	plain := len(s) <= max
	for i := 0; plain && i < len(s); i++ {
		plain = s[i] >= 0x20 && s[i] < 0x7F
	}
	if plain {
		return s
	}
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > max {
			b.WriteRune('…')
			break
		}
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			q := strconv.QuoteRuneToASCII(r)
			b.WriteString(q[1 : len(q)-1])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
