package sp_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/beevik/etree"

	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
	"spidsim/internal/web"
	"spidsim/saml"
	"spidsim/sp"
	"spidsim/spid"
)

// start is when every test begins.
var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// clock is the simulated time of one test.
type clock struct{ offset atomic.Int64 }

func (c *clock) now() time.Time          { return start.Add(time.Duration(c.offset.Load())) }
func (c *clock) advance(d time.Duration) { c.offset.Add(int64(d)) }

// signer keeps one key for each name over the whole run, since making them is what takes long.
var signers = struct {
	sync.Mutex
	keys map[string]*rsa.PrivateKey
}{keys: map[string]*rsa.PrivateKey{}}

func rsaKey(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	signers.Lock()
	defer signers.Unlock()
	if signers.keys[name] == nil {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		signers.keys[name] = key
	}
	return signers.keys[name]
}

// newKey returns a key with a self-signed certificate; more are further attributes of its subject.
func newKey(t testing.TB, name string, subject pkix.Name) *saml.Key {
	t.Helper()
	key := rsaKey(t, name)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: subject, NotBefore: start.AddDate(-1, 0, 0), NotAfter: start.AddDate(2, 0, 0),
		SignatureAlgorithm: x509.SHA256WithRSA,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &saml.Key{Signer: key, Cert: cert}
}

// portalKey is the service provider's key with the subject that certificates of SPID have (CERT-10..15).
func portalKey(t testing.TB, entityID string) *saml.Key {
	return newKey(t, "portal", pkix.Name{
		CommonName: sp.OrganizationDisplayName, Organization: []string{sp.OrganizationName}, Country: []string{"IT"}, Locality: []string{sp.LocalityName},
		ExtraNames: []pkix.AttributeTypeAndValue{
			{Type: asn1.ObjectIdentifier{2, 5, 4, 83}, Value: entityID},
			{Type: asn1.ObjectIdentifier{2, 5, 4, 97}, Value: "PA:IT-" + sp.IPACode},
		},
	})
}

// fakeIdP is an identity provider made of the wire and the profile alone.
type fakeIdP struct {
	slug, entityID string
	key            *saml.Key
	descriptor     *saml.EntityDescriptor
	metadata       []byte
	clock          *clock
	ids            *atomic.Int64
}

func newFakeIdP(t testing.TB, slug string, c *clock) *fakeIdP {
	t.Helper()
	i := &fakeIdP{slug: slug, entityID: "http://idp.test/idp/" + slug, clock: c, ids: new(atomic.Int64)}
	i.key = newKey(t, slug, pkix.Name{CommonName: slug + " TEST"})
	d := &saml.EntityDescriptor{
		ID: "_metadata", EntityID: i.entityID,
		IdP: &saml.IDPSSODescriptor{
			WantAuthnRequestsSigned: true, Signing: []*x509.Certificate{i.key.Cert}, NameIDFormats: []string{saml.FormatTransient},
			SingleSignOnServices: []saml.Endpoint{
				{Binding: saml.HTTPRedirect, Location: i.entityID + "/sso/redirect", Index: -1},
				{Binding: saml.HTTPPost, Location: i.entityID + "/sso/post", Index: -1},
			},
			SingleLogoutServices: []saml.Endpoint{{Binding: saml.HTTPPost, Location: i.entityID + "/slo/post", Index: -1}},
		},
	}
	el := d.Element()
	if err := i.key.Sign(el); err != nil {
		t.Fatal(err)
	}
	i.metadata = saml.Serialise(el)
	var err error
	if i.descriptor, err = saml.ReadMetadata(i.metadata); err != nil {
		t.Fatal(err)
	}
	return i
}

func (i *fakeIdP) newID() string {
	return fmt.Sprintf("_%s-%d-%d", i.slug, start.UnixNano(), i.ids.Add(1))
}

var lucia = spid.Attributes{
	"spidCode": "TEST0000000001", "name": "Lucia", "familyName": "Verdi", "fiscalNumber": "TINIT-VRDLCU80A41H501X",
	"dateOfBirth": "1980-01-01", "email": "lucia.verdi@posta.example", "companyName": "Prova S.r.l.",
}

// positive is the conformant answer to a request, unsigned.
func (i *fakeIdP) positive(q *saml.AuthnRequest, acs string, level spid.Level, set []saml.RequestedAttribute) *saml.Response {
	g := spid.Grant{
		IdP: i.entityID, SP: q.Issuer.Value, Request: q, ACS: acs, Now: i.clock.now(), AuthnInstant: i.clock.now(), Level: level,
		Attributes: spid.Release(set, lucia),
	}
	if level == spid.L1 {
		g.SessionIndex = i.newID()
	}
	return spid.NewResponse(g, i.newID)
}

// signing says which parts of a Response get a signature, and by whom.
type signing struct{ assertion, response *saml.Key }

// seal signs the parts of the element and returns the octets. A key that is nil leaves its part unsigned.
func seal(t testing.TB, el *etree.Element, how signing) []byte {
	t.Helper()
	if a := saml.Child(el, saml.NSAssertion, "Assertion"); a != nil && how.assertion != nil {
		if err := how.assertion.Sign(a); err != nil {
			t.Fatal(err)
		}
	}
	if how.response != nil {
		if err := how.response.Sign(el); err != nil {
			t.Fatal(err)
		}
	}
	return saml.Serialise(el)
}

// portal is a running service provider with two identity providers that it trusts.
type portal struct {
	*sp.SP
	url            string
	clock          *clock
	db             *store.DB
	idp, alfa, cie *fakeIdP
	sets           []saml.AttributeConsumingService
	server         *httptest.Server
	key            *saml.Key
	mode           string
}

func newPortal(t testing.TB) *portal { return newPortalOn(t, "memory:", new(clock)) }

func newPortalOn(t testing.TB, storeURL string, c *clock) *portal {
	t.Helper()
	p := &portal{clock: c}
	db, err := sqlite.Open(context.Background(), storeURL, c.now)
	if err != nil {
		t.Fatal(err)
	}
	p.db = db
	p.server = httptest.NewUnstartedServer(nil)
	p.url = "http://" + p.server.Listener.Addr().String()
	p.idp, p.alfa, p.cie = newFakeIdP(t, "prova", c), newFakeIdP(t, "alfa", c), newFakeIdP(t, "cie", c)
	p.key = portalKey(t, p.url)
	p.start(t)
	t.Cleanup(func() { p.server.Close(); p.db.Close() })
	return p
}

// start makes the service provider on the store that is there and lets the server answer with it.
func (p *portal) start(t testing.TB) {
	t.Helper()
	base, _ := url.Parse(p.url)
	providers := []sp.Provider{
		{Slug: "prova", Name: "Gestore di prova", Metadata: p.idp.metadata},
		{Slug: "alfa", Name: "Gestore Alfa", Metadata: p.alfa.metadata},
		{Slug: "chiuso", Name: "Gestore Chiuso", Off: "in manutenzione", Metadata: p.alfa.metadata},
		{Slug: "cie", Name: "CIE id", CIE: true, Metadata: p.cie.metadata},
	}
	var err error
	p.SP, err = sp.New(sp.Config{BaseURL: base, Key: p.key, Store: p.db, Now: p.clock.now, Log: logger(t), Mode: p.mode,
		IdPs: func(context.Context) ([]sp.Provider, error) { return providers, nil }})
	if err != nil {
		t.Fatal(err)
	}
	document, err := p.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	own, err := saml.ReadMetadata(document)
	if err != nil {
		t.Fatal(err)
	}
	p.sets = own.SP.AttributeConsumingServices
	h, err := web.Handler(p.Handler(), web.Options{BaseURL: base, CrossSite: sp.CrossSite(), Uploads: sp.Uploads()})
	if err != nil {
		t.Fatal(err)
	}
	if p.server.URL == "" {
		p.server.Config.Handler = h
		p.server.Start()
	} else {
		p.server.Config.Handler = h
	}
}

// logger writes to the test's own output with -v, since the parallel rows of a table share it.
func logger(t testing.TB) *slog.Logger {
	if !testing.Verbose() {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}

func (p *portal) acs() string { return p.url + "/spid/acs" }

// browser is a client with cookies that follows no redirect by itself.
type browser struct {
	t testing.TB
	p *portal
	*http.Client
}

func (p *portal) browser(t testing.TB) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, p: p, Client: &http.Client{Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// reply is an answer with its body read.
type reply struct {
	*http.Response
	body string
}

func (b *browser) do(method, path, contentType, body string, headers ...string) *reply {
	b.t.Helper()
	q, err := http.NewRequest(method, b.p.url+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if contentType != "" {
		q.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		q.Header.Set(headers[i], headers[i+1])
	}
	r, err := b.Do(q)
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	read, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return &reply{r, string(read)}
}

func (b *browser) get(path string, headers ...string) *reply {
	return b.do("GET", path, "", "", headers...)
}

const formType = "application/x-www-form-urlencoded"

// post sends a Response with the RelayState to the ACS.
func (b *browser) post(document []byte, relayState string, headers ...string) *reply {
	b.t.Helper()
	form := url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString(document)}}
	if relayState != "" {
		form.Set("RelayState", relayState)
	}
	return b.do("POST", "/spid/acs", formType, form.Encode(), headers...)
}

// begun is a login on its way.
type begun struct {
	request    *saml.AuthnRequest
	arrival    *saml.Arrival
	relayState string
	set        []saml.RequestedAttribute
	endpoint   string
}

var fieldPattern = regexp.MustCompile(`<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"`)
var actionPattern = regexp.MustCompile(`<form[^>]*action="([^"]*)"`)

// begin starts a login and takes in the request, as the identity provider would.
func (b *browser) begin(query string) *begun {
	b.t.Helper()
	r := b.get("/spid/login" + query)
	out := &begun{}
	var err error
	switch r.StatusCode {
	case http.StatusFound:
		address, perr := url.Parse(r.Header.Get("Location"))
		if perr != nil {
			b.t.Fatal(perr)
		}
		out.endpoint = "http://" + address.Host + address.Path
		out.arrival, err = saml.ParseRedirect(saml.ParamRequest, address.RawQuery)
	case http.StatusOK:
		form := url.Values{}
		for _, m := range fieldPattern.FindAllStringSubmatch(r.body, -1) {
			if m[1] == "SAMLRequest" || m[1] == "RelayState" {
				form.Set(m[1], html.UnescapeString(m[2]))
			}
		}
		if m := actionPattern.FindStringSubmatch(r.body); m != nil {
			out.endpoint = html.UnescapeString(m[1])
		}
		out.arrival, err = saml.ParsePost(saml.ParamRequest, form)
	default:
		b.t.Fatalf("GET /spid/login%s: status %d\n%s", query, r.StatusCode, r.body)
	}
	if err != nil {
		b.t.Fatalf("GET /spid/login%s: %v\n%s", query, err, r.body)
	}
	if out.request, err = saml.ReadAuthnRequest(out.arrival.Root); err != nil {
		b.t.Fatal(err)
	}
	out.relayState = out.arrival.RelayState
	if i := out.request.AttributeConsumingServiceIndex; i != nil {
		out.set = b.p.sets[*i].Requested
	}
	return out
}

// me is GET /spid/me for programs.
type me struct {
	Status        int
	Authenticated bool
	IdP           string
	Level         int
	NameID        string `json:"name_id"`
	SessionIndex  string `json:"session_index"`
	ResponseID    string `json:"response_id"`
	Attributes    map[string]string
	Reason, Rule  string
	Anomaly       int
	Path, Found   string
	Wanted        string
}

func (b *browser) me() me {
	b.t.Helper()
	r := b.get("/spid/me", "Accept", "application/json")
	out := me{Status: r.StatusCode}
	if err := json.NewDecoder(strings.NewReader(r.body)).Decode(&out); err != nil {
		b.t.Fatalf("%v in %s", err, r.body)
	}
	return out
}

// good is the sealed conformant answer of the default gestore at a level.
func (b *browser) good(l *begun, level spid.Level) []byte {
	b.t.Helper()
	i := b.p.idp
	return seal(b.t, i.positive(l.request, b.p.acs(), level, l.set).Element(), signing{i.key, i.key})
}

func (b *browser) mustEnter(document []byte, relayState string) {
	b.t.Helper()
	if r := b.post(document, relayState); r.StatusCode != http.StatusSeeOther {
		b.t.Fatalf("POST /spid/acs: status %d, want 303\n%s\nme: %+v", r.StatusCode, text(r.body), b.me())
	}
	if m := b.me(); !m.Authenticated || m.Status != http.StatusOK {
		b.t.Fatalf("GET /spid/me after a good Response: %+v", m)
	}
}

// mustStayOut posts an answer that has to be refused and returns what /spid/me says of it.
func (b *browser) mustStayOut(document []byte, relayState string) me {
	b.t.Helper()
	r := b.post(document, relayState)
	if r.StatusCode != http.StatusForbidden {
		b.t.Errorf("POST /spid/acs: status %d, want 403\n%s", r.StatusCode, text(r.body))
	}
	for _, c := range r.Cookies() {
		if strings.Contains(c.Name, "session") {
			b.t.Errorf("a refused Response set the cookie %s", c.Name)
		}
	}
	m := b.me()
	if m.Authenticated || m.Status != http.StatusUnauthorized || m.Reason == "none" {
		b.t.Errorf("GET /spid/me after a refused Response: %+v", m)
	}
	return m
}

var tagPattern = regexp.MustCompile(`<[^>]*>`)

// text is what a page says, shortened.
func text(body string) string {
	s := strings.Join(strings.Fields(tagPattern.ReplaceAllString(body, " ")), " ")
	return html.UnescapeString(s[:min(len(s), 1500)])
}

// reparse gives a tree of its own to edit.
func reparse(t testing.TB, document []byte) *etree.Element {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(bytes.TrimSpace(document)); err != nil {
		t.Fatal(err)
	}
	return doc.Root()
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}
