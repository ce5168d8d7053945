package regia

import (
	"context"

	"spidsim/internal/clock"
	"spidsim/onboarding"
	"spidsim/onboarding/lesson"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// regiaView is the presenter's desk.
func (g *Regia) regiaView(ctx context.Context, page ui.Page, p *play) (*templates.RegiaView, error) {
	v := &templates.RegiaView{Base: ui.PathRegia}
	s, err := g.cfg.Office.Settings(ctx)
	if err != nil {
		return nil, err
	}
	v.Clock = g.clockView(page.L(), s)
	if p == nil {
		return v, nil
	}
	if v.Lesson, err = p.lessonView(page); err != nil {
		return nil, err
	}
	v.Outcome = p.outcomeView(page.L())
	return v, nil
}

func (g *Regia) clockView(lang string, s onboarding.Settings) templates.RegiaClock {
	now, today := g.cfg.Office.Now(), g.cfg.Office.Today()
	v := templates.RegiaClock{Date: today.String(), Time: ui.Clock(now), Phase: onboarding.PhaseOf(today).In(lang), Moved: g.cfg.Clock.Moved(), Timeline: string(s.Timeline)}
	for _, preset := range clock.Presets() {
		v.Presets = append(v.Presets, templates.ClockPreset{Day: preset.Name, What: ui.Preset(lang, preset.Name)})
		if v.Preset == "" && preset.Day.After(today) {
			v.Preset = preset.Name // the next one is at hand
		}
	}
	return v
}

// lessonView is the lesson as the Regia shows it.
func (p *play) lessonView(page ui.Page) (*templates.RegiaLesson, error) {
	lang, names := page.L(), p.names()
	n, err := p.step()
	if err != nil {
		return nil, err
	}
	step := p.lesson.Step(n)
	v := &templates.RegiaLesson{
		Title: p.lesson.Title.In(lang), Step: n, Do: step.Do.With(lang, names...), Place: string(step.Place.Origin),
		Handout: ui.PathHandouts + p.lesson.ID,
	}
	for i, s := range p.lesson.Steps {
		v.Steps = append(v.Steps, s.Name.With(lang, names...))
		mistakes := &v.OtherMistakes
		if i+1 == n {
			mistakes = &v.Mistakes
		}
		for _, m := range s.Mistakes {
			*mistakes = append(*mistakes, ui.Choice{Value: m.ID, Label: m.Label.In(lang)})
		}
	}
	for _, note := range step.Notes {
		v.Notes = append(v.Notes, templates.StageNote{Question: note.Question.With(lang, names...), Answer: note.Answer.With(lang, names...)})
	}
	if err := p.castOf(v, lang); err != nil {
		return nil, err
	}
	if err := p.states(v, lang); err != nil {
		return nil, err
	}
	if v.Scene, err = p.scene(lang, n, ""); err == nil {
		v.Scene.Moves = ui.PathRegia
	}
	return v, err
}

func (p *play) castOf(v *templates.RegiaLesson, lang string) error {
	for i, c := range p.people {
		role := p.lesson.Cast[i].Role.In(lang)
		if c.ID != p.lesson.Cast[i].Persona {
			role = note(c, lang)
		}
		card := person(c, p.cfg.Office.Today(), role)
		if err := p.keys(&card, c); err != nil {
			return err
		}
		if i == 0 {
			v.Person = card
		} else {
			v.Others = append(v.Others, card)
		}
	}
	return nil
}

// keys are what the presenter types for somebody: the PIN, and the credentials of the person or of the account that the story opened.
func (p *play) keys(card *templates.StagePerson, c onboarding.Citizen) error {
	card.FiscalCode, card.PIN = string(c.FiscalCode), c.PINCode
	if len(c.IdPs) > 0 {
		card.Username, card.Password = c.Username, c.Password
	}
	e, err := p.enrolment()
	if err == nil && e != nil && e.FiscalCode == c.FiscalCode && e.Account != nil {
		card.Username, card.Password = e.Account.Username, onboarding.Sample
	}
	return err
}

// states offers those of the request, in lessons that have one. R0 is passed through within the delivery and is no place to stop.
func (p *play) states(v *templates.RegiaLesson, lang string) error {
	if p.lesson.Needs != lesson.HasPIN {
		return nil
	}
	e, err := p.enrolment()
	if err != nil {
		return err
	}
	v.State = string(onboarding.AtHome)
	if e != nil {
		v.State = string(e.State)
	}
	for _, s := range lesson.States() {
		if s.ID != string(onboarding.Received) {
			v.States = append(v.States, ui.Choice{Value: s.ID, Label: s.Name.In(lang)})
		}
	}
	return nil
}

// outcomeView tells how the last mistake or jump ended, with the very sentence of the rules.
func (p *play) outcomeView(lang string) *templates.RegiaOutcome {
	o := p.run.Outcome
	if o == nil {
		return nil
	}
	v := &templates.RegiaOutcome{Tone: ui.Warn, Said: lesson.Text{It: o.Italian, En: o.English}.In(lang)}
	if m, _ := p.lesson.Mistake(o.Mistake); m != nil {
		v.Title, v.Says = m.Label.In(lang), m.Says.In(lang)
		if m.ByHand.It != "" {
			v.Tone, v.Said = ui.Info, m.ByHand.In(lang)
		}
	}
	if s, ok := lesson.StateOf(o.State); ok {
		v.Title = s.Name.In(lang)
		if v.Said == "" {
			v.Tone, v.There = ui.OK, true
		}
	}
	if s, ok := lesson.StateOf(o.Reason); ok && v.Said == "" && o.Mistake != "" {
		v.Said = s.Name.In(lang)
	}
	return v
}
