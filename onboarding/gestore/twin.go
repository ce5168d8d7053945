package gestore

import (
	"spidsim/onboarding"
	"spidsim/templates"
)

// twin is a request as its own browser may read it in JSON (UX-81): where it stands and what can be done, without codes.
type twin struct {
	ID      string             `json:"id"`
	State   onboarding.State   `json:"state"`
	Name    string             `json:"state_name"`
	IdP     string             `json:"idp"`
	Person  string             `json:"person,omitempty"`
	Mode    onboarding.ModeKey `json:"mode,omitempty"`
	LastDay string             `json:"last_day,omitempty"` // of the procedure code
	Tries   int                `json:"tries_left,omitempty"`
	Reason  onboarding.Code    `json:"reason,omitempty"`
	Events  []string           `json:"events"`
	Account *onboarding.Opened `json:"account,omitempty"`
}

func twinOf(e *onboarding.Enrolment) twin {
	t := twin{ID: e.ID, State: e.State, Name: e.State.Name(), IdP: e.IdP, Person: e.Name(), Mode: e.Mode, Reason: e.Reason, Events: eventsOf(e), Account: e.Account}
	if e.Procedure != nil {
		t.LastDay = e.Procedure.LastDay.String()
	}
	if e.State == onboarding.AtOnline {
		t.Tries = e.TriesLeft()
	}
	return t
}

func eventsOf(e *onboarding.Enrolment) []string {
	list := []string{}
	for _, ev := range e.Possible() {
		list = append(list, string(ev))
	}
	return list
}

// devOf are the facts of a request for developers.
func devOf(e *onboarding.Enrolment) *templates.EnrolDev {
	return &templates.EnrolDev{ID: e.ID, State: string(e.State) + " " + e.State.Name(), Events: eventsOf(e), URL: "/api/v1/enrolments/" + e.ID}
}
