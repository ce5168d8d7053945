package rules

import (
	"encoding/base64"
	"net/url"
	"testing"

	"spidsim/saml"
)

// FuzzRun gives any octets to all three tables: nothing panics, what is not signed by the one trusted key is
// never accepted, and what a report says stays short and printable.
func FuzzRun(f *testing.F) {
	f.Add([]byte(goodRequest))
	f.Add([]byte(goodMetadata))
	f.Add(saml.Serialise(goodResponse().Element()))
	for _, c := range requestCases[len(requestCases)/2:] {
		if c.on == "" && c.form == nil {
			f.Add([]byte(edit(f, goodRequest, c.edits...)))
		}
	}
	f.Fuzz(func(t *testing.T, octets []byte) {
		message := base64.StdEncoding.EncodeToString(octets)
		s := requestSubjectFor(saml.HTTPPost)
		s.Arrival, s.Intake = saml.ParsePost(saml.ParamRequest, url.Values{saml.ParamRequest: {message}})
		if rep := Run(AuthnRequest, s); rep.Err() == nil {
			t.Error("an unsigned request was accepted")
		} else {
			short(t, rep)
		}
		r := responseSubjectNow()
		r.Arrival, r.Intake = saml.ParsePost(saml.ParamResponse, url.Values{saml.ParamResponse: {message}})
		rep := Run(Response, r)
		if rep.Err() == nil && rep.Response.Assertion != nil {
			t.Error("an unsigned Assertion was accepted")
		}
		short(t, rep)
		m := &Subject{Now: now}
		m.Document, m.Intake = saml.ReadMetadata(octets)
		short(t, Run(Metadata, m))
	})
}

// FuzzRowsBehindTheSignature runs the rows that read the verified element on any element, as if it were signed.
func FuzzRowsBehindTheSignature(f *testing.F) {
	f.Add([]byte(goodRequest))
	f.Add(saml.Serialise(goodResponse().Element()))
	f.Fuzz(func(t *testing.T, octets []byte) {
		root, err := saml.Parse(octets, saml.MessageLimits())
		if err != nil {
			t.Skip()
		}
		req, err := saml.ReadAuthnRequest(root)
		if err != nil {
			req = &saml.AuthnRequest{}
		}
		s := requestSubjectFor(saml.HTTPRedirect)
		s.Arrival, s.root, s.request, s.SP, s.tried = &saml.Arrival{XML: octets, Root: root}, root, req, serviceProvider(), true
		rep := &Report{Findings: make([]Finding, 1)}
		for _, rows := range [][]Rule{requestIdentity, requestACS, requestContext, requestStructure, requestRest} {
			applyAll(rep, rows, s)
			short(t, rep)
		}
		r := responseSubjectNow()
		r.Arrival, r.root, r.tried = s.Arrival, root, true
		r.response = &saml.VerifiedResponse{Response: root}
		r.assertion = saml.Child(root, saml.NSAssertion, "Assertion")
		for _, rows := range [][]Rule{responseMessage, responseAssertion, responseSubject, responseConditions, responseStatement, responseAttributes, responseReplay} {
			applyAll(rep, rows, r)
			short(t, rep)
		}
	})
}

func applyAll(rep *Report, rows []Rule, s *Subject) {
	rep.Findings = make([]Finding, len(rows))
	for i := range rows {
		rep.Findings[i].Rule = &rows[i]
		apply(&rows[i], s, &rep.Findings[i])
	}
	rep.locate(s.Arrival.XML)
}

// short holds what a report promises of its texts.
func short(t *testing.T, rep *Report) {
	t.Helper()
	for _, f := range rep.Findings {
		for _, text := range []string{f.Path, f.Found, f.Wanted} {
			if n := len([]rune(text)); n > 10*maxFound || visible(text, 10*maxFound) != text {
				t.Errorf("%s: %q is too long or not printable", f.Rule.ID, text)
			}
		}
	}
}
