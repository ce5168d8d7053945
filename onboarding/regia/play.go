package regia

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/onboarding"
	"spidsim/onboarding/lesson"
)

// begin starts a lesson at its first step, with its own people or, where cast is given, with others.
func (g *Regia) begin(ctx context.Context, l *lesson.Lesson, cast ...string) (*play, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(cast) == 0 {
		for _, part := range l.Cast {
			cast = append(cast, part.Persona)
		}
	}
	p, err := g.played(ctx, &Running{Lesson: l.ID, Step: 1, Cast: cast})
	if err != nil {
		return nil, err
	}
	return p, p.jump(1)
}

// change does something with the lesson that plays and keeps how it stands then. Without a lesson nothing is done.
func (g *Regia) change(ctx context.Context, do func(p *play) error) (*play, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p, err := g.open(ctx)
	if err != nil || p == nil {
		return nil, err
	}
	return p, do(p)
}

// jump brings the story to a step: the people on stage begin again, and all events up to it are replayed.
func (p *play) jump(n int) error {
	n = min(max(n, 1), len(p.lesson.Steps))
	p.run.Outcome = nil
	if err := p.clear(); err != nil {
		return err
	}
	for i := 1; i <= n; i++ {
		if err := p.perform(i); err != nil {
			return errors.Join(err, p.keep(p.ctx, p.run))
		}
	}
	return p.keep(p.ctx, p.run)
}

// next goes from a step to the one after it, by its own events. Where the story has left the lesson they do not lead there, and it is replayed.
func (p *play) next(from int) error {
	if from >= len(p.lesson.Steps) {
		p.run.Outcome = nil
		return p.keep(p.ctx, p.run)
	}
	if p.run.Outcome != nil { // a mistake, or a state far from the lesson
		return p.jump(from + 1)
	}
	if there, err := p.reached(from + 1); err != nil || there {
		p.run.Step = from + 1
		return errors.Join(err, p.keep(p.ctx, p.run))
	}
	err := p.perform(from + 1)
	if there, look := p.arrived(); err == nil && look == nil && there {
		return p.keep(p.ctx, p.run)
	}
	if _, denied := err.(*onboarding.Denied); err != nil && !denied {
		return err
	}
	return p.jump(from + 1)
}

// reached reports whether the story came to a step without the Regia: who plays by hand has done the step's events on the pages.
func (p *play) reached(n int) (bool, error) {
	e, err := p.enrolment()
	if err != nil || e == nil {
		return false, err
	}
	state := string(e.State)
	return slices.Contains(p.lesson.Step(n).States, state) && !slices.Contains(p.lesson.Step(n-1).States, state), nil
}

// arrived reports whether the request is in one of the states of the step that plays.
func (p *play) arrived() (bool, error) {
	e, err := p.enrolment()
	states := p.lesson.Step(p.run.Step).States
	return err == nil && (len(states) == 0 || e != nil && slices.Contains(states, string(e.State))), err
}

// perform plays the events of one step.
func (p *play) perform(n int) error {
	step := p.lesson.Step(n)
	if step.At != "" {
		if err := p.setClock(step.At); err != nil {
			return err
		}
	}
	for _, e := range step.Setup {
		if err := p.play(e); err != nil {
			return err
		}
	}
	p.run.Step = n
	return nil
}

// clear sets the clock to the beginning and takes what the people on stage did out of the books (ONB-224).
func (p *play) clear() error {
	if err := p.setClock(p.lesson.Starts); err != nil {
		return err
	}
	p.run.Visit, p.run.Enrolment, p.run.Ticket = "", "", ""
	var gone []outbox.Filter
	for _, c := range p.people {
		if p.cfg.Close != nil {
			if err := p.cfg.Close(p.ctx, c.FiscalCode); err != nil {
				return err
			}
		}
		if err := p.cfg.Office.Forget(p.ctx, c.FiscalCode); err != nil {
			return err
		}
		gone = append(gone, mailboxes(c)...)
	}
	return p.cfg.Outbox.Remove(p.ctx, gone...)
}

// mailboxes are the ways in which messages reach a person.
func mailboxes(c onboarding.Citizen) []outbox.Filter {
	all := []outbox.Filter{{User: c.Username}}
	for _, to := range []string{c.Email, c.Mobile} {
		if to != "" {
			all = append(all, outbox.Filter{To: to})
		}
	}
	return all
}

// setClock moves the clock to a civil date and time in Italy, "2020-10-15 10:24".
func (p *play) setClock(at string) error {
	t, err := civil(at)
	if err != nil {
		return err
	}
	if err := p.cfg.Clock.Set(p.ctx, t); err != nil {
		return err
	}
	return p.cfg.Office.Settle(p.ctx)
}

func civil(at string) (time.Time, error) {
	wall, err := time.Parse("2006-01-02 15:04", at)
	if err != nil {
		return time.Time{}, err
	}
	return clock.Date(wall.Date()).At(wall.Hour(), wall.Minute()), nil
}

func (p *play) advance(days string) error {
	n, err := strconv.Atoi(days)
	if err != nil {
		return err
	}
	if err := p.cfg.Clock.AdvanceDays(p.ctx, n); err != nil {
		return err
	}
	return p.cfg.Office.Settle(p.ctx)
}

// err does what is wrong on purpose, first bringing the story to the step to which it belongs, and notes how the rules answered (UX-106).
func (p *play) err(id string) error {
	m, n := p.lesson.Mistake(id)
	if m == nil {
		return onboarding.Deny(onboarding.FieldMissing).At("mistake").Because("no mistake %q in the lesson", id)
	}
	if step, err := p.step(); err != nil {
		return err
	} else if step != n || p.run.Outcome != nil {
		if err := p.jump(n); err != nil {
			return err
		}
	}
	p.run.Outcome = &Outcome{Mistake: id}
	return p.outcome(m.Events)
}

// to brings the story to a state of the request, from a fresh start.
func (p *play) to(id string) error {
	s, ok := lesson.StateOf(id)
	if !ok {
		return onboarding.Deny(onboarding.FieldMissing).At("state").Because("no state %q", id)
	}
	if err := p.clear(); err != nil {
		return err
	}
	p.run.Outcome, p.run.Step = &Outcome{State: id}, p.lesson.StepIn(id, 1)
	return p.outcome(s.Way)
}

// outcome plays events and notes the refusal, or the state in which they ended.
func (p *play) outcome(events []lesson.Event) error {
	for _, e := range events {
		err := p.play(e)
		var denied *onboarding.Denied
		if errors.As(err, &denied) {
			o := p.run.Outcome
			o.Reason, o.Italian, o.English = string(denied.Code), denied.Italian, denied.English
			return p.keep(p.ctx, p.run)
		}
		if err != nil {
			return err
		}
	}
	e, err := p.enrolment()
	if err != nil {
		return err
	}
	if e != nil && len(events) > 0 {
		p.run.Outcome.Reason = string(e.State)
	}
	return p.keep(p.ctx, p.run)
}

// recast puts somebody else on stage in the first part; the lesson begins again.
func (p *play) recast(id string) error {
	c, err := p.cfg.Office.Citizen(p.ctx, id)
	if err != nil {
		return err
	}
	cast := slices.Clone(p.run.Cast)
	cast[0] = c.ID
	if slices.Contains(cast[1:], c.ID) {
		return onboarding.Deny(onboarding.DelegateSelf).At("persona")
	}
	if err := p.clear(); err != nil { // whoever leaves the stage begins again too
		return err
	}
	p.run.Cast, p.people[0] = cast, c
	return p.jump(1)
}
