package onboarding

import (
	"spidsim/spid"
)

// pinLogin opens the portal with a PIN; the sub-steps of an old or a first PIN happen on the way (ONB-33, ONB-34).
func (e *Enrolment) pinLogin(ev Event, in Input, w World) ([]Effect, error) {
	if w.Citizen == nil {
		return nil, Deny(PINWrong).At("pin")
	}
	outcome, denied := DecidePIN(PINLogin{At: w.Now, Citizen: *w.Citizen, PIN: w.PIN, Typed: in.PIN, Profile: Profile(in.Profile),
		Settings: w.Settings, HasIdentity: w.HasIdentity})
	if outcome == PINDeny {
		return nil, denied.At("pin")
	}
	pin, err := w.PIN.after(outcome, in, w)
	if err != nil {
		return nil, err
	}
	c := w.Citizen
	e.FiscalCode, e.FamilyName, e.GivenName, e.Username = c.FiscalCode, c.FamilyName, c.GivenName, c.Username
	e.Means, e.Profile = "pin", Profile(in.Profile)
	e.move(ev, PINOK, w.Now)
	return []Effect{{PIN: pin}}, nil
}

// after is the PIN as a login leaves it. Until the sub-step is done the login is refused with what is missing.
func (p *PIN) after(outcome PINOutcome, in Input, w World) (*PIN, error) {
	next := *p
	switch outcome {
	case PINReplace:
		code := normalPIN(in.NewPIN)
		if !newPIN.MatchString(code) {
			return nil, Deny(PINBadForm).At("new_pin").Because("the PIN has 16 characters and is replaced at its first use")
		}
		next.Code, next.Status, next.Renewed = code, PINActive8, w.Now
		next.note("first-use", "", w.Now)
	case PINRenew:
		if !in.Renew {
			return nil, Deny(FieldMissing).By("ONB-34").At("renew").Because("the PIN expired after %s: send renew", p.Expires())
		}
		next.Renewed = w.Now
		next.note("renewed", "", w.Now)
	}
	return &next, nil
}

// goOn shows the notice to whom it concerns (ONB-70, ONB-73, ONB-74).
func (e *Enrolment) goOn(ev Event, _ Input, w World) ([]Effect, error) {
	next := AtServices
	if NoticeDue(e.Means, w) {
		next = AtNotice
	}
	e.move(ev, next, w.Now)
	return nil, nil
}

// NoticeDue says whether the notice "get SPID" is shown after a login (ONB-70, ONB-73, ONB-74).
func NoticeDue(means string, w World) bool {
	return means == "pin" && w.Citizen != nil && w.Reminder && !w.HasSPID && !w.Citizen.CannotHaveSPID(w.day())
}

func (e *Enrolment) leaveNotice(ev Event, _ Input, w World) ([]Effect, error) {
	remind := ev == EvRemindGo
	e.move(ev, AtServices, w.Now)
	return []Effect{{Remind: &remind}}, nil
}

// openList needs the consent to hand over exactly three data (ONB-76).
func (e *Enrolment) openList(ev Event, in Input, w World) ([]Effect, error) {
	if !in.Consent {
		return nil, Deny(NoConsent).At("consent")
	}
	e.Consent = w.Now
	e.move(ev, AtList, w.Now)
	return nil, nil
}

func (e *Enrolment) choose(ev Event, in Input, w World) ([]Effect, error) {
	if w.Provider == nil || !w.Provider.Assisted || !w.Provider.ActiveOn(w.day()) {
		return nil, Deny(NotAssisted).At("idp").Because("idp is %q", in.IdP)
	}
	e.IdP = w.Provider.Slug
	e.move(ev, AtHandoff, w.Now)
	return nil, nil
}

// back is one step back at the portal; before the consent it leads to the services.
func (e *Enrolment) back(ev Event, _ Input, w World) ([]Effect, error) {
	before := map[State]State{AtList: AtGuide, AtHandoff: AtList, AtGuide: AtServices}[e.State]
	if before == AtList {
		e.IdP, e.Message = "", nil
	}
	e.move(ev, before, w.Now)
	return nil, nil
}

// HandedOver are the three data that leave the portal, and no others (ONB-80).
type HandedOver struct {
	FiscalCode spid.FiscalCode
	FamilyName string
	GivenName  string
}

// HandedOver returns the three data of the request.
func (e *Enrolment) HandedOver() HandedOver {
	return HandedOver{e.FiscalCode, e.FamilyName, e.GivenName}
}
