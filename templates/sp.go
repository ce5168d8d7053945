package templates

import (
	"net/url"
	"strconv"

	"spidsim/spid"
	"spidsim/templates/ui"
)

func (v SPHomeView) action() string {
	if v.Action == "" {
		return "/spid/login"
	}
	return v.Action
}

func (v SPHomeView) level() spid.Level {
	if v.Level == 0 {
		return spid.L2
	}
	return v.Level
}

func (v SPHomeView) binding() string {
	if v.Binding == "" {
		return "post"
	}
	return v.Binding
}

// comparisons are offered in the order of saml-core; minimum is what most services want.
func (v SPHomeView) comparison() string {
	if v.Comparison == "" {
		return string(spid.Minimum)
	}
	return v.Comparison
}

func comparisons() []ui.Choice {
	list := []spid.Comparison{spid.Minimum, spid.Exact, spid.Better, spid.Maximum}
	choices := make([]ui.Choice, len(list))
	for i, c := range list {
		choices[i] = ui.Choice{Value: string(c), Label: string(c)}
	}
	return choices
}

func setChoices(sets []AttributeSet) []ui.Choice {
	choices := make([]ui.Choice, len(sets))
	for i, s := range sets {
		choices[i] = ui.Choice{Value: s.Index, Label: s.Index + " · " + s.Name + " (" + strconv.Itoa(len(s.Names)) + ")"}
	}
	return choices
}

// direct is the address of one login, for tests and bookmarks.
func (v SPHomeView) direct(slug string, l spid.Level, binding string) string {
	q := url.Values{"idp": {slug}, "level": {strconv.Itoa(int(l))}, "binding": {binding}}
	return v.action() + "?" + q.Encode()
}

var levels = []spid.Level{spid.L1, spid.L2, spid.L3}

// name is the person's, from the attributes that came.
func (v SPUserView) name() string {
	var given, family, company string
	for _, a := range v.Attributes {
		switch a.Name {
		case "name":
			given = a.Value
		case "familyName":
			family = a.Value
		case "companyName":
			company = a.Value
		}
	}
	switch {
	case given != "" && family != "":
		return given + " " + family
	case given+family != "":
		return given + family
	}
	return company
}

func (v SPUserView) title(p ui.Page) string {
	if n := v.name(); n != "" {
		return p.T("user.title", n)
	}
	return p.T("user.title.nobody")
}

// heading is the fact: what the gestore said, or that its answer cannot be believed.
func (v SPErrorView) heading(p ui.Page) string {
	if v.Anomaly == 0 {
		return p.T("sp-error.refused")
	}
	if v.Anomaly >= spid.WrongCredentials {
		return p.T("sp-error.title")
	}
	return p.T("sp-error.request")
}

// sentence tells the person, in plain words, why nobody came in (UX-56).
func (v SPErrorView) sentence(p ui.Page) string {
	switch {
	case v.Anomaly != 0:
		return personSentence(p, v.Anomaly)
	case v.Reason != "":
		return v.Reason
	}
	return p.T("sp-error.refused.words")
}

func (v SPErrorView) back() string {
	if v.BackURL == "" {
		return "/"
	}
	return v.BackURL
}
