package templates

import "spidsim/templates/ui"

// maskTab is one of the ways to come in.
type maskTab struct{ via, class, label string }

// tabs are the ways that show as tabs (ONB-12, ONB-13).
func (v PortalMaskView) tabs() []maskTab {
	all := []maskTab{{"pin", "t1", "PIN"}, {"spid", "t2", "SPID"}, {"cie", "t3", "CIE"}, {"cns", "t4", "CNS"}}
	if v.PIN == PINTab {
		return all
	}
	return all[1:]
}

func (v PortalMaskView) via() string {
	switch {
	case v.Via == "", v.Via == "pin" && v.PIN != PINTab:
		return "spid"
	}
	return v.Via
}

func (v PortalMaskView) login() string {
	if v.LoginURL == "" {
		return "/spid/login"
	}
	return v.LoginURL
}

// reader is the drawing for the state.
func (v PortalCardView) reader(p ui.Page) ui.ReaderSpec {
	switch {
	case v.Card == "":
		return ui.ReaderSpec{Lamp: p.T("card.lamp.empty"), Label: p.T("card.drawing.empty")}
	case v.Ready:
		return ui.ReaderSpec{Card: true, Tone: ui.OK, Holder: v.Holder, Number: v.Number, Lamp: p.T("card.lamp.read"), Label: p.T("card.drawing.read", v.Holder)}
	}
	return ui.ReaderSpec{Card: true, Tone: ui.Bad, Holder: v.Holder, Number: v.Number, Lamp: p.T("card.lamp.refused"), Label: p.T("card.drawing.refused", v.Holder)}
}
