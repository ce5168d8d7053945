package rules

import (
	"errors"
	"strings"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// Run applies the rows of t to s, in order. It changes nothing in s; one Subject may serve several runs.
func Run(t Target, s *Subject) *Report {
	sub := *s
	sub.start(t)
	rows := byTarget()[t]
	rep := &Report{Target: t, Findings: make([]Finding, len(rows))}
	stopped := false
	for i, rule := range rows {
		f := &rep.Findings[i]
		f.Rule, f.Outcome = rule, NotReached
		if !stopped {
			apply(rule, &sub, f)
			stopped = rule.Stops && f.Outcome == Failed
		}
	}
	rep.locate(sub.octets())
	rep.Verified, rep.Request, rep.Response = sub.verified, sub.request, sub.response
	if t == AuthnRequest {
		rep.SP = sub.SP
	}
	return rep
}

// start fills the fields of the run and forgets those of an earlier one.
func (s *Subject) start(t Target) {
	s.root, s.assertion, s.request, s.verified, s.response, s.verifyErr, s.tried = nil, nil, nil, nil, nil, nil, false
	switch {
	case t == Metadata && s.Document != nil:
		s.root = s.Document.Root
	case t != Metadata && s.Arrival != nil:
		s.root = s.Arrival.Root
	}
	if t == AuthnRequest {
		s.SP = nil
	}
}

// octets returns the document as received, for lines and columns.
func (s *Subject) octets() []byte {
	switch {
	case s.Arrival != nil:
		return s.Arrival.XML
	case s.Document != nil:
		return s.Document.XML
	}
	return nil
}

// apply runs one row and writes what it said into f.
func apply(rule *Rule, s *Subject, f *Finding) {
	if rule.Applies != nil && !rule.Applies(s) {
		f.Outcome = NotApplicable
		return
	}
	err := rule.Check(s)
	if err == nil {
		f.Outcome = Passed
		return
	}
	f.Outcome = Failed
	if rule.Severity == Warning || rule.Strict && s.Relaxed {
		f.Outcome = Warned
	}
	f.Anomaly = rule.Anomaly
	if rule.OnRedirect != 0 && s.Binding == saml.HTTPRedirect {
		f.Anomaly = rule.OnRedirect
	}
	f.describe(err)
}

// describe takes path, found and wanted out of err. Whatever else it wraps goes into Detail.
func (f *Finding) describe(err error) {
	var e *spid.Error
	if !errors.As(err, &e) {
		f.err, f.Detail = err, visible(err.Error(), maxFound)
		return
	}
	f.Path, f.Found, f.Wanted, f.err = visible(e.Path, maxFound), visible(e.Found, maxFound), visible(e.Wanted, maxFound), e.Err
	f.Line, f.Column = e.Line, e.Column
	if e.Err != nil {
		f.Detail = visible(e.Err.Error(), 2*maxFound)
	}
}

// locate finds line and column of each finding that says something. Rows that hold cost nothing here.
func (r *Report) locate(octets []byte) {
	if len(octets) == 0 {
		return
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if (f.Outcome == Failed || f.Outcome == Warned) && f.Line == 0 && inDocument(f.Path) {
			f.Line, f.Column = saml.Locate(octets, f.Path)
		}
	}
}

// inDocument tells a path in the message from the name of a parameter.
func inDocument(path string) bool {
	root, _, _ := strings.Cut(path, "/")
	return root == "AuthnRequest" || root == "Response" || root == "EntityDescriptor"
}

// Err returns the first rule in table order that refuses, as *spid.Error, or nil.
func (r *Report) Err() error {
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Outcome == Failed {
			return f.Err()
		}
	}
	return nil
}

// Err returns what the finding says as *spid.Error, or nil when the rule holds or was not tried.
func (f *Finding) Err() error {
	if f.Outcome != Failed && f.Outcome != Warned {
		return nil
	}
	return &spid.Error{Rule: f.Rule.ID, Anomaly: f.Anomaly, Path: f.Path, Found: f.Found, Wanted: f.Wanted,
		Line: f.Line, Column: f.Column, Err: f.err}
}

// Noted returns the findings that failed or warned, in table order.
func (r *Report) Noted() []Finding {
	var noted []Finding
	for _, f := range r.Findings {
		if f.Outcome == Failed || f.Outcome == Warned {
			noted = append(noted, f)
		}
	}
	return noted
}

// Anomaly returns the status of a verified Response that is not a success: the anomaly that its StatusMessage
// names (0 when it names none) and the status as received. It is false on a success and while nothing was verified.
// Such a Response can conform: Err is then nil, and Response.Assertion is nil.
func (r *Report) Anomaly() (spid.Anomaly, saml.Status, bool) {
	if r.Response == nil {
		return 0, saml.Status{}, false
	}
	st := status(r.Response.Response)
	if st.Code == saml.StatusSuccess {
		return 0, st, false
	}
	a, _ := spid.ParseCode(st.Message)
	return a, st, true
}

// ACS returns the address that the answer to the verified request goes to: the one that the request names and
// the metadata declares for HTTP-POST, else the default one (CHK-02, REQ-13). It is false when nothing was
// verified or the metadata has no AssertionConsumerService for HTTP-POST.
func (r *Report) ACS() (saml.Endpoint, bool) {
	if r.Verified == nil || r.Request == nil || r.SP == nil || r.SP.SP == nil {
		return saml.Endpoint{}, false
	}
	if ep, ok := resolveACS(r.SP.SP, r.Request); ok && ep.Binding == saml.HTTPPost {
		return ep, true
	}
	return defaultACS(r.SP.SP)
}

// resolveACS reads the index, else the address, else the default of the metadata.
func resolveACS(sp *saml.SPSSODescriptor, req *saml.AuthnRequest) (saml.Endpoint, bool) {
	switch {
	case req.AssertionConsumerServiceIndex != nil:
		return sp.AssertionConsumerService(*req.AssertionConsumerServiceIndex)
	case req.AssertionConsumerServiceURL != "":
		return acsByLocation(sp, req.AssertionConsumerServiceURL)
	}
	return defaultACS(sp)
}

// acsByLocation compares character by character (REQ-12) and prefers the endpoint that takes HTTP-POST.
func acsByLocation(sp *saml.SPSSODescriptor, location string) (found saml.Endpoint, ok bool) {
	for _, ep := range sp.AssertionConsumerServices {
		if ep.Location != location {
			continue
		}
		if ep.Binding == saml.HTTPPost {
			return ep, true
		}
		if !ok {
			found, ok = ep, true
		}
	}
	return found, ok
}

// defaultACS returns the default endpoint, or the first for HTTP-POST when the default has another binding.
func defaultACS(sp *saml.SPSSODescriptor) (saml.Endpoint, bool) {
	if ep, ok := sp.DefaultAssertionConsumerService(); ok && ep.Binding == saml.HTTPPost {
		return ep, true
	}
	for _, ep := range sp.AssertionConsumerServices {
		if ep.Binding == saml.HTTPPost {
			return ep, true
		}
	}
	return saml.Endpoint{}, false
}

// Requested returns the level that a request asks for and how it compares: the first AuthnContextClassRef that
// SPID knows (REQ-27), and exact when Comparison is absent (REQ-25). It is false when there is no such level or
// the comparison is none of the four.
func Requested(req *saml.AuthnRequest) (spid.Level, spid.Comparison, bool) {
	c := spid.Comparison(req.Comparison)
	switch c {
	case "":
		c = spid.Exact
	case spid.Exact, spid.Minimum, spid.Better, spid.Maximum:
	default:
		return 0, "", false
	}
	for _, uri := range req.AuthnContextClassRef {
		if l, ok := spid.ParseLevel(uri); ok {
			return l, c, true
		}
	}
	return 0, "", false
}

// status reads the Status of a Response along fixed child paths (SEC-16).
func status(response *etree.Element) saml.Status {
	el := saml.Child(response, saml.NSProtocol, "Status")
	code := saml.Child(el, saml.NSProtocol, "StatusCode")
	var st saml.Status
	st.Code = attr(code, "Value")
	st.Sub = attr(saml.Child(code, saml.NSProtocol, "StatusCode"), "Value")
	st.Message = text(saml.Child(el, saml.NSProtocol, "StatusMessage"))
	return st
}
