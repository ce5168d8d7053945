package portal_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

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

	other := s.browser()
	s.cards.tickets = map[string]string{"t1": other.cnsState(), "t2": other.cnsState()}
	if a := other.do(http.MethodHead, "/cns/ritorno?ticket=t1", nil); a.status != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: status %d, want 405", a.status)
	}
	other.sent(other.get("/cns/ritorno?ticket=t1"), "/myinps")
	other.shown(other.get("/cns/ritorno?ticket=t1"), http.StatusUnprocessableEntity, "cns")
	s.browser().shown(s.browser().get("/cns/ritorno?ticket=t2"), http.StatusUnprocessableEntity, "cns") // the ticket of another browser
}

// Leaving ends the visit and the login; looking at pages makes no visit.
func TestLeavingEndsTheVisit(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2021-11-02 10:00")
	b := s.browser()
	for _, path := range []string{"/", "/accedi", "/app", "/spid", "/spid/sito", "/spid/confronta?year=2021", "/aiuto", "/pin/smarrito", "/pin/richiedi", "/pin/nuovo", "/pin/rinnova"} {
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
