package templates

import (
	"time"

	"spidsim/spid"
	"spidsim/templates/ui"
)

func sampleGestori() []GestoreRow {
	rows := []GestoreRow{{Slug: "prova", Name: "Gestore di prova", Badge: "GP"}, {Slug: "alfa", Name: "Gestore Alfa", Badge: "AL"}, {Slug: "beta", Name: "Gestore Beta", Badge: "BE"}}
	for i := range rows {
		rows[i].EntityID = "http://localhost:8088/idp/" + rows[i].Slug
		rows[i].MetadataURL = rows[i].EntityID + "/metadata"
	}
	return rows
}

func samplePeople(p ui.Page) []PersonRow {
	return []PersonRow{
		{Username: "loretta.qualzeni", Password: "prova", Name: "Loretta Qualzeni", FiscalCode: "QLZLTT71H67D548Z", Born: "1971-06-27", Levels: []spid.Level{1, 2},
			IdPs: []string{"Gestore di prova"}, SecondFactors: []string{FactorSMS}, Phone: "+39 399 000 0003", Email: "loretta.qualzeni@personas.example",
			Status: "active", Note: p.Pick("va tutto bene, codice per SMS", "all goes well, code by SMS")},
		{Username: "ivo.xandrelli", Password: "prova", Name: "Ivo Xandrelli", FiscalCode: "XNDVIO62A31H223L", Born: "1962-01-31", Levels: []spid.Level{1, 2, 3},
			IdPs: []string{"Gestore di prova", "Gestore Alfa"}, SecondFactors: []string{FactorSMS, FactorTOTP, FactorApp}, TOTPSecret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
			EnrolURL: "/persone/ivo.xandrelli/totp", Phone: "+39 399 000 0004", Email: "ivo.xandrelli@personas.example", CardID: "0000 0000 0004", PIN: "12345678", PUK: "87654321",
			Status: "active", Note: p.Pick("carta di livello 3, due gestori", "level-3 card, two providers")},
		{Username: "mirta.xolzani", Password: "prova", Name: "Mirta Xolzani", FiscalCode: "XLZMRT79D62G535V", Born: "1979-04-22", Levels: []spid.Level{1},
			IdPs: []string{"Gestore di prova"}, Status: "active", Ends: spid.LevelNotHeld, Note: p.Pick("le manca il livello 2", "lacks level 2")},
		{Username: "otello.vrizquo", Password: "prova", Name: "Otello Vrizquo", FiscalCode: "VRZTLL59T25C573I", Born: "1959-12-25", Levels: []spid.Level{1, 2},
			IdPs: []string{"Gestore di prova"}, SecondFactors: []string{FactorSMS}, Status: "suspended", Ends: spid.IdentityBlocked, Note: p.Pick("identità sospesa", "identity suspended"),
			CardID: "0000 0000 0014", PIN: "12345678", PUK: "87654321", CardNote: p.Pick("revocata", "revoked"), More: []MoreCard{{Name: "CIE", ID: "000000000114", PIN: "12345678", PUK: "87654321", Note: p.Pick("carta scaduta", "card expired")}, {Name: "CNS", ID: "000000000214", PIN: "12345678", PUK: "87654321"}}, Kind: p.Pick("uso professionale", "professional use")},
		{Username: "ortensia", Chosen: true, Name: "Ortensia Quirzoldi", FiscalCode: "QRZRNS43C59A944W", Born: "1943-03-19", Levels: []spid.Level{1, 2},
			IdPs: []string{"Poste"}, SecondFactors: []string{FactorSMS}, Status: "active", Note: p.Pick("identità attivata con la richiesta guidata", "identity activated by the assisted request")},
	}
}

func sampleServices(p ui.Page) []ServiceRow {
	until := time.Date(2028, 11, 21, 0, 0, 0, 0, time.UTC)
	return []ServiceRow{
		{Name: sampleService, EntityID: "http://localhost:8089", URL: "/servizi/portale", Source: "portale", State: ui.OK, CertUntil: until, ReadAt: sampleTime},
		{Name: "Servizio in prova", EntityID: "http://localhost:3000", URL: "/servizi/3000", Source: "http://localhost:3000/metadata", State: ui.Warn, Warnings: 2, CertUntil: until, ReadAt: sampleTime},
		{EntityID: "https://vecchio.example", URL: "/servizi/vecchio", Source: "vecchio.xml", State: ui.Bad, Errors: 1, Note: p.Pick("chiave RSA di 1024 bit, riga 14", "RSA key of 1024 bits, line 14"), ReadAt: sampleTime},
	}
}

func sampleExchanges() []ExchangeRow {
	return []ExchangeRow{
		{ID: "_7c1e", URL: "/scambi/_7c1e", At: sampleTime, Service: "Servizio in prova", Anomaly: spid.BadAuthnContext, Errors: 1, Warnings: 1},
		{ID: "_2b90", At: sampleTime.Add(-2 * time.Minute), Service: sampleService, Person: "Loretta Qualzeni", Anomaly: spid.Success},
		{ID: "_e41d", At: sampleTime.Add(-4 * time.Minute), Service: sampleService, Person: "Otello Vrizquo", Anomaly: spid.IdentityBlocked},
		{ID: "_05fa", At: sampleTime.Add(-9 * time.Minute), Service: sampleService, Person: "Ivo Xandrelli"},
		{ID: "_c877", At: sampleTime.Add(-11 * time.Minute), Service: sampleService, Person: "Ivo Xandrelli", Anomaly: spid.Cancelled, Warnings: 1},
	}
}

func sampleMessages() []Message {
	return []Message{
		{ID: "m4", Channel: "sms", From: "Gestore di prova", To: "+39 399 000 0004", User: "ivo.xandrelli", Text: "Il tuo codice è 481927.", Code: "481927", At: sampleTime, URL: "/messaggi/m4"},
		{ID: "m3", Channel: "app", From: "Gestore Alfa", To: "ivo.xandrelli", User: "ivo.xandrelli", Text: "Vuoi entrare in Istituto (simulazione)?", Answer: "approve", At: sampleTime.Add(-time.Minute), URL: "/messaggi/m3"},
		{ID: "m2", Channel: "email", From: "Gestore di prova", To: "loretta.qualzeni@personas.example", User: "loretta.qualzeni", Subject: "Accesso a Istituto (simulazione)", Text: "Gentile Loretta,\n\nalle 09:38 hai usato la tua identità di prova.", At: sampleTime.Add(-3 * time.Minute), URL: "/messaggi/m2"},
		{ID: "m1", Channel: "letter", From: "Istituto (simulazione)", To: "Ortensia Quirzoldi", User: "ortensia.quirzoldi", Subject: "Seconda parte del PIN", Text: "Ecco le ultime otto cifre.", Code: "40318827", At: sampleTime.Add(-24 * time.Hour), URL: "/messaggi/m1"},
	}
}

// sampleQR has the three finder squares and noise between them: a picture of a code, not a code.
func sampleQR() ui.QR {
	const n = 33
	q := make(ui.QR, n)
	for y := range q {
		q[y] = make([]bool, n)
		for x := range q[y] {
			q[y][x] = (x*x*7+y*13+x*y*3)%5 < 2
		}
	}
	for _, c := range [][2]int{{0, 0}, {n - 7, 0}, {0, n - 7}} {
		for y := range 7 {
			for x := range 7 {
				edge, core := x == 0 || y == 0 || x == 6 || y == 6, x >= 2 && x <= 4 && y >= 2 && y <= 4
				q[c[1]+y][c[0]+x] = edge || core
			}
		}
	}
	return q
}

func relayed(m Message, state, problem string) Message {
	m.Relay, m.RelayError = state, problem
	return m
}

func galleryConsole() []Sample {
	home := func(p ui.Page) HomeView {
		return HomeView{
			Started: sampleTime.Add(-13 * time.Minute), Ready: true, BaseURL: "http://localhost:8088", PortalURL: "http://localhost:8089/",
			MetadataURL: "http://localhost:8088/idp/prova/metadata", EntityID: "http://localhost:8088/idp/prova",
			Fingerprint: "4F:1A:9C:07:E2:5B:D3:88:60:AF:19:C4:72:0E:B6:3D:91:58:EA:24:7F:C0:33:9B:16:D8:4C:A1:65:0B:F9:2E",
			CertUntil:   time.Date(2028, 11, 21, 0, 0, 0, 0, time.UTC), Gestori: sampleGestori(), Services: sampleServices(p),
			People: samplePeople(p), PeopleCount: 17, Exchanges: sampleExchanges(),
		}
	}
	fresh := func(p ui.Page) HomeView {
		v := home(p)
		v.Ready, v.Services, v.Exchanges, v.PortalURL = false, nil, nil, ""
		return v
	}
	refused := func(p ui.Page) HomeView {
		v := home(p)
		v.Register = RegisterForm{How: "xml", XML: "<md:EntityDescriptor/>", Findings: sampleFindings(p)[:1], Problem: p.Pick("I metadata hanno un errore.", "The metadata have an error.")}
		return v
	}
	services := func(p ui.Page) ServicesView { return ServicesView{Services: sampleServices(p)} }
	service := func(p ui.Page) ServiceView {
		return ServiceView{
			Row: sampleServices(p)[1], ACS: []EndpointRow{{Index: "0", Binding: "HTTP-POST", Location: "http://localhost:3000/acs", Default: true}},
			SLO: []EndpointRow{{Binding: "HTTP-Redirect", Location: "http://localhost:3000/slo"}}, Sets: []AttributeSet{{Index: "0", Name: "Servizi al cittadino", Names: []string{"name", "familyName", "fiscalNumber"}}},
			Findings: sampleFindings(p)[1:], Document: &ui.Document{Title: "EntityDescriptor", XML: []byte(sampleRequest)}, DeleteURL: "/servizi/3000/togli",
		}
	}
	sound := func(p ui.Page) ServiceView { return ServiceView{Row: sampleServices(p)[0]} }
	people := func(p ui.Page) PeopleView { return PeopleView{People: samplePeople(p), Gestori: sampleGestori()} }
	m := sampleMessages()
	asked := Message{ID: "m5", Channel: "app", From: "Gestore di prova", To: "ivo.xandrelli", User: "ivo.xandrelli", Text: "Vuoi entrare in Istituto (simulazione)?", At: sampleTime}
	return []Sample{
		sample("home", "running", Home, home),
		sample("home", "fresh", Home, fresh),
		sample("home", "refused", Home, refused),
		sample("services", "list", Services, services),
		fixed("services", "empty", Services, ServicesView{}),
		sample("service", "warnings", Service, service),
		sample("service", "sound", Service, sound),
		sample("people", "all", People, people),
		fixed("people", "none", People, PeopleView{Search: "nessuno", Gestori: sampleGestori()}),
		fixed("totp-enrol", "shown", TOTPEnrol, TOTPEnrolView{Person: "Ivo Xandrelli", Username: "ivo.xandrelli", Issuer: "Gestore di prova", Secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
			URL: "otpauth://totp/Gestore%20di%20prova:ivo.xandrelli?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Gestore%20di%20prova", QR: sampleQR(), Code: "905331", ValidFor: 12 * time.Second, BackURL: "/persone#u-ivo.xandrelli"}),
		fixed("messages", "list", Messages, MessagesView{Items: m}),
		fixed("messages", "empty", Messages, MessagesView{}),
		fixed("messages", "none", Messages, MessagesView{Channel: "letter"}),
		fixed("message", "sms", MessagePage, MessageView{Message: m[0]}),
		fixed("message", "app", MessagePage, MessageView{Message: asked}),
		fixed("message", "app-answered", MessagePage, MessageView{Message: m[1]}),
		fixed("message", "app-ended", MessagePage, MessageView{Message: asked, Ended: true}),
		fixed("message", "email", MessagePage, MessageView{Message: m[2]}),
		fixed("message", "email-waiting", MessagePage, MessageView{Message: relayed(m[2], "pending", "the SMTP server cannot be reached: connection refused")}),
		fixed("message", "email-sent", MessagePage, MessageView{Message: relayed(m[2], "sent", "")}),
		fixed("message", "email-failed", MessagePage, MessageView{Message: relayed(m[2], "failed", "refused: sending SMTP RCPT TO command: 550 5.1.1 no such user")}),
		fixed("message", "letter", MessagePage, MessageView{Message: m[3]}),
		sample("guide", "full", Guide, func(p ui.Page) GuideView {
			return GuideView{BaseURL: "http://localhost:8088", PortalURL: "http://localhost:8089/", MetadataURL: "http://localhost:8088/idp/prova/metadata", Users: samplePeople(p)[:3], Lessons: []LessonPlan{{ID: "dal-pin-a-spid", Title: p.Pick("Dal PIN a SPID", "From the PIN to SPID"), Lead: sampleTiles(p)[0].Lead, URL: sampleTiles(p)[0].URL, Handout: "/regia/foglio/dal-pin-a-spid", Minutes: 40, Steps: sampleLessonSteps(p)}}}
		}),
		fixed("guide", "no-portal", Guide, GuideView{BaseURL: "http://localhost:8088", MetadataURL: "http://localhost:8088/idp/prova/metadata"}),
		{Name: "accessibility", State: "statement", Render: Accessibility},
		fixed("gallery", "index", GalleryIndex, GalleryView{Mode: ui.ModeDev, Pages: []GalleryPage{
			{Name: "login", States: []GalleryState{{"start", "/galleria/login/start?mode=dev"}, {"wrong", "/galleria/login/wrong?mode=dev"}}},
			{Name: "consent", States: []GalleryState{{"asked", "/galleria/consent/asked?mode=dev"}}},
		}}),
	}
}
