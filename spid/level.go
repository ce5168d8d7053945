package spid

// Level of SPID. The zero Level is none.
type Level int

// The three levels, in order of strength (LVL-01..LVL-03).
const (
	L1 Level = 1 + iota
	L2
	L3
)

const levelPrefix = "https://www.spid.gov.it/SpidL"

func (l Level) valid() bool { return L1 <= l && l <= L3 }

// URI returns the AuthnContextClassRef of the level, "https://www.spid.gov.it/SpidL2", and "" for a level that
// does not exist.
func (l Level) URI() string {
	if !l.valid() {
		return ""
	}
	return levelPrefix + string(rune('0'+l))
}

// String returns "L2" for logs, and "no level" for a level that does not exist.
func (l Level) String() string {
	if !l.valid() {
		return "no level"
	}
	return "L" + string(rune('0'+l))
}

// ParseLevel reads an AuthnContextClassRef, exactly as written: neither blanks nor the withdrawn
// urn:…:ac:classes:SpidL2 pass (REQ-25, REQ-26).
func ParseLevel(uri string) (Level, bool) {
	for l := L1; l <= L3; l++ {
		if uri == l.URI() {
			return l, true
		}
	}
	return 0, false
}

// Comparison of RequestedAuthnContext.
type Comparison string

// The four comparisons of SAML Core 3.3.2.2.1.
const (
	Exact   Comparison = "exact"
	Minimum Comparison = "minimum"
	Better  Comparison = "better"
	Maximum Comparison = "maximum"
)

// cell returns the lowest and the highest level of one cell of the table of CMP-01; every level between them
// belongs to it. ok is false for an empty cell, a level that does not exist and an unknown comparison.
func cell(asked Level, c Comparison) (lowest, highest Level, ok bool) {
	if !asked.valid() {
		return 0, 0, false
	}
	switch c {
	case Exact:
		return asked, asked, true
	case Minimum:
		return asked, L3, true
	case Better:
		return asked + 1, L3, asked < L3
	case Maximum:
		return L1, asked, true
	}
	return 0, 0, false
}

// Perform returns the level that the identity provider performs for a request (CMP-03): the lowest of the cell
// for exact, minimum and better, the level asked for maximum. It returns false when no level can satisfy the
// request (better than SpidL3, unknown comparison), which is nr12 (TRG-12).
func Perform(asked Level, c Comparison) (Level, bool) {
	lowest, highest, ok := cell(asked, c)
	switch {
	case !ok:
		return 0, false
	case c == Maximum:
		return highest, true
	}
	return lowest, true
}

// Satisfies reports whether a performed level answers what was asked (CMP-01). One above the cell satisfies as
// well, since SPID lets an identity provider always use a stronger one (CMP-02): then higher is true.
func (l Level) Satisfies(asked Level, c Comparison) (ok, higher bool) {
	lowest, highest, found := cell(asked, c)
	if !found || !l.valid() || l < lowest {
		return false, false
	}
	return true, l > highest
}

// Acceptable returns the lowest level that satisfies the request, and false when none does. A person whose
// credentials end below it is answered nr20 (TRG-20).
func Acceptable(asked Level, c Comparison) (Level, bool) {
	lowest, _, ok := cell(asked, c)
	if !ok {
		return 0, false
	}
	return lowest, true
}
