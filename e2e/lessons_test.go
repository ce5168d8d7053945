package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// lesson is one of the trainer's lessons: the pages to which its steps lead, and where something has arrived or was written down.
type lesson struct {
	tile  string
	pages []string
	phone []int // steps with something on the drawn phone
	post  []int // with something in the drawn mailbox
	paper []int // with the sheet of paper
}

var lessons = []lesson{
	{tile: "dal-pin-a-spid", pages: []string{"mask", "notice", "guided", "procedure-code", "counter", "credentials-new", "active", "mask", "mask"}},
	{tile: "delega", pages: []string{"", "", "", "", "", "", "", ""}},
	{tile: "entra-con-spid", pages: []string{"", "", ""}},
	{tile: "pin-telefonico", pages: []string{"contact-centre", "mask", "phone-pin", "phone-pin", "contact-centre", "contact-centre", "contact-centre"}},
}

// A trainer gives each lesson to its end from the start page alone, by the buttons and links of the pages.
func TestLessonsFromTheStartPage(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir(), "--mode", "trainer")
	for _, l := range lessons {
		t.Run(l.tile, func(t *testing.T) {
			b := newPerson(t, p)
			b.beginLesson(l.tile, len(l.pages))
			for n := range l.pages {
				b.do(onStep(n+1, len(l.pages)))
				var step, phone, post string
				b.do(chromedp.AttributeValue("body", "data-step", &step, nil, chromedp.ByQuery))
				b.do(chromedp.Evaluate(`document.querySelector(".phone .bubble") ? document.querySelector(".phone").innerText : ""`, &phone))
				b.do(chromedp.Evaluate(`document.querySelector("[data-testid=mailbox] .letter") ? document.querySelector("[data-testid=mailbox]").innerText : ""`, &post))
				t.Log(n+1, step, "phone:", phone, "post:", post)
				if n+1 < len(l.pages) {
					b.do(click("lesson-next"))
				}
			}
		})
	}
}

// beginLesson opens a lesson from the start page.
func (b *person) beginLesson(tile string, steps int) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.p.IdP+"/"), chromedp.Click(fmt.Sprintf("a.tile[href$=%q]", tile), chromedp.ByQuery), click("start"), onStep(1, steps))
	b.do(click("open-step"), chromedp.WaitVisible("body[data-step]", chromedp.ByQuery))
}

var _ = strings.Contains
