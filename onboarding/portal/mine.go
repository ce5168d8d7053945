package portal

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"spidsim/internal/outbox"
	"spidsim/internal/store"
	"spidsim/onboarding"
	"spidsim/spid"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// resultName is how an answer is written, "nr100" (ONB-83).
func resultName(code int) string { return "nr" + strconv.Itoa(code) }

// home is the first page, with its search (OSC-01).
func (p *Portal) home(c *call) error {
	query := c.query("q")
	view := templates.PortalHomeView{Visit: c.view("home"), Query: query, Found: search(c.page, query), LeftJust: c.query("left") == "yes"}
	return c.show(servicesTwin(c.page, view), templates.PortalHome(c.page, view))
}

type serviceAnswer struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
	Open bool   `json:"open"`
}

func servicesTwin(p ui.Page, v templates.PortalHomeView) []serviceAnswer {
	list := v.Found
	if v.Query == "" {
		list = templates.PortalServices(p)
	}
	out := []serviceAnswer{}
	for _, s := range list {
		out = append(out, serviceAnswer{s.Slug, s.Name, s.Open})
	}
	return out
}

// search finds services by the beginnings of words, on this computer.
func search(p ui.Page, query string) []templates.PortalService {
	query = strings.ToLower(query)
	if query == "" {
		return nil
	}
	return slices.DeleteFunc(templates.PortalServices(p), func(s templates.PortalService) bool {
		return !strings.Contains(strings.ToLower(s.Name+" "+s.Words+" "+s.Slug), query)
	})
}

// serviceKeys are the engine's names of the services.
var serviceKeys = map[string]string{"pensione": "pension", "contributi": "contributions", "bonus": "bonus", "assegni": "allowance"}

// mine is MyINPS (OSC-28). Who is not inside is asked how to come in; who still has to read the notice reads it first (ONB-70).
func (p *Portal) mine(c *call) error {
	e, err := c.requestOf()
	if err != nil || e == nil {
		return err
	}
	if e.State == onboarding.AtNotice {
		return c.see(templates.PathNotice)
	}
	view, err := c.mineView()
	if err != nil {
		return err
	}
	return c.show(mineTwin(c, e, view), templates.PortalMy(c.page, view))
}

type mineAnswer struct {
	Means     string   `json:"means"`
	Level     int      `json:"level"`
	Name      string   `json:"name"`
	ActingFor string   `json:"acting_for,omitempty"`
	Enrolment string   `json:"enrolment"`
	State     string   `json:"state"`
	Results   []string `json:"results"`
	PhonePIN  bool     `json:"phone_pin"`
	Kept      int      `json:"kept"` // applications that wait for the conversion of the PIN (ONB-31)
}

func mineTwin(c *call, e *onboarding.Enrolment, v templates.PortalMyView) mineAnswer {
	out := mineAnswer{Means: c.visit.Means, Level: c.visit.Level, Name: c.visit.Name, ActingFor: string(c.visit.ActingFor), Enrolment: e.ID, State: string(e.State),
		PhonePIN: v.PhonePIN, Results: []string{}}
	for _, f := range v.Filed {
		if f.Kept {
			out.Kept++
		}
	}
	if v.Request != nil {
		for _, a := range v.Request.Answers {
			out.Results = append(out.Results, a.Result)
		}
	}
	return out
}

func (c *call) mineView() (view templates.PortalMyView, err error) {
	v := c.visit
	view = templates.PortalMyView{Visit: c.view("services"), Person: v.Name, PhonePIN: v.StrongMeans()}
	if v.ActingName != "" {
		view.Person = v.ActingName
	}
	view.Means = templates.MeansName(c.page, v.Means, v.Level)
	for _, s := range templates.PortalServices(c.page) {
		view.Services = append(view.Services, templates.PortalMyService{Slug: s.Slug, Name: s.Name, Words: s.Words, Level: 2})
	}
	if view.Request, err = c.lastRequest(); err != nil {
		return view, err
	}
	view.Guided = c.mayAsk(view.Request)
	if view.PIN, err = c.pinState(); err != nil {
		return view, err
	}
	if view.Messages, err = c.letters(); err != nil {
		return view, err
	}
	if view.Filed, err = c.filed(); err != nil {
		return view, err
	}
	if view.Profiles, err = c.profiles(); err != nil {
		return view, err
	}
	book, err := c.p.office.DelegationsOf(c.ctx(), string(v.FiscalCode))
	view.ActFor = len(book.Principals())
	return view, unlessDenied(err)
}

// filed are the applications of who is served, with the names of their services (ONB-31).
func (c *call) filed() (list []templates.PortalFiled, err error) {
	all, err := c.p.office.Applications(c.ctx(), c.visit.For())
	for _, a := range all {
		for _, s := range templates.PortalServices(c.page) {
			if serviceKeys[s.Slug] == a.Service {
				list = append(list, templates.PortalFiled{Service: s.Name, At: a.Filed, Kept: a.Kept})
			}
		}
	}
	return list, err
}

// profiles are the capacities in which the person may come: they hang on the codice fiscale, whatever the means (ONB-22).
func (c *call) profiles() (names []string, err error) {
	who, err := c.p.office.Citizen(c.ctx(), string(c.visit.FiscalCode))
	if err != nil || c.visit.ActingFor != "" {
		return nil, unlessDenied(err)
	}
	for _, profile := range onboarding.Profiles() {
		if who.HasProfile(profile) {
			names = append(names, templates.ProfileName(c.page, string(profile)))
		}
	}
	return names, nil
}

// mayAsk reports whether the guided request is offered: to who came without SPID for their own things, unless a request runs or brought it
// about. One that ended without an identity may be followed by another at once (ONB-111).
func (c *call) mayAsk(last *templates.PortalRequest) bool {
	if c.visit.ActingFor != "" || c.visit.Means == "spid" {
		return false
	}
	return last == nil || last.Stage != "waiting" && last.Stage != "active"
}

// lastRequest is the newest request of the person that has reached a gestore.
func (c *call) lastRequest() (*templates.PortalRequest, error) {
	all, err := c.p.office.Enrolments(c.ctx(), 0)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(x *onboarding.Enrolment) bool {
		return x.FiscalCode != c.visit.FiscalCode || x.State.AtPortal() || x.Merged != ""
	})
	if len(all) == 0 {
		return nil, nil
	}
	newest := slices.MaxFunc(all, func(a, b *onboarding.Enrolment) int { return a.Changed.Compare(b.Changed) })
	e, err := c.p.office.Enrolment(c.ctx(), newest.ID)
	if err != nil {
		return nil, err
	}
	out := &templates.PortalRequest{Gestore: c.gestore(e.IdP).Name, Since: e.Created, Stage: stage(e.State)}
	for _, a := range e.Results {
		if !a.Delivered.IsZero() {
			out.Answers = append(out.Answers, templates.PortalResult{Result: resultName(a.Code), At: a.Delivered})
		}
	}
	if e.State.Open() {
		out.URL = c.p.cfg.GestoreURL + "/idp/" + e.IdP + "/richiedi/" + e.ID
	}
	return out, nil
}

// stage says in one word where a request at a gestore is.
func stage(s onboarding.State) string {
	switch s {
	case onboarding.Active, onboarding.Already:
		return "active"
	case onboarding.Cancelled:
		return "cancelled"
	case onboarding.Lapsed:
		return "expired"
	case onboarding.Rejected:
		return "refused"
	}
	return "waiting"
}

func (c *call) pinState() (*templates.PortalPINState, error) {
	if c.visit.Means != "pin" {
		return nil, nil
	}
	f, err := c.p.office.PIN(c.ctx(), string(c.visit.FiscalCode))
	if err != nil {
		return nil, unlessDenied(err)
	}
	return &templates.PortalPINState{Kind: string(f.Kind), Expires: f.LastDay, Convert: f.Kind == onboarding.Ordinary}, nil
}

// letters are what the institute wrote to the person; codes stay on the phone and in the letters.
func (c *call) letters() ([]templates.PortalNote, error) {
	if c.p.cfg.Outbox == nil {
		return nil, nil
	}
	who, err := c.p.office.Citizen(c.ctx(), string(c.visit.FiscalCode))
	if err != nil {
		return nil, unlessDenied(err)
	}
	list, err := c.p.cfg.Outbox.List(c.ctx(), outbox.Filter{User: who.Username, Channel: outbox.Email}, 20)
	var notes []templates.PortalNote
	for _, m := range list {
		if m.IdP == "" && m.Code == "" {
			notes = append(notes, templates.PortalNote{At: m.At, Subject: cmp.Or(m.Subject, portalName), Text: m.Text})
		}
	}
	return notes, err
}

// service shows one service: to everybody what anybody may read, to who is inside the reserved part, if the rules open it (ONB-11, ONB-19).
func (p *Portal) service(c *call) error {
	view, key, err := c.serviceView()
	if err != nil {
		return err
	}
	if c.inside() {
		outcome, err := c.use(key)
		if err != nil {
			return err
		}
		view.Inside, view.Apply = true, key.Dispositive
		view.Filed = c.query("fatto") == "domanda"
		view.Kept = view.Filed && outcome.Kept
		view.Done = ""
	}
	twin := map[string]any{"service": view.Service.Slug, "inside": view.Inside, "filed": view.Filed, "kept": view.Kept}
	return c.show(twin, templates.PortalServicePage(c.page, view))
}

func (c *call) serviceView() (view templates.PortalServiceView, key onboarding.Service, err error) {
	slug := mux.Vars(c.r)["slug"]
	for _, s := range templates.PortalServices(c.page) {
		if s.Slug != slug {
			continue
		}
		view = templates.PortalServiceView{Visit: c.view("service"), Text: s.Text,
			Service: templates.PortalMyService{Slug: s.Slug, Name: s.Name, Words: s.Words, Level: int(spid.L2)}}
	}
	for _, s := range onboarding.Services() {
		if s.Key == serviceKeys[slug] {
			return view, s, nil
		}
	}
	return view, key, store.ErrNotFound
}

// use asks the engine whether the visit may use a service. What is done for somebody else is traced (ONB-171).
func (c *call) use(s onboarding.Service) (onboarding.ServiceOutcome, error) {
	if c.visit.ActingFor != "" {
		if err := c.p.office.Act(c.ctx(), c.visit, s.Key); err != nil {
			return onboarding.ServiceOutcome{}, err
		}
	}
	return c.p.office.Open(c.ctx(), c.visit, s)
}

// apply files an application, which nobody receives. With an ordinary PIN it is kept until the conversion (ONB-31).
func (p *Portal) apply(c *call) error {
	_, key, err := c.serviceView()
	if err != nil {
		return err
	}
	if !c.inside() {
		return c.see(templates.PathMask)
	}
	if _, err := c.use(key); err != nil {
		return err
	}
	if _, err := p.office.Apply(c.ctx(), c.visit, key); err != nil {
		return err
	}
	return c.see(c.r.URL.Path + "?fatto=domanda")
}
