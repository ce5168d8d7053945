package portal

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

// fields says which field of a page stands for which of the engine's: {"fiscal_code": "cf"}. One that is not there is at no field.
type fields map[string]string

// denied is a denial as the pages show it.
func (c *call) denied(d *onboarding.Denied, names fields) templates.PortalError {
	return templates.PortalError{Field: names[d.Field], Text: d.In(c.page.L()), Code: string(d.Code), Rule: d.Rule, Help: d.Suggest, Detail: d.Detail}
}

// again shows a refused form once more, with what was typed: 422. Anything but a denial is handed back.
func (c *call) again(err error, names fields, view templates.Visit, page func(templates.Visit) templ.Component) error {
	var d *onboarding.Denied
	if !errors.As(err, &d) {
		return err
	}
	if web.WantsJSON(c.r) {
		c.problem(d, http.StatusUnprocessableEntity, names)
		return nil
	}
	view.Errors = append(view.Errors, c.denied(d, names))
	web.Render(c.w, c.r, http.StatusUnprocessableEntity, page(view))
	return nil
}

// problem is a denial for machines.
func (c *call) problem(d *onboarding.Denied, status int, names fields) {
	if d.Code == onboarding.WrongStep {
		status = http.StatusConflict
	}
	field := names[d.Field]
	if field == "" {
		field = d.Field
	}
	web.WriteProblem(c.w, c.r, status, web.Problem{Code: string(d.Code), Rule: d.Rule, Field: field, Title: d.In(c.page.L()), Detail: d.Detail})
}

// fail answers with an error: a denial with the page of its reason, what is not there with 404, the rest as the origin does.
func (c *call) fail(err error) {
	var d *onboarding.Denied
	var e *web.Error
	switch {
	case errors.As(err, &d):
		c.reason(d)
	case errors.Is(err, store.ErrNotFound):
		c.trouble(http.StatusNotFound, web.Problem{Code: "not-found"})
	case errors.As(err, &e) && e.Status < http.StatusInternalServerError:
		if e.Allow != "" {
			c.w.Header().Set("Allow", e.Allow)
		}
		c.trouble(e.Status, e.Problem)
	default:
		web.Fail(c.w, c.r, err)
	}
}

// reason is the page of a denial that belongs to no form (ONB-04): 403, or 409 for a step that is not possible now.
func (c *call) reason(d *onboarding.Denied) {
	if web.WantsJSON(c.r) {
		c.problem(d, http.StatusForbidden, nil)
		return
	}
	status := http.StatusForbidden
	if d.Code == onboarding.WrongStep {
		status = http.StatusConflict
	}
	view := templates.PortalReasonView{Visit: c.view("reason"), Why: c.denied(d, nil)}
	if c.inside() {
		view.Back = ui.PathPortalMine
	}
	web.Render(c.w, c.r, status, templates.PortalReason(c.page, view))
}

// trouble is any other error, in the house of the portal.
func (c *call) trouble(status int, p web.Problem) {
	if web.WantsJSON(c.r) {
		web.WriteProblem(c.w, c.r, status, p)
		return
	}
	portal := c.portal()
	web.Render(c.w, c.r, status, templates.Problem(c.page, templates.ProblemView{
		Status: status, Detail: p.Detail, Allow: c.w.Header().Get("Allow"), Reference: web.RequestID(c.r), Portal: &portal}))
}

// unlessDenied passes over a denial where what was asked for is only decoration, as the delegations of who is no test person.
func unlessDenied(err error) error {
	var d *onboarding.Denied
	if errors.As(err, &d) {
		return nil
	}
	return err
}
