package api

import (
	"context"
	"net/http"
	"slices"

	"spidsim/onboarding"
)

// As asserts who is logged in at the portal: a test person, by which means and at which level.
type As struct {
	Person string `json:"person"` // codice fiscale, user name or persona; "" where the call says whom it concerns
	Means  string `json:"means"`  // "spid" (default), "cie", "cns", "pin"
	Level  int    `json:"level"`  // of SPID or CIE, 1 to 3; 0 is 2
	IdP    string `json:"idp"`    // slug of the gestore where the login was; "" = any at which the person holds an identity
}

var means = []string{"spid", "cie", "cns", "pin"}

// arrival is the login that as speaks of. person is who is meant where as does not say.
func (a *API) arrival(ctx context.Context, as *As, person string) (onboarding.Arrival, error) {
	who := As{Person: person}
	if as != nil {
		who = *as
		who.Person = orElse(who.Person, person)
	}
	who.Means = orElse(who.Means, "spid")
	switch {
	case !slices.Contains(means, who.Means):
		return onboarding.Arrival{}, refuse("ONB-12", "as.means", "means is %q, want one of %q", clip(who.Means, 64), means)
	case who.Level < 0 || who.Level > 3:
		return onboarding.Arrival{}, refuse("ONB-24", "as.level", "level is %d, want 1 to 3", who.Level)
	}
	c, err := a.office.Citizen(ctx, who.Person)
	if err != nil {
		return onboarding.Arrival{}, at(err, "as.person")
	}
	level := who.Level
	switch {
	case who.Means == "cns" || who.Means == "pin":
		level = 0
	case level == 0:
		level = 2
	}
	return onboarding.Arrival{Means: who.Means, Level: level, FiscalCode: c.FiscalCode, Name: c.Name(), Gestore: who.IdP}, nil
}

// within does something as a person who is inside the portal, and lets the person out again.
func (a *API) within(r *http.Request, as *As, person string, do func(context.Context, *onboarding.Visit) (any, error)) (any, error) {
	ctx := r.Context()
	who, err := a.arrival(ctx, as, person)
	if err != nil {
		return nil, err
	}
	v, err := a.office.Assert(ctx, who)
	if err != nil {
		return nil, err
	}
	out, err := do(ctx, v)
	if left := a.office.Leave(ctx, v); err == nil {
		err = left
	}
	return out, err
}

// holder is who asks for something about an identity at a gestore: without as the operator, with an empty one somebody who proved nothing.
func (a *API) holder(ctx context.Context, as *As, slug string) (onboarding.Holder, error) {
	switch {
	case as == nil:
		return onboarding.Holder{Operator: true}, nil
	case as.Person == "":
		return onboarding.Holder{}, nil
	}
	who, err := a.arrival(ctx, as, "")
	if err != nil {
		return onboarding.Holder{}, err
	}
	return onboarding.Holder{FiscalCode: who.FiscalCode, Slug: orElse(who.Gestore, slug), Level: who.Level}, nil
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
