package idp_test

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"spidsim/idp"
	"spidsim/idp/idptest"
	"spidsim/internal/people"
	"spidsim/saml"
	"spidsim/spid"
)

// cie is a browser that stands before the identity provider of the CIE.
func cie(t *testing.T, level int, opts ...idptest.Option) (*browser, *page) {
	t.Helper()
	sim, peer, b := world(t, opts...)
	p, ok := sim.Federation.CIE()
	if !ok {
		t.Fatal("there is no CIE")
	}
	q := peer.Request(p.EntityID, level, saml.HTTPRedirect)
	return b, b.get(peer.RedirectURL(t, p.EntityID, q, "relay-1"))
}

func attributesOf(r *saml.Response) map[string]string {
	out := map[string]string{}
	for _, a := range r.Assertion.Attributes {
		out[a.Name] = a.Value
	}
	return out
}

func TestCIE08CardAndPINWithoutPasswordAreLevel3(t *testing.T) {
	t.Parallel()
	b, p := cie(t, 3)
	p = b.want(p, "card", 200)
	if strings.Contains(p.body, `name="password"`) || !strings.Contains(text(p.body), "CIE (simulata)") {
		t.Errorf("the first page asks for a password or is not that of the CIE:\n%s", text(p.body))
	}
	p = b.want(b.fill(p, "pin", "12345678"), "card", 422) // nothing in the reader
	p = b.want(b.fill(p, "card", "Gilda.Xerquati"), "card", 200)
	if !strings.Contains(text(p.body), "Gilda Xerquati") {
		t.Errorf("the page does not say whose card was read:\n%s", text(p.body))
	}
	p = b.want(b.fill(p, "pin", "00000000"), "card", 422)
	p = b.want(b.fill(p, "pin", "12345678"), "consent", 200)
	r := b.verified(b.want(b.fill(p, "consent", "yes"), "done", 200))
	if r.Assertion.AuthnContextClassRef != spid.L3.URI() || attributesOf(r)["fiscalNumber"] != "TINIT-XRQGLD68B69D704K" {
		t.Errorf("Assertion: %+v", r.Assertion)
	}
	if x := b.sim.LastExchange(t); x.Username != "gilda.xerquati" || x.IdP != idp.CIESlug {
		t.Errorf("journal: %s at %s", x.Username, x.IdP)
	}
}

func TestCIE08LowerLevelsTakeTheCredentialsOfTheCIE(t *testing.T) {
	t.Parallel()
	t.Run("level 1 is user name and password", func(t *testing.T) {
		t.Parallel()
		b, p := cie(t, 1)
		p = b.want(b.signIn(b.want(p, "credentials", 200), "mirta.xolzani"), "consent", 200)
		r := b.verified(b.fill(p, "consent", "yes"))
		if r.Assertion.AuthnContextClassRef != spid.L1.URI() {
			t.Errorf("level is %s, want that performed (CIE-09)", r.Assertion.AuthnContextClassRef)
		}
	})
	t.Run("level 2 asks for a code as well, sent by SMS", func(t *testing.T) {
		t.Parallel()
		b, p := cie(t, 2)
		p = b.want(b.signIn(b.want(p, "credentials", 200), "gilda.xerquati"), "otp", 200)
		p = b.want(b.fill(p, "otp", b.smsCode("gilda.xerquati")), "consent", 200)
		r := b.verified(b.fill(p, "consent", "yes"))
		if r.Assertion.AuthnContextClassRef != spid.L2.URI() {
			t.Errorf("level is %s, want that performed (CIE-09)", r.Assertion.AuthnContextClassRef)
		}
	})
	t.Run("who has SPID and no CIE has no credentials here", func(t *testing.T) {
		t.Parallel()
		b, p := cie(t, 1)
		b.want(b.signIn(b.want(p, "credentials", 200), "nives.jolzetti"), "credentials", 422)
	})
	t.Run("a suspended identity of SPID does not touch the CIE", func(t *testing.T) {
		t.Parallel()
		b, p := cie(t, 1)
		_, err := b.sim.Federation.UpdateUser(t.Context(), "gilda.xerquati", func(u *idp.User) error { u.Status = people.Suspended; return nil })
		if err != nil {
			t.Fatal(err)
		}
		b.want(b.signIn(p, "gilda.xerquati"), "consent", 200)
	})
	for username, state := range map[string]string{"ortensia.quirzoldi": "not enabled", "olimpia.zarxelli": "expired", "sirio.quolzandri": "revoked"} {
		t.Run("a CIE that is "+state+" is nr23 after the password", func(t *testing.T) {
			t.Parallel()
			b, p := cie(t, 1)
			if r := b.verified(b.want(b.signIn(p, username), "done", 200)); r.Status.Message != "ErrorCode nr23" {
				t.Errorf("status %+v, want nr23", r.Status)
			}
		})
	}
}

func TestCIE08CardsThatWillNotDo(t *testing.T) {
	t.Parallel()
	for username, words := range map[string]string{
		"ortensia.quirzoldi": "non è abilitata online", "olimpia.zarxelli": "scaduta", "sirio.quolzandri": "revocata",
	} {
		t.Run(username+": the page says why, the end is nr23", func(t *testing.T) {
			t.Parallel()
			b, p := cie(t, 3)
			p = b.want(b.fill(p, "card", username), "card", 200)
			if !strings.Contains(text(p.body), words) {
				t.Errorf("the page does not say %q:\n%s", words, text(p.body))
			}
			p = b.want(b.fill(p, "pin", "12345678"), "card", 422)
			if r := b.verified(b.want(b.fill(p, "card", "end"), "done", 200)); r.Status.Message != "ErrorCode nr23" {
				t.Errorf("status %+v, want nr23", r.Status)
			}
		})
		t.Run(username+": cancelled is nr25", func(t *testing.T) {
			t.Parallel()
			b, p := cie(t, 3)
			p = b.fill(b.fill(p, "card", username), "cancel", "yes")
			if r := b.verified(b.want(p, "done", 200)); r.Status.Message != "ErrorCode nr25" {
				t.Errorf("status %+v, want nr25", r.Status)
			}
		})
	}
	t.Run("three wrong PINs block it: nr23, or the PUK", func(t *testing.T) {
		t.Parallel()
		b, p := cie(t, 3)
		p = b.fill(p, "card", "lucia.verdi")
		for range 3 {
			p = b.want(b.fill(p, "pin", "00000000"), "card", 422)
		}
		p = b.want(b.fill(p, "pin", "12345678"), "card", 422)
		if !strings.Contains(text(p.body), "bloccata") {
			t.Errorf("the page does not say that the card is blocked:\n%s", text(p.body))
		}
		p = b.want(b.fill(p, "puk", "87654321", "new_pin", "11112222"), "card", 200)
		b.want(b.fill(p, "pin", "11112222"), "consent", 200)
	})
	t.Run("a blocked one may end in nr23", func(t *testing.T) {
		t.Parallel()
		b, p := cie(t, 3)
		p = b.fill(p, "card", "lucia.verdi")
		for range 3 {
			p = b.fill(p, "pin", "00000000")
		}
		if r := b.verified(b.want(b.fill(p, "card", "end"), "done", 200)); r.Status.Message != "ErrorCode nr23" {
			t.Errorf("status %+v, want nr23", r.Status)
		}
	})
	t.Run("nobody of that name, or nobody with a CIE, is told on the page", func(t *testing.T) {
		t.Parallel()
		b, p := cie(t, 3)
		for _, name := range []string{"nobody", "nives.jolzetti", ""} {
			p = b.want(b.fill(p, "card", name), "card", 422)
			if !strings.Contains(text(p.body), "Nessuno con questo nome ha una CIE") {
				t.Errorf("%q: %s", name, text(p.body))
			}
		}
	})
	t.Run("a card of another scheme is not recognised, and taken out again", func(t *testing.T) {
		t.Parallel()
		b, p := cie(t, 3)
		p = b.want(b.fill(p, "card", "other"), "card", 200)
		p = b.want(b.fill(p, "pin", "12345678"), "card", 422)
		if !strings.Contains(text(p.body), "non riconosce") {
			t.Errorf("the page does not say so: %s", text(p.body))
		}
		p = b.want(b.fill(p, "card", "remove"), "card", 200)
		p = b.want(b.fill(p, "card", "lucia.verdi"), "card", 200)
		b.want(b.fill(p, "pin", "12345678"), "consent", 200)
	})
	t.Run("the CIE is no token of level 3 of a gestore", func(t *testing.T) {
		t.Parallel()
		sim, _, _ := world(t)
		token, err := sim.Federation.CardOf(t.Context(), "lucia.verdi", idp.TokenCard)
		if err != nil {
			t.Fatal(err)
		}
		card, err := sim.Federation.CardOf(t.Context(), "lucia.verdi", idp.CIECard)
		if err != nil || card.ID == token.ID || card.PIN != "12345678" || card.PINTries != 3 {
			t.Errorf("CIE %+v, %v; want a card of its own", card, err)
		}
	})
}

func TestCIE12OnlyTheMinimumSetIsReleased(t *testing.T) {
	t.Parallel()
	want := map[string]string{"name": "Lucia", "familyName": "Verdi", "dateOfBirth": "", "fiscalNumber": ""}
	for _, set := range []int{-1, 0, 1} { // none, few, all 23
		sim, peer, b := world(t)
		p, _ := sim.Federation.CIE()
		q := peer.Request(p.EntityID, 3, saml.HTTPRedirect)
		q.AttributeConsumingServiceIndex = &set
		if set < 0 {
			q.AttributeConsumingServiceIndex = nil
		}
		on := b.fill(b.get(peer.RedirectURL(t, p.EntityID, q, "")), "card", "lucia.verdi")
		on = b.want(b.fill(on, "pin", "12345678"), "consent", 200)
		r := b.verified(b.fill(on, "consent", "yes"))
		got := attributesOf(r)
		if !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want))) || got["name"] != want["name"] {
			t.Errorf("set %d: released %v, want the four of the minimum set", set, got)
		}
		for _, a := range r.Assertion.Attributes {
			if a.Type != "string" {
				t.Errorf("%s has the type %s, want string (CIE-13)", a.Name, a.Type)
			}
		}
		if r.Issuer.Format != "" || r.Assertion.Issuer.Format != "" {
			t.Errorf("Format of Issuer is %q and %q, want none (CIE-06)", r.Issuer.Format, r.Assertion.Issuer.Format)
		}
	}
}

func TestCIEConsentIsAskedAndMayBeDenied(t *testing.T) {
	t.Parallel()
	b, p := cie(t, 3)
	p = b.fill(b.fill(p, "card", "lucia.verdi"), "pin", "12345678")
	if r := b.verified(b.fill(b.want(p, "consent", 200), "consent", "no")); r.Status.Message != "ErrorCode nr22" {
		t.Errorf("status %+v, want nr22", r.Status)
	}
}

// UX-24: the CIE is no gestore of SPID.
func TestUX24TheCIEIsInNoListOfSPID(t *testing.T) {
	t.Parallel()
	sim, _, b := world(t)
	p, _ := sim.Federation.CIE()
	for _, path := range []string{"/registry/metadata", "/registry/entities-idp"} {
		if page := b.get(sim.URL + path); page.status != http.StatusOK || strings.Contains(page.body, "/idp/cie") {
			t.Errorf("%s answers %d and names the CIE", path, page.status)
		}
	}
	page := b.get(sim.URL + "/idp/cie/metadata")
	if page.status != http.StatusOK || !strings.Contains(page.body, `entityID="`+sim.URL+`/idp/cie"`) || strings.Contains(page.body, "spidCode") {
		t.Errorf("metadata of the CIE: %d %s", page.status, page.body)
	}
	if slices.Contains(sim.Federation.Providers(), p) {
		t.Error("the CIE is among the gestori")
	}
}

// TestCIEPagesDoNotSpeakOfSPID reads the pages of a whole login.
func TestCIEPagesDoNotSpeakOfSPID(t *testing.T) {
	t.Parallel()
	b, p := cie(t, 3, idptest.Configure(func(c *idp.Config) { c.Mode = "trainer" }))
	for _, fields := range [][]string{{"card", "lucia.verdi"}, {"pin", "12345678"}} {
		if words := text(p.body); strings.Contains(strings.ReplaceAll(words, "spidsim", ""), "SPID") {
			t.Errorf("step %s speaks of SPID: %s", p.step, words)
		}
		p = b.fill(p, fields...)
	}
	if words := text(p.body); strings.Contains(words, "SPID") {
		t.Errorf("step %s speaks of SPID: %s", p.step, words)
	}
}

func TestCIEByProgram(t *testing.T) {
	t.Parallel()
	for level := 1; level <= 3; level++ {
		sim, peer, _ := world(t)
		p, _ := sim.Federation.CIE()
		address := peer.RedirectURL(t, p.EntityID, peer.Request(p.EntityID, level, saml.HTTPRedirect), "")
		r := sim.Login(t, address, idptest.At(idp.CIESlug), idptest.User("loretta.qualzeni"), idptest.Level(level))
		if r.Anomaly != 0 || !bytes.Contains(r.XML, []byte("/idp/cie")) {
			t.Errorf("level %d: anomaly %d", level, r.Anomaly)
		}
	}
}

// A data folder that an earlier version filled has people without CIE and CNS: they get theirs, and nobody else changes.
func TestEarlierFixturesGetTheirCards(t *testing.T) {
	t.Parallel()
	sim, _, _ := world(t)
	ctx := t.Context()
	u, err := sim.Federation.UpdateUser(ctx, "ivo.xandrelli", func(u *idp.User) error { u.CIE, u.CNS, u.Password = "", "", "other"; return nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []idp.CardKind{idp.CIECard, idp.CNSCard} {
		if err := sim.Federation.ReissueCard(ctx, u, kind); err != nil {
			t.Fatal(err)
		}
		if _, err := sim.Federation.CardOf(ctx, "ivo.xandrelli", kind); err == nil {
			t.Fatalf("%s is still there", kind)
		}
	}
	if err := sim.Federation.Seed(ctx, nil); err != nil {
		t.Fatal(err)
	}
	u, err = sim.Federation.FindUser(ctx, "ivo.xandrelli")
	if err != nil || u.CIE != people.CardOK || u.CNS != people.CardOK || u.Password != "other" {
		t.Errorf("%+v, %v", u, err)
	}
	if c, err := sim.Federation.CardOf(ctx, "ivo.xandrelli", idp.CNSCard); err != nil || c.State(time.Now()) != people.CardOK {
		t.Errorf("CNS: %v, %v", c, err)
	}
}
