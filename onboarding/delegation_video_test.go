package onboarding

import (
	"strings"
	"testing"
	"time"

	"spidsim/internal/outbox"
)

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
	_, err = w.o.BookVideo(w.ctx, v, Registration{Principal: "P16", Until: day(t, "2022-10-03")}, rome(t, "2022-10-04 09:00"))
	wantReason(t, err, DelegateEnd) // it would be over before the meeting
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
