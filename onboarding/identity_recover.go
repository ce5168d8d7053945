package onboarding

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"spidsim/internal/store"
	"spidsim/spid"
)

// ForgotPassword sends a code to the verified e-mail and another one to the phone (ONB-146). A user name that is nobody's gets a
// request of the same look, which no code ever opens: nobody learns who is a customer (SEC-54).
func (o *Office) ForgotPassword(ctx context.Context, username, slug string) (*LifeRequest, error) {
	username = strings.ToLower(strings.TrimSpace(username))
	r := &LifeRequest{ID: o.newID(), Kind: LostPassword, State: LifeWaiting, Asked: o.Now(), Sent: o.Now(), Username: username, Slug: slug}
	i, err := o.Identity(ctx, username, slug)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	known := err == nil && i.Status != IdentityRevoked && i.Status != IdentityExpired
	return r, o.db.Atomic(ctx, func(ctx context.Context) error {
		if known {
			if err := o.sendPair(ctx, r, i); err != nil {
				return err
			}
		}
		return o.lives.Create(ctx, r.ID, r, time.Time{})
	})
}

// sendPair sends the two codes, when there is somewhere for both of them to go.
func (o *Office) sendPair(ctx context.Context, r *LifeRequest, i Identity) error {
	to, err := o.reachOf(ctx, i)
	if err != nil || to.email == "" || to.mobile == "" {
		return err
	}
	r.FiscalCode, r.Code, r.MobileCode = i.FiscalCode, o.draw(digits, 6), o.draw(digits, 6)
	return errors.Join(to.send(ctx, o, i, contactEmail, "password-code", r.Code), to.send(ctx, o, i, contactSMS, "password-code", r.MobileCode))
}

// ResetInput is the end of a forgotten password.
type ResetInput struct {
	EmailCode  string `json:"email_code"`
	MobileCode string `json:"mobile_code"`
	Password   string `json:"password"`
	Repeat     string `json:"password_repeat"`
}

// ResetPassword sets a new password after both codes (ONB-146), by the same policy as the first one (ONB-135). A password that does not
// keep it uses up no try.
func (o *Office) ResetPassword(ctx context.Context, id string, in ResetInput) (*LifeRequest, error) {
	if in.Repeat != "" && in.Repeat != in.Password {
		return nil, Deny(WeakPassword).At("password_repeat").Because("the two passwords differ")
	}
	if missing := PasswordLacks(in.Password); len(missing) > 0 {
		return nil, Deny(WeakPassword).At("password").Because("it lacks: %s", strings.Join(missing, ", "))
	}
	return o.answerLife(ctx, id, func(r *LifeRequest) *Denied {
		if r.Kind != LostPassword {
			return Deny(WrongStep).Because("the request is of kind %s", r.Kind)
		}
		if denied := r.check(in.EmailCode, r.Code, "email_code", o.Now()); denied != nil {
			return denied.By("ONB-146")
		}
		if denied := r.check(in.MobileCode, r.MobileCode, "mobile_code", o.Now()); denied != nil {
			return denied.By("ONB-146")
		}
		return nil
	}, func(ctx context.Context, r *LifeRequest) error {
		r.State, r.Done, r.Code, r.MobileCode = LifeDone, o.Now(), "", ""
		i, err := o.cfg.Registrar.Change(ctx, r.Username, r.Slug, IdentityChange{Password: &in.Password})
		if err != nil {
			return err
		}
		return o.tellHolder(ctx, i, contactEmail, "password", "")
	})
}

// ForgotUsername mails the user name to the verified address of who knows codice fiscale and document number (ONB-146). RSN-RECOVERY.
func (o *Office) ForgotUsername(ctx context.Context, slug, fiscalCode, document string) error {
	list, err := o.cfg.Registrar.Identities(ctx, spid.FiscalCode(normalCode(fiscalCode)))
	if err != nil {
		return err
	}
	for _, i := range list {
		if i.Slug == slug && i.Status != IdentityRevoked && i.holdsDocument(document) {
			return o.tellHolder(ctx, i, contactEmail, "username", "")
		}
	}
	return Deny(RecoveryWrong).At("document")
}

// holdsDocument reports whether a number is that of the document of the identity.
func (i Identity) holdsDocument(number string) bool {
	parts := strings.Fields(i.IDCard)
	return len(parts) > 1 && slices.ContainsFunc(parts[1:2], func(p string) bool { return sameCode(number, p) })
}

// Reidentify gives back what a lost phone took, once the person was identified again (ONB-146): levels and factors as before, and the
// new number. by is who identified the person. The operator and the counters call it.
func (o *Office) Reidentify(ctx context.Context, h Holder, id, by, mobile string) (Identity, error) {
	var i Identity
	if !h.Operator {
		return i, Deny(NotHolder).By("ONB-146").Because("a counter identifies the person again")
	}
	if mobile = strings.TrimSpace(mobile); !mobileForm.MatchString(mobile) {
		return i, Deny(FieldMissing).By("ONB-146").At("mobile").Because("mobile is %q", mobile)
	}
	return i, o.db.Atomic(ctx, func(ctx context.Context) error {
		r, err := o.lives.Get(ctx, id)
		if err != nil {
			return err
		}
		if r.Kind != LostPhone || r.State != LifeDone {
			return Deny(WrongStep).Because("the request is of kind %s and %s", r.Kind, r.State)
		}
		i, err = o.cfg.Registrar.Change(ctx, r.Username, r.Slug, IdentityChange{Levels: &r.Levels, Factors: &r.Factors, Mobile: &mobile})
		if err != nil {
			return err
		}
		o.log.Info("identity identified again", "idp", r.Slug, "user", r.Username, "by", by)
		r.State = LifeClosed
		return errors.Join(o.lives.Put(ctx, id, r, time.Time{}), o.tellHolder(ctx, i, contactEmail, "phone-back", ""))
	})
}

// AccessLog is the log of the uses of an identity, newest first (ONB-144).
func (o *Office) AccessLog(ctx context.Context, h Holder, username, slug string, limit int) ([]Access, error) {
	i, err := o.Identity(ctx, username, slug)
	if err != nil {
		return nil, err
	}
	if err := o.mayTouch(ctx, h, i, true); err != nil {
		return nil, err
	}
	return o.cfg.Registrar.Accesses(ctx, username, slug, limit)
}

// NotifyUse says whether the holder is told of every use of the identity (ONB-144).
func (o *Office) NotifyUse(ctx context.Context, h Holder, username, slug string, on bool) (Identity, error) {
	i, err := o.Identity(ctx, username, slug)
	if err != nil {
		return i, err
	}
	if err := o.mayTouch(ctx, h, i, true); err != nil {
		return i, err
	}
	return o.cfg.Registrar.Change(ctx, username, slug, IdentityChange{NotifyUse: &on})
}

// ChangeContacts changes the contacts of an identity; empty ones stay. The old e-mail address is told (ONB-107).
func (o *Office) ChangeContacts(ctx context.Context, h Holder, username, slug, email, mobile string) (Identity, error) {
	i, err := o.Identity(ctx, username, slug)
	if err != nil {
		return i, err
	}
	if err := o.mayTouch(ctx, h, i, false); err != nil {
		return i, err
	}
	email, mobile = orElse(strings.TrimSpace(email), i.Email), orElse(strings.TrimSpace(mobile), i.Mobile)
	switch {
	case !goodAddress(email):
		return i, Deny(FieldMissing).At("email").Because("email is %q", email)
	case mobile != "" && !mobileForm.MatchString(mobile):
		return i, Deny(FieldMissing).At("mobile").Because("mobile is %q", mobile)
	}
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		if err := o.tellHolder(ctx, i, contactEmail, "contacts", ""); err != nil {
			return err
		}
		i, err = o.cfg.Registrar.Change(ctx, username, slug, IdentityChange{Email: &email, Mobile: &mobile})
		return err
	})
	return i, err
}
