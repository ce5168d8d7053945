package templates

import (
	"time"

	"spidsim/templates/ui"
)

// galleryEnrol are the pages of the registration at a gestore, its counters and the care of an identity.
func galleryEnrol() []Sample {
	var all []Sample
	for _, group := range [][]Sample{
		galleryEnrolForm(), galleryEnrolContacts(), galleryEnrolDocuments(), galleryEnrolModes(), galleryProcedureCode(), galleryCounter(),
		galleryVideo(), galleryReview(), galleryDevices(), galleryRAO(), galleryCredentials(), galleryEnrolEnds(), galleryIdentity(), galleryMinor(),
	} {
		all = append(all, group...)
	}
	return all
}

// sampleEnrolled is when the samples of the registration happen.
var sampleEnrolled = time.Date(2020, 10, 15, 8, 12, 0, 0, time.UTC)

var sampleLastDay = time.Date(2020, 11, 14, 22, 59, 59, 0, time.UTC)

func sampleEnrol(state string, events ...string) Enrol {
	return Enrol{
		Gestore: Gestore{Slug: "alfa", Name: "Gestore Alfa", Badge: "GA", Address: "localhost:8088/idp/alfa/richiedi"}, Service: sampleService,
		Cancel: "/idp/alfa/richiedi/annulla", Mail: "/messaggi?to=ortensia.quirzoldi",
		Dev: &EnrolDev{ID: "enr_7c1e0b52", State: state, Events: events, URL: "/api/v1/enrolments/enr_7c1e0b52"},
	}
}

// inLesson puts a page into a lesson, with phone and mailbox.
func inLesson(e Enrol, step int, what string) Enrol {
	e.Scene = &Scene{Step: step, What: what, Person: "Ortensia", Clock: "10:24",
		Steps: []string{"Il PIN entra", "L’avviso", "Il gestore", "I dati", "Il codice", "Lo sportello", "Le credenziali", "SPID è attivo", "Il primo accesso"}}
	return e
}

func sampleData() PersonData {
	return PersonData{FiscalCode: "QRZRNS43C59A944W", FamilyName: "Quirzoldi", GivenName: "Ortensia", Sex: "F", BirthDate: "19/03/1943", BirthPlace: "Bologna",
		Address: "Via delle Prove 7", Town: "Bologna", PostalCode: "40100", Nationality: "Italiana"}
}

func sampleExamples(p ui.Page) []EnrolPerson {
	return []EnrolPerson{{Name: "Ortensia Quirzoldi", Words: p.Pick("77 anni, pensionata, ha il PIN", "77, retired, has the PIN"), URL: "/idp/alfa/richiedi?persona=P01"}}
}

func sampleIDs(p ui.Page) []SampleDocument {
	return []SampleDocument{
		{Title: p.Pick("Carta d’identità", "identity card"), Holder: "Quirzoldi Ortensia", Born: "19.03.1943 Bologna", Number: "ZZ00001ZZ", Issued: "19.03.2017", Expires: "19.03.2027", URL: "/idp/alfa/richiedi?document=id", Picked: true},
		{Title: p.Pick("Passaporto", "passport"), Holder: "Quirzoldi Ortensia", Born: "19.03.1943 Bologna", Number: "ZZ0000001", Issued: "02.05.2009", Expires: "01.05.2019", Expired: true, URL: "/idp/alfa/richiedi?document=passport"},
	}
}

func galleryEnrolForm() []Sample {
	arrived := func(p ui.Page) EnrolFormView {
		d := sampleData()
		return EnrolFormView{Enrol: sampleEnrol("R1 FORM", "EV-save", "EV-cancel"), Locked: true, Consent: sampleEnrolled, People: sampleExamples(p),
			Data: PersonData{FiscalCode: d.FiscalCode, FamilyName: d.FamilyName, GivenName: d.GivenName}}
	}
	wrong := func(p ui.Page) EnrolFormView {
		v := arrived(p)
		v.Data = sampleData()
		v.Data.BirthDate = "19/04/1943"
		v.Problems = []EnrolProblem{{Field: "born", Text: p.Pick("Il codice fiscale dice 19 marzo 1943. Controlla il mese.", "The tax code says 19 March 1943. Check the month."), Code: "RSN-CF", Rule: "ONB-104"}}
		return v
	}
	direct := func(p ui.Page) EnrolFormView {
		return EnrolFormView{Enrol: Enrol{Gestore: sampleEnrol("").Gestore}, People: sampleExamples(p)}
	}
	real := func(p ui.Page) EnrolFormView {
		v := direct(p)
		v.AskReal = true
		v.Data = sampleData()
		v.Data.FiscalCode = "RSSMRA80A01H501U"
		v.Problems = []EnrolProblem{{Field: "invented", Text: p.Pick("Sembra una persona vera: usa una persona di prova.", "This looks like a real person: use a test person."), Rule: "UX-36"}}
		return v
	}
	minor := func(p ui.Page) EnrolFormView {
		v := direct(p)
		v.Data = PersonData{FiscalCode: "WZZBND07E14G337Y", FamilyName: "Wuzzoli", GivenName: "Brando", Sex: "M", BirthDate: "14/05/2007", BirthPlace: "Parma"}
		v.Problems = []EnrolProblem{{Field: "born", Text: p.Pick("SPID per chi ha meno di 18 anni si chiede da un genitore, dal 3 marzo 2022.", "Minors: by a parent, from 3 March 2022."),
			Why: p.Pick("La regola è nelle linee guida AgID per i minori.", "The rule is in AgID’s guidelines for minors."), Code: "RSN-MINOR", Rule: "ONB-105"}}
		return v
	}
	lesson := func(p ui.Page) EnrolFormView {
		v := arrived(p)
		v.Enrol = inLesson(v.Enrol, 4, p.Pick("Il portale ha mandato tre dati al gestore. Gli altri li scrivi tu.", "The portal sent three data to the provider. You write the others."))
		return v
	}
	return []Sample{
		sample("enrol-form", "arrived", EnrolForm, arrived),
		sample("enrol-form", "wrong", EnrolForm, wrong),
		sample("enrol-form", "direct", EnrolForm, direct),
		sample("enrol-form", "real", EnrolForm, real),
		sample("enrol-form", "minor", EnrolForm, minor),
		inMode(ui.ModeTrainer, sample("enrol-form", "lesson", EnrolForm, lesson)),
		inMode(ui.ModeTrainer, sample("enrol-form", "minor", EnrolForm, minor)),
		fixed("enrol-form", "hostile", EnrolForm, EnrolFormView{Enrol: Enrol{Gestore: sampleGestore, Service: sampleHostile, Action: "javascript:alert(1)", Cancel: "javascript:alert(1)",
			Problems: []EnrolProblem{{Text: sampleHostile, Why: sampleHostile, Code: sampleHostile}}}, Locked: true, Data: PersonData{FiscalCode: sampleHostile, Address: sampleHostile}}),
	}
}

func galleryEnrolContacts() []Sample {
	start := ContactsView{Enrol: sampleEnrol("R2 CONTACTS", "EV-cancel"), Fill: "/idp/alfa/richiedi?fill=yes"}
	wrong := func(p ui.Page) ContactsView {
		v := start
		v.Email, v.Phone = "ortensia", "12"
		v.Problems = []EnrolProblem{
			{Field: "email", Text: p.Pick("L’e-mail non è completa: manca la chiocciola.", "The e-mail is not complete: the @ is missing.")},
			{Field: "mobile", Text: p.Pick("Il numero è troppo corto.", "The number is too short.")},
		}
		return v
	}
	codes := ContactCodesView{Enrol: sampleEnrol("R2 CONTACTS", "EV-verify-mail", "EV-verify-phone", "EV-cancel"), Email: "ortensia.quirzoldi@personas.example", Phone: "+39 399 000 0001",
		Validity: 9*time.Minute + 30*time.Second, Change: "/idp/alfa/richiedi?contacts=change"}
	codes.Scene = &Scene{Person: "Ortensia", Clock: "10:24", Phone: []Message{{Channel: "sms", From: "Gestore Alfa", Text: "Il tuo codice è", Code: "481927", At: sampleEnrolled}},
		Mailbox: []Message{{Channel: "email", From: "Gestore Alfa", Subject: "Il tuo codice", Text: "Scrivi questo codice nella pagina del gestore: 905 331", Code: "905331", At: sampleEnrolled}}}
	half := func(p ui.Page) ContactCodesView {
		v := codes
		v.EmailDone, v.PhoneCode = true, "111111"
		v.Problems = []EnrolProblem{{Field: "mobile_code", Text: p.Pick("Questo codice non è giusto. Riprova, o chiedine uno nuovo.", "This code is not right. Try again, or ask for a new one."), Rule: "ONB-103"}}
		return v
	}
	lesson := codes
	lesson.Scene = inLesson(codes.Enrol, 4, "Il gestore prova che l’e-mail e il telefono sono tuoi. I codici arrivano qui accanto.").Scene
	lesson.Scene.Phone, lesson.Scene.Mailbox = codes.Scene.Phone, codes.Scene.Mailbox
	return []Sample{
		fixed("contacts", "start", Contacts, start),
		sample("contacts", "wrong", Contacts, wrong),
		inMode(ui.ModeTrainer, fixed("contacts", "start", Contacts, start)),
		fixed("codes", "sent", ContactCodes, codes),
		sample("codes", "half", ContactCodes, half),
		inMode(ui.ModeTrainer, fixed("codes", "lesson", ContactCodes, lesson)),
	}
}

func galleryEnrolDocuments() []Sample {
	types := func(p ui.Page) []ui.Choice {
		return []ui.Choice{{Value: "CIE", Label: p.Pick("carta d’identità elettronica", "electronic identity card")}, {Value: "PASSPORT", Label: p.Pick("passaporto", "passport")}}
	}
	picked := func(p ui.Page) DocumentsView {
		return DocumentsView{Enrol: sampleEnrol("R3 DOCUMENTS", "EV-docs", "EV-cancel"), Samples: sampleIDs(p), Types: types(p), Type: "CIE", Number: "ZZ00001ZZ", Issued: "19/03/2017", Expires: "19/03/2027",
			CardNumber: "QRZRNS43C59A944W", Holder: "Quirzoldi Ortensia"}
	}
	wrong := func(p ui.Page) DocumentsView {
		v := picked(p)
		v.Samples[0].Picked, v.Samples[1].Picked = false, true
		v.Type, v.Number, v.Issued, v.Expires = "PASSPORT", "ZZ0000001", "02/05/2009", "01/05/2019"
		v.Problems = []EnrolProblem{
			{Field: "expires", Text: p.Pick("Il documento è scaduto.", "The document has expired."), Code: "RSN-DOC", Rule: "ONB-106"},
			{Field: "health_card", Text: p.Pick("Manca la tessera sanitaria.", "The health card is missing."), Code: "RSN-DOC", Rule: "ONB-106"},
		}
		return v
	}
	return []Sample{
		sample("documents", "picked", Documents, picked),
		sample("documents", "wrong", Documents, wrong),
		inMode(ui.ModeTrainer, sample("documents", "picked", Documents, picked)),
	}
}

func galleryEnrolModes() []Sample {
	rows := func(p ui.Page) []ModeRow {
		free, paid := p.Pick("gratis", "free"), p.Pick("a pagamento", "paid")
		return []ModeRow{
			{Key: "COUNTER", Cost: free, Year: "2020"}, {Key: "HOME", Cost: paid, Year: "2020"}, {Key: "EVENT", Cost: free, Year: "2020"}, {Key: "WEBCAM", Cost: paid, Year: "2020"},
			{Key: "AV_TRANSFER", Cost: p.Pick("importo simbolico", "symbolic amount"), Year: "2021"}, {Key: "SMS_CERTIFIED", Cost: free, Year: "2020"}, {Key: "BANCOPOSTA_READER"}, {Key: "RAO", Cost: free},
			{Key: "CIE_READER", Cost: free, Reason: p.Pick("La tua carta non è ancora abilitata all’uso online.", "Your card is not yet enabled for online use."), Rule: "ONB-125"},
			{Key: "CNS_READER", Cost: free, Reason: p.Pick("Non hai un lettore di carte.", "You have no card reader."), Rule: "ONB-125"},
			{Key: "SIGNATURE", Cost: free, Reason: p.Pick("Non hai una firma digitale.", "You have no digital signature."), Rule: "ONB-125"},
			{Key: "EDOC_CIE3", Cost: free, Reason: p.Pick("La tua carta è di un tipo vecchio.", "Your card is of an old kind."), Rule: "ONB-126"},
			{Key: "EDOC_PASSPORT", Cost: free, Reason: p.Pick("Il tuo passaporto è del 2005.", "Your passport is of 2005."), Rule: "ONB-126"},
		}
	}
	start := func(p ui.Page) ModesView {
		return ModesView{Enrol: sampleEnrol("R4 MODE", "EV-mode", "EV-cancel"), Modes: rows(p), TwoWays: true}
	}
	missing := func(p ui.Page) ModesView {
		v := start(p)
		v.TwoWays, v.Failed = false, "WEBCAM"
		v.Problems = []EnrolProblem{{Field: "mode", Text: p.Pick("Scegli un modo.", "Choose a way.")}}
		return v
	}
	all := func(p ui.Page) ModesView {
		v := start(p)
		v.TwoWays = false
		for i := range v.Modes {
			v.Modes[i].Reason, v.Modes[i].Rule = "", ""
		}
		return v
	}
	lesson := func(p ui.Page) ModesView {
		v := start(p)
		v.Modes = append(v.Modes[:2:2], v.Modes[8])
		v.TwoWays, v.Chosen = false, "COUNTER"
		v.Enrol = inLesson(v.Enrol, 5, p.Pick("Il gestore sa chi dici di essere, ma non ti ha ancora visto.", "The provider knows who you say you are, but has not seen you yet."))
		return v
	}
	return []Sample{
		sample("modes", "start", Modes, start),
		sample("modes", "missing", Modes, missing),
		sample("modes", "all", Modes, all),
		inMode(ui.ModeTrainer, sample("modes", "lesson", Modes, lesson)),
	}
}
