package onboarding

import (
	"context"
	"time"

	"spidsim/internal/clock"
)

// PINFile is a PIN with what the day makes of it. Its Status is the one of the day; that of the PIN within is the stored one.
type PINFile struct {
	PIN
	Status   PINStatus `json:"status"`
	LastDay  clock.Day `json:"last_day,omitzero"` // on which it works without being renewed; zero until the PIN has 8 characters
	Username string    `json:"username"`
	Name     string    `json:"name"`
}

// PINStep is one thing that happened to a PIN.
type PINStep struct {
	At   time.Time `json:"at"`
	What string    `json:"what"` // "requested", "issued", "half-delivered", "letter", "first-use", "renewed", "converted", "changed", "lost", "reset", "revoked", "contact"
	By   string    `json:"by,omitempty"`
}

func (p *PIN) note(what, by string, at time.Time) {
	p.History = append(p.History, PINStep{At: at, What: what, By: by})
}

// PIN returns the PIN of a person as it stands today. RSN-PERSON, or store.ErrNotFound.
func (o *Office) PIN(ctx context.Context, who string) (*PINFile, error) {
	c, err := o.Citizen(ctx, who)
	if err != nil {
		return nil, err
	}
	p, err := o.pins.Get(ctx, string(c.FiscalCode))
	if err != nil {
		return nil, err
	}
	return o.pinFile(ctx, p, c)
}

// PINs returns the PINs of all test people, in the order in which the gestori list them.
func (o *Office) PINs(ctx context.Context) ([]*PINFile, error) {
	list, err := o.Citizens(ctx)
	if err != nil {
		return nil, err
	}
	files := []*PINFile{}
	for _, c := range list {
		p, err := optional(o.pins.Get(ctx, string(c.FiscalCode)))
		if err != nil {
			return nil, err
		}
		if p == nil {
			continue
		}
		f, err := o.pinFile(ctx, p, c)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

func (o *Office) pinFile(ctx context.Context, p *PIN, c Citizen) (*PINFile, error) {
	s, err := o.Settings(ctx)
	if err != nil {
		return nil, err
	}
	f := &PINFile{PIN: *p, Status: p.StatusAt(o.Today(), c, s), Username: c.Username, Name: c.Name()}
	if p.Status == PINActive8 {
		f.LastDay = p.lastDay(o.Now(), c, s)
	}
	return f, nil
}

// lastDay is the natural expiry, or the end of all PINs where that is known and comes first (ONB-53…ONB-55).
func (p *PIN) lastDay(now time.Time, c Citizen, s Settings) clock.Day {
	profile := CitizenProfile
	if s.defaults().Timeline == Applied {
		profile = bestProfile(c)
	}
	last := p.Expires()
	if end, known := PINUntil(now, c, profile, s); known && end.Before(last) {
		return end
	}
	return last
}
