package onboarding

import (
	"context"
	"errors"
	"fmt"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/store"
)

// seedAge is how old the PINs of the test people are when they are brought in: good for some months to come.
const seedAge = 30 * 24 * time.Hour

// Seed brings the PINs and delegations of the test people which are not in the books yet.
func (o *Office) Seed(ctx context.Context) error {
	list, err := o.Citizens(ctx)
	if err != nil {
		return err
	}
	return o.db.Atomic(ctx, func(ctx context.Context) error {
		for _, c := range list {
			if err := o.seedPIN(ctx, c); err != nil {
				return err
			}
		}
		return o.seedDelegations(ctx, list)
	})
}

func (o *Office) seedPIN(ctx context.Context, c Citizen) error {
	if c.PIN == "" || c.PINCode == "" {
		return nil
	}
	renewed := o.Now().Add(-seedAge)
	if end := EndOfPIN.Midnight(); renewed.After(end) && !c.KeepsPIN() {
		renewed = end.Add(-seedAge) // nobody renewed a PIN after the end
	}
	p := &PIN{FiscalCode: c.FiscalCode, Kind: PINKind(c.PIN), Status: PINActive8, Code: c.PINCode, Channel: "seed",
		Issued: clock.Date(2019, time.March, 1).Midnight(), Renewed: renewed, Months: months(c)}
	err := o.pins.Create(ctx, string(c.FiscalCode), p, time.Time{})
	if errors.Is(err, store.ErrExists) {
		return nil
	}
	return err
}

// Reset brings the course back to its beginning: requests, PINs, visits, settings, delegations, minors' requests and the outbox (ONB-224). Accounts that
// the onboarding opened are the registrar's: the program resets them in the same call.
func (o *Office) Reset(ctx context.Context) error {
	return o.db.Atomic(ctx, func(ctx context.Context) error {
		for _, clear := range o.clearers() {
			if err := clear(ctx); err != nil {
				return fmt.Errorf("resetting the course: %w", err)
			}
		}
		if err := o.outbox.Clear(ctx); err != nil {
			return err
		}
		return o.Seed(ctx)
	})
}

// clearers empty the books, one each.
func (o *Office) clearers() []func(context.Context) error {
	return []func(context.Context) error{
		clearing(o.enrolments, func(e *Enrolment) string { return e.ID }),
		clearing(o.visits, func(v *Visit) string { return v.ID }),
		clearing(o.pins, func(p *PIN) string { return string(p.FiscalCode) }),
		clearing(o.packages, func(p *Package) string { return string(p.FiscalCode) }),
		clearing(o.areas, func(a *Area) string { return a.ID }),
		clearing(o.citizens, func(c *citizenRecord) string { return string(c.FiscalCode) }),
		clearing(o.lives, func(r *LifeRequest) string { return r.ID }),
		clearing(o.minors, func(m *MinorRequest) string { return m.ID }),
		clearing(o.authorisations, func(a *Authorisation) string { return a.ID }),
		clearing(o.settings, func(*Settings) string { return settingsID }),
		clearing(o.phonePINs, func(p *PhonePIN) string { return p.ID }),
		clearing(o.delegations, func(d *Delegation) string { return d.ID }),
		clearing(o.traces, func(t *AccessTrace) string { return t.ID }),
	}
}

// clearing deletes every document of a kind.
func clearing[T any](c *store.Collection[T], id func(*T) string) func(context.Context) error {
	return func(ctx context.Context) error {
		var ids []string
		for v, err := range c.Newest(ctx, 0) {
			if err != nil {
				return err
			}
			ids = append(ids, id(v))
		}
		for _, id := range ids {
			if err := c.Delete(ctx, id); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return nil
	}
}
