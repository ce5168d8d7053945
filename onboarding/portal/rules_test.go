package portal_test

import (
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"spidsim/internal/outbox"
	"spidsim/onboarding"
	"spidsim/onboarding/portal"
	"spidsim/spid"
)

// The way in with SPID: mask, own gestore, portal.
func TestONB15FromTheMaskToTheGestoreAndInside(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2021-11-02 10:00").browser()
	b.shown(b.get("/accedi"), http.StatusOK, "mask").wants(t, "Entra con SPID", `action="/spid/login"`, `name="idp" value="prova"`, `name="level" value="2"`, `name="relay" value="/entra/arrivo"`)
	b.spid(loretta, "Loretta Qualzeni", 2) // user name, password and code are the gestore's
	b.shown(b.get("/myinps"), http.StatusOK, "services").wants(t, "MyINPS di Loretta Qualzeni", "SPID, livello 2")
}

func TestONB19PublicPagesNeedNoLogin(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	b.shown(b.get("/"), http.StatusOK, "home").wants(t, "Chiedere un bonus", "La mia pensione", "Assegni familiari", "Per i tuoi dati serve entrare")
	for _, slug := range []string{"bonus", "pensione", "assegni"} {
		page := b.shown(b.get("/servizi/"+slug), http.StatusOK, "service")
		page.wants(t, "La parte riservata", `href="/accedi"`)
		if strings.Contains(page.body, `name="apply"`) {
			t.Errorf("%s can be asked for by anybody", slug)
		}
	}
	b.sent(b.post("/servizi/bonus", "apply", "yes"), "/accedi")
}

func TestONB20TheAppTakesSPIDAndCIE(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2021-11-02 10:00").browser()
	b.shown(b.get("/app"), http.StatusOK, "app").wants(t, "pagina 1 di 3") // the tutorial of the first start
	b.sent(b.post("/app", "tutorial", "skip", "page", "1"), "/app")
	b.shown(b.get("/app"), http.StatusOK, "app").wants(t, "Cerca un servizio per nome")
	for _, row := range []struct{ via, to string }{{"spid", "/accedi?app=yes&via=spid"}, {"cie", "/accedi?app=yes&via=cie"}} {
		b.sent(b.post("/app", "via", row.via), row.to)
	}
	b.shown(b.post("/app", "via", "cns"), http.StatusUnprocessableEntity, "app").wants(t, "RSN-CNS-APP", "ONB-20")
}

func TestONB21AProblemOfTheAppIsKept(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2021-11-02 10:00")
	b := s.browser()
	b.sent(b.post("/app", "tutorial", "skip", "page", "1"), "/app")
	b.shown(b.post("/app", "report", " "), http.StatusUnprocessableEntity, "app").wants(t, "ONB-21", `href="#report"`)
	b.sent(b.post("/app", "report", "La ricerca <b>non</b> va."), "/app?tab=report&fatto=segnalato")
	b.shown(b.get("/app?tab=report&fatto=segnalato"), http.StatusOK, "app").wants(t, "Segnalazione annotata", "La ricerca &lt;b&gt;non&lt;/b&gt; va.")
	list, err := s.box.List(t.Context(), outbox.Filter{To: "app@personas.example"}, 5)
	if err != nil || len(list) != 1 || !strings.Contains(list[0].Text, outbox.Banner) {
		t.Errorf("kept are %+v, %v, want one report with the banner (ONB-05, ONB-220)", list, err)
	}
}

// Permissions follow the codice fiscale, from the PIN to SPID.
func TestONB22ProfilesSurviveTheMoveToSPID(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-10-15 10:24")
	b := s.browser()
	b.sent(b.pin(nives), "/myinps")
	want := "I tuoi profili: Cittadino, Intermediario"
	b.shown(b.get("/myinps"), http.StatusOK, "services").wants(t, "Sei dentro con:", want, "restano anche con SPID, CIE o CNS", "il modulo e il controllo della sede")
	s.clock.Freeze(at(t, "2021-11-02 10:00"))
	later := s.browser()
	later.spid(nives, "Nives Jolzetti", 2)
	later.shown(later.get("/myinps"), http.StatusOK, "services").wants(t, "SPID, livello 2", want)
	citizen := s.browser()
	citizen.spid(loretta, "Loretta Qualzeni", 2)
	if strings.Contains(citizen.get("/myinps").body, "I tuoi profili") {
		t.Error("who is a citizen only has profiles to read about")
	}
}

// An application filed with an ordinary PIN is kept, shown, and worked after the conversion.
func TestONB31AnApplicationIsKeptUntilTheConversion(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-09-15 10:24").browser()
	b.pin(ademaro)
	b.post("/avviso", "go", "services")
	b.sent(b.post("/servizi/bonus", "apply", "yes"), "/servizi/bonus?fatto=domanda")
	b.shown(b.get("/servizi/bonus?fatto=domanda"), http.StatusOK, "service").wants(t, "Domanda conservata")
	b.shown(b.get("/myinps"), http.StatusOK, "services").wants(t, "Le tue domande", "Chiedere un bonus", "conservata", "15 settembre 2020, 10:24")
	if a := b.post("/servizi/contributi", "apply", "yes"); a.status != http.StatusConflict {
		t.Errorf("status %d for an application to a service that takes none, want 409", a.status)
	}
	b.sent(b.post("/pin/dispositivo", "document", "cie"), "/pin/dispositivo")
	page := b.shown(b.get("/myinps"), http.StatusOK, "services")
	page.wants(t, "in lavorazione")
	if strings.Contains(page.body, "conservata") {
		t.Error("the application is still kept after the conversion")
	}
}

var optionOrder = regexp.MustCompile(`id="idp-([a-z]+)"`)

func orderOf(a answer) string {
	order := ""
	for _, m := range optionOrder.FindAllStringSubmatch(a.body, -1) {
		order += m[1] + " "
	}
	return order
}

func TestONB79TheOrderIsRandomOrStable(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-10-15 10:24")
	b := s.browser()
	b.sent(b.pin(ortensia), "/avviso")
	b.sent(b.post("/avviso", "go", "request"), "/spid/richiedi")
	b.sent(b.post("/spid/richiedi", "consent", "yes"), "/spid/gestori")
	orders := func(path string) map[string]bool {
		seen := map[string]bool{}
		for range 60 { // three gestori have six orders: the odds against one order alone are beyond reach
			seen[orderOf(b.shown(b.get(path), http.StatusOK, "idp-list"))] = true
		}
		return seen
	}
	if got := orders("/spid/gestori"); len(got) < 2 {
		t.Errorf("the order is always %v, want a random one", got)
	}
	if got := orders("/spid/gestori?order=stable"); len(got) != 1 {
		t.Errorf("%d orders for one page that asks for the stable one: %v", len(got), got)
	}
	if _, err := s.Configure(t.Context(), func(s *onboarding.Settings) { s.Order = "stable" }); err != nil {
		t.Fatal(err)
	}
	if got := orders("/spid/gestori"); len(got) != 1 {
		t.Errorf("%d orders with the setting: %v", len(got), got)
	}
}

func (b *browser) cie(code, name string) answer {
	b.logins.who = &portal.Login{Session: "c-" + code, Means: "cie", Level: 3, FiscalCode: spid.FiscalCode(code), Name: name}
	return b.get("/entra/arrivo")
}

// The extra check of an unusual means: off by default; when it is on, the person stays outside until the mailed code is typed.
func TestONB149AnUnusualMeansIsConfirmed(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2023-03-01 10:00")
	b := s.browser()
	b.spid(loretta, "Loretta Qualzeni", 2)
	b.sent(b.cie(loretta, "Loretta Qualzeni"), "/myinps") // off by default
	if _, err := s.Configure(t.Context(), func(s *onboarding.Settings) { s.CheckUsualMeans = true }); err != nil {
		t.Fatal(err)
	}
	other := s.browser()
	other.sent(other.cie(loretta, "Loretta Qualzeni"), "/myinps") // the usual means by now
	third := s.browser()
	third.logins.who = &portal.Login{Session: "s-1", Means: "spid", Gestore: "prova", Level: 2, FiscalCode: loretta, Name: "Loretta Qualzeni"}
	third.sent(third.get("/entra/arrivo"), "/entra/conferma")
	third.sent(third.get("/entra/arrivo"), "/entra/conferma")
	mails, err := s.box.List(t.Context(), outbox.Filter{User: "loretta.qualzeni", Channel: outbox.Email}, 5)
	if err != nil || len(mails) != 1 || mails[0].Code == "" {
		t.Fatalf("mails are %+v, %v, want one with a code, also after the page was loaded again", mails, err)
	}
	third.shown(third.get("/entra/conferma"), http.StatusOK, "unusual").wants(t, "SPID, livello 2", `name="code"`)
	third.sent(third.get("/myinps"), "/accedi")
	third.shown(third.post("/entra/conferma", "code", "x"), http.StatusUnprocessableEntity, "unusual").wants(t, "RSN-CODE-WRONG", "ONB-149", `href="#code"`)
	s.clock.Freeze(at(t, "2023-03-01 10:11")) // the code is over: another one is sent
	third.shown(third.post("/entra/conferma", "code", mails[0].Code), http.StatusUnprocessableEntity, "unusual").wants(t, "RSN-CODE-EXPIRED", `href="/entra/arrivo"`)
	third.sent(third.get("/entra/arrivo"), "/entra/conferma")
	mails, err = s.box.List(t.Context(), outbox.Filter{User: "loretta.qualzeni", Channel: outbox.Email}, 5)
	if err != nil || len(mails) != 2 {
		t.Fatalf("mails are %+v, %v, want a second one", mails, err)
	}
	third.sent(third.post("/entra/conferma", "code", mails[0].Code), "/myinps")
	third.shown(third.get("/myinps"), http.StatusOK, "services").wants(t, "MyINPS di Loretta Qualzeni")
	third.sent(third.get("/entra/conferma"), "/myinps")
}

// A registered delegation is good at the counter, once the delegate is identified.
func TestONB172ADelegationIsGoodAtTheCounter(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2021-11-02 10:00")
	if _, err := s.SeedExample(t.Context(), "cap"); err != nil {
		t.Fatal(err)
	}
	all, err := s.Delegations(t.Context())
	if err != nil || len(all) == 0 {
		t.Fatalf("delegations: %v, %v", all, err)
	}
	d := all[0]
	b := s.browser()
	form := []string{"check", "yes", "check_principal", string(d.Principal), "check_delegate", string(d.Delegate)}
	b.shown(b.post("/sportello/deleghe", form...), http.StatusUnprocessableEntity, "delegation-counter").wants(t, "RSN-DOC-MISSING", "ONB-172", `href="#check_identified"`)
	form = append(form, "check_identified", "yes")
	b.shown(b.post("/sportello/deleghe", form...), http.StatusOK, "delegation-counter").wants(t, `data-testid="checked"`, html.EscapeString(d.DelegateName+" può agire per "+d.PrincipalName))
	traces, err := s.Traces(t.Context(), string(d.Delegate), 1)
	if err != nil || len(traces) != 1 || traces[0].Means != "counter" {
		t.Errorf("traces are %+v, %v, want that of the counter", traces, err)
	}
	form[3], form[5] = form[5], form[3]
	b.shown(b.post("/sportello/deleghe", form...), http.StatusUnprocessableEntity, "delegation-counter").wants(t, "RSN-DLG-NONE", `href="#check_delegate"`)
}

// Representatives send signed documents by certified mail, from 1 October 2021.
func TestONB175SignedDocumentsByCertifiedMail(t *testing.T) {
	t.Parallel()
	const teo, mirta = "WZZTEO18B03G337E", "XLZMRT79D62G535V" // P08, and P09 his mother
	form := []string{"module", "PEC", "principal", teo, "delegate", mirta, "papers", "proof", "role", "genitore"}
	signed := append(append([]string{}, form...), "papers", "digital-signature")
	early := newSite(t, "2021-09-30 10:00").browser()
	early.shown(early.post("/sportello/deleghe", signed...), http.StatusUnprocessableEntity, "delegation-counter").wants(t, "RSN-DLG-DATE", "ONB-175")
	b := newSite(t, "2021-11-02 10:00").browser()
	b.shown(b.get("/sportello/deleghe?module=PEC"), http.StatusOK, "delegation-counter").wants(t, "posta certificata", `value="digital-signature"`)
	b.shown(b.post("/sportello/deleghe", form...), http.StatusUnprocessableEntity, "delegation-counter").wants(t, "RSN-DLG-PAPERS", "ONB-175")
	trusted := append(append([]string{}, signed[:8]...), "role", "fiducia", "papers", "digital-signature")
	b.shown(b.post("/sportello/deleghe", trusted...), http.StatusUnprocessableEntity, "delegation-counter").wants(t, "ONB-175", `href="#role"`)
	b.sent(b.post("/sportello/deleghe", signed...), "/sportello/deleghe?module=PEC&fatto=delega")
}

// The figures of the pages are those of the engine.
func TestONB210ThePageShowsEveryFigureWithItsYear(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2026-11-02 10:00").browser()
	page := b.shown(b.get("/spid"), http.StatusOK, "spid-info")
	page.wants(t, "38.700", "aprile 2016", "6,5 milioni", "15,2 milioni", "23 dicembre 2020", "34,96 milioni", "circa 41 milioni", "570 milioni", "più di un miliardo", "1,2 miliardi", "verifica sul sito ufficiale")
	for _, f := range onboarding.Adoption() {
		if !strings.Contains(page.body, f.When[:4]) {
			t.Errorf("the year of %+v is not on the page (ONB-223)", f)
		}
	}
}

// The table tells of the gestori of each year, whichever of them the program plays.
func TestONB201AndONB205TheTableIsThatOfTheYear(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2026-11-02 10:00").browser()
	rowOf := regexp.MustCompile(`<th scope="row">([^<]+?) *<`)
	for year, want := range map[string]string{
		"2020": "Aruba InfoCert Intesa Lepida Namirial Poste Sielte SpidItalia TIM",
		"2021": "Aruba InfoCert Intesa Lepida Namirial Poste Sielte SpidItalia TIM",
		"2023": "Aruba Etna Hitech InfoCamere InfoCert Lepida Namirial Poste Sielte SpidItalia TIM TeamSystem",
		"2026": "Aruba Etna Hitech InfoCamere InfoCert Intesi Group Lepida Namirial Poste Sielte SpidItalia TIM TeamSystem",
	} {
		page := b.shown(b.get("/spid/confronta?year="+year), http.StatusOK, "idp-compare")
		var names []string
		for _, m := range rowOf.FindAllStringSubmatch(page.body, -1) {
			names = append(names, m[1])
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %s\nwant %s", year, got, want)
		}
	}
}
