package ui

import (
	"net/url"
	"strings"
)

// Languages of the pages. Italian is the default, whatever the browser asks (UX-50).
const (
	Italian = "it"
	English = "en"
)

// Modes of the program (UX-82): only side panels and texts differ.
const (
	ModeDev     = "dev"
	ModeCI      = "ci"
	ModeTrainer = "trainer"
)

// Addresses of the console and of the common pages, as the navigation links them.
const (
	PathHome          = "/"
	PathServices      = "/servizi"
	PathPeople        = "/persone"
	PathMessages      = "/messaggi"
	PathGuide         = "/guida"
	PathAccessibility = "/accessibilita"
	PathGallery       = "/galleria" // in dev mode only
	PathRegia         = "/regia"
	PathLessons       = "/regia/lezioni/"
	PathHandouts      = "/regia/foglio/"
	PathGlossary      = "/guida/parole"
)

// Addresses of the portal's navigation, on the portal's origin.
const (
	PathPortal     = "/"
	PathPortalSPID = "/spid"
	PathPortalMine = "/myinps"
	PathPortalApp  = "/app"
)

// Page is what every page needs besides its own view model. The zero Page is an Italian page in dev
// mode of a simulator that answers to loopback alone.
type Page struct {
	Lang    string // "it" or "en"; anything else is "it"
	Nonce   string // of the content security policy; scripts are left out when it is empty
	Path    string // of this page, "/idp/prova/login/x"; "" keeps the browser's
	Query   string // raw query of this page, kept by the language switch
	Switch  string // where the language switch goes when Path cannot be read again by GET; "" = Path
	Mode    string // "dev", "ci" or "trainer"; "" is "dev"
	SimDate string // simulated date, "2020-10-15" (put into words) or words; "" = real time
	Remote  string // address announced when the program listens beyond loopback; "" = loopback only
	Version string // of the program
}

// Dev reports whether the panels for developers show: everywhere but in trainer mode.
func (p Page) Dev() bool { return p.Mode != ModeTrainer }

// L is the language of the page, "it" unless English was asked for.
func (p Page) L() string {
	if p.Lang == English {
		return English
	}
	return Italian
}

// T is the catalogue's text for key in the language of the page.
func (p Page) T(key string, args ...any) string { return T(p.L(), key, args...) }

// N picks the text for one or for many (both take the number).
func (p Page) N(n int, one, many string) string {
	if n == 1 {
		return T(p.L(), one, n)
	}
	return T(p.L(), many, n)
}

// Pick returns the text in the page's language.
func (p Page) Pick(italian, english string) string {
	if p.Lang == English {
		return english
	}
	return italian
}

// Other is the language that the switch offers.
func (p Page) Other() string {
	if p.Lang == English {
		return Italian
	}
	return English
}

// SwitchURL is this page in the other language: same path, same query (UX-50).
func (p Page) SwitchURL() string {
	path, query := p.Path, p.Query
	if p.Switch != "" {
		path, query, _ = strings.Cut(p.Switch, "?")
	}
	if strings.HasPrefix(path, "//") { // never another host
		path = "/" + strings.TrimLeft(path, "/")
	}
	if query == "" {
		return path + "?lang=" + p.Other()
	}
	q, err := url.ParseQuery(query)
	if err != nil {
		q = url.Values{}
	}
	q.Set("lang", p.Other())
	return path + "?" + q.Encode()
}
