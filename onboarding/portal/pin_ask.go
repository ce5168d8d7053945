package portal

import (
	"errors"
	"net/url"

	"github.com/a-h/templ"

	"spidsim/internal/outbox"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// askPIN shows the page on which a PIN is asked for (ONB-32).
func (p *Portal) askPIN(c *call) error {
	view := c.requestView()
	return c.show(map[string]bool{"closed": view.Closed, "abroad": view.Abroad}, templates.PortalPINRequest(c.page, view))
}

func (c *call) requestView() templates.PortalPINRequestView {
	phase := c.phase()
	return templates.PortalPINRequestView{Visit: c.view("pin-request"), FiscalCode: c.typedCode(), Way: c.field("way"), By: c.field("by"),
		Closed: phase != templates.PINOpen && phase != templates.PINOver, Abroad: phase == templates.PINOver}
}

// requestPIN asks for a PIN, or opens the letter with its second half (ONB-33, ONB-40).
func (p *Portal) requestPIN(c *call) error {
	view := c.requestView()
	var file *onboarding.PINFile
	var err error
	if c.field("letter") == "yes" {
		file, err = p.office.ReceiveLetter(c.ctx(), c.field("cf"))
	} else {
		file, err = p.office.RequestPIN(c.ctx(), onboarding.PINRequest{Who: c.field("cf"), Channel: view.Way, By: asker(view.By), SelfCertified: true})
	}
	if err != nil {
		names := fields{"fiscal_code": "cf", "channel": "way", "by": "by"}
		return c.again(err, names, view.Visit, func(v templates.Visit) templ.Component {
			view.Visit = v
			return templates.PortalPINRequest(c.page, view)
		})
	}
	given, err := c.given(file)
	if err != nil {
		return err
	}
	view.Given = given
	return c.show(pinTwin(file), templates.PortalPINRequest(c.page, view))
}

// asker says who asks, where it matters: a delegate never may (ONB-32); who else is entitled is in the engine's books.
func asker(by string) string {
	if by == "delegate" {
		return by
	}
	return ""
}

func (c *call) given(f *onboarding.PINFile) (*templates.PortalPINGiven, error) {
	given := &templates.PortalPINGiven{Kind: string(f.Kind), Dedicated: f.Dedicated, Envelope: f.Channel == onboarding.PINAtOffice,
		Letter: f.Status == onboarding.PINHalfDelivered, Channels: []string{outbox.SMS, outbox.Letter}}
	if given.Envelope {
		given.PIN = f.Code
	}
	who, err := c.p.office.Citizen(c.ctx(), f.Username)
	if err == nil && who.Mobile == "" {
		given.Channels[0] = outbox.Email
	}
	return given, err
}

// lostPIN begins with the codice fiscale; with a token it is the link that arrived (ONB-36).
func (p *Portal) lostPIN(c *call) error {
	view := templates.PortalPINLostView{Visit: c.view("pin-lost"), FiscalCode: c.query("cf")}
	if token := c.query("token"); token != "" {
		view.State, view.Carry = templates.LostReset, []templates.PortalField{{Name: "cf", Value: view.FiscalCode}, {Name: "token", Value: token}}
	}
	return c.show(map[string]string{"state": view.State}, templates.PortalPINLost(c.page, view))
}

// losePIN sends a link, revokes the PIN of who remembers no contact, has a contact added or follows the link.
func (p *Portal) losePIN(c *call) error {
	view := templates.PortalPINLostView{Visit: c.view("pin-lost"), FiscalCode: c.field("cf"), Contact: c.field("contact"), Second: c.field("contact2")}
	var err error
	switch {
	case c.field("reset") == "yes":
		err = c.reset(&view)
	case view.Second != "":
		if _, err = p.office.AddContact(c.ctx(), view.FiscalCode, view.Second, "contact center"); err == nil {
			return c.see(templates.PathPINLost + "?" + url.Values{"cf": {view.FiscalCode}, "fatto": {"contatto"}}.Encode())
		}
	default:
		err = c.lose(&view)
	}
	if err != nil {
		return c.lostAgain(err, view)
	}
	return c.show(map[string]any{"state": view.State, "channels": view.Channels}, templates.PortalPINLost(c.page, view))
}

// lose sends the link, or revokes.
func (c *call) lose(view *templates.PortalPINLostView) error {
	forgotten := c.field("forgot") == "yes"
	file, err := c.p.office.LosePIN(c.ctx(), onboarding.PINLoss{FiscalCode: view.FiscalCode, Contact: view.Contact, Forgotten: forgotten})
	switch {
	case err != nil:
		return err
	case forgotten:
		view.State, view.MayAsk = templates.LostNone, c.phase() == templates.PINOpen
		return nil
	}
	view.State, view.Channels = templates.LostSent, []string{channelOf(view.Contact)}
	return c.arrived(view, file)
}

// arrived finds the link in the outbox, so that who follows a lesson can open it where it was sent.
func (c *call) arrived(view *templates.PortalPINLostView, file *onboarding.PINFile) error {
	if c.p.cfg.Outbox == nil || c.page.Mode == ui.ModeCI {
		return nil
	}
	list, err := c.p.cfg.Outbox.List(c.ctx(), outbox.Filter{User: file.Username, Channel: view.Channels[0]}, 1)
	if err == nil && len(list) > 0 && list[0].Code != "" {
		view.LinkURL = templates.PathPINLost + "?" + url.Values{"cf": {string(file.FiscalCode)}, "token": {list[0].Code}}.Encode()
	}
	return err
}

func channelOf(contact string) string {
	for _, r := range contact {
		if r == '@' {
			return outbox.Email
		}
	}
	return outbox.SMS
}

// reset follows the link: the new PIN leaves in two halves.
func (c *call) reset(view *templates.PortalPINLostView) error {
	if _, err := c.p.office.ResetPIN(c.ctx(), view.FiscalCode, c.field("token")); err != nil {
		return err
	}
	view.State, view.Channels = templates.LostHalves, []string{outbox.SMS, outbox.Email}
	return nil
}

// lostAgain shows the step that was refused. Who has too few contacts is led to the contact centre, which adds one (ONB-36).
func (c *call) lostAgain(err error, view templates.PortalPINLostView) error {
	var d *onboarding.Denied
	if errors.As(err, &d) && (d.Code == onboarding.PINNoContact || view.Second != "") {
		view.State, view.Carry = templates.LostSecond, []templates.PortalField{{Name: "cf", Value: view.FiscalCode}}
	}
	names := fields{"fiscal_code": "cf", "contact": "contact"}
	if view.State == templates.LostSecond {
		names = fields{"contact": "contact2"}
	}
	return c.again(err, names, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.PortalPINLost(c.page, view)
	})
}
