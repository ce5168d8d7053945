package gestore

import (
	"net/http"
	"strings"

	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// review is the back office of the recorded videos (ONB-124).
func (f *Face) review(v *visit) {
	if v.posts() {
		f.reviewPost(v)
		return
	}
	q := v.URL.Query()
	if out := q.Get("recorded"); out == "ok" || out == "ko" {
		page := f.reviewer(v)
		page.Outcome, page.NextPage = out, v.base()+"/richiedi/"+q.Get("request")
		v.page(http.StatusOK, map[string]string{"recorded": out}, templates.Review(web.Page(v.Request), page))
		return
	}
	f.reviewPage(v, http.StatusOK, q.Get("request"), fields{}, nil)
}

func (f *Face) reviewer(v *visit) templates.ReviewView {
	return templates.ReviewView{Enrol: templates.Enrol{Gestore: v.gestore(), Service: f.cfg.Portal, Action: v.base() + "/revisione", Back: v.base() + "/revisione"}}
}

// waits finds a request of the gestore that waits for the back office.
func (f *Face) waits(v *visit, id string) (*onboarding.Enrolment, error) {
	e, err := f.cfg.Office.Enrolment(v.Context(), id)
	switch {
	case err != nil:
		return nil, err
	case e.IdP != v.g.Slug:
		return nil, store.ErrNotFound
	case e.State != onboarding.InReview:
		return e, onboarding.Deny(onboarding.WrongStep).Because("the request is in state %s", e.State)
	}
	return e, nil
}

func (f *Face) reviewPage(v *visit, status int, id string, form fields, denied *onboarding.Denied) {
	p, page := web.Page(v.Request), f.reviewer(v)
	if denied != nil && web.WantsJSON(v.Request) {
		v.fail(denied)
		return
	}
	page.Problems = problems(p, nil, denied)
	if id == "" {
		f.reviewList(v, p, page)
		return
	}
	e, err := f.waits(v, id)
	switch {
	case wrongStep(err):
		f.reviewWrong(v)
		return
	case err != nil:
		v.fail(err)
		return
	}
	page.Request, page.ID, page.Sampled, page.Result, page.Why = f.seen(v, p, e, ""), e.ID, sampled(e), form.get("result"), form.get("reason")
	page.Account, page.Reason, page.Read, page.Wanted = e.Name(), reasonText(e), codeRead(e), codeRead(e)
	if p.Dev() {
		page.Dev = devOf(e)
	}
	page.Scene = f.scene(v.Context(), p, e, "review")
	v.page(status, twinOf(e), templates.Review(p, page))
}

// codeRead is the code of a video that reached the back office: the office let only the right one through and keeps it no longer, so the
// drawing shows one that follows from the request.
func codeRead(e *onboarding.Enrolment) string { return iban(e)[len(iban(e))-6:] }

func (f *Face) reviewList(v *visit, p ui.Page, page templates.ReviewView) {
	all, err := f.cfg.Office.Enrolments(v.Context(), 0)
	if err != nil {
		v.fail(err)
		return
	}
	twins := []twin{}
	for _, e := range all {
		if e.IdP == v.g.Slug && e.State == onboarding.InReview && len(page.Waiting) < maxWaiting {
			page.Waiting = append(page.Waiting, templates.CounterRow{Name: e.Name(), URL: v.base() + "/revisione?request=" + e.ID})
			twins = append(twins, twinOf(e))
		}
	}
	v.page(http.StatusOK, map[string]any{"items": twins}, templates.Review(p, page))
}

// reviewPost decides. A refusal needs a reason, a sampled request the second check as well.
func (f *Face) reviewPost(v *visit) {
	form, ok := v.form()
	if !ok {
		return
	}
	e, err := f.waits(v, form.get("request"))
	var denied *onboarding.Denied
	if err == nil {
		denied = undecided(form, e)
	}
	if err == nil && denied == nil {
		ev := onboarding.EvReviewOK
		if form.get("result") == "ko" {
			ev = onboarding.EvReviewKO
		}
		e, err = f.cfg.Office.Do(v.Context(), e.ID, ev, onboarding.Input{By: "revisione", Note: form.get("reason")})
	}
	switch {
	case wrongStep(err):
		f.reviewWrong(v)
	case err != nil:
		v.fail(err)
	case denied != nil:
		f.reviewPage(v, http.StatusUnprocessableEntity, e.ID, form, denied)
	case web.WantsJSON(v.Request):
		v.page(http.StatusOK, twinOf(e), nil)
	default:
		v.to(v.base() + "/revisione?recorded=" + form.get("result") + "&request=" + e.ID)
	}
}

func undecided(form fields, e *onboarding.Enrolment) *onboarding.Denied {
	missing := func(field string) *onboarding.Denied {
		return onboarding.Deny(onboarding.FieldMissing).By("ONB-124").At(field).Because("%s is missing", field)
	}
	switch {
	case form.get("result") != "ok" && form.get("result") != "ko":
		return missing("result")
	case form.get("result") == "ko" && strings.TrimSpace(form.get("reason")) == "":
		return missing("reason")
	case sampled(e) && !form.yes("second"):
		return missing("second")
	}
	return nil
}

func (f *Face) reviewWrong(v *visit) {
	page := templates.WrongStateView{Enrol: templates.Enrol{Gestore: v.gestore(), Service: f.cfg.Portal}, Next: v.base() + "/revisione"}
	v.page(http.StatusConflict, problemOf(onboarding.Deny(onboarding.WrongStep)), templates.WrongState(web.Page(v.Request), page))
}
