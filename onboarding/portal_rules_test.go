package onboarding

import (
	"testing"
	"time"

	"spidsim/internal/clock"
	"spidsim/spid"
)

// inside logs somebody in with a PIN and goes on.
func (b *bureau) pinLogin(code, pin string) *Enrolment {
	b.t.Helper()
	e, err := b.Start(b.ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	e = b.must(e, EvEnter, Input{}, AtMask)
	e = b.must(e, EvPINLogin, Input{FiscalCode: code, PIN: pin}, PINOK)
	e, err = b.Do(b.ctx, e.ID, EvContinue, Input{})
	if err != nil {
		b.t.Fatal(err)
	}
	return e
}

func TestONB70TheNoticeIsForAdultsWithAPINAndNoSPID(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, code, pin string
		want            State
	}{
		{"a pensioner without SPID sees it", "QRZRNS43C59A944W", "PRVA2345", AtNotice},
		{"who holds SPID does not (ONB-74)", "JLZNVS85T48H199M", "PRVA4567", AtServices},
		{"who cannot have SPID does not (ONB-74)", "QWRHMT50R10Z112E", "PRVA5678", AtServices},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := openBureau(t, "2020-12-15 10:00", newGate())
			if e := b.pinLogin(row.code, row.pin); e.State != row.want {
				t.Errorf("after the login: %s, want %s", e.State, row.want)
			}
		})
	}
}

func TestONB74MinorsAndOthersNeverSeeTheNotice(t *testing.T) {
	t.Parallel()
	adult, minor := Citizen{Birthday: clock.Date(1960, 1, 1)}, Citizen{Birthday: clock.Date(2010, 1, 1)}
	protected := adult
	protected.Protection = "tutela"
	now := at(t, "2020-12-15 10:00")
	for _, row := range []struct {
		name  string
		means string
		w     World
		want  bool
	}{
		{"an adult with a PIN", "pin", World{Citizen: &adult, Reminder: true}, true},
		{"an adult who came with SPID", "spid", World{Citizen: &adult, Reminder: true}, false},
		{"a minor", "pin", World{Citizen: &minor, Reminder: true}, false},
		{"somebody protected", "pin", World{Citizen: &protected, Reminder: true}, false},
		{"a holder of SPID", "pin", World{Citizen: &adult, Reminder: true, HasSPID: true}, false},
		{"somebody who wants no reminder", "pin", World{Citizen: &adult}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.w.Now = now
			if got := NoticeDue(row.means, row.w); got != row.want {
				t.Errorf("the notice is due: %t, want %t", got, row.want)
			}
		})
	}
}

func TestONB73TheReminderHoldsUntilThePhaseChanges(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2021-06-20 10:00", newGate())
	again := func(want State) *Enrolment {
		t.Helper()
		e := b.pinLogin("QRZRNS43C59A944W", "PRVA2345")
		if e.State != want {
			t.Fatalf("on %s: %s, want %s", b.Today(), e.State, want)
		}
		return e
	}
	b.must(again(AtNotice), EvRemindGo, Input{}, AtServices)
	b.must(again(AtNotice), EvGo, Input{}, AtServices)
	again(AtServices)
	b.clock.Freeze(at(t, "2021-07-01 23:59"))
	again(AtServices)
	b.clock.Freeze(at(t, "2021-07-02 00:00")) // the end dates are known from now on (ONB-54)
	again(AtNotice)
}

func TestONB76NoListWithoutConsent(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:00", newGate())
	e := b.must(b.pinLogin("QRZRNS43C59A944W", "PRVA2345"), EvRequest, Input{}, AtGuide)
	if d := b.refused(e, EvOpenList, Input{}, NoConsent); d.Field != "consent" || d.Rule != "ONB-76" {
		t.Errorf("the refusal is %+v", d)
	}
	e = b.must(e, EvOpenList, Input{Consent: true}, AtList)
	if !e.Consent.Equal(b.Now()) {
		t.Errorf("the consent is noted for %s, want %s", e.Consent, b.Now())
	}
}

func TestONB78OnlyGestoriOfTheAssistedRequestAreChosen(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:00", newGate())
	e := b.must(b.pinLogin("QRZRNS43C59A944W", "PRVA2345"), EvRequest, Input{}, AtGuide)
	e = b.must(e, EvOpenList, Input{Consent: true}, AtList)
	b.refused(e, EvChoose, Input{IdP: "lepida"}, NotAssisted)
	b.refused(e, EvChoose, Input{IdP: "nobody"}, NotAssisted)
	e = b.must(e, EvChoose, Input{IdP: "aruba"}, AtHandoff)
	e = b.must(e, EvBack, Input{}, AtList)
	if e.IdP != "" {
		t.Errorf("back at the list the choice is %q, want none", e.IdP)
	}
	b.must(e, EvBack, Input{}, AtGuide)
}

func TestONB80ExactlyThreeDataAreHandedOver(t *testing.T) {
	t.Parallel()
	g := newGate()
	b := openBureau(t, "2020-10-15 10:00", g)
	e := b.toHandoff("poste")
	if _, err := b.HandOver(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	want := HandedOver{"QRZRNS43C59A944W", "Quirzoldi", "Ortensia"}
	for _, m := range g.sent {
		if m.data != want {
			t.Errorf("handed over %+v, want %+v", m.data, want)
		}
	}
}

func TestONB11ServicesNeedLevelTwo(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2021-10-05 10:00", newGate())
	visit := func(a Arrival) *Visit {
		t.Helper()
		_, v, err := b.Enter(t.Context())
		if err == nil {
			v, err = b.Arrive(t.Context(), v, a)
		}
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, row := range []struct {
		name string
		v    *Visit
		want Code
	}{
		{"nobody", &Visit{}, NotHolder},
		{"SPID of level 1 (TV-19)", visit(Arrival{Means: "spid", Level: 1, FiscalCode: "QLZLTT71H67D548Z"}), LevelTooLow},
		{"SPID of level 2", visit(Arrival{Means: "spid", Level: 2, FiscalCode: "QLZLTT71H67D548Z"}), ""},
		{"SPID of level 3 (ONB-29)", visit(Arrival{Means: "spid", Level: 3, FiscalCode: "XNDVIO62A31H223L"}), ""},
		{"CIE of level 3 (ONB-10)", visit(Arrival{Means: "cie", Level: 3, FiscalCode: "QLZLTT71H67D548Z"}), ""},
		{"CNS (ONB-10)", visit(Arrival{Means: "cns", FiscalCode: "XNDVIO62A31H223L"}), ""},
	} {
		_, err := b.Open(t.Context(), row.v, Services()[0])
		if row.want == "" && err != nil || row.want != "" && !isDenied(err, row.want) {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
	}
}

func TestONB31AnOrdinaryPINKeepsTheApplication(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:00", newGate())
	for _, row := range []struct {
		code spid.FiscalCode
		s    Service
		kept bool
	}{
		{"ZRQDMR38S02F257S", Service{Key: "bonus", Dispositive: true}, true}, {"ZRQDMR38S02F257S", Service{Key: "pension"}, false},
		{"QRZRNS43C59A944W", Service{Key: "bonus", Dispositive: true}, false},
	} {
		out, err := b.Open(t.Context(), &Visit{Means: "pin", FiscalCode: row.code}, row.s)
		if err != nil || out.Kept != row.kept {
			t.Errorf("%s at %s: kept %t (%v), want %t", row.code, row.s.Key, out.Kept, err, row.kept)
		}
	}
}

func TestONB16AndONB17FirstAccessNeedsNoFurtherStep(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2021-10-05 10:00", newGate())
	_, v, err := b.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v, err = b.Arrive(t.Context(), v, Arrival{Means: "spid", Level: 2, FiscalCode: "QLZLTT71H67D548Z", Name: "Loretta Qualzeni", Session: "s1"})
	if err != nil || !v.StrongMeans() {
		t.Fatalf("%+v %v", v, err)
	}
	if e, err := b.Journey(t.Context(), v); err != nil || e.State != AtServices {
		t.Errorf("the first access leads to %+v (%v), want the services", e, err)
	}
	again, err := b.Arrive(t.Context(), v, Arrival{Means: "spid", Level: 2, FiscalCode: "QLZLTT71H67D548Z", Session: "s1"})
	if err != nil || again.Enrolment != v.Enrolment {
		t.Errorf("the same login is taken in twice: %+v %v", again, err)
	}
}

func TestONB33TheFirstUseReplacesSixteenCharacters(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-09-01 10:00", newGate())
	p := &PIN{FiscalCode: "QRZRNS43C59A944W", Kind: Ordinary, Status: PINIssued16, Code: "ABCDEFGH23456789", Renewed: b.Now(), Months: 6}
	if err := b.pins.Put(t.Context(), string(p.FiscalCode), p, time.Time{}); err != nil {
		t.Fatal(err)
	}
	e, err := b.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e = b.must(e, EvEnter, Input{}, AtMask)
	in := Input{FiscalCode: string(p.FiscalCode), PIN: "abcd-efgh 2345 6789"}
	if d := b.refused(e, EvPINLogin, in, PINBadForm); d.Field != "new_pin" {
		t.Errorf("the refusal is at %q, want new_pin", d.Field)
	}
	in.NewPIN = "neu0-2020"
	b.must(e, EvPINLogin, in, PINOK)
	e, _ = b.Start(t.Context())
	e = b.must(e, EvEnter, Input{}, AtMask)
	b.refused(e, EvPINLogin, Input{FiscalCode: in.FiscalCode, PIN: in.PIN}, PINWrong)
	b.must(e, EvPINLogin, Input{FiscalCode: in.FiscalCode, PIN: "NEU02020"}, PINOK)
}

func TestONB34AnExpiredPINIsRenewedOnTheWay(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:00", newGate())
	b.clock.Freeze(at(t, "2021-03-16 10:00"))
	e, err := b.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e = b.must(e, EvEnter, Input{}, AtMask)
	in := Input{FiscalCode: "QRZRNS43C59A944W", PIN: "PRVA2345"}
	if d := b.refused(e, EvPINLogin, in, FieldMissing); d.Field != "renew" {
		t.Errorf("the refusal is at %q, want renew", d.Field)
	}
	in.Renew = true
	b.must(e, EvPINLogin, in, PINOK)
}
