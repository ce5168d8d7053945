package rules

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"spidsim/saml"
	"spidsim/spid"
)

func TestEveryRowIsBrokenBySomeTest(t *testing.T) {
	t.Parallel()
	broken := map[string]bool{}
	for _, c := range requestCases {
		broken[c.rule] = true
	}
	for _, c := range append(slices.Clone(responseCases), anomalyCases...) {
		broken[c.rule] = true
	}
	for _, c := range metadataCases {
		broken[c.rule] = true
	}
	for _, r := range All() {
		if !broken[r.ID] {
			t.Errorf("no test breaks %s", r.ID)
		}
		delete(broken, r.ID)
	}
	for id := range broken {
		t.Errorf("a test names %s, which is no row", id)
	}
}

func TestEveryRequirementHasARowAnAliasOrAReason(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/ids.txt")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		id := strings.TrimSpace(line)
		if id == "" || strings.HasPrefix(id, "#") {
			continue
		}
		listed[id] = true
		_, row := Lookup(id)
		reason := LeftOut[id]
		if row == (reason != "") {
			t.Errorf("%s: row %v, reason %q: want exactly one of them", id, row, reason)
		}
	}
	for id := range LeftOut {
		if !listed[id] {
			t.Errorf("LeftOut names %s, which is not in the list", id)
		}
	}
}

func TestIdsAreNeverShared(t *testing.T) {
	t.Parallel()
	owner := map[string]string{}
	for _, r := range All() {
		for _, id := range append([]string{r.ID}, r.Aliases...) {
			if other, taken := owner[id]; taken {
				t.Errorf("%s stands for %s and for %s", id, other, r.ID)
			}
			owner[id] = r.ID
			if found, ok := Lookup(id); !ok || found.ID != r.ID {
				t.Errorf("Lookup(%s) finds %s, want %s", id, found.ID, r.ID)
			}
		}
	}
	if _, ok := Lookup("no such rule"); ok {
		t.Error("found a rule that is not there")
	}
}

func TestEveryRowIsComplete(t *testing.T) {
	t.Parallel()
	for _, r := range All() {
		for what, text := range map[string]string{"Title.It": r.Title.It, "Title.En": r.Title.En, "Remedy.It": r.Remedy.It, "Remedy.En": r.Remedy.En, "Source": r.Source} {
			if strings.TrimSpace(text) == "" || strings.HasSuffix(what, "It") && text == r.Title.En {
				t.Errorf("%s: %s is %q", r.ID, what, text)
			}
		}
		if r.Check == nil || r.Severity != Error && r.Severity != Warning {
			t.Errorf("%s lacks a check or a severity", r.ID)
		}
		if r.Target == AuthnRequest && r.Severity == Error && r.Anomaly == 0 {
			t.Errorf("%s refuses without an anomaly", r.ID)
		}
		if r.Target != AuthnRequest && r.Anomaly != 0 {
			t.Errorf("%s has an anomaly, which only requests are answered with", r.ID)
		}
		if r.Severity == Warning && (r.Strict || r.Stops) {
			t.Errorf("%s is a warning that refuses", r.ID)
		}
		if r.Strict && r.Target == Response {
			t.Errorf("%s: Responses know no relaxed mode", r.ID)
		}
	}
}

func TestTheTableIsInTheOrderOfTheAnomalies(t *testing.T) {
	t.Parallel()
	order := []spid.Anomaly{spid.WrongMethod, spid.BadFormat, spid.BadIssuer, spid.BadXMLSignature, spid.BadVersion, spid.BadID, spid.BadIssueInstant,
		spid.BadDestination, spid.IsPassive, spid.BadACS, spid.BadNameIDPolicy, spid.BadAuthnContext, spid.BadAttributeSet, spid.NotConforming}
	at, stops := 0, true
	for _, r := range For(AuthnRequest) {
		if r.Severity == Warning {
			continue
		}
		a := r.Anomaly
		if a == spid.BadQuerySignature {
			a = spid.BadXMLSignature
		}
		i := slices.Index(order, a)
		if i < at {
			t.Errorf("%s (nr%02d) stands behind nr%02d", r.ID, a, order[at])
		}
		at = i
		if stops = a == spid.WrongMethod || a == spid.BadFormat || a == spid.BadIssuer || a == spid.BadXMLSignature; r.Stops != stops {
			t.Errorf("%s: Stops is %v, want %v", r.ID, r.Stops, stops)
		}
	}
}

func TestTheTableIsTheCallersOwn(t *testing.T) {
	t.Parallel()
	All()[0].ID = "changed"
	For(Response)[0].ID = "changed"
	if _, ok := Lookup("changed"); ok || All()[0].ID == "changed" {
		t.Error("a caller can change the table")
	}
	if n := len(For(AuthnRequest)) + len(For(Response)) + len(For(Metadata)); n != len(All()) {
		t.Errorf("the targets have %d rows, the table %d", n, len(All()))
	}
	if For("none") != nil {
		t.Error("an unknown target has rows")
	}
}

func TestRunsShareNothing(t *testing.T) {
	t.Parallel()
	s := requestCase{}.build(t)
	for range 2 {
		if err := Run(AuthnRequest, s).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if s.SP != nil || s.verified != nil {
		t.Error("the run changed its Subject")
	}
}

func TestWithoutAnyMessageNothingPanics(t *testing.T) {
	t.Parallel()
	for _, target := range []Target{AuthnRequest, Response, Metadata} {
		for _, s := range []*Subject{{}, {Method: "POST", Binding: saml.HTTPPost}, {Method: "GET", Binding: saml.HTTPRedirect, Arrival: &saml.Arrival{}}} {
			if Run(target, s).Err() == nil {
				t.Errorf("%s: nothing at all was accepted", target)
			}
		}
	}
}

func TestTheAnswerGoesToTheDefaultWhenTheAddressIsWrong(t *testing.T) {
	t.Parallel()
	rep := Run(AuthnRequest, requestCase{edits: []string{index0, ` AssertionConsumerServiceIndex="7"`}}.build(t))
	if ep, ok := rep.ACS(); !ok || ep.Location != acsURL {
		t.Errorf("got %q %v, want the default", ep.Location, ok)
	}
	rep = Run(AuthnRequest, requestCase{subject: signedBy(keys().foreign.Cert)}.build(t))
	if _, ok := rep.ACS(); ok {
		t.Error("a request that nobody signed has an address to answer to (SEC-37)")
	}
	if rep.SP == nil || rep.Verified != nil {
		t.Error("the service provider is claimed, and nothing is verified")
	}
}

func TestVisibleText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain":                  "plain",
		"a\r\nb":                 `a\r\nb`,
		"\x1b[31m":               `\x1b[31m`,
		"à":                      "à",
		"\u202e":                 `\u202e`,
		"\xff":                   `\ufffd`,
		strings.Repeat("x", 201): strings.Repeat("x", 200) + "…",
		strings.Repeat("è", 201): strings.Repeat("è", 200) + "…",
		strings.Repeat("è", 200): strings.Repeat("è", 200),
	} {
		if got := visible(in, maxFound); got != want {
			t.Errorf("visible(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTheRegistryCannotLendKeysOfAnotherService(t *testing.T) {
	t.Parallel()
	e := asError(t, Run(AuthnRequest, requestCase{subject: func(s *Subject) {
		s.FindSP = func(string) *saml.EntityDescriptor {
			sp := serviceProvider()
			sp.EntityID = "https://other.example.org"
			return sp
		}
	}}.build(t)))
	if e.Anomaly != spid.BadXMLSignature {
		t.Errorf("got %v, want nr07", e)
	}
}

func TestFindingsKeepTheirCause(t *testing.T) {
	t.Parallel()
	rep := Run(AuthnRequest, requestCase{subject: signedBy(keys().foreign.Cert)}.build(t))
	var cause *saml.SignatureError
	if !errors.As(rep.Err(), &cause) || cause.Reason == "" {
		t.Errorf("%v has no cause", rep.Err())
	}
	if f := rep.Noted()[0]; f.Detail == "" || f.Err() == nil {
		t.Errorf("the finding has no detail: %+v", f)
	}
	if f := rep.Findings[0]; f.Err() != nil {
		t.Errorf("a rule that holds says %v", f.Err())
	}
}

func TestTextsByLanguage(t *testing.T) {
	t.Parallel()
	text := Text{It: "uno", En: "one"}
	if text.In("en") != "one" || text.In("it") != "uno" || text.In("de") != "uno" {
		t.Error("want English for en and Italian for all else")
	}
}
