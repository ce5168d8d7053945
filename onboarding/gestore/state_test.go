package gestore_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"spidsim/onboarding"
	"spidsim/spid"
	"spidsim/templates/ui"
)

// nobody is the codice fiscale of nobody: Renosa Qzzxw, born in Bologna on 1 January 1970.
func nobody(t *testing.T) spid.FiscalCode {
	t.Helper()
	for _, check := range "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
		if c, err := spid.ParseFiscalCode("QZZRNS70A41A944" + string(check)); err == nil {
			return c
		}
	}
	t.Fatal("no check character fits")
	return ""
}

func TestONB111CancelAtEveryStateAndStartElsewhere(t *testing.T) {
	t.Parallel()
	rows := []struct {
		state onboarding.State
		walk  func(b *browser) *page
	}{
		{onboarding.AtForm, func(b *browser) *page { return b.deliver("prova", b.parcel("prova")) }},
		{onboarding.AtContacts, func(b *browser) *page { return b.toContacts("prova") }},
		{onboarding.AtPapers, func(b *browser) *page { return b.toPapers("prova") }},
		{onboarding.AtModes, func(b *browser) *page { return b.toModes("prova") }},
		{onboarding.AtCounter, func(b *browser) *page { return b.send(b.toModes("prova"), "mode", "COUNTER") }},
		{onboarding.AtOnline, func(b *browser) *page { return b.send(b.toModes("prova"), "mode", "WEBCAM") }},
		{onboarding.InReview, func(b *browser) *page {
			p := b.send(b.toModes("prova"), "mode", "AV_TRANSFER")
			p = b.send(p, "step", "code", "code", valueOf(b.send(p, "step", "code", "fill", "latest"), "code"))
			return b.send(p, "step", "transfer", "transfer", "yes")
		}},
		{onboarding.Identified, func(b *browser) *page { return byCard(b, b.send(b.toModes("prova"), "mode", "CIE_READER")) }},
	}
	for _, r := range rows {
		t.Run(string(r.state), func(t *testing.T) {
			t.Parallel()
			b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
			p := r.walk(b)
			e, err := b.office.Enrolment(t.Context(), p.id())
			if err != nil || e.State != r.state {
				t.Fatalf("the walk leads to %+v (%v), want %s", e, err, r.state)
			}
			link := "/idp/prova/richiedi/" + p.id() + "/annulla"
			if !strings.Contains(p.body, `href="`+link+`"`) {
				t.Error("the page has no way to cancel (ONB-112)")
			}
			ask := b.want(b.get(link), "cancel", 200)
			b.says(ask, "Cancelliamo i dati inseriti.")
			if e, _ = b.office.Enrolment(t.Context(), p.id()); e.State != r.state {
				t.Fatalf("looking at the question moved the request to %s", e.State)
			}
			end := b.want(b.send(ask, "confirm", "yes"), "enrol-end", 200)
			b.says(end, "Richiesta annullata")
			e, err = b.office.Enrolment(t.Context(), p.id())
			if err != nil || e.State != onboarding.Cancelled || e.Form.Street != "" || e.Contacts.Email != "" || e.Results[len(e.Results)-1].Code != onboarding.ResultCancelled {
				t.Errorf("afterwards it is %+v (%v), want RX without data and nr28", e, err)
			}
			b.want(b.get(link), "wrong-state", 409)
			b.want(b.deliver("aruba", b.parcel("aruba")), "enrol-form", 200)
		})
	}
}

func TestONB86HandOffsThatCannotBeTaken(t *testing.T) {
	t.Parallel()
	w := newTown(t, "2020-10-15 10:24", ui.ModeDev)
	b := w.browser()
	parcel := b.parcel("prova")
	b.want(b.deliver("prova", parcel), "enrol-form", 200)
	again := b.want(b.deliver("prova", parcel), "courtesy", http.StatusConflict)
	b.says(again, "RSN-HANDOFF-REPLAY")
	late := b.parcel("prova")
	w.clock.Advance(5*time.Minute + time.Second)
	b.says(b.want(b.deliver("prova", late), "courtesy", http.StatusGone), "La richiesta è scaduta: ricomincia dal portale.")
	stranger := b.want(b.deliver("aruba", onboarding.Parcel{Param: "SAMLResponse", Message: "forged"}), "courtesy", http.StatusBadRequest)
	b.says(stranger, "the signature is not that of a portal we know")
	c := newTown(t, "2020-10-15 10:24", ui.ModeTrainer).browser()
	quiet := c.want(c.deliver("prova", onboarding.Parcel{Param: "SAMLResponse", Message: "forged"}), "courtesy", http.StatusBadRequest)
	if strings.Contains(quiet.body, "signature") {
		t.Error("trainer mode shows the cause (ONB-85)")
	}
}

func TestARequestBelongsToItsBrowser(t *testing.T) {
	t.Parallel()
	w := newTown(t, "2020-10-15 10:24", ui.ModeDev)
	b, other := w.browser(), w.browser()
	p := b.toModes("prova")
	for _, path := range []string{"", "/annulla", "/promemoria"} {
		if got := other.get(p.url + path); got.status != http.StatusNotFound {
			t.Errorf("another browser gets %d at %q, want 404", got.status, path)
		}
	}
	if got := other.send(p, "mode", "COUNTER"); got.status != http.StatusNotFound {
		t.Errorf("another browser posts with %d, want 404", got.status)
	}
	elsewhere := strings.Replace(p.url, "/idp/prova/", "/idp/aruba/", 1)
	if got := b.get(elsewhere); got.status != http.StatusNotFound {
		t.Errorf("below another gestore it is %d, want 404", got.status)
	}
}

func TestONB110TheSameRequestGoesOnAndACustomerIsTold(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.toModes("prova")
	again := b.want(b.deliver("prova", b.parcel("prova")), "modes", 200)
	if again.id() != p.id() {
		t.Errorf("the second hand-off leads to %s, want the open request %s", again.id(), p.id())
	}
	b.activate(byCard(b, b.send(again, "mode", "CIE_READER")))
	parcel, err := b.gate.Send("prova", onboarding.HandedOver{FiscalCode: "QRZRNS43C59A944W", FamilyName: "Quirzoldi", GivenName: "Ortensia"}, "r", b.office.Now())
	if err != nil {
		t.Fatal(err)
	}
	already := b.want(b.deliver("prova", parcel), "enrol-end", 200)
	b.says(already, "Hai già SPID con noi")
	b.says(already, "nr27")
}

func TestAFormOfAnEarlierStepDoesNothing(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	papersPage := b.toPapers("prova")
	b.want(b.send(papersPage, papers...), "modes", 200)
	late := b.want(b.send(papersPage, papers...), "wrong-state", http.StatusConflict)
	b.says(late, "Questo passo è già fatto")
	e, err := b.office.Enrolment(t.Context(), papersPage.id())
	if err != nil || e.State != onboarding.AtModes {
		t.Errorf("the request is at %s (%v), want R4", e.State, err)
	}
}

func TestUX81PagesHaveATwinInJSON(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.toModes("prova")
	ask := func(method, path string, form url.Values) (int, map[string]any) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := b.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var got map[string]any
		if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		return resp.StatusCode, got
	}
	if status, got := ask("GET", p.url, nil); status != 200 || got["state"] != "R4" || got["state_name"] != "MODE" {
		t.Errorf("GET: %d %v, want state R4", status, got)
	}
	if status, got := ask("POST", p.url, url.Values{"mode": {"NOTHING"}}); status != 422 || got["code"] != "RSN-FIELD" || got["field"] != "mode" {
		t.Errorf("POST of nothing: %d %v, want 422 and RSN-FIELD", status, got)
	}
	if status, got := ask("POST", p.url, url.Values{"mode": {"COUNTER"}}); status != 200 || got["state"] != "R5" || got["last_day"] != "2020-11-14" || got["code"] != nil {
		t.Errorf("POST: %d %v, want R5 with its last day and no code", status, got)
	}
	if status, got := ask("POST", p.url, url.Values{"at": {"R4"}, "mode": {"COUNTER"}}); status != 409 || got["code"] != "RSN-STEP" {
		t.Errorf("POST again: %d %v, want 409 and RSN-STEP", status, got)
	}
	if status, got := ask("GET", b.url+"/idp/prova/sportello", nil); status != 200 || len(got["items"].([]any)) != 1 {
		t.Errorf("counter: %d %v, want one request", status, got)
	}
}
