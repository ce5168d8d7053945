package sp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"spidsim/internal/store"
	"spidsim/saml"
	"spidsim/spid"
	"spidsim/spid/rules"
)

// conclude turns the verdict into a session or a refusal.
func (s *SP) conclude(w http.ResponseWriter, r *http.Request, a *answer, report *rules.Report) {
	if err := report.Err(); err != nil {
		s.refuse(w, r, a, refusedBy(err, a.at), report)
		return
	}
	response, err := readVerified(report.Response)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if _, status, is := report.Anomaly(); is {
		s.anomaly(w, r, a, response.ID, announced(status, a.at), report)
		return
	}
	s.admit(w, r, a, response, report)
}

// readVerified reads the parts that a trusted key signed.
func readVerified(v *saml.VerifiedResponse) (*saml.Response, error) {
	if v == nil {
		return nil, errors.New("rules passed a Response without saying what was verified")
	}
	if v.Assertion == nil {
		return saml.ReadResponse(v.Response, nil)
	}
	return saml.ReadResponse(v.Response, v.Assertion.Root)
}

// anomaly ends a login that the gestore could not or would not complete: the request is used up too. One that nobody
// signed is told but ends nothing, since anybody can write it (SIG-10).
func (s *SP) anomaly(w http.ResponseWriter, r *http.Request, a *answer, id string, why *refusal, report *rules.Report) {
	if a.pending == nil || a.replay { // the rules refuse it before
		s.refuse(w, r, a, replayed(a.at), report)
		return
	}
	if !report.Response.Signed {
		s.refuse(w, r, a, why, report)
		return
	}
	c := &consumed{Request: *a.pending}
	until := a.pending.At.Add(pendingLife + s.cfg.Skew)
	err := s.records.use(r.Context(), answerKey(a.pending.IdP, id), c, until, func(ctx context.Context) error {
		return s.records.visit(ctx, a.browser, a.at, func(v *visitor) { v.done(a.pending.ID) })
	})
	switch {
	case errors.Is(err, errUsed):
		s.refuse(w, r, a, replayed(a.at), report)
	case err != nil:
		s.fail(w, r, err)
	default:
		s.refuse(w, r, a, why, report)
	}
}

// admit makes the session, in the transaction that uses up request and IDs (SEC-41, SEC-42, SEC-49).
func (s *SP) admit(w http.ResponseWriter, r *http.Request, a *answer, response *saml.Response, report *rules.Report) {
	if a.pending == nil || a.replay || a.idp == nil || response.Assertion == nil {
		// The rules refuse each of these before; should they not, nobody comes in (SEC-06).
		s.refuse(w, r, a, replayed(a.at), report)
		return
	}
	secret, err := s.random(tokenBytes)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	err = s.open(r, a, response, newSession(a, response, report), secret)
	switch {
	case errors.Is(err, errUsed):
		s.refuse(w, r, a, replayed(a.at), report)
		return
	case err != nil:
		s.fail(w, r, err)
		return
	}
	s.cfg.Log.InfoContext(r.Context(), "login ended", "login", a.pending.ID, "idp", a.pending.Slug, "outcome", "session")
	s.setCookie(w, r, cookieSession, secret, sessionLife)
	seeOther(w, s.destination(a))
}

func (s *SP) open(r *http.Request, a *answer, response *saml.Response, made *session, secret string) error {
	idp := a.pending.IdP
	c := &consumed{Assertion: answerKey(idp, response.Assertion.ID), Request: *a.pending}
	until := latest(response.Assertion.SubjectNotOnOrAfter, response.Assertion.NotOnOrAfter, a.at).Add(s.cfg.Skew)
	return s.records.use(r.Context(), answerKey(idp, response.ID), c, until, func(ctx context.Context) error {
		if old := s.token(r, cookieSession); old != "" {
			if err := s.records.sessions.Delete(ctx, digest(old)); err != nil && !errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("ending the old session: %w", err)
			}
		}
		if err := s.records.sessions.Create(ctx, digest(secret), made, made.Expires); err != nil {
			return fmt.Errorf("keeping the session: %w", err)
		}
		return s.records.visit(ctx, a.browser, a.at, func(v *visitor) { v.done(a.pending.ID); v.Refusal = nil })
	})
}

func latest(first time.Time, more ...time.Time) time.Time {
	for _, t := range more {
		if t.After(first) {
			first = t
		}
	}
	return first
}

// destination is where the browser goes: the path stored with the request when the handle came back, else /spid/me (SEC-48).
func (s *SP) destination(a *answer) string {
	if a.pending.Return != "" && a.arrival.RelayState == a.pending.RelayState && localPath(a.pending.Return) {
		return a.pending.Return
	}
	return pathMe
}

// seeOther answers 303 to a path of this origin.
func seeOther(w http.ResponseWriter, path string) {
	w.Header().Set("Location", path)
	w.WriteHeader(http.StatusSeeOther)
}

func newSession(a *answer, response *saml.Response, report *rules.Report) *session {
	as := response.Assertion
	level, _ := spid.ParseLevel(as.AuthnContextClassRef)
	return &session{
		IdP: a.pending.IdP, Slug: a.pending.Slug, Name: a.pending.Name, Level: level, Asked: askedLevel(a.request),
		NameID: as.Subject.Value, SessionIndex: as.SessionIndex, Attributes: as.Attributes,
		ResponseID: response.ID, AssertionID: as.ID, RequestID: a.pending.ID, Binding: a.pending.Binding,
		AuthnInstant: as.AuthnInstant, At: a.at, Expires: a.at.Add(sessionLife),
		Notes: notes(report), Passed: passed(report), XML: a.arrival.XML,
	}
}
