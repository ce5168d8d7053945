package onboarding

import (
	"strings"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/spid"
)

// open begins the registration at the gestore, unless the person is a customer there already. Going on with an open request is
// the office's: it concerns another record.
func (e *Enrolment) open(ev Event, _ Input, w World) ([]Effect, error) {
	if w.Holds {
		e.result(ResultAlready, false, w.Now)
		e.move(ev, Already, w.Now)
		return nil, nil
	}
	e.move(ev, AtForm, w.Now)
	return nil, nil
}

// save takes the form (OSC-07). The three data of the portal are locked; on the direct way the person types them (ONB-100).
func (e *Enrolment) save(ev Event, in Input, w World) ([]Effect, error) {
	who, form, err := e.readForm(in, w)
	if err != nil {
		return nil, err
	}
	sends := in.Email != "" || in.Mobile != ""
	if sends {
		if _, _, err := e.readContacts(in); err != nil { // before anything is saved
			return nil, err
		}
	}
	if e.Direct && w.Holds {
		e.move(ev, Already, w.Now)
		return nil, nil
	}
	e.FiscalCode, e.FamilyName, e.GivenName = who.FiscalCode, who.FamilyName, who.GivenName
	if w.Citizen != nil {
		e.Username = w.Citizen.Username
	}
	e.Form = form
	e.result(ResultTaken, true, w.Now)
	e.move(ev, AtContacts, w.Now)
	if !sends {
		return nil, nil
	}
	return e.contacts(EvContacts, in, w)
}

func (e *Enrolment) readForm(in Input, w World) (HandedOver, Form, error) {
	who := e.HandedOver()
	if e.Direct {
		code, err := spid.ParseFiscalCode(in.FiscalCode)
		if err != nil {
			return who, Form{}, Deny(BadFiscalCode).At("fiscal_code").Because("%v", err)
		}
		who = HandedOver{code, strings.TrimSpace(in.FamilyName), strings.TrimSpace(in.GivenName)}
	}
	form := Form{Sex: in.Sex, Street: strings.TrimSpace(in.Street), City: strings.TrimSpace(in.City),
		PostalCode: strings.TrimSpace(in.PostalCode), Nationality: strings.TrimSpace(in.Nationality)}
	var ok bool
	if form.Born, ok = readDay(in.Born); !ok {
		return who, form, Deny(FieldMissing).By("ONB-107").At("born").Because("born is %q, want 19/03/1943 or 1943-03-19", in.Born)
	}
	if form.BirthPlace, ok = PlaceCode(in.BirthPlace); !ok {
		return who, form, Deny(FieldMissing).By("ONB-107").At("birth_place").Because("birth_place is %q, want the name of a place or its Belfiore code, A944", in.BirthPlace)
	}
	for _, f := range []struct {
		name, value string
		needed      bool
	}{{"family_name", who.FamilyName, true}, {"given_name", who.GivenName, true}, {"street", form.Street, true}, {"city", form.City, true},
		{"postal_code", form.PostalCode, false}, {"nationality", form.Nationality, false}} {
		if f.needed && f.value == "" || !plainText(f.value) {
			return who, form, Deny(FieldMissing).By("ONB-107").At(f.name).Because("%s is %q, want text of one line", f.name, f.value)
		}
	}
	return who, form, e.checkPerson(who, form, in, w)
}

// checkPerson holds codice fiscale, age and the guard rail against real people (ONB-104, ONB-105, ONB-221).
func (e *Enrolment) checkPerson(who HandedOver, form Form, in Input, w World) error {
	if !who.FiscalCode.Matches(who.FamilyName, who.GivenName, midnight(form.Born), form.Sex, form.BirthPlace) {
		field := "fiscal_code"
		if !e.Direct {
			field = "born" // what is locked cannot be the mistake that the person mends
		}
		return Deny(BadFiscalCode).At(field).Because("%s does not fit %s %s, born %s in %s, sex %q", who.FiscalCode, who.GivenName, who.FamilyName, form.Born, form.BirthPlace, form.Sex)
	}
	if (Citizen{Birthday: form.Born}).MinorOn(w.day()) {
		d := Deny(Minor).At("born")
		if !w.day().Before(SPIDForMinors) {
			d.Suggest = "minori"
		}
		return d
	}
	if w.Citizen == nil && (!in.Invented || w.Settings.RefuseRealPersons) {
		return Deny(NotInvented).At("invented")
	}
	return nil
}

func midnight(d clock.Day) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// readDay reads "1943-03-19" or "19/03/1943".
func readDay(s string) (clock.Day, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.DateOnly, "02/01/2006", "2/1/2006", "02.01.2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return clock.Date(t.Date()), true
		}
	}
	return clock.Day{}, false
}

// contacts sends two codes to what was typed (ONB-103). Sent again, the codes before are worth nothing.
func (e *Enrolment) contacts(ev Event, in Input, w World) ([]Effect, error) {
	email, mobile, err := e.readContacts(in)
	if err != nil {
		return nil, err
	}
	e.Contacts = Contacts{Email: email, Mobile: mobile, EmailCode: w.Draw(digits, 6), MobileCode: w.Draw(digits, 6), Sent: w.Now}
	e.move(ev, AtContacts, w.Now)
	return []Effect{
		e.mail(w, "contact", e.Contacts.EmailCode),
		e.sms(w, "contact", e.Contacts.MobileCode),
	}, nil
}

// readContacts are the addresses of a form; what is left out stays.
func (e *Enrolment) readContacts(in Input) (email, mobile string, err error) {
	email, mobile = orElse(strings.TrimSpace(in.Email), e.Contacts.Email), orElse(strings.TrimSpace(in.Mobile), e.Contacts.Mobile)
	switch {
	case !goodAddress(email):
		err = Deny(FieldMissing).At("email").Because("email is %q", email)
	case !mobileForm.MatchString(mobile):
		err = Deny(FieldMissing).At("mobile").Because("mobile is %q, want a number as +39 399 000 0001", mobile)
	}
	return email, mobile, err
}

// contactTries are how many wrong codes a contact takes; then both codes have to be sent anew (SEC-55).
const contactTries = 5

// verify proves one contact; with both the documents follow. A wrong code counts, an empty field does not.
func (e *Enrolment) verify(ev Event, in Input, w World) ([]Effect, error) {
	c := &e.Contacts
	want, proof, tries, field := &c.EmailCode, &c.EmailProof, &c.EmailTries, "email_code"
	if ev == EvPhone {
		want, proof, tries, field = &c.MobileCode, &c.MobileProof, &c.MobileTries, "mobile_code"
	}
	switch {
	case !proof.IsZero(): // right before
	case *tries >= contactTries:
		return nil, Deny(TooManyTries).At(field)
	case *want == "" || normalCode(in.Code) == "":
		return nil, Deny(ContactWrong).At(field)
	case !sameCode(in.Code, *want):
		*tries++
		e.move(ev, AtContacts, w.Now)
		return nil, Deny(ContactWrong).At(field).left(contactTries - *tries)
	case !w.Now.Before(c.Sent.Add(contactLife)):
		return nil, Deny(ContactExpired).At(field)
	default:
		*want, *proof = "", w.Now
	}
	next := AtContacts
	if c.Proved() {
		next = AtPapers
	}
	e.move(ev, next, w.Now)
	return nil, nil
}

// papers needs an identity document that is good and the card with the codice fiscale (ONB-101, ONB-102, ONB-106).
func (e *Enrolment) papers(ev Event, in Input, w World) ([]Effect, error) {
	d := Document{Kind: in.Document, Number: strings.ToUpper(strings.TrimSpace(in.Number))}
	var issued, expires bool
	d.Issued, issued = readDay(in.Issued)
	d.Expires, expires = readDay(in.Expires)
	switch {
	case !knownDocument(d.Kind):
		return nil, Deny(FieldMissing).By("ONB-102").At("document").Because("document is %q, want one of %v", d.Kind, DocumentKinds())
	case !alphanumeric.MatchString(d.Number):
		return nil, Deny(FieldMissing).By("ONB-102").At("number").Because("number is %q, want letters and digits", d.Number)
	case !issued || d.Issued.After(w.day()):
		return nil, Deny(FieldMissing).By("ONB-102").At("issued").Because("issued is %q", in.Issued)
	case !expires:
		return nil, Deny(FieldMissing).By("ONB-102").At("expires").Because("expires is %q", in.Expires)
	case d.Outdated(w.day()):
		return nil, Deny(BadDocument).At("expires").Because("the document expired on %s", d.Expires)
	case !in.HealthCard:
		return nil, Deny(BadDocument).At("health_card").Because("the card with the codice fiscale is missing")
	}
	e.Document, e.HealthCard = d, true
	e.move(ev, AtModes, w.Now)
	return nil, nil
}

func knownDocument(k DocumentKind) bool {
	for _, known := range DocumentKinds() {
		if k == known {
			return true
		}
	}
	return false
}

// cancel ends a request at any moment; what was entered is forgotten (ONB-111, ONB-112).
func (e *Enrolment) cancel(ev Event, _ Input, w World) ([]Effect, error) {
	e.result(ResultCancelled, false, w.Now)
	e.forget()
	e.move(ev, Cancelled, w.Now)
	return nil, nil
}

// result notes an answer for the portal. Requests that began at the gestore itself have no portal to answer.
func (e *Enrolment) result(code int, sync bool, now time.Time) {
	if e.Message == nil {
		return
	}
	e.Results = append(e.Results, Answer{Code: code, Sync: sync, At: now})
}

func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func (e *Enrolment) mail(w World, kind, code string) Effect {
	return e.send(w, outbox.Email, kind, code)
}
func (e *Enrolment) sms(w World, kind, code string) Effect { return e.send(w, outbox.SMS, kind, code) }
