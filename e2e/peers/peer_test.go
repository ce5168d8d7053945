package peers

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// bindings are the two ways of an AuthnRequest, by the word in the address of a login.
var bindings = map[string]string{"redirect": "HTTP-Redirect", "post": "HTTP-POST"}

// requested are the attributes of the one set that every peer declares.
var requested = []string{"spidCode", "name", "familyName", "fiscalNumber", "dateOfBirth", "email"}

func classOf(level int) string { return fmt.Sprintf("https://www.spid.gov.it/SpidL%d", level) }

// peer is a running service provider that others wrote. GET base/login?level=&binding=&relay= starts a login; what
// is posted to its AssertionConsumerService is answered with a verdict.
type peer struct {
	name     string // as in the names of the subtests
	base     string
	metadata []byte
	settings []string // how the stack was set up, one sentence each
	relay    string   // RelayState that it is given
	username string   // who logs in
	told     string   // part of what the stack says to a Response with ErrorCode nr25
}

// verdict is what a stack makes of a Response.
type verdict struct {
	Accepted     bool              `json:"accepted"`
	Error        string            `json:"error"`
	Class        string            `json:"class"` // AuthnContextClassRef
	NameID       string            `json:"name_id"`
	SessionIndex string            `json:"session_index"`
	RelayState   string            `json:"relay_state"`
	Attributes   map[string]string `json:"attributes"`
}

// prove registers a peer and lets it log in at every level over both bindings, then shows it Responses that it must refuse.
func prove(t *testing.T, sim *simulator, p *peer) {
	t.Helper()
	t.Logf("%s\n  %s", p.name, strings.Join(p.settings, "\n  "))
	for _, f := range sim.register(t, p.metadata) {
		t.Logf("  metadata: %s", f)
	}
	for _, way := range []struct {
		level           int
		binding, factor string
	}{
		{1, "redirect", ""}, {1, "post", ""}, {2, "redirect", "totp"}, {2, "post", "sms"}, {3, "redirect", "totp"}, {3, "post", "app"},
	} {
		t.Run(fmt.Sprintf("%s logs in at level %d over %s", p.name, way.level, bindings[way.binding]), func(t *testing.T) {
			p.logsIn(t, sim, way.level, way.binding, way.factor)
		})
	}
	p.refuses(t, sim)
	t.Run(p.name+" is told that the person cancelled", func(t *testing.T) {
		who := newPerson(t, sim, p.username, "")
		who.cancels = "consent"
		got := p.deliver(t, who, who.logIn(t, p.login(1, "post")))
		if got.Accepted || !strings.Contains(got.Error, p.told) {
			t.Errorf("verdict is %+v, want a refusal that says %q", got, p.told)
		}
		if x := sim.lastExchange(t); x.Anomaly != 25 {
			t.Errorf("the journal says anomaly %d, want 25", x.Anomaly)
		}
	})
}

func (p *peer) login(level int, binding string) string {
	return fmt.Sprintf("%s/login?level=%d&binding=%s&relay=%s", p.base, level, binding, url.QueryEscape(p.relay))
}

func (p *peer) logsIn(t *testing.T, sim *simulator, level int, binding, factor string) {
	who := newPerson(t, sim, p.username, factor)
	got := p.deliver(t, who, who.logIn(t, p.login(level, binding)))
	if !got.Accepted {
		t.Fatalf("the stack refuses the Response: %s", got.Error)
	}
	if want := classOf(level); got.Class != want {
		t.Errorf("AuthnContextClassRef is %q, want %q", got.Class, want)
	}
	if got.NameID == "" || (got.SessionIndex != "") != (level == 1) {
		t.Errorf("NameID is %q and SessionIndex %q, want the first always and the second at level 1 alone", got.NameID, got.SessionIndex)
	}
	if got.RelayState != p.relay {
		t.Errorf("RelayState is %q, want %q", got.RelayState, p.relay)
	}
	want := map[string]string{}
	for _, name := range requested {
		want[name] = who.Attributes[name]
	}
	if !maps.Equal(got.Attributes, want) {
		t.Errorf("attributes are %v, want %v", got.Attributes, want)
	}
	x := sim.lastExchange(t)
	if x.Level != level || !strings.HasSuffix(x.Binding, bindings[binding]) {
		t.Errorf("the journal says level %d over %s, want level %d over %s", x.Level, x.Binding, level, bindings[binding])
	}
	for _, f := range x.Findings {
		t.Logf("request: %s", f)
	}
}

// refuses shows that the stack really verifies: each Response is one that it would accept but for one change.
func (p *peer) refuses(t *testing.T, sim *simulator) {
	t.Helper()
	for _, forgery := range []struct {
		name   string
		change func(*testing.T, string) string
	}{
		{"whose fiscalNumber was changed", func(t *testing.T, xml string) string {
			return replaced(t, xml, ">TINIT-", ">TINIT-X")
		}},
		{"whose level was raised", func(t *testing.T, xml string) string {
			return replaced(t, xml, classOf(1), classOf(3))
		}},
		{"without signatures", unsigned},
	} {
		t.Run(p.name+" refuses a Response "+forgery.name, func(t *testing.T) {
			who := newPerson(t, sim, p.username, "")
			f := who.logIn(t, p.login(1, "redirect"))
			changed := forgery.change(t, decoded(t, f.fields.Get("SAMLResponse")))
			f.fields.Set("SAMLResponse", base64.StdEncoding.EncodeToString([]byte(changed)))
			got := p.deliver(t, who, f)
			if got.Accepted || !strings.Contains(strings.ToLower(got.Error), "sign") {
				t.Errorf("verdict is %+v, want a refusal that speaks of the signature", got)
			}
		})
	}
}

// deliver posts the Response to the peer and returns its verdict.
func (p *peer) deliver(t *testing.T, who *person, f *form) verdict {
	t.Helper()
	if !strings.HasPrefix(f.action, p.base+"/") {
		t.Fatalf("the Response goes to %s, want below %s", f.action, p.base)
	}
	res := request(t, who.browser, http.MethodPost, f.action, f.fields)
	defer func() { _ = res.Body.Close() }()
	var v verdict
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil {
		t.Fatalf("verdict of %s, status %d: %v", p.name, res.StatusCode, err)
	}
	return v
}

func decoded(t *testing.T, message string) string {
	t.Helper()
	xml, err := base64.StdEncoding.DecodeString(message)
	if err != nil {
		t.Fatalf("SAMLResponse: %v", err)
	}
	return string(xml)
}

func replaced(t *testing.T, xml, old, now string) string {
	t.Helper()
	if n := strings.Count(xml, old); n != 1 {
		t.Fatalf("the Response has %q %d times, want once:\n%s", old, n, xml)
	}
	return strings.Replace(xml, old, now, 1)
}

func unsigned(t *testing.T, xml string) string {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromString(xml); err != nil {
		t.Fatal(err)
	}
	signatures := doc.FindElements("//Signature")
	if len(signatures) != 2 {
		t.Fatalf("the Response has %d signatures, want those of Response and Assertion", len(signatures))
	}
	for _, s := range signatures {
		s.Parent().RemoveChild(s)
	}
	out, err := doc.WriteToString()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// request sends values as a form by POST; a GET has none.
func request(t *testing.T, client *http.Client, method, address string, values url.Values) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return res
}
