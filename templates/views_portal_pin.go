package templates

import (
	"spidsim/internal/clock"
	"spidsim/templates/ui"
)

// Steps of the lost PIN (ONB-36).
const (
	LostAsk    = "ask"    // codice fiscale and a contact
	LostSent   = "sent"   // the link has gone out
	LostSecond = "second" // only one contact is on record: a second one comes through the contact centre
	LostNone   = "none"   // no contact is remembered: the PIN was revoked
	LostReset  = "reset"  // the link was opened
	LostHalves = "halves" // the new 8+8 characters have gone out
)

// PortalPINLostView is the way back after a lost PIN (ONB-36); data-step "pin-lost".
// Form fields by state: cf, contact, forgot=yes; contact2; reset=yes.
type PortalPINLostView struct {
	Visit
	State      string // LostAsk when empty
	FiscalCode string
	Contact    string
	Second     string        // typed second contact
	Channels   []string      // where the link or the halves went: "sms", "email", "letter"
	LinkURL    string        // the link that arrived, for dev and trainer mode; "" = not shown
	MayAsk     bool          // a new PIN can be asked for after a revocation (ONB-37)
	Carry      []PortalField // hidden fields
}

// PortalField is a hidden field or a pair to show.
type PortalField struct{ Name, Value string }

// PortalPINNewView replaces the first PIN of 16 characters by one of 8 (ONB-33); data-step "pin-new".
// Form fields: cf, pin (asked again, for it is kept nowhere), new_pin, new_pin_again, profile.
type PortalPINNewView struct {
	Visit
	FiscalCode string
	Hidden     []ui.Hidden
}

// PortalPINRenewView renews an expired PIN (ONB-34, ONB-55); data-step "pin-renew". Form fields: cf, pin, renew=yes, profile.
type PortalPINRenewView struct {
	Visit
	FiscalCode string
	Hidden     []ui.Hidden
	Expired    clock.Day // last day on which it worked; zero = not shown
	Months     int       // how long a renewal lasts; 0 = not shown
	Clipped    bool      // the end of all PINs comes first (ONB-55)
}

// PortalPINRequestView asks for a PIN (ONB-32, ONB-33); data-step "pin-request".
// Form fields: cf, way (office, online, contact-centre), by (self, parent, guardian).
type PortalPINRequestView struct {
	Visit
	FiscalCode string
	Way, By    string
	Closed     bool // since 1 October 2020: only for the exceptions (ONB-51, ONB-52)
	Abroad     bool // since 1 October 2021: only for residents abroad (ONB-57)
	Given      *PortalPINGiven
}

// PortalPINGiven is what came of a request for a PIN.
type PortalPINGiven struct {
	Kind      string   // "ordinario" or "dispositivo"
	Envelope  bool     // handed over at the office, active at once
	PIN       string   // in the envelope, shown on the drawn letter; "" otherwise
	Channels  []string // of the two halves: "sms", "email", "letter"
	Dedicated bool     // only for the services meant for these people (ONB-52)
	Letter    bool     // the letter is on its way: form letter=yes opens it
}

// PortalPINConvertView turns a PIN ordinario into a PIN dispositivo (ONB-35); data-step "pin-convert". Form field: document.
type PortalPINConvertView struct {
	Visit
	Person    string
	Documents []PortalDocument
	Document  string // chosen before
	Converted bool
}

// PortalPINMineView is the person's PIN: change it, or end it (ONB-37); data-step "pin-mine".
// Forms: pin, new_pin, new_pin_again; revoke=yes, then sure=yes.
type PortalPINMineView struct {
	Visit
	Kind    string
	Status  string // "ACTIVE8", "REVOKED", …
	LastDay clock.Day
	Ask     bool // the revocation waits for a confirmation
	Again   bool // a revoked PIN can be asked for again
}

// PortalDocument is a sample document to choose: nothing is ever uploaded (UX-37).
type PortalDocument struct {
	Kind    string // "cie", "passport", "licence", "paper", "permit": also the value of the field
	Number  string
	Expires clock.Day
	Expired bool
}
