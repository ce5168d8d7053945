package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/onboarding"
)

// Denial is the answer of a rule that says no, as application/problem+json: 422, or 409 with the code RSN-STEP. code is the reason RSN-…, rule
// the id ONB-…, title the English sentence and detail what was found and wanted (ONB-04).
type Denial struct {
	web.Problem
	TitleIt   string   `json:"title_it"`
	Suggest   string   `json:"suggest,omitempty"`    // what helps instead: "delega", "spid", "minori"
	TriesLeft *int     `json:"tries_left,omitempty"` // where they are counted
	Enrolment string   `json:"enrolment,omitempty"`  // the request that was to be moved, and where it stands
	State     string   `json:"state,omitempty"`
	StateName string   `json:"state_name,omitempty"`
	Next      []string `json:"next,omitempty"`
}

// stuck is a denial at a request, as it stands now.
type stuck struct {
	*onboarding.Denied
	at *onboarding.Enrolment
}

// Unwrap returns the denial.
func (s *stuck) Unwrap() error { return s.Denied }

// fail answers with an error: a rule's as Denial, "not found" as 404, others as the web layer says.
func (a *API) fail(w http.ResponseWriter, r *http.Request, err error) {
	var denied *onboarding.Denied
	switch {
	case errors.As(err, &denied):
		var s *stuck
		errors.As(err, &s)
		deny(w, r, denied, s)
	case errors.Is(err, onboarding.ErrNoGate):
		web.Fail(w, r, web.Conflict("the portal is off, so nothing is handed over: begin the request at the gestore, with direct"))
	case errors.Is(err, store.ErrNotFound):
		web.Fail(w, r, web.NotFound("there is nothing of that name"))
	default:
		web.Fail(w, r, err)
	}
}

func deny(w http.ResponseWriter, r *http.Request, d *onboarding.Denied, s *stuck) {
	status := http.StatusUnprocessableEntity
	if d.Code == onboarding.WrongStep {
		status = http.StatusConflict
	}
	body := Denial{TitleIt: d.Italian, Suggest: d.Suggest, Problem: web.Problem{Title: d.English, Status: status, Detail: d.Detail, Code: string(d.Code),
		Field: d.Field, Rule: d.Rule, Reference: web.RequestID(r)}}
	left, counted := d.Left, d.Left > 0
	if s != nil && s.at != nil {
		e := s.at
		body.Enrolment, body.State, body.StateName, body.Next = e.ID, string(e.State), e.State.Name(), next(e)
		if counted && e.State == onboarding.AtModes {
			left = 0 // the third one: another way has to be chosen
		}
	}
	if counted {
		body.TriesLeft = &left
	}
	writeProblem(w, status, body)
}

// writeProblem writes a problem that has more members than those of the web layer.
func writeProblem(w http.ResponseWriter, status int, body Denial) {
	octets, err := json.Marshal(body)
	if err != nil { // strings and numbers always encode
		octets = []byte(`{"title":"Internal Server Error","status":500,"code":"json"}`)
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Length", strconv.Itoa(len(octets)+1))
	w.WriteHeader(status)
	_, _ = w.Write(append(octets, '\n')) // a client that left is no error of ours
}

// missingAs turns store.ErrNotFound into a 404 that says what was looked for.
func missingAs(err error, what string) error {
	if errors.Is(err, store.ErrNotFound) {
		return web.NotFound("there is no " + what)
	}
	return err
}

// at names the member of the body that a denial is about, unless the rule names one.
func at(err error, field string) error {
	var denied *onboarding.Denied
	if errors.As(err, &denied) && denied.Field == "" {
		return denied.At(field)
	}
	return err
}

// refuse is a denial of our own: a member that cannot be what it is.
func refuse(rule, field, format string, args ...any) error {
	return onboarding.Deny(onboarding.FieldMissing).By(rule).At(field).Because(format, args...)
}
