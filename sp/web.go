package sp

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/saml"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// page is what every page needs besides its view.
func (s *SP) page(r *http.Request) ui.Page {
	p := web.Page(r)
	if s.cfg.Mode != "" {
		p.Mode = s.cfg.Mode
	}
	if r.Method == http.MethodPost { // the language switch is a link, and /spid/me says the same as the answer to a POST
		p.Switch = pathMe
	}
	return p
}

// problem answers with an error page in the house of the portal, or with its machine twin.
func (s *SP) problem(w http.ResponseWriter, r *http.Request, status int, p web.Problem) {
	if web.WantsJSON(r) {
		web.WriteProblem(w, r, status, p)
		return
	}
	portal := s.portal(r)
	web.Render(w, r, status, templates.Problem(s.page(r), templates.ProblemView{
		Status: status, Detail: p.Detail, Allow: w.Header().Get("Allow"), Reference: web.RequestID(r), Portal: &portal,
	}))
}

// fail answers with an error: what the visitor did wrong in the house of the portal, what we did as a 500 with a reference.
func (s *SP) fail(w http.ResponseWriter, r *http.Request, err error) {
	var e *web.Error
	var size *http.MaxBytesError
	switch {
	case errors.As(err, &e) && e.Status < http.StatusInternalServerError:
		s.problem(w, r, e.Status, e.Problem)
	case errors.As(err, &size):
		s.problem(w, r, http.StatusRequestEntityTooLarge, web.Problem{
			Code: "too-large", Detail: fmt.Sprintf("the body is larger than %d octets", size.Limit)})
	case errors.Is(err, store.ErrBusy):
		web.Fail(w, r, &web.Error{Status: http.StatusServiceUnavailable, Retry: 1, Err: err, Problem: web.Problem{Code: "busy"}})
	default:
		web.Fail(w, r, err)
	}
}

// wrongParameter names the parameter, what it was and what it may be.
func (s *SP) wrongParameter(w http.ResponseWriter, r *http.Request, e *parameterError) {
	s.problem(w, r, http.StatusBadRequest, web.Problem{
		Code: "parameter", Field: e.Name, Found: clip(e.Found, maxShown), Wanted: strings.Join(e.Allowed, " | "), Detail: clip(e.Error(), 3*maxShown),
	})
}

// maxShown bounds, in octets, what a page repeats of a request.
const maxShown = 200

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}

// allowForms lets the home page's form end at the gestori: it goes to /spid/login, but browsers hold form-action
// against the redirect that follows, too. The default gestore is named last.
func (s *SP) allowForms(r *http.Request, list []Provider) {
	for i := len(list) - 1; i >= 0; i-- {
		g, err := s.verify(list[i])
		if err != nil {
			continue
		}
		if address, err := g.singleSignOn(saml.HTTPRedirect); err == nil {
			web.AllowForm(r, address)
		}
	}
}

// lostCookie reports whether a browser brings a Response from another site without the cookie of the request. A
// SameSite=Lax cookie stays behind on such a POST when gestore and portal are different sites ("--hosts"); on
// localhost, where only the ports differ, it comes along.
func (s *SP) lostCookie(r *http.Request) bool {
	if s.token(r, cookieBrowser) != "" {
		return false
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site":
		return true
	case "":
		origin := r.Header.Get("Origin")
		return origin != "" && origin != s.entityID
	}
	return false
}

// bounce gives the browser the same form once more, on a page of this origin: the second POST is same-site and
// carries the cookie. Nothing is believed or stored before that, and a browser that never began a login still has no
// cookie then, so this is no way around SEC-41.
func (s *SP) bounce(w http.ResponseWriter, r *http.Request, form url.Values) {
	if len(form[saml.ParamResponse]) != 1 || len(form["RelayState"]) > 1 {
		s.receive(w, r, form) // malformed: the rules say how
		return
	}
	again := s.entityID + pathACSAgain
	view := templates.AutoPostView{Portal: s.portal(r), Action: again, Param: saml.ParamResponse, Message: form.Get(saml.ParamResponse), To: portalName}
	if relay, ok := form["RelayState"]; ok {
		view.RelayState = &relay[0]
	}
	s.autoPost(w, r, view)
}

func (s *SP) autoPost(w http.ResponseWriter, r *http.Request, view templates.AutoPostView) {
	web.RenderPost(w, r, http.StatusOK, templates.AutoPost(s.page(r), view), view.Action)
}
