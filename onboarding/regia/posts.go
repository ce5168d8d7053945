package regia

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"spidsim/internal/clock"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/onboarding/lesson"
	"spidsim/templates/ui"
)

// regiaPost begins a lesson (lesson=ID), jumps to a step (step=N), or goes on and back (go=next, go=back).
func (g *Regia) regiaPost(w http.ResponseWriter, r *http.Request) {
	form, err := web.Form(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if id := form.Get("lesson"); id != "" {
		l := lesson.Lookup(id)
		if l == nil {
			web.Fail(w, r, web.Unprocessable("lesson", "no such lesson"))
			return
		}
		p, err := g.begin(r.Context(), l)
		g.back(w, r, p, err)
		return
	}
	if n, err := strconv.Atoi(form.Get("step")); err == nil {
		p, err := g.change(r.Context(), func(p *play) error { return p.jump(n) })
		g.back(w, r, p, err)
		return
	}
	p, err := g.moved(r.Context(), form)
	g.back(w, r, p, err)
}

// moved goes one step on or back from the step that the page showed (at), else from the one that plays.
func (g *Regia) moved(ctx context.Context, form url.Values) (*play, error) {
	return g.change(ctx, func(p *play) error {
		from, err := strconv.Atoi(form.Get("at"))
		if err != nil || p.lesson.Step(from) == nil {
			if from, err = p.step(); err != nil {
				return err
			}
		}
		switch form.Get("go") {
		case "next":
			return p.next(from)
		case "back":
			return p.jump(from - 1)
		}
		return web.Unprocessable("go", "want next or back")
	})
}

// movePost is the lesson's own buttons on the pages of portal and gestori: it moves the lesson and opens the step's page at once (UX-105).
func (g *Regia) movePost(portal bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		form, err := web.Form(r)
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		p, err := g.moved(r.Context(), form)
		switch {
		case err != nil:
			web.Fail(w, r, problem(err))
		case p == nil:
			http.Redirect(w, r, g.cfg.BaseURL+ui.PathRegia, http.StatusSeeOther)
		default:
			g.enterStage(w, r, portal)
		}
	}
}

// problem makes a refusal an error that a page can show.
func problem(err error) error {
	var denied *onboarding.Denied
	if errors.As(err, &denied) {
		return web.Conflict(denied.Error())
	}
	return err
}

// clockPost moves the clock (go=1d, 5d, 31d, real; date=…) or chooses which dates hold (timeline=…).
func (g *Regia) clockPost(w http.ResponseWriter, r *http.Request) {
	form, err := web.Form(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	err = g.moveClock(r.Context(), form)
	if err == nil {
		err = g.cfg.Office.Settle(r.Context())
	}
	p, openErr := g.open(r.Context())
	g.back(w, r, p, errors.Join(err, openErr))
}

func (g *Regia) moveClock(ctx context.Context, form url.Values) error {
	if days, ok := map[string]int{"1d": 1, "5d": 5, "31d": 31}[form.Get("go")]; ok {
		return g.cfg.Clock.AdvanceDays(ctx, days)
	}
	switch {
	case form.Get("go") == "real" || form.Get("date") == clock.Today:
		return g.cfg.Clock.Reset(ctx)
	case form.Get("timeline") != "":
		_, err := g.cfg.Office.Configure(ctx, func(s *onboarding.Settings) { s.Timeline = onboarding.Timeline(form.Get("timeline")) })
		return err
	}
	day, err := clock.ParseDay(form.Get("date"))
	if err != nil {
		return onboarding.Deny(onboarding.FieldMissing).By("ONB-02").At("date").Because("%v", err)
	}
	return g.cfg.Clock.Set(ctx, day.At(lessonHour, 0))
}

// lessonHour is the hour of a day that is chosen: counters are open.
const lessonHour = 10

// mistakePost does what is wrong on purpose (UX-106).
func (g *Regia) mistakePost(w http.ResponseWriter, r *http.Request) {
	g.chosen(w, r, "mistake", (*play).err)
}

// statePost jumps to any state of the request.
func (g *Regia) statePost(w http.ResponseWriter, r *http.Request) {
	g.chosen(w, r, "state", (*play).to)
}

// castPost puts somebody else on stage.
func (g *Regia) castPost(w http.ResponseWriter, r *http.Request) {
	g.chosen(w, r, "persona", (*play).recast)
}

func (g *Regia) chosen(w http.ResponseWriter, r *http.Request, field string, do func(p *play, id string) error) {
	form, err := web.Form(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	p, err := g.change(r.Context(), func(p *play) error { return do(p, form.Get(field)) })
	g.back(w, r, p, err)
}

// resetPost resets the lesson, or in one call the whole course (ONB-224).
func (g *Regia) resetPost(w http.ResponseWriter, r *http.Request) {
	form, err := web.Form(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	what := form.Get("reset")
	switch what {
	case "lesson":
		_, err = g.change(r.Context(), func(p *play) error { return p.jump(1) })
	case "course":
		err = g.resetCourse(r.Context())
	default:
		err = web.Unprocessable("reset", "want lesson or course")
	}
	if err != nil {
		web.Fail(w, r, problem(err))
		return
	}
	http.Redirect(w, r, pathReset+"?"+doneQuery+"="+what, http.StatusSeeOther)
}

// doneQuery says on the page of the reset what was done; resetStart is where one goes on then.
const doneQuery = "fatto"

var resetStart = map[string]string{"lesson": ui.PathRegia, "course": ui.PathHome}

func (g *Regia) resetCourse(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return errors.Join(g.cfg.Reset(ctx), g.drop(ctx))
}

// back answers a form of the Regia: see the Regia again, or what was wrong with the form (UX-63).
func (g *Regia) back(w http.ResponseWriter, r *http.Request, p *play, err error) {
	var denied *onboarding.Denied
	switch {
	case errors.Is(err, clock.ErrRange):
		g.render(w, r, http.StatusUnprocessableEntity, p, nil)
	case errors.As(err, &denied):
		g.render(w, r, http.StatusUnprocessableEntity, p, []ui.FieldError{{Field: fieldOf(denied.Field), Message: denied.In(web.Lang(r))}})
	case err != nil:
		web.Fail(w, r, err)
	default:
		http.Redirect(w, r, g.here(r), http.StatusSeeOther)
	}
}

// fieldOf is the field of the Regia to which the error summary links; fields of other pages have no place here.
func fieldOf(field string) string {
	if field == "date" || field == "state" {
		return field
	}
	return ""
}
