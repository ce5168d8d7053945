package onboarding

import (
	"slices"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/spid"
)

// Event is something that happens to a request; the API takes them by these names.
type Event string

// Events of onboarding.md section 6.1. Those below the line are ours: they stand for what the table leaves to the pages.
const (
	EvEnter    Event = "EV-enter"
	EvPINLogin Event = "EV-pin-login"
	EvSPID     Event = "EV-spid"
	EvCIE      Event = "EV-cie"
	EvCNS      Event = "EV-cns"
	EvContinue Event = "EV-continue"
	EvRemindGo Event = "EV-remind+go"
	EvGo       Event = "EV-go"
	EvRequest  Event = "EV-request"
	EvOpenList Event = "EV-open-list"
	EvChoose   Event = "EV-choose"
	EvBack     Event = "EV-back"
	EvDeliver  Event = "EV-deliver"
	EvOpen     Event = "EV-open"
	EvSave     Event = "EV-save"
	EvMail     Event = "EV-verify-mail"
	EvPhone    Event = "EV-verify-phone"
	EvDocs     Event = "EV-docs"
	EvMode     Event = "EV-mode"
	EvCounter  Event = "EV-counter-identify"
	EvChange   Event = "EV-change-mode"
	EvOnlineOK Event = "EV-online-ok"
	EvSent     Event = "EV-online-sent"
	EvFail     Event = "EV-online-fail"
	EvReviewOK Event = "EV-review-ok"
	EvReviewKO Event = "EV-review-ko"
	EvCreds    Event = "EV-set-credentials"
	EvCancel   Event = "EV-cancel"
	EvRestart  Event = "EV-restart"

	EvArrive   Event = "EV-arrive"   // back from a gestore or a card, logged in
	EvContacts Event = "EV-contacts" // addresses typed: two codes leave
	EvExpire   Event = "EV-expire"   // the clock passed the last day
)

// Events returns every event that the API takes, in the order of the specification.
func Events() []Event {
	return []Event{EvEnter, EvPINLogin, EvSPID, EvCIE, EvCNS, EvContinue, EvRemindGo, EvGo, EvRequest, EvOpenList, EvChoose, EvBack, EvDeliver, EvOpen, EvSave,
		EvContacts, EvMail, EvPhone, EvDocs, EvMode, EvCounter, EvChange, EvOnlineOK, EvSent, EvFail, EvReviewOK, EvReviewKO, EvCreds, EvCancel, EvRestart}
}

// Input is what comes with an event: the fields of a form or of a JSON body. Each event reads its own.
type Input struct {
	FiscalCode string `json:"fiscal_code,omitempty"` // EV-pin-login; EV-save on the direct way
	PIN        string `json:"pin,omitempty"`         // EV-pin-login; of a card at EV-online-ok
	NewPIN     string `json:"new_pin,omitempty"`     // EV-pin-login: 8 characters in place of 16
	Renew      bool   `json:"renew,omitempty"`       // EV-pin-login: renew an expired PIN
	Profile    string `json:"profile,omitempty"`     // EV-pin-login
	Consent    bool   `json:"consent,omitempty"`     // EV-open-list
	IdP        string `json:"idp,omitempty"`         // EV-choose

	FamilyName  string `json:"family_name,omitempty"` // EV-save, on the direct way
	GivenName   string `json:"given_name,omitempty"`
	Sex         string `json:"sex,omitempty"`         // "F" or "M"
	Born        string `json:"born,omitempty"`        // "1943-03-19" or "19/03/1943"
	BirthPlace  string `json:"birth_place,omitempty"` // name of a place, or Belfiore code
	Street      string `json:"street,omitempty"`
	City        string `json:"city,omitempty"`
	PostalCode  string `json:"postal_code,omitempty"`
	Nationality string `json:"nationality,omitempty"`
	Invented    bool   `json:"invented,omitempty"` // "this is not a real person" (ONB-221)

	Email  string `json:"email,omitempty"`  // EV-contacts, EV-save
	Mobile string `json:"mobile,omitempty"` //
	Code   string `json:"code,omitempty"`   // EV-verify-*, EV-counter-identify (procedure), EV-online-*

	Document   DocumentKind `json:"document,omitempty"` // EV-docs, EV-counter-identify
	Number     string       `json:"number,omitempty"`
	Issued     string       `json:"issued,omitempty"`
	Expires    string       `json:"expires,omitempty"`
	HealthCard bool         `json:"health_card,omitempty"`

	Mode ModeKey `json:"mode,omitempty"` // EV-mode

	Outcome string `json:"outcome,omitempty"` // EV-counter-identify: "recognised" (default), "expired", "other", "missing"
	Person  string `json:"person,omitempty"`  // who stands at the counter: codice fiscale; "" = the right person
	By      string `json:"by,omitempty"`      // name of the operator
	Note    string `json:"note,omitempty"`    // EV-review-ko: why, in the operator's words

	Answer   string `json:"answer,omitempty"`   // control question of the webcam: year of birth
	Transfer bool   `json:"transfer,omitempty"` // the symbolic transfer was made
	Half1    string `json:"half1,omitempty"`    // of the RAO's activation code
	Half2    string `json:"half2,omitempty"`
	Asserted bool   `json:"-"` // who drives by API says that it went well, without the evidence

	Username string `json:"username,omitempty"` // EV-set-credentials
	Password string `json:"password,omitempty"`
	Repeat   string `json:"password_repeat,omitempty"`
	Factor   string `json:"factor,omitempty"` // "sms", "app", "totp", "" = level 1 alone
	Device   bool   `json:"device,omitempty"` // a level-3 device is registered
}

// World is what a transition may look at beside the record itself.
type World struct {
	Now         time.Time
	Settings    Settings
	Citizen     *Citizen // nil: not among the test people
	PIN         *PIN
	HasIdentity bool // an active SPID, CIE or CNS
	HasSPID     bool // an active SPID
	Reminder    bool // the notice is to be shown (ONB-73)
	Provider    *Provider
	Holds       bool // an active or suspended identity at this gestore
	Taken       bool // the user name of EV-set-credentials
	Package     *Package
	Draw        func(alphabet string, n int) string
}

func (w World) day() clock.Day { return clock.DayOf(w.Now) }

// Effect is something that a transition wants done, in the transaction that stores it.
type Effect struct {
	Send   *outbox.Message
	Remind *bool // the reminder flag of the person (ONB-73)
	PIN    *PIN  // as it stands after a login
	Open   *Account

	Package spid.FiscalCode // of whom the RAO's package was tried
	Wrong   bool            // with wrong halves; else it is used up
}

// Do brings an event to the record: the whole table of section 6.1. It changes the record only when it returns no error; *Denied says
// which rule refuses, and the state stays, except where the table says otherwise (a failed identification counts).
func (e *Enrolment) Do(ev Event, in Input, w World) ([]Effect, error) {
	t, ok := table[ev]
	if !ok || !slices.Contains(t.from, e.State) {
		return nil, Deny(WrongStep).Because("%s in state %s (%s), wanted in %v", ev, e.State, e.State.Name(), t.from)
	}
	return t.do(e, ev, in, w)
}

// transition says where an event may happen and what it does.
type transition struct {
	from []State
	do   func(e *Enrolment, ev Event, in Input, w World) ([]Effect, error)
}

var atAny = []State{Received, AtForm, AtContacts, AtPapers, AtModes, AtCounter, AtOnline, InReview, Identified}

// table is onboarding.md section 6.1, row by row.
var table = map[Event]transition{
	EvEnter:    {[]State{AtHome}, to(AtMask)},
	EvPINLogin: {[]State{AtMask}, (*Enrolment).pinLogin},
	EvSPID:     {[]State{AtMask}, to(AtMask)},
	EvCIE:      {[]State{AtMask}, to(AtMask)},
	EvCNS:      {[]State{AtMask}, to(AtMask)},
	EvArrive:   {[]State{AtHome, AtMask}, to(AtServices)},
	EvContinue: {[]State{PINOK}, (*Enrolment).goOn},
	EvRemindGo: {[]State{AtNotice}, (*Enrolment).leaveNotice},
	EvGo:       {[]State{AtNotice}, (*Enrolment).leaveNotice},
	EvRequest:  {[]State{AtNotice, AtServices}, to(AtGuide)},
	EvOpenList: {[]State{AtGuide}, (*Enrolment).openList},
	EvChoose:   {[]State{AtList}, (*Enrolment).choose},
	EvBack:     {[]State{AtList, AtHandoff, AtGuide}, (*Enrolment).back},
	EvDeliver:  {[]State{AtHandoff}, to(Received)},
	EvOpen:     {[]State{Received}, (*Enrolment).open},
	EvSave:     {[]State{AtForm}, (*Enrolment).save},
	EvContacts: {[]State{AtContacts}, (*Enrolment).contacts},
	EvMail:     {[]State{AtContacts}, (*Enrolment).verify},
	EvPhone:    {[]State{AtContacts}, (*Enrolment).verify},
	EvDocs:     {[]State{AtPapers}, (*Enrolment).papers},
	EvMode:     {[]State{AtModes}, (*Enrolment).mode},
	EvCounter:  {[]State{AtCounter}, (*Enrolment).counter},
	EvExpire:   {[]State{AtCounter}, (*Enrolment).expire},
	EvChange:   {[]State{AtCounter, AtOnline}, (*Enrolment).changeMode},
	EvOnlineOK: {[]State{AtOnline}, (*Enrolment).online},
	EvSent:     {[]State{AtOnline}, (*Enrolment).sent},
	EvFail:     {[]State{AtOnline}, (*Enrolment).fail},
	EvReviewOK: {[]State{InReview}, (*Enrolment).review},
	EvReviewKO: {[]State{InReview}, (*Enrolment).review},
	EvCreds:    {[]State{Identified}, (*Enrolment).credentials},
	EvCancel:   {atAny, (*Enrolment).cancel},
}

// to is a transition without a guard.
func to(s State) func(*Enrolment, Event, Input, World) ([]Effect, error) {
	return func(e *Enrolment, ev Event, _ Input, w World) ([]Effect, error) {
		e.move(ev, s, w.Now)
		return nil, nil
	}
}
