package onboarding

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"spidsim/internal/clock"
)

// Provider is a gestore as the catalogue of onboarding.md section 13 describes it: plain facts, dated (ONB-200).
type Provider struct {
	Slug     string
	Name     string // as shown; pages add "(simulato)"
	Owner    string // legal owner, as text
	From     clock.Day
	Until    clock.Day // last day in the list; zero = still there
	Assisted bool      // takes part in the assisted request (ONB-78)
	Level3   bool      // has level 3 from 2021 on (ONB-27, ONB-206)
	Area     string    // "IT" or "EU" (ONB-202)
	InPerson bool      // recognises people in person
	Modes    []ModePrice
	Fees     []Fee // yearly, from the day on (ONB-207)
	Exempt   bool  // the exemptions of ONB-208 hold
}

// ModePrice is a way to be identified that a gestore has, with its price from a day on.
type ModePrice struct {
	Mode  ModeKey
	From  clock.Day // zero = since ever
	Price Price
}

// Fee is what an identity costs a year, with VAT where the notice says so.
type Fee struct {
	From    clock.Day
	Cents   int
	PlusVAT bool
	After   int // years that are free first
}

// price is what a way costs at the gestore on a day; false when it does not have it.
func (g Provider) price(k ModeKey, day clock.Day) (found Price, ok bool) {
	for _, m := range g.Modes {
		if m.Mode == k && !day.Before(m.From) {
			found, ok = m.Price, true
		}
	}
	return found, ok
}

// ActiveOn reports whether the gestore is in the list on a day.
func (g Provider) ActiveOn(day clock.Day) bool {
	return !day.Before(g.From) && (g.Until.IsZero() || !day.After(g.Until))
}

// LevelsOn are the levels that the gestore gives on a day: level 3 only from 2021 on and not everywhere (ONB-27).
func (g Provider) LevelsOn(day clock.Day) []int {
	if g.Level3 && day.Year >= 2021 {
		return []int{1, 2, 3}
	}
	return []int{1, 2}
}

// FeeOn is the yearly fee of a new identity on a day; false when it is free (ONB-28, ONB-207).
func (g Provider) FeeOn(day clock.Day) (fee Fee, due bool) {
	for _, f := range g.Fees {
		if !day.Before(f.From) {
			fee, due = f, true
		}
	}
	return fee, due
}

func free(year int, keys ...ModeKey) []ModePrice {
	return priced(Price{Year: year}, keys...)
}

func paid(year int, keys ...ModeKey) []ModePrice {
	return priced(Price{Year: year, Paid: true}, keys...)
}

func priced(p Price, keys ...ModeKey) []ModePrice {
	out := make([]ModePrice, 0, len(keys))
	for _, k := range keys {
		out = append(out, ModePrice{Mode: k, Price: p})
	}
	return out
}

func since(day clock.Day, list []ModePrice) []ModePrice {
	for i := range list {
		list[i].From = day
	}
	return list
}

var cards = []ModeKey{CIEReader, CNSReader, Signature}

// every are all ways, for the gestori that are ours.
func every() []ModePrice {
	keys := make([]ModeKey, 0, len(modes))
	for _, m := range modes {
		keys = append(keys, m.Key)
	}
	return free(0, keys...)
}

var symbolic = Price{Year: 2021, Note: true}

// known are the gestori of the sources (ONB-200…ONB-209). What the sources do not say is left out.
var known = map[string]Provider{
	"aruba": {Name: "Aruba", Owner: "Aruba PEC", Area: "EU", InPerson: true, Assisted: true, Level3: true,
		Modes: slices.Concat(free(2020, Counter), paid(2020, Webcam), free(2020, cards...)),
		Fees:  []Fee{{From: clock.Date(2025, time.May, 1), Cents: 598}}},
	"infocert": {Owner: "InfoCert", Area: "EU", InPerson: true, Assisted: true,
		Modes: slices.Concat(free(2020, Counter), paid(2020, Webcam), free(2020, cards...), priced(symbolic, VideoTransfer)),
		Fees:  []Fee{{From: clock.Date(2025, time.July, 28), Cents: 598}}},
	"intesa": {Name: "Intesa", Owner: "Intesa (gruppo IBM)", Area: "EU", InPerson: true, Until: clock.Date(2023, time.April, 22),
		Modes: slices.Concat(free(2020, Counter), paid(2020, Webcam), free(2020, Signature))},
	"lepida": {Owner: "Lepida", Area: "IT", InPerson: true,
		Modes: slices.Concat(free(2020, Counter, PublicEvent, RAO), paid(2020, Webcam), free(2020, cards...))},
	"namirial": {Owner: "Namirial", Area: "EU", InPerson: true, Assisted: true,
		Modes: slices.Concat(free(2020, Counter), free(2020, cards...))},
	"poste": {Name: "Poste", Owner: "Poste Italiane", Area: "IT", InPerson: true, Assisted: true, Level3: true, Exempt: true,
		Modes: slices.Concat(
			free(2020, Counter), paid(2020, Home), free(2020, cards...), free(2020, EdocCIE, EdocPassport, SMSCertified, BancoPostaReader, RAO),
			since(clock.Date(2025, time.January, 1), priced(Price{Cents: 1200, Year: 2025}, Counter)),
			since(clock.Date(2025, time.January, 1), priced(Price{Cents: 1000, Year: 2025}, EdocPassport, EdocCIE)),
			since(clock.Date(2021, time.January, 1), priced(symbolic, VideoTransfer))),
		Fees: []Fee{{From: clock.Date(2026, time.January, 1), Cents: 600, After: 1}}},
	"sielte": {Owner: "Sielte", Area: "EU", InPerson: true, Assisted: true,
		Modes: slices.Concat(free(2020, Counter, Webcam), free(2020, cards...))},
	"spiditalia": {Name: "SpidItalia", Owner: "Register.it", Area: "IT", Assisted: true,
		Modes: slices.Concat(paid(2020, Webcam), free(2020, cards...)),
		Fees:  []Fee{{From: clock.Date(2025, time.September, 1), Cents: 990, PlusVAT: true}}},
	"tim": {Name: "TIM", Owner: "TI Trust Technologies", Area: "EU", InPerson: true,
		Modes: slices.Concat(free(2020, Counter), paid(2020, Webcam), free(2020, cards...))},
	"teamsystem":  {Owner: "TeamSystem", Area: "IT", From: clock.Date(2022, time.November, 1), Modes: slices.Concat(paid(2023, Webcam), free(2023, cards...))},
	"etna":        {Owner: "Etna Hitech", Area: "IT", From: clock.Date(2022, time.November, 1), Modes: slices.Concat(paid(2023, Webcam), free(2023, cards...))},
	"infocamere":  {Owner: "InfoCamere", Area: "IT", From: clock.Date(2023, time.April, 1), Modes: slices.Concat(paid(2023, Webcam), free(2023, cards...))},
	"intesigroup": {Owner: "Intesi Group", Area: "IT", From: clock.Date(2024, time.January, 1), Modes: slices.Concat(paid(2024, Webcam), free(2024, cards...))},
}

// Describe returns the catalogue's entry of a gestore. One that the sources do not speak of (prova, the fictional ones, those of
// the configuration) has every way to be identified, free, all levels, and takes part in the assisted request.
func Describe(slug, name string) Provider {
	g, ok := known[slug]
	if !ok {
		g = Provider{Owner: name, Area: "IT", InPerson: true, Assisted: true, Level3: true, Modes: every()}
	}
	g.Slug, g.Name = slug, name
	return g
}

// KnownOn returns the gestori that existed on a day as the sources tell it, whichever of them this program plays (ONB-201…206).
func KnownOn(day clock.Day) []Provider {
	var list []Provider
	for _, slug := range Known() {
		if g := Describe(slug, cmp.Or(known[slug].Name, known[slug].Owner)); g.ActiveOn(day) {
			list = append(list, g)
		}
	}
	return list
}

// Known returns the slugs of the gestori that the sources speak of.
func Known() []string { return slices.Sorted(maps.Keys(known)) }

// Figure is a number for training cards, with the day for which it holds (ONB-210).
type Figure struct {
	When  string // "2020-10-31", "2020-10" or "2021"
	What  string // "identities" or "accesses"
	Value string // in millions, "12.2"
	Rough string // "about" or "over"; "" = the number itself
}

// Adoption returns how SPID grew (ONB-210). Always shown with the year and "verifica sul sito ufficiale" (ONB-223).
func Adoption() []Figure {
	return []Figure{
		{"2016-04", "identities", "0.0387", ""}, {"2020-04", "identities", "6.5", ""}, {"2020-09", "identities", "10", ""}, {"2020-10", "identities", "12.2", ""},
		{"2020-12-23", "identities", "15.2", ""}, {"2021-10", "identities", "26.1", ""}, {"2023-04-30", "identities", "34.96", ""}, {"2024", "identities", "41", "about"},
		{"2021", "accesses", "570", ""}, {"2022", "accesses", "1000", "over"}, {"2024", "accesses", "1200", ""},
	}
}
