package sp

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"spidsim/internal/web"
	"spidsim/saml"
	"spidsim/spid"
	"spidsim/spid/rules"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// Reasons why nobody is logged in, stable codes of /spid/me.
const (
	reasonNone    = "none"    // no login was tried, or the session ended
	reasonAnomaly = "anomaly" // the gestore answered with an anomaly
	reasonRefused = "refused" // the Response broke a rule
)

// ruleReplay is the row of the table that forbids a second use (SPV-03, SEC-42).
const ruleReplay = "SEC-42"

// refusal says why a login ended without a session. It is what /spid/me tells this browser afterwards.
type refusal struct {
	Reason              string
	Rule                string       // that failed first; "" for an anomaly
	Anomaly             spid.Anomaly // that the gestore sent; 0 when the number is unknown
	Path, Found, Wanted string
	Slug, Name          string // of the gestore, "" when unknown
	Login               string // ID of the request, "" when unknown
	At                  time.Time
}

// refusedBy makes a refusal of what the rules said.
func refusedBy(err error, at time.Time) *refusal {
	out := &refusal{Reason: reasonRefused, At: at}
	var blamed *spid.Error
	if errors.As(err, &blamed) {
		out.Rule, out.Path, out.Found, out.Wanted = blamed.Rule, blamed.Path, clip(blamed.Found, maxShown), clip(blamed.Wanted, maxShown)
	}
	return out
}

// replayed is the refusal of an answer that came second: the rules saw it before the first had ended.
func replayed(at time.Time) *refusal {
	out := &refusal{Reason: reasonRefused, Rule: ruleReplay, Path: "Response/@ID", Found: "an ID that was accepted before", Wanted: "an ID not seen before", At: at}
	if rule, ok := rules.Lookup(ruleReplay); ok {
		out.Rule = rule.ID
	}
	return out
}

// announced is the refusal that the gestore itself speaks. The number comes from the fixed table, the text of
// the StatusMessage is never shown (SEC-46).
func announced(status saml.Status, at time.Time) *refusal {
	out := &refusal{Reason: reasonAnomaly, At: at, Path: "Response/Status", Found: clip(strings.TrimSpace(status.Code+" "+status.Sub), maxShown), Wanted: saml.StatusSuccess}
	if number, ok := spid.ParseCode(status.Message); ok {
		if _, known := number.Info(); known {
			out.Anomaly = number
		}
	}
	return out
}

// refuse ends the login on a page with status 403 that explains and leads back (ERR-07), or on its machine twin, and
// keeps the reason for this browser.
func (s *SP) refuse(w http.ResponseWriter, r *http.Request, a *answer, why *refusal, report *rules.Report) {
	if a.pending != nil {
		why.Slug, why.Name, why.Login = a.pending.Slug, a.pending.Name, a.pending.ID
	}
	if err := s.remember(r.Context(), a, why); err != nil {
		s.fail(w, r, err)
		return
	}
	s.cfg.Log.InfoContext(r.Context(), "login ended", "login", why.Login, "idp", why.Slug, "outcome", why.Reason,
		"rule", why.Rule, "anomaly", int(why.Anomaly))
	if web.WantsJSON(r) {
		web.JSON(w, http.StatusForbidden, why.answer())
		return
	}
	page := s.page(r)
	web.Render(w, r, http.StatusForbidden, templates.SPError(page, s.errorView(r, page, a, why, report)))
}

func (s *SP) remember(ctx context.Context, a *answer, why *refusal) error {
	return s.records.visit(ctx, a.browser, a.at, func(v *visitor) { v.Refusal = why })
}

// done forgets a login that ended.
func (v *visitor) done(id string) {
	v.Pending = slices.DeleteFunc(v.Pending, func(p string) bool { return p == id })
}

func (s *SP) errorView(r *http.Request, page ui.Page, a *answer, why *refusal, report *rules.Report) templates.SPErrorView {
	view := templates.SPErrorView{
		Portal: s.portal(r), Anomaly: why.Anomaly, Gestore: why.Name, Reason: why.sentence(page), Reference: why.Login,
		At: why.At, RetryURL: retryURL(a.pending), BackURL: pathHome,
	}
	if page.Dev() {
		view.Findings = s.findings(page, why, report)
	}
	if page.Dev() && a.arrival != nil && len(a.arrival.XML) > 0 {
		view.Document = &ui.Document{Title: "Response, HTTP-POST", XML: a.arrival.XML, At: a.at}
	}
	return view
}

// sentence is said when the table has none: an anomaly whose number nobody knows.
func (why *refusal) sentence(page ui.Page) string {
	if why.Reason == reasonAnomaly && why.Anomaly == 0 {
		return page.Pick("Il gestore non ha completato l’accesso, con un codice che non è nella tabella delle anomalie.",
			"The identity provider did not complete the login, with a code that is not in the table of anomalies.")
	}
	return ""
}

// retryURL begins the same login again, on a click of the person, never by itself (ERR-07).
func retryURL(p *pending) string {
	if p == nil {
		return pathHome
	}
	q := url.Values{"idp": {p.Slug}, "level": {strconv.Itoa(int(p.Level))}, "binding": {bindingName(p.Binding)}}
	return pathLogin + "?" + q.Encode()
}

func bindingName(b saml.Binding) string {
	if b == saml.HTTPRedirect {
		return "redirect"
	}
	return "post"
}

// findings are the rules that failed or warned, for those who test. The sentence for the person is one for every
// signature that does not verify (SEC-26).
func (s *SP) findings(page ui.Page, why *refusal, report *rules.Report) []ui.Finding {
	var out []ui.Finding
	for _, n := range notes(report) {
		out = append(out, n.show(page))
	}
	if len(out) == 0 && why.Reason == reasonRefused { // the rules passed it, the store knew it
		out = append(out, note{Rule: why.Rule, Path: why.Path, Found: why.Found, Wanted: why.Wanted, Bad: true}.show(page))
	}
	return out
}

// note is a finding as it is kept: the rule by its id, so that the text can be shown in either language later.
type note struct {
	Rule, Path, Found, Wanted string
	Line, Column              int
	Bad                       bool // an error; else a warning
}

func notes(report *rules.Report) []note {
	var out []note
	if report == nil {
		return nil
	}
	for _, f := range report.Noted() {
		out = append(out, note{Rule: f.Rule.ID, Path: f.Path, Found: clip(f.Found, maxShown), Wanted: clip(f.Wanted, maxShown),
			Line: f.Line, Column: f.Column, Bad: f.Outcome == rules.Failed})
	}
	return out
}

func passed(report *rules.Report) int {
	n := 0
	for _, f := range report.Findings {
		if f.Outcome == rules.Passed {
			n++
		}
	}
	return n
}

func (n note) show(page ui.Page) ui.Finding {
	out := ui.Finding{Severity: ui.Warn, Rule: n.Rule, Path: n.Path, Line: n.Line, Column: n.Column, Found: n.Found, Wanted: n.Wanted}
	if n.Bad {
		out.Severity = ui.Bad
	}
	if rule, ok := rules.Lookup(n.Rule); ok {
		out.Title, out.Remedy, out.Source = rule.Title.In(page.L()), rule.Remedy.In(page.L()), rule.Source
	}
	return out
}
