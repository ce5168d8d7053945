package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// onStep waits until the page in the browser says at which step of a lesson it is.
func onStep(n, of int) chromedp.Action {
	return chromedp.WaitVisible(fmt.Sprintf(`//*[@data-testid="steps"]//p[starts-with(normalize-space(), "Passo %d di %d")]`, n, of), chromedp.BySearch)
}

// A trainer with the start page and a clicker gives a lesson: Page Down and Page Up move the lesson and not the page's form (UX-105).
func TestLessonWithAClicker(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir(), "--mode", "trainer")
	b := newPerson(t, p)
	b.do(chromedp.Navigate(p.IdP+"/"), chromedp.Click(`a.tile[href$="pin-telefonico"]`, chromedp.ByQuery), click("start"), onStep(1, 7), click("open-step"), at("contact-centre"))
	for n, step := range []string{"mask", "phone-pin", "phone-pin", "contact-centre", "contact-centre", "contact-centre"} {
		b.do(onStep(n+1, 7), chromedp.KeyEvent(kb.PageDown), onStep(n+2, 7), at(step))
	}
	b.do(chromedp.KeyEvent(kb.PageUp), onStep(6, 7))
	if page := b.text(`[data-testid=paper]`); !strings.Contains(page, "Loretta") {
		t.Errorf("the sheet of paper is not beside the page:\n%s", page)
	}
}

// The main lesson crosses from portal to gestore and back: the policy of the pages and the cookies let it.
func TestLessonCrossesTheOrigins(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir(), "--mode", "trainer")
	b := newPerson(t, p)
	b.do(chromedp.Navigate(p.IdP+"/regia/lezioni/dal-pin-a-spid"), click("start"), onStep(1, 9), click("open-step"), at("mask"))
	for n, step := range []string{"notice", "guided", "procedure-code", "counter", "credentials-new", "active", "mask", "mask"} {
		b.do(onStep(n+1, 9), chromedp.KeyEvent(kb.PageDown), onStep(n+2, 9), at(step))
	}
	b.do(chromedp.KeyEvent(kb.PageUp), onStep(8, 9), at("mask"))
}
