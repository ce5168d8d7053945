package portal_test

import (
	"net/http"
	"strings"
	"testing"
)

// What the pages of the portal have to say and to offer, rule by rule.

// page is a page that anybody may open on a day.
func page(t *testing.T, when, path string) answer {
	t.Helper()
	a := newSite(t, when).browser().get(path)
	if a.status != http.StatusOK {
		t.Fatalf("%s: status %d", path, a.status)
	}
	return a
}

func TestONB06TheWordsInBothLanguages(t *testing.T) {
	t.Parallel()
	page(t, "2021-10-15 10:00", "/spid/confronta").wants(t, "Gestore")
	page(t, "2021-10-15 10:00", "/spid/confronta?lang=en").wants(t, "Provider")
	page(t, "2021-10-15 10:00", "/sportello/deleghe").wants(t, "Chi delega", "Sportello", "operatore")
	page(t, "2021-10-15 10:00", "/sportello/deleghe?lang=en").wants(t, "Principal", "Counter", "clerk")
}

func TestONB15ToTheGestoreAndBackToThePortal(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	b.sent(b.get("/myinps"), "/accedi")
	b.shown(b.get("/accedi?via=spid"), http.StatusOK, "mask").wants(t, "Entra con SPID", `name="idp"`, `name="level" value="2"`)
	b.spid(ortensia, "Ortensia Quirzoldi", 2)
	b.shown(b.get("/myinps"), http.StatusOK, "services").wants(t, "Ortensia Quirzoldi")
}

func TestONB18AndONB23WhatSPIDIsAndWhy(t *testing.T) {
	t.Parallel()
	a := page(t, "2020-10-15 10:24", "/spid")
	a.wants(t, "cittadini e imprese", "computer, tablet o telefono", "privati che aderiscono", "altri Paesi dell’Unione europea") // ONB-18
	a.wants(t, "Rapporti più semplici", "Una sola chiave", "regole europee", "riconoscimento più sicuro")                         // ONB-23
}

func TestONB19SomeIsPublicTheRestIsReserved(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	home := b.shown(b.get("/"), http.StatusOK, "home")
	for _, slug := range []string{"bonus", "pensione", "assegni"} {
		home.wants(t, `href="/servizi/`+slug+`"`)
		outside := b.get("/servizi/" + slug)
		outside.wants(t, "/accedi")
		if outside.status != http.StatusOK || strings.Contains(outside.body, `data-testid="apply-form"`) {
			t.Errorf("%s: status %d; the reserved part is shown to anybody: %t", slug, outside.status, strings.Contains(outside.body, `data-testid="apply-form"`))
		}
	}
	b.spid(ortensia, "Ortensia Quirzoldi", 2)
	b.get("/servizi/bonus").wants(t, `data-testid="apply-form"`)
}

func TestONB20AndONB21TheAppAndItsParts(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	b.get("/app").wants(t, "Guida rapida, pagina 1 di 3") // ONB-20
	b.post("/app", "tutorial", "skip")
	b.get("/app").wants(t, "Per tema", "Per tipo di persona", "Cerca un servizio per nome", "Preferiti")
	b.get("/app?tab=news").wants(t, "Notizie e comunicati", "canali social")
	b.get("/app?tab=report").wants(t, "Segnala un problema tecnico")
}

func TestONB22PermissionsHangOnTheCodiceFiscale(t *testing.T) {
	t.Parallel()
	page(t, "2021-09-15 10:00", "/spid").wants(t, "legate al codice fiscale, non al PIN")
	page(t, "2021-09-15 10:00", "/spid?lang=en").wants(t, "hang on the codice fiscale")
}

func TestONB71AndONB72TheNoticeSaysAndOffers(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	b.sent(b.pin(ortensia), "/avviso")
	n := b.shown(b.get("/avviso"), http.StatusOK, "notice")
	n.wants(t, "18 anni", "un solo nome utente", "servizi pubblici", "privati accreditati", "dal computer, dal tablet o dal telefono", "Ti accompagniamo") // ONB-71
	n.wants(t, `value="request"`, `name="remind"`, `value="services"`)                                                                                     // ONB-72
}

func TestONB75AndONB77TheGuidedPageHasThreeSteps(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	b.sent(b.pin(ortensia), "/avviso")
	a := b.shown(b.get("/spid/richiedi"), http.StatusOK, "guided")
	a.wants(t, "Scegli chi ti darà SPID", "Quale gestore fa per me?", "sul sito del gestore", "non dovrai riscriverli") // ONB-75
	a.wants(t, `href="/spid`)
	b.shown(b.get("/spid/sito"), http.StatusOK, "spid-site").wants(t, "Il simulatore non apre siti veri") // ONB-77
}

func TestONB133AndONB211FactsStandByTheirYear(t *testing.T) {
	t.Parallel()
	page(t, "2020-10-15 10:24", "/spid/confronta").wants(t, "All’ufficio postale: di persona è gratis", "Online ti registri da solo") // ONB-133
	a := page(t, "2026-02-15 10:24", "/spid/confronta")
	a.wants(t, "rinnovati a ottobre 2025, per due anni", "36 mesi") // ONB-211
	if strings.Contains(a.body, "All’ufficio postale: di persona") {
		t.Error("2026 shows the fact of 2020")
	}
}

func TestONB147AndONB191AndONB192WhoHelps(t *testing.T) {
	t.Parallel()
	a := page(t, "2020-10-15 10:24", "/aiuto")
	a.wants(t, "24 ore al giorno", "da lunedì a sabato dalle 8 alle 20", "800.00.77.77", "Il simulatore non chiama nessuno") // ONB-147
	a.wants(t, "legge con te, ma non vede i tuoi segreti")                                                                   // ONB-191
	a.wants(t, "stampano il promemoria di una pagina")                                                                       // ONB-192
	if strings.Contains(a.body, "tel:") {
		t.Error("the number can be dialled")
	}
}

func TestONB220EveryPageSaysThatItIsASimulator(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	for _, path := range []string{"/", "/accedi", "/accedi?via=pin", "/spid", "/spid/sito", "/spid/confronta", "/app", "/aiuto", "/contact-center", "/sportello/deleghe", "/pin/smarrito"} {
		b.get(path).wants(t, "SIMULATORE", "nessun dato reale, nessun servizio vero")
	}
}
