package gestore

import (
	"errors"
	"net/http"

	"spidsim/internal/outbox"
	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
)

// cookieArea opens the area of an identity. The pages of the holder and those of a parent lie under two addresses: it is set for both.
const cookieArea = "spidsim_area"

// SignIn lists, as patterns for the web layer, where people sign in or recover an access: the rates of section 10 hold there.
var SignIn = []string{"POST /idp/{slug}/identita", "POST /idp/{slug}/figlio", "POST /idp/{slug}/figlio/codice", "POST /idp/{slug}/identita/recupero", "POST /idp/{slug}/identita/recupero/{life}"}

// area is somebody who is inside, and the identity; nil when nobody is.
type area struct {
	*onboarding.Area
	identity onboarding.Identity
	secret   string
}

// waits reports whether a second factor has still to be proved.
func (a *area) waits() bool {
	return a.Level < 2 && a.identity.Level() > 1 && len(a.identity.Factors) > 0
}

// holder is who asks the office for something.
func (a *area) holder() onboarding.Holder {
	return onboarding.Holder{FiscalCode: a.identity.FiscalCode, Slug: a.Slug, Level: a.Level}
}

// inside finds who is inside; nil and no error when nobody is.
func (f *Face) inside(v *visit) (*area, error) {
	c, err := v.Cookie(cookieArea)
	if err != nil {
		return nil, nil
	}
	a, err := f.cfg.Office.Area(v.Context(), c.Value)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.Slug != v.g.Slug {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	i, err := f.cfg.Office.Identity(v.Context(), a.Username, a.Slug)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &area{a, i, c.Value}, err
}

// let answers until somebody is inside with all that the identity has: then it returns who. why says what it is for, here where its pages are.
func (f *Face) let(v *visit, why, here string) (*area, fields, bool) {
	a, err := f.inside(v)
	if err != nil {
		v.fail(err)
		return nil, nil, false
	}
	var form fields
	if v.posts() {
		var ok bool
		if form, ok = v.form(); !ok {
			return nil, nil, false
		}
	}
	switch {
	case form.has("username"):
		f.enter(v, form, why, here)
	case a == nil:
		f.entry(v, status(v.posts(), http.StatusUnauthorized), why, here, nil, fields{}, nil)
	case a.waits() && (form.has("code") || form.has("fill")):
		f.raise(v, a, form, why, here)
	case a.waits():
		f.entry(v, status(v.posts(), http.StatusUnauthorized), why, here, a, fields{}, nil)
	default:
		return a, form, true
	}
	return nil, nil, false
}

// status is another one than 200 when a form was sent.
func status(posts bool, other int) int {
	if posts {
		return other
	}
	return http.StatusOK
}

// enter checks the password and opens the area.
func (f *Face) enter(v *visit, form fields, why, here string) {
	username := form.get("username")
	err := f.cfg.Door.Password(v.Context(), v.g.Slug, username, form.get("password"))
	if denied, ok := refused(err); ok {
		f.entry(v, http.StatusUnprocessableEntity, why, here, nil, form, denied)
		return
	}
	var i onboarding.Identity
	if err == nil {
		i, err = f.cfg.Office.Identity(v.Context(), username, v.g.Slug) // the name as the books have it
	}
	var secret string
	if err == nil {
		secret, err = f.cfg.Office.EnterArea(v.Context(), v.g.Slug, i.Username, 1)
	}
	if err == nil {
		err = f.cfg.Door.SendCode(v.Context(), v.g.Slug, i.Username)
	}
	if err != nil {
		v.fail(err)
		return
	}
	v.giveArea(secret)
	v.to(here)
}

// giveArea gives the browser the cookie of an area.
func (v *visit) giveArea(secret string) {
	for _, path := range []string{"/identita", "/figlio"} {
		web.SetCookie(v.ResponseWriter, v.Request, &http.Cookie{Name: cookieArea, Value: secret, Path: v.base() + path})
	}
}

// raise takes the code of the second factor.
func (f *Face) raise(v *visit, a *area, form fields, why, here string) {
	if form.has("fill") {
		code, err := f.cfg.Office.Code(v.Context(), a.Username, outbox.SMS)
		if err != nil {
			v.fail(err)
			return
		}
		f.entry(v, http.StatusOK, why, here, a, fields{"code": {code}}, nil)
		return
	}
	err := f.cfg.Door.Code(v.Context(), v.g.Slug, a.Username, form.get("code"))
	if denied, ok := refused(err); ok {
		f.entry(v, http.StatusUnprocessableEntity, why, here, a, form, denied)
		return
	}
	var secret string
	if err == nil {
		secret, err = f.cfg.Office.RaiseArea(v.Context(), a.secret)
	}
	if err != nil {
		v.fail(err)
		return
	}
	v.giveArea(secret)
	v.to(here)
}

// entry is the page of the way in.
func (f *Face) entry(v *visit, status int, why, here string, a *area, form fields, denied *onboarding.Denied) {
	if denied != nil && web.WantsJSON(v.Request) {
		v.fail(denied)
		return
	}
	p := web.Page(v.Request)
	page := templates.AreaView{Enrol: templates.Enrol{Gestore: v.gestore(), Action: here, Problems: problems(p, nil, denied)}, Username: form.get("username"), Why: why,
		Recovery: v.base() + "/identita/recupero", Code: a != nil, Filled: form.get("code")}
	if a != nil && a.identity.Mobile != "" {
		page.Sent = masked(a.identity.Mobile)
	}
	v.page(status, map[string]any{"inside": false, "code": a != nil}, templates.AreaEntry(p, page))
}

// leave closes the area.
func (f *Face) leave(v *visit) {
	a, err := f.inside(v)
	if err == nil && a != nil {
		err = f.cfg.Office.LeaveArea(v.Context(), a.secret)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		v.fail(err)
		return
	}
	for _, path := range []string{"/identita", "/figlio"} {
		web.DropCookie(v.ResponseWriter, v.Request, cookieArea, v.base()+path)
	}
	v.to(v.base() + "/identita")
}
