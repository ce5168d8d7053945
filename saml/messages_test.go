package saml

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestAuthnRequestIsReadAsItWasBuilt(t *testing.T) {
	t.Parallel()
	full := request()
	full.IsPassive, full.AssertionConsumerServiceURL, full.ProtocolBinding = ptr(false), acsURL, HTTPPost
	full.ProviderName, full.Subject = `A & "B" <C>`, &NameID{Value: "mario", Format: FormatUnspecified, NameQualifier: spID, SPNameQualifier: "x"}
	full.AuthnContextClassRef = append(full.AuthnContextClassRef, "https://www.spid.gov.it/SpidL3")
	for name, r := range map[string]*AuthnRequest{"usual": request(), "full": full, "empty": {}} {
		got, err := ReadAuthnRequest(mustParse(t, Serialise(r.Element())))
		if err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", name, err, got, r)
		}
	}
}

// Fields that do not parse stay zero; the reading itself does not fail.
func TestReadAuthnRequestLeavesOddFieldsZero(t *testing.T) {
	t.Parallel()
	got, err := ReadAuthnRequest(mustParse(t, []byte(`<p:AuthnRequest xmlns:p="`+NSProtocol+`" xmlns="`+NSAssertion+`" xmlns:evil="urn:x:1"
		IssueInstant="2026-11-22T09:00:00+01:00" ForceAuthn="TRUE" IsPassive="2" AssertionConsumerServiceIndex="+1" AttributeConsumingServiceIndex="-1"
		evil:Destination="x" Version=" 2.0"><Issuer> x<b/></Issuer><Issuer>second</Issuer><p:NameIDPolicy evil:Format="x"/>
		<p:RequestedAuthnContext><AuthnContextClassRef> L2 </AuthnContextClassRef><evil:AuthnContextClassRef>x</evil:AuthnContextClassRef></p:RequestedAuthnContext></p:AuthnRequest>`)))
	if err != nil {
		t.Fatal(err)
	}
	want := &AuthnRequest{Version: " 2.0", AuthnContextClassRef: []string{" L2 "}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestReadersRefuseOtherRoots(t *testing.T) {
	t.Parallel()
	el := mustParse(t, []byte(`<samlp:AuthnRequest xmlns:samlp="urn:x:1"/>`))
	if _, err := ReadAuthnRequest(el); err == nil {
		t.Error("an AuthnRequest of another namespace is read")
	}
	if _, err := ReadAuthnRequest(nil); err == nil {
		t.Error("no AuthnRequest is read")
	}
	if _, err := ReadResponse(el, nil); err == nil {
		t.Error("an AuthnRequest is read as Response")
	}
	if _, err := ReadResponse(response().Element(), el); err == nil {
		t.Error("an AuthnRequest is read as Assertion")
	}
}

// AuthnRequests as other libraries write them: prefixes, quotes, declarations, order and white space differ.
func TestAuthnRequestsOfOtherLibraries(t *testing.T) {
	t.Parallel()
	for name, octets := range map[string]string{
		"default namespace": `<AuthnRequest xmlns="` + NSProtocol + `" Version="2.0" ID="_1" Destination="d"><Issuer xmlns="` + NSAssertion + `">sp</Issuer>` +
			`<NameIDPolicy Format="f"/><RequestedAuthnContext Comparison="exact"><saml:AuthnContextClassRef xmlns:saml="` + NSAssertion + `">L1</saml:AuthnContextClassRef></RequestedAuthnContext></AuthnRequest>`,
		"pysaml2": `<?xml version='1.0' encoding='UTF-8'?>` + "\n" + `<ns0:AuthnRequest xmlns:ns0="` + NSProtocol + `" xmlns:ns1="` + NSAssertion + `" xmlns:ns2="` + NSSignature +
			`" Destination="d" ID="_1" Version="2.0"><ns1:Issuer>sp</ns1:Issuer><ns2:Signature Id="Signature1"/><ns0:NameIDPolicy Format="f"/>` +
			`<ns0:RequestedAuthnContext Comparison="exact"><ns1:AuthnContextClassRef>L1</ns1:AuthnContextClassRef></ns0:RequestedAuthnContext></ns0:AuthnRequest>`,
		"OpenSAML": "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<saml2p:AuthnRequest\n\txmlns:saml2p='" + NSProtocol + "'\n\tID='_1' Destination='d' Version='2.0'\n>\r\n  <saml2:Issuer xmlns:saml2='" + NSAssertion + "'>sp</saml2:Issuer>\r\n" +
			"  <saml2p:NameIDPolicy  Format = 'f' />\n  <saml2p:RequestedAuthnContext Comparison='exact'>\n    <saml2:AuthnContextClassRef xmlns:saml2='" + NSAssertion + "'>L1</saml2:AuthnContextClassRef>\n  </saml2p:RequestedAuthnContext>\n</saml2p:AuthnRequest>\n",
		"Windows": "\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<q1:AuthnRequest ID=\"_1\" Version=\"2.0\" Destination=\"d\" xmlns:q1=\"" + NSProtocol + "\"><Issuer xmlns=\"" + NSAssertion + "\">sp</Issuer>" +
			"<q1:NameIDPolicy Format=\"f\"/><q1:RequestedAuthnContext Comparison=\"exact\"><AuthnContextClassRef xmlns=\"" + NSAssertion + "\">L1</AuthnContextClassRef></q1:RequestedAuthnContext></q1:AuthnRequest>",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := ParsePost(ParamRequest, postForm(ParamRequest, []byte(octets)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := ReadAuthnRequest(a.Root)
			want := &AuthnRequest{
				ID: "_1", Version: "2.0", Destination: "d", Issuer: NameID{Value: "sp"}, NameIDPolicyFormat: "f",
				Comparison: "exact", AuthnContextClassRef: []string{"L1"},
			}
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%v\ngot  %+v\nwant %+v", err, got, want)
			}
		})
	}
}

func TestResponseIsReadAsItWasBuilt(t *testing.T) {
	t.Parallel()
	want := response()
	want.Version, want.Assertion.Version, want.Assertion.Method = "2.0", "2.0", MethodBearer
	want.Assertion.SessionIndex = "_s"
	want.Assertion.Attributes[0].FriendlyName = "Codice"
	el := want.Element()
	got, err := ReadResponse(el, assertionOf(el))
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\ngot  %+v %+v\nwant %+v %+v", err, got, got.Assertion, want, want.Assertion)
	}
	got, err = ReadResponse(el, nil)
	if err != nil || got.Assertion != nil {
		t.Errorf("without the verified Assertion: %+v, %v", got.Assertion, err)
	}
	anomaly := &Response{ID: "_1", Version: "2.0", Status: Status{StatusResponder, StatusAuthnFailed, "ErrorCode nr25"}}
	if got, err := ReadResponse(anomaly.Element(), nil); err != nil || !reflect.DeepEqual(got, anomaly) {
		t.Errorf("%v\ngot  %+v\nwant %+v", err, got, anomaly)
	}
}

// The verified Assertion, cut out of the Response and read again, says the same (AST-19).
func TestVerifiedAssertionIsRead(t *testing.T) {
	t.Parallel()
	v, err := VerifyResponse(mustParse(t, Serialise(signedResponse(t))), pinned(t, "idp"), issued)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadResponse(v.Response, v.Assertion.Root)
	if err != nil || !reflect.DeepEqual(got.Assertion.Attributes, response().Assertion.Attributes) {
		t.Errorf("%v: got %+v", err, got.Assertion)
	}
	cut := mustParse(t, Serialise(assertionOf(signedResponse(t))))
	if _, err := VerifyElement(cut, pinned(t, "idp"), issued); err != nil {
		t.Errorf("cut out: %v", err)
	}
	value := Child(Child(Child(cut, NSAssertion, "AttributeStatement"), NSAssertion, "Attribute"), NSAssertion, "AttributeValue")
	if kind, _ := AttrNS(value, NSInstance, "type"); kind != "xs:string" || lookup(value, "xs") != NSSchema {
		t.Errorf("xsi:type %q in %s", kind, Serialise(value))
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]time.Time{
		"2026-11-22T09:00:00Z":              issued.Truncate(time.Second),
		"2026-11-22T09:00:00.1Z":            issued.Truncate(time.Second).Add(100 * time.Millisecond),
		"2026-11-22T09:00:00.123Z":          issued,
		"2026-11-22T09:00:00.123000000Z":    issued,
		"2026-11-22T09:00:00.123000000999Z": issued,
		"2024-02-29T23:59:59Z":              time.Date(2024, 2, 29, 23, 59, 59, 0, time.UTC),
		"0001-01-01T00:00:00Z":              time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC),
		"9999-12-31T23:59:59.999999999Z":    time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC),
	} {
		got, err := ParseTime(s)
		if err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s: got %v, %v", s, got, err)
		}
	}
	for _, s := range []string{
		"", "Z", "2026-11-22T09:00:00", "2026-11-22T09:00:00+00:00", "2026-11-22T10:00:00+01:00", "2026-11-22T09:00:00z", "2026-11-22 09:00:00Z",
		"2026-11-22T09:00:60Z", "2016-12-31T23:59:60Z", "2026-11-22T24:00:00Z", "9999-99-99T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-31T00:00:00Z",
		"0000-01-01T00:00:00Z", "-2026-11-22T09:00:00Z", "12026-11-22T09:00:00Z", "26-11-22T09:00:00Z", "2026-11-22T9:00:00Z", "2026-11-22T09:00Z", "2026-11-22Z",
		"2026-11-22T09:00:00.Z", "2026-11-22T09:00:00,5Z", "2026-11-22T09:00:00.5xZ", "2026-11-22T09:00:00.-5Z", " 2026-11-22T09:00:00Z", "2026-11-22T09:00:00Z ",
		"٢026-11-22T09:00:00Z", "2026-11-22T09:00:00.٥Z", "now", strings.Repeat("9", 1000) + "Z",
	} {
		if got, err := ParseTime(s); err == nil {
			t.Errorf("%s: got %v", s, got)
		}
	}
	whole := issued.Truncate(time.Second)
	for _, row := range []struct {
		at   time.Time
		want string
	}{
		{issued.In(time.FixedZone("", 3600)), "2026-11-22T09:00:00.123Z"},
		{whole, "2026-11-22T09:00:00Z"},
		{whole.Add(time.Second - 1), "2026-11-22T09:00:00.999Z"},
		{whole.Add(999 * time.Microsecond), "2026-11-22T09:00:00Z"},
	} {
		if got := FormatTime(row.at); got != row.want {
			t.Errorf("got %s, want %s", got, row.want)
		}
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()
	const doc = "<?xml version=\"1.0\"?>\n<p:AuthnRequest xmlns:p=\"x\"\n  Version='2.0' x:ID=\"1\"\n  ID=\"Version='3'\">\n <!-- c --><Issuer Format=\"è\" NameQualifier=\"n\">sp</Issuer>\n" +
		" <Contact n=\"1\"/><Contact n=\"2\"><Extensions/></Contact>\n <Other><Contact n=\"3\"><Extensions/></Contact></Other>\n</p:AuthnRequest>\n"
	type place struct{ line, column int }
	for path, want := range map[string]place{
		"AuthnRequest":                          {2, 1},
		"/AuthnRequest/":                        {2, 1},
		"samlp:AuthnRequest":                    {2, 1},
		"AuthnRequest/@Version":                 {3, 3},
		"AuthnRequest/@xmlns:p":                 {2, 17},
		"AuthnRequest/@ID":                      {3, 17},
		"AuthnRequest/@Destination":             {2, 1},
		"AuthnRequest/Issuer":                   {5, 12},
		"AuthnRequest/Issuer/@NameQualifier":    {5, 31},
		"AuthnRequest/Issuer/NameID":            {5, 12},
		"AuthnRequest/Issuer/NameID/@Format":    {5, 12},
		"AuthnRequest/Contact":                  {6, 2},
		"AuthnRequest/Contact[2]":               {6, 18},
		"AuthnRequest/Contact[2]/@n":            {6, 27},
		"AuthnRequest/Contact[2]/Extensions":    {6, 33},
		"AuthnRequest/Contact/Extensions":       {6, 2},
		"AuthnRequest/Contact[3]":               {2, 1},
		"AuthnRequest/Other/Contact/Extensions": {7, 24},
		"AuthnRequest/Extensions":               {2, 1},
		"Response":                              {0, 0},
		"Issuer":                                {0, 0},
		"":                                      {0, 0},
		"//":                                    {0, 0},
		"@Version":                              {0, 0},
		"AuthnRequest/Contact[x]":               {6, 2},
	} {
		if line, column := Locate([]byte(doc), path); (place{line, column}) != want {
			t.Errorf("%s: got %d:%d, want %d:%d", path, line, column, want.line, want.column)
		}
	}
	for name, row := range map[string]struct {
		octets, path string
		want         place
	}{
		"a byte-order mark does not count":        {"\uFEFF<a b='1'/>", "a/@b", place{1, 4}},
		"the entity inside a list":                {"<EntitiesDescriptor>\n<EntityDescriptor>\n<Organization/></EntityDescriptor></EntitiesDescriptor>", "EntityDescriptor/Organization", place{3, 1}},
		"an entity missing from a list":           {"<EntitiesDescriptor>\n</EntitiesDescriptor>", "EntityDescriptor", place{0, 0}},
		"the list itself":                         {"<EntitiesDescriptor ID='1'/>", "EntitiesDescriptor/@ID", place{1, 21}},
		"octets that break off":                   {"<a>\n<b><c", "a/b/c", place{2, 1}},
		"no XML at all":                           {"hello", "a", place{0, 0}},
		"a tab before the attribute":              {"<a\tb='1'/>", "a/@b", place{1, 4}},
		"an attribute whose name ends in another": {"<a ab='1' b='2'/>", "a/@b", place{1, 11}},
	} {
		if line, column := Locate([]byte(row.octets), row.path); (place{line, column}) != row.want {
			t.Errorf("%s: got %d:%d, want %v", name, line, column, row.want)
		}
	}
}
