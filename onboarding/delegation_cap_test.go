package onboarding

import (
	"testing"

	"spidsim/internal/people"
)

func TestONB162OneDelegatePerPerson(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	d := register(w, trusted("P01", "P03"))
	refuse(w, trusted("P01", "P04"), DelegateOne)
	refuse(w, trusted("P01", "P03"), DelegateOne)
	must[*Delegation](t)(w.o.RevokeAtCounter(w.ctx, d.ID, Revocation{By: "Sportello 1"}))
	register(w, trusted("P01", "P04"))
	book := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "ortensia.quirzoldi"))
	if len(book.AsPrincipal) != 2 || book.Active() == nil || book.Active().DelegateName != "Ivo Xandrelli" {
		t.Errorf("got %d delegations, active %v", len(book.AsPrincipal), book.Active())
	}
}

// Fifty counters register the same principal at once: one does.
func TestONB162OneOfManyWins(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]func(*Config){"memory": nil, "file": {onDisk(t)}} {
		t.Run(name, func(t *testing.T) {
			w := pinWorldAt(t, delegationDay, opts...)
			delegates := []string{"P03", "P04", "P05", "P09"}
			won := together(50, func(i int) error {
				_, err := w.o.RegisterAtCounter(w.ctx, trusted("P01", delegates[i%len(delegates)]))
				return err
			})
			if won[""] != 1 || won[string(DelegateOne)] != 49 {
				t.Errorf("got %v, want one registered and 49 refused", won)
			}
			if got := len(must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P01")).AsPrincipal); got != 1 {
				t.Errorf("%d delegations are stored, want 1", got)
			}
			if got := len(sentTo(t, w.o, "ortensia.quirzoldi")); got != 1 {
				t.Errorf("%d messages to the principal, want 1", got)
			}
		})
	}
}

// adults are principals without protection, whom nobody represents.
var adults = []string{"P01", "P04", "P05", "P09", "P10", "P11", "P14", "P15", "P16", "P17"}

func TestONB163FivePeoplePerDelegate(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	for _, who := range adults[:4] { // P02 is seeded
		register(w, trusted(who, "P03"))
	}
	refuse(w, trusted(adults[4], "P03"), DelegateCap)
	register(w, trusted(adults[4], "P04"))
	first := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, adults[0])).Active()
	must[*Delegation](t)(w.o.RevokeAtCounter(w.ctx, first.ID, Revocation{}))
	register(w, trusted(adults[5], "P03"))
	refuse(w, trusted(adults[6], "P03"), DelegateCap)
}

func TestONB163RepresentativesAreExempt(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	for i, who := range adults[:9] {
		if who != "P04" {
			register(w, represented(who, "P04", []DelegationKind{Guardian, Curator, Administrator}[i%3]))
		}
	}
	register(w, trusted("P17", "P04")) // those do not count
}

// All principals choose the same delegate at once: five do.
func TestONB163TheCapHoldsInARace(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay, onDisk(t), withPeople(func(p *people.Person) {
		p.Delegators, p.Protection, p.Represented = nil, "", false
	}))
	var list []string
	for _, c := range must[[]Citizen](t)(w.o.Citizens(w.ctx)) {
		if c.Username != "loretta.qualzeni" && !c.MinorOn(w.o.Today()) {
			list = append(list, c.Username)
		}
	}
	won := together(len(list), func(i int) error {
		_, err := w.o.RegisterAtCounter(w.ctx, trusted(list[i], "P03"))
		return err
	})
	if won[""] != 5 || won[string(DelegateCap)] != len(list)-5 {
		t.Errorf("got %v of %d, want five registered", won, len(list))
	}
}

func TestONB164TheCapIsASwitch(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, at, limit string
		want            int
	}{
		{"default", "2021-10-01 00:00", "", 5},
		{"three", "2021-08-20 12:00", "3", 3},
		{"dated, before", "2021-09-30 23:59", "dated", 5},
		{"dated, after", "2021-10-01 00:00", "dated", 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, row.at)
			configure(t, w.o, func(s *Settings) { s.DelegationCap = row.limit })
			for _, who := range adults[:row.want] {
				register(w, trusted(who, "P06"))
			}
			refuse(w, trusted(adults[row.want], "P06"), DelegateCap)
		})
	}
}

// Who has more than the lowered cap keeps them.
func TestONB164LoweringKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2021-09-30 12:00")
	configure(t, w.o, func(s *Settings) { s.DelegationCap = "dated" })
	for _, who := range adults[:4] {
		register(w, trusted(who, "P03"))
	}
	w.clock.Freeze(rome(t, "2021-10-01 12:00"))
	refuse(w, trusted(adults[5], "P03"), DelegateCap)
	if got := len(must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P03")).Principals()); got != 5 {
		t.Errorf("%d active delegations, want the 5 of before", got)
	}
}

func TestONB165ParentsCountUnlessTheSwitchSaysSo(t *testing.T) {
	t.Parallel()
	for _, exempt := range []bool{false, true} {
		w := pinWorldAt(t, delegationDay)
		configure(t, w.o, func(s *Settings) { s.DelegationCap, s.ParentsExempt = "3", exempt })
		for _, who := range adults[:3] {
			if who != "P09" {
				register(w, trusted(who, "P09"))
			}
		}
		want := DelegateCap
		if exempt {
			want = ""
		}
		_, err := w.o.RegisterAtCounter(w.ctx, represented("P07", "P09", ParentKind))
		wantReason(t, err, want)
	}
}

func TestONB163ReadyMadeCombinations(t *testing.T) {
	t.Parallel()
	for _, limit := range []string{"5", "3", "dated"} {
		w := pinWorldAt(t, "2021-10-10 12:00")
		configure(t, w.o, func(s *Settings) { s.DelegationCap = limit })
		for range 2 { // as often as one likes
			if got := len(must[[]*Delegation](t)(w.o.SeedExample(w.ctx, "cap"))); got != 5 {
				t.Errorf("cap %s: %d delegations, want 5", limit, got)
			}
			if got := len(must[[]*Delegation](t)(w.o.SeedExample(w.ctx, "exempt"))); got != 6 {
				t.Errorf("exempt: %d delegations, want 6", got)
			}
		}
		for who, want := range map[string]int{"P03": 5, "P13": 6} {
			if got := len(must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, who)).Principals()); got != want {
				t.Errorf("cap %s: %s has %d, want %d", limit, who, got, want)
			}
		}
		refuse(w, trusted("P15", "P03"), DelegateCap)
		register(w, represented("P15", "P13", Administrator))
	}
	w := pinWorldAt(t, "2021-08-15 12:00")
	_, err := w.o.SeedExample(w.ctx, "cap")
	wantReason(t, err, DelegateDate)
	_, err = w.o.SeedExample(w.ctx, "other")
	wantReason(t, err, FieldMissing)
}
