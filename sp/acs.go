package sp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/saml"
	"spidsim/spid/rules"
)

// Bounds of the form that carries a Response (security.md section 10).
const (
	maxBody   = 512 << 10
	maxFields = 16
)

// answer is a Response on its way to a verdict.
type answer struct {
	arrival *saml.Arrival
	intake  error
	browser string   // digest of who posted it
	pending *pending // the request that it answers, nil when there is none of this browser
	replay  bool     // the pending request is the one that the same Response used up before
	request *saml.AuthnRequest
	idp     *gestore // who was asked; without a pending request the one it claims to be from; may be nil
	at      time.Time
}

// acs is the AssertionConsumerService (SEC-47): other sites post here.
func (s *SP) acs(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if s.lostCookie(r) {
		s.bounce(w, r, form)
		return
	}
	s.receive(w, r, form)
}

// acsAgain takes the same form from a page of this origin, see bounce.
func (s *SP) acsAgain(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.receive(w, r, form)
}

// readForm reads a form body and nothing else: a query would be a second place for the same names (SEC-47). Errors know
// their status.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, error) {
	if r.URL.RawQuery != "" || r.URL.ForceQuery {
		return nil, &web.Error{Status: http.StatusBadRequest, Problem: web.Problem{
			Code: "query", Detail: "the address has a query, want the form in the body alone", Rule: "SEC-47"}}
	}
	if r.Body != nil {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	}
	form, err := web.Form(r)
	if err != nil {
		return nil, err
	}
	if len(form) > maxFields {
		return nil, web.BadRequest("form-fields", fmt.Sprintf("the form has %d fields, want at most %d", len(form), maxFields))
	}
	return form, nil
}

// receive judges a Response and ends the login, one way or the other.
func (s *SP) receive(w http.ResponseWriter, r *http.Request, form url.Values) {
	browser, err := s.browser(w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	a := &answer{browser: browser, at: s.cfg.Now().UTC()}
	a.arrival, a.intake = saml.ParsePost(saml.ParamResponse, form)
	if err := s.lookup(r.Context(), a); err != nil {
		s.fail(w, r, err)
		return
	}
	verdict, err := s.judge(r.Context(), a)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.conclude(w, r, a, verdict)
}

// lookup finds out which request the Response may belong to. What it reads is not verified yet, so it only
// chooses what the rules compare with: they check every one of these fields again on what was signed.
func (s *SP) lookup(ctx context.Context, a *answer) error {
	if a.arrival == nil || a.arrival.Root == nil {
		return nil
	}
	inResponseTo, _ := saml.Attr(a.arrival.Root, "InResponseTo")
	p, err := s.records.pending.Get(ctx, inResponseTo)
	switch {
	case err == nil && p.Browser == a.browser:
		a.pending = p
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("reading the request: %w", err)
	}
	if err := s.findIdP(ctx, a); err != nil {
		return err
	}
	if a.pending == nil {
		if err := s.findReplay(ctx, a); err != nil {
			return err
		}
	}
	return a.readRequest()
}

// findIdP takes the gestore that was asked, whoever the Response says it is from (SEC-43).
func (s *SP) findIdP(ctx context.Context, a *answer) error {
	entityID := issuer(a.arrival)
	if a.pending != nil {
		entityID = a.pending.IdP
	}
	g, err := s.byEntityID(ctx, entityID)
	if err != nil && !errors.Is(err, errUnknownIdP) {
		return err
	}
	a.idp = g
	return nil
}

// findReplay recognises an answer that was taken before, so that the reason says replay and not unsolicited.
func (s *SP) findReplay(ctx context.Context, a *answer) error {
	if a.idp == nil {
		return nil
	}
	id, _ := saml.Attr(a.arrival.Root, "ID")
	c, err := s.records.consumed.Get(ctx, answerKey(a.idp.descriptor.EntityID, id))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the used IDs: %w", err)
	}
	if c.Request.Browser == a.browser {
		a.pending, a.replay = &c.Request, true
	}
	return nil
}

func (a *answer) readRequest() error {
	if a.pending == nil {
		return nil
	}
	el, err := saml.Parse(a.pending.XML, saml.MessageLimits())
	if err != nil {
		return fmt.Errorf("own request %s: %w", a.pending.ID, err)
	}
	a.request, err = saml.ReadAuthnRequest(el)
	return err
}

// issuer is what the Response says, unverified; "" when it says nothing readable.
func issuer(a *saml.Arrival) string {
	el := saml.Child(a.Root, saml.NSAssertion, "Issuer")
	if el == nil {
		return ""
	}
	text, err := saml.Text(el)
	if err != nil {
		return ""
	}
	return text
}

// judge runs the rules on the answer. Nothing else decides.
func (s *SP) judge(ctx context.Context, a *answer) (*rules.Report, error) {
	var broken error
	subject := &rules.Subject{
		Endpoint: s.acsURL(), Method: http.MethodPost, Binding: saml.HTTPPost, Arrival: a.arrival, Intake: a.intake,
		Now: a.at, Window: s.cfg.Skew, SP: s.descriptor, ACS: s.acsURL(), Request: a.request,
	}
	if a.idp != nil {
		subject.IdP, subject.CIE = a.idp.descriptor, a.idp.CIE
		subject.Consumed = func(id string) bool {
			seen, err := s.records.seen(ctx, a.idp.descriptor.EntityID, id)
			if err != nil {
				broken = err
			}
			return seen
		}
	}
	report := rules.Run(rules.Response, subject)
	if broken != nil { // fail closed (SEC-06)
		return nil, fmt.Errorf("reading the used IDs: %w", broken)
	}
	return report, nil
}
