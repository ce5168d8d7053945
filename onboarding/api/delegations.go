package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"spidsim/internal/clock"
	"spidsim/onboarding"
)

// Delegation lets one person act for another (section 9).
type Delegation struct {
	ID            string    `json:"id"`
	State         string    `json:"state"` // "DRAFT", "VERIFYING", "ACTIVE", "EXPIRED", "REVOKED"
	Principal     string    `json:"principal"`
	PrincipalName string    `json:"principal_name"`
	Delegate      string    `json:"delegate"`
	DelegateName  string    `json:"delegate_name"`
	Kind          string    `json:"kind"`    // "fiducia", "tutore", "curatore", "amministratore", "genitore"
	Channel       string    `json:"channel"` // "office", "online", "video", "pec"
	Form          string    `json:"form"`    // "AA08", "AA09", "AA10", "" where there is none
	Papers        []string  `json:"papers"`
	Created       time.Time `json:"created"`
	Registered    time.Time `json:"registered,omitzero"` // since when it is active
	Until         string    `json:"until"`               // last day; "" = open end
	By            string    `json:"by"`
	Ended         time.Time `json:"ended,omitzero"`
	EndedBy       string    `json:"ended_by"` // "" = the clock, once it has ended
	Meeting       *Meeting  `json:"meeting"`  // null unless the channel is video
}

// Meeting is the video meeting in which a delegation is registered (ONB-176). Its code goes by SMS.
type Meeting struct {
	At       time.Time `json:"at"`
	Held     time.Time `json:"held,omitzero"`
	Recorded bool      `json:"recorded"`
}

func delegationItem(d *onboarding.Delegation) Delegation {
	out := Delegation{
		ID: d.ID, State: string(d.State), Principal: string(d.Principal), PrincipalName: d.PrincipalName, Delegate: string(d.Delegate),
		DelegateName: d.DelegateName, Kind: string(d.Kind), Channel: string(d.Channel), Form: string(d.Form), Papers: []string{}, Created: d.Created,
		Registered: d.Registered, Until: d.Until.String(), By: d.By, Ended: d.Ended, EndedBy: d.EndedBy,
	}
	for _, p := range d.Papers {
		out.Papers = append(out.Papers, string(p))
	}
	if m := d.Meeting; m != nil {
		out.Meeting = &Meeting{m.At, m.Held, m.Recorded}
	}
	return out
}

// listDelegations lists them, newest first; ?person= is principal or delegate.
func (a *API) listDelegations(_ http.ResponseWriter, r *http.Request) (any, error) {
	q := r.URL.Query()
	all, err := a.office.Delegations(r.Context())
	if err != nil {
		return nil, err
	}
	if person := q.Get("person"); person != "" {
		c, err := a.office.Citizen(r.Context(), person)
		if err != nil {
			return nil, at(err, "person")
		}
		all = slices.DeleteFunc(all, func(d *onboarding.Delegation) bool { return d.Principal != c.FiscalCode && d.Delegate != c.FiscalCode })
	}
	if state := strings.ToUpper(q.Get("state")); state != "" {
		all = slices.DeleteFunc(all, func(d *onboarding.Delegation) bool { return string(d.State) != state })
	}
	return page(r, all, func(d *onboarding.Delegation) string { return d.ID }, delegationItem)
}

// NewDelegation is the body of POST delegations.
type NewDelegation struct {
	Channel    string    `json:"channel"` // "office" (default), "online", "video", "pec"
	Principal  string    `json:"principal"`
	Delegate   string    `json:"delegate"`
	FamilyName string    `json:"family_name"` // of the delegate, as typed online; "" is not compared
	GivenName  string    `json:"given_name"`
	Kind       string    `json:"kind"`   // "" = fiducia
	Form       string    `json:"form"`   // "" = AA08, or AA10 of a representative
	Papers     []string  `json:"papers"` // "principal-copy", "principal-document", "delegate-copy", "medical-statement", "proof", …
	Until      clock.Day `json:"until"`  // last day; "" = open end
	By         string    `json:"by"`     // the clerk
	At         string    `json:"at"`     // beginning of a video meeting; "" = the next one
	As         *As       `json:"as"`     // who is logged in, online and by video; absent is the principal, or by video the delegate
}

func (b NewDelegation) registration() onboarding.Registration {
	reg := onboarding.Registration{Principal: b.Principal, Delegate: b.Delegate, FamilyName: b.FamilyName, GivenName: b.GivenName,
		Kind: onboarding.DelegationKind(b.Kind), Form: onboarding.DelegationForm(b.Form), Until: b.Until, By: b.By}
	for _, p := range b.Papers {
		reg.Papers = append(reg.Papers, onboarding.Paper(p))
	}
	return reg
}

func (a *API) newDelegation(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body NewDelegation
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	register := map[onboarding.DelegationChannel]func(*http.Request, NewDelegation) (any, error){
		"": a.atOffice, onboarding.ByOffice: a.atOffice, onboarding.ByPEC: a.byPEC, onboarding.ByOnline: a.online, onboarding.ByVideo: a.byVideo,
	}[onboarding.DelegationChannel(body.Channel)]
	if register == nil {
		return nil, refuse("ONB-166", "channel", "channel is %q, want office, online, video or pec", clip(body.Channel, 64))
	}
	return register(r, body)
}

func newDelegation(d *onboarding.Delegation, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return created{"/api/v1/delegations/" + d.ID, delegationItem(d)}, nil
}

func (a *API) atOffice(r *http.Request, b NewDelegation) (any, error) {
	return newDelegation(a.office.RegisterAtCounter(r.Context(), b.registration()))
}

func (a *API) byPEC(r *http.Request, b NewDelegation) (any, error) {
	return newDelegation(a.office.RegisterByPEC(r.Context(), b.registration()))
}

func (a *API) online(r *http.Request, b NewDelegation) (any, error) {
	return a.within(r, b.As, b.Principal, func(ctx context.Context, v *onboarding.Visit) (any, error) {
		return newDelegation(a.office.RegisterOnline(ctx, v, b.registration()))
	})
}

func (a *API) byVideo(r *http.Request, b NewDelegation) (any, error) {
	begin := a.office.VideoSlots(1)[0]
	if b.At != "" {
		var err error
		if begin, err = a.moment(b.At); err != nil {
			return nil, err
		}
	}
	return a.within(r, b.As, b.Delegate, func(ctx context.Context, v *onboarding.Visit) (any, error) {
		return newDelegation(a.office.BookVideo(ctx, v, b.registration(), begin))
	})
}

// delegation answers with one, or with what went wrong.
func delegation(d *onboarding.Delegation, err error) (any, error) {
	if err != nil {
		return nil, missingAs(err, "delegation of that id")
	}
	return delegationItem(d), nil
}

func (a *API) getDelegation(_ http.ResponseWriter, r *http.Request) (any, error) {
	return delegation(a.office.Delegation(r.Context(), segment(r, "id")))
}

// Verification is the body of POST delegations/{id}/verify: what the authority answers (ONB-168).
type Verification struct {
	Confirmed bool   `json:"confirmed"`
	By        string `json:"by"`
}

func (a *API) verifyDelegation(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body Verification
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	return delegation(a.office.VerifyDelegation(r.Context(), segment(r, "id"), body.Confirmed, body.By))
}

// holdMeeting takes onboarding.MeetingOutcome: {"code","principal_present","delegate_present","consent","by"} (ONB-176).
func (a *API) holdMeeting(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body onboarding.MeetingOutcome
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	return delegation(a.office.HoldVideo(r.Context(), segment(r, "id"), body))
}

// Revocation is the body of POST delegations/{id}/revoke.
type Revocation struct {
	Channel   string `json:"channel"`   // "office" (default), "online"
	Applicant string `json:"applicant"` // at the office: principal or delegate; "" = the principal
	By        string `json:"by"`        // at the office: the clerk
	As        *As    `json:"as"`        // online: who is logged in; absent is the principal
}

func (a *API) revokeDelegation(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body Revocation
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	ctx, id := r.Context(), segment(r, "id")
	switch body.Channel {
	case "", "office":
		return delegation(a.office.RevokeAtCounter(ctx, id, onboarding.Revocation{Applicant: body.Applicant, By: body.By}))
	case "online":
		d, err := a.office.Delegation(ctx, id)
		if err != nil {
			return nil, missingAs(err, "delegation of that id")
		}
		return a.within(r, body.As, string(d.Principal), func(ctx context.Context, v *onboarding.Visit) (any, error) {
			return delegation(a.office.RevokeOnline(ctx, v, id))
		})
	}
	return nil, refuse("ONB-174", "channel", "channel is %q, want office or online", clip(body.Channel, 64))
}

// Acting is the body of POST delegations/{id}/act: the delegate does something for the principal (ONB-171).
type Acting struct {
	As     *As    `json:"as"`     // who is logged in; absent is the delegate
	Action string `json:"action"` // short key, as that of a service; "" = "api"
}

// act chooses to act for the principal, does one thing and stops; it answers with what was traced, newest first.
func (a *API) act(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body Acting
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	d, err := a.office.Delegation(r.Context(), segment(r, "id"))
	if err != nil {
		return nil, missingAs(err, "delegation of that id")
	}
	return a.within(r, body.As, string(d.Delegate), func(ctx context.Context, v *onboarding.Visit) (any, error) {
		if v, err = a.office.ActFor(ctx, v, d.ID); err != nil {
			return nil, err
		}
		if err := a.office.Act(ctx, v, orElse(body.Action, "api")); err != nil {
			return nil, err
		}
		if _, err := a.office.StopActing(ctx, v); err != nil {
			return nil, err
		}
		const mine = 3 // start, the action, stop
		list, err := a.office.Traces(ctx, string(d.Principal), mine)
		return whole(list, traceItem), err
	})
}

// Trace is one thing that somebody did for somebody else.
type Trace struct {
	ID         string    `json:"id"`
	At         time.Time `json:"at"`
	Delegation string    `json:"delegation"`
	Principal  string    `json:"principal"`
	Delegate   string    `json:"delegate"`
	Means      string    `json:"means"` // "spid", "cie", "cns", "counter"
	IdP        string    `json:"idp"`
	Action     string    `json:"action"`
}

func traceItem(t *onboarding.AccessTrace) Trace {
	return Trace{t.ID, t.At, t.Delegation, string(t.Principal), string(t.Delegate), t.Means, t.Gestore, t.Action}
}

func (a *API) listTraces(_ http.ResponseWriter, r *http.Request) (any, error) {
	all, err := a.office.Traces(r.Context(), r.URL.Query().Get("person"), 0)
	if err != nil {
		return nil, at(err, "person")
	}
	return page(r, all, func(t *onboarding.AccessTrace) string { return t.ID }, traceItem)
}

// Slot is a beginning of a video meeting (ONB-176).
type Slot struct {
	At   time.Time `json:"at"`
	Rome string    `json:"rome"` // as clocks in Italy show it
}

// slotsShown is how many meetings are offered.
const slotsShown = 12

func (a *API) listSlots(http.ResponseWriter, *http.Request) (any, error) {
	return whole(a.office.VideoSlots(slotsShown), func(t time.Time) Slot { return Slot{t, clock.Rome(t).Format(time.RFC3339)} }), nil
}

// counterCheck takes onboarding.CounterCheck: {"principal","delegate","identified","by"} (ONB-172).
func (a *API) counterCheck(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body onboarding.CounterCheck
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	return delegation(a.office.VerifyAtCounter(r.Context(), body))
}

// delegationExample sets up a ready-made combination of section 12: "cap", "exempt", "aa09".
func (a *API) delegationExample(_ http.ResponseWriter, r *http.Request) (any, error) {
	if err := decode(r, &struct{}{}); err != nil {
		return nil, err
	}
	list, err := a.office.SeedExample(r.Context(), segment(r, "example"))
	if err != nil {
		return nil, err
	}
	return whole(list, delegationItem), nil
}
