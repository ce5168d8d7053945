package templates

import (
	"slices"
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
		Visit: sampleVisit(""), PIN: PINTab, Phase: PINNoEnd, CIEURL: "/spid/login?idp=cie&level=3", LoginURL: "/spid/login", Login: []ui.Hidden{{Name: "level", Value: "2"}},
		Profiles: []ui.Choice{{Value: "citizen", Label: p.Pick("Cittadino", "Citizen")}, {Value: "intermediary", Label: p.Pick("Intermediario", "Intermediary")}},
		Gestori: []SPGestore{
			{Slug: "beta", Name: "Gestore Beta", Badge: "GB"}, {Slug: "prova", Name: "Gestore di prova", Badge: "GP"}, {Slug: "alfa", Name: "Gestore Alfa", Badge: "GA"},
			{Slug: "gamma", Name: "Gestore Gamma", Badge: "GG", Off: p.Pick("in manutenzione fino alle 12:00", "under maintenance until 12:00")},
		},
		People: []PortalPersona{
			{Name: "Ortensia Quirzoldi", FiscalCode: "QRZRNS43C59A944W", Kind: "dispositivo", Status: "ACTIVE8", URL: "/accedi?via=pin&cf=QRZRNS43C59A944W"},
			{Name: "Nives Jolzetti", FiscalCode: "JLZNVS85T48H199M", Kind: "ordinario", Status: "EXPIRED", URL: "/accedi?via=pin&cf=JLZNVS85T48H199M", Picked: true},
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
		sample("portal-mask", "phone", PortalMask, func(p ui.Page) PortalMaskView {
			v := over(p)
			v.Phone, v.Via = true, "phone"
			return v
		}),
		inMode(ui.ModeTrainer, sample("portal-mask", "transition", PortalMask, sampleMask)),
		inMode(ui.ModeTrainer, sample("portal-mask", "pin-wrong", PortalMask, pin)),
		fixed("portal-mask", "hostile", PortalMask, PortalMaskView{Visit: denied(sampleVisit(sampleHostile), PortalError{Field: "cf", Text: sampleHostile, Code: sampleHostile}),
			Via: "pin", PIN: PINTab, FiscalCode: sampleHostile, LoginURL: "javascript:alert(1)", Gestori: []SPGestore{{Slug: sampleHostile, Name: sampleHostile}}}),
	}
	return slices.Concat(samples, galleryReader(), galleryUnusual(), galleryReasons())
}

func galleryUnusual() []Sample {
	ask := func(p ui.Page) PortalUnusualView {
		v := PortalUnusualView{Visit: sampleVisit(""), Means: p.T("means.cie", 3)}
		v.Portal.Console = "http://localhost:8088"
		return v
	}
	wrong := func(p ui.Page) PortalUnusualView {
		v := ask(p)
		v.Visit = denied(v.Visit, PortalError{Field: "code", Text: p.Pick("Il codice non è giusto. Controllalo e riprova.", "The code is not right. Check it and try again."), Code: "RSN-CODE-WRONG", Rule: "ONB-149"})
		return v
	}
	over := func(p ui.Page) PortalUnusualView {
		v := wrong(p)
		v.Errors[0].Text, v.Errors[0].Code = p.Pick("Il codice è scaduto: dura 10 minuti. Fattene mandare un altro.", "The code has expired: it lasts 10 minutes. Ask for another one."), "RSN-CODE-EXPIRED"
		v.Again = PathArrival
		return v
	}
	return []Sample{sample("portal-unusual", "expired", PortalUnusual, over), sample("portal-unusual", "ask", PortalUnusual, ask), sample("portal-unusual", "wrong", PortalUnusual, wrong), inMode(ui.ModeTrainer, sample("portal-unusual", "ask", PortalUnusual, ask))}
}

func galleryReader() []Sample {
	empty := func(p ui.Page) PortalCardView {
		return PortalCardView{Visit: sampleVisit(""), TLSURL: "/cns/certificato", Cards: []PortalCardChoice{
			{ID: "P04", Holder: "Ivo Xandrelli"}, {ID: "P13", Holder: "Gilda Xerquati"},
			{ID: "P16", Holder: "Io Zux", Note: p.Pick("non attivata per i servizi online", "not enabled for online services")}}}
	}
	ready := PortalCardView{Visit: sampleVisit(""), Card: "P04", Holder: "Ivo Xandrelli", Number: "0000 0000 0004", Ready: true, PIN: "12345678"}
	dead := func(p ui.Page) PortalCardView {
		return PortalCardView{Card: "P16", Holder: "Io Zux", Visit: denied(sampleVisit(""),
			PortalError{Text: p.Pick("Questa carta non è attivata per i servizi online.", "This card is not enabled for online services."), Code: "RSN-MEANS", Rule: "ONB-125"})}
	}
	return []Sample{
		sample("portal-cns", "empty", PortalCard, empty),
		fixed("portal-cns", "ready", PortalCard, ready),
		sample("portal-cns", "refused", PortalCard, dead),
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
