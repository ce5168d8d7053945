package portal

import (
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// level3From is when level 3 exists (ONB-27).
var level3From = clock.Date(2021, time.January, 1)

// info is a page that anybody may read (ONB-17, ONB-23…28, ONB-77, ONB-210).
func (p *Portal) info(page func(ui.Page, templates.PortalInfoView) templ.Component, step string) handler {
	return func(c *call) error {
		view := c.infoView(step)
		return c.show(map[string]bool{"level3": view.Level3, "minors": view.Minors}, page(c.page, view))
	}
}

func (c *call) infoView(step string) templates.PortalInfoView {
	day := c.p.office.Today()
	view := templates.PortalInfoView{Visit: c.view(step), Level3: !day.Before(level3From), Minors: !day.Before(onboarding.SPIDForMinors), Fees: !day.Before(feesFrom)}
	for _, f := range onboarding.Adoption() {
		view.Figures = append(view.Figures, templates.PortalFigure(f))
	}
	if c.p.cfg.GestoreURL != "" {
		view.GuideURL = c.p.cfg.GestoreURL + ui.PathGuide
	}
	return view
}

// feesFrom is when the first gestore asks for a yearly fee (ONB-207).
var feesFrom = clock.Date(2025, time.May, 1)

// tableYears are the years that the comparison shows, each by its last day (ONB-202, ONB-206, ONB-207).
var tableYears = []int{2020, 2021, 2023, 2026}

// compare is the table of the gestori in a year.
func (p *Portal) compare(c *call) error {
	year, err := strconv.Atoi(c.query("year"))
	if err != nil || !slices.Contains(tableYears, year) {
		year = tableYears[0]
		for _, y := range tableYears {
			if y <= p.office.Today().Year {
				year = y
			}
		}
	}
	view := templates.PortalTable{Visit: c.view("idp-compare"), Year: strconv.Itoa(year)}
	for _, y := range tableYears {
		view.Years = append(view.Years, strconv.Itoa(y))
	}
	day := clock.Date(year, time.December, 31)
	view.Items = offers(c.compared(day), day)
	return c.show(listTwin(templates.PortalIdPsView{Items: view.Items}), templates.IdPCompare(c.page, view))
}

// compared are the gestori that the table tells of: those of the sources, all of them, save where the program plays none of them.
func (c *call) compared(day clock.Day) []onboarding.Provider {
	known := onboarding.Known()
	for _, g := range c.p.office.Gestori() {
		if slices.Contains(known, g.Slug) {
			return onboarding.KnownOn(day)
		}
	}
	return c.p.office.GestoriOn(day)
}

// noteTo marks the notes of the questions box in the outbox: they go to nobody (ONB-193).
const noteTo = "domande@personas.example"

// help says who helps, and keeps the reader's questions on this computer (ONB-147, ONB-191, ONB-193).
func (p *Portal) help(c *call) error {
	view, err := c.helpView()
	if err != nil {
		return err
	}
	return c.show(view.Notes, templates.PortalHelp(c.page, view))
}

func (c *call) helpView() (templates.PortalInfoView, error) {
	view := c.infoView("help")
	view.Note, view.NoteSaved = c.field("note"), c.query("fatto") == "nota"
	if view.NoteSaved {
		view.Done = ""
	}
	var err error
	view.Notes, err = c.notes(noteTo)
	return view, err
}

// notes are the newest of those that were kept under an address.
func (c *call) notes(to string) (notes []templates.PortalNote, err error) {
	if c.p.cfg.Outbox == nil {
		return nil, nil
	}
	list, err := c.p.cfg.Outbox.List(c.ctx(), outbox.Filter{To: to}, 5)
	for _, m := range list {
		notes = append(notes, templates.PortalNote{At: m.At, Text: m.Text})
	}
	return notes, err
}

// keep keeps a note under an address that nobody reads: nothing leaves (ONB-05).
func (c *call) keep(to, subject, text string) error {
	if c.p.cfg.Outbox == nil {
		return nil
	}
	_, err := c.p.cfg.Outbox.Send(c.ctx(), outbox.Message{Channel: outbox.Letter, To: to, Subject: subject, Text: clip(text, maxNote)})
	return err
}

// keepNote keeps a question in the outbox, from which nothing leaves.
func (p *Portal) keepNote(c *call) error {
	if note := c.field("note"); note != "" {
		if err := c.keep(noteTo, "Nota", note); err != nil {
			return err
		}
		return c.see(templates.PathHelp + "?fatto=nota")
	}
	view, err := c.helpView()
	if err != nil {
		return err
	}
	return c.again(onboarding.Deny(onboarding.FieldMissing).By("ONB-193").At("note"), fields{"note": "note"}, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.PortalHelp(c.page, view)
	})
}

// maxNote bounds a note, in letters.
const maxNote = 2000

func clip(s string, n int) string {
	if letters := []rune(s); len(letters) > n {
		return string(letters[:n]) + "…"
	}
	return s
}
