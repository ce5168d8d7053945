package api

import (
	"context"
	"errors"
	"slices"
	"strings"

	"spidsim/internal/store"
	"spidsim/onboarding"
)

// states are those of section 6.1, in the order in which a request passes them; the ends come last.
var states = []onboarding.State{
	onboarding.AtHome, onboarding.AtMask, onboarding.PINOK, onboarding.AtNotice, onboarding.AtServices, onboarding.AtGuide, onboarding.AtList,
	onboarding.AtHandoff, onboarding.Received, onboarding.AtForm, onboarding.AtContacts, onboarding.AtPapers, onboarding.AtModes, onboarding.AtCounter,
	onboarding.AtOnline, onboarding.InReview, onboarding.Identified, onboarding.Active,
	onboarding.Cancelled, onboarding.Lapsed, onboarding.Rejected, onboarding.Already,
}

// stateNamed finds a state by its code or its word, "R4" or "MODE".
func stateNamed(s string) (onboarding.State, bool) {
	for _, state := range states {
		if strings.EqualFold(s, string(state)) || strings.EqualFold(s, state.Name()) {
			return state, true
		}
	}
	return "", false
}

// plan is how a request is walked to a state.
type plan struct {
	to    onboarding.State // "" leaves it where it begins
	means string           // by which the person enters the portal
	idp   string
	mode  onboarding.ModeKey // "" is one that leads to the state
}

// planOf reads how the body wants a request to be walked.
func (a *API) planOf(ctx context.Context, body NewEnrolment) (p plan, err error) {
	p = plan{means: body.Means, idp: body.IdP, mode: onboarding.ModeKey(strings.ToUpper(body.Mode))}
	if p.means != "" && !slices.Contains(means, p.means) {
		return p, refuse("ONB-12", "means", "means is %q, want one of %q", clip(p.means, 64), means)
	}
	if err := a.named(ctx, body, p.mode); err != nil || body.To == "" {
		return p, err
	}
	to, ok := stateNamed(body.To)
	switch {
	case !ok:
		return p, refuse("ONB-01", "to", "to is %q, want a state such as R4 or MODE", clip(body.To, 64))
	case to == onboarding.Lapsed:
		return p, refuse("ONB-120", "to", "only the clock brings a request to %s: walk it to R5 and advance the clock by 31 days", to)
	case to == onboarding.Received:
		return p, refuse("ONB-81", "to", "a hand-off is opened as it is delivered: R1 comes after N7")
	case body.Person == "":
		return p, refuse("ONB-01", "person", "whose story is it? person is empty")
	}
	p.to = to
	return p, a.meansOf(ctx, &p, body.Person)
}

// named refuses a person, a gestore or a way that does not exist before anything is made: a typing error leaves nothing behind.
func (a *API) named(ctx context.Context, body NewEnrolment, mode onboarding.ModeKey) error {
	if _, ok := onboarding.LookupMode(mode); !ok && mode != "" {
		return refuse("ONB-130", "mode", "mode is %q, want a way such as COUNTER or SMS_CERTIFIED", clip(body.Mode, 64))
	}
	if _, ok := a.office.Gestore(body.IdP); !ok && body.IdP != "" {
		return refuse("ONB-78", "idp", "idp is %q, want the slug of a gestore such as poste", clip(body.IdP, 64))
	}
	if body.Person == "" {
		return nil
	}
	_, err := a.office.Citizen(ctx, body.Person)
	return at(err, "person")
}

// meansOf lets who has a PIN enter with it, and others with SPID.
func (a *API) meansOf(ctx context.Context, p *plan, person string) error {
	if p.means != "" {
		return nil
	}
	_, err := a.office.PIN(ctx, person)
	p.means = "pin"
	if errors.Is(err, store.ErrNotFound) {
		p.means, err = "spid", nil
	}
	return err
}

// longestStory is more events than any story has.
const longestStory = 30

// walk brings the events that lead to a state, each as the test person would. Where a rule says no it ends, with the request where it stands.
func (a *API) walk(ctx context.Context, e *onboarding.Enrolment, p plan) (*onboarding.Enrolment, error) {
	for range longestStory {
		if e.State == p.to {
			return e, nil
		}
		ev := p.next(e)
		if ev == "" {
			break
		}
		in, err := a.storyInput(ctx, e, ev, p)
		if err != nil {
			return nil, err
		}
		if e, err = a.bring(ctx, e, ev, in); err != nil {
			return nil, err
		}
	}
	return nil, &stuck{onboarding.Deny(onboarding.WrongStep).At("to").Because("the way of this person leads to %s (%s) and does not pass %s (%s)",
		e.State, e.State.Name(), p.to, p.to.Name()), e}
}

// next is the event that leads on from where a request stands, "" when the state is not on its way any more.
func (p plan) next(e *onboarding.Enrolment) onboarding.Event {
	switch {
	case e.State.Ended(), slices.Index(states, e.State) > slices.Index(states, p.to):
		return ""
	case p.to == onboarding.Cancelled && e.State.Open():
		return onboarding.EvCancel
	}
	switch e.State {
	case onboarding.AtMask:
		if p.means == "pin" {
			return onboarding.EvPINLogin
		}
		return onboarding.EvArrive
	case onboarding.AtNotice:
		if p.to == onboarding.AtServices {
			return onboarding.EvRemindGo
		}
	case onboarding.AtContacts:
		if !e.Contacts.EmailProof.IsZero() {
			return onboarding.EvPhone
		}
	case onboarding.AtOnline:
		if m, _ := onboarding.LookupMode(e.Mode); m.Kind == onboarding.Reviewed {
			return onboarding.EvSent
		}
	case onboarding.InReview:
		if p.to == onboarding.Rejected {
			return onboarding.EvReviewKO
		}
	}
	return onward[e.State]
}

// onward is the event by which a request goes on where there is no choice.
var onward = map[onboarding.State]onboarding.Event{
	onboarding.AtHome: onboarding.EvEnter, onboarding.PINOK: onboarding.EvContinue, onboarding.AtNotice: onboarding.EvRequest,
	onboarding.AtServices: onboarding.EvRequest, onboarding.AtGuide: onboarding.EvOpenList, onboarding.AtList: onboarding.EvChoose,
	onboarding.AtHandoff: onboarding.EvDeliver, onboarding.AtForm: onboarding.EvSave, onboarding.AtContacts: onboarding.EvMail,
	onboarding.AtPapers: onboarding.EvDocs, onboarding.AtModes: onboarding.EvMode, onboarding.AtCounter: onboarding.EvCounter,
	onboarding.AtOnline: onboarding.EvOnlineOK, onboarding.InReview: onboarding.EvReviewOK, onboarding.Identified: onboarding.EvCreds,
}

func (a *API) storyInput(ctx context.Context, e *onboarding.Enrolment, ev onboarding.Event, p plan) (body EventBody, err error) {
	body.Means = p.means
	if body.Input, err = a.fill(ctx, e, ev, onboarding.Input{}, p.idp); err != nil || ev != onboarding.EvMode {
		return body, err
	}
	if body.Mode = p.mode; body.Mode == "" {
		body.Mode, err = a.fittingMode(ctx, e, p.leadsThere)
	}
	return body, err
}

// leadsThere reports whether a way to be identified passes the state that is wanted.
func (p plan) leadsThere(m onboarding.Mode) bool {
	switch p.to {
	case onboarding.AtCounter:
		return m.Kind == onboarding.InPerson
	case onboarding.AtOnline:
		return m.Kind == onboarding.Online
	case onboarding.InReview, onboarding.Rejected:
		return m.Kind == onboarding.Reviewed
	}
	return true
}
