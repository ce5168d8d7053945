package e2e

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// lesson is one of the trainer's lessons: the pages to which its steps lead, and where something has arrived or was written down.
type lesson struct {
	id    string
	pages []string
	phone []int // steps with something on the drawn phone
	post  []int // with something in the drawn mailbox
	paper []int // with the person's own sheet of paper
}

var lessons = []lesson{
	{id: "dal-pin-a-spid", pages: []string{"mask", "notice", "guided", "procedure-code", "counter", "credentials-new", "active", "mask", "mask"},
		phone: []int{4}, post: []int{4, 6, 7, 8, 9}},
	{id: "delega", pages: []string{"mask", "handout", "delegation-counter", "delegation-counter", "mask", "act-for", "services", "delegation-counter"},
		post: []int{4, 5, 6, 7, 8}},
	{id: "pin-telefonico", pages: []string{"contact-centre", "mask", "phone-pin", "phone-pin", "contact-centre", "contact-centre", "contact-centre"}, paper: []int{4, 5, 6, 7}},
	{id: "entra-con-spid", pages: []string{"mask", "credentials", "services"}},
}

// A trainer gives each lesson to its end from the start page alone, by the buttons and links of the pages (UX-100…UX-103).
func TestLessonsFromTheStartPage(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir(), "--mode", "trainer")
	for _, l := range lessons {
		t.Run(l.id, func(t *testing.T) {
			b := newPerson(t, p)
			b.beginLesson(l)
			for i, page := range l.pages {
				b.do(onStep(i+1, len(l.pages)), onPage(page))
				if page != "handout" {
					b.do(chromedp.WaitVisible("[data-testid=what]", chromedp.ByQuery))
				}
				b.finds(l.phone, i+1, ".phone .bubble")
				b.finds(l.post, i+1, "[data-testid=mailbox] .letter")
				b.finds(l.paper, i+1, "[data-testid=paper]")
				b.lookAt(fmt.Sprintf("%s-%d", l.id, i+1))
				if i+1 < len(l.pages) {
					b.do(click("lesson-next"))
				}
			}
			b.do(chromedp.WaitNotPresent("[data-testid=lesson-next]", chromedp.ByQuery), click("lesson-back"), onStep(len(l.pages)-1, len(l.pages)))
		})
	}
}

// onPage waits for a step's page; the hand-out is known by its sheet.
func onPage(step string) chromedp.Action {
	if step == "handout" {
		return chromedp.WaitVisible("[data-testid=handout]", chromedp.ByQuery)
	}
	return at(step)
}

// beginLesson opens a lesson from the start page.
func (b *person) beginLesson(l lesson) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.p.IdP+"/"), chromedp.Click(fmt.Sprintf("a.tile[href$=%q]", l.id), chromedp.ByQuery), click("start"), onStep(1, len(l.pages)))
	b.do(click("open-step"), onPage(l.pages[0]))
}

// finds compares whether something is on the page with the steps at which it should be.
func (b *person) finds(steps []int, n int, selector string) {
	b.t.Helper()
	var there bool
	b.do(chromedp.Evaluate(fmt.Sprintf("!!document.querySelector(%q)", selector), &there))
	if want := slices.Contains(steps, n); there != want {
		b.t.Errorf("step %d: %s is there: %t, want %t", n, selector, there, want)
	}
}

// lookAt takes a picture of the page when pictures are wanted.
func (b *person) lookAt(name string) {
	b.t.Helper()
	if err := picture(b.t, b.ctx, name); err != nil {
		b.t.Error(err)
	}
}

// The presenter jumps about, shows each lesson's mistake, prints the hand-out and begins anew (UX-85, UX-104, UX-106).
func TestRegiaOfALesson(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir(), "--mode", "trainer")
	for _, row := range []struct {
		lesson
		jump    int // step to which the presenter jumps
		mistake int // step whose first mistake is shown
	}{
		{lessons[0], 5, 5}, {lessons[1], 6, 3}, {lessons[2], 4, 1},
	} {
		t.Run(row.id, func(t *testing.T) {
			b := newPerson(t, p)
			of := len(row.pages)
			b.beginLesson(row.lesson)
			b.toRegia()
			b.jump(row.jump, of)
			b.do(click("open-step"), onStep(row.jump, of), onPage(row.pages[row.jump-1]))
			b.toRegia()
			b.do(click("lesson-back"), onStep(row.jump-1, of), chromedp.WaitVisible("[data-testid=jump]", chromedp.ByQuery))
			b.jump(row.mistake, of)
			b.do(chromedp.Click(`form[data-testid=mistakes] button`, chromedp.ByQuery), chromedp.WaitVisible("[data-testid=said]", chromedp.ByQuery))
			b.lookAt(row.id + "-mistake")
			b.printsHandout(row.id)
			b.do(chromedp.Click(`.director a[href$="/azzera"]`, chromedp.ByQuery), click("reset-lesson"), chromedp.WaitVisible("[data-testid=done]", chromedp.ByQuery))
			b.do(chromedp.Click("main a.btn", chromedp.ByQuery), onStep(1, of))
		})
	}
}

// toRegia leaves the page of a step by its link to the presenter's desk.
func (b *person) toRegia() {
	b.t.Helper()
	b.do(chromedp.Click(`form[data-testid=moves] a`, chromedp.ByQuery), chromedp.WaitVisible("[data-testid=jump]", chromedp.ByQuery))
}

func (b *person) jump(to, of int) {
	b.t.Helper()
	b.do(chromedp.Click(fmt.Sprintf(`form[data-testid=jump] button[value="%d"]`, to), chromedp.ByQuery), onStep(to, of))
}

// printsHandout follows the link to the sheet, which opens in a window of its own, and comes back by the sheet's link.
func (b *person) printsHandout(id string) {
	b.t.Helper()
	link := fmt.Sprintf(`.director a[href$="/foglio/%s"]`, id)
	b.do(chromedp.RemoveAttribute(link, "target", chromedp.ByQuery), chromedp.Click(link, chromedp.ByQuery), onPage("handout"))
	b.lookAt(id + "-handout")
	b.do(chromedp.Click(`.a4 a[href="/regia"]`, chromedp.ByQuery), chromedp.WaitVisible("[data-testid=jump]", chromedp.ByQuery))
}
