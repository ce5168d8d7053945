package onboarding

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
)

// Channels by which a PIN is asked for (ONB-32).
const (
	PINAtOffice      = "office"
	PINOnline        = "online"
	PINContactCentre = "contact-centre"
)

// PINRequest is somebody who asks for a PIN (ONB-32).
type PINRequest struct {
	Who           string `json:"who"`            // codice fiscale, user name or persona of who gets the PIN
	Channel       string `json:"channel"`        // "office", "online" or "contact-centre"
	By            string `json:"by"`             // who asks: parent or legal representative; "" = whoever is entitled according to the books
	SelfCertified bool   `json:"self_certified"` // the declaration of who asks for another person
	Half          string `json:"half"`           // channel of the first half: "sms" or "email"; "" = the first that is known
}

// Lengths of a PIN (ONB-33).
const (
	halfPIN  = 8
	wholePIN = 2 * halfPIN
)

// RequestPIN issues a PIN where the rules of the day allow it (ONB-31…ONB-33, ONB-50…ONB-57). At the office it is there at once, in a
// sealed envelope; otherwise one half goes by SMS or e-mail and the other by letter. RSN-PIN-NO-NEW, RSN-PIN-HELD, RSN-PIN-DELEGATE,
// RSN-PARENT, RSN-PIN-CONTACT.
func (o *Office) RequestPIN(ctx context.Context, r PINRequest) (*PINFile, error) {
	if !slices.Contains([]string{PINAtOffice, PINOnline, PINContactCentre}, r.Channel) {
		return nil, Deny(FieldMissing).By("ONB-32").At("channel").Because("channel is %q, want office, online or contact-centre", r.Channel)
	}
	c, err := o.Citizen(ctx, r.Who)
	if err != nil {
		return nil, err
	}
	by, err := o.asksFor(ctx, c, r)
	if err != nil {
		return nil, err
	}
	grant, denied := MayIssuePIN(o.Now(), c)
	if denied != nil {
		return nil, denied
	}
	p := &PIN{FiscalCode: c.FiscalCode, Kind: Ordinary, Dedicated: grant.Dedicated, Channel: r.Channel, Code: o.draw(unambiguous, wholePIN),
		Issued: o.Now(), Renewed: o.Now(), Months: months(c)}
	if r.Channel == PINAtOffice || grant.Dedicated {
		p.Kind = grant.Kind
	}
	if err := o.issue(ctx, p, c, r.Half, by); err != nil {
		return nil, err
	}
	o.log.Info("PIN issued", "channel", p.Channel, "kind", string(p.Kind), "status", string(p.Status))
	return o.pinFile(ctx, p, c)
}

// asksFor returns who asks, "" for the person. A delegate never does; for a minor a parent does, for a protected person the
// representative, either with self-certification (ONB-32). Where nobody is named, it is the one whom the books entitle.
func (o *Office) asksFor(ctx context.Context, c Citizen, r PINRequest) (string, error) {
	minor := c.MinorOn(o.Today())
	if !minor && !c.Protected() && r.By == "" {
		return "", nil
	}
	list, err := o.Citizens(ctx)
	if err != nil {
		return "", err
	}
	entitled := slices.IndexFunc(list, func(a Citizen) bool { return (r.By == "" || a.is(r.By)) && a.speaksFor(c, minor) })
	switch {
	case entitled >= 0 && r.By != "" && !r.SelfCertified:
		return "", Deny(FieldMissing).By("ONB-32").At("self_certified")
	case entitled >= 0:
		return list[entitled].Username, nil
	case minor:
		return "", Deny(NotParent).By("ONB-32").At("by")
	case c.Protected() && r.By == "", c.is(r.By) && !c.Protected():
		return "", nil
	}
	return "", Deny(PINNoDelegate).At("by").Because("%s is neither the person nor who represents the person", r.By)
}

// is reports whether the person has that codice fiscale, user name or persona.
func (c Citizen) is(who string) bool {
	return equal(string(c.FiscalCode), who) || equal(c.Username, who) || c.ID != "" && equal(c.ID, who)
}

// speaksFor reports whether c asks on behalf of another person: parent of the minor, or legal representative.
func (c Citizen) speaksFor(other Citizen, minor bool) bool {
	if minor {
		return slices.Contains(c.Children, other.Username)
	}
	return other.Protected() && c.Representative && slices.Contains(c.Delegators, other.Username)
}

// issue stores a new PIN and sends it. A PIN that was revoked in the transition is not asked for again (ONB-37).
func (o *Office) issue(ctx context.Context, p *PIN, c Citizen, half, by string) error {
	return o.db.Atomic(ctx, func(ctx context.Context) error {
		old, err := optional(o.pins.Get(ctx, string(c.FiscalCode)))
		if err != nil {
			return err
		}
		if old != nil {
			if err := o.mayReplace(old); err != nil {
				return err
			}
			p.History, p.Contacts = old.History, old.Contacts
		}
		p.note("requested", by, o.Now())
		messages, err := p.dispatch(c, half, o.Now())
		if err != nil {
			return err
		}
		if err := o.storePIN(ctx, p, old == nil); err != nil {
			return heldByNow(err)
		}
		return o.sendAll(ctx, messages)
	})
}

// storePIN keeps a new PIN, unless somebody else was faster.
func (o *Office) storePIN(ctx context.Context, p *PIN, first bool) error {
	if first {
		return o.pins.Create(ctx, string(p.FiscalCode), p, time.Time{})
	}
	_, err := o.pins.Update(ctx, string(p.FiscalCode), func(old *PIN) error {
		if err := o.mayReplace(old); err != nil {
			return err
		}
		*old = *p
		return nil
	})
	return err
}

// mayReplace says whether a new PIN may take the place of one.
func (o *Office) mayReplace(old *PIN) error {
	switch day := o.Today(); {
	case old.Status != PINRevokedStatus:
		return Deny(PINHeld)
	case !day.Before(NoNewPIN) && day.Before(EndOfPIN):
		return Deny(PINNoNew).By("ONB-37").Because("the PIN was revoked on %s", clock.DayOf(old.Revoked))
	}
	return nil
}

// heldByNow turns a lost race into a reason: somebody else issued the PIN.
func heldByNow(err error) error {
	if isTaken(err) {
		return Deny(PINHeld)
	}
	return err
}

// dispatch sends a new PIN of 16 characters: the office hands over a sealed envelope, every other channel sends the first half to a
// contact and the second one home by letter (ONB-32, ONB-33).
func (p *PIN) dispatch(c Citizen, half string, now time.Time) ([]outbox.Message, error) {
	home := contact{outbox.Letter, homeAddress(c)}
	if p.Channel == PINAtOffice {
		p.Status = PINIssued16
		p.note("issued", "", now)
		return []outbox.Message{home.message(c, "Busta chiusa: il tuo PIN",
			fmt.Sprintf("%s, questo è il tuo PIN: %s. Al primo uso lo sostituisci con uno di 8 caratteri, che tieni tu. Non darlo a nessuno.", c.Name(), Fours(p.Code)), p.Code)}, nil
	}
	for _, k := range p.contacts(c) {
		if half != "" && half != k.channel {
			continue
		}
		p.Status = PINHalfDelivered
		p.note("half-delivered", "", now)
		return []outbox.Message{halfMessage(k, c, 1, p.Code[:halfPIN]), halfMessage(home, c, 2, p.Code[halfPIN:])}, nil
	}
	return nil, Deny(PINNoContact).By("ONB-33").At("half")
}

// homeAddress is where letters go.
func homeAddress(c Citizen) string {
	d := c.Domicile
	line := strings.Join(strings.Fields(strings.Join([]string{d.Street, d.PostalCode, d.Municipality, d.Province}, " ")), " ")
	if line == "" {
		return c.Name()
	}
	return c.Name() + ", " + line
}
