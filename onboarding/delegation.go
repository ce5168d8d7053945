package onboarding

import (
	"context"
	"time"

	"spidsim/internal/clock"
	"spidsim/spid"
)

// DelegationKind is in which capacity the delegate acts (ONB-160, ONB-161).
type DelegationKind string

// Kinds of delegate.
const (
	TrustedPerson DelegationKind = "fiducia"
	Guardian      DelegationKind = "tutore"
	Curator       DelegationKind = "curatore"
	Administrator DelegationKind = "amministratore" // di sostegno
	ParentKind    DelegationKind = "genitore"
)

// DelegationKinds returns all kinds, the trusted person first.
func DelegationKinds() []DelegationKind {
	return []DelegationKind{TrustedPerson, Guardian, Curator, Administrator, ParentKind}
}

// Representative reports whether the delegate represents by law and not by the principal's choice (ONB-161).
func (k DelegationKind) Representative() bool { return k != TrustedPerson }

// DelegationChannel is how a delegation is registered.
type DelegationChannel string

// Channels.
const (
	ByOffice DelegationChannel = "office" // ONB-166
	ByOnline DelegationChannel = "online" // ONB-173
	ByVideo  DelegationChannel = "video"  // ONB-176
	ByPEC    DelegationChannel = "pec"    // certified mail, ONB-175
)

// DelegationForm is the form of the office.
type DelegationForm string

// Forms (ONB-166…168).
const (
	AA08 DelegationForm = "AA08" // the principal comes
	AA09 DelegationForm = "AA09" // the principal cannot come
	AA10 DelegationForm = "AA10" // a legal representative comes
)

// Paper is what is brought or sent beside the form.
type Paper string

// Papers.
const (
	PrincipalCopy     Paper = "principal-copy"     // copy of the principal's identity document
	PrincipalOriginal Paper = "principal-document" // the document itself
	DelegateCopy      Paper = "delegate-copy"      // copy of the delegate's
	MedicalStatement  Paper = "medical-statement"  // of a doctor of the national health service
	Proof             Paper = "proof"              // of the representation, as an appointment
	SelfCertification Paper = "self-certification" // in place of the proof: the authority is asked
	DigitalSignature  Paper = "digital-signature"  // on what comes by certified mail
)

// DelegationState is where a delegation is in its life (ONB-178).
type DelegationState string

// States.
const (
	DelegationDraft     DelegationState = "DRAFT"     // a video meeting is booked
	DelegationVerifying DelegationState = "VERIFYING" // the authority is asked (ONB-168)
	DelegationActive    DelegationState = "ACTIVE"
	DelegationExpired   DelegationState = "EXPIRED"
	DelegationRevoked   DelegationState = "REVOKED"
)

// Delegation lets one person act for another with their own digital identity.
type Delegation struct {
	ID            string            `json:"id"`
	Principal     spid.FiscalCode   `json:"principal"`
	PrincipalName string            `json:"principal_name"`
	Delegate      spid.FiscalCode   `json:"delegate"`
	DelegateName  string            `json:"delegate_name"`
	Kind          DelegationKind    `json:"kind"`
	Channel       DelegationChannel `json:"channel"`
	Form          DelegationForm    `json:"form,omitempty"`
	State         DelegationState   `json:"state"`
	Papers        []Paper           `json:"papers,omitempty"`
	Created       time.Time         `json:"created"`
	Registered    time.Time         `json:"registered,omitzero"` // since when it is active
	Until         clock.Day         `json:"until,omitzero"`      // last day; zero = open end (ONB-170)
	By            string            `json:"by,omitempty"`        // who registered it, as typed
	Ended         time.Time         `json:"ended,omitzero"`
	EndedBy       string            `json:"ended_by,omitempty"` // who revoked it; "" = the clock
	Seat          int               `json:"seat,omitempty"`     // which of the delegate's places it takes; 0 = none (ONB-163)
	Meeting       *VideoMeeting     `json:"meeting,omitempty"`
}

// VideoMeeting is the meeting in which a delegation is registered (ONB-176).
type VideoMeeting struct {
	At       time.Time `json:"at"`
	Code     string    `json:"code"` // by SMS, to enter the room: public test data
	Held     time.Time `json:"held,omitzero"`
	Recorded bool      `json:"recorded,omitempty"` // both agreed
}

// Live reports whether nobody else can be the delegate of the principal (ONB-162).
func (d *Delegation) Live() bool {
	return d.State == DelegationActive || d.State == DelegationVerifying
}

// keys let one delegation per principal be live, and one hold each seat of a delegate, whoever registers at the same time.
func (d *Delegation) keys() map[string]string {
	if !d.Live() {
		return nil
	}
	keys := map[string]string{"principal": string(d.Principal)}
	if d.Seat > 0 {
		keys["seat"] = seatKey(d.Delegate, d.Seat)
	}
	return keys
}

// over reports whether the clock ends the delegation: its last day has passed, or nobody came to the meeting.
func (d *Delegation) over(now time.Time) bool {
	if d.State == DelegationDraft {
		return d.Meeting != nil && !now.Before(d.Meeting.At.Add(meetingLife))
	}
	return d.Live() && !d.Until.IsZero() && clock.DayOf(now).After(d.Until)
}

func (d *Delegation) end(s DelegationState, by string, now time.Time) {
	d.State, d.EndedBy, d.Ended = s, by, now
}

// Delegation returns a delegation as it stands now, or store.ErrNotFound.
func (o *Office) Delegation(ctx context.Context, id string) (*Delegation, error) {
	d, err := o.delegations.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return o.settled(ctx, d)
}

// settled is a delegation after what the clock did to it.
func (o *Office) settled(ctx context.Context, d *Delegation) (*Delegation, error) {
	if !d.over(o.Now()) {
		return d, nil
	}
	return o.delegations.Update(ctx, d.ID, func(d *Delegation) error {
		if d.over(o.Now()) {
			d.end(DelegationExpired, "", o.Now())
		}
		return nil
	})
}

// settleDelegations ends what is over.
func (o *Office) settleDelegations(ctx context.Context) error {
	_, err := o.Delegations(ctx)
	return err
}

// Delegations returns all delegations as they stand now, newest first.
func (o *Office) Delegations(ctx context.Context) ([]*Delegation, error) {
	return o.delegationsWhere(ctx, func(*Delegation) bool { return true })
}

func (o *Office) delegationsWhere(ctx context.Context, wanted func(*Delegation) bool) ([]*Delegation, error) {
	found := []*Delegation{}
	for d, err := range o.delegations.Newest(ctx, 0) {
		if err == nil && !wanted(d) {
			continue
		}
		if err == nil {
			d, err = o.settled(ctx, d)
		}
		if err != nil {
			return nil, err
		}
		found = append(found, d)
	}
	return found, nil
}

// DelegationBook is what concerns one person, newest first.
type DelegationBook struct {
	AsPrincipal []*Delegation `json:"as_principal"` // that others act for the person
	AsDelegate  []*Delegation `json:"as_delegate"`  // that the person acts for others
}

// Active returns the delegation by which somebody acts for the person, or nil.
func (b DelegationBook) Active() *Delegation {
	for _, d := range b.AsPrincipal {
		if d.State == DelegationActive {
			return d
		}
	}
	return nil
}

// Principals returns the active delegations by which the person acts for others.
func (b DelegationBook) Principals() []*Delegation {
	var active []*Delegation
	for _, d := range b.AsDelegate {
		if d.State == DelegationActive {
			active = append(active, d)
		}
	}
	return active
}

// DelegationsOf returns the delegations of a person, given by codice fiscale, user name or persona. RSN-PERSON.
func (o *Office) DelegationsOf(ctx context.Context, who string) (DelegationBook, error) {
	book := DelegationBook{AsPrincipal: []*Delegation{}, AsDelegate: []*Delegation{}}
	c, err := o.Citizen(ctx, who)
	if err != nil {
		return book, err
	}
	all, err := o.delegationsWhere(ctx, func(d *Delegation) bool { return d.Principal == c.FiscalCode || d.Delegate == c.FiscalCode })
	for _, d := range all {
		if d.Principal == c.FiscalCode {
			book.AsPrincipal = append(book.AsPrincipal, d)
		} else {
			book.AsDelegate = append(book.AsDelegate, d)
		}
	}
	return book, err
}
