package portal

import (
	"strings"

	"github.com/a-h/templ"

	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// counter is the institute's clerk who registers, checks and ends delegations (ONB-166…168, ONB-172, ONB-174, ONB-175).
func (p *Portal) counter(c *call) error {
	view, err := c.counterView(c.query("module"))
	if err != nil {
		return err
	}
	return c.show(view.Active, templates.DelegationCounter(c.page, view))
}

func (c *call) counterView(module string) (templates.DelegationCounterView, error) {
	view := templates.DelegationCounterView{Visit: c.view("delegation-counter"), Module: module, Principal: c.field("principal"), Delegate: c.field("delegate"),
		Role: c.field("role"), Papers: c.input["papers"], Identified: c.field("identified") == "yes", Until: c.field("until"),
		CheckPrincipal: c.field("check_principal"), CheckDelegate: c.field("check_delegate"), CheckIdentified: c.field("check_identified") == "yes"}
	people, err := c.p.office.Citizens(c.ctx())
	if err != nil {
		return view, err
	}
	for _, who := range people {
		view.People = append(view.People, ui.Choice{Value: string(who.FiscalCode), Label: who.Name() + " – " + string(who.FiscalCode)})
	}
	all, err := c.p.office.Delegations(c.ctx())
	for _, d := range all {
		row := shown(d, d.PrincipalName+" → "+d.DelegateName, true)
		switch d.State {
		case onboarding.DelegationVerifying:
			view.Waiting = append(view.Waiting, row)
		case onboarding.DelegationActive:
			view.Active = append(view.Active, row)
		}
	}
	return view, err
}

// atCounter does what the clerk presses.
func (p *Portal) atCounter(c *call) error {
	if c.field("check") != "" {
		return c.checkAtCounter()
	}
	d, err := c.clerk()
	module := c.field("module")
	if err == nil {
		return c.see(templates.PathDelegationCounter + "?module=" + module + "&fatto=" + doneAtCounter(d))
	}
	view, failed := c.counterView(module)
	if failed != nil {
		return failed
	}
	names := fields{"principal": "principal", "delegate": "delegate", "kind": "role", "papers": "papers", "form": "papers", "until": "until", "identified": "identified"}
	return c.again(err, names, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.DelegationCounter(c.page, view)
	})
}

// checkAtCounter says whether the delegate who stands here may act for the principal (ONB-172).
func (c *call) checkAtCounter() error {
	view, err := c.counterView(c.query("module"))
	if err != nil {
		return err
	}
	d, err := c.p.office.VerifyAtCounter(c.ctx(), onboarding.CounterCheck{Principal: view.CheckPrincipal, Delegate: view.CheckDelegate, Identified: view.CheckIdentified, By: clerk})
	if err == nil {
		view.Checked = &templates.CheckedDelegation{Principal: d.PrincipalName, Delegate: d.DelegateName}
		return c.show(d, templates.DelegationCounter(c.page, view))
	}
	names := fields{"principal": "check_principal", "delegate": "check_delegate", "identified": "check_identified"}
	return c.again(err, names, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.DelegationCounter(c.page, view)
	})
}

func doneAtCounter(d *onboarding.Delegation) string {
	switch d.State {
	case onboarding.DelegationRevoked:
		return "revocata"
	case onboarding.DelegationVerifying:
		return "verifica"
	}
	return "delega"
}

// clerk registers a delegation, takes the answer of the authority, or ends one.
func (c *call) clerk() (*onboarding.Delegation, error) {
	switch {
	case c.field("revoke") != "":
		return c.p.office.RevokeAtCounter(c.ctx(), c.field("revoke"), onboarding.Revocation{By: clerk})
	case c.field("verify") != "":
		return c.p.office.VerifyDelegation(c.ctx(), c.field("verify"), c.field("outcome") == "ok", clerk)
	case c.field("module") != byMail && c.field("identified") != "yes": // the clerk identifies who applies (ONB-166)
		return nil, onboarding.Deny(onboarding.DocumentMissing).By("ONB-166").At("identified")
	}
	until, err := day(c.field("until"))
	if err != nil {
		return nil, err
	}
	r := c.registration()
	r.Until = until
	if c.field("module") == byMail {
		return c.p.office.RegisterByPEC(c.ctx(), r)
	}
	return c.p.office.RegisterAtCounter(c.ctx(), r)
}

// byMail is the choice for documents that come by certified mail: form AA10, signed (ONB-175).
const byMail = "PEC"

// registration is what the clerk's form says.
func (c *call) registration() onboarding.Registration {
	r := onboarding.Registration{Principal: c.field("principal"), Delegate: c.field("delegate"), Form: onboarding.DelegationForm(c.field("module")), By: clerk}
	if c.field("module") == byMail {
		r.Form = onboarding.AA10
	}
	if r.Form == onboarding.AA10 {
		r.Kind = onboarding.DelegationKind(strings.ToLower(c.field("role")))
	}
	for _, paper := range c.input["papers"] {
		r.Papers = append(r.Papers, onboarding.Paper(paper))
	}
	return r
}
