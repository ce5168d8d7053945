package regia

import (
	"errors"
	"fmt"
	"strings"

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
	v, err := p.cfg.Office.VisitOf(p.ctx, p.run.Visit)
	if errors.Is(err, store.ErrNotFound) {
		return onboarding.Deny(onboarding.WrongStep).Because("the story’s visit is over")
	}
	if err != nil {
		return err
	}
	_, now, err = p.cfg.Office.Walk(p.ctx, v, ev, in)
	return p.went(now, err)
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
	level := strings.Count("123", e.Input["level"]) + 1
	arrival := onboarding.Arrival{Means: "spid", Level: max(level, 2), FiscalCode: c.FiscalCode, Name: c.Name(), Gestore: first(c.IdPs, "prova")}
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
	switch ev {
	case onboarding.EvPINLogin:
		in = onboarding.Input{FiscalCode: string(c.FiscalCode), PIN: c.PINCode}
		if e.Input["pin"] == "wrong" {
			in.PIN = "AAAA0000"
		}
	case onboarding.EvOpenList:
		in.Consent = e.Input["consent"] == "yes"
	case onboarding.EvChoose:
		in.IdP = p.gestore(e.Input["idp"])
	case onboarding.EvSave:
		in = form(c)
	case onboarding.EvMail:
		in.Code = now.Contacts.EmailCode
	case onboarding.EvPhone:
		in.Code = now.Contacts.MobileCode
	case onboarding.EvDocs:
		in, err = p.papers(c)
	case onboarding.EvMode:
		in.Mode, err = p.mode(e.Input["mode"], c, now)
	case onboarding.EvCounter:
		in, err = p.counter(e, c, now)
	case onboarding.EvOnlineOK, onboarding.EvSent:
		in.Asserted = true
	case onboarding.EvCreds:
		in, err = p.credentials(e, c)
	}
	return in, err
}

// gestore is the one asked for, or a gestore of the list that has a counter.
func (p *play) gestore(slug string) string {
	if slug != "" {
		return slug
	}
	list := p.cfg.Office.Gestori()
	for _, want := range []string{"poste", "prova"} {
		for _, g := range list {
			if g.Slug == want && g.Assisted {
				return want
			}
		}
	}
	for _, g := range list {
		if g.Assisted && g.InPerson {
			return g.Slug
		}
	}
	return ""
}

func form(c onboarding.Citizen) onboarding.Input {
	return onboarding.Input{
		Sex: c.Sex, Born: c.Born, BirthPlace: c.BirthPlace, Street: c.Domicile.Street, City: c.Domicile.Municipality, PostalCode: c.Domicile.PostalCode,
		Nationality: "Italiana", Email: c.Email, Mobile: c.Mobile,
	}
}

// papers are the person's first good document and the card with the codice fiscale.
func (p *play) papers(c onboarding.Citizen) (onboarding.Input, error) {
	for _, d := range c.Documents(p.cfg.Office.Today()) {
		if !d.Outdated(p.cfg.Office.Today()) {
			return onboarding.Input{Document: d.Kind, Number: d.Number, Issued: d.Issued.String(), Expires: d.Expires.String(), HealthCard: true}, nil
		}
	}
	return onboarding.Input{}, onboarding.Deny(onboarding.BadDocument).At("document")
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

// counter is what lies on the clerk's desk.
func (p *play) counter(e lesson.Event, c onboarding.Citizen, now *onboarding.Enrolment) (onboarding.Input, error) {
	in, err := p.papers(c)
	if err != nil {
		return in, err
	}
	in.By, in.Outcome = "Regia", e.Input["outcome"]
	if now.Procedure != nil {
		in.Code = now.Procedure.Code
	}
	if e.Input["code"] == "wrong" {
		in.Code = "AAAA AAAA AAAA"
	}
	if e.Input["document"] == "expired" {
		in.Expires = p.cfg.Office.Today().AddDays(-1).String()
	}
	return in, nil
}

// credentials are a user name that is free and a password of the course, or one that is too weak.
func (p *play) credentials(e lesson.Event, c onboarding.Citizen) (onboarding.Input, error) {
	in := onboarding.Input{Username: p.username(c), Password: coursePassword, Factor: "sms"}
	if weak := e.Input["password"]; weak != "" {
		in.Password = weak
	}
	in.Repeat = in.Password
	return in, nil
}

// coursePassword is the one of every account that a lesson opens: public test data (D-05).
const coursePassword = "Corso-2020!"

// username is the person's own with the course behind it, which nobody else has.
func (p *play) username(c onboarding.Citizen) string { return c.Username + ".corso" }
