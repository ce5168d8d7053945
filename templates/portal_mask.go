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
	case v.Via == "", v.Via == "phone", v.Via == "pin" && v.PIN != PINTab:
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

// pinStatuses say what is special about a PIN.
var pinStatuses = map[string]string{
	"HALF_DELIVERED": "pin.status.half", "ISSUED16": "pin.status.first", "EXPIRED": "pin.status.expired", "REVOKED": "pin.status.revoked", "DISMISSED": "pin.status.dismissed",
}

// words say which PIN the person has.
func (v PortalPersona) words(p ui.Page) string { return pinWords(p, v.Kind, v.Status) }

// pinWords name a PIN, with what is special about it.
func pinWords(p ui.Page, kind, status string) string {
	words := pinKind(p, kind)
	if key, ok := pinStatuses[status]; ok {
		words += ", " + p.T(key)
	}
	return words
}

func pinTone(status string) ui.Tone {
	if status == "ACTIVE8" {
		return ui.OK
	}
	return ui.Warn
}

// profileNames are in which capacity somebody comes (ONB-56).
var profileNames = map[string]string{
	"citizen": "profile.citizen", "company": "profile.company", "intermediary": "profile.intermediary", "association": "profile.association",
	"administration": "profile.administration", "professional": "profile.professional", "doctor": "profile.doctor", "lawyer": "profile.lawyer",
}

// ProfileName is the name of a profile, and the profile itself where it has none.
func ProfileName(p ui.Page, profile string) string {
	if key, ok := profileNames[profile]; ok {
		return p.T(key)
	}
	return profile
}

// cardReasons say why a CNS lets nobody in.
var cardReasons = map[string]string{
	"none": "trouble.card-missing", "expired": "card.expired.title", "revoked": "card.revoked.title", "blocked": "cns.blocked.words", "dead": "card.dead.words",
	"ticket": "cns.ticket",
}

// CardWords says what is wrong with a card, "" when nothing is.
func CardWords(p ui.Page, state string) string {
	if state == "" {
		return ""
	}
	return CardSentence(p.L(), state, 0)
}

// CardSentence is why a card lets nobody in. left are the tries of its PIN.
func CardSentence(lang, reason string, left int) string {
	if reason == "wrong-pin" {
		p := ui.Page{Lang: lang}
		return p.T("trouble.pin-wrong") + " " + p.N(left, "attempts.one", "attempts.many")
	}
	if key, ok := cardReasons[reason]; ok {
		return ui.T(lang, key)
	}
	return ui.T(lang, "cns.ticket")
}
