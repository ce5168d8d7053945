package onboarding

import (
	"context"
	"errors"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/store"
)

// ReceiveLetter opens the letter with the second half: now the whole PIN of 16 characters is there (ONB-33, ONB-40).
func (o *Office) ReceiveLetter(ctx context.Context, who string) (*PINFile, error) {
	return o.changePIN(ctx, who, func(p *PIN, w pinWorld) ([]outbox.Message, error) {
		if p.Status != PINHalfDelivered {
			return nil, Deny(WrongStep).By("ONB-40").Because("no letter is on its way: the PIN is %s", p.Status)
		}
		p.Status = PINIssued16
		p.note("letter", "", w.now)
		return nil, nil
	})
}

// RenewPIN renews a PIN at its natural expiry, from the day of expiry on (ONB-34, ONB-53). Renewing does not reach beyond the end of the
// PIN (ONB-55). RSN-PIN-NOT-EXPIRED, RSN-PIN-REVOKED, RSN-PIN-DISMISSED.
func (o *Office) RenewPIN(ctx context.Context, who, by string) (*PINFile, error) {
	return o.changePIN(ctx, who, func(p *PIN, w pinWorld) ([]outbox.Message, error) {
		switch {
		case p.Status != PINActive8:
			return nil, Deny(WrongStep).By("ONB-40").Because("the PIN is %s", p.Status)
		case w.day.Before(p.Expires()):
			return nil, Deny(PINNotExpired).Because("it expires on %s", p.Expires())
		}
		p.Renewed = w.now
		p.note("renewed", by, w.now)
		return nil, nil
	})
}

// PINConversion turns an ordinary PIN into a dispositive one (ONB-35).
type PINConversion struct {
	Channel  string       `json:"channel"`  // "online", or "office": there the clerk identifies the person
	Document DocumentKind `json:"document"` // of which a copy is sent
	By       string       `json:"by"`       // the clerk
}

// ConvertPIN makes an ordinary PIN dispositive with the copy of an identity document, or at the office (ONB-35). Applications that
// were kept are worked from then on (ONB-31). RSN-DOC-MISSING, RSN-DOC.
func (o *Office) ConvertPIN(ctx context.Context, who string, in PINConversion) (f *PINFile, err error) {
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		if f, err = o.changePIN(ctx, who, in.convert); err != nil {
			return err
		}
		return o.workKept(ctx, f.FiscalCode)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (in PINConversion) convert(p *PIN, w pinWorld) ([]outbox.Message, error) {
	if p.Kind == Dispositive {
		return nil, Deny(WrongStep).By("ONB-35").Because("the PIN is dispositive already")
	}
	if in.Channel != PINAtOffice {
		if denied := goodCopy(w.citizen, in.Document, w.day); denied != nil {
			return nil, denied
		}
	}
	p.Kind = Dispositive
	p.note("converted", in.By, w.now)
	return nil, nil
}

// goodCopy says whether the person has that document and whether it is still good.
func goodCopy(c Citizen, kind DocumentKind, day clock.Day) *Denied {
	for _, d := range c.Documents(day) {
		switch {
		case d.Kind != kind:
		case d.Outdated(day):
			return Deny(BadDocument).By("ONB-35").At("document")
		default:
			return nil
		}
	}
	return Deny(DocumentMissing).By("ONB-35").At("document")
}

// ChangePIN puts a PIN of the person's own choice, 8 letters or digits, in place of the present one (ONB-37). Its expiry stays. RSN-PIN-WRONG,
// RSN-PIN-FORM.
func (o *Office) ChangePIN(ctx context.Context, who, old, chosen string) (*PINFile, error) {
	return o.changePIN(ctx, who, func(p *PIN, w pinWorld) ([]outbox.Message, error) {
		code := normalPIN(chosen)
		switch {
		case p.Status != PINActive8 || p.expired(w.day):
			return nil, Deny(WrongStep).By("ONB-40").Because("the PIN is %s and good through %s", p.Status, p.Expires())
		case !p.matches(old):
			return nil, Deny(PINWrong).At("pin")
		case !newPIN.MatchString(code) || p.matches(code):
			return nil, Deny(PINBadForm).At("new_pin")
		}
		p.Code = code
		p.note("changed", "", w.now)
		return nil, nil
	})
}

// RevokePIN ends a PIN for good: in the transition it cannot be asked for again (ONB-37, TV-07).
func (o *Office) RevokePIN(ctx context.Context, who, by string) (*PINFile, error) {
	return o.changePIN(ctx, who, func(p *PIN, w pinWorld) ([]outbox.Message, error) {
		p.revoke(by, w.now)
		return nil, nil
	})
}

func (p *PIN) revoke(by string, now time.Time) {
	p.Status, p.Revoked, p.Reset = PINRevokedStatus, now, ""
	p.note("revoked", by, now)
}

// pinWorld is what a change of a PIN may look at.
type pinWorld struct {
	now      time.Time
	day      clock.Day
	citizen  Citizen
	settings Settings
}

// changePIN changes a PIN that is still alive. A refused change leaves it as it was.
func (o *Office) changePIN(ctx context.Context, who string, change func(*PIN, pinWorld) ([]outbox.Message, error)) (*PINFile, error) {
	c, err := o.Citizen(ctx, who)
	if err != nil {
		return nil, err
	}
	w := pinWorld{now: o.Now(), day: o.Today(), citizen: c}
	if w.settings, err = o.Settings(ctx); err != nil {
		return nil, err
	}
	var p *PIN
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		var messages []outbox.Message
		p, err = o.pins.Update(ctx, string(c.FiscalCode), func(p *PIN) (err error) {
			if err := p.alive(w); err != nil {
				return err
			}
			messages, err = change(p, w)
			return err
		})
		if err != nil {
			return err
		}
		return o.sendAll(ctx, messages)
	})
	if err != nil {
		return nil, noPIN(err)
	}
	return o.pinFile(ctx, p, c)
}

// alive refuses what is asked of a PIN that is over.
func (p *PIN) alive(w pinWorld) error {
	switch p.StatusAt(w.day, w.citizen, w.settings) {
	case PINRevokedStatus:
		return Deny(PINRevoked)
	case PINDismissedEnd:
		return Deny(PINDismissed)
	}
	return nil
}

// sendAll puts messages into the outbox.
func (o *Office) sendAll(ctx context.Context, messages []outbox.Message) error {
	for _, m := range messages {
		if _, err := o.outbox.Send(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// noPIN turns "not found" into a reason: the person has none.
func noPIN(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return Deny(PINWrong).By("ONB-30").Because("the person has no PIN")
	}
	return err
}
