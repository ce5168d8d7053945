package templates

import (
	"strings"

	"spidsim/spid"
	"spidsim/templates/ui"
)

// house is the frame of a login's page.
func (g Gestore) house(title, step, service string) ui.House {
	return ui.House{Kind: ui.HouseGestore, Title: title, Step: step, Name: g.Name, Badge: g.Badge, Address: g.Address, Service: service, IsCard: g.CIE}
}

// troubles says which field each problem belongs to and which text it has.
var troubles = map[Trouble]struct{ field, key string }{
	UsernameMissing:  {"username", "trouble.username-missing"},
	PasswordMissing:  {"password", "trouble.password-missing"},
	CredentialsWrong: {"password", "trouble.credentials-wrong"},
	FactorMissing:    {"factor-1", "trouble.factor-missing"},
	OTPMissing:       {"otp", "trouble.otp-missing"},
	OTPMalformed:     {"otp", "trouble.otp-malformed"},
	OTPWrong:         {"otp", "trouble.otp-wrong"},
	OTPExpired:       {"otp", "trouble.otp-expired"},
	OTPUsed:          {"otp", "trouble.otp-used"},
	OTPNoMessage:     {"otp", "trouble.otp-no-message"},
	AppPending:       {"", "trouble.app-pending"},
	AppDenied:        {"", "trouble.app-denied"},
	CardMissing:      {"", "trouble.card-missing"},
	PINMissing:       {"pin", "trouble.pin-missing"},
	PINWrong:         {"pin", "trouble.pin-wrong"},
	PUKMissing:       {"puk", "trouble.puk-missing"},
	PUKWrong:         {"puk", "trouble.puk-wrong"},
	NewPINMalformed:  {"new_pin", "trouble.new-pin-malformed"},
	HolderUnknown:    {"card", "trouble.card-holder"},
	ConsentMissing:   {"", "trouble.consent-missing"},
}

// errors are the entries of the error summary, in the order given.
func (a Ask) errors(p ui.Page) []ui.FieldError {
	if len(a.Problems) == 0 {
		return nil
	}
	list := make([]ui.FieldError, 0, len(a.Problems))
	for _, problem := range a.Problems {
		if t, ok := troubles[problem]; ok {
			list = append(list, ui.FieldError{Field: t.field, Message: p.T(t.key)})
		}
	}
	return list
}

// errorOf is the text at one field, "" when nothing is wrong with it.
func (a Ask) errorOf(p ui.Page, field string) string {
	for _, problem := range a.Problems {
		if t, ok := troubles[problem]; ok && t.field == field {
			return p.T(t.key)
		}
	}
	return ""
}

// title begins with "Errore:" after a refused form, so that the page's name says it first.
func (a Ask) title(p ui.Page, key string) string {
	if len(a.Problems) > 0 {
		return p.T("field.error") + " " + p.T(key)
	}
	return p.T(key)
}

// levelWords says what a level needs.
func levelWords(p ui.Page, l spid.Level) string {
	switch l {
	case spid.L1:
		return p.T("level.words.1")
	case spid.L2:
		return p.T("level.words.2")
	case spid.L3:
		return p.T("level.words.3")
	}
	return ""
}

// endsTone is how the picker marks a persona's special case.
func endsTone(a spid.Anomaly) ui.Tone {
	switch a {
	case 0, spid.Success:
		return ui.Info
	case spid.IdentityBlocked:
		return ui.Bad
	}
	return ui.Warn
}

func endsWords(p ui.Page, a spid.Anomaly, note string) string {
	if a == 0 || a == spid.Success {
		return note
	}
	return p.T("persona.ends", int(a), note)
}

// friendly is the name of an attribute for people.
func (a AttributeValue) friendly(p ui.Page) string {
	if a.Label != "" {
		return a.Label
	}
	return attributeName(p, a.Name)
}

func attributeName(p ui.Page, name string) string {
	info, ok := spid.LookupAttribute(name)
	if !ok {
		return name
	}
	return p.Pick(info.FriendlyName, info.English)
}

// words is the value for people: dates in words, prefixes of tax codes gone.
func (a AttributeValue) words(p ui.Page) string {
	switch a.Name {
	case "dateOfBirth", "expirationDate":
		return ui.DateOf(p.L(), a.Value)
	case "fiscalNumber", "companyFiscalNumber", "ivaCode":
		for _, prefix := range []string{"TINIT-", "VATIT-"} {
			if rest, ok := strings.CutPrefix(a.Value, prefix); ok {
				return rest
			}
		}
	case "gender":
		switch a.Value {
		case "F":
			return p.T("gender.f")
		case "M":
			return p.T("gender.m")
		}
	}
	return a.Value
}

func attributeLabels(p ui.Page, names []string) string {
	labels := make([]string, len(names))
	for i, name := range names {
		labels[i] = attributeName(p, name)
	}
	return strings.Join(labels, ", ")
}

func factorName(p ui.Page, kind string) string {
	switch kind {
	case FactorSMS:
		return p.T("factor.sms")
	case FactorTOTP:
		return p.T("factor.totp")
	case FactorApp:
		return p.T("factor.app")
	}
	return kind
}

func switchTo(p ui.Page, kind string) string {
	switch kind {
	case FactorSMS:
		return p.T("otp.use.sms")
	case FactorTOTP:
		return p.T("otp.use.totp")
	}
	return p.T("otp.use.app")
}

func factorWords(p ui.Page, kind string) string {
	switch kind {
	case FactorSMS:
		return p.T("factor.sms.words")
	case FactorTOTP:
		return p.T("factor.totp.words")
	}
	return p.T("factor.app.words")
}

func otpTitle(kind string) string {
	if kind == FactorTOTP {
		return "otp.totp.title"
	}
	return "otp.sms.title"
}

// levelUse says what a level is for, for who has to choose one.
func levelUse(p ui.Page, l spid.Level) string {
	switch l {
	case spid.L1:
		return p.T("level.use.1")
	case spid.L2:
		return p.T("level.use.2")
	}
	return p.T("level.use.3")
}

// heading is the title of the first page: of a gestore, or of the CIE.
func (v LoginView) heading() string {
	if v.Gestore.CIE {
		return "cie.title"
	}
	return "login.title"
}
