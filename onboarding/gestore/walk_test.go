package gestore_test

import (
	"strings"
	"testing"

	"spidsim/onboarding"
	"spidsim/templates/ui"
)

// ways walk each mode of section 7.3 from R4 to R8.
var ways = []struct {
	mode onboarding.ModeKey
	rule string
	walk func(b *browser, p *page) *page
}{
	{onboarding.Counter, "ONB-120", byCounter}, {onboarding.Home, "ONB-121", byCounter}, {onboarding.PublicEvent, "ONB-122", byCounter},
	{onboarding.Webcam, "ONB-123", func(b *browser, p *page) *page {
		p = b.want(b.send(p, "step", "consent"), "webcam", 422)
		p = b.want(b.send(p, "step", "consent", "consent", "yes"), "webcam", 200)
		p = b.want(b.send(p, "step", "face", "face", "yes"), "webcam", 200)
		p = b.want(b.send(p, "step", "document", "document", "yes"), "webcam", 200)
		p = b.want(b.send(p, "step", "question", "answer", "1950"), "webcam", 422)
		b.says(p, "Ti restano 2 tentativi")
		return b.send(p, "step", "question", "answer", "1943")
	}},
	{onboarding.VideoTransfer, "ONB-124", func(b *browser, p *page) *page {
		b.want(p, "av-transfer", 200)
		filled := b.send(p, "step", "code", "fill", "latest")
		p = b.want(b.send(p, "step", "code", "code", valueOf(filled, "code")), "av-transfer", 200)
		p = b.want(b.send(p, "step", "document", "document", "yes"), "av-transfer", 200)
		p = b.want(b.send(p, "step", "transfer", "transfer", "yes", "charity", "yes"), "av-transfer", 200)
		b.says(p, "Controllo in corso: di solito pochi giorni.")
		return b.send(p, "simulate", "ok")
	}},
	{onboarding.CIEReader, "ONB-125", byCard}, {onboarding.CNSReader, "ONB-125", byCard}, {onboarding.Signature, "ONB-125", byCard},
	{onboarding.EdocCIE, "ONB-126", byChip}, {onboarding.EdocPassport, "ONB-126", byChip},
	{onboarding.SMSCertified, "ONB-127", func(b *browser, p *page) *page {
		p = b.want(b.send(b.want(p, "sms", 200), "code", "000000"), "sms", 422)
		p = b.want(b.send(p, "resend", "yes"), "sms", 200)
		return b.send(p, "code", valueOf(b.send(p, "fill", "latest"), "code"))
	}},
	{onboarding.BancoPostaReader, "ONB-128", func(b *browser, p *page) *page {
		b.want(p, "bancoposta", 200)
		return b.send(p, "code", valueOf(b.send(p, "fill", "latest"), "code"))
	}},
	{onboarding.RAO, "ONB-129", func(b *browser, p *page) *page {
		p = b.want(b.send(b.want(p, "rao-entry", 200), "half1", "AAAAAA", "half2", "BBBBBB"), "rao-entry", 422)
		clerk := b.browser()
		printed := clerk.want(clerk.send(clerk.get("/rao"), "fiscal_code", "QRZRNS43C59A944W", "family_name", "Quirzoldi", "given_name", "Ortensia", "check_face", "yes", "check_card", "yes"), "rao", 200)
		clerk.says(printed, "Prima metà del codice")
		filled := b.send(p, "fill", "latest")
		return b.send(p, "half1", valueOf(filled, "half1"), "half2", valueOf(filled, "half2"))
	}},
}

func byCounter(b *browser, p *page) *page {
	b.want(p, "procedure-code", 200)
	b.says(p, "sabato 14 novembre 2020")
	b.want(b.get(p.url+"/promemoria"), "procedure-memo", 200)
	code := b.procedure(p)
	clerk := b.browser()
	found := clerk.want(clerk.get("/idp/prova/sportello?code="+code), "counter", 200)
	clerk.says(found, "Ortensia Quirzoldi")
	done := clerk.want(clerk.send(found, "code", code, "outcome", "recognised", "check_face", "yes", "check_data", "yes", "check_document", "yes", "check_card", "yes"), "counter", 200)
	clerk.says(done, "Persona riconosciuta")
	return b.get(p.url)
}

func byCard(b *browser, p *page) *page {
	b.says(b.want(b.send(b.want(p, "reader", 200), "card", "other"), "reader", 200), "Carta non abilitata")
	p = b.want(b.send(p, "card", "insert"), "reader", 200)
	p = b.want(b.send(p, "pin", "00000000"), "reader", 422)
	return b.send(p, "pin", onboarding.TestCardPIN)
}

func byChip(b *browser, p *page) *page {
	p = b.want(b.send(b.want(p, "edoc", 200), "pair", "yes"), "edoc", 200)
	p = b.want(b.send(p, "document", "old"), "edoc", 422)
	b.says(p, "troppo vecchio")
	return b.send(p, "document", "recent")
}

// procedure is the code of the request of a page.
func (b *browser) procedure(p *page) string {
	b.t.Helper()
	e, err := b.office.Enrolment(b.t.Context(), p.id())
	if err != nil || e.Procedure == nil {
		b.t.Fatalf("no procedure code: %v", err)
	}
	return e.Procedure.Code
}

func TestONB120To129EveryWayLeadsToAnActiveIdentity(t *testing.T) {
	t.Parallel()
	seen := map[onboarding.ModeKey]bool{}
	for _, w := range ways {
		seen[w.mode] = true
		t.Run(string(w.mode), func(t *testing.T) {
			t.Parallel()
			b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
			p := b.toModes("prova")
			p = w.walk(b, b.send(p, "mode", string(w.mode)))
			p = b.activate(p)
			b.says(p, "Il PIN resta valido")
			e, err := b.office.Enrolment(t.Context(), p.id())
			if err != nil || e.State != onboarding.Active || len(e.Results) != 2 || e.Results[1].Code != onboarding.ResultIssued {
				t.Errorf("the request is %+v (%v), want R9 with nr25", e, err)
			}
			a := b.books.opened[e.ID]
			if a.Username != "ortensia.nuova" || a.Slug != "prova" || len(a.Levels) != 2 {
				t.Errorf("opened %+v, want levels 1 and 2 (%s)", a, w.rule)
			}
		})
	}
	for _, m := range onboarding.Modes() {
		if !seen[m.Key] {
			t.Errorf("the way %s is not walked", m.Key)
		}
	}
}

func TestONB108TheDirectWayAsksForEverything(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.want(b.send(b.want(b.get("/idp/aruba/richiedi"), "enrol-start", 200)), "enrol-form", 200)
	if strings.Contains(p.body, "readonly") {
		t.Error("a field is locked although nothing came from a portal (ONB-100)")
	}
	p = b.want(b.get(p.url+"?person=ortensia.quirzoldi"), "enrol-form", 200)
	if got, want := valueOf(p, "fiscal_code"), "QRZRNS43C59A944W"; got != want {
		t.Errorf("the example fills in %q, want %q", got, want)
	}
	all := append([]string{"fiscal_code", "QRZRNS43C59A944W", "family_name", "Quirzoldi", "given_name", "Ortensia"}, data...)
	wrong := b.want(b.send(p, append(all, "born", "19/04/1943")...), "enrol-form", 422)
	b.says(wrong, "RSN-CF")
	if got, want := valueOf(wrong, "born"), "19/04/1943"; got != want {
		t.Errorf("the date came back as %q, want %q as typed (UX-63)", got, want)
	}
	b.want(b.send(p, all...), "contacts", 200) // nobody is told nr100
}

func TestUX36ARealLookingPersonNeedsTheTick(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.send(b.get("/idp/prova/richiedi"))
	someone := []string{"fiscal_code", string(nobody(t)), "family_name", "Qzzxw", "given_name", "Renosa", "sex", "F", "born", "01/01/1970", "birth_place", "Bologna",
		"street", "Via delle Prove 7", "city", "Bologna", "postal_code", "40100", "nationality", "Italiana"}
	p = b.want(b.send(p, someone...), "enrol-form", 422)
	b.says(p, "Sembra una persona vera: usa una persona di prova")
	b.want(b.send(p, append(someone, "invented", "yes")...), "contacts", 200)
}

func TestONB105MinorsAreLedToTheirOwnWay(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, when string
		link       bool
	}{{"before March 2022 there is none", "2021-10-15 10:00", false}, {"from March 2022 a parent asks", "2022-03-03 10:00", true}}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			b := newTown(t, r.when, ui.ModeDev).browser()
			p := b.send(b.get("/idp/prova/richiedi"))
			p = b.want(b.send(p, "fiscal_code", "WZZBND07E14G337Y", "family_name", "Wuzzoli", "given_name", "Brando", "sex", "M", "born", "14/05/2007", "birth_place", "Parma",
				"street", "Via delle Prove 7", "city", "Parma", "postal_code", "43100", "nationality", "Italiana"), "enrol-form", 422)
			b.says(p, "RSN-MINOR")
			if got := strings.Contains(p.body, `href="/idp/prova/figlio"`); got != r.link {
				t.Errorf("link to the way for minors is %v, want %v", got, r.link)
			}
		})
	}
}

func TestONB103CodesAreWrongOrExpired(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.toContacts("prova")
	b.want(b.send(p, "email", "nessuno", "mobile", "+39 399 000 0001"), "contacts", 422)
	p = b.want(b.send(p, "email", "ortensia.quirzoldi@personas.example", "mobile", "+39 399 000 0001"), "codes", 200)
	filled := b.send(p, "fill", "latest")
	email, mobile := valueOf(filled, "email_code"), valueOf(filled, "mobile_code")
	half := b.want(b.send(p, "email_code", email, "mobile_code", "12"), "codes", 422)
	b.says(half, "Verificato") // the right one counts
	b.clock.Advance(11 * 60e9)
	late := b.want(b.send(half, "mobile_code", mobile), "codes", 422)
	b.says(late, "RSN-CODE-EXPIRED")
	p = b.want(b.send(late, "resend", "yes"), "codes", 200)
	filled = b.send(p, "fill", "latest")
	b.want(b.send(p, "email_code", valueOf(filled, "email_code"), "mobile_code", valueOf(filled, "mobile_code")), "documents", 200)
}

func TestONB106DocumentsThatWillNotDo(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.toPapers("prova")
	drawn := b.want(b.get(p.url+"?document=paper"), "documents", 200)
	if valueOf(drawn, "expires") == "" || !strings.Contains(words(drawn.body), "scaduto") {
		t.Error("the drawn document that has expired does not fill the form, or does not say so")
	}
	rows := []struct{ name, field, value, says string }{
		{"expired", "expires", "19/03/2020", "RSN-DOC"}, {"no health card", "health_card", "", "RSN-DOC"}, {"no number", "number", "", "Scrivi il numero del documento"}, {"no kind", "document", "", "Scegli il tipo di documento"},
	}
	for _, r := range rows {
		refused := b.want(b.send(p, append(append([]string{}, papers...), r.field, r.value)...), "documents", 422)
		b.says(refused, r.says)
	}
}

func TestONB130ThreeFailuresLeadBackToTheWays(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.send(b.toModes("prova"), "mode", "CIE_READER")
	for range 2 {
		p = b.want(b.send(p, "pin", "00000000"), "reader", 422)
	}
	p = b.want(b.send(p, "pin", "00000000"), "modes", 200)
	b.says(p, "Per tre volte non è andata")
	refused := b.want(b.send(p, "mode", "NOTHING"), "modes", 422)
	b.says(refused, "Scegli un modo.")
}

func TestONB131ChangingTheWayEndsTheCode(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.send(b.toModes("prova"), "mode", "COUNTER")
	code := b.procedure(p)
	b.want(b.send(p, "change_mode", "yes"), "modes", 200)
	clerk := b.browser()
	clerk.says(clerk.want(clerk.get("/idp/prova/sportello?code="+code), "counter", 422), "RSN-PROCEDURE-UNKNOWN")
}

func TestONB135CredentialsAreChecked(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := byCard(b, b.send(b.toModes("prova"), "mode", "CIE_READER"))
	rows := []struct{ name, username, password, again, factor, says string }{
		{"taken", "loretta.qualzeni", "Prova-2020!", "Prova-2020!", "sms", "RSN-USERNAME-TAKEN"},
		{"weak", "ortensia.nuova", "corta", "corta", "sms", "RSN-PASSWORD"},
		{"twice another", "ortensia.nuova", "Prova-2020!", "Prova-2021!", "sms", "Le due password non sono uguali"},
		{"no second factor chosen", "ortensia.nuova", "Prova-2020!", "Prova-2020!", "", "Scegli il secondo controllo"},
	}
	for _, r := range rows {
		refused := b.want(b.send(p, "username", r.username, "password", r.password, "password_repeat", r.again, "factor", r.factor), "credentials-new", 422)
		b.says(refused, r.says)
		if strings.Contains(refused.body, r.password+`"`) {
			t.Errorf("%s: the password stands on the page again", r.name)
		}
	}
	weak := b.send(p, "username", "x", "password", "corta", "password_repeat", "corta", "factor", "sms")
	if n := strings.Count(weak.body, "manca ancora</strong>"); n != 4 {
		t.Errorf("%d rules are marked as missing, want 4: length, upper case, digit, sign", n)
	}
	active := b.want(b.send(p, "username", "ortensia.nuova", "password", "Prova-2020!", "password_repeat", "Prova-2020!", "factor", "totp"), "active", 200)
	b.says(active, "JBSW Y3DP EHPK 3PXP")
}
