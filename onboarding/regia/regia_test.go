package regia

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"spidsim/internal/clock"
	"spidsim/onboarding"
	"spidsim/onboarding/lesson"
	"spidsim/templates/ui"
)

// check holds that the story stands at a step of a lesson.
func (s *stage) check(l *lesson.Lesson, n int) {
	s.t.Helper()
	p := s.running()
	got, err := p.step()
	if err != nil || p.lesson.ID != l.ID || got != n {
		s.t.Fatalf("lesson %s at step %d (%v), want %s at %d", p.lesson.ID, got, err, l.ID, n)
	}
	if states := l.Step(n).States; len(states) > 0 && !slices.Contains(states, string(s.state())) {
		s.t.Errorf("%s/%s: the request is at %s, want one of %v", l.ID, l.Step(n).ID, s.state(), states)
	}
	if got, want := clock.DayOf(s.keeper.Now()).String(), l.When(n)[:10]; got != want {
		s.t.Errorf("%s/%s: it is %s, want %s", l.ID, l.Step(n).ID, got, want)
	}
}

func TestUX100EachLessonIsGivenFromTheStartPageToItsEnd(t *testing.T) {
	t.Parallel()
	for _, l := range lesson.All() {
		t.Run(l.ID, func(t *testing.T) {
			t.Parallel()
			s := openStage(t)
			start := s.get("/")
			tile := find(start.root, func(n *html.Node) bool { return n.Data == "a" && attr(n, "href") == ui.PathLessons+l.ID })
			if tile == nil {
				t.Fatal("the start page has no tile for the lesson")
			}
			on := s.press(s.get(attr(tile, "href")), testid("start"))
			for n := 1; ; n++ {
				s.check(l, n)
				if got, want := words(on.root, element("h1")), l.Step(n).Name.With("it", s.running().names()...); got != want {
					t.Errorf("step %d is called %q, want %q", n, got, want)
				}
				if got, want := words(on.root, testid("what")), l.Step(n).What.With("it", s.running().names()...); !strings.Contains(got, want) {
					t.Errorf("step %d tells %q, want %q (UX-101)", n, got, want)
				}
				s.opens(l, n, s.press(on, testid("open-step")))
				if n == len(l.Steps) {
					break
				}
				on = s.press(s.get(ui.PathRegia), testid("lesson-next"))
			}
			if find(on.root, testid("lesson-next")) != nil {
				t.Error("the last step has a next one")
			}
		})
	}
}

// opens holds that the page of a step is the right one, and that the browser is let in there.
func (s *stage) opens(l *lesson.Lesson, n int, on *page) {
	s.t.Helper()
	place, err := s.running().place()
	if err != nil {
		s.t.Fatal(err)
	}
	want := consoleURL + place.Path
	if place.Origin == lesson.Portal {
		want = portalURL + place.Path
	}
	if on.status != http.StatusOK || on.url.String() != want || strings.Contains(want, "{") {
		s.t.Errorf("%s/%s opens %s (%d), want %s", l.ID, l.Step(n).ID, on.url, on.status, want)
	}
	p := s.running()
	if words(on.root, element("h1")) != "a face" && place.Origin != lesson.Console {
		s.fits(l, n, on)
	}
	if p.run.Visit != "" && place.Origin == lesson.Portal {
		secret := s.cookie(portalURL+"/", cookiePortal)
		if v, err := s.office.Visit(s.t.Context(), secret); err != nil || v.ID != p.run.Visit {
			s.t.Errorf("%s/%s: the browser has not got the visit of the story (%v)", l.ID, l.Step(n).ID, err)
		}
	}
	if e, _ := p.enrolment(); e != nil && strings.HasSuffix(place.Path, e.ID) && !e.BelongsTo(s.cookie(want, cookieEnrol)) {
		s.t.Errorf("%s/%s: the browser has not got the request of the story", l.ID, l.Step(n).ID)
	}
}

// fits holds that a page of portal or gestore belongs to the step, and shows its place in the lesson and the lesson's buttons (UX-100).
func (s *stage) fits(l *lesson.Lesson, n int, on *page) {
	s.t.Helper()
	step := attr(find(on.root, element("body")), "data-step")
	if !slices.Contains(l.Step(n).Pages, step) {
		s.t.Errorf("%s/%s shows the page %q, want one of %v", l.ID, l.Step(n).ID, step, l.Step(n).Pages)
	}
	if got, want := words(on.root, testid("steps")), ui.T("it", "scene.step", n, len(l.Steps), l.Step(n).Short.With("it", s.running().names()...)); !strings.HasPrefix(got, want) {
		s.t.Errorf("%s/%s: the page says %q, want %q", l.ID, l.Step(n).ID, got, want)
	}
	if find(on.root, testid("moves")) == nil || (n < len(l.Steps)) != (find(on.root, testid("lesson-next")) != nil) {
		s.t.Errorf("%s/%s: the page lacks the lesson's buttons", l.ID, l.Step(n).ID)
	}
	for _, origin := range []string{consoleURL, portalURL} { // browsers hold the rule for forms against their redirects too
		if !strings.Contains(on.policy, origin) {
			s.t.Errorf("%s/%s: the policy does not let the lesson's buttons lead to %s: %s", l.ID, l.Step(n).ID, origin, on.policy)
		}
	}
}

// The audience's page alone is enough: its own lesson buttons lead from the first step to the last.
func TestUX105ALessonIsGivenFromTheRoomsPage(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"pin-telefonico", "delega"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			s := openStage(t)
			l := lesson.Lookup(id)
			on := s.press(s.post(ui.PathRegia, "lesson", id), testid("open-step"))
			for n := 1; n < len(l.Steps); n++ {
				if find(on.root, testid("lesson-next")) == nil { // a sheet of paper has no buttons: back at the desk there are
					on = s.get(ui.PathRegia)
				}
				on = s.press(on, testid("lesson-next"))
				s.check(l, n+1)
				if on.url.Path == ui.PathRegia {
					on = s.press(on, testid("open-step"))
				}
				s.opens(l, n+1, on)
			}
		})
	}
}

func (s *stage) cookie(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range s.client.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func TestOSC36JumpToEveryStep(t *testing.T) {
	t.Parallel()
	for _, l := range lesson.All() {
		t.Run(l.ID, func(t *testing.T) {
			t.Parallel()
			s := openStage(t)
			s.post(ui.PathRegia, "lesson", l.ID)
			for n := len(l.Steps); n > 0; n-- { // backwards, then forwards over one step
				if on := s.press(s.get(ui.PathRegia), button("step", strconv.Itoa(n))); on.status != http.StatusOK {
					t.Fatalf("step %d answers %d: %s", n, on.status, words(on.root, testid("errors")))
				}
				s.check(l, n)
			}
			for n := 2; n <= len(l.Steps); n += 2 {
				s.press(s.get(ui.PathRegia), button("step", strconv.Itoa(n)))
				s.check(l, n)
			}
		})
	}
}

func TestOSC36BackOneStep(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	l := lesson.Lookup("dal-pin-a-spid")
	s.post(ui.PathRegia, "lesson", l.ID)
	s.post(ui.PathRegia, "step", "7")
	for n := 6; n > 0; n-- {
		s.press(s.get(ui.PathRegia), testid("lesson-back"))
		s.check(l, n)
	}
	if on := s.get(ui.PathRegia); find(on.root, testid("lesson-back")) != nil {
		t.Error("the first step has one before it")
	}
}

// The code that the room wrote down at one step is the one that the counter wants at the next.
func TestNextGoesOnWithTheSameStory(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	s.post(ui.PathRegia, "lesson", "dal-pin-a-spid")
	s.post(ui.PathRegia, "step", "4")
	before, _ := s.running().enrolment()
	s.press(s.get(ui.PathRegia), testid("lesson-next"))
	after, _ := s.running().enrolment()
	if after.ID != before.ID || after.Procedure.Code != before.Procedure.Code {
		t.Errorf("request %s with code %s became %s with %s", before.ID, before.Procedure.Code, after.ID, after.Procedure.Code)
	}
}

// Who plays by hand goes on without the Regia; next then comes to the step after the one that the page shows.
func TestNextAfterAStoryPlayedByHand(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	l := lesson.Lookup("dal-pin-a-spid")
	s.post(ui.PathRegia, "lesson", l.ID)
	p := s.running()
	v, err := p.visit()
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.office.Walk(t.Context(), v, onboarding.EvPINLogin, onboarding.Input{FiscalCode: string(s.code("P01")), PIN: "PRVA2345"}); err != nil {
		t.Fatal(err)
	}
	on := s.get(ui.PathRegia)
	if got, want := words(on.root, element("h1")), l.Step(2).Name.It; got != want {
		t.Errorf("the Regia shows %q, want %q", got, want)
	}
	s.press(on, testid("lesson-next"))
	s.check(l, 3)
}

// A login by hand changes the cookie (SEC-49): the story finds its visit again, and the browser stays inside.
func TestTheStoryFollowsALoginByHand(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	s.post(ui.PathRegia, "lesson", "dal-pin-a-spid")
	s.show(s.client.PostForm(consoleURL+pathStage, nil))
	v, err := s.office.Visit(t.Context(), s.cookie(portalURL+"/", cookiePortal))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.office.Walk(t.Context(), v, onboarding.EvPINLogin, onboarding.Input{FiscalCode: string(s.code("P01")), PIN: "PRVA2345"}); err != nil {
		t.Fatal(err)
	}
	secret, _, err := s.office.HandOn(t.Context(), v.ID)
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(portalURL)
	if err != nil {
		t.Fatal(err)
	}
	s.client.Jar.SetCookies(at, []*http.Cookie{{Name: cookiePortal, Value: secret, Path: "/"}})
	s.show(s.client.PostForm(consoleURL+pathStage, nil))
	if v, err := s.office.Visit(t.Context(), s.cookie(portalURL+"/", cookiePortal)); err != nil || v.Means != "pin" {
		t.Errorf("the browser is not inside: %+v %v", v, err)
	}
}

// What was done by hand at the counter is not done again.
func TestNextAfterTheCounterByHand(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	l := lesson.Lookup("dal-pin-a-spid")
	s.post(ui.PathRegia, "lesson", l.ID)
	s.post(ui.PathRegia, "step", "5")
	before, _ := s.running().enrolment()
	if _, err := s.office.Do(t.Context(), before.ID, onboarding.EvCounter, onboarding.Input{Code: before.Procedure.Code}); err != nil {
		t.Fatal(err)
	}
	s.show(s.client.PostForm(consoleURL+pathMove, url.Values{"go": {"next"}, "at": {"5"}}))
	s.check(l, 6)
	if after, _ := s.running().enrolment(); after.ID != before.ID {
		t.Error("the story began again")
	}
}

func TestUX105TheLessonsOwnButtonsOnAFace(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	l := lesson.Lookup("dal-pin-a-spid")
	s.post(ui.PathRegia, "lesson", l.ID)
	on := s.show(s.client.PostForm(portalURL+pathMove, url.Values{"go": {"next"}, "at": {"1"}}))
	s.check(l, 2)
	if got, want := on.url.String(), portalURL+l.Step(2).Place.Path; got != want {
		t.Errorf("next opens %s, want %s", got, want)
	}
	if v, err := s.office.Visit(t.Context(), s.cookie(portalURL+"/", cookiePortal)); err != nil || v.Means != "pin" {
		t.Errorf("the browser is not inside: %+v %v", v, err)
	}
	s.show(s.client.PostForm(portalURL+pathMove, url.Values{"go": {"back"}, "at": {"2"}}))
	s.check(l, 1)
	if on := s.show(s.client.PostForm(portalURL+pathMove, url.Values{"go": {"up"}})); on.status != http.StatusUnprocessableEntity {
		t.Errorf("another word answers %d, want 422", on.status)
	}
}

func TestFromThePortalStraightToTheGestore(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	l := lesson.Lookup("dal-pin-a-spid")
	s.post(ui.PathRegia, "lesson", l.ID)
	s.post(ui.PathRegia, "step", "3")
	on := s.show(s.client.PostForm(portalURL+pathMove, url.Values{"go": {"next"}, "at": {"3"}}))
	s.check(l, 4)
	s.opens(l, 4, on)
	if on := s.show(s.client.PostForm(consoleURL+pathMove, url.Values{"go": {"back"}, "at": {"4"}})); on.url.String() != portalURL+l.Step(3).Place.Path {
		t.Errorf("and back leads to %s, want the portal", on.url)
	}
}

func TestTheDoorTakesATicketOnce(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	s.post(ui.PathRegia, "lesson", "dal-pin-a-spid")
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answer, err := s.client.PostForm(consoleURL+pathStage, nil)
	if err != nil {
		t.Fatal(err)
	}
	door := answer.Header.Get("Location")
	if !strings.HasPrefix(door, portalURL+pathStage+"?") {
		t.Fatalf("the step opens at %q, want the portal's door", door)
	}
	if on := s.get(portalURL + pathStage + "?biglietto=wrong"); on.status != http.StatusNotFound {
		t.Errorf("a wrong ticket answers %d, want 404", on.status)
	}
	for i, want := range []int{http.StatusSeeOther, http.StatusNotFound} {
		if on := s.get(door); on.status != want {
			t.Errorf("use %d of the ticket answers %d, want %d", i+1, on.status, want)
		}
	}
}

func TestARestartKeepsTheLesson(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	l := lesson.Lookup("dal-pin-a-spid")
	s.post(ui.PathRegia, "lesson", l.ID)
	s.post(ui.PathRegia, "step", "4")
	before, _ := s.running().enrolment()
	s.restart()
	s.check(l, 4)
	if got := words(s.get("/").root, testid("go-on")); got == "" {
		t.Error("the start page does not offer to go on")
	}
	s.press(s.get(ui.PathRegia), testid("lesson-next"))
	s.check(l, 5)
	if after, _ := s.running().enrolment(); after.ID != before.ID {
		t.Error("the restart began another story")
	}
}

func TestUX106MistakesAreRefusedByTheRealRules(t *testing.T) {
	t.Parallel()
	for _, l := range lesson.All() {
		for _, step := range l.Steps {
			for _, m := range step.Mistakes {
				t.Run(l.ID+"/"+m.ID, func(t *testing.T) {
					t.Parallel()
					s := openStage(t)
					s.post(ui.PathRegia, "lesson", l.ID)
					on := s.press(s.get(ui.PathRegia), button("mistake", m.ID)) // from the first step: at any step they are at hand
					if on.status != http.StatusOK {
						t.Fatalf("it answers %d: %s", on.status, words(on.root, testid("errors")))
					}
					outcome := words(on.root, testid("outcome"))
					if !strings.Contains(outcome, m.Label.It) || !strings.Contains(outcome, m.Says.It) {
						t.Errorf("the page says %q", outcome)
					}
					if len(m.Events) == 0 {
						if !strings.Contains(outcome, m.ByHand.It) {
							t.Errorf("the page does not say what to do by hand: %q", outcome)
						}
						return
					}
					if got := s.running().run.Outcome.Reason; got != m.Reason {
						t.Errorf("the rules answer %s, want %s", got, m.Reason)
					}
					said := onboarding.LookupReason(onboarding.Code(m.Reason)).Italian
					if said != "" && !strings.Contains(outcome, said) {
						t.Errorf("the room does not read %q in %q (UX-55)", said, outcome)
					}
				})
			}
		}
	}
}

// After a mistake the lesson goes on as if nothing had been.
func TestUX106TheLessonGoesOnAfterAMistake(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	l := lesson.Lookup("dal-pin-a-spid")
	s.post(ui.PathRegia, "lesson", l.ID)
	s.post(pathMistake, "mistake", "code-expired")
	if got := s.state(); got != onboarding.Lapsed {
		t.Fatalf("the request is at %s, want %s", got, onboarding.Lapsed)
	}
	s.press(s.get(ui.PathRegia), testid("lesson-next"))
	s.check(l, 5)
	if on := s.get(ui.PathRegia); find(on.root, testid("outcome")) != nil {
		t.Error("the mistake is still told")
	}
}

func TestOSC36JumpToAnyState(t *testing.T) {
	t.Parallel()
	for _, st := range lesson.States() {
		t.Run(st.ID, func(t *testing.T) {
			t.Parallel()
			s := openStage(t)
			s.post(ui.PathRegia, "lesson", "dal-pin-a-spid")
			if st.ID == "R7" || st.ID == "RJ" { // the way by video begins in 2021 at the post office, and at the neutral gestore always
				s.post(pathClock, "date", "2021-07-02")
			}
			on := s.post(pathState, "state", st.ID)
			if on.status != http.StatusOK {
				t.Fatalf("it answers %d: %s", on.status, words(on.root, testid("errors")))
			}
			want := onboarding.State(st.ID)
			switch st.ID {
			case "N0":
				want = ""
			case "R0": // passed through within the delivery
				want = onboarding.AtForm
			}
			if got := s.state(); got != want {
				t.Errorf("the request is at %q, want %q: %s", got, want, words(on.root, testid("outcome")))
			}
		})
	}
}

func TestONB224Reset(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	l := lesson.Lookup("dal-pin-a-spid")
	s.post(ui.PathRegia, "lesson", l.ID)
	s.post(ui.PathRegia, "step", "7")
	ask := s.get(pathReset)
	if find(ask.root, testid("reset-lesson")) == nil || find(ask.root, testid("reset-course")) == nil {
		t.Fatal("the page does not ask for both (UX-85)")
	}
	s.check(l, 7) // asking loses nothing
	s.press(ask, testid("reset-lesson"))
	s.check(l, 1)
	if ids, err := s.books.Identities(t.Context(), s.code("P01")); err != nil || len(ids) != 0 {
		t.Errorf("the identity of the lesson is still there: %v %v", ids, err)
	}
	s.post(ui.PathRegia, "step", "4")
	done := s.press(s.get(pathReset), testid("reset-course"))
	if got := words(done.root, testid("done")); done.status != http.StatusOK || got == "" {
		t.Errorf("it answers %d %q", done.status, got)
	}
	if p, err := s.open(t.Context()); p != nil || err != nil {
		t.Errorf("a lesson still plays: %v", err)
	}
	if all, err := s.office.Enrolments(t.Context(), 0); err != nil || len(all) != 0 || s.keeper.Moved() {
		t.Errorf("%d requests, clock moved %v (%v), want a fresh course", len(all), s.keeper.Moved(), err)
	}
	if on := s.post(pathReset, "reset", "everything"); on.status != http.StatusUnprocessableEntity {
		t.Errorf("another word answers %d, want 422", on.status)
	}
}

func TestONB02TheClockOfTheRegia(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	s.post(ui.PathRegia, "lesson", "dal-pin-a-spid")
	for _, row := range []struct{ field, value, want string }{
		{"go", "1d", "2020-10-16"}, {"go", "5d", "2020-10-21"}, {"go", "31d", "2020-11-21"},
		{"date", "2021-09-01", "2021-09-01"}, {"go", "real", "2026-11-22"}, {"date", "2021-10-01", "2021-10-01"}, {"date", "today", "2026-11-22"},
	} {
		if on := s.post(pathClock, row.field, row.value); on.status != http.StatusOK {
			t.Errorf("%s=%s answers %d", row.field, row.value, on.status)
		}
		if got := clock.DayOf(s.keeper.Now()).String(); got != row.want {
			t.Errorf("after %s=%s it is %s, want %s", row.field, row.value, got, row.want)
		}
	}
	for _, bad := range []string{"", "domani", "1999-01-01"} {
		on := s.post(pathClock, "date", bad)
		if on.status != http.StatusUnprocessableEntity || words(on.root, testid("errors")) == "" {
			t.Errorf("date %q answers %d %q, want 422 and why (UX-63)", bad, on.status, words(on.root, testid("errors")))
		}
		if other := s.get(attr(find(on.root, testid("lang")), "href")); other.status != http.StatusOK {
			t.Errorf("the language switch of the refused form answers %d (UX-50)", other.status)
		}
	}
}

func TestONB03TheTimelineOfTheRegia(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	for _, want := range []onboarding.Timeline{onboarding.Applied, onboarding.Announced} {
		on := s.press(s.get(ui.PathRegia), button("timeline", string(want)))
		settings, err := s.office.Settings(t.Context())
		if err != nil || settings.Timeline != want || on.status != http.StatusOK {
			t.Errorf("the timeline is %s (%v, %d), want %s", settings.Timeline, err, on.status, want)
		}
	}
	if on := s.post(pathClock, "timeline", "mine"); on.status != http.StatusUnprocessableEntity {
		t.Errorf("another timeline answers %d, want 422", on.status)
	}
}

func TestONB221OnlyInventedPeopleGoOnStage(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	s.post(ui.PathRegia, "lesson", "dal-pin-a-spid")
	known := map[string]bool{}
	for _, p := range s.books.people {
		known[p.ID] = true
	}
	on, offered := s.get(pathCast), 0
	for n := range on.root.Descendants() {
		if n.Data == "button" && attr(n, "name") == "persona" {
			offered++
			if !known[attr(n, "value")] {
				t.Errorf("somebody unknown is offered: %s", attr(n, "value"))
			}
		}
	}
	if offered < 12 {
		t.Errorf("%d people are offered", offered)
	}
	s.press(on, button("persona", "P02"))
	s.check(lesson.Lookup("dal-pin-a-spid"), 1)
	if got := s.running().run.Cast[0]; got != "P02" {
		t.Errorf("%s is on stage, want P02", got)
	}
	s.post(ui.PathRegia, "step", "7")
	s.check(lesson.Lookup("dal-pin-a-spid"), 7)
	if on := s.post(pathCast, "persona", "RSSMRA80A01H501U"); on.status != http.StatusUnprocessableEntity {
		t.Errorf("somebody else answers %d, want 422", on.status)
	}
}

func TestTheDelegateIsNotThePrincipal(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	s.post(ui.PathRegia, "lesson", "delega")
	if on := s.get(pathCast); find(on.root, button("persona", "P03")) != nil {
		t.Error("the delegate is offered as principal")
	}
	if on := s.post(pathCast, "persona", "P03"); on.status != http.StatusUnprocessableEntity {
		t.Errorf("it answers %d, want 422", on.status)
	}
}

func TestUX104TheSheetHasTheCodeOfTheStory(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	if on := s.get(ui.PathHandouts + "dal-pin-a-spid"); find(on.root, testid("code")) != nil || find(on.root, testid("moves")) != nil || on.status != http.StatusOK {
		t.Errorf("without a story there is a code, or a lesson that goes on (%d)", on.status)
	}
	s.post(ui.PathRegia, "lesson", "dal-pin-a-spid")
	s.post(ui.PathRegia, "step", "4")
	e, _ := s.running().enrolment()
	if got, want := words(s.get(ui.PathHandouts+"dal-pin-a-spid").root, testid("code")), ui.Fours(e.Procedure.Code); got != want {
		t.Errorf("the sheet says %q, want %q", got, want)
	}
	if find(s.get(ui.PathHandouts+"dal-pin-a-spid").root, testid("lesson-next")) == nil {
		t.Error("the lesson does not go on from the sheet (UX-105)")
	}
	for _, l := range lesson.All() {
		if on := s.get(ui.PathHandouts + l.ID + "?lang=en"); words(on.root, element("h1")) != l.Handout.Title.En {
			t.Errorf("%s has no sheet in English", l.ID)
		}
	}
	for _, path := range []string{ui.PathHandouts + "none", ui.PathLessons + "none"} {
		if on := s.get(path); on.status != http.StatusNotFound {
			t.Errorf("%s answers %d, want 404", path, on.status)
		}
	}
}

func TestONB222TheGuideTellsTheLessonsInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"it", "en"} {
		plans := Plans(lang)
		if len(plans) != len(lesson.All()) {
			t.Fatalf("%d plans, want %d", len(plans), len(lesson.All()))
		}
		for i, l := range lesson.All() {
			if len(plans[i].Steps) != len(l.Steps) || strings.Contains(plans[i].Steps[len(l.Steps)-1].Do, "{") {
				t.Errorf("the plan of %s in %s is %+v", l.ID, lang, plans[i])
			}
		}
	}
}

func TestOSC36AWindowOfItsOwn(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	s.post(ui.PathRegia, "lesson", "dal-pin-a-spid")
	on := s.get(ui.PathRegia + "?finestra=2")
	if find(on.root, testid("step")) != nil {
		t.Error("the step stands in the presenter's window")
	}
	if on = s.press(on, testid("lesson-next")); on.url.RawQuery != "finestra=2" {
		t.Errorf("next leads to %s, want the same window", on.url)
	}
	s.check(lesson.Lookup("dal-pin-a-spid"), 2)
	if !strings.Contains(on.policy, portalURL) {
		t.Errorf("the policy does not let the form lead to the portal: %s", on.policy)
	}
}

func TestUX81TheRegiaHasAMachineTwin(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, consoleURL+ui.PathRegia, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	answer, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if got := answer.Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("it answers %s", got)
	}
}

func TestPagesWithoutALesson(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	for path, status := range map[string]int{"/": 200, ui.PathRegia: 200, pathCast: 200, pathReset: 200, ui.PathGlossary: 200} {
		if on := s.get(path); on.status != status {
			t.Errorf("%s answers %d, want %d", path, on.status, status)
		}
	}
	for _, row := range [][3]string{{ui.PathRegia, "step", "3"}, {ui.PathRegia, "go", "next"}, {pathMistake, "mistake", "cancel"}, {pathState, "state", "R5"}, {pathStage, "x", "y"}, {pathMove, "go", "next"}} {
		if on := s.post(row[0], row[1], row[2]); on.status != http.StatusOK || on.url.Path != ui.PathRegia {
			t.Errorf("%v leads to %s (%d), want the Regia", row, on.url, on.status)
		}
	}
	if on := s.post(ui.PathRegia, "lesson", "none"); on.status != http.StatusUnprocessableEntity {
		t.Errorf("an unknown lesson answers %d, want 422", on.status)
	}
}
