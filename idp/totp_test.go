package idp_test

import (
	"errors"
	"testing"
	"time"

	"spidsim/idp"
	"spidsim/idp/idptest"
	"spidsim/internal/clock"
)

// After the operator set the clock back, people log in with their authenticator again; codes of the present stay used (SEC-55).
func TestSEC55StepsAfterTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	now := time.Now() // the keys of the peers hold five years around it
	c := clock.Fixed(now)
	sim, peer, b := world(t, idptest.Clock(c.Now))
	peer.Now = c.Now
	ctx := t.Context()
	logIn := func() {
		t.Helper()
		p := b.signIn(b.want(b.start(peer, 2), "credentials", 200), "lucia.verdi")
		b.want(b.fill(b.want(p, "otp", 200), "otp", b.totp("lucia.verdi")), "consent", 200)
	}
	logIn()
	c.Freeze(now.AddDate(-4, 0, 0))
	if _, err := sim.Federation.TOTP(ctx, "lucia.verdi"); !errors.Is(err, idp.ErrNoFreshCode) {
		t.Fatalf("a clock that only went back: %v, want ErrNoFreshCode", err)
	}
	if err := sim.Federation.ForgetFutureSteps(ctx); err != nil {
		t.Fatal(err)
	}
	u, err := sim.Federation.FindUser(ctx, "lucia.verdi")
	if step := c.Now().Unix() / 30; err != nil || u.LastStep >= step || u.ShownStep >= step {
		t.Fatalf("steps are %d and %d, %v, want them before %d", u.LastStep, u.ShownStep, err, step)
	}
	logIn()
	used, err := sim.Federation.FindUser(ctx, "lucia.verdi")
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.Federation.ForgetFutureSteps(ctx); err != nil {
		t.Fatal(err)
	}
	again, err := sim.Federation.FindUser(ctx, "lucia.verdi")
	if err != nil || again.LastStep != used.LastStep {
		t.Errorf("the step used now is %d, %v, want it to stay %d", again.LastStep, err, used.LastStep)
	}
}

// A card works, or has expired, at every date of the lessons, whenever it was issued (ONB-02).
func TestONB02CardsSpanTheLessons(t *testing.T) {
	t.Parallel()
	today := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	for _, issued := range []time.Time{today, clock.Date(2020, 9, 30).At(10, 0)} {
		sim := idptest.New(t, idptest.Clock(clock.Fixed(issued).Now))
		for username, want := range map[string]string{"ivo.xandrelli": "ok", oddCard(t, sim, "expired"): "expired"} {
			card, err := sim.Federation.FindCard(t.Context(), username)
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range []time.Time{clock.Date(2020, 9, 30).Midnight(), clock.Date(2022, 8, 1).Midnight(), today, today.AddDate(4, 0, 0)} {
				if got := card.State(at); got != want {
					t.Errorf("issued %s, the card of %s is %s on %s, want %s", issued, username, got, at, want)
				}
				if got := card.State(clock.Date(2015, 1, 1).Midnight()); want == "ok" && got != "expired" {
					t.Errorf("the card of %s is %s before it holds, want expired", username, got)
				}
				cert, err := card.X509()
				if err != nil || want == "ok" && (at.Before(cert.NotBefore) || at.After(cert.NotAfter)) {
					t.Errorf("issued %s, the card of %s does not hold on %s (%v)", issued, username, at, err)
				}
			}
		}
	}
}

// oddCard is the user name of somebody whose card is in that state.
func oddCard(t *testing.T, sim *idptest.Sim, state string) string {
	t.Helper()
	users, err := sim.Federation.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if u.Card == state {
			return u.Username
		}
	}
	t.Fatalf("nobody's card is %s", state)
	return ""
}
