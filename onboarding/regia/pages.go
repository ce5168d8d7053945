package regia

import (
	"net/http"

	"github.com/gorilla/mux"

	"spidsim/internal/web"
	"spidsim/onboarding/lesson"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// startPage is the first page of trainer mode: the lessons as big tiles (ux.md section 6).
func (g *Regia) startPage(w http.ResponseWriter, r *http.Request) {
	page := web.Page(r)
	v := templates.StageStartView{Tiles: tileViews(page.L()), Portal: g.cfg.PortalURL}
	p, err := g.open(r.Context())
	if err == nil && p != nil {
		v.Running, err = p.runningView(page)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, templates.StageStart(page, v))
}

// lessonPage is a lesson before it begins.
func (g *Regia) lessonPage(w http.ResponseWriter, r *http.Request) {
	l := lesson.Lookup(mux.Vars(r)["lesson"])
	if l == nil {
		web.Fail(w, r, web.NotFound("no such lesson"))
		return
	}
	v, err := g.lessonView(r.Context(), web.Page(r), l)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, templates.Lesson(web.Page(r), *v))
}

// regiaPage is OSC-36; its twin for machines is the lesson that plays (UX-81).
func (g *Regia) regiaPage(w http.ResponseWriter, r *http.Request) {
	p, err := g.open(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if web.WantsJSON(r) {
		twin := struct {
			Running *Running `json:"running"`
		}{}
		if p != nil {
			twin.Running = p.run
		}
		web.JSON(w, http.StatusOK, twin)
		return
	}
	g.render(w, r, http.StatusOK, p, nil)
}

// render shows the Regia with what was wrong with the last form.
func (g *Regia) render(w http.ResponseWriter, r *http.Request, status int, p *play, problems []ui.FieldError) {
	page := web.Page(r)
	page.Switch = g.here(r) // a refused form stands at an address that cannot be read again
	v, err := g.regiaView(r.Context(), page, p)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Alone, v.Errors, v.TooFar = alone(r), problems, status == http.StatusUnprocessableEntity && len(problems) == 0
	web.AllowForm(r, g.cfg.PortalURL) // opening a step ends at the portal
	web.Render(w, r, status, templates.Regia(page, *v))
}

// castPage is the choice of who is on stage: invented people only (ONB-221).
func (g *Regia) castPage(w http.ResponseWriter, r *http.Request) {
	p, err := g.open(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if p == nil {
		http.Redirect(w, r, ui.PathRegia, http.StatusSeeOther)
		return
	}
	v, err := p.castView(web.Page(r))
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, templates.StagePeople(web.Page(r), *v))
}

// resetPage asks once before anything is lost (UX-85), and says what was done.
func (g *Regia) resetPage(w http.ResponseWriter, r *http.Request) {
	if start, ok := resetStart[r.URL.Query().Get(doneQuery)]; ok {
		v := templates.ResetView{Done: r.URL.Query().Get(doneQuery), Start: start}
		web.Render(w, r, http.StatusOK, templates.Reset(web.Page(r), v))
		return
	}
	p, err := g.open(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v := templates.ResetView{Export: g.cfg.Export, Action: pathReset, Back: ui.PathRegia}
	if p != nil {
		v.Lesson = p.lesson.Title.In(web.Lang(r))
	}
	web.Render(w, r, http.StatusOK, templates.Reset(web.Page(r), v))
}

// handoutPage is the sheet of a lesson, with the procedure code of the story when there is one (UX-104).
func (g *Regia) handoutPage(w http.ResponseWriter, r *http.Request) {
	l := lesson.Lookup(mux.Vars(r)["lesson"])
	if l == nil {
		web.Fail(w, r, web.NotFound("no such lesson"))
		return
	}
	v, err := g.handoutView(r.Context(), web.Lang(r), l)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, templates.Handout(web.Page(r), *v))
}

func (g *Regia) glossaryPage(w http.ResponseWriter, r *http.Request) {
	v := templates.GlossaryView{Words: glossary(web.Lang(r), lesson.Glossary()), Back: ui.PathGuide}
	web.Render(w, r, http.StatusOK, templates.Glossary(web.Page(r), v))
}

// here is the address of the Regia, in its own window or beside the step.
func (g *Regia) here(r *http.Request) string {
	if alone(r) {
		return ui.PathRegia + "?" + windowQuery + "=" + windowOfOwn
	}
	return ui.PathRegia
}

// alone reports whether the page is the Regia's own window.
func alone(r *http.Request) bool { return r.URL.Query().Get(windowQuery) == windowOfOwn }
