package spid

import (
	"fmt"
	"testing"
)

// asked is one cell of the table of section 2.3 of the profile, with what follows from it.
type asked struct {
	level      Level
	comparison Comparison
	cell       []Level // CMP-01
	performed  Level   // CMP-03; 0 is none
}

var comparisonTable = []asked{
	{L1, Exact, []Level{L1}, L1},
	{L1, Minimum, []Level{L1, L2, L3}, L1},
	{L1, Better, []Level{L2, L3}, L2},
	{L1, Maximum, []Level{L1}, L1},
	{L2, Exact, []Level{L2}, L2},
	{L2, Minimum, []Level{L2, L3}, L2},
	{L2, Better, []Level{L3}, L3},
	{L2, Maximum, []Level{L1, L2}, L2},
	{L3, Exact, []Level{L3}, L3},
	{L3, Minimum, []Level{L3}, L3},
	{L3, Better, nil, 0},
	{L3, Maximum, []Level{L1, L2, L3}, L3},
}

func TestComparisonTable(t *testing.T) {
	t.Parallel()
	for _, row := range comparisonTable {
		t.Run(fmt.Sprintf("%s %s holds %v", row.comparison, row.level, row.cell), func(t *testing.T) {
			t.Parallel()
			if got, ok := Perform(row.level, row.comparison); got != row.performed || ok != (row.performed != 0) {
				t.Errorf("Perform gave %v, %v; want %v", got, ok, row.performed)
			}
			var lowest, highest Level
			if len(row.cell) > 0 {
				lowest, highest = row.cell[0], row.cell[len(row.cell)-1]
			}
			if got, ok := Acceptable(row.level, row.comparison); got != lowest || ok != (lowest != 0) {
				t.Errorf("Acceptable gave %v, %v; want %v", got, ok, lowest)
			}
			for l := L1; l <= L3; l++ {
				ok, higher := l.Satisfies(row.level, row.comparison)
				wantHigher := lowest != 0 && l > highest
				wantOK := wantHigher || lowest != 0 && lowest <= l && l <= highest
				if ok != wantOK || higher != wantHigher {
					t.Errorf("%v satisfies: got %v, higher %v; want %v, higher %v", l, ok, higher, wantOK, wantHigher)
				}
			}
		})
	}
}

func TestUnknownRequestsAreNeverSatisfied(t *testing.T) {
	t.Parallel()
	for _, row := range []asked{{level: 0, comparison: Exact}, {level: 4, comparison: Minimum}, {level: L1, comparison: "Exact"}, {level: L2}} {
		if l, ok := Perform(row.level, row.comparison); ok || l != 0 {
			t.Errorf("Perform(%v, %q) gave %v, %v; want none", row.level, row.comparison, l, ok)
		}
		if l, ok := Acceptable(row.level, row.comparison); ok || l != 0 {
			t.Errorf("Acceptable(%v, %q) gave %v, %v; want none", row.level, row.comparison, l, ok)
		}
		if ok, higher := L3.Satisfies(row.level, row.comparison); ok || higher {
			t.Errorf("L3 satisfies %v %q: got %v, %v; want neither", row.level, row.comparison, ok, higher)
		}
	}
	for _, l := range []Level{0, 4, -1} {
		if ok, _ := l.Satisfies(L1, Minimum); ok {
			t.Errorf("a level that does not exist (%d) satisfies a request", int(l))
		}
	}
}

func TestLevelURIs(t *testing.T) {
	t.Parallel()
	for l, uri := range map[Level]string{
		L1: "https://www.spid.gov.it/SpidL1", L2: "https://www.spid.gov.it/SpidL2", L3: "https://www.spid.gov.it/SpidL3",
	} {
		if got := l.URI(); got != uri {
			t.Errorf("got %q, want %q", got, uri)
		}
		if got, ok := ParseLevel(uri); got != l || !ok {
			t.Errorf("ParseLevel(%q) gave %v, %v; want %v", uri, got, ok, l)
		}
	}
	if got := Level(4).URI() + Level(0).URI(); got != "" {
		t.Errorf("levels that do not exist have the URI %q, want none", got)
	}
	for _, uri := range []string{
		"", " https://www.spid.gov.it/SpidL2", "https://www.spid.gov.it/SpidL2\n", "https://www.spid.gov.it/SpidL4", "https://www.spid.gov.it/SpidL0",
		"http://www.spid.gov.it/SpidL1", "https://www.spid.gov.it/spidl1", "urn:oasis:names:tc:SAML:2.0:ac:classes:SpidL1",
	} {
		if l, ok := ParseLevel(uri); ok || l != 0 {
			t.Errorf("ParseLevel(%q) gave %v, %v; want none", uri, l, ok)
		}
	}
}

func TestPurposes(t *testing.T) {
	t.Parallel()
	for text, types := range map[Purpose][]IdentityType{
		"": {1, 3}, "P": {3, 4}, "LP": {2, 4}, "PG": {4}, "PF": {3}, "PX": {2, 3, 4},
	} {
		want := map[IdentityType]bool{}
		for _, i := range types {
			want[i] = true
		}
		for i := IdentityType(0); i <= 5; i++ {
			if got := text.Accepts(i); got != want[i] {
				t.Errorf("Purpose %q accepts type %d: got %v, want %v", text, i, got, want[i])
			}
		}
		if got, ok := ParsePurpose("\n  " + string(text) + " "); got != text || ok != (text != "") {
			t.Errorf("ParsePurpose of %q with blanks gave %q, %v", text, got, ok)
		}
	}
	if p, ok := ParsePurpose("p"); ok || p.Accepts(NaturalPerson) {
		t.Error("a lower-case purpose is known, want unknown and nobody accepted")
	}
	for i := NaturalPerson; i <= ProfessionalLegal; i++ {
		if it, en := i.Names(); it == "" || en == "" {
			t.Errorf("type %d has no name in one of the languages", i)
		}
	}
	if it, en := IdentityType(5).Names(); it+en != "" {
		t.Errorf("type 5 is called %q, %q; want nothing", it, en)
	}
}
