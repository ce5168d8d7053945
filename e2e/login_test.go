package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func (b *person) begin(level int, binding string) {
	b.t.Helper()
	b.do(chromedp.Navigate(fmt.Sprintf("%s/spid/login?level=%d&binding=%s", b.p.Portal, level, binding)), at("credentials"))
}

func (b *person) signIn(username, next string) {
	b.t.Helper()
	b.do(write("username", username), write("password", "prova"), submit("login-form"), at(next))
}

// consentsAndArrives gives the consent and reads who came in at which level.
func (b *person) consentsAndArrives(level int) {
	b.t.Helper()
	b.do(at("consent"), click("consent-yes"), at("user"))
	if page := b.text("main"); !strings.Contains(page, fmt.Sprintf("Livello %d", level)) {
		b.t.Errorf("the portal does not say level %d:\n%s", level, page)
	}
}

// api reads a JSON answer of the program.
func (p *process) api(t *testing.T, path string, v any) {
	t.Helper()
	resp, err := http.Get(p.IdP + "/api/v1/" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil {
		err = json.Unmarshal(body, v)
	}
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v\n%s", path, resp.StatusCode, err, body)
	}
}

func TestLogin(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir())
	for _, binding := range []string{"redirect", "post"} {
		t.Run("level 1 by password over "+binding, func(t *testing.T) {
			b := newPerson(t, p)
			b.begin(1, binding)
			b.signIn("lucia.verdi", "consent")
			b.consentsAndArrives(1)
		})
		t.Run("level 2 by the authenticator over "+binding, func(t *testing.T) {
			b := newPerson(t, p)
			b.begin(2, binding)
			b.signIn("lucia.verdi", "otp")
			var code struct{ Code string }
			p.api(t, "users/lucia.verdi/totp", &code)
			b.do(write("otp", code.Code), submit("otp-form"))
			b.consentsAndArrives(2)
		})
		t.Run("level 2 by the SMS on the drawn phone over "+binding, func(t *testing.T) {
			b := newPerson(t, p)
			b.begin(2, binding)
			b.signIn("loretta.qualzeni", "otp")
			code := strings.ReplaceAll(b.text(".phone .num"), " ", "")
			b.do(write("otp", code), submit("otp-form"))
			b.consentsAndArrives(2)
		})
		t.Run("level 2 by a yes in the app over "+binding, func(t *testing.T) {
			b := newPerson(t, p)
			b.begin(2, binding)
			b.signIn("fosco.jarquelli", "push")
			b.do(chromedp.Click(`button[name=app][value=approve]`, chromedp.ByQuery))
			b.consentsAndArrives(2)
		})
		t.Run("level 3 by the card over "+binding, func(t *testing.T) {
			b := newPerson(t, p)
			b.begin(3, binding)
			b.signIn("lucia.verdi", "otp")
			b.do(chromedp.Click(`button[name=fill]`, chromedp.ByQuery), chromedp.WaitVisible(".toast", chromedp.ByQuery), submit("otp-form"), at("card"),
				write("pin", "12345678"), submit("pin-form"))
			b.consentsAndArrives(3)
		})
	}
}

func TestAnomaliesOfThePerson(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir())
	arrives := func(b *person, anomaly string) {
		b.t.Helper()
		b.do(at("error"))
		if page := b.text("main"); !strings.Contains(page, anomaly) {
			b.t.Errorf("the portal does not tell %s:\n%s", anomaly, page)
		}
	}
	t.Run("cancelled at the password is nr25", func(t *testing.T) {
		b := newPerson(t, p)
		b.begin(1, "post")
		b.do(click("cancel"))
		arrives(b, "nr25")
	})
	t.Run("three wrong passwords are nr19", func(t *testing.T) {
		b := newPerson(t, p)
		b.begin(1, "post")
		for range 2 {
			b.do(chromedp.SetAttributeValue("body", "data-before", "yes", chromedp.ByQuery), write("username", "lucia.verdi"), write("password", "no"),
				submit("login-form"), chromedp.WaitNotPresent("body[data-before]", chromedp.ByQuery), chromedp.WaitVisible("[role=alert]", chromedp.ByQuery))
		}
		b.do(write("username", "lucia.verdi"), write("password", "no"), submit("login-form"))
		arrives(b, "nr19")
	})
	t.Run("denied consent is nr22", func(t *testing.T) {
		b := newPerson(t, p)
		b.begin(1, "redirect")
		b.signIn("lucia.verdi", "consent")
		b.do(click("consent-no"))
		arrives(b, "nr22")
	})
	t.Run("a suspended identity is nr23", func(t *testing.T) {
		b := newPerson(t, p)
		b.begin(2, "post")
		b.do(write("username", "otello.vrizquo"), write("password", "prova"), submit("login-form"))
		arrives(b, "nr23")
	})
	t.Run("the English switch keeps the step", func(t *testing.T) {
		b := newPerson(t, p)
		b.begin(2, "post")
		b.signIn("lucia.verdi", "otp")
		b.do(chromedp.Click(`.sim-banner a[hreflang=en]`, chromedp.ByQuery), chromedp.WaitVisible(`html[lang=en] body[data-step=otp]`, chromedp.ByQuery))
	})
}
