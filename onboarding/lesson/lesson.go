package lesson

import (
	"slices"
	"strings"
)

// Text is a stretch of text in both languages. "{name}" stands for the given name of who is on stage, "{other}" for
// that of the second person.
type Text struct{ It, En string }

// In is the text in a language: English for "en", else Italian.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.En
	}
	return t.It
}

// With is In with the names put in, in the order of the cast.
func (t Text) With(lang string, names ...string) string {
	var pairs []string
	for i, mark := range []string{"{name}", "{other}"} {
		if i < len(names) {
			pairs = append(pairs, mark, names[i])
		}
	}
	return strings.NewReplacer(pairs...).Replace(t.In(lang))
}

// Lesson is one lesson, ready to be given.
type Lesson struct {
	ID      string // in addresses: "dal-pin-a-spid"
	Title   Text
	Tile    Text // the name on the start page, as short as can be
	Lead    Text // what it shows, one sentence
	Cast    []Part
	Needs   Need   // what the first of the cast must be
	Starts  string // civil date and time in Italy at which the first step plays: "2020-10-15 10:00"
	Minutes int    // what it takes, without questions
	Steps   []Step
	Handout Handout
}

// Part is a person on stage. The first is the one whose story it is.
type Part struct {
	Persona   string // "P01"
	GivenName string // of that person, for texts that are read before the lesson plays
	Role      Text
}

// Need is what somebody must be to play the first part.
type Need string

// Needs.
const (
	HasPIN  Need = "pin"  // an adult with a PIN and without SPID
	HasSPID Need = "spid" // level 2 with a code on the telephone
	HasNoID Need = "none" // an adult without SPID
)

// Origin says at whose address a step is seen.
type Origin string

// Origins.
const (
	Portal  Origin = "portal"  // the institute's portal
	Gestore Origin = "gestore" // the identity providers
	Console Origin = "console" // the simulator's own pages
)

// Place is where a step is seen. In Path "{enrolment}" stands for the request of the running story, "{idp}" for the slug of its
// gestore, "{code}" for its procedure code and "{cf}" for the codice fiscale of who is on stage.
type Place struct {
	Origin Origin
	Path   string
}

// Step is one step of a lesson, numbered by its place in Steps.
type Step struct {
	ID     string
	Name   Text // in the Regia: "Il codice di procedura"
	Short  Text // in the bar of steps: "Il codice"
	Place  Place
	States []string // states of the request that belong to the step, ids of States; none outside the request
	Pages  []string // data-step of the pages that belong to it
	At     string   // civil date and time in Italy when it begins; "" = the clock goes on
	Setup  []Event  // from the step before to this one
	Do     Text     // what the trainer does here
	What   Text     // what has happened, two sentences (UX-101)
	Safety Text     // the safety lesson that belongs here (UX-103); may be empty

	Notes    []Note
	Mistakes []Mistake
}

// Note is a question that people ask, with an answer for the presenter (UX-101).
type Note struct{ Question, Answer Text }

// Mistake is something done wrong on purpose (UX-106): the real rules refuse it.
type Mistake struct {
	ID     string // unique within the lesson
	Label  Text
	Reason string // reason code or state that the rules answer with: "RSN-DOC", "RE"
	Says   Text   // what the room should remember, one or two sentences
	Events []Event
	ByHand Text // what to do on the page, where no event stands for it; empty otherwise
}

// Names are the short names of the steps, in order.
func (l *Lesson) Names(lang string) []string {
	names := make([]string, len(l.Steps))
	for i := range l.Steps {
		names[i] = l.Steps[i].Short.In(lang)
	}
	return names
}

// Step returns the n-th step, from 1, or nil.
func (l *Lesson) Step(n int) *Step {
	if n < 1 || n > len(l.Steps) {
		return nil
	}
	return &l.Steps[n-1]
}

// Until returns the events from the beginning to the n-th step, step by step: one row for each.
func (l *Lesson) Until(n int) [][]Event {
	var rows [][]Event
	for i := range min(max(n, 0), len(l.Steps)) {
		rows = append(rows, l.Steps[i].Setup)
	}
	return rows
}

// When is the date and time at which the n-th step plays: its own, or the last one before it.
func (l *Lesson) When(n int) string {
	at := l.Starts
	for i := range min(max(n, 0), len(l.Steps)) {
		if l.Steps[i].At != "" {
			at = l.Steps[i].At
		}
	}
	return at
}

// StepOf returns the number of the step to which a page belongs, the nearest to the one that plays; without any it is current.
func (l *Lesson) StepOf(page string, current int) int {
	return l.nearest(current, func(s *Step) bool { return slices.Contains(s.Pages, page) })
}

func (l *Lesson) nearest(current int, fits func(*Step) bool) int {
	best := 0
	for i := range l.Steps {
		if fits(&l.Steps[i]) && (best == 0 || abs(i+1-current) < abs(best-current)) {
			best = i + 1
		}
	}
	if best == 0 {
		return current
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// Mistake returns the mistake of that id and the number of its step, or nil.
func (l *Lesson) Mistake(id string) (*Mistake, int) {
	for i := range l.Steps {
		for j := range l.Steps[i].Mistakes {
			if l.Steps[i].Mistakes[j].ID == id {
				return &l.Steps[i].Mistakes[j], i + 1
			}
		}
	}
	return nil, 0
}

// All returns the lessons in the order in which they are given. They are made anew at each call.
func All() []*Lesson {
	return []*Lesson{pinToSPID(), delegation(), phonePIN(), signIn()}
}

// Lookup returns the lesson of that id, or nil.
func Lookup(id string) *Lesson {
	for _, l := range All() {
		if l.ID == id {
			return l
		}
	}
	return nil
}

// StepIn returns the number of the step to which a state of the request belongs, the nearest to the one that plays; without any it is current.
func (l *Lesson) StepIn(state string, current int) int {
	return l.nearest(current, func(s *Step) bool { return slices.Contains(s.States, state) })
}
