package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// UX-04: the journeys of a person work with scripts off. Both messages go by HTTP-POST, so that the pages which post themselves wait for
// their buttons.
func TestUX04LoginWithoutScripts(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir())
	b := newPerson(t, p)
	var title string
	b.do(emulation.SetScriptExecutionDisabled(true), chromedp.Navigate("data:text/html,<title>off</title><script>document.title='on'</script>"), chromedp.Title(&title))
	if title != "off" {
		t.Fatalf("the title is %q: scripts run", title)
	}
	b.do(chromedp.Navigate(p.Portal+"/"), at("start"), click("level-2"), chromedp.SetValue("[name=binding]", "post", chromedp.ByQuery), click("idp-prova"))
	b.do(submit("saml-form"), at("credentials"))
	b.signIn("loretta.qualzeni", "otp")
	b.do(write("otp", strings.ReplaceAll(b.text(".phone .num"), " ", "")), submit("otp-form"), at("consent"), click("consent-yes"))
	b.do(at("done"), submit("saml-form"), at("user"))
	if page := b.text("main"); !strings.Contains(page, "Livello 2") {
		t.Errorf("the portal does not say level 2:\n%s", page)
	}
}
