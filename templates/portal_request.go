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

// modeCost shows a price with its year (ONB-223).
func modeCost(p ui.Page, m PortalMode) string {
	if m.Year == "" {
		return "– " + m.Cost
	}
	return "– " + m.Cost + " (" + m.Year + ")"
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
