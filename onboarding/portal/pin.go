package portal

import (
	"net/http"

	"github.com/a-h/templ"

	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// firstPIN shows the page that replaces the first PIN (ONB-33).
func (p *Portal) firstPIN(c *call) error { return c.first(http.StatusOK, nil) }

// first is that page; the PIN is asked for again, for what was typed before is kept nowhere.
func (c *call) first(status int, err error) error {
	view := templates.PortalPINNewView{Visit: c.view("pin-new"), FiscalCode: c.typedCode(), Hidden: c.profileField()}
	page := func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.PortalPINNew(c.page, view)
	}
	if err != nil {
		return c.again(err, loginFields, view.Visit, page)
	}
	web.Render(c.w, c.r, status, page(view.Visit))
	return nil
}

func (c *call) typedCode() string {
	if code := c.field("cf"); code != "" {
		return code
	}
	return c.query("cf")
}

func (c *call) profileField() []ui.Hidden {
	if profile := c.field("profile"); profile != "" {
		return []ui.Hidden{{Name: "profile", Value: profile}}
	}
	return nil
}

// replacePIN comes in with the PIN of 16 characters and chooses one of 8.
func (p *Portal) replacePIN(c *call) error {
	if again, ok := c.input["new_pin_again"]; ok && again[0] != c.input.Get("new_pin") {
		return c.first(0, onboarding.Deny(onboarding.PINBadForm).At("new_pin").Because("the two new PINs differ"))
	}
	e, err := c.login(onboarding.Input{FiscalCode: c.field("cf"), PIN: c.field("pin"), NewPIN: c.field("new_pin"), Profile: c.field("profile")})
	if err != nil {
		return c.first(0, err)
	}
	return c.next(statePath(e.State), e)
}

// expiredPIN shows the page that renews a PIN (ONB-34).
func (p *Portal) expiredPIN(c *call) error { return c.expired(http.StatusOK, nil) }

func (c *call) expired(status int, err error) error {
	phase := c.phase()
	view := templates.PortalPINRenewView{Visit: c.view("pin-renew"), FiscalCode: c.typedCode(), Hidden: c.profileField(),
		Clipped: phase == templates.PINEndSet || phase == templates.PINCitizen}
	if c.r.Method == http.MethodPost && err == nil { // the PIN was right: what it is may be told
		file, failed := c.p.office.PIN(c.ctx(), view.FiscalCode)
		if failed != nil {
			return failed
		}
		view.Expired, view.Months = file.LastDay, file.Months
	}
	page := func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.PortalPINRenew(c.page, view)
	}
	if err != nil {
		return c.again(err, loginFields, view.Visit, page)
	}
	web.Render(c.w, c.r, status, page(view.Visit))
	return nil
}

// renewPIN comes in with an expired PIN and renews it on the way.
func (p *Portal) renewPIN(c *call) error {
	e, err := c.login(onboarding.Input{FiscalCode: c.field("cf"), PIN: c.field("pin"), Renew: c.field("renew") == "yes", Profile: c.field("profile")})
	if err != nil {
		return c.expired(0, err)
	}
	return c.next(statePath(e.State), e)
}

// ordinaryPIN offers the conversion of an ordinary PIN (ONB-35).
func (p *Portal) ordinaryPIN(c *call) error {
	view, err := c.convertView()
	if err != nil {
		return err
	}
	return c.show(view.Documents, templates.PortalPINConvert(c.page, view))
}

func (c *call) convertView() (templates.PortalPINConvertView, error) {
	view := templates.PortalPINConvertView{Visit: c.view("pin-convert"), Document: c.field("document")}
	if !c.inside() {
		return view, onboarding.Deny(onboarding.NotHolder).By("ONB-35")
	}
	who, err := c.p.office.Citizen(c.ctx(), string(c.visit.FiscalCode))
	if err != nil {
		return view, err
	}
	file, err := c.p.office.PIN(c.ctx(), string(c.visit.FiscalCode))
	if err != nil {
		return view, err
	}
	view.Converted = file.Kind == onboarding.Dispositive
	day := c.p.office.Today()
	for _, d := range who.Documents(day) {
		view.Documents = append(view.Documents, templates.PortalDocument{Kind: string(d.Kind), Number: d.Number, Expires: d.Expires, Expired: d.Outdated(day)})
	}
	return view, nil
}

// convertPIN makes an ordinary PIN dispositive with the copy of a document.
func (p *Portal) convertPIN(c *call) error {
	if !c.inside() {
		return onboarding.Deny(onboarding.NotHolder).By("ONB-35")
	}
	_, err := p.office.ConvertPIN(c.ctx(), string(c.visit.FiscalCode), onboarding.PINConversion{Channel: onboarding.PINOnline, Document: onboarding.DocumentKind(c.field("document"))})
	if err == nil {
		return c.see(templates.PathPINConvert)
	}
	view, failed := c.convertView()
	if failed != nil {
		return failed
	}
	return c.again(err, fields{"document": "document"}, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.PortalPINConvert(c.page, view)
	})
}

// pinAnswer is a PIN for machines: what the pages say of it, never the code.
type pinAnswer struct {
	Kind      string `json:"kind"`
	Status    string `json:"status"`
	Dedicated bool   `json:"dedicated"`
	LastDay   string `json:"last_day"`
}

func pinTwin(f *onboarding.PINFile) pinAnswer {
	return pinAnswer{string(f.Kind), string(f.Status), f.Dedicated, f.LastDay.String()}
}

// minePIN is the person's own PIN (ONB-37).
func (p *Portal) minePIN(c *call) error {
	if !c.inside() {
		return c.see(templates.PathMask)
	}
	file, err := p.office.PIN(c.ctx(), string(c.visit.FiscalCode))
	if err != nil {
		return err
	}
	return c.show(pinTwin(file), templates.PortalPINMine(c.page, c.pinView(file)))
}

func (c *call) pinView(f *onboarding.PINFile) templates.PortalPINMineView {
	return templates.PortalPINMineView{Visit: c.view("pin-mine"), Kind: string(f.Kind), Status: string(f.Status), LastDay: f.LastDay,
		Ask: c.field("revoke") == "yes", Again: c.phase() == templates.PINOpen}
}

// changePIN puts another PIN in the place of the present one, or asks once and ends it.
func (p *Portal) changePIN(c *call) error {
	if !c.inside() {
		return c.see(templates.PathMask)
	}
	done, err := c.changedPIN()
	if err == nil && done != "" {
		return c.see(templates.PathPIN + "?fatto=" + done)
	}
	file, failed := p.office.PIN(c.ctx(), string(c.visit.FiscalCode))
	if failed != nil {
		return failed
	}
	view := c.pinView(file)
	if err == nil {
		return c.show(pinTwin(file), templates.PortalPINMine(c.page, view))
	}
	return c.again(err, fields{"pin": "pin", "new_pin": "new_pin"}, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.PortalPINMine(c.page, view)
	})
}

// changedPIN says what was done, "" when the revocation waits for a confirmation.
func (c *call) changedPIN() (string, error) {
	who := string(c.visit.FiscalCode)
	switch {
	case c.field("revoke") == "yes" && c.field("sure") != "yes":
		return "", nil
	case c.field("revoke") == "yes":
		_, err := c.p.office.RevokePIN(c.ctx(), who, c.visit.Name)
		return "pin-revocato", err
	case c.input.Get("new_pin") != c.input.Get("new_pin_again"):
		return "", onboarding.Deny(onboarding.PINBadForm).At("new_pin").Because("the two new PINs differ")
	}
	_, err := c.p.office.ChangePIN(c.ctx(), who, c.field("pin"), c.field("new_pin"))
	return "pin", err
}
