package portal_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"spidsim/internal/outbox"
	"spidsim/onboarding"
)

// ONB-150…157: the telephone PIN is shown once, replaces the one before, and the clerk learns what it is worth.
func TestONB151TheTelephonePIN(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2021-11-02 10:00")
	b := s.browser()
	b.shown(b.get("/myinps/pin-telefonico"), http.StatusForbidden, "reason").wants(t, "RSN-MEANS")
	b.spid(loretta, "Loretta Qualzeni", 2)
	b.shown(b.get("/myinps/pin-telefonico"), http.StatusOK, "phone-pin").wants(t, "Un giorno", "Tre mesi")
	b.shown(b.post("/myinps/pin-telefonico", "duration", "2d"), http.StatusUnprocessableEntity, "phone-pin").wants(t, "RSN-PHONE-DURATION")
	first := made(t, b.shown(b.post("/myinps/pin-telefonico", "duration", "1w"), http.StatusOK, "phone-pin"))
	page := b.shown(b.get("/myinps/pin-telefonico"), http.StatusOK, "phone-pin")
	if strings.Contains(page.body, first) {
		t.Error("the code is shown again (ONB-153)")
	}
	second := made(t, b.shown(b.post("/myinps/pin-telefonico", "duration", "1d"), http.StatusOK, "phone-pin"))
	rows := []struct{ name, cf, code, want string }{
		{"valid", loretta, strings.ToLower(second), "valid"},
		{"replaced", loretta, first, "replaced"},
		{"another person's", ortensia, second, "unknown"},
	}
	for _, row := range rows {
		a := b.shown(b.post("/contact-center", "cf", row.cf, "code", row.code), http.StatusOK, "contact-centre")
		if !strings.Contains(a.body, `data-outcome="`+row.want+`"`) {
			t.Errorf("%s: no outcome %q\n%s", row.name, row.want, a.body)
		}
	}
	s.clock.Freeze(at(t, "2021-11-03 10:01"))
	b.shown(b.post("/contact-center", "cf", loretta, "code", second), http.StatusOK, "contact-centre").wants(t, `data-outcome="expired"`)
}

func made(t *testing.T, a answer) string {
	t.Helper()
	m := regexp.MustCompile(`<code id="phone-code">([A-Z0-9]{8})</code>`).FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("no code on the page\n%s", a.body)
	}
	a.wants(t, onboarding.Spell(m[1], "it")...)
	return m[1]
}

// ONB-171, ONB-173, ONB-174: a delegation is registered online, used with the delegate's own identity, and not revoked online at once.
func TestONB173ADelegationOnline(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2021-11-02 10:00")
	principal := s.browser()
	principal.shown(principal.get("/myinps/deleghe/nuova"), http.StatusForbidden, "reason")
	principal.spid(freePerson(t, s), "Persona di prova", 2)
	principal.shown(principal.post("/myinps/deleghe/nuova", "cf", "RSSMRA80A01H501U"), http.StatusUnprocessableEntity, "delegation-new").wants(t, "RSN-PERSON", `value="RSSMRA80A01H501U"`, `href="#cf"`)
	principal.shown(principal.post("/myinps/deleghe/nuova", "cf", ivo, "name", "Ivo", "surname", "Xandrelli", "until", "2020-01-01"), http.StatusUnprocessableEntity, "delegation-new").wants(t, "RSN-DLG-END")
	principal.sent(principal.post("/myinps/deleghe/nuova", "cf", ivo, "name", "Ivo", "surname", "Xandrelli"), "/myinps/deleghe?fatto=delega")
	page := principal.shown(principal.get("/myinps/deleghe"), http.StatusOK, "delegations")
	page.wants(t, "Ivo Xandrelli", "attiva", "senza scadenza")
	principal.shown(principal.post("/myinps/deleghe/nuova", "cf", nives), http.StatusUnprocessableEntity, "delegation-new").wants(t, "RSN-DLG-ONE")
	id := regexp.MustCompile(`name="revoke" value="([^"]+)"`).FindStringSubmatch(page.body)
	if id == nil {
		t.Fatal("nothing to revoke")
	}
	principal.shown(principal.post("/myinps/deleghe", "revoke", id[1]), http.StatusOK, "delegations").wants(t, `name="sure"`)
	principal.shown(principal.post("/myinps/deleghe", "revoke", id[1], "sure", "yes"), http.StatusUnprocessableEntity, "delegations").wants(t, "RSN-DLG-30D")

	delegate := s.browser()
	delegate.spid(ivo, "Ivo Xandrelli", 2)
	delegate.shown(delegate.get("/myinps/per-conto"), http.StatusOK, "act-for").wants(t, id[1])
	delegate.sent(delegate.post("/myinps/per-conto", "for", id[1]), "/myinps")
	delegate.shown(delegate.get("/myinps"), http.StatusOK, "services").wants(t, "Stai operando per conto di", `data-testid="stop-acting"`)
	delegate.shown(delegate.get("/servizi/pensione"), http.StatusOK, "service")
	traces, err := s.Traces(t.Context(), ivo, 1)
	if err != nil || len(traces) != 1 || traces[0].Action != "pension" {
		t.Errorf("traces are %+v, %v, want the service (ONB-171)", traces, err)
	}
	delegate.sent(delegate.post("/myinps/per-conto", "for", "self"), "/myinps")
	if strings.Contains(delegate.get("/myinps").body, "Stai operando") {
		t.Error("still acting")
	}
	counter := s.browser() // at the counter it ends (ONB-174)
	counter.sent(counter.post("/sportello/deleghe", "revoke", id[1]), "/sportello/deleghe?module=&fatto=revocata")
	delegate.shown(delegate.post("/myinps/per-conto", "for", id[1]), http.StatusUnprocessableEntity, "act-for").wants(t, "RSN-DLG-NONE")
}

// ONB-167, ONB-168: the clerk needs the papers of the form.
func TestONB167TheCounterNeedsThePapers(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2021-08-20 10:00")
	if _, err := s.SeedExample(t.Context(), "aa09"); err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	b.shown(b.get("/sportello/deleghe?module=AA09"), http.StatusOK, "delegation-counter").wants(t, "medico")
	form := []string{"module", "AA09", "principal", ademaro, "delegate", loretta, "papers", "delegate-copy"}
	b.shown(b.post("/sportello/deleghe", form...), http.StatusUnprocessableEntity, "delegation-counter").wants(t, "RSN-DOC-MISSING", "ONB-166")
	form = append(form, "identified", "yes")
	b.shown(b.post("/sportello/deleghe", form...), http.StatusUnprocessableEntity, "delegation-counter").wants(t, "RSN-DLG-PAPERS", "ONB-167", `value="delegate-copy" checked`)
	form = append(form, "papers", "medical-statement", "papers", "principal-document")
	b.sent(b.post("/sportello/deleghe", form...), "/sportello/deleghe?module=AA09&fatto=delega")
}

// ONB-176: the meeting is booked for a slot, entered with the code of the SMS, and needs both and their consent.
func TestONB176TheVideoMeeting(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2022-08-01 10:00")
	if _, err := s.SeedExample(t.Context(), "aa09"); err != nil {
		t.Fatal(err)
	}
	b := s.browser()
	b.spid(loretta, "Loretta Qualzeni", 2)
	b.shown(b.get("/myinps/deleghe/incontro"), http.StatusOK, "delegation-video").wants(t, "martedì 2 agosto 2022, 09:00")
	b.shown(b.post("/myinps/deleghe/incontro", "cf", ademaro, "slot", "2022-08-03T07:00:00Z"), http.StatusUnprocessableEntity, "delegation-video").wants(t, "RSN-DLG-SLOT")
	b.sent(b.post("/myinps/deleghe/incontro", "cf", ademaro, "slot", "2022-08-02T07:00:00Z"), "/myinps/deleghe/incontro")
	list, err := s.box.List(t.Context(), outbox.Filter{User: "loretta.qualzeni", Channel: outbox.SMS}, 1)
	if err != nil || len(list) != 1 {
		t.Fatalf("SMS: %v, %v", list, err)
	}
	s.clock.Freeze(at(t, "2022-08-02 09:05"))
	b.spid(loretta, "Loretta Qualzeni", 2) // the visit of the day before is over
	room := []string{"otp", list[0].Code, "present", "delegate", "recording", "yes"}
	b.shown(b.post("/myinps/deleghe/incontro", room...), http.StatusUnprocessableEntity, "delegation-video").wants(t, "RSN-PERSON-OTHER")
	b.shown(b.post("/myinps/deleghe/incontro", append(room, "present", "principal")...), http.StatusOK, "delegation-video").wants(t, `data-state="done"`)
}
