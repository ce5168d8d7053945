package sp

import (
	"errors"
	"net/http"
	"strings"

	"spidsim/internal/store"
	"spidsim/spid"
)

// Login says who is logged in, for whatever shares the origin with the service provider (D-25).
type Login struct {
	Session    string // names the login: the ID of the Response
	Slug, Name string // of the gestore
	CIE        bool   // it was the electronic identity card's, not a gestore of SPID
	Level      spid.Level
	FiscalCode spid.FiscalCode // without TINIT-; "" when it was not asked for
	Person     string          // as the portal greets them
}

// Who returns the login of the browser that sent r, nil when nobody is logged in.
func (s *SP) Who(r *http.Request) (*Login, error) {
	who, err := s.current(r.Context(), r)
	if err != nil || who == nil {
		return nil, err
	}
	l := &Login{Session: who.ResponseID, Slug: who.Slug, Name: who.Name, Level: who.Level, Person: who.display()}
	l.FiscalCode = spid.FiscalCode(strings.TrimPrefix(who.values()["fiscalNumber"], spid.PrefixTIN))
	list, err := s.cfg.IdPs(r.Context())
	for _, p := range list {
		l.CIE = l.CIE || p.CIE && p.Slug == who.Slug
	}
	return l, err
}

// End ends the login of the browser at this service alone.
func (s *SP) End(w http.ResponseWriter, r *http.Request) error {
	if secret := s.token(r, cookieSession); secret != "" {
		if err := s.records.sessions.Delete(r.Context(), digest(secret)); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	s.dropCookie(w, r, cookieSession)
	return nil
}
