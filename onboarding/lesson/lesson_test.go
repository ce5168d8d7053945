package lesson

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// texts are all texts below a value, each with the way to it.
func texts(name string, v reflect.Value) map[string]Text {
	found := map[string]Text{}
	var walk func(name string, v reflect.Value)
	walk = func(name string, v reflect.Value) {
		if t, ok := v.Interface().(Text); ok {
			found[name] = t
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(name+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", name, i), v.Index(i))
			}
		}
	}
	walk(name, v)
	return found
}

func everyText() map[string]Text {
	all := map[string]Text{}
	add := func(m map[string]Text) {
		for k, t := range m {
			all[k] = t
		}
	}
	for _, l := range All() {
		add(texts(l.ID, reflect.ValueOf(*l)))
	}
	add(texts("glossary", reflect.ValueOf(Glossary())))
	add(texts("states", reflect.ValueOf(States())))
	return all
}

// optional are the texts that may be empty.
var optional = regexp.MustCompile(`\.(Safety|Figure|ByHand)$`)

var ends = regexp.MustCompile(`[.:;!?]+[»”]?(?: |$)`)

func sentences(s string) []string {
	var found []string
	for _, part := range ends.Split(s, -1) {
		if strings.TrimSpace(part) != "" {
			found = append(found, part)
		}
	}
	return found
}

func TestTextsAreInBothLanguagesAndShort(t *testing.T) {
	t.Parallel()
	all := everyText()
	if len(all) < 400 {
		t.Errorf("%d texts were found, want at least 400", len(all))
	}
	for name, text := range all {
		if (text.It == "") != (text.En == "") || text.It == "" && !optional.MatchString(name) {
			t.Errorf("%s is empty in one language", name)
		}
		for lang, s := range map[string]string{"it": text.It, "en": text.En} {
			for _, sentence := range sentences(s) {
				if n := len(strings.Fields(sentence)); n >= 20 {
					t.Errorf("%s (%s) has a sentence of %d words, want fewer than 20 (UX-53): %s", name, lang, n, sentence)
				}
			}
			if strings.Contains(s, "'") || strings.Contains(s, "  ") {
				t.Errorf("%s (%s) has a typewriter's apostrophe or two blanks: %s", name, lang, s)
			}
			for _, mark := range regexp.MustCompile(`\{[^}]*\}`).FindAllString(s, -1) {
				if mark != "{name}" && mark != "{other}" {
					t.Errorf("%s (%s) has the mark %s", name, lang, mark)
				}
			}
		}
		for _, mark := range []string{"{name}", "{other}"} {
			if strings.Contains(text.It, mark) != strings.Contains(text.En, mark) {
				t.Errorf("%s names %s in one language only", name, mark)
			}
		}
	}
}

func TestUX101EveryStepTellsWhatHappenedInTwoSentences(t *testing.T) {
	t.Parallel()
	for _, l := range All() {
		for _, s := range l.Steps {
			for _, what := range []string{s.What.It, s.What.En} {
				if n := len(regexp.MustCompile(`[.!?](?: |$)`).FindAllString(what, -1)); n != 2 {
					t.Errorf("%s/%s tells what happened in %d sentences, want 2: %s", l.ID, s.ID, n, what)
				}
			}
			if len(s.Notes) == 0 {
				t.Errorf("%s/%s has no notes for the presenter", l.ID, s.ID)
			}
		}
	}
}

// The Gulpease index of what the room reads is at least 60: easy for who has finished middle school (ux.md section 9, 12).
func TestTheRoomsTextsAreEasyToRead(t *testing.T) {
	t.Parallel()
	for _, l := range All() {
		var room strings.Builder
		for _, s := range l.Steps {
			room.WriteString(s.What.It + " " + s.Safety.It + " ")
		}
		text := strings.NewReplacer("{name}", "Ortensia", "{other}", "Loretta", "’", " ").Replace(room.String())
		letters := len(regexp.MustCompile(`\pL`).FindAllString(text, -1))
		words, stops := len(strings.Fields(text)), len(regexp.MustCompile(`[.!?](?: |$)`).FindAllString(text, -1))
		if got := 89 + (300*stops-10*letters)/words; got < 60 {
			t.Errorf("%s has a Gulpease index of %d, want at least 60", l.ID, got)
		}
	}
}

func TestUX103SafetyLessonsAreWhereTheyHappen(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"dal-pin-a-spid/credentials": "neppure a un familiare", "dal-pin-a-spid/notice": "guarda l’indirizzo", "dal-pin-a-spid/login": "per telefono",
		"dal-pin-a-spid/code": "Non darlo", "delega/own-spid": "la propria identità", "pin-telefonico/call": "riattacca",
	}
	for name, words := range want {
		id, step, _ := strings.Cut(name, "/")
		l := Lookup(id)
		i := slices.IndexFunc(l.Steps, func(s Step) bool { return s.ID == step })
		if i < 0 || !strings.Contains(l.Steps[i].Safety.It, words) {
			t.Errorf("%s does not teach %q", name, words)
		}
	}
}

func TestUX106TheMistakesOfTheCourse(t *testing.T) {
	t.Parallel()
	for id, want := range map[string][]string{
		"dal-pin-a-spid": {"code-expired", "document-expired", "card-missing", "code-wrong", "person-other", "no-consent", "pin-wrong"},
		"delega":         {"delegate-second", "delegate-cap", "delegate-suspended", "revoke-early"},
		"pin-telefonico": {"phone-unknown"},
		"entra-con-spid": {"password-wrong", "identity-suspended", "consent-denied"},
	} {
		for _, mistake := range want {
			if m, n := Lookup(id).Mistake(mistake); m == nil || n == 0 || len(m.Events) == 0 && m.ByHand.It == "" || m.Reason == "" {
				t.Errorf("%s: no mistake %s that can be made", id, mistake)
			}
		}
	}
}

func TestLessonsHoldTogether(t *testing.T) {
	t.Parallel()
	ids := map[string]bool{}
	for _, l := range All() {
		if ids[l.ID] || Lookup(l.ID) == nil {
			t.Errorf("lesson %q is there twice or not found", l.ID)
		}
		ids[l.ID] = true
		steps, mistakes, last := map[string]bool{}, map[string]bool{}, l.Starts
		for n, s := range l.Steps {
			if steps[s.ID] {
				t.Errorf("%s: step %q is there twice", l.ID, s.ID)
			}
			steps[s.ID] = true
			checkStep(t, l.ID, s)
			if at := l.When(n + 1); at < last {
				t.Errorf("%s/%s begins at %s, before the step before it", l.ID, s.ID, at)
			} else {
				last = at
			}
			for _, m := range s.Mistakes {
				if mistakes[m.ID] {
					t.Errorf("%s: mistake %q is there twice", l.ID, m.ID)
				}
				mistakes[m.ID] = true
				checkEvents(t, l.ID+"/"+m.ID, m.Events)
			}
		}
		checkHandout(t, l)
	}
}

func checkStep(t *testing.T, lesson string, s Step) {
	t.Helper()
	for _, id := range s.States {
		if _, ok := StateOf(id); !ok {
			t.Errorf("%s/%s belongs to state %q, which the request does not have", lesson, s.ID, id)
		}
	}
	if !strings.HasPrefix(s.Place.Path, "/") || !slices.Contains([]Origin{Portal, Gestore, Console}, s.Place.Origin) {
		t.Errorf("%s/%s is seen at %v, want a path on an origin", lesson, s.ID, s.Place)
	}
	if s.At != "" {
		if _, err := time.Parse("2006-01-02 15:04", s.At); err != nil {
			t.Errorf("%s/%s: %v", lesson, s.ID, err)
		}
	}
	if len(s.Pages) == 0 {
		t.Errorf("%s/%s has no page", lesson, s.ID)
	}
	checkEvents(t, lesson+"/"+s.ID, s.Setup)
}

func checkEvents(t *testing.T, name string, list []Event) {
	t.Helper()
	for _, e := range list {
		if !Known(e.Name) {
			t.Errorf("%s uses the event %q, which nobody knows", name, e.Name)
		}
	}
}

func checkHandout(t *testing.T, l *Lesson) {
	t.Helper()
	h := l.Handout
	if len(h.Bring) != 4 || len(h.Steps) != 4 || len(h.Safety) != 3 || len(h.Lines) != 2 || len(h.Words) != 3 || h.Year == 0 {
		t.Errorf("%s: the hand-out has %d things to bring, %d steps, %d safety lessons, %d lines, %d words and year %d, want 4, 4, 3, 2, 3 and one",
			l.ID, len(h.Bring), len(h.Steps), len(h.Safety), len(h.Lines), len(h.Words), h.Year)
	}
	if !h.Code && h.Figure.It == "" {
		t.Errorf("%s: nothing stands in the figure of the hand-out", l.ID)
	}
}

func TestONB223PricesAndNumbersSayTheYear(t *testing.T) {
	t.Parallel()
	fact := regexp.MustCompile(`a pagamento|gratuit|costa\?|803 164`)
	for _, l := range All() {
		for _, s := range l.Steps {
			for _, n := range s.Notes {
				if a := n.Answer.It; fact.MatchString(a) && (!strings.Contains(a, "erifica sul sito ufficiale") || strings.Contains(a, "803") && !strings.Contains(a, "2021")) {
					t.Errorf("%s/%s: a fact without year or check on the official site: %s", l.ID, s.ID, a)
				}
			}
		}
	}
}

func TestStatesAreThoseOfTheSpecification(t *testing.T) {
	t.Parallel()
	want := strings.Fields("N0 N1 N2 N3 N4 N5 N6 N7 R0 R1 R2 R3 R4 R5 R6 R7 R8 R9 RX RE RJ RA")
	var got []string
	for _, s := range States() {
		got = append(got, s.ID)
		checkEvents(t, s.ID, s.Way)
	}
	if !slices.Equal(got, want) {
		t.Errorf("states are %v, want %v", got, want)
	}
}

func TestTheThreeReadyLessons(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		id    string
		cast  string
		steps int
		ends  string
	}{
		{"dal-pin-a-spid", "P01", 9, "2021-10-01 09:00"},
		{"delega", "P02 P03", 8, "2021-11-15 10:00"},
		{"pin-telefonico", "P03", 7, "2021-11-26 10:00"},
	} {
		l := Lookup(row.id)
		if l == nil {
			t.Fatalf("no lesson %s", row.id)
		}
		var cast []string
		for _, p := range l.Cast {
			cast = append(cast, p.Persona)
		}
		if got := strings.Join(cast, " "); got != row.cast || len(l.Steps) != row.steps || l.When(len(l.Steps)) != row.ends {
			t.Errorf("%s: cast %s, %d steps, ends %s; want %s, %d, %s", row.id, got, len(l.Steps), l.When(len(l.Steps)), row.cast, row.steps, row.ends)
		}
	}
}

func TestStepOfAPage(t *testing.T) {
	t.Parallel()
	l := Lookup("dal-pin-a-spid")
	for _, row := range []struct {
		name, page    string
		current, want int
	}{
		{"a page of the step that plays", "procedure-code", 4, 4},
		{"a page of another step", "counter", 4, 5},
		{"a page of two steps is of the nearer one", "mask", 9, 9},
		{"the same page at the beginning", "mask", 2, 1},
		{"a page of no step", "accessibility", 3, 3},
	} {
		if got := l.StepOf(row.page, row.current); got != row.want {
			t.Errorf("%s: step %d, want %d", row.name, got, row.want)
		}
	}
}

func TestNamesArePutIn(t *testing.T) {
	t.Parallel()
	text := Text{"{name} e {other}", "{name} and {other}"}
	if got, want := text.With("en", "Ademaro", "Loretta"), "Ademaro and Loretta"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := text.With("it", "Ademaro"), "Ademaro e {other}"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUntil(t *testing.T) {
	t.Parallel()
	l := Lookup("dal-pin-a-spid")
	if got := l.Until(0); len(got) != 0 {
		t.Errorf("nothing has happened before the first step, got %v", got)
	}
	if got := l.Until(99); len(got) != len(l.Steps) {
		t.Errorf("%d rows, want %d", len(got), len(l.Steps))
	}
	if got := l.Until(2); len(got) != 2 || got[1][0].Name != "EV-pin-login" {
		t.Errorf("the way to step 2 is %v", got)
	}
	if l.Step(0) != nil || l.Step(10) != nil || l.Step(9).ID != "end" {
		t.Error("steps are counted from 1 to 9")
	}
}
