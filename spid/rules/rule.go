package rules

import (
	"slices"
	"sync"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// Target is the kind of document that a rule speaks of.
type Target string

// Targets.
const (
	AuthnRequest Target = "AuthnRequest"
	Response     Target = "Response"
	Metadata     Target = "Metadata" // of a service provider
)

// Severity of a rule that fails.
type Severity int

// Severities. A Warning never refuses.
const (
	Error Severity = 1 + iota
	Warning
)

// Text is a sentence in both languages.
type Text struct{ It, En string }

// In returns the sentence in lang ("en"), and the Italian one for any other language.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.En
	}
	return t.It
}

// Rule is one requirement: what must hold, why, and how it is checked.
type Rule struct {
	ID         string   // stable, never reused (D-13)
	Aliases    []string // other ids of the same requirement, searchable
	Target     Target
	Severity   Severity
	Title      Text                 // what must hold
	Remedy     Text                 // how to mend it
	Source     string               // document and section
	Anomaly    spid.Anomaly         // what the identity provider answers with; 0 on others
	OnRedirect spid.Anomaly         // replaces Anomaly on HTTP-Redirect, where the tables differ (5 for 7); 0 = the same
	FoundIn    []string             // official tools that have it
	Cases      []string             // Responses: numbers of AgID's cases that break it
	Strict     bool                 // an error only in strict mode, else a warning (REQ-08, REQ-27)
	Stops      bool                 // when it fails, the later rows are not reached
	Applies    func(*Subject) bool  // nil = always
	Check      func(*Subject) error // nil result = holds; *spid.Error says path, found, wanted
}

// Subject is what the rules look at. Which fields are set depends on the target.
type Subject struct {
	Endpoint string        // absolute address that received the message
	Method   string        // HTTP method used
	Binding  saml.Binding  // of the endpoint
	Arrival  *saml.Arrival // nil when the method was wrong
	Intake   error         // what ParsePost, ParseRedirect or ReadMetadata said
	Now      time.Time
	Window   time.Duration // of IssueInstant each way, 0 means 120 s (REQ-05); the clock skew of Responses, 0 means 60 s (SEC-44)
	Relaxed  bool

	// AuthnRequest: who is known and what was seen.
	FindSP  func(entityID string) *saml.EntityDescriptor // nil result = unknown
	Nearest func(entityID string) string                 // nearest known entityID, for the remedy; may be nil
	Seen    func(sp, id string) bool                     // has this service provider used the ID before? may be nil; asked only after the signature verified
	IdP     *saml.EntityDescriptor                       // own metadata (AuthnRequest), sender's (Response)

	// Response: what was asked.
	SP       *saml.EntityDescriptor // own metadata; for AuthnRequest the registered one, set by the run
	ACS      string                 // address that received the Response
	Request  *saml.AuthnRequest     // the pending request it answers; nil when there is none
	Consumed func(id string) bool   // was this Response or Assertion ID accepted before? may be nil
	CIE      bool                   // the sender is that of the CIE, where a few rows of SPID do not hold (CIE-06, CIE-12, CIE-13)

	// Metadata: the document.
	Document *saml.EntityDescriptor

	// Set by the run, on its own copy.
	root      *etree.Element // what rows read: the untrusted root, after the signature rows the verified one
	assertion *etree.Element // Responses: the verified Assertion, nil when there is none
	request   *saml.AuthnRequest
	verified  *saml.Verified
	response  *saml.VerifiedResponse
	verifyErr error
	tried     bool // the signature was tried
}

// Outcome of one rule.
type Outcome int

// Outcomes. Failed refuses the message; Warned does not.
const (
	Passed Outcome = iota
	Failed
	Warned
	NotApplicable
	NotReached
)

// Finding is what one rule said. Found and Wanted are values, not sentences: Found is empty when nothing was
// there, Wanted is empty when nothing should be; "≠ x" wants another value than x. Found has at most 200
// characters, control characters made visible.
type Finding struct {
	Rule          *Rule
	Outcome       Outcome
	Anomaly       spid.Anomaly // of the rule, for the binding used
	Path          string       // "AuthnRequest/@Destination"; the name of a parameter above the message; "" when nowhere
	Found, Wanted string
	Detail        string // the underlying error, for records, "" mostly
	Line, Column  int    // in the octets as received, 0 when unknown

	err error // underlying, for errors.As
}

// Report is the result of a run, one finding a rule, in table order.
type Report struct {
	Target   Target
	Findings []Finding
	// Verified is the AuthnRequest that a trusted key signed; nil when the run stopped before.
	Verified *saml.Verified
	// Request is what Verified says; nil when the run stopped before.
	Request *saml.AuthnRequest
	// Response is the verified Response; nil when the run stopped before.
	Response *saml.VerifiedResponse
	// SP is the service provider that sent the request; nil when unknown. While Verified is nil it is merely
	// the one that the message claims to come from.
	SP *saml.EntityDescriptor
}

// table joins the rows of all files in their order. Rows of one target stand together.
var table = sync.OnceValue(func() []Rule {
	return slices.Concat(
		target(AuthnRequest, requestTransport, requestIssuer, requestSignature, requestIdentity, requestACS,
			requestContext, requestStructure, requestRest),
		target(Response, responseIntake, responseMessage, responseSignature, responseAssertion, responseSubject,
			responseConditions, responseStatement, responseAttributes, responseReplay),
		target(Metadata, metadataTrust, metadataAdvice),
	)
})

// byTarget holds the rows of each target, byID every id and alias.
var byTarget = sync.OnceValue(func() map[Target][]*Rule {
	m := map[Target][]*Rule{}
	for i := range table() {
		r := &table()[i]
		m[r.Target] = append(m[r.Target], r)
	}
	return m
})

var byID = sync.OnceValue(func() map[string]*Rule {
	m := map[string]*Rule{}
	for i := range table() {
		r := &table()[i]
		for _, id := range append([]string{r.ID}, r.Aliases...) {
			if m[id] == nil {
				m[id] = r
			}
		}
	}
	return m
})

// target copies groups of rows into one slice and writes the target into each.
func target(t Target, groups ...[]Rule) []Rule {
	rows := slices.Concat(groups...)
	for i := range rows {
		rows[i].Target = t
		if rows[i].Severity == 0 {
			rows[i].Severity = Error
		}
	}
	return rows
}

// All returns the whole table in order: AuthnRequest, Response, Metadata. The slice is the caller's own.
func All() []Rule { return slices.Clone(table()) }

// For returns the rows of one target in order.
func For(t Target) []Rule {
	var rows []Rule
	for _, r := range byTarget()[t] {
		rows = append(rows, *r)
	}
	return rows
}

// Lookup returns a row by its id or by an alias.
func Lookup(id string) (Rule, bool) {
	r, ok := byID()[id]
	if !ok {
		return Rule{}, false
	}
	return *r, true
}
