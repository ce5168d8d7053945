package portal_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"spidsim/internal/outbox"
	"spidsim/onboarding"
)

// The whole way of the main story up to the hand-off, with the rules on it.
func TestONB70TheWayFromThePINToTheHandOff(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	b.shown(b.get("/"), http.StatusOK, "home")
	b.shown(b.get("/accedi?via=pin"), http.StatusOK, "mask").wants(t, `name="pin"`, "data di fine è da definire")
	b.sent(b.pin(ortensia), "/avviso")
	b.sent(b.get("/myinps"), "/avviso") // the notice stands before the services
	b.shown(b.get("/avviso"), http.StatusOK, "notice")
	b.sent(b.post("/avviso", "go", "request"), "/spid/richiedi")
	b.shown(b.get("/spid/richiedi"), http.StatusOK, "guided")

	refused := b.shown(b.post("/spid/richiedi"), http.StatusUnprocessableEntity, "guided") // ONB-76
	refused.wants(t, "RSN-CONSENT", "ONB-76", `href="#consent"`)
	b.sent(b.post("/spid/richiedi", "consent", "yes"), "/spid/gestori")
	list := b.shown(b.get("/spid/gestori"), http.StatusOK, "idp-list")
	list.wants(t, `value="prova"`, `value="poste"`, "Lepida", "Non partecipa al percorso guidato.", "(2020)")
	if strings.Contains(list.body, `value="lepida"`) {
		t.Error("a gestore that does not take part can be chosen (ONB-78)")
	}
	b.shown(b.post("/spid/gestori", "idp", "lepida"), http.StatusUnprocessableEntity, "idp-list").wants(t, "RSN-IDP")
	b.sent(b.post("/spid/gestori", "idp", "prova"), "/spid/passaggio")
	slip := b.shown(b.get("/spid/passaggio"), http.StatusOK, "handoff")
	slip.wants(t, `data-count="3"`, ortensia, "Quirzoldi", "Ortensia", "Gestore di prova") // ONB-80
	b.sent(b.post("/spid/passaggio", "cancel", "yes"), "/spid/gestori")
	b.sent(b.post("/spid/gestori", "idp", "prova"), "/spid/passaggio")
	form := b.shown(b.post("/spid/passaggio", "go", "yes"), http.StatusOK, "done")
	form.wants(t, `action="http://gestore.example/idp/prova/consegna"`, `name="SAMLResponse"`, `name="RelayState"`)
	if policy := form.header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' http://gestore.example") {
		t.Errorf("policy is %q, want the gestore in form-action (SEC-52)", policy)
	}
}

// ONB-73: what the person says at the notice holds at the next access.
func TestONB73TheNoticeComesBackWhenAsked(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name   string
		remind bool
		next   string
	}{
		{"the box is ticked", true, "/avviso"},
		{"the box is not ticked", false, "/myinps"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, "2020-10-15 10:24")
			b := s.browser()
			b.sent(b.pin(ortensia), "/avviso")
			fields := []string{"go", "services"}
			if row.remind {
				fields = append(fields, "remind", "yes")
			}
			b.sent(b.post("/avviso", fields...), "/myinps")
			b.shown(b.get("/myinps"), http.StatusOK, "services").wants(t, "PIN dispositivo", "Non hai SPID?")
			again := s.browser()
			again.sent(again.pin(ortensia), row.next)
		})
	}
}

// ONB-34, ONB-33: a PIN past its expiry and one of 16 characters lead to pages of their own.
func TestONB34AnExpiredPINIsRenewedOnTheWay(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-10-15 10:24")
	s.clock.Freeze(at(t, "2021-07-15 09:00"))
	b := s.browser()
	page := b.shown(b.pin(ortensia), http.StatusOK, "pin-renew")
	page.wants(t, "6 mesi", "30 settembre 2021", `name="renew"`) // ONB-55
	if strings.Contains(page.body, `name="pin" value=`) || strings.Contains(page.body, "PRVA2345") {
		t.Error("the PIN is on the page")
	}
	b.shown(b.post("/pin/rinnova", "cf", ortensia, "pin", "SBAGLIAT", "renew", "yes"), http.StatusUnprocessableEntity, "pin-renew").wants(t, "RSN-PIN-WRONG")
	b.sent(b.post("/pin/rinnova", "cf", ortensia, "pin", "PRVA2345", "renew", "yes"), "/avviso")
}

func TestONB33TheFirstPINIsReplaced(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-09-30 09:00")
	b := s.browser()
	code := freePerson(t, s)
	page := b.shown(b.post("/pin/richiedi", "cf", code, "way", "online", "by", "self"), http.StatusOK, "pin-request") // TV-01
	page.wants(t, "PIN ordinario", "È arrivata la lettera")
	b.shown(b.post("/pin/richiedi", "cf", code, "letter", "yes"), http.StatusOK, "pin-request").wants(t, "16 caratteri")
	file, err := s.PIN(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	b.shown(b.post("/accedi", "cf", code, "pin", file.Code), http.StatusOK, "pin-new")
	b.shown(b.post("/pin/nuovo", "cf", code, "pin", file.Code, "new_pin", "ABC", "new_pin_again", "ABC"), http.StatusUnprocessableEntity, "pin-new").wants(t, "RSN-PIN-FORM")
	b.shown(b.post("/pin/nuovo", "cf", code, "pin", file.Code, "new_pin", "ABCD2345", "new_pin_again", "ABCD2346"), http.StatusUnprocessableEntity, "pin-new")
	if a := b.post("/pin/nuovo", "cf", code, "pin", file.Code, "new_pin", "ABCD2345", "new_pin_again", "ABCD2345"); a.status != http.StatusSeeOther {
		t.Fatalf("status %d, want 303\n%s", a.status, a.body)
	}
}

// freePerson is an adult test person without a PIN.
func freePerson(t *testing.T, s *site) string {
	t.Helper()
	all, err := s.Citizens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if _, err := s.PIN(t.Context(), string(c.FiscalCode)); err != nil && !c.CannotHaveSPID(s.Today()) && c.Mobile != "" {
			return string(c.FiscalCode)
		}
	}
	t.Fatal("everybody has a PIN")
	return ""
}

// The mask refuses a PIN with the reason of the day (section 5.2).
func TestTV13ThePINIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, when, who, profile, code string
	}{
		{"wrong", "2020-10-15 10:00", ortensia, "", "RSN-PIN-WRONG"},
		{"TV-09 an intermediary from September on", "2021-09-01 10:00", nives, "intermediary", "RSN-PIN-PROFILE"},
		{"TV-13 after the end", "2021-10-01 00:00", ortensia, "", "RSN-PIN-DISMISSED"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := newSite(t, row.when).browser()
			file, err := b.PIN(t.Context(), row.who)
			if err != nil {
				t.Fatal(err)
			}
			pin := file.Code
			if row.code == "RSN-PIN-WRONG" {
				pin = "SBAGLIAT"
			}
			page := b.shown(b.post("/accedi", "cf", row.who, "pin", pin, "profile", row.profile), http.StatusUnprocessableEntity, "mask")
			page.wants(t, row.code, `value="`+row.who+`"`, `href="#pin"`, "Perché?")
			if strings.Contains(page.body, `value="`+pin+`"`) {
				t.Error("the page gives the PIN back")
			}
		})
	}
}

// ONB-13: after the end the PIN is a link for residents abroad.
func TestONB13ThePINBecomesALink(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2021-10-01 08:00").browser()
	page := b.shown(b.get("/accedi"), http.StatusOK, "mask")
	page.wants(t, "Accesso con PIN per residenti all’estero")
	if strings.Contains(page.body, `value="pin"`) {
		t.Error("the PIN is still a tab")
	}
	b.shown(b.get("/accedi?via=pin"), http.StatusOK, "mask").wants(t, `name="pin"`)
	if a := b.pin(helmut); a.status != http.StatusSeeOther { // TV-15
		t.Errorf("status %d, want 303 for a resident abroad\n%s", a.status, a.body)
	}
}

// TV-19: level 1 is refused at the services, and only there.
func TestTV19Level1IsRefusedAtTheServices(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2021-11-02 10:00").browser()
	b.shown(b.get("/servizi/pensione"), http.StatusOK, "service").wants(t, "Serve SPID di livello 2")
	b.spid(loretta, "Loretta Qualzeni", 1)
	b.shown(b.get("/myinps"), http.StatusOK, "services").wants(t, "SPID, livello 1")
	b.shown(b.get("/servizi/pensione"), http.StatusForbidden, "reason").wants(t, "RSN-LEVEL", "ONB-11")
	b.shown(b.get("/myinps/pin-telefonico"), http.StatusForbidden, "reason").wants(t, "RSN-LEVEL")
	b.spid(loretta, "Loretta Qualzeni", 2)
	b.shown(b.get("/servizi/pensione"), http.StatusOK, "service")
	if a := b.get("/servizi/altro"); a.status != http.StatusNotFound {
		t.Errorf("status %d for a service that there is not, want 404", a.status)
	}
}

// TV-20: the app takes SPID and CIE, not the CNS.
func TestTV20TheAppRefusesTheCNS(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2021-11-02 10:00").browser()
	b.shown(b.get("/app"), http.StatusOK, "app").wants(t, "Guida rapida, pagina 1")
	b.sent(b.post("/app", "tutorial", "next", "page", "1"), "/app?guida=2")
	b.sent(b.post("/app", "tutorial", "skip", "page", "2"), "/app")
	b.shown(b.get("/app"), http.StatusOK, "app").wants(t, "Preferiti")
	b.shown(b.post("/app", "via", "cns"), http.StatusUnprocessableEntity, "app").wants(t, "RSN-CNS-APP", "ONB-20")
	b.sent(b.post("/app", "via", "spid"), "/accedi?app=yes&via=spid")
	b.shown(b.get("/accedi?app=yes&via=spid"), http.StatusOK, "mask").wants(t, `value="/entra/app"`)
	b.sent(b.post("/app", "favourite", "pensione"), "/app?tab=login")
	b.spid(loretta, "Loretta Qualzeni", 2)
	b.sent(b.post("/app", "favourite", "pensione"), "/app")
	b.shown(b.get("/app"), http.StatusOK, "app").wants(t, "Togli La mia pensione dai preferiti")
	b.shown(b.post("/app", "report", ""), http.StatusUnprocessableEntity, "app")
	b.sent(b.post("/app", "report", "non si apre"), "/app?tab=report&fatto=segnalato")
}

// ONB-31: an application with an ordinary PIN is kept until the conversion, which needs a good document (ONB-35).
func TestONB31AnOrdinaryPINKeepsTheApplication(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	b.sent(b.pin(ademaro), "/avviso")
	b.sent(b.post("/avviso", "go", "services"), "/myinps")
	b.sent(b.post("/servizi/bonus", "apply", "yes"), "/servizi/bonus?fatto=domanda")
	b.shown(b.get("/servizi/bonus?fatto=domanda"), http.StatusOK, "service").wants(t, "Domanda conservata")
	b.shown(b.get("/pin/dispositivo"), http.StatusOK, "pin-convert").wants(t, "scaduto il")
	b.shown(b.post("/pin/dispositivo", "document", "paper"), http.StatusUnprocessableEntity, "pin-convert").wants(t, "RSN-DOC")
	b.sent(b.post("/pin/dispositivo", "document", "cie"), "/pin/dispositivo")
	b.shown(b.get("/pin/dispositivo"), http.StatusOK, "pin-convert").wants(t, "Ora il PIN è dispositivo")
	b.shown(b.get("/servizi/bonus?fatto=domanda"), http.StatusOK, "service").wants(t, "Domanda inviata")
}

// ONB-36: a lost PIN is sent anew in two halves, or revoked when no contact is remembered (ONB-37).
func TestONB36ALostPIN(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-10-15 10:24")
	b := s.browser()
	b.shown(b.get("/pin/smarrito"), http.StatusOK, "pin-lost")
	b.shown(b.post("/pin/smarrito", "cf", ortensia, "contact", "altro@personas.example"), http.StatusUnprocessableEntity, "pin-lost").wants(t, "RSN-PIN-CONTACT", `name="contact2"`)
	b.sent(b.post("/pin/smarrito", "cf", ortensia, "contact2", "altro@personas.example"), "/pin/smarrito?cf="+ortensia+"&fatto=contatto")
	page := b.shown(b.post("/pin/smarrito", "cf", ortensia, "contact", "altro@personas.example"), http.StatusOK, "pin-lost")
	link := regexp.MustCompile(`href="(/pin/smarrito\?[^"]*token=[^"]*)"`).FindStringSubmatch(page.body)
	if link == nil {
		t.Fatalf("no link on the page\n%s", page.body)
	}
	address := strings.ReplaceAll(link[1], "&amp;", "&")
	b.shown(b.get(address), http.StatusOK, "pin-lost").wants(t, `name="reset"`)
	query, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	token := query.Query().Get("token")
	b.shown(b.post("/pin/smarrito", "cf", ortensia, "token", token, "reset", "yes"), http.StatusOK, "pin-lost").wants(t, `data-state="halves"`)
	b.shown(b.post("/pin/smarrito", "cf", ortensia, "token", token, "reset", "yes"), http.StatusUnprocessableEntity, "pin-lost").wants(t, "RSN-CODE-WRONG")
	b.shown(b.post("/pin/smarrito", "cf", ademaro, "forgot", "yes"), http.StatusOK, "pin-lost").wants(t, `data-state="none"`, "non si può chiedere di nuovo")
	b.shown(b.post("/pin/richiedi", "cf", ademaro, "way", "office"), http.StatusUnprocessableEntity, "pin-request").wants(t, "RSN-PIN-NO-NEW")
}

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

// ONB-10, ONB-12: the CNS is drawn; the browser's certificate comes as a ticket, once.
func TestONB10TheCNS(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2021-11-02 10:00")
	b := s.browser()
	b.shown(b.get("/cns"), http.StatusOK, "cns").wants(t, "Ivo Xandrelli", "Agnese Xortuzzi")
	b.shown(b.post("/cns", "card", "agnese.xortuzzi"), http.StatusUnprocessableEntity, "cns").wants(t, "PUK")
	b.shown(b.post("/cns", "card", "ivo.xandrelli"), http.StatusOK, "cns").wants(t, `name="pin"`, `value="ivo.xandrelli"`)
	b.shown(b.post("/cns", "in", "ivo.xandrelli", "pin", "00000000"), http.StatusUnprocessableEntity, "cns").wants(t, "2 tentativi")
	b.sent(b.post("/cns", "in", "ivo.xandrelli", "pin", "12345678"), "/myinps")
	b.shown(b.get("/myinps"), http.StatusOK, "services").wants(t, "CNS", "PIN TELEFONICO")

	s.cards.tickets = []string{"t1"}
	other := s.browser()
	if a := other.do(http.MethodHead, "/cns/ritorno?ticket=t1", nil); a.status != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: status %d, want 405", a.status)
	}
	other.sent(other.get("/cns/ritorno?ticket=t1"), "/myinps")
	other.shown(other.get("/cns/ritorno?ticket=t1"), http.StatusUnprocessableEntity, "cns")
}

// ONB-83: the gestore's answers come by browser and by server, and MyINPS shows them.
func TestONB83AnswersOfTheGestore(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-10-15 10:24")
	b := s.browser()
	b.sent(b.pin(ortensia), "/avviso")
	b.sent(b.post("/avviso", "go", "request"), "/spid/richiedi")
	b.sent(b.post("/spid/richiedi", "consent", "yes"), "/spid/gestori")
	b.sent(b.post("/spid/gestori", "idp", "prova"), "/spid/passaggio")
	b.shown(b.post("/spid/passaggio", "go", "yes"), http.StatusOK, "done")
	e, err := s.Receive(t.Context(), "prova", url.Values{"SAMLResponse": {"_m1"}}, s.NewSecret())
	if err != nil {
		t.Fatal(err)
	}
	in, err := s.Fill(t.Context(), e, "EV-save", "")
	if err != nil {
		t.Fatal(err)
	}
	if e, err = s.Do(t.Context(), e.ID, "EV-save", in); err != nil {
		t.Fatal(err)
	}
	other := s.browser() // a POST from another site carries no cookie
	page := other.do(http.MethodPost, "/spid/richiedi/esito", url.Values{"Result": {"prova _m1 100"}, "RelayState": {"x"}}, "Sec-Fetch-Site", "cross-site", "Origin", "http://gestore.example")
	other.shown(page, http.StatusOK, "answer").wants(t, "La tua richiesta è partita", "http://gestore.example/idp/prova/richiedi/"+e.ID)
	b.shown(b.get("/myinps"), http.StatusOK, "services").wants(t, "La tua richiesta di SPID", `data-result="nr100"`)
	if _, err := s.Do(t.Context(), e.ID, "EV-cancel", in); err != nil {
		t.Fatal(err)
	}
	if a := other.do(http.MethodPost, "/spid/richiedi/esito-asincrono", url.Values{"Result": {"prova _m1 28"}}); a.status != http.StatusNoContent {
		t.Fatalf("status %d, want 204\n%s", a.status, a.body)
	}
	b.shown(b.get("/myinps"), http.StatusOK, "services").wants(t, "annullato", `data-result="nr28"`)
	b.sent(b.post("/spid/richiedi", "consent", "yes"), "/spid/gestori") // a new request, at once (ONB-111)
	if a := other.do(http.MethodPost, "/spid/richiedi/esito", url.Values{"Result": {"x"}}); a.status != http.StatusBadRequest {
		t.Errorf("status %d for an answer that cannot be read, want 400", a.status)
	}
}

// Leaving ends the visit and the login; looking at pages makes no visit.
func TestLeavingEndsTheVisit(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2021-11-02 10:00")
	b := s.browser()
	for _, path := range []string{"/", "/accedi", "/cns", "/app", "/spid", "/spid/sito", "/spid/confronta?year=2021", "/aiuto", "/pin/smarrito", "/pin/richiedi", "/pin/nuovo", "/pin/rinnova"} {
		if a := b.get(path); a.status != http.StatusOK || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: status %d, cookie %q, want 200 and none", path, a.status, a.header.Get("Set-Cookie"))
		}
	}
	b.spid(loretta, "Loretta Qualzeni", 2)
	b.sent(b.post("/esci"), "/?left=yes")
	if s.logins.ended != 1 {
		t.Errorf("the login at the service provider ended %d times, want once", s.logins.ended)
	}
	for _, path := range []string{"/myinps", "/myinps/deleghe", "/myinps/per-conto", "/spid/richiedi", "/avviso", "/spid/gestori", "/spid/passaggio"} {
		b.sent(b.get(path), "/accedi")
	}
	if a := b.get("/esci"); a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != "POST" {
		t.Errorf("GET /esci: status %d, Allow %q", a.status, a.header.Get("Allow"))
	}
}

// An arrival is that of one login; without one, or without a codice fiscale, nobody is inside.
func TestArrivals(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2021-11-02 10:00")
	b := s.browser()
	b.shown(b.get("/entra/arrivo"), http.StatusForbidden, "reason").wants(t, "RSN-MEANS")
	b.spid(loretta, "Loretta Qualzeni", 2)
	before, err := s.Enrolments(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	b.spid(loretta, "Loretta Qualzeni", 2)
	after, err := s.Enrolments(t.Context(), 0)
	if err != nil || len(after) != len(before) {
		t.Errorf("%d requests after the same arrival, %d before, %v", len(after), len(before), err)
	}
	b.sent(b.get("/entra/app"), "/app")
	b.shown(b.get("/app"), http.StatusOK, "app")
}

// UX-81: pages have twins, denials are problems with code, rule and field.
func TestUX81TwinsForMachines(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-10-15 10:24")
	b := s.browser()
	wanted := []string{"Accept", "application/json"}
	read := func(a answer, v any) {
		t.Helper()
		if err := json.Unmarshal([]byte(a.body), v); err != nil {
			t.Fatalf("%v\n%s", err, a.body)
		}
	}
	var mask struct{ PIN, Phase string }
	read(b.get("/accedi", wanted...), &mask)
	if mask.PIN != "tab" || mask.Phase != "no-end" {
		t.Errorf("the mask is %+v", mask)
	}
	var problem struct{ Code, Rule, Field string }
	a := b.do(http.MethodPost, "/accedi", url.Values{"cf": {ortensia}, "pin": {"SBAGLIAT"}}, wanted...)
	if read(a, &problem); a.status != http.StatusUnprocessableEntity || problem.Code != "RSN-PIN-WRONG" || problem.Rule != "ONB-30" || problem.Field != "pin" {
		t.Errorf("status %d, problem %+v", a.status, problem)
	}
	var next struct{ Next, State, Name string }
	read(b.do(http.MethodPost, "/accedi", url.Values{"cf": {ortensia}, "pin": {"PRVA2345"}}, wanted...), &next)
	if next.Next != "/avviso" || next.State != "N3" || next.Name != "NOTICE" {
		t.Errorf("after the login: %+v", next)
	}
	for _, path := range []string{"/", "/spid", "/spid/confronta", "/app", "/cns", "/aiuto", "/myinps/deleghe", "/avviso", "/spid/richiedi", "/contact-center", "/sportello/deleghe"} {
		if a := b.get(path, wanted...); a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") || !json.Valid([]byte(a.body)) {
			t.Errorf("%s: status %d, %s\n%s", path, a.status, a.header.Get("Content-Type"), a.body)
		}
	}
	a = b.do(http.MethodPost, "/spid/gestori", url.Values{"idp": {"prova"}}, wanted...)
	if read(a, &problem); a.status != http.StatusConflict || problem.Code != "RSN-STEP" {
		t.Errorf("a step that is not possible: status %d, %+v", a.status, problem)
	}
	b.sent(b.post("/spid/gestori", "idp", "prova"), "/avviso") // a person is led to where the request stands
}

// ONB-193: a note stays on this computer.
func TestONB193ANoteIsKept(t *testing.T) {
	t.Parallel()
	b := newSite(t, time.Now().UTC().Format("2006-01-02 15:04")).browser()
	b.shown(b.post("/aiuto", "note", ""), http.StatusUnprocessableEntity, "help")
	b.sent(b.post("/aiuto", "note", "Come cambio la password?"), "/aiuto?fatto=nota")
	b.shown(b.get("/aiuto?fatto=nota"), http.StatusOK, "help").wants(t, "Come cambio la password?", "Non è stata inviata a nessuno.")
}

// The search finds local services by their words (OSC-01).
func TestONB14TheSearchFindsServices(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	b.shown(b.get("/?q=Pensione"), http.StatusOK, "home").wants(t, `href="/servizi/pensione"`, "Risultati per «Pensione»")
	b.shown(b.get("/?q=patente"), http.StatusOK, "home").wants(t, "Nessun servizio ha questa parola")
}
