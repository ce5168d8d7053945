package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// Who has no SPID comes in with a card; the app takes fewer cards than the portal (ONB-20, TV-20).
func TestCards(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir())
	t.Run("the CIE opens MyINPS at level 3", func(t *testing.T) {
		b := newPerson(t, p)
		b.toMask()
		b.do(click("via-cie"), click("cie"), at("card"), click("card-of-gilda.xerquati"), chromedp.WaitVisible("[data-card=ready]", chromedp.ByQuery),
			write("pin", "12345678"), submit("pin-form"), at("consent"), click("consent-yes"), at("services"))
		b.shows("Gilda", "CIE, livello 3")
	})
	t.Run("the CNS in the drawn reader opens MyINPS", func(t *testing.T) {
		b := newPerson(t, p)
		b.toMask()
		b.do(click("via-cns"), click("cns"), at("cns"), chromedp.Click("form[data-testid=card-form] [name=card]", chromedp.ByQuery), submit("card-form"))
		b.do(chromedp.WaitVisible("#pin", chromedp.ByQuery))
		b.refused("cns", write("pin", "00000000"), submit("pin-form"))
		b.do(write("pin", b.text("[data-testid=test-pin]")), submit("pin-form"), at("services"))
		b.shows("CNS")
	})
	t.Run("the app takes no CNS, but the CIE", func(t *testing.T) {
		b := newPerson(t, p)
		b.do(chromedp.Navigate(p.Portal+"/app"), at("app"), click("skip"), chromedp.WaitNotPresent("[data-testid=tutorial-form]", chromedp.ByQuery))
		b.do(chromedp.Click(`.apptabs a[href$="tab=login"]`, chromedp.ByQuery), chromedp.WaitVisible("[data-testid=app-cns]", chromedp.ByQuery))
		b.refused("app", click("app-cns"))
		b.do(chromedp.WaitReady("[data-reason=RSN-CNS-APP]", chromedp.ByQuery), click("app-cie"), at("mask"), click("cie"), at("card"))
	})
}

// A request given up at one gestore begins anew at another; what was typed is gone (ONB-111, ONB-112).
func TestCancelAndStartElsewhere(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir())
	p.setClock(t, "2020-10-15")
	b := newPerson(t, p)
	b.pinLogin()
	b.do(at("notice"), click("request"), at("guided"))
	b.toForm("poste")
	b.toModes()
	b.do(click("cancel"), at("cancel"), click("continue"), at("modes"), click("cancel"), at("cancel"), click("confirm"), at("enrol-end"))
	b.do(chromedp.WaitVisible("[data-end=RX]", chromedp.ByQuery), click("portal"), at("home"), click("enter"))
	b.do(at("services"), chromedp.WaitVisible("[data-testid=request] [data-result=nr28]", chromedp.ByQuery), click("guided"), at("guided"))
	b.toForm("sielte")
	var street string
	b.do(chromedp.Value("#street", &street, chromedp.ByQuery))
	if street != "" {
		t.Errorf("the other gestore knows the street %q", street)
	}
	if r := p.requestIn(t, "RX"); r.IdP != "poste" {
		t.Errorf("the cancelled request is at %q", r.IdP)
	}
	if r := p.requestIn(t, "R1"); r.IdP != "sielte" {
		t.Errorf("the new request is at %q", r.IdP)
	}
}

// The English switch keeps where one is and what the page shows.
func TestEnglishKeepsTheState(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir())
	p.setClock(t, "2020-10-15")
	b := newPerson(t, p)
	english := func(step string) {
		t.Helper()
		b.do(at(step), click("lang"), chromedp.WaitVisible(`html[lang=en] body[data-step="`+step+`"]`, chromedp.ByQuery))
		b.do(click("lang"), chromedp.WaitVisible(`html[lang=it] body[data-step="`+step+`"]`, chromedp.ByQuery))
	}
	b.toMask()
	b.do(chromedp.Navigate(p.Portal + "/accedi?via=cns"))
	english("mask")
	b.do(chromedp.WaitVisible("[data-testid=cns]", chromedp.ByQuery))
	b.pinLogin()
	english("notice")
	b.do(click("request"))
	english("guided")
	b.refused("guided", submit("guided-form"))
	english("guided") // after a refusal, whose address took a POST
	b.toForm("poste")
	english("enrol-form")
	b.toModes()
	english("modes")
	b.do(click("mode-COUNTER"), submit("modes-form"))
	english("procedure-code")
	b.do(click("to-counter"))
	english("counter")
}
