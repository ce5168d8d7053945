package idp_test

import (
	"crypto/x509"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"

	"spidsim/idp"
	"spidsim/idp/idptest"
	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/people"
	"spidsim/saml"
	"spidsim/spid"
)

func certificatesOf(k *saml.Key) []*x509.Certificate { return []*x509.Certificate{k.Cert} }

func rootOf(v *saml.Verified) *etree.Element {
	if v == nil {
		return nil
	}
	return v.Root
}

// world is a gestore, a registered service provider and a browser.
func world(t *testing.T, opts ...idptest.Option) (*idptest.Sim, *idptest.SP, *browser) {
	t.Helper()
	sim := idptest.New(t, opts...)
	peer := idptest.NewSP(t, "http://localhost:9999")
	sim.RegisterSP(t, peer.Metadata)
	return sim, peer, newBrowser(t, sim)
}

func TestLogin(t *testing.T) {
	t.Parallel()
	for _, binding := range []saml.Binding{saml.HTTPRedirect, saml.HTTPPost} {
		t.Run("level 1 takes user name and password over "+string(binding), func(t *testing.T) {
			t.Parallel()
			sim, peer, b := world(t)
			var p *page
			request := peer.Request(sim.EntityID, 1, binding)
			if binding == saml.HTTPRedirect {
				p = b.get(peer.RedirectURL(t, sim.EntityID, request, "relay-1"))
			} else {
				p = b.post(idptest.Endpoint(sim.EntityID, binding), peer.PostFields(t, request, "relay-1"))
			}
			p = b.signIn(b.want(p, "credentials", 200), "lucia.verdi")
			p = b.fill(b.want(p, "consent", 200), "consent", "yes")
			r := b.verified(b.want(p, "done", 200))
			action, relay, _ := b.response(p)
			if action != peer.ACS || relay != "relay-1" {
				t.Errorf("form goes to %q with RelayState %q", action, relay)
			}
			if r.Status.Code != saml.StatusSuccess || r.InResponseTo != request.ID || r.Assertion.AuthnContextClassRef != spid.L1.URI() || r.Assertion.SessionIndex == "" {
				t.Errorf("Response: %+v", r)
			}
		})
	}
	t.Run("level 2 takes the code of the authenticator as well, and the Assertion has no SessionIndex", func(t *testing.T) {
		t.Parallel()
		_, peer, b := world(t)
		p := b.signIn(b.want(b.start(peer, 2), "credentials", 200), "lucia.verdi")
		p = b.fill(b.want(p, "otp", 200), "otp", b.totp("lucia.verdi"))
		p = b.fill(b.want(p, "consent", 200), "consent", "yes")
		r := b.verified(b.want(p, "done", 200))
		if r.Assertion.AuthnContextClassRef != spid.L2.URI() || r.Assertion.SessionIndex != "" {
			t.Errorf("Assertion: %+v", r.Assertion)
		}
	})
	t.Run("level 2 takes the code of an SMS", func(t *testing.T) {
		t.Parallel()
		_, peer, b := world(t)
		p := b.signIn(b.start(peer, 2), "loretta.qualzeni")
		code := b.smsCode("loretta.qualzeni")
		p = b.fill(b.want(p, "otp", 200), "otp", code[:3]+" "+code[3:])
		b.verified(b.want(b.fill(b.want(p, "consent", 200), "consent", "yes"), "done", 200))
	})
	t.Run("level 2 takes a confirmation in the app", func(t *testing.T) {
		t.Parallel()
		_, peer, b := world(t)
		p := b.signIn(b.start(peer, 2), "lucia.verdi")
		p = b.fill(b.want(p, "otp", 200), "factor", "app")
		p = b.fill(b.want(p, "push", 200), "continue", "yes")
		p = b.fill(b.want(p, "push", 422), "app", "approve")
		b.verified(b.want(b.fill(b.want(p, "consent", 200), "consent", "yes"), "done", 200))
	})
	t.Run("level 3 takes the card and its PIN as well", func(t *testing.T) {
		t.Parallel()
		_, peer, b := world(t)
		p := b.signIn(b.start(peer, 3), "lucia.verdi")
		p = b.fill(b.want(p, "otp", 200), "otp", b.totp("lucia.verdi"))
		p = b.fill(b.want(p, "card", 200), "pin", "12345678")
		r := b.verified(b.want(b.fill(b.want(p, "consent", 200), "consent", "yes"), "done", 200))
		if r.Assertion.AuthnContextClassRef != spid.L3.URI() {
			t.Errorf("Assertion: %+v", r.Assertion)
		}
	})
}

// TestPersonAnomalies walks the anomalies that a person causes (errors.md section 3), each to its signed Response.
func TestPersonAnomalies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		want spid.Anomaly
		do   func(b *browser, sp *idptest.SP) *page
	}{
		{"ONB-141 three wrong passwords are nr19", 19, func(b *browser, sp *idptest.SP) *page {
			p := b.start(sp, 1)
			for range 2 {
				p = b.want(b.fill(p, "username", "lucia.verdi", "password", "no"), "credentials", 422)
			}
			return b.fill(p, "username", "lucia.verdi", "password", "no")
		}},
		{"an unknown name counts like a wrong password", 19, func(b *browser, sp *idptest.SP) *page {
			p := b.start(sp, 1)
			for range 2 {
				p = b.want(b.fill(p, "username", "nobody", "password", "prova"), "credentials", 422)
			}
			return b.fill(p, "username", "nobody", "password", "prova")
		}},
		{"three wrong codes are nr19", 19, func(b *browser, sp *idptest.SP) *page {
			p := b.signIn(b.start(sp, 2), "lucia.verdi")
			for range 2 {
				p = b.want(b.fill(p, "otp", "000000"), "otp", 422)
			}
			return b.fill(p, "otp", "000000")
		}},
		{"ONB-141 credentials below the level are nr20", 20, func(b *browser, sp *idptest.SP) *page {
			return b.signIn(b.start(sp, 3), "loretta.qualzeni")
		}},
		{"ONB-141 denied consent is nr22", 22, func(b *browser, sp *idptest.SP) *page {
			return b.fill(b.signIn(b.start(sp, 1), "lucia.verdi"), "consent", "no")
		}},
		{"ONB-141 a suspended identity is nr23, told after the password", 23, func(b *browser, sp *idptest.SP) *page {
			return b.signIn(b.start(sp, 1), "otello.vrizquo")
		}},
		{"ONB-141 an identity of a legal person is nr30 without a Purpose", 30, func(b *browser, sp *idptest.SP) *page {
			return b.signIn(b.start(sp, 1), "egidio.wanzolqui")
		}},
		{"ONB-141 cancelled at the password is nr25", 25, func(b *browser, sp *idptest.SP) *page {
			return b.fill(b.start(sp, 1), "cancel", "yes")
		}},
		{"cancelled at the code is nr25", 25, func(b *browser, sp *idptest.SP) *page {
			return b.fill(b.signIn(b.start(sp, 2), "lucia.verdi"), "cancel", "yes")
		}},
		{"cancelled at the card is nr25", 25, func(b *browser, sp *idptest.SP) *page {
			p := b.signIn(b.start(sp, 3), "lucia.verdi")
			p = b.fill(p, "otp", b.totp("lucia.verdi"))
			return b.fill(b.want(p, "card", 200), "cancel", "yes")
		}},
		{"cancelled at the consent is nr25, not nr22 (TRG-A)", 25, func(b *browser, sp *idptest.SP) *page {
			return b.fill(b.signIn(b.start(sp, 1), "lucia.verdi"), "cancel", "yes")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, sp, b := world(t)
			p := b.want(tt.do(b, sp), "done", 200)
			r := b.verified(p)
			if r.Status.Code != saml.StatusResponder || r.Status.Sub != saml.StatusAuthnFailed || r.Status.Message != tt.want.Code() || r.Assertion != nil {
				t.Errorf("status %+v, want %s below Responder/AuthnFailed and no Assertion", r.Status, tt.want.Code())
			}
			if again := b.fill(p, "consent", "yes"); again.step != "error" || strings.Contains(again.body, "SAMLResponse") {
				t.Errorf("a second form got step %q, want no second Response (STM-02)", again.step)
			}
		})
	}
}

func TestONB141TimeoutIsNr21(t *testing.T) {
	t.Parallel()
	c := clock.New()
	c.Set(time.Now())
	sim, sp, b := world(t, idptest.Clock(c.Now), idptest.LoginTimeout(time.Minute))
	sp.Now = c.Now
	p := b.want(b.start(sp, 1), "credentials", 200)
	c.Set(c.Now().Add(time.Minute))
	b.want(b.get(p.url), "error", 200)
	r := b.verified(b.want(b.signIn(p, "lucia.verdi"), "done", 200))
	if r.Status.Message != "ErrorCode nr21" {
		t.Errorf("status %+v, want nr21", r.Status)
	}
	if x := sim.LastExchange(t); x.Anomaly != spid.Timeout || len(x.Response) == 0 {
		t.Errorf("journal: %+v", x)
	}
}

func TestCardScreens(t *testing.T) {
	t.Parallel()
	atCard := func(t *testing.T, username string) (*idptest.Sim, *browser, *page) {
		sim, sp, b := world(t)
		p := b.signIn(b.start(sp, 3), username)
		if p.step == "push" {
			p = b.fill(p, "app", "approve")
		}
		for p.step == "otp" {
			p = b.fill(p, "otp", secondFactor(b, username))
		}
		return sim, b, b.want(p, "card", 200)
	}
	t.Run("an empty reader says so and a PIN does nothing", func(t *testing.T) {
		t.Parallel()
		_, b, p := atCard(t, "lucia.verdi")
		p = b.want(b.fill(p, "card", "remove"), "card", 200)
		p = b.want(b.fill(p, "pin", "12345678"), "card", 422)
		p = b.want(b.fill(p, "card", "insert"), "card", 200)
		b.want(b.fill(p, "pin", "12345678"), "consent", 200)
	})
	t.Run("three wrong PINs block the card, the PUK opens it with a new PIN", func(t *testing.T) {
		t.Parallel()
		_, b, p := atCard(t, "lucia.verdi")
		for range 3 {
			p = b.want(b.fill(p, "pin", "00000000"), "card", 422)
		}
		p = b.want(b.fill(p, "pin", "12345678"), "card", 422)
		p = b.want(b.fill(p, "puk", "11111111", "new_pin", "87654322"), "card", 422)
		p = b.want(b.fill(p, "puk", "87654321", "new_pin", "1234"), "card", 422)
		p = b.want(b.fill(p, "puk", "87654321", "new_pin", "11112222"), "card", 200)
		p = b.want(b.fill(p, "pin", "12345678"), "card", 422)
		b.want(b.fill(p, "pin", "11112222"), "consent", 200)
	})
	t.Run("three wrong PUKs make the card useless: nr23", func(t *testing.T) {
		t.Parallel()
		_, b, p := atCard(t, "lucia.verdi")
		for range 3 {
			p = b.fill(p, "pin", "00000000")
		}
		for range 3 {
			p = b.want(b.fill(p, "puk", "11111111", "new_pin", "11112222"), "card", 422)
		}
		p = b.want(b.fill(p, "puk", "87654321", "new_pin", "11112222"), "card", 422)
		if r := b.verified(b.fill(p, "card", "end")); r.Status.Message != "ErrorCode nr23" {
			t.Errorf("status %+v", r.Status)
		}
	})
	for state, username := range cardHolders(t) {
		t.Run("a card that is "+state+" is refused before its PIN", func(t *testing.T) {
			t.Parallel()
			_, b, p := atCard(t, username)
			p = b.want(b.fill(p, "pin", "12345678"), "card", 422)
			if state == people.CardBlocked {
				return
			}
			if r := b.verified(b.fill(p, "card", "end")); r.Status.Message != "ErrorCode nr23" {
				t.Errorf("status %+v", r.Status)
			}
		})
	}
	for _, other := range []string{"other", "expired", "revoked"} {
		t.Run("somebody else's card is refused: "+other, func(t *testing.T) {
			t.Parallel()
			_, b, p := atCard(t, "lucia.verdi")
			p = b.want(b.fill(p, "card", other), "card", 200)
			p = b.want(b.fill(p, "pin", "12345678"), "card", 422)
			p = b.want(b.fill(p, "card", "insert"), "card", 200)
			b.want(b.fill(p, "pin", "12345678"), "consent", 200)
		})
	}
}

func secondFactor(b *browser, username string) string {
	u, err := b.sim.Federation.FindUser(b.t.Context(), username)
	if err != nil {
		b.t.Fatal(err)
	}
	if u.SecondFactors[0] == people.FactorTOTP {
		return b.totp(username)
	}
	return b.smsCode(username)
}

// cardHolders finds a person for each state that a card can be handed out in.
func cardHolders(t *testing.T) map[string]string {
	t.Helper()
	all, err := people.All()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, p := range all {
		if p.Card != "" && p.Card != people.CardOK {
			out[p.Card] = p.Username
		}
	}
	if len(out) != 3 {
		t.Fatalf("people with odd cards: %v, want expired, revoked and blocked", out)
	}
	return out
}

// SEC-55: no authenticator code works twice, in no order, whoever is first.
func TestCodesWorkOnce(t *testing.T) {
	t.Parallel()
	t.Run("the same code in a second login is refused, the next one is taken", func(t *testing.T) {
		t.Parallel()
		_, sp, b := world(t)
		code := b.totp("lucia.verdi")
		first := b.signIn(b.start(sp, 2), "lucia.verdi")
		second := b.signIn(b.start(sp, 2), "lucia.verdi")
		b.want(b.fill(first, "otp", code), "consent", 200)
		p := b.want(b.fill(second, "otp", code), "otp", 422)
		b.want(b.fill(p, "otp", b.totp("lucia.verdi")), "consent", 200)
	})
	t.Run("of fifty at once exactly one wins", func(t *testing.T) {
		t.Parallel()
		sim, sp, b := world(t)
		code := b.totp("lucia.verdi")
		var ids []string
		for range 50 {
			p := b.signIn(b.start(sp, 2), "lucia.verdi")
			ids = append(ids, p.url[strings.LastIndex(p.url, "/")+1:])
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for _, id := range ids {
			wg.Go(func() {
				if _, err := sim.IdP.OTP(t.Context(), id, code); err == nil {
					mu.Lock()
					won++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if won != 1 {
			t.Errorf("%d logins took the code, want 1", won)
		}
	})
	t.Run("suites that log in again and again within a step always get a fresh code", func(t *testing.T) {
		t.Parallel()
		_, sp, b := world(t)
		for range 10 {
			p := b.signIn(b.start(sp, 2), "lucia.verdi")
			b.want(b.fill(p, "otp", b.totp("lucia.verdi")), "consent", 200)
		}
	})
	t.Run("an SMS code works in its own login alone, and only until it expires", func(t *testing.T) {
		t.Parallel()
		c := clock.New()
		c.Set(time.Now())
		_, sp, b := world(t, idptest.Clock(c.Now))
		sp.Now = c.Now
		first := b.signIn(b.start(sp, 2), "loretta.qualzeni")
		old := b.smsCode("loretta.qualzeni")
		second := b.signIn(b.start(sp, 2), "loretta.qualzeni")
		if fresh := b.smsCode("loretta.qualzeni"); fresh != old {
			b.want(b.fill(second, "otp", old), "otp", 422)
		}
		c.Set(c.Now().Add(121 * time.Second))
		p := b.want(b.fill(first, "otp", old), "otp", 422)
		p = b.want(b.fill(p, "resend", "yes"), "otp", 200)
		b.want(b.fill(p, "otp", b.smsCode("loretta.qualzeni")), "consent", 200)
	})
}

func TestApp(t *testing.T) {
	t.Parallel()
	sim, sp, b := world(t)
	p := b.fill(b.signIn(b.start(sp, 2), "lucia.verdi"), "factor", "app")
	list, err := sim.Outbox.List(t.Context(), outbox.Filter{To: "lucia.verdi", Channel: outbox.App}, 1)
	if err != nil || len(list) != 1 {
		t.Fatalf("questions in the app: %v, %v", list, err)
	}
	if err := sim.Outbox.Answer(t.Context(), list[0].ID, outbox.Deny); err != nil {
		t.Fatal(err)
	}
	p = b.want(b.fill(p, "continue", "yes"), "push", 422)
	p = b.want(b.fill(p, "factor", "totp"), "otp", 200)
	b.want(b.fill(p, "otp", b.totp("lucia.verdi")), "consent", 200)
}

// SEC-38, SEC-39: the stored login decides, not the form.
func TestStepsCannotBeSkipped(t *testing.T) {
	t.Parallel()
	t.Run("consent before the password leads back to the password", func(t *testing.T) {
		t.Parallel()
		_, sp, b := world(t)
		p := b.want(b.start(sp, 2), "credentials", 200)
		p = b.fill(p, "consent", "yes")
		if p.step != "credentials" {
			t.Errorf("step %q", p.step)
		}
	})
	t.Run("consent before the code leads back to the code", func(t *testing.T) {
		t.Parallel()
		_, sp, b := world(t)
		p := b.signIn(b.start(sp, 2), "lucia.verdi")
		if p = b.fill(p, "consent", "yes"); p.step != "otp" {
			t.Errorf("step %q", p.step)
		}
	})
	t.Run("another browser learns nothing of the login", func(t *testing.T) {
		t.Parallel()
		sim, sp, b := world(t)
		p := b.start(sp, 1)
		stranger := newBrowser(t, sim)
		stranger.want(stranger.get(p.url), "error", 404)
		stranger.want(stranger.signIn(p, "lucia.verdi"), "error", 404)
		b.want(b.signIn(p, "lucia.verdi"), "consent", 200)
	})
	t.Run("two tabs of one browser do not disturb each other", func(t *testing.T) {
		t.Parallel()
		_, sp, b := world(t)
		one, two := b.start(sp, 1), b.start(sp, 2)
		p := b.want(b.signIn(one, "lucia.verdi"), "consent", 200)
		b.want(b.signIn(two, "loretta.qualzeni"), "otp", 200)
		if r := b.verified(b.fill(p, "consent", "yes")); r.Assertion.AuthnContextClassRef != spid.L1.URI() {
			t.Errorf("Assertion %+v", r.Assertion)
		}
	})
	t.Run("the page of a finished login changes nothing and says so", func(t *testing.T) {
		t.Parallel()
		_, sp, b := world(t)
		p := b.fill(b.signIn(b.start(sp, 1), "lucia.verdi"), "consent", "yes")
		b.verified(p)
		b.want(b.get(p.url), "error", http.StatusConflict)
	})
	t.Run("of fifty consents at once exactly one gets a Response", func(t *testing.T) {
		t.Parallel()
		sim, sp, b := world(t)
		p := b.signIn(b.start(sp, 1), "lucia.verdi")
		id := p.url[strings.LastIndex(p.url, "/")+1:]
		if _, err := sim.IdP.Consent(t.Context(), id, true); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		replies := make(chan *idp.Reply, 50)
		for range 50 {
			wg.Go(func() {
				if r, err := sim.IdP.Answer(t.Context(), id); err == nil {
					replies <- r
				}
			})
		}
		wg.Wait()
		if len(replies) != 1 {
			t.Errorf("%d Responses, want 1", len(replies))
		}
	})
}

func TestPeopleOfOneServiceProvider(t *testing.T) {
	t.Parallel()
	sim, sp, b := world(t)
	sim.AddUser(t, people.Person{Username: "only.there", Password: "prova", OnlySP: "http://elsewhere.example"})
	b.want(b.signIn(b.start(sp, 1), "only.there"), "credentials", 422)
}
