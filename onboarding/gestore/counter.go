package gestore

import (
	"errors"
	"net/http"
	"strings"

	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// checks are the boxes that the clerk ticks before the person counts as recognised.
var checks = []string{"check_face", "check_data", "check_document", "check_card"}

// counter is OSC-13: a request is found by its code, and the clerk records one of four outcomes (ONB-132).
func (f *Face) counter(v *visit) {
	if v.posts() {
		f.counterPost(v)
		return
	}
	q := v.URL.Query()
	if _, ok := outcomeTexts[q.Get("recorded")]; ok {
		page := f.clerk(v)
		page.Outcome, page.Next = q.Get("recorded"), v.base()+"/richiedi/"+q.Get("request")
		v.page(http.StatusOK, map[string]string{"recorded": page.Outcome}, templates.Counter(web.Page(v.Request), page))
		return
	}
	f.counterPage(v, http.StatusOK, q.Get("code"), q.Get("show"), fields{}, nil)
}

// outcomeTexts are the outcomes that a clerk can record.
var outcomeTexts = map[string]onboarding.Code{"recognised": "", "expired": onboarding.ProcedureExpired, "other": onboarding.OtherPerson, "missing": onboarding.DocumentMissing}

func (f *Face) clerk(v *visit) templates.CounterView {
	return templates.CounterView{Enrol: templates.Enrol{Gestore: v.gestore(), Service: f.cfg.Portal, Action: v.base() + "/sportello", Back: v.base() + "/sportello"}, Mode: string(onboarding.Counter)}
}

// byCode finds the request of a procedure code, also one whose 30 days are over: the clerk has to see the difference (ONB-132).
func (f *Face) byCode(v *visit, code string) (*onboarding.Enrolment, error) {
	e, err := f.cfg.Office.ByProcedure(v.Context(), v.g.Slug, code)
	if err == nil || !isDenied(err) {
		return e, err
	}
	all, listErr := f.cfg.Office.Enrolments(v.Context(), 0)
	if listErr != nil {
		return nil, listErr
	}
	typed := strings.ToUpper(plainCode(code))
	for _, old := range all {
		if old.IdP == v.g.Slug && old.State == onboarding.Lapsed && old.Procedure != nil && old.Procedure.Code == typed {
			return old, nil
		}
	}
	return nil, err
}

// counterPage shows the search, or the request of a code with the form of the checks.
func (f *Face) counterPage(v *visit, status int, code, show string, form fields, denied *onboarding.Denied) {
	p, page := web.Page(v.Request), f.clerk(v)
	page.Code = code
	var e *onboarding.Enrolment
	if code != "" {
		var err error
		if e, err = f.byCode(v, code); err != nil {
			d, ok := refused(err)
			if !ok {
				v.fail(err)
				return
			}
			denied, status = d, http.StatusUnprocessableEntity
		}
	}
	if denied != nil && web.WantsJSON(v.Request) {
		v.fail(denied)
		return
	}
	page.Problems = problems(p, nil, denied)
	if e == nil {
		f.counterList(v, p, status, page)
		return
	}
	page.Mode, page.Request, page.Result = string(e.Mode), f.seen(v, p, e, show), form.get("outcome")
	for _, c := range checks {
		if form.yes(c) {
			page.Checks = append(page.Checks, c)
		}
	}
	if p.Dev() {
		page.Dev = devOf(e)
	}
	page.Scene = f.scene(v.Context(), p, e, "counter")
	v.page(status, twinOf(e), templates.Counter(p, page))
}

// counterList shows the search with the requests that wait.
func (f *Face) counterList(v *visit, p ui.Page, status int, page templates.CounterView) {
	all, err := f.cfg.Office.Enrolments(v.Context(), 0)
	if err != nil {
		v.fail(err)
		return
	}
	twins := []twin{}
	for _, e := range all {
		if e.IdP == v.g.Slug && e.State == onboarding.AtCounter && len(page.Waiting) < maxWaiting {
			page.Waiting = append(page.Waiting, templates.CounterRow{Name: e.Name(), Code: e.Procedure.Code, URL: v.base() + "/sportello?code=" + e.Procedure.Code})
			twins = append(twins, twinOf(e))
		}
	}
	v.page(status, map[string]any{"items": twins}, templates.Counter(p, page))
}

// maxWaiting is how many waiting requests a clerk's page lists.
const maxWaiting = 20

// seen is what the clerk sees of a request.
func (f *Face) seen(v *visit, p ui.Page, e *onboarding.Enrolment, show string) *templates.CounterRequest {
	r := &templates.CounterRequest{Name: e.Name(), FiscalCode: string(e.FiscalCode), Born: ui.Date(p.L(), e.Form.Born.At(12, 0)) + ", " + onboarding.PlaceOf(e.Form.BirthPlace).Name,
		Days: 30, Shown: show, Document: drawDocument(p, e, e.Document), Other: strangersDocument(p)}
	if e.Procedure != nil {
		r.Sent, r.LastDay, r.Expired = e.Procedure.Sent, e.Procedure.LastDay.At(12, 0), e.Procedure.Expired(f.cfg.Office.Now())
		r.Day = 31 - daysTo(f.cfg.Office.Today(), e.Procedure.LastDay)
		r.ShowURL = v.base() + "/sportello?code=" + e.Procedure.Code
	}
	return r
}

// strangersDocument is the document of somebody who did not make the request.
func strangersDocument(p ui.Page) templates.SampleDocument {
	return templates.SampleDocument{Title: templates.EnrolWord(p, string(onboarding.CIE)), Holder: "Qualzeni Loretta", Born: "27.06.1971 Ferrara", Number: "ZZ00003ZZ", Issued: "27.06.2018", Expires: "27.06.2028"}
}

// counterPost records an outcome. Everything but "recognised" leaves the request as it is: the person may come again (ONB-132).
func (f *Face) counterPost(v *visit) {
	form, ok := v.form()
	if !ok {
		return
	}
	e, err := f.byCode(v, form.get("code"))
	if err == nil && e.State == onboarding.Lapsed && form.get("outcome") == "expired" {
		f.recorded(v, e, "expired")
		return
	}
	var denied *onboarding.Denied
	if err == nil {
		denied = unchecked(form)
	}
	if err == nil && denied == nil {
		e, err = f.cfg.Office.Do(v.Context(), e.ID, onboarding.EvCounter, onboarding.Input{Code: form.get("code"), Outcome: form.get("outcome"), By: "sportello"})
	}
	switch {
	case wrongStep(err):
		f.counterWrong(v)
	case errors.As(err, &denied):
		for outcome, code := range outcomeTexts {
			if code == denied.Code && outcome == form.get("outcome") {
				f.recorded(v, e, outcome)
				return
			}
		}
		f.counterPage(v, http.StatusUnprocessableEntity, form.get("code"), "", form, denied)
	case err != nil:
		v.fail(err)
	case denied != nil:
		f.counterPage(v, http.StatusUnprocessableEntity, form.get("code"), "", form, denied)
	default:
		f.recorded(v, e, "recognised")
	}
}

// unchecked says what is missing before an outcome can be recorded.
func unchecked(form fields) *onboarding.Denied {
	if _, ok := outcomeTexts[form.get("outcome")]; !ok {
		return onboarding.Deny(onboarding.FieldMissing).By("ONB-132").At("outcome").Because("outcome is %q", form.get("outcome"))
	}
	if form.get("outcome") != "recognised" {
		return nil
	}
	for _, c := range checks {
		if !form.yes(c) {
			return onboarding.Deny(onboarding.FieldMissing).By("ONB-120").At(c).Because("%s is not ticked", c)
		}
	}
	return nil
}

// recorded leads to the page of an outcome.
func (f *Face) recorded(v *visit, e *onboarding.Enrolment, outcome string) {
	if web.WantsJSON(v.Request) {
		v.page(http.StatusOK, map[string]any{"recorded": outcome, "enrolment": twinOf(e)}, nil)
		return
	}
	v.to(v.base() + "/sportello?recorded=" + outcome + "&request=" + e.ID)
}

// counterWrong says that somebody else recorded the outcome before.
func (f *Face) counterWrong(v *visit) {
	page := templates.WrongStateView{Enrol: templates.Enrol{Gestore: v.gestore(), Service: f.cfg.Portal}, Next: v.base() + "/sportello"}
	v.page(http.StatusConflict, problemOf(onboarding.Deny(onboarding.WrongStep)), templates.WrongState(web.Page(v.Request), page))
}
