package api

import (
	"context"
	"errors"

	"spidsim/internal/store"
	"spidsim/onboarding"
)

// samplePIN is the PIN that filled-in bodies choose in place of a first one: public test data.
const samplePIN = "PRVA2020"

// fill is what the test person of a request would enter at an event: what the engine knows, and a choice where there is one. in is what the
// body says of the person.
func (a *API) fill(ctx context.Context, e *onboarding.Enrolment, ev onboarding.Event, in onboarding.Input, idp string) (onboarding.Input, error) {
	who := orElse(e.Username, orElse(in.FiscalCode, in.Person))
	if who == "" && e.FiscalCode == "" {
		if len(fields[ev]) == 0 || ev == onboarding.EvArrive {
			return onboarding.Input{}, nil
		}
		return onboarding.Input{}, refuse("ONB-221", "person", "nobody is known yet: say in person whose data to fill in, or start the request with one")
	}
	out, err := a.office.Fill(ctx, e, ev, who)
	if err != nil {
		return out, at(err, "fill")
	}
	switch ev {
	case onboarding.EvPINLogin:
		return a.fillPIN(ctx, out, who)
	case onboarding.EvChoose:
		out.IdP = orElse(idp, a.assisted())
	case onboarding.EvMode:
		out.Mode, err = a.fittingMode(ctx, e, func(onboarding.Mode) bool { return true })
	}
	return out, err
}

// fillPIN adds what an old or a first PIN asks for (ONB-33, ONB-34).
func (a *API) fillPIN(ctx context.Context, in onboarding.Input, who string) (onboarding.Input, error) {
	p, err := a.office.PIN(ctx, who)
	if errors.Is(err, store.ErrNotFound) {
		return in, nil
	}
	if err != nil {
		return in, err
	}
	switch p.Status {
	case onboarding.PINIssued16:
		in.NewPIN = samplePIN
	case onboarding.PINExpiredStatus:
		in.Renew = true
	}
	return in, nil
}

// assisted is the gestore of the main story, or the first that takes part in the assisted request.
func (a *API) assisted() string {
	first := ""
	for _, g := range a.office.Gestori() {
		switch {
		case !g.Assisted:
		case g.Slug == "poste":
			return g.Slug
		case first == "":
			first = g.Slug
		}
	}
	return first
}

// fittingMode is the first way of some kind that the gestore offers and the person can go; "" when there is none.
func (a *API) fittingMode(ctx context.Context, e *onboarding.Enrolment, fits func(onboarding.Mode) bool) (onboarding.ModeKey, error) {
	g, ok := a.office.Gestore(e.IdP)
	if !ok {
		return "", nil
	}
	c, err := a.office.Citizen(ctx, string(e.FiscalCode))
	if err != nil {
		return "", err
	}
	for _, o := range g.Offers(c, a.office.Today()) {
		if o.Possible() && fits(o.Mode) && o.Key != onboarding.RAO { // that needs a package of a public counter
			return o.Key, nil
		}
	}
	return "", nil
}
