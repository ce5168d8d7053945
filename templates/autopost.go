package templates

import (
	"spidsim/spid"
	"spidsim/templates/ui"
)

func (v AutoPostView) house(p ui.Page) ui.House {
	title := p.T(v.titleKey())
	if v.Gestore != nil {
		return v.Gestore.house(title, "done", v.To)
	}
	return v.Portal.house(title, "done")
}

func (v AutoPostView) titleKey() string {
	if v.Param == "SAMLRequest" {
		return "post.request.title"
	}
	return "post.response.title"
}

// sentence tells the person what an anomaly Response says.
func (v AutoPostView) sentence(p ui.Page) string {
	if v.Anomaly == 0 || v.Anomaly == spid.Success {
		return ""
	}
	return personSentence(p, v.Anomaly)
}

// personSentence is the sentence of an anomaly for the person: our wording where there is one (UX-56), else the official
// text, else what it means.
func personSentence(p ui.Page, a spid.Anomaly) string {
	info, ok := a.Info()
	if !ok {
		return p.T("anomaly.unknown", int(a))
	}
	for _, s := range []string{p.Pick(info.ForPerson, info.ForPersonEN), p.Pick(info.Page, info.PageEnglish)} {
		if s != "" {
			return s
		}
	}
	return p.Pick(info.Title, info.English)
}

func (o Portal) house(title, step string) ui.House {
	return ui.House{Kind: ui.HousePortal, Title: title, Step: step, Name: o.Name, Address: o.Address, User: o.User, Console: o.Console,
		Acting: o.Acting, Stop: o.Stop, Leave: o.Leave}
}

// badge are a gestore's initials.
func badge(g Gestore) string {
	if g.Badge != "" {
		return g.Badge
	}
	return ui.Initials(g.Name)
}
