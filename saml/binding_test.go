package saml

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"runtime"
	"strings"
	"testing"

	dsig "github.com/russellhaering/goxmldsig"
)

func stageOf(t *testing.T, a *Arrival, err error) Stage {
	t.Helper()
	if a == nil {
		t.Fatal("no Arrival")
	}
	if err == nil {
		if a.Root == nil || a.XML == nil {
			t.Error("neither message nor error")
		}
		return ""
	}
	e := new(IntakeError)
	if !errors.As(err, &e) {
		t.Fatalf("found %T, wanted *IntakeError: %v", err, err)
	}
	return e.Stage
}

// SEC-17, SEC-31, SEC-33, SEC-47, BIND-08, BIND-10.
func TestParsePost(t *testing.T) {
	t.Parallel()
	octets := Serialise(signedRequest(t))
	b64 := base64.StdEncoding.EncodeToString(octets)
	if !strings.HasSuffix(base64.StdEncoding.EncodeToString(append(octets, ' ')), "=") {
		octets = append(octets, ' ') // so that there is padding to take away
	}
	padded := base64.StdEncoding.EncodeToString(append(octets, ' '))
	for name, row := range map[string]struct {
		form url.Values
		want Stage
	}{
		"control: the message alone":             {url.Values{"SAMLRequest": {b64}}, ""},
		"control: with RelayState":               {url.Values{"SAMLRequest": {b64}, "RelayState": {"x"}}, ""},
		"control: lines of 76":                   {url.Values{"SAMLRequest": {breakLines(b64, "\r\n")}}, ""},
		"control: lines of 76, line feeds alone": {url.Values{"SAMLRequest": {breakLines(b64, "\n")}}, ""},
		"an unknown field is noted, not refused": {url.Values{"SAMLRequest": {b64}, "utf8": {"x"}}, ""},
		"no message":                             {url.Values{}, StageParameters},
		"a name in small letters":                {url.Values{"samlrequest": {b64}}, StageParameters},
		"the message twice":                      {url.Values{"SAMLRequest": {b64, b64}}, StageParameters},
		"a message without a value":              {url.Values{"SAMLRequest": {}}, StageParameters},
		"a request and a response":               {url.Values{"SAMLRequest": {b64}, "SAMLResponse": {b64}}, StageParameters},
		"a response alone":                       {url.Values{"SAMLResponse": {b64}}, StageParameters},
		"RelayState twice":                       {url.Values{"SAMLRequest": {b64}, "RelayState": {"x", "x"}}, StageParameters},
		"RelayState of 80 octets":                {url.Values{"SAMLRequest": {b64}, "RelayState": {strings.Repeat("x", 80)}}, ""},
		"RelayState of 81 octets":                {url.Values{"SAMLRequest": {b64}, "RelayState": {strings.Repeat("x", 81)}}, StageRelayState},
		"RelayState of 64 KiB":                   {url.Values{"SAMLRequest": {b64}, "RelayState": {strings.Repeat("x", 64<<10)}}, StageRelayState},
		"an empty message":                       {url.Values{"SAMLRequest": {""}}, StageBase64},
		"a line break for a message":             {url.Values{"SAMLRequest": {"\n"}}, StageBase64},
		"the URL-safe alphabet":                  {url.Values{"SAMLRequest": {base64.URLEncoding.EncodeToString([]byte("<\xff\xff\xfe>"))}}, StageBase64},
		"no padding":                             {url.Values{"SAMLRequest": {strings.TrimRight(padded, "=")}}, StageBase64},
		"text after the padding":                 {url.Values{"SAMLRequest": {padded + "AAAA"}}, StageBase64},
		"a blank inside":                         {url.Values{"SAMLRequest": {b64[:40] + " " + b64[40:]}}, StageBase64},
		"a tab inside":                           {url.Values{"SAMLRequest": {b64[:40] + "\t" + b64[40:]}}, StageBase64},
		"padding bits that are not zero":         {url.Values{"SAMLRequest": {"PGEvPh=="}}, StageBase64},
		"XML in the clear":                       {url.Values{"SAMLRequest": {string(octets)}}, StageBase64},
		"a deflated message":                     {postForm(ParamRequest, deflated(t, octets)), StageXML},
		"a message that is no XML":               {postForm(ParamRequest, []byte("hello")), StageXML},
		"a message of 256 KiB and one octet":     {postForm(ParamRequest, bytes.Repeat([]byte(" "), maxMessage+1)), StageLimit},
		"a message far past the bound":           {url.Values{"SAMLRequest": {strings.Repeat("AAAA", 1<<20)}}, StageLimit},
		"a message with a comment":               {postForm(ParamRequest, replaced(t, octets, "</saml:Issuer>", "<!----></saml:Issuer>")), StageXML},
		"a Response in SAMLRequest":              {postForm(ParamRequest, Serialise(response().Element())), StageRoot},
		"an AuthnRequest of another namespace":   {postForm(ParamRequest, []byte(`<samlp:AuthnRequest xmlns:samlp="urn:x:1"/>`)), StageRoot},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := ParsePost(ParamRequest, row.form)
			if got := stageOf(t, a, err); got != row.want {
				t.Errorf("got %q, want %q (%v)", got, row.want, err)
			}
			if a.Binding != HTTPPost || a.Param != ParamRequest {
				t.Errorf("Arrival says %s, %s", a.Binding, a.Param)
			}
		})
	}
}

func breakLines(s, end string) string {
	var b strings.Builder
	for len(s) > 76 {
		b.WriteString(s[:76] + end)
		s = s[76:]
	}
	return b.String() + s + end
}

func deflated(t testing.TB, octets []byte) []byte {
	t.Helper()
	out, err := deflate(octets)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestParsePostKeepsWhatItSaw(t *testing.T) {
	t.Parallel()
	form := postForm(ParamRequest, Serialise(signedRequest(t)))
	form["RelayState"] = []string{strings.Repeat("<\r\n\xff", 21)}
	form["SigAlg"], form["Another"] = []string{"x"}, []string{"y"}
	a, err := ParsePost(ParamRequest, form)
	if stageOf(t, a, err) != StageRelayState || a.Root == nil || !a.HasRelayState || a.RelayState != form["RelayState"][0] {
		t.Errorf("got %v, root %v, RelayState %q", err, a.Root, a.RelayState)
	}
	if strings.Join(a.Extra, " ") != "Another SigAlg" {
		t.Errorf("Extra %q", a.Extra)
	}
	a, err = ParsePost(ParamResponse, postForm(ParamResponse, Serialise(response().Element())))
	if err != nil || a.HasRelayState || a.Root.Tag != "Response" {
		t.Errorf("a Response: %v", err)
	}
	a, err = ParsePost(ParamResponse, postForm(ParamResponse, Serialise(request().Element())))
	if stageOf(t, a, err) != StageRoot || a.Root == nil {
		t.Errorf("a request as SAMLResponse: %v", err)
	}
}

func TestPostFormIsReadBack(t *testing.T) {
	t.Parallel()
	f := PostForm(acsURL, ParamResponse, signedResponse(t), "<\"&\r\n")
	if f.Action != acsURL || f.RelayState != "<\"&\r\n" || strings.ContainsAny(f.Message, "\r\n") {
		t.Errorf("%+v", f)
	}
	a, err := ParsePost(f.Param, url.Values{f.Param: {f.Message}, ParamRelayState: {f.RelayState}})
	if err != nil || a.RelayState != f.RelayState {
		t.Fatal(err)
	}
	if _, err := VerifyResponse(a.Root, pinned(t, "idp"), issued); err != nil {
		t.Error(err)
	}
}

// queryOf is a redirect query in parts, so that one of them can be bent.
type queryOf struct{ request, relay, alg, signature string }

func parts(t testing.TB) queryOf {
	t.Helper()
	v, err := url.ParseQuery(redirectQuery(t))
	if err != nil {
		t.Fatal(err)
	}
	return queryOf{
		url.QueryEscape(v.Get("SAMLRequest")), url.QueryEscape(v.Get("RelayState")),
		url.QueryEscape(v.Get("SigAlg")), url.QueryEscape(v.Get("Signature")),
	}
}

func (q queryOf) String() string {
	return "SAMLRequest=" + q.request + "&RelayState=" + q.relay + "&SigAlg=" + q.alg + "&Signature=" + q.signature
}

// SEC-28, SEC-30: what the raw query may look like.
func TestParseRedirectParameters(t *testing.T) {
	t.Parallel()
	q := parts(t)
	all := q.String()
	rest := strings.TrimPrefix(all, "SAMLRequest="+q.request)
	forged := "SAMLRequest=" + url.QueryEscape(base64.StdEncoding.EncodeToString(deflated(t, []byte("<evil/>"))))
	for name, row := range map[string]struct {
		query string
		want  Stage
		extra string
	}{
		"control: the query as it was made":      {all, "", ""},
		"control: without RelayState":            {"SAMLRequest=" + q.request + "&SigAlg=" + q.alg + "&Signature=" + q.signature, "", ""},
		"control: an ampersand too many":         {all + "&&", "", ""},
		"without SigAlg, which the rules answer": {"SAMLRequest=" + q.request + "&Signature=" + q.signature, "", ""},
		"without Signature, likewise":            {"SAMLRequest=" + q.request + "&SigAlg=" + q.alg, "", ""},
		"an unknown parameter is noted":          {all + "&utm_source=x", "", "utm_source"},
		"two unknown parameters are noted":       {"a&" + all + "&b=", "", "a b"},
		"no message":                             {"RelayState=x", StageParameters, ""},
		"no query":                               {"", StageParameters, ""},
		"the message twice, the forged first":    {forged + "&" + all, StageParameters, ""},
		"the message twice, the forged last":     {all + "&" + forged, StageParameters, ""},
		"RelayState twice":                       {all + "&RelayState=y", StageParameters, ""},
		"SigAlg twice":                           {all + "&SigAlg=" + q.alg, StageParameters, ""},
		"Signature twice":                        {all + "&Signature=" + q.signature, StageParameters, ""},
		"SAMLResponse beside SAMLRequest":        {all + "&SAMLResponse=" + q.request, StageParameters, ""},
		"a percent-encoded name":                 {all + "&SAML%52equest=" + q.request, StageParameters, ""},
		"the only name percent-encoded":          {"SAML%52equest=" + q.request + rest, StageParameters, ""},
		"a percent-encoded RelayState":           {"SAMLRequest=" + q.request + "&Relay%53tate=x", StageParameters, ""},
		"a semicolon":                            {all + ";SAMLRequest=" + q.request, StageParameters, ""},
		"an array":                               {all + "&SAMLRequest[]=" + q.request, StageParameters, ""},
		"an array, percent-encoded":              {all + "&SAMLRequest%5B%5D=" + q.request, StageParameters, ""},
		"a name in small letters":                {all + "&samlrequest=" + q.request, StageParameters, ""},
		"a name with a blank":                    {all + "&+SAMLRequest=" + q.request, StageParameters, ""},
		"a name with broken percent-encoding":    {all + "&%zz=1", StageParameters, ""},
		"a value with broken percent-encoding":   {"SAMLRequest=%zz", StageParameters, ""},
		"RelayState with broken encoding":        {"SAMLRequest=" + q.request + "&RelayState=%", StageParameters, ""},
		"SigAlg with broken encoding":            {"SAMLRequest=" + q.request + "&SigAlg=%", StageParameters, ""},
		"a query of 16 KiB and one octet":        {"SAMLRequest=" + strings.Repeat("A", 16<<10+1-12), StageLimit, ""},
		"RelayState of 80 octets, encoded":       {"SAMLRequest=" + q.request + "&RelayState=" + strings.Repeat("%C3%A8", 40), "", ""},
		"RelayState of 81 octets":                {"SAMLRequest=" + q.request + "&RelayState=" + strings.Repeat("x", 81), StageRelayState, ""},
		"a Signature that is no base64":          {"SAMLRequest=" + q.request + "&Signature=%3F", StageSignature, ""},
		"an empty Signature":                     {"SAMLRequest=" + q.request + "&Signature=", StageSignature, ""},
		"a Signature with a line break":          {"SAMLRequest=" + q.request + "&Signature=QUJD%0AREVG", StageSignature, ""},
		"a message with a line break":            {"SAMLRequest=" + q.request[:20] + "%0A" + q.request[20:], StageBase64, ""},
		"a message with a plus for a blank":      {"SAMLRequest=" + q.request[:20] + "+" + q.request[20:], StageBase64, ""},
		"an empty message":                       {"SAMLRequest=", StageBase64, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := ParseRedirect(ParamRequest, row.query)
			if got := stageOf(t, a, err); got != row.want {
				t.Errorf("got %q, want %q (%v)", got, row.want, err)
			}
			if got := strings.Join(a.Extra, " "); got != row.extra && row.want == "" {
				t.Errorf("Extra %q, want %q", got, row.extra)
			}
			if (row.want == StageRelayState || row.want == StageSignature) && a.Root == nil {
				t.Error("the message was not read")
			}
		})
	}
}

// SEC-31: inflation.
func TestParseRedirectInflates(t *testing.T) {
	t.Parallel()
	octets := Serialise(request().Element())
	var zlibbed bytes.Buffer
	w := zlib.NewWriter(&zlibbed)
	if _, err := w.Write(octets); err != nil {
		t.Fatal(err)
	}
	w.Close()
	good := deflated(t, octets)
	for name, row := range map[string]struct {
		octets []byte
		want   Stage
	}{
		"control: raw deflate":               {good, ""},
		"control: stored, not compressed":    {stored(t, octets), ""},
		"a zlib header":                      {zlibbed.Bytes(), StageInflate},
		"XML that is not deflated":           {octets, StageInflate},
		"a stream cut short":                 {good[:len(good)-6], StageInflate},
		"an octet after the end":             {append(bytes.Clone(good), 0), StageInflate},
		"a second stream after the end":      {append(bytes.Clone(good), good...), StageInflate},
		"an empty stream":                    {deflated(t, nil), StageInflate},
		"64 KiB of one message":              {deflated(t, blown(octets, 64<<10)), ""},
		"64 KiB and one, past the ratio":     {deflated(t, blown(octets, 64<<10+1)), StageLimit},
		"what inflates to 10 MiB":            {deflated(t, blown(octets, 10<<20)), StageLimit},
		"a deflated part of 12 KiB and more": {stored(t, blown(octets, 13<<10)), StageLimit},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			query := "SAMLRequest=" + url.QueryEscape(base64.StdEncoding.EncodeToString(row.octets))
			if len(query) > maxQuery { // the parameter's own bound comes after the query's
				_, err := inflateMessage(ParamRequest, base64.StdEncoding.EncodeToString(row.octets))
				if got := stageOf(t, &Arrival{}, err); got != row.want {
					t.Errorf("got %q, want %q (%v)", got, row.want, err)
				}
				return
			}
			a, err := ParseRedirect(ParamRequest, query)
			if got := stageOf(t, a, err); got != row.want {
				t.Errorf("got %q, want %q (%v)", got, row.want, err)
			}
		})
	}
}

// blown returns the message with white space after it, n octets in all.
func blown(octets []byte, n int) []byte {
	return append(bytes.Clone(octets), bytes.Repeat([]byte(" "), n-len(octets))...)
}

// noisy returns a message of n octets that deflates to a quarter at best, so that the ratio stays small.
func noisy(t testing.TB, n int) []byte {
	t.Helper()
	frame := "<samlp:AuthnRequest xmlns:samlp=\"" + NSProtocol + "\">%</samlp:AuthnRequest>"
	head, tail, _ := strings.Cut(frame, "%")
	room := n - len(head) - len(tail)
	var b strings.Builder
	for seed := uint32(1); b.Len() < room; seed = seed*1664525 + 1013904223 {
		if b.Len()%(32<<10) < 8 && room-b.Len() > 16 {
			b.WriteString("<a/>")
		}
		b.WriteByte("abcd"[seed>>30])
	}
	return []byte(head + b.String()[:room] + tail)
}

func stored(t testing.TB, octets []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.NoCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(octets); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The bound itself is taken, one octet more is refused, whatever the ratio (SEC-31).
func TestInflateBound(t *testing.T) {
	t.Parallel()
	out, err := inflate(ParamRequest, deflated(t, noisy(t, maxMessage)))
	if err != nil || len(out) != maxMessage {
		t.Errorf("at the bound: %d octets, %v", len(out), err)
	}
	_, err = inflate(ParamRequest, deflated(t, noisy(t, maxMessage+1)))
	if e := new(IntakeError); !errors.As(err, &e) || e.Stage != StageLimit {
		t.Errorf("past the bound: %v", err)
	}
}

// A bomb costs no more memory than the bound (SEC-31).
func TestInflateBombStaysSmall(t *testing.T) {
	bomb := deflated(t, bytes.Repeat([]byte(" "), 50<<20))
	if len(bomb) > 60<<10 {
		t.Fatalf("the bomb has %d octets", len(bomb))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := inflate(ParamRequest, bomb); err == nil {
		t.Error("50 MiB are taken")
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 16<<20 {
		t.Errorf("%d octets allocated", got)
	}
}

// signQuery signs the parts in the order given, each as it stands, and returns them with the Signature.
func signQuery(t testing.TB, k *Key, pieces ...string) string {
	t.Helper()
	query := strings.Join(pieces, "&")
	digest := sha256.Sum256([]byte(query))
	sig, err := k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return query + "&Signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(sig))
}

// SEC-22, SEC-29, SEC-30, BIND-06, BIND-07: the signature of the query.
func TestVerifyRedirect(t *testing.T) {
	t.Parallel()
	q, k := parts(t), key(t, "sp")
	request, relay, alg := "SAMLRequest="+q.request, "RelayState="+q.relay, "SigAlg="+q.alg
	signature := "Signature=" + q.signature
	signed := func(pieces ...string) string { return signQuery(t, k, pieces...) }
	_, value, _ := strings.Cut(signed(request, relay, alg), "&Signature=")
	lower := strings.ReplaceAll(request, "%2B", "%2b")
	if lower == request {
		lower = strings.ReplaceAll(request, "%2F", "%2f")
	}
	sha1 := "SigAlg=" + url.QueryEscape(dsig.RSASHA1SignatureMethod)
	ecdsa := "SigAlg=" + url.QueryEscape(dsig.ECDSASHA256SignatureMethod)
	hmac := "SigAlg=" + url.QueryEscape("http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")

	for name, row := range map[string]struct {
		query string
		want  string
		order bool
	}{
		"control: the query as it was made":                  {q.String(), "", false},
		"signed without RelayState":                          {signed(request, alg), "", false},
		"signed with an empty RelayState":                    {signed(request, "RelayState=", alg), "", false},
		"sent in another order, signed in the canonical one": {relay + "&" + signature + "&" + alg + "&" + request, "", false},
		"sent and signed in alphabetical order":              {signed(relay, request, alg), "", true},
		"sent with an unknown parameter between":             {request + "&x=1&" + relay + "&" + alg + "&" + signature, "", false},
		"escaped in small letters, signed so":                {signed(lower, relay, alg), "", false},
		"a plus for a blank, signed so":                      {signed(request, "RelayState=a+b", alg), "", false},
		"escaped in small letters, signed otherwise":         {lower + "&" + relay + "&" + alg + "&Signature=" + value, ReasonValue, false},
		"%20 for a blank, signed as a plus":                  {strings.Replace(signed(request, "RelayState=a+b", alg), "a+b", "a%20b", 1), ReasonValue, false},
		"RelayState changed":                                 {request + "&RelayState=evil&" + alg + "&" + signature, ReasonValue, false},
		"RelayState removed":                                 {request + "&" + alg + "&" + signature, ReasonValue, false},
		"RelayState added":                                   {strings.Replace(signed(request, alg), "&SigAlg", "&RelayState=evil&SigAlg", 1), ReasonValue, false},
		"RelayState emptied":                                 {request + "&RelayState=&" + alg + "&" + signature, ReasonValue, false},
		"the message of another query":                       {"SAMLRequest=" + url.QueryEscape(base64.StdEncoding.EncodeToString(deflated(t, Serialise(otherRequest().Element())))) + "&" + relay + "&" + alg + "&" + signature, ReasonValue, false},
		"no Signature":                                       {request + "&" + relay + "&" + alg, ReasonMissing, false},
		"no SigAlg":                                          {request + "&" + relay + "&" + signature, ReasonMissing, false},
		"a Signature of one octet":                           {request + "&" + relay + "&" + alg + "&Signature=AA%3D%3D", ReasonValue, false},
		"an empty Signature":                                 {request + "&" + relay + "&" + alg + "&Signature=", ReasonValue, false},
		"another algorithm under the same signature":         {request + "&" + relay + "&SigAlg=" + url.QueryEscape(dsig.RSASHA512SignatureMethod) + "&" + signature, ReasonValue, false},
		"RSA-SHA1":                 {signed(request, relay, sha1), ReasonAlgorithm, false},
		"ECDSA":                    {signed(request, relay, ecdsa), ReasonAlgorithm, false},
		"HMAC":                     {signed(request, relay, hmac), ReasonAlgorithm, false},
		"an empty SigAlg":          {signed(request, relay, "SigAlg="), ReasonAlgorithm, false},
		"the key of somebody else": {signQuery(t, key(t, "other"), request, relay, alg), ReasonValue, false},
		"an XML signature instead of one over the query":     {"SAMLRequest=" + url.QueryEscape(base64.StdEncoding.EncodeToString(deflated(t, Serialise(signedRequest(t))))), ReasonMissing, false},
		"signed in the order of arrival without the message": {request + "&" + strings.TrimPrefix(signed(relay, alg), request), ReasonValue, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := ParseRedirect(ParamRequest, row.query)
			if a.Root == nil {
				t.Fatalf("not read: %v", err)
			}
			v, err := a.Verify(pinned(t, "idp", "sp"), issued)
			if got := reason(t, v, err); got != row.want {
				t.Fatalf("got %q, want %q (%v)", got, row.want, err)
			}
			if v != nil && (v.OutOfOrder != row.order || v.Root != a.Root || !v.Cert.Equal(k.Cert)) {
				t.Errorf("verified %+v", v)
			}
		})
	}
	a, err := ParseRedirect(ParamRequest, q.String())
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		keys []string
		want string
	}{
		"nobody pinned":                      {nil, ReasonKey},
		"only a weak and an elliptic key":    {[]string{"weak", "curve"}, ReasonKey},
		"only somebody else":                 {[]string{"other"}, ReasonValue},
		"the right one behind somebody else": {[]string{"other", "sp"}, ""},
	} {
		v, err := a.Verify(pinned(t, row.keys...), issued)
		if got := reason(t, v, err); got != row.want {
			t.Errorf("%s: got %q, want %q", name, got, row.want)
		}
	}
}

func otherRequest() *AuthnRequest {
	r := request()
	r.ID = "_req-evil"
	return r
}

// All three RSA algorithms of SIG-02 are accepted over a query.
func TestVerifyRedirectAlgorithms(t *testing.T) {
	t.Parallel()
	q := parts(t)
	for uri, hash := range map[string]crypto.Hash{
		dsig.RSASHA256SignatureMethod: crypto.SHA256, dsig.RSASHA384SignatureMethod: crypto.SHA384, dsig.RSASHA512SignatureMethod: crypto.SHA512,
	} {
		query := "SAMLRequest=" + q.request + "&SigAlg=" + url.QueryEscape(uri)
		h := hash.New()
		h.Write([]byte(query))
		sig, err := key(t, "sp").Signer.Sign(rand.Reader, h.Sum(nil), hash)
		if err != nil {
			t.Fatal(err)
		}
		a, err := ParseRedirect(ParamRequest, query+"&Signature="+url.QueryEscape(base64.StdEncoding.EncodeToString(sig)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Verify(pinned(t, "sp"), issued); err != nil {
			t.Errorf("%s: %v", uri, err)
		}
	}
}

func TestRedirectURLKeepsTheQueryOfTheAddress(t *testing.T) {
	t.Parallel()
	for dest, want := range map[string]string{
		"https://idp.example.org/sso":      "https://idp.example.org/sso?SAMLRequest=",
		"https://idp.example.org/sso?a=b":  "https://idp.example.org/sso?a=b&SAMLRequest=",
		"https://idp.example.org/sso?":     "https://idp.example.org/sso?SAMLRequest=",
		"https://idp.example.org/sso?a=b&": "https://idp.example.org/sso?a=b&SAMLRequest=",
	} {
		got, err := key(t, "sp").RedirectURL(dest, ParamRequest, request().Element(), "")
		if err != nil || !strings.HasPrefix(got, want) || strings.Contains(got, "RelayState") {
			t.Errorf("%s: got %s, %v", dest, got, err)
		}
		_, query, _ := strings.Cut(got, "?")
		a, err := ParseRedirect(ParamRequest, query)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Verify(pinned(t, "sp"), issued); err != nil {
			t.Errorf("%s: %v", dest, err)
		}
	}
}

// A parameter of another profile, as Result of the assisted procedure, carries any root.
func TestParsePostOfAnotherProfile(t *testing.T) {
	t.Parallel()
	a, err := ParsePost("Result", postForm("Result", []byte("<x/>")))
	if err != nil || a.Root == nil || a.Root.Tag != "x" {
		t.Errorf("got %+v, %v", a, err)
	}
	if _, err := ParsePost("Result", postForm(ParamResponse, []byte("<x/>"))); err == nil {
		t.Error("SAMLResponse is taken for it")
	}
}
