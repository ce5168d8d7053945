package api

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"spidsim/onboarding"
)

// Minor is a parent's request of SPID for a child (section 10). Its codes are public test data.
type Minor struct {
	ID               string    `json:"id"`
	State            string    `json:"state"` // "asked", "entered", "identified", "active", "adult", "cancelled", "lapsed"
	IdP              string    `json:"idp"`
	Created          time.Time `json:"created"`
	Changed          time.Time `json:"changed"`
	LastDay          string    `json:"last_day"` // for the child to be identified
	Parent           string    `json:"parent"`
	ParentName       string    `json:"parent_name"`
	FiscalCode       string    `json:"fiscal_code"` // of the child
	FamilyName       string    `json:"family_name"`
	GivenName        string    `json:"given_name"`
	Born             string    `json:"born"`
	ParentCode       string    `json:"parent_code"`
	VerificationCode string    `json:"verification_code"`
	By               string    `json:"by"`
	Accompanied      bool      `json:"accompanied"`
	Account          *Account  `json:"account"`
}

func minorItem(m *onboarding.MinorRequest) Minor {
	out := Minor{
		ID: m.ID, State: string(m.State), IdP: m.Slug, Created: m.Created, Changed: m.Changed, LastDay: m.LastDay.String(), Parent: string(m.Parent),
		ParentName: m.ParentName, FiscalCode: string(m.FiscalCode), FamilyName: m.FamilyName, GivenName: m.GivenName, Born: m.Born.String(),
		ParentCode: m.ParentCode, VerificationCode: m.VerificationCode, By: m.By, Accompanied: m.Accompanied,
	}
	if o := m.Account; o != nil {
		out.Account = &Account{o.Username, o.SPIDCode, o.Levels, o.Factors, o.At}
	}
	return out
}

func minor(m *onboarding.MinorRequest, err error) (any, error) {
	if err != nil {
		return nil, missingAs(err, "request for a minor of that id")
	}
	return minorItem(m), nil
}

// listMinors lists the requests; ?person= is the parent or the child.
func (a *API) listMinors(_ http.ResponseWriter, r *http.Request) (any, error) {
	all, err := a.office.MinorRequests(r.Context(), 0)
	if err != nil {
		return nil, err
	}
	if who := r.URL.Query().Get("person"); who != "" {
		c, err := a.office.Citizen(r.Context(), who)
		if err != nil {
			return nil, at(err, "person")
		}
		all = slices.DeleteFunc(all, func(m *onboarding.MinorRequest) bool { return m.Parent != c.FiscalCode && m.FiscalCode != c.FiscalCode })
	}
	return page(r, all, func(m *onboarding.MinorRequest) string { return m.ID }, minorItem)
}

// NewMinor is the body of POST minors: a parent asks at the parent's own gestore (ONB-181).
type NewMinor struct {
	onboarding.MinorInput
	As    As     `json:"as"`    // the parent with a login at the gestore, {"person":"P09","idp":"poste","level":2}
	Child string `json:"child"` // persona or user name of the child: what the body leaves out is filled in
}

func (a *API) newMinor(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body NewMinor
	raw, err := decodeOver(r, &body)
	if err != nil {
		return nil, err
	}
	if body.Child != "" {
		c, err := a.office.Citizen(r.Context(), body.Child)
		if err != nil {
			return nil, at(err, "child")
		}
		body.MinorInput = onboarding.MinorInput{FiscalCode: string(c.FiscalCode), FamilyName: c.FamilyName, GivenName: c.GivenName, Born: c.Born,
			Responsibility: true, Notifications: true}
		if err := over(raw, &body); err != nil {
			return nil, err
		}
	}
	h, err := a.holder(r.Context(), &body.As, body.As.IdP)
	if err != nil {
		return nil, err
	}
	m, err := a.office.AskForMinor(r.Context(), h, body.MinorInput)
	if err != nil {
		return nil, err
	}
	return created{"/api/v1/minors/" + m.ID, minorItem(m)}, nil
}

func (a *API) getMinor(_ http.ResponseWriter, r *http.Request) (any, error) {
	return minor(a.office.MinorRequest(r.Context(), segment(r, "id")))
}

// MinorEntry is the body of POST minors/enter: the child types the verification code (ONB-182).
type MinorEntry struct {
	IdP  string `json:"idp"`
	Code string `json:"code"`
}

func (a *API) enterMinor(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body MinorEntry
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	return minor(a.office.EnterVerification(r.Context(), body.IdP, body.Code))
}

// identifyMinor takes onboarding.MinorCheck: {"by","outcome","accompanied","parent_code"} (ONB-182).
func (a *API) identifyMinor(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body onboarding.MinorCheck
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	return minor(a.office.IdentifyMinor(r.Context(), segment(r, "id"), body))
}

// activateMinor takes onboarding.MinorCredentials: {"username","password","password_repeat","factor","email","mobile"}.
func (a *API) activateMinor(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body onboarding.MinorCredentials
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	return minor(a.office.ActivateMinor(r.Context(), segment(r, "id"), body))
}

// Asking is the body of calls about which only who asks matters; absent is the operator.
type Asking struct {
	As *As `json:"as"`
}

func (a *API) cancelMinor(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body Asking
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	h, err := a.holder(r.Context(), body.As, "")
	if err != nil {
		return nil, err
	}
	return minor(a.office.CancelMinor(r.Context(), h, segment(r, "id")))
}

// Permission answers what somebody may do at an age (ONB-183).
type Permission struct {
	Allowed bool   `json:"allowed"`
	Age     int    `json:"age"` // on the simulated day
	Code    string `json:"code"`
	Rule    string `json:"rule"`
	Title   string `json:"title"`
	TitleIt string `json:"title_it"`
}

// mayUse answers ?person=&service= with service "school", "minors" or "general".
func (a *API) mayUse(_ http.ResponseWriter, r *http.Request) (any, error) {
	q := r.URL.Query()
	c, err := a.office.Citizen(r.Context(), q.Get("person"))
	if err != nil {
		return nil, at(err, "person")
	}
	kind := onboarding.ServiceKind(q.Get("service"))
	if !slices.Contains([]onboarding.ServiceKind{onboarding.SchoolService, onboarding.MinorsService, onboarding.GeneralService}, kind) {
		return nil, badQuery("service", string(kind), "school, minors or general")
	}
	day := a.office.Today()
	out := Permission{Allowed: true, Age: c.AgeOn(day)}
	if d := onboarding.MayUse(kind, out.Age, day); d != nil {
		out.Allowed, out.Code, out.Rule, out.Title, out.TitleIt = false, string(d.Code), d.Rule, d.English, d.Italian
	}
	return out, nil
}

// AgeCheck answers a limit of age; the date of birth stays at the gestore (ONB-185).
type AgeCheck struct {
	Reached bool `json:"reached"`
}

// ageCheck answers ?username=&idp=&years=.
func (a *API) ageCheck(_ http.ResponseWriter, r *http.Request) (any, error) {
	q := r.URL.Query()
	years, err := strconv.Atoi(q.Get("years"))
	if err != nil || years < 1 || years > 150 {
		return nil, badQuery("years", q.Get("years"), "a limit of age such as 14")
	}
	ok, err := a.office.CheckAge(r.Context(), q.Get("username"), q.Get("idp"), years)
	if err != nil {
		return nil, missingAs(err, "identity of that user name at that gestore")
	}
	return AgeCheck{ok}, nil
}

// Authorisation is a parent's word on one login of a minor (ONB-185).
type Authorisation struct {
	ID         string    `json:"id"`
	State      string    `json:"state"` // "child", "parent", "allowed", "denied", "lapsed"
	Username   string    `json:"username"`
	FiscalCode string    `json:"fiscal_code"`
	Name       string    `json:"name"`
	IdP        string    `json:"idp"`
	Parent     string    `json:"parent"`
	Service    string    `json:"service"`
	Kind       string    `json:"kind"`
	Asked      time.Time `json:"asked"`
	Until      time.Time `json:"until"`
	Decided    time.Time `json:"decided,omitzero"`
}

func authorisationItem(x *onboarding.Authorisation) Authorisation {
	return Authorisation{x.ID, string(x.State), x.Username, string(x.FiscalCode), x.Name, x.Slug, string(x.Parent), x.Service, string(x.Kind), x.Asked, x.Until, x.Decided}
}

func authorisation(x *onboarding.Authorisation, err error) (any, error) {
	if err != nil {
		return nil, missingAs(err, "authorisation of that id")
	}
	return authorisationItem(x), nil
}

// listAuthorisations lists what waits for the parent ?person=.
func (a *API) listAuthorisations(_ http.ResponseWriter, r *http.Request) (any, error) {
	c, err := a.office.Citizen(r.Context(), r.URL.Query().Get("person"))
	if err != nil {
		return nil, at(err, "person")
	}
	all, err := a.office.AuthorisationsOf(r.Context(), c.FiscalCode)
	if err != nil {
		return nil, err
	}
	return page(r, all, func(x *onboarding.Authorisation) string { return x.ID }, authorisationItem)
}

// NewAuthorisation is the body of POST minors/authorisations.
type NewAuthorisation struct {
	Username string `json:"username"` // of the minor's identity
	IdP      string `json:"idp"`
	Service  string `json:"service"` // as shown
	Kind     string `json:"kind"`    // "school", "minors", "general"
}

func (a *API) newAuthorisation(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body NewAuthorisation
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	x, err := a.office.AskAuthorisation(r.Context(), body.Username, body.IdP, body.Service, onboarding.ServiceKind(body.Kind))
	if err != nil {
		return nil, missingAs(err, "identity of that user name at that gestore")
	}
	return created{"/api/v1/minors/authorisations/" + x.ID, authorisationItem(x)}, nil
}

func (a *API) getAuthorisation(_ http.ResponseWriter, r *http.Request) (any, error) {
	return authorisation(a.office.Authorisation(r.Context(), segment(r, "id")))
}

// Confirmation is the body of POST minors/authorisations/{id}/confirm: what the child says.
type Confirmation struct {
	Yes bool `json:"yes"`
}

func (a *API) confirmAuthorisation(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body Confirmation
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	return authorisation(a.office.ConfirmAuthorisation(r.Context(), segment(r, "id"), body.Yes))
}

// Choice is the body of POST minors/authorisations/{id}/decide: what the parent says.
type Choice struct {
	Allow bool `json:"allow"`
	As    *As  `json:"as"` // absent is the operator
}

func (a *API) decideAuthorisation(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body Choice
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	h, err := a.holder(r.Context(), body.As, "")
	if err != nil {
		return nil, err
	}
	return authorisation(a.office.DecideAuthorisation(r.Context(), h, segment(r, "id"), body.Allow))
}
