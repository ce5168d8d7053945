package templates

import (
	"strings"

	"spidsim/templates/ui"
)

// Scene is what stands round a page of the way from PIN to SPID: the place in the steps, the person's phone and mailbox, and what
// just happened. Pages show what is filled in; nil shows nothing (UX-100…UX-103).
type Scene struct {
	Step   int      // of Steps, from 1; 0 = no steps are shown
	Steps  []string // names of all steps, in the page's language
	What   string   // what happened, two sentences; "" = nothing to say
	Safety string   // the safety lesson of the step; "" = none

	Person  string    // whose phone and mailbox these are, given name
	Clock   string    // time of day on the phone, "10:24"
	Phone   []Message // newest first: SMS and questions of the app
	Mailbox []Message // newest first: e-mails and letters
	Phones  bool      // the phone is drawn although it is empty
	Letters bool      // the mailbox is drawn although it is empty
	Paper   []Noted   // what the person has written down, newest first; the pages show it once only

	Moves string // where the lesson's own buttons post go=next and go=back, on the page's origin; "" = they are not shown
	Regia string // address of the presenter's page; "" = not linked
}

// Noted is a code on the person's own sheet of paper.
type Noted struct {
	Code    string   // without spaces
	Spelled []string // for reading aloud, in the page's language
}

func (s *Scene) stepName() string {
	if s.Step < 1 || s.Step > len(s.Steps) {
		return ""
	}
	return s.Steps[s.Step-1]
}

// out is where "go back" leads from the first step: to the presenter's page, and from there to the start.
func (s *Scene) out() string {
	if s.Regia == "" {
		return ui.PathHome
	}
	return s.Regia
}

// codeApart reports whether a letter's code is to be shown by itself, since its text does not say it.
func (m Message) codeApart() bool {
	return m.Code != "" && !strings.Contains(m.Text, m.Code) && !strings.Contains(m.Text, ui.Fours(m.Code))
}
