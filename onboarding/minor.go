package onboarding

import (
	"context"
	"errors"
	"slices"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/store"
	"spidsim/spid"
)

// Ages at which the rules for minors change (ONB-183, ONB-186).
const (
	leastAge = 5
	aloneAge = 14
)

// EndOfTrial is the last day of the trial with children under 14 (ONB-183). What they may use stays the same afterwards.
var EndOfTrial = clock.Day{Year: 2023, Month: time.June, Day: 30}

// AgeBand is what an age means for SPID (ONB-183).
type AgeBand string

// Bands of age.
const (
	BandNone  AgeBand = "none"  // no SPID: too young, or too early in the history of SPID
	BandChild AgeBand = "child" // 5 to 13: services of schools alone, under close parental control
	BandTeen  AgeBand = "teen"  // 14 to 17: services meant for them as well
	BandAdult AgeBand = "adult"
)

// Band is the band of an age in completed years on a day (ONB-180, ONB-183, ONB-187).
func Band(age int, day clock.Day) AgeBand {
	switch {
	case age >= adult:
		return BandAdult
	case day.Before(SPIDForMinors), age < leastAge:
		return BandNone
	case age < aloneAge:
		return BandChild
	}
	return BandTeen
}

// OnTrial reports whether children under 14 have SPID for trial on a day (ONB-183).
func OnTrial(day clock.Day) bool { return !day.Before(SPIDForMinors) && !day.After(EndOfTrial) }

// ServiceKind is for whom a service is.
type ServiceKind string

// Kinds of service (ONB-183).
const (
	SchoolService  ServiceKind = "school"
	MinorsService  ServiceKind = "minors" // meant for 14 to 17: the pension institute, the health record, licence points
	GeneralService ServiceKind = "general"
)

// MayUse says whether somebody of an age may use a kind of service with SPID on a day (ONB-183): nil, RSN-MINOR or RSN-AGE.
func MayUse(kind ServiceKind, age int, day clock.Day) *Denied {
	switch band := Band(age, day); {
	case band == BandAdult, band == BandTeen && kind != GeneralService, band == BandChild && kind == SchoolService:
		return nil
	case day.Before(SPIDForMinors):
		return Deny(Minor).By("ONB-180")
	}
	return Deny(TooYoung).Because("a service of kind %s at the age of %d", kind, age)
}

// AtLeast answers a limit of age without telling the date of birth (ONB-185). Who has no known birthday does not reach it.
func (c Citizen) AtLeast(years int, day clock.Day) bool {
	return !c.Birthday.IsZero() && c.AgeOn(day) >= years
}

// MinorState is where a parent's request for a child is (ONB-182).
type MinorState string

// States of a request for a minor.
const (
	MinorAsked      MinorState = "asked"      // the child has to enter the verification code
	MinorEntered    MinorState = "entered"    // the child has to be identified
	MinorIdentified MinorState = "identified" // user name and password are to be chosen
	MinorActive     MinorState = "active"
	MinorAdult      MinorState = "adult" // has turned 18: an ordinary identity (ONB-187)
	MinorCancelled  MinorState = "cancelled"
	MinorLapsed     MinorState = "lapsed"
)

// Open reports whether the gestore works on the request.
func (s MinorState) Open() bool {
	return s == MinorAsked || s == MinorEntered || s == MinorIdentified
}

// MinorRequest is a parent's request of SPID for a child (onboarding.md section 10).
type MinorRequest struct {
	ID      string     `json:"id"`
	State   MinorState `json:"state"`
	Slug    string     `json:"idp"`
	Created time.Time  `json:"created"`
	Changed time.Time  `json:"changed"`
	LastDay clock.Day  `json:"last_day"` // for the child to be identified (ONB-120)

	Parent     spid.FiscalCode `json:"parent"`
	ParentName string          `json:"parent_name"`

	FiscalCode spid.FiscalCode `json:"fiscal_code"` // of the child
	FamilyName string          `json:"family_name"`
	GivenName  string          `json:"given_name"`
	Born       clock.Day       `json:"born"`

	ParentCode       string `json:"parent_code"`       // stays with the parent, who shows it when accompanying
	VerificationCode string `json:"verification_code"` // goes to the child

	By          string  `json:"by,omitempty"` // who identified the child
	Accompanied bool    `json:"accompanied,omitempty"`
	Account     *Opened `json:"account,omitempty"`
}

// keys make the verification code and the one request of a child at a gestore unique.
func (m *MinorRequest) keys() map[string]string {
	keys := map[string]string{}
	if m.State == MinorAsked {
		keys["verification"] = m.Slug + "\x1f" + m.VerificationCode
	}
	if m.State.Open() || m.State == MinorActive {
		keys["child"] = openKey(m.Slug, m.FiscalCode)
	}
	return keys
}

// Name is given name and surname of the child.
func (m *MinorRequest) Name() string { return m.GivenName + " " + m.FamilyName }

// AgeOn is the child's age on a day.
func (m *MinorRequest) AgeOn(day clock.Day) int { return Citizen{Birthday: m.Born}.AgeOn(day) }

// MinorRequest returns a request for a minor, or store.ErrNotFound.
func (o *Office) MinorRequest(ctx context.Context, id string) (*MinorRequest, error) {
	return o.minors.Get(ctx, id)
}

// MinorRequests returns the newest requests for minors, at most limit; 0 is all.
func (o *Office) MinorRequests(ctx context.Context, limit int) ([]*MinorRequest, error) {
	return collect(ctx, o.minors, limit)
}

// MinorRequestsOf returns the requests of one parent, newest first.
func (o *Office) MinorRequestsOf(ctx context.Context, parent spid.FiscalCode) ([]*MinorRequest, error) {
	all, err := o.MinorRequests(ctx, 0)
	return slices.DeleteFunc(all, func(m *MinorRequest) bool { return m.Parent != parent }), err
}

// guardian is the parent of a minor with an identity.
type guardian struct {
	Parent Citizen
	Age    int // of the minor
}

// guardianOf is the parent who asked for a minor's identity, else one whom the books name; nil for adults and those of unknown age. From
// the eighteenth birthday on nobody is asked any more (ONB-187).
func (o *Office) guardianOf(ctx context.Context, i Identity) (*guardian, error) {
	child, err := o.citizenOf(ctx, i)
	if err != nil || !child.MinorOn(o.Today()) {
		return nil, err
	}
	m, err := optional(o.minors.Find(ctx, "child", openKey(i.Slug, i.FiscalCode)))
	if err != nil {
		return nil, err
	}
	list, err := o.Citizens(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		if m != nil && c.FiscalCode == m.Parent || m == nil && child.Username != "" && slices.Contains(c.Children, child.Username) {
			return &guardian{Parent: c, Age: child.AgeOn(o.Today())}, nil
		}
	}
	return nil, nil
}

// settleMinors lets the clock do what is due: requests lapse after 30 days, and at 18 an identity becomes an ordinary one (ONB-187).
func (o *Office) settleMinors(ctx context.Context) error {
	all, err := o.MinorRequests(ctx, 0)
	if err != nil {
		return err
	}
	for _, m := range all {
		switch {
		case m.State.Open() && o.Today().After(m.LastDay):
			err = o.moveMinor(ctx, m.ID, m.State, MinorLapsed, nil)
		case m.State == MinorActive && m.AgeOn(o.Today()) >= adult:
			err = o.moveMinor(ctx, m.ID, m.State, MinorAdult, o.tellAdult)
		}
		var denied *Denied
		if err != nil && !errors.As(err, &denied) { // who was moved by somebody else is settled the next time
			return err
		}
	}
	return nil
}

func (o *Office) tellAdult(ctx context.Context, m *MinorRequest) error {
	i, err := o.Identity(ctx, m.Account.Username, m.Slug)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return o.tellHolder(ctx, i, contactEmail, "adult", "")
}

// moveMinor brings a request from one state to the next, with what else is to be done, all or nothing.
func (o *Office) moveMinor(ctx context.Context, id string, from, to MinorState, also func(context.Context, *MinorRequest) error) error {
	return o.db.Atomic(ctx, func(ctx context.Context) error {
		m, err := o.minors.Update(ctx, id, func(m *MinorRequest) error {
			if m.State != from {
				return Deny(WrongStep).Because("the request is %s, want %s", m.State, from)
			}
			m.State, m.Changed = to, o.Now()
			return nil
		})
		if err != nil || also == nil {
			return err
		}
		return also(ctx, m)
	})
}
