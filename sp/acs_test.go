package sp_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"

	"spidsim/internal/store/sqlite"
	"spidsim/saml"
	"spidsim/spid"
)

func TestAPersonEntersAtEachLevelOverBothBindings(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for _, binding := range []string{"redirect", "post"} {
		for level := spid.L1; level <= spid.L3; level++ {
			t.Run(fmt.Sprintf("%s at level %d", binding, level), func(t *testing.T) {
				t.Parallel()
				b := p.browser(t)
				l := b.begin(fmt.Sprintf("?binding=%s&level=%d", binding, level))
				r := b.post(b.good(l, level), l.relayState)
				if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/spid/me" {
					t.Fatalf("status %d to %q, want 303 to /spid/me\n%s", r.StatusCode, r.Header.Get("Location"), text(r.body))
				}
				m := b.me()
				if !m.Authenticated || m.IdP != "prova" || m.Level != int(level) || m.NameID == "" || m.ResponseID == "" {
					t.Errorf("GET /spid/me: %+v", m)
				}
				if (m.SessionIndex != "") != (level == spid.L1) {
					t.Errorf("session_index is %q at level %d", m.SessionIndex, level)
				}
				if m.Attributes["fiscalNumber"] != lucia["fiscalNumber"] || m.Attributes["familyName"] != "Verdi" {
					t.Errorf("attributes are %v", m.Attributes)
				}
				if page := b.get("/spid/me"); page.StatusCode != http.StatusOK || !strings.Contains(text(page.body), "Verdi") {
					t.Errorf("the page has status %d and does not greet the person: %s", page.StatusCode, text(page.body))
				}
			})
		}
	}
}

func TestSignaturesThatAreEnough(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for _, row := range []struct {
		name string
		how  signing
	}{
		{"Assertion and Response signed", signing{p.idp.key, p.idp.key}},
		{"the Assertion alone signed (SIG-09)", signing{p.idp.key, nil}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := p.browser(t)
			l := b.begin("")
			b.mustEnter(seal(t, p.idp.positive(l.request, p.acs(), spid.L2, l.set).Element(), row.how), l.relayState)
		})
	}
}

// edit changes the element before it is signed, so that only the check of the field can refuse it.
type edit func(t *testing.T, p *portal, el *etree.Element)

// at returns the element at a path of local names below el.
func at(t *testing.T, el *etree.Element, path ...string) *etree.Element {
	t.Helper()
	for _, name := range path {
		var found *etree.Element
		for _, c := range el.ChildElements() {
			if c.Tag == name {
				found = c
				break
			}
		}
		if found == nil {
			t.Fatalf("no %s in %s", name, el.Tag)
		}
		el = found
	}
	return el
}

func set(name, value string, path ...string) edit {
	return func(t *testing.T, _ *portal, el *etree.Element) { at(t, el, path...).CreateAttr(name, value) }
}

func unset(name string, path ...string) edit {
	return func(t *testing.T, _ *portal, el *etree.Element) { at(t, el, path...).RemoveAttr(name) }
}

func say(value string, path ...string) edit {
	return func(t *testing.T, _ *portal, el *etree.Element) { at(t, el, path...).SetText(value) }
}

func drop(path ...string) edit {
	return func(t *testing.T, _ *portal, el *etree.Element) {
		found := at(t, el, path...)
		found.Parent().RemoveChild(found)
	}
}

func double(path ...string) edit {
	return func(t *testing.T, _ *portal, el *etree.Element) {
		found := at(t, el, path...)
		found.Parent().InsertChildAt(found.Index()+1, found.Copy())
	}
}

func all(edits ...edit) edit {
	return func(t *testing.T, p *portal, el *etree.Element) {
		for _, e := range edits {
			e(t, p, el)
		}
	}
}

// instant moves a time by d from the start of the test.
func instant(name string, d time.Duration, path ...string) edit {
	return set(name, start.Add(d).Format("2006-01-02T15:04:05Z"), path...)
}

var (
	confirmation = []string{"Assertion", "Subject", "SubjectConfirmation"}
	data         = []string{"Assertion", "Subject", "SubjectConfirmation", "SubjectConfirmationData"}
	conditions   = []string{"Assertion", "Conditions"}
	audience     = []string{"Assertion", "Conditions", "AudienceRestriction", "Audience"}
	nameID       = []string{"Assertion", "Subject", "NameID"}
	authn        = []string{"Assertion", "AuthnStatement"}
	class        = []string{"Assertion", "AuthnStatement", "AuthnContext", "AuthnContextClassRef"}
)

func TestAWellSignedResponseIsRefusedForOneField(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for _, row := range []struct {
		name string
		edit edit
	}{
		// SEC-41, SPV-02, RES-04
		{"Response/@InResponseTo is missing", unset("InResponseTo")},
		{"Response/@InResponseTo is empty", set("InResponseTo", "")},
		{"Response/@InResponseTo names another request", set("InResponseTo", "_another")},
		{"SubjectConfirmationData/@InResponseTo is missing", unset("InResponseTo", data...)},
		{"SubjectConfirmationData/@InResponseTo is empty", set("InResponseTo", "", data...)},
		{"SubjectConfirmationData/@InResponseTo names another request", set("InResponseTo", "_another", data...)},
		// SEC-43
		{"Destination is missing", unset("Destination")},
		{"Destination is empty", set("Destination", "")},
		{"Destination is another address", set("Destination", "http://other.example/spid/acs")},
		{"Destination has something behind it", suffix("Destination", "/")},
		{"Destination has something before it", prefix("Destination", " ")},
		{"Destination is in upper case", upper("Destination")},
		{"Recipient is missing", unset("Recipient", data...)},
		{"Recipient is empty", set("Recipient", "", data...)},
		{"Recipient is another address", set("Recipient", "http://other.example/spid/acs", data...)},
		{"Recipient has something behind it", suffix("Recipient", "?x", data...)},
		{"Recipient is in upper case", upper("Recipient", data...)},
		{"Audience is missing", drop("Assertion", "Conditions", "AudienceRestriction", "Audience")},
		{"AudienceRestriction is missing", drop("Assertion", "Conditions", "AudienceRestriction")},
		{"Audience is empty", say("", audience...)},
		{"Audience is another service", say("http://other.example", audience...)},
		{"Audience has a slash behind it", behind("/", audience...)},
		{"Response/Issuer is missing", drop("Issuer")},
		{"Response/Issuer is empty", say("", "Issuer")},
		{"Response/Issuer is another", say("http://other.example", "Issuer")},
		{"Response/Issuer is another gestore that is trusted too", other("Issuer")},
		{"Assertion/Issuer is missing", drop("Assertion", "Issuer")},
		{"Assertion/Issuer is empty", say("", "Assertion", "Issuer")},
		{"Assertion/Issuer is another", say("http://other.example", "Assertion", "Issuer")},
		{"Assertion/Issuer is another gestore that is trusted too", other("Assertion", "Issuer")},
		{"Assertion/Issuer has a slash behind it", behind("/", "Assertion", "Issuer")},
		{"Assertion/Issuer/@Format is missing (AST-02)", unset("Format", "Assertion", "Issuer")},
		{"Response/Issuer/@Format is another (RES-07)", set("Format", saml.FormatTransient, "Issuer")},
		// SEC-44
		{"Conditions/@NotBefore lies beyond the skew", instant("NotBefore", 61*time.Second, conditions...)},
		{"Conditions/@NotOnOrAfter has passed by more than the skew", all(instant("NotBefore", -400*time.Second, conditions...), instant("NotOnOrAfter", -61*time.Second, conditions...))},
		{"Conditions/@NotOnOrAfter is missing", unset("NotOnOrAfter", conditions...)},
		{"Conditions/@NotBefore is missing", unset("NotBefore", conditions...)},
		{"Conditions/@NotOnOrAfter is fifty years ahead", instant("NotOnOrAfter", 50*365*24*time.Hour, conditions...)},
		{"Conditions/@NotOnOrAfter is no date", set("NotOnOrAfter", "9999-99-99", conditions...)},
		{"SubjectConfirmationData/@NotOnOrAfter has passed by more than the skew", instant("NotOnOrAfter", -61*time.Second, data...)},
		{"SubjectConfirmationData/@NotOnOrAfter is missing", unset("NotOnOrAfter", data...)},
		{"SubjectConfirmationData/@NotOnOrAfter is fifty years ahead", instant("NotOnOrAfter", 50*365*24*time.Hour, data...)},
		{"SubjectConfirmationData/@NotOnOrAfter is local time", set("NotOnOrAfter", "2026-11-23T12:05:00", data...)},
		{"SubjectConfirmationData/@NotBefore is there (AST-07)", instant("NotBefore", 0, data...)},
		{"Response/@IssueInstant is missing", unset("IssueInstant")},
		{"Response/@IssueInstant is before the request", instant("IssueInstant", -time.Hour)},
		{"Response/@IssueInstant is in the future", instant("IssueInstant", time.Hour)},
		{"Response/@IssueInstant has a leap second", set("IssueInstant", "2026-11-23T12:00:60Z")},
		{"Response/@IssueInstant is of the year 0", set("IssueInstant", "0000-01-01T00:00:00Z")},
		{"Response/@IssueInstant has an offset", set("IssueInstant", "2026-11-23T13:00:00+01:00")},
		{"Assertion/@IssueInstant is missing", unset("IssueInstant", "Assertion")},
		{"Assertion/@IssueInstant is before the request", instant("IssueInstant", -time.Hour, "Assertion")},
		{"Assertion/@IssueInstant is in the future", instant("IssueInstant", time.Hour, "Assertion")},
		{"AuthnInstant is missing", unset("AuthnInstant", authn...)},
		{"AuthnInstant is in the future", instant("AuthnInstant", time.Hour, authn...)},
		// SEC-45
		{"the Assertion comes twice", double("Assertion")},
		{"a second Assertion with an ID of its own", all(double("Assertion"), second)},
		{"a second AttributeStatement", double("Assertion", "AttributeStatement")},
		{"a second AuthnStatement", double(authn...)},
		{"SubjectConfirmation is sender-vouches", set("Method", "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches", confirmation...)},
		{"SubjectConfirmation has no Method", unset("Method", confirmation...)},
		{"SubjectConfirmation is missing", drop(confirmation...)},
		{"SubjectConfirmationData is missing", drop(data...)},
		{"Subject is missing", drop("Assertion", "Subject")},
		{"Conditions are missing", drop(conditions...)},
		{"AuthnStatement is missing", drop(authn...)},
		{"AuthnContextClassRef is missing", drop(class...)},
		{"the level is lower than asked (CMP-01)", say(spid.L1.URI(), class...)},
		{"the level is unknown", say("https://www.spid.gov.it/SpidL4", class...)},
		{"the level is one of the withdrawn names", say("urn:oasis:names:tc:SAML:2.0:ac:classes:SpidL2", class...)},
		{"AttributeStatement is empty (AST-16)", empty("Assertion", "AttributeStatement")},
		{"NameID is missing", drop(nameID...)},
		{"NameID is empty", say("", nameID...)},
		{"NameID/@Format is another (AST-04)", set("Format", saml.FormatUnspecified, nameID...)},
		{"NameID/@NameQualifier is missing (AST-04)", unset("NameQualifier", nameID...)},
		// SEC-46, RES-01..06
		{"Status is missing", drop("Status")},
		{"StatusCode is missing", drop("Status", "StatusCode")},
		{"StatusCode is unknown", set("Value", "urn:oasis:names:tc:SAML:2.0:status:statuscodenonvalido", "Status", "StatusCode")},
		{"AuthnFailed stands beside a good Assertion", set("Value", saml.StatusAuthnFailed, "Status", "StatusCode")},
		{"Responder stands beside a good Assertion", set("Value", saml.StatusResponder, "Status", "StatusCode")},
		{"Response/@Version is 1.0", set("Version", "1.0")},
		{"Assertion/@Version is 1.0", set("Version", "1.0", "Assertion")},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := p.browser(t)
			l := b.begin("?binding=redirect")
			el := p.idp.positive(l.request, p.acs(), spid.L2, l.set).Element()
			row.edit(t, p, el)
			m := b.mustStayOut(seal(t, el, signing{p.idp.key, p.idp.key}), l.relayState)
			if m.Reason != "refused" || m.Rule == "" {
				t.Errorf("GET /spid/me: reason %q, rule %q; want refused and the rule", m.Reason, m.Rule)
			}
			// the control: the same login goes on with the answer unspoilt
			b.mustEnter(b.good(l, spid.L2), l.relayState)
		})
	}
}

func suffix(name, more string, path ...string) edit {
	return func(t *testing.T, _ *portal, el *etree.Element) {
		e := at(t, el, path...)
		e.CreateAttr(name, e.SelectAttrValue(name, "")+more)
	}
}

func prefix(name, more string, path ...string) edit {
	return func(t *testing.T, _ *portal, el *etree.Element) {
		e := at(t, el, path...)
		e.CreateAttr(name, more+e.SelectAttrValue(name, ""))
	}
}

func upper(name string, path ...string) edit {
	return func(t *testing.T, _ *portal, el *etree.Element) {
		e := at(t, el, path...)
		e.CreateAttr(name, strings.ToUpper(e.SelectAttrValue(name, "")))
	}
}

func behind(more string, path ...string) edit {
	return func(t *testing.T, _ *portal, el *etree.Element) {
		e := at(t, el, path...)
		e.SetText(e.Text() + more)
	}
}

func other(path ...string) edit {
	return func(t *testing.T, p *portal, el *etree.Element) { at(t, el, path...).SetText(p.alfa.entityID) }
}

func empty(path ...string) edit {
	return func(t *testing.T, _ *portal, el *etree.Element) {
		e := at(t, el, path...)
		for _, c := range e.ChildElements() {
			e.RemoveChild(c)
		}
	}
}

// second gives the second Assertion an ID of its own.
func second(t *testing.T, _ *portal, el *etree.Element) {
	t.Helper()
	var list []*etree.Element
	for _, c := range el.ChildElements() {
		if c.Tag == "Assertion" {
			list = append(list, c)
		}
	}
	if len(list) != 2 {
		t.Fatalf("%d Assertions, want 2", len(list))
	}
	list[1].CreateAttr("ID", "_second")
}

func TestTheClockMayDifferByTheSkewAndNoMore(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		edit  edit
		enter bool
	}{
		{"NotBefore one second inside", instant("NotBefore", 59*time.Second, conditions...), true},
		{"NotBefore at the skew", instant("NotBefore", 60*time.Second, conditions...), true},
		{"NotBefore one second outside", instant("NotBefore", 61*time.Second, conditions...), false},
		{"SubjectConfirmationData/@NotOnOrAfter one second inside", instant("NotOnOrAfter", -59*time.Second, data...), true},
		{"SubjectConfirmationData/@NotOnOrAfter at the skew", instant("NotOnOrAfter", -60*time.Second, data...), false},
		{"SubjectConfirmationData/@NotOnOrAfter one second outside", instant("NotOnOrAfter", -61*time.Second, data...), false},
		{"a fraction of a second in IssueInstant", set("IssueInstant", "2026-11-23T12:00:00.123Z"), true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t)
			b := p.browser(t)
			l := b.begin("")
			el := p.idp.positive(l.request, p.acs(), spid.L2, l.set).Element()
			row.edit(t, p, el)
			document := seal(t, el, signing{p.idp.key, p.idp.key})
			if row.enter {
				b.mustEnter(document, l.relayState)
			} else {
				b.mustStayOut(document, l.relayState)
			}
		})
	}
}

func TestSignaturesThatAreNotEnough(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	foreign := newKey(t, "foreign", p.idp.key.Cert.Subject) // same names, another key
	var mu sync.Mutex
	public := map[string]bool{}
	t.Run("all", func(t *testing.T) {
		for _, row := range []struct {
			name string
			how  signing
			then func(el *etree.Element)
		}{
			{"nothing signed", signing{}, nil},
			{"the Response alone signed (SEC-18)", signing{nil, p.idp.key}, nil},
			{"both signed by a key that nobody knows", signing{foreign, foreign}, nil},
			{"the Assertion signed by a key that nobody knows", signing{foreign, p.idp.key}, nil},
			{"the Response signed by a key that nobody knows", signing{p.idp.key, foreign}, nil},
			{"both signed by another gestore that is trusted too (SEC-43)", signing{p.alfa.key, p.alfa.key}, nil},
			{"the Assertion changed after it was signed", signing{p.idp.key, nil}, func(el *etree.Element) { change(el) }},
			{"the Response changed after it was signed", signing{p.idp.key, p.idp.key}, func(el *etree.Element) { el.CreateAttr("ID", "_other") }},
			{"an empty Signature in the Assertion", signing{}, func(el *etree.Element) {
				hollow(saml.Child(el, saml.NSAssertion, "Assertion"))
			}},
			{"an empty SignatureValue", signing{p.idp.key, nil}, func(el *etree.Element) {
				saml.Child(saml.Child(saml.Child(el, saml.NSAssertion, "Assertion"), saml.NSSignature, "Signature"), saml.NSSignature, "SignatureValue").SetText("")
			}},
		} {
			t.Run(row.name, func(t *testing.T) {
				t.Parallel()
				b := p.browser(t)
				l := b.begin("?binding=redirect")
				el := p.idp.positive(l.request, p.acs(), spid.L2, l.set).Element()
				document := seal(t, el, row.how)
				if row.then != nil {
					el = reparse(t, document)
					row.then(el)
					document = saml.Serialise(el)
				}
				m := b.mustStayOut(document, l.relayState)
				mu.Lock()
				public[m.Rule] = true
				mu.Unlock()
				b.mustEnter(b.good(l, spid.L2), l.relayState)
			})
		}
	})
	if len(public) != 2 || !public["RES-09"] || !public["AST-03"] {
		t.Errorf("rules %v speak of signatures, want RES-09 for the Response and AST-03 for the Assertion", public)
	}
}

// TestAPersonIsToldOneThingOfEverySignature holds SEC-26 where nobody is there to test a service.
func TestAPersonIsToldOneThingOfEverySignature(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.mode = "trainer"
	p.start(t)
	foreign := newKey(t, "foreign", p.idp.key.Cert.Subject)
	reference := regexp.MustCompile(`_[0-9a-f]{32}`)
	var pages []string
	for _, how := range []signing{{}, {nil, p.idp.key}, {foreign, nil}, {p.idp.key, foreign}, {p.alfa.key, p.alfa.key}} {
		b := p.browser(t)
		l := b.begin("")
		r := b.post(seal(t, p.idp.positive(l.request, p.acs(), spid.L2, l.set).Element(), how), l.relayState)
		if r.StatusCode != http.StatusForbidden {
			t.Errorf("status %d, want 403", r.StatusCode)
		}
		pages = append(pages, reference.ReplaceAllString(text(r.body), "_"))
	}
	if all := slices.Compact(pages); len(all) != 1 || strings.Contains(all[0], "AST-03") {
		t.Errorf("the pages differ: %q", all)
	}
}

// change gives the person another fiscal number.
func change(el *etree.Element) {
	for _, a := range saml.Children(saml.Child(saml.Child(el, saml.NSAssertion, "Assertion"), saml.NSAssertion, "AttributeStatement"), saml.NSAssertion, "Attribute") {
		if v, _ := saml.Attr(a, "Name"); v == "fiscalNumber" {
			saml.Child(a, saml.NSAssertion, "AttributeValue").SetText("TINIT-XXXXXX00X00X000X")
		}
	}
}

func hollow(el *etree.Element) {
	s := etree.NewElement("ds:Signature")
	s.CreateAttr("xmlns:ds", saml.NSSignature)
	el.InsertChildAt(1, s)
}

func TestAResponseCountsOnce(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	l := b.begin("")
	document := b.good(l, spid.L2)
	b.mustEnter(document, l.relayState)
	first := b.me().ResponseID

	r := b.post(document, l.relayState, "Accept", "application/json")
	if r.StatusCode != http.StatusForbidden || !strings.Contains(r.body, `"reason":"refused","rule":"SPV-03"`) {
		t.Errorf("the second time: status %d, %s; want 403 and the rule on replay", r.StatusCode, r.body)
	}
	if m := b.me(); !m.Authenticated || m.ResponseID != first {
		t.Errorf("the session of the first time is gone: %+v", m)
	}
	// another Response to the same request
	if r := b.post(b.good(l, spid.L2), l.relayState); r.StatusCode != http.StatusForbidden {
		t.Errorf("another Response to an answered request: status %d, want 403", r.StatusCode)
	}
	// the same Assertion in another login
	l2 := b.begin("")
	if r := b.post(document, l2.relayState); r.StatusCode != http.StatusForbidden {
		t.Errorf("a used Response in another login: status %d, want 403", r.StatusCode)
	}
}

func TestAnAssertionThatWasUsedIsRefusedInANewResponse(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	l, l2 := b.begin(""), b.begin("")
	answer := p.idp.positive(l.request, p.acs(), spid.L2, l.set)
	b.mustEnter(seal(t, answer.Element(), signing{p.idp.key, p.idp.key}), l.relayState)
	id := answer.Assertion.ID
	answer = p.idp.positive(l2.request, p.acs(), spid.L2, l2.set)
	answer.Assertion.ID = id
	b.get("/spid/logout")
	b.mustStayOut(seal(t, answer.Element(), signing{p.idp.key, p.idp.key}), l2.relayState)
}

func TestFiftyCopiesAtOnceMakeOneSession(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	l := b.begin("")
	document := b.good(l, spid.L2)
	form := url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString(document)}, "RelayState": {l.relayState}}.Encode()
	site, _ := url.Parse(p.url)
	cookies := b.Jar.Cookies(site)
	var wg sync.WaitGroup
	outcomes := make([]int, 50)
	sessions := make([]string, 50)
	for i := range outcomes {
		wg.Go(func() {
			q, _ := http.NewRequest("POST", p.acs(), strings.NewReader(form))
			q.Header.Set("Content-Type", formType)
			for _, c := range cookies {
				q.AddCookie(c)
			}
			r, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(q)
			if err != nil {
				t.Error(err)
				return
			}
			r.Body.Close()
			outcomes[i] = r.StatusCode
			for _, c := range r.Cookies() {
				if c.Name == "spidsim_sp_session" {
					sessions[i] = c.Value
				}
			}
		})
	}
	wg.Wait()
	entered, refused, cookiesSet := 0, 0, 0
	for i, status := range outcomes {
		switch status {
		case http.StatusSeeOther:
			entered++
		case http.StatusForbidden:
			refused++
		}
		if sessions[i] != "" {
			cookiesSet++
		}
	}
	if entered != 1 || refused != 49 || cookiesSet != 1 {
		t.Errorf("%d entered, %d refused, %d session cookies; want 1, 49, 1", entered, refused, cookiesSet)
	}
}

func TestWhatWasUsedStaysUsedAfterARestart(t *testing.T) {
	t.Parallel()
	file := "sqlite:" + filepath.Join(t.TempDir(), "portal.db")
	p := newPortalOn(t, file, new(clock))
	b := p.browser(t)
	l, waiting := b.begin(""), b.begin("")
	document := b.good(l, spid.L2)
	b.mustEnter(document, l.relayState)

	if err := p.db.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sqlite.Open(t.Context(), file, p.clock.now)
	if err != nil {
		t.Fatal(err)
	}
	p.db = db
	p.start(t)

	if m := b.me(); !m.Authenticated {
		t.Errorf("the session did not survive: %+v", m)
	}
	if r := b.post(document, l.relayState); r.StatusCode != http.StatusForbidden {
		t.Errorf("replay after the restart: status %d, want 403", r.StatusCode)
	}
	b.mustEnter(b.good(waiting, spid.L2), waiting.relayState)
}

func TestAResponseOfAnotherBrowserIsRefused(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	attacker, victim := p.browser(t), p.browser(t)
	l := attacker.begin("")
	document := attacker.good(l, spid.L2)
	for _, row := range []struct {
		name    string
		headers []string
	}{
		{"a browser that never was here", nil},
		{"the same with the headers that browsers send", []string{"Sec-Fetch-Site", "same-site", "Origin", "null"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if r := victim.post(document, l.relayState, row.headers...); r.StatusCode != http.StatusForbidden {
				t.Errorf("status %d, want 403", r.StatusCode)
			}
		})
	}
	victim.begin("")
	victim.mustStayOut(document, l.relayState)
	attacker.mustEnter(document, l.relayState)
}

func TestACrossSitePostWithoutCookieGoesRoundOnce(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b, stranger := p.browser(t), p.browser(t)
	l := b.begin("?relay=/servizi")
	document := b.good(l, spid.L2)
	r := stranger.post(document, l.relayState, "Sec-Fetch-Site", "cross-site", "Origin", "null") // SameSite=Lax: the cookie stayed behind
	if r.StatusCode != http.StatusOK || !strings.Contains(r.body, "/spid/acs/again") || len(r.Cookies()) != 0 {
		t.Fatalf("status %d with cookies %v, want a page that posts once more\n%s", r.StatusCode, r.Cookies(), text(r.body))
	}
	form := url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString(document)}, "RelayState": {l.relayState}}.Encode()
	if r := stranger.do("POST", "/spid/acs/again", formType, form, "Sec-Fetch-Site", "same-origin"); r.StatusCode != http.StatusForbidden {
		t.Errorf("another browser the second time: status %d, want 403", r.StatusCode)
	}
	if r := b.do("POST", "/spid/acs/again", formType, form, "Sec-Fetch-Site", "cross-site"); r.StatusCode != http.StatusForbidden {
		t.Errorf("another site at our own page's address: status %d, want 403", r.StatusCode)
	}
	r = b.do("POST", "/spid/acs/again", formType, form, "Sec-Fetch-Site", "same-origin")
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/servizi" {
		t.Errorf("the right browser: status %d to %q, want 303 to /servizi", r.StatusCode, r.Header.Get("Location"))
	}
}

func TestARequestIsGoodForTenMinutes(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		after time.Duration
		enter bool
	}{
		{"one second before the end", 10*time.Minute - time.Second, true},
		{"one second after the end", 10*time.Minute + time.Second, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := newPortal(t)
			b := p.browser(t)
			l := b.begin("")
			p.clock.advance(row.after)
			if row.enter {
				b.mustEnter(b.good(l, spid.L2), l.relayState)
			} else {
				b.mustStayOut(b.good(l, spid.L2), l.relayState)
			}
		})
	}
}

func TestAnUnsolicitedResponseIsRefused(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	l := b.begin("")
	made := *l.request
	made.ID = "_never-sent"
	b.mustStayOut(seal(t, p.idp.positive(&made, p.acs(), spid.L2, l.set).Element(), signing{p.idp.key, p.idp.key}), l.relayState)
}

func TestAnotherTrustedGestoreCannotAnswer(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	l := b.begin("?idp=prova")
	b.mustStayOut(seal(t, p.alfa.positive(l.request, p.acs(), spid.L2, l.set).Element(), signing{p.alfa.key, p.alfa.key}), l.relayState)
	b.mustEnter(b.good(l, spid.L2), l.relayState)
	l = b.begin("?idp=alfa")
	b.mustEnter(seal(t, p.alfa.positive(l.request, p.acs(), spid.L2, l.set).Element(), signing{p.alfa.key, p.alfa.key}), l.relayState)
	if m := b.me(); m.IdP != "alfa" {
		t.Errorf("GET /spid/me: idp %q, want alfa", m.IdP)
	}
}

func TestLoginsInParallelTabsDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	one, two := b.begin("?level=1&relay=/uno"), b.begin("?level=3&relay=/due")
	r := b.post(b.good(two, spid.L3), two.relayState)
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/due" {
		t.Errorf("the second tab: status %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	if m := b.me(); m.Level != 3 {
		t.Errorf("level %d, want 3", m.Level)
	}
	r = b.post(b.good(one, spid.L1), one.relayState)
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/uno" {
		t.Errorf("the first tab: status %d to %q", r.StatusCode, r.Header.Get("Location"))
	}
	if m := b.me(); m.Level != 1 {
		t.Errorf("level %d, want 1", m.Level)
	}
}

func TestONB29AHigherLevelThanExactlyAskedIsTakenWithANote(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	l := b.begin("?level=1&comparison=exact")
	b.mustEnter(b.good(l, spid.L2), l.relayState) // CMP-02
	if m := b.me(); m.Level != 2 {
		t.Errorf("level %d, want 2", m.Level)
	}
}
