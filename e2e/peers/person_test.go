package peers

import (
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"
)

// turns bounds the pages of one login: more means going round in circles.
const turns = 12

// person sits before a browser without scripts and does what each page asks.
type person struct {
	*account
	sim     *simulator
	browser *http.Client
	factor  string // second factor to use: "totp", "sms", "app"
	cancels string // step at which the person gives up, "" = never
	chosen  bool
}

func newPerson(t *testing.T, sim *simulator, username, factor string) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &person{account: sim.account(t, username), sim: sim, factor: factor, browser: &http.Client{Jar: jar, Timeout: callTime}}
}

// logIn opens the address of a service provider, passes the identity provider and returns the form that carries the
// Response back, not yet sent.
func (p *person) logIn(t *testing.T, address string) *form {
	t.Helper()
	at := p.open(t, http.MethodGet, address, nil)
	for range turns {
		if f := at.withField("SAMLResponse"); f != nil {
			return f
		}
		at = p.act(t, at)
	}
	t.Fatalf("no Response after %d pages: the last is %s, step %q, %q", turns, at.address, at.step, at.heading)
	return nil
}

// act does one step and returns the next page.
func (p *person) act(t *testing.T, at *page) *page {
	t.Helper()
	if f := at.withField("SAMLRequest"); f != nil {
		return p.submit(t, f, nil)
	}
	if p.cancels == at.step && at.step != "" {
		return p.press(t, at, "cancel", "yes")
	}
	switch at.step {
	case "credentials":
		return p.fill(t, at, url.Values{"username": {p.Username}, "password": {p.Password}})
	case "otp", "push":
		return p.secondFactor(t, at)
	case "card":
		if at.withField("pin") == nil {
			return p.press(t, at, "card", "insert")
		}
		return p.fill(t, at, url.Values{"pin": {p.Card.PIN}})
	case "consent":
		return p.press(t, at, "consent", "yes")
	}
	t.Fatalf("%s answers %d, step %q: %q; the journal says %+v", at.address, at.status, at.step, at.heading, p.sim.lastExchange(t))
	return nil
}

// secondFactor changes to the factor wanted where the page offers it, then proves it.
func (p *person) secondFactor(t *testing.T, at *page) *page {
	t.Helper()
	if !p.chosen && at.withButton("factor", p.factor) != nil {
		p.chosen = true
		return p.press(t, at, "factor", p.factor)
	}
	switch p.factor {
	case "totp":
		var now struct{ Code string }
		p.sim.call(t, http.MethodGet, "users/"+p.Username+"/totp", "", nil, http.StatusOK, &now)
		return p.fill(t, at, url.Values{"otp": {now.Code}})
	case "sms":
		return p.fill(t, at, url.Values{"otp": {p.newestMessage(t).Code}})
	}
	p.sim.call(t, http.MethodPost, "messages/"+p.newestMessage(t).ID+"/approve", "", nil, http.StatusOK, &struct{}{})
	return p.press(t, at, "continue", "yes")
}

type message struct{ ID, Channel, Code string }

func (p *person) newestMessage(t *testing.T) message {
	t.Helper()
	var list struct{ Items []message }
	p.sim.call(t, http.MethodGet, "messages?wait=10s&to="+p.Username, "", nil, http.StatusOK, &list)
	if len(list.Items) == 0 || list.Items[0].Channel != p.factor {
		t.Fatalf("messages to %s are %+v, want the newest to be of %s", p.Username, list.Items, p.factor)
	}
	return list.Items[0]
}

// fill types into the form that has these fields and sends it.
func (p *person) fill(t *testing.T, at *page, values url.Values) *page {
	t.Helper()
	f := at.find(func(f *form) bool {
		for name := range values {
			if !f.has(name) {
				return false
			}
		}
		return true
	})
	if f == nil {
		t.Fatalf("%s, step %q: no form asks for %v", at.address, at.step, values)
	}
	return p.submit(t, f, values)
}

// press presses a button.
func (p *person) press(t *testing.T, at *page, name, value string) *page {
	t.Helper()
	f := at.withButton(name, value)
	if f == nil {
		t.Fatalf("%s, step %q: there is no button %s=%s", at.address, at.step, name, value)
	}
	return p.submit(t, f, url.Values{name: {value}})
}

func (p *person) submit(t *testing.T, f *form, values url.Values) *page {
	t.Helper()
	all := maps.Clone(f.fields)
	maps.Copy(all, values)
	return p.open(t, http.MethodPost, f.action, all)
}

func (p *person) open(t *testing.T, method, address string, values url.Values) *page {
	t.Helper()
	res := request(t, p.browser, method, address, values)
	defer func() { _ = res.Body.Close() }()
	at, err := readPage(res)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return at
}
