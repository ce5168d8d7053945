package templates

import (
	"time"

	"spidsim/templates/ui"
)

// Enrol is what the pages of a registration at a gestore share. Their forms post to Action; every page of the states R1…R8 shows
// the way to Cancel (ONB-112).
type Enrol struct {
	Gestore  Gestore
	Service  string         // who sent the person, or where SPID will serve: "Istituto (simulazione)"; "" = nobody
	Action   string         // where the page's main form posts; "" = the page's own address
	Hidden   []ui.Hidden    // fields that every form of the page carries
	Cancel   string         // address of the page that cancels (OSC-22); "" = nothing to cancel here
	Back     string         // address one step back; "" = there is none
	Mail     string         // the person's messages in the console; "" = not linked
	Problems []EnrolProblem // what was wrong with the form that was sent; the page then goes out with 422
	Notice   string         // what has just been done, a whole sentence in the page's language; "" = nothing
	Dev      *EnrolDev      // shown everywhere but in trainer mode; nil = not known
	Scene    *Scene         // drawn phone and mailbox, place in a lesson; nil = nothing
}

// EnrolProblem is one thing that was wrong, in the page's language (ONB-04, UX-63).
type EnrolProblem struct {
	Field string // name of the field that it belongs to; "" = the whole form
	Text  string // what the person reads
	Why   string // the reason, under "Perché?" in trainer mode; "" = none
	Code  string // "RSN-CF"; "" = none
	Rule  string // "ONB-104"; "" = none
}

// EnrolDev are the facts of a request for developers (UX-82).
type EnrolDev struct {
	ID     string   // of the request
	State  string   // "R1 FORM"
	Events []string // that are possible now, "EV-save"
	URL    string   // of the request in the API; "" = not linked
}

// EnrolFormView is OSC-07; data-step "enrol-form". Fields: fiscal_code, family_name, given_name, sex (F or M), born (dd/mm/yyyy),
// birth_place, address, town, postal_code, nationality; invented=yes confirms that it is nobody real (UX-36).
type EnrolFormView struct {
	Enrol
	Data    PersonData
	Locked  bool      // the first three came with the hand-off and cannot be changed (ONB-100)
	Consent time.Time // to the hand-off, given at the portal; zero = came directly
	AskReal bool      // the codice fiscale is of no invented person: warn, and ask for the tick
	NotReal bool      // the tick was given
	People  []EnrolPerson
	Minor   string // address of the way for minors, with RSN-MINOR; "" = there is none
}

// PersonData are the identifying attributes of a request (ONB-107), as typed.
type PersonData struct {
	FiscalCode, FamilyName, GivenName string
	Sex                               string // "F" or "M"
	BirthDate                         string // "19/03/1943"
	BirthPlace                        string
	Address, Town, PostalCode         string
	Nationality                       string
}

// EnrolPerson is an invented person whose data fill the form.
type EnrolPerson struct {
	Name   string
	Words  string // "77 anni, pensionata, ha il PIN", in the page's language
	URL    string // of the page with the data filled in
	Picked bool
}

// ContactsView is the first half of OSC-08; data-step "contacts". Fields: email, phone.
type ContactsView struct {
	Enrol
	Email, Phone string
	Fill         string // address of the page with the persona's contacts filled in; "" = no such button
}

// ContactCodesView is the second half of OSC-08; data-step "codes". Fields: email_code, mobile_code; of forms of their own: resend=email
// or resend=phone, fill=latest. Change leads back to the contacts.
type ContactCodesView struct {
	Enrol
	Email, Phone         string
	EmailCode, PhoneCode string // as typed, or as "fill" read them
	EmailDone, PhoneDone bool   // this contact is verified already
	Validity             time.Duration
	Change               string // address of the contacts' page; "" = cannot be changed any more
}

// DocumentsView is OSC-09; data-step "documents". Fields: document_type, document_number, issued, expires (dd/mm/yyyy), health_card=yes.
type DocumentsView struct {
	Enrol
	Samples    []SampleDocument
	Types      []ui.Choice // document types that the gestore accepts
	Type       string
	Number     string
	Issued     string // "19/03/2017"
	Expires    string
	HealthCard bool
	CardNumber string // of the drawn tessera sanitaria: the codice fiscale
	Holder     string // "Quirzoldi Ortensia"
}

// SampleDocument is a test document drawn as a card; no real one is ever uploaded (UX-37).
type SampleDocument struct {
	Title   string // "Carta d’identità", in the page's language
	Holder  string
	Born    string // "19.03.1943 Bologna"
	Number  string
	Issued  string // "19.03.2017"
	Expires string
	Expired bool
	URL     string // of the page with this document filled in
	Picked  bool
}

// ModesView is OSC-10; data-step "modes". Field: mode.
type ModesView struct {
	Enrol
	Modes   []ModeRow
	Chosen  string
	TwoWays bool // the post office in 2020: in person and online side by side (ONB-133)
	Failed  string
}

// ModeRow is one way to be identified (ONB-120…129).
type ModeRow struct {
	Key    string // "COUNTER", "HOME", "EVENT", "WEBCAM", "AV_TRANSFER", "CIE_READER", …
	Cost   string // "gratis", "a pagamento, 12 €", in the page's language
	Year   string // that the cost and time are of: "2020"; "" = not known
	Reason string // why it cannot be chosen, in the page's language; "" = it can (ONB-130)
	Rule   string // of the reason, for developers
}

// ProcedureCodeView is OSC-11; data-step "procedure-code". A form posts change_mode=yes.
type ProcedureCodeView struct {
	Enrol
	Mode    string // "COUNTER", "HOME", "EVENT"
	Code    string // without spaces
	Sent    time.Time
	LastDay time.Time // last useful day, Europe/Rome
	Memo    string    // address of the page to print
	Counter string    // address of the counter, in dev and trainer mode; "" = not linked
	Left    int       // whole days that remain; 0 = today is the last
}

// MemoView is the page to print of OSC-11; data-step "procedure-memo".
type MemoView struct {
	Enrol
	Mode    string
	Person  string
	Code    string
	LastDay time.Time
}
