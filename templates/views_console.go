package templates

import (
	"time"

	"spidsim/spid"
	"spidsim/templates/ui"
)

// HomeView is the console's first page: the first login in three steps.
type HomeView struct {
	Started     time.Time
	Ready       bool
	BaseURL     string // "http://localhost:8088"
	PortalURL   string // "" when there is no portal
	MetadataURL string
	EntityID    string
	Fingerprint string // SHA-256 of the certificate, upper case, colons
	CertUntil   time.Time
	Gestori     []GestoreRow
	Register    RegisterForm
	Services    []ServiceRow
	People      []PersonRow // a few
	PeopleCount int
	Exchanges   []ExchangeRow // newest first; may be empty
}

// GestoreRow is a simulated identity provider.
type GestoreRow struct {
	Slug, Name, Badge string
	EntityID          string
	MetadataURL       string
}

// RegisterForm registers a service provider: by address (url), by file (file, multipart) or by paste (xml). It posts to Action,
// "/servizi" when empty; the field how says which way: "url", "file", "xml".
type RegisterForm struct {
	Action   string
	How      string // open tab: "url" (default), "file", "xml"
	URL      string
	XML      string
	Problem  string       // what was wrong, a whole sentence in the page's language; "" = nothing
	Findings []ui.Finding // of metadata that were refused
}

// ServiceRow is a registered service provider.
type ServiceRow struct {
	Name      string
	EntityID  string
	URL       string  // page of it
	Source    string  // file, address, "API", "console"
	State     ui.Tone // OK, Warn (accepted with findings), Bad (refused)
	Errors    int
	Warnings  int
	Note      string // why refused; may be ""
	CertUntil time.Time
	ReadAt    time.Time
}

// ServicesView is the list of service providers.
type ServicesView struct {
	Services []ServiceRow
	Register RegisterForm
	Notice   string // after an action: the name of what was registered or removed; "" = none
}

// ServiceView is one service provider with its findings.
type ServiceView struct {
	Row       ServiceRow
	ACS       []EndpointRow
	SLO       []EndpointRow
	Sets      []AttributeSet
	Findings  []ui.Finding
	Document  *ui.Document
	DeleteURL string // where the removal form posts; "" = cannot be removed
}

// EndpointRow is a service of a metadata document.
type EndpointRow struct {
	Index    string
	Binding  string
	Location string
	Default  bool
}

// AttributeSet is an AttributeConsumingService.
type AttributeSet struct {
	Index string
	Name  string
	Names []string // technical names, in order
}

// PersonRow is a test person with everything needed to log in.
type PersonRow struct {
	Username, Password string
	Chosen             bool // the password was chosen by whoever registered, and nobody can read it (D-05)
	Name               string
	FiscalCode         string
	Born               string // "2020-10-15" or ""
	Levels             []spid.Level
	IdPs               []string // names of the gestori
	SecondFactors      []string // FactorSMS, FactorTOTP, FactorApp
	TOTPSecret         string
	EnrolURL           string // page with the QR code
	Phone, Email       string
	CardID, PIN, PUK   string
	CardNote           string     // "expired", "revoked", "" in the page's language
	More               []MoreCard // CIE and CNS
	Status             string     // "active", "suspended", "revoked", "expired"
	Kind               string     // type of identity, in the page's language; "" = natural person
	Note               string     // what the person is for, in the page's language
	Ends               spid.Anomaly
}

// MoreCard is a card beside the token of level 3.
type MoreCard struct {
	Name, ID, PIN, PUK string
	Note               string // what is wrong with it, in the page's language; "" = nothing
}

// PeopleView lists the test people.
type PeopleView struct {
	People  []PersonRow
	Gestori []GestoreRow // filter
	Gestore string       // slug that filters, "" = all
	Search  string
}

// TOTPEnrolView shows what an authenticator app needs (QR code, secret, link).
type TOTPEnrolView struct {
	Person   string
	Username string
	Issuer   string
	Secret   string // base32
	URL      string // otpauth://totp/…
	QR       ui.QR
	Code     string // now
	ValidFor time.Duration
	BackURL  string
}

// Message is a message of the outbox: nothing ever leaves the program.
type Message struct {
	ID      string
	Channel string // "sms", "email", "app", "letter"
	From    string // name of the sender
	To      string
	User    string // user name of the person
	Subject string
	Text    string
	Code    string
	At      time.Time
	Answer  string // of app messages: "approve", "deny", ""
	URL     string // page of it

	Relay      string // of e-mails that go to an SMTP server: "pending", "sent", "failed"; "" for the others
	RelayError string // why the last try failed, as the server said; "" when it did not
}

// MessagesView is the outbox, newest first.
type MessagesView struct {
	Items   []Message
	To      string // filter
	Channel string // filter
}

// MessageView is one message; app messages can be answered: app=approve|deny posted to Action.
type MessageView struct {
	Message Message
	Action  string
	Ended   bool // it can no longer be answered
}

// ExchangeRow is a request with its answer.
type ExchangeRow struct {
	ID       string
	URL      string
	At       time.Time
	Service  string
	Person   string
	Anomaly  spid.Anomaly // Success, 0 = still going on
	Errors   int
	Warnings int
}

// GalleryView is the index of the gallery: its pages, in the order of Gallery.
type GalleryView struct {
	Mode  string // in which the pages are shown: ui.ModeDev, ui.ModeCI, ui.ModeTrainer
	Pages []GalleryPage
}

// GalleryPage is a page of the gallery with its states.
type GalleryPage struct {
	Name   string
	States []GalleryState
}

// GalleryState is a page in one state.
type GalleryState struct{ State, URL string }

// GuideView is the page "how to try it".
type GuideView struct {
	BaseURL     string
	PortalURL   string
	MetadataURL string
	Version     string
	Users       []PersonRow // a few
	Lessons     []LessonPlan
}
