package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// UX-04: the journeys of a person work with scripts off. Both messages go by HTTP-POST: the pages that post themselves wait for
// their buttons.
func TestUX04LoginWithoutScripts(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir())
	b := newPerson(t, p)
	var title string
	b.do(emulation.SetScriptExecutionDisabled(true), chromedp.Navigate("data:text/html,<title>off</title><script>document.title='on'</script>"), chromedp.Title(&title))
	if title != "off" {
		t.Fatalf("the title is %q: scripts run", title)
	}
	b.do(chromedp.Navigate(p.Portal+"/"), at("home"), click("enter"), at("mask"), click("idp-prova"), submit("saml-form"), at("credentials"))
	b.signIn("loretta.qualzeni", "otp")
	b.do(write("otp", strings.ReplaceAll(b.text(".phone .num"), " ", "")), submit("otp-form"), at("consent"), click("consent-yes"))
	b.do(at("done"), submit("saml-form"), at("services"))
	if page := b.text("body"); !strings.Contains(page, "Loretta Qualzeni") {
		t.Errorf("the portal does not say who came in:\n%s", page)
	}
}
