package templates

import (
	"time"

	"spidsim/internal/clock"
	"spidsim/templates/ui"
)

var sampleDocuments = []PortalDocument{
	{Kind: "cie", Number: "ZZ00001ZZ", Expires: clock.Date(2028, time.March, 19)},
	{Kind: "passport", Number: "ZZ0000001", Expires: clock.Date(2019, time.May, 2), Expired: true},
}

func galleryPIN() []Sample {
	visit := sampleVisit("")
	lost := func(state string, view PortalPINLostView) Sample {
		view.Visit, view.State = visit, state
		return fixed("pin-lost", state, PortalPINLost, view)
	}
	channels := []string{"sms", "letter"}
	again := func(p ui.Page) PortalPINNewView {
		return PortalPINNewView{Visit: denied(visit, PortalError{Field: "new_pin", Text: p.Pick("Il nuovo PIN ha 8 lettere o cifre.", "The new PIN has 8 letters or digits."), Code: "RSN-PIN-FORM", Rule: "ONB-33"})}
	}
	renew := PortalPINRenewView{Visit: visit, FiscalCode: "QRZRNS43C59A944W", Expired: clock.Date(2021, time.June, 14), Months: 6, Clipped: true}
	halves := func(p ui.Page) PortalPINRequestView {
		return PortalPINRequestView{Visit: visit, FiscalCode: "QXLDNI47P49A944M", Given: &PortalPINGiven{Kind: "ordinario", Channels: channels, Letter: true}}
	}
	noNew := func(p ui.Page) PortalPINRequestView {
		return PortalPINRequestView{Closed: true, FiscalCode: "QXLDNI47P49A944M", Way: "online", By: "self", Visit: denied(visit,
			PortalError{Text: p.Pick(sampleReasons[5].it, sampleReasons[5].en), Code: "RSN-PIN-NO-NEW", Rule: "ONB-51"})}
	}
	return []Sample{
		fixed("pin-lost", "ask", PortalPINLost, PortalPINLostView{Visit: visit}),
		sample("pin-lost", "sent", PortalPINLost, func(p ui.Page) PortalPINLostView {
			return PortalPINLostView{Visit: visit, State: LostSent, Channels: channels[:1], LinkURL: "/pin/smarrito?link=abc"}
		}),
		lost(LostSecond, PortalPINLostView{Carry: []PortalField{{"cf", "QRZRNS43C59A944W"}}}),
		lost(LostNone, PortalPINLostView{}),
		fixed("pin-lost", "none-may-ask", PortalPINLost, PortalPINLostView{Visit: visit, State: LostNone, MayAsk: true}),
		lost(LostReset, PortalPINLostView{Carry: []PortalField{{"link", "abc"}}}),
		sample("pin-lost", "halves", PortalPINLost, func(p ui.Page) PortalPINLostView {
			return PortalPINLostView{Visit: visit, State: LostHalves, Channels: channels}
		}),
		fixed("pin-new", "ask", PortalPINNew, PortalPINNewView{Visit: visit, FiscalCode: "QRZRNS43C59A944W"}),
		sample("pin-new", "wrong", PortalPINNew, again),
		inMode(ui.ModeTrainer, fixed("pin-new", "ask", PortalPINNew, PortalPINNewView{Visit: visit})),
		fixed("pin-renew", "clipped", PortalPINRenew, renew),
		fixed("pin-request", "open", PortalPINRequest, PortalPINRequestView{Visit: visit}),
		fixed("pin-request", "closed", PortalPINRequest, PortalPINRequestView{Visit: visit, Closed: true}),
		fixed("pin-request", "abroad", PortalPINRequest, PortalPINRequestView{Visit: visit, Abroad: true}),
		sample("pin-request", "no-new", PortalPINRequest, noNew),
		sample("pin-request", "halves", PortalPINRequest, halves),
		fixed("pin-request", "envelope", PortalPINRequest, PortalPINRequestView{Visit: visit,
			Given: &PortalPINGiven{Kind: "dispositivo", Envelope: true, PIN: "K7QD4MHX92TR5WQA", Dedicated: true}}),
		fixed("pin-mine", "active", PortalPINMine, PortalPINMineView{Visit: sampleVisit("Ademaro Zurquani"), Kind: "ordinario", Status: "ACTIVE8", LastDay: clock.Date(2021, time.March, 15)}),
		fixed("pin-mine", "revoke", PortalPINMine, PortalPINMineView{Visit: sampleVisit("Ademaro Zurquani"), Kind: "dispositivo", Status: "ACTIVE8", Ask: true, Again: true}),
		fixed("pin-mine", "revoked", PortalPINMine, PortalPINMineView{Visit: sampleVisit("Ademaro Zurquani"), Kind: "ordinario", Status: "REVOKED"}),
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
		return PortalIdPsView{Visit: visit, Year: "2020", Items: sampleCatalogue()}
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

func sampleCatalogue() []PortalIdP {
	counter, webcam := PortalMode{Key: "COUNTER", Year: 2020}, PortalMode{Key: "WEBCAM", Paid: true, Year: 2020}
	return []PortalIdP{
		{Slug: "alfa", Name: "Gestore Alfa", Badge: "GA", Levels: []int{1, 2, 3}, Area: "IT", Modes: []PortalMode{counter, {Key: "HOME", Paid: true, Year: 2020}, {Key: "AV_TRANSFER", Symbolic: true, Year: 2021}}},
		{Slug: "beta", Name: "Gestore Beta", Badge: "GB", Levels: []int{1, 2}, Area: "EU", Modes: []PortalMode{webcam, {Key: "EDOC_PASSPORT", Cents: 1000, Year: 2025}}, Fee: &PortalFee{Cents: 598, Year: 2025}},
		{Slug: "gamma", Name: "Gestore Gamma", Badge: "GG", Levels: []int{1, 2}, Area: "IT", Modes: []PortalMode{counter}, Fee: &PortalFee{Cents: 990, PlusVAT: true, After: 1, Year: 2026}, Off: true},
	}
}
