package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

func (b *person) toCard() {
	b.t.Helper()
	b.begin(3, "post")
	b.signIn("lucia.verdi", "otp")
	b.do(chromedp.Click(`button[name=fill]`, chromedp.ByQuery), chromedp.WaitVisible(".toast", chromedp.ByQuery), submit("otp-form"), at("card"))
}

// refusedPIN sends a wrong PIN and waits for the page that says so.
func (b *person) refusedPIN() {
	b.t.Helper()
	b.do(chromedp.SetAttributeValue("body", "data-before", "yes", chromedp.ByQuery), write("pin", "00000000"), submit("pin-form"),
		chromedp.WaitNotPresent("body[data-before]", chromedp.ByQuery), at("card"))
}

func TestCard(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir())
	t.Run("an empty reader asks for the card", func(t *testing.T) {
		b := newPerson(t, p)
		b.toCard()
		b.do(chromedp.Click(`button[name=card][value=remove]`, chromedp.ByQuery), chromedp.WaitVisible(`[data-card=empty]`, chromedp.ByQuery),
			chromedp.Click(`button[name=card][value=insert]`, chromedp.ByQuery), chromedp.WaitVisible(`[data-card=ready]`, chromedp.ByQuery),
			write("pin", "12345678"), submit("pin-form"))
		b.consentsAndArrives(3)
	})
	t.Run("three wrong PINs block the card, the PUK opens it", func(t *testing.T) {
		b := newPerson(t, p)
		b.toCard()
		for range 3 {
			b.refusedPIN()
		}
		b.do(chromedp.WaitVisible(`[data-card=blocked]`, chromedp.ByQuery), write("puk", "87654321"), write("new_pin", "12345678"), submit("puk-form"),
			chromedp.WaitVisible(`[data-card=ready]`, chromedp.ByQuery), write("pin", "12345678"), submit("pin-form"))
		b.consentsAndArrives(3)
	})
}

func TestTimeout(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir(), "--login-timeout", "2s")
	b := newPerson(t, p)
	b.begin(1, "post")
	ended := ""
	for deadline := time.Now().Add(20 * time.Second); ended != "timeout" && time.Now().Before(deadline); {
		var found bool
		b.do(chromedp.Reload(), chromedp.WaitVisible("main", chromedp.ByQuery),
			chromedp.AttributeValue("main .sheet", "data-ended", &ended, &found, chromedp.ByQuery))
	}
	b.do(click("submit"), at("error"), chromedp.WaitVisible(`[data-testid=anomaly]`, chromedp.ByQuery))
	if page := b.text("main"); !strings.Contains(page, "nr21") {
		t.Errorf("the portal does not tell nr21:\n%s", page)
	}
}
