package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"spidsim/internal/web"
	"spidsim/onboarding"
)

// filter says which requests are listed.
type filter struct {
	person, username string // as asked for, and the test person's
	code             string
	idp              string
	state            onboarding.State
}

func (f filter) takes(e *onboarding.Enrolment) bool {
	return (f.idp == "" || e.IdP == f.idp) && (f.state == "" || e.State == f.state) &&
		(f.person == "" || f.username != "" && e.Username == f.username || string(e.FiscalCode) == f.code)
}

// listEnrolments lists the newest requests, or waits for one: with ?wait= it answers as soon as one matches, and with none when the time is up.
func (a *API) listEnrolments(w http.ResponseWriter, r *http.Request) (any, error) {
	f, err := a.filterOf(r)
	if err != nil {
		return nil, err
	}
	wait, err := waitOf(r.URL.Query().Get("wait"))
	if err != nil {
		return nil, err
	}
	found, err := a.foundWithin(w, r, f, wait)
	if err != nil {
		return nil, err
	}
	return page(r, found, func(e *onboarding.Enrolment) string { return e.ID }, enrolmentItem)
}

func (a *API) filterOf(r *http.Request) (filter, error) {
	q := r.URL.Query()
	f := filter{person: strings.TrimSpace(q.Get("person")), idp: q.Get("idp")}
	f.code = strings.ToUpper(f.person)
	if s := q.Get("state"); s != "" {
		state, ok := stateNamed(s)
		if !ok {
			return f, badQuery("state", s, "a state such as R4 or MODE")
		}
		f.state = state
	}
	c, err := a.office.Citizen(r.Context(), f.person)
	var denied *onboarding.Denied
	switch {
	case err == nil:
		f.username, f.code = c.Username, string(c.FiscalCode)
	case !errors.As(err, &denied): // of others than the test people the codice fiscale is compared
		return f, err
	}
	return f, nil
}

// longestWait bounds ?wait=; often is how long a waiting request sleeps between two looks.
const (
	longestWait = 60 * time.Second
	often       = 100 * time.Millisecond
)

func waitOf(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, badQuery("wait", s, "a length of time such as 10s")
	}
	return min(d, longestWait), nil
}

// foundWithin waits by the real clock, since it is a client that waits; the deadlines of the connection are moved with it, or the server would
// cut a long wait short.
func (a *API) foundWithin(w http.ResponseWriter, r *http.Request, f filter, wait time.Duration) ([]*onboarding.Enrolment, error) {
	if wait > 0 {
		end, control := time.Now().Add(wait+10*time.Second), http.NewResponseController(w)
		for _, err := range []error{control.SetReadDeadline(end), control.SetWriteDeadline(end)} {
			if err != nil && !errors.Is(err, http.ErrNotSupported) {
				return nil, err
			}
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	for {
		found, err := a.office.Enrolments(r.Context(), 0)
		if err != nil {
			return nil, err
		}
		found = slices.DeleteFunc(found, func(e *onboarding.Enrolment) bool { return !f.takes(e) })
		if len(found) > 0 {
			return found, nil
		}
		select {
		case <-ctx.Done():
			return nil, nil
		case <-time.After(often):
		}
	}
}

// NewEnrolment is the body of POST enrolments.
type NewEnrolment struct {
	Person string `json:"person"` // whose request it is: codice fiscale, user name or persona
	Direct string `json:"direct"` // slug of the gestore on whose site it begins (ONB-108); "" begins at the portal
	To     string `json:"to"`     // state to which it is walked, "R4" or "MODE"; needs a person
	IdP    string `json:"idp"`    // gestore that is chosen on the way; "" = poste, or the first that takes part
	Mode   string `json:"mode"`   // way to be identified that is chosen; "" = one that fits
	Means  string `json:"means"`  // by which the person enters the portal: "pin" (default of who has one), "spid" (of the others), "cie", "cns"
}

func (a *API) newEnrolment(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body NewEnrolment
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	p, err := a.planOf(r.Context(), body)
	if err != nil {
		return nil, err
	}
	e, err := a.begin(r.Context(), body)
	if err == nil && p.to != "" {
		e, err = a.walk(r.Context(), e, p)
	}
	if err != nil {
		return nil, err
	}
	return created{"/api/v1/enrolments/" + e.ID, enrolmentItem(e)}, nil
}

// begin makes a request at N0 of the portal, or at R1 of a gestore's own site.
func (a *API) begin(ctx context.Context, body NewEnrolment) (e *onboarding.Enrolment, err error) {
	if body.Direct != "" {
		e, err = a.office.StartDirect(ctx, body.Direct)
		if denied := (*onboarding.Denied)(nil); errors.As(err, &denied) {
			err = denied.At("direct") // the body's own name of it
		}
	} else {
		e, err = a.office.Start(ctx)
	}
	if err != nil || body.Person == "" {
		return e, err
	}
	return a.office.MeantFor(ctx, e.ID, body.Person)
}

func (a *API) enrolment(r *http.Request) (*onboarding.Enrolment, error) {
	e, err := a.office.Enrolment(r.Context(), segment(r, "id"))
	return e, missingAs(err, "request of that id")
}

func (a *API) getEnrolment(_ http.ResponseWriter, r *http.Request) (any, error) {
	e, err := a.enrolment(r)
	if err != nil {
		return nil, err
	}
	return enrolmentItem(e), nil
}

// PossibleEvent is an event that a request waits for.
type PossibleEvent struct {
	Event  string   `json:"event"`
	Fields []string `json:"fields"` // members of the body that it reads, never null
}

func (a *API) listEvents(_ http.ResponseWriter, r *http.Request) (any, error) {
	e, err := a.enrolment(r)
	if err != nil {
		return nil, err
	}
	return whole(possible(e), func(ev onboarding.Event) PossibleEvent {
		return PossibleEvent{string(ev), append([]string{}, fields[ev]...)}
	}), nil
}

// possible are the events of the specification and, at the portal, the arrival of somebody who logged in elsewhere.
func possible(e *onboarding.Enrolment) []onboarding.Event {
	list := e.Possible()
	if e.State == onboarding.AtHome || e.State == onboarding.AtMask {
		list = append(list, onboarding.EvArrive)
	}
	return list
}

// getMemo is the page for the counter as plain text: code, last day, what to bring (ONB-131).
func (a *API) getMemo(_ http.ResponseWriter, r *http.Request) (any, error) {
	e, err := a.enrolment(r)
	if err != nil {
		return nil, err
	}
	if e.Procedure == nil {
		return nil, web.NotFound("the request waits at no counter: there is no memo")
	}
	g, _ := a.office.Gestore(e.IdP)
	return text(strings.Join([]string{
		"SIMULAZIONE - " + g.Name + " (simulato)",
		"Codice di procedura: " + onboarding.Fours(e.Procedure.Code),
		"Ultimo giorno utile: " + onboarding.Words(e.Procedure.LastDay),
		"Porta con te: questo codice, il documento d’identità, la tessera con il codice fiscale.",
		"Non dare il codice ad altri: lo chiede solo lo sportello.", "",
	}, "\n")), nil
}
