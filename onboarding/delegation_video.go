package onboarding

import (
	"context"
	"slices"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
)

// Video meetings are on Tuesday and Thursday from 9 to 12 in Italy (ONB-176), one every half hour (design).
const (
	meetingFrom  = 9
	meetingUntil = 12
	meetingLife  = 30 * time.Minute
)

// entryDigits is the length of the code that opens the room.
const entryDigits = 6

// VideoSlots returns the next n beginnings of video meetings after now.
func (o *Office) VideoSlots(n int) []time.Time {
	var slots []time.Time
	day := o.Today()
	if day.Before(VideoDelegates) {
		day = VideoDelegates
	}
	for ; len(slots) < n; day = day.AddDays(1) {
		for at := day.At(meetingFrom, 0); at.Before(day.At(meetingUntil, 0)); at = at.Add(meetingLife) {
			if meetingSlot(at) && at.After(o.Now()) && len(slots) < n {
				slots = append(slots, at)
			}
		}
	}
	return slots
}

// meetingSlot reports whether a meeting may begin at an instant.
func meetingSlot(at time.Time) bool {
	day, wall := clock.DayOf(at), clock.Rome(at)
	return slices.Contains([]time.Weekday{time.Tuesday, time.Thursday}, day.Weekday()) && wall.Hour() >= meetingFrom && wall.Hour() < meetingUntil &&
		at.Equal(at.Truncate(meetingLife))
}

// BookVideo books a meeting for the person of a visit, who wants to become the delegate of r.Principal (ONB-176). The code to enter comes
// by SMS. The delegation is a draft until the meeting. RSN-DLG-DATE, RSN-DLG-SLOT, and the denials of a registration.
func (o *Office) BookVideo(ctx context.Context, v *Visit, r Registration, at time.Time) (*Delegation, error) {
	switch {
	case o.Today().Before(VideoDelegates):
		return nil, Deny(DelegateDate).By("ONB-63").Because("by video from %s", VideoDelegates)
	case v.weak() != nil:
		return nil, v.weak()
	case !meetingSlot(at) || !at.After(o.Now()):
		return nil, Deny(DelegateSlot).At("at").Because("at is %s", clock.Rome(at).Format(time.RFC3339))
	}
	r.Delegate, r.Kind, r.Form, r.Papers, r.By = string(v.FiscalCode), TrustedPerson, "", nil, v.Name
	p, err := o.pairOf(ctx, r)
	if err != nil {
		return nil, err
	}
	if denied := r.check(p, clock.DayOf(at)); denied != nil {
		return nil, denied
	}
	d := o.delegation(r, p, ByVideo)
	d.State = DelegationDraft
	d.Meeting = &VideoMeeting{At: at.UTC(), Code: o.draw(digits, entryDigits)}
	return d, o.db.Atomic(ctx, func(ctx context.Context) error {
		other, err := o.liveOf(ctx, d.Principal)
		if err != nil {
			return err
		}
		if other != nil {
			return Deny(DelegateOne).At("principal")
		}
		if err := o.delegations.Create(ctx, d.ID, d, time.Time{}); err != nil {
			return err
		}
		return o.sendEntry(ctx, d, p)
	})
}

// sendEntry sends the code that opens the room to the candidate, by SMS.
func (o *Office) sendEntry(ctx context.Context, d *Delegation, p pair) error {
	if p.delegate.Mobile == "" {
		return Deny(PINNoContact).By("ONB-176").At("mobile")
	}
	when := clock.Rome(d.Meeting.At)
	_, err := o.outbox.Send(ctx, outbox.Message{Channel: outbox.SMS, To: p.delegate.Mobile, User: p.delegate.Username, Code: d.Meeting.Code,
		Text: "Incontro video per la delega di " + d.PrincipalName + ": " + Words(clock.DayOf(d.Meeting.At)) + ", ore " + when.Format("15:04") +
			". Il codice per entrare è " + d.Meeting.Code + ". Dovete esserci tutti e due."})
	return err
}

// MeetingOutcome is what happens in the meeting.
type MeetingOutcome struct {
	Code      string `json:"code"` // of the SMS
	Principal bool   `json:"principal_present"`
	Delegate  bool   `json:"delegate_present"`
	Consent   bool   `json:"consent"` // of both, to the recording
	By        string `json:"by"`      // the clerk
}

// HoldVideo holds the meeting: with the code, both present and their consent to the recording the delegation is active (ONB-176).
// RSN-DLG-SLOT outside its time, RSN-CODE-WRONG, RSN-PERSON-OTHER when one is missing, RSN-CONSENT, RSN-DLG-ONE, RSN-DLG-CAP.
func (o *Office) HoldVideo(ctx context.Context, id string, in MeetingOutcome) (*Delegation, error) {
	d, err := o.Delegation(ctx, id)
	if err != nil {
		return nil, err
	}
	if denied := d.mayHold(in, o.Now()); denied != nil {
		return d, denied
	}
	delegate, err := o.Citizen(ctx, string(d.Delegate))
	if err != nil {
		return d, err
	}
	d.State, d.By = DelegationActive, in.By
	d.Meeting.Held, d.Meeting.Recorded = o.Now(), true
	return d, o.enlist(ctx, d, delegate)
}

func (d *Delegation) mayHold(in MeetingOutcome, now time.Time) *Denied {
	switch {
	case d.State != DelegationDraft || d.Meeting == nil:
		return Deny(WrongStep).By("ONB-178").Because("the delegation is %s", d.State)
	case now.Before(d.Meeting.At):
		return Deny(DelegateSlot).Because("the room opens at %s", d.Meeting.At.Format(time.RFC3339))
	case !sameCode(in.Code, d.Meeting.Code):
		return Deny(ContactWrong).By("ONB-176").At("code")
	case !in.Principal || !in.Delegate:
		return Deny(OtherPerson).By("ONB-176").At("principal_present").Because("principal and delegate are both there")
	case !in.Consent:
		return Deny(NoConsent).By("ONB-176").At("consent")
	}
	return nil
}
