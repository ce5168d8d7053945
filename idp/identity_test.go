package idp_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
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
	"spidsim/saml"
	"spidsim/spid"
)

const chosen = "Girasole-12"

// lives is a federation of ten gestori with a clock to be moved, a service provider, and an account that the onboarding opened at poste.
type lives struct {
	t     *testing.T
	sim   *idptest.Sim
	peer  *idptest.SP
	clock *clock.Clock
	log   *bytes.Buffer
	db    *store.DB
}

func newLives(t *testing.T, opts ...idptest.Option) *lives {
	t.Helper()
	w := &lives{t: t, clock: clock.Fixed(time.Date(2024, 3, 14, 9, 0, 0, 0, time.UTC)), log: &bytes.Buffer{}}
	db, err := sqlite.Open(t.Context(), "memory:", w.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w.db = db
	all := append([]idptest.Option{idptest.AllGestori(), idptest.Clock(w.clock.Now), idptest.Configure(func(c *idp.Config) {
		c.Store = db
		c.Log = slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})}, opts...)
	w.sim = idptest.New(t, all...)
	w.peer = idptest.NewSP(t, "http://localhost:9999")
	w.peer.Now = w.clock.Now
	w.sim.RegisterSP(t, w.peer.Metadata)
	return w
}

func (w *lives) later(d time.Duration) { w.clock.Freeze(w.clock.Now().Add(d)) }

func opening(enrolment, username string, levels []int, factors ...string) idp.Opening {
	return idp.Opening{Enrolment: enrolment, Slug: "poste", Username: username, Password: chosen, Levels: levels, Factors: factors,
		At: time.Date(2024, 3, 14, 9, 0, 0, 0, time.UTC),
		Person: people.Person{GivenName: "Ortensia", FamilyName: "Quirzoldi", FiscalCode: "QRZRNS43C59A944W", Sex: "F", Born: "1943-03-19", BirthPlace: "A944",
			BirthCounty: "BO", Email: "ortensia@personas.example", Mobile: "+39 399 000 0001", ExpirationDate: "2034-03-14", IdentityType: spid.NaturalPerson}}
}

func (w *lives) open(o idp.Opening) *idp.User {
	w.t.Helper()
	u, err := w.sim.Federation.OpenIdentity(w.t.Context(), o)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

func (w *lives) change(username, slug string, c idp.IdentityChange) *idp.User {
	w.t.Helper()
	u, err := w.sim.Federation.ChangeIdentity(w.t.Context(), username, slug, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// login plays a login at a gestore and returns how it ends.
func (w *lives) login(slug, username string, level int, opts ...idptest.LoginOption) *idptest.Response {
	w.t.Helper()
	p, _ := w.sim.Federation.Provider(slug)
	request := w.peer.RedirectURL(w.t, p.EntityID, w.peer.Request(p.EntityID, level, saml.HTTPRedirect), "")
	all := append([]idptest.LoginOption{idptest.At(slug), idptest.User(username)}, opts...)
	return w.sim.Login(w.t, request, all...)
}

func (w *lives) state(username, slug string) idp.State {
	w.t.Helper()
	u, err := w.sim.Federation.FindUser(w.t.Context(), username)
	if err != nil {
		w.t.Fatal(err)
	}
	return u.StateAt(slug, w.clock.Now())
}

func ptr[T any](v T) *T { return &v }

func TestONB136AccountOfTheOnboardingLogsIn(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		levels  []int
		factors []string
		asked   int
		want    spid.Anomaly
	}{
		{"level 1 with the password", []int{1}, nil, 1, 0},
		{"level 2 with a code by SMS", []int{1, 2}, []string{"sms"}, 2, 0},
		{"level 2 with the authenticator", []int{1, 2}, []string{"totp"}, 2, 0},
		{"level 3 with the card that came along", []int{1, 2, 3}, []string{"app"}, 3, 0},
		{"level 2 is not held without a second factor", []int{1}, nil, 2, spid.LevelNotHeld},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newLives(t)
			w.open(opening("e1", "ortensia", tt.levels, tt.factors...))
			r := w.login("poste", "ortensia", tt.asked, idptest.Password(chosen))
			if r.Anomaly != tt.want || tt.want == 0 && r.Level != spid.Level(tt.asked) {
				t.Errorf("anomaly %d at level %d, want %d at level %d", r.Anomaly, r.Level, tt.want, tt.asked)
			}
		})
	}
}

func TestD05ChosenPasswordIsHashedAndNeverTold(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	u := w.open(opening("e1", "ortensia", []int{1}))
	if !strings.HasPrefix(u.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") || u.Password != "" || !u.Chosen() {
		t.Fatalf("hash is %q, password %q", u.PasswordHash, u.Password)
	}
	other := w.open(opening("e2", "another", []int{1}))
	if other.PasswordHash == u.PasswordHash {
		t.Error("the same password has the same hash twice")
	}
	w.login("poste", "ortensia", 1, idptest.Password(chosen))
	w.login("poste", "ortensia", 1, idptest.Password(chosen), idptest.Ends(spid.WrongCredentials))
	for what, secret := range map[string]string{"password": chosen, "hash": u.PasswordHash} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log has the %s", what)
		}
	}
	b := newBrowser(t, w.sim)
	p, _ := w.sim.Federation.Provider("poste")
	page := b.get(w.peer.RedirectURL(t, p.EntityID, w.peer.Request(p.EntityID, 1, saml.HTTPRedirect), ""))
	if strings.Contains(page.body, chosen) || strings.Contains(page.body, "argon2id") {
		t.Error("the login page shows the password or its hash")
	}
}

func TestSEC54NamesThatAreNobodysAndWrongPasswordsFailTheSame(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	w.open(opening("e1", "ortensia", []int{1}))
	p, _ := w.sim.Federation.Provider("poste")
	for who, password := range map[string]string{"ortensia": "Wrong-pass1", "nobody": chosen, "loretta.qualzeni": "prova"} { // she is at another gestore
		b := newBrowser(t, w.sim)
		page := b.get(w.peer.RedirectURL(t, p.EntityID, w.peer.Request(p.EntityID, 1, saml.HTTPRedirect), ""))
		page = b.fill(page, "username", who, "password", password)
		if page.status != 422 || page.step != "credentials" {
			t.Errorf("%s: status %d at %q, want 422 at credentials", who, page.status, page.step)
		}
	}
}

func TestONB145ThreeWrongPasswordsLockForHalfAnHour(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	w.open(opening("e1", "ortensia", []int{1}))
	if got := w.login("poste", "ortensia", 1, idptest.Password("No"), idptest.Ends(spid.WrongCredentials)).Anomaly; got != spid.WrongCredentials {
		t.Fatalf("three wrong passwords end in %d, want 19", got)
	}
	s := w.state("ortensia", "poste")
	if s.Status != people.Locked || s.Cause != "lock" || !s.Until.Equal(w.clock.Now().Add(30*time.Minute)) {
		t.Fatalf("state is %+v, want locked for 30 minutes", s)
	}
	w.later(29 * time.Minute)
	if got := w.login("poste", "ortensia", 1, idptest.Password(chosen)).Anomaly; got != spid.IdentityBlocked {
		t.Errorf("the right password meanwhile ends in %d, want 23", got)
	}
	w.login("poste", "ortensia", 1, idptest.Password("No"), idptest.Ends(spid.WrongCredentials))
	w.later(time.Minute)
	if got := w.login("poste", "ortensia", 1, idptest.Password(chosen)).Anomaly; got != 0 {
		t.Errorf("after 30 minutes it ends in %d, want success: tries meanwhile do not make the lock longer", got)
	}
}

// wrongOnce types a wrong password in a login of its own, which stays open.
func (w *lives) wrongOnce(slug, username string) {
	w.t.Helper()
	b := newBrowser(w.t, w.sim)
	p, _ := w.sim.Federation.Provider(slug)
	page := b.get(w.peer.RedirectURL(w.t, p.EntityID, w.peer.Request(p.EntityID, 1, saml.HTTPRedirect), ""))
	if page = b.fill(page, "username", username, "password", "Wrong-pass1"); page.status != 422 {
		w.t.Fatalf("status %d, want 422", page.status)
	}
}

func TestONB145WrongPasswordsCountOverLoginsAndARightOneForgetsThem(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	w.open(opening("e1", "ortensia", []int{1}))
	w.wrongOnce("poste", "ortensia")
	w.wrongOnce("poste", "ortensia")
	if got := w.login("poste", "ortensia", 1, idptest.Password(chosen)).Anomaly; got != 0 {
		t.Fatalf("after two wrong ones: %d", got)
	}
	w.wrongOnce("poste", "ortensia")
	w.wrongOnce("poste", "ortensia")
	if got := w.state("ortensia", "poste"); got.Status != people.Active || got.WrongTries != 2 {
		t.Fatalf("state is %+v, want active with two wrong tries", got)
	}
	w.wrongOnce("poste", "ortensia")
	if got := w.state("ortensia", "poste").Status; got != people.Locked {
		t.Errorf("status is %q, want locked by the third in three logins", got)
	}
}

func TestTMO02TestPeopleAreLockedOnlyWhenTheSwitchIsOn(t *testing.T) {
	t.Parallel()
	for _, on := range []bool{false, true} {
		t.Run(fmt.Sprintf("lock=%t", on), func(t *testing.T) {
			t.Parallel()
			w := newLives(t, idptest.Configure(func(c *idp.Config) { c.Lock = on }))
			w.login("prova", "lucia.verdi", 1, idptest.Ends(spid.WrongCredentials))
			want := spid.Anomaly(0)
			if on {
				want = spid.IdentityBlocked
			}
			if got := w.login("prova", "lucia.verdi", 1).Anomaly; got != want {
				t.Errorf("after three wrong passwords the right one ends in %d, want %d", got, want)
			}
		})
	}
}

func TestONB148SuspendedAtOneGestoreWorksAtTheOthers(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	u, err := w.sim.Federation.FindUser(t.Context(), "ivo.xandrelli")
	if err != nil || len(u.IdPs) < 2 {
		t.Fatalf("P04 is at %v, want two gestori (%v)", u.IdPs, err)
	}
	one, other := u.IdPs[0], u.IdPs[1]
	w.change("ivo.xandrelli", one, idp.IdentityChange{Status: ptr(people.Suspended), Cause: ptr("user")})
	if got := w.login(one, "ivo.xandrelli", 1).Anomaly; got != spid.IdentityBlocked {
		t.Errorf("at %s: %d, want 23", one, got)
	}
	if got := w.login(other, "ivo.xandrelli", 1).Anomaly; got != 0 {
		t.Errorf("at %s: %d, want success", other, got)
	}
	w.change("ivo.xandrelli", one, idp.IdentityChange{Status: ptr(people.Active), Password: ptr(chosen), Levels: ptr([]int{1}), Factors: ptr([]string{}), Email: ptr("one@personas.example")})
	if got := w.login(one, "ivo.xandrelli", 2, idptest.Password(chosen)).Anomaly; got != spid.LevelNotHeld {
		t.Errorf("level 2 at %s after the change there: %d, want 20", one, got)
	}
	if r := w.login(other, "ivo.xandrelli", 2); r.Anomaly != 0 || strings.Contains(string(r.XML), "one@personas.example") {
		t.Errorf("level 2 with the old password at %s: %d, want success and the old contacts", other, r.Anomaly)
	}
	if got := w.login(one, "ivo.xandrelli", 1, idptest.Password(chosen)).Anomaly; got != 0 {
		t.Errorf("reactivated at %s: %d, want success", one, got)
	}
	if _, err := w.sim.Federation.ChangeIdentity(t.Context(), "ivo.xandrelli", "tim", idp.IdentityChange{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an identity that there is not: %v", err)
	}
}

func TestONB142SuspensionEndsWithItsTime(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	w.open(opening("e1", "ortensia", []int{1}))
	w.change("ortensia", "poste", idp.IdentityChange{Status: ptr(people.Suspended), Cause: ptr("abuse"), Until: ptr(w.clock.Now().Add(30 * 24 * time.Hour))})
	w.later(30*24*time.Hour - time.Second)
	if got := w.state("ortensia", "poste"); got.Status != people.Suspended || got.Cause != "abuse" {
		t.Errorf("a second before: %+v", got)
	}
	w.later(time.Second)
	if got := w.login("poste", "ortensia", 1, idptest.Password(chosen)).Anomaly; got != 0 {
		t.Errorf("after 30 days: %d, want success", got)
	}
}

func TestONB140RevokedIsFinal(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	w.open(opening("e1", "ortensia", []int{1}))
	w.change("ortensia", "poste", idp.IdentityChange{Status: ptr(people.Revoked)})
	_, err := w.sim.Federation.ChangeIdentity(t.Context(), "ortensia", "poste", idp.IdentityChange{Status: ptr(people.Active)})
	if !errors.Is(err, idp.ErrRevoked) {
		t.Errorf("reactivating: %v, want ErrRevoked", err)
	}
	if got := w.login("poste", "ortensia", 1, idptest.Password(chosen)).Anomaly; got != spid.IdentityBlocked {
		t.Errorf("login ends in %d, want 23", got)
	}
}

func TestONB143TwoYearsWithoutUseRevoke(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	w.open(opening("e1", "ortensia", []int{1}))
	w.clock.Freeze(time.Date(2024, 6, 1, 9, 0, 0, 0, time.UTC))
	w.login("poste", "ortensia", 1, idptest.Password(chosen))
	w.clock.Freeze(time.Date(2026, 6, 1, 9, 0, 0, 0, time.UTC))
	if got := w.state("ortensia", "poste").Status; got != people.Active {
		t.Errorf("24 months after the last use: %q, want active", got)
	}
	w.clock.Freeze(time.Date(2026, 6, 1, 9, 0, 1, 0, time.UTC))
	if got := w.state("ortensia", "poste").Status; got != people.Revoked {
		t.Errorf("a second later: %q, want revoked", got)
	}
	if got := w.state("lucia.verdi", "prova").Status; got != people.Active {
		t.Errorf("test people are never idle: %q", got)
	}
}

func TestONB144AccessesAndNotification(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	w.open(opening("e1", "ortensia", []int{1, 2}, "sms"))
	w.login("poste", "ortensia", 1, idptest.Password(chosen))
	w.later(time.Hour)
	w.login("poste", "ortensia", 2, idptest.Password(chosen), idptest.Ends(spid.ConsentDenied))
	w.later(time.Hour)
	w.login("poste", "ortensia", 1, idptest.Password("No"), idptest.Ends(spid.WrongCredentials))
	w.later(time.Hour)
	w.login("prova", "lucia.verdi", 1)
	list, err := w.sim.Federation.Accesses(t.Context(), "Ortensia", "poste", 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range list {
		got = append(got, fmt.Sprintf("%s %s L%d %d", a.At.Format("15:04"), a.Service, a.Level, a.Anomaly))
	}
	want := []string{"11:00 Comune di Esempio L0 19", "10:00 Comune di Esempio L0 22", "09:00 Comune di Esempio L1 0"}
	if !slices.Equal(got, want) {
		t.Errorf("accesses are %q, want %q", got, want)
	}
	mails := func() int {
		found, err := w.sim.Outbox.List(t.Context(), outbox.Filter{User: "ortensia", Channel: outbox.Email}, 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	if n := mails(); n != 0 {
		t.Errorf("%d e-mails before the holder asked for them", n)
	}
	w.change("ortensia", "poste", idp.IdentityChange{NotifyUse: ptr(true)})
	w.later(time.Hour)
	w.login("poste", "ortensia", 1, idptest.Password(chosen))
	if n := mails(); n != 1 {
		t.Errorf("%d e-mails of one use, want 1", n)
	}
}

// openers open at once: more than hashes that are made at a time, few enough that the last one need not wait too long on a busy machine.
const openers = 6

func TestONB135OpeningTwiceIsOpeningOnce(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	var wg sync.WaitGroup
	codes := make(chan string, openers)
	for range openers {
		wg.Go(func() {
			u, err := w.sim.Federation.OpenIdentity(t.Context(), opening("e1", "ortensia", []int{1, 2, 3}, "totp"))
			if err != nil {
				t.Error(err)
				return
			}
			codes <- u.TOTPSecret
		})
	}
	wg.Wait()
	close(codes)
	first := <-codes
	for c := range codes {
		if c != first {
			t.Error("two callers got different accounts")
		}
	}
	if _, err := w.sim.Federation.OpenIdentity(t.Context(), opening("e2", "Ortensia ", []int{1})); !errors.Is(err, idp.ErrTaken) {
		t.Errorf("the same user name for another enrolment: %v, want ErrTaken", err)
	}
	if _, err := w.sim.Federation.OpenIdentity(t.Context(), opening("e3", "lucia.verdi", []int{1})); !errors.Is(err, idp.ErrTaken) {
		t.Errorf("the user name of a test person: %v, want ErrTaken", err)
	}
}

func TestONB135OpeningIsPartOfTheCallersTransaction(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	undone := errors.New("undone")
	o := opening("e1", "ortensia", []int{1, 2, 3}, "totp")
	err := w.db.Atomic(t.Context(), func(ctx context.Context) error {
		if _, err := w.sim.Federation.OpenIdentity(ctx, o); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	if _, err := w.sim.Federation.FindUser(t.Context(), "ortensia"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the account is there: %v", err)
	}
}

func TestONB224ResetRemovesAccountsAndRestoresTestPeople(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	w.open(opening("e1", "ortensia", []int{1, 2, 3}, "totp"))
	w.change("lucia.verdi", "prova", idp.IdentityChange{Status: ptr(people.Suspended), Cause: ptr("user"), Password: ptr("Nuova-pass1"), Levels: ptr([]int{1}), Factors: ptr([]string{}), Email: ptr("x@y.example")})
	before, err := w.sim.Federation.FindUser(t.Context(), "mirta.xolzani")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.sim.Federation.ResetOnboarding(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.sim.Federation.FindUser(t.Context(), "ortensia"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the account is still there: %v", err)
	}
	if _, err := w.sim.Federation.FindCard(t.Context(), "ortensia"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the card is still there: %v", err)
	}
	if r := w.login("prova", "lucia.verdi", 3); r.Anomaly != 0 || r.Level != 3 {
		t.Errorf("lucia.verdi: anomaly %d at level %d, want success at 3", r.Anomaly, r.Level)
	}
	after, err := w.sim.Federation.FindUser(t.Context(), "mirta.xolzani")
	if err != nil || !before.Changed.Equal(after.Changed) {
		t.Errorf("who was not changed is written: %v", err)
	}
	w.open(opening("e1", "ortensia", []int{1}))
}

func TestONB224ResetOfOnePersonLeavesTheOthers(t *testing.T) {
	t.Parallel()
	w := newLives(t)
	o := opening("e1", "ortensia", []int{1, 2}, "totp")
	w.open(o)
	w.change("lucia.verdi", "prova", idp.IdentityChange{Status: ptr(people.Suspended), Cause: ptr("user")})
	if err := w.sim.Federation.ResetPerson(t.Context(), o.Person.FiscalCode); err != nil {
		t.Fatal(err)
	}
	if _, err := w.sim.Federation.FindUser(t.Context(), "ortensia"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the account is still there: %v", err)
	}
	if r := w.login("prova", "lucia.verdi", 2); r.Anomaly != spid.IdentityBlocked {
		t.Errorf("lucia.verdi: anomaly %d, want %d as before", r.Anomaly, spid.IdentityBlocked)
	}
}
