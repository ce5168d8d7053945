package templates

import (
	"strconv"
	"strings"

	"spidsim/spid"
	"spidsim/templates/ui"
)

func (v RefusedView) house(p ui.Page) ui.House {
	title := p.T("refused.title.page", v.number())
	if !p.Dev() {
		title = p.T("refused.person.title")
	}
	h := v.Gestore.house(title, "error", v.Service)
	h.Dense = p.Dev()
	return h
}

// number is "nr12".
func (v RefusedView) number() string { return anomalyCode(v.Anomaly) }

func anomalyCode(a spid.Anomaly) string {
	n := strconv.Itoa(int(a))
	if len(n) == 1 {
		n = "0" + n
	}
	return "nr" + n
}

// heading is the fact, for developers.
func (v RefusedView) heading(p ui.Page) string {
	if v.Title != "" {
		return v.Title
	}
	return anomalyTitle(p, v.Anomaly)
}

func anomalyTitle(p ui.Page, a spid.Anomaly) string {
	info, ok := a.Info()
	if !ok {
		return p.T("anomaly.unknown", int(a))
	}
	return p.Pick(info.Title, info.English)
}

// remedy is what to do now; official tells the sentence of the table.
func (v RefusedView) remedy(p ui.Page) string {
	info, _ := v.Anomaly.Info()
	return p.Pick(info.Remedy, info.RemedyEN)
}

// official is the sentence of AgID's table; where the table has none the person reads ours.
func (v RefusedView) official(p ui.Page) string {
	info, _ := v.Anomaly.Info()
	if info.Page != "" {
		return info.Page
	}
	return personSentence(p, v.Anomaly)
}

// officialIsItalian reports whether official is the table's Italian text, which English pages quote as it is.
func (v RefusedView) officialIsItalian() bool {
	info, _ := v.Anomaly.Info()
	return info.Page != ""
}

// translated is the English of the official sentence.
func (v RefusedView) translated() string {
	info, _ := v.Anomaly.Info()
	return info.PageEnglish
}

func (v RefusedView) serviceOr(p ui.Page) string {
	if v.Service == "" {
		return p.T("refused.a-service")
	}
	return v.Service
}

// checkTone is the icon of a line of the list of checks.
func checkTone(t ui.Tone) string {
	if t == ui.Plain {
		return "dash"
	}
	return string(t)
}

// plainText is the refusal as text, to be pasted into a message: what, where, found, wanted, remedy.
func (v RefusedView) plainText(p ui.Page) string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, " ") + "\n") }
	line("ErrorCode", v.number()+":", v.heading(p))
	for _, f := range v.Findings {
		line("")
		line(f.Rule, f.Title)
		for _, fact := range [][2]string{{p.T("finding.where"), f.Path}, {p.T("finding.found") + ":", f.Found}, {p.T("finding.wanted") + ":", f.Wanted}, {p.T("finding.remedy"), f.Remedy}} {
			if fact[1] != "" {
				line(" ", fact[0], fact[1])
			}
		}
	}
	line("")
	line(p.T("reference")+":", v.Reference)
	return b.String()
}

// ours reports whether the gestore is at fault, not the request.
func (v RefusedView) ours() bool {
	return v.Anomaly == spid.Unavailable || v.Anomaly == spid.SystemError
}
