package onboarding

import (
	"context"
	"errors"
	"time"
)

// Suspend asks for the suspension of an identity (ONB-140, ONB-142). It takes effect at once when it came by certified mail, with a digital
// signature or from the operator; else after the code that went to a secondary contact: see ConfirmLife.
func (o *Office) Suspend(ctx context.Context, h Holder, in LifeInput) (*LifeRequest, error) {
	in.Cause = orElse(in.Cause, CauseUser)
	if in.Cause != CauseUser && in.Cause != CauseAbuse {
		return nil, Deny(FieldMissing).By("ONB-148").At("cause").Because("cause is %q, want user or abuse", in.Cause)
	}
	return o.ask(ctx, ToSuspend, h, in)
}

// Reactivate asks for the end of a suspension that the holder asked for (ONB-148). One for payment ends by Pay, a lock with its time.
func (o *Office) Reactivate(ctx context.Context, h Holder, in LifeInput) (*LifeRequest, error) {
	return o.ask(ctx, ToReactivate, h, in)
}

// Revoke asks for the end of an identity, which is final (ONB-140): it wants to be confirmed.
func (o *Office) Revoke(ctx context.Context, h Holder, in LifeInput) (*LifeRequest, error) {
	if !in.Confirmed {
		return nil, Deny(FieldMissing).By("ONB-140").At("confirmed").Because("a revocation is final and must be confirmed")
	}
	return o.ask(ctx, ToRevoke, h, in)
}

// LosePhone suspends the second factor: the identity goes down to level 1 until the person is identified again (ONB-146).
func (o *Office) LosePhone(ctx context.Context, h Holder, in LifeInput) (*LifeRequest, error) {
	in.Contact = contactEmail // the phone is what is lost
	return o.ask(ctx, LostPhone, h, in)
}

// Where codes go.
const (
	contactEmail = "email"
	contactSMS   = "sms"
)

// ask takes a request: it checks who asks and in which state the identity is, confirms the receipt, and either does it or sends a code.
func (o *Office) ask(ctx context.Context, kind LifeKind, h Holder, in LifeInput) (*LifeRequest, error) {
	in.How, in.Contact = orElse(in.How, ByOther), orElse(in.Contact, contactEmail)
	i, err := o.Identity(ctx, in.Username, in.Slug)
	if err != nil {
		return nil, err
	}
	if err := o.mayAsk(ctx, kind, h, i, in.How); err != nil {
		return nil, err
	}
	if denied := allowed(kind, i); denied != nil {
		return nil, denied
	}
	r := &LifeRequest{ID: o.newID(), Kind: kind, State: LifeWaiting, Asked: o.Now(), FiscalCode: i.FiscalCode, Username: i.Username, Slug: i.Slug,
		Cause: in.Cause, How: in.How, Contact: in.Contact}
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		if err := o.receive(ctx, r, i, h); err != nil {
			return err
		}
		return o.lives.Create(ctx, r.ID, r, time.Time{})
	})
	return r, err
}

// receive confirms the receipt, and either does what was asked for or sends a code to a secondary contact (ONB-142).
func (o *Office) receive(ctx context.Context, r *LifeRequest, i Identity, h Holder) error {
	if h.Operator || r.How != ByOther {
		if err := o.tellHolder(ctx, i, contactEmail, "received", ""); err != nil {
			return err
		}
		return o.carryOut(ctx, r)
	}
	r.Code, r.Sent = o.draw(digits, 6), o.Now()
	return o.tellHolder(ctx, i, r.Contact, "check", r.Code)
}

// allowed reports whether the state of an identity lets a request through (ONB-140, ONB-148).
func allowed(kind LifeKind, i Identity) *Denied {
	ok := false
	switch kind {
	case ToSuspend:
		ok = i.Status == IdentityActive || i.Status == IdentityLocked
	case ToReactivate:
		ok = i.Status == IdentitySuspended && i.Cause != CausePayment && i.Cause != CauseLock
	case ToRevoke:
		ok = i.Status != IdentityRevoked && i.Status != IdentityExpired
	case LostPhone:
		ok = (i.Status == IdentityActive || i.Status == IdentityLocked) && i.Level() > 1
	}
	if ok {
		return nil
	}
	return Deny(IdentityEnded).Because("%s of an identity that is %s (%s), level %d", kind, i.Status, i.Cause, i.Level())
}

// mayAsk says who may ask for what. Who did not log in may ask for what a code at the person's own contacts proves, and only in that way.
func (o *Office) mayAsk(ctx context.Context, kind LifeKind, h Holder, i Identity, how string) error {
	if how != ViaPEC && how != BySignature && how != ByOther {
		return Deny(FieldMissing).By("ONB-142").At("how").Because("how is %q, want pec, signature or other", how)
	}
	if !h.Somebody() && how == ByOther && kind != ToRevoke {
		return nil
	}
	return o.mayTouch(ctx, h, i, kind == ToSuspend || kind == LostPhone)
}

// mayTouch lets the operator, the holder after a login at the gestore, and the parent of a minor through. From 14 a minor does alone what
// is harmless: suspending and reading the log (ONB-186).
func (o *Office) mayTouch(ctx context.Context, h Holder, i Identity, harmless bool) error {
	if h.Operator {
		return nil
	}
	g, err := o.guardianOf(ctx, i)
	if err != nil {
		return err
	}
	switch {
	case g == nil && h.owns(i):
		return nil
	case g == nil || h.Slug != i.Slug:
		return Deny(NotHolder).By("ONB-140").Because("a login of the holder at %s is wanted", i.Slug)
	case h.FiscalCode == g.Parent.FiscalCode:
		return nil
	case !h.owns(i):
		return Deny(NotHolder).By("ONB-140").Because("a login of the holder or of a parent at %s is wanted", i.Slug)
	case !harmless:
		return Deny(NotParent).By("ONB-186").Because("a minor suspends and reads the log alone; the rest is the parent's")
	case g.Age < aloneAge:
		return Deny(TooYoung).By("ONB-186").Because("the minor is %d, alone from %d", g.Age, aloneAge)
	}
	return nil
}

// ConfirmLife takes the code that went to the secondary contact, and does what was asked for (ONB-142). Three wrong codes end the request.
func (o *Office) ConfirmLife(ctx context.Context, id, code string) (*LifeRequest, error) {
	return o.answerLife(ctx, id, func(r *LifeRequest) *Denied {
		if r.Kind == LostPassword || r.Kind == OtherMeans {
			return Deny(WrongStep).Because("a request of kind %s is confirmed in another way", r.Kind)
		}
		return r.check(code, r.Code, "code", o.Now())
	}, o.carryOut)
}

// check compares a code and counts wrong ones.
func (r *LifeRequest) check(typed, want, field string, now time.Time) *Denied {
	switch {
	case !sameCode(typed, want):
		r.Tries++
		if r.Tries >= onlineTries {
			r.State = LifeRefused
		}
		d := Deny(ContactWrong).By("ONB-142").At(field)
		d.Left = onlineTries - r.Tries
		return d
	case !now.Before(r.Sent.Add(contactLife)):
		return Deny(ContactExpired).By("ONB-142").At(field)
	}
	return nil
}

// answerLife brings the answer to a request that waits. A wrong try is kept; a right one is carried out in the same transaction.
func (o *Office) answerLife(ctx context.Context, id string, check func(*LifeRequest) *Denied, carryOut func(context.Context, *LifeRequest) error) (r *LifeRequest, err error) {
	var denied *Denied
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		if r, err = o.lives.Get(ctx, id); err != nil {
			return err
		}
		if r.State != LifeWaiting {
			return Deny(WrongStep).Because("the request is %s", r.State)
		}
		if denied = check(r); denied == nil {
			if err := carryOut(ctx, r); err != nil {
				return err
			}
		}
		return o.lives.Put(ctx, r.ID, r, time.Time{})
	})
	if err == nil && denied != nil {
		return r, denied
	}
	return r, err
}

// abuseLife is how long a suspension for suspected abuse lasts at most (ONB-142).
const abuseLife = 30 * 24 * time.Hour

// carryOut does what a request asks for, in the state in which the identity is by now, and tells the holder.
func (o *Office) carryOut(ctx context.Context, r *LifeRequest) error {
	i, err := o.Identity(ctx, r.Username, r.Slug)
	if err != nil {
		return err
	}
	if denied := allowed(r.Kind, i); denied != nil {
		return denied
	}
	r.State, r.Done, r.Code, r.MobileCode = LifeDone, o.Now(), "", ""
	if r.Kind == ToSuspend && r.Cause == CauseAbuse {
		r.Until = o.Now().Add(abuseLife)
	}
	if r.Kind == LostPhone {
		r.Levels, r.Factors = i.Levels, i.Factors
	}
	if _, err := o.cfg.Registrar.Change(ctx, r.Username, r.Slug, r.change()); err != nil {
		return err
	}
	if r.Kind == ToReactivate {
		if err := o.closeSuspensions(ctx, i); err != nil {
			return err
		}
	}
	o.log.Info("identity changed", "kind", string(r.Kind), "idp", r.Slug, "user", r.Username, "cause", r.Cause)
	return o.tellHolder(ctx, i, contactEmail, string(r.Kind), "")
}

// change is what a request changes of the identity.
func (r *LifeRequest) change() IdentityChange {
	switch r.Kind {
	case ToSuspend:
		return statusChange(IdentitySuspended, r.Cause, r.Until)
	case ToRevoke:
		return statusChange(IdentityRevoked, "", time.Time{})
	case LostPhone:
		return IdentityChange{Levels: &[]int{1}, Factors: &[]string{}}
	}
	return statusChange(IdentityActive, "", time.Time{})
}

func statusChange(s IdentityStatus, cause string, until time.Time) IdentityChange {
	return IdentityChange{Status: &s, Cause: &cause, Until: &until}
}

// closeSuspensions notes that the suspensions of an identity are over.
func (o *Office) closeSuspensions(ctx context.Context, i Identity) error {
	all, err := o.Lives(ctx, 0)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Kind == ToSuspend && r.State == LifeDone && r.Username == i.Username && r.Slug == i.Slug {
			r.State = LifeClosed
			if err := o.lives.Put(ctx, r.ID, r, time.Time{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Complaint takes the copy of the complaint to the authority about an identity that is suspended for abuse: within the 30 days it is revoked
// (ONB-142). number is what the complaint is filed under.
func (o *Office) Complaint(ctx context.Context, h Holder, username, slug, number string) (Identity, error) {
	i, err := o.Identity(ctx, username, slug)
	if err != nil {
		return i, err
	}
	if err := o.mayTouch(ctx, h, i, false); err != nil {
		return i, err
	}
	if number == "" {
		return i, Deny(FieldMissing).By("ONB-142").At("complaint")
	}
	if i.Status != IdentitySuspended || i.Cause != CauseAbuse && i.Cause != "" {
		return i, Deny(IdentityEnded).By("ONB-142").Because("the identity is %s (%s), want suspended for abuse", i.Status, i.Cause)
	}
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		if i, err = o.cfg.Registrar.Change(ctx, username, slug, statusChange(IdentityRevoked, CauseAbuse, time.Time{})); err != nil {
			return err
		}
		if err := o.noteComplaint(ctx, i, number); err != nil {
			return err
		}
		return o.tellHolder(ctx, i, contactEmail, string(ToRevoke), "")
	})
	return i, err
}

func (o *Office) noteComplaint(ctx context.Context, i Identity, number string) error {
	all, err := o.Lives(ctx, 0)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Kind == ToSuspend && r.State == LifeDone && r.Username == i.Username && r.Slug == i.Slug {
			r.Complaint = number
			return errors.Join(o.lives.Put(ctx, r.ID, r, time.Time{}), o.closeSuspensions(ctx, i))
		}
	}
	return nil
}
