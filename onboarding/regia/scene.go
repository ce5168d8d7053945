package regia

import (
	"context"
	"slices"
	"strings"

	"spidsim/internal/outbox"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/spid"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// Scene is what stands round a page while a lesson plays: the place in the steps, what happened, the phone and the mailbox of who is on
// stage (UX-100…UX-103). nil where none plays, and on pages of people who are not on stage. lang is "it" or "en", code whose page it is
// ("" = nobody's yet), step its data-step. The request in ctx is told that the page's forms may lead to the other origin.
func (g *Regia) Scene(ctx context.Context, lang string, code spid.FiscalCode, step string) *templates.Scene {
	p, err := g.open(ctx)
	if err != nil || p == nil {
		g.complain(err)
		return nil
	}
	if code != "" && !slices.ContainsFunc(p.people, func(c onboarding.Citizen) bool { return c.FiscalCode == code }) {
		return nil
	}
	n, err := p.step()
	if err != nil {
		g.complain(err)
		return nil
	}
	s, err := p.scene(lang, p.lesson.StepOf(step, n), code)
	if err != nil {
		g.complain(err)
		return nil
	}
	s.Moves, s.Regia = pathMove, g.cfg.BaseURL+ui.PathRegia
	web.AllowFormIn(ctx, g.cfg.BaseURL, g.cfg.PortalURL)
	return s
}

// complain notes what went wrong: a page is shown without its scene rather than not at all.
func (g *Regia) complain(err error) {
	if err != nil {
		g.log.Error("the scene of a lesson", "err", err)
	}
}

// scene is the step's scene without its buttons.
func (p *play) scene(lang string, n int, code spid.FiscalCode) (*templates.Scene, error) {
	step := p.lesson.Step(n)
	s := &templates.Scene{
		Step: n, Steps: p.lesson.Names(lang), What: step.What.With(lang, p.names()...), Safety: step.Safety.With(lang, p.names()...),
		Clock: ui.Clock(p.cfg.Office.Now()),
	}
	for i := range s.Steps {
		s.Steps[i] = p.lesson.Steps[i].Short.With(lang, p.names()...)
	}
	who := p.people[0]
	for _, c := range p.people {
		if c.FiscalCode == code {
			who = c
		}
	}
	s.Person = who.GivenName
	if err := p.note(s, who, lang); err != nil {
		return nil, err
	}
	return s, p.deliverTo(s, who)
}

// note writes down the telephone PINs of a story, which the portal shows once only.
func (p *play) note(s *templates.Scene, c onboarding.Citizen, lang string) error {
	list, err := p.cfg.Office.PhonePINs(p.ctx, string(c.FiscalCode))
	for _, made := range list[:min(len(list), 2)] {
		s.Paper = append(s.Paper, templates.Noted{Code: made.Code, Spelled: onboarding.Spell(made.Code, lang)})
	}
	return err
}

// shown is how many messages of each kind are drawn: the newest is the one that the room waits for.
const shown = 1

// deliverTo draws the newest messages of a person: what fits on a phone, and what comes by post or mail (UX-102).
func (p *play) deliverTo(s *templates.Scene, c onboarding.Citizen) error {
	list, err := p.cfg.Outbox.List(p.ctx, outbox.Filter{}, 0)
	if err != nil {
		return err
	}
	boxes := mailboxes(c)
	for _, m := range list {
		if !slices.ContainsFunc(boxes, func(f outbox.Filter) bool { return f.Matches(m) }) {
			continue
		}
		drawn := templates.Message{ID: m.ID, Channel: m.Channel, From: p.sender(m), To: m.To, User: m.User, Subject: m.Subject, Text: plain(m.Text), Code: m.Code, At: m.At, Answer: m.Answer}
		switch {
		case (m.Channel == outbox.SMS || m.Channel == outbox.App) && len(s.Phone) < shown:
			s.Phone = append(s.Phone, drawn)
		case (m.Channel == outbox.Email || m.Channel == outbox.Letter) && len(s.Mailbox) < shown:
			s.Mailbox = append(s.Mailbox, drawn)
		}
	}
	return nil
}

// plain is a message without the simulator's banner, long or short: the drawing carries the mark itself.
func plain(text string) string {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), outbox.Banner))
	return strings.TrimPrefix(text, outbox.Mark+": ")
}

// sender is the gestore that sent a message, "" for the institute.
func (p *play) sender(m *outbox.Message) string {
	g, _ := p.cfg.Office.Gestore(m.IdP)
	return g.Name
}
