package regia

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"spidsim/internal/store"
	"spidsim/onboarding"
	"spidsim/onboarding/lesson"
)

// play brings one event of a lesson to the engine. A refusal is *onboarding.Denied.
func (p *play) play(e lesson.Event) error {
	switch e.Name {
	case lesson.ClockSet:
		return p.setClock(e.Input["at"])
	case lesson.ClockAdvance:
		return p.advance(e.Input["days"])
	case lesson.SignIn:
		return p.signIn(e)
	case lesson.DelegationNone, lesson.DelegationCap, lesson.DelegationRegister, lesson.DelegationAct, lesson.DelegationRevoke:
		return p.delegation(e)
	case lesson.PhonePINCreate, lesson.PhonePINCheck:
		return p.phonePIN(e)
	}
	switch ev := onboarding.Event(e.Name); ev {
	case onboarding.EvEnter:
		return p.enter(e)
	case onboarding.EvDeliver:
		return p.deliver(e)
	default:
		return p.move(ev, e)
	}
}

// enter opens the story's visit anew and goes to the mask.
func (p *play) enter(e lesson.Event) error {
	_, v, err := p.cfg.Office.Enter(p.ctx) // the secret is of no use: a browser gets one of its own at the door
	if err != nil {
		return err
	}
	p.run.Visit, p.run.Enrolment = v.ID, v.Enrolment
	return p.move(onboarding.EvEnter, e)
}

// move brings an event of the state machine to the request of the story: by the visit while it is at the portal, then directly.
func (p *play) move(ev onboarding.Event, e lesson.Event) error {
	now, err := p.enrolment()
	if err != nil {
		return err
	}
	if now == nil {
		return onboarding.Deny(onboarding.WrongStep).Because("the story has no request yet")
	}
	if ev == onboarding.EvOpen && now.State != onboarding.Received {
		return nil // the delivery opened it
	}
	in, err := p.input(ev, e, now)
	if err != nil {
		return err
	}
	if !now.State.AtPortal() {
		now, err = p.cfg.Office.Do(p.ctx, now.ID, ev, in)
		return p.went(now, err)
	}
	v, err := p.visit()
	if err != nil {
		return err
	}
	_, now, err = p.cfg.Office.Walk(p.ctx, v, ev, in)
	return p.went(now, err)
}

// visit is the story's browser at the portal: who logs in by hand gets another cookie and walks the same request. RSN-STEP when there is
// none any more.
func (p *play) visit() (*onboarding.Visit, error) {
	v, err := p.cfg.Office.VisitOf(p.ctx, p.run.Visit)
	if errors.Is(err, store.ErrNotFound) {
		v, err = p.cfg.Office.VisitWalking(p.ctx, p.run.Enrolment)
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, onboarding.Deny(onboarding.WrongStep).Because("the story’s visit is over")
	}
	if err == nil {
		p.run.Visit = v.ID
	}
	return v, err
}

// went notes the request in which the story goes on.
func (p *play) went(e *onboarding.Enrolment, err error) error {
	if err == nil && e != nil {
		p.run.Enrolment = e.ID
	}
	return err
}

// deliver carries the hand-off to the gestore; with "twice" the same message goes again, which is refused (ONB-86).
func (p *play) deliver(e lesson.Event) error {
	parcel, err := p.cfg.Office.HandOver(p.ctx, p.run.Enrolment)
	if errors.Is(err, onboarding.ErrNoGate) { // the portal is off
		return onboarding.Deny(onboarding.WrongStep).By("ONB-81").Because("%v", err)
	}
	if err != nil {
		return err
	}
	now, err := p.enrolment()
	if err != nil {
		return err
	}
	secret := p.cfg.Office.NewSecret()
	got, err := p.cfg.Office.Receive(p.ctx, now.IdP, parcel.Values(), secret)
	if err := p.went(got, err); err != nil {
		return err
	}
	if e.Input["twice"] != "" {
		_, err = p.cfg.Office.Receive(p.ctx, now.IdP, parcel.Values(), secret)
	}
	return err
}

// signIn lets somebody into the portal with SPID, as they come back from their gestore.
func (p *play) signIn(e lesson.Event) error {
	c, err := p.persona(e.Persona)
	if err != nil {
		return err
	}
	_, v, err := p.cfg.Office.Enter(p.ctx)
	if err != nil {
		return err
	}
	level, err := strconv.Atoi(e.Input["level"])
	if err != nil {
		return fmt.Errorf("level of %s: %w", e.Name, err)
	}
	arrival := onboarding.Arrival{Means: "spid", Level: level, FiscalCode: c.FiscalCode, Name: c.Name(), Gestore: first(c.IdPs, "prova")}
	if v, err = p.cfg.Office.Arrive(p.ctx, v, arrival); err != nil {
		return err
	}
	p.run.Visit, p.run.Enrolment = v.ID, v.Enrolment
	return nil
}

func first(list []string, fallback string) string {
	if len(list) == 0 {
		return fallback
	}
	return list[0]
}

// input is what a person would type: sound values for who is on stage, and wrong ones where the event says so.
func (p *play) input(ev onboarding.Event, e lesson.Event, now *onboarding.Enrolment) (in onboarding.Input, err error) {
	c, err := p.persona(e.Persona)
	if err != nil {
		return in, err
	}
	if in, err = p.cfg.Office.Fill(p.ctx, now, ev, string(c.FiscalCode)); err != nil {
		return in, err
	}
	switch ev {
	case onboarding.EvPINLogin:
		in.PIN = orElse(wrong(e, "pin", "AAAA0000"), in.PIN)
	case onboarding.EvOpenList:
		in.Consent = e.Input["consent"] == "yes"
	case onboarding.EvChoose:
		in.IdP = orElse(e.Input["idp"], p.gestore())
	case onboarding.EvMode:
		in.Mode, err = p.mode(e.Input["mode"], c, now)
	case onboarding.EvCounter:
		in.By, in.Outcome, in.Code = "Regia", e.Input["outcome"], orElse(wrong(e, "code", "AAAA AAAA AAAA"), in.Code)
		if e.Input["document"] == "expired" {
			in.Expires = p.cfg.Office.Today().AddDays(-1).String()
		}
	case onboarding.EvCreds:
		in.Password = orElse(e.Input["password"], in.Password)
		in.Repeat = in.Password
	}
	in.Asserted = ev == onboarding.EvOnlineOK || ev == onboarding.EvSent // the lesson shows that it went well, not how
	return in, err
}

// wrong is a value that cannot be right, where the event asks for one.
func wrong(e lesson.Event, key, value string) string {
	if e.Input[key] == "wrong" {
		return value
	}
	return ""
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

// gestore is one that takes part in the assisted request and recognises people in person: the post office of the 2020 lessons where it is in
// the list, else the neutral one, else the first.
func (p *play) gestore() string {
	var fit []string
	for _, g := range p.cfg.Office.Gestori() {
		if g.Assisted && g.InPerson {
			fit = append(fit, g.Slug)
		}
	}
	for _, want := range []string{"poste", "prova"} {
		if slices.Contains(fit, want) {
			return want
		}
	}
	return first(fit, "prova")
}

// mode is a way to be identified: the one named, or the first one of a kind that the person can choose.
func (p *play) mode(name string, c onboarding.Citizen, now *onboarding.Enrolment) (onboarding.ModeKey, error) {
	kind := onboarding.Online
	switch name {
	case lesson.Online:
	case lesson.Reviewed:
		kind = onboarding.Reviewed
	default:
		return onboarding.ModeKey(name), nil
	}
	g, ok := p.cfg.Office.Gestore(now.IdP)
	if !ok {
		return "", fmt.Errorf("the story’s gestore %q is not in the list", now.IdP)
	}
	for _, o := range g.Offers(c, p.cfg.Office.Today()) {
		if o.Kind == kind && o.Possible() {
			return o.Key, nil
		}
	}
	return "", onboarding.Deny(onboarding.ModeImpossible).At("mode")
}
