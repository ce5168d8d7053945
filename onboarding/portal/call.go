package portal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/spid"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// cookieVisit holds the secret of the visit.
const cookieVisit = "spidsim_portal"

// portalName is what the pages call the institute; the institute itself is never imitated (UX-10).
const portalName = "Istituto (simulazione)"

// handler answers one method of one address. An error that it returns becomes a page: a denial the page of its reason.
type handler func(c *call) error

// call is one request with what every page needs.
type call struct {
	p     *Portal
	w     http.ResponseWriter
	r     *http.Request
	page  ui.Page
	visit *onboarding.Visit // nil = this browser has none
	input url.Values        // of a form; empty on GET
}

func (c *call) ctx() context.Context { return c.r.Context() }

func (c *call) inside() bool { return c.visit.Inside() }

// field is a value of the form, without the blanks around it.
func (c *call) field(name string) string { return strings.TrimSpace(c.input.Get(name)) }

func (c *call) query(name string) string { return strings.TrimSpace(c.r.URL.Query().Get(name)) }

// serve finds the visit, reads the form and calls the handler of the method.
func (p *Portal) serve(route route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{p: p, w: w, r: r, page: web.Page(r), input: url.Values{}}
		h := route.get
		if r.Method == http.MethodPost {
			h = route.post
			c.page.Switch = ui.PathPortalMine
			if route.get != nil {
				c.page.Switch = r.URL.EscapedPath()
			}
		}
		if h == nil || !takes(r.Method) || route.act && r.Method == http.MethodHead {
			c.fail(web.MethodNotAllowed(route.allowed()))
			return
		}
		if err := c.open(); err != nil {
			c.fail(err)
			return
		}
		if err := h(c); err != nil {
			c.fail(err)
		}
	}
}

func takes(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodPost
}

// allowed are the methods of an address, for the header Allow.
func (r route) allowed() string {
	var methods []string
	if r.get != nil {
		methods = append(methods, "GET")
	}
	if r.get != nil && !r.act {
		methods = append(methods, "HEAD")
	}
	if r.post != nil {
		methods = append(methods, "POST")
	}
	return strings.Join(methods, ", ")
}

// open finds the visit of the browser and reads the form.
func (c *call) open() (err error) {
	if cookie, err := c.r.Cookie(cookieVisit); err == nil {
		c.visit, err = c.p.office.Visit(c.ctx(), cookie.Value)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	if c.r.Method == http.MethodPost {
		c.input, err = web.Form(c.r)
	}
	return err
}

// enter gives the browser a fresh visit at the mask. A visit before it ends: who comes in never inherits somebody's cookie.
func (c *call) enter() error {
	if c.visit != nil {
		if err := c.p.office.Leave(c.ctx(), c.visit); err != nil {
			return err
		}
	}
	secret, v, err := c.p.office.Enter(c.ctx())
	if err != nil {
		return err
	}
	web.SetCookie(c.w, c.r, &http.Cookie{Name: cookieVisit, Value: secret})
	c.visit = v
	return nil
}

// renew gives the visit another cookie: who comes in keeps none that was there before (SEC-49).
func (c *call) renew() error {
	secret, v, err := c.p.office.HandOn(c.ctx(), c.visit.ID)
	if err != nil {
		return err
	}
	web.SetCookie(c.w, c.r, &http.Cookie{Name: cookieVisit, Value: secret})
	c.visit = v
	return nil
}

// journey is the request that the visit walks, nil when nobody is inside.
func (c *call) journey() (*onboarding.Enrolment, error) {
	if !c.inside() {
		return nil, nil
	}
	e, err := c.p.office.Journey(c.ctx(), c.visit)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return e, err
}

// walk brings an event to the request of the visit.
func (c *call) walk(ev onboarding.Event, in onboarding.Input) (*onboarding.Enrolment, error) {
	v, e, err := c.p.office.Walk(c.ctx(), c.visit, ev, in)
	if err == nil {
		c.visit = v
	}
	return e, err
}

// portal is the house of the pages: who is inside, and for whom.
func (c *call) portal() templates.Portal {
	o := templates.Portal{Name: portalName, Address: host(c.p.cfg.BaseURL) + strings.TrimSuffix(c.r.URL.Path, "/"), Console: c.p.cfg.GestoreURL}
	if c.inside() {
		o.User, o.Acting, o.Leave, o.Stop = c.visit.Name, c.visit.ActingName, templates.PathLeave, templates.PathActFor
	}
	return o
}

func host(base string) string {
	_, rest, ok := strings.Cut(base, "://")
	if !ok {
		return base
	}
	return rest
}

// view is what all pages share. step is the page's, by which a lesson knows what stands round it.
func (c *call) view(step string) templates.Visit {
	v := templates.Visit{Portal: c.portal(), Done: templates.PortalDone(c.page, c.query("fatto"))}
	if c.p.cfg.Scene != nil {
		code := spid.FiscalCode("")
		if c.visit != nil {
			code = c.visit.FiscalCode
		}
		v.Scene = c.p.cfg.Scene(c.ctx(), c.page.L(), code, step)
	}
	return v
}

// show answers with a page, or with its twin for machines (UX-81).
func (c *call) show(twin any, page templ.Component) error {
	if web.WantsJSON(c.r) {
		web.JSON(c.w, http.StatusOK, twin)
		return nil
	}
	web.Render(c.w, c.r, http.StatusOK, page)
	return nil
}

// see leads on with 303; machines are told where.
func (c *call) see(path string) error { return c.next(path, nil) }

// next leads on after a step of the request.
func (c *call) next(path string, e *onboarding.Enrolment) error {
	if web.WantsJSON(c.r) {
		out := nextAnswer{Next: path}
		if e != nil {
			out.Enrolment, out.State, out.Name = e.ID, string(e.State), e.State.Name()
		}
		web.JSON(c.w, http.StatusOK, out)
		return nil
	}
	c.w.Header().Set("Cache-Control", "no-store")
	http.Redirect(c.w, c.r, path, http.StatusSeeOther)
	return nil
}

type nextAnswer struct {
	Next      string `json:"next"`
	Enrolment string `json:"enrolment,omitempty"`
	State     string `json:"state,omitempty"`
	Name      string `json:"name,omitempty"`
}
