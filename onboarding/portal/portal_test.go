package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
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
	if strings.Contains(b.get("/myinps").body, `data-testid="guided"`) {
		t.Error("who came with SPID is invited to ask for it")
	}
	b.shown(b.get("/servizi/pensione"), http.StatusOK, "service")
	if a := b.get("/servizi/altro"); a.status != http.StatusNotFound {
		t.Errorf("status %d for a service that there is not, want 404", a.status)
	}
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
	mine := b.shown(b.get("/myinps"), http.StatusOK, "services")
	mine.wants(t, "La tua richiesta di SPID", `data-result="nr100"`)
	if strings.Contains(mine.body, `data-testid="guided"`) {
		t.Error("while a request runs, MyINPS offers another")
	}
	if _, err := s.Do(t.Context(), e.ID, "EV-cancel", in); err != nil {
		t.Fatal(err)
	}
	if a := other.do(http.MethodPost, "/spid/richiedi/esito-asincrono", url.Values{"Result": {"prova _m1 28"}}); a.status != http.StatusNoContent {
		t.Fatalf("status %d, want 204\n%s", a.status, a.body)
	}
	b.shown(b.get("/myinps"), http.StatusOK, "services").wants(t, "annullato", `data-result="nr28"`, `data-testid="guided"`)
	b.sent(b.post("/spid/richiedi", "consent", "yes"), "/spid/gestori") // a new request, at once (ONB-111)
	if a := other.do(http.MethodPost, "/spid/richiedi/esito", url.Values{"Result": {"x"}}); a.status != http.StatusBadRequest {
		t.Errorf("status %d for an answer that cannot be read, want 400", a.status)
	}
}

// ONB-12: who comes with the CIE shows the card, so the mask asks for level 3, at which no password is asked.
func TestONB12CIEIsAskedForTheCard(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:00").browser()
	b.shown(b.get("/accedi?via=cie"), http.StatusOK, "mask").wants(t, `/spid/login?idp=cie&amp;level=3&amp;`)
}
