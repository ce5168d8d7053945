package sp

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/saml"
	"spidsim/spid"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// portalName is what the pages call the service provider.
const portalName = "Portale di prova"

// current returns the session of the browser, nil when there is none that is still good.
func (s *SP) current(ctx context.Context, r *http.Request) (*session, error) {
	secret := s.token(r, cookieSession)
	if secret == "" {
		return nil, nil
	}
	found, err := s.records.sessions.Get(ctx, digest(secret))
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the session: %w", err)
	}
	if !s.cfg.Now().Before(found.Expires) {
		return nil, nil
	}
	return found, nil
}

// portal is the house of the pages. Who is logged in is only decoration here: without the store the page goes out all the same.
func (s *SP) portal(r *http.Request) templates.Portal {
	p := templates.Portal{Name: portalName, Address: s.address(), Console: s.cfg.Console}
	if who, err := s.current(r.Context(), r); err == nil && who != nil {
		p.User = who.display()
	}
	return p
}

// display is how the portal greets a person: by name when it asked for it, else as a company, else as what it knows.
func (who *session) display() string {
	values := who.values()
	switch {
	case values["name"] != "" || values["familyName"] != "":
		return strings.TrimSpace(values["name"] + " " + values["familyName"])
	case values["companyName"] != "":
		return values["companyName"]
	default:
		return values["fiscalNumber"]
	}
}

func (who *session) values() map[string]string {
	out := make(map[string]string, len(who.Attributes))
	for _, a := range who.Attributes {
		out[a.Name] = a.Value
	}
	return out
}

// home is the first page: level, binding, gestore.
func (s *SP) home(w http.ResponseWriter, r *http.Request) {
	list, err := s.cfg.IdPs(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if web.WantsJSON(r) {
		web.JSON(w, http.StatusOK, s.homeAnswer(listed(list)))
		return
	}
	page := s.page(r)
	view := templates.SPHomeView{
		Portal: s.portal(r), Action: pathLogin, Level: spid.L2, Binding: "post", Comparison: string(spid.Minimum), Set: "0",
		Gestori: s.gestori(page, listed(list)), Sets: s.sets(page), LoggedOut: r.URL.Query().Get("left") == "yes",
	}
	if r.URL.Query().Get("order") != "stable" { // UX-22: no gestore is first by right
		rand.Shuffle(len(view.Gestori), func(i, j int) { view.Gestori[i], view.Gestori[j] = view.Gestori[j], view.Gestori[i] })
	}
	s.allowForms(r, list)
	web.Render(w, r, http.StatusOK, templates.SPHome(page, view))
}

// gestori lists the providers; one that cannot be used stays in the list and says why (UX-23).
func (s *SP) gestori(page ui.Page, list []Provider) []templates.SPGestore {
	out := make([]templates.SPGestore, 0, len(list))
	for _, p := range list {
		entry := templates.SPGestore{Slug: p.Slug, Name: p.Name, Badge: p.Badge, Off: p.Off}
		if _, err := s.verify(p); err != nil {
			s.cfg.Log.Warn("metadata of an identity provider", "idp", p.Slug, "error", err)
			entry.Off = page.Pick("i suoi metadati non sono validi", "its metadata are not valid")
		}
		out = append(out, entry)
	}
	return out
}

func (s *SP) sets(page ui.Page) []templates.AttributeSet {
	var out []templates.AttributeSet
	for _, a := range s.descriptor.SP.AttributeConsumingServices {
		entry := templates.AttributeSet{Index: strconv.Itoa(a.Index), Name: a.ServiceNames.In(page.L())}
		for _, q := range a.Requested {
			entry.Names = append(entry.Names, q.Name)
		}
		out = append(out, entry)
	}
	return out
}

// me says who is logged in.
func (s *SP) me(w http.ResponseWriter, r *http.Request) {
	who, err := s.current(r.Context(), r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	switch {
	case who == nil:
		s.nobody(w, r)
	case web.WantsJSON(r):
		web.JSON(w, http.StatusOK, who.answer())
	default:
		page := s.page(r)
		web.Render(w, r, http.StatusOK, templates.SPUser(page, s.userView(r, page, who)))
	}
}

func (s *SP) userView(r *http.Request, page ui.Page, who *session) templates.SPUserView {
	view := templates.SPUserView{
		Portal: s.portal(r), Gestore: who.Name, Level: who.Level, Asked: who.Asked, NameID: who.NameID,
		SessionIndex: who.SessionIndex, AuthnInstant: who.AuthnInstant, ResponseID: who.ResponseID, RequestID: who.RequestID,
		Binding: bindingLabel(who.Binding), Checks: who.Passed, LogoutURL: pathLogout,
	}
	for _, a := range who.Attributes {
		view.Attributes = append(view.Attributes, templates.AttributeValue{Name: a.Name, Value: a.Value})
	}
	for _, n := range who.Notes {
		view.Findings = append(view.Findings, n.show(page))
	}
	if page.Dev() {
		view.Document = &ui.Document{Title: "Response, HTTP-POST", XML: who.XML, At: who.At}
	}
	return view
}

func bindingLabel(b saml.Binding) string {
	if b == saml.HTTPRedirect {
		return "HTTP-Redirect"
	}
	return "HTTP-POST"
}

// nobody answers 401 with the reason why the last login of this browser failed, when there was one.
func (s *SP) nobody(w http.ResponseWriter, r *http.Request) {
	why := &refusal{Reason: reasonNone, At: s.cfg.Now().UTC()}
	if secret := s.token(r, cookieBrowser); secret != "" {
		v, err := s.records.visitors.Get(r.Context(), digest(secret))
		switch {
		case err == nil && v.Refusal != nil:
			why = v.Refusal
		case err != nil && !errors.Is(err, store.ErrNotFound):
			s.fail(w, r, err)
			return
		}
	}
	if web.WantsJSON(r) {
		web.JSON(w, http.StatusUnauthorized, why.answer())
		return
	}
	if why.Reason == reasonNone {
		s.problem(w, r, http.StatusUnauthorized, web.Problem{Code: "nobody", Detail: "nobody has logged in from this browser"})
		return
	}
	page := s.page(r)
	web.Render(w, r, http.StatusUnauthorized, templates.SPError(page, s.errorView(r, page, &answer{}, why, nil)))
}

// logout ends the session of this service alone: the identity provider's session, if there is one, goes on. The page says so.
func (s *SP) logout(w http.ResponseWriter, r *http.Request) {
	if err := s.End(w, r); err != nil {
		s.fail(w, r, err)
		return
	}
	if web.WantsJSON(r) {
		web.JSON(w, http.StatusOK, leftAnswer{Authenticated: false, Left: "this service only"})
		return
	}
	seeOther(w, s.cfg.Home+"?left=yes")
}

// slo stands where the metadata say that logout messages go; it does not understand them yet.
func (s *SP) slo(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, http.StatusNotImplemented, web.Problem{Code: "not-implemented",
		Detail: "Single logout is not available yet: leave this service at " + pathLogout + ", and the identity provider on its own pages."})
}

func (s *SP) serveMetadata(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/samlmetadata+xml")
	w.Header().Set("Content-Length", strconv.Itoa(len(s.metadata)))
	w.WriteHeader(http.StatusOK)
	w.Write(s.metadata) // an error here is a browser that left
}

// stamp is how times stand in JSON; the zero time is "".
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
