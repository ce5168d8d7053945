package regia

import (
	"context"
	"slices"
	"strings"

	"spidsim/internal/clock"
	"spidsim/onboarding"
	"spidsim/onboarding/lesson"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// tiles are the lessons on the start page, in its order, each with its drawing (ux.md section 6).
var tiles = []struct{ lesson, icon string }{{"dal-pin-a-spid", "card"}, {"entra-con-spid", "person"}, {"delega", "letter"}, {"pin-telefonico", "app"}}

func tileViews(lang string) []templates.LessonTile {
	list := make([]templates.LessonTile, len(tiles))
	for i, t := range tiles {
		l := lesson.Lookup(t.lesson)
		list[i] = templates.LessonTile{URL: ui.PathLessons + l.ID, Title: l.Tile.In(lang), Lead: l.Lead.In(lang), Icon: t.icon, Steps: len(l.Steps), Minutes: l.Minutes}
	}
	return list
}

// Plans are the lessons as the guide tells them, in a language.
func Plans(lang string) []templates.LessonPlan {
	var plans []templates.LessonPlan
	for _, l := range lesson.All() {
		plans = append(plans, templates.LessonPlan{
			ID: l.ID, Title: l.Title.In(lang), Lead: l.Lead.In(lang), URL: ui.PathLessons + l.ID, Handout: ui.PathHandouts + l.ID, Minutes: l.Minutes,
			Steps: steps(l, lang, personaNames(l)),
		})
	}
	return plans
}

// personaNames are the given names of a lesson's own cast, where nobody else has been put on stage.
func personaNames(l *lesson.Lesson) []string {
	names := make([]string, len(l.Cast))
	for i, part := range l.Cast {
		names[i] = part.GivenName
	}
	return names
}

func steps(l *lesson.Lesson, lang string, names []string) []templates.LessonStep {
	list := make([]templates.LessonStep, len(l.Steps))
	for i, s := range l.Steps {
		list[i] = templates.LessonStep{Name: s.Name.With(lang, names...), Do: s.Do.With(lang, names...)}
	}
	return list
}

func (g *Regia) lessonView(ctx context.Context, page ui.Page, l *lesson.Lesson) (*templates.LessonView, error) {
	lang := page.L()
	date, _, _ := strings.Cut(l.Starts, " ")
	v := &templates.LessonView{
		ID: l.ID, Number: number(l), Title: l.Title.In(lang), Lead: l.Lead.In(lang), Date: date, Minutes: l.Minutes, Steps: steps(l, lang, personaNames(l)),
		Handout: ui.PathHandouts + l.ID, Action: ui.PathRegia,
	}
	for _, part := range l.Cast {
		c, err := g.cfg.Office.Citizen(ctx, part.Persona)
		if err != nil {
			return nil, err
		}
		v.Cast = append(v.Cast, person(c, dayOf(l.Starts), part.Role.In(lang)))
	}
	p, err := g.open(ctx)
	if err != nil || p == nil {
		return v, err
	}
	running, err := p.runningView(page)
	if p.lesson.ID == l.ID {
		v.Now = running
	} else {
		v.Other = running
	}
	return v, err
}

func number(l *lesson.Lesson) int {
	return 1 + slices.IndexFunc(lesson.All(), func(x *lesson.Lesson) bool { return x.ID == l.ID })
}

func dayOf(at string) clock.Day {
	t, err := civil(at)
	if err != nil {
		return clock.Day{}
	}
	return clock.DayOf(t)
}

// person is somebody with age on a day and part.
func person(c onboarding.Citizen, day clock.Day, role string) templates.StagePerson {
	return templates.StagePerson{ID: c.ID, Name: c.Name(), Age: c.AgeOn(day), Role: role}
}

func (p *play) runningView(page ui.Page) (*templates.RunningLesson, error) {
	n, err := p.step()
	return &templates.RunningLesson{
		Title: p.lesson.Title.In(page.L()), Step: n, Of: len(p.lesson.Steps), Name: p.lesson.Step(n).Short.With(page.L(), p.names()...), URL: ui.PathRegia,
	}, err
}

func (p *play) castView(page ui.Page) (*templates.StagePeopleView, error) {
	list, err := p.cfg.Office.Citizens(p.ctx)
	if err != nil {
		return nil, err
	}
	today := p.cfg.Office.Today()
	v := &templates.StagePeopleView{Now: p.run.Cast[0], Lesson: p.lesson.Title.In(page.L()), Action: pathCast, Back: ui.PathRegia}
	for _, c := range list {
		if c.ID == "" || slices.Contains(p.run.Cast[1:], c.ID) {
			continue
		}
		v.People = append(v.People, person(c, today, note(c, page.L())))
		if suits(p.lesson.Needs, c, today) {
			v.Fit = append(v.Fit, c.ID)
		}
	}
	return v, nil
}

// note is what a test person is good for.
func note(c onboarding.Citizen, lang string) string {
	return lesson.Text{It: c.Note, En: orElse(c.NoteEnglish, c.Note)}.In(lang)
}

// suits reports whether somebody can play the first part of a lesson.
func suits(need lesson.Need, c onboarding.Citizen, day clock.Day) bool {
	switch need {
	case lesson.HasPIN:
		return c.PINCode != "" && len(c.IdPs) == 0 && !c.CannotHaveSPID(day)
	case lesson.HasSPID:
		return slices.Contains(c.Levels, 2) && slices.Contains(c.SecondFactors, "sms") && c.Status == "active" && !c.MinorOn(day)
	}
	return len(c.IdPs) == 0 && !c.CannotHaveSPID(day)
}

func (g *Regia) handoutView(ctx context.Context, lang string, l *lesson.Lesson) (*templates.HandoutView, error) {
	h := l.Handout
	v := &templates.HandoutView{
		Number: number(l), Lesson: l.Title.In(lang), Title: h.Title.In(lang), FigureAs: h.FigureAs.In(lang), Figure: h.Figure.In(lang), Write: h.Code,
		Bring: in(lang, h.Bring), Steps: in(lang, h.Steps), Safety: in(lang, h.Safety), Lines: in(lang, h.Lines), Words: glossary(lang, h.Words),
		Year: h.Year, Back: ui.PathLessons + l.ID,
	}
	p, err := g.open(ctx)
	if err != nil || p == nil || p.lesson.ID != l.ID {
		return v, err
	}
	v.Back = ui.PathRegia
	if v.Scene = g.Scene(ctx, lang, "", "handout"); v.Scene != nil {
		v.Scene.Regia = "" // Back leads there
	}
	e, err := p.enrolment()
	if err == nil && h.Code && e != nil && e.Procedure != nil {
		v.Code, v.Until, v.Write = e.Procedure.Code, e.Procedure.LastDay.String(), false
	}
	return v, err
}

func in(lang string, texts []lesson.Text) []string {
	list := make([]string, len(texts))
	for i, t := range texts {
		list[i] = t.In(lang)
	}
	return list
}

func glossary(lang string, words []lesson.Word) []templates.GlossaryWord {
	list := make([]templates.GlossaryWord, len(words))
	for i, w := range words {
		list[i] = templates.GlossaryWord{Word: w.Word.In(lang), Meaning: w.Meaning.In(lang)}
	}
	return list
}
