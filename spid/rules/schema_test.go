package rules

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// schemaEdits are documents that only the schema has an opinion on, beside those of the request cases.
var schemaEdits = map[string][]string{
	"ForceAuthn that is no boolean":            {`ForceAuthn="true"`, `ForceAuthn="yes"`},
	"IsPassive that is no boolean":             {`ForceAuthn=`, `IsPassive="" ForceAuthn=`},
	"an element in Issuer":                     {issuerIn, ">https://sp.example.org<x:y xmlns:x='urn:x:y'/></saml:Issuer>"},
	"an element in the class reference":        {"SpidL2</saml", "SpidL2<x:y xmlns:x='urn:x:y'/></saml"},
	"an element in NameIDPolicy":               {policy, strings.Replace(policy, "/>", "><x:y xmlns:x='urn:x:y'/></samlp:NameIDPolicy>", 1)},
	"a foreign attribute":                      {"ForceAuthn=", `x:y="z" xmlns:x="urn:x:y" ForceAuthn=`},
	"an attribute of another message":          {"ForceAuthn=", `Reason="z" ForceAuthn=`},
	"Extensions with an element of SAML":       {"</saml:Issuer>", "</saml:Issuer><samlp:Extensions><samlp:Status/></samlp:Extensions>"},
	"Extensions with no namespace":             {"</saml:Issuer>", "</saml:Issuer><samlp:Extensions><Purpose>P</Purpose></samlp:Extensions>"},
	"Extensions twice":                         {"</saml:Issuer>", "</saml:Issuer>" + strings.Repeat("<samlp:Extensions><x:y xmlns:x='urn:x:y'/></samlp:Extensions>", 2)},
	"class and declaration references":         {ref, ref + "<saml:AuthnContextDeclRef>urn:x:y</saml:AuthnContextDeclRef>"},
	"Scoping before RequestedAuthnContext":     {policy, policy + `<samlp:Scoping ProxyCount="0"/>`},
	"Scoping with a negative count":            {end, `<samlp:Scoping ProxyCount="-1"/>` + end},
	"Scoping with RequesterID":                 {end, `<samlp:Scoping ProxyCount="0"><samlp:RequesterID>urn:x:y</samlp:RequesterID></samlp:Scoping>` + end},
	"Conditions with an unknown child":         {policy, policy + strings.Replace(window0, "/>", "><saml:Subject/></saml:Conditions>", 1)},
	"AudienceRestriction without Audience":     {policy, policy + strings.Replace(window0, "/>", "><saml:AudienceRestriction/></saml:Conditions>", 1)},
	"Subject with a confirmation":              {policy, strings.Replace(subject0, "</saml:Subject>", `<saml:SubjectConfirmation Method="urn:x:y"/></saml:Subject>`, 1) + policy},
	"Subject with two names":                   {policy, strings.Replace(subject0, "</saml:Subject>", "<saml:NameID>x</saml:NameID></saml:Subject>", 1) + policy},
	"an element of another namespace":          {"<samlp:NameIDPolicy ", "<saml:NameIDPolicy "},
	"text in the root":                         {policy, "x" + policy},
	"SPProvidedID on Issuer":                   {`NameQualifier="`, `SPProvidedID="x" NameQualifier="`},
	"an unknown attribute on Issuer":           {`NameQualifier="`, `Foo="x" NameQualifier="`},
	"an unknown attribute on the class":        {"<saml:AuthnContextClassRef", `<saml:AuthnContextClassRef Foo="x"`},
	"a Comparison in capitals":                 {"minimum", "MINIMUM"},
	"Issuer last":                              {goodIssuer, "", end, goodIssuer + end},
	"NameIDPolicy after RequestedAuthnContext": {policy, "", "</samlp:RequestedAuthnContext>", "</samlp:RequestedAuthnContext>" + policy},
}

const goodIssuer = `<saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity" NameQualifier="https://sp.example.org">https://sp.example.org</saml:Issuer>`

// What the schema refuses is refused here too, and the rows on structure refuse nothing that the schema takes:
// xmllint with the schemas of OASIS is the judge.
func TestTheRowsOnStructureAgreeWithTheSchema(t *testing.T) {
	t.Parallel()
	docs := map[string][]string{"the good request": nil}
	for name, edits := range schemaEdits {
		docs[name] = edits
	}
	for _, c := range requestCases {
		if c.form == nil && c.query == nil && c.subject == nil {
			docs[c.name] = c.edits
		}
	}
	valid := xmllint(t, docs)
	if !valid["the good request"] {
		t.Fatal("xmllint refuses the good request")
	}
	for name, edits := range docs {
		rep := Run(AuthnRequest, requestCase{on: get, edits: edits}.build(t))
		if !valid[name] && rep.Err() == nil {
			t.Errorf("%s: invalid by the schema, and accepted", name)
		}
		if !valid[name] {
			continue
		}
		for _, id := range []string{"AR-XSD-01", "AR-22", "REQ-33"} {
			if f := finding(t, rep, id); f.Outcome == Failed {
				t.Errorf("%s: valid by the schema, and %s refuses %s (found %q, wanted %q)", name, id, f.Path, f.Found, f.Wanted)
			}
		}
	}
}

// xmllint says of each document whether the schema takes it.
func xmllint(t *testing.T, docs map[string][]string) map[string]bool {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Fatal("xmllint is missing: install libxml2-utils, opensaml-schemas and xmltooling-schemas")
	}
	args := []string{"--nonet", "--noout", "--schema", filepath.Join("testdata", "protocol.xsd")}
	names := map[string]string{}
	dir := t.TempDir()
	for name, edits := range docs {
		path := filepath.Join(dir, fmt.Sprintf("%d.xml", len(names)))
		doc := strings.Replace(edit(t, goodRequest, edits...), "DEST", ssoRedirect, 1)
		if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
			t.Fatal(err)
		}
		names[path] = name
		args = append(args, path)
	}
	out, _ := exec.Command("xmllint", args...).CombinedOutput() // fails as soon as one document is invalid
	valid := map[string]bool{}
	judged := 0
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if path, ok := strings.CutSuffix(line, " validates"); ok {
			valid[names[path]] = true
			judged++
		} else if strings.HasSuffix(line, " fails to validate") {
			judged++
		}
	}
	if judged != len(docs) {
		t.Fatalf("xmllint judged %d of %d documents: install opensaml-schemas and xmltooling-schemas\n%.2000s", judged, len(docs), out)
	}
	return valid
}
