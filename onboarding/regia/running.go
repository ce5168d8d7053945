package regia

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"spidsim/internal/store"
	"spidsim/onboarding"
	"spidsim/onboarding/lesson"
)

// Running is the lesson that plays: the one document behind the Regia.
type Running struct {
	Lesson    string   `json:"lesson"`
	Step      int      `json:"step"`                // from 1
	Cast      []string `json:"cast"`                // personas, in the order of the lesson's parts
	Visit     string   `json:"visit,omitempty"`     // id of the story's visit at the portal
	Enrolment string   `json:"enrolment,omitempty"` // its request
	Outcome   *Outcome `json:"outcome,omitempty"`   // of the last mistake or jump to a state
	Ticket    string   `json:"ticket,omitempty"`    // SHA-256 of the ticket for the portal's door, hex
}

// Outcome is how the last thing ended that was done on purpose.
type Outcome struct {
	Mistake string `json:"mistake,omitempty"` // its id; "" = a jump to State
	State   string `json:"state,omitempty"`
	Reason  string `json:"reason,omitempty"` // code of the refusal, or the state in which it ended
	Italian string `json:"italian,omitempty"`
	English string `json:"english,omitempty"`
}

const runningID = "running"

// now returns the lesson that plays, nil when none does or when it is of another version of the program.
func (g *Regia) now(ctx context.Context) (*Running, error) {
	run, err := g.running.Get(ctx, runningID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if l := lesson.Lookup(run.Lesson); l == nil || l.Step(run.Step) == nil || len(run.Cast) != len(l.Cast) {
		return nil, nil
	}
	return run, nil
}

func (g *Regia) keep(ctx context.Context, run *Running) error {
	return g.running.Put(ctx, runningID, run, time.Time{})
}

func (g *Regia) drop(ctx context.Context) error {
	if err := g.running.Delete(ctx, runningID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}

// play is a lesson with what plays of it.
type play struct {
	*Regia
	ctx    context.Context
	lesson *lesson.Lesson
	run    *Running
	people []onboarding.Citizen // of the cast
}

// open returns the lesson that plays, nil when none does.
func (g *Regia) open(ctx context.Context) (*play, error) {
	run, err := g.now(ctx)
	if run == nil || err != nil {
		return nil, err
	}
	return g.played(ctx, run)
}

func (g *Regia) played(ctx context.Context, run *Running) (*play, error) {
	p := &play{Regia: g, ctx: ctx, lesson: lesson.Lookup(run.Lesson), run: run}
	for _, persona := range run.Cast {
		c, err := g.cfg.Office.Citizen(ctx, persona)
		if err != nil {
			return nil, err
		}
		p.people = append(p.people, c)
	}
	return p, nil
}

// persona is somebody of the lesson's text: who plays the part, or the person of that id.
func (p *play) persona(id string) (onboarding.Citizen, error) {
	if id == "" {
		return p.people[0], nil
	}
	for i, part := range p.lesson.Cast {
		if part.Persona == id {
			return p.people[i], nil
		}
	}
	return p.cfg.Office.Citizen(p.ctx, id)
}

// names are the given names of the cast.
func (p *play) names() []string {
	names := make([]string, len(p.people))
	for i, c := range p.people {
		names[i] = c.GivenName
	}
	return names
}

// enrolment is the request of the story as it stands now, nil when there is none.
func (p *play) enrolment() (*onboarding.Enrolment, error) {
	if p.run.Enrolment == "" {
		return nil, nil
	}
	e, err := p.cfg.Office.Enrolment(p.ctx, p.run.Enrolment)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err == nil && e.Merged != "" {
		return p.cfg.Office.Enrolment(p.ctx, e.Merged)
	}
	return e, err
}

// step is the number of the step that the story has reached: who plays by hand goes on without the Regia.
func (p *play) step() (int, error) {
	e, err := p.enrolment()
	if err != nil || e == nil || len(p.lesson.Step(p.run.Step).States) == 0 {
		return p.run.Step, err
	}
	return p.lesson.StepIn(string(e.State), p.run.Step), nil
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
