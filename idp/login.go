package idp

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"time"

	"spidsim/saml"
	"spidsim/spid"
)

// Step is what a login waits for. The values are the data-step of the pages.
type Step string

// Steps, in the order of levels-and-sessions.md section 6. StepEnd and StepTimeout wait for the person to go back
// to the service with an anomaly; StepAnswered has nothing left to do.
const (
	StepCredentials Step = "credentials"
	StepOTP         Step = "otp"
	StepPush        Step = "push"
	StepCard        Step = "card"
	StepConsent     Step = "consent"
	StepAnswer      Step = "answer"
	StepEnd         Step = "end"
	StepTimeout     Step = "timeout"
	StepAnswered    Step = "answered"
)

// Login is one accepted AuthnRequest on its way to exactly one Response (STM-02). It is stored after each step, so that any
// process can serve the next one; the browser that started it is known by a cookie of its own (SEC-39).
type Login struct {
	ID       string
	Exchange string // id in the journal
	IdP      string // slug
	SP       string // entityID
	Browser  string // SHA-256 of the cookie, hex
	Request  Request

	Created  time.Time
	Deadline time.Time // then nr21 (TMO-03)

	Username     string // proved by the password
	Tried        string // whose password was last typed wrong
	AuthnInstant time.Time
	Performed    spid.Level // decided once the person is known (CMP-03)
	Factor       string     // second factor in use: "totp", "sms", "app"
	Code         *SentCode
	SecondFactor bool // passed
	CardProved   bool
	CardFirst    bool   // the card says who logs in, with no password before it (CIE-08)
	CardInReader string // number of the card put into the reader; "" = the person's own, if inserted
	Nonce        []byte // challenge for the card, used once (SEC-57)
	Consented    bool
	WrongTries   int
	Ended        spid.Anomaly // why it ended without success; 0 while it may still succeed
	Answered     bool
	Journal      []Event
}

// Request is what the login needs of the AuthnRequest, read from the verified document.
type Request struct {
	ID           string
	Binding      saml.Binding
	IssueInstant time.Time
	RelayState   string
	ACS          string // where the Response goes, from the registered metadata
	ACSIndex     int    // -1 when asked for by address
	Set          int    // AttributeConsumingServiceIndex, -1 when absent
	Asked        spid.Level
	Comparison   spid.Comparison
	ForceAuthn   bool
	Hint         string       // Subject/NameID: prefills the user name (REQ-29)
	Purpose      spid.Purpose // which types of identity may answer (PUR-02)
	Display      string       // OrganizationDisplayName, Italian (SCR-21)
}

// SentCode is a one-time code that went to the outbox, or a question to the app.
type SentCode struct {
	Message string // id in the outbox
	Digest  string // SHA-256 of login and code, hex; "" for the app
	Expires time.Time
	Used    bool
}

// Event is one thing that happened in a login, for the journal. It never holds a password, code or PIN.
type Event struct {
	At   time.Time `json:"at"`
	Step Step      `json:"step"`
	What string    `json:"what"`
}

func loginKeys(l *Login) map[string]string {
	return map[string]string{"request": requestKey(l.IdP, l.SP, l.Request.ID)}
}

// requestKey makes a request ID unique per gestore and service provider (REQ-02).
func requestKey(slug, sp, id string) string { return slug + "\x1f" + sp + "\x1f" + id }

// Next says what the login waits for.
func (l *Login) Next(now time.Time) Step {
	switch {
	case l.Answered:
		return StepAnswered
	case l.Ended != 0:
		return StepEnd
	case !now.Before(l.Deadline):
		return StepTimeout
	case l.CardFirst && !l.CardProved:
		return StepCard
	case l.Username == "":
		return StepCredentials
	case l.Performed >= spid.L2 && !l.SecondFactor && l.Factor == "app":
		return StepPush
	case l.Performed >= spid.L2 && !l.SecondFactor:
		return StepOTP
	case l.Performed >= spid.L3 && !l.CardProved:
		return StepCard
	case !l.Consented:
		return StepConsent
	}
	return StepAnswer
}

// anomaly returns what the service provider is told when the login is answered at that step: 0 is success.
func (l *Login) anomaly(step Step) spid.Anomaly {
	if step == StepTimeout {
		return spid.Timeout
	}
	return l.Ended
}

// lastDeadline is how far a person may extend the login: ten times (UX-68).
func (l *Login) lastDeadline(timeout time.Duration) time.Time { return l.Created.Add(11 * timeout) }

func (l *Login) note(now time.Time, step Step, what string) {
	l.Journal = append(l.Journal, Event{At: now, Step: step, What: what})
}

// end closes the login without success. The first cause stays.
func (l *Login) end(now time.Time, a spid.Anomaly, what string) {
	if l.Ended == 0 && !l.Answered {
		l.note(now, l.Next(now), what)
		l.Ended = a
	}
}

// tried is whose password was typed wrong in a login that nobody proved to be the holder of.
func (l *Login) tried() string {
	if l.Username != "" {
		return ""
	}
	return l.Tried
}

// belongsTo compares the cookie of a browser with the one that the login began with.
func (l *Login) belongsTo(cookie string) bool {
	return subtle.ConstantTimeCompare([]byte(l.Browser), []byte(digest(cookie))) == 1
}

// level decides what is performed for a person whose credentials reach these levels (CMP-03, TRG-20): what the
// Comparison says, else the highest of the person's own that still satisfies it.
func (r *Request) level(held []int) (spid.Level, bool) {
	perform, ok := spid.Perform(r.Asked, r.Comparison)
	if ok && slices.Contains(held, int(perform)) {
		return perform, true
	}
	best := spid.Level(0)
	for _, h := range held {
		fits, _ := spid.Level(h).Satisfies(r.Asked, r.Comparison)
		if fits && spid.Level(h) > best {
			best = spid.Level(h)
		}
	}
	return best, best != 0
}

func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0x1f})
	}
	return hex.EncodeToString(h.Sum(nil))
}
