package handoff

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
)

func build(t testing.TB, relayState string) *Outgoing {
	t.Helper()
	out, err := portalSide(t).Build(gestore(t), mario, relayState, instant)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestONB81HandoffComesBackWhole(t *testing.T) {
	t.Parallel()
	out := build(t, "opaque & short")
	if f := out.Form; f.Action != gestore(t).EndpointResponse || f.Param != saml.ParamResponse || f.RelayState != "opaque & short" {
		t.Errorf("form %+v", f)
	}
	got, err := gestoreSide(t).Receive(posted(out.Form), instant.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	want := &Handoff{MessageID: out.ID, IssuedAt: instant, SPCode: portal(t).Code, Person: mario, RelayState: "opaque & short", Profile: NotVerified}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// The wire form: what is readable, what is not, who signs, and that xmlsec1 agrees.
func TestONB81HandoffOnTheWire(t *testing.T) {
	t.Parallel()
	side := portalSide(t)
	side.Rand = &counter{}
	out, err := side.Build(gestore(t), mario, "", instant)
	if err != nil {
		t.Fatal(err)
	}
	octets := octetsOf(t, out.Form)
	golden(t, "handoff.xml", octets)
	xmlsec(t, octets, saml.NSProtocol+":Response", "portal")
	schemaValid(t, "handoff.xml")
	for _, secret := range []string{"RSSMRA80A01H501U", "Rossi", "Mario", "fiscalNumber", "AttributeStatement", "InResponseTo"} {
		if strings.Contains(string(octets), secret) {
			t.Errorf("%q is readable", secret)
		}
	}
	root := parse(t, octets)
	inner, err := saml.DecryptAssertion(saml.Child(root, saml.NSAssertion, "EncryptedAssertion"), private(t, "gestore-enc"))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "handoff-assertion.xml", saml.Serialise(inner))
	xmlsec(t, saml.Serialise(inner), saml.NSAssertion+":Assertion", "portal")
	schemaValid(t, "handoff-assertion.xml")
	if strings.Contains(string(saml.Serialise(saml.Child(inner, saml.NSAssertion, "Subject"))), "RSSMRA") {
		t.Error("the transient name says who it is")
	}
}

func TestONB80ExactlyThreeData(t *testing.T) {
	t.Parallel()
	attributes := func(list ...saml.Attribute) craft {
		return craft{assertion: func(a *saml.Assertion) { a.Attributes = list }}
	}
	fiscal, family, name := attribute("fiscalNumber", "TINIT-RSSMRA80A01H501U"), attribute("familyName", "Rossi"), attribute("name", "Mario")
	value := func(edit func(el *etree.Element)) craft {
		return craft{inner: func(el *etree.Element) {
			edit(saml.Children(saml.Child(el, saml.NSAssertion, "AttributeStatement"), saml.NSAssertion, "Attribute")[1])
		}}
	}
	for label, row := range map[string]struct {
		craft
		want Reason
	}{
		"control":                 {craft{}, ""},
		"in another order":        {attributes(name, fiscal, family), ""},
		"a fourth":                {attributes(fiscal, family, name, attribute("email", "mario@example.org")), Malformed},
		"another in place of one": {attributes(fiscal, family, attribute("email", "mario@example.org")), Malformed},
		"two alone":               {attributes(fiscal, family), Malformed},
		"none":                    {attributes(), Malformed},
		"one twice":               {attributes(fiscal, family, family), Malformed},
		"other letters":           {attributes(fiscal, attribute("FamilyName", "Rossi"), name), Malformed},
		"no prefix":               {attributes(attribute("fiscalNumber", "RSSMRA80A01H501U"), family, name), Malformed},
		"a wrong check letter":    {attributes(attribute("fiscalNumber", "TINIT-RSSMRA80A01H501X"), family, name), Malformed},
		"an empty name":           {attributes(fiscal, family, attribute("name", "")), Malformed},
		"a name of two lines":     {attributes(fiscal, family, attribute("name", "Mario\nLuigi")), Malformed},
		"a long name":             {attributes(fiscal, family, attribute("name", strings.Repeat("M", maxText+1))), Malformed},
		"two values":              {value(func(el *etree.Element) { el.AddChild(el.ChildElements()[0].Copy()) }), Malformed},
		"an element in a value":   {value(func(el *etree.Element) { el.ChildElements()[0].CreateElement("b") }), Malformed},
		"a comment in a value":    {value(func(el *etree.Element) { el.ChildElements()[0].CreateComment("x") }), Malformed},
		"no value":                {value(func(el *etree.Element) { el.Child = nil }), Malformed},
		"an encrypted attribute":  {value(func(el *etree.Element) { el.Tag = "EncryptedAttribute" }), Malformed},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			got, err := gestoreSide(t).Receive(row.form(t), instant)
			wantReason(t, got, err, row.want)
			if err == nil && got.Person != mario {
				t.Errorf("got %+v", got.Person)
			}
		})
	}
}

// What a portal hands over is checked before it leaves too.
func TestONB80BuildRefuses(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		who        Person
		relayState string
		edit       func(g *Gestore)
		want       Reason
	}{
		"control":                  {mario, strings.Repeat("x", 80), func(*Gestore) {}, ""},
		"a fiscal code with TINIT": {Person{"TINIT-RSSMRA80A01H501U", "Rossi", "Mario"}, "", func(*Gestore) {}, Malformed},
		"no name":                  {Person{mario.FiscalCode, "Rossi", ""}, "", func(*Gestore) {}, Malformed},
		"a long RelayState":        {mario, strings.Repeat("x", 81), func(*Gestore) {}, Malformed},
		"a gestore without key":    {mario, "", func(g *Gestore) { g.Encryption = nil }, Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := gestore(t)
			row.edit(g)
			out, err := portalSide(t).Build(g, row.who, row.relayState, instant)
			wantReason(t, out, err, row.want)
		})
	}
	side := portalSide(t)
	side.Signing = signer(t, "other")
	if _, err := side.Build(gestore(t), mario, "", instant); err == nil {
		t.Error("a key that is not the declared one signs")
	}
	side.Signing = nil
	if _, err := side.Build(gestore(t), mario, "", instant); err == nil {
		t.Error("no key signs")
	}
}

func TestONB85SendersThatAreNotRecognised(t *testing.T) {
	t.Parallel()
	issuer := func(code string) craft {
		return craft{response: func(r *saml.Response) { r.Issuer.Value = code }}
	}
	for name, row := range map[string]struct {
		craft
		want Reason
	}{
		"control":                           {craft{}, ""},
		"an unknown spCode":                 {issuer("evil.example.org"), UnknownSender},
		"no Issuer":                         {issuer(""), Malformed},
		"an Issuer with an element":         {craft{outer: func(el *etree.Element) { el.ChildElements()[0].CreateElement("b") }}, Malformed},
		"the Response unsigned":             {craft{outerKey: "-"}, BadSignature},
		"the Response by a foreign key":     {craft{outerKey: "other"}, BadSignature},
		"the Response by the gestore":       {craft{outerKey: "gestore"}, BadSignature},
		"by the key that opens answers":     {craft{outerKey: "portal-enc"}, BadSignature},
		"SEC-25: the Assertion unsigned":    {craft{innerKey: "-"}, BadSignature},
		"the Assertion by a foreign key":    {craft{innerKey: "other"}, BadSignature},
		"the Assertion altered":             {craft{signed: func(el *etree.Element) { el.CreateAttr("IssueInstant", "2021-03-10T09:00:01Z") }}, BadSignature},
		"the Assertion says another sender": {craft{assertion: func(a *saml.Assertion) { a.Issuer.Value = "evil.example.org" }}, Malformed},
		"encrypted for another gestore":     {craft{to: "other"}, NotForUs},
		"encrypted for the key that signs":  {craft{to: "gestore"}, NotForUs},
		"for another Destination":           {craft{response: func(r *saml.Response) { r.Destination = "https://other.example.org/handoff" }}, NotForUs},
		"without Destination":               {craft{response: func(r *saml.Response) { r.Destination = "" }}, NotForUs},
		"for another audience":              {craft{assertion: func(a *saml.Assertion) { a.Audience = "other.example.org" }}, NotForUs},
		"for another recipient":             {craft{assertion: func(a *saml.Assertion) { a.Recipient = "https://other.example.org/handoff" }}, NotForUs},
		"the same ID twice":                 {craft{assertion: func(a *saml.Assertion) { a.ID = "_craft-response" }}, Malformed},
		"an answer to something":            {craft{response: func(r *saml.Response) { r.InResponseTo = "_1" }}, Malformed},
		"an Assertion that answers":         {craft{assertion: func(a *saml.Assertion) { a.InResponseTo = "_1" }}, Malformed},
		"no success":                        {craft{response: func(r *saml.Response) { r.Status.Code = saml.StatusResponder }}, Malformed},
		"success and something below":       {craft{response: func(r *saml.Response) { r.Status.Sub = saml.StatusAuthnFailed }}, Malformed},
		"a message beside the status":       {craft{response: func(r *saml.Response) { r.Status.Message = "x" }}, Malformed},
		"version 1.1":                       {craft{response: func(r *saml.Response) { r.Version = "1.1" }}, Malformed},
		"an Assertion of version 1.1":       {craft{assertion: func(a *saml.Assertion) { a.Version = "1.1" }}, Malformed},
		"an ID that is no name":             {craft{response: func(r *saml.Response) { r.ID = "1:2" }}, Malformed},
		"a holder of a key":                 {craft{assertion: func(a *saml.Assertion) { a.Method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key" }}, Malformed},
		"two audiences":                     {craft{inner: twice("Conditions", "AudienceRestriction", "Audience")}, Malformed},
		"two restrictions":                  {craft{inner: twice("Conditions", "AudienceRestriction")}, Malformed},
		"two confirmations":                 {craft{inner: twice("Subject", "SubjectConfirmation")}, Malformed},
		"two subjects":                      {craft{inner: twice("Subject")}, Malformed},
		"no Conditions":                     {craft{inner: func(el *etree.Element) { el.RemoveChild(saml.Child(el, saml.NSAssertion, "Conditions")) }}, Malformed},
		"no confirmation data":              {craft{inner: func(el *etree.Element) { confirmation(el).Child = nil }}, Malformed},
		"an AuthnStatement, which is fine": {craft{inner: func(el *etree.Element) {
			el.InsertChildAt(3, saml.NewElement("saml", saml.NSAssertion, "AuthnStatement", ""))
		}}, ""},
		"Advice": {craft{inner: func(el *etree.Element) { el.InsertChildAt(3, saml.NewElement("saml", saml.NSAssertion, "Advice", "")) }}, Malformed},
		"a comment in the NameID": {craft{inner: func(el *etree.Element) {
			saml.Child(el, saml.NSAssertion, "Subject").ChildElements()[0].CreateComment("x")
		}}, Malformed},
		"data encrypted with CBC":           {craft{encrypted: algorithm("aes256-gcm", "http://www.w3.org/2001/04/xmlenc#aes256-cbc")}, Malformed},
		"a key encrypted with RSA 1.5":      {craft{encrypted: algorithm("rsa-oaep-mgf1p", "http://www.w3.org/2001/04/xmlenc#rsa-1_5")}, Malformed},
		"an Assertion beside the encrypted": {craft{outer: func(el *etree.Element) { el.AddChild((&saml.Assertion{ID: "_x"}).Element()) }}, Malformed},
		"an Assertion in place of it": {craft{outer: func(el *etree.Element) {
			last := el.ChildElements()[2]
			el.RemoveChild(last)
			el.AddChild((&saml.Assertion{ID: "_x"}).Element())
		}}, Malformed},
		"two EncryptedAssertions":          {craft{outer: func(el *etree.Element) { el.AddChild(el.ChildElements()[2].Copy()) }}, Malformed},
		"an instant that is none":          {craft{outer: func(el *etree.Element) { el.CreateAttr("IssueInstant", "yesterday") }}, Malformed},
		"an Assertion without its instant": {craft{assertion: func(a *saml.Assertion) { a.IssueInstant = time.Time{} }}, Malformed},
		"Conditions without an end":        {craft{assertion: func(a *saml.Assertion) { a.NotOnOrAfter = time.Time{} }}, Malformed},
		"a confirmation without an end":    {craft{assertion: func(a *saml.Assertion) { a.SubjectNotOnOrAfter = time.Time{} }}, Malformed},
		"text between elements":            {craft{outer: func(el *etree.Element) { el.CreateText("x") }}, Malformed},
		"Extensions": {craft{outer: func(el *etree.Element) {
			el.InsertChildAt(1, saml.NewElement("samlp", saml.NSProtocol, "Extensions", ""))
		}}, Malformed},
		"a look-alike of EncryptedAssertion": {craft{outer: func(el *etree.Element) { el.ChildElements()[2].CreateAttr("xmlns:saml", "urn:x:1") }}, Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := gestoreSide(t).Receive(row.form(t), instant)
			wantReason(t, got, err, row.want)
		})
	}
}

func confirmation(el *etree.Element) *etree.Element {
	return saml.Child(saml.Child(el, saml.NSAssertion, "Subject"), saml.NSAssertion, "SubjectConfirmation")
}

// twice doubles the element at the end of a path of assertion elements.
func twice(path ...string) func(*etree.Element) {
	return func(el *etree.Element) {
		for _, name := range path {
			el = saml.Child(el, saml.NSAssertion, name)
		}
		el.Parent().InsertChildAt(el.Index(), el.Copy())
	}
}

// algorithm rewrites the algorithms that end in suffix.
func algorithm(suffix, uri string) func(*etree.Element) {
	return func(el *etree.Element) {
		eachElement(el, func(e *etree.Element) {
			if alg, _ := saml.Attr(e, "Algorithm"); strings.HasSuffix(alg, suffix) {
				e.CreateAttr("Algorithm", uri)
			}
		})
	}
}

func eachElement(el *etree.Element, visit func(*etree.Element)) {
	visit(el)
	for _, c := range el.ChildElements() {
		eachElement(c, visit)
	}
}

func TestONB85APortalWhoseProcedureDoesNotRun(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		at   time.Time
		want Reason
	}{
		"at its start":     {portal(t).ReuseStart, ""},
		"before its start": {portal(t).ReuseStart.Add(-time.Second), UnknownSender},
		"at its end":       {portal(t).ReuseEnd, ""},
		"after its end":    {portal(t).ReuseEnd.Add(time.Second), UnknownSender},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := gestoreSide(t).Receive(craft{at: row.at}.form(t), row.at)
			wantReason(t, got, err, row.want)
		})
	}
}

func TestONB86AgeOfAHandoff(t *testing.T) {
	t.Parallel()
	long := craft{assertion: func(a *saml.Assertion) {
		a.NotOnOrAfter, a.SubjectNotOnOrAfter = instant.Add(time.Hour), instant.Add(time.Hour)
	}}
	for name, row := range map[string]struct {
		craft
		maxAge time.Duration
		after  time.Duration
		want   Reason
	}{
		"at once":                             {craft{}, 0, 0, ""},
		"in the last millisecond":             {craft{}, 0, 5*time.Minute - time.Millisecond, ""},
		"when its Conditions end":             {craft{}, 0, 5 * time.Minute, Stale},
		"at five minutes, by its instant":     {long, 0, 5 * time.Minute, ""},
		"past five minutes":                   {long, 0, 5*time.Minute + time.Second, Stale},
		"ten minutes, when they are allowed":  {long, 10 * time.Minute, 10 * time.Minute, ""},
		"past ten minutes":                    {long, 10 * time.Minute, 10*time.Minute + time.Second, Stale},
		"past a minute, when one is allowed":  {long, time.Minute, 61 * time.Second, Stale},
		"a minute from the future":            {craft{}, 0, -time.Minute, ""},
		"more than a minute from the future":  {craft{}, 0, -61 * time.Second, Stale},
		"its instant alone in the future":     {craft{response: func(r *saml.Response) { r.IssueInstant = instant.Add(2 * time.Minute) }}, 0, 0, Stale},
		"Conditions that begin later":         {craft{assertion: func(a *saml.Assertion) { a.NotBefore = instant.Add(2 * time.Minute) }}, 0, 0, Stale},
		"a confirmation that has ended":       {craft{assertion: func(a *saml.Assertion) { a.SubjectNotOnOrAfter = instant }}, 0, 0, Stale},
		"Conditions that ended in the past":   {craft{assertion: func(a *saml.Assertion) { a.NotOnOrAfter = instant.Add(-time.Hour) }}, 0, 0, Stale},
		"stale and unsigned is a bad sender":  {craft{outerKey: "-"}, 0, time.Hour, BadSignature},
		"stale and for another tells its age": {craft{to: "other"}, 0, time.Hour, Stale},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			side := gestoreSide(t)
			side.MaxAge = row.maxAge
			got, err := side.Receive(row.form(t), instant.Add(row.after))
			wantReason(t, got, err, row.want)
		})
	}
}

// ONB-86: each hand-off has an ID of its own, which a second posting repeats.
func TestONB86MessageIDsTellRepetitions(t *testing.T) {
	t.Parallel()
	side, receiver := portalSide(t), gestoreSide(t)
	seen := map[string]bool{}
	for range 3 {
		out, err := side.Build(gestore(t), mario, "", instant)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			got, err := receiver.Receive(posted(out.Form), instant)
			if err != nil || got.MessageID != out.ID {
				t.Fatalf("got %+v, %v, want ID %s", got, err, out.ID)
			}
		}
		if seen[out.ID] {
			t.Errorf("ID %s twice", out.ID)
		}
		seen[out.ID] = true
	}
}

func TestONB81FormsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	good := octetsOf(t, build(t, "").Form)
	for name, form := range map[string]url.Values{
		"nothing":                {},
		"another parameter":      formOf(saml.ParamRequest, good),
		"twice":                  {saml.ParamResponse: {build(t, "").Form.Message, build(t, "").Form.Message}},
		"no base64":              {saml.ParamResponse: {"%%%"}},
		"a long RelayState":      {saml.ParamResponse: {build(t, "").Form.Message}, saml.ParamRelayState: {strings.Repeat("x", 81)}},
		"a DTD":                  formOf(saml.ParamResponse, append([]byte(`<!DOCTYPE x [<!ENTITY y "z">]>`), good...)),
		"a comment":              formOf(saml.ParamResponse, replaced(t, good, "<samlp:Status>", "<!-- x --><samlp:Status>")),
		"an ID twice":            formOf(saml.ParamResponse, replaced(t, good, "<samlp:Status>", `<samlp:Status ID="_portal-0001">`)),
		"an AuthnRequest":        formOf(saml.ParamResponse, []byte(`<samlp:AuthnRequest xmlns:samlp="`+saml.NSProtocol+`"/>`)),
		"a LogoutResponse":       formOf(saml.ParamResponse, []byte(`<samlp:LogoutResponse xmlns:samlp="`+saml.NSProtocol+`"/>`)),
		"a Response of nothing":  formOf(saml.ParamResponse, []byte(`<samlp:Response xmlns:samlp="`+saml.NSProtocol+`"/>`)),
		"more than any hand-off": formOf(saml.ParamResponse, []byte("<a>"+strings.Repeat("x", 300<<10)+"</a>")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := gestoreSide(t).Receive(form, instant)
			wantReason(t, got, err, Malformed)
		})
	}
}

// One octet of the cipher texts altered and the Response signed again by the portal: refused as not for us, with the
// same words each time (SEC-26).
func TestSEC26AlteredCipherTextsTellNothing(t *testing.T) {
	t.Parallel()
	words := map[string]bool{}
	for i := range 8 {
		c := craft{encrypted: func(el *etree.Element) {
			eachElement(el, func(e *etree.Element) {
				if e.Tag != "CipherValue" || (e.Parent().Parent().Tag == "EncryptedKey") != (i%2 == 0) {
					return
				}
				s := []byte(e.Text())
				at := 20 + 30*i
				s[at] = map[bool]byte{true: 'B', false: 'A'}[s[at] == 'A']
				e.SetText(string(s))
			})
		}}
		got, err := gestoreSide(t).Receive(c.form(t), instant)
		wantReason(t, got, err, NotForUs)
		words[err.Error()] = true
	}
	if len(words) != 1 {
		t.Errorf("%d different errors: %v", len(words), words)
	}
}

func TestErrorsSayWhatWasFoundAndWanted(t *testing.T) {
	t.Parallel()
	_, err := gestoreSide(t).Receive(craft{response: func(r *saml.Response) { r.Destination = strings.Repeat("x", 200) }}.form(t), instant)
	for _, want := range []string{"not-for-us", "Response/@Destination", "xxx…", "https://idp.example.org/handoff", "ONB-81"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	_, err = gestoreSide(t).Receive(craft{outerKey: "other"}.form(t), instant)
	if e := new(saml.SignatureError); !errors.As(err, &e) || e.Reason != saml.ReasonKey {
		t.Errorf("the cause of %v is lost", err)
	}
}
