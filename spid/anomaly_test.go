package spid

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// published is the table of errors.md section 2: number, who is told, HTTP status, top status and the one below it.
const published = `
1 SP 200 Success -
2 U 503 - -
3 U 500 - -
4 U 403 - -
5 U 403 - -
6 U 403 - -
7 U 403 - -
8 SP 200 Requester -
9 SP 200 VersionMismatch -
10 U 403 - -
11 SP 200 Requester -
12 SP 200 Requester NoAuthnContext
13 SP 200 Requester RequestDenied
14 SP 200 Requester RequestUnsupported
15 SP 200 Requester NoPassive
16 SP 200 Requester RequestUnsupported
17 SP 200 Requester RequestUnsupported
18 SP 200 Requester RequestUnsupported
19 SP 200 Responder AuthnFailed
20 SP 200 Responder AuthnFailed
21 SP 200 Responder AuthnFailed
22 SP 200 Responder AuthnFailed
23 SP 200 Responder AuthnFailed
25 SP 200 Responder AuthnFailed
26 SP 200 Responder AuthnFailed
27 SP 200 Responder AuthnFailed
28 SP 200 Responder AuthnFailed
29 SP 200 Responder AuthnFailed
30 SP 200 Responder AuthnFailed`

func statusName(uri string) string {
	name, ok := strings.CutPrefix(uri, "urn:oasis:names:tc:SAML:2.0:status:")
	if !ok || name == "" {
		return "-" + uri
	}
	return name
}

func TestAnomalyTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, row := range Anomalies() {
		to := "SP"
		if row.ToUser {
			to = "U"
		}
		fmt.Fprintf(&b, "\n%d %s %d %s %s", row.Anomaly, to, row.HTTP, statusName(row.Status), statusName(row.Sub))
	}
	if got := b.String(); got != published {
		t.Errorf("the table reads%s\nwant%s", got, published)
	}
}

func TestAnomalyTexts(t *testing.T) {
	t.Parallel()
	for _, row := range Anomalies() {
		if row.Title == "" || row.English == "" || row.Remedy == "" || row.RemedyEN == "" {
			t.Errorf("nr%02d lacks a title or a remedy in one of the languages", row.Anomaly)
		}
		if (row.Page == "") != (row.PageEnglish == "") || (row.ForPerson == "") != (row.ForPersonEN == "") {
			t.Errorf("nr%02d has a text in one language alone", row.Anomaly)
		}
		if (row.ForPerson != "") != (row.Anomaly >= 19) {
			t.Errorf("nr%02d has the sentence for people %q, want one from 19 on", row.Anomaly, row.ForPerson)
		}
		if (row.NotEmitted) != (row.Anomaly >= 26 && row.Anomaly <= 29) {
			t.Errorf("nr%02d: not emitted is %v", row.Anomaly, row.NotEmitted)
		}
		if got, ok := row.Anomaly.Info(); got != row || !ok {
			t.Errorf("looking up nr%02d gives another row", row.Anomaly)
		}
	}
	for _, a := range []Anomaly{-1, 0, 24, 31, 99} {
		if info, ok := a.Info(); ok || info != (AnomalyInfo{}) {
			t.Errorf("nr%02d has a row, want none", a)
		}
	}
}

func TestOfficialPages(t *testing.T) {
	t.Parallel()
	for a, want := range map[Anomaly]string{
		SystemError:       "Sistema di autenticazione non disponibile - Riprovare più tardi",
		BadFormat:         "Formato richiesta non corretto - Contattare il gestore del servizio",
		BadQuerySignature: "Impossibile stabilire l'autenticità della richiesta di autenticazione - Contattare il gestore del servizio",
		WrongMethod:       "Formato richiesta non ricevibile - Contattare il gestore del servizio",
		BadXMLSignature:   "Formato richiesta non corretto - Contattare il gestore del servizio",
		BadIssuer:         "Formato richiesta non corretto - Contattare il gestore del servizio",
		BadAuthnContext:   "Autenticazione SPID non conforme o non specificata",
		IdentityBlocked:   "Credenziali sospese o revocate",
		BadDestination:    "",
	} {
		if info, _ := a.Info(); info.Page != want {
			t.Errorf("nr%02d shows %q, want %q", a, info.Page, want)
		}
	}
}

func TestErrorCodes(t *testing.T) {
	t.Parallel()
	for _, row := range Anomalies() {
		want := fmt.Sprintf("ErrorCode nr%02d", row.Anomaly)
		if got := row.Anomaly.Code(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got, ok := ParseCode(want); got != row.Anomaly || !ok {
			t.Errorf("ParseCode(%q) gave %d, %v", want, got, ok)
		}
	}
	if got := Anomaly(0).Code() + Anomaly(100).Code() + Anomaly(-3).Code(); got != "" {
		t.Errorf("numbers that two digits cannot write have the code %q", got)
	}
	for _, message := range []string{
		"", "ErrorCode nr8", "ErrorCode nr008", "errorcode nr08", "ErrorCode nr08 ", " ErrorCode nr08", "ErrorCode  nr08", "ErrorCode NR08", "ErrorCode nr00", "ErrorCode nr-8", "ErrorCode nr+8", "ErrorCode nr0x", "ErrorCode nr08: bad",
	} {
		if a, ok := ParseCode(message); ok || a != 0 {
			t.Errorf("ParseCode(%q) gave %d, %v; want none", message, a, ok)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("ErrorCode nr08")
	f.Add("ErrorCode nr99")
	f.Add("ErrorCode nr")
	f.Fuzz(func(t *testing.T, s string) {
		if a, ok := ParseCode(s); ok && a.Code() != s || !ok && a != 0 {
			t.Fatalf("%q became %d, %v, which is written %q", s, a, ok, a.Code())
		}
	})
}

func TestErrorMessage(t *testing.T) {
	t.Parallel()
	cause := errors.New("crypto/rsa: verification error")
	for name, row := range map[string]struct {
		err  Error
		want string
	}{
		"says where, found, wanted, rule and anomaly": {
			Error{Rule: "AR-12", Anomaly: BadDestination, Path: "AuthnRequest/@Destination", Found: "https://a", Wanted: "https://b"},
			`AuthnRequest/@Destination is "https://a", want "https://b" (AR-12, anomaly nr14)`,
		},
		"says that something is missing": {
			Error{Rule: "REQ-03", Anomaly: BadVersion, Path: "AuthnRequest/@Version", Wanted: "2.0"},
			`AuthnRequest/@Version is missing or empty, want "2.0" (REQ-03, anomaly nr09)`,
		},
		"gives the cause alone": {
			Error{Rule: "SIG-06", Anomaly: BadXMLSignature, Path: "AuthnRequest/Signature", Err: cause},
			`AuthnRequest/Signature: crypto/rsa: verification error (SIG-06, anomaly nr07)`,
		},
		"gives the line and escapes control characters": {
			Error{Path: "Issuer", Found: "a\nb", Line: 3, Column: 14},
			`Issuer is "a\nb", line 3 column 14`,
		},
		"speaks of the message when no element is known": {Error{Anomaly: SystemError}, `message is missing or empty (anomaly nr03)`},
		"cuts what is too long": {
			Error{Path: "p", Found: strings.Repeat("é", 150)},
			`p is "` + strings.Repeat("é", 100) + `…"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := row.err.Error(); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
	var found *Error
	wrapped := fmt.Errorf("receiving: %w", &Error{Rule: "SIG-06", Err: cause})
	if !errors.As(wrapped, &found) || found.Rule != "SIG-06" || !errors.Is(wrapped, cause) {
		t.Error("errors.As or errors.Is does not find the error or its cause")
	}
}
