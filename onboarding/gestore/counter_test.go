package gestore_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"spidsim/onboarding"
	"spidsim/templates/ui"
)

// seen are the boxes that a clerk ticks.
var seen = []string{"check_face", "yes", "check_data", "yes", "check_document", "yes", "check_card", "yes"}

func (b *browser) record(code, outcome string, more ...string) *page {
	b.t.Helper()
	return b.send(&page{url: b.url + "/idp/prova/sportello"}, append([]string{"code", code, "outcome", outcome}, more...)...)
}

func TestONB132OutcomesAtTheCounterAreDistinct(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.send(b.toModes("prova"), "mode", "COUNTER")
	code, clerk := b.procedure(p), b.browser()
	rows := []struct {
		name, code, outcome string
		more                []string
		status              int
		says                string
	}{
		{"a code that nobody has", "AAAA BBBB CCCC", "recognised", seen, 422, "RSN-PROCEDURE-UNKNOWN"},
		{"no outcome", code, "", seen, 422, "Scegli un esito."},
		{"recognised without all checks", code, "recognised", seen[:6], 422, "servono tutti i controlli"},
		{"another person", code, "other", nil, 200, "Nessuno può farsi riconoscere per un’altra persona."},
		{"a document is missing", code, "missing", nil, 200, "Il codice resta valido."},
	}
	for _, r := range rows {
		got := clerk.want(clerk.record(r.code, r.outcome, r.more...), "counter", r.status)
		clerk.says(got, r.says)
		if e := b.request(p); e.State != onboarding.AtCounter {
			t.Fatalf("%s: the request moved to %s", r.name, e.State)
		}
	}
	for show, says := range map[string]string{"health": "TESSERA SANITARIA DI PROVA", "other": "Qualzeni Loretta", "nothing": "non ha il documento"} {
		clerk.says(clerk.want(clerk.get("/idp/prova/sportello?code="+code+"&show="+show), "counter", 200), says)
	}
	spaced := strings.ToLower(code[:4] + " " + code[4:8] + " " + code[8:])
	clerk.says(clerk.want(clerk.record(spaced, "recognised", seen...), "counter", 200), "Persona riconosciuta")
	b.want(b.get(p.url), "credentials-new", 200)
}

func TestONB120AfterThirtyDaysTheCodeIsExpiredAndNotUnknown(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.send(b.toModes("prova"), "mode", "COUNTER")
	code, clerk := b.procedure(p), b.browser()
	b.clock.Freeze(at(t, "2020-11-14 23:30"))
	clerk.says(clerk.want(clerk.get("/idp/prova/sportello?code="+code), "counter", 200), "Codice valido fino al 14 novembre 2020")
	b.clock.Freeze(at(t, "2020-11-15 00:01"))
	if err := b.office.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	clerk.says(clerk.want(clerk.get("/idp/prova/sportello?code="+code), "counter", 200), "Codice scaduto il 14 novembre 2020")
	clerk.want(clerk.record(code, "recognised", seen...), "wrong-state", http.StatusConflict)
	clerk.says(clerk.want(clerk.record(code, "expired"), "counter", 200), "Sono passati più di 30 giorni.")
	end := b.want(b.get(p.url), "enrol-end", 200)
	b.says(end, "Il codice è scaduto")
	b.says(end, "nr29")
	b.want(b.deliver("prova", b.parcel("prova")), "enrol-form", 200) // a new request, a new code
}

func TestTwoClerksHaveOneWinner(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.send(b.toModes("prova"), "mode", "COUNTER")
	code := b.procedure(p)
	var won, told atomic.Int32
	var wait sync.WaitGroup
	for range 4 {
		clerk := b.browser()
		wait.Go(func() {
			switch got := clerk.record(code, "recognised", seen...); {
			case got.status == http.StatusOK && got.step == "counter":
				won.Add(1)
			case got.status == http.StatusConflict || got.status == http.StatusUnprocessableEntity: // lost the race, or no longer finds the code
				told.Add(1)
			}
		})
	}
	wait.Wait()
	if won.Load() != 1 || told.Load() != 3 {
		t.Errorf("%d clerks recorded it and %d were told, want 1 and 3", won.Load(), told.Load())
	}
	e := b.request(p)
	n := 0
	for _, s := range e.History {
		if s.Event == onboarding.EvCounter && s.To == onboarding.Identified {
			n++
		}
	}
	if e.State != onboarding.Identified || n != 1 {
		t.Errorf("the request is at %s and was identified %d times, want R8 and once", e.State, n)
	}
}

func TestONB124TheBackOfficeDecides(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	p := b.send(b.toModes("prova"), "mode", "AV_TRANSFER")
	failed := b.want(b.send(p, "step", "code", "code", "000000"), "av-transfer", 422)
	b.says(failed, "RSN-CODE-WRONG")
	if got := b.want(b.get(p.url+"?part=transfer"), "av-transfer", 200); !strings.Contains(got.body, `name="step" value="code"`) {
		t.Error("the transfer shows although no code was read")
	}
	b.want(b.send(p, "step", "transfer", "transfer", "yes"), "av-transfer", 422) // the office counts it: nothing was read
	p = b.send(p, "step", "code", "code", valueOf(b.send(p, "step", "code", "fill", "latest"), "code"))
	b.want(b.send(p, "step", "transfer", "transfer", "yes"), "av-transfer", 200)
	desk := b.browser()
	desk.says(desk.want(desk.get("/idp/prova/revisione"), "review", 200), "Ortensia Quirzoldi")
	open := desk.want(desk.get("/idp/prova/revisione?request="+p.id()), "review", 200)
	desk.says(desk.want(desk.send(open, "request", p.id(), "second", "yes"), "review", 422), "Scegli un esito.")
	desk.says(desk.want(desk.send(open, "request", p.id(), "second", "yes", "result", "ko"), "review", 422), "Scrivi il motivo del rifiuto.")
	if strings.Contains(open.body, `name="second"`) {
		desk.says(desk.want(desk.send(open, "request", p.id(), "result", "ok"), "review", 422), "Serve anche il secondo controllo.")
	}
	desk.says(desk.want(desk.send(open, "request", p.id(), "second", "yes", "result", "ko", "reason", "Il documento non si legge."), "review", 200), "Video rifiutato")
	desk.want(desk.send(open, "request", p.id(), "second", "yes", "result", "ok"), "wrong-state", http.StatusConflict)
	end := b.want(b.get(p.url), "enrol-end", 200)
	b.says(end, "Il documento non si legge.")
	b.says(end, "nr29")
}

func TestONB190ThePublicCounterChecksWhoComes(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeDev).browser()
	good := []string{"fiscal_code", "QRZRNS43C59A944W", "family_name", "Quirzoldi", "given_name", "Ortensia", "check_face", "yes", "check_card", "yes"}
	rows := []struct{ name, field, value, says string }{
		{"no card", "check_card", "", "ONB-190"}, {"another name", "family_name", "Qualzeni", "RSN-CF"}, {"nobody", "fiscal_code", "AAAAAA00A00A000A", "RSN-PERSON"},
		{"a minor", "fiscal_code", "WZZBND07E14G337Y", "RSN-CF"},
	}
	p := b.want(b.get("/rao?person=ortensia.quirzoldi"), "rao", 200)
	if got := valueOf(p, "family_name"); got != "Quirzoldi" {
		t.Errorf("the example fills in %q", got)
	}
	for _, r := range rows {
		b.says(b.want(b.send(p, append(slices.Clone(good), r.field, r.value)...), "rao", 422), r.says)
	}
	printed := b.want(b.send(p, good...), "rao", 200)
	pack, err := b.office.Package(t.Context(), "QRZRNS43C59A944W")
	if err != nil {
		t.Fatal(err)
	}
	b.says(printed, pack.Half1[:4]+" "+pack.Half1[4:])
	if strings.Contains(printed.body, pack.Half2) {
		t.Error("the second half stands on the clerk's page")
	}
	b.says(printed, "Gestore di prova (simulato)")
}
