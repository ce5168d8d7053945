package onboarding

import (
	"context"
	"errors"
	"fmt"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/store"
	"spidsim/spid"
)

// exemptAge is from when on nobody pays (ONB-208).
const exemptAge = 75

// FeeExempt reports whether a person pays nothing for an identity on a day, at the gestori that have exemptions (ONB-208): minors, people of
// 75 and more, residents abroad, identities for professional use.
func FeeExempt(c Citizen, day clock.Day) bool {
	return c.MinorOn(day) || !c.Birthday.IsZero() && c.AgeOn(day) >= exemptAge || c.ResidentAbroad ||
		c.IdentityType == spid.ProfessionalNatural || c.IdentityType == spid.ProfessionalLegal
}

// FeeDue returns what an identity costs a year on a day (ONB-207); false when nothing is due: no fee yet, years that are free first, or an
// exemption (ONB-208).
func (g Provider) FeeDue(c Citizen, opened time.Time, day clock.Day) (Fee, bool) {
	fee, due := g.FeeOn(day)
	if !due || g.Exempt && FeeExempt(c, day) {
		return Fee{}, false
	}
	if !opened.IsZero() && day.Before(clock.DayOf(opened).AddYears(fee.After)) {
		return Fee{}, false
	}
	return fee, true
}

// Unpaid suspends the access of an identity whose fee was not paid (ONB-208). The identity stays, and revives by Pay.
func (o *Office) Unpaid(ctx context.Context, username, slug string) (Identity, error) {
	i, err := o.Identity(ctx, username, slug)
	if err != nil {
		return i, err
	}
	g, _ := o.Gestore(slug)
	c, err := o.citizenOf(ctx, i)
	if err != nil {
		return i, err
	}
	if _, due := g.FeeDue(c, i.Opened, o.Today()); !due {
		return i, Deny(IdentityEnded).By("ONB-208").Because("nothing is due at %s on %s", slug, o.Today())
	}
	if i.Status != IdentityActive {
		return i, Deny(IdentityEnded).By("ONB-208").Because("the identity is %s", i.Status)
	}
	return o.changeAndTell(ctx, i, statusChange(IdentitySuspended, CausePayment, time.Time{}), CausePayment)
}

// Pay revives an identity that was suspended for not paying (ONB-208).
func (o *Office) Pay(ctx context.Context, username, slug string) (Identity, error) {
	i, err := o.Identity(ctx, username, slug)
	if err != nil {
		return i, err
	}
	if i.Status != IdentitySuspended || i.Cause != CausePayment {
		return i, Deny(IdentityEnded).By("ONB-208").Because("the identity is %s (%s), want suspended for payment", i.Status, i.Cause)
	}
	return o.changeAndTell(ctx, i, statusChange(IdentityActive, "", time.Time{}), "paid")
}

// changeAndTell changes an identity and tells the holder, both or neither.
func (o *Office) changeAndTell(ctx context.Context, i Identity, change IdentityChange, kind string) (Identity, error) {
	err := o.db.Atomic(ctx, func(ctx context.Context) (err error) {
		if i, err = o.cfg.Registrar.Change(ctx, i.Username, i.Slug, change); err != nil {
			return err
		}
		return o.tellHolder(ctx, i, contactEmail, kind, "")
	})
	return i, err
}

// citizenOf is the test person of an identity; of somebody else only what the identity says is known.
func (o *Office) citizenOf(ctx context.Context, i Identity) (Citizen, error) {
	c, err := o.Citizen(ctx, string(i.FiscalCode))
	var denied *Denied
	if errors.As(err, &denied) {
		c.FiscalCode = i.FiscalCode
		return c, nil
	}
	return c, err
}

// settleIdentities restores identities whose suspension for abuse is over without a complaint (ONB-142), and ends the minority of those
// who have turned 18 (ONB-187).
func (o *Office) settleIdentities(ctx context.Context) error {
	all, err := o.Lives(ctx, 0)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Kind == ToSuspend && r.State == LifeDone && !r.Until.IsZero() && !o.Now().Before(r.Until) {
			if err := o.restore(ctx, r.ID); err != nil {
				return fmt.Errorf("restoring %s at %s: %w", r.Username, r.Slug, err)
			}
		}
	}
	return o.settleMinors(ctx)
}

// restore ends a suspension for abuse whose time is over. Two callers at once restore it once.
func (o *Office) restore(ctx context.Context, id string) error {
	return o.db.Atomic(ctx, func(ctx context.Context) error {
		r, err := o.lives.Get(ctx, id)
		if err != nil || r.State != LifeDone {
			return err
		}
		r.State = LifeClosed
		if err := o.lives.Put(ctx, id, r, time.Time{}); err != nil {
			return err
		}
		i, err := o.Identity(ctx, r.Username, r.Slug)
		if errors.Is(err, store.ErrNotFound) {
			return nil // deleted in the meantime
		}
		if err != nil {
			return err
		}
		if i.Status != IdentityActive && (i.Status != IdentitySuspended || i.Cause != CauseAbuse) {
			return nil // revoked, or suspended again for another cause
		}
		_, err = o.changeAndTell(ctx, i, statusChange(IdentityActive, "", time.Time{}), "restored")
		return err
	})
}
