package portal

import (
	"errors"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"spidsim/internal/clock"
	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// requestOf is the request of who is inside. Who is not is sent to the mask.
func (c *call) requestOf() (*onboarding.Enrolment, error) {
	e, err := c.journey()
	if err == nil && e == nil {
		return nil, c.see(templates.PathMask)
	}
	return e, err
}

// notice invites to get SPID (OSC-03). It is there only while the request stands at it.
func (p *Portal) notice(c *call) error {
	e, err := c.requestOf()
	if err != nil || e == nil {
		return err
	}
	if e.State != onboarding.AtNotice {
		return c.see(statePath(e.State))
	}
	view := templates.PortalNoticeView{Visit: c.view("notice"), Person: e.Name(), Phase: c.phase()}
	return c.show(stateTwin(e), templates.PortalNotice(c.page, view))
}

func stateTwin(e *onboarding.Enrolment) nextAnswer {
	return nextAnswer{Next: statePath(e.State), Enrolment: e.ID, State: string(e.State), Name: e.State.Name()}
}

// leaveNotice goes on to the services or to the request (ONB-72, ONB-73).
func (p *Portal) leaveNotice(c *call) error {
	e, err := c.requestOf()
	if err != nil || e == nil {
		return err
	}
	ev := onboarding.EvGo
	switch {
	case c.field("go") == "request":
		ev = onboarding.EvRequest
	case c.field("remind") == "yes":
		ev = onboarding.EvRemindGo
	}
	if e, err = c.walk(ev, onboarding.Input{}); err != nil {
		return c.elsewhere(e, err)
	}
	return c.next(statePath(e.State), e)
}

// elsewhere leads who made a step that is not possible now to the page where the request stands.
func (c *call) elsewhere(e *onboarding.Enrolment, err error) error {
	var d *onboarding.Denied
	if e == nil || web.WantsJSON(c.r) || !errors.As(err, &d) || d.Code != onboarding.WrongStep {
		return err
	}
	return c.see(statePath(e.State))
}

// guided explains the three steps and asks for the consent (OSC-04). Looking at it moves nothing.
func (p *Portal) guided(c *call) error {
	e, err := c.requestOf()
	if err != nil || e == nil {
		return err
	}
	view := templates.PortalGuidedView{Visit: c.view("guided")}
	return c.show(stateTwin(e), templates.PortalGuided(c.page, view))
}

// consent opens the list of gestori, with the person's consent to the hand-off of exactly three data (ONB-76).
func (p *Portal) consent(c *call) error {
	e, err := c.requestOf()
	if err != nil || e == nil {
		return err
	}
	if e, err = c.toGuide(e); err != nil {
		return c.elsewhere(e, err)
	}
	e, err = c.walk(onboarding.EvOpenList, onboarding.Input{Consent: c.field("consent") == "yes"})
	if err != nil && e != nil && e.State != onboarding.AtGuide {
		return c.elsewhere(e, err)
	}
	if err != nil {
		return c.again(err, fields{"consent": "consent"}, c.view("guided"), func(v templates.Visit) templ.Component {
			return templates.PortalGuided(c.page, templates.PortalGuidedView{Visit: v})
		})
	}
	return c.next(templates.PathIdPs, e)
}

// toGuide brings a request to the guide: from the services, from further on, or anew when the one before has ended.
func (c *call) toGuide(e *onboarding.Enrolment) (*onboarding.Enrolment, error) {
	for range 3 { // from the hand-off it is two steps back
		ev, ok := map[onboarding.State]onboarding.Event{
			onboarding.AtNotice: onboarding.EvRequest, onboarding.AtServices: onboarding.EvRequest, onboarding.AtList: onboarding.EvBack, onboarding.AtHandoff: onboarding.EvBack,
			onboarding.Cancelled: onboarding.EvRestart, onboarding.Lapsed: onboarding.EvRestart, onboarding.Rejected: onboarding.EvRestart,
		}[e.State]
		if !ok {
			return e, nil
		}
		var err error
		if e, err = c.walk(ev, onboarding.Input{}); err != nil {
			return e, err
		}
	}
	return e, nil
}

// gestori is the list of OSC-05.
func (p *Portal) gestori(c *call) error {
	e, err := c.requestOf()
	if err != nil || e == nil {
		return err
	}
	if e.State != onboarding.AtList && e.State != onboarding.AtHandoff {
		return c.see(statePath(e.State))
	}
	view, err := c.listView()
	if err != nil {
		return err
	}
	return c.show(listTwin(view), templates.PortalIdPs(c.page, view))
}

type offerAnswer struct {
	IdP      string   `json:"idp"`
	Name     string   `json:"name"`
	Assisted bool     `json:"assisted"`
	Levels   []int    `json:"levels"`
	Area     string   `json:"area"`
	Modes    []string `json:"modes"`
}

func listTwin(v templates.PortalIdPsView) []offerAnswer {
	out := []offerAnswer{}
	for _, g := range v.Items {
		o := offerAnswer{IdP: g.Slug, Name: g.Name, Assisted: !g.Off, Levels: g.Levels, Area: g.Area, Modes: []string{}}
		for _, m := range g.Modes {
			o.Modes = append(o.Modes, m.Key)
		}
		out = append(out, o)
	}
	return out
}

func (c *call) listView() (templates.PortalIdPsView, error) {
	day := c.p.office.Today()
	view := templates.PortalIdPsView{Visit: c.view("idp-list"), Year: day.String()[:4], Items: offers(c.p.office.Gestori(), day)}
	stable, err := c.stable()
	if view.Stable = stable; !stable {
		shuffle(view.Items)
	}
	slices.SortStableFunc(view.Items, func(a, b templates.PortalIdP) int { return last(a.Off) - last(b.Off) })
	return view, err
}

func last(off bool) int {
	if off {
		return 1
	}
	return 0
}

// offers are gestori with their facts of a day.
func offers(list []onboarding.Provider, day clock.Day) []templates.PortalIdP {
	var out []templates.PortalIdP
	for _, g := range list {
		item := templates.PortalIdP{Slug: g.Slug, Name: g.Name, Levels: g.LevelsOn(day), Area: g.Area, Off: !g.Assisted}
		for _, o := range g.Offers(onboarding.Citizen{}, day) {
			if o.Offered {
				item.Modes = append(item.Modes, templates.PortalMode{Key: string(o.Key), Cents: o.Price.Cents, Paid: o.Price.Paid, Symbolic: o.Price.Note, Year: o.Price.Year})
			}
		}
		if fee, due := g.FeeOn(day); due {
			item.Fee = &templates.PortalFee{Cents: fee.Cents, PlusVAT: fee.PlusVAT, After: fee.After, Year: fee.From.Year}
		}
		out = append(out, item)
	}
	return out
}

// choose takes a gestore of the list.
func (p *Portal) choose(c *call) error {
	e, err := c.requestOf()
	if err != nil || e == nil {
		return err
	}
	if e.State == onboarding.AtHandoff { // back with the browser's button
		if e, err = c.walk(onboarding.EvBack, onboarding.Input{}); err != nil {
			return c.elsewhere(e, err)
		}
	}
	e, err = c.walk(onboarding.EvChoose, onboarding.Input{IdP: c.field("idp")})
	if err == nil {
		return c.next(statePath(e.State), e)
	}
	if e != nil && e.State != onboarding.AtList {
		return c.elsewhere(e, err)
	}
	view, failed := c.listView()
	if failed != nil {
		return failed
	}
	return c.again(err, nil, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.PortalIdPs(c.page, view)
	})
}

// slip shows the three data and where they go (OSC-06).
func (p *Portal) slip(c *call) error {
	e, err := c.requestOf()
	if err != nil || e == nil {
		return err
	}
	if e.State != onboarding.AtHandoff {
		return c.see(statePath(e.State))
	}
	s, err := p.office.Settings(c.ctx())
	if err != nil {
		return err
	}
	data := e.HandedOver()
	view := templates.PortalHandoffView{Visit: c.view("handoff"), Gestore: c.gestore(e.IdP), Life: s.HandoffLife,
		Address: p.cfg.GestoreURL + "/idp/" + e.IdP + "/consegna",
		Data:    []templates.AttributeValue{{Name: "fiscalNumber", Value: string(data.FiscalCode)}, {Name: "familyName", Value: data.FamilyName}, {Name: "name", Value: data.GivenName}}}
	twin := map[string]any{"idp": e.IdP, "state": e.State, "data": map[string]string{"fiscal_code": string(data.FiscalCode), "family_name": data.FamilyName, "given_name": data.GivenName}}
	return c.show(twin, templates.PortalHandoff(c.page, view))
}

func (c *call) gestore(slug string) templates.Gestore {
	g, ok := c.p.office.Gestore(slug)
	if !ok {
		return templates.Gestore{Slug: slug, Name: slug}
	}
	return templates.Gestore{Slug: g.Slug, Name: g.Name}
}

// handOver makes the message and gives the browser the form that carries it to the gestore (ONB-81).
func (p *Portal) handOver(c *call) error {
	e, err := c.requestOf()
	if err != nil || e == nil {
		return err
	}
	if c.field("cancel") == "yes" {
		if e, err = c.walk(onboarding.EvBack, onboarding.Input{}); err != nil {
			return c.elsewhere(e, err)
		}
		return c.next(statePath(e.State), e)
	}
	parcel, err := p.office.HandOver(c.ctx(), e.ID)
	if err != nil {
		return c.elsewhere(e, err)
	}
	if web.WantsJSON(c.r) {
		web.JSON(c.w, http.StatusOK, parcelAnswer{parcel.MessageID, parcel.Action, parcel.Param, parcel.Message, parcel.RelayState})
		return nil
	}
	view := templates.AutoPostView{Portal: c.portal(), Action: parcel.Action, Param: parcel.Param, Message: parcel.Message, RelayState: &parcel.RelayState, To: c.gestore(e.IdP).Name}
	web.RenderPost(c.w, c.r, http.StatusOK, templates.AutoPost(c.page, view), parcel.Action)
	return nil
}

type parcelAnswer struct {
	MessageID  string `json:"message_id"`
	Action     string `json:"action"`
	Param      string `json:"param"`
	Message    string `json:"message"`
	RelayState string `json:"relay_state"`
}

// answer is spInfoPage: the browser brings the gestore's synchronous answer (ONB-83).
func (p *Portal) answer(c *call) error {
	e, out, err := p.office.TakeResult(c.ctx(), c.input, true)
	if err != nil {
		return c.badAnswer(err)
	}
	c.page.Switch = ui.PathPortalMine
	result := resultName(out.Code)
	view := templates.PortalAnswerView{Visit: c.view("answer"), Gestore: c.gestore(out.Slug).Name, Result: result}
	if e.State.Open() {
		view.BackURL = p.cfg.GestoreURL + "/idp/" + e.IdP + "/richiedi/" + e.ID
	}
	return c.show(map[string]string{"result": result, "idp": out.Slug, "enrolment": e.ID}, templates.PortalAnswer(c.page, view))
}

// answerLater is spEndpointResult: the gestore's server brings an asynchronous answer (ONB-83).
func (p *Portal) answerLater(c *call) error {
	if _, _, err := p.office.TakeResult(c.ctx(), c.input, false); err != nil {
		return c.badAnswer(err)
	}
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// badAnswer is an answer that nobody can have sent: the cause goes to the log, who sent it learns that it was refused.
func (c *call) badAnswer(err error) error {
	var d *onboarding.Denied
	if errors.As(err, &d) {
		return err
	}
	c.p.log.Warn("answer of a gestore refused", "err", err)
	if errors.Is(err, store.ErrNotFound) {
		return err
	}
	return web.BadRequest("result", "the answer of the gestore cannot be read, or is not signed by one that we know (ONB-83)")
}
