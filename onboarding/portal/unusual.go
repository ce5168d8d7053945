package portal

import (
	"errors"

	"github.com/a-h/templ"

	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// unusual asks who came by another means than usual to confirm it (ONB-149).
func (p *Portal) unusual(c *call) error {
	if c.visit == nil || c.visit.Held == nil {
		return c.see(ui.PathPortalMine)
	}
	return c.show(map[string]string{"means": c.visit.Held.Arrival.Means}, templates.PortalUnusual(c.page, c.unusualView()))
}

func (c *call) unusualView() templates.PortalUnusualView {
	a := c.visit.Held.Arrival
	return templates.PortalUnusualView{Visit: c.view("unusual"), Means: templates.MeansName(c.page, a.Means, a.Level)}
}

// confirm takes the code that was mailed, and lets the person in under a fresh cookie (SEC-49).
func (p *Portal) confirm(c *call) error {
	if c.visit == nil || c.visit.Held == nil {
		return onboarding.Deny(onboarding.WrongStep).By("ONB-149")
	}
	v, err := p.office.Confirm(c.ctx(), c.visit, c.field("code"))
	if err == nil {
		c.visit = v
		if err := c.renew(); err != nil {
			return err
		}
		return c.see(ui.PathPortalMine)
	}
	view := c.unusualView()
	var d *onboarding.Denied
	if errors.As(err, &d) && (d.Code != onboarding.ContactWrong || d.Left == 0) && c.visit.Held.Arrival.Session != "" {
		view.Again = templates.PathArrival
	}
	return c.again(err, fields{"code": "code"}, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.PortalUnusual(c.page, view)
	})
}
