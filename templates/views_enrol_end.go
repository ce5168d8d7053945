package templates

import (
	"time"

	"spidsim/spid"
	"spidsim/templates/ui"
)

// CredentialsView is OSC-20; data-step "credentials-new". Fields: username, password, password_repeat, factor ("sms", "app", "totp" or "none").
type CredentialsView struct {
	Enrol
	Username      string
	Rules         []PasswordRule
	Factor        string // chosen
	Phone         string // number that the SMS would go to, masked
	RecoveryEmail string // verified contacts, to which the codes of a recovery go
	RecoveryPhone string
	Suggested     string // user name that is free; "" = none
	Level3        bool   // the gestore gives level 3 today: a device may be registered (ONB-136)
	Device        bool   // ticked
}

// PasswordRule is one rule of the password policy (ONB-135).
type PasswordRule struct {
	Kind string // "length", "upper", "lower", "digit", "special", "repeat"
	N    int    // of "length" and "repeat"
	Bad  bool   // the password that was sent breaks it
}

// ActiveView is OSC-21; data-step "active".
type ActiveView struct {
	Enrol
	Person   string
	Username string
	SPIDCode string
	Levels   []spid.Level
	Factor   string    // FactorSMS, FactorTOTP, FactorApp; "" = none, level 1 only
	PINUntil time.Time // last day of the person's PIN; zero with HasPIN = not set yet
	HasPIN   bool
	Enter    string // the portal's login with this gestore; "" = none
	Identity string // page of the identity
	At       time.Time
	QR       ui.QR  // for an authenticator app; nil = not that factor
	Secret   string // the same to type
}

// CancelView is OSC-22; data-step "cancel". Form: confirm=yes.
type CancelView struct {
	Enrol
	Continue string // address of the step to go on with
}

// EnrolEndView is where a request ends; data-step "enrol-end".
type EnrolEndView struct {
	Enrol
	End      string // "RX", "RE", "RJ", "RA"
	Reason   string // of RJ, in the page's language; "" = none
	Result   string // code that the portal receives, "nr28", for developers; "" = none
	Again    string // address where a new request begins
	Portal   string // address of the portal; "" = came directly
	Identity string // page of the identity (RA)
}

// CourtesyView is the page for a hand-off that cannot be taken; data-step "courtesy". Nothing is sent back (ONB-85, ONB-86).
type CourtesyView struct {
	Enrol
	Kind  string // "unknown", "replay", "stale"
	Cause string // for developers
	Code  string // "RSN-HANDOFF-REPLAY"
	Rule  string
}

// WrongStateView is shown for a step that is over or not yet due; data-step "wrong-state".
type WrongStateView struct {
	Enrol
	Later bool   // it is not yet due; else it is done already
	Next  string // address where the request stands now
}

// IdentityView is OSC-32, after a login at the gestore; data-step "identity". Forms post to Action with action: "suspend", "abuse",
// "reactivate", "complaint", or contacts: email, phone. Revoke leads to a page of its own.
type IdentityView struct {
	Enrol
	Person    string
	Username  string
	Status    string // "active", "suspended", "revoked"
	Cause     string // of a suspension: "user", "abuse", "lock", "payment"
	Until     time.Time
	Levels    []spid.Level
	Factor    string
	Email     string
	Phone     string
	Accesses  []AccessRow
	Leave     string // where the form posts that ends the visit; "" = no such button
	Minors    string // address of the way for minors; "" = not yet, or not for this person
	Revoke    string // address of the confirmation
	Recovery  string
	Complaint string // number of it, as typed
	Notify    bool   // the holder is told of every use by e-mail (ONB-144)
	Help2020  bool   // the help card of 2020 (ONB-147)
	Minor     bool   // 14 to 17: may suspend and read, not change
}

// AccessRow is one use of the credentials (ONB-144).
type AccessRow struct {
	At      time.Time
	Service string
	Level   spid.Level
	OK      bool
	Words   string // how it ended when not OK, in the page's language
}

// RevokeView confirms the revocation; data-step "revoke". Form: confirm=yes.
type RevokeView struct {
	Enrol
	Keep string // address to go back to
}

// RecoveryView is ONB-146; data-step "recovery". Fields by Step: "" none; "password": username; "codes": email_code, mobile_code, password,
// password_repeat, fill=latest; "username": fiscal_code, document; "phone": username; "confirm": code, fill=latest; "done" none.
type RecoveryView struct {
	Enrol
	Step                  string
	Kind                  string // of "done" and "confirm": "password", "username", "phone", "suspend", "reactivate", "revoke"
	Base                  string // address of the choice; "?step=" is added
	Username              string
	FiscalCode, Document  string
	EmailCode, MobileCode string
	Code                  string
	Rules                 []PasswordRule
	Next                  string
}

// MinorView is OSC-33 for the parent; data-step "minor". Fields: given_name, family_name, fiscal_code, born, responsibility=yes,
// notifications=yes; for a question of the child's: allow=yes or allow=no with question.
type MinorView struct {
	Enrol
	Closed    bool // before 2022-03-03
	Data      PersonData
	Agreed    []string // ticks that were given
	Codes     *MinorCodes
	Children  []ChildRow
	Questions []ChildQuestion
	New       string // address of the form; "" = the form is on this page
}

// MinorCodes are produced for a child (ONB-182).
type MinorCodes struct {
	Child        string
	Parent       string // parent code
	Verification string
	ChildURL     string // page where the child types it
}

// ChildRow is a child of the logged-in parent.
type ChildRow struct {
	Name   string
	Age    int
	Status string // words in the page's language
	Tone   ui.Tone
	Band   string // "5-13" or "14-17"
}

// ChildQuestion asks the parent's permission for a login of the child's (ONB-185).
type ChildQuestion struct {
	ID      string
	Child   string
	Service string
	At      time.Time
}

// ChildView is where the child types the verification code; data-step "minor-code". Field: code.
type ChildView struct {
	Enrol
	Code  string
	Done  bool
	Child string
	Young bool // under 14: comes accompanied
	Next  string
}

// EnrolStartView explains the request on the gestore's own site (ONB-108); data-step "enrol-start". Its form posts nothing but its being sent.
type EnrolStartView struct {
	Enrol
	Minor string // address of the way for minors; "" = not yet (ONB-180)
	Area  string // address of the area of an identity
}

// AreaView is the way into the area of an identity (OSC-32); data-step "area". Fields: username and password, or code; fill=latest.
type AreaView struct {
	Enrol
	Username string
	Code     bool   // the password was right: a code is asked for
	Sent     string // where it went; "" = an authenticator app shows it
	Filled   string // the code, as "fill" read it
	Why      string // what it leads to: "identity", "minor"
	Recovery string
}

// MinorCounterView is the clerk's page for children (ONB-182); data-step "minor-counter". Fields: request, outcome ("recognised", "other",
// "missing"), accompanied=yes, parent_code.
type MinorCounterView struct {
	Enrol
	Waiting     []MinorCounterRow
	Request     *MinorCounterRow // nil = pick one
	Outcome     string
	Accompanied bool
	ParentCode  string
	Done        bool
	Next        string
}

// MinorCounterRow is a child who waits to be identified.
type MinorCounterRow struct {
	ID     string
	Name   string
	Age    int
	Parent string
	URL    string
	Young  bool // under 14: comes accompanied
}
