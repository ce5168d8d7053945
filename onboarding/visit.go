package onboarding

import (
	"context"
	"errors"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/store"
	"spidsim/spid"
)

// Visit is a browser at the portal: who is inside, by which means, and for whom. Its id is the SHA-256 of the cookie.
type Visit struct {
	ID        string `json:"id"`        // SHA-256 of the cookie, hex
	Enrolment string `json:"enrolment"` // the request that this browser walks

	Means      string          `json:"means"` // "pin", "spid", "cie", "cns", "phone" (ONB-156); "" = nobody is inside
	Level      int             `json:"level"` // of SPID or CIE; 0 for PIN and CNS
	FiscalCode spid.FiscalCode `json:"fiscal_code"`
	Name       string          `json:"name"`
	Gestore    string          `json:"gestore,omitempty"` // slug
	Session    string          `json:"session,omitempty"` // of the service provider, that came with SPID or CIE
	Profile    Profile         `json:"profile,omitempty"`

	ActingFor  spid.FiscalCode `json:"acting_for,omitempty"` // the principal (ONB-171)
	ActingName string          `json:"acting_name,omitempty"`
	Since      time.Time       `json:"since"`

	Held *HeldArrival `json:"held,omitempty"` // who arrived by another means than usual and has not confirmed it yet (ONB-149)
}

// keys are none: a visit is found by its cookie alone.
func (v *Visit) keys() map[string]string { return nil }

// For is who is served: the principal for whom the person acts, else the person.
func (v *Visit) For() spid.FiscalCode {
	if v.ActingFor != "" {
		return v.ActingFor
	}
	return v.FiscalCode
}

// Inside reports whether somebody is logged in.
func (v *Visit) Inside() bool { return v != nil && v.Means != "" }

// StrongMeans reports whether the person came with a digital identity and not with a PIN, be it that of the telephone.
func (v *Visit) StrongMeans() bool {
	return v.Inside() && v.Means != "pin" && v.Means != PhoneMeans
}

// visitLife is how long a browser is remembered.
const visitLife = 8 * time.Hour

// Arrival is somebody who comes back from a gestore or a card, logged in.
type Arrival struct {
	Means      string // "spid", "cie", "cns"
	Level      int
	FiscalCode spid.FiscalCode
	Name       string
	Gestore    string // slug
	Session    string // names the login, so that one is taken in once
}

// Visit returns the visit of a cookie, or store.ErrNotFound.
func (o *Office) Visit(ctx context.Context, secret string) (*Visit, error) {
	if secret == "" {
		return nil, store.ErrNotFound
	}
	return o.visits.Get(ctx, digest(secret))
}

// Enter makes the visit of a new browser, with a request at N0. The secret is for its cookie.
func (o *Office) Enter(ctx context.Context) (secret string, v *Visit, err error) {
	secret = o.NewSecret()
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		e, err := o.Start(ctx)
		if err != nil {
			return err
		}
		v = &Visit{ID: digest(secret), Enrolment: e.ID, Since: o.Now()}
		return o.visits.Create(ctx, v.ID, v, o.Now().Add(visitLife))
	})
	return secret, v, err
}

// Journey returns the request that a visit walks.
func (o *Office) Journey(ctx context.Context, v *Visit) (*Enrolment, error) {
	return o.Enrolment(ctx, v.Enrolment)
}

// Walk brings an event to the request of a visit and notes in the visit who is inside.
func (o *Office) Walk(ctx context.Context, v *Visit, ev Event, in Input) (*Visit, *Enrolment, error) {
	e, err := o.Do(ctx, v.Enrolment, ev, in)
	if err != nil {
		return v, e, err
	}
	v, err = o.visits.Update(ctx, v.ID, func(v *Visit) error {
		v.Enrolment = e.ID
		if ev == EvPINLogin {
			v.Means, v.Level, v.FiscalCode, v.Name, v.Profile = "pin", 0, e.FiscalCode, e.Name(), e.Profile
			v.Gestore, v.Session, v.ActingFor, v.ActingName = "", "", "", ""
		}
		return nil
	})
	return v, e, err
}

// Arrive lets in somebody who logged in with SPID, CIE or CNS. Level 1 is not enough for the services of the institute (ONB-11): the
// person is inside all the same, and each service says so.
func (o *Office) Arrive(ctx context.Context, v *Visit, a Arrival) (*Visit, error) {
	if v.Session == a.Session && v.Means == a.Means && a.Session != "" {
		return v, nil
	}
	var out *Visit
	err := o.db.Atomic(ctx, func(ctx context.Context) error {
		e, err := o.arrived(ctx, a)
		if err != nil {
			return err
		}
		out, err = o.visits.Update(ctx, v.ID, func(v *Visit) error {
			*v = Visit{ID: v.ID, Since: o.Now(), Enrolment: e.ID, Means: a.Means, Level: a.Level, FiscalCode: a.FiscalCode, Name: a.Name, Gestore: a.Gestore, Session: a.Session}
			return nil
		})
		return err
	})
	return out, err
}

// arrived is a request at N4 of the person who arrived.
func (o *Office) arrived(ctx context.Context, a Arrival) (*Enrolment, error) {
	e := &Enrolment{State: AtMask, FiscalCode: a.FiscalCode, Means: a.Means, GivenName: a.Name}
	c, err := o.Citizen(ctx, string(a.FiscalCode))
	var denied *Denied
	switch {
	case err == nil:
		e.FamilyName, e.GivenName, e.Username = c.FamilyName, c.GivenName, c.Username
	case !errors.As(err, &denied):
		return nil, err
	}
	e.move(EvArrive, AtServices, o.Now())
	return o.create(ctx, e)
}

// Leave ends a visit. What was asked of the gestori goes on.
func (o *Office) Leave(ctx context.Context, v *Visit) error {
	err := o.visits.Delete(ctx, v.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// Service is a service of the institute with what it asks for (ONB-11, ONB-19).
type Service struct {
	Key         string // "pension", "bonus", "allowance", "contributions"
	Dispositive bool   // asks for benefits: an ordinary PIN only keeps the application (ONB-31)
	Dedicated   bool   // open to the PIN of who cannot have SPID (ONB-52)
}

// Services returns the services of MyINPS.
func Services() []Service {
	return []Service{{"pension", false, true}, {"contributions", false, false}, {"bonus", true, false}, {"allowance", true, true}}
}

// ServiceOutcome is what opening a service gives.
type ServiceOutcome struct {
	Kept bool // the application is kept and worked only after the conversion of the PIN (ONB-31)
}

// Open says whether a visit may use a service (ONB-11, ONB-31, ONB-52, ONB-183, TV-19).
func (o *Office) Open(ctx context.Context, v *Visit, s Service) (ServiceOutcome, error) {
	switch {
	case !v.Inside():
		return ServiceOutcome{}, Deny(NotHolder)
	case (v.Means == "spid" || v.Means == "cie") && v.Level < 2:
		return ServiceOutcome{}, Deny(LevelTooLow)
	case v.Means == "spid":
		return ServiceOutcome{}, o.MinorMayUse(ctx, v.FiscalCode, MinorsService)
	case v.Means != "pin":
		return ServiceOutcome{}, nil
	}
	p, err := o.PIN(ctx, string(v.FiscalCode))
	if err != nil {
		return ServiceOutcome{}, err
	}
	switch {
	case p.Status == PINRevokedStatus: // since the person came in
		return ServiceOutcome{}, Deny(PINRevoked)
	case p.Status == PINDismissedEnd:
		return ServiceOutcome{}, Deny(PINDismissed)
	case p.Dedicated && !s.Dedicated:
		return ServiceOutcome{}, Deny(PINDedicated)
	}
	return ServiceOutcome{Kept: s.Dispositive && p.Kind == Ordinary}, nil
}

// AppLogin says whether the app takes a means (ONB-20, TV-20).
func AppLogin(means string) *Denied {
	if means != "spid" && means != "cie" {
		return Deny(CNSInApp)
	}
	return nil
}

// PINUntilFor is the last day of a person's PIN in words for the end of the way (ONB-137): "" where the person has none, "?" where the day
// is still to be set.
func (o *Office) PINUntilFor(ctx context.Context, code spid.FiscalCode) (day clock.Day, has, known bool, err error) {
	p, err := optional(o.pins.Get(ctx, string(code)))
	if err != nil || p == nil || p.Status == PINRevokedStatus {
		return clock.Day{}, false, false, err
	}
	c, err := o.Citizen(ctx, string(code))
	if err != nil {
		return clock.Day{}, false, false, err
	}
	s, err := o.Settings(ctx)
	if err != nil || p.StatusAt(o.Today(), c, s) == PINDismissedEnd {
		return clock.Day{}, false, false, err
	}
	day, known = PINUntil(o.Now(), c, CitizenProfile, s)
	return day, true, known, nil
}
