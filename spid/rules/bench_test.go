package rules

import (
	"testing"

	"spidsim/saml"
)

// BenchmarkRequestRows times all rows of a good request without the signature, whose cost is the verifier's own:
// it is made once, outside.
func BenchmarkRequestRows(b *testing.B) {
	s := requestSubjectFor(saml.HTTPPost)
	s.Arrival, s.Intake = saml.ParsePost(saml.ParamRequest, signedForm(b, goodRequest, keys().good))
	v, err := s.Arrival.Verify(serviceProvider().SP.Signing, now)
	if err != nil {
		b.Fatal(err)
	}
	req, err := saml.ReadAuthnRequest(v.Root)
	if err != nil {
		b.Fatal(err)
	}
	sp := serviceProvider()
	s.FindSP = func(string) *saml.EntityDescriptor { return sp }
	rows := byTarget()[AuthnRequest]
	b.ReportAllocs()
	for b.Loop() {
		sub := *s
		sub.start(AuthnRequest)
		sub.verified, sub.request, sub.tried = v, req, true
		rep := &Report{Findings: make([]Finding, len(rows))}
		for i, rule := range rows {
			if rule.ID == "AR-05" {
				sub.root = v.Root
			}
			rep.Findings[i].Rule = rule
			apply(rule, &sub, &rep.Findings[i])
		}
		if rep.Err() != nil {
			b.Fatal(rep.Err())
		}
	}
}

// BenchmarkRequestRun times a whole run, signature included.
func BenchmarkRequestRun(b *testing.B) {
	s := requestSubjectFor(saml.HTTPPost)
	s.Arrival, s.Intake = saml.ParsePost(saml.ParamRequest, signedForm(b, goodRequest, keys().good))
	sp := serviceProvider()
	s.FindSP = func(string) *saml.EntityDescriptor { return sp }
	b.ReportAllocs()
	for b.Loop() {
		if err := Run(AuthnRequest, s).Err(); err != nil {
			b.Fatal(err)
		}
	}
}
