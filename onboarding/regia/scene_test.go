package regia

import (
	"strings"
	"testing"

	"spidsim/onboarding/lesson"
	"spidsim/templates/ui"
)

func TestUX102PhoneAndMailboxStandBesideThePage(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	if got := s.Scene(t.Context(), "it", "", "mask"); got != nil {
		t.Fatalf("without a lesson the scene is %+v, want none", got)
	}
	s.post(ui.PathRegia, "lesson", "dal-pin-a-spid")
	s.post(ui.PathRegia, "step", "4")
	e, _ := s.running().enrolment()
	got := s.Scene(t.Context(), "it", s.code("P01"), "procedure-code")
	if got == nil || got.Step != 4 || len(got.Steps) != 9 || got.Person != "Ortensia" || got.Moves == "" || got.Clock == "" {
		t.Fatalf("the scene is %+v", got)
	}
	if len(got.Mailbox) == 0 || got.Mailbox[0].Code != e.Procedure.Code || len(got.Phone) == 0 {
		t.Errorf("the mailbox holds %+v and the phone %+v, want the code of procedure and that of the contacts", got.Mailbox, got.Phone)
	}
	if strings.Contains(got.Phone[0].Text, "SIMULATORE") || strings.Contains(got.Mailbox[0].Text, "SIMULATORE") {
		t.Errorf("what is drawn with the simulator's mark says it again: %+v, %+v", got.Phone, got.Mailbox)
	}
	if other := s.Scene(t.Context(), "it", s.code("P05"), "procedure-code"); other != nil {
		t.Error("somebody who is not on stage has a scene")
	}
}

func TestSceneFollowsThePage(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	l := lesson.Lookup("dal-pin-a-spid")
	s.post(ui.PathRegia, "lesson", l.ID)
	for _, row := range []struct {
		page string
		want int
	}{{"mask", 1}, {"notice", 2}, {"guided", 3}, {"enrol-form", 4}, {"counter", 5}, {"credentials-new", 6}, {"active", 7}, {"consent", 8}, {"help", 1}} {
		got := s.Scene(t.Context(), "en", "", row.page)
		if got.Step != row.want || got.What != l.Step(row.want).What.With("en", "Ortensia") || got.Safety != l.Step(row.want).Safety.En {
			t.Errorf("%s belongs to step %d, want %d", row.page, got.Step, row.want)
		}
	}
}

func TestSceneOfTheDelegate(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	s.post(ui.PathRegia, "lesson", "delega")
	s.post(ui.PathRegia, "step", "4")
	for persona, name := range map[string]string{"P02": "Ademaro", "P03": "Loretta"} {
		got := s.Scene(t.Context(), "it", s.code(persona), "delegations")
		if got == nil || got.Person != name || len(got.Mailbox) == 0 {
			t.Errorf("the scene of %s is %+v, want the letter about the delegation (ONB-169)", name, got)
		}
		if strings.Contains(strings.Join(got.Steps, " "), "{") {
			t.Errorf("the names are not put in: %v", got.Steps)
		}
	}
}

func TestONB169BothGetTheLetterInTheLesson(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	s.post(ui.PathRegia, "lesson", "delega")
	s.post(ui.PathRegia, "step", "7")
	p := s.running()
	v, err := p.visit()
	if err != nil || v.ActingFor != s.code("P02") || v.FiscalCode != s.code("P03") {
		t.Errorf("the visit is %+v (%v), want Loretta acting for Ademaro (ONB-171)", v, err)
	}
}

func TestONB153TheSheetOfPaperHoldsWhatThePortalShowsOnce(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	s.post(ui.PathRegia, "lesson", "pin-telefonico")
	if got := s.Scene(t.Context(), "it", "", "phone-pin"); len(got.Paper) != 0 {
		t.Errorf("before there is a code the paper says %v", got.Paper)
	}
	s.post(ui.PathRegia, "step", "4")
	list, err := s.office.PhonePINs(t.Context(), "P03")
	if err != nil || len(list) != 1 {
		t.Fatalf("%d telephone PINs (%v), want 1", len(list), err)
	}
	on := s.press(s.get(ui.PathRegia), testid("open-step"))
	if got := words(on.root, testid("paper")); !strings.Contains(got, ui.Fours(list[0].Code)) {
		t.Errorf("beside the portal's page the paper says %q, want %s", got, ui.Fours(list[0].Code))
	}
	s.post(ui.PathRegia, "step", "6")
	if got := s.Scene(t.Context(), "it", "", "contact-centre"); len(got.Paper) != 2 || len(got.Paper[0].Spelled) != len(got.Paper[0].Code) {
		t.Errorf("after the second code the paper says %v, want both", got.Paper)
	}
}

func TestTheDeskTellsWhatToType(t *testing.T) {
	t.Parallel()
	s := openStage(t)
	s.post(ui.PathRegia, "lesson", "dal-pin-a-spid")
	if got := words(s.get(ui.PathRegia).root, element("aside")); !strings.Contains(got, "QRZRNS43C59A944W") || !strings.Contains(got, "PRVA2345") {
		t.Errorf("the desk does not tell codice fiscale and PIN: %q", got)
	}
	s.post(ui.PathRegia, "step", "7")
	e, _ := s.running().enrolment()
	if got := words(s.get(ui.PathRegia).root, element("aside")); !strings.Contains(got, e.Account.Username) {
		t.Errorf("the desk does not tell the new user name %s", e.Account.Username)
	}
}
