package gestore_test

import (
	"strings"
	"testing"
	"time"

	"spidsim/internal/outbox"
	"spidsim/onboarding"
	"spidsim/templates/ui"
)

// inside signs P03 in at the pages of her identity.
func (b *browser) inside(path, username string) *page {
	b.t.Helper()
	p := b.want(b.get(path), "area", 200)
	b.want(b.send(p, "username", username, "password", "sbagliata"), "area", 422)
	p = b.want(b.send(p, "username", username, "password", "prova"), "area", 200)
	b.want(b.send(p, "code", "000000"), "area", 422)
	return b.send(p, "code", "123456")
}

// mailed is the newest code of an e-mail to a person.
func (b *browser) mailed(username string) string {
	b.t.Helper()
	code, err := b.office.Code(b.t.Context(), username, outbox.Email)
	if err != nil || code == "" {
		b.t.Fatalf("no code was mailed: %v", err)
	}
	return code
}

func (w *town) status(username string) onboarding.Identity {
	w.t.Helper()
	i, err := w.office.Identity(w.t.Context(), username, "prova")
	if err != nil {
		w.t.Fatal(err)
	}
	return i
}

func TestONB140SuspendReactivateRevoke(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.want(b.inside("/idp/prova/identita", "loretta.qualzeni"), "identity", 200)
	b.says(p, "Comune di prova")
	confirm := b.want(b.send(p, "action", "suspend"), "recovery", 200)
	if got := b.status("loretta.qualzeni").Status; got != onboarding.IdentityActive {
		t.Fatalf("it is %s before the code (ONB-142)", got)
	}
	b.want(b.send(confirm, "step", "confirm", "code", "000000"), "recovery", 422)
	b.says(b.want(b.send(confirm, "step", "confirm", "code", b.mailed("loretta.qualzeni")), "recovery", 200), "Identità sospesa")
	p = b.want(b.get("/idp/prova/identita"), "identity", 200)
	b.says(p, "L’hai sospesa tu")
	confirm = b.want(b.send(p, "action", "reactivate"), "recovery", 200)
	filled := b.want(b.send(confirm, "step", "confirm", "fill", "latest"), "recovery", 200)
	b.want(b.send(confirm, "step", "confirm", "code", valueOf(filled, "code")), "recovery", 200)
	ask := b.want(b.get("/idp/prova/identita/revoca"), "revoke", 200)
	confirm = b.want(b.send(ask, "confirm", "yes"), "recovery", 200)
	b.want(b.send(confirm, "step", "confirm", "code", b.mailed("loretta.qualzeni")), "recovery", 200)
	if got := b.status("loretta.qualzeni").Status; got != onboarding.IdentityRevoked {
		t.Errorf("it is %s, want revoked", got)
	}
	b.says(b.want(b.get("/idp/prova/identita"), "identity", 200), "Non si può riattivare.")
}

func TestONB142AbuseIsSuspendedForThirtyDays(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.want(b.inside("/idp/prova/identita", "loretta.qualzeni"), "identity", 200)
	b.want(b.send(b.send(p, "action", "abuse"), "step", "confirm", "code", b.mailed("loretta.qualzeni")), "recovery", 200)
	p = b.want(b.get("/idp/prova/identita"), "identity", 200)
	b.says(p, "Sospesa per possibile abuso")
	if got, want := b.status("loretta.qualzeni").Until.Sub(b.office.Now()), 30*24*time.Hour; got != want {
		t.Errorf("it is suspended for %s, want %s", got, want)
	}
	b.says(b.want(b.send(p, "action", "complaint", "complaint", ""), "identity", 422), "Scrivi il numero della denuncia.")
	b.want(b.send(p, "action", "complaint", "complaint", "2020/77"), "identity", 200)
	if got := b.status("loretta.qualzeni").Status; got != onboarding.IdentityRevoked {
		t.Errorf("after the complaint it is %s, want revoked", got)
	}
}

func TestONB144TheHolderIsToldOfEveryUseWhenAsked(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.want(b.inside("/idp/prova/identita", "loretta.qualzeni"), "identity", 200)
	for _, r := range []struct {
		act, says string
		want      bool
	}{
		{"notify-on", "Ti avvisiamo per e-mail a ogni accesso.", true},
		{"notify-off", "Vuoi un’e-mail a ogni accesso?", false},
	} {
		p = b.want(b.send(p, "action", r.act), "identity", 200)
		b.says(p, r.says)
		if got := b.status("loretta.qualzeni").NotifyUse; got != r.want {
			t.Errorf("after %s the identity tells of its uses: %t, want %t", r.act, got, r.want)
		}
	}
}

func TestONB136TheDeviceIsOfferedWhereThereIsLevelThree(t *testing.T) {
	t.Parallel()
	for _, r := range []struct {
		now     string
		offered bool
	}{{"2020-10-15 10:24", false}, {"2021-09-14 10:24", true}} {
		b := newTown(t, r.now, ui.ModeDev).browser()
		p := byCard(b, b.send(b.toModes("prova"), "mode", "CIE_READER"))
		if got := strings.Contains(p.body, `name="device"`); got != r.offered {
			t.Errorf("%s: the device is offered: %t, want %t", r.now, got, r.offered)
		}
	}
}

func TestONB107ContactsAreChanged(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.want(b.inside("/idp/prova/identita", "loretta.qualzeni"), "identity", 200)
	b.want(b.send(p, "action", "contacts", "email", "niente", "mobile", "+39 399 000 0003"), "identity", 422)
	b.says(b.want(b.send(p, "action", "contacts", "email", "nuova@personas.example", "mobile", "+39 399 000 0003"), "identity", 200), "Recapiti salvati.")
	if got := b.status("loretta.qualzeni").Email; got != "nuova@personas.example" {
		t.Errorf("the e-mail is %s", got)
	}
	b.want(b.send(&page{url: b.url + "/idp/prova/identita/esci"}), "area", 200)
	b.want(b.get("/idp/prova/identita"), "area", 200)
	if got := b.send(&page{url: b.url + "/idp/prova/identita"}, "action", "suspend"); got.status != 401 {
		t.Errorf("a form of somebody outside is answered with %d, want 401", got.status)
	}
}

func TestONB146RecoveryOfPasswordUserNameAndPhone(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	start := b.want(b.get("/idp/prova/identita/recupero"), "recovery", 200)
	for _, step := range []string{"password", "username", "phone"} {
		b.want(b.get("/idp/prova/identita/recupero?step="+step), "recovery", 200)
		if !strings.Contains(start.body, "?step="+step) {
			t.Errorf("no way to %s", step)
		}
	}
	codes := b.want(b.send(start, "step", "password", "username", "loretta.qualzeni"), "recovery", 200)
	filled := b.want(b.send(codes, "step", "codes", "fill", "latest"), "recovery", 200)
	email, mobile := valueOf(filled, "email_code"), valueOf(filled, "mobile_code")
	weak := b.want(b.send(codes, "step", "codes", "email_code", email, "mobile_code", mobile, "password", "corta", "password_repeat", "corta"), "recovery", 422)
	b.says(weak, "RSN-PASSWORD")
	b.want(b.send(codes, "step", "codes", "email_code", email, "mobile_code", "000000", "password", "Prova-2021!", "password_repeat", "Prova-2021!"), "recovery", 422)
	b.says(b.want(b.send(codes, "step", "codes", "email_code", email, "mobile_code", mobile, "password", "Prova-2021!", "password_repeat", "Prova-2021!"), "recovery", 200), "Password cambiata")
	stranger := b.want(b.send(start, "step", "password", "username", "nessuno"), "recovery", 200) // nobody learns who is a customer
	if filled := b.send(stranger, "step", "codes", "fill", "latest"); valueOf(filled, "email_code") != "" {
		t.Error("codes were made for nobody")
	}
	b.says(b.want(b.send(start, "step", "username", "fiscal_code", "QLZLTT71H67D548Z", "document", "XX"), "recovery", 422), "RSN-RECOVERY")
	confirm := b.want(b.send(start, "step", "phone", "username", "loretta.qualzeni"), "recovery", 200)
	b.says(b.want(b.send(confirm, "step", "confirm", "code", b.mailed("loretta.qualzeni")), "recovery", 200), "Secondo controllo sospeso")
	if got := b.status("loretta.qualzeni").Level(); got != 1 {
		t.Errorf("the identity has level %d after the phone was lost, want 1", got)
	}
}

func TestONB182AParentAsksAndTheChildEntersTheCode(t *testing.T) {
	t.Parallel()
	w := newTown(t, "2023-03-03 10:00", ui.ModeDev) // Teo is five
	b, child, clerk := w.browser(), w.browser(), w.browser()
	p := b.want(b.inside("/idp/prova/figlio", "mirta.xolzani"), "minor", 200)
	teo := []string{"given_name", "Teo", "family_name", "Wuzzoli", "fiscal_code", "WZZTEO18B03G337E", "born", "03/02/2018", "responsibility", "yes", "notifications", "yes"}
	b.says(b.want(b.send(p, append(teo[:8:8], "notifications", "yes")...), "minor", 422), "Serve questa dichiarazione.")
	codes := b.want(b.send(p, teo...), "minor", 200)
	all, err := b.office.MinorRequests(t.Context(), 0)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d requests: %v", len(all), err)
	}
	m := all[0]
	b.says(codes, m.ParentCode[:4]+" "+m.ParentCode[4:])
	if got := child.get(codes.url); got.status != 404 {
		t.Errorf("the child sees the parent's codes: %d", got.status)
	}
	enter := child.want(child.get("/idp/prova/figlio/codice"), "minor-code", 200)
	child.want(child.send(enter, "code", "AAAAAAAA"), "minor-code", 422)
	right := child.want(child.send(enter, "code", m.VerificationCode), "minor-code", 200)
	child.says(right, "al riconoscimento vieni con un genitore")
	desk := clerk.want(clerk.get("/idp/prova/sportello/minori?request="+m.ID), "minor-counter", 200)
	clerk.want(clerk.send(desk, "request", m.ID, "outcome", "recognised"), "minor-counter", 422)
	clerk.want(clerk.send(desk, "request", m.ID, "accompanied", "yes", "parent_code", m.ParentCode), "minor-counter", 422)
	clerk.want(clerk.send(desk, "request", m.ID, "outcome", "recognised", "accompanied", "yes", "parent_code", m.ParentCode), "minor-counter", 200)
	cred := child.want(child.get(right.url), "credentials-new", 200)
	child.want(child.send(cred, "username", "teo.w", "password", "corta", "password_repeat", "corta", "factor", "app"), "credentials-new", 422)
	child.want(child.send(cred, "username", "teo.w", "password", "Prova-2020!", "password_repeat", "Prova-2020!", "factor", "app"), "active", 200)
	b.says(b.want(b.get("/idp/prova/figlio"), "minor", 200), "Teo Wuzzoli")
}

func TestONB185AParentAllowsOrDenies(t *testing.T) {
	t.Parallel()
	for _, allow := range []string{"yes", "no"} {
		t.Run(allow, func(t *testing.T) {
			t.Parallel()
			w := newTown(t, "2026-03-03 10:00", ui.ModeDev)
			b := w.browser()
			a, err := w.office.AskAuthorisation(t.Context(), "emma.wuzzoli", "prova", "Registro della scuola", onboarding.SchoolService)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.office.ConfirmAuthorisation(t.Context(), a.ID, true); err != nil {
				t.Fatal(err)
			}
			p := b.want(b.inside("/idp/prova/figlio", "mirta.xolzani"), "minor", 200)
			b.says(p, "Registro della scuola")
			b.says(b.want(b.send(p, "question", a.ID, "allow", allow), "minor", 200), "Risposta registrata.")
			want := map[string]onboarding.AuthorisationState{"yes": onboarding.AuthorisationAllowed, "no": onboarding.AuthorisationDenied}[allow]
			if a, err = w.office.Authorisation(t.Context(), a.ID); err != nil || a.State != want {
				t.Errorf("it is %s (%v), want %s", a.State, err, want)
			}
		})
	}
}

func TestONB180BeforeMarch2022ThereIsNoWayForMinors(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2022-03-02 23:00", ui.ModeDev).browser()
	b.says(b.want(b.get("/idp/prova/figlio"), "minor", 200), "dal 3 marzo 2022")
	b.want(b.send(&page{url: b.url + "/idp/prova/figlio"}, "given_name", "Teo"), "minor", 422)
}
