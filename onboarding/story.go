package onboarding

import (
	"context"
	"errors"

	"spidsim/internal/store"
	"spidsim/spid"
)

// Forget brings one test person back to the beginning: requests, visits, PIN, telephone PINs, reminder and activation package; delegations
// stay. Lessons begin with it (ONB-224 for one person). Accounts that the onboarding opened are the registrar's: whoever calls this closes
// them as well. RSN-PERSON.
func (o *Office) Forget(ctx context.Context, code spid.FiscalCode) error {
	return o.db.Atomic(ctx, func(ctx context.Context) error {
		for _, forget := range o.forgetters(code) {
			if err := forget(ctx); err != nil {
				return err
			}
		}
		c, err := o.Citizen(ctx, string(code))
		if err != nil {
			return err
		}
		return o.seedPIN(ctx, c)
	})
}

// ForgetDelegations deletes the delegations of a person, given and received, with what was done by them.
func (o *Office) ForgetDelegations(ctx context.Context, code spid.FiscalCode) error {
	return o.db.Atomic(ctx, func(ctx context.Context) error {
		forget := forgetting(o.delegations, func(d *Delegation) (string, bool) { return d.ID, d.Principal == code || d.Delegate == code })
		if err := forget(ctx); err != nil {
			return err
		}
		return forgetting(o.traces, func(t *AccessTrace) (string, bool) { return t.ID, t.Principal == code || t.Delegate == code })(ctx)
	})
}

// forgetters take one person out of the books, one each.
func (o *Office) forgetters(code spid.FiscalCode) []func(context.Context) error {
	person := func(owner spid.FiscalCode) bool { return owner == code }
	return []func(context.Context) error{
		forgetting(o.enrolments, func(e *Enrolment) (string, bool) { return e.ID, person(e.FiscalCode) }),
		forgetting(o.visits, func(v *Visit) (string, bool) { return v.ID, person(v.FiscalCode) || person(v.ActingFor) }),
		forgetting(o.packages, func(p *Package) (string, bool) { return string(p.FiscalCode), person(p.FiscalCode) }),
		forgetting(o.pins, func(p *PIN) (string, bool) { return string(p.FiscalCode), person(p.FiscalCode) }),
		forgetting(o.phonePINs, func(p *PhonePIN) (string, bool) { return p.ID, person(p.FiscalCode) }),
		forgetting(o.citizens, func(c *citizenRecord) (string, bool) { return string(c.FiscalCode), person(c.FiscalCode) }),
	}
}

// forgetting deletes the documents of a kind that are chosen.
func forgetting[T any](c *store.Collection[T], choose func(*T) (id string, gone bool)) func(context.Context) error {
	return func(ctx context.Context) error {
		var ids []string
		for v, err := range c.Newest(ctx, 0) {
			if err != nil {
				return err
			}
			if id, gone := choose(v); gone {
				ids = append(ids, id)
			}
		}
		for _, id := range ids {
			if err := c.Delete(ctx, id); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		return nil
	}
}

// HandOn gives a visit to another browser: the record moves to a new secret, and the browser before is out. store.ErrNotFound.
func (o *Office) HandOn(ctx context.Context, visit string) (secret string, v *Visit, err error) {
	secret = o.NewSecret()
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		if v, err = o.visits.Get(ctx, visit); err != nil {
			return err
		}
		if err := o.visits.Delete(ctx, visit); err != nil {
			return err
		}
		v.ID = digest(secret)
		return o.visits.Create(ctx, v.ID, v, o.Now().Add(visitLife))
	})
	return secret, v, err
}

// VisitWalking returns the newest visit that walks a request. store.ErrNotFound.
func (o *Office) VisitWalking(ctx context.Context, enrolment string) (*Visit, error) {
	for v, err := range o.visits.Newest(ctx, 0) {
		if err != nil || enrolment != "" && v.Enrolment == enrolment {
			return v, err
		}
	}
	return nil, store.ErrNotFound
}

// VisitOf returns a visit by its id, for who plays a story without a browser. store.ErrNotFound.
func (o *Office) VisitOf(ctx context.Context, id string) (*Visit, error) {
	return o.visits.Get(ctx, id)
}
