package templates

import (
	"slices"

	"spidsim/templates/ui"
)

// asksPIN and the like say which form the page shows.
func (v CardView) asksPIN() bool { return v.State == CardReady }

func (v CardView) asksPUK() bool { return v.State == CardBlocked || v.State == CardUnblocked }

func (v CardView) offers(button string) bool { return slices.Contains(v.Offers, button) }

// faults are the states that no form can mend: heading and sentence of the note.
var faults = map[CardState]struct{ title, words, stamp string }{
	CardDead:    {"card.dead.title", "card.dead.words", "card.stamp.dead"},
	CardExpired: {"card.expired.title", "card.expired.words", "card.stamp.expired"},
	CardRevoked: {"card.revoked.title", "card.revoked.words", "card.stamp.revoked"},
	CardOther:   {"card.other.title", "card.other.words", ""},
	CardUnknown: {"card.unknown.title", "card.unknown.words", "card.stamp.unknown"},

	CardNotEnabled: {"card.not-enabled.title", "card.not-enabled.words", "card.stamp.not-enabled"},
}

// cieFaults are the words where those of a gestore would be wrong: they speak of a password, or of a gestore.
var cieFaults = map[CardState]string{
	CardRevoked: "cie.revoked.words", CardUnknown: "cie.unknown.words", CardExpired: "cie.expired.words", CardDead: "cie.dead.words",
}

func (v CardView) faultWords(p ui.Page) string {
	if key, ok := cieFaults[v.State]; ok && v.First {
		return p.T(key)
	}
	return p.T(faults[v.State].words)
}

func (v CardView) heading() string {
	if v.First {
		return "cie.title"
	}
	return "card.title"
}

// reader is the drawing for the state.
func (v CardView) reader(p ui.Page) ui.ReaderSpec {
	r := ui.ReaderSpec{Card: v.State != CardEmpty, Holder: v.Holder, Number: ui.Fours(v.CardID)}
	switch {
	case v.State == CardEmpty:
		r.Lamp, r.Label = p.T("card.lamp.empty"), p.T("card.drawing.empty")
	case v.asksPIN():
		r.Tone, r.Lamp, r.Label = ui.OK, p.T("card.lamp.read"), p.T("card.drawing.read", v.Holder)
	case v.asksPUK():
		r.Tone, r.Lamp, r.Label, r.Fault = ui.Bad, p.T("card.lamp.blocked"), p.T("card.drawing.blocked", v.Holder), p.T("card.stamp.blocked")
	default:
		r.Tone, r.Lamp, r.Label = ui.Bad, p.T("card.lamp.refused"), p.T("card.drawing.refused", v.Holder)
		if stamp := faults[v.State].stamp; stamp != "" {
			r.Fault = p.T(stamp)
		}
	}
	return r
}

// pinHint says how many tries are left.
func (v CardView) pinHint(p ui.Page) string {
	return p.T("card.pin.hint") + " " + p.N(v.PINTries, "attempts.one", "attempts.many")
}

func (v CardView) pukHint(p ui.Page) string {
	return p.T("card.puk.hint") + " " + p.N(v.PUKTries, "attempts.one", "attempts.many")
}

// cardButton is a button of the reader.
type cardButton struct{ value, key string }

var cardButtons = []cardButton{
	{"insert", "card.do.insert"}, {"remove", "card.do.remove"}, {"other", "card.do.other"},
	{"expired", "card.do.expired"}, {"revoked", "card.do.revoked"},
}

// cardNotes are short words for the state of a card in lists.
var cardNotes = map[string]string{
	"expired": "card.note.expired", "revoked": "card.note.revoked", "blocked": "card.note.blocked", "dead": "card.note.dead",
	"not-enabled": "card.note.not-enabled",
}

// CardNote says in the language of the page what is wrong with a card in that state, "" when nothing is.
func CardNote(p ui.Page, state string) string {
	if key, ok := cardNotes[state]; ok {
		return p.T(key)
	}
	return ""
}

// buttonKey is the text of a reader's button: at the CIE another card is one of another scheme.
func (v CardView) buttonKey(b cardButton) string {
	if v.First && b.value == "other" {
		return "cie.do.other"
	}
	return b.key
}
