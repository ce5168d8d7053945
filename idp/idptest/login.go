package idptest

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"spidsim/idp"
	"spidsim/internal/people"
	"spidsim/saml"
	"spidsim/spid"
)

// LoginOption says who logs in and how it is to end.
type LoginOption func(*loginOptions)

type loginOptions struct {
	who   idp.Persona
	level spid.Level
	idp   string
}

// User logs in as that person; "lucia.verdi" when not given.
func User(username string) LoginOption { return func(o *loginOptions) { o.who.Username = username } }

// Password is that of an account whose password a human being chose; test people log in with their public one.
func Password(password string) LoginOption {
	return func(o *loginOptions) { o.who.Password = password }
}

// Level fails the test when the level performed is another one.
func Level(n int) LoginOption { return func(o *loginOptions) { o.level = spid.Level(n) } }

// Factor uses that second factor: "totp", "sms" or "app".
func Factor(name string) LoginOption { return func(o *loginOptions) { o.who.Factor = name } }

// Ends lets the person end the login on purpose: spid.Cancelled, spid.ConsentDenied or spid.WrongCredentials.
func Ends(a spid.Anomaly) LoginOption { return func(o *loginOptions) { o.who.Ends = a } }

// At logs in at another gestore of the Sim, by slug.
func At(slug string) LoginOption { return func(o *loginOptions) { o.idp = slug } }

// Response is what the identity provider sends to the service provider.
type Response struct {
	Destination  string // where the form goes
	SAMLResponse string // base64, the value of the form's field
	RelayState   string
	XML          []byte
	Anomaly      spid.Anomaly // 0 for success
	Level        spid.Level   // performed; 0 without success
}

// Values returns the fields of the form, for http.PostForm to the service provider.
func (r *Response) Values() url.Values {
	v := url.Values{saml.ParamResponse: {r.SAMLResponse}}
	if r.RelayState != "" {
		v.Set("RelayState", r.RelayState)
	}
	return v
}

// RegisterSP registers a service provider by its metadata.
func (s *Sim) RegisterSP(t testing.TB, metadata []byte) {
	t.Helper()
	if _, report, err := s.Federation.RegisterSP(t.Context(), metadata, "test"); err != nil {
		t.Fatalf("registering the service provider: %v\n%v", err, report.Noted())
	}
}

// AddUser adds a person and returns the credentials. Missing identities and levels mean the neutral gestore and level 1.
func (s *Sim) AddUser(t testing.TB, p people.Person) *idp.User {
	t.Helper()
	if len(p.IdPs) == 0 {
		p.IdPs = []string{idp.DefaultSlug}
	}
	if len(p.Levels) == 0 {
		p.Levels = []int{1}
	}
	u, err := s.Federation.AddPerson(t.Context(), p, "test", true)
	check(t, err)
	return u
}

// Login plays a login for a request as the service provider sent it: the whole redirect address, or the body of its form
// (SAMLRequest=…&RelayState=…). It returns the Response, of success or anomaly; a request that gets none fails the test.
func (s *Sim) Login(t testing.TB, request string, opts ...LoginOption) *Response {
	t.Helper()
	o := &loginOptions{who: idp.Persona{Username: "lucia.verdi"}, idp: idp.DefaultSlug}
	for _, opt := range opts {
		opt(o)
	}
	p, ok := s.Federation.Provider(o.idp)
	if !ok {
		t.Fatalf("no gestore %q in this Sim", o.idp)
	}
	received, reply, err := p.LogIn(t.Context(), inbound(t, request), o.who)
	check(t, err)
	if reply == nil {
		t.Fatalf("the request gets no Response: %v", received.Refusal)
	}
	if o.level != 0 && reply.Level != o.level {
		t.Fatalf("level performed is %d, want %d (anomaly %d)", reply.Level, o.level, reply.Anomaly)
	}
	return &Response{
		Destination: reply.Form.Action, SAMLResponse: base64.StdEncoding.EncodeToString(reply.XML), RelayState: reply.Form.RelayState,
		XML: reply.XML, Anomaly: reply.Anomaly, Level: reply.Level,
	}
}

// inbound reads a request in the form in which it would reach its endpoint.
func inbound(t testing.TB, request string) idp.Inbound {
	t.Helper()
	if u, err := url.Parse(request); err == nil && u.Scheme != "" {
		in := idp.Inbound{Method: http.MethodGet, Binding: saml.HTTPRedirect, Browser: t.Name()}
		in.Arrival, in.Intake = saml.ParseRedirect(saml.ParamRequest, u.RawQuery)
		return in
	}
	fields, err := url.ParseQuery(strings.TrimSpace(request))
	check(t, err)
	in := idp.Inbound{Method: http.MethodPost, Binding: saml.HTTPPost, Browser: t.Name()}
	in.Arrival, in.Intake = saml.ParsePost(saml.ParamRequest, fields)
	return in
}

// LastExchange returns the newest exchange: the request, what the rules said of it, and the answer.
func (s *Sim) LastExchange(t testing.TB) *idp.Exchange {
	t.Helper()
	list, err := s.Federation.Exchanges(t.Context(), 1)
	check(t, err)
	if len(list) == 0 {
		t.Fatal("no exchange yet")
	}
	return list[0]
}
