package templates

import (
	"slices"

	"spidsim/templates/ui"
)

func (d PortalDelegation) tone() ui.Tone {
	switch d.State {
	case "active":
		return ui.OK
	case "verifying", "draft":
		return ui.Warn
	}
	return ui.Plain
}

// state is the state with the words of UX-76.
func (d PortalDelegation) state(p ui.Page) string {
	switch d.State {
	case "active":
		return p.T("dlg.state.active")
	case "draft":
		return p.T("dlg.state.draft")
	case "verifying":
		return p.T("dlg.state.verifying")
	case "revoked":
		return p.T("dlg.state.revoked")
	}
	return p.T("dlg.state.expired")
}

// delegationRoles are who a delegate is to the principal, with the module that registers it (ONB-166…168).
var delegationRoles = []struct{ value, key string }{
	{"fiducia", "dlg.kind.trusted"}, {"genitore", "dlg.kind.parent"}, {"tutore", "dlg.kind.guardian"}, {"curatore", "dlg.kind.curator"},
	{"amministratore", "dlg.kind.administrator"},
}

func (d PortalDelegation) kind(p ui.Page) string {
	for _, r := range delegationRoles {
		if r.value == d.Kind {
			return p.T(r.key)
		}
	}
	return p.T("dlg.kind.trusted")
}

func roleChoices(p ui.Page) []ui.Choice {
	choices := make([]ui.Choice, len(delegationRoles))
	for i, r := range delegationRoles {
		choices[i] = ui.Choice{Value: r.value, Label: p.T(r.key)}
	}
	return choices
}

func (d PortalDelegation) way(p ui.Page) string {
	switch d.Way {
	case "online":
		return p.T("dlg.by.online")
	case "video":
		return p.T("dlg.by.video")
	case "pec":
		return p.T("dlg.by.mail")
	}
	return p.T("dlg.by.office")
}

// module is a form of the institute and the papers that go with it (ONB-166…168).
type module struct {
	id, words string
	papers    []string
}

var modules = []module{
	{"AA08", "counter-dlg.aa08", []string{"principal-copy"}},
	{"AA09", "counter-dlg.aa09", []string{"medical-statement", "principal-document", "delegate-copy"}},
	{"AA10", "counter-dlg.aa10", []string{"proof", "self-certification"}},
	{"PEC", "counter-dlg.pec", []string{"digital-signature", "proof", "self-certification"}},
}

// paperKeys name the papers.
var paperKeys = map[string]string{
	"principal-copy": "paper.principal", "principal-document": "paper.principal.original", "delegate-copy": "paper.delegate", "medical-statement": "paper.medical",
	"proof": "paper.proof", "self-certification": "paper.self", "digital-signature": "paper.signature",
}

// byRepresentative and byMail say who sends the papers and how: certified mail is for representatives alone (ONB-168, ONB-175).
func (m module) byRepresentative() bool { return m.id == "AA10" || m.byMail() }
func (m module) byMail() bool           { return m.id == "PEC" }

func (v DelegationCounterView) module() module {
	for _, m := range modules {
		if m.id == v.Module {
			return m
		}
	}
	return modules[0]
}

func (v DelegationCounterView) ticked(paper string) bool { return slices.Contains(v.Papers, paper) }

func (v DelegationVideoView) here(who string) bool { return slices.Contains(v.Present, who) }
