package onboarding

import (
	"testing"
)

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
