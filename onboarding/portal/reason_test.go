package portal_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// ONB-04: every reason has a page that says what happened, why and what can be done; its codes are for developers alone.
func TestONB04EveryReasonHasAPage(t *testing.T) {
	t.Parallel()
	general := ui.T(ui.Italian, "rsn.other.why")
	for i, r := range onboarding.Reasons() {
		t.Run(string(r.Code), func(t *testing.T) {
			t.Parallel()
			for _, mode := range []string{ui.ModeDev, ui.ModeTrainer} {
				var b bytes.Buffer
				view := templates.PortalReasonView{Why: templates.PortalError{Text: r.In(ui.Italian), Code: string(r.Code), Rule: r.Rule}}
				if err := templates.PortalReason(ui.Page{Mode: mode}, view).Render(t.Context(), &b); err != nil {
					t.Fatal(err)
				}
				page := b.String()
				if !strings.Contains(page, r.Italian) || !strings.Contains(page, "Perché?") || !strings.Contains(page, `data-testid="way"`) {
					t.Errorf("%s: sentence, disclosure or way on is missing", mode)
				}
				if got, want := strings.Contains(page, "<code>"+r.Rule+"</code>"), mode == ui.ModeDev; got != want {
					t.Errorf("%s: the rule is shown: %v, want %v", mode, got, want)
				}
				if specified := i < 18; specified && strings.Contains(page, general) { // those of section 5.3
					t.Errorf("%s: the page says nothing of its own", mode)
				}
			}
		})
	}
}

// TV-14: who cannot have SPID is shown the way of the delegation.
func TestTV14TheDelegationIsSuggested(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-10-15 10:00")
	b := s.browser()
	const brando = "WZZBND07E14G337Y"                                                                                                                          // P06, 13 years old
	b.shown(b.post("/pin/richiedi", "cf", brando, "way", "office", "by", "parent"), http.StatusOK, "pin-request").wants(t, "servizi dedicati", "Busta chiusa") // TV-03
	b.shown(b.post("/pin/richiedi", "cf", brando, "way", "office", "by", "delegate"), http.StatusUnprocessableEntity, "pin-request").wants(t, "RSN-PARENT")
	file, err := s.PIN(t.Context(), brando)
	if err != nil {
		t.Fatal(err)
	}
	s.clock.Freeze(at(t, "2021-10-01 10:00"))
	page := b.shown(b.post("/accedi", "cf", brando, "pin", file.Code), http.StatusUnprocessableEntity, "mask")
	page.wants(t, "RSN-PIN-DISMISSED", `href="/aiuto#delega"`)
}

// ONB-37: an existing PIN may be changed and revoked; revoked in the transition it is gone.
func TestONB37ThePersonsOwnPIN(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	b.sent(b.get("/pin"), "/accedi")
	b.sent(b.pin(ortensia), "/avviso")
	b.shown(b.get("/pin"), http.StatusOK, "pin-mine").wants(t, "PIN dispositivo", "per sempre")
	b.shown(b.post("/pin", "pin", "PRVA2345", "new_pin", "ABCD2345", "new_pin_again", "X"), http.StatusUnprocessableEntity, "pin-mine").wants(t, "RSN-PIN-FORM")
	b.shown(b.post("/pin", "pin", "SBAGLIAT", "new_pin", "ABCD2345", "new_pin_again", "ABCD2345"), http.StatusUnprocessableEntity, "pin-mine").wants(t, "RSN-PIN-WRONG")
	b.sent(b.post("/pin", "pin", "PRVA2345", "new_pin", "ABCD2345", "new_pin_again", "ABCD2345"), "/pin?fatto=pin")
	b.shown(b.post("/pin", "revoke", "yes"), http.StatusOK, "pin-mine").wants(t, `name="sure"`)
	b.sent(b.post("/pin", "revoke", "yes", "sure", "yes"), "/pin?fatto=pin-revocato")
	b.shown(b.get("/pin"), http.StatusOK, "pin-mine").wants(t, "revocato")
	b.shown(b.post("/accedi", "cf", ortensia, "pin", "ABCD2345"), http.StatusUnprocessableEntity, "mask").wants(t, "RSN-PIN-REVOKED")
}

// ONB-156: the telephone PIN opens the portal only where the switch shows that reading.
func TestONB156TheTelephonePINOnTheWeb(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2021-11-02 10:00")
	b := s.browser()
	b.spid(loretta, "Loretta Qualzeni", 2)
	code := made(t, b.shown(b.post("/myinps/pin-telefonico", "duration", "1d"), http.StatusOK, "phone-pin"))
	other := s.browser()
	if strings.Contains(other.get("/accedi").body, "PIN telefonico") {
		t.Error("the mask offers it while the switch is off")
	}
	other.shown(other.post("/accedi", "via", "phone", "cf", loretta, "code", code), http.StatusUnprocessableEntity, "mask").wants(t, "RSN-MEANS")
	if _, err := s.Configure(t.Context(), func(s *onboarding.Settings) { s.PhonePINAlsoWeb = true }); err != nil {
		t.Fatal(err)
	}
	other.shown(other.get("/accedi?via=phone"), http.StatusOK, "mask").wants(t, `name="code"`)
	other.shown(other.post("/accedi", "via", "phone", "cf", ortensia, "code", code), http.StatusUnprocessableEntity, "mask").wants(t, "RSN-PHONE-UNKNOWN")
	other.sent(other.post("/accedi", "via", "phone", "cf", loretta, "code", code), "/myinps")
	other.shown(other.get("/myinps"), http.StatusOK, "services").wants(t, "PIN telefonico")
}

// SEC-50: forms of this origin take no post from another site, save the two of the gestori.
func TestSEC50OnlyTheGestoriPostFromElsewhere(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	for _, path := range []string{"/accedi", "/esci", "/spid/richiedi", "/myinps/pin-telefonico", "/myinps/deleghe", "/sportello/deleghe", "/cns"} {
		a := b.do(http.MethodPost, path, map[string][]string{"cf": {ortensia}}, "Sec-Fetch-Site", "cross-site", "Origin", "http://evil.example")
		if a.status != http.StatusForbidden {
			t.Errorf("%s: status %d, want 403", path, a.status)
		}
	}
}
