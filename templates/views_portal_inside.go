package templates

import (
	"time"

	"spidsim/internal/clock"
)

// PortalMyView is the reserved area (OSC-28); data-step "services".
type PortalMyView struct {
	Visit
	Person   string
	Means    string // how the person came in: "PIN dispositivo", "SPID, livello 2"
	Services []PortalMyService
	Messages []PortalNote
	Request  *PortalRequest // the SPID request; nil = none
	PIN      *PortalPINState
	Guided   bool          // the guided request is offered
	PhonePIN bool          // the function is open to this login (ONB-151)
	ActFor   int           // for how many people the person may act
	Profiles []string      // in which capacities the person may come, when there are several (ONB-22)
	Filed    []PortalFiled // applications, newest first (ONB-31)
}

// PortalFiled is an application that the person filed.
type PortalFiled struct {
	Service string // name
	At      time.Time
	Kept    bool // filed with an ordinary PIN: "conservata"
}

// PortalMyService is a service with what it needs.
type PortalMyService struct {
	Slug, Name, Words string
	Level             int    // of SPID that it asks for; 0 = public
	Off               string // why it cannot be opened now, in the page's language
}

// PortalNote is a message to the person.
type PortalNote struct {
	At      time.Time
	Subject string
	Text    string
	From    string
}

// PortalRequest is the state of a SPID request as the portal knows it (ONB-83).
type PortalRequest struct {
	Gestore string
	Stage   string // "waiting", "active", "cancelled", "expired", "refused"
	Since   time.Time
	Answers []PortalResult
	URL     string // where the request goes on; "" = nowhere
}

// PortalResult is an answer of the gestore.
type PortalResult struct {
	Result string // "nr100"
	At     time.Time
}

// PortalPINState is the person's PIN.
type PortalPINState struct {
	Kind    string    // "ordinario" or "dispositivo"
	Expires clock.Day // zero = not shown
	Convert bool      // it can become dispositivo
}

// PortalServiceView is one service; data-step "service". Form of the reserved part: apply=yes.
type PortalServiceView struct {
	Visit
	Service PortalMyService
	Text    []string // paragraphs that anybody may read
	Inside  bool     // the reserved part is open
	Apply   bool     // an application can be filed
	Filed   bool     // it has just been filed
	Kept    bool     // filed with an ordinary PIN: kept, worked after the conversion (ONB-31)
}

// PortalPhonePINView is the telephone PIN (OSC-29, ONB-150…155); data-step "phone-pin". Form: duration=1d|1w|1m|3m.
type PortalPhonePINView struct {
	Visit
	Duration string
	Code     string // just made: shown once; "" = none
	Spelled  []string
	Until    time.Time // of Code
	Current  *PortalPhonePIN
	History  []PortalPhonePIN // newest first
	AlsoWeb  bool             // switch phonePinAlsoWeb (ONB-156)
}

// PortalPhonePIN is a telephone PIN without its characters.
type PortalPhonePIN struct {
	Made, Until time.Time
	Duration    string // "1d", "1w", "1m", "3m"
	State       string // "active", "expired", "replaced"
}

// ContactCentreView is the clerk of the contact centre (OSC-35, ONB-157); data-step "contact-centre". Form: cf, code.
type ContactCentreView struct {
	Visit
	FiscalCode string
	Code       string
	Outcome    string // "valid", "expired", "replaced", "unknown"; "" = not asked yet
	Person     string // when valid
	Until      time.Time
}
