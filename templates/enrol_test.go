package templates

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"spidsim/templates/ui"
)

// enrolSteps are the values of data-step of the registration's pages, part of the public contract (UX-83).
var enrolSteps = []string{
	"enrol-form", "contacts", "codes", "documents", "modes", "procedure-code", "procedure-memo", "counter", "webcam", "av-transfer", "review", "reader", "edoc", "sms",
	"bancoposta", "rao", "rao-entry", "credentials-new", "active", "cancel", "enrol-end", "courtesy", "wrong-state", "identity", "revoke", "recovery", "minor", "minor-code", "minor-counter", "area", "enrol-start",
}

func TestEnrolFieldNamesAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"enrol-form/arrived":     {"fiscal_code", "family_name", "given_name", "sex", "born", "birth_place", "street", "city", "postal_code", "nationality"},
		"enrol-form/real":        {"invented=yes"},
		"contacts/start":         {"email", "mobile"},
		"codes/sent":             {"email_code", "mobile_code", "fill=latest", "resend=yes"},
		"documents/picked":       {"document", "number", "issued", "expires", "health_card=yes"},
		"modes/start":            {"mode=COUNTER", "mode=HOME", "mode=AV_TRANSFER", "mode=RAO"},
		"procedure-code/counter": {"change_mode=yes"},
		"counter/found":          {"code", "check_face=yes", "check_data=yes", "check_document=yes", "check_card=yes", "outcome=recognised", "outcome=expired", "outcome=other", "outcome=missing"},
		"webcam/consent":         {"step=consent", "consent=yes"},
		"webcam/face":            {"step=face", "face=yes", "fail=yes"},
		"webcam/document":        {"step=document", "document=yes"},
		"webcam/question":        {"step=question", "answer"},
		"av-transfer/code":       {"step=code", "code", "fill=latest"},
		"av-transfer/document":   {"step=document", "document=yes"},
		"av-transfer/transfer":   {"step=transfer", "transfer=yes", "charity=yes"},
		"av-transfer/review":     {"simulate=ok", "simulate=ko"},
		"review/open":            {"request=enr_7c1e0b52", "result=ok", "result=ko", "reason"},
		"review/sampled":         {"second=yes"},
		"reader/cie-empty":       {"card=insert", "card=other"},
		"reader/cie-ready":       {"pin"},
		"edoc/cie":               {"pair=yes"},
		"edoc/paired":            {"document=cie", "document=paper"},
		"sms/sent":               {"code", "fill=latest", "resend=yes"},
		"bancoposta/shown":       {"code", "fill=latest"},
		"rao/form":               {"fiscal_code", "family_name", "given_name", "email", "check_face=yes", "check_card=yes"},
		"rao-entry/start":        {"half1", "half2", "fill=latest"},
		"credentials-new/start":  {"username", "password", "password_repeat", "factor=sms", "factor=totp", "factor=app", "factor=none"},
		"cancel/ask":             {"confirm=yes"},
		"identity/active":        {"action=suspend", "action=abuse", "action=contacts", "email", "mobile"},
		"identity/suspended":     {"action=reactivate"},
		"identity/abuse":         {"action=complaint", "complaint", "action=reactivate"},
		"revoke/ask":             {"confirm=yes"},
		"recovery/codes":         {"step=codes", "email_code", "mobile_code", "password", "password_repeat", "fill=latest"},
		"recovery/confirm":       {"step=confirm", "code", "fill=latest"},
		"recovery/username":      {"step=username", "fiscal_code", "document"},
		"area/password":          {"username", "password"},
		"area/code":              {"code", "fill=latest"},
		"minor-counter/check":    {"request=m1", "accompanied=yes", "parent_code", "outcome=recognised", "outcome=other", "outcome=missing"},
		"minor/form":             {"given_name", "family_name", "fiscal_code", "born", "responsibility=yes", "notifications=yes"},
		"minor/children":         {"allow=yes", "allow=no", "question=q1"},
		"minor-code/start":       {"code"},
	}
	for _, s := range galleryEnrol() {
		got := fields(parsePage(t, renderSample(t, s, ui.Italian)))
		for _, field := range want[s.Name+"/"+s.State] {
			if !got[field] {
				t.Errorf("%s/%s has no field %s", s.Name, s.State, field)
			}
		}
		delete(want, s.Name+"/"+s.State)
	}
	for name := range want {
		t.Errorf("no sample %s", name)
	}
}

func enrolSample(t *testing.T, name, state string) dom {
	t.Helper()
	for _, s := range galleryEnrol() {
		if s.Name == name && s.State == state {
			return parsePage(t, renderSample(t, s, ui.Italian))
		}
	}
	t.Fatalf("no sample %s/%s", name, state)
	return dom{}
}

func (d dom) byTestID(id string) []*html.Node {
	return slices.DeleteFunc(slices.Clone(d.all), func(n *html.Node) bool { return attr(n, "data-testid") != id })
}

func TestONB100LockedFieldsAreReadonlyAndSayWhy(t *testing.T) {
	t.Parallel()
	rows := []struct {
		state  string
		locked bool
	}{{"arrived", true}, {"direct", false}}
	for _, r := range rows {
		d := enrolSample(t, "enrol-form", r.state)
		for _, name := range []string{"fiscal_code", "family_name", "given_name"} {
			field := d.byTestID(name)[0]
			readonly := slices.ContainsFunc(field.Attr, func(a html.Attribute) bool { return a.Key == "readonly" })
			if readonly != r.locked {
				t.Errorf("%s: %s readonly is %v, want %v", r.state, name, readonly, r.locked)
			}
			if described := strings.Contains(attr(field, "aria-describedby"), "locked"); described != r.locked {
				t.Errorf("%s: %s says where it comes from: %v, want %v (UX-66)", r.state, name, described, r.locked)
			}
		}
	}
}

func TestONB112EveryOpenRequestCanBeCancelled(t *testing.T) {
	t.Parallel()
	open := []string{"enrol-form/arrived", "contacts/start", "codes/sent", "documents/picked", "modes/start", "procedure-code/counter", "webcam/consent", "webcam/face", "webcam/document", "webcam/question",
		"av-transfer/code", "av-transfer/document", "av-transfer/transfer", "av-transfer/review", "reader/cie-empty", "reader/cie-ready", "reader/cie-not-enabled", "edoc/cie", "edoc/paired", "sms/sent", "sms/uncertified",
		"bancoposta/shown", "rao-entry/start", "credentials-new/start"}
	for _, name := range open {
		page, state, _ := strings.Cut(name, "/")
		links := enrolSample(t, page, state).byTestID("cancel")
		if len(links) != 1 || words(links[0]) != "Annulla la richiesta" {
			t.Errorf("%s: %d ways to cancel, want one «Annulla la richiesta»", name, len(links))
		}
	}
}

func TestONB130ImpossibleModesAreListedWithTheReason(t *testing.T) {
	t.Parallel()
	d := enrolSample(t, "modes", "start")
	off := d.byTestID("mode-off")
	if len(off) != 5 {
		t.Fatalf("%d ways that are not possible, want 5", len(off))
	}
	for _, n := range off {
		for c := range n.Descendants() {
			if c.Data == "input" || c.Data == "button" {
				t.Errorf("%q can be chosen", words(n))
			}
		}
		if len(strings.Fields(words(n))) < 5 {
			t.Errorf("%q gives no reason", words(n))
		}
	}
	for key := range modeTexts {
		if len(d.byTestID("mode-"+key)) == 0 && !slices.ContainsFunc(off, func(n *html.Node) bool { return strings.Contains(words(n), modeName(ui.Page{}, key)) }) {
			t.Errorf("the way %s is neither offered nor explained", key)
		}
	}
}

func TestONB131ProcedureCodeIsInFoursWithItsLastDay(t *testing.T) {
	t.Parallel()
	d := enrolSample(t, "procedure-code", "counter")
	if got, want := words(d.byTestID("procedure-code")[0]), "K7QD 4MHX 92TR"; got != want {
		t.Errorf("code is %q, want %q", got, want)
	}
	if got, want := words(d.byTestID("last-day")[0]), "sabato 14 novembre 2020"; got != want {
		t.Errorf("last day is %q, want %q", got, want)
	}
}

func TestONB132CounterOutcomesHaveDistinctTexts(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, o := range counterOutcomes {
		for _, key := range []string{o.key, o.hint, o.said} {
			text := ui.T(ui.Italian, key)
			if before := seen[text]; before != "" {
				t.Errorf("%s says the same as %s: %s", o.value, before, text)
			}
			seen[text] = o.value
		}
	}
}

func TestONB85CauseOfACourtesyPageIsForDevelopersAlone(t *testing.T) {
	t.Parallel()
	if n := len(enrolSample(t, "courtesy", "unknown").byTestID("cause")); n != 1 {
		t.Errorf("%d causes in dev mode, want 1", n)
	}
	trainer := enrolSample(t, "courtesy", "unknown-trainer")
	if n := len(trainer.byTestID("cause")); n != 0 || strings.Contains(words(trainer.named("body")[0]), "bad signature") {
		t.Error("trainer mode shows the cause")
	}
}

func TestONB04TrainerSeesTheReasonOnlyOnAsking(t *testing.T) {
	t.Parallel()
	dev, trainer := enrolSample(t, "enrol-form", "minor"), enrolSample(t, "enrol-form", "minor-trainer")
	if got := words(dev.byTestID("reason")[0]); !strings.Contains(got, "RSN-MINOR") || !strings.Contains(got, "ONB-105") {
		t.Errorf("dev mode says %q, want code and rule", got)
	}
	page := words(trainer.named("main")[0])
	if strings.Contains(page, "RSN-MINOR") || strings.Contains(page, "ONB-") {
		t.Error("trainer mode shows code or rule")
	}
	if got := trainer.named("summary"); len(got) != 1 || words(got[0]) != "Perché?" {
		t.Errorf("trainer mode has %d disclosures, want «Perché?»", len(got))
	}
}

func TestEnrolPagesOfALessonHaveStepsPhoneAndWhatHappened(t *testing.T) {
	t.Parallel()
	d := enrolSample(t, "procedure-code", "lesson-trainer")
	if got, want := words(d.byTestID("steps")[0].FirstChild), "Passo 5 di 9: Il codice"; got != want {
		t.Errorf("steps say %q, want %q", got, want)
	}
	for _, id := range []string{"mailbox", "what"} {
		if len(d.byTestID(id)) != 1 {
			t.Errorf("no %s on the page", id)
		}
	}
	if got, want := words(enrolSample(t, "documents", "picked").byTestID("steps")[0].FirstChild), "Passo 3 di 5: Documenti"; got != want {
		t.Errorf("outside a lesson steps say %q, want %q", got, want)
	}
}

func TestUX37NoPageAsksForAFileOrACamera(t *testing.T) {
	t.Parallel()
	for _, s := range galleryEnrol() {
		d := parsePage(t, renderSample(t, s, ui.Italian))
		for _, n := range d.named("input", "video", "audio", "canvas") {
			if n.Data != "input" || attr(n, "type") == "file" || attr(n, "capture") != "" {
				t.Errorf("%s/%s has <%s type=%q>", s.Name, s.State, n.Data, attr(n, "type"))
			}
		}
	}
}
