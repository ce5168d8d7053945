package templates

import (
	"time"

	"spidsim/templates/ui"
)

// portalTime is when the samples of the transition happen.
var portalTime = time.Date(2020, 10, 15, 8, 24, 0, 0, time.UTC)

func sampleVisit(who string) Visit {
	v := Visit{Portal: samplePortal()}
	v.Portal.User = who
	if who != "" {
		v.Portal.Leave = PathLeave
	}
	return v
}

func denied(v Visit, errors ...PortalError) Visit {
	v.Errors = errors
	return v
}

// sampleScene is the lesson round a page: the steps, the phone, the mailbox and what happened.
func sampleScene(p ui.Page, step int) *Scene {
	return &Scene{
		Step: step, Steps: []string{"Il PIN", p.Pick("L’avviso", "The notice"), p.Pick("Il gestore", "The provider"), p.Pick("Il codice", "The code")},
		What:   p.Pick("Il PIN ha funzionato ancora. Prima dei servizi il portale mostra un avviso.", "The PIN still worked. Before the services the portal shows a notice."),
		Person: "Ortensia", Clock: "10:24", Letters: true,
		Phone: []Message{{From: sampleService, Text: p.Pick("Hai un messaggio in MyINPS.", "You have a message in MyINPS.")}},
	}
}

// samplePINWrong and the like are denials as the engine words them.
func samplePINWrong(p ui.Page) PortalError {
	return PortalError{Field: "pin", Text: p.Pick("Codice fiscale o PIN non corretti.", "Codice fiscale or PIN not right."), Code: "RSN-PIN-WRONG", Rule: "ONB-30", Detail: "PIN is wrong, 2 tries left"}
}

func sampleMask(p ui.Page) PortalMaskView {
	return PortalMaskView{
		Visit: sampleVisit(""), PIN: PINTab, Phase: PINNoEnd, LoginURL: "/spid/login", Login: []ui.Hidden{{Name: "level", Value: "2"}},
		Profiles: []ui.Choice{{Value: "citizen", Label: p.Pick("Cittadino", "Citizen")}, {Value: "intermediary", Label: p.Pick("Intermediario", "Intermediary")}},
		Gestori: []SPGestore{
			{Slug: "beta", Name: "Gestore Beta", Badge: "GB"}, {Slug: "prova", Name: "Gestore di prova", Badge: "GP"}, {Slug: "alfa", Name: "Gestore Alfa", Badge: "GA"},
			{Slug: "gamma", Name: "Gestore Gamma", Badge: "GG", Off: p.Pick("in manutenzione fino alle 12:00", "under maintenance until 12:00")},
		},
		People: []PortalPersona{
			{Name: "Ortensia Quirzoldi", FiscalCode: "QRZRNS43C59A944W", Note: p.Pick("PIN dispositivo, senza SPID", "PIN dispositivo, no SPID"), URL: "/accedi?via=pin&cf=QRZRNS43C59A944W"},
			{Name: "Nives Jolzetti", FiscalCode: "JLZNVS85T48H199M", Note: p.Pick("profilo di intermediario", "intermediary profile"), URL: "/accedi?via=pin&cf=JLZNVS85T48H199M", Picked: true},
		},
	}
}

func galleryInstitute() []Sample {
	found := func(p ui.Page) PortalHomeView {
		return PortalHomeView{Visit: sampleVisit("Ortensia Quirzoldi"), Query: "pensione",
			Found: []PortalService{{Slug: "pensione", Name: p.Pick("La mia pensione", "My pension")}, {Slug: "guida-pensioni", Name: p.Pick("Guida alle pensioni", "Guide to pensions"), Open: true}}}
	}
	pin := func(p ui.Page) PortalMaskView {
		v := sampleMask(p)
		v.Via, v.FiscalCode = "pin", "QRZRNS43C59A944W"
		v.Visit = denied(v.Visit, samplePINWrong(p))
		return v
	}
	over := func(p ui.Page) PortalMaskView {
		v := sampleMask(p)
		v.PIN, v.Phase, v.Stable = PINLink, PINOver, true
		return v
	}
	abroad := func(p ui.Page) PortalMaskView {
		v := over(p)
		v.PIN, v.Profiles = PINForm, nil
		return v
	}
	phase := func(phase PINPhase) func(ui.Page) PortalMaskView {
		return func(p ui.Page) PortalMaskView {
			v := sampleMask(p)
			v.Phase = phase
			return v
		}
	}
	samples := []Sample{
		fixed("portal-home", "start", PortalHome, PortalHomeView{Visit: sampleVisit("")}),
		fixed("portal-home", "nothing", PortalHome, PortalHomeView{Visit: sampleVisit(""), Query: "patente", LeftJust: true}),
		sample("portal-home", "found", PortalHome, found),
		inMode(ui.ModeTrainer, fixed("portal-home", "start", PortalHome, PortalHomeView{Visit: sampleVisit("")})),
		sample("portal-mask", "transition", PortalMask, sampleMask),
		sample("portal-mask", "pin-wrong", PortalMask, pin),
		sample("portal-mask", "end-set", PortalMask, phase(PINEndSet)),
		sample("portal-mask", "citizen", PortalMask, phase(PINCitizen)),
		sample("portal-mask", "over", PortalMask, over),
		sample("portal-mask", "abroad", PortalMask, abroad),
		inMode(ui.ModeTrainer, sample("portal-mask", "transition", PortalMask, sampleMask)),
		inMode(ui.ModeTrainer, sample("portal-mask", "pin-wrong", PortalMask, pin)),
		fixed("portal-mask", "hostile", PortalMask, PortalMaskView{Visit: denied(sampleVisit(sampleHostile), PortalError{Field: "cf", Text: sampleHostile, Code: sampleHostile}),
			Via: "pin", PIN: PINTab, FiscalCode: sampleHostile, LoginURL: "javascript:alert(1)", Gestori: []SPGestore{{Slug: sampleHostile, Name: sampleHostile}}}),
	}
	return append(append(samples, galleryReader()...), galleryReasons()...)
}

func galleryReader() []Sample {
	empty := func(p ui.Page) PortalCardView {
		return PortalCardView{Visit: sampleVisit(""), Kind: "cns", TLSURL: "/cns/certificato", Cards: []PortalCardChoice{
			{ID: "P04", Holder: "Ivo Xandrelli"}, {ID: "P13", Holder: "Gilda Xerquati"},
			{ID: "P16", Holder: "Io Zux", Note: p.Pick("non attivata per i servizi online", "not enabled for online services")}}}
	}
	ready := PortalCardView{Visit: sampleVisit(""), Kind: "cns", Holder: "Ivo Xandrelli", Number: "0000 0000 0004", Ready: true, Tries: 3, PIN: "12345678"}
	dead := func(p ui.Page) PortalCardView {
		return PortalCardView{Kind: "cns", Holder: "Io Zux", Visit: denied(sampleVisit(""),
			PortalError{Text: p.Pick("Questa carta non è attivata per i servizi online.", "This card is not enabled for online services."), Code: "RSN-MEANS", Rule: "ONB-125"})}
	}
	cie := func(p ui.Page) PortalCardView {
		v := empty(p)
		v.Kind, v.TLSURL = "cie", ""
		return v
	}
	return []Sample{
		sample("portal-cns", "empty", PortalCard, empty),
		fixed("portal-cns", "ready", PortalCard, ready),
		sample("portal-cns", "refused", PortalCard, dead),
		sample("portal-cie", "empty", PortalCard, cie),
		inMode(ui.ModeTrainer, fixed("portal-cns", "ready", PortalCard, ready)),
	}
}

// sampleReasons are the denials of onboarding.md section 5.3 as the engine words them.
var sampleReasons = []struct{ state, code, rule, it, en string }{
	{"pin-wrong", "RSN-PIN-WRONG", "ONB-30", "Codice fiscale o PIN non corretti.", "Codice fiscale or PIN not right."},
	{"pin-revoked", "RSN-PIN-REVOKED", "ONB-37", "Questo PIN è stato revocato e non si può richiedere di nuovo.", "This PIN was revoked and cannot be asked for again."},
	{"pin-dismissed", "RSN-PIN-DISMISSED", "ONB-57", "I PIN non valgono più dal 1° ottobre 2021. Entra con SPID, CIE o CNS, oppure fatti aiutare con una delega.", "PINs ended on 1 October 2021."},
	{"pin-profile", "RSN-PIN-PROFILE", "ONB-56", "Dal 1° settembre 2021 con il PIN si entra solo come cittadino.", "From 1 September 2021 the PIN works for the citizen profile only."},
	{"pin-inhibited", "RSN-PIN-INHIBITED", "ONB-39", "Hai già un’identità digitale: usa quella.", "You already hold a digital identity: use it."},
	{"pin-no-new", "RSN-PIN-NO-NEW", "ONB-51", "Dal 1° ottobre 2020 non si rilasciano nuovi PIN, salvo pochi casi.", "No new PINs since 1 October 2020, with few exceptions."},
	{"level", "RSN-LEVEL", "ONB-11", "Per questo servizio serve SPID di livello 2 o superiore.", "This service needs SPID of level 2 or higher."},
	{"cns-app", "RSN-CNS-APP", "ONB-20", "Nell’app si entra con SPID o CIE.", "The app accepts SPID or CIE."},
	{"consent", "RSN-CONSENT", "ONB-76", "Per proseguire serve il tuo consenso.", "Your consent is needed to go on."},
	{"handoff-replay", "RSN-HANDOFF-REPLAY", "ONB-86", "La richiesta è già stata usata.", "The request has been used already."},
	{"handoff-stale", "RSN-HANDOFF-STALE", "ONB-86", "La richiesta è scaduta: ricomincia dal portale.", "The request has expired: start again at the portal."},
	{"cf", "RSN-CF", "ONB-104", "Il codice fiscale non è valido o non corrisponde ai dati.", "The codice fiscale is invalid or does not fit the data."},
	{"minor", "RSN-MINOR", "ONB-105", "SPID per chi ha meno di 18 anni si chiede da un genitore, dal 3 marzo 2022.", "For minors a parent asks for SPID, from 3 March 2022."},
	{"doc", "RSN-DOC", "ONB-106", "Il documento è scaduto oppure manca la tessera sanitaria.", "The document has expired or the health card is missing."},
	{"dlg-one", "RSN-DLG-ONE", "ONB-162", "Questa persona ha già un delegato.", "This person already has a delegate."},
	{"dlg-cap", "RSN-DLG-CAP", "ONB-163", "Il delegato ha già il numero massimo di deleghe.", "The delegate has reached the highest number of delegations."},
	{"dlg-30d", "RSN-DLG-30D", "ONB-174", "Nei primi 30 giorni la delega si revoca solo allo sportello.", "In the first 30 days a delegation is revoked only at the counter."},
	{"dlg-noid", "RSN-DLG-NOID", "ONB-177", "Il delegato deve avere SPID, CIE o CNS.", "The delegate needs SPID, CIE or CNS."},
	{"other", "RSN-STEP", "ONB-01", "Questo passo non è possibile adesso.", "This step is not possible now."},
}

func galleryReasons() []Sample {
	var samples []Sample
	for _, r := range sampleReasons {
		view := func(p ui.Page) PortalReasonView {
			return PortalReasonView{Visit: sampleVisit(""), Why: PortalError{Text: p.Pick(r.it, r.en), Code: r.code, Rule: r.rule}}
		}
		samples = append(samples, sample("portal-reason", r.state, PortalReason, view))
	}
	level := func(p ui.Page) PortalReasonView {
		return PortalReasonView{Visit: sampleVisit("Dina Quxolli"), Back: ui.PathPortalMine, Next: []PortalLink{{URL: "/spid/login?level=2", Label: p.Pick("Entra con il livello 2", "Come in with level 2")}},
			Why: PortalError{Text: p.Pick(sampleReasons[6].it, sampleReasons[6].en), Code: "RSN-LEVEL", Rule: "ONB-11", Detail: "level is 1, want at least 2"}}
	}
	return append(samples, inMode(ui.ModeTrainer, sample("portal-reason", "level", PortalReason, level)))
}

var sampleDocuments = []PortalDocument{
	{ID: "cie", Kind: "Carta d’identità elettronica", Number: "ZZ00001ZZ", Expires: time.Date(2028, 3, 19, 0, 0, 0, 0, time.UTC)},
	{ID: "passport", Kind: "Passaporto", Number: "ZZ0000001", Expires: time.Date(2019, 5, 2, 0, 0, 0, 0, time.UTC), Expired: true},
}

func galleryPIN() []Sample {
	visit := sampleVisit("")
	lost := func(state string, view PortalPINLostView) Sample {
		view.Visit, view.State = visit, state
		return fixed("pin-lost", state, PortalPINLost, view)
	}
	channels := func(p ui.Page) []string {
		return []string{p.Pick("otto caratteri per SMS, al numero che finisce per 01", "eight characters by SMS, to the number ending in 01"), p.Pick("otto caratteri per lettera, a casa", "eight characters by letter, to your home")}
	}
	again := func(p ui.Page) PortalPINNewView {
		return PortalPINNewView{Visit: denied(visit, PortalError{Field: "new_pin", Text: p.Pick("Il nuovo PIN ha 8 lettere o cifre.", "The new PIN has 8 letters or digits."), Code: "RSN-PIN-FORM", Rule: "ONB-33"})}
	}
	renew := PortalPINRenewView{Visit: visit, Person: "Ortensia Quirzoldi", Expired: time.Date(2021, 6, 14, 10, 0, 0, 0, time.UTC), Months: 6, Until: time.Date(2021, 9, 30, 10, 0, 0, 0, time.UTC), Clipped: true}
	halves := func(p ui.Page) PortalPINRequestView {
		return PortalPINRequestView{Visit: visit, Given: &PortalPINGiven{Kind: "ordinario", Channels: channels(p)}}
	}
	noNew := func(p ui.Page) PortalPINRequestView {
		return PortalPINRequestView{Closed: true, FiscalCode: "QXLDNI47P49A944M", Way: "online", By: "self", Visit: denied(visit,
			PortalError{Text: p.Pick(sampleReasons[5].it, sampleReasons[5].en), Code: "RSN-PIN-NO-NEW", Rule: "ONB-51"})}
	}
	return []Sample{
		fixed("pin-lost", "ask", PortalPINLost, PortalPINLostView{Visit: visit}),
		sample("pin-lost", "sent", PortalPINLost, func(p ui.Page) PortalPINLostView {
			return PortalPINLostView{Visit: visit, State: LostSent, Channels: channels(p)[:1], LinkURL: "/pin/smarrito?link=abc"}
		}),
		lost(LostSecond, PortalPINLostView{Carry: []PortalField{{"cf", "QRZRNS43C59A944W"}}}),
		lost(LostNone, PortalPINLostView{}),
		fixed("pin-lost", "none-may-ask", PortalPINLost, PortalPINLostView{Visit: visit, State: LostNone, MayAsk: true}),
		lost(LostReset, PortalPINLostView{Carry: []PortalField{{"link", "abc"}}}),
		sample("pin-lost", "halves", PortalPINLost, func(p ui.Page) PortalPINLostView {
			return PortalPINLostView{Visit: visit, State: LostHalves, Channels: channels(p)}
		}),
		fixed("pin-new", "ask", PortalPINNew, PortalPINNewView{Visit: visit, Person: "Ortensia Quirzoldi"}),
		sample("pin-new", "wrong", PortalPINNew, again),
		inMode(ui.ModeTrainer, fixed("pin-new", "ask", PortalPINNew, PortalPINNewView{Visit: visit})),
		fixed("pin-renew", "clipped", PortalPINRenew, renew),
		fixed("pin-request", "open", PortalPINRequest, PortalPINRequestView{Visit: visit}),
		fixed("pin-request", "closed", PortalPINRequest, PortalPINRequestView{Visit: visit, Closed: true}),
		fixed("pin-request", "abroad", PortalPINRequest, PortalPINRequestView{Visit: visit, Abroad: true}),
		sample("pin-request", "no-new", PortalPINRequest, noNew),
		sample("pin-request", "halves", PortalPINRequest, halves),
		fixed("pin-request", "envelope", PortalPINRequest, PortalPINRequestView{Visit: visit,
			Given: &PortalPINGiven{Kind: "dispositivo", Envelope: true, PIN: "K7QD4MHX92TR5WQA", Dedicated: true, Until: time.Date(2021, 4, 15, 10, 0, 0, 0, time.UTC)}}),
		fixed("pin-convert", "ask", PortalPINConvert, PortalPINConvertView{Visit: sampleVisit("Ademaro Zurquani"), Documents: sampleDocuments}),
		fixed("pin-convert", "done", PortalPINConvert, PortalPINConvertView{Visit: sampleVisit("Ademaro Zurquani"), Converted: true}),
	}
}

func galleryGuided() []Sample {
	visit := sampleVisit("Ortensia Quirzoldi")
	notice := func(p ui.Page) PortalNoticeView {
		return PortalNoticeView{Visit: visit, Person: "Ortensia Quirzoldi", Phase: PINNoEnd, Remind: true}
	}
	lesson := func(p ui.Page) PortalNoticeView {
		v := notice(p)
		v.Scene = sampleScene(p, 2)
		return v
	}
	asked := func(p ui.Page) PortalGuidedView {
		return PortalGuidedView{Visit: denied(visit, PortalError{Field: "consent", Text: p.Pick(sampleReasons[8].it, sampleReasons[8].en), Code: "RSN-CONSENT", Rule: "ONB-76"})}
	}
	list := func(p ui.Page) PortalIdPsView {
		return PortalIdPsView{Visit: visit, Year: "2020", Items: sampleCatalogue(p)}
	}
	answer := func(result string) Sample {
		return fixed("portal-answer", result, PortalAnswer, PortalAnswerView{Visit: visit, Gestore: "Gestore Alfa", Result: result, BackURL: "http://localhost:8088/idp/alfa/registrazione"})
	}
	handoff := PortalHandoffView{Visit: visit, Gestore: Gestore{Slug: "alfa", Name: "Gestore Alfa", Badge: "GA"}, Address: "http://localhost:8088/idp/alfa/registrazione",
		Data: []AttributeValue{{Name: "fiscalNumber", Value: "TINIT-QRZRNS43C59A944W"}, {Name: "familyName", Value: "Quirzoldi"}, {Name: "name", Value: "Ortensia"}}, Life: 5 * time.Minute, MessageID: "_h1"}
	return []Sample{
		sample("portal-notice", "first", PortalNotice, notice),
		sample("portal-notice", "lesson", PortalNotice, lesson),
		inMode(ui.ModeTrainer, sample("portal-notice", "lesson", PortalNotice, lesson)),
		fixed("portal-guided", "ask", PortalGuided, PortalGuidedView{Visit: visit}),
		sample("portal-guided", "no-consent", PortalGuided, asked),
		inMode(ui.ModeTrainer, fixed("portal-guided", "ask", PortalGuided, PortalGuidedView{Visit: visit})),
		sample("portal-idps", "2020", PortalIdPs, list),
		inMode(ui.ModeTrainer, sample("portal-idps", "2020", PortalIdPs, list)),
		fixed("portal-handoff", "slip", PortalHandoff, handoff),
		inMode(ui.ModeTrainer, fixed("portal-handoff", "slip", PortalHandoff, handoff)),
		answer("nr100"), answer("nr25"), answer("nr27"), answer("nr28"), answer("nr29"), answer("nr99"),
	}
}

func sampleCatalogue(p ui.Page) []PortalIdP {
	counter, home, webcam := p.Pick("allo sportello", "at the counter"), p.Pick("a casa", "at home"), p.Pick("con la webcam", "by webcam")
	free, paid := p.Pick("gratis", "free"), p.Pick("a pagamento", "paid")
	return []PortalIdP{
		{Slug: "alfa", Name: "Gestore Alfa", Badge: "GA", Levels: []int{1, 2, 3}, Area: "IT", Modes: []PortalMode{{counter, free, "2020"}, {home, paid, "2020"}}},
		{Slug: "beta", Name: "Gestore Beta", Badge: "GB", Levels: []int{1, 2}, Area: "EU", Modes: []PortalMode{{webcam, paid, "2020"}}, Note: p.Pick("5,98 € l’anno (2025)", "5.98 € a year (2025)")},
		{Slug: "gamma", Name: "Gestore Gamma", Badge: "GG", Levels: []int{1, 2}, Area: "IT", Modes: []PortalMode{{counter, free, "2020"}}, Off: p.Pick("Non partecipa al percorso guidato.", "Does not take part in the guided request.")},
	}
}

func galleryInfo() []Sample {
	info := PortalInfoView{Visit: sampleVisit("")}
	later := PortalInfoView{Visit: sampleVisit(""), Level3: true, Minors: true}
	prices := func(p ui.Page) PortalInfoView {
		return PortalInfoView{Visit: sampleVisit(""), Prices: []string{p.Pick("Gestore Alfa: 6 € l’anno dal secondo anno (2026).", "Gestore Alfa: 6 € a year from the second (2026).")}}
	}
	noted := PortalInfoView{Visit: sampleVisit(""), NoteSaved: true, Notes: []PortalNote{{At: portalTime, Text: "Come si cambia la password?"}}}
	table := func(p ui.Page) PortalTable {
		return PortalTable{Visit: sampleVisit(""), Year: "2020", Years: []string{"2020", "2021"}, Items: sampleCatalogue(p),
			Facts: []string{p.Pick("Nel 2020 il livello 3 lo davano in pochi.", "In 2020 few gave level 3.")}}
	}
	return append([]Sample{
		fixed("spid-info", "2020", SPIDInfo, info),
		fixed("spid-info", "later", SPIDInfo, later),
		inMode(ui.ModeTrainer, fixed("spid-info", "2020", SPIDInfo, info)),
		sample("idp-compare", "2020", IdPCompare, table),
		sample("spid-site", "prices", SPIDSite, prices),
		fixed("portal-help", "start", PortalHelp, info),
		fixed("portal-help", "noted", PortalHelp, noted),
	}, galleryApp()...)
}

func galleryApp() []Sample {
	pension := func(p ui.Page) PortalService {
		return PortalService{Slug: "pensione", Name: p.Pick("La mia pensione", "My pension")}
	}
	home := func(p ui.Page) AppView {
		bonus := PortalService{Slug: "bonus", Name: p.Pick("Bonus", "Bonus"), Open: true}
		return AppView{Visit: sampleVisit("Loretta Qualzeni"), Favourites: []PortalService{pension(p)},
			Themes: []AppGroup{{p.Pick("Pensione", "Pension"), []AppService{{pension(p), true}}}, {p.Pick("Aiuti", "Benefits"), []AppService{{bonus, false}}}},
			Users:  []AppGroup{{p.Pick("Chi è in pensione", "Pensioners"), []AppService{{pension(p), true}}}}}
	}
	search := func(p ui.Page) AppView {
		v := home(p)
		v.Query, v.Found, v.Favourites = "pens", []PortalService{pension(p)}, nil
		return v
	}
	news := func(p ui.Page) AppView {
		return AppView{Visit: sampleVisit(""), Tab: "news", News: []PortalNote{{Subject: p.Pick("Dal PIN a SPID", "From PIN to SPID"), Text: p.Pick("Le date da ricordare.", "The dates to remember."), From: p.Pick("Comunicato di prova", "Test press release")}}}
	}
	cns := func(p ui.Page) AppView {
		return AppView{Tab: "login", Visit: denied(sampleVisit(""), PortalError{Text: p.Pick(sampleReasons[7].it, sampleReasons[7].en), Code: "RSN-CNS-APP", Rule: "ONB-20"})}
	}
	return []Sample{
		fixed("portal-app", "tutorial", App, AppView{Visit: sampleVisit(""), Tutorial: 1}),
		fixed("portal-app", "tutorial-end", App, AppView{Visit: sampleVisit(""), Tutorial: 3}),
		sample("portal-app", "home", App, home),
		sample("portal-app", "search", App, search),
		sample("portal-app", "news", App, news),
		fixed("portal-app", "report", App, AppView{Visit: sampleVisit(""), Tab: "report", Reported: true}),
		fixed("portal-app", "login", App, AppView{Visit: sampleVisit("Loretta Qualzeni"), Tab: "login"}),
		sample("portal-app", "cns", App, cns),
		inMode(ui.ModeTrainer, sample("portal-app", "home", App, home)),
	}
}

func galleryInside() []Sample {
	my := func(p ui.Page) PortalMyView {
		return PortalMyView{Visit: sampleVisit("Ortensia Quirzoldi"), Person: "Ortensia Quirzoldi", Means: "PIN dispositivo", Guided: true, PIN: &PortalPINState{Kind: "dispositivo", Expires: time.Date(2021, 4, 1, 10, 0, 0, 0, time.UTC)},
			Services: []PortalMyService{
				{Slug: "pensione", Name: p.Pick("La mia pensione", "My pension"), Level: 2}, {Slug: "bonus", Name: p.Pick("Chiedere un bonus", "Ask for a bonus"), Level: 2},
				{Slug: "scuola", Name: p.Pick("Servizi scolastici", "School services"), Level: 2, Off: p.Pick("solo per chi ha da 5 a 13 anni", "only for people from 5 to 13")}}}
	}
	spidMy := func(p ui.Page) PortalMyView {
		v := my(p)
		v.Visit, v.Person, v.Means, v.Guided, v.PIN, v.PhonePIN, v.ActFor = sampleVisit("Loretta Qualzeni"), "Loretta Qualzeni", p.Pick("SPID, livello 2", "SPID, level 2"), false, nil, true, 2
		v.Portal.Acting, v.Portal.Stop = "Ademaro Zurquani", PathActFor
		v.Messages = []PortalNote{{At: portalTime, Subject: p.Pick("Delega registrata", "Delegation registered"), Text: p.Pick("Ora puoi agire per Ademaro Zurquani.", "Now you may act for Ademaro Zurquani.")}}
		return v
	}
	waiting := func(p ui.Page) PortalMyView {
		v := my(p)
		v.Request = &PortalRequest{Gestore: "Gestore Alfa", State: p.Pick("in attesa", "waiting"), Tone: ui.Warn, Since: portalTime, URL: "http://localhost:8088/idp/alfa/registrazione",
			Answers: []PortalResult{{"nr100", portalTime.Add(time.Minute)}}}
		v.PIN.Kind, v.PIN.Convert = "ordinario", true
		return v
	}
	current := &PortalPhonePIN{Made: portalTime, Until: portalTime.AddDate(0, 1, 0), Duration: "month", State: "active"}
	ask := PortalPhonePINView{Visit: sampleVisit("Loretta Qualzeni"), Current: current, History: []PortalPhonePIN{*current, {Made: portalTime.AddDate(0, -1, 0), Until: portalTime.AddDate(0, -1, 7), Duration: "week", State: "expired"}, {Made: portalTime.AddDate(0, -2, 0), Until: portalTime, Duration: "quarter", State: "replaced"}}}
	made := PortalPhonePINView{Visit: sampleVisit("Loretta Qualzeni"), Code: "QK7M4TD2", Until: portalTime.AddDate(0, 3, 0),
		Spelled: []string{"Q come Quarto", "K", "7", "M come Milano", "4", "T come Torino", "D come Domodossola", "2"}}
	outcome := func(outcome string) Sample {
		return fixed("contact-centre", outcome, ContactCentre, ContactCentreView{Visit: sampleVisit(""), FiscalCode: "QLZLTT71H67D548Z", Code: "QK7M4TD2", Outcome: outcome, Person: "Loretta Qualzeni", Until: portalTime})
	}
	return append([]Sample{
		sample("portal-my", "pin", PortalMy, my),
		sample("portal-my", "acting", PortalMy, spidMy),
		sample("portal-my", "waiting", PortalMy, waiting),
		inMode(ui.ModeTrainer, sample("portal-my", "acting", PortalMy, spidMy)),
		fixed("phone-pin", "ask", PortalPhonePINPage, ask),
		fixed("phone-pin", "made", PortalPhonePINPage, made),
		inMode(ui.ModeTrainer, fixed("phone-pin", "made", PortalPhonePINPage, made)),
		fixed("contact-centre", "ask", ContactCentre, ContactCentreView{Visit: sampleVisit("")}),
		outcome("valid"), outcome("expired"), outcome("replaced"), outcome("unknown"),
	}, galleryService()...)
}

func galleryService() []Sample {
	view := func(p ui.Page) PortalServiceView {
		return PortalServiceView{Visit: sampleVisit("Ademaro Zurquani"), Service: PortalMyService{Slug: "bonus", Name: p.Pick("Chiedere un bonus", "Ask for a bonus"), Words: p.Pick("Che cosa serve e come fare domanda.", "What is needed and how to apply."), Level: 2},
			Text: []string{p.Pick("Questa parte la leggono tutti.", "Anybody reads this part.")}}
	}
	inside := func(p ui.Page) PortalServiceView {
		v := view(p)
		v.Inside, v.Apply, v.Own = true, true, []PortalField{{p.Pick("Domande fatte", "Applications filed"), "0"}}
		return v
	}
	kept := func(p ui.Page) PortalServiceView {
		v := inside(p)
		v.Filed, v.Kept = true, true
		return v
	}
	filed := func(p ui.Page) PortalServiceView {
		v := inside(p)
		v.Filed = true
		return v
	}
	return []Sample{
		sample("portal-service", "outside", PortalServicePage, view),
		sample("portal-service", "inside", PortalServicePage, inside),
		sample("portal-service", "kept", PortalServicePage, kept),
		sample("portal-service", "filed", PortalServicePage, filed),
	}
}

func galleryDelegation() []Sample {
	mine := PortalDelegation{ID: "d1", Name: "Loretta Qualzeni", State: "active", Kind: "trusted", Way: "online", From: portalTime, Revoke: true}
	as := PortalDelegation{ID: "d2", Name: "Ademaro Zurquani", State: "active", Kind: "trusted", Way: "office", From: portalTime, Until: portalTime.AddDate(1, 0, 0)}
	waiting := PortalDelegation{ID: "d9", Name: "Gilda Xerquati → Tarcisio Jurquoni", State: "verifying", Kind: "administrator", Way: "office"}
	both := func(p ui.Page) PortalDelegationsView {
		fresh := mine
		fresh.ID, fresh.Name, fresh.Revoke, fresh.Why = "d3", "Ivo Xandrelli", false, p.Pick(sampleReasons[16].it, sampleReasons[16].en)
		old := as
		old.ID, old.State, old.Way = "d4", "revoked", "video"
		return PortalDelegationsView{Visit: sampleVisit("Ortensia Quirzoldi"), Person: "Ortensia Quirzoldi", Mine: []PortalDelegation{mine, fresh}, For: []PortalDelegation{as, old}, Cap: 5, Online: true, Office: true, Video: true}
	}
	sure := func(p ui.Page) PortalDelegationsView {
		v := both(p)
		v.AskedID = "d1"
		return v
	}
	real := func(p ui.Page) PortalDelegationNewView {
		return PortalDelegationNewView{FiscalCode: "RSSMRA80A01H501U", Name: "Mario", Surname: "Rossi", Confirm: true, Visit: denied(sampleVisit("Ortensia Quirzoldi"),
			PortalError{Field: "confirm", Text: p.Pick("Sembra una persona vera: usa una persona di prova.", "This looks like a real person: use a test person."), Code: "RSN-REAL-PERSON", Rule: "ONB-221"})}
	}
	people := []ui.Choice{{Value: "QRZRNS43C59A944W", Label: "Ortensia Quirzoldi"}, {Value: "QLZLTT71H67D548Z", Label: "Loretta Qualzeni"}, {Value: "XRQGLD68B69D704K", Label: "Gilda Xerquati"}, {Value: "JRQTCS55M15H294K", Label: "Tarcisio Jurquoni"}}
	counter := func(module string) DelegationCounterView {
		return DelegationCounterView{Visit: sampleVisit(""), Module: module, People: people, Principal: "JRQTCS55M15H294K", Delegate: "XRQGLD68B69D704K"}
	}
	aa10 := counter("AA10")
	aa10.Waiting, aa10.Registered = []PortalDelegation{waiting}, &waiting
	papers := func(p ui.Page) DelegationCounterView {
		v := counter("AA09")
		v.Papers = []string{"module", "delegate-document"}
		v.Visit = denied(v.Visit, PortalError{Field: "papers", Text: p.Pick("Manca un documento necessario per la delega.", "A paper that the delegation needs is missing."), Code: "RSN-DLG-PAPERS", Rule: "ONB-167", Detail: "papers lack medical-statement"})
		return v
	}
	slots := func(p ui.Page) []ui.Choice {
		return []ui.Choice{{Value: "2022-08-02T09:00:00+02:00", Label: p.Pick("martedì 2 agosto 2022, 09:00", "Tuesday 2 August 2022, 09:00")}}
	}
	book := func(p ui.Page) DelegationVideoView {
		return DelegationVideoView{Visit: sampleVisit("Loretta Qualzeni"), State: "book", Slots: slots(p)}
	}
	booked := func(p ui.Page) DelegationVideoView {
		return DelegationVideoView{Visit: sampleVisit("Loretta Qualzeni"), State: "booked", SlotWords: slots(p)[0].Label, Principal: "Ademaro Zurquani", Delegate: "Loretta Qualzeni"}
	}
	return []Sample{
		sample("delegations", "both", PortalDelegations, both),
		sample("delegations", "sure", PortalDelegations, sure),
		fixed("delegations", "none", PortalDelegations, PortalDelegationsView{Visit: sampleVisit("Ortensia Quirzoldi"), Office: true}),
		fixed("delegations", "not-yet", PortalDelegations, PortalDelegationsView{Visit: sampleVisit("Ortensia Quirzoldi")}),
		inMode(ui.ModeTrainer, sample("delegations", "both", PortalDelegations, both)),
		fixed("delegation-new", "ask", PortalDelegationNew, PortalDelegationNewView{Visit: sampleVisit("Ortensia Quirzoldi")}),
		sample("delegation-new", "real", PortalDelegationNew, real),
		fixed("act-for", "choose", ActFor, ActForView{Visit: sampleVisit("Loretta Qualzeni"), Person: "Loretta Qualzeni", People: []PortalDelegation{as}}),
		inMode(ui.ModeTrainer, fixed("act-for", "choose", ActFor, ActForView{Visit: sampleVisit("Loretta Qualzeni"), Person: "Loretta Qualzeni", People: []PortalDelegation{as}})),
		fixed("delegation-counter", "aa08", DelegationCounter, counter("AA08")),
		sample("delegation-counter", "aa09-missing", DelegationCounter, papers),
		fixed("delegation-counter", "aa10", DelegationCounter, aa10),
		sample("delegation-video", "book", DelegationVideo, book),
		sample("delegation-video", "booked", DelegationVideo, booked),
		fixed("delegation-video", "done", DelegationVideo, DelegationVideoView{Visit: sampleVisit("Loretta Qualzeni"), State: "done", Principal: "Ademaro Zurquani", Delegate: "Loretta Qualzeni"}),
	}
}
