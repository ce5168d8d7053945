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

// Ortensia of the main story (P01), and the password that she chooses.
const (
	ortensia    = "QRZRNS43C59A944W"
	ortensiaPIN = "PRVA2345"
	newUser     = "ortensia.spid"
	newPassword = "Prova-2020!"
)

// request is what the API says of a request for SPID.
type request struct {
	ID, State, IdP, Mode string
	FiscalCode           string `json:"fiscal_code"`
	Procedure            *struct{ Code string }
	Results              []struct {
		Code      int
		Sync      bool
		Delivered string
	}
}

// call sends JSON to the API and decodes the answer into v unless that is nil.
func (p *process) call(t *testing.T, method, path, body string, v any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.IdP+"/api/v1/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && v != nil {
		err = json.Unmarshal(answer, v)
	}
	if err != nil || resp.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %v\n%s", method, path, resp.StatusCode, err, answer)
	}
}

// setClock moves the simulated clock to a day, at noon in Italy or an hour before.
func (p *process) setClock(t *testing.T, day string) {
	t.Helper()
	p.call(t, http.MethodPut, "clock", fmt.Sprintf(`{"now":"%sT10:00:00Z"}`, day), nil)
}

// requestIn is the newest request of Ortensia in a state.
func (p *process) requestIn(t *testing.T, state string) request {
	t.Helper()
	var list struct{ Items []request }
	p.api(t, "enrolments?person=P01&wait=5s&state="+state, &list)
	if len(list.Items) == 0 {
		t.Fatalf("no request is in %s", state)
	}
	return list.Items[0]
}

// code is the newest code that somebody got.
func (p *process) code(t *testing.T, user, channel string) string {
	t.Helper()
	var list struct{ Items []struct{ Code string } }
	p.api(t, fmt.Sprintf("messages?user=%s&channel=%s&limit=1&wait=10s", user, channel), &list)
	if len(list.Items) == 0 {
		t.Fatalf("%s has no message by %s", user, channel)
	}
	return list.Items[0].Code
}

// refused does actions that lead to the same page again, with what is wrong.
func (b *person) refused(step string, actions ...chromedp.Action) {
	b.t.Helper()
	b.do(chromedp.SetAttributeValue("body", "data-before", "yes", chromedp.ByQuery))
	b.do(actions...)
	b.do(chromedp.WaitNotPresent("body[data-before]", chromedp.ByQuery), at(step), chromedp.WaitVisible("[role=alert]", chromedp.ByQuery))
}

// shows fails unless the page says all that.
func (b *person) shows(words ...string) {
	b.t.Helper()
	page := b.text("main")
	for _, w := range words {
		if !strings.Contains(page, w) {
			b.t.Errorf("the page does not say %q:\n%s", w, page)
		}
	}
}

// toMask goes from the first page of the portal to the mask.
func (b *person) toMask() {
	b.t.Helper()
	b.do(chromedp.Navigate(b.p.Portal+"/"), at("home"), click("enter"), at("mask"))
}

func (b *person) pinLogin() {
	b.t.Helper()
	b.toMask()
	b.do(click("via-pin"), write("cf", ortensia), write("pin", ortensiaPIN), submit("pin-form"))
}

// toForm goes from the notice to the form of a gestore, by hand-off.
func (b *person) toForm(gestore string) {
	b.t.Helper()
	b.do(click("consent"), submit("guided-form"), at("idp-list"), click("idp-"+gestore), at("handoff"))
	if n := b.text(`[data-testid=handoff-data][data-count="3"]`); !strings.Contains(n, ortensia) {
		b.t.Errorf("the hand-off shows %q, want three data", n)
	}
	b.do(submit("handoff-form"), at("enrol-form"))
	for _, field := range []string{"fiscal_code", "family_name", "given_name"} {
		b.do(chromedp.WaitVisible("#"+field+"[readonly]", chromedp.ByQuery))
	}
}

// toModes goes from the form of the gestore to the choice of the way to be identified.
func (b *person) toModes() {
	b.t.Helper()
	b.do(click("persona"), chromedp.WaitVisible("#street", chromedp.ByQuery), submit("enrol-form"))
	b.do(at("answer"), chromedp.Click("main a.btn", chromedp.ByQuery), at("contacts"))
	b.do(click("fill"), chromedp.WaitVisible(`#email[value]`, chromedp.ByQuery), submit("contacts-form"), at("codes"))
	b.do(write("email_code", b.p.code(b.t, "ortensia.quirzoldi", "email")), write("mobile_code", b.p.code(b.t, "ortensia.quirzoldi", "sms")))
	b.do(submit("codes-form"), at("documents"), click("sample-document"), chromedp.WaitVisible(`#number[value]`, chromedp.ByQuery), click("health_card"), submit("documents-form"), at("modes"))
}

// toActive chooses credentials, after a weak password is refused.
func (b *person) toActive() {
	b.t.Helper()
	b.do(at("credentials-new"))
	b.refused("credentials-new", write("username", newUser), write("password", "1234"), write("password_repeat", "1234"), click("factor-sms"), submit("credentials-form"))
	b.do(write("password", newPassword), write("password_repeat", newPassword), submit("credentials-form"), at("active"))
}

// spidLogin tries the new identity at the portal at level 2.
func (b *person) spidLogin() {
	b.t.Helper()
	b.do(at("credentials"), write("username", newUser), write("password", newPassword), submit("login-form"), at("otp"))
	b.do(write("otp", strings.ReplaceAll(b.text(".phone .num"), " ", "")), submit("otp-form"), at("consent"), click("consent-yes"), at("services"))
	b.shows("Ortensia", "livello 2")
}

// Lesson 1: from the PIN to a login with the new SPID, at level 2, and the end of the PIN.
func TestFromThePINToSPID(t *testing.T) {
	for _, row := range []struct {
		name, mode string
		identify   func(b *person)
	}{
		{"by the counter", "COUNTER", (*person).atCounter},
		{"by an SMS on a certified mobile", "SMS_CERTIFIED", (*person).byCertifiedSMS},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := start(t, "--store", "memory:", "--data", t.TempDir())
			p.setClock(t, "2020-10-15")
			b := newPerson(t, p)
			b.pinLogin()
			b.do(at("notice"), click("request"), at("guided"))
			b.refused("guided", submit("guided-form")) // consent is not given
			b.toForm("poste")
			b.toModes()
			b.do(click("mode-"+row.mode), submit("modes-form"))
			row.identify(b)
			b.toActive()
			b.do(click("enter"))
			b.spidLogin()
			b.seesResults(row.mode)
			b.pinEnds()
		})
	}
}

// atCounter goes to the counter with the procedure code and is recognised there.
func (b *person) atCounter() {
	b.t.Helper()
	b.do(at("procedure-code"))
	if shown, sent := strings.ReplaceAll(b.text("[data-testid=procedure-code]"), " ", ""), b.p.requestIn(b.t, "R5").Procedure.Code; shown != sent {
		b.t.Errorf("the page shows the procedure code %q, the gestore knows %q", shown, sent)
	}
	b.do(click("to-counter"), at("counter"))
	b.refused("counter", submit("counter-form")) // nothing was checked
	for _, check := range []string{"check_face", "check_data", "check_document", "check_card"} {
		b.do(click(check))
	}
	b.do(click("outcome-recognised"), submit("counter-form"), chromedp.WaitVisible(`[data-outcome=recognised]`, chromedp.ByQuery), click("next"))
}

func (b *person) byCertifiedSMS() {
	b.t.Helper()
	b.do(at("sms"))
	b.refused("sms", write("code", "000000"), submit("device-form"))
	b.do(write("code", b.p.code(b.t, "ortensia.quirzoldi", "sms")), submit("device-form"))
}

// seesResults looks for the gestore's answers in MyINPS and in the books.
func (b *person) seesResults(mode string) {
	b.t.Helper()
	r := b.p.requestIn(b.t, "R9")
	if r.Mode != mode || r.IdP != "poste" {
		b.t.Errorf("the identity comes from %s by %s", r.IdP, r.Mode)
	}
	for _, result := range r.Results {
		b.do(chromedp.WaitVisible(fmt.Sprintf(`[data-testid=request] [data-result=nr%d]`, result.Code), chromedp.ByQuery))
		if result.Delivered == "" {
			b.t.Errorf("the result %d did not reach the portal", result.Code)
		}
	}
	if len(r.Results) < 2 {
		b.t.Errorf("results are %+v, want the synchronous one and the end", r.Results)
	}
}

// pinEnds leaves, and finds the PIN dismissed a year later.
func (b *person) pinEnds() {
	b.t.Helper()
	b.do(click("leave"), at("home"))
	b.p.setClock(b.t, "2021-10-01")
	b.toMask()
	b.do(click("pin-abroad"), chromedp.WaitVisible("#pin", chromedp.ByQuery), write("cf", ortensia), write("pin", ortensiaPIN), submit("pin-form"))
	b.do(chromedp.WaitVisible(`[data-reason=RSN-PIN-DISMISSED]`, chromedp.ByQuery))
}
