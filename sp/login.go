package sp

import (
	"context"
	"errors"
	"net/http"

	"github.com/beevik/etree"

	"spidsim/internal/web"
	"spidsim/saml"
	"spidsim/templates"
)

// login starts a login: it builds the AuthnRequest, remembers it for this browser and sends the browser off.
func (s *SP) login(w http.ResponseWriter, r *http.Request) {
	c, g, err := s.choose(r)
	var wrong *parameterError
	switch {
	case errors.As(err, &wrong):
		s.wrongParameter(w, r, wrong)
		return
	case err != nil:
		s.fail(w, r, err)
		return
	case g.Off != "":
		s.problem(w, r, http.StatusServiceUnavailable, web.Problem{Code: "idp-off", Field: "idp", Detail: g.Name + ": " + g.Off})
		return
	}
	if err := s.start(w, r, c, g); err != nil {
		s.fail(w, r, err)
	}
}

// choose reads the parameters; errors that are the visitor's are *parameterError.
func (s *SP) choose(r *http.Request) (choice, *gestore, error) {
	slugs, err := s.slugs(r.Context())
	if err != nil {
		return choice{}, nil, err
	}
	c, err := readChoice(r.URL.RawQuery, parameters(slugs, s.descriptor.SP))
	if err != nil {
		return choice{}, nil, err
	}
	g, err := s.bySlug(r.Context(), c.idp)
	return c, g, err
}

func (s *SP) slugs(ctx context.Context) ([]string, error) {
	list, err := s.cfg.IdPs(ctx)
	if err != nil {
		return nil, err
	}
	slugs := make([]string, 0, len(list))
	for _, p := range list {
		slugs = append(slugs, p.Slug)
	}
	return slugs, nil
}

func (s *SP) start(w http.ResponseWriter, r *http.Request, c choice, g *gestore) error {
	destination, err := g.singleSignOn(c.binding)
	if err != nil {
		return err
	}
	handle, err := s.random(handleBytes)
	if err != nil {
		return err
	}
	browser, err := s.browser(w, r)
	if err != nil {
		return err
	}
	request := s.newRequest(c, destination)
	el := request.Element()
	if c.binding == saml.HTTPPost {
		if err := s.cfg.Key.Sign(el); err != nil {
			return err
		}
	}
	p := &pending{ID: request.ID, Browser: browser, IdP: g.descriptor.EntityID, Slug: g.Slug, Name: g.Name, Binding: c.binding,
		Level: c.level, RelayState: handle, Return: c.relay, XML: saml.Serialise(el), At: request.IssueInstant}
	if err := s.records.keep(r.Context(), p); err != nil {
		return err
	}
	s.pace(r.Context())
	s.cfg.Log.InfoContext(r.Context(), "login begun", "login", p.ID, "idp", g.Slug, "level", int(c.level), "binding", c.binding)
	return s.send(w, r, el, p, destination)
}

// send lets the browser carry the request: by redirect with a signed query, or by a form that posts itself (BIND-04, BIND-08).
func (s *SP) send(w http.ResponseWriter, r *http.Request, el *etree.Element, p *pending, destination string) error {
	if p.Binding == saml.HTTPRedirect {
		address, err := s.cfg.Key.RedirectURL(destination, saml.ParamRequest, el, p.RelayState)
		if err != nil {
			return err
		}
		w.Header().Set("Location", address)
		w.WriteHeader(http.StatusFound)
		return nil
	}
	form := saml.PostForm(destination, saml.ParamRequest, el, p.RelayState)
	s.autoPost(w, r, templates.AutoPostView{
		Portal: s.portal(r), Action: form.Action, Param: form.Param, Message: form.Message, RelayState: &form.RelayState, To: p.Name,
	})
	return nil
}

// pace prunes pending requests now and then. A failure is no reason to refuse the login that happened to come by.
func (s *SP) pace(ctx context.Context) {
	if s.begun.Add(1)%pruneEvery != 0 {
		return
	}
	if err := s.records.prune(ctx, maxPendingAll); err != nil {
		s.cfg.Log.WarnContext(ctx, "pruning pending requests", "error", err)
	}
}
