package onboarding

import (
	"context"
	"strings"
	"testing"
	"time"
)

// What is guessed, replayed, sent out of order or typed with bad intent.

func TestSEC55FiveWrongContactCodesAskForNewOnes(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:00", newGate())
	e := b.must(b.toForm("poste"), EvSave, ortensia, AtContacts)
	for left := 4; left >= 0; left-- {
		if d := b.refused(e, EvMail, Input{Code: "x"}, ContactWrong); d.Left != left {
			t.Errorf("%d tries left, want %d", d.Left, left)
		}
	}
	if d := b.refused(e, EvMail, Input{Code: e.Contacts.EmailCode}, TooManyTries); d.Field != "email_code" {
		t.Errorf("the right code, too late, is refused at %q, want email_code", d.Field)
	}
	if now, err := b.Enrolment(t.Context(), e.ID); err != nil || now.Contacts.MobileTries != 0 {
		t.Errorf("tries of the other contact: %+v (%v), want none", now, err)
	}
	b.refused(e, EvPhone, Input{}, ContactWrong) // an empty field is no try
	e = b.must(e, EvContacts, Input{}, AtContacts)
	e = b.must(e, EvMail, Input{Code: e.Contacts.EmailCode}, AtContacts)
	b.must(e, EvPhone, Input{Code: e.Contacts.MobileCode}, AtPapers)
}

func TestSEC55FiveWrongHalvesUseUpTheActivationPackage(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2021-10-15 10:00", newGate())
	p, err := b.IssuePackage(t.Context(), "P04", "", "sportello comunale")
	if err != nil {
		t.Fatal(err)
	}
	e := &Enrolment{ID: "x", State: AtOnline, IdP: "prova", Mode: RAO, Online: &OnlineID{}, FiscalCode: p.FiscalCode, Username: "ivo.xandrelli"}
	if err := b.enrolments.Create(t.Context(), e.ID, e, time.Time{}); err != nil {
		t.Fatal(err)
	}
	for n := range 5 {
		if now, err := b.Enrolment(t.Context(), e.ID); err != nil || now.State == AtModes { // three wrong ones lead back to the ways
			b.must(e, EvMode, Input{Mode: RAO}, AtOnline)
		}
		if d := b.refused(e, EvOnlineOK, Input{Half1: p.Half1, Half2: "AAAAAA"}, IdentifyFailed); d.Field != "half1" {
			t.Errorf("try %d is refused at %q", n+1, d.Field)
		}
	}
	b.refused(e, EvOnlineOK, Input{Half1: p.Half1, Half2: p.Half2}, TooManyTries)
	if p, err = b.IssuePackage(t.Context(), "P04", "", "sportello comunale"); err != nil {
		t.Fatal(err)
	}
	b.must(e, EvMode, Input{Mode: RAO}, AtOnline)
	b.must(e, EvOnlineOK, Input{Half1: p.Half1, Half2: p.Half2}, Identified)
}

func TestSEC55FiveWrongTelephonePINsVoidTheRightOne(t *testing.T) {
	t.Parallel()
	o, _ := newOffice(t, rome(t, "2021-10-15 10:00"))
	v := inside(t, o, "P03", "spid")
	p := must[*PhonePIN](t)(o.CreatePhonePIN(t.Context(), v, "1d"))
	check := func(code string) PhoneCheck {
		t.Helper()
		return must[PhoneCheck](t)(o.CheckPhonePIN(t.Context(), string(p.FiscalCode), code))
	}
	for range 4 {
		if c := check("00000000"); c.Answer != PhoneIsUnknown || c.Denied.Code != PhoneUnknown {
			t.Fatalf("a wrong code is %+v", c)
		}
	}
	if c := check(p.Code); c.Answer != PhoneIsValid {
		t.Fatalf("the right code after four wrong ones is %+v", c)
	}
	for range 5 {
		check("00000000")
	}
	if c := check(p.Code); c.Answer != PhoneIsUnknown || c.Denied.Code != TooManyTries {
		t.Errorf("the right code after five wrong ones is %+v, want unknown by %s", c, TooManyTries)
	}
	p = must[*PhonePIN](t)(o.CreatePhonePIN(t.Context(), v, "1d"))
	if c := check(p.Code); c.Answer != PhoneIsValid {
		t.Errorf("a new code is %+v", c)
	}
}

func TestONB52ADedicatedPINOpensItsServicesAlone(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		who       string
		dedicated bool
	}{{"P10", true}, {"P01", false}} {
		t.Run(row.who, func(t *testing.T) {
			t.Parallel()
			b := openBureau(t, "2020-10-15 10:00", nil)
			if row.dedicated {
				if _, err := b.RequestPIN(t.Context(), PINRequest{Who: row.who, Channel: PINAtOffice}); err != nil {
					t.Fatal(err)
				}
			}
			v := b.insideWithPIN(row.who)
			for _, s := range Services() {
				want := Code("")
				if row.dedicated && !s.Dedicated {
					want = PINDedicated
				}
				_, err := b.Open(t.Context(), v, s)
				wantReason(t, err, want)
			}
		})
	}
}

// insideWithPIN is a visit of a test person who came with the PIN of the books.
func (b *bureau) insideWithPIN(who string) *Visit {
	b.t.Helper()
	f, err := b.PIN(b.ctx, who)
	if err != nil {
		b.t.Fatal(err)
	}
	_, v, err := b.Enter(b.ctx)
	if err != nil {
		b.t.Fatal(err)
	}
	in := Input{FiscalCode: string(f.FiscalCode), PIN: f.Code}
	if len(f.Code) == wholePIN {
		in.NewPIN = "PRVA9999"
	}
	if v, _, err = b.Walk(b.ctx, v, EvEnter, Input{}); err != nil {
		b.t.Fatal(err)
	}
	if v, _, err = b.Walk(b.ctx, v, EvPINLogin, in); err != nil {
		b.t.Fatal(err)
	}
	return v
}

func TestONB40AVisitEndsWithItsPIN(t *testing.T) {
	t.Parallel()
	pension := Services()[0]
	t.Run("revoked", func(t *testing.T) {
		t.Parallel()
		b := openBureau(t, "2020-10-15 10:00", nil)
		v := b.insideWithPIN("P01")
		if _, err := b.RevokePIN(t.Context(), "P01", "contact center"); err != nil {
			t.Fatal(err)
		}
		_, err := b.Open(t.Context(), v, pension)
		wantReason(t, err, PINRevoked)
	})
	t.Run("dismissed at midnight", func(t *testing.T) {
		t.Parallel()
		b := openBureau(t, "2021-09-30 20:00", nil)
		v := b.insideWithPIN("P01")
		b.clock.Advance(3*time.Hour + 59*time.Minute)
		if _, err := b.Open(t.Context(), v, pension); err != nil {
			t.Errorf("one minute before: %v", err)
		}
		b.clock.Advance(time.Minute)
		_, err := b.Open(t.Context(), v, pension)
		wantReason(t, err, PINDismissed)
	})
}

func TestONB86AMessageThatWasTakenBackIsWorthNothing(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		then func(b *bureau, e *Enrolment)
	}{
		{"made again", func(b *bureau, e *Enrolment) {
			if _, err := b.HandOver(b.ctx, e.ID); err != nil {
				b.t.Fatal(err)
			}
		}},
		{"back to the list", func(b *bureau, e *Enrolment) { b.must(e, EvBack, Input{}, AtList) }},
		{"back and forth again", func(b *bureau, e *Enrolment) {
			b.must(e, EvBack, Input{}, AtList)
			b.must(e, EvChoose, Input{IdP: "poste"}, AtHandoff)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := openBureau(t, "2020-10-15 10:24", newGate())
			e := b.toHandoff("poste")
			p, err := b.HandOver(t.Context(), e.ID)
			if err != nil {
				t.Fatal(err)
			}
			row.then(b, e)
			if _, err := b.Receive(t.Context(), "poste", p.Values(), "x"); !isDenied(err, HandoffReplay) {
				t.Errorf("the message before: %v, want %s", err, HandoffReplay)
			}
		})
	}
}

// timeless is a wire on which no message grows old.
type timeless struct{ *openGate }

func (g timeless) Receive(slug string, form urlValues, _ time.Time, _ time.Duration) (Delivery, error) {
	return g.openGate.Receive(slug, form, g.sent[form.Get("SAMLResponse")].at, time.Minute)
}

func TestSEC86AReplayIsRefusedHoweverTheClockMoves(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", timeless{newGate()})
	e := b.toHandoff("poste")
	p, err := b.HandOver(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Receive(t.Context(), "poste", p.Values(), "x"); err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(usedLife + time.Hour)
	if _, err := b.db.Sweep(t.Context()); err != nil { // what is remembered of messages has expired
		t.Fatal(err)
	}
	b.clock.Advance(-usedLife)
	if _, err := b.Receive(t.Context(), "poste", p.Values(), "x"); !isDenied(err, HandoffReplay) {
		t.Errorf("again: %v, want %s", err, HandoffReplay)
	}
}

// slowGate delivers the message before while the next one is being made.
type slowGate struct {
	*openGate
	before func()
}

func (g *slowGate) Send(slug string, data HandedOver, relay string, now time.Time) (Parcel, error) {
	if g.before != nil {
		g.before()
	}
	return g.openGate.Send(slug, data, relay, now)
}

func TestONB86MadeAgainWhileTheFirstArrives(t *testing.T) {
	t.Parallel()
	gate := &slowGate{openGate: newGate()}
	b := openBureau(t, "2020-10-15 10:24", gate)
	e := b.toHandoff("poste")
	p, err := b.HandOver(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	gate.before = func() {
		if _, err := b.Receive(t.Context(), "poste", p.Values(), "x"); err != nil {
			t.Error(err)
		}
	}
	if _, err := b.HandOver(t.Context(), e.ID); !isDenied(err, WrongStep) {
		t.Errorf("the second hand-off: %v, want %s", err, WrongStep)
	}
	if e, err = b.Enrolment(t.Context(), e.ID); err != nil || e.Message == nil || e.Message.ID != p.MessageID {
		t.Errorf("the request answers to %+v, want message %s (%v)", e.Message, p.MessageID, err)
	}
}

func TestONB111BeginningAgainTwiceIsARefusal(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:00", nil)
	e, err := b.StartDirect(t.Context(), "poste")
	if err != nil {
		t.Fatal(err)
	}
	in := ortensia
	in.FiscalCode, in.FamilyName, in.GivenName = "QRZRNS43C59A944W", "Quirzoldi", "Ortensia"
	e = b.must(e, EvSave, in, AtContacts)
	e = b.must(e, EvCancel, Input{}, Cancelled)
	if _, err := b.Do(t.Context(), e.ID, EvRestart, Input{}); err != nil {
		t.Fatal(err)
	}
	b.refused(e, EvRestart, Input{}, AlreadyOpen)
}

func TestONB107WhatIsTypedIsPlainText(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:00", nil)
	e, err := b.StartDirect(t.Context(), "poste")
	if err != nil {
		t.Fatal(err)
	}
	good := ortensia
	good.FiscalCode, good.FamilyName, good.GivenName = "QRZRNS43C59A944W", "Quirzoldi", "Ortensia"
	for _, row := range []struct {
		field  string
		change func(*Input)
	}{
		{"given_name", func(in *Input) { in.GivenName = "Orten\x01sia" }},
		{"given_name", func(in *Input) { in.GivenName = "Orten\r\nBcc: x@y.example\r\nsia" }},
		{"family_name", func(in *Input) { in.FamilyName = "Quirzoldi\ufffe" }},
		{"family_name", func(in *Input) { in.FamilyName = "Quir\xffzoldi" }},
		{"street", func(in *Input) { in.Street = strings.Repeat("v", 201) }},
		{"city", func(in *Input) { in.City = "Bologna\u202e" }},
		{"postal_code", func(in *Input) { in.PostalCode = "40\x00100" }},
		{"nationality", func(in *Input) { in.Nationality = "Italiana\n" + "x" }},
		{"email", func(in *Input) { in.Email = "a@b.example\tBcc:x@y.example" }},
		{"mobile", func(in *Input) { in.Mobile = "+39 399 000\n0001" }},
	} {
		in := good
		row.change(&in)
		if d := b.refused(e, EvSave, in, FieldMissing); d.Field != row.field {
			t.Errorf("%s: refused at %q", row.field, d.Field)
		}
	}
	good.Street = strings.Repeat("v", 200)
	b.must(e, EvSave, good, AtContacts)
}

func TestONB36AddressesCarryNoHeaders(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2022-04-01 10:00", nil)
	for _, address := range []string{"a@b.example\r\nBcc: x@y.example", "a@b.example, c@d.example", "<a@b.example>", "a@b.example\x00", strings.Repeat("a", 250) + "@b.example"} {
		if _, err := b.AddContact(t.Context(), "P11", address, "contact center"); reason(err) != string(FieldMissing) {
			t.Errorf("%q as a contact: %v, want %s", address, err, FieldMissing)
		}
		if _, err := b.IssuePackage(t.Context(), "P04", address, "rao"); reason(err) != string(FieldMissing) {
			t.Errorf("%q of the package: %v, want %s", address, err, FieldMissing)
		}
		if d := (MinorCredentials{Username: "piccola", Password: Sample, Email: address}).check(); d == nil || d.Field != "email" {
			t.Errorf("%q of a minor: %v, want a refusal at email", address, d)
		}
	}
}

// Invariants under concurrency (SEC-90): one open request of a person at a gestore, one identity, each result once.
func TestONB110ManyHandoffsAtOnceAreOneRequest(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", newGate())
	const many = 12
	var parcels []Parcel
	for range many {
		p, err := b.HandOver(t.Context(), b.toHandoff("poste").ID)
		if err != nil {
			t.Fatal(err)
		}
		parcels = append(parcels, p)
	}
	ids := make(chan string, 2*many)
	for _, p := range parcels {
		for range 2 { // each one twice
			go func() {
				e, err := b.Receive(t.Context(), "poste", p.Values(), "x")
				if err != nil {
					ids <- reason(err)
					return
				}
				ids <- e.ID
			}()
		}
	}
	got := map[string]int{}
	for range 2 * many {
		got[<-ids]++
	}
	if len(got) != 2 || got[string(HandoffReplay)] != many {
		t.Errorf("the browsers are led to %v, want one request and %d replays", got, many)
	}
	all, err := b.Enrolments(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	open := 0
	for _, e := range all {
		if e.State.Open() {
			open++
		}
	}
	if open != 1 {
		t.Errorf("%d requests are open, want 1", open)
	}
}

func TestONB83AResultIsCarriedByManyAndTakenOnce(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", newGate())
	e := b.must(b.toModes("poste"), EvCancel, Input{}, Cancelled)
	const couriers = 10
	done := make(chan error, couriers)
	for range couriers {
		go func() {
			done <- b.DeliverResult(t.Context(), e.ID, func(ctx context.Context, _ string, form urlValues, sync bool) error {
				_, _, err := b.TakeResult(ctx, form, sync)
				return err
			}, true)
		}()
	}
	for range couriers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	e, err := b.Enrolment(t.Context(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range e.Results {
		if a.Delivered.IsZero() {
			t.Errorf("nr%d was not taken", a.Code)
		}
	}
	if len(e.Results) != 2 || e.Results[0].Code != ResultTaken || e.Results[1].Code != ResultCancelled {
		t.Errorf("the results are %+v, want nr100 and nr28, once each", e.Results)
	}
}
