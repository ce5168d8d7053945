package gestore

import (
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// minor is OSC-33 for the parent, at the parent's own gestore after a login with level 2 (ONB-181).
func (f *Face) minor(v *visit) {
	p := web.Page(v.Request)
	if f.cfg.Office.Today().Before(onboarding.SPIDForMinors) {
		page := templates.MinorView{Enrol: templates.Enrol{Gestore: v.gestore()}, Closed: true}
		v.page(status(v.posts(), http.StatusUnprocessableEntity), problemOf(onboarding.Deny(onboarding.Minor).By("ONB-180")), templates.Minor(p, page))
		return
	}
	a, form, ok := f.let(v, "minor", v.base()+"/figlio")
	if !ok {
		return
	}
	if !v.posts() {
		f.minorPage(v, http.StatusOK, a, fields{}, nil)
		return
	}
	if id := form.get("question"); id != "" {
		f.decide(v, a, id, form.yes("allow"))
		return
	}
	m, err := f.cfg.Office.AskForMinor(v.Context(), a.holder(), onboarding.MinorInput{FiscalCode: form.get("fiscal_code"), FamilyName: form.get("family_name"), GivenName: form.get("given_name"),
		Born: form.get("born"), Responsibility: form.yes("responsibility"), Notifications: form.yes("notifications")})
	denied, isRefused := refused(err)
	switch {
	case isRefused:
		f.minorPage(v, http.StatusUnprocessableEntity, a, form, denied)
	case err != nil:
		v.fail(err)
	default:
		v.to(v.base() + "/figlio/" + m.ID)
	}
}

// decide is the parent's word on a login of the child's (ONB-185).
func (f *Face) decide(v *visit, a *area, id string, allow bool) {
	if _, err := f.cfg.Office.DecideAuthorisation(v.Context(), a.holder(), id, allow); err != nil {
		v.fail(err)
		return
	}
	v.to(v.base() + "/figlio?done=answer")
}

func (f *Face) minorPage(v *visit, status int, a *area, form fields, denied *onboarding.Denied) {
	if denied != nil && web.WantsJSON(v.Request) {
		v.fail(denied)
		return
	}
	p := web.Page(v.Request)
	page := templates.MinorView{Enrol: templates.Enrol{Gestore: v.gestore(), Action: v.base() + "/figlio", Problems: problems(p, nil, denied)},
		Data: templates.PersonData{FiscalCode: form.get("fiscal_code"), FamilyName: form.get("family_name"), GivenName: form.get("given_name"), BirthDate: form.get("born")}}
	for _, name := range []string{"responsibility", "notifications"} {
		if form.yes(name) {
			page.Agreed = append(page.Agreed, name)
		}
	}
	if v.URL.Query().Get("done") == "answer" {
		page.Notice = templates.EnrolWord(p, "allowed")
	}
	if err := f.family(v, p, a, &page); err != nil {
		v.fail(err)
		return
	}
	if len(page.Children) > 0 && denied == nil && v.URL.Query().Get("new") != "yes" {
		page.New = v.base() + "/figlio?new=yes"
	}
	v.page(status, map[string]int{"children": len(page.Children), "questions": len(page.Questions)}, templates.Minor(p, page))
}

// family adds the children of a parent and what waits for the parent's word.
func (f *Face) family(v *visit, p ui.Page, a *area, page *templates.MinorView) error {
	requests, err := f.cfg.Office.MinorRequestsOf(v.Context(), a.identity.FiscalCode)
	if err != nil {
		return err
	}
	today := f.cfg.Office.Today()
	for _, m := range requests {
		band, tone := "5-13", ui.Warn
		if m.AgeOn(today) >= 14 {
			band = "14-17"
		}
		if m.State == onboarding.MinorActive || m.State == onboarding.MinorAdult {
			tone = ui.OK
		}
		page.Children = append(page.Children, templates.ChildRow{Name: m.Name(), Age: m.AgeOn(today), Status: templates.EnrolWord(p, string(m.State)), Tone: tone, Band: band})
	}
	questions, err := f.cfg.Office.AuthorisationsOf(v.Context(), a.identity.FiscalCode)
	for _, q := range questions {
		page.Questions = append(page.Questions, templates.ChildQuestion{ID: q.ID, Child: q.Name, Service: q.Service, At: q.Asked})
	}
	return err
}

// minorRequest shows the two codes of a request to the parent who made it (ONB-182).
func (f *Face) minorRequest(v *visit) {
	a, err := f.inside(v)
	var m *onboarding.MinorRequest
	if err == nil {
		m, err = f.cfg.Office.MinorRequest(v.Context(), mux.Vars(v.Request)["id"])
	}
	if err == nil && (a == nil || a.waits() || m.Parent != a.identity.FiscalCode || m.Slug != v.g.Slug) {
		err = store.ErrNotFound
	}
	if err != nil {
		v.fail(err)
		return
	}
	p := web.Page(v.Request)
	page := templates.MinorView{Enrol: templates.Enrol{Gestore: v.gestore(), Back: v.base() + "/figlio"},
		Codes: &templates.MinorCodes{Child: m.GivenName, Parent: m.ParentCode, Verification: m.VerificationCode, ChildURL: v.base() + "/figlio/codice"}}
	v.page(http.StatusOK, m, templates.Minor(p, page))
}

// child is where the child enters the verification code, at the same gestore (ONB-182).
func (f *Face) child(v *visit) {
	p := web.Page(v.Request)
	page := templates.ChildView{Enrol: templates.Enrol{Gestore: v.gestore(), Action: v.base() + "/figlio/codice"}}
	if !v.posts() {
		v.page(http.StatusOK, map[string]string{"idp": v.g.Slug}, templates.Child(p, page))
		return
	}
	form, ok := v.form()
	if !ok {
		return
	}
	m, err := f.cfg.Office.EnterVerification(v.Context(), v.g.Slug, form.get("code"))
	denied, isRefused := refused(err)
	switch {
	case isRefused && web.WantsJSON(v.Request), err != nil && !isRefused:
		v.fail(err)
	case isRefused:
		page.Code, page.Problems = form.get("code"), problems(p, nil, denied)
		v.page(http.StatusUnprocessableEntity, nil, templates.Child(p, page))
	default:
		v.to(v.base() + "/figlio/codice/" + m.ID)
	}
}

// childRequest follows a child's request: the code was right, then the credentials, then it is active. Its address is 128 random bits,
// which who entered the code has, and the parent who asked.
func (f *Face) childRequest(v *visit) {
	m, err := f.cfg.Office.MinorRequest(v.Context(), mux.Vars(v.Request)["id"])
	if err == nil && (m.Slug != v.g.Slug || m.State == onboarding.MinorAsked) {
		err = store.ErrNotFound
	}
	if err != nil {
		v.fail(err)
		return
	}
	if v.posts() {
		f.activate(v, m)
		return
	}
	f.childPage(v, http.StatusOK, m, &attempt{})
}

func (f *Face) childPage(v *visit, status int, m *onboarding.MinorRequest, a *attempt) {
	p := web.Page(v.Request)
	here := v.base() + "/figlio/codice/" + m.ID
	shared := templates.Enrol{Gestore: v.gestore(), Action: here, Problems: problems(p, nil, a.denied...)}
	twin := map[string]string{"id": m.ID, "state": string(m.State)}
	switch m.State {
	case onboarding.MinorIdentified:
		page := templates.CredentialsView{Enrol: shared, Rules: passwordRules(a), Username: a.typed("username", ""), Factor: a.typed("factor", "app")}
		v.page(status, twin, templates.NewCredentials(p, page))
	case onboarding.MinorActive, onboarding.MinorAdult:
		page := templates.ActiveView{Enrol: shared, Person: m.GivenName, Identity: v.base() + "/identita"}
		if err := f.opened(v, &page, m.Account); err != nil {
			v.fail(err)
			return
		}
		v.page(status, twin, templates.Active(p, page))
	default:
		page := templates.ChildView{Enrol: shared, Done: true, Child: m.GivenName, Young: m.AgeOn(f.cfg.Office.Today()) < 14}
		v.page(status, twin, templates.Child(p, page))
	}
}

// activate takes the credentials of a child. Without a mobile number of the child's the second factor is an app (ONB-184).
func (f *Face) activate(v *visit, m *onboarding.MinorRequest) {
	form, ok := v.form()
	if !ok {
		return
	}
	in := onboarding.MinorCredentials{Username: form.get("username"), Password: form.get("password"), Repeat: form.get("password_repeat"), Factor: form.get("factor"), Mobile: form.get("mobile")}
	if in.Factor == "none" {
		in.Factor = ""
	}
	_, err := f.cfg.Office.ActivateMinor(v.Context(), m.ID, in)
	denied, isRefused := refused(err)
	switch {
	case isRefused && !web.WantsJSON(v.Request):
		f.childPage(v, http.StatusUnprocessableEntity, m, &attempt{form: form, denied: []*onboarding.Denied{denied}})
	case err != nil:
		v.fail(err)
	default:
		v.to(v.base() + "/figlio/codice/" + m.ID)
	}
}

// minorCounter is the clerk's page for children (ONB-182).
func (f *Face) minorCounter(v *visit) {
	here := v.base() + "/sportello/minori"
	page := templates.MinorCounterView{Enrol: templates.Enrol{Gestore: v.gestore(), Action: here, Back: here}}
	if !v.posts() {
		if id := v.URL.Query().Get("recorded"); id != "" {
			page.Done, page.Next = true, v.base()+"/figlio/codice/"+id
			v.page(http.StatusOK, map[string]string{"recorded": id}, templates.MinorCounter(web.Page(v.Request), page))
			return
		}
		f.minorCounterPage(v, http.StatusOK, page, v.URL.Query().Get("request"), nil)
		return
	}
	form, ok := v.form()
	if !ok {
		return
	}
	page.Outcome, page.Accompanied, page.ParentCode = form.get("outcome"), form.yes("accompanied"), form.get("parent_code")
	_, err := f.cfg.Office.IdentifyMinor(v.Context(), form.get("request"), onboarding.MinorCheck{By: "sportello", Outcome: orWrong(page.Outcome), Accompanied: page.Accompanied, ParentCode: page.ParentCode})
	denied, isRefused := refused(err)
	switch {
	case isRefused && !web.WantsJSON(v.Request):
		f.minorCounterPage(v, http.StatusUnprocessableEntity, page, form.get("request"), denied)
	case wrongStep(err):
		f.counterWrong(v)
	case err != nil:
		v.fail(err)
	default:
		v.to(here + "?recorded=" + form.get("request"))
	}
}

// orWrong lets nobody be recognised by a form that says nothing.
func orWrong(outcome string) string {
	if outcome == "" {
		return "none"
	}
	return outcome
}

func (f *Face) minorCounterPage(v *visit, status int, page templates.MinorCounterView, id string, denied *onboarding.Denied) {
	p := web.Page(v.Request)
	page.Problems = problems(p, nil, denied)
	all, err := f.cfg.Office.MinorRequests(v.Context(), 0)
	if err != nil {
		v.fail(err)
		return
	}
	all = slices.DeleteFunc(all, func(m *onboarding.MinorRequest) bool { return m.Slug != v.g.Slug || m.State != onboarding.MinorEntered })
	for _, m := range all {
		age := m.AgeOn(f.cfg.Office.Today())
		row := templates.MinorCounterRow{ID: m.ID, Name: m.Name(), Age: age, Parent: m.ParentName, URL: page.Back + "?request=" + m.ID, Young: age < 14}
		page.Waiting = append(page.Waiting, row)
		if m.ID == id {
			page.Request = &row
		}
	}
	v.page(status, map[string]int{"waiting": len(page.Waiting)}, templates.MinorCounter(p, page))
}
