package portal

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// loginFields are the fields of the pages that ask for a PIN.
var loginFields = fields{"fiscal_code": "cf", "pin": "pin", "new_pin": "new_pin", "profile": "profile"}

// mask asks how to come in (OSC-02).
func (p *Portal) mask(c *call) error {
	view, err := c.maskView()
	if err != nil {
		return err
	}
	return c.show(maskTwin(view), templates.PortalMask(c.page, view))
}

// maskAnswer is the mask for machines.
type maskAnswer struct {
	Ways    []string    `json:"ways"`
	PIN     string      `json:"pin"`   // "tab" or "link"
	Phase   string      `json:"phase"` // of the PIN
	Gestori []idpAnswer `json:"gestori"`
}

type idpAnswer struct {
	IdP  string `json:"idp"`
	Name string `json:"name"`
	Off  string `json:"off,omitempty"`
}

func maskTwin(v templates.PortalMaskView) maskAnswer {
	out := maskAnswer{Ways: []string{"pin", "spid", "cie", "cns"}, PIN: string(v.PIN), Phase: string(v.Phase), Gestori: []idpAnswer{}}
	for _, g := range v.Gestori {
		out.Gestori = append(out.Gestori, idpAnswer{g.Slug, g.Name, g.Off})
	}
	return out
}

func (c *call) maskView() (templates.PortalMaskView, error) {
	v := templates.PortalMaskView{Visit: c.view("mask"), Via: c.query("via"), PIN: templates.PINTab, Phase: c.phase(), FiscalCode: c.query("cf"), Profile: string(onboarding.CitizenProfile)}
	if v.Phase == templates.PINOver { // ONB-13
		v.PIN = templates.PINLink
		if v.Via == "pin" {
			v.PIN = templates.PINForm
		}
	}
	for _, profile := range onboarding.Profiles() {
		v.Profiles = append(v.Profiles, ui.Choice{Value: string(profile), Label: templates.ProfileName(c.page, string(profile))})
	}
	v.Login = []ui.Hidden{{Name: "level", Value: "2"}, {Name: "relay", Value: c.relay()}}
	s, err := c.p.office.Settings(c.ctx())
	if err != nil {
		return v, err
	}
	v.Phone = s.PhonePINAlsoWeb
	if err := c.gestori(&v); err != nil {
		return v, err
	}
	return v, c.people(&v)
}

// relay is where the browser goes after a login: to the app, when it was the app that asked.
func (c *call) relay() string {
	if c.query("app") == "yes" {
		return templates.PathAppArrival
	}
	return templates.PathArrival
}

// phase is what the pages say about the PIN on the simulated day (ONB-53, ONB-54, ONB-57).
func (c *call) phase() templates.PINPhase {
	day := c.p.office.Today()
	switch {
	case day.Before(onboarding.NoNewPIN):
		return templates.PINOpen
	case day.Before(onboarding.EndsAnnounced):
		return templates.PINNoEnd
	case day.Before(onboarding.CitizensOnly):
		return templates.PINEndSet
	case day.Before(onboarding.EndOfPIN):
		return templates.PINCitizen
	}
	return templates.PINOver
}

// gestori fills the access button and the button of the CIE, which is none of its list (UX-24). The CIE comes in with the card itself, as the
// mask says: at level 3, where no password is asked.
func (c *call) gestori(v *templates.PortalMaskView) error {
	list, err := c.p.cfg.IdPs(c.ctx())
	if err != nil {
		return err
	}
	for _, g := range list {
		switch {
		case !g.CIE:
			v.Gestori = append(v.Gestori, templates.SPGestore{Slug: g.Slug, Name: g.Name, Badge: g.Badge, Off: g.Off})
		case g.Off == "":
			v.CIEURL = "/spid/login?" + url.Values{"idp": {g.Slug}, "level": {"3"}, "relay": {c.relay()}}.Encode()
		}
	}
	v.Stable, err = c.stable()
	if !v.Stable {
		shuffle(v.Gestori)
	}
	return err
}

// people are those with a PIN, whom the mask can fill in in dev mode.
func (c *call) people(v *templates.PortalMaskView) error {
	if !c.page.Dev() {
		return nil
	}
	files, err := c.p.office.PINs(c.ctx())
	if err != nil {
		return err
	}
	for _, f := range files {
		person := templates.PortalPersona{Name: f.Name, FiscalCode: string(f.FiscalCode), Kind: string(f.Kind), Status: string(f.Status),
			URL: templates.PathMask + "?" + url.Values{"via": {"pin"}, "cf": {string(f.FiscalCode)}, "fill": {"yes"}}.Encode()}
		if person.Picked = person.FiscalCode == v.FiscalCode; person.Picked && c.query("fill") == "yes" {
			v.Fill = f.Code
		}
		v.People = append(v.People, person)
	}
	return nil
}

// pinLogin comes in with a PIN; the sub-steps of a first or an expired PIN follow on pages of their own (ONB-33, ONB-34).
func (p *Portal) pinLogin(c *call) error {
	if c.field("via") == "phone" {
		return c.phoneLogin()
	}
	in := onboarding.Input{FiscalCode: c.field("cf"), PIN: c.field("pin"), Profile: c.field("profile")}
	e, err := c.login(in)
	var d *onboarding.Denied
	if errors.As(err, &d) && !web.WantsJSON(c.r) {
		switch {
		case d.Code == onboarding.PINBadForm:
			return c.first(http.StatusOK, nil)
		case d.Field == "renew":
			return c.expired(http.StatusOK, nil)
		}
	}
	if err != nil {
		return c.maskAgain(err, in)
	}
	return c.next(statePath(e.State), e)
}

// phoneLogin comes in with the telephone PIN, where the switch shows that reading of the sources (ONB-156).
func (c *call) phoneLogin() error {
	if err := c.toMask(); err != nil {
		return err
	}
	v, err := c.p.office.PhoneLogin(c.ctx(), c.visit, c.field("cf"), c.field("code"))
	if err == nil {
		c.visit = v
		if err := c.renew(); err != nil {
			return err
		}
		return c.see(ui.PathPortalMine)
	}
	view, failed := c.maskView()
	if failed != nil {
		return failed
	}
	view.Via, view.FiscalCode = "phone", c.field("cf")
	return c.again(err, fields{"code": "code"}, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.PortalMask(c.page, view)
	})
}

func (c *call) maskAgain(err error, in onboarding.Input) error {
	view, failed := c.maskView()
	if failed != nil {
		return failed
	}
	view.Via, view.FiscalCode, view.Profile = "pin", in.FiscalCode, in.Profile
	if view.PIN == templates.PINLink {
		view.PIN = templates.PINForm
	}
	return c.again(err, loginFields, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.PortalMask(c.page, view)
	})
}

// login brings a PIN to the mask and goes on to the notice or the services.
func (c *call) login(in onboarding.Input) (*onboarding.Enrolment, error) {
	if err := c.toMask(); err != nil {
		return nil, err
	}
	if e, err := c.walk(onboarding.EvPINLogin, in); err != nil {
		return e, err
	}
	if err := c.renew(); err != nil {
		return nil, err
	}
	return c.walk(onboarding.EvContinue, onboarding.Input{})
}

// toMask brings the browser to the mask, wherever it was before.
func (c *call) toMask() error {
	if c.visit != nil {
		e, err := c.p.office.Journey(c.ctx(), c.visit)
		if err == nil && e.State == onboarding.AtMask && !c.inside() {
			return nil
		}
	}
	if err := c.enter(); err != nil {
		return err
	}
	_, err := c.walk(onboarding.EvEnter, onboarding.Input{})
	return err
}

// statePath is the page of a state.
func statePath(s onboarding.State) string {
	switch s {
	case onboarding.AtHome, onboarding.AtMask:
		return templates.PathMask
	case onboarding.AtNotice:
		return templates.PathNotice
	case onboarding.AtGuide:
		return templates.PathGuided
	case onboarding.AtList:
		return templates.PathIdPs
	case onboarding.AtHandoff:
		return templates.PathHandoff
	}
	return ui.PathPortalMine
}
