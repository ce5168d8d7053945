package templates

import (
	"time"

	"spidsim/templates/ui"
)

// CounterView is OSC-13, seen by the clerk, the postal worker at home or the clerk of an event; data-step "counter". The code is searched
// by GET (field code). The outcome's form posts code, check_face, check_data, check_document, check_card (=yes) and outcome: "recognised",
// "expired", "other" or "missing" (ONB-132).
type CounterView struct {
	Enrol
	Mode    string // "COUNTER", "HOME", "EVENT"
	Code    string // as typed
	Request *CounterRequest
	Waiting []CounterRow // requests that wait here, to pick in dev and trainer mode
	Checks  []string     // that were ticked: "check_face", …
	Result  string       // chosen
	Outcome string       // recorded: "recognised", "expired", "other", "missing"; "" = not yet
	Next    string       // address of what the person sees next; "" = none
}

// CounterRow is a request in the clerk's list.
type CounterRow struct {
	Name string
	Code string
	URL  string
}

// CounterRequest is what the clerk sees of a request.
type CounterRequest struct {
	Name       string
	FiscalCode string
	Born       string // "19 marzo 1943, Bologna", in the page's language
	Sent       time.Time
	Day        int // since the e-mail, from 1
	Days       int // of validity
	LastDay    time.Time
	Expired    bool
	Shown      string         // what lies on the desk: "document" (default), "health", "other", "nothing"
	Document   SampleDocument // of the person
	Other      SampleDocument // of somebody else
	ShowURL    string         // address of this page; "&show=" and one of Shown are added
}

// VideoView is OSC-14, the drawn video call; data-step "webcam". Forms post step (the one that is being done) with consent=yes, face=yes,
// document=yes or answer; in dev and trainer mode fail=yes lets the clerk end the call without recognising the person.
type VideoView struct {
	Enrol
	Step     string // "consent", "face", "document", "question"
	Question string // control question, in the page's language
	Answer   string // as typed
	Hint     string // right answer, for tests
	Document SampleDocument
	Tries    int // left before another mode must be chosen; 0 = not shown
}

// TransferView is OSC-15; data-step "av-transfer". Forms post step with code, document=yes, or transfer=yes and charity=yes; at the end
// simulate=ok or simulate=ko.
type TransferView struct {
	Enrol
	Step      string // "code", "document", "transfer", "review"
	Code      string // as typed
	Document  SampleDocument
	Holder    string // of the account
	IBAN      string // invented
	Amount    string // "1 €"
	Reason    string // text of the transfer, given by the gestore
	ReviewURL string // of the back office, in dev and trainer mode
	Sampled   bool   // picked for the second check
}

// ReviewView is the back office of OSC-15; data-step "review". Field request names the request; result=ok or result=ko with reason;
// second=yes marks the second-level check.
type ReviewView struct {
	Enrol
	Waiting  []CounterRow
	Request  *CounterRequest // nil = pick one
	ID       string          // of the request
	Read     string          // code that was read aloud
	Wanted   string          // code that had been sent
	Reason   string          // of the transfer as it arrived
	Account  string          // holder of the account
	Sampled  bool
	Result   string
	Why      string // reason of a refusal, as typed
	Outcome  string // recorded: "ok" or "ko"
	NextPage string
}

// ReaderView is OSC-16; data-step "reader". Forms post card=insert, card=other (one that is not enabled), card=remove, or pin.
type ReaderView struct {
	Enrol
	Kind   string // "CIE_READER", "CNS_READER", "SIGNATURE"
	State  string // "empty", "ready", "not-enabled"
	Holder string
	Number string
	PIN    string // of the test card; "" = not shown
	Tries  int    // left; 0 = not shown
}

// EDocView is OSC-17; data-step "edoc". The drawn phone posts document (id of a sample) to read its chip.
type EDocView struct {
	Enrol
	Kind   string // "EDOC_CIE3", "EDOC_PASSPORT"
	QR     ui.QR
	Paired bool // the phone has read the QR code
	Offers []EDocOffer
}

// EDocOffer is a document that can be held to the phone.
type EDocOffer struct {
	ID    string // value of the button
	Label string // "Carta d’identità elettronica del 2019", in the page's language
}

// DeviceCodeView is OSC-18 and OSC-19: one code; data-step "sms" or "bancoposta". Fields: code; fill=latest, resend=yes.
type DeviceCodeView struct {
	Enrol
	Kind      string // "SMS_CERTIFIED", "BANCOPOSTA_READER"
	Phone     string // certified number, masked
	Certified bool   // false: this number is not certified
	Code      string
	Device    string // what the drawn BancoPosta reader shows
}

// RAOView is the public counter; data-step "rao". Fields: fiscal_code, family_name, given_name, email, check_face=yes, check_card=yes.
type RAOView struct {
	Enrol
	Office  string // "Comune di prova, sportello SPID"
	Data    PersonData
	Email   string
	Checks  []string
	People  []EnrolPerson
	First   string    // half printed for the person; "" = not yet
	Until   time.Time // last useful day
	Accepts []Gestore // gestori that take the package
}

// RAOEntryView is where the person types the two halves at the gestore; data-step "rao-entry". Fields: half1, half2; fill=latest.
type RAOEntryView struct {
	Enrol
	First, Second string
}
