package idp_test

import (
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"spidsim/idp/idptest"
	"spidsim/internal/outbox"
	"spidsim/saml"
)

// browser is a client that knows forms and cookies and no JavaScript: what a person without scripts, or curl, does.
type browser struct {
	t      *testing.T
	client *http.Client
	sim    *idptest.Sim
}

func newBrowser(t *testing.T, sim *idptest.Sim) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, &http.Client{Jar: jar}, sim}
}

// page is an answer with what a person or a script reads off it.
type page struct {
	status int
	url    string
	step   string // data-step
	body   string
	header http.Header
}

var (
	stepOf   = regexp.MustCompile(`<body[^>]*data-step="([^"]*)"`)
	fieldOf  = regexp.MustCompile(`<input[^>]*name="(SAMLResponse|RelayState)"[^>]*value="([^"]*)"`)
	actionOf = regexp.MustCompile(`<form[^>]*action="(http[^"]*)"`)
)

func (b *browser) read(resp *http.Response, err error) *page {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	p := &page{status: resp.StatusCode, url: resp.Request.URL.String(), body: string(body), header: resp.Header}
	if m := stepOf.FindStringSubmatch(p.body); m != nil {
		p.step = m[1]
	}
	return p
}

func (b *browser) get(address string) *page {
	b.t.Helper()
	return b.read(b.client.Get(address))
}

func (b *browser) post(address string, fields url.Values) *page {
	b.t.Helper()
	return b.read(b.client.PostForm(address, fields))
}

// fill posts fields to the page that is open, pairs of name and value.
func (b *browser) fill(on *page, pairs ...string) *page {
	b.t.Helper()
	fields := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		fields.Set(pairs[i], pairs[i+1])
	}
	return b.post(on.url, fields)
}

// want fails the test unless the page shows that step with that status.
func (b *browser) want(p *page, step string, status int) *page {
	b.t.Helper()
	if p.step != step || p.status != status {
		b.t.Fatalf("page %s is step %q with %d, want %q with %d\n%s", p.url, p.step, p.status, step, status, text(p.body))
	}
	return p
}

var tags = regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>|<[^>]+>`)

func text(body string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(body, " "))), " ")
}

// response reads the form that carries the Response.
func (b *browser) response(p *page) (action, relayState string, xml []byte) {
	b.t.Helper()
	for _, m := range fieldOf.FindAllStringSubmatch(p.body, -1) {
		value := html.UnescapeString(m[2])
		if m[1] == "RelayState" {
			relayState = value
			continue
		}
		decoded, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			b.t.Fatal(err)
		}
		xml = decoded
	}
	if xml == nil {
		b.t.Fatalf("no Response on page %s (%d, %s)\n%s", p.url, p.status, p.step, text(p.body))
	}
	return html.UnescapeString(actionOf.FindStringSubmatch(p.body)[1]), relayState, xml
}

// verified checks the Response as a service provider would and returns it.
func (b *browser) verified(p *page) *saml.Response {
	b.t.Helper()
	_, _, xml := b.response(p)
	root, err := saml.Parse(xml, saml.MessageLimits())
	if err != nil {
		b.t.Fatal(err)
	}
	key := b.sim.IdP.Key()
	v, err := saml.VerifyResponse(root, certificatesOf(key), key.Cert.NotBefore.AddDate(5, 0, 0))
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := saml.ReadResponse(v.Response, rootOf(v.Assertion))
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// start opens a login page by redirect.
func (b *browser) start(sp *idptest.SP, level int) *page {
	b.t.Helper()
	return b.get(sp.RedirectURL(b.t, b.sim.EntityID, sp.Request(b.sim.EntityID, level, saml.HTTPRedirect), "relay-1"))
}

func (b *browser) signIn(on *page, username string) *page {
	b.t.Helper()
	return b.fill(on, "username", username, "password", "prova")
}

// smsCode reads the newest code of a person from the outbox.
func (b *browser) smsCode(username string) string {
	b.t.Helper()
	list, err := b.sim.Outbox.List(b.t.Context(), outbox.Filter{To: username, Channel: outbox.SMS}, 1)
	if err != nil || len(list) == 0 {
		b.t.Fatalf("no code for %s: %v", username, err)
	}
	return list[0].Code
}

func (b *browser) totp(username string) string {
	b.t.Helper()
	code, err := b.sim.Federation.TOTP(b.t.Context(), username)
	if err != nil {
		b.t.Fatal(err)
	}
	return code.Code
}
