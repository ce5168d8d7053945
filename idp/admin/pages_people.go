package admin

import (
	"errors"
	"fmt"
	"image/color"
	"net/http"
	"net/url"
	"time"

	"github.com/boombuler/barcode/qr"

	"spidsim/idp"
	"spidsim/internal/web"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// totpStep is how long an authenticator shows one code.
const totpStep = 30 * time.Second

// peoplePage lists everybody with all that is needed to log in; ?gestore= and ?q= filter.
func (a *Admin) peoplePage(w http.ResponseWriter, r *http.Request) {
	if web.WantsJSON(r) {
		a.listUsers(w, r)
		return
	}
	page := web.Page(r)
	slug, search := filters(r)
	users, err := a.findUsers(r)
	v := templates.PeopleView{Gestori: a.issuers(), Gestore: slug, Search: search}
	if err == nil {
		v.People, err = a.personRows(r.Context(), page, users)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, templates.People(page, v))
}

// enrolPage shows the QR code and the secret of a person's authenticator, so that a real app can be used.
func (a *Admin) enrolPage(w http.ResponseWriter, r *http.Request) {
	if web.WantsJSON(r) {
		a.getTOTP(w, r)
		return
	}
	w.Header().Set("Cache-Control", "no-store") // it holds a seed
	u, err := a.fed.FindUser(r.Context(), segment(r, "username"))
	if err == nil && !hasTOTP(u) {
		err = web.NotFound(u.Username + " has no authenticator app")
	}
	var v *templates.TOTPEnrolView
	if err == nil {
		v, err = a.enrolView(r, u)
	}
	if err != nil {
		web.Fail(w, r, missingAs(err, "user of that name"))
		return
	}
	web.Render(w, r, http.StatusOK, templates.TOTPEnrol(web.Page(r), *v))
}

func (a *Admin) enrolView(r *http.Request, u *idp.User) (*templates.TOTPEnrolView, error) {
	link, err := u.OTPAuthURL()
	if err != nil {
		return nil, err
	}
	address, err := url.Parse(link)
	if err != nil {
		return nil, errors.New("the address for the authenticator app does not parse") // the cause holds the seed
	}
	modules, err := modules(link)
	if err != nil {
		return nil, err
	}
	v := &templates.TOTPEnrolView{
		Person: u.Name(), Username: u.Username, Issuer: address.Query().Get("issuer"), Secret: u.TOTPSecret, URL: link, QR: modules,
		BackURL: ui.PathPeople,
	}
	code, err := a.fed.TOTP(r.Context(), u.Username)
	if err != nil && !errors.Is(err, idp.ErrNoFreshCode) { // without a fresh code the page has still its use
		return nil, err
	}
	// The page says when the app will show another code, which is one step before this one is refused.
	v.Code, v.ValidFor = code.Code, max(0, time.Duration(code.ValidFor)*time.Second-totpStep)
	return v, nil
}

// modules draws a QR code.
func modules(content string) (ui.QR, error) {
	code, err := qr.Encode(content, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("drawing the QR code: %d octets do not fit", len(content))
	}
	size := code.Bounds()
	rows := make(ui.QR, size.Dy())
	for y := range rows {
		rows[y] = make([]bool, size.Dx())
		for x := range rows[y] {
			rows[y][x] = color.GrayModel.Convert(code.At(size.Min.X+x, size.Min.Y+y)).(color.Gray).Y < 128
		}
	}
	return rows, nil
}
