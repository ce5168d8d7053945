package admin

import (
	"time"

	"spidsim/spid"
)

// The JSON of /api/v1. This file is a public contract: members may be added; none goes, and none changes its meaning. Times are RFC 3339 in
// UTC. Members that do not apply are empty, not absent, unless said otherwise.

// List is what every collection answers with.
type List[T any] struct {
	Items []T    `json:"items"` // never null
	Next  string `json:"next"`  // where the rest begins; "" when this is all
}

// User is a test person with everything needed to log in. Passwords and PINs are public test data (D-05).
type User struct {
	Username      string            `json:"username"`
	Password      string            `json:"password"`
	GivenName     string            `json:"given_name"`
	FamilyName    string            `json:"family_name"`
	FiscalCode    string            `json:"fiscal_code"` // without TINIT-
	Email         string            `json:"email"`
	Mobile        string            `json:"mobile"`
	Levels        []int             `json:"levels"`         // of the credentials held, ascending
	IdPs          []string          `json:"idps"`           // slugs of the gestori
	SecondFactors []string          `json:"second_factors"` // "totp", "sms", "app"
	TOTPSecret    string            `json:"totp_secret"`    // base32; "" without the factor totp
	OTPAuthURL    string            `json:"otpauth_url"`    // for an authenticator app; "" without the factor totp
	Card          *UserCard         `json:"card"`           // of level 3; null without one
	CIE           *UserCard         `json:"cie"`            // null without one
	CNS           *UserCard         `json:"cns"`            // null without one
	Status        string            `json:"status"`         // "active", "suspended", "revoked", "expired", "locked"
	IdentityType  int               `json:"identity_type"`  // 1 natural person, 2 legal person, 3 and 4 professional use
	Note          string            `json:"note"`           // Italian: what the person is good for
	NoteEn        string            `json:"note_en"`
	Ends          int               `json:"ends"`       // anomaly that a faultless login at level 2 ends in; 1 success, 0 no SPID
	Source        string            `json:"source"`     // "fixture", "config", "api"
	Attributes    map[string]string `json:"attributes"` // as they stand on the wire at prova
}

// UserCard is a card within User.
type UserCard struct {
	ID       string `json:"id"` // number on the card
	PIN      string `json:"pin"`
	PUK      string `json:"puk"`
	State    string `json:"state"` // "ok", "expired", "revoked", "blocked", "dead"; of a CIE also "not-enabled"
	Inserted bool   `json:"inserted"`
}

// NewUser is the body of POST users and PUT users/{username}. Everything but username may be left out: password "prova", levels 1 and 2, idps
// prova, the second factors totp, sms and app, status "active", and the card "ok" for those with level 3, who need both names and a fiscal code.
type NewUser struct {
	Username       string          `json:"username"` // with PUT it may be left out
	Password       string          `json:"password"`
	GivenName      string          `json:"given_name"`
	FamilyName     string          `json:"family_name"`
	FiscalCode     string          `json:"fiscal_code"` // with or without TINIT-
	Sex            string          `json:"sex"`         // "F", "M"
	Born           string          `json:"born"`        // "2006-01-02"
	BirthPlace     string          `json:"birth_place"` // Belfiore code
	BirthCounty    string          `json:"birth_county"`
	Email          string          `json:"email"`
	Mobile         string          `json:"mobile"`
	IDCard         string          `json:"id_card"`
	DigitalAddress string          `json:"digital_address"`
	ExpirationDate string          `json:"expiration_date"` // of the identity
	Domicile       *Domicile       `json:"domicile"`
	Company        *Company        `json:"company"`
	IdentityType   int             `json:"identity_type"` // 1 to 4
	Levels         []int           `json:"levels"`
	IdPs           []string        `json:"idps"`
	SecondFactors  []string        `json:"second_factors"`
	TOTPSecret     string          `json:"totp_secret"` // base32 of 10 to 64 octets; "" makes one, or keeps the one there is
	Card           string          `json:"card"`        // state in which it is issued: "ok", "expired", "revoked", "blocked"
	CIE            string          `json:"cie"`         // as card, or "not-enabled"; "" is none
	CNS            string          `json:"cns"`         // as card; "" is none
	Status         string          `json:"status"`
	Note           string          `json:"note"`
	NoteEn         string          `json:"note_en"`
	Attributes     spid.Attributes `json:"attributes"` // values on the wire that win over the members above, right or wrong
}

// Domicile is the address within NewUser.
type Domicile struct {
	Street       string `json:"street"`
	PostalCode   string `json:"postal_code"`
	Municipality string `json:"municipality"`
	Province     string `json:"province"`
	Nation       string `json:"nation"`
}

// Company is the legal person within NewUser.
type Company struct {
	Name             string `json:"name"`
	RegisteredOffice string `json:"registered_office"`
	FiscalCode       string `json:"fiscal_code"`
	VATNumber        string `json:"vat_number"`
}

// UserPatch is the body of PATCH users/{username}: what is absent stays.
type UserPatch struct {
	Status        *string   `json:"status"`
	Levels        *[]int    `json:"levels"`
	Password      *string   `json:"password"`
	SecondFactors *[]string `json:"second_factors"`
}

// TOTPCode is what the person's authenticator shows now.
type TOTPCode struct {
	Code     string `json:"code"`      // six digits, never one that was used before
	ValidFor int    `json:"valid_for"` // seconds
}

// CardItem is a card: the token of level 3, a CIE or a CNS.
type CardItem struct {
	ID          string    `json:"id"`   // number on the card
	Kind        string    `json:"kind"` // "spid", "cie", "cns"
	Username    string    `json:"username"`
	Holder      string    `json:"holder"` // name on the card
	State       string    `json:"state"`  // "ok", "expired", "revoked", "blocked", "dead", "not-enabled"
	Inserted    bool      `json:"inserted"`
	PIN         string    `json:"pin"`
	PUK         string    `json:"puk"`
	PINTries    int       `json:"pin_tries"` // left
	PUKTries    int       `json:"puk_tries"` // left
	NotBefore   time.Time `json:"not_before"`
	NotAfter    time.Time `json:"not_after"`
	Certificate string    `json:"certificate"` // PEM
}

// Unblock is the body of cards/{id}/unblock.
type Unblock struct {
	PUK    string `json:"puk"`
	NewPIN string `json:"new_pin"` // eight digits
}

// SignRequest is the body of cards/{id}/sign.
type SignRequest struct {
	PIN       string `json:"pin"`
	Challenge []byte `json:"challenge"` // base64, 1 to 4096 octets
}

// Signed is what the card answers. The signature is over the challenge as CardChallenge binds it, never over the bare octets.
type Signed struct {
	Card        string `json:"card"`
	Algorithm   string `json:"algorithm"`   // "ECDSA-SHA256"
	Signature   []byte `json:"signature"`   // base64 of ASN.1 DER
	Certificate string `json:"certificate"` // PEM
}

// Message is a message of the outbox.
type Message struct {
	ID      string    `json:"id"`
	Channel string    `json:"channel"` // "sms", "email", "app", "letter"
	To      string    `json:"to"`
	User    string    `json:"user"`
	IdP     string    `json:"idp"` // slug
	Login   string    `json:"login"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	Code    string    `json:"code"` // the code in the text alone
	At      time.Time `json:"at"`
	Answer  string    `json:"answer"` // of app messages: "approve", "deny", "" while open
	Relay   *Relay    `json:"relay"`  // of e-mails, with --smtp: how it fared on its way to the server; null otherwise
}

// Relay is the way of an e-mail to the SMTP server within Message.
type Relay struct {
	State    string    `json:"state"`    // "pending", "sent", "failed"
	Attempts int       `json:"attempts"` // tries made
	Error    string    `json:"error"`    // of the last try; "" when it went well
	At       time.Time `json:"at"`       // of the last try
}

// Clock is the simulated date (ONB-02).
type Clock struct {
	Now     time.Time     `json:"now"`
	Rome    string        `json:"rome"` // now as clocks in Italy show it, RFC 3339 with their offset
	Date    string        `json:"date"` // the day that it is in Italy, "2020-10-15": dated rules go by it
	Frozen  bool          `json:"frozen"`
	Offset  int64         `json:"offset"` // seconds ahead of the real time, negative behind it
	Moved   bool          `json:"moved"`  // it shows anything but the real time
	Presets []ClockPreset `json:"presets"`
}

// ClockPreset is a date on which the rules change.
type ClockPreset struct {
	Name   string   `json:"name"` // value of now in SetClock: "2020-10-01", "today"
	Date   string   `json:"date"` // that of the real time for "today"
	What   string   `json:"what"` // Italian: what changes
	WhatEn string   `json:"what_en"`
	Rules  []string `json:"rules"` // ids of the rules that begin or end then
}

// SetClock is the body of PUT clock; one of the two members may be left out.
type SetClock struct {
	Now    string `json:"now"`    // "2020-10-15" (ten o'clock in Italy), RFC 3339, "today"; "" stays at what the clock shows
	Frozen bool   `json:"frozen"` // the clock stands still; false lets it run
}

// AdvanceClock is the body of POST clock/advance: one of the two.
type AdvanceClock struct {
	By   string `json:"by"`   // length of time, "24h", "-90m"
	Days int    `json:"days"` // to the same hour in Italy that many days later, negative earlier
}

// ServiceProvider is a registered service provider.
type ServiceProvider struct {
	EntityID         string    `json:"entity_id"`
	Name             string    `json:"name"`       // OrganizationDisplayName, Italian
	Source           string    `json:"source"`     // file, address, "api", "console", "config", "self"
	Registered       time.Time `json:"registered"` // of this document
	Digest           string    `json:"digest"`     // SHA-256 of the document, hex
	Suspended        bool      `json:"suspended"`
	Errors           int       `json:"errors"`
	Warnings         int       `json:"warnings"`
	Findings         []Finding `json:"findings"`
	CertificateUntil time.Time `json:"certificate_until,omitzero"` // of the signing certificate that lasts longest
	Metadata         string    `json:"metadata,omitempty"`         // document as received; not in lists
}

// Registration answers the registration of a service provider.
type Registration struct {
	EntityID string    `json:"entity_id"`
	Source   string    `json:"source"`
	Findings []Finding `json:"findings"` // warnings; relaxed mode has errors among them
}

// Finding is a rule that failed or warned. Path, line and column say where; found and wanted are values.
type Finding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"` // "error", "warning"
	Title    string `json:"title"`    // Italian: what must hold
	TitleEn  string `json:"title_en"`
	Remedy   string `json:"remedy"`
	RemedyEn string `json:"remedy_en"`
	Source   string `json:"source"` // document and section
	Path     string `json:"path,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Found    string `json:"found"`
	Wanted   string `json:"wanted"`
}

// Exchange is one AuthnRequest with all that came of it.
type Exchange struct {
	ID             string    `json:"id"`
	IdP            string    `json:"idp"`
	SP             string    `json:"sp"` // entityID; "" when no signature proved it
	At             time.Time `json:"at"`
	Binding        string    `json:"binding"`
	Endpoint       string    `json:"endpoint"`
	RelayState     string    `json:"relay_state"`
	RequestID      string    `json:"request_id"`
	Request        string    `json:"request"`                   // XML as received
	RequestOctets  []byte    `json:"request_octets,omitempty"`  // base64, only when they are no UTF-8 text
	Findings       []Finding `json:"findings"`                  //
	Login          string    `json:"login"`                     //
	Username       string    `json:"username"`                  //
	Level          int       `json:"level"`                     // performed; 0 without success
	Anomaly        int       `json:"anomaly"`                   // 0 for success and while the login goes on
	Response       string    `json:"response"`                  // XML as sent; "" when there was none
	ResponseOctets []byte    `json:"response_octets,omitempty"` // as request_octets
	ACS            string    `json:"acs"`
	Answered       time.Time `json:"answered,omitzero"`
	Steps          []Step    `json:"steps"`
}

// Step is one thing that happened in a login.
type Step struct {
	At   time.Time `json:"at"`
	Step string    `json:"step"`
	What string    `json:"what"`
}

// Health answers healthz and readyz.
type Health struct {
	Status           string `json:"status"` // "ok" (healthz); "ready", "unavailable" (readyz)
	Version          string `json:"version"`
	Uptime           int    `json:"uptime"`            // seconds
	IdPs             int    `json:"idps"`              // readyz
	ServiceProviders int    `json:"service_providers"` // readyz
}

// Overview is the machine's twin of the console's first page.
type Overview struct {
	Version           string        `json:"version"`
	Started           time.Time     `json:"started"`
	Ready             bool          `json:"ready"`
	BaseURL           string        `json:"base_url"`
	PortalURL         string        `json:"portal_url"`
	EntityID          string        `json:"entity_id"` // of the default gestore
	MetadataURL       string        `json:"metadata_url"`
	CertificateSHA256 string        `json:"certificate_sha256"` // upper case, colons
	CertificateUntil  time.Time     `json:"certificate_until"`
	IdPs              []IdPOverview `json:"idps"`
	ServiceProviders  int           `json:"service_providers"`
	Users             int           `json:"users"`
}

// IdPOverview is a gestore within Overview.
type IdPOverview struct {
	Slug        string `json:"slug"`
	Name        string `json:"name"`
	EntityID    string `json:"entity_id"`
	MetadataURL string `json:"metadata_url"`
}
