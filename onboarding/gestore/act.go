package gestore

import (
	"strings"

	"spidsim/internal/outbox"
	"spidsim/onboarding"
)

// action is what a form does in a state.
type action func(f *Face, v *visit, e *onboarding.Enrolment, form fields) (outcome, error)

// actions say what the form of each state's page does.
var actions = map[onboarding.State]action{
	onboarding.AtForm: (*Face).actForm, onboarding.AtContacts: (*Face).actContacts, onboarding.AtPapers: (*Face).actPapers, onboarding.AtModes: (*Face).actMode,
	onboarding.AtCounter: (*Face).actCounter, onboarding.AtOnline: (*Face).actOnline, onboarding.InReview: (*Face).actReview, onboarding.Identified: (*Face).actCredentials,
}

// actForm saves the data of OSC-07.
func (f *Face) actForm(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	return f.do(v.Context(), e, onboarding.EvSave, onboarding.Input{
		FiscalCode: form.get("fiscal_code"), FamilyName: form.get("family_name"), GivenName: form.get("given_name"), Sex: form.get("sex"), Born: form.get("born"),
		BirthPlace: form.get("birth_place"), Street: form.get("street"), City: form.get("city"), PostalCode: form.get("postal_code"), Nationality: form.get("nationality"),
		Invented: form.yes("invented"),
	})
}

// actContacts sends the two codes, sends them anew, or takes them (OSC-08).
func (f *Face) actContacts(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	switch {
	case form.has("email"), form.has("mobile"):
		return f.do(v.Context(), e, onboarding.EvContacts, onboarding.Input{Email: form.get("email"), Mobile: form.get("mobile")})
	case form.yes("resend"):
		return f.do(v.Context(), e, onboarding.EvContacts, onboarding.Input{})
	case form.has("fill"):
		form["email_code"], form["mobile_code"] = []string{f.code(v, e, outbox.Email)}, []string{f.code(v, e, outbox.SMS)}
		return outcome{e: e, again: true}, nil
	}
	return f.proveContacts(v, e, form)
}

// proveContacts takes both codes of the page: a right one counts although the other is wrong.
func (f *Face) proveContacts(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	out := outcome{e: e}
	var first error
	for _, c := range []struct {
		field  string
		ev     onboarding.Event
		proved bool
	}{{"email_code", onboarding.EvMail, !e.Contacts.EmailProof.IsZero()}, {"mobile_code", onboarding.EvPhone, !e.Contacts.MobileProof.IsZero()}} {
		if c.proved {
			continue
		}
		next, err := f.do(v.Context(), e, c.ev, onboarding.Input{Code: form.get(c.field)})
		denied, ok := refused(err)
		switch {
		case ok && first != nil:
			out.also = append(out.also, denied)
		case err != nil && !ok:
			return out, err
		case ok:
			first = err
		default:
			out.e = next.e
		}
	}
	return out, first
}

// code reads the newest code that the person got: "fill in for me" (UX-67).
func (f *Face) code(v *visit, e *onboarding.Enrolment, channel string) string {
	to := e.Contacts.Email
	if channel == outbox.SMS {
		to = e.Contacts.Mobile
	}
	for _, m := range f.newest(v.Context(), e, channel, to) {
		return m.Code
	}
	return ""
}

// actPapers takes identity document and health card (OSC-09).
func (f *Face) actPapers(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	return f.do(v.Context(), e, onboarding.EvDocs, onboarding.Input{Document: onboarding.DocumentKind(form.get("document")), Number: form.get("number"),
		Issued: form.get("issued"), Expires: form.get("expires"), HealthCard: form.yes("health_card")})
}

// actMode chooses the way to be identified (OSC-10).
func (f *Face) actMode(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	return f.do(v.Context(), e, onboarding.EvMode, onboarding.Input{Mode: onboarding.ModeKey(form.get("mode"))})
}

// actCounter goes back to the ways; the code is worth nothing from then on (OSC-11).
func (f *Face) actCounter(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	if !form.yes("change_mode") {
		return outcome{e: e}, nil
	}
	return f.do(v.Context(), e, onboarding.EvChange, onboarding.Input{})
}

// actOnline is a step of an identification without a counter (OSC-14…OSC-19).
func (f *Face) actOnline(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	switch {
	case form.yes("change_mode"):
		return f.do(v.Context(), e, onboarding.EvChange, onboarding.Input{})
	case form.yes("fail"):
		return f.do(v.Context(), e, onboarding.EvFail, onboarding.Input{})
	}
	switch e.Mode {
	case onboarding.Webcam:
		return f.actWebcam(v, e, form)
	case onboarding.VideoTransfer:
		return f.actTransfer(v, e, form)
	case onboarding.CIEReader, onboarding.CNSReader, onboarding.Signature:
		return f.actCard(v, e, form)
	case onboarding.EdocCIE, onboarding.EdocPassport:
		return f.actChip(v, e, form)
	case onboarding.RAO:
		return f.actHalves(v, e, form)
	}
	return f.actDevice(v, e, form)
}

// actDevice takes the code of a certified mobile or of a BancoPosta reader.
func (f *Face) actDevice(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	if form.yes("resend") { // the same way again: a new code
		if _, err := f.do(v.Context(), e, onboarding.EvChange, onboarding.Input{}); err != nil {
			return outcome{e: e}, err
		}
		return f.do(v.Context(), e, onboarding.EvMode, onboarding.Input{Mode: e.Mode})
	}
	if form.has("fill") {
		form["code"] = []string{e.Online.Code}
		return outcome{e: e, again: true}, nil
	}
	return f.do(v.Context(), e, onboarding.EvOnlineOK, onboarding.Input{Code: form.get("code")})
}

// actCard moves the card in the drawn reader, or takes its PIN. What lies in the reader stands in the address.
func (f *Face) actCard(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	switch form.get("card") {
	case "insert":
		return outcome{e: e, query: "card=ready"}, nil
	case "other":
		return outcome{e: e, query: "card=not-enabled"}, nil
	case "remove":
		return outcome{e: e}, nil
	}
	return f.do(v.Context(), e, onboarding.EvOnlineOK, onboarding.Input{PIN: form.get("pin")})
}

// actChip pairs the drawn phone, or reads the chip of the document that is held to it.
func (f *Face) actChip(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	if form.yes("pair") {
		return outcome{e: e, query: "phone=paired"}, nil
	}
	issued := ""
	for _, o := range chipOffers(e, f.cfg.Office.Today()) {
		if o.id == form.get("document") {
			issued = o.issued.String()
		}
	}
	return f.do(v.Context(), e, onboarding.EvOnlineOK, onboarding.Input{Issued: issued})
}

// actHalves takes the two halves of a public counter's code.
func (f *Face) actHalves(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	if form.has("fill") {
		if p, err := f.cfg.Office.Package(v.Context(), e.FiscalCode); err == nil {
			form["half1"], form["half2"] = []string{p.Half1}, []string{p.Half2}
		}
		return outcome{e: e, again: true}, nil
	}
	return f.do(v.Context(), e, onboarding.EvOnlineOK, onboarding.Input{Half1: form.get("half1"), Half2: form.get("half2")})
}

// actReview is "simulate the outcome" of OSC-15: the page of the back office, without leaving.
func (f *Face) actReview(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	switch form.get("simulate") {
	case "ok":
		return f.do(v.Context(), e, onboarding.EvReviewOK, onboarding.Input{By: "simulate"})
	case "ko":
		return f.do(v.Context(), e, onboarding.EvReviewKO, onboarding.Input{By: "simulate"})
	}
	return outcome{e: e}, nil
}

// actCredentials activates the identity (OSC-20).
func (f *Face) actCredentials(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	factor := form.get("factor")
	if factor == "" {
		return outcome{e: e}, onboarding.Deny(onboarding.FieldMissing).By("ONB-136").At("factor").Because("no second factor was chosen, nor none")
	}
	if form.get("password") != form.get("password_repeat") {
		return outcome{e: e}, onboarding.Deny(onboarding.WeakPassword).At("password_repeat")
	}
	if factor == "none" {
		factor = ""
	}
	return f.do(v.Context(), e, onboarding.EvCreds, onboarding.Input{Username: strings.TrimSpace(form.get("username")), Password: form.get("password"),
		Repeat: form.get("password_repeat"), Factor: factor, Device: form.yes("device")})
}
