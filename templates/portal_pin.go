package templates

import "spidsim/templates/ui"

func (v PortalPINLostView) state() string {
	if v.State == "" {
		return LostAsk
	}
	return v.State
}

func (v PortalPINRequestView) way() string {
	if v.Way == "" {
		return pinWays[0].value
	}
	return v.Way
}

func pinAskerChoices(p ui.Page) []ui.Choice {
	choices := make([]ui.Choice, len(pinAskers))
	for i, a := range pinAskers {
		choices[i] = ui.Choice{Value: a.value, Label: p.T(a.key)}
	}
	return choices
}

// pinKind names the kind of a PIN (ONB-31).
func pinKind(p ui.Page, kind string) string {
	if kind == "dispositivo" {
		return p.T("pin.kind.dispositivo")
	}
	return p.T("pin.kind.ordinario")
}
