package templates

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"spidsim/templates/ui"
)

// pageOf is a sample of the gallery as a browser reads it.
func pageOf(t *testing.T, name, lang string) dom {
	t.Helper()
	page, state, _ := strings.Cut(name, "/")
	for _, s := range Gallery() {
		if s.Name == page && s.State == state {
			return parsePage(t, renderSample(t, s, lang))
		}
	}
	t.Fatalf("no sample %s", name)
	return dom{}
}

// says wants sentences in the text of a page.
func (d dom) says(t *testing.T, parts ...string) {
	t.Helper()
	text := words(d.named("body")[0])
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %q:\n%s", part, text)
		}
	}
}

// leads wants links to addresses.
func (d dom) leads(t *testing.T, to ...string) {
	t.Helper()
	for _, address := range to {
		if !slices.ContainsFunc(d.named("a"), func(a *html.Node) bool { return attr(a, "href") == address }) {
			t.Errorf("no link leads to %s", address)
		}
	}
}

func TestPagesSayWhatTheRulesSay(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		sample string
		parts  []string
	}{
		{"ONB-18 one identity for public and private, citizens and companies", "spid-info/2020", []string{"un nome utente e una password", "gli enti pubblici e per i privati che aderiscono", "cittadini e imprese", "computer, tablet o telefono"}},
		{"ONB-18 level 2 or 3 in the European Union", "spid-info/2020", []string{"Con il livello 2 o 3", "altri Paesi dell’Unione europea", "Progetti simili esistono"}},
		{"ONB-16 no registration at the institute", "spid-info/2020", []string{"Non serve registrarsi all’Istituto", "il primo accesso è come gli altri"}},
		{"ONB-17 the PIN is not converted", "spid-info/2020", []string{"Il PIN non diventa SPID: viene spento", "ordinario o dispositivo", "L’Istituto non dà SPID, lo accetta"}},
		{"ONB-21 the parts of the app", "portal-app/home", []string{"Per tema", "Per tipo di persona", "Cerca un servizio per nome", "Preferiti", "Notizie", "Problemi"}},
		{"ONB-21 news, press releases and social channels", "portal-app/news", []string{"Notizie e comunicati", "canali social"}},
		{"ONB-21 a technical problem", "portal-app/report", []string{"Segnala un problema tecnico", "Resta su questo computer"}},
		{"ONB-22 permissions hang on the codice fiscale", "portal-my/profiles", []string{"legati al codice fiscale", "Per averne di nuovi servono il modulo e il controllo della sede"}},
		{"ONB-23 what SPID is for", "spid-info/2020", []string{"Rapporti più semplici", "Una sola chiave per tutti gli enti", "con le regole europee", "un riconoscimento più sicuro"}},
		{"ONB-24 level 1", "spid-info/2020", []string{"Nome utente e password scelti da te"}},
		{"ONB-25 level 2", "spid-info/2020", []string{"un codice che vale una volta sola, o la conferma nell’app del gestore"}},
		{"ONB-26 level 3", "spid-info/later", []string{"un oggetto che dà il gestore, per esempio una carta con il chip"}},
		{"ONB-27 level 3 in 2020", "spid-info/2020", []string{"Non ancora disponibile"}},
		{"ONB-28 free of charge and for adults", "spid-info/2020", []string{"I livelli 1 e 2 sono gratis", "solo per chi ha compiuto 18 anni", "Dati del 2020"}},
		{"ONB-28 fees of later years", "spid-info/later", []string{"Dal 2025 alcuni gestori chiedono un canone", "verifica sul sito ufficiale"}},
		{"ONB-53 no end date in 2020", "portal-mask/transition", []string{"rinnovarlo alla scadenza", "data di fine è da definire"}},
		{"ONB-54 two end dates and their reason", "portal-mask/end-set", []string{"Dal 1° settembre 2021", "Dal 30 settembre 2021", "anche se nuovo o rinnovato", "più graduale", "poco chiari o troppo rigidi"}},
		{"ONB-60 private people and professionals", "portal-mask/over", []string{"privati e professionisti", "in tutti gli enti pubblici"}},
		{"ONB-71 what the notice says", "portal-notice/first", []string{"pagina 1 di 1", "Se hai compiuto 18 anni", "un solo nome utente e una sola password", "servizi pubblici e per quelli dei privati accreditati", "dal computer, dal tablet o dal telefono", "Ti accompagniamo noi nella richiesta"}},
		{"ONB-72 what the notice offers", "portal-notice/first", []string{"Richiedi la tua identità SPID", "Fammi rivedere questo avviso la prossima volta", "Continua verso i servizi"}},
		{"ONB-75 three steps", "portal-guided/ask", []string{"Scegli chi ti darà SPID", "riconosce le persone in modi diversi", "Quale gestore fa per me?", "Apri la registrazione sul sito del gestore", "in sicurezza: non dovrai riscriverli"}},
		{"ONB-110 several identities", "spid-info/2020", []string{"più di un’identità, da gestori diversi e con livelli diversi"}},
		{"ONB-120 the counter", "modes/all", []string{"Ricevi un codice per e-mail e lo porti allo sportello", "entro 30 giorni dall’e-mail"}},
		{"ONB-124 the transfer may go to charity", "av-transfer/transfer", []string{"in beneficenza"}},
		{"ONB-125 card and reader", "modes/all", []string{"carta con PIN e lettore", "tessera abilitata (CNS) e lettore", "10 minuti, 5 se il gestore ti conosce già"}},
		{"ONB-127 certified mobile and reader", "modes/all", []string{"BancoPosta o Postepay, con cellulare certificato", "circa 5 minuti"}},
		{"ONB-126 the electronic document", "modes/all", []string{"telefono o tablet", "Finisci da telefono, tablet o computer", "circa 15 minuti"}},
		{"ONB-147 the postal provider's line in 2020", "portal-help/start", []string{"24 ore al giorno", "da lunedì a sabato dalle 8 alle 20", "800.00.77.77", "Il simulatore non chiama nessuno", "Dati del 2020: verifica sul sito ufficiale"}},
		{"ONB-150 the telephone PIN stays", "phone-pin/ask", []string{"Al telefono SPID, CIE e CNS non funzionano", "Resta anche dopo la fine del PIN"}},
		{"ONB-161 a delegation for each represented person", "delegations/both", []string{"Serve una delega per ogni persona rappresentata"}},
		{"ONB-162 one delegate, and a cap with exceptions", "delegations/both", []string{"Ognuno ha un solo delegato", "Il limite non vale per tutori, curatori e amministratori di sostegno"}},
		{"ONB-166 the form of the institute's site", "delegations/both", []string{"AA08, che scarichi dal sito dell’Istituto", "la copia del tuo documento", "qualunque sede"}},
		{"ONB-191 the CAF", "portal-help/start", []string{"CAF", "Apre la guida", "legge con te", "non vede i tuoi segreti"}},
		{"ONB-192 union helpers", "portal-help/start", []string{"Il sindacato e i delegati sociali", "come un CAF", "stampano il promemoria di una pagina"}},
		{"ONB-211 the agreements of October 2025", "idp-compare/2026", []string{"ottobre 2025, per due anni", "fino a 36 mesi", "Dati del 2026: verifica sul sito ufficiale"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			pageOf(t, row.sample, ui.Italian).says(t, row.parts...)
		})
	}
}

func TestONB06TheWordsOfEachLanguage(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ sample, italian, english string }{
		{"portal-idps/2020", "gestore", "provider"}, {"consent/asked", "servizio", "service"}, {"delegation-counter/aa08", "Chi delega", "Principal"},
		{"delegations/both", "delegato", "delegate"}, {"delegation-counter/aa08", "Sportello", "Counter"}, {"delegation-counter/aa08", "operatore", "clerk"},
	} {
		pageOf(t, row.sample, ui.Italian).says(t, row.italian)
		pageOf(t, row.sample, ui.English).says(t, row.english)
	}
}

func TestONB06PeopleNeverReadTheTermsOfTheStandard(t *testing.T) {
	t.Parallel()
	for _, s := range Gallery() {
		if !strings.HasSuffix(s.State, "-"+ui.ModeTrainer) {
			continue
		}
		text := words(parsePage(t, renderSample(t, s, ui.Italian)).named("body")[0])
		for _, term := range []string{"Identity Provider", "IdP", "Service Provider", "principal "} {
			if strings.Contains(text, term) {
				t.Errorf("%s/%s says %q", s.Name, s.State, term)
			}
		}
	}
}

func TestONB72TheNoticeHasThreeControls(t *testing.T) {
	t.Parallel()
	got := fields(pageOf(t, "portal-notice/first", ui.Italian))
	for _, control := range []string{"go=request", "remind=yes", "go=services"} {
		if !got[control] {
			t.Errorf("no control %s", control)
		}
	}
}

func TestONB77TheSiteOfSPIDIsALocalPage(t *testing.T) {
	t.Parallel()
	pageOf(t, "portal-guided/ask", ui.Italian).leads(t, PathSPIDSite, PathCompare)
	site := pageOf(t, "spid-site/start", ui.Italian)
	site.says(t, "sta al posto del sito istituzionale", "non apre siti veri")
	for _, a := range site.named("a") {
		if href := attr(a, "href"); strings.Contains(href, "gov.it") {
			t.Errorf("a link leads outside, to %s", href)
		}
	}
}

// The two ways at the post office stand side by side.
func TestONB133TwoWaysAtThePostOffice(t *testing.T) {
	t.Parallel()
	found := false
	for _, s := range galleryEnrol() {
		d := parsePage(t, renderSample(t, s, ui.Italian))
		if !strings.Contains(words(d.named("body")[0]), "Due strade per le Poste") {
			continue
		}
		found = true
		d.says(t, "Di persona", "Fai la richiesta guidata dal portale", "Gratis, nel 2020", "Online", "Ti registri sul sito del gestore", "in 5 o 15 minuti")
	}
	if !found {
		t.Error("no page explains the two ways")
	}
	pageOf(t, "idp-compare/2020", ui.Italian).says(t, "di persona è gratis con la richiesta guidata", "Online ti registri da solo")
}

// Numbers of the world outside are read, not called.
func TestONB147NoPageDials(t *testing.T) {
	t.Parallel()
	for _, s := range Gallery() {
		for _, a := range parsePage(t, renderSample(t, s, ui.Italian)).named("a") {
			if href := attr(a, "href"); strings.HasPrefix(href, "tel:") || strings.HasPrefix(href, "mailto:") {
				t.Errorf("%s/%s has the link %s", s.Name, s.State, href)
			}
		}
	}
}

// CAF and union helpers open the guide, which tells them to read aloud and never to ask for secrets, and print one page.
func TestONB191AndONB192HelpersGuideAndPrint(t *testing.T) {
	t.Parallel()
	pageOf(t, "portal-help/start", ui.Italian).leads(t, "http://localhost:8088/guida")
	guide := ""
	for _, s := range Gallery() {
		if s.Name == "guide" {
			guide += words(parsePage(t, renderSample(t, s, ui.Italian)).named("body")[0])
		}
	}
	for _, part := range []string{"leggi ad alta voce", "lascia scrivere la persona", "Non chiedere mai password, codici", "stampa il foglio"} {
		if !strings.Contains(guide, part) {
			t.Errorf("the guide does not say %q", part)
		}
	}
	if sheet := pageOf(t, "handout/code", ui.Italian); len(sheet.byTestID("handout")) != 1 {
		t.Error("the memo is not one sheet")
	}
}

func TestONB220EveryPageHasTheBanner(t *testing.T) {
	t.Parallel()
	want := map[string]string{ui.Italian: "SIMULATORE – nessun dato reale, nessun servizio vero", ui.English: "SIMULATOR – no real data, no real service"}
	for _, s := range Gallery() {
		for lang, banner := range want {
			found := parsePage(t, renderSample(t, s, lang)).byTestID("sim-banner")
			if len(found) != 1 || !strings.Contains(words(found[0]), banner) {
				t.Errorf("%s/%s in %s has %d banners, want one that says %q", s.Name, s.State, lang, len(found), banner)
			}
		}
	}
}
