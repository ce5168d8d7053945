package onboarding

import (
	"slices"
	"testing"

	"spidsim/internal/clock"
)

// How the conflicts between the sources are settled (onboarding.md section 15); CNF-09 is the wire's.
func TestConflictsAreSettled(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		test func(*testing.T)
	}{
		{"CNF-01 the exception is the union of both lists, for dedicated services", exceptionIsTheUnion},
		{"CNF-02 level 3 is dated, and a flag of the gestore", levelThreeIsDated},
		{"CNF-03 the lists of gestori are dated", listsAreDated},
		{"CNF-04 two timelines settle the end of the other profiles", timelinesSettle},
		{"CNF-05 the cap is five, three or dated", capIsASetting},
		{"CNF-06 the telephone PIN opens the web by a switch alone", phonePINIsForThePhone},
		{"CNF-07 SPID for minors is dated", minorsAreDated},
		{"CNF-08 fees are dated", feesAreDated},
		{"CNF-10 the end of the transition is known from 2 July 2021", endIsKnownFromJuly},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.test(t)
		})
	}
}

func exceptionIsTheUnion(t *testing.T) {
	for who, want := range map[string]Code{"P08": "", "P10": "", "P12": "", "P03": PINNoNew} { // minor, no document, protected, anybody else
		p, err := issueAt(t, "2020-10-01 00:00", who)
		wantReason(t, err, want)
		if err == nil && !p.Dedicated {
			t.Errorf("%s gets a PIN for every service", who)
		}
	}
}

func levelThreeIsDated(t *testing.T) {
	for _, row := range []struct {
		slug, on string
		want     bool
	}{{"poste", "2020-10-15", false}, {"poste", "2021-07-02", true}, {"sielte", "2021-07-02", false}} {
		if got := slices.Contains(Describe(row.slug, row.slug).LevelsOn(day(t, row.on)), 3); got != row.want {
			t.Errorf("%s on %s has level 3: %t, want %t", row.slug, row.on, got, row.want)
		}
	}
}

func listsAreDated(t *testing.T) {
	for on, want := range map[string]int{"2020-10-15": 9, "2021-11-15": 9, "2023-02-01": 11} {
		got := 0
		for _, slug := range Known() {
			if Describe(slug, slug).ActiveOn(day(t, on)) {
				got++
			}
		}
		if got != want {
			t.Errorf("on %s: %d gestori, want %d", on, got, want)
		}
	}
}

func timelinesSettle(t *testing.T) {
	for timeline, want := range map[Timeline]clock.Day{Announced: day(t, "2021-08-31"), Applied: day(t, "2021-09-30")} {
		got, known := PINUntil(day(t, "2021-07-02").Midnight(), Citizen{}, Professional, Settings{Timeline: timeline})
		if got != want || !known {
			t.Errorf("%s: professionals until %s (%t), want %s", timeline, got, known, want)
		}
	}
}

func capIsASetting(t *testing.T) {
	for _, row := range []struct {
		cap, on string
		want    int
	}{{"", "2022-02-17", 5}, {"3", "2021-09-01", 3}, {"dated", "2021-09-30", 5}, {"dated", "2021-10-01", 3}} {
		if got := (Settings{DelegationCap: row.cap}).Cap(day(t, row.on)); got != row.want {
			t.Errorf("cap %q on %s is %d, want %d", row.cap, row.on, got, row.want)
		}
	}
}

func phonePINIsForThePhone(t *testing.T) {
	w := pinWorldAt(t, "2022-02-17 12:00")
	v := insideAt(t, w.o, "P03", "spid", 2)
	for alsoWeb, want := range map[bool]Code{false: NotHolder, true: PhoneUnknown} { // the switch first, then the code
		must[Settings](t)(w.o.Configure(w.ctx, func(s *Settings) { s.PhonePINAlsoWeb = alsoWeb }))
		_, err := w.o.PhoneLogin(w.ctx, v, string(v.FiscalCode), "QK7M4TD2")
		wantReason(t, err, want)
	}
}

func minorsAreDated(t *testing.T) {
	if want := day(t, "2022-03-03"); SPIDForMinors != want {
		t.Errorf("minors from %s, want %s", SPIDForMinors, want)
	}
}

func feesAreDated(t *testing.T) {
	for on, want := range map[string]bool{"2020-10-15": false, "2025-05-01": true} {
		if _, due := Describe("aruba", "Aruba").FeeOn(day(t, on)); due != want {
			t.Errorf("on %s a fee is due: %t, want %t", on, due, want)
		}
	}
}

func endIsKnownFromJuly(t *testing.T) {
	for on, want := range map[string]bool{"2021-07-01": false, "2021-07-02": true} {
		end, known := PINUntil(day(t, on).Midnight(), Citizen{}, CitizenProfile, Settings{})
		if known != want || known && end != day(t, "2021-09-30") {
			t.Errorf("on %s the end is %s, known %t, want %t", on, end, known, want)
		}
	}
}
