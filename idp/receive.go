package idp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/beevik/etree"

	"spidsim/internal/store"
	"spidsim/saml"
	"spidsim/spid"
	"spidsim/spid/rules"
)

// loginKept is how long a login outlives its deadline: long enough to say "expired" instead of "unknown", and to keep the
// request ID from being used again (REQ-02 asks for fifteen minutes).
const loginKept = 15 * time.Minute

// Inbound is a message as an endpoint of the gestore received it.
type Inbound struct {
	Method  string       // of HTTP
	Binding saml.Binding // of the endpoint
	Arrival *saml.Arrival
	Intake  error  // what the parser of the binding said
	Browser string // secret that the login is bound to
}

// Received is what became of a request: a login, or a refusal with its answer.
type Received struct {
	Exchange *Exchange
	Report   *rules.Report
	Login    *Login      // nil when refused
	Refusal  *spid.Error // nil when accepted
	Reply    *Reply      // the anomaly Response for the service provider; nil when only the person is told
}

// Receive judges a request by the rules table and opens a login for it. Errors are ours alone; whatever the
// request did wrong stands in Received.
func (p *IdP) Receive(ctx context.Context, in Inbound) (*Received, error) {
	subject := p.subject(ctx, in)
	report := rules.Run(rules.AuthnRequest, subject)
	x := p.newExchange(in, subject, report)
	received := &Received{Exchange: x, Report: report}
	if err := report.Err(); err != nil {
		return received, p.refuse(ctx, received, err, in)
	}
	l, err := p.newLogin(report, in)
	if err != nil {
		return nil, err
	}
	err = p.openLogin(ctx, l, x)
	if errors.Is(err, store.ErrExists) { // the same request at the same moment in another tab or process
		return received, p.refuse(ctx, received, repeated(report), in)
	}
	if err != nil {
		return nil, fmt.Errorf("opening a login: %w", err)
	}
	received.Login = l
	p.log.Info("request accepted", "idp", p.Slug, "sp", l.SP, "login", l.ID, "binding", string(in.Binding), "level", int(l.Request.Asked))
	return received, nil
}

func (p *IdP) subject(ctx context.Context, in Inbound) *rules.Subject {
	return &rules.Subject{
		Endpoint: p.ssoEndpoint(in.Binding), Method: in.Method, Binding: in.Binding,
		Arrival: in.Arrival, Intake: in.Intake, Now: p.now(), Window: p.cfg.RequestWindow, Relaxed: p.cfg.Relaxed,
		FindSP: p.findSP(ctx), Nearest: p.nearestSP(ctx), Seen: p.seen(ctx), IdP: p.descriptor,
	}
}

func (p *IdP) ssoEndpoint(b saml.Binding) string {
	if b == saml.HTTPRedirect {
		return p.endpoint("/sso/redirect")
	}
	return p.endpoint("/sso/post")
}

// seen reports whether the service provider used the request ID before, at this gestore.
func (p *IdP) seen(ctx context.Context) func(sp, id string) bool {
	return func(sp, id string) bool {
		_, err := p.logins.Find(ctx, "request", requestKey(p.Slug, sp, id))
		return err == nil
	}
}

func (p *IdP) newExchange(in Inbound, s *rules.Subject, r *rules.Report) *Exchange {
	x := &Exchange{
		ID: p.newID(), IdP: p.Slug, At: s.Now, Binding: in.Binding, Endpoint: s.Endpoint, Findings: Findings(r),
	}
	if in.Arrival != nil {
		x.Request, x.RelayState = in.Arrival.XML, in.Arrival.RelayState
	}
	if r.SP != nil {
		x.SP = r.SP.EntityID
	}
	if r.Verified != nil {
		x.RequestID, _ = saml.Attr(r.Verified.Root, "ID")
	}
	return x
}

// refuse records the refusal and, for anomalies that the service provider is told of, makes the Response (ERR-03).
func (p *IdP) refuse(ctx context.Context, r *Received, cause error, in Inbound) error {
	if !errors.As(cause, &r.Refusal) {
		return cause
	}
	x, a := r.Exchange, r.Refusal.Anomaly
	x.Anomaly = a
	if info, _ := a.Info(); !info.ToUser {
		reply, err := p.refusalReply(r, in)
		if err != nil {
			return err
		}
		r.Reply = reply
		x.Response, x.ACS, x.Answered = reply.XML, reply.Form.Action, x.At
	}
	p.log.Info("request refused", "idp", p.Slug, "sp", x.SP, "exchange", x.ID, "anomaly", int(a), "rule", r.Refusal.Rule)
	return p.exchanges.Create(ctx, x.ID, x, time.Time{})
}

// refusalReply answers a signed request that breaks a rule: to the address that it names when that address is a registered
// one, else to the default of the metadata (CHK-02, SEC-37).
func (p *IdP) refusalReply(r *Received, in Inbound) (*Reply, error) {
	acs, ok := r.Report.ACS()
	if r.Refusal.Anomaly == spid.BadACS { // the address itself is what is wrong (REQ-13)
		acs, ok = r.Report.SP.SP.DefaultAssertionConsumerService()
	}
	if !ok {
		return nil, fmt.Errorf("service provider %s has no address to answer to", r.Report.SP.EntityID)
	}
	inResponseTo := r.Report.Request.ID
	if !saml.IsNCName(inResponseTo) {
		inResponseTo = ""
	}
	resp := spid.NewAnomalyResponse(r.Refusal.Anomaly, p.EntityID, acs.Location, inResponseTo, p.now(), p.newID)
	return p.reply(resp, in.Arrival.RelayState, r.Refusal.Anomaly)
}

func repeated(r *rules.Report) error {
	id, _ := saml.Attr(r.Verified.Root, "ID")
	return &spid.Error{
		Rule: "REQ-02", Anomaly: spid.BadID, Path: "AuthnRequest/@ID", Found: id, Wanted: "an ID that was not used before",
	}
}

func (p *IdP) newLogin(r *rules.Report, in Inbound) (*Login, error) {
	facts, err := requestFacts(r)
	if err != nil {
		return nil, err
	}
	facts.Binding, facts.RelayState = in.Binding, in.Arrival.RelayState
	now := p.now()
	l := &Login{
		ID: strings.TrimPrefix(p.newID(), "_"), IdP: p.Slug, SP: r.SP.EntityID, Browser: digest(in.Browser), Request: *facts,
		Created: now, Deadline: now.Add(p.cfg.LoginTimeout),
	}
	p.beginWithCard(l)
	l.note(now, l.Next(now), "request accepted")
	return l, nil
}

// requestFacts reads what the login needs of a request that the rules let through.
func requestFacts(report *rules.Report) (*Request, error) {
	r, sp := report.Request, report.SP
	acs, ok := report.ACS()
	if !ok {
		return nil, fmt.Errorf("service provider %s has no address to answer to", sp.EntityID)
	}
	asked, comparison, ok := rules.Requested(r)
	if !ok {
		return nil, fmt.Errorf("request %s of %s asks for no level", r.ID, sp.EntityID)
	}
	facts := &Request{
		ID: r.ID, IssueInstant: r.IssueInstant, ACS: acs.Location, ACSIndex: acs.Index, Set: -1,
		Asked: asked, Comparison: comparison, Display: sp.Organization.DisplayName.In("it"),
	}
	if i := r.AttributeConsumingServiceIndex; i != nil {
		if _, ok := sp.SP.AttributeConsumingService(*i); ok { // relaxed mode lets unknown ones through: then there is no set
			facts.Set = *i
		}
	}
	if r.ForceAuthn != nil {
		facts.ForceAuthn = *r.ForceAuthn
	}
	if r.Subject != nil {
		facts.Hint = r.Subject.Value
	}
	facts.Purpose = purposeOf(r.Extensions)
	if facts.Display == "" {
		facts.Display = sp.EntityID
	}
	return facts, nil
}

// purposeOf reads spid:Purpose; the rules have refused unknown values before (PUR-04).
func purposeOf(extensions *etree.Element) spid.Purpose {
	el := saml.Child(extensions, spid.NSExtensions, "Purpose")
	if el == nil {
		return ""
	}
	text, err := saml.Text(el)
	if err != nil {
		return ""
	}
	purpose, _ := spid.ParsePurpose(text)
	return purpose
}

// openLogin keeps the login and the exchange together, or neither.
func (p *IdP) openLogin(ctx context.Context, l *Login, x *Exchange) error {
	x.Login = l.ID
	l.Exchange = x.ID
	return p.store.Atomic(ctx, func(ctx context.Context) error {
		if err := p.logins.Create(ctx, l.ID, l, l.lastDeadline(p.cfg.LoginTimeout).Add(loginKept)); err != nil {
			return err
		}
		return p.exchanges.Create(ctx, x.ID, x, time.Time{})
	})
}
