package templates

import (
	"time"

	"spidsim/internal/clock"
	"spidsim/templates/ui"
)

func galleryInside() []Sample {
	my := func(p ui.Page) PortalMyView {
		return PortalMyView{Visit: sampleVisit("Ortensia Quirzoldi"), Person: "Ortensia Quirzoldi", Means: "PIN dispositivo", Guided: true, PIN: &PortalPINState{Kind: "dispositivo", Expires: clock.Date(2021, time.April, 1)},
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
		v.Request = &PortalRequest{Gestore: "Gestore Alfa", Stage: "waiting", Since: portalTime, URL: "http://localhost:8088/idp/alfa/registrazione",
			Answers: []PortalResult{{"nr100", portalTime.Add(time.Minute)}}}
		v.PIN.Kind, v.PIN.Convert = "ordinario", true
		return v
	}
	profiles := func(p ui.Page) PortalMyView {
		v := my(p)
		v.Visit, v.Person, v.Profiles = sampleVisit("Nives Jolzetti"), "Nives Jolzetti", []string{p.T("profile.citizen"), p.T("profile.intermediary")}
		return v
	}
	filed := func(p ui.Page) PortalMyView {
		v := waiting(p)
		v.Filed = []PortalFiled{{Service: v.Services[1].Name, At: portalTime, Kept: true}, {Service: v.Services[1].Name, At: portalTime.AddDate(0, -1, 0)}}
		return v
	}
	current := &PortalPhonePIN{Made: portalTime, Until: portalTime.AddDate(0, 1, 0), Duration: "1m", State: "active"}
	ask := PortalPhonePINView{Visit: sampleVisit("Loretta Qualzeni"), Current: current, History: []PortalPhonePIN{*current, {Made: portalTime.AddDate(0, -1, 0), Until: portalTime.AddDate(0, -1, 7), Duration: "1w", State: "expired"}, {Made: portalTime.AddDate(0, -2, 0), Until: portalTime, Duration: "3m", State: "replaced"}}}
	made := PortalPhonePINView{Visit: sampleVisit("Loretta Qualzeni"), Code: "QK7M4TD2", Until: portalTime.AddDate(0, 3, 0),
		Spelled: []string{"Q come Quarto", "K", "7", "M come Milano", "4", "T come Torino", "D come Domodossola", "2"}}
	outcome := func(outcome string) Sample {
		return fixed("contact-centre", outcome, ContactCentre, ContactCentreView{Visit: sampleVisit(""), FiscalCode: "QLZLTT71H67D548Z", Code: "QK7M4TD2", Outcome: outcome, Person: "Loretta Qualzeni", Until: portalTime})
	}
	return append([]Sample{
		sample("portal-my", "pin", PortalMy, my),
		sample("portal-my", "acting", PortalMy, spidMy),
		sample("portal-my", "waiting", PortalMy, waiting),
		sample("portal-my", "profiles", PortalMy, profiles),
		sample("portal-my", "filed", PortalMy, filed),
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
		v.Inside, v.Apply = true, true
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
	mine := PortalDelegation{ID: "d1", Name: "Loretta Qualzeni", State: "active", Kind: "fiducia", Way: "online", From: portalTime, Revoke: true}
	as := PortalDelegation{ID: "d2", Name: "Ademaro Zurquani", State: "active", Kind: "fiducia", Way: "office", From: portalTime, Until: clock.Date(2021, time.October, 15)}
	waiting := PortalDelegation{ID: "d9", Name: "Gilda Xerquati → Tarcisio Jurquoni", State: "verifying", Kind: "amministratore", Way: "office"}
	both := func(p ui.Page) PortalDelegationsView {
		fresh := mine
		fresh.ID, fresh.Name, fresh.State, fresh.Revoke = "d3", "Ivo Xandrelli", "draft", false
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
		return PortalDelegationNewView{FiscalCode: "RSSMRA80A01H501U", Name: "Mario", Surname: "Rossi", Visit: denied(sampleVisit("Ortensia Quirzoldi"),
			PortalError{Field: "cf", Text: p.Pick("Sembra una persona vera: usa una persona di prova.", "This looks like a real person: use a test person."), Code: "RSN-REAL-PERSON", Rule: "ONB-221"})}
	}
	people := []ui.Choice{{Value: "QRZRNS43C59A944W", Label: "Ortensia Quirzoldi"}, {Value: "QLZLTT71H67D548Z", Label: "Loretta Qualzeni"}, {Value: "XRQGLD68B69D704K", Label: "Gilda Xerquati"}, {Value: "JRQTCS55M15H294K", Label: "Tarcisio Jurquoni"}}
	counter := func(module string) DelegationCounterView {
		return DelegationCounterView{Visit: sampleVisit(""), Module: module, People: people, Principal: "JRQTCS55M15H294K", Delegate: "XRQGLD68B69D704K"}
	}
	aa10 := counter("AA10")
	aa10.Waiting, aa10.Active = []PortalDelegation{waiting}, []PortalDelegation{mine}
	checked := counter("AA08")
	checked.CheckPrincipal, checked.CheckDelegate, checked.CheckIdentified = "QRZRNS43C59A944W", "QLZLTT71H67D548Z", true
	checked.Checked = &CheckedDelegation{Principal: "Ortensia Quirzoldi", Delegate: "Loretta Qualzeni"}
	unknown := func(p ui.Page) DelegationCounterView {
		v := counter("AA08")
		v.Visit = denied(v.Visit, PortalError{Field: "check_delegate", Text: p.Pick("Non hai una delega attiva per questa persona.", "You have no active delegation for this person."), Code: "RSN-DLG-NONE", Rule: "ONB-172"})
		return v
	}
	papers := func(p ui.Page) DelegationCounterView {
		v := counter("AA09")
		v.Papers = []string{"delegate-copy"}
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
		fixed("delegation-counter", "pec", DelegationCounter, counter("PEC")),
		fixed("delegation-counter", "checked", DelegationCounter, checked),
		sample("delegation-counter", "no-delegation", DelegationCounter, unknown),
		sample("delegation-video", "book", DelegationVideo, book),
		sample("delegation-video", "booked", DelegationVideo, booked),
		fixed("delegation-video", "done", DelegationVideo, DelegationVideoView{Visit: sampleVisit("Loretta Qualzeni"), State: "done", Principal: "Ademaro Zurquani", Delegate: "Loretta Qualzeni"}),
	}
}
