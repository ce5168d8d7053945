package gestore

import (
	"slices"

	"github.com/a-h/templ"

	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// attempt is a form that was refused, or filled in: what was typed and what was wrong with it.
type attempt struct {
	form   fields
	denied []*onboarding.Denied
}

// typed is the value of a field as it was typed, else what the page proposes.
func (a *attempt) typed(name, proposed string) string {
	if a.form.has(name) {
		return a.form.get(name)
	}
	return proposed
}

// show renders the page of the state in which a request is.
func (f *Face) show(v *visit, status int, e *onboarding.Enrolment, a *attempt) {
	p := web.Page(v.Request)
	c, err := f.pageOf(v, p, e, a)
	if err != nil {
		v.fail(err)
		return
	}
	v.page(status, twinOf(e), c)
}

// pages say which page belongs to which state.
var pages = map[onboarding.State]func(*Face, *visit, ui.Page, *onboarding.Enrolment, *attempt) (templ.Component, error){
	onboarding.AtForm: (*Face).showForm, onboarding.AtContacts: (*Face).showContacts, onboarding.AtPapers: (*Face).showPapers, onboarding.AtModes: (*Face).showModes,
	onboarding.AtCounter: (*Face).showCode, onboarding.AtOnline: (*Face).showOnline, onboarding.InReview: (*Face).showTransfer, onboarding.Identified: (*Face).showCredentials,
	onboarding.Active: (*Face).showActive,
}

func (f *Face) pageOf(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	if show, ok := pages[e.State]; ok {
		return show(f, v, p, e, a)
	}
	return f.showEnd(v, p, e)
}

// with is what the pages of a request share, with what was wrong.
func (f *Face) with(v *visit, p ui.Page, e *onboarding.Enrolment, step string, a *attempt, rename map[string]string) templates.Enrol {
	out := f.enrol(v, p, e, step)
	out.Problems = problems(p, rename, a.denied...)
	return out
}

func (f *Face) showForm(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	page := templates.EnrolFormView{Enrol: f.with(v, p, e, "enrol-form", a, nil), Locked: !e.Direct, Consent: e.Consent, NotReal: a.form.yes("invented")}
	people, picked, err := f.examples(v, p, e)
	if err != nil {
		return nil, err
	}
	page.People = people
	page.Data = personData(e, a, picked)
	for _, d := range a.denied {
		page.AskReal = page.AskReal || d.Code == onboarding.NotInvented
		if d.Suggest == "minori" {
			page.Minor = v.base() + "/figlio"
		}
	}
	page.AskReal = page.AskReal || page.NotReal
	return templates.EnrolForm(p, page), nil
}

// personData are the fields of the form: what was typed, else what the example says; the three data of the portal always.
func personData(e *onboarding.Enrolment, a *attempt, example onboarding.Input) templates.PersonData {
	d := templates.PersonData{
		FiscalCode: a.typed("fiscal_code", example.FiscalCode), FamilyName: a.typed("family_name", example.FamilyName), GivenName: a.typed("given_name", example.GivenName),
		Sex: a.typed("sex", example.Sex), BirthDate: a.typed("born", slashed(example.Born)), BirthPlace: a.typed("birth_place", example.BirthPlace),
		Address: a.typed("street", example.Street), Town: a.typed("city", example.City), PostalCode: a.typed("postal_code", example.PostalCode),
		Nationality: a.typed("nationality", example.Nationality),
	}
	if !e.Direct {
		d.FiscalCode, d.FamilyName, d.GivenName = string(e.FiscalCode), e.FamilyName, e.GivenName
	}
	return d
}

// examples are the people whose data fill the form: the person of the request, or, on the direct way, those who may ask.
func (f *Face) examples(v *visit, p ui.Page, e *onboarding.Enrolment) ([]templates.EnrolPerson, onboarding.Input, error) {
	all, err := f.cfg.Office.Citizens(v.Context())
	if err != nil {
		return nil, onboarding.Input{}, err
	}
	var list []templates.EnrolPerson
	var picked onboarding.Input
	asked, today := v.URL.Query().Get("person"), f.cfg.Office.Today()
	for _, c := range all {
		if !e.Direct && c.FiscalCode != e.FiscalCode || c.Birthday.IsZero() || e.Direct && (len(list) == maxExamples || len(c.IdPs) > 0 || c.MinorOn(today)) {
			continue
		}
		words := templates.EnrolWord(p, "age", c.AgeOn(today))
		if c.PIN != "" {
			words = templates.EnrolWord(p, "has-pin", c.AgeOn(today))
		}
		x := templates.EnrolPerson{Name: c.Name(), Words: words, URL: v.base() + "/richiedi/" + e.ID + "?person=" + c.Username, Picked: asked == c.Username}
		if x.Picked {
			if picked, err = f.cfg.Office.Fill(v.Context(), e, onboarding.EvSave, c.Username); err != nil {
				return nil, picked, err
			}
		}
		list = append(list, x)
	}
	return list, picked, nil
}

// maxExamples is how many people the form proposes at most.
const maxExamples = 6

func (f *Face) showContacts(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	path, c := v.base()+"/richiedi/"+e.ID, e.Contacts
	asksAddress := c.Sent.IsZero() || v.URL.Query().Get("part") == "contacts" || a.form.has("email")
	if asksAddress {
		page := templates.ContactsView{Enrol: f.with(v, p, e, "contacts", a, nil), Email: a.typed("email", c.Email), Phone: a.typed("mobile", c.Mobile), Fill: path + "?part=contacts&fill=yes"}
		if v.URL.Query().Get("fill") == "yes" && !a.form.has("email") {
			in, err := f.cfg.Office.Fill(v.Context(), e, onboarding.EvContacts, "")
			if !isDenied(err) && err != nil {
				return nil, err
			}
			page.Email, page.Phone = in.Email, in.Mobile
		}
		if e.Username == "" {
			page.Fill = ""
		}
		return templates.Contacts(p, page), nil
	}
	return templates.ContactCodes(p, templates.ContactCodesView{
		Enrol: f.with(v, p, e, "codes", a, nil), Email: c.Email, Phone: c.Mobile, EmailCode: a.typed("email_code", ""), PhoneCode: a.typed("mobile_code", ""),
		EmailDone: !c.EmailProof.IsZero(), PhoneDone: !c.MobileProof.IsZero(), Validity: c.Sent.Add(codeLife).Sub(f.cfg.Office.Now()), Change: path + "?part=contacts",
	}), nil
}

func (f *Face) showCode(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	path := v.base() + "/richiedi/" + e.ID
	return templates.ProcedureCode(p, templates.ProcedureCodeView{
		Enrol: f.with(v, p, e, "procedure-code", a, nil), Mode: string(e.Mode), Code: e.Procedure.Code, Sent: e.Procedure.Sent, LastDay: e.Procedure.LastDay.At(12, 0),
		Memo: path + "/promemoria", Counter: v.base() + "/sportello?code=" + e.Procedure.Code, Left: daysTo(f.cfg.Office.Today(), e.Procedure.LastDay),
	}), nil
}

func (f *Face) showCredentials(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	page := templates.CredentialsView{Enrol: f.with(v, p, e, "credentials-new", a, nil), Rules: passwordRules(a), Factor: a.typed("factor", "sms"),
		Phone: masked(e.Contacts.Mobile), RecoveryEmail: e.Contacts.Email, RecoveryPhone: e.Contacts.Mobile, Username: a.typed("username", ""),
		Level3: slices.Contains(v.g.LevelsOn(f.cfg.Office.Today()), 3), Device: a.form.yes("device")}
	in, err := f.cfg.Office.Fill(v.Context(), e, onboarding.EvCreds, "")
	switch {
	case err != nil && !isDenied(err):
		return nil, err
	case page.Username == "":
		page.Username = in.Username
	case len(a.denied) > 0 && a.denied[0].Field == "username":
		page.Suggested = in.Username
	}
	return templates.NewCredentials(p, page), nil
}

// passwordRules are the rules of the policy, with those that the password that was sent breaks.
func passwordRules(a *attempt) []templates.PasswordRule {
	rules := []templates.PasswordRule{{Kind: "length", N: 8}, {Kind: "upper"}, {Kind: "lower"}, {Kind: "digit"}, {Kind: "special"}}
	if a.form.get("password") == "" {
		return rules
	}
	for _, lack := range onboarding.PasswordLacks(a.form.get("password")) {
		for i := range rules {
			if rules[i].Kind == lack {
				rules[i].Bad = true
			}
		}
	}
	return rules
}
