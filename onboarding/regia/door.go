package regia

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/onboarding/lesson"
	"spidsim/templates/ui"
)

// stagePost opens the step's page in the browser that asks.
func (g *Regia) stagePost(w http.ResponseWriter, r *http.Request) { g.enterStage(w, r, false) }

// enterStage sends the browser to the step that plays, with the cookie of the story. portal says on whose origin the request arrived.
func (g *Regia) enterStage(w http.ResponseWriter, r *http.Request, portal bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	p, err := g.open(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if p == nil {
		http.Redirect(w, r, g.cfg.BaseURL+ui.PathRegia, http.StatusSeeOther)
		return
	}
	to, err := p.door(w, r, portal)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// door is the address of the step's page, made ready for the browser.
func (p *play) door(w http.ResponseWriter, r *http.Request, portal bool) (string, error) {
	place, err := p.place()
	if err != nil {
		return "", err
	}
	here := (place.Origin == lesson.Portal) == portal
	switch {
	case place.Origin == lesson.Console, p.cfg.PortalURL == "" && place.Origin == lesson.Portal:
		return p.cfg.BaseURL + place.Path, nil
	case here:
		return place.Path, p.letIn(w, r, portal)
	}
	ticket := p.cfg.Office.NewSecret()
	p.run.Ticket = digest(ticket)
	to := p.cfg.BaseURL
	if place.Origin == lesson.Portal {
		to = p.cfg.PortalURL
	}
	return to + pathStage + "?" + pathTickets + "=" + ticket, p.keep(p.ctx, p.run)
}

// letIn gives the browser the cookie that it needs on the origin where it is.
func (p *play) letIn(w http.ResponseWriter, r *http.Request, portal bool) error {
	if portal {
		return p.handOn(w, r)
	}
	return p.adopt(w, r)
}

// doorPage lets in the browser that was sent over from the other origin: the ticket is good once.
func (g *Regia) doorPage(portal bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		defer g.mu.Unlock()
		p, err := g.open(r.Context())
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		ticket := digest(r.URL.Query().Get(pathTickets))
		if p == nil || p.run.Ticket == "" || subtle.ConstantTimeCompare([]byte(ticket), []byte(p.run.Ticket)) != 1 {
			web.Fail(w, r, web.NotFound("the ticket was used before"))
			return
		}
		p.run.Ticket = ""
		place, err := p.place()
		if err == nil {
			err = errors.Join(p.keep(p.ctx, p.run), p.letIn(w, r, portal))
		}
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		http.Redirect(w, r, place.Path, http.StatusSeeOther)
	}
}

// handOn gives the story's visit to the browser. A story without a visit leaves the browser outside.
func (p *play) handOn(w http.ResponseWriter, r *http.Request) error {
	var denied *onboarding.Denied
	if _, err := p.visit(); err != nil && !errors.As(err, &denied) {
		return err
	}
	if c, err := r.Cookie(cookiePortal); err == nil {
		if v, err := p.cfg.Office.Visit(p.ctx, c.Value); err == nil && v.ID == p.run.Visit {
			return p.keep(p.ctx, p.run) // it has it already
		}
	}
	secret, v, err := p.cfg.Office.HandOn(p.ctx, p.run.Visit)
	if errors.Is(err, store.ErrNotFound) {
		web.DropCookie(w, r, cookiePortal, "/")
		p.run.Visit = ""
		return p.keep(p.ctx, p.run)
	}
	if err != nil {
		return err
	}
	web.SetCookie(w, r, &http.Cookie{Name: cookiePortal, Value: secret})
	p.run.Visit = v.ID
	return p.keep(p.ctx, p.run)
}

// adopt gives the story's request at the gestore to the browser.
func (p *play) adopt(w http.ResponseWriter, r *http.Request) error {
	e, err := p.enrolment()
	if err != nil || e == nil || e.IdP == "" {
		return err
	}
	path := "/idp/" + e.IdP + "/richiedi/" + e.ID
	if c, err := r.Cookie(cookieEnrol); err == nil && e.BelongsTo(c.Value) {
		return nil
	}
	secret := p.cfg.Office.NewSecret()
	if _, err := p.cfg.Office.Adopt(p.ctx, e.ID, secret); err != nil {
		return err
	}
	web.SetCookie(w, r, &http.Cookie{Name: cookieEnrol, Value: secret, Path: path})
	return nil
}

// place is where the step is seen, its marks filled in.
func (p *play) place() (lesson.Place, error) {
	n, err := p.step()
	if err != nil {
		return lesson.Place{}, err
	}
	place := p.lesson.Step(n).Place
	e, err := p.enrolment()
	if err != nil {
		return place, err
	}
	idp, id, code := p.gestore(), "", ""
	if e != nil {
		idp, id = orElse(e.IdP, idp), e.ID
		if e.Procedure != nil {
			code = e.Procedure.Code
		}
	}
	place.Path = strings.NewReplacer("{idp}", url.PathEscape(idp), "{enrolment}", url.PathEscape(id), "{code}", url.QueryEscape(code), "{cf}", string(p.people[0].FiscalCode)).Replace(place.Path)
	return place, nil
}
