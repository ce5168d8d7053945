package onboarding

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spidsim/internal/outbox"
	"spidsim/internal/people"
)

const delegationDay = "2022-02-17 10:00"

// trusted is the registration of a trusted person, the principal being there.
func trusted(principal, delegate string) Registration {
	return Registration{Principal: principal, Delegate: delegate, Papers: []Paper{PrincipalCopy}, By: "Sportello 1"}
}

// represented is the registration of a representative with proof.
func represented(principal, delegate string, kind DelegationKind) Registration {
	return Registration{Principal: principal, Delegate: delegate, Kind: kind, Papers: []Paper{Proof}, By: "Sportello 1"}
}

func register(w *vectorWorld, r Registration) *Delegation {
	w.Helper()
	return must[*Delegation](w.T)(w.o.RegisterAtCounter(w.ctx, r))
}

func refuse(w *vectorWorld, r Registration, want Code) {
	w.Helper()
	_, err := w.o.RegisterAtCounter(w.ctx, r)
	wantReason(w.T, err, want)
}

func TestONB160ATrustedPersonActs(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	d := register(w, trusted("P01", "P03"))
	if d.State != DelegationActive || d.Kind != TrustedPerson || d.Channel != ByOffice || d.Form != AA08 || d.PrincipalName != "Ortensia Quirzoldi" {
		t.Errorf("got %+v", d)
	}
	refuse(w, trusted("P04", "ivo.xandrelli"), DelegateSelf)
	refuse(w, trusted("P99", "P03"), NoSuchPerson)
	refuse(w, trusted("P04", "P99"), NoSuchPerson)
	if v := must[*Visit](t)(w.o.ActFor(w.ctx, inside(t, w.o, "P03", "spid"), d.ID)); v.ActingFor != d.Principal {
		t.Errorf("acts for %q, want %s", v.ActingFor, d.Principal)
	}
}

func TestONB161RepresentativesUseTheSameInstrument(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	for _, row := range []struct {
		name string
		r    Registration
		want Code
	}{
		{"trusted person for a minor", trusted("P07", "P03"), DelegatePapers},
		{"the mother", represented("P07", "P09", ParentKind), ""},
		{"who is no parent", represented("P08", "P03", ParentKind), NotParent},
		{"the mother of somebody of age", represented("P01", "P09", ParentKind), NotParent},
		{"a guardian", represented("P08", "P04", Guardian), ""},
		{"a curator", represented("P10", "P04", Curator), ""},
		{"an administrator", represented("P11", "P04", Administrator), ""},
		{"another kind", represented("P16", "P04", "zio"), FieldMissing},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.o.RegisterAtCounter(w.ctx, row.r)
			wantReason(t, err, row.want)
		})
	}
	book := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P07"))
	if d := book.Active(); d == nil || d.Until != day(t, "2029-09-29") {
		t.Errorf("the mother acts until %v, want the day before the eighteenth birthday", d)
	}
}

func TestONB161ProtectedPersonHasNoTrustedPerson(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2021-08-16 10:00", withPeople(func(p *people.Person) { p.Delegators = nil }))
	refuse(w, trusted("P12", "P03"), DelegatePapers)
	register(w, represented("P12", "P13", Administrator))
}

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
	w := pinWorldAt(t, delegationDay)
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

// Fifty principals choose the same delegate at once: five do.
func TestONB163TheCapHoldsInARace(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay, withPeople(func(p *people.Person) {
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

func TestONB166PapersOfEachForm(t *testing.T) {
	t.Parallel()
	all := []Paper{MedicalStatement, PrincipalOriginal, DelegateCopy}
	for _, row := range []struct {
		name   string
		form   DelegationForm
		kind   DelegationKind
		papers []Paper
		rule   string // "" = registered
	}{
		{"AA08 with the copy", AA08, TrustedPerson, []Paper{PrincipalCopy}, ""},
		{"AA08 without", AA08, TrustedPerson, nil, "ONB-166"},
		{"AA09 with all three", AA09, TrustedPerson, all, ""},
		{"AA09 without the statement", AA09, TrustedPerson, all[1:], "ONB-167"},
		{"AA09 without the delegate's copy", AA09, TrustedPerson, all[:2], "ONB-167"},
		{"AA09 with a copy in place of the original", AA09, TrustedPerson, []Paper{MedicalStatement, PrincipalCopy, DelegateCopy}, "ONB-167"},
		{"AA10 with proof", AA10, Guardian, []Paper{Proof}, ""},
		{"AA10 with nothing", AA10, Guardian, nil, "ONB-168"},
		{"AA10 of a trusted person", AA10, TrustedPerson, []Paper{Proof}, "ONB-168"},
		{"AA08 of a guardian", AA08, Guardian, []Paper{PrincipalCopy}, "ONB-168"},
		{"no such form", "AA11", TrustedPerson, []Paper{PrincipalCopy}, "ONB-168"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, delegationDay)
			_, err := w.o.RegisterAtCounter(w.ctx, Registration{Principal: "P01", Delegate: "P03", Form: row.form, Kind: row.kind, Papers: row.papers})
			if row.rule == "" {
				wantReason(t, err, "")
				return
			}
			wantRule(t, err, DelegatePapers, row.rule)
		})
	}
}

func TestONB167ThePrincipalCannotCome(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	must[[]*Delegation](t)(w.o.SeedExample(w.ctx, "aa09"))
	d := register(w, Registration{Principal: "P02", Delegate: "P03", Form: AA09, Papers: []Paper{MedicalStatement, PrincipalOriginal, DelegateCopy}})
	if d.State != DelegationActive || d.Form != AA09 {
		t.Errorf("got %s %s, want an active AA09", d.State, d.Form)
	}
}

func TestONB168SelfCertificationWaitsForTheAuthority(t *testing.T) {
	t.Parallel()
	for _, confirmed := range []bool{true, false} {
		w := pinWorldAt(t, delegationDay)
		d := register(w, Registration{Principal: "P10", Delegate: "P04", Kind: Guardian, Papers: []Paper{SelfCertification}})
		if d.State != DelegationVerifying || !d.Registered.IsZero() {
			t.Fatalf("got %s since %s, want VERIFYING", d.State, d.Registered)
		}
		visitor := inside(t, w.o, "P04", "spid")
		_, err := w.o.ActFor(w.ctx, visitor, "P10")
		wantReason(t, err, DelegateNone)
		refuse(w, represented("P10", "P05", Guardian), DelegateOne)
		w.clock.Advance(48 * time.Hour)
		d = must[*Delegation](t)(w.o.VerifyDelegation(w.ctx, d.ID, confirmed, "Tribunale di prova"))
		want, act := DelegationRevoked, DelegateNone
		if confirmed {
			want, act = DelegationActive, ""
		}
		if d.State != want {
			t.Errorf("confirmed %t: %s, want %s", confirmed, d.State, want)
		}
		_, err = w.o.ActFor(w.ctx, inside(t, w.o, "P04", "spid"), "P10")
		wantReason(t, err, act)
		_, err = w.o.VerifyDelegation(w.ctx, d.ID, true, "Tribunale di prova")
		wantRule(t, err, WrongStep, "ONB-178")
	}
}

func TestONB169BothPartiesAreTold(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay, withPeople(func(p *people.Person) {
		if p.ID == "P16" {
			p.Email, p.Mobile, p.DigitalAddress = "", "", ""
		}
	}))
	d := register(w, Registration{Principal: "P01", Delegate: "P03", Papers: []Paper{PrincipalCopy}, Until: day(t, "2022-12-31")})
	for who, want := range map[string]string{
		"ortensia.quirzoldi": "Loretta Qualzeni può operare per te",
		"loretta.qualzeni":   "puoi operare per Ortensia Quirzoldi",
	} {
		got := sentTo(t, w.o, who)
		if len(got) != 1 || got[0].Channel != outbox.Email || !strings.Contains(got[0].Text, want) || !strings.Contains(got[0].Text, "sabato 31 dicembre 2022") {
			t.Errorf("%s reads %v, want one e-mail with %q and the last day", who, got, want)
		}
	}
	must[*Delegation](t)(w.o.RevokeAtCounter(w.ctx, d.ID, Revocation{}))
	if got := sentTo(t, w.o, "loretta.qualzeni"); len(got) != 2 {
		t.Errorf("the delegate has %d messages, want one about the end as well", len(got))
	}
	register(w, trusted("P16", "P03")) // without any contact there is nobody to tell
	if got := sentTo(t, w.o, "io.zux"); len(got) != 0 {
		t.Errorf("%d messages to somebody without contacts", len(got))
	}
}

func TestONB170EndDate(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	refuse(w, Registration{Principal: "P01", Delegate: "P03", Papers: []Paper{PrincipalCopy}, Until: day(t, "2022-02-16")}, DelegateEnd)
	d := register(w, Registration{Principal: "P01", Delegate: "P03", Papers: []Paper{PrincipalCopy}, Until: day(t, "2022-03-26")})
	open := register(w, trusted("P04", "P03"))
	w.clock.Freeze(rome(t, "2022-03-26 23:59"))
	visitor := inside(t, w.o, "P03", "spid")
	v := must[*Visit](t)(w.o.ActFor(w.ctx, visitor, "P01"))
	w.clock.Freeze(rome(t, "2022-03-27 00:00")) // the hour changes on that day
	wantReason(t, w.o.Act(w.ctx, v, "pension"), DelegateNone)
	if got := must[*Delegation](t)(w.o.Delegation(w.ctx, d.ID)); got.State != DelegationExpired || got.Ended.IsZero() {
		t.Errorf("the day after it is %s, want EXPIRED", got.State)
	}
	if got := must[*Delegation](t)(w.o.Delegation(w.ctx, open.ID)); got.State != DelegationActive {
		t.Errorf("without an end date it is %s, want ACTIVE", got.State)
	}
	register(w, trusted("P01", "P04")) // the place is free again
}

func TestONB170SettleExpires(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	d := register(w, Registration{Principal: "P01", Delegate: "P03", Papers: []Paper{PrincipalCopy}, Until: day(t, "2022-03-26")})
	w.clock.Freeze(rome(t, "2022-04-10 12:00"))
	if err := w.o.Settle(w.ctx); err != nil {
		t.Fatal(err)
	}
	stored := must[*Delegation](t)(w.o.delegations.Get(w.ctx, d.ID))
	if stored.State != DelegationExpired {
		t.Errorf("after Settle the book says %s, want EXPIRED", stored.State)
	}
}

func TestONB170WhoRevokes(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	d := register(w, trusted("P01", "P03"))
	for _, row := range []struct {
		name, who, means string
		want             Code
	}{
		{"a stranger", "P04", "spid", DelegateNone},
		{"the delegate, online", "P03", "spid", DelegateNone},
		{"the principal", "P01", "cie", ""},
		{"the principal again", "P01", "cie", WrongStep},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.o.RevokeOnline(w.ctx, inside(t, w.o, row.who, row.means), d.ID)
			wantReason(t, err, row.want)
		})
	}
	_, err := w.o.RevokeOnline(w.ctx, &Visit{Means: "pin", FiscalCode: d.Principal}, d.ID)
	wantReason(t, err, NotHolder)
	held := register(w, trusted("P01", "P03"))
	_, err = w.o.RevokeAtCounter(w.ctx, held.ID, Revocation{Applicant: "P04"})
	wantReason(t, err, DelegateNone)
	must[*Delegation](t)(w.o.RevokeAtCounter(w.ctx, held.ID, Revocation{Applicant: "P03", By: "Sportello 1"})) // gives it up
}

func TestONB170ProtectedPersonsDoNotRevoke(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	seeded := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P12")).Active()
	_, err := w.o.RevokeOnline(w.ctx, inside(t, w.o, "P12", "cie"), seeded.ID)
	wantReason(t, err, DelegateProtect)
	_, err = w.o.RevokeAtCounter(w.ctx, seeded.ID, Revocation{By: "Sportello 1"})
	wantReason(t, err, DelegateProtect)
	must[*Delegation](t)(w.o.RevokeAtCounter(w.ctx, seeded.ID, Revocation{Applicant: "P13", By: "Sportello 1"}))
}

func TestONB171ActingIsTraced(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	v := inside(t, w.o, "P03", "spid")
	wantReason(t, w.o.Act(w.ctx, v, "pension"), DelegateNone) // for nobody yet
	for _, who := range []string{"P01", "P12"} {
		_, err := w.o.ActFor(w.ctx, v, who)
		wantReason(t, err, DelegateNone)
	}
	_, err := w.o.ActFor(w.ctx, v, "P99")
	wantReason(t, err, NoSuchPerson)
	v = must[*Visit](t)(w.o.ActFor(w.ctx, v, "ademaro.zurquani"))
	if v.FiscalCode != "QLZLTT71H67D548Z" || v.ActingName != "Ademaro Zurquani" {
		t.Errorf("inside as %s for %q", v.FiscalCode, v.ActingName)
	}
	wantReason(t, w.o.Act(w.ctx, v, "pension"), "")
	v = must[*Visit](t)(w.o.StopActing(w.ctx, v))
	if v.ActingFor != "" || v.ActingName != "" || !v.Inside() {
		t.Errorf("after stopping: for %q, inside %t", v.ActingFor, v.Inside())
	}
	var got []string
	for _, trace := range must[[]*AccessTrace](t)(w.o.Traces(w.ctx, "P02", 0)) {
		got = append(got, trace.Action)
		if trace.Delegate != v.FiscalCode || trace.Means != "spid" || trace.Gestore != "prova" || trace.Delegation == "" {
			t.Errorf("trace %+v", trace)
		}
	}
	slices.Reverse(got)
	if want := []string{"start", "pension", "stop"}; !slices.Equal(got, want) {
		t.Errorf("traced %v, want %v", got, want)
	}
	if got := must[[]*AccessTrace](t)(w.o.Traces(w.ctx, "P01", 0)); len(got) != 0 {
		t.Errorf("%d traces of somebody for whom nobody acted", len(got))
	}
}

func TestONB171RevokedWhileActing(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	d := register(w, trusted("P01", "P03"))
	v := must[*Visit](t)(w.o.ActFor(w.ctx, inside(t, w.o, "P03", "spid"), d.ID))
	must[*Delegation](t)(w.o.RevokeAtCounter(w.ctx, d.ID, Revocation{}))
	wantReason(t, w.o.Act(w.ctx, v, "pension"), DelegateNone)
	if v = must[*Visit](t)(w.o.StopActing(w.ctx, v)); v.ActingFor != "" {
		t.Errorf("still acts for %s", v.ActingFor)
	}
}

func TestONB172GoodAtTheCounters(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	register(w, trusted("P16", "P01")) // P01 has no digital identity
	for _, row := range []struct {
		name string
		in   CounterCheck
		want Code
	}{
		{"the delegate", CounterCheck{Principal: "P16", Delegate: "P01", Identified: true}, ""},
		{"not identified", CounterCheck{Principal: "P16", Delegate: "P01"}, DocumentMissing},
		{"somebody else", CounterCheck{Principal: "P16", Delegate: "P03", Identified: true}, DelegateNone},
		{"for another principal", CounterCheck{Principal: "P17", Delegate: "P01", Identified: true}, DelegateNone},
		{"nobody", CounterCheck{Principal: "P16", Delegate: "P99", Identified: true}, NoSuchPerson},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.o.VerifyAtCounter(w.ctx, row.in)
			wantReason(t, err, row.want)
		})
	}
	if got := must[[]*AccessTrace](t)(w.o.Traces(w.ctx, "P16", 0)); len(got) != 1 || got[0].Means != "counter" {
		t.Errorf("traced %v, want the one visit at the counter", got)
	}
}

func TestONB173OnlineIsActiveAtOnce(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	v := inside(t, w.o, "P16", "cie")
	for _, row := range []struct {
		name string
		v    *Visit
		r    Registration
		want Code
	}{
		{"with a PIN", &Visit{Means: "pin", FiscalCode: v.FiscalCode}, Registration{Delegate: "P03"}, NotHolder},
		{"with level 1", insideAt(t, w.o, "P16", "spid", 1), Registration{Delegate: "P03"}, LevelTooLow},
		{"another name", v, Registration{Delegate: "P03", FamilyName: "Zurquani"}, BadFiscalCode},
		{"oneself", v, Registration{Delegate: "P16"}, DelegateSelf},
		{"over already", v, Registration{Delegate: "P03", Until: day(t, "2021-12-31")}, DelegateEnd},
		{"a minor's own choice", inside(t, w.o, "P07", "spid"), Registration{Delegate: "P03"}, DelegatePapers},
		{"for somebody else", must[*Visit](t)(w.o.ActFor(w.ctx, inside(t, w.o, "P03", "spid"), "P02")), Registration{Delegate: "P04"}, WrongStep},
		{"right", v, Registration{Principal: "P01", Delegate: "QLZLTT71H67D548Z", FamilyName: "qualzeni", GivenName: "Loretta", Until: day(t, "2022-12-31")}, ""},
		{"a second one", v, Registration{Delegate: "P04"}, DelegateOne},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.o.RegisterOnline(w.ctx, row.v, row.r)
			wantReason(t, err, row.want)
		})
	}
	d := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P16")).Active()
	if d == nil || d.Channel != ByOnline || d.Kind != TrustedPerson || !d.Registered.Equal(w.o.Now()) || d.Until != day(t, "2022-12-31") {
		t.Fatalf("got %+v, want it active online for the visitor", d)
	}
	if got := sentTo(t, w.o, "loretta.qualzeni"); len(got) != 1 {
		t.Errorf("the delegate has %d messages, want 1", len(got))
	}
}

func TestONB174ThirtyDaysOnline(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, at string
		want     Code
	}{
		{"the same day", "2021-10-01 00:30", Delegate30d},
		{"the last of thirty days, an hour after the clocks changed", "2021-10-30 23:59", Delegate30d},
		{"after thirty days", "2021-10-31 00:00", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, "2021-10-01 00:00")
			d := must[*Delegation](t)(w.o.RegisterOnline(w.ctx, inside(t, w.o, "P16", "cie"), Registration{Delegate: "P03"}))
			w.clock.Freeze(rome(t, row.at))
			_, err := w.o.RevokeOnline(w.ctx, inside(t, w.o, "P16", "cie"), d.ID)
			wantReason(t, err, row.want)
		})
	}
	w := pinWorldAt(t, "2021-10-01 00:00")
	v := inside(t, w.o, "P16", "cie")
	d := must[*Delegation](t)(w.o.RegisterOnline(w.ctx, v, Registration{Delegate: "P03"}))
	must[*Delegation](t)(w.o.RevokeAtCounter(w.ctx, d.ID, Revocation{}))
	office := register(w, trusted("P16", "P03")) // no floor for the office's own
	must[*Delegation](t)(w.o.RevokeOnline(w.ctx, v, office.ID))
}

func TestONB175ByCertifiedMail(t *testing.T) {
	t.Parallel()
	signed := []Paper{Proof, DigitalSignature}
	for _, row := range []struct {
		name, at string
		r        Registration
		want     Code
	}{
		{"too early", "2021-09-30 23:59", Registration{Principal: "P10", Delegate: "P04", Kind: Curator, Papers: signed}, DelegateDate},
		{"a trusted person", "2021-10-01 00:00", Registration{Principal: "P10", Delegate: "P04", Papers: signed}, DelegatePapers},
		{"not signed", "2021-10-01 00:00", Registration{Principal: "P10", Delegate: "P04", Kind: Curator, Papers: []Paper{Proof}}, DelegatePapers},
		{"without proof", "2021-10-01 00:00", Registration{Principal: "P10", Delegate: "P04", Kind: Curator, Papers: []Paper{DigitalSignature}}, DelegatePapers},
		{"right", "2021-10-01 00:00", Registration{Principal: "P10", Delegate: "P04", Kind: Curator, Papers: signed}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, row.at)
			d, err := w.o.RegisterByPEC(w.ctx, row.r)
			wantReason(t, err, row.want)
			if err == nil && (d.Channel != ByPEC || d.Form != AA10 || d.State != DelegationActive) {
				t.Errorf("got %s %s %s, want pec AA10 ACTIVE", d.Channel, d.Form, d.State)
			}
		})
	}
}

func TestONB176WhenTheMeetingsAre(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2022-09-30 12:00")
	v := inside(t, w.o, "P03", "spid")
	for _, row := range []struct {
		name, at string
		want     Code
	}{
		{"Tuesday at nine", "2022-10-04 09:00", ""},
		{"Thursday, the last one", "2022-10-06 11:30", ""},
		{"Tuesday at noon", "2022-10-04 12:00", DelegateSlot},
		{"Tuesday before nine", "2022-10-04 08:30", DelegateSlot},
		{"Wednesday", "2022-10-05 10:00", DelegateSlot},
		{"at a quarter past", "2022-10-04 09:15", DelegateSlot},
		{"in the past", "2022-09-29 10:00", DelegateSlot},
		{"in winter time", "2022-11-03 09:00", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.o.BookVideo(w.ctx, v, Registration{Principal: "P16"}, rome(t, row.at))
			wantReason(t, err, row.want)
		})
	}
	_, err := w.o.BookVideo(w.ctx, &Visit{Means: "pin", FiscalCode: v.FiscalCode}, Registration{Principal: "P16"}, rome(t, "2022-10-04 09:00"))
	wantReason(t, err, NotHolder)
	_, err = w.o.BookVideo(w.ctx, v, Registration{Principal: "P02"}, rome(t, "2022-10-04 09:00"))
	wantReason(t, err, DelegateOne)
	slots := w.o.VideoSlots(7)
	if len(slots) != 7 || !slots[0].Equal(rome(t, "2022-10-04 09:00")) || !slots[6].Equal(rome(t, "2022-10-06 09:00")) {
		t.Errorf("the next ones are %v", slots)
	}
}

func TestONB176TheMeeting(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2022-08-01 12:00")
	at := rome(t, "2022-08-02 09:30")
	d := must[*Delegation](t)(w.o.BookVideo(w.ctx, inside(t, w.o, "P03", "spid"), Registration{Principal: "P01"}, at))
	sms := sentTo(t, w.o, "loretta.qualzeni")[0]
	if d.State != DelegationDraft || sms.Channel != outbox.SMS || sms.Code != d.Meeting.Code || !strings.Contains(sms.Text, "martedì 2 agosto 2022, ore 09:30") {
		t.Fatalf("got %s, %s %q", d.State, sms.Channel, sms.Text)
	}
	good := MeetingOutcome{Code: sms.Code, Principal: true, Delegate: true, Consent: true, By: "Sede di prova"}
	change := func(f func(*MeetingOutcome)) MeetingOutcome { m := good; f(&m); return m }
	for _, row := range []struct {
		name string
		when time.Time
		in   MeetingOutcome
		want Code
	}{
		{"before the room opens", at.Add(-time.Second), good, DelegateSlot},
		{"wrong code", at, change(func(m *MeetingOutcome) { m.Code = "x" }), ContactWrong},
		{"the principal is missing", at, change(func(m *MeetingOutcome) { m.Principal = false }), OtherPerson},
		{"the delegate is missing", at, change(func(m *MeetingOutcome) { m.Delegate = false }), OtherPerson},
		{"no consent", at, change(func(m *MeetingOutcome) { m.Consent = false }), NoConsent},
		{"all well", at.Add(10 * time.Minute), good, ""},
		{"twice", at.Add(10 * time.Minute), good, WrongStep},
	} {
		t.Run(row.name, func(t *testing.T) {
			w.clock.Freeze(row.when)
			_, err := w.o.HoldVideo(w.ctx, d.ID, row.in)
			wantReason(t, err, row.want)
		})
	}
	d = must[*Delegation](t)(w.o.Delegation(w.ctx, d.ID))
	if d.State != DelegationActive || d.Channel != ByVideo || !d.Meeting.Recorded || d.Meeting.Held.IsZero() {
		t.Errorf("got %+v", d)
	}
}

func TestONB176NobodyCame(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2022-08-01 12:00")
	at := rome(t, "2022-08-02 09:30")
	v := inside(t, w.o, "P03", "spid")
	d := must[*Delegation](t)(w.o.BookVideo(w.ctx, v, Registration{Principal: "P01"}, at))
	off := must[*Delegation](t)(w.o.BookVideo(w.ctx, v, Registration{Principal: "P16"}, at))
	if got := must[*Delegation](t)(w.o.RevokeOnline(w.ctx, v, off.ID)); got.State != DelegationRevoked {
		t.Errorf("called off it is %s, want REVOKED", got.State)
	}
	w.clock.Freeze(at.Add(30 * time.Minute))
	_, err := w.o.HoldVideo(w.ctx, d.ID, MeetingOutcome{Code: d.Meeting.Code, Principal: true, Delegate: true, Consent: true})
	wantRule(t, err, WrongStep, "ONB-178")
	if got := must[*Delegation](t)(w.o.Delegation(w.ctx, d.ID)); got.State != DelegationExpired {
		t.Errorf("after half an hour it is %s, want EXPIRED", got.State)
	}
}

// Two candidates meet the same principal: the second one is refused at the meeting.
func TestONB176TheFirstMeetingWins(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2022-08-01 12:00")
	at := rome(t, "2022-08-02 09:30")
	first := must[*Delegation](t)(w.o.BookVideo(w.ctx, inside(t, w.o, "P03", "spid"), Registration{Principal: "P01"}, at))
	second := must[*Delegation](t)(w.o.BookVideo(w.ctx, inside(t, w.o, "P04", "spid"), Registration{Principal: "P01"}, at))
	w.clock.Freeze(at)
	come := func(d *Delegation) error {
		_, err := w.o.HoldVideo(w.ctx, d.ID, MeetingOutcome{Code: d.Meeting.Code, Principal: true, Delegate: true, Consent: true})
		return err
	}
	wantReason(t, come(first), "")
	wantReason(t, come(second), DelegateOne)
	if got := must[*Delegation](t)(w.o.Delegation(w.ctx, second.ID)).State; got != DelegationDraft {
		t.Errorf("the second one is %s, want it to stay DRAFT", got)
	}
}

func TestONB177TheDelegatesOwnIdentity(t *testing.T) {
	t.Parallel()
	suspended, active := IdentitySuspended, IdentityActive
	low, both := []int{1}, []int{1, 2}
	for _, row := range []struct {
		name, means string
		level       int
		change      *IdentityChange
		want        Code
	}{
		{"spid of level 2", "spid", 2, nil, ""},
		{"cie", "cie", 3, nil, ""},
		{"cns", "cns", 0, nil, ""},
		{"spid of level 1", "spid", 1, nil, DelegateNoID},
		{"cie of level 1", "cie", 1, nil, DelegateNoID},
		{"suspended meanwhile", "spid", 2, &IdentityChange{Status: &suspended}, DelegateNoID},
		{"lowered meanwhile", "spid", 2, &IdentityChange{Levels: &low}, DelegateNoID},
		{"well again", "spid", 2, &IdentityChange{Status: &active, Levels: &both}, ""},
		{"telephone PIN", PhoneMeans, 0, nil, DelegateNoID},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, delegationDay)
			if row.change != nil {
				if _, err := w.o.cfg.Registrar.Change(w.ctx, "loretta.qualzeni", "prova", *row.change); err != nil {
					t.Fatal(err)
				}
			}
			_, err := w.o.ActFor(w.ctx, insideAt(t, w.o, "P03", row.means, row.level), "P02")
			wantReason(t, err, row.want)
		})
	}
}

// An identity that is suspended while its holder acts ends that too.
func TestONB177LookedAtAtEveryAct(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	v := must[*Visit](t)(w.o.ActFor(w.ctx, inside(t, w.o, "P03", "spid"), "P02"))
	wantReason(t, w.o.Act(w.ctx, v, "pension"), "")
	suspended := IdentitySuspended
	must[Identity](t)(w.o.cfg.Registrar.Change(w.ctx, "loretta.qualzeni", "prova", IdentityChange{Status: &suspended}))
	wantReason(t, w.o.Act(w.ctx, v, "pension"), DelegateNoID)
	_, err := w.o.CreatePhonePIN(w.ctx, v, "1d")
	wantReason(t, err, DelegateNoID)
}

func TestONB178States(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	d := register(w, trusted("P01", "P03"))
	must[*Delegation](t)(w.o.RevokeAtCounter(w.ctx, d.ID, Revocation{}))
	for name, call := range map[string]func() (*Delegation, error){
		"revoke": func() (*Delegation, error) { return w.o.RevokeAtCounter(w.ctx, d.ID, Revocation{}) },
		"verify": func() (*Delegation, error) { return w.o.VerifyDelegation(w.ctx, d.ID, true, "") },
		"meet":   func() (*Delegation, error) { return w.o.HoldVideo(w.ctx, d.ID, MeetingOutcome{}) },
	} {
		_, err := call()
		if reason(err) != string(WrongStep) {
			t.Errorf("%s: got %q, want %s", name, reason(err), WrongStep)
		}
	}
	if got := must[*Delegation](t)(w.o.Delegation(w.ctx, d.ID)); got.State != DelegationRevoked {
		t.Errorf("the end is no end: %s", got.State)
	}
}

func TestSeedsAreActiveFromTheFirstDay(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]int{"2021-08-15 23:59": 0, "2021-08-16 00:00": 2, "2026-03-10 12:00": 2} {
		w := pinWorldAt(t, at)
		all := must[[]*Delegation](t)(w.o.Delegations(w.ctx))
		if len(all) != want {
			t.Errorf("at %s there are %d delegations, want %d", at, len(all), want)
		}
		for _, d := range all {
			if d.State != DelegationActive || d.Channel != ByOffice || d.Registered.IsZero() {
				t.Errorf("seeded %+v", d)
			}
		}
	}
	w := pinWorldAt(t, delegationDay)
	d := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P02")).Active()
	must[*Delegation](t)(w.o.RevokeAtCounter(w.ctx, d.ID, Revocation{}))
	if err := w.o.Seed(w.ctx); err != nil {
		t.Fatal(err)
	}
	if got := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P02")).Active(); got != nil {
		t.Error("a seed that was revoked comes back at the next start")
	}
	if err := w.o.Reset(w.ctx); err != nil {
		t.Fatal(err)
	}
	if got := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P02")).Active(); got == nil {
		t.Error("a reset does not bring the seed back")
	}
	if got := must[[]*Delegation](t)(w.o.Delegations(w.ctx)); len(got) != 2 {
		t.Errorf("%d delegations after a reset, want 2", len(got))
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
