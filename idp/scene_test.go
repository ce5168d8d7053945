package idp_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"spidsim/idp"
	"spidsim/idp/idptest"
	"spidsim/saml"
	"spidsim/spid"
	"spidsim/templates"
)

// UX-100: a login that is part of a lesson says at which step the lesson is, and whose login it is once that is known.
func TestUX100LoginShowsTheLesson(t *testing.T) {
	t.Parallel()
	var asked []string
	scene := func(_ context.Context, lang string, code spid.FiscalCode, step string) *templates.Scene {
		asked = append(asked, lang+" "+string(code)+" "+step)
		if step == "consent" {
			return nil
		}
		return &templates.Scene{Step: 2, Steps: []string{"La porta", "Dal gestore"}, What: "Sei dal gestore."}
	}
	sim, peer, b := world(t, idptest.Configure(func(c *idp.Config) { c.Scene = scene }))
	p := b.want(b.get(peer.RedirectURL(t, sim.EntityID, peer.Request(sim.EntityID, 1, saml.HTTPRedirect), "r")), "credentials", 200)
	if words := text(p.body); !strings.Contains(words, "Passo 2 di 2") || !strings.Contains(words, "Sei dal gestore.") {
		t.Errorf("the page does not show the lesson:\n%s", words)
	}
	p = b.want(b.signIn(p, "lucia.verdi"), "consent", 200)
	if words := text(p.body); strings.Contains(words, "Passo 2 di 2") {
		t.Errorf("the page shows a lesson that is not there:\n%s", words)
	}
	if want := []string{"it  credentials", "it VRDLCU88L48M999F consent"}; !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q", asked, want)
	}
}
