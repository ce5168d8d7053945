package api

import (
	"context"
	"net/http"
	"time"

	"spidsim/internal/clock"
	"spidsim/onboarding"
)

// PIN is the institute's code of a person. It is public test data, as every secret of a test person (D-05).
type PIN struct {
	FiscalCode string    `json:"fiscal_code"`
	Username   string    `json:"username"`
	Name       string    `json:"name"`
	Kind       string    `json:"kind"`      // "ordinario", "dispositivo"
	Status     string    `json:"status"`    // of today: "REQUESTED" … "DISMISSED" (ONB-40)
	Code       string    `json:"code"`      // 16 characters until the first use, then 8
	Dedicated  bool      `json:"dedicated"` // good for the services dedicated to people without SPID (ONB-52)
	Channel    string    `json:"channel"`   // "office", "online", "contact-centre", "seed"
	Issued     time.Time `json:"issued"`
	Renewed    time.Time `json:"renewed"`
	Months     int       `json:"months"`   // of validity
	LastDay    string    `json:"last_day"` // before it is to be renewed; "" until it has 8 characters
	Revoked    time.Time `json:"revoked,omitzero"`
	Contacts   []string  `json:"contacts"` // that the contact centre added
	History    []PINStep `json:"history"`
}

// PINStep is one thing that happened to a PIN.
type PINStep struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
	By   string    `json:"by"`
}

func pinItem(p *onboarding.PINFile) PIN {
	out := PIN{
		FiscalCode: string(p.FiscalCode), Username: p.Username, Name: p.Name, Kind: string(p.Kind), Status: string(p.Status), Code: p.Code,
		Dedicated: p.Dedicated, Channel: p.Channel, Issued: p.Issued, Renewed: p.Renewed, Months: p.Months, LastDay: p.LastDay.String(),
		Revoked: p.Revoked, Contacts: append([]string{}, p.Contacts...), History: []PINStep{},
	}
	for _, s := range p.History {
		out.History = append(out.History, PINStep(s))
	}
	return out
}

func (a *API) listPINs(_ http.ResponseWriter, r *http.Request) (any, error) {
	all, err := a.office.PINs(r.Context())
	if err != nil {
		return nil, err
	}
	return page(r, all, func(p *onboarding.PINFile) string { return p.Username }, pinItem)
}

func (a *API) getPIN(_ http.ResponseWriter, r *http.Request) (any, error) {
	c, err := a.person(r)
	if err != nil {
		return nil, err
	}
	p, err := a.office.PIN(r.Context(), string(c.FiscalCode))
	if err != nil {
		return nil, missingAs(err, "PIN of that person")
	}
	return pinItem(p), nil
}

// NewPIN is the body of POST pins/{person} (ONB-32).
type NewPIN struct {
	Channel       string `json:"channel"`        // "office", "online", "contact-centre"
	By            string `json:"by"`             // who asks, where it is not the person: parent or legal representative
	SelfCertified bool   `json:"self_certified"` // their declaration
	Half          string `json:"half"`           // channel of the first half: "sms", "email"; "" = the first that is known
}

func (a *API) requestPIN(_ http.ResponseWriter, r *http.Request) (any, error) {
	c, err := a.person(r)
	if err != nil {
		return nil, err
	}
	var body NewPIN
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	p, err := a.office.RequestPIN(r.Context(), onboarding.PINRequest{Who: string(c.FiscalCode), Channel: body.Channel, By: body.By,
		SelfCertified: body.SelfCertified, Half: body.Half})
	if err != nil {
		return nil, err
	}
	return created{"/api/v1/pins/" + p.Username, pinItem(p)}, nil
}

// PINAction is the body of POST pins/{person}/{action}; each action reads its own members.
type PINAction struct {
	By        string `json:"by"`        // the clerk, where one helps
	Channel   string `json:"channel"`   // convert: "online" (default), "office"
	Document  string `json:"document"`  // convert: of which a copy is sent, "cie", "passport", …
	Contact   string `json:"contact"`   // lost: one of the recorded ones; contact: the new one
	Forgotten bool   `json:"forgotten"` // lost: none is remembered, and the PIN is revoked
	Token     string `json:"token"`     // reset: code of the link
	PIN       string `json:"pin"`       // change: the present one
	NewPIN    string `json:"new_pin"`   // change: 8 letters or digits
}

type pinAct func(ctx context.Context, o *onboarding.Office, who string, in PINAction) (*onboarding.PINFile, error)

// pinActions are what can be done to a PIN (ONB-33…ONB-37).
var pinActions = map[string]pinAct{
	"renew": func(ctx context.Context, o *onboarding.Office, who string, in PINAction) (*onboarding.PINFile, error) {
		return o.RenewPIN(ctx, who, in.By)
	},
	"convert": func(ctx context.Context, o *onboarding.Office, who string, in PINAction) (*onboarding.PINFile, error) {
		return o.ConvertPIN(ctx, who, onboarding.PINConversion{Channel: in.Channel, Document: onboarding.DocumentKind(in.Document), By: in.By})
	},
	"lost": func(ctx context.Context, o *onboarding.Office, who string, in PINAction) (*onboarding.PINFile, error) {
		return o.LosePIN(ctx, onboarding.PINLoss{FiscalCode: who, Contact: in.Contact, Forgotten: in.Forgotten, By: in.By})
	},
	"reset": func(ctx context.Context, o *onboarding.Office, who string, in PINAction) (*onboarding.PINFile, error) {
		return o.ResetPIN(ctx, who, in.Token)
	},
	"change": func(ctx context.Context, o *onboarding.Office, who string, in PINAction) (*onboarding.PINFile, error) {
		return o.ChangePIN(ctx, who, in.PIN, in.NewPIN)
	},
	"revoke": func(ctx context.Context, o *onboarding.Office, who string, in PINAction) (*onboarding.PINFile, error) {
		return o.RevokePIN(ctx, who, in.By)
	},
	"receive-letter": func(ctx context.Context, o *onboarding.Office, who string, _ PINAction) (*onboarding.PINFile, error) {
		return o.ReceiveLetter(ctx, who)
	},
	"contact": func(ctx context.Context, o *onboarding.Office, who string, in PINAction) (*onboarding.PINFile, error) {
		return o.AddContact(ctx, who, in.Contact, in.By)
	},
}

func (a *API) pinAction(act pinAct) handler {
	return func(_ http.ResponseWriter, r *http.Request) (any, error) {
		c, err := a.person(r)
		if err != nil {
			return nil, err
		}
		var body PINAction
		if err := decode(r, &body); err != nil {
			return nil, err
		}
		p, err := act(r.Context(), a.office, string(c.FiscalCode), body)
		if err != nil {
			return nil, err
		}
		return pinItem(p), nil
	}
}

// DecisionInput is the body of POST pins/{person}/decision.
type DecisionInput struct {
	PIN     *string `json:"pin"`     // as typed; absent = the right one
	Profile string  `json:"profile"` // "citizen" (default), "intermediary", "company", …
	At      string  `json:"at"`      // "2021-10-01" (ten o'clock in Italy) or RFC 3339; "" = now
}

// Decision is what the rules make of a login with a PIN (section 5.1), or of somebody who asks for one. Nothing changes by asking.
type Decision struct {
	At        time.Time `json:"at"`
	Date      string    `json:"date"`    // the day that it is in Italy
	Phase     string    `json:"phase"`   // English name of the phase
	Outcome   string    `json:"outcome"` // of a login "allow", "renew", "replace", "deny"; of a request "grant", "deny"
	Code      string    `json:"code"`    // RSN-… of a denial, else ""
	Rule      string    `json:"rule"`
	Title     string    `json:"title"`
	TitleIt   string    `json:"title_it"`
	Suggest   string    `json:"suggest"`
	Kind      string    `json:"kind"`      // of a PIN that is granted
	Dedicated bool      `json:"dedicated"` // for the services dedicated to people without SPID alone
}

func decisionAt(at time.Time, outcome string, d *onboarding.Denied) Decision {
	day := clock.DayOf(at)
	out := Decision{At: at, Date: day.String(), Phase: onboarding.PhaseOf(day).In("en"), Outcome: outcome}
	if d != nil {
		out.Code, out.Rule, out.Title, out.TitleIt, out.Suggest = string(d.Code), d.Rule, d.English, d.Italian, d.Suggest
	}
	return out
}

// moment reads ?at= or the member at.
func (a *API) moment(s string) (time.Time, error) {
	if s == "" {
		return a.office.Now(), nil
	}
	t, err := clock.Parse(s)
	if err != nil {
		return t, refuse("ONB-02", "at", "%v", err)
	}
	return t, nil
}

func (a *API) decidePIN(_ http.ResponseWriter, r *http.Request) (any, error) {
	c, err := a.person(r)
	if err != nil {
		return nil, err
	}
	var body DecisionInput
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	t, err := a.moment(body.At)
	if err != nil {
		return nil, err
	}
	outcome, denied, err := a.office.DecideLogin(r.Context(), string(c.FiscalCode), body.PIN, onboarding.Profile(body.Profile), t)
	if err != nil {
		return nil, err
	}
	return decisionAt(t, string(outcome), denied), nil
}

func (a *API) mayIssuePIN(_ http.ResponseWriter, r *http.Request) (any, error) {
	c, err := a.person(r)
	if err != nil {
		return nil, err
	}
	t, err := a.moment(r.URL.Query().Get("at"))
	if err != nil {
		return nil, err
	}
	grant, denied := onboarding.MayIssuePIN(t, c)
	if denied != nil {
		return decisionAt(t, "deny", denied), nil
	}
	out := decisionAt(t, "grant", nil)
	out.Kind, out.Dedicated = string(grant.Kind), grant.Dedicated
	return out, nil
}

// PhonePIN is a temporary code for the contact centre (ONB-150…158).
type PhonePIN struct {
	ID         string    `json:"id"`
	FiscalCode string    `json:"fiscal_code"`
	Name       string    `json:"name"`
	Code       string    `json:"code"`
	Duration   string    `json:"duration"` // "1d", "1w", "1m", "3m"
	By         string    `json:"by"`       // codice fiscale of who was logged in
	Means      string    `json:"means"`
	Scope      string    `json:"scope"` // "contact-centre"
	Created    time.Time `json:"created"`
	Until      time.Time `json:"until"`
	Replaced   time.Time `json:"replaced,omitzero"`
}

func phoneItem(p *onboarding.PhonePIN) PhonePIN {
	return PhonePIN{p.ID, string(p.FiscalCode), p.Name, p.Code, p.Duration, string(p.By), p.Means, p.Scope, p.Created, p.Until, p.Replaced}
}

func (a *API) listPhonePINs(_ http.ResponseWriter, r *http.Request) (any, error) {
	c, err := a.person(r)
	if err != nil {
		return nil, err
	}
	all, err := a.office.PhonePINs(r.Context(), string(c.FiscalCode))
	if err != nil {
		return nil, err
	}
	return page(r, all, func(p *onboarding.PhonePIN) string { return p.ID }, phoneItem)
}

// NewPhonePIN is the body of POST pins/{person}/phone.
type NewPhonePIN struct {
	Duration string `json:"duration"`
	As       *As    `json:"as"` // who is logged in; absent is the person with SPID of level 2, another person is the delegate
}

func (a *API) newPhonePIN(_ http.ResponseWriter, r *http.Request) (any, error) {
	c, err := a.person(r)
	if err != nil {
		return nil, err
	}
	var body NewPhonePIN
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	return a.within(r, body.As, string(c.FiscalCode), func(ctx context.Context, v *onboarding.Visit) (any, error) {
		if v.FiscalCode != c.FiscalCode {
			if v, err = a.office.ActFor(ctx, v, string(c.FiscalCode)); err != nil {
				return nil, err
			}
		}
		p, err := a.office.CreatePhonePIN(ctx, v, body.Duration)
		if err != nil {
			return nil, err
		}
		return created{"/api/v1/pins/" + c.Username + "/phone", phoneItem(p)}, nil
	})
}

// PhoneCheck is the body of POST pins/phone-check: what the clerk of the contact centre types (ONB-157).
type PhoneCheck struct {
	FiscalCode string `json:"fiscal_code"`
	Code       string `json:"code"`
}

// PhoneAnswer is what the clerk reads. Name and end are told only of a valid code.
type PhoneAnswer struct {
	Answer  string    `json:"answer"` // "valid", "expired", "replaced", "unknown"
	Code    string    `json:"code"`   // RSN-… unless it is valid
	Rule    string    `json:"rule"`
	Title   string    `json:"title"`
	TitleIt string    `json:"title_it"`
	Name    string    `json:"name"`
	Until   time.Time `json:"until,omitzero"`
}

func (a *API) checkPhonePIN(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body PhoneCheck
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	c, err := a.office.CheckPhonePIN(r.Context(), body.FiscalCode, body.Code)
	if err != nil {
		return nil, err
	}
	out := PhoneAnswer{Answer: string(c.Answer), Name: c.Name, Until: c.Until}
	if d := c.Denied; d != nil {
		out.Code, out.Rule, out.Title, out.TitleIt = string(d.Code), d.Rule, d.English, d.Italian
	}
	return out, nil
}
