package templates

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"spidsim/templates/ui"
)

// enrolSheet says what a page of the registration consists of, beside its children.
type enrolSheet struct {
	Step  string          // data-step
	Title string          // key
	Place int             // of the five steps; 0 = none
	Side  templ.Component // drawings beside the sheet; nil = none
	Tools templ.Component // side panels, not in trainer mode; nil = none
}

func (e Enrol) house(p ui.Page, title, step string) ui.House {
	if len(e.Problems) > 0 {
		title = p.T("field.error") + " " + title
	}
	return e.Gestore.house(title, step, e.Service)
}

// stage is where the person is: of the lesson where there is one, else of the five steps of a registration.
func (e Enrol) stage(p ui.Page, place int) *Scene {
	if e.Scene != nil && e.Scene.Step > 0 {
		return e.Scene
	}
	return &Scene{Step: place, Steps: []string{p.T("reg.step.form"), p.T("reg.step.contacts"), p.T("reg.step.documents"), p.T("reg.step.mode"), p.T("reg.step.credentials")}}
}

// hasSide reports whether anything stands beside the sheet.
func (e Enrol) hasSide(p ui.Page, s enrolSheet) bool {
	drawn := e.Scene != nil && (e.Scene.Phones || e.Scene.Letters || len(e.Scene.Phone) > 0 || len(e.Scene.Mailbox) > 0)
	return s.Side != nil || drawn || p.Dev() && (s.Tools != nil || e.Dev != nil)
}

func (e Enrol) layout(p ui.Page, s enrolSheet) string {
	if e.hasSide(p, s) {
		return "split"
	}
	return "stack single"
}

// errors are the entries of the error summary, in the order given.
func (e Enrol) errors() []ui.FieldError {
	list := make([]ui.FieldError, 0, len(e.Problems))
	for _, problem := range e.Problems {
		list = append(list, ui.FieldError{Field: problem.Field, Message: problem.Text})
	}
	return list
}

// errorOf is the text at one field, "" when nothing is wrong with it.
func (e Enrol) errorOf(field string) string {
	for _, problem := range e.Problems {
		if problem.Field == field {
			return problem.Text
		}
	}
	return ""
}

// reasons are the problems that have a code, a rule or an explanation, each of them once.
func (e Enrol) reasons() []EnrolProblem {
	var list []EnrolProblem
	for _, x := range e.Problems {
		x.Field, x.Text = "", ""
		if x != (EnrolProblem{}) && !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	return list
}

// when leaves a drawing out of a page that has nothing to draw.
func when(shown bool, c templ.Component) templ.Component {
	if !shown {
		return nil
	}
	return c
}

// with is an address with one more value of the query.
func with(address, name, value string) string {
	separator := "?"
	for _, r := range address {
		if r == '?' {
			separator = "&"
		}
	}
	return address + separator + name + "=" + value
}

// modeTexts are the keys of what the catalogue says about each way to be identified: name, what happens, how long, what is needed.
var modeTexts = map[string]struct{ name, what, time, needs string }{
	"COUNTER":           {"reg.mode.counter", "reg.mode.counter.what", "reg.mode.counter.time", "reg.mode.counter.needs"},
	"HOME":              {"reg.mode.home", "reg.mode.home.what", "reg.mode.home.time", "reg.mode.home.needs"},
	"EVENT":             {"reg.mode.event", "reg.mode.event.what", "reg.mode.event.time", "reg.mode.event.needs"},
	"WEBCAM":            {"reg.mode.webcam", "reg.mode.webcam.what", "reg.mode.webcam.time", "reg.mode.webcam.needs"},
	"AV_TRANSFER":       {"reg.mode.av", "reg.mode.av.what", "reg.mode.av.time", "reg.mode.av.needs"},
	"CIE_READER":        {"reg.mode.cie", "reg.mode.cie.what", "reg.mode.cie.time", "reg.mode.cie.needs"},
	"CNS_READER":        {"reg.mode.cns", "reg.mode.cns.what", "reg.mode.cns.time", "reg.mode.cns.needs"},
	"SIGNATURE":         {"reg.mode.signature", "reg.mode.signature.what", "reg.mode.signature.time", "reg.mode.signature.needs"},
	"EDOC_CIE3":         {"reg.mode.edoc-cie", "reg.mode.edoc-cie.what", "reg.mode.edoc-cie.time", "reg.mode.edoc-cie.needs"},
	"EDOC_PASSPORT":     {"reg.mode.edoc-passport", "reg.mode.edoc-passport.what", "reg.mode.edoc-passport.time", "reg.mode.edoc-passport.needs"},
	"SMS_CERTIFIED":     {"reg.mode.sms", "reg.mode.sms.what", "reg.mode.sms.time", "reg.mode.sms.needs"},
	"BANCOPOSTA_READER": {"reg.mode.bancoposta", "reg.mode.bancoposta.what", "reg.mode.bancoposta.time", "reg.mode.bancoposta.needs"},
	"RAO":               {"reg.mode.rao", "reg.mode.rao.what", "reg.mode.rao.time", "reg.mode.rao.needs"},
}

func modeName(p ui.Page, key string) string {
	if m, ok := modeTexts[key]; ok {
		return p.T(m.name)
	}
	return key
}

// cost is the price with the year it is of (ONB-209, UX-40).
func (m ModeRow) cost(p ui.Page) string {
	switch {
	case m.Cost == "":
		return p.T("reg.cost.unknown")
	case m.Year == "":
		return m.Cost
	}
	return p.T("reg.cost.year", m.Cost, m.Year)
}

// possible are the ways that can be chosen, impossible the others.
func (v ModesView) possible() []ModeRow {
	return slices.DeleteFunc(slices.Clone(v.Modes), func(m ModeRow) bool { return m.Reason != "" })
}

func (v ModesView) impossible() []ModeRow {
	return slices.DeleteFunc(slices.Clone(v.Modes), func(m ModeRow) bool { return m.Reason == "" })
}

// modeID names the first radio button after its field, so that the error summary can link to it.
func modeID(i int) string {
	if i == 0 {
		return "mode"
	}
	return "mode-" + strconv.Itoa(i+1)
}

// sexChoices are those of the codice fiscale.
func sexChoices(p ui.Page) []ui.Choice {
	return []ui.Choice{{Value: "", Label: p.T("reg.choose")}, {Value: "F", Label: p.T("gender.f")}, {Value: "M", Label: p.T("gender.m")}}
}

// typeChoices begin with an entry that chooses nothing.
func (v DocumentsView) typeChoices(p ui.Page) []ui.Choice {
	return append([]ui.Choice{{Value: "", Label: p.T("reg.choose")}}, v.Types...)
}
