package onboarding

import (
	"context"
	"net/url"
	"strconv"
	"testing"
	"time"

	"spidsim/internal/outbox"
	"spidsim/spid"
)

type urlValues = url.Values

func itoa(n int) string { return strconv.Itoa(n) }

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

const strong = "Prova-2020!"

func TestONB01TheWholeWayByTheCounter(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", newGate())
	e := b.toModes("poste")
	e = b.must(e, EvMode, Input{Mode: Counter}, AtCounter)
	if got, want := Words(e.Procedure.LastDay), "sabato 14 novembre 2020"; got != want {
		t.Errorf("the last day is %q, want %q", got, want)
	}
	code := e.Procedure.Code
	b.clock.Freeze(at(t, "2020-10-20 09:00"))
	b.refused(e, EvCounter, Input{Code: "AAAA AAAA AAAA"}, ProcedureUnknown)
	b.refused(e, EvCounter, Input{Code: code, Person: "ZRQDMR38S02F257S"}, OtherPerson)
	b.refused(e, EvCounter, Input{Code: code, Outcome: "missing"}, DocumentMissing)
	e = b.must(e, EvCounter, Input{Code: " " + Fours(code), By: "sportello 3"}, Identified)
	b.refused(e, EvCounter, Input{Code: code}, WrongStep)
	b.refused(e, EvCreds, Input{Username: "loretta.qualzeni", Password: strong}, UsernameTaken)
	b.refused(e, EvCreds, Input{Username: "ortensia", Password: "corta"}, WeakPassword)
	e = b.must(e, EvCreds, Input{Username: "ortensia.q", Password: strong, Factor: "sms"}, Active)
	if e.Account.SPIDCode == "" || len(e.Account.Levels) != 2 {
		t.Errorf("the account is %+v", e.Account)
	}
	var got []int
	err := b.DeliverResults(t.Context(), func(ctx context.Context, _ string, form url.Values, sync bool) error {
		_, out, err := b.TakeResult(ctx, form, sync)
		got = append(got, out.Code)
		return err
	}, true)
	if err != nil || len(got) != 2 || got[0] != ResultTaken || got[1] != ResultIssued {
		t.Errorf("the portal took %v (%v), want nr100 and nr25", got, err)
	}
}

func TestONB120ACodeLapsesAfterThirtyDays(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", newGate())
	e := b.must(b.toModes("poste"), EvMode, Input{Mode: Counter}, AtCounter)
	code := e.Procedure.Code
	b.clock.Freeze(at(t, "2020-11-14 23:59"))
	if found, err := b.ByProcedure(t.Context(), "poste", code); err != nil || found.State != AtCounter {
		t.Fatalf("on the last day: %v %v", found, err)
	}
	b.clock.Freeze(at(t, "2020-11-15 00:00"))
	if err := b.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	e, err := b.Enrolment(t.Context(), e.ID)
	if err != nil || e.State != Lapsed || e.Reason != ProcedureExpired || e.Results[len(e.Results)-1].Code != ResultRefused {
		t.Fatalf("the day after: %+v %v", e, err)
	}
	b.refused(e, EvCounter, Input{Code: code}, WrongStep)
	next, err := b.Do(t.Context(), e.ID, EvRestart, Input{})
	if err != nil || next.State != AtGuide || next.ID == e.ID {
		t.Errorf("again: %+v %v", next, err)
	}
}

func TestONB110ASecondRequestAtTheSameGestoreGoesOn(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", newGate())
	first := b.toModes("poste")
	second := b.toHandoff("poste")
	e, err := b.Carry(t.Context(), second.ID)
	if err != nil || e.ID != first.ID || e.State != AtModes {
		t.Fatalf("it goes on as %+v (%v), want the first request at R4", e, err)
	}
	e = b.must(e, EvMode, Input{Mode: SMSCertified}, AtOnline)
	e = b.must(e, EvOnlineOK, Input{Code: b.code("ortensia.quirzoldi", outbox.SMS)}, Identified)
	b.must(e, EvCreds, Input{Username: "ortensia.q", Password: strong, Factor: "app"}, Active)
	third := b.toHandoffAgain("poste")
	e, err = b.Carry(t.Context(), third.ID)
	if err != nil || e.State != Already || e.Results[0].Code != ResultAlready {
		t.Fatalf("a customer: %+v %v", e, err)
	}
}

// toHandoffAgain walks P01, who has SPID by now and sees no notice, to N7.
func (b *bureau) toHandoffAgain(slug string) *Enrolment {
	b.t.Helper()
	e, err := b.Start(b.ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	e = b.must(e, EvEnter, Input{}, AtMask)
	e = b.must(e, EvPINLogin, Input{FiscalCode: "QRZRNS43C59A944W", PIN: "PRVA2345"}, PINOK)
	e = b.must(e, EvContinue, Input{}, AtServices)
	e = b.must(e, EvRequest, Input{}, AtGuide)
	e = b.must(e, EvOpenList, Input{Consent: true}, AtList)
	return b.must(e, EvChoose, Input{IdP: slug}, AtHandoff)
}

func TestONB86HandoffsAreSingleUseAndFresh(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", newGate())
	e := b.toHandoff("poste")
	p, err := b.HandOver(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Receive(t.Context(), "poste", p.Values(), "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Receive(t.Context(), "poste", p.Values(), "x"); !isDenied(err, HandoffReplay) {
		t.Errorf("again: %v, want %s", err, HandoffReplay)
	}
	late := b.toHandoff("aruba")
	p, err = b.HandOver(t.Context(), late.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(5*time.Minute + time.Second)
	if _, err := b.Receive(t.Context(), "aruba", p.Values(), "x"); !isDenied(err, HandoffStale) {
		t.Errorf("late: %v, want %s", err, HandoffStale)
	}
}

func isDenied(err error, want Code) bool {
	d, ok := err.(*Denied)
	return ok && d.Code == want
}

func TestONB130ThreeFailuresAskForAnotherWay(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", newGate())
	e := b.must(b.toModes("poste"), EvMode, Input{Mode: SMSCertified}, AtOnline)
	for left := 2; left >= 1; left-- {
		if d := b.refused(e, EvOnlineOK, Input{Code: "000000x"}, ContactWrong); d.Left != left {
			t.Errorf("%d tries left, want %d", d.Left, left)
		}
	}
	b.refused(e, EvOnlineOK, Input{Code: "000000x"}, ContactWrong)
	if e, _ = b.Enrolment(t.Context(), e.ID); e.State != AtModes {
		t.Errorf("after three tries: %s, want %s", e.State, AtModes)
	}
	b.refused(e, EvMode, Input{Mode: CIEReader}, ModeImpossible)
}

func TestONB112CancellingForgetsWhatWasEntered(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", newGate())
	e := b.must(b.toModes("poste"), EvCancel, Input{}, Cancelled)
	if e.Form != (Form{}) || e.Contacts != (Contacts{}) || e.Document != (Document{}) {
		t.Errorf("kept: %+v", e)
	}
	if last := e.Results[len(e.Results)-1]; last.Code != ResultCancelled || last.Sync {
		t.Errorf("the result is %+v, want nr28 by itself", last)
	}
	next := b.toHandoff("aruba")
	if next, err := b.Carry(t.Context(), next.ID); err != nil || next.State != AtForm {
		t.Errorf("at another gestore at once: %+v %v", next, err)
	}
}

// computed is the codice fiscale of the data of a form.
func computed(in Input) (string, error) {
	born, _ := readDay(in.Born)
	place, _ := PlaceCode(in.BirthPlace)
	code, err := spid.ComputeFiscalCode(in.FamilyName, in.GivenName, midnight(born), in.Sex, place)
	return string(code), err
}
