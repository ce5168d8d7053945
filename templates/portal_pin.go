package templates

import "spidsim/templates/ui"

func (v PortalPINLostView) state() string {
	if v.State == "" {
		return LostAsk
	}
	return v.State
}

// channelWords says by which way something comes.
func channelWords(p ui.Page, channel string) string {
	switch channel {
	case "sms":
		return p.T("pin.by.sms")
	case "email":
		return p.T("pin.by.email")
	}
	return p.T("pin.by.letter")
}

// documentKinds name the sample documents.
var documentKinds = map[string]string{
	"cie": "portal.doc.cie", "passport": "portal.doc.passport", "licence": "portal.doc.licence", "paper": "portal.doc.paper", "permit": "portal.doc.permit",
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
