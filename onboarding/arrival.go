package onboarding

import (
	"context"
)

// HeldArrival is somebody at the door of the portal who has to confirm an unusual means first (ONB-149).
type HeldArrival struct {
	Arrival Arrival `json:"arrival"`
	Request string  `json:"request"` // that waits for the code
}

// means names what somebody came with, as CheckMeans compares it: "cie", "cns", "spid poste".
func (a Arrival) means() string {
	if a.Gestore == "" {
		return a.Means
	}
	return a.Means + " " + a.Gestore
}

// Waits reports whether a visit holds that arrival already: a page that is loaded again asks for no second code while the
// first is good.
func (v *Visit) Waits(a Arrival) bool {
	return v != nil && v.Held != nil && a.Session != "" && v.Held.Arrival.Session == a.Session
}

// Welcome lets in somebody who logged in with SPID, CIE or CNS, as Arrive does. While Settings.CheckUsualMeans is on, who comes by another
// means than usual stays outside, in Visit.Held, until Confirm takes the code that was mailed (ONB-149).
func (o *Office) Welcome(ctx context.Context, v *Visit, a Arrival) (*Visit, error) {
	if v.Session == a.Session && v.Means == a.Means && a.Session != "" {
		return v, nil
	}
	if v.Waits(a) {
		if alive, err := o.confirmable(ctx, v.Held.Request); err != nil || alive {
			return v, err
		}
	}
	r, err := o.CheckMeans(ctx, a.FiscalCode, a.means())
	if err != nil {
		return v, err
	}
	if r == nil {
		return o.Arrive(ctx, v, a)
	}
	return o.visits.Update(ctx, v.ID, func(v *Visit) error {
		v.Held = &HeldArrival{Arrival: a, Request: r.ID}
		return nil
	})
}

// confirmable reports whether a request still takes its code: who let it expire, or used up the tries, is sent another one.
func (o *Office) confirmable(ctx context.Context, id string) (bool, error) {
	r, err := optional(o.lives.Get(ctx, id))
	if err != nil || r == nil {
		return false, err
	}
	return r.State == LifeWaiting && o.Now().Before(r.Sent.Add(contactLife)), nil
}

// Confirm takes the code that was mailed because of an unusual means and lets the person in (ONB-149). RSN-CODE-WRONG, RSN-CODE-EXPIRED,
// RSN-STEP when nobody waits or the tries are used up.
func (o *Office) Confirm(ctx context.Context, v *Visit, code string) (*Visit, error) {
	if v == nil || v.Held == nil {
		return v, Deny(WrongStep).By("ONB-149").Because("nobody waits for a confirmation")
	}
	held := *v.Held
	if _, err := o.ConfirmMeans(ctx, held.Request, code); err != nil {
		return v, err
	}
	return o.Arrive(ctx, v, held.Arrival)
}
