package onboarding

import (
	"context"
	"strconv"
	"strings"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
)

// Sample is the password that filled-in forms propose: public test data, good by the policy.
const Sample = "Prova-2020!"

// Fill returns what the test person of a request would enter at an event: "fill in for me" of pages, API and lessons. who names the person while
// the request does not know one yet. What it cannot know stays empty.
func (o *Office) Fill(ctx context.Context, e *Enrolment, ev Event, who string) (Input, error) {
	if e.FiscalCode != "" {
		who = string(e.FiscalCode)
	}
	c, err := o.Citizen(ctx, who)
	if err != nil {
		return Input{}, err
	}
	switch ev {
	case EvPINLogin:
		p, err := optional(o.pins.Get(ctx, string(c.FiscalCode)))
		if err != nil || p == nil {
			return Input{FiscalCode: string(c.FiscalCode)}, err
		}
		return Input{FiscalCode: string(c.FiscalCode), PIN: p.Code}, nil
	case EvOpenList:
		return Input{Consent: true}, nil
	case EvSave:
		return c.form(), nil
	case EvContacts:
		return Input{Email: c.Email, Mobile: c.Mobile}, nil
	case EvMail:
		return Input{Code: e.Contacts.EmailCode}, nil
	case EvPhone:
		return Input{Code: e.Contacts.MobileCode}, nil
	case EvDocs:
		return c.papers(o.Today()), nil
	case EvCounter:
		return e.atCounter(), nil
	case EvOnlineOK, EvSent:
		return o.proof(ctx, e)
	case EvCreds:
		return Input{Username: o.freeUsername(ctx, c), Password: Sample, Repeat: Sample, Factor: "sms"}, nil
	}
	return Input{}, nil
}

func (c Citizen) form() Input {
	return Input{FiscalCode: string(c.FiscalCode), FamilyName: c.FamilyName, GivenName: c.GivenName, Sex: c.Sex, Born: c.Born,
		BirthPlace: PlaceOf(c.BirthPlace).Name, Street: c.Domicile.Street, City: c.Domicile.Municipality, PostalCode: c.Domicile.PostalCode,
		Nationality: "Italiana", Email: c.Email, Mobile: c.Mobile}
}

func (c Citizen) papers(day clock.Day) Input {
	docs := c.Documents(day)
	if len(docs) == 0 {
		return Input{}
	}
	d := docs[0]
	return Input{Document: d.Kind, Number: d.Number, Issued: d.Issued.String(), Expires: d.Expires.String(), HealthCard: true}
}

// atCounter is the right person with the right papers.
func (e *Enrolment) atCounter() Input {
	in := Input{Outcome: "recognised", Document: e.Document.Kind, Expires: e.Document.Expires.String(), HealthCard: true}
	if e.Procedure != nil {
		in.Code = e.Procedure.Code
	}
	return in
}

// proof is the evidence that each way to be identified asks for.
func (o *Office) proof(ctx context.Context, e *Enrolment) (Input, error) {
	in := Input{Answer: strconv.Itoa(e.Form.Born.Year), PIN: TestCardPIN, Issued: e.Document.Issued.String(), Transfer: true}
	if e.Online != nil {
		in.Code = e.Online.Code
	}
	p, err := optional(o.packages.Get(ctx, string(e.FiscalCode)))
	if p != nil {
		in.Half1, in.Half2 = p.Half1, p.Half2
	}
	return in, err
}

// freeUsername proposes a user name that nobody has: name.surname.spid, then with a number.
func (o *Office) freeUsername(ctx context.Context, c Citizen) string {
	base := c.Username + ".spid"
	name := base
	for n := 2; n < 100; n++ {
		if taken, err := o.cfg.Registrar.Taken(ctx, name); err != nil || !taken {
			return name
		}
		name = base + strconv.Itoa(n)
	}
	return name
}

// Code returns the newest code that a test person got by a channel, "" when there is none: "fill in for me" of single fields (UX-67).
func (o *Office) Code(ctx context.Context, username, channel string) (string, error) {
	list, err := o.outbox.List(ctx, outbox.Filter{User: username, Channel: channel}, 0)
	for _, m := range list {
		if m.Code != "" {
			return m.Code, err
		}
	}
	return "", err
}

// EventNamed finds an event by its name: "EV-pin-login" or "pin-login", in any letter case; "EV-remind-go" stands for "EV-remind+go", whose
// sign does not travel well in addresses.
func EventNamed(name string) (Event, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	name = "EV-" + strings.TrimPrefix(strings.ReplaceAll(name, " ", "+"), "ev-")
	if name == "EV-remind-go" {
		return EvRemindGo, true
	}
	for _, ev := range Events() {
		if string(ev) == name {
			return ev, true
		}
	}
	return "", false
}

// Possible lists the events that the state of a request waits for, in the order of the specification.
func (e *Enrolment) Possible() []Event {
	var out []Event
	for _, ev := range Events() {
		if ev == EvRestart && (e.State == Cancelled || e.State == Lapsed || e.State == Rejected) {
			out = append(out, ev)
			continue
		}
		for _, s := range table[ev].from {
			if s == e.State {
				out = append(out, ev)
			}
		}
	}
	return out
}
