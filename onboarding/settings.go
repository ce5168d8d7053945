package onboarding

import (
	"fmt"
	"slices"
	"time"

	"spidsim/internal/clock"
)

// Timeline says which dates hold (ONB-03).
type Timeline string

// Timelines.
const (
	Announced Timeline = "announced" // as the seeds and circular 95 announce them
	Applied   Timeline = "applied"   // with the later postponements
)

// Settings are the switches of the onboarding. They are stored, and changed while the program runs; the zero
// value of each means its default.
type Settings struct {
	Timeline          Timeline      `json:"timeline"`            // "announced" (default) or "applied"
	DelegationCap     string        `json:"delegation_cap"`      // "5" (default), "3" or "dated" (ONB-164)
	ParentsExempt     bool          `json:"parents_exempt"`      // ONB-165
	InhibitPIN        bool          `json:"inhibit_pin"`         // inhibitPinIfDigitalIdentity (ONB-39)
	PhonePINAlsoWeb   bool          `json:"phone_pin_also_web"`  // ONB-156
	SimplifiedPIN     bool          `json:"simplified_pin"`      // the PIN of spring 2020 (ONB-38)
	CheckUsualMeans   bool          `json:"check_usual_means"`   // extra check when the identity is not the usual one (ONB-149)
	Order             string        `json:"order"`               // of the gestori: "random" (default) or "stable" (ONB-79)
	HandoffLife       time.Duration `json:"handoff_life"`        // 5 minutes (ONB-86)
	RefuseRealPersons bool          `json:"refuse_real_persons"` // codici fiscali outside the test people are refused even with the tick (ONB-221)
}

// DefaultSettings are the switches before anybody touches them.
func DefaultSettings() Settings { return Settings{}.defaults() }

func (s Settings) defaults() Settings {
	if s.Timeline == "" {
		s.Timeline = Announced
	}
	if s.DelegationCap == "" {
		s.DelegationCap = "5"
	}
	if s.Order == "" {
		s.Order = "random"
	}
	if s.HandoffLife <= 0 {
		s.HandoffLife = 5 * time.Minute
	}
	return s
}

// Check says which setting has a value that it cannot have.
func (s Settings) Check() error {
	for _, row := range []struct {
		key, value string
		allowed    []string
	}{
		{"timeline", string(s.Timeline), []string{"", "announced", "applied"}},
		{"delegation_cap", s.DelegationCap, []string{"", "5", "3", "dated"}},
		{"order", s.Order, []string{"", "random", "stable"}},
	} {
		if !slices.Contains(row.allowed, row.value) {
			return Deny(FieldMissing).By("ONB-03").At(row.key).Because("%s is %q, want one of %q", row.key, row.value, row.allowed[1:])
		}
	}
	if s.HandoffLife < 0 || s.HandoffLife > time.Hour {
		return Deny(FieldMissing).By("ONB-86").At("handoff_life").Because("handoff_life is %s, want at most an hour", s.HandoffLife)
	}
	return nil
}

// Cap is how many people may delegate the same person on a day (ONB-163, ONB-164).
func (s Settings) Cap(day clock.Day) int {
	switch {
	case s.DelegationCap == "3", s.DelegationCap == "dated" && !day.Before(EndOfPIN):
		return 3
	}
	return 5
}

// Days on which rules begin to hold (onboarding.md section 5).
var (
	NoNewPIN        = clock.Day{Year: 2020, Month: time.October, Day: 1}   // ONB-51
	EndsAnnounced   = clock.Day{Year: 2021, Month: time.July, Day: 2}      // ONB-54
	OfficeDelegates = clock.Day{Year: 2021, Month: time.August, Day: 16}   // ONB-61
	CitizensOnly    = clock.Day{Year: 2021, Month: time.September, Day: 1} // ONB-56
	EndOfPIN        = clock.Day{Year: 2021, Month: time.October, Day: 1}   // ONB-57, ONB-62
	EndOfExtension  = clock.Day{Year: 2022, Month: time.January, Day: 1}   // ONB-58
	SPIDForMinors   = clock.Day{Year: 2022, Month: time.March, Day: 3}     // ONB-181
	VideoDelegates  = clock.Day{Year: 2022, Month: time.August, Day: 1}    // ONB-63
)

// Phase is a stretch of time in which the same rules hold.
type Phase struct {
	From             clock.Day // zero = since ever
	Italian, English string
}

var phases = []Phase{
	{clock.Day{}, "Fase 0: il PIN si dà a tutti", "Phase 0: anybody gets a PIN"},
	{NoNewPIN, "Fase 1: niente nuovi PIN", "Phase 1: no new PINs"},
	{EndsAnnounced, "Fase 1: la fine del PIN ha una data", "Phase 1: the end of the PIN has a date"},
	{CitizensOnly, "Fase 1: il PIN vale solo per i cittadini", "Phase 1: the PIN works for citizens only"},
	{EndOfPIN, "Fase 2: solo SPID, CIE o CNS", "Phase 2: SPID, CIE or CNS only"},
}

// Phases returns all phases, the earliest first.
func Phases() []Phase { return slices.Clone(phases) }

// PhaseOf is the phase of a day.
func PhaseOf(day clock.Day) Phase {
	found := phases[0]
	for _, p := range phases {
		if !day.Before(p.From) {
			found = p
		}
	}
	return found
}

// In returns the name of the phase in a language, "it" or "en".
func (p Phase) In(lang string) string {
	if lang == "en" {
		return p.English
	}
	return p.Italian
}

// String is for logs.
func (p Phase) String() string { return fmt.Sprintf("%s from %s", p.English, p.From) }
