package onboarding

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"regexp"
	"strings"
	"time"

	"spidsim/internal/clock"
	"spidsim/spid"
)

// PINKind says what a PIN is good for (ONB-31).
type PINKind string

// Kinds of PIN.
const (
	Ordinary    PINKind = "ordinario"   // to look at one's own position
	Dispositive PINKind = "dispositivo" // to ask for benefits as well
)

// PINStatus is where a PIN is in its life (ONB-40). What the clock alone decides (expired, dismissed) is no status that
// is stored: see StatusAt.
type PINStatus string

// The life of a PIN.
const (
	PINRequested     PINStatus = "REQUESTED"
	PINHalfDelivered PINStatus = "HALF_DELIVERED"
	PINIssued16      PINStatus = "ISSUED16" // both halves are there: replaced at first use
	PINActive8       PINStatus = "ACTIVE8"
	PINExpiredStatus PINStatus = "EXPIRED"
	PINRevokedStatus PINStatus = "REVOKED"
	PINDismissedEnd  PINStatus = "DISMISSED"
)

// PIN is the institute's code of one person, its id the codice fiscale.
type PIN struct {
	FiscalCode spid.FiscalCode `json:"fiscal_code"`
	Kind       PINKind         `json:"kind"`
	Status     PINStatus       `json:"status"`
	Code       string          `json:"code"`                // 16 characters until the first use, then 8: public test data (D-05)
	Dedicated  bool            `json:"dedicated,omitempty"` // good for the services dedicated to people without SPID (ONB-52)
	Channel    string          `json:"channel"`             // "office", "online", "contact-centre", "seed"
	Issued     time.Time       `json:"issued"`
	Renewed    time.Time       `json:"renewed"` // of the last renewal, or of the first use
	Months     int             `json:"months"`  // of validity: 6, or 3 for institutional intermediaries (ONB-34)
	Revoked    time.Time       `json:"revoked,omitzero"`

	Contacts   []string  `json:"contacts,omitempty"` // that the contact centre added to those of the person (ONB-36)
	Reset      string    `json:"reset,omitempty"`    // SHA-256 of the link of a reset, hex
	ResetUntil time.Time `json:"reset_until,omitzero"`
	History    []PINStep `json:"history,omitempty"`
}

// Expires is the day after which the PIN has to be renewed (ONB-34).
func (p *PIN) Expires() clock.Day { return clock.DayOf(p.Renewed).AddMonths(p.Months) }

// expired reports whether the natural expiry has come: the PIN is good through the day on which it expires.
func (p *PIN) expired(day clock.Day) bool { return p.Status == PINActive8 && day.After(p.Expires()) }

// StatusAt is the status on a day, with what the clock alone decides (ONB-40).
func (p *PIN) StatusAt(day clock.Day, c Citizen, s Settings) PINStatus {
	switch {
	case p.Status == PINRevokedStatus:
		return p.Status
	case !day.Before(EndOfPIN) && !survives(day, c, bestProfile(c), s):
		return PINDismissedEnd
	case p.expired(day):
		return PINExpiredStatus
	}
	return p.Status
}

// survives reports whether a PIN still opens after the end (ONB-57, ONB-58).
func survives(day clock.Day, c Citizen, profile Profile, s Settings) bool {
	extended := s.defaults().Timeline == Applied && day.Before(EndOfExtension) && (profile == Company || profile == Intermediary)
	return c.KeepsPIN() || extended
}

// bestProfile is the one that keeps the PIN alive longest.
func bestProfile(c Citizen) Profile {
	for _, p := range []Profile{Company, Intermediary} {
		if c.HasProfile(p) {
			return p
		}
	}
	return CitizenProfile
}

// matches compares what was typed, in any letter case, with the code in constant time.
func (p *PIN) matches(typed string) bool {
	want, got := sha256.Sum256([]byte(p.Code)), sha256.Sum256([]byte(normalPIN(typed)))
	return p.Code != "" && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// normalPIN drops blanks and hyphens, which people write between groups.
func normalPIN(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(strings.TrimSpace(s)))
}

var newPIN = regexp.MustCompile(`^[A-Z0-9]{8}$`)

// PINLogin is everything that a login with a PIN depends on.
type PINLogin struct {
	At          time.Time
	Citizen     Citizen
	PIN         *PIN // nil: the person has none
	Typed       string
	Profile     Profile // "" is that of a citizen
	Settings    Settings
	HasIdentity bool // an active SPID, CIE or CNS
}

// PINOutcome is how a login with a PIN goes on.
type PINOutcome string

// Outcomes.
const (
	PINAllow   PINOutcome = "allow"
	PINRenew   PINOutcome = "renew"   // right, but past its natural expiry: renewal is offered (ONB-34)
	PINReplace PINOutcome = "replace" // right, 16 characters: a PIN of 8 is chosen now (ONB-33)
	PINDeny    PINOutcome = "deny"
)

// DecidePIN is the decision of onboarding.md section 5.1. It is a pure function of its argument; a denial comes with its reason.
func DecidePIN(l PINLogin) (PINOutcome, *Denied) {
	day := clock.DayOf(l.At)
	profile := l.Profile
	if profile == "" {
		profile = CitizenProfile
	}
	switch {
	case !l.right(day) || !l.Citizen.HasProfile(profile): // 1
		return PINDeny, Deny(PINWrong)
	case l.PIN.Status == PINRevokedStatus: // 2
		return PINDeny, Deny(PINRevoked)
	case !day.Before(EndOfPIN): // 3
		if !survives(day, l.Citizen, profile, l.Settings) {
			return PINDeny, l.dismissed(day)
		}
	case !day.Before(CitizensOnly) && profile != CitizenProfile && l.Settings.defaults().Timeline == Announced: // 4
		return PINDeny, Deny(PINProfile)
	case l.Settings.InhibitPIN && l.HasIdentity: // 5
		return PINDeny, Deny(PINInhibited)
	}
	return l.PIN.use(day), nil // 6
}

// right reports whether the code is the person's. Before the end of 2020's emergency the first half was enough, where the preset is on (ONB-38).
func (l PINLogin) right(day clock.Day) bool {
	if l.PIN == nil || l.PIN.Status == PINRequested {
		return false
	}
	simplified := l.Settings.SimplifiedPIN && day.Before(NoNewPIN) && len(l.PIN.Code) == 16
	if simplified && normalPIN(l.Typed) == l.PIN.Code[:8] {
		return true
	}
	return l.PIN.Status != PINHalfDelivered && l.PIN.matches(l.Typed)
}

// dismissed is the refusal after the end. Who cannot have SPID is shown the way of the delegation (ONB-59, TV-14).
func (l PINLogin) dismissed(day clock.Day) *Denied {
	d := Deny(PINDismissed).Because("the simulated date is %s", day)
	d.Suggest = "spid"
	if l.Citizen.CannotHaveSPID(day) {
		d.Suggest = "delega"
	}
	return d
}

func (p *PIN) use(day clock.Day) PINOutcome {
	switch {
	case p.Status == PINIssued16:
		return PINReplace
	case p.expired(day):
		return PINRenew
	}
	return PINAllow
}

// PINGrant is what somebody who asks for a PIN gets.
type PINGrant struct {
	Kind      PINKind // that an office issues; online it is always an ordinary one, unless Dedicated
	Dedicated bool
}

// MayIssuePIN says who gets a PIN on the day of at (onboarding.md section 5.1, ONB-50…ONB-57).
func MayIssuePIN(at time.Time, c Citizen) (PINGrant, *Denied) {
	day := clock.DayOf(at)
	switch {
	case day.Before(NoNewPIN): // ONB-50
		return PINGrant{Kind: Dispositive}, nil
	case day.Before(EndOfPIN) && c.CannotHaveSPID(day): // ONB-52
		return PINGrant{Kind: Dispositive, Dedicated: true}, nil
	case !day.Before(EndOfPIN) && c.KeepsPIN(): // ONB-57
		return PINGrant{Kind: Dispositive}, nil
	}
	d := Deny(PINNoNew)
	d.Suggest = "spid"
	return PINGrant{}, d
}

// PINUntil is the last day of the phase in which a PIN of the person works, and false where that day is still to be set (ONB-53,
// CNF-10) or there is none (ONB-57).
func PINUntil(at time.Time, c Citizen, profile Profile, s Settings) (day clock.Day, known bool) {
	switch {
	case c.KeepsPIN(), clock.DayOf(at).Before(EndsAnnounced):
		return clock.Day{}, false
	case profile != CitizenProfile && s.defaults().Timeline == Announced:
		return CitizensOnly.AddDays(-1), true
	case (profile == Company || profile == Intermediary) && s.defaults().Timeline == Applied:
		return EndOfExtension.AddDays(-1), true
	}
	return EndOfPIN.AddDays(-1), true
}

// months is how long a PIN is good: institutional intermediaries renew more often (ONB-34).
func months(c Citizen) int {
	if c.HasProfile(Intermediary) {
		return 3
	}
	return 6
}

func sprintNumber(format, id string, code spid.FiscalCode) string {
	var n int
	if _, err := fmt.Sscanf(id, "P%d", &n); err != nil {
		sum := sha256.Sum256([]byte(code))
		n = 1000 + int(sum[0])<<8 + int(sum[1])
	}
	return fmt.Sprintf(format, n)
}
