package onboarding

import (
	"context"
	"slices"
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
	What string    `json:"what"` // "requested", "issued", "half-delivered", "letter", "renewed", "converted", "changed", "lost", "reset", "revoked", "contact"
	By   string    `json:"by,omitempty"`
}

// Lengths of a PIN (ONB-33).
const (
	halfPIN  = 8
	wholePIN = 2 * halfPIN
)

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

// ConvertPIN makes an ordinary PIN dispositive with the copy of an identity document, or at the office (ONB-35). RSN-DOC-MISSING, RSN-DOC.
func (o *Office) ConvertPIN(ctx context.Context, who string, in PINConversion) (*PINFile, error) {
	return o.changePIN(ctx, who, func(p *PIN, w pinWorld) ([]outbox.Message, error) {
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
	})
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

func (p *PIN) note(what, by string, at time.Time) {
	p.History = append(p.History, PINStep{At: at, What: what, By: by})
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
	if isNotFound(err) {
		return Deny(PINWrong).By("ONB-30").Because("the person has no PIN")
	}
	return err
}

// heldByNow turns a lost race into a reason: somebody else issued the PIN.
func heldByNow(err error) error {
	if isTaken(err) {
		return Deny(PINHeld)
	}
	return err
}
