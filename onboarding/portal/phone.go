package portal

import (
	"github.com/a-h/templ"

	"spidsim/onboarding"
	"spidsim/spid"
	"spidsim/templates"
)

// phonePIN shows the telephone PIN that there is, and those before it (OSC-29).
func (p *Portal) phonePIN(c *call) error {
	if err := c.strong(); err != nil {
		return err
	}
	view, err := c.phoneView()
	if err != nil {
		return err
	}
	return c.show(view.History, templates.PortalPhonePINPage(c.page, view))
}

// strong refuses who is not inside with a digital identity (ONB-151).
func (c *call) strong() error {
	switch {
	case !c.visit.StrongMeans():
		return onboarding.Deny(onboarding.NotHolder)
	case c.visit.Means != "cns" && c.visit.Level < 2:
		return onboarding.Deny(onboarding.LevelTooLow)
	}
	return nil
}

// principal is whose data the pages show: the person's, or those of whom the person acts for.
func (c *call) principal() spid.FiscalCode {
	if c.visit.ActingFor != "" {
		return c.visit.ActingFor
	}
	return c.visit.FiscalCode
}

func (c *call) phoneView() (templates.PortalPhonePINView, error) {
	view := templates.PortalPhonePINView{Visit: c.view("phone-pin"), Duration: c.field("duration")}
	s, err := c.p.office.Settings(c.ctx())
	if err != nil {
		return view, err
	}
	view.AlsoWeb = s.PhonePINAlsoWeb
	list, err := c.p.office.PhonePINs(c.ctx(), string(c.principal()))
	for _, x := range list {
		row := templates.PortalPhonePIN{Made: x.Created, Until: x.Until, Duration: x.Duration, State: c.phoneState(x)}
		if row.State == "active" && view.Current == nil {
			view.Current = &row
		}
		view.History = append(view.History, row)
	}
	return view, unlessDenied(err)
}

func (c *call) phoneState(x *onboarding.PhonePIN) string {
	switch {
	case !x.Replaced.IsZero():
		return "replaced"
	case !c.p.office.Now().Before(x.Until):
		return "expired"
	}
	return "active"
}

type phoneAnswer struct {
	Code    string   `json:"code"`
	Until   string   `json:"until"` // RFC 3339, UTC
	Spelled []string `json:"spelled"`
}

// makePhonePIN makes one; its page shows it this once (ONB-153, ONB-154).
func (p *Portal) makePhonePIN(c *call) error {
	if err := c.strong(); err != nil {
		return err
	}
	made, err := p.office.CreatePhonePIN(c.ctx(), c.visit, c.field("duration"))
	view, failed := c.phoneView()
	if failed != nil {
		return failed
	}
	if err != nil {
		return c.again(err, fields{"duration": "duration"}, view.Visit, func(v templates.Visit) templ.Component {
			view.Visit = v
			return templates.PortalPhonePINPage(c.page, view)
		})
	}
	view.Code, view.Until, view.Spelled = made.Code, made.Until, onboarding.Spell(made.Code, c.page.L())
	c.w.Header().Set("Cache-Control", "no-store")
	twin := phoneAnswer{made.Code, made.Until.Format("2006-01-02T15:04:05Z07:00"), view.Spelled}
	return c.show(twin, templates.PortalPhonePINPage(c.page, view))
}

// contactCentre is the clerk who checks a telephone PIN (OSC-35).
func (p *Portal) contactCentre(c *call) error {
	return c.show(struct{}{}, templates.ContactCentre(c.page, templates.ContactCentreView{Visit: c.view("contact-centre")}))
}

// checkCode says what the code of a caller is worth (ONB-157).
func (p *Portal) checkCode(c *call) error {
	check, err := p.office.CheckPhonePIN(c.ctx(), c.field("cf"), c.field("code"))
	if err != nil {
		return err
	}
	view := templates.ContactCentreView{Visit: c.view("contact-centre"), FiscalCode: c.field("cf"), Code: c.field("code"),
		Outcome: string(check.Answer), Person: check.Name, Until: check.Until}
	return c.show(map[string]string{"outcome": view.Outcome, "name": view.Person}, templates.ContactCentre(c.page, view))
}
