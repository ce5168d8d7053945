package gestore

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"spidsim/internal/store"
	"spidsim/onboarding"
	"spidsim/spid"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// showActive is OSC-21.
func (f *Face) showActive(v *visit, p ui.Page, e *onboarding.Enrolment, _ *attempt) (templ.Component, error) {
	day, has, known, err := f.cfg.Office.PINUntilFor(v.Context(), e.FiscalCode)
	if err != nil {
		return nil, err
	}
	page := templates.ActiveView{Enrol: f.enrol(v, p, e, "active"), Person: e.GivenName, HasPIN: has, Identity: v.base() + "/identita"}
	page.Enter = f.enterURL(v.g.Slug)
	if has && known {
		page.PINUntil = day.At(12, 0)
	}
	if err := f.opened(v, &page, e.Account); err != nil {
		return nil, err
	}
	return templates.Active(p, page), nil
}

// opened adds what the activation gave, with the secret for an authenticator app where that is the second factor.
func (f *Face) opened(v *visit, page *templates.ActiveView, a *onboarding.Opened) error {
	page.Username, page.SPIDCode, page.At, page.Levels = a.Username, a.SPIDCode, a.At, levelsOf(a.Levels)
	if len(a.Factors) == 0 {
		return nil
	}
	page.Factor = a.Factors[0]
	if page.Factor != templates.FactorTOTP {
		return nil
	}
	i, err := f.cfg.Office.Identity(v.Context(), a.Username, v.g.Slug)
	if errors.Is(err, store.ErrNotFound) || err == nil && i.TOTPURL == "" {
		return nil
	}
	if err != nil {
		return err
	}
	page.Secret = secretOf(i.TOTPURL)
	page.QR, err = qrOf(i.TOTPURL)
	return err
}

// secretOf is the secret in an otpauth address.
func secretOf(otpauth string) string {
	u, err := url.Parse(otpauth)
	if err != nil {
		return ""
	}
	return u.Query().Get("secret")
}

func levelsOf(numbers []int) []spid.Level {
	list := make([]spid.Level, len(numbers))
	for i, n := range numbers {
		list[i] = spid.Level(n)
	}
	return list
}

// enterURL is the portal's login with a gestore, "" without a portal (ONB-137).
func (f *Face) enterURL(slug string) string {
	if f.cfg.PortalURL == "" {
		return ""
	}
	return f.cfg.PortalURL + "/spid/login?idp=" + url.QueryEscape(slug) + "&level=2&relay=/entra/arrivo"
}

// showEnd is the page of a request that is over without an identity. One that waits for the portal's next step says so as well.
func (f *Face) showEnd(v *visit, p ui.Page, e *onboarding.Enrolment) (templ.Component, error) {
	if !e.State.Ended() {
		return templates.WrongState(p, templates.WrongStateView{Enrol: f.enrol(v, p, e, "wrong-state"), Later: true, Next: f.cfg.PortalURL}), nil
	}
	page := templates.EnrolEndView{Enrol: f.enrol(v, p, e, "enrol-end"), End: string(e.State), Reason: e.Note}
	if !e.Direct {
		page.Portal = f.cfg.PortalURL
	}
	if e.State == onboarding.Already {
		page.Identity = v.base() + "/identita"
	} else if e.Direct || f.cfg.PortalURL == "" {
		page.Again = v.base() + "/richiedi"
	}
	for _, r := range e.Results {
		if !r.Sync {
			page.Result = "nr" + strconv.Itoa(r.Code)
		}
	}
	return templates.EnrolEnd(p, page), nil
}
