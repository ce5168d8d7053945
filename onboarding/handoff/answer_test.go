package handoff

import (
	"crypto/rand"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

func TestONB83TableOfResults(t *testing.T) {
	t.Parallel()
	want := map[Result]struct {
		code    string
		channel Channel
	}{
		100: {"ErrorCode nr100", Synchronous}, 25: {"ErrorCode nr25", Asynchronous}, 27: {"ErrorCode nr27", Asynchronous},
		28: {"ErrorCode nr28", Asynchronous}, 29: {"ErrorCode nr29", Asynchronous},
	}
	table := Results()
	if len(table) != len(want) {
		t.Fatalf("%d results, want %d", len(table), len(want))
	}
	for _, row := range table {
		w, ok := want[row.Result]
		if !ok || row.Result.Code() != w.code || row.Channel != w.channel || row.Title == "" || row.English == "" || row.Title == row.English {
			t.Errorf("row %+v, want %+v", row, w)
		}
		if got, ok := ParseResult(w.code); !ok || got != row.Result {
			t.Errorf("%q is read as %d, %v", w.code, got, ok)
		}
		if info, ok := row.Result.Info(); !ok || info != row {
			t.Errorf("Info of %d: %+v, %v", row.Result, info, ok)
		}
	}
	for _, s := range []string{"", "nr25", "ErrorCode nr", "ErrorCode nr025", "ErrorCode nr+25", "ErrorCode nr25 ", "ErrorCode nr24", "errorcode nr25", "ErrorCode nr1", "ErrorCode nr-25"} {
		if got, ok := ParseResult(s); ok {
			t.Errorf("%q is read as %d", s, got)
		}
	}
}

// CNF-09: nr26 is read as cancelled, has no row of its own and is never sent.
func TestCNF09TwentySixIsCancelled(t *testing.T) {
	t.Parallel()
	if got, ok := ParseResult("ErrorCode nr26"); !ok || got != Cancelled {
		t.Errorf("got %d, %v, want %d", got, ok, Cancelled)
	}
	if _, ok := Result(26).Info(); ok {
		t.Error("26 has a row")
	}
	out, err := gestoreSide(t).BuildResult(portal(t), Answer{MessageID: "_1", Result: 26}, instant)
	wantReason(t, out, err, Malformed)
	form := answer{result: "ErrorCode nr26"}.form(t)
	if got, err := portalSide(t).ReadResult(form, Asynchronous, instant); err != nil || got.Result != Cancelled {
		t.Errorf("got %+v, %v", got, err)
	}
}

// ONB-84: the same number, two channels, two meanings.
func TestONB84TwentyFiveIsSuccessHereAndCancelledAtTheLogin(t *testing.T) {
	t.Parallel()
	here, ok := Issued.Info()
	if !ok || Issued != 25 || !here.Success || !strings.Contains(here.English, "issued") {
		t.Errorf("here: %+v", here)
	}
	login, ok := spid.Anomaly(25).Info()
	if !ok || spid.Cancelled != 25 || login.Status == saml.StatusSuccess || spid.Anomaly(25) == spid.Success {
		t.Errorf("login: %+v", login)
	}
	if Issued.Code() != spid.Cancelled.Code() {
		t.Errorf("the trap is gone: %q and %q", Issued.Code(), spid.Cancelled.Code())
	}
	if here.Title == login.Title || here.English == login.English {
		t.Errorf("one title for both: %q", here.Title)
	}
	if info, _ := Cancelled.Info(); Cancelled == Result(spid.Cancelled) || info.Success {
		t.Errorf("cancelled here: %+v", info)
	}
}

func TestONB83AnswersComeBackWhole(t *testing.T) {
	t.Parallel()
	for _, row := range Results() {
		t.Run(row.Result.Code(), func(t *testing.T) {
			t.Parallel()
			out, err := gestoreSide(t).BuildResult(portal(t), Answer{MessageID: "_portal-0001", Result: row.Result, RelayState: "opaque"}, instant)
			if err != nil {
				t.Fatal(err)
			}
			action, relayState := portal(t).EndpointResult, ""
			if row.Channel == Synchronous {
				action, relayState = portal(t).InfoPage, "opaque"
			}
			if f := out.Form; f.Param != "Result" || f.Action != action || f.RelayState != relayState {
				t.Errorf("form %+v, want %s with %q", f, action, relayState)
			}
			got, err := portalSide(t).ReadResult(posted(out.Form), row.Channel, instant)
			if err != nil {
				t.Fatal(err)
			}
			want := &Answer{ID: out.ID, MessageID: "_portal-0001", GestoreCode: gestore(t).Code, Result: row.Result, RelayState: relayState}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			other := map[Channel]Channel{Synchronous: Asynchronous, Asynchronous: Synchronous}[row.Channel]
			got, err = portalSide(t).ReadResult(posted(out.Form), other, instant)
			wantReason(t, got, err, NotForUs)
		})
	}
}

// The wire form of the note: an SpIdentity whose content is encrypted, and inside the signed one without personal data.
func TestONB83AnswerOnTheWire(t *testing.T) {
	t.Parallel()
	side := gestoreSide(t)
	side.Rand = &counter{}
	out, err := side.BuildResult(portal(t), Answer{MessageID: "_portal-0001", Result: Issued}, instant)
	if err != nil {
		t.Fatal(err)
	}
	octets := octetsOf(t, out.Form)
	golden(t, "answer.xml", octets)
	if strings.Contains(string(octets), "nr25") || strings.Contains(string(octets), "_portal-0001") {
		t.Errorf("readable: %s", octets)
	}
	plain, err := saml.DecryptContent(parse(t, octets), private(t, "portal-enc"))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "answer-opened.xml", saml.Serialise(plain))
	xmlsec(t, saml.Serialise(plain), NSResultNotVerified+":SpIdentity", "gestore")
}

// ONB-83: with "notverified" there is no personal data on the way out, and none is taken.
func TestONB83NoPersonalDataUnlessVerified(t *testing.T) {
	t.Parallel()
	out, err := gestoreSide(t).BuildResult(portal(t), Answer{MessageID: "_1", Result: Issued, Person: &mario}, instant)
	wantReason(t, out, err, Malformed)
	personal := []field{{"fiscalCode", "RSSMRA80A01H501U"}, {"name", "Mario"}, {"familyName", "Rossi"}}
	got, err := portalSide(t).ReadResult(answer{more: personal}.form(t), Asynchronous, instant)
	wantReason(t, got, err, Malformed)

	verified := portalSide(t)
	verified.Portal.Profile = Verified
	for name, row := range map[string]struct {
		result Result
		who    *Person
		want   Reason
	}{
		"issued, with them":            {Issued, &mario, ""},
		"issued, without":              {Issued, nil, Malformed},
		"taken in charge, with them":   {TakenInCharge, &mario, ""},
		"cancelled, with them":         {Cancelled, &mario, Malformed},
		"cancelled, without":           {Cancelled, nil, ""},
		"issued, with a wrong code":    {Issued, &Person{"RSSMRA80A01H501X", "Rossi", "Mario"}, Malformed},
		"already a customer, without":  {AlreadyCustomer, nil, ""},
		"not issued, with, is refused": {NotIssued, &mario, Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := gestoreSide(t).BuildResult(verified.Portal, Answer{MessageID: "_1", Result: row.result, Person: row.who}, instant)
			wantReason(t, out, err, row.want)
			if err != nil {
				return
			}
			info, _ := row.result.Info()
			got, err := verified.ReadResult(posted(out.Form), info.Channel, instant)
			if err != nil || !reflect.DeepEqual(got.Person, row.who) {
				t.Errorf("got %+v, %v, want %+v", got, err, row.who)
			}
		})
	}
}

func TestONB83BuildResultRefuses(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		answer Answer
		edit   func(p *Portal)
	}{
		"a number of the login":  {Answer{MessageID: "_1", Result: 21}, func(*Portal) {}},
		"no hand-off":            {Answer{Result: Issued}, func(*Portal) {}},
		"a long RelayState":      {Answer{MessageID: "_1", Result: TakenInCharge, RelayState: strings.Repeat("x", 81)}, func(*Portal) {}},
		"a portal without a key": {Answer{MessageID: "_1", Result: Issued}, func(p *Portal) { p.Encryption = nil }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := portal(t)
			row.edit(p)
			out, err := gestoreSide(t).BuildResult(p, row.answer, instant)
			wantReason(t, out, err, Malformed)
		})
	}
	side := gestoreSide(t)
	side.Signing = signer(t, "other")
	if _, err := side.BuildResult(portal(t), Answer{MessageID: "_1", Result: Issued}, instant); err == nil {
		t.Error("a key that is not the declared one signs")
	}
}

// answer is an SpIdentity made on purpose in some way; zero fields are the right ones.
type answer struct {
	ns, code, result string
	more             []field
	edit             func(el *etree.Element) // before it is signed
	key              string                  // "-" leaves it unsigned
	signed           func(el *etree.Element) // after
	to               string                  // key that it is encrypted for, "-" leaves it readable
	sealed           func(el *etree.Element)
}

func (a answer) form(t testing.TB) url.Values {
	t.Helper()
	el := saml.NewElement("md", or(a.ns, NSResultNotVerified), "SpIdentity", "")
	el.CreateAttr("ID", "_answer")
	appendFields(el, append([]field{{"idpCode", or(a.code, gestore(t).Code)}, {"responseID", "_portal-0001"}, {"result", or(a.result, "ErrorCode nr25")}}, a.more...))
	if a.edit != nil {
		a.edit(el)
	}
	if key := or(a.key, "gestore"); key != "-" {
		mustSign(t, signer(t, key), el)
	}
	if a.signed != nil {
		a.signed(el)
	}
	if to := or(a.to, "portal-enc"); to != "-" {
		var err error
		if el, err = saml.EncryptContent(el, cert(t, to), rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	if a.sealed != nil {
		a.sealed(el)
	}
	return formOf(ParamResult, saml.Serialise(el))
}

func TestONB83AnswersThatAreNotTaken(t *testing.T) {
	t.Parallel()
	child := func(el *etree.Element, name string) *etree.Element { return saml.Child(el, "", name) }
	for name, row := range map[string]struct {
		answer
		want Reason
	}{
		"control":                       {answer{}, ""},
		"an unknown gestore":            {answer{code: "evil.example.org"}, UnknownSender},
		"unsigned":                      {answer{key: "-"}, BadSignature},
		"by a foreign key":              {answer{key: "other"}, BadSignature},
		"by the portal itself":          {answer{key: "portal"}, BadSignature},
		"altered":                       {answer{signed: func(el *etree.Element) { child(el, "result").SetText("ErrorCode nr29") }}, BadSignature},
		"another ID outside":            {answer{sealed: func(el *etree.Element) { el.CreateAttr("ID", "_evil") }}, BadSignature},
		"for another portal":            {answer{to: "other"}, NotForUs},
		"readable":                      {answer{to: "-"}, Malformed},
		"another profile":               {answer{ns: NSResultVerified}, Malformed},
		"a number of the login":         {answer{result: "ErrorCode nr19"}, Malformed},
		"taken in charge, later":        {answer{result: "ErrorCode nr100"}, NotForUs},
		"no idpCode":                    {answer{edit: func(el *etree.Element) { el.RemoveChild(child(el, "idpCode")) }}, Malformed},
		"an idpCode of two parts":       {answer{edit: func(el *etree.Element) { child(el, "idpCode").CreateElement("b") }}, Malformed},
		"no responseID":                 {answer{edit: func(el *etree.Element) { child(el, "responseID").SetText("") }}, Malformed},
		"an Assertion":                  {answer{edit: func(el *etree.Element) { el.AddChild((&saml.Assertion{ID: "_a"}).Element()) }}, Malformed},
		"a SAML Response":               {answer{edit: func(el *etree.Element) { el.AddChild((&saml.Response{ID: "_a"}).Element()) }}, Malformed},
		"something after":               {answer{more: []field{{"email", "mario@example.org"}}}, Malformed},
		"data in an attribute":          {answer{edit: func(el *etree.Element) { child(el, "result").CreateAttr("fiscalCode", "x") }}, Malformed},
		"data in an attribute on top":   {answer{edit: func(el *etree.Element) { el.CreateAttr("fiscalCode", "RSSMRA80A01H501U") }}, Malformed},
		"a comment":                     {answer{edit: func(el *etree.Element) { el.CreateComment("x") }}, Malformed},
		"a second EncryptedData":        {answer{sealed: func(el *etree.Element) { el.AddChild(el.ChildElements()[0].Copy()) }}, Malformed},
		"readable elements beside":      {answer{sealed: func(el *etree.Element) { el.CreateElement("result").SetText("ErrorCode nr29") }}, Malformed},
		"CBC":                           {answer{sealed: algorithm("aes256-gcm", "http://www.w3.org/2001/04/xmlenc#aes256-cbc")}, Malformed},
		"the genuine one in the forged": {answer{signed: wrapAnswer}, BadSignature},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := portalSide(t).ReadResult(row.form(t), Asynchronous, instant)
			wantReason(t, got, err, row.want)
		})
	}
	for name, form := range map[string]url.Values{
		"nothing":             {},
		"a SAMLResponse":      formOf(saml.ParamResponse, []byte("<a/>")),
		"no XML":              formOf(ParamResult, []byte("x")),
		"another document":    formOf(ParamResult, []byte("<a/>")),
		"the hand-off itself": formOf(ParamResult, octetsOf(t, build(t, "").Form)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := portalSide(t).ReadResult(form, Asynchronous, instant)
			wantReason(t, got, err, Malformed)
		})
	}
}

// wrapAnswer hides the genuine answer in the Signature of one that says otherwise.
func wrapAnswer(el *etree.Element) {
	genuine := bare(el)
	el.CreateAttr("ID", "_evil")
	saml.Child(el, "", "result").SetText("ErrorCode nr29")
	bury(signatureOf(el), genuine)
}
