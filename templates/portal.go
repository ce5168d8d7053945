package templates

import (
	"slices"
	"time"

	"spidsim/templates/ui"
)

// errors are the entries of the error summary.
func (v Visit) errors() []ui.FieldError {
	list := make([]ui.FieldError, 0, len(v.Errors))
	for _, e := range v.Errors {
		list = append(list, ui.FieldError{Field: e.Field, Message: e.Text})
	}
	return list
}

// errorOf is the text at one field, "" when nothing is wrong with it.
func (v Visit) errorOf(field string) string {
	for _, e := range v.Errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}

// house is the frame of a portal page; its title begins with "Errore:" after a refused form.
func (v Visit) house(p ui.Page, title, step, current string) ui.House {
	if len(v.Errors) > 0 {
		title = p.T("field.error") + " " + title
	}
	h := v.Portal.house(title, step)
	h.Current = current
	return h
}

// beside reports whether phone or mailbox stand beside the page.
func (s *Scene) beside() bool {
	return s != nil && (s.Phones || s.Letters || len(s.Phone) > 0 || len(s.Mailbox) > 0 || len(s.Paper) > 0)
}

// day puts a day into words; the day is the Italian one.
func day(p ui.Page, t time.Time) string { return ui.Date(p.L(), ui.Rome(t)) }

// moment is day and time for people, "15 ottobre 2020, 10:24".
func moment(p ui.Page, t time.Time) string { return day(p, t) + ", " + ui.Clock(t) }

// reason is what the pages say about a code beside its sentence: why it is so and what can be done now (UX-55).
type reason struct {
	why, now string
	next     []string // keys of portalWays
}

// portalWays are the ways on that reasons propose.
var portalWays = map[string]struct{ url, key string }{
	"mask":       {PathMask, "way.mask"},
	"pin-lost":   {PathPINLost, "way.pin-lost"},
	"pin-ask":    {PathPINRequest, "way.pin-ask"},
	"spid":       {PathGuided, "way.spid"},
	"info":       {ui.PathPortalSPID, "way.info"},
	"compare":    {PathCompare, "way.compare"},
	"delegation": {PathHelp + "#delega", "way.delegation"},
	"minors":     {ui.PathPortalSPID + "#minori", "way.minors"},
	"help":       {PathHelp, "way.help"},
	"app":        {ui.PathPortalApp, "way.app"},
	"services":   {ui.PathPortalMine, "way.services"},
	"counter":    {PathHelp + "#sportello", "way.counter"},
}

var reasonTexts = map[string]reason{
	"RSN-PIN-WRONG":      {"rsn.pin-wrong.why", "rsn.pin-wrong.now", []string{"mask", "pin-lost"}},
	"RSN-PIN-REVOKED":    {"rsn.pin-revoked.why", "rsn.pin-revoked.now", []string{"info", "mask"}},
	"RSN-PIN-DISMISSED":  {"rsn.pin-dismissed.why", "rsn.pin-dismissed.now", []string{"mask", "info", "delegation"}},
	"RSN-PIN-PROFILE":    {"rsn.pin-profile.why", "rsn.pin-profile.now", []string{"mask", "info"}},
	"RSN-PIN-INHIBITED":  {"rsn.pin-inhibited.why", "rsn.pin-inhibited.now", []string{"mask"}},
	"RSN-PIN-NO-NEW":     {"rsn.pin-no-new.why", "rsn.pin-no-new.now", []string{"info", "compare"}},
	"RSN-LEVEL":          {"rsn.level.why", "rsn.level.now", []string{"mask", "info"}},
	"RSN-CNS-APP":        {"rsn.cns-app.why", "rsn.cns-app.now", []string{"app", "mask"}},
	"RSN-CONSENT":        {"rsn.consent.why", "rsn.consent.now", []string{"spid", "services"}},
	"RSN-HANDOFF-REPLAY": {"rsn.handoff-replay.why", "rsn.handoff-replay.now", []string{"spid"}},
	"RSN-HANDOFF-STALE":  {"rsn.handoff-stale.why", "rsn.handoff-stale.now", []string{"spid"}},
	"RSN-CF":             {"rsn.cf.why", "rsn.cf.now", []string{"help"}},
	"RSN-MINOR":          {"rsn.minor.why", "rsn.minor.now", []string{"info", "delegation"}},
	"RSN-DOC":            {"rsn.doc.why", "rsn.doc.now", []string{"help"}},
	"RSN-DLG-ONE":        {"rsn.dlg-one.why", "rsn.dlg-one.now", []string{"delegation"}},
	"RSN-DLG-CAP":        {"rsn.dlg-cap.why", "rsn.dlg-cap.now", []string{"delegation"}},
	"RSN-DLG-30D":        {"rsn.dlg-30d.why", "rsn.dlg-30d.now", []string{"delegation", "counter"}},
	"RSN-DLG-NOID":       {"rsn.dlg-noid.why", "rsn.dlg-noid.now", []string{"info", "delegation"}},
	"RSN-MEANS":          {"rsn.means.why", "rsn.means.now", []string{"mask", "info"}},
	"RSN-IDP":            {"rsn.idp.why", "rsn.idp.now", []string{"spid", "compare"}},
	"RSN-ALREADY":        {"rsn.already.why", "rsn.already.now", []string{"mask"}},
	"RSN-DLG-PROTECTED":  {"rsn.dlg-protected.why", "rsn.dlg-protected.now", []string{"delegation"}},
	"RSN-DLG-NONE":       {"rsn.dlg-none.why", "rsn.dlg-none.now", []string{"services"}},
	"RSN-DLG-DATE":       {"rsn.dlg-date.why", "rsn.dlg-date.now", []string{"delegation", "counter"}},
}

// reasonOf is the text about a code; an unknown code has a general one.
func reasonOf(code string) reason {
	if r, ok := reasonTexts[code]; ok {
		return r
	}
	return reason{"rsn.other.why", "rsn.other.now", []string{"services", "help"}}
}

// next are the ways on that the page of a reason offers.
func (v PortalReasonView) next(p ui.Page) []PortalLink {
	if len(v.Next) > 0 {
		return v.Next
	}
	return v.Why.ways(p)
}

// helpWays say which way leads to what the engine suggests (TV-14).
var helpWays = map[string]string{"spid": "info", "delega": "delegation", "minori": "minors"}

// ways are the ways on from a denial: what the engine suggests first, then what its reason proposes.
func (e PortalError) ways(p ui.Page) []PortalLink {
	names := reasonOf(e.Code).next
	if help, ok := helpWays[e.Help]; ok {
		names = append([]string{help}, slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == help })...)
	}
	var list []PortalLink
	for _, name := range names {
		list = append(list, PortalLink{URL: portalWays[name].url, Label: p.T(portalWays[name].key)})
	}
	return list
}

func (v PortalReasonView) back() string {
	if v.Back == "" {
		return ui.PathPortal
	}
	return v.Back
}

// access says whether anybody may read the service or somebody has to come in.
func (s PortalService) access(p ui.Page) string {
	if s.Open {
		return p.T("portal.service.open")
	}
	return p.T("portal.service.closed")
}
