package api

import (
	"time"

	"spidsim/onboarding"
)

// The JSON of /api/v1 of the onboarding. These shapes are a public contract: members may be added; none goes, and none changes its meaning. Times are
// RFC 3339 in UTC, days are those of Italy, "2020-11-14". Members that do not apply are empty, groups null, moments absent.

// Enrolment is a request for SPID. It shows neither the password nor whose browser it is; codes that prove a contact are read in the messages.
type Enrolment struct {
	ID        string    `json:"id"`
	State     string    `json:"state"`      // "R4"
	StateName string    `json:"state_name"` // "MODE"
	Next      []string  `json:"next"`       // events that the state waits for, never null
	Created   time.Time `json:"created"`
	Changed   time.Time `json:"changed"`

	FiscalCode string    `json:"fiscal_code"`
	FamilyName string    `json:"family_name"`
	GivenName  string    `json:"given_name"`
	Username   string    `json:"username"` // of the test person; "" = somebody typed by hand
	Means      string    `json:"means"`    // by which the person came to the portal: "pin", "spid", "cie", "cns"
	Profile    string    `json:"profile"`
	Direct     bool      `json:"direct"` // begun at the gestore (ONB-108)
	Consent    time.Time `json:"consent,omitzero"`
	IdP        string    `json:"idp"`     // slug of the gestore
	Handoff    *Handoff  `json:"handoff"` // null until something was handed over

	Form       Form       `json:"form"`
	Contacts   Contacts   `json:"contacts"`
	Document   Document   `json:"document"`
	HealthCard bool       `json:"health_card"`
	Mode       string     `json:"mode"`      // key of the way to be identified, "COUNTER"
	Procedure  *Procedure `json:"procedure"` // null while no counter is waited for
	Online     *Online    `json:"online"`    // null outside R6
	By         string     `json:"by"`        // who identified or decided
	Reason     string     `json:"reason"`    // RSN-… why it ended without an identity
	Account    *Account   `json:"account"`   // null until R9

	Results  []Result `json:"results"` // of the gestore for the portal (ONB-83)
	History  []Step   `json:"history"`
	Previous string   `json:"previous"` // id of the request that this one starts again
	Merged   string   `json:"merged"`   // id of the open one that goes on instead
}

// Handoff is the message that left the portal (ONB-81).
type Handoff struct {
	MessageID string    `json:"message_id"`
	Sent      time.Time `json:"sent"`
	Delivered time.Time `json:"delivered,omitzero"`
}

// Form is what the person added to the three data.
type Form struct {
	Sex         string `json:"sex"`
	Born        string `json:"born"`
	BirthPlace  string `json:"birth_place"` // Belfiore code
	Street      string `json:"street"`
	City        string `json:"city"`
	PostalCode  string `json:"postal_code"`
	Nationality string `json:"nationality"`
}

// Contacts are those of the person, and whether a code proved them (ONB-103).
type Contacts struct {
	Email          string    `json:"email"`
	Mobile         string    `json:"mobile"`
	Sent           time.Time `json:"sent,omitzero"` // when the codes left: they are good for ten minutes
	EmailVerified  bool      `json:"email_verified"`
	MobileVerified bool      `json:"mobile_verified"`
}

// Document is the identity document.
type Document struct {
	Kind    string `json:"document"` // "cie", "paper", "passport", "licence", "permit"
	Number  string `json:"number"`
	Issued  string `json:"issued"`
	Expires string `json:"expires"`
}

// Procedure is the code for the counter (ONB-131).
type Procedure struct {
	Code    string    `json:"code"`
	Sent    time.Time `json:"sent"`
	LastDay string    `json:"last_day"`
}

// Online is an identification without a counter.
type Online struct {
	Since     time.Time `json:"since"`
	TriesLeft int       `json:"tries_left"`
	Code      string    `json:"code"` // that the drawn reader shows (ONB-128); codes that were sent are in the messages
}

// Account is the identity that came of the request.
type Account struct {
	Username      string    `json:"username"`
	SPIDCode      string    `json:"spid_code"`
	Levels        []int     `json:"levels"`
	SecondFactors []string  `json:"second_factors"`
	At            time.Time `json:"at"`
}

// Result is an answer of the gestore to the portal. Its numbers have a table of their own: 25 means issued (ONB-84).
type Result struct {
	Code      int       `json:"code"` // 100, 25, 27, 28, 29
	Sync      bool      `json:"sync"` // the browser carries it
	At        time.Time `json:"at"`
	Delivered time.Time `json:"delivered,omitzero"` // when the portal took it
}

// Step is one event of the history.
type Step struct {
	At    time.Time `json:"at"`
	Event string    `json:"event"`
	From  string    `json:"from"`
	To    string    `json:"to"`
}

func enrolmentItem(e *onboarding.Enrolment) Enrolment {
	out := Enrolment{
		ID: e.ID, State: string(e.State), StateName: e.State.Name(), Next: next(e), Created: e.Created, Changed: e.Changed,
		FiscalCode: string(e.FiscalCode), FamilyName: e.FamilyName, GivenName: e.GivenName, Username: e.Username, Means: e.Means, Profile: string(e.Profile),
		Direct: e.Direct, Consent: e.Consent, IdP: e.IdP, HealthCard: e.HealthCard, Mode: string(e.Mode), By: e.By, Reason: string(e.Reason),
		Previous: e.Previous, Merged: e.Merged, Results: []Result{}, History: []Step{},
		Form: Form{e.Form.Sex, e.Form.Born.String(), e.Form.BirthPlace, e.Form.Street, e.Form.City, e.Form.PostalCode, e.Form.Nationality},
		Contacts: Contacts{Email: e.Contacts.Email, Mobile: e.Contacts.Mobile, Sent: e.Contacts.Sent,
			EmailVerified: !e.Contacts.EmailProof.IsZero(), MobileVerified: !e.Contacts.MobileProof.IsZero()},
		Document: Document{string(e.Document.Kind), e.Document.Number, e.Document.Issued.String(), e.Document.Expires.String()},
	}
	for _, r := range e.Results {
		out.Results = append(out.Results, Result(r))
	}
	for _, s := range e.History {
		out.History = append(out.History, Step{s.At, string(s.Event), string(s.From), string(s.To)})
	}
	out.groups(e)
	return out
}

// groups are those that a request has only for a while.
func (out *Enrolment) groups(e *onboarding.Enrolment) {
	if m := e.Message; m != nil {
		out.Handoff = &Handoff{m.ID, m.Sent, m.Delivered}
	}
	if p := e.Procedure; p != nil {
		out.Procedure = &Procedure{p.Code, p.Sent, p.LastDay.String()}
	}
	if o := e.Online; o != nil {
		out.Online = &Online{Since: o.Since, TriesLeft: e.TriesLeft()}
		if e.Mode == onboarding.BancoPostaReader {
			out.Online.Code = o.Code
		}
	}
	if o := e.Account; o != nil {
		out.Account = &Account{o.Username, o.SPIDCode, o.Levels, o.Factors, o.At}
	}
}

// next names the events that a request waits for.
func next(e *onboarding.Enrolment) []string {
	names := []string{}
	for _, ev := range possible(e) {
		names = append(names, string(ev))
	}
	return names
}
