package templates

import (
	"time"

	"spidsim/spid"
	"spidsim/templates/ui"
)

// Gestore is the identity provider on whose page the person is.
type Gestore struct {
	Slug    string // "prova"
	Name    string // "Gestore di prova"; "(simulato)" is added by the pages (UX-32)
	Badge   string // initials; made from Name when empty
	Address string // host and path that the strip under the header shows, "localhost:8088/idp/prova"
	CIE     bool   // the identity provider of the CIE, whose pages do not speak of SPID
}

// Ask is what all steps of a login share: who asks whom for what.
type Ask struct {
	Gestore  Gestore
	Service  string          // OrganizationDisplayName of the service provider (SCR-21)
	Level    spid.Level      // that is being performed
	Action   string          // where the page's forms post; "" = the page's own address
	Hidden   []ui.Hidden     // fields that every form of the page carries
	Left     time.Duration   // of the whole login (nr21); 0 = not shown
	Request  *RequestInBrief // side panel in dev mode; nil = none
	Problems []Trouble       // what was wrong with the form that was sent; the page then goes out with 422
	Scene    *Scene          // of the lesson that plays; nil = none
}

// RequestInBrief is the AuthnRequest for the side panel.
type RequestInBrief struct {
	ID           string
	Binding      string // "HTTP-POST", "HTTP-Redirect"
	Asked        string // AuthnContextClassRef as asked
	Comparison   string
	ACS          string // address and, in words, how it was chosen: "http://localhost:8089/spid/acs"
	ACSIndex     string // "0"; "" when chosen by URL
	AttributeSet string // index or "", as asked
	Attributes   int    // number of attributes in the set
	ForceAuthn   bool
	Findings     int    // rule findings that did not refuse it
	ExchangeURL  string // page of the exchange in the console; "" = none
}

// Trouble names what was wrong with a form. The texts are the catalogue's.
type Trouble string

// Problems of the login forms.
const (
	UsernameMissing  Trouble = "username-missing"
	PasswordMissing  Trouble = "password-missing"
	CredentialsWrong Trouble = "credentials-wrong"
	FactorMissing    Trouble = "factor-missing"
	OTPMissing       Trouble = "otp-missing"
	OTPMalformed     Trouble = "otp-malformed" // not six digits
	OTPWrong         Trouble = "otp-wrong"
	OTPExpired       Trouble = "otp-expired"
	OTPUsed          Trouble = "otp-used"       // a TOTP step that was accepted before
	OTPNoMessage     Trouble = "otp-no-message" // "fill" found no code in the outbox
	AppPending       Trouble = "app-pending"    // "continue" before the person answered in the app
	AppDenied        Trouble = "app-denied"
	CardMissing      Trouble = "card-missing" // PIN sent with no card in the reader
	PINMissing       Trouble = "pin-missing"
	PINWrong         Trouble = "pin-wrong"
	PUKMissing       Trouble = "puk-missing"
	PUKWrong         Trouble = "puk-wrong"
	NewPINMalformed  Trouble = "new-pin-malformed" // not eight digits
	HolderUnknown    Trouble = "card-holder"       // nobody of that name has a CIE, or no name was written
	ConsentMissing   Trouble = "consent-missing"
)

// LoginView is the page of user name and password (OSC-23, SCR-02); data-step "credentials".
// Its form posts username, password; cancel=yes leaves.
type LoginView struct {
	Ask
	Username     string    // typed before, or from ?user= or Subject/NameID
	AttemptsLeft int       // until nr19; 0 = not shown
	People       []Persona // picker of dev mode; each links to ?user=…, which only prefills
	PeopleURL    string    // page of all people
	PeopleCount  int
	FillPassword string // prefilled password of the picked persona (dev mode); public test data (D-05)
}

// Persona is a card of the picker.
type Persona struct {
	Username string
	Name     string
	Level    spid.Level   // highest
	Note     string       // the special case in the page's language, "" = all goes well
	Ends     spid.Anomaly // how the login will end; 0 = well
	Picked   bool
}

// Second factors, as in interface.md.
const (
	FactorSMS  = "sms"
	FactorTOTP = "totp"
	FactorApp  = "app"
)

// SecondFactorView asks which second factor to use (SCR-03); data-step "otp". Form field: factor.
type SecondFactorView struct {
	Ask
	Factors []Factor // only those that the person has
	Chosen  string
}

// Factor is one of the second factors a person has.
type Factor struct {
	Kind string // FactorSMS, FactorTOTP, FactorApp
	Hint string // where it goes: "+39 *** *** 03", the device's name; may be ""
}

// OTPView is the page of the code (OSC-24, SCR-04), for SMS and TOTP; data-step "otp".
// Form fields: otp; resend=yes, fill=yes, factor=…, cancel=yes.
type OTPView struct {
	Ask
	Kind         string        // FactorSMS or FactorTOTP
	Sent         string        // masked telephone number (SMS)
	Person       string        // name of the person, shown in dev and trainer mode
	Code         string        // value of the field: what was typed, or what "fill" put in
	Validity     time.Duration // what is left of the code's life; 0 = not shown
	AttemptsLeft int
	Resent       bool     // a new code has just been sent
	Filled       bool     // the field was just filled from the outbox
	Others       []string // other factors of the person, to switch to
	SMS          *Message // newest message, drawn on the phone in dev and trainer mode
	TOTP         *TOTPNow // what the authenticator shows now, in dev and trainer mode
	MessagesURL  string   // the person's messages
}

// TOTPNow is what an authenticator app shows.
type TOTPNow struct {
	Code     string // six digits
	ValidFor time.Duration
	EnrolURL string // page with QR code and secret
}

// PushView is the page that waits for the app (SCR-05); data-step "push". Form: continue=yes, factor=…, cancel=yes;
// the drawn phone posts app=approve or app=deny to PhoneAction.
type PushView struct {
	Ask
	Person      string
	Answer      string // "" while the app has not answered, "approve", "deny"
	SentAt      time.Time
	Validity    time.Duration
	Others      []string
	PhoneAction string // "" = Action
	Number      string // two digits that page and phone both show; "" = none
}

// CardState says what the reader and the card are like.
type CardState string

// States of the level-3 page.
const (
	CardEmpty      CardState = "empty"     // nothing in the reader
	CardReady      CardState = "ready"     // asks for the PIN (also after a wrong one: Problems)
	CardBlocked    CardState = "blocked"   // three wrong PINs: asks for PUK and new PIN
	CardDead       CardState = "dead"      // PUK exhausted as well
	CardUnblocked  CardState = "unblocked" // PUK accepted: asks for the new PIN
	CardExpired    CardState = "expired"
	CardRevoked    CardState = "revoked"
	CardOther      CardState = "other"       // it belongs to another person
	CardUnknown    CardState = "unknown"     // not issued by this gestore's CA, or a card of another scheme
	CardNotEnabled CardState = "not-enabled" // a CIE without a PIN for use online
)

// CardView is the page of the physical token (OSC-25, SCR-06); data-step "card".
// Form fields: pin, or puk and new_pin; the reader posts card=insert|remove|other|expired|revoked; card=end gives up; cancel=yes.
// With First the card says who logs in, with no password before it (CIE-08): card=USERNAME puts that person's card in.
type CardView struct {
	Ask
	State    CardState
	Holder   string    // name on the card in the reader
	CardID   string    // number on the card, grouped by the page
	Expires  time.Time // printed on the card; zero = not shown
	PINTries int       // left
	PUKTries int       // left
	Person   string    // who logs in (first factor passed)
	Useless  bool      // the person's own card can never be used again: card=end goes back to the service with nr23
	PIN, PUK string    // of the test card, shown in dev mode; "" = not shown
	Offers   []string  // values of the reader's buttons that make sense now: "insert", "remove", "other", "expired", "revoked"
	First    bool      // the CIE: nobody is known yet
	Typed    string    // name that was written when it had no card
	People   []Persona // whose cards may be put in, for a button each; First only
}

// AttributeValue is one attribute with its value, as on the wire.
type AttributeValue struct {
	Name  string // "fiscalNumber"
	Label string // friendly name in the page's language; "" = looked up in spid
	Value string // wire value, "TINIT-…"; pages show it for people and beside it as on the wire
}

// ConsentView is the page before the data leave (OSC-26, SCR-08); data-step "consent".
// Form: consent=yes|no, cancel=yes; with a live session also switch=yes ("not you?").
type ConsentView struct {
	Ask
	Person     string
	Attributes []AttributeValue
	Missing    []string // asked for, but this identity does not have them
	SetName    string   // ServiceName of the AttributeConsumingService
	SetIndex   string   // "" when none was asked for
	Session    bool     // level-1 session: no credentials were asked (SCR-20, STM-04)
}

// AutoPostView is the form that posts itself to another site (SCR-10, SEC-52); data-step "done".
type AutoPostView struct {
	Gestore    *Gestore // house of the page; nil = Portal
	Portal     Portal
	Action     string       // absolute address
	Param      string       // "SAMLResponse" or "SAMLRequest"
	Message    string       // base64
	RelayState *string      // nil = none came
	To         string       // name of who receives it
	Anomaly    spid.Anomaly // 0 or Success: a positive answer; else told in one sentence
}

// ExpiredView is the page for a login that cannot go on: data-step "error".
type ExpiredView struct {
	Gestore   Gestore
	Why       Ended
	Service   string
	Anomaly   spid.Anomaly // that waits to be told to the service (EndedReady, EndedTimeout); 0 = none
	Action    string       // where the button posts that tells it; "" = no button
	ReturnURL string       // of the service, when known
	Reference string
}

// Ended says why a login cannot go on.
type Ended string

// Ends of a login.
const (
	EndedTimeout Ended = "timeout" // nr21 was or will be sent
	EndedDone    Ended = "done"    // it was answered already (STM-02)
	EndedReady   Ended = "ready"   // it is over, the answer has yet to leave: the button sends it
	EndedUnknown Ended = "unknown" // no such login: swept, restarted, mistyped address
)
