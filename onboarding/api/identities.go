package api

import (
	"context"
	"net/http"
	"time"

	"spidsim/onboarding"
)

// Identity is a digital identity at one gestore (section 8).
type Identity struct {
	IdP           string    `json:"idp"`
	Username      string    `json:"username"`
	FiscalCode    string    `json:"fiscal_code"`
	Name          string    `json:"name"`
	SPIDCode      string    `json:"spid_code"`
	Status        string    `json:"status"` // "active", "suspended", "revoked", "expired", "locked"
	Cause         string    `json:"cause"`  // of a suspension: "user", "abuse", "lock", "payment"
	Until         time.Time `json:"until,omitzero"`
	Levels        []int     `json:"levels"`
	SecondFactors []string  `json:"second_factors"`
	Email         string    `json:"email"`
	Mobile        string    `json:"mobile"`
	Opened        time.Time `json:"opened,omitzero"`
	LastUsed      time.Time `json:"last_used,omitzero"`
	NotifyUse     bool      `json:"notify_use"` // the holder is told of every use (ONB-144)
}

func identityItem(i onboarding.Identity) Identity {
	return Identity{
		IdP: i.Slug, Username: i.Username, FiscalCode: string(i.FiscalCode), Name: i.Name, SPIDCode: i.SPIDCode, Status: string(i.Status), Cause: i.Cause,
		Until: i.Until, Levels: append([]int{}, i.Levels...), SecondFactors: append([]string{}, i.Factors...), Email: i.Email, Mobile: i.Mobile,
		Opened: i.Opened, LastUsed: i.LastUsed, NotifyUse: i.NotifyUse,
	}
}

// listIdentities lists what ?person= holds; without it what all test people hold.
func (a *API) listIdentities(_ http.ResponseWriter, r *http.Request) (any, error) {
	ctx, who := r.Context(), r.URL.Query().Get("person")
	var codes []string
	if who != "" {
		codes = []string{who}
	} else {
		people, err := a.office.Citizens(ctx)
		if err != nil {
			return nil, err
		}
		for _, c := range people {
			codes = append(codes, string(c.FiscalCode))
		}
	}
	var all []onboarding.Identity
	for _, code := range codes {
		held, err := a.office.IdentitiesOf(ctx, code)
		if err != nil {
			return nil, at(err, "person")
		}
		all = append(all, held...)
	}
	return page(r, all, func(i onboarding.Identity) string { return i.Slug + ":" + i.Username }, identityItem)
}

func identity(i onboarding.Identity, err error) (any, error) {
	if err != nil {
		return nil, missingAs(err, "identity of that user name at that gestore")
	}
	return identityItem(i), nil
}

func (a *API) getIdentity(_ http.ResponseWriter, r *http.Request) (any, error) {
	return identity(a.office.Identity(r.Context(), segment(r, "username"), segment(r, "idp")))
}

// Access is one use of an identity (ONB-144).
type Access struct {
	At      time.Time `json:"at"`
	Service string    `json:"service"`
	Level   int       `json:"level"`
	Outcome string    `json:"outcome"` // "ok", or the anomaly as "nr25"
}

func (a *API) listAccesses(_ http.ResponseWriter, r *http.Request) (any, error) {
	list, err := a.office.AccessLog(r.Context(), onboarding.Holder{Operator: true}, segment(r, "username"), segment(r, "idp"), shown)
	if err != nil {
		return nil, missingAs(err, "identity of that user name at that gestore")
	}
	return whole(list, func(x onboarding.Access) Access { return Access(x) }), nil
}

// LifeRequest is a request about an identity. Codes that were sent are in the messages.
type LifeRequest struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind"`  // "suspend", "reactivate", "revoke", "password", "phone", "means"
	State      string    `json:"state"` // "waiting" (for a code), "done", "closed", "refused"
	Asked      time.Time `json:"asked"`
	Done       time.Time `json:"done,omitzero"`
	FiscalCode string    `json:"fiscal_code"`
	Username   string    `json:"username"`
	IdP        string    `json:"idp"`
	Cause      string    `json:"cause"`
	How        string    `json:"how"`
	Contact    string    `json:"contact"` // where the code went: "email", "sms"
	Until      time.Time `json:"until,omitzero"`
	Complaint  string    `json:"complaint"`
	TriesLeft  int       `json:"tries_left"`
}

// lifeTries is how many wrong codes end a request.
const lifeTries = 3

func lifeItem(r *onboarding.LifeRequest) LifeRequest {
	return LifeRequest{
		ID: r.ID, Kind: string(r.Kind), State: string(r.State), Asked: r.Asked, Done: r.Done, FiscalCode: string(r.FiscalCode), Username: r.Username,
		IdP: r.Slug, Cause: r.Cause, How: r.How, Contact: r.Contact, Until: r.Until, Complaint: r.Complaint, TriesLeft: lifeTries - r.Tries,
	}
}

// LifeInput is the body of POST identities/{idp}/{username}/suspend, /reactivate, /revoke and /lost-phone.
type LifeInput struct {
	Cause     string `json:"cause"`     // of a suspension: "user" (default), "abuse"
	How       string `json:"how"`       // how it came: "pec", "signature", "other" (default)
	Contact   string `json:"contact"`   // where a code goes: "email" (default), "sms"
	Confirmed bool   `json:"confirmed"` // a revocation is final
	As        *As    `json:"as"`        // who asks; absent is the operator, {} is somebody who proved nothing: then a code is sent
}

type lifeAsk func(*onboarding.Office, context.Context, onboarding.Holder, onboarding.LifeInput) (*onboarding.LifeRequest, error)

// lifeActions are requests that may wait for a code (ONB-140, ONB-142, ONB-146).
var lifeActions = map[string]lifeAsk{
	"suspend": (*onboarding.Office).Suspend, "reactivate": (*onboarding.Office).Reactivate,
	"revoke": (*onboarding.Office).Revoke, "lost-phone": (*onboarding.Office).LosePhone,
}

func (a *API) askLife(ask lifeAsk) handler {
	return func(_ http.ResponseWriter, r *http.Request) (any, error) {
		var body LifeInput
		if err := decode(r, &body); err != nil {
			return nil, err
		}
		slug := segment(r, "idp")
		h, err := a.holder(r.Context(), body.As, slug)
		if err != nil {
			return nil, err
		}
		return newLife(ask(a.office, r.Context(), h, onboarding.LifeInput{Username: segment(r, "username"), Slug: slug, Cause: body.Cause, How: body.How,
			Contact: body.Contact, Confirmed: body.Confirmed}))
	}
}

func newLife(l *onboarding.LifeRequest, err error) (any, error) {
	if err != nil {
		return nil, missingAs(err, "identity of that user name at that gestore")
	}
	return created{"/api/v1/identity-requests/" + l.ID, lifeItem(l)}, nil
}

func (a *API) forgotPassword(_ http.ResponseWriter, r *http.Request) (any, error) {
	if err := decode(r, &struct{}{}); err != nil {
		return nil, err
	}
	return newLife(a.office.ForgotPassword(r.Context(), segment(r, "username"), segment(r, "idp")))
}

// ForgottenUsername is the body of POST identities/{idp}/forgot-username (ONB-146).
type ForgottenUsername struct {
	FiscalCode string `json:"fiscal_code"`
	Document   string `json:"document"` // its number
}

func (a *API) forgotUsername(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body ForgottenUsername
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	return nil, a.office.ForgotUsername(r.Context(), segment(r, "idp"), body.FiscalCode, body.Document)
}

// IdentityChange is the body of POST identities/{idp}/{username}/complaint, /contacts, /notify, /unpaid and /pay.
type IdentityChange struct {
	Number string `json:"number"` // complaint: what it is filed under
	Email  string `json:"email"`  // contacts: "" stays
	Mobile string `json:"mobile"`
	On     bool   `json:"on"` // notify
	As     *As    `json:"as"` // who asks; absent is the operator
}

type identityAct func(ctx context.Context, o *onboarding.Office, h onboarding.Holder, username, slug string, in IdentityChange) (onboarding.Identity, error)

// identityActions are changes that take effect at once (ONB-107, ONB-142, ONB-144, ONB-208).
var identityActions = map[string]identityAct{
	"complaint": func(ctx context.Context, o *onboarding.Office, h onboarding.Holder, username, slug string, in IdentityChange) (onboarding.Identity, error) {
		return o.Complaint(ctx, h, username, slug, in.Number)
	},
	"contacts": func(ctx context.Context, o *onboarding.Office, h onboarding.Holder, username, slug string, in IdentityChange) (onboarding.Identity, error) {
		return o.ChangeContacts(ctx, h, username, slug, in.Email, in.Mobile)
	},
	"notify": func(ctx context.Context, o *onboarding.Office, h onboarding.Holder, username, slug string, in IdentityChange) (onboarding.Identity, error) {
		return o.NotifyUse(ctx, h, username, slug, in.On)
	},
	"unpaid": func(ctx context.Context, o *onboarding.Office, _ onboarding.Holder, username, slug string, _ IdentityChange) (onboarding.Identity, error) {
		return o.Unpaid(ctx, username, slug)
	},
	"pay": func(ctx context.Context, o *onboarding.Office, _ onboarding.Holder, username, slug string, _ IdentityChange) (onboarding.Identity, error) {
		return o.Pay(ctx, username, slug)
	},
}

func (a *API) changeIdentity(act identityAct) handler {
	return func(_ http.ResponseWriter, r *http.Request) (any, error) {
		var body IdentityChange
		if err := decode(r, &body); err != nil {
			return nil, err
		}
		slug := segment(r, "idp")
		h, err := a.holder(r.Context(), body.As, slug)
		if err != nil {
			return nil, err
		}
		return identity(act(r.Context(), a.office, h, segment(r, "username"), slug, body))
	}
}

func (a *API) listLives(_ http.ResponseWriter, r *http.Request) (any, error) {
	all, err := a.office.Lives(r.Context(), 0)
	if err != nil {
		return nil, err
	}
	return page(r, all, func(l *onboarding.LifeRequest) string { return l.ID }, lifeItem)
}

func life(l *onboarding.LifeRequest, err error) (any, error) {
	if err != nil {
		return nil, missingAs(err, "request of that id")
	}
	return lifeItem(l), nil
}

func (a *API) getLife(_ http.ResponseWriter, r *http.Request) (any, error) {
	return life(a.office.Life(r.Context(), segment(r, "id")))
}

// Code is the body of POST identity-requests/{id}/confirm.
type Code struct {
	Code string `json:"code"`
}

// confirmLife takes the code of a request (ONB-142) or of the portal's extra check (ONB-149).
func (a *API) confirmLife(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body Code
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	l, err := a.office.Life(r.Context(), segment(r, "id"))
	if err != nil {
		return nil, missingAs(err, "request of that id")
	}
	if l.Kind == onboarding.OtherMeans {
		return life(a.office.ConfirmMeans(r.Context(), l.ID, body.Code))
	}
	return life(a.office.ConfirmLife(r.Context(), l.ID, body.Code))
}

// resetPassword takes onboarding.ResetInput: {"email_code","mobile_code","password","password_repeat"} (ONB-146).
func (a *API) resetPassword(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body onboarding.ResetInput
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	return life(a.office.ResetPassword(r.Context(), segment(r, "id"), body))
}

// Reidentification is the body of POST identity-requests/{id}/reidentify: a counter saw who had lost the phone (ONB-146).
type Reidentification struct {
	By     string `json:"by"`
	Mobile string `json:"mobile"` // the new number
}

func (a *API) reidentify(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body Reidentification
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	i, err := a.office.Reidentify(r.Context(), onboarding.Holder{Operator: true}, segment(r, "id"), body.By, body.Mobile)
	if err != nil {
		return nil, missingAs(err, "request of that id")
	}
	return identityItem(i), nil
}
