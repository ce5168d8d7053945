package onboarding

import (
	"slices"
	"time"

	"spidsim/internal/clock"
	"spidsim/spid"
)

// State is where a request for SPID is (onboarding.md section 6.1).
type State string

// States at the portal, at the gestore, and ends.
const (
	AtHome     State = "N0"
	AtMask     State = "N1"
	PINOK      State = "N2"
	AtNotice   State = "N3"
	AtServices State = "N4"
	AtGuide    State = "N5"
	AtList     State = "N6"
	AtHandoff  State = "N7"

	Received   State = "R0"
	AtForm     State = "R1"
	AtContacts State = "R2"
	AtPapers   State = "R3" // documents
	AtModes    State = "R4"
	AtCounter  State = "R5" // waits for somebody who sees the person
	AtOnline   State = "R6"
	InReview   State = "R7"
	Identified State = "R8"
	Active     State = "R9"

	Cancelled State = "RX"
	Lapsed    State = "RE"
	Rejected  State = "RJ"
	Already   State = "RA"
)

// stateNames are the words of the specification.
var stateNames = map[State]string{
	AtHome: "HOME", AtMask: "MASK", PINOK: "PIN_OK", AtNotice: "NOTICE", AtServices: "SERVICES", AtGuide: "GUIDED", AtList: "IDP_LIST", AtHandoff: "HANDOFF",
	Received: "RECEIVED", AtForm: "FORM", AtContacts: "CONTACTS", AtPapers: "DOCUMENTS", AtModes: "MODE", AtCounter: "WAIT_COUNTER", AtOnline: "ONLINE_ID",
	InReview: "REVIEW", Identified: "IDENTIFIED", Active: "ACTIVE", Cancelled: "CANCELLED", Lapsed: "EXPIRED", Rejected: "REJECTED", Already: "ALREADY",
}

// Name is the word of the specification for the state, "WAIT_COUNTER".
func (s State) Name() string { return stateNames[s] }

// AtPortal reports whether the request is still on the pages of the institute.
func (s State) AtPortal() bool { return len(s) > 0 && s[0] == 'N' }

// Open reports whether the gestore works on the request.
func (s State) Open() bool { return slices.Contains(openStates, s) }

var openStates = []State{AtForm, AtContacts, AtPapers, AtModes, AtCounter, AtOnline, InReview, Identified}

// Ended reports whether the request is over.
func (s State) Ended() bool {
	return s == Active || s == Cancelled || s == Lapsed || s == Rejected || s == Already
}

// Enrolment is one person's way from the portal to an active identity: the record behind the pages, the API and the lessons.
type Enrolment struct {
	ID      string    `json:"id"`
	State   State     `json:"state"`
	Created time.Time `json:"created"`
	Changed time.Time `json:"changed"`

	FiscalCode spid.FiscalCode `json:"fiscal_code,omitempty"`
	FamilyName string          `json:"family_name,omitempty"`
	GivenName  string          `json:"given_name,omitempty"`
	Username   string          `json:"username,omitempty"` // of the test person; "" = somebody typed by hand
	Means      string          `json:"means,omitempty"`    // by which the person came into the portal: "pin", "spid", "cie", "cns"
	Profile    Profile         `json:"profile,omitempty"`
	Direct     bool            `json:"direct,omitempty"` // begun at the gestore: nothing is locked (ONB-100)

	Consent time.Time `json:"consent,omitzero"` // to the hand-off of the three data (ONB-76)
	IdP     string    `json:"idp,omitempty"`    // slug of the gestore chosen
	Message *Message  `json:"message,omitempty"`

	Form       Form       `json:"form,omitzero"`
	Contacts   Contacts   `json:"contacts,omitzero"`
	Document   Document   `json:"document,omitzero"`
	HealthCard bool       `json:"health_card,omitempty"`
	Mode       ModeKey    `json:"mode,omitempty"`
	Procedure  *Procedure `json:"procedure,omitempty"`
	Online     *OnlineID  `json:"online,omitempty"`
	By         string     `json:"by,omitempty"`     // who identified or decided, as typed
	Reason     Code       `json:"reason,omitempty"` // why it was rejected or has lapsed
	Note       string     `json:"note,omitempty"`   // the same in the words of who rejected it
	Account    *Opened    `json:"account,omitempty"`

	Results []Answer `json:"results,omitempty"` // that the gestore gives the portal (ONB-83)
	History []Step   `json:"history"`

	Browser  string `json:"browser,omitempty"`  // SHA-256 of the cookie that the gestore's pages gave, hex
	Previous string `json:"previous,omitempty"` // request that this one starts again
	Merged   string `json:"merged,omitempty"`   // open request at the same gestore that goes on instead
}

// Message is the hand-off that left the portal (ONB-81).
type Message struct {
	ID         string    `json:"id"`
	RelayState string    `json:"relay_state"`
	Sent       time.Time `json:"sent"`
	Delivered  time.Time `json:"delivered,omitzero"`
}

// Form is what the person adds to the three data (OSC-07).
type Form struct {
	Sex         string    `json:"sex,omitempty"` // "F" or "M"
	Born        clock.Day `json:"born,omitzero"`
	BirthPlace  string    `json:"birth_place,omitempty"` // Belfiore code
	Street      string    `json:"street,omitempty"`
	City        string    `json:"city,omitempty"`
	PostalCode  string    `json:"postal_code,omitempty"`
	Nationality string    `json:"nationality,omitempty"`
}

// Contacts are proved by a code each (ONB-103).
type Contacts struct {
	Email       string    `json:"email,omitempty"`
	Mobile      string    `json:"mobile,omitempty"`
	EmailCode   string    `json:"email_code,omitempty"`
	MobileCode  string    `json:"mobile_code,omitempty"`
	Sent        time.Time `json:"sent,omitzero"`
	EmailProof  time.Time `json:"email_proof,omitzero"`
	MobileProof time.Time `json:"mobile_proof,omitzero"`
	EmailTries  int       `json:"email_tries,omitempty"` // that went wrong
	MobileTries int       `json:"mobile_tries,omitempty"`
}

// Proved reports whether both codes were right.
func (c Contacts) Proved() bool { return !c.EmailProof.IsZero() && !c.MobileProof.IsZero() }

// Procedure is the code for the counter (ONB-120, ONB-131).
type Procedure struct {
	Code    string    `json:"code"` // twelve unambiguous characters
	Sent    time.Time `json:"sent"` // when the e-mail reached the outbox
	LastDay clock.Day `json:"last_day"`
}

// Expired reports whether the 30 days after the e-mail are over.
func (p *Procedure) Expired(now time.Time) bool { return !now.Before(p.LastDay.End()) }

// OnlineID is an identification without a counter.
type OnlineID struct {
	Code  string    `json:"code,omitempty"` // that was sent, or that a device shows
	Tries int       `json:"tries"`          // that went wrong
	Since time.Time `json:"since"`
}

// Opened is what the activation gave (ONB-135, ONB-136).
type Opened struct {
	Username string    `json:"username"`
	SPIDCode string    `json:"spid_code"`
	Levels   []int     `json:"levels"`
	Factors  []string  `json:"second_factors"`
	At       time.Time `json:"at"`
}

// Answer is a result that the gestore gives the portal: its numbers have a table of their own, in which nr25 means issued (ONB-84).
type Answer struct {
	Code      int       `json:"code"` // 100, 25, 27, 28, 29
	Sync      bool      `json:"sync,omitempty"`
	At        time.Time `json:"at"`
	Delivered time.Time `json:"delivered,omitzero"` // when the portal took it
}

// Results of the gestore (ONB-83).
const (
	ResultTaken     = 100
	ResultIssued    = 25
	ResultAlready   = 27
	ResultCancelled = 28
	ResultRefused   = 29
)

// Step is one event of the history.
type Step struct {
	At    time.Time `json:"at"`
	Event Event     `json:"event"`
	From  State     `json:"from"`
	To    State     `json:"to"`
}

// keys make a message, a procedure code and the one open request of a person at a gestore unique.
func (e *Enrolment) keys() map[string]string {
	keys := map[string]string{}
	if e.Message != nil {
		keys["message"] = e.Message.ID
	}
	if e.Procedure != nil && e.State == AtCounter {
		keys["procedure"] = e.Procedure.Code
	}
	if e.State.Open() && e.FiscalCode != "" {
		keys["open"] = openKey(e.IdP, e.FiscalCode)
	}
	return keys
}

func openKey(slug string, code spid.FiscalCode) string { return slug + "\x1f" + string(code) }

// Name is given name and surname for people to read.
func (e *Enrolment) Name() string { return e.GivenName + " " + e.FamilyName }

// Tries left of an identification online.
func (e *Enrolment) TriesLeft() int {
	if e.Online == nil {
		return onlineTries
	}
	return onlineTries - e.Online.Tries
}

// move notes an event and goes to a state.
func (e *Enrolment) move(ev Event, to State, now time.Time) {
	e.History = append(e.History, Step{At: now, Event: ev, From: e.State, To: to})
	e.State, e.Changed = to, now
}

// forget deletes what the person entered: nothing of a cancelled request is kept (ONB-112).
func (e *Enrolment) forget() {
	e.Form, e.Contacts, e.Document, e.HealthCard, e.Procedure, e.Online = Form{}, Contacts{}, Document{}, false, nil, nil
}
