package templates

import (
	"time"

	"spidsim/internal/clock"
	"spidsim/templates/ui"
)

// PortalDelegationsView is the page of delegations (OSC-30); data-step "delegations". Form: revoke=ID.
type PortalDelegationsView struct {
	Visit
	Person  string
	Mine    []PortalDelegation // as principal, newest first
	For     []PortalDelegation // as delegate
	Cap     int                // how many people one may act for; 0 = no limit
	Online  bool               // a new one can be registered here (ONB-173)
	Office  bool               // delegations exist at all (ONB-160)
	Video   bool               // the video meeting exists (ONB-176)
	AskedID string             // delegation whose revocation waits for a confirmation; "" = none
}

// PortalDelegation is one delegation as the page shows it.
type PortalDelegation struct {
	ID     string
	Name   string // of the other person
	State  string // "draft", "verifying", "active", "expired", "revoked"
	Kind   string // "fiducia", "genitore", "tutore", "curatore", "amministratore"
	Way    string // "office", "online", "video", "pec"
	From   time.Time
	Until  clock.Day // zero = open-ended
	Revoke bool      // there is a button that ends it
}

// PortalDelegationNewView registers a delegation online (ONB-173); data-step "delegation-new".
// Form: cf, name, surname, until (optional). Only test people are taken (UX-36).
type PortalDelegationNewView struct {
	Visit
	FiscalCode, Name, Surname string
	Until                     string // as typed
}

// DelegationCounterView is the INPS clerk (ONB-166…168, ONB-172, ONB-175); data-step "delegation-counter".
// Form: module (AA08, AA09, AA10, PEC), principal, delegate, role, papers (several), until; identified=yes.
// Form of the delegate at the counter: check=yes, check_principal, check_delegate, check_identified=yes.
type DelegationCounterView struct {
	Visit
	Module              string
	Principal, Delegate string
	Role                string
	Papers              []string // ticked
	Identified          bool
	Until               string
	Waiting             []PortalDelegation // self-certified ones, to check; form verify=ID, outcome=ok|ko
	Active              []PortalDelegation // that the counter may end; form revoke=ID (ONB-174)
	People              []ui.Choice        // test people by fiscal code

	CheckPrincipal, CheckDelegate string
	CheckIdentified               bool
	Checked                       *CheckedDelegation // was found good just now; nil = nothing was checked
}

// CheckedDelegation is a registered delegation that is good at the counter too (ONB-172).
type CheckedDelegation struct{ Principal, Delegate string }

// DelegationVideoView books and holds the video meeting (ONB-176); data-step "delegation-video".
// Booking: cf (of the principal), slot. Room: otp, present (principal, delegate), recording=yes.
type DelegationVideoView struct {
	Visit
	State      string // "book", "booked", "room", "done"
	FiscalCode string
	Slots      []ui.Choice // RFC 3339 and words
	Slot       string
	SlotWords  string // of the booked meeting
	OTP        string
	Present    []string // ticked
	Recording  bool
	Principal  string // name
	Delegate   string // name
}

// ActForView asks for whom the person acts (OSC-31); data-step "act-for". Form: for=self or ID.
type ActForView struct {
	Visit
	Person string
	Chosen string
	People []PortalDelegation
}
