package main

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"spidsim/idp"
	"spidsim/idp/idptest"
	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
	"spidsim/onboarding"
	"spidsim/saml"
	"spidsim/spid"
)

const ortensia = spid.FiscalCode("QRZRNS43C59A944W")

// booksWorld is an office of the onboarding over a real federation, in one store.
type booksWorld struct {
	t      *testing.T
	sim    *idptest.Sim
	office *onboarding.Office
	peer   *idptest.SP
	clock  *clock.Clock
	books  registrar
}

func newBooksWorld(t *testing.T) *booksWorld {
	t.Helper()
	w := &booksWorld{t: t, clock: clock.Fixed(time.Date(2024, 3, 14, 9, 0, 0, 0, time.UTC))}
	db, err := sqlite.Open(t.Context(), "memory:", w.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w.sim = idptest.New(t, idptest.AllGestori(), idptest.Clock(w.clock.Now), idptest.Configure(func(c *idp.Config) { c.Store = db }))
	w.books = registrar{federation: w.sim.Federation, now: w.clock.Now}
	var gestori []onboarding.Provider
	for _, p := range w.sim.Federation.Providers() {
		gestori = append(gestori, onboarding.Describe(p.Slug, p.Name))
	}
	w.office, err = onboarding.New(onboarding.Config{Store: db, Outbox: w.sim.Outbox, Registrar: w.books, Gestori: gestori, Now: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	w.peer = idptest.NewSP(t, "http://localhost:9999")
	w.peer.Now = w.clock.Now
	w.sim.RegisterSP(t, w.peer.Metadata)
	return w
}

// walk brings events to a request, one after the other.
func (w *booksWorld) walk(id string, steps ...walkStep) *onboarding.Enrolment {
	w.t.Helper()
	var e *onboarding.Enrolment
	for _, s := range steps {
		var err error
		if e, err = w.office.Do(w.t.Context(), id, s.event, s.in); err != nil {
			w.t.Fatalf("%s: %v", s.event, err)
		}
	}
	return e
}

type walkStep struct {
	event onboarding.Event
	in    onboarding.Input
}

// code is the newest one that went by a channel to an address.
func (w *booksWorld) code(channel, to string) string {
	w.t.Helper()
	list, err := w.sim.Outbox.List(w.t.Context(), outbox.Filter{Channel: channel, To: to}, 1)
	if err != nil || len(list) == 0 {
		w.t.Fatalf("no message by %s to %s (%v)", channel, to, err)
	}
	return list[0].Code
}

// enrol takes ortensia from the form at poste to an active identity of level 2.
func (w *booksWorld) enrol(username, password string) *onboarding.Enrolment {
	return w.enrolWith(onboarding.Input{Username: username, Password: password, Factor: "sms"})
}

// enrolWith lets the person choose other means.
func (w *booksWorld) enrolWith(means onboarding.Input) *onboarding.Enrolment {
	w.t.Helper()
	means.Repeat = means.Password
	const mail, mobile = "ortensia@personas.example", "+39 399 000 0001"
	e, err := w.office.StartDirect(w.t.Context(), "poste")
	if err != nil {
		w.t.Fatal(err)
	}
	w.walk(e.ID,
		walkStep{onboarding.EvSave, onboarding.Input{FiscalCode: string(ortensia), FamilyName: "Quirzoldi", GivenName: "Ortensia", Sex: "F", Born: "1943-03-19",
			BirthPlace: "Bologna", Street: "Via degli Esempi 1", City: "Bologna", PostalCode: "40100", Nationality: "IT", Email: mail, Mobile: mobile}},
		walkStep{onboarding.EvContacts, onboarding.Input{Email: mail, Mobile: mobile}})
	return w.walk(e.ID,
		walkStep{onboarding.EvMail, onboarding.Input{Code: w.code(outbox.Email, mail)}},
		walkStep{onboarding.EvPhone, onboarding.Input{Code: w.code(outbox.SMS, mobile)}},
		walkStep{onboarding.EvDocs, onboarding.Input{Document: onboarding.CIE, Number: "ZZ00001ZZ", Issued: "2021-03-19", Expires: "2031-03-19", HealthCard: true}},
		walkStep{onboarding.EvMode, onboarding.Input{Mode: onboarding.SMSCertified}},
		walkStep{onboarding.EvOnlineOK, onboarding.Input{Asserted: true}},
		walkStep{onboarding.EvCreds, means})
}

// login plays a SAML login at poste and returns how it ends.
func (w *booksWorld) login(username, password string, level int) *idptest.Response {
	w.t.Helper()
	p, _ := w.sim.Federation.Provider("poste")
	request := w.peer.RedirectURL(w.t, p.EntityID, w.peer.Request(p.EntityID, level, saml.HTTPRedirect), "")
	return w.sim.Login(w.t, request, idptest.At("poste"), idptest.User(username), idptest.Password(password))
}

func TestONB136FromTheRequestToALoginWithSAML(t *testing.T) {
	t.Parallel()
	const password = "Girasole-12"
	w := newBooksWorld(t)
	e := w.enrol("ortensia.q", password)
	if e.State != onboarding.Active || e.Account.SPIDCode != idp.SPIDCode("poste", "ortensia.q") {
		t.Fatalf("request %s, account %+v", e.State, e.Account)
	}
	r := w.login("ortensia.q", password, 2)
	if r.Anomaly != 0 || r.Level != spid.L2 || !strings.Contains(string(r.XML), "TINIT-"+string(ortensia)) {
		t.Errorf("anomaly %d at level %d", r.Anomaly, r.Level)
	}
	ids, err := w.books.Identities(t.Context(), ortensia)
	if err != nil || len(ids) != 1 || !ids[0].Usable() || ids[0].Level() != 2 || ids[0].Slug != "poste" || !ids[0].LastUsed.Equal(w.clock.Now()) {
		t.Errorf("identities are %+v (%v)", ids, err)
	}
	list, err := w.office.AccessLog(t.Context(), onboarding.Holder{FiscalCode: ortensia, Slug: "poste", Level: 2}, "ortensia.q", "poste", 10)
	if err != nil || len(list) != 1 || list[0].Outcome != "ok" || list[0].Service != "Comune di Esempio" || list[0].Level != 2 {
		t.Errorf("accesses are %+v (%v)", list, err)
	}
	all, err := w.books.People(t.Context())
	if err != nil || len(all) < 12 {
		t.Fatalf("%d people (%v)", len(all), err)
	}
	for _, p := range all {
		if p.Username == "ortensia.q" {
			t.Error("the account is among the test people")
		}
	}
}

func TestONB24ToONB26TheMeansMakeTheLevel(t *testing.T) {
	t.Parallel()
	const name, password = "ortensia.q", "Girasole-12"
	for _, row := range []struct {
		name  string
		means onboarding.Input
		held  int
	}{
		{"ONB-24 user name and password are level 1", onboarding.Input{Username: name, Password: password}, 1},
		{"ONB-25 a one-time code makes level 2", onboarding.Input{Username: name, Password: password, Factor: "sms"}, 2},
		{"ONB-25 so does the app", onboarding.Input{Username: name, Password: password, Factor: "app"}, 2},
		{"ONB-26 a device makes level 3", onboarding.Input{Username: name, Password: password, Factor: "app", Device: true}, 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newBooksWorld(t)
			w.enrolWith(row.means)
			for asked := 1; asked <= 3; asked++ {
				want := spid.Anomaly(0)
				if asked > row.held {
					want = spid.LevelNotHeld
				}
				if r := w.login(name, password, asked); r.Anomaly != want || want == 0 && r.Level != spid.Level(asked) {
					t.Errorf("level %d asked: anomaly %d at level %d, want anomaly %d", asked, r.Anomaly, r.Level, want)
				}
			}
		})
	}
}

func TestONB140AndONB141LifeOfAnIdentityOverTheRealBooks(t *testing.T) {
	t.Parallel()
	const password, next = "Girasole-12", "Papavero-34"
	w := newBooksWorld(t)
	w.enrol("ortensia.q", password)
	ctx, h := t.Context(), onboarding.Holder{FiscalCode: ortensia, Slug: "poste", Level: 2}
	in := onboarding.LifeInput{Username: "ortensia.q", Slug: "poste", Cause: onboarding.CauseAbuse, How: onboarding.ViaPEC, Confirmed: true}
	if _, err := w.office.Suspend(ctx, h, in); err != nil {
		t.Fatal(err)
	}
	if got := w.login("ortensia.q", password, 1).Anomaly; got != spid.IdentityBlocked {
		t.Errorf("suspended: %d, want 23", got)
	}
	w.clock.Freeze(w.clock.Now().Add(30 * 24 * time.Hour))
	if err := w.office.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	if got := w.login("ortensia.q", password, 1).Anomaly; got != 0 {
		t.Errorf("after 30 days: %d, want success", got)
	}
	r, err := w.office.ForgotPassword(ctx, "ortensia.q", "poste")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.office.ResetPassword(ctx, r.ID, onboarding.ResetInput{EmailCode: r.Code, MobileCode: r.MobileCode, Password: next}); err != nil {
		t.Fatal(err)
	}
	if got := w.login("ortensia.q", next, 2).Anomaly; got != 0 {
		t.Errorf("with the new password: %d, want success", got)
	}
	if r, err = w.office.LosePhone(ctx, h, in); err != nil {
		t.Fatal(err)
	}
	if got := w.login("ortensia.q", next, 2).Anomaly; got != spid.LevelNotHeld {
		t.Errorf("without the phone level 2 ends in %d, want 20", got)
	}
	if _, err := w.office.Reidentify(ctx, onboarding.Holder{Operator: true}, r.ID, "Sportello 1", "+39 399 000 0099"); err != nil {
		t.Fatal(err)
	}
	if got := w.login("ortensia.q", next, 2).Anomaly; got != 0 {
		t.Errorf("identified again: %d, want success", got)
	}
	if _, err := w.office.Revoke(ctx, h, in); err != nil {
		t.Fatal(err)
	}
	if got := w.login("ortensia.q", next, 1).Anomaly; got != spid.IdentityBlocked {
		t.Errorf("revoked: %d, want 23", got)
	}
	active := onboarding.IdentityActive
	var denied *onboarding.Denied
	if _, err := w.books.Change(ctx, "ortensia.q", "poste", onboarding.IdentityChange{Status: &active}); !errors.As(err, &denied) || denied.Code != onboarding.IdentityEnded {
		t.Errorf("reviving: %v, want RSN-IDENTITY", err)
	}
	if _, err := w.books.Change(ctx, "ortensia.q", "prova", onboarding.IdentityChange{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("at another gestore: %v, want ErrNotFound", err)
	}
}

func TestONB135OneRequestOpensOneAccount(t *testing.T) {
	t.Parallel()
	w := newBooksWorld(t)
	list, err := w.books.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p := list[slices.IndexFunc(list, func(p people.Person) bool { return p.FiscalCode == ortensia })]
	account := onboarding.Account{Enrolment: "e1", Slug: "poste", Username: "ortensia.q", Password: "Girasole-12", Person: p, Levels: []int{1}, Opened: w.clock.Now()}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if i, err := w.books.Open(t.Context(), account); err != nil || i.Username != "ortensia.q" {
				t.Errorf("%+v, %v", i, err)
			}
		})
	}
	wg.Wait()
	account.Enrolment = "e2"
	var denied *onboarding.Denied
	if _, err := w.books.Open(t.Context(), account); !errors.As(err, &denied) || denied.Code != onboarding.UsernameTaken {
		t.Errorf("the same name for another request: %v, want RSN-USERNAME-TAKEN", err)
	}
	for name, want := range map[string]bool{"ortensia.q": true, "lucia.verdi": true, "nobody": false} {
		if got, err := w.books.Taken(t.Context(), name); err != nil || got != want {
			t.Errorf("%s taken: %t (%v), want %t", name, got, err, want)
		}
	}
	ids, err := w.books.Identities(t.Context(), ortensia)
	if err != nil || len(ids) != 1 {
		t.Errorf("%d identities (%v), want 1", len(ids), err)
	}
}
