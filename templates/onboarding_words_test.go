package templates

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"spidsim/templates/ui"
)

// The sentences of the rules stand in English too: who leads a course may read them so.
func TestPagesSayWhatTheRulesSayInEnglish(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		sample string
		parts  []string
	}{
		{"ONB-18 one identity for public and private, citizens and companies", "spid-info/2020", []string{"one user name and one password", "public bodies and private ones that join", "Citizens and companies", "computer, tablet or phone"}},
		{"ONB-18 level 2 or 3 in the European Union", "spid-info/2020", []string{"With level 2 or 3", "other countries of the European Union"}},
		{"ONB-22 permissions hang on the codice fiscale", "portal-my/profiles", []string{"tied to the codice fiscale", "the form and a check by the local office"}},
		{"ONB-23 what SPID is for", "spid-info/2020", []string{"Simpler relations", "One key for all bodies", "with the European rules", "a surer recognition"}},
		{"ONB-71 what the notice says", "portal-notice/first", []string{"If you are 18 or older", "one user name and one password", "public services and those of accredited private bodies", "from computer, tablet or phone", "We guide you through the request"}},
		{"ONB-72 what the notice offers", "portal-notice/first", []string{"Ask for your SPID identity", "Show me this notice again next time", "Go on to the services"}},
		{"ONB-75 three steps", "portal-guided/ask", []string{"Choose who will give you SPID", "recognises people in different ways", "Which provider suits me?", "Open the registration on the provider’s site", "securely: you will not have to write them again"}},
		{"ONB-191 the CAF", "portal-help/start", []string{"It opens the guide", "reads along", "does not see your secrets"}},
		{"ONB-192 union helpers", "portal-help/start", []string{"as a CAF does", "print the one-page memo"}},
		{"ONB-211 the agreements of October 2025", "idp-compare/2026", []string{"October 2025, for two years", "up to 36 months", "Data of 2026: check on the official site"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			pageOf(t, row.sample, ui.English).says(t, row.parts...)
		})
	}
}

// The agreements of 2025 are told of their year alone.
func TestONB211NoEarlierYearKnowsTheRenewal(t *testing.T) {
	t.Parallel()
	for year, want := range map[string]bool{"2020": false, "2026": true} {
		text := words(pageOf(t, "idp-compare/"+year, ui.Italian).named("body")[0])
		if got := strings.Contains(text, "ottobre 2025"); got != want {
			t.Errorf("the table of %s tells of October 2025: %t, want %t", year, got, want)
		}
	}
}

// A page tells the number of the postal provider in a card of the year 2020 that sends to the official site, and nowhere else.
func TestONB147TheNumberStandsInTheCardOf2020(t *testing.T) {
	t.Parallel()
	check := map[string]string{ui.Italian: "Dati del 2020: verifica sul sito ufficiale", ui.English: "Data of 2020: check on the official site"}
	cards := map[string]int{}
	for _, s := range Gallery() {
		for lang, note := range check {
			for _, text := range numbersIn(parsePage(t, renderSample(t, s, lang))) {
				if cards[lang]++; !strings.Contains(text, note) {
					t.Errorf("%s/%s in %s: the number stands in %q, which does not say %q", s.Name, s.State, lang, text, note)
				}
			}
		}
	}
	for lang := range check {
		if cards[lang] == 0 {
			t.Errorf("no page in %s tells the number", lang)
		}
	}
}

// numbersIn are the words of the nearest panel around each number, or of what holds it where there is no panel.
func numbersIn(d dom) (found []string) {
	for _, n := range d.named("p", "li", "dd", "a", "td") {
		if !strings.Contains(words(n), "800.00.77.77") {
			continue
		}
		card := n
		for up := n; up != nil; up = up.Parent {
			if up.Type == html.ElementNode && strings.Contains(" "+attr(up, "class")+" ", " panel ") {
				card = up
				break
			}
		}
		found = append(found, words(card))
	}
	return found
}
