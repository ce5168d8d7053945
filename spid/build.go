package spid

import (
	"strings"
	"time"

	"spidsim/saml"
)

// DefaultValidity is how long an Assertion holds when nothing else is said (AST-09, TMO-04).
const DefaultValidity = 5 * time.Minute

// Grant is what a positive answer needs to know.
type Grant struct {
	IdP, SP      string // entityIDs
	Request      *saml.AuthnRequest
	ACS          string    // where it goes
	Now          time.Time // instant of issue
	AuthnInstant time.Time // when the person really proved it (AST-10); zero means Now
	Level        Level     // performed (CMP-05)
	SessionIndex string    // only used at level 1 (AST-12)
	Attributes   []saml.Attribute
	Validity     time.Duration // 0 means DefaultValidity
	Backdate     time.Duration // how far NotBefore lies before Now, 0 by default
}

// NewResponse builds the conformant positive Response of section 3 of the profile, unsigned (RES-01..RES-10,
// AST-01..AST-20). It asks newID three times, in this order: the ID of the Response, that of the Assertion, the
// transient name of the person, which therefore says nothing of them (AST-05). newID returns an NCName
// that never comes twice. Instants are UTC in whole milliseconds. SessionIndex goes out exactly when the
// level performed is L1 (AST-12). Attributes are taken as they are; Release makes them.
func NewResponse(g Grant, newID func() string) *saml.Response {
	now := g.instant()
	r := newResponse(g.IdP, g.ACS, g.requestID(), now, newID)
	r.Status = saml.Status{Code: saml.StatusSuccess}
	r.Assertion = g.assertion(now, newID)
	return r
}

// NewAnomalyResponse builds the Response that tells the service provider of an anomaly (ERR-01, ERR-04, ERR-05),
// unsigned: no Assertion, the nested status of the table, StatusMessage "ErrorCode nrNN". inResponseTo "" leaves
// the attribute out (CHK-02). An anomaly that has no status in the table (page anomalies, unknown numbers, and
// success, which is none) goes out as Responder, so that the message is always one that SAML knows.
func NewAnomalyResponse(a Anomaly, idp, acs, inResponseTo string, now time.Time, newID func() string) *saml.Response {
	r := newResponse(idp, acs, inResponseTo, now.UTC().Truncate(time.Millisecond), newID)
	r.Status = saml.Status{Code: saml.StatusResponder, Message: a.Code()}
	if info, ok := a.Info(); ok && info.Status != "" && a != Success {
		r.Status.Code, r.Status.Sub = info.Status, info.Sub
	}
	return r
}

func newResponse(idp, acs, inResponseTo string, now time.Time, newID func() string) *saml.Response {
	return &saml.Response{
		ID:           newID(),
		Version:      "2.0",
		IssueInstant: now,
		InResponseTo: inResponseTo,
		Destination:  acs,
		Issuer:       saml.NameID{Value: idp, Format: saml.FormatEntity},
	}
}

func (g Grant) assertion(now time.Time, newID func() string) *saml.Assertion {
	until := now.Add(g.validity())
	a := &saml.Assertion{
		ID:                   newID(),
		Version:              "2.0",
		IssueInstant:         now,
		Issuer:               saml.NameID{Value: g.IdP, Format: saml.FormatEntity},
		Subject:              saml.NameID{Value: newID(), Format: saml.FormatTransient, NameQualifier: g.IdP},
		Method:               saml.MethodBearer,
		InResponseTo:         g.requestID(),
		Recipient:            g.ACS,
		SubjectNotOnOrAfter:  until,
		NotBefore:            now.Add(-g.Backdate),
		NotOnOrAfter:         until,
		Audience:             g.SP,
		AuthnInstant:         g.proved(now),
		AuthnContextClassRef: g.Level.URI(),
		Attributes:           g.Attributes,
	}
	if g.Level == L1 {
		a.SessionIndex = g.SessionIndex
	}
	return a
}

func (g Grant) requestID() string {
	if g.Request == nil {
		return ""
	}
	return g.Request.ID
}

func (g Grant) validity() time.Duration {
	if g.Validity <= 0 {
		return DefaultValidity
	}
	return g.Validity
}

func (g Grant) proved(now time.Time) time.Time {
	if g.AuthnInstant.IsZero() {
		return now
	}
	return g.AuthnInstant.UTC().Truncate(time.Millisecond)
}

// instant is Now in whole milliseconds. A service provider rounds its own IssueInstant as it likes, so an answer within
// the same millisecond could seem older than its request, which RES-03 forbids: then it takes the request's.
func (g Grant) instant() time.Time {
	now := g.Now.UTC().Truncate(time.Millisecond)
	if g.Request == nil {
		return now
	}
	asked := g.Request.IssueInstant.UTC()
	if early := asked.Sub(now); early <= 0 || early > time.Millisecond {
		return now
	}
	if whole := asked.Truncate(time.Millisecond); whole.Equal(asked) {
		return whole
	}
	return asked.Truncate(time.Millisecond).Add(time.Millisecond)
}

// Release returns the attributes of the set that the identity has, in the order of the set, typed and named for
// the wire (AST-16..20): NameFormat basic, no FriendlyName, each name once. What the identity lacks or has
// empty, and names that the table does not know, are left out. Nothing to release gives nil: no AttributeStatement.
func Release(set []saml.RequestedAttribute, have Attributes) []saml.Attribute {
	var out []saml.Attribute
	seen := map[string]bool{}
	for _, asked := range set {
		info, known := LookupAttribute(asked.Name)
		value := have[asked.Name]
		if !known || seen[asked.Name] || strings.TrimSpace(value) == "" {
			continue
		}
		seen[asked.Name] = true
		out = append(out, saml.Attribute{
			Name: info.Name, NameFormat: saml.AttrNameFormatBasic, Type: info.Type, Value: value,
		})
	}
	return out
}
