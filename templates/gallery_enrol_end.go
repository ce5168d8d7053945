package templates

import (
	"time"

	"spidsim/spid"
	"spidsim/templates/ui"
)

func samplePasswordRules() []PasswordRule {
	return []PasswordRule{{Kind: "length", N: 8}, {Kind: "upper"}, {Kind: "lower"}, {Kind: "digit"}, {Kind: "special"}, {Kind: "repeat", N: 2}}
}

func galleryCredentials() []Sample {
	start := CredentialsView{Enrol: sampleEnrol("R8 IDENTIFIED", "EV-set-credentials", "EV-cancel"), Username: "ortensia.quirzoldi", Rules: samplePasswordRules(), Factor: FactorSMS, Phone: "+39 *** *** 0001", Level3: true,
		RecoveryEmail: "ortensia.quirzoldi@personas.example", RecoveryPhone: "+39 399 000 0001"}
	wrong := func(p ui.Page) CredentialsView {
		v := start
		v.Rules = samplePasswordRules()
		v.Rules[1].Bad, v.Rules[3].Bad, v.Suggested = true, true, "ortensia.quirzoldi2"
		v.Factor = FactorTOTP
		v.Problems = []EnrolProblem{
			{Field: "username", Text: p.Pick("Questo nome utente è già preso. Scegline un altro.", "This user name is taken. Choose another."), Rule: "ONB-135"},
			{Field: "password", Text: p.Pick("Alla password mancano una maiuscola e un numero.", "The password lacks an upper-case letter and a digit."), Rule: "ONB-135"},
		}
		return v
	}
	active := ActiveView{Enrol: sampleEnrol("R9 ACTIVE"), Person: "Ortensia", Username: "ortensia.quirzoldi", SPIDCode: "ALFA7K2M9QX4TB", Levels: []spid.Level{spid.L1, spid.L2}, Factor: FactorSMS, HasPIN: true,
		PINUntil: time.Date(2021, 9, 30, 12, 0, 0, 0, time.UTC), Enter: "http://localhost:8089/spid/login?idp=alfa", Identity: "/idp/alfa/identita", At: sampleEnrolled}
	active.Cancel = ""
	weak, lesson, totp := active, active, active
	totp.Factor, totp.QR, totp.Secret, totp.HasPIN = FactorTOTP, sampleQR(), "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", false
	weak.Levels, weak.Factor, weak.PINUntil = []spid.Level{spid.L1}, "", time.Time{}
	lesson.Enrol = inLesson(lesson.Enrol, 8, "Il gestore ti ha visto e ha attivato la tua identità. Il portale ha ricevuto la notizia, senza altri dati.")
	return []Sample{
		fixed("credentials-new", "start", NewCredentials, start), sample("credentials-new", "wrong", NewCredentials, wrong), inMode(ui.ModeTrainer, fixed("credentials-new", "start", NewCredentials, start)),
		fixed("active", "level2", Active, active), fixed("active", "level1", Active, weak), fixed("active", "totp", Active, totp), inMode(ui.ModeTrainer, fixed("active", "lesson", Active, lesson)),
	}
}

func galleryEnrolEnds() []Sample {
	cancel := CancelView{Enrol: sampleEnrol("R4 MODE", "EV-cancel"), Continue: "/idp/alfa/richiedi"}
	cancel.Cancel = ""
	end := func(code, state, result string) EnrolEndView {
		v := EnrolEndView{Enrol: sampleEnrol(state, "EV-restart"), End: code, Result: result, Again: "/idp/alfa/richiedi", Portal: "http://localhost:8089/"}
		v.Cancel = ""
		return v
	}
	rejected := func(p ui.Page) EnrolEndView {
		v := end("RJ", "RJ REJECTED", "nr29")
		v.Reason = p.Pick("Nel video il documento non si legge.", "The document cannot be read in the video.")
		return v
	}
	already := end("RA", "RA ALREADY", "nr27")
	already.Again, already.Identity = "", "/idp/alfa/identita"
	courtesy := func(kind, code, rule, cause string) CourtesyView {
		v := CourtesyView{Enrol: Enrol{Gestore: sampleGestore, Back: "http://localhost:8089/"}, Kind: kind, Code: code, Rule: rule, Cause: cause}
		return v
	}
	wrong := WrongStateView{Enrol: sampleEnrol("R5 WAIT_COUNTER", "EV-change-mode", "EV-cancel"), Next: "/idp/alfa/richiedi"}
	later := wrong
	later.Later = true
	return []Sample{
		fixed("cancel", "ask", CancelRequest, cancel), inMode(ui.ModeTrainer, fixed("cancel", "ask", CancelRequest, cancel)),
		fixed("enrol-end", "cancelled", EnrolEnd, end("RX", "RX CANCELLED", "nr28")), fixed("enrol-end", "expired", EnrolEnd, end("RE", "RE EXPIRED", "nr29")),
		sample("enrol-end", "rejected", EnrolEnd, rejected), fixed("enrol-end", "already", EnrolEnd, already), inMode(ui.ModeTrainer, fixed("enrol-end", "expired", EnrolEnd, end("RE", "RE EXPIRED", "nr29"))),
		fixed("courtesy", "unknown", Courtesy, courtesy("unknown", "", "ONB-85", "spCode \"http://localhost:9999\" is not known")), fixed("courtesy", "replay", Courtesy, courtesy("replay", "RSN-HANDOFF-REPLAY", "ONB-86", "message _5f2 was used at 08:12:07 UTC")),
		fixed("courtesy", "stale", Courtesy, courtesy("stale", "RSN-HANDOFF-STALE", "ONB-86", "issued 6m40s ago, limit 5m0s")), inMode(ui.ModeTrainer, fixed("courtesy", "unknown", Courtesy, courtesy("unknown", "", "ONB-85", "bad signature"))),
		fixed("wrong-state", "done", WrongState, wrong), fixed("wrong-state", "later", WrongState, later),
	}
}

func galleryIdentity() []Sample {
	base := func(p ui.Page) IdentityView {
		v := IdentityView{Enrol: sampleEnrol(""), Person: "Ortensia Quirzoldi", Username: "ortensia.quirzoldi", Status: "active", Levels: []spid.Level{spid.L1, spid.L2}, Factor: FactorSMS,
			Email: "ortensia.quirzoldi@personas.example", Phone: "+39 399 000 0001", Revoke: "/idp/alfa/identita/revoca", Leave: "/idp/alfa/identita/esci", Minors: "/idp/alfa/figlio", Recovery: "/idp/alfa/identita/recupero", Help2020: true,
			Accesses: []AccessRow{
				{At: sampleEnrolled.AddDate(0, 0, 6), Service: sampleService, Level: spid.L2, OK: true},
				{At: sampleEnrolled.AddDate(0, 0, 5), Service: "Comune di prova", Level: spid.L2, Words: p.Pick("annullato da te", "cancelled by you")},
			}}
		v.Cancel, v.Dev = "", nil
		return v
	}
	fresh := func(p ui.Page) IdentityView {
		v := base(p)
		v.Accesses, v.Help2020, v.Notice = nil, false, p.Pick("Recapiti salvati.", "Contacts saved.")
		return v
	}
	suspended := func(cause string) func(ui.Page) IdentityView {
		return func(p ui.Page) IdentityView {
			v := base(p)
			v.Status, v.Cause, v.Help2020 = "suspended", cause, false
			if cause == "abuse" {
				v.Until = sampleLastDay
			}
			return v
		}
	}
	revoked := func(p ui.Page) IdentityView {
		v := base(p)
		v.Status, v.Help2020 = "revoked", false
		return v
	}
	revoke := RevokeView{Enrol: Enrol{Gestore: sampleGestore}, Keep: "/idp/alfa/identita"}
	recovery := func(step, kind string) Sample {
		v := RecoveryView{Enrol: Enrol{Gestore: sampleGestore, Back: "/idp/alfa/identita/recupero"}, Step: step, Kind: kind, Base: "/idp/alfa/identita/recupero", Rules: samplePasswordRules(), Next: "/idp/alfa/identita"}
		if step == "codes" {
			v.Scene = &Scene{Person: "Ortensia", Clock: "10:24", Phone: []Message{{From: "Gestore Alfa", Text: "Il tuo codice è", Code: "481927"}}}
		}
		name := step + kind
		if name == "" {
			name = "choose"
		}
		return fixed("recovery", name, Recovery, v)
	}
	return []Sample{
		sample("identity", "active", Identity, base), sample("identity", "fresh", Identity, fresh), sample("identity", "suspended", Identity, suspended("user")), sample("identity", "abuse", Identity, suspended("abuse")),
		sample("identity", "locked", Identity, suspended("lock")), sample("identity", "unpaid", Identity, suspended("payment")), sample("identity", "revoked", Identity, revoked), inMode(ui.ModeTrainer, sample("identity", "active", Identity, base)),
		fixed("revoke", "ask", Revoke, revoke),
		recovery("", ""), recovery("password", ""), recovery("codes", ""), recovery("username", ""), recovery("phone", ""), recovery("confirm", ""),
		recovery("done", "password"), recovery("done", "username"), recovery("done", "phone"), recovery("done", "suspend"), recovery("done", "reactivate"), recovery("done", "revoke"),
		fixed("area", "password", AreaEntry, AreaView{Enrol: Enrol{Gestore: sampleGestore}, Why: "identity", Recovery: "/idp/alfa/identita/recupero"}),
		fixed("area", "parent", AreaEntry, AreaView{Enrol: Enrol{Gestore: sampleGestore}, Why: "minor"}),
		fixed("area", "code", AreaEntry, AreaView{Enrol: Enrol{Gestore: sampleGestore}, Code: true, Sent: "+39 *** *** 0001"}),
		fixed("area", "app", AreaEntry, AreaView{Enrol: Enrol{Gestore: sampleGestore}, Code: true}),
		fixed("enrol-start", "first", EnrolStart, EnrolStartView{Enrol: Enrol{Gestore: sampleGestore}, Area: "/idp/alfa/identita"}),
		fixed("enrol-start", "again", EnrolStart, EnrolStartView{Enrol: Enrol{Gestore: sampleGestore}, Minor: "/idp/alfa/figlio", Area: "/idp/alfa/identita"}),
	}
}

func galleryMinor() []Sample {
	parent := Enrol{Gestore: Gestore{Slug: "alfa", Name: "Gestore Alfa", Badge: "GA", Address: "localhost:8088/idp/alfa/figlio"}}
	closed := MinorView{Enrol: parent, Closed: true}
	form := func(p ui.Page) MinorView {
		return MinorView{Enrol: parent}
	}
	wrong := func(p ui.Page) MinorView {
		v := form(p)
		v.Data, v.Agreed = PersonData{GivenName: "Emma", FamilyName: "Wuzzoli", FiscalCode: "WZZMME11P70G337T", BirthDate: "30/09/2011"}, []string{"notifications"}
		v.Problems = []EnrolProblem{{Field: "responsibility", Text: p.Pick("Serve questa dichiarazione.", "This declaration is needed."), Rule: "ONB-181"}}
		return v
	}
	codes := MinorView{Enrol: parent, Codes: &MinorCodes{Child: "Emma", Parent: "P7XK4QRD", Verification: "V3MN8TWZ", ChildURL: "/idp/alfa/figlio/codice"}}
	home := func(p ui.Page) MinorView {
		v := form(p)
		v.New = "/idp/alfa/figlio?nuovo=yes"
		v.Children = []ChildRow{{Name: "Emma Wuzzoli", Age: 15, Band: "14-17", Status: p.Pick("attivo", "active"), Tone: ui.OK}, {Name: "Teo Wuzzoli", Age: 8, Band: "5-13", Status: p.Pick("in attesa", "waiting"), Tone: ui.Warn}}
		v.Questions = []ChildQuestion{{ID: "q1", Child: "Teo", Service: "Registro della scuola di prova", At: sampleTime}}
		return v
	}
	child := ChildView{Enrol: parent}
	done := ChildView{Enrol: parent, Done: true, Child: "Teo", Young: true, Next: "/idp/alfa/richiedi"}
	bad := func(p ui.Page) ChildView {
		v := child
		v.Code = "V3MN8TWX"
		v.Problems = []EnrolProblem{{Field: "code", Text: p.Pick("Questo codice non è giusto.", "This code is not right."), Rule: "ONB-182"}}
		return v
	}
	clerk := MinorCounterView{Enrol: parent}
	clerk.Back = "/idp/alfa/sportello/minori"
	waiting, check, identified := clerk, clerk, clerk
	row := MinorCounterRow{ID: "m1", Name: "Teo Wuzzoli", Age: 8, Parent: "Mirta Xolzani", URL: "/idp/alfa/sportello/minori?request=m1", Young: true}
	waiting.Waiting, check.Request, check.Outcome, identified.Done, identified.Next = []MinorCounterRow{row}, &row, "recognised", true, "/idp/alfa/figlio"
	return []Sample{
		fixed("minor-counter", "empty", MinorCounter, clerk), fixed("minor-counter", "waiting", MinorCounter, waiting), fixed("minor-counter", "check", MinorCounter, check), fixed("minor-counter", "done", MinorCounter, identified),
		fixed("minor", "closed", Minor, closed), sample("minor", "form", Minor, form), sample("minor", "wrong", Minor, wrong), fixed("minor", "codes", Minor, codes), sample("minor", "children", Minor, home),
		inMode(ui.ModeTrainer, fixed("minor", "codes", Minor, codes)),
		fixed("minor-code", "start", Child, child), sample("minor-code", "wrong", Child, bad), fixed("minor-code", "done", Child, done),
	}
}
