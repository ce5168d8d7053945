package templates

import (
	"time"

	"spidsim/spid"
	"spidsim/templates/ui"
)

// Portal is the sample service provider as a house.
type Portal struct {
	Name    string // "Istituto (simulazione)"
	Address string // "localhost:8089"
	User    string // who is logged in; "" = nobody
	Console string // address of the identity providers' console; "" = not linked
	Acting  string // name of the principal for whom the person acts; "" = for themselves (ONB-171)
	Stop    string // where "Smetti" posts for=self
	Leave   string // where "Esci" posts; "" = no button
}

// SPHomeView is the portal's first page: level, binding, gestore. The form is a GET to /spid/login with idp, level, binding, attributes, comparison.
type SPHomeView struct {
	Portal     Portal
	Action     string // "/spid/login" when empty
	Gestori    []SPGestore
	Level      spid.Level // chosen beforehand; 0 = L2
	Binding    string     // "post" (default) or "redirect"
	Comparison string     // "minimum" by default
	Sets       []AttributeSet
	Set        string // index chosen beforehand
	LoggedOut  bool   // just now
}

// SPGestore is an entry of the access button's list.
type SPGestore struct {
	Slug, Name, Badge string
	Off               string // why it cannot be used now, in the page's language; "" = it can (UX-23)
}

// SPUserView says who came in.
type SPUserView struct {
	Portal       Portal
	Gestore      string // name
	GestoreBadge string
	Level        spid.Level
	Asked        spid.Level
	Attributes   []AttributeValue
	NameID       string
	SessionIndex string // "" = none (levels 2 and 3)
	AuthnInstant time.Time
	ResponseID   string
	RequestID    string
	Binding      string       // of the request
	Findings     []ui.Finding // warnings
	Checks       int          // rules that passed
	Document     *ui.Document // the Response
	LogoutURL    string
}

// SPErrorView is the page after an answer that does not let anybody in (ERR-07).
type SPErrorView struct {
	Portal    Portal
	Anomaly   spid.Anomaly // that the gestore sent; 0 when the Response itself was refused
	Gestore   string
	Reason    string // short sentence in the page's language when Anomaly is 0 and Findings are empty; may be ""
	Findings  []ui.Finding
	Document  *ui.Document
	Reference string
	At        time.Time
	RetryURL  string
	BackURL   string // "/" when empty
}
