package templates

import (
	"strconv"
	"strings"

	"spidsim/templates/ui"
)

func (v PortalGuidedView) back() string {
	if v.BackURL == "" {
		return ui.PathPortalMine
	}
	return v.BackURL
}

// portalShort is a portal's name without "(simulazione)".
func portalShort(name string) (string, bool) {
	before, _, cut := strings.Cut(name, " (")
	return before, cut
}

// gestoreLevels is "1, 2 e 3".
func gestoreLevels(p ui.Page, levels []int) string {
	words := make([]string, len(levels))
	for i, l := range levels {
		words[i] = strconv.Itoa(l)
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " " + p.T("portal.and") + " " + words[n-1]
	}
	return strings.Join(words, "")
}

func areaWords(p ui.Page, area string) string {
	if area == "EU" {
		return p.T("portal.area.eu")
	}
	return p.T("portal.area.it")
}

// modeNames name the ways to be identified (onboarding.md section 7.3).
var modeNames = map[string]string{
	"COUNTER": "portal.mode.counter", "HOME": "portal.mode.home", "EVENT": "portal.mode.event", "WEBCAM": "portal.mode.webcam",
	"AV_TRANSFER": "portal.mode.transfer", "CIE_READER": "portal.mode.cie", "CNS_READER": "portal.mode.cns", "SIGNATURE": "portal.mode.signature",
	"EDOC_CIE3": "portal.mode.edoc-cie", "EDOC_PASSPORT": "portal.mode.edoc-passport", "SMS_CERTIFIED": "portal.mode.sms",
	"BANCOPOSTA_READER": "portal.mode.bancoposta", "RAO": "portal.mode.rao",
}

// cost shows a price with its year (ONB-223).
func (m PortalMode) cost(p ui.Page) string {
	words := p.T("portal.free")
	switch {
	case m.Cents > 0:
		words = euro(p, m.Cents)
	case m.Symbolic:
		words = p.T("portal.symbolic")
	case m.Paid:
		words = p.T("portal.paid")
	}
	if m.Year == 0 {
		return "– " + words
	}
	return "– " + words + " (" + strconv.Itoa(m.Year) + ")"
}

// words say what an identity costs.
func (f PortalFee) words(p ui.Page) string {
	words := p.T("portal.a-year", euro(p, f.Cents))
	if f.PlusVAT {
		words = p.T("portal.a-year.vat", euro(p, f.Cents))
	}
	switch {
	case f.After == 1:
		words += ", " + p.T("portal.after.one")
	case f.After > 1:
		words += ", " + p.T("portal.after", f.After)
	}
	return words + " (" + strconv.Itoa(f.Year) + ")"
}

// euro is "5,98 €" or "6 €".
func euro(p ui.Page, cents int) string {
	whole := strconv.Itoa(cents / 100)
	if cents%100 != 0 {
		whole += p.Pick(",", ".") + strconv.Itoa(100 + cents%100)[1:]
	}
	return whole + " €"
}

// handoffAnswer is what the page says about a Result of the hand-off's table: here nr25 is a success (ONB-84).
type handoffAnswer struct {
	tone              ui.Tone
	tag, title, words string
}

var handoffAnswers = map[string]handoffAnswer{
	"nr100": {ui.OK, "answer.100.tag", "answer.100", "answer.100.words"},
	"nr25":  {ui.OK, "answer.25.tag", "answer.25", "answer.25.words"},
	"nr27":  {ui.Plain, "answer.27.tag", "answer.27", "answer.27.words"},
	"nr28":  {ui.Warn, "answer.28.tag", "answer.28", "answer.28.words"},
	"nr29":  {ui.Bad, "answer.29.tag", "answer.29", "answer.29.words"},
}

func handoffAnswerOf(result string) handoffAnswer {
	if a, ok := handoffAnswers[result]; ok {
		return a
	}
	return handoffAnswer{ui.Warn, "answer.other.tag", "answer.other", "answer.other.words"}
}
