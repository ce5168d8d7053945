package ui

import "strings"

// Kinds of house: whose page this is.
const (
	HouseGestore = "gestore"
	HousePortal  = "portal"
	HouseConsole = "console"
	HouseStage   = "stage" // the console in large type, for the room
	HousePrint   = "print" // a sheet of paper, without header
)

// House is the frame of a page: whose it is and where the person is on the way.
type House struct {
	Kind    string // HouseGestore, HousePortal, HouseConsole, HouseStage, HousePrint
	Title   string // of the page, without the house's name
	Step    string // data-step of the body, "" = none
	Name    string // of the gestore or portal
	Badge   string // initials of a gestore
	Address string // host and path, shown in the strip
	Service string // who asked, at a gestore; "" = not known
	IsCard  bool   // at a gestore: its name is that of a card, "(simulata)"
	Dense   bool   // a developer's density at a gestore
	Current string // address of the navigation entry that is open
	User    string // who is logged in at the portal
	Acting  string // for whom the person in the portal acts; "" = for themselves (ONB-171)
	Stop    string // where "stop acting for somebody" posts
	Leave   string // where "leave the portal" posts; "" = no such button
	Console string // base address of the console, for links from the portal's origin; "" = same origin
}

var (
	stylesheet = Asset("spidsim.css")
	script     = Asset("spidsim.js")
	autopost   = Asset("autopost.js")
	favicon    = Asset("favicon.svg")
)

// bodyClass leaves room for the banner of who acts for somebody, which never scrolls away (ONB-171).
func (h House) bodyClass(p Page) string {
	if h.Acting != "" {
		return h.frameClass(p) + " acts"
	}
	return h.frameClass(p)
}

func (h House) frameClass(p Page) string {
	switch {
	case h.Kind == HouseStage:
		return "frame-trainer"
	case h.Kind == HousePrint:
		return "frame-print"
	case h.Kind == HouseConsole || h.Dense:
		return "frame-console"
	case h.Kind == HousePortal && p.Mode == ModeTrainer:
		return "frame-portal frame-trainer"
	case h.Kind == HousePortal:
		return "frame-portal"
	case p.Mode == ModeTrainer:
		return "frame-gestore frame-trainer"
	}
	return "frame-gestore"
}

func (h House) title() string {
	if h.Name == "" || h.Kind == HouseConsole {
		return "[SIM] " + h.Title
	}
	return "[SIM] " + h.Title + " – " + h.Name
}

// simulated is the word behind the name: a card is feminine.
func (h House) simulated(p Page) string {
	if h.IsCard {
		return p.T("simulated.f")
	}
	return p.T("simulated.m")
}

func (h House) badge() string {
	if h.Badge != "" {
		return h.Badge
	}
	return Initials(h.Name)
}

// shortName is the portal's name without its "(simulazione)".
func shortName(name string) (string, string) {
	before, after, ok := strings.Cut(name, " (")
	if !ok {
		return name, ""
	}
	return before, "(" + after
}

func bannerClass(p Page) string {
	if p.Remote != "" {
		return "sim-banner remote"
	}
	return "sim-banner"
}

type navEntry struct{ path, key string }

var consoleNav = []navEntry{
	{PathHome, "nav.home"}, {PathServices, "nav.services"}, {PathPeople, "nav.people"},
	{PathMessages, "nav.messages"}, {PathRegia, "nav.regia"}, {PathGuide, "nav.guide"},
}

// stageNav are the entries of the navigation in trainer mode: no services, no traces (ux.md section 6).
var stageNav = []navEntry{
	{PathHome, "nav.home"}, {PathRegia, "nav.regia"}, {PathMessages, "nav.messages"}, {PathGuide, "nav.guide"},
}

func (p Page) nav() []navEntry {
	if p.Mode == ModeTrainer {
		return stageNav
	}
	return consoleNav
}

// startName is how the portal calls the simulator's first page: a class reads no word of the trade (UX-100).
func (p Page) startName() string {
	if p.Mode == ModeTrainer {
		return "nav.home"
	}
	return "nav.portal.console"
}

func (h House) mainClass() string {
	if h.Kind == HousePrint {
		return "desk"
	}
	return "wrap"
}

// portalNav are the entries of the portal's navigation.
var portalNav = []navEntry{
	{PathPortal, "nav.portal.home"}, {PathPortalSPID, "nav.portal.spid"}, {PathPortalMine, "nav.portal.mine"}, {PathPortalApp, "nav.portal.app"},
}

func (h House) serviceOr(p Page) string {
	if h.Service == "" {
		return p.T("route.service")
	}
	return h.Service
}
