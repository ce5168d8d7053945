package spid

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"spidsim/saml"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	idpID  = "https://idp.example.org"
	spID   = "https://sp.example.org"
	acsURL = "https://sp.example.org/acs"
)

var issued = time.Date(2026, 11, 22, 9, 1, 0, 0, time.UTC)

// ids returns a source of identifiers that counts: _id-1, _id-2.
func ids() func() string {
	n := 0
	return func() string { n++; return fmt.Sprintf("_id-%d", n) }
}

func grant(l Level) Grant {
	set := []saml.RequestedAttribute{{Name: "spidCode"}, {Name: "familyName"}, {Name: "dateOfBirth"}, {Name: "fiscalNumber"}, {Name: "idCard"}}
	return Grant{
		IdP: idpID, SP: spID, ACS: acsURL, Now: issued, AuthnInstant: issued.Add(-5 * time.Second), Level: l, SessionIndex: "_sess-0001",
		Request: &saml.AuthnRequest{ID: "_req-0001", IssueInstant: issued.Add(-time.Minute)},
		Attributes: Release(set, Attributes{
			"spidCode": "TEST123456789A", "familyName": "D'Aqvinzò & <co>", "dateOfBirth": "1952-01-01",
			"fiscalNumber": "TINIT-DQVMRZ52A41L219G", "email": "not@asked.example",
		}),
	}
}

func TestGoldenResponses(t *testing.T) {
	t.Parallel()
	bare := grant(L3)
	bare.Attributes = nil
	late := grant(L2)
	late.Now = issued.Add(123 * time.Millisecond)
	late.Validity, late.Backdate = time.Minute, 30*time.Second
	for name, r := range map[string]*saml.Response{
		"success-l1":            NewResponse(grant(L1), ids()),
		"success-l2":            NewResponse(grant(L2), ids()),
		"success-l3-nothing":    NewResponse(bare, ids()),
		"success-l2-fractional": NewResponse(late, ids()),
		"anomaly-nr08":          NewAnomalyResponse(NotConforming, idpID, acsURL, "_req-0001", issued, ids()),
		"anomaly-nr09":          NewAnomalyResponse(BadVersion, idpID, acsURL, "_req-0001", issued, ids()),
		"anomaly-nr11-no-id":    NewAnomalyResponse(BadID, idpID, acsURL, "", issued, ids()),
		"anomaly-nr25":          NewAnomalyResponse(Cancelled, idpID, acsURL, "_req-0001", issued, ids()),
	} {
		t.Run(name+" is the golden file and valid against the schema", func(t *testing.T) {
			t.Parallel()
			golden(t, name+".xml", saml.Serialise(r.Element()))
			schemaValid(t, name+".xml")
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs\ngot  %s\nwant %s", name, got, want)
	}
}

// schemaValid holds a golden against the OASIS schemas that package saml's tests bring together.
func schemaValid(t *testing.T, name string) {
	t.Helper()
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatal("xmllint is missing: install the packages libxml2-utils, opensaml-schemas and xmltooling-schemas")
	}
	schema := filepath.Join("..", "saml", "testdata", "saml.xsd")
	cmd := exec.CommandContext(t.Context(), xmllint, "--nonet", "--noout", "--schema", schema, filepath.Join("testdata", name))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func TestNewResponseSaysTheSameEverywhere(t *testing.T) {
	t.Parallel()
	for l := L1; l <= L3; l++ {
		r := NewResponse(grant(l), ids())
		a := r.Assertion
		for what, pair := range map[string][2]string{
			"Response issuer (RES-07)":         {r.Issuer.Value, idpID},
			"Response issuer format (RES-07)":  {r.Issuer.Format, saml.FormatEntity},
			"Assertion issuer (AST-02)":        {a.Issuer.Value, idpID},
			"Assertion issuer format (AST-02)": {a.Issuer.Format, saml.FormatEntity},
			"InResponseTo (RES-04)":            {r.InResponseTo, "_req-0001"},
			"confirmed request (AST-07)":       {a.InResponseTo, "_req-0001"},
			"Destination (RES-05)":             {r.Destination, acsURL},
			"Recipient (AST-07)":               {a.Recipient, acsURL},
			"Audience (AST-08)":                {a.Audience, spID},
			"NameID format (AST-04)":           {a.Subject.Format, saml.FormatTransient},
			"NameQualifier (AST-04)":           {a.Subject.NameQualifier, idpID},
			"NameID from newID (AST-05)":       {a.Subject.Value, "_id-3"},
			"method (AST-06)":                  {a.Method, saml.MethodBearer},
			"class (CMP-05)":                   {a.AuthnContextClassRef, l.URI()},
			"status (RES-06)":                  {r.Status.Code + r.Status.Sub + r.Status.Message, saml.StatusSuccess},
			"versions (RES-02, AST-01)":        {r.Version + a.Version, "2.02.0"},
			"session (AST-11, AST-12)":         {a.SessionIndex, map[Level]string{L1: "_sess-0001"}[l]},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%v: %s is %q, want %q", l, what, pair[0], pair[1])
			}
		}
		if r.ID == a.ID || a.ID == a.Subject.Value || r.ID == a.Subject.Value {
			t.Errorf("%v: identifiers are used twice: %q, %q, %q", l, r.ID, a.ID, a.Subject.Value)
		}
	}
}

func TestInstants(t *testing.T) {
	t.Parallel()
	rome := time.FixedZone("CET", 3600)
	for name, row := range map[string]struct {
		change func(*Grant)
		check  func(*saml.Response) (got, want time.Time)
	}{
		"IssueInstant is UTC in whole milliseconds": {
			func(g *Grant) { g.Now = issued.Add(1234567).In(rome) },
			func(r *saml.Response) (time.Time, time.Time) { return r.IssueInstant, issued.Add(time.Millisecond) },
		},
		"both windows end five minutes after the issue": {
			func(*Grant) {},
			func(r *saml.Response) (time.Time, time.Time) {
				if !r.Assertion.SubjectNotOnOrAfter.Equal(r.Assertion.NotOnOrAfter) {
					return r.Assertion.SubjectNotOnOrAfter, r.Assertion.NotOnOrAfter
				}
				return r.Assertion.NotOnOrAfter, issued.Add(5 * time.Minute)
			},
		},
		"NotBefore is the instant of issue": {
			func(*Grant) {},
			func(r *saml.Response) (time.Time, time.Time) { return r.Assertion.NotBefore, issued },
		},
		"NotBefore is set back on demand": {
			func(g *Grant) { g.Backdate = time.Minute },
			func(r *saml.Response) (time.Time, time.Time) { return r.Assertion.NotBefore, issued.Add(-time.Minute) },
		},
		"a reused session keeps its own AuthnInstant": {
			func(g *Grant) { g.AuthnInstant = issued.Add(-time.Hour).In(rome) },
			func(r *saml.Response) (time.Time, time.Time) {
				return r.Assertion.AuthnInstant, issued.Add(-time.Hour)
			},
		},
		"without an AuthnInstant it is now": {
			func(g *Grant) { g.AuthnInstant = time.Time{} },
			func(r *saml.Response) (time.Time, time.Time) { return r.Assertion.AuthnInstant, issued },
		},
		"an answer within the request's millisecond is not older than the request": {
			func(g *Grant) {
				g.Now = issued.Add(1900 * time.Microsecond)
				g.Request.IssueInstant = issued.Add(1800 * time.Microsecond)
			},
			func(r *saml.Response) (time.Time, time.Time) { return r.IssueInstant, issued.Add(2 * time.Millisecond) },
		},
		"a request that was rounded up is not younger than its answer": {
			func(g *Grant) {
				g.Now = issued.Add(1900 * time.Microsecond)
				g.Request.IssueInstant = issued.Add(2 * time.Millisecond)
			},
			func(r *saml.Response) (time.Time, time.Time) { return r.IssueInstant, issued.Add(2 * time.Millisecond) },
		},
		"a request from a clock that is fast does not move ours": {
			func(g *Grant) { g.Request.IssueInstant = issued.Add(time.Second) },
			func(r *saml.Response) (time.Time, time.Time) { return r.IssueInstant, issued },
		},
		"no request is no panic": {
			func(g *Grant) { g.Request = nil },
			func(r *saml.Response) (time.Time, time.Time) { return r.IssueInstant, issued },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := grant(L2)
			row.change(&g)
			got, want := row.check(NewResponse(g, ids()))
			if !got.Equal(want) || got.Location() != time.UTC {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestAnomalyResponseOfEveryAnomaly(t *testing.T) {
	t.Parallel()
	for _, row := range append(Anomalies(), AnomalyInfo{Anomaly: 24, Status: ""}, AnomalyInfo{Anomaly: 77}) {
		r := NewAnomalyResponse(row.Anomaly, idpID, acsURL, "_req-0001", issued, ids())
		want := saml.Status{Code: row.Status, Sub: row.Sub, Message: fmt.Sprintf("ErrorCode nr%02d", row.Anomaly)}
		if row.Status == "" || row.Anomaly == Success {
			want.Code = saml.StatusResponder
		}
		if r.Status != want || r.Assertion != nil {
			t.Errorf("nr%02d: status %+v, assertion %v; want %+v and none", row.Anomaly, r.Status, r.Assertion, want)
		}
		if strings.Contains(string(saml.Serialise(r.Element())), "statuss") {
			t.Errorf("nr%02d repeats the misprint of the table", row.Anomaly)
		}
	}
}

func TestRelease(t *testing.T) {
	t.Parallel()
	have := Attributes{"name": "Mario", "familyName": "Rossi", "dateOfBirth": "1980-01-01", "email": "", "address": "  ", "shoeSize": "42"}
	attribute := func(name, typ, value string) saml.Attribute {
		return saml.Attribute{Name: name, NameFormat: saml.AttrNameFormatBasic, Type: typ, Value: value}
	}
	for name, row := range map[string]struct {
		set  []string
		want []saml.Attribute
	}{
		"the order is that of the set": {
			[]string{"dateOfBirth", "familyName", "name"},
			[]saml.Attribute{attribute("dateOfBirth", "date", "1980-01-01"), attribute("familyName", "string", "Rossi"), attribute("name", "string", "Mario")},
		},
		"what the identity lacks is left out":       {[]string{"spidCode", "name"}, []saml.Attribute{attribute("name", "string", "Mario")}},
		"what is empty is left out":                 {[]string{"email", "address"}, nil},
		"what was not asked for is not released":    {[]string{"name"}, []saml.Attribute{attribute("name", "string", "Mario")}},
		"what is asked for twice is released once":  {[]string{"name", "name"}, []saml.Attribute{attribute("name", "string", "Mario")}},
		"what the table does not know is left out":  {[]string{"shoeSize", "Name"}, nil},
		"an empty set releases nothing":             {nil, nil},
		"an unknown name does not hide a known one": {[]string{"shoeSize", "name"}, []saml.Attribute{attribute("name", "string", "Mario")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var set []saml.RequestedAttribute
			for _, n := range row.set {
				set = append(set, saml.RequestedAttribute{Name: n, FriendlyName: "as the service calls it", IsRequired: true})
			}
			if got := Release(set, have); !reflect.DeepEqual(got, row.want) {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}
