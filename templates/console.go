package templates

import (
	"net/url"
	"strconv"
	"strings"

	"spidsim/spid"
	"spidsim/templates/ui"
)

func console(p ui.Page, title, current string) ui.House {
	return ui.House{Kind: ui.HouseConsole, Title: title, Current: current}
}

func (r RegisterForm) action() string {
	if r.Action == "" {
		return ui.PathServices
	}
	return r.Action
}

func (r RegisterForm) open(tab string) bool {
	return r.How == tab || (r.How == "" && tab == "url")
}

// errorAt is the problem, if it is the tab's.
func (r RegisterForm) errorAt(tab string) string {
	if r.open(tab) {
		return r.Problem
	}
	return ""
}

func (r RegisterForm) errors() []ui.FieldError {
	if r.Problem == "" {
		return nil
	}
	field := r.How
	if field == "" {
		field = "url"
	}
	return []ui.FieldError{{Field: field, Message: r.Problem}}
}

// curl is the command that registers through the API.
func curl(base string) string {
	return "curl --data-binary @metadata.xml \\\n  -H \"Content-Type: application/samlmetadata+xml\" \\\n  " + base + "/api/v1/service-providers"
}

// stateWords says how a registered service stands.
func (r ServiceRow) stateWords(p ui.Page) string {
	switch {
	case r.State == ui.Bad && r.Note != "":
		return p.T("service.refused.why", r.Note)
	case r.State == ui.Bad:
		return p.T("service.refused")
	case r.Errors > 0 && r.Warnings > 0:
		return p.N(r.Errors, "errors.count.one", "errors.count") + ", " + p.N(r.Warnings, "warnings.one", "warnings.many")
	case r.Errors > 0:
		return p.N(r.Errors, "errors.count.one", "errors.count")
	case r.Warnings > 0:
		return p.N(r.Warnings, "warnings.one", "warnings.many")
	}
	return p.T("service.fine")
}

func (r ServiceRow) name() string {
	if r.Name == "" {
		return r.EntityID
	}
	return r.Name
}

func (r ServiceRow) stateTag(p ui.Page) string {
	switch r.State {
	case ui.Bad:
		return p.T("service.state.bad")
	case ui.Warn:
		return p.T("service.state.warn")
	}
	return p.T("service.state.ok")
}

// highest is the highest of a person's levels.
func (r PersonRow) highest() int {
	top := spid.Level(0)
	for _, l := range r.Levels {
		top = max(top, l)
	}
	return int(top)
}

func (r PersonRow) factors(p ui.Page) string {
	names := make([]string, len(r.SecondFactors))
	for i, f := range r.SecondFactors {
		names[i] = factorName(p, f)
	}
	return strings.Join(names, ", ")
}

// status is the word and tone of an identity's state (UX-76).
func (r PersonRow) status(p ui.Page) (string, ui.Tone) {
	switch r.Status {
	case "", "active":
		return p.T("status.active"), ui.OK
	case "suspended":
		return p.T("status.suspended"), ui.Bad
	case "revoked":
		return p.T("status.revoked"), ui.Bad
	case "expired":
		return p.T("status.expired"), ui.Bad
	}
	return r.Status, ui.Warn
}

func gestoreURL(slug, search string) string {
	q := url.Values{}
	if slug != "" {
		q.Set("gestore", slug)
	}
	if search != "" {
		q.Set("q", search)
	}
	if len(q) == 0 {
		return ui.PathPeople
	}
	return ui.PathPeople + "?" + q.Encode()
}

// channel is the name of a message's channel, channelIcon its icon.
func channel(p ui.Page, c string) string {
	switch c {
	case "sms":
		return p.T("channel.sms")
	case "email":
		return p.T("channel.email")
	case "app":
		return p.T("channel.app")
	case "letter":
		return p.T("channel.letter")
	}
	return c
}

func channelIcon(c string) string {
	switch c {
	case "sms", "email", "app", "letter":
		return c
	}
	return "info"
}

func answerTag(p ui.Page, answer string) (string, ui.Tone) {
	if answer == "approve" {
		return p.T("phone.approved"), ui.OK
	}
	return p.T("phone.denied"), ui.Bad
}

func relayTag(p ui.Page, state string) (string, ui.Tone) {
	switch state {
	case "sent":
		return p.T("message.relay.sent"), ui.OK
	case "failed":
		return p.T("message.relay.failed"), ui.Bad
	}
	return p.T("message.relay.pending"), ui.Info
}

// outcome is how an exchange ended.
func (e ExchangeRow) outcome(p ui.Page) (string, ui.Tone) {
	switch e.Anomaly {
	case 0:
		return p.T("exchange.going"), ui.Info
	case spid.Success:
		return p.T("exchange.ok"), ui.OK
	case spid.Cancelled:
		return p.T("exchange.cancelled", anomalyCode(e.Anomaly)), ui.Warn
	}
	if e.Anomaly >= spid.WrongCredentials {
		return p.T("exchange.anomaly", anomalyCode(e.Anomaly)), ui.Warn
	}
	return p.T("exchange.refused", anomalyCode(e.Anomaly)), ui.Bad
}

func (e ExchangeRow) findings(p ui.Page) string {
	return ServiceRow{Errors: e.Errors, Warnings: e.Warnings, State: ui.OK}.findingWords(p)
}

func (r ServiceRow) findingWords(p ui.Page) string {
	if r.Errors+r.Warnings == 0 {
		return p.T("findings.none")
	}
	return r.stateWords(p)
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// personID makes an anchor of a user name.
func personID(username string) string { return "u-" + url.PathEscape(username) }

func levelList(levels []spid.Level) string {
	names := make([]string, len(levels))
	for i, l := range levels {
		names[i] = strconv.Itoa(int(l))
	}
	return strings.Join(names, ", ")
}

func mode(p ui.Page) string {
	if p.Mode == "" {
		return ui.ModeDev
	}
	return p.Mode
}

func toneOr(t ui.Tone) string {
	if t == ui.Plain {
		return "ok"
	}
	return string(t)
}
