package gestore

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// page shows a page, or its twin to who asks for JSON (UX-81).
func (v *visit) page(status int, twin any, c templ.Component) {
	if web.WantsJSON(v.Request) {
		web.JSON(v.ResponseWriter, status, twin)
		return
	}
	web.Render(v.ResponseWriter, v.Request, status, c)
}

// fail answers what no page mends: what does not exist is 404, a refusal 422 or 409, anything else 500.
func (v *visit) fail(err error) {
	var denied *onboarding.Denied
	switch {
	case errors.As(err, &denied):
		web.WriteProblem(v.ResponseWriter, v.Request, statusOf(denied), problemOf(denied))
	case errors.Is(err, store.ErrNotFound):
		web.Fail(v.ResponseWriter, v.Request, web.NotFound("there is no such request, or it belongs to another browser"))
	default:
		web.Fail(v.ResponseWriter, v.Request, err)
	}
}

func statusOf(d *onboarding.Denied) int {
	if d.Code == onboarding.WrongStep {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

func problemOf(d *onboarding.Denied) web.Problem {
	detail := d.English
	if d.Detail != "" {
		detail += " " + d.Detail
	}
	return web.Problem{Code: string(d.Code), Rule: d.Rule, Field: d.Field, Detail: detail}
}

// refused splits an error into a refusal that the page of the form can show and anything else.
func refused(err error) (*onboarding.Denied, bool) {
	var denied *onboarding.Denied
	if errors.As(err, &denied) && denied.Code != onboarding.WrongStep {
		return denied, true
	}
	return nil, false
}

// wrongStep reports whether a form came at the wrong moment.
func wrongStep(err error) bool {
	var denied *onboarding.Denied
	return errors.As(err, &denied) && denied.Code == onboarding.WrongStep
}

// general are the codes whose sentence says less than the field's own.
var general = map[onboarding.Code]bool{onboarding.FieldMissing: true, onboarding.IdentifyFailed: true, onboarding.NoConsent: true}

// problems are the entries of a page for refusals. A field of the engine that the page calls otherwise is renamed.
func problems(p ui.Page, rename map[string]string, denied ...*onboarding.Denied) []templates.EnrolProblem {
	var list []templates.EnrolProblem
	for _, d := range denied {
		if d == nil {
			continue
		}
		field := d.Field
		if other, ok := rename[field]; ok {
			field = other
		}
		text := d.In(p.L())
		if own := templates.FieldSentence(p, field); general[d.Code] && own != "" {
			text = own
		}
		if d.Code == onboarding.WeakPassword && d.Field == "password_repeat" {
			text = templates.FieldSentence(p, d.Field)
		}
		list = append(list, templates.EnrolProblem{Field: field, Text: text, Why: d.Detail, Code: string(d.Code), Rule: d.Rule})
	}
	if p.Mode == ui.ModeTrainer {
		for i := range list {
			list[i].Why = "" // what was found and wanted is English, for developers
		}
	}
	return list
}

// form reads the fields of a form; on failure it has answered.
func (v *visit) form() (fields, bool) {
	values, err := web.Form(v.Request)
	if err != nil {
		v.fail(err)
		return nil, false
	}
	if web.Page(v.Request).Mode == ui.ModeCI {
		delete(values, "fill") // suites read codes in the messages, like everybody else (SEC-56)
	}
	return fields(values), true
}

// fields are those of a form, each once.
type fields map[string][]string

// get returns the value of a field, "" when it is not there.
func (f fields) get(name string) string {
	if list := f[name]; len(list) > 0 {
		return list[0]
	}
	return ""
}

// yes reports whether a box is ticked or a button was pressed.
func (f fields) yes(name string) bool { return f.get(name) == "yes" }

// has reports whether a field came with the form.
func (f fields) has(name string) bool { return len(f[name]) > 0 }
