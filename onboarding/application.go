package onboarding

import (
	"context"
	"slices"
	"time"

	"spidsim/spid"
)

// Application is a request for a benefit that somebody filed; nobody receives it (ONB-31).
type Application struct {
	Service string    `json:"service"` // key, "bonus"
	Filed   time.Time `json:"filed"`
	Kept    bool      `json:"kept"`            // "conservata": filed with an ordinary PIN, so that no deadline is lost
	Worked  time.Time `json:"worked,omitzero"` // since when it is worked; zero while it is kept
}

// applicationsKept bounds how many applications of a person are remembered.
const applicationsKept = 50

// Apply files an application for the person of a visit, or for whom the person acts. With an ordinary PIN it is kept and worked only after
// the conversion (ONB-31). The denials are those of Open.
func (o *Office) Apply(ctx context.Context, v *Visit, s Service) (Application, error) {
	outcome, err := o.Open(ctx, v, s)
	if err != nil {
		return Application{}, err
	}
	if !s.Dispositive {
		return Application{}, Deny(WrongStep).By("ONB-31").Because("the service %s takes no application", s.Key)
	}
	a := Application{Service: s.Key, Filed: o.Now(), Kept: outcome.Kept}
	if !a.Kept {
		a.Worked = a.Filed
	}
	return a, o.remember(ctx, v.For(), func(c *citizenRecord) {
		c.Applications = append(slices.Clone(c.Applications), a)
		if n := len(c.Applications) - applicationsKept; n > 0 {
			c.Applications = c.Applications[n:]
		}
	})
}

// Applications returns what was filed for a person, newest first.
func (o *Office) Applications(ctx context.Context, code spid.FiscalCode) ([]Application, error) {
	c, err := optional(o.citizens.Get(ctx, string(code)))
	if err != nil || c == nil {
		return nil, err
	}
	list := slices.Clone(c.Applications)
	slices.Reverse(list)
	return list, nil
}

// workKept lets the applications that were kept be worked, once the PIN has been converted (ONB-31, ONB-35).
func (o *Office) workKept(ctx context.Context, code spid.FiscalCode) error {
	now := o.Now()
	return o.remember(ctx, code, func(c *citizenRecord) {
		c.Applications = slices.Clone(c.Applications)
		for i := range c.Applications {
			if a := &c.Applications[i]; a.Kept {
				a.Kept, a.Worked = false, now
			}
		}
	})
}
