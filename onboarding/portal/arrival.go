package portal

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// arrival takes in who comes back from a gestore or with the CIE, and leads to MyINPS (ONB-15).
func (p *Portal) arrival(c *call) error { return c.arrive(ui.PathPortalMine) }

// appArrival is the same for the app (ONB-20).
func (p *Portal) appArrival(c *call) error { return c.arrive(ui.PathPortalApp) }

func (c *call) arrive(to string) error {
	who, err := c.p.cfg.Sessions.Who(c.r)
	if err != nil {
		return err
	}
	if who == nil || who.FiscalCode == "" {
		return onboarding.Deny(onboarding.NotHolder).Because("nobody has logged in at the service provider of this origin, or without a codice fiscale")
	}
	err = c.letIn(onboarding.Arrival{Means: who.Means, Level: who.Level, FiscalCode: who.FiscalCode, Name: who.Name, Gestore: who.Gestore, Session: who.Session})
	if err != nil {
		return err
	}
	return c.through(to)
}

// through leads on who is let in, or to the page that asks to confirm an unusual means (ONB-149).
func (c *call) through(to string) error {
	if !c.inside() {
		return c.see(templates.PathConfirm)
	}
	return c.see(to)
}

// letIn makes the arrival that of this browser. One that was taken in before, or waits for its confirmation, changes nothing.
func (c *call) letIn(a onboarding.Arrival) error {
	if !c.visit.Waits(a) && (c.visit == nil || c.visit.Session != a.Session || a.Session == "") {
		if err := c.enter(); err != nil {
			return err
		}
	}
	v, err := c.p.office.Welcome(c.ctx(), c.visit, a)
	c.visit = v
	return err
}

// leave ends the visit, and the login at the service provider with it.
func (p *Portal) leave(c *call) error {
	if c.visit != nil {
		if err := p.office.Leave(c.ctx(), c.visit); err != nil {
			return err
		}
	}
	if err := p.cfg.Sessions.End(c.w, c.r); err != nil {
		return err
	}
	web.DropCookie(c.w, c.r, cookieVisit, "/")
	return c.see(ui.PathPortal + "?left=yes")
}

// reader is the drawn reader for the CNS.
func (p *Portal) reader(c *call) error {
	view, err := c.readerView("")
	if err != nil {
		return err
	}
	return c.show(view.Cards, templates.PortalCard(c.page, view))
}

// certificateURL leads to where the browser's own certificate is asked for, "" when that is not offered. What it carries along comes back
// with the ticket and must be this browser's: nobody is let in with the ticket of somebody else.
func (c *call) certificateURL() string {
	if c.p.cfg.CNSEntry == "" {
		return ""
	}
	state := ""
	if k, err := c.r.Cookie(cookieCNS); err == nil {
		state = k.Value
	}
	if state == "" {
		state = c.p.office.NewSecret()
		web.SetCookie(c.w, c.r, &http.Cookie{Name: cookieCNS, Value: state, MaxAge: int(cnsLife / time.Second)})
	}
	return c.p.cfg.CNSEntry + "?state=" + url.QueryEscape(state)
}

// cookieCNS binds a ticket to the browser that went for it.
const (
	cookieCNS = "spidsim_cns"
	cnsLife   = 10 * time.Minute
)

// readerView is the reader with the card of an invented person in it, or empty.
func (c *call) readerView(id string) (templates.PortalCardView, error) {
	view := templates.PortalCardView{Visit: c.view("cns"), TLSURL: c.certificateURL()}
	cards, err := c.p.cfg.Cards.CNS(c.ctx())
	for _, card := range cards {
		view.Cards = append(view.Cards, templates.PortalCardChoice{ID: card.ID, Holder: card.Holder, Note: templates.CardWords(c.page, card.Unusable)})
		if card.ID == id {
			view.Card, view.Holder, view.Number, view.PIN, view.Ready = card.ID, card.Holder, card.Number, card.PIN, card.Unusable == ""
			if card.Unusable != "" {
				view.Errors = append(view.Errors, templates.PortalError{Text: templates.CardWords(c.page, card.Unusable)})
			}
		}
	}
	return view, err
}

// present puts a card in, takes it out, or enters its PIN.
func (p *Portal) present(c *call) error {
	id, pin := c.field("card"), c.field("pin")
	if id == "remove" {
		return c.see(templates.PathCNS)
	}
	if _, asked := c.input["pin"]; asked {
		id = c.field("in")
	}
	view, err := c.readerView(id)
	if err != nil {
		return err
	}
	if _, asked := c.input["pin"]; !asked && view.Card != "" && view.Ready {
		return c.show(map[string]string{"card": view.Card, "holder": view.Holder}, templates.PortalCard(c.page, view))
	}
	return c.enterPIN(view, id, pin)
}

func (c *call) enterPIN(view templates.PortalCardView, id, pin string) error {
	holder, err := c.p.cfg.Cards.Present(c.ctx(), id, pin)
	var bad *CardError
	if errors.As(err, &bad) {
		return c.cardRefused(view, bad)
	}
	if err != nil {
		return err
	}
	return c.holderIn(holder)
}

func (c *call) holderIn(h Holder) error {
	err := c.letIn(onboarding.Arrival{Means: "cns", FiscalCode: h.FiscalCode, Name: h.Name})
	if err != nil {
		return err
	}
	return c.through(ui.PathPortalMine)
}

// cardRefused shows the reader once more, with why.
func (c *call) cardRefused(view templates.PortalCardView, bad *CardError) error {
	why := templates.PortalError{Text: templates.CardSentence(c.page.L(), bad.Reason, bad.Left)}
	if bad.Reason == "wrong-pin" {
		why.Field = "pin"
	} else {
		view.Ready = false
	}
	if web.WantsJSON(c.r) {
		web.WriteProblem(c.w, c.r, http.StatusUnprocessableEntity, web.Problem{Code: "card", Field: why.Field, Found: bad.Reason, Title: why.Text})
		return nil
	}
	view.Errors = []templates.PortalError{why}
	web.Render(c.w, c.r, http.StatusUnprocessableEntity, templates.PortalCard(c.page, view))
	return nil
}

// cnsReturn takes the ticket of who showed the certificate of a CNS.
func (p *Portal) cnsReturn(c *call) error {
	holder, err := p.cfg.Cards.Redeem(c.ctx(), c.query("ticket"))
	if k, lost := c.r.Cookie(cookieCNS); err == nil && (lost != nil || k.Value == "" || k.Value != holder.State) {
		err = &CardError{Reason: "ticket"}
	}
	var bad *CardError
	if errors.As(err, &bad) {
		view, failed := c.readerView("")
		if failed != nil {
			return failed
		}
		return c.cardRefused(view, bad)
	}
	if err != nil {
		return err
	}
	return c.holderIn(holder)
}
