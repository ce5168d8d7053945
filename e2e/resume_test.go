package e2e

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// resumed is a browser without scripts before a program that is killed again and again. Both keep their address and the data folder.
type resumed struct {
	t    *testing.T
	args []string
	p    *process
	http *http.Client
	page string // HTML shown last
	id   string // of the request, once it is at the gestore
}

func newResumed(t *testing.T) *resumed {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := &resumed{t: t, http: &http.Client{Jar: jar}}
	r.args = []string{"--data", t.TempDir(), "--listen", freePort(t), "--portal-listen", freePort(t)}
	r.p = start(t, r.args...)
	return r
}

// kill ends the program without warning and starts it again.
func (r *resumed) kill(args ...string) {
	r.t.Helper()
	if err := r.p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		r.t.Fatal(err)
	}
	_ = r.p.cmd.Wait() // killed
	r.p = start(r.t, append(r.args, args...)...)
}

var (
	stepOfPage = regexp.MustCompile(`<body[^>]* data-step="([a-z0-9-]*)"`)
	formAction = regexp.MustCompile(`<form method="post" action="([^"]*)" id="saml"`)
	hidden     = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// shows keeps the page of an answer and wants its step.
func (r *resumed) shows(step string, resp *http.Response, err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	r.page = string(body)
	found := ""
	if m := stepOfPage.FindStringSubmatch(r.page); m != nil {
		found = m[1]
	}
	if resp.StatusCode != http.StatusOK || found != step {
		r.t.Fatalf("%s: %d, step %q, want %q\n%s", resp.Request.URL, resp.StatusCode, found, step, r.page)
	}
}

func (r *resumed) get(address, step string) {
	r.t.Helper()
	resp, err := r.http.Get(address)
	r.shows(step, resp, err)
}

// post sends name, value, name, value.
func (r *resumed) post(address, step string, fields ...string) {
	r.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	resp, err := r.http.PostForm(address, form)
	r.shows(step, resp, err)
}

// carry sends the form of the page that posts itself.
func (r *resumed) carry(step string) {
	r.t.Helper()
	action := formAction.FindStringSubmatch(r.page)
	if action == nil {
		r.t.Fatalf("no form posts itself in\n%s", r.page)
	}
	var fields []string
	for _, m := range hidden.FindAllStringSubmatch(r.page, -1) {
		fields = append(fields, html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	r.post(html.UnescapeString(action[1]), step, fields...)
}

func (r *resumed) at() string { return r.p.IdP + "/idp/poste/richiedi/" + r.id }

// event brings an event to the request by the API; what it needs is filled in.
func (r *resumed) event(name, body, state string) {
	r.t.Helper()
	var e request
	r.p.call(r.t, http.MethodPost, "enrolments/"+r.id+"/"+name, body, &e)
	if e.State != state {
		r.t.Fatalf("%s leads to %s, want %s", name, e.State, state)
	}
}

// stays kills the program and wants the portal's visit, the gestore's cookie and the request's state to hold.
func (r *resumed) stays(state, step string) {
	r.t.Helper()
	r.kill()
	if e := r.p.requestIn(r.t, state); e.ID != r.id {
		r.t.Fatalf("after the kill the request in %s is %q, want %q", state, e.ID, r.id)
	}
	r.get(r.at(), step)
	r.get(r.p.Portal+"/myinps", "services")
	if !strings.Contains(r.page, "Ortensia") {
		r.t.Errorf("the portal forgot who is inside:\n%s", r.page)
	}
}

// A request goes on from every state at which the program is killed, in the middle of the hand-off as well (SEC-80, ONB-94).
func TestKillAtEveryState(t *testing.T) {
	r := newResumed(t)
	r.p.setClock(t, "2020-10-15")
	r.portalStates()
	r.throughTheHandOff()
	for _, s := range []struct{ event, body, state, step string }{
		{"EV-contacts", `{"fill":true}`, "R2", "codes"},
		{"EV-verify-mail", `{"fill":true}`, "R2", "codes"},
		{"EV-verify-phone", `{"fill":true}`, "R3", "documents"},
		{"EV-docs", `{"fill":true}`, "R4", "modes"},
		{"EV-mode", `{"mode":"SMS_CERTIFIED"}`, "R6", "sms"},
		{"EV-change-mode", `{}`, "R4", "modes"},
		{"EV-mode", `{"mode":"COUNTER"}`, "R5", "procedure-code"},
		{"EV-counter-identify", `{"fill":true}`, "R8", "credentials-new"},
	} {
		r.event(s.event, s.body, s.state)
		r.stays(s.state, s.step)
	}
	r.deliversLater()
}

// portalStates walks from the mask to the hand-off.
func (r *resumed) portalStates() {
	r.t.Helper()
	portal := r.p.Portal
	r.post(portal+"/accedi", "notice", "cf", ortensia, "pin", ortensiaPIN)
	r.kill()
	r.get(portal+"/avviso", "notice")
	r.post(portal+"/avviso", "guided", "go", "request")
	r.kill()
	r.post(portal+"/spid/richiedi", "idp-list", "consent", "yes")
	r.kill()
	r.post(portal+"/spid/gestori", "handoff", "idp", "poste")
	r.kill()
	r.get(portal+"/spid/passaggio", "handoff")
}

// throughTheHandOff is killed while the message is on its way to the gestore, and its answer on its way back.
func (r *resumed) throughTheHandOff() {
	r.t.Helper()
	r.post(r.p.Portal+"/spid/passaggio", "done", "go", "yes")
	handoff := r.page
	r.kill()
	r.carry("enrol-form")
	r.id = r.p.requestIn(r.t, "R1").ID
	r.stays("R1", "enrol-form")
	r.page = handoff
	r.replayed()
	r.post(r.at(), "done", "at", "R1", "fiscal_code", ortensia, "family_name", "Quirzoldi", "given_name", "Ortensia", "sex", "F", "born", "19/03/1943",
		"birth_place", "Bologna", "street", "Via delle Prove 7", "city", "Bologna", "postal_code", "40100", "nationality", "Italiana")
	r.kill()
	r.carry("answer")
	r.get(r.at(), "contacts")
}

// replayed sends the message of the hand-off again: it is spent, even for a program that was killed meanwhile (ONB-86).
func (r *resumed) replayed() {
	r.t.Helper()
	m := hidden.FindStringSubmatch(r.page)
	resp, err := r.http.PostForm(r.p.IdP+"/idp/poste/consegna", url.Values{m[1]: {html.UnescapeString(m[2])}})
	if err != nil {
		r.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusConflict {
		r.t.Errorf("a hand-off that is sent twice answers %d, want 409", resp.StatusCode)
	}
}

// deliversLater makes the identity while no portal listens. The result waits, is carried once the portal is back, and SPID is there.
func (r *resumed) deliversLater() {
	r.t.Helper()
	r.kill("--portal-listen", "off")
	r.event("EV-set-credentials", fmt.Sprintf(`{"username":%q,"password":%q,"factor":"sms"}`, newUser, newPassword), "R9")
	if delivered(r.p.requestIn(r.t, "R9")) {
		r.t.Error("the result was delivered while the portal was off")
	}
	r.kill()
	r.get(r.at(), "active")
	r.awaitDelivery()
	r.get(r.p.Portal+"/myinps", "services")
	if !strings.Contains(r.page, `data-result="nr25"`) {
		r.t.Errorf("MyINPS does not show the result:\n%s", r.page)
	}
}

func (r *resumed) awaitDelivery() {
	r.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-tick.C {
		if delivered(r.p.requestIn(r.t, "R9")) {
			return
		}
	}
	r.t.Error("the result was not delivered after the portal came back")
}

func delivered(r request) bool {
	last := r.Results[len(r.Results)-1]
	return last.Code == 25 && last.Delivered != ""
}
