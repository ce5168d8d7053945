package regia

import (
	"spidsim/onboarding"
	"spidsim/onboarding/lesson"
)

// delegation plays the events of section 9: at the counter, in MyINPS, and of who acts for somebody else.
func (p *play) delegation(e lesson.Event) error {
	switch e.Name {
	case lesson.DelegationNone:
		for _, c := range p.people {
			if err := p.cfg.Office.ForgetDelegations(p.ctx, c.FiscalCode); err != nil {
				return err
			}
		}
		return nil
	case lesson.DelegationCap:
		_, err := p.cfg.Office.SeedExample(p.ctx, "cap")
		return err
	}
	principal, err := p.persona(e.Input["for"])
	if err != nil {
		return err
	}
	switch e.Name {
	case lesson.DelegationRegister:
		return p.register(e, principal)
	case lesson.DelegationAct:
		v, err := p.visit()
		if err != nil {
			return err
		}
		_, err = p.cfg.Office.ActFor(p.ctx, v, string(principal.FiscalCode))
		return err
	}
	return p.revoke(e, principal)
}

// papers are what goes with each form of the office (ONB-166, ONB-167).
var papers = map[string][]onboarding.Paper{
	"AA08": {onboarding.PrincipalCopy},
	"AA09": {onboarding.MedicalStatement, onboarding.PrincipalOriginal, onboarding.DelegateCopy},
}

func (p *play) register(e lesson.Event, principal onboarding.Citizen) error {
	delegate, err := p.persona(e.Input["delegate"])
	if err != nil {
		return err
	}
	r := onboarding.Registration{Principal: string(principal.FiscalCode), Delegate: string(delegate.FiscalCode), By: "Regia"}
	if form := e.Input["form"]; form != "online" {
		r.Form, r.Papers = onboarding.DelegationForm(form), papers[form]
		_, err = p.cfg.Office.RegisterAtCounter(p.ctx, r)
		return err
	}
	v, err := p.visit()
	if err != nil {
		return err
	}
	_, err = p.cfg.Office.RegisterOnline(p.ctx, v, r)
	return err
}

func (p *play) revoke(e lesson.Event, principal onboarding.Citizen) error {
	book, err := p.cfg.Office.DelegationsOf(p.ctx, string(principal.FiscalCode))
	if err != nil {
		return err
	}
	d := book.Active()
	if d == nil {
		return onboarding.Deny(onboarding.DelegateNone).At("for")
	}
	if e.Input["at"] == "counter" {
		_, err = p.cfg.Office.RevokeAtCounter(p.ctx, d.ID, onboarding.Revocation{By: "Regia"})
		return err
	}
	v, err := p.visit()
	if err != nil {
		return err
	}
	_, err = p.cfg.Office.RevokeOnline(p.ctx, v, d.ID)
	return err
}

// phonePIN plays the events of section 8.1. That a code is expired or replaced is what its step shows: only the unknown one is refused.
func (p *play) phonePIN(e lesson.Event) error {
	if e.Name == lesson.PhonePINCheck {
		return p.checkPhonePIN(e.Input["code"])
	}
	v, err := p.visitInside()
	if err != nil {
		return err
	}
	_, err = p.cfg.Office.CreatePhonePIN(p.ctx, v, e.Input["validity"])
	return err
}

// visitInside is the story's visit; where it is over, since days have passed, the person signs in again.
func (p *play) visitInside() (*onboarding.Visit, error) {
	if v, err := p.visit(); err == nil && v.Inside() {
		return v, nil
	}
	if err := p.signIn(lesson.Event{Name: lesson.SignIn, Input: map[string]string{"level": "2"}}); err != nil {
		return nil, err
	}
	return p.visit()
}

// unknownPhonePIN is a code that is never made: it has a digit that the alphabet of the codes leaves out.
const unknownPhonePIN = "00000000"

func (p *play) checkPhonePIN(which string) error {
	made, err := p.cfg.Office.PhonePINs(p.ctx, string(p.people[0].FiscalCode))
	if err != nil {
		return err
	}
	code := unknownPhonePIN
	if back := map[string]int{"last": 1, "before-last": 2}[which]; back > 0 {
		if len(made) < back {
			return onboarding.Deny(onboarding.WrongStep).Because("the story has %d telephone PINs, want %d", len(made), back)
		}
		code = made[back-1].Code
	}
	check, err := p.cfg.Office.CheckPhonePIN(p.ctx, string(p.people[0].FiscalCode), code)
	if err == nil && which == "none" && check.Denied != nil {
		return check.Denied
	}
	return err
}
