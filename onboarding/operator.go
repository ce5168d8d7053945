package onboarding

import (
	"context"
	"time"

	"spidsim/spid"
)

// What an operator asserts: API, lessons and the trainer's console stand in for browsers, logins and cards.

// MeantFor notes whose request it is going to be while the request does not know anybody yet: lists find it, and what is filled in is that
// person's. RSN-PERSON, store.ErrNotFound.
func (o *Office) MeantFor(ctx context.Context, id, who string) (*Enrolment, error) {
	c, err := o.Citizen(ctx, who)
	if err != nil {
		return nil, err
	}
	return o.enrolments.Update(ctx, id, func(e *Enrolment) error {
		if e.FiscalCode == "" {
			e.Username = c.Username
		}
		return nil
	})
}

// Admit lets somebody into a request that waits at the portal, as Arrive lets a browser in. RSN-STEP, store.ErrNotFound.
func (o *Office) Admit(ctx context.Context, id string, a Arrival) (e *Enrolment, err error) {
	c, err := o.Citizen(ctx, string(a.FiscalCode))
	if err != nil {
		return nil, err
	}
	return e, o.db.Atomic(ctx, func(ctx context.Context) error {
		if e, err = o.enrolments.Get(ctx, id); err != nil {
			return err
		}
		before := len(e.History)
		if _, err := e.Do(EvArrive, Input{}, World{Now: o.Now()}); err != nil {
			return err
		}
		e.FiscalCode, e.FamilyName, e.GivenName, e.Username, e.Means = c.FiscalCode, c.FamilyName, c.GivenName, c.Username, a.Means
		return o.keep(ctx, e, before, nil)
	})
}

// Assert makes a visit of somebody who is inside, without a browser and without a request. Leave ends it.
func (o *Office) Assert(ctx context.Context, a Arrival) (*Visit, error) {
	v := &Visit{ID: digest(o.NewSecret()), Since: o.Now(), Means: a.Means, Level: a.Level, FiscalCode: a.FiscalCode, Name: a.Name, Gestore: a.Gestore,
		Session: a.Session}
	return v, o.visits.Create(ctx, v.ID, v, o.Now().Add(visitLife))
}

// DecideLogin is DecidePIN for a test person at any moment, with the PIN as it stands now; nothing changes. typed nil is the right PIN.
// RSN-PERSON.
func (o *Office) DecideLogin(ctx context.Context, who string, typed *string, profile Profile, at time.Time) (PINOutcome, *Denied, error) {
	c, err := o.Citizen(ctx, who)
	if err != nil {
		return "", nil, err
	}
	w := World{Now: at}
	if w.Settings, err = o.Settings(ctx); err != nil {
		return "", nil, err
	}
	if err := o.person(ctx, &w, c.FiscalCode, ""); err != nil {
		return "", nil, err
	}
	l := PINLogin{At: at, Citizen: c, PIN: w.PIN, Profile: profile, Settings: w.Settings, HasIdentity: w.HasIdentity}
	switch {
	case typed != nil:
		l.Typed = *typed
	case w.PIN != nil:
		l.Typed = w.PIN.Code
	}
	outcome, denied := DecidePIN(l)
	return outcome, denied, nil
}

// IdentitiesOf returns what a person holds at every gestore, revoked identities included. who is a codice fiscale, also of somebody who is
// no test person, a user name or a persona. RSN-PERSON.
func (o *Office) IdentitiesOf(ctx context.Context, who string) ([]Identity, error) {
	code, err := spid.ParseFiscalCode(who)
	if err != nil {
		c, err := o.Citizen(ctx, who)
		if err != nil {
			return nil, err
		}
		code = c.FiscalCode
	}
	return o.cfg.Registrar.Identities(ctx, code)
}
