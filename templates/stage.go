package templates

import (
	"slices"
	"strings"

	"spidsim/templates/ui"
)

func stageHouse(title, current string) ui.House {
	return ui.House{Kind: ui.HouseStage, Title: title, Current: current}
}

func (l *RegiaLesson) stepName() string {
	if l.Step < 1 || l.Step > len(l.Steps) {
		return l.Title
	}
	return l.Steps[l.Step-1]
}

// group picks the people that suit the running lesson, or the others.
func (v StagePeopleView) group(fit bool) []StagePerson {
	var picked []StagePerson
	for _, person := range v.People {
		if slices.Contains(v.Fit, person.ID) == fit {
			picked = append(picked, person)
		}
	}
	return picked
}

// choices are the presets of the clock, each with what changes on its day.
func (c RegiaClock) choices(p ui.Page) []ui.Choice {
	choices := make([]ui.Choice, len(c.Presets))
	for i, preset := range c.Presets {
		choices[i] = ui.Choice{Value: preset.Day, Label: preset.What}
		if preset.Day != "" {
			choices[i].Label = p.T("regia.clock.choice", ui.DateOf(p.L(), preset.Day), preset.What)
		}
	}
	return choices
}

// timeline says which of the two sets of dates holds (ONB-03).
func (c RegiaClock) timeline(p ui.Page) string {
	if c.Timeline == "applied" {
		return p.T("regia.timeline.applied")
	}
	return p.T("regia.timeline.announced")
}

// where says whose page the step is seen on.
func (l *RegiaLesson) where(p ui.Page) string {
	switch l.Place {
	case "portal":
		return p.T("regia.where.portal")
	case "gestore":
		return p.T("regia.where.gestore")
	}
	return p.T("regia.where.console")
}

// open says what the one button does: it opens the step's page.
func (l *RegiaLesson) open(p ui.Page) string {
	switch l.Place {
	case "portal":
		return p.T("regia.open.portal")
	case "gestore":
		return p.T("regia.open.gestore")
	}
	return p.T("regia.open.console")
}

// role is somebody with age and part: "77 anni, pensionata, ha il PIN".
func (v StagePerson) role(p ui.Page) string {
	if v.Age == 0 {
		return v.Role
	}
	return p.T("cast.age", v.Age, v.Role)
}

// errors are what was wrong with the last form of the Regia.
func (v RegiaView) errors(p ui.Page) []ui.FieldError {
	if v.TooFar {
		return append(v.Errors, ui.FieldError{Field: "date", Message: p.T("regia.clock.range")})
	}
	return v.Errors
}

// sender is who a drawn message comes from: the institute where nobody is named.
func (m Message) sender(p ui.Page) string {
	switch {
	case m.From == "":
		return p.T("scene.institute")
	case strings.HasSuffix(m.From, ")"):
		return m.From
	}
	return m.From + " " + p.T("simulated.m")
}

// at is an address below that of the Regia. A window of its own stays one after a form.
func (v RegiaView) at(path string) string {
	if v.Alone {
		return v.Base + path + "?finestra=2"
	}
	return v.Base + path
}
