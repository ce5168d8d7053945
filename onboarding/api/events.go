package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"spidsim/internal/nearest"
	"spidsim/internal/web"
	"spidsim/onboarding"
)

// EventBody is the body of POST enrolments/{id}/{event}: the fields that the event reads, see GET enrolments/{id}/events.
type EventBody struct {
	onboarding.Input
	Fill  bool   `json:"fill"`  // what the body leaves out is what the test person would enter; person says who, while the request does not know
	Means string `json:"means"` // EV-arrive: "spid" (default), "cie", "cns"
	Level int    `json:"level"` // EV-arrive: 1 to 3; 0 is 2
}

var (
	formFields  = []string{"sex", "born", "birth_place", "street", "city", "postal_code", "nationality", "invented", "email", "mobile"}
	paperFields = []string{"document", "number", "issued", "expires", "health_card"}
	proofFields = []string{"code", "answer", "pin", "issued", "half1", "half2"}
)

// fields are the members that each event reads, beside fill.
var fields = map[onboarding.Event][]string{
	onboarding.EvPINLogin: {"fiscal_code", "pin", "profile", "new_pin", "renew"},
	onboarding.EvOpenList: {"consent"},
	onboarding.EvChoose:   {"idp"},
	onboarding.EvSave:     append([]string{"fiscal_code", "family_name", "given_name"}, formFields...),
	onboarding.EvContacts: {"email", "mobile"},
	onboarding.EvMail:     {"code"},
	onboarding.EvPhone:    {"code"},
	onboarding.EvDocs:     paperFields,
	onboarding.EvMode:     {"mode"},
	onboarding.EvCounter:  {"code", "outcome", "person", "document", "expires", "health_card", "by"},
	onboarding.EvOnlineOK: proofFields,
	onboarding.EvSent:     {"code", "transfer"},
	onboarding.EvReviewOK: {"by"},
	onboarding.EvReviewKO: {"by"},
	onboarding.EvCreds:    {"username", "password", "password_repeat", "factor", "device"},
	onboarding.EvArrive:   {"person", "means", "level", "idp"},
}

// postEvent brings one event to a request.
func (a *API) postEvent(_ http.ResponseWriter, r *http.Request) (any, error) {
	ev, err := eventNamed(segment(r, "event"))
	if err != nil {
		return nil, err
	}
	var body EventBody
	raw, err := decodeOver(r, &body)
	if err != nil {
		return nil, err
	}
	e, err := a.enrolment(r)
	if err != nil {
		return nil, err
	}
	if body.Fill {
		if body.Input, err = a.fill(r.Context(), e, ev, body.Input, ""); err == nil {
			err = over(raw, &body)
		}
		if err != nil {
			return nil, err
		}
	}
	e, err = a.bring(r.Context(), e, ev, body)
	if err != nil {
		return nil, err
	}
	return enrolmentItem(e), nil
}

// eventNamed finds an event, or says which one was probably meant.
func eventNamed(name string) (onboarding.Event, error) {
	if ev, ok := onboarding.EventNamed(name); ok {
		return ev, nil
	}
	if strings.EqualFold("EV-"+strings.TrimPrefix(strings.ToLower(name), "ev-"), string(onboarding.EvArrive)) {
		return onboarding.EvArrive, nil
	}
	names := []string{string(onboarding.EvArrive)}
	for _, ev := range onboarding.Events() {
		names = append(names, string(ev))
	}
	for _, prefix := range []string{"", "EV-"} {
		if near := nearest.Of(prefix+name, names); near != "" {
			return "", web.NotFound(fmt.Sprintf("there is no event %q, did you mean %q?", clip(name, 64), near))
		}
	}
	return "", web.NotFound(fmt.Sprintf("there is no event %q: GET events of the request lists those it waits for", clip(name, 64)))
}

// bring is the one way in which events of the API reach a request. What comes of it for the portal is delivered at once.
func (a *API) bring(ctx context.Context, e *onboarding.Enrolment, ev onboarding.Event, body EventBody) (*onboarding.Enrolment, error) {
	out, err := a.step(ctx, e, ev, body)
	var denied *onboarding.Denied
	if errors.As(err, &denied) {
		now, err := a.office.Enrolment(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		return nil, &stuck{denied, now}
	}
	if err != nil {
		return nil, err
	}
	if a.cfg.Deliver == nil {
		return out, nil
	}
	if err := a.cfg.Deliver(ctx, out.ID); err != nil { // the results wait and are carried the next time
		a.log.Warn("results not delivered", "enrolment", out.ID, "err", err)
	}
	return a.office.Enrolment(ctx, out.ID)
}

func (a *API) step(ctx context.Context, e *onboarding.Enrolment, ev onboarding.Event, body EventBody) (*onboarding.Enrolment, error) {
	switch ev {
	case onboarding.EvDeliver:
		return a.office.Carry(ctx, e.ID)
	case onboarding.EvOpen:
		if opened(e) {
			return e, nil
		}
	case onboarding.EvArrive:
		if body.Means == "pin" {
			return nil, refuse("ONB-12", "means", "who has a PIN comes by EV-pin-login")
		}
		who, err := a.arrival(ctx, &As{Person: body.Person, Means: body.Means, Level: body.Level, IdP: body.IdP}, e.Username)
		if err != nil {
			return nil, err
		}
		return a.office.Admit(ctx, e.ID, who)
	case onboarding.EvOnlineOK, onboarding.EvSent:
		body.Asserted = !evident(body.Input) && e.Mode != onboarding.RAO
	}
	return a.office.Do(ctx, e.ID, ev, body.Input)
}

// opened reports whether EV-open has just happened: EV-deliver opens the request at the gestore in the same step, and a script that walks the
// table of section 6.1 row by row finds it done.
func opened(e *onboarding.Enrolment) bool {
	return len(e.History) > 0 && e.History[len(e.History)-1].Event == onboarding.EvOpen
}

// evident reports whether a body says how the person was identified. Without any evidence the caller asserts that it went well.
func evident(in onboarding.Input) bool {
	return slices.ContainsFunc([]string{in.Code, in.Answer, in.PIN, in.Issued, in.Half1, in.Half2}, func(s string) bool { return s != "" }) || in.Transfer
}
