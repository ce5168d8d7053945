package gestore

import (
	"context"
	"net/http"

	"github.com/gorilla/mux"

	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// cookieEnrol binds a browser to its request; its path is the request's address.
const cookieEnrol = "spidsim_enrol"

// handOff takes the message of the portal (ONB-81): once, and fresh (ONB-86). A sender that cannot be recognised gets a courtesy page and
// nothing back (ONB-85).
func (f *Face) handOff(v *visit) {
	form, err := web.Form(v.Request)
	if err == nil {
		err = f.room(v)
	}
	if err != nil {
		v.fail(err)
		return
	}
	secret := f.cfg.Office.NewSecret()
	e, err := f.cfg.Office.Receive(v.Context(), v.g.Slug, form, secret)
	if err != nil {
		f.courtesy(v, err)
		return
	}
	f.bind(v, e, secret)
}

// bind gives the browser the cookie of a request and leads it there.
func (f *Face) bind(v *visit, e *onboarding.Enrolment, secret string) {
	path := v.base() + "/richiedi/" + e.ID
	web.SetCookie(v.ResponseWriter, v.Request, &http.Cookie{Name: cookieEnrol, Value: secret, Path: path})
	v.to(path)
}

// courtesy is the page for a hand-off that cannot be taken. The cause goes to the log, and to the page in dev mode alone.
func (f *Face) courtesy(v *visit, err error) {
	p := web.Page(v.Request)
	p.Switch = v.base() + "/richiedi" // this address takes no GET
	page := templates.CourtesyView{Enrol: templates.Enrol{Gestore: v.gestore(), Back: f.cfg.PortalURL}, Kind: "unknown", Rule: "ONB-85", Cause: err.Error()}
	status := http.StatusBadRequest
	if denied, ok := refused(err); ok {
		page.Code, page.Rule, page.Cause = string(denied.Code), denied.Rule, denied.Detail
		switch denied.Code {
		case onboarding.HandoffReplay:
			page.Kind, status = "replay", http.StatusConflict
		case onboarding.HandoffStale:
			page.Kind, status = "stale", http.StatusGone
		}
	}
	f.cfg.Log.Warn("hand-off refused", "idp", v.g.Slug, "id", web.RequestID(v.Request), "kind", page.Kind, "err", err)
	v.page(status, web.Problem{Title: page.Kind, Status: status, Code: page.Code, Rule: page.Rule}, templates.Courtesy(p, page))
}

// start explains the request on the gestore's own site; POST begins one (ONB-108).
func (f *Face) start(v *visit) {
	if !v.posts() {
		page := templates.EnrolStartView{Enrol: templates.Enrol{Gestore: v.gestore()}, Area: v.base() + "/identita"}
		if !f.cfg.Office.Today().Before(onboarding.SPIDForMinors) {
			page.Minor = v.base() + "/figlio"
		}
		v.page(http.StatusOK, map[string]string{"idp": v.g.Slug, "start": v.base() + "/richiedi"}, templates.EnrolStart(web.Page(v.Request), page))
		return
	}
	err := f.room(v)
	var e *onboarding.Enrolment
	if err == nil {
		e, err = f.cfg.Office.StartDirect(v.Context(), v.g.Slug)
	}
	if err != nil {
		v.fail(err)
		return
	}
	secret := f.cfg.Office.NewSecret()
	if e, err = f.cfg.Office.Adopt(v.Context(), e.ID, secret); err != nil {
		v.fail(err)
		return
	}
	f.bind(v, e, secret)
}

// room refuses another request of another machine while too many are open (section 10). This machine's suites may have any number.
func (f *Face) room(v *visit) error {
	if f.cfg.Open == 0 || web.Loopback(v.Request) {
		return nil
	}
	open, err := f.cfg.Office.CountOpen(v.Context())
	if err != nil || open < f.cfg.Open {
		return err
	}
	return &web.Error{Status: http.StatusServiceUnavailable, Retry: 60, Problem: web.Problem{Code: "open-requests", Rule: "SEC-78",
		Detail: "too many requests are open: cancel one, or let the trainer reset the course"}}
}

// own finds the request of the address, for the browser that opened it. Everybody else learns nothing. On failure it has answered.
func (f *Face) own(v *visit) (*onboarding.Enrolment, bool) {
	e, err := f.cfg.Office.Enrolment(v.Context(), mux.Vars(v.Request)["id"])
	if err == nil {
		c, _ := v.Cookie(cookieEnrol)
		if c == nil || !e.BelongsTo(c.Value) || e.IdP != v.g.Slug || e.State.AtPortal() {
			err = store.ErrNotFound
		}
	}
	if err != nil {
		v.fail(err)
		return nil, false
	}
	return e, true
}

// request shows the page of the state in which a request is; POST is the step of that state.
func (f *Face) request(v *visit) {
	e, ok := f.own(v)
	if !ok {
		return
	}
	if !v.posts() {
		f.show(v, http.StatusOK, e, &attempt{})
		return
	}
	form, ok := v.form()
	if !ok {
		return
	}
	if at := form.get("at"); at != "" && at != string(e.State) {
		f.wrong(v, e)
		return
	}
	f.step(v, e, form)
}

// step brings a form to the request and leads on.
func (f *Face) step(v *visit, e *onboarding.Enrolment, form fields) {
	a, ok := actions[e.State]
	if !ok {
		f.wrong(v, e)
		return
	}
	out, err := a(f, v, e, form)
	switch {
	case wrongStep(err):
		f.wrong(v, e)
	case err != nil && !isDenied(err):
		v.fail(err)
	case err != nil || out.again: // what was typed, and what was wrong with it
		f.again(v, e, err, form, out)
	case e.State == onboarding.AtForm:
		f.taken(v, out.e)
	case e.State == onboarding.AtOnline && form.yes("fail") && out.e.State == onboarding.AtModes:
		f.done(v, outcome{e: out.e, query: "failed=" + string(e.Mode)})
	default:
		f.done(v, out)
	}
}

// outcome is what an action gives: the request afterwards, where the browser goes, or the same page once more.
type outcome struct {
	e     *onboarding.Enrolment
	query string // of the request's address: which part of the state's page comes next
	again bool   // show the page with what the form now says
	also  []*onboarding.Denied
	set   func(*visit, string) // cookies; the path of the request is given
}

func isDenied(err error) bool {
	_, ok := refused(err)
	return ok
}

// again shows the page of the form once more, with 422 when something was wrong. After the last try another way has to be chosen.
func (f *Face) again(v *visit, before *onboarding.Enrolment, err error, form fields, out outcome) {
	e, loadErr := f.cfg.Office.Enrolment(v.Context(), before.ID)
	if loadErr != nil {
		v.fail(loadErr)
		return
	}
	a := &attempt{form: form, denied: out.also}
	if denied, ok := refused(err); ok {
		a.denied = append([]*onboarding.Denied{denied}, out.also...)
	}
	switch {
	case len(a.denied) > 0 && web.WantsJSON(v.Request):
		v.fail(a.denied[0])
	case before.State == onboarding.AtOnline && e.State == onboarding.AtModes:
		f.done(v, outcome{e: e, query: "failed=" + string(before.Mode)})
	case len(a.denied) > 0:
		f.show(v, http.StatusUnprocessableEntity, e, a)
	default:
		f.show(v, http.StatusOK, e, a)
	}
}

// done leads to the page of the new state.
func (f *Face) done(v *visit, out outcome) {
	path := v.base() + "/richiedi/" + out.e.ID
	if out.set != nil {
		out.set(v, path)
	}
	if web.WantsJSON(v.Request) {
		v.page(http.StatusOK, twinOf(out.e), nil)
		return
	}
	if out.query != "" {
		path += "?" + out.query
	}
	v.to(path)
}

// taken carries the synchronous answer to the portal, which leads back here (ONB-83). Who came directly has no portal to tell.
func (f *Face) taken(v *visit, e *onboarding.Enrolment) {
	parcel, waits, err := f.cfg.Office.Synchronous(e)
	if err != nil {
		f.cfg.Log.Error("making the answer nr100", "enrolment", e.ID, "err", err)
	}
	if err != nil || !waits || web.WantsJSON(v.Request) {
		f.done(v, outcome{e: e})
		return
	}
	g := v.gestore()
	web.RenderPost(v.ResponseWriter, v.Request, http.StatusOK, templates.AutoPost(web.Page(v.Request), templates.AutoPostView{
		Gestore: &g, Action: parcel.Action, Param: parcel.Param, Message: parcel.Message, RelayState: &parcel.RelayState, To: f.cfg.Portal}), parcel.Action)
}

// wrong says that a step is over, or not yet due.
func (f *Face) wrong(v *visit, e *onboarding.Enrolment) {
	p := web.Page(v.Request)
	page := templates.WrongStateView{Enrol: f.enrol(v, p, e, "wrong-state"), Next: v.base() + "/richiedi/" + e.ID}
	page.Cancel = ""
	v.page(http.StatusConflict, problemOf(onboarding.Deny(onboarding.WrongStep)), templates.WrongState(p, page))
}

// cancel is OSC-22: one confirmation, at any moment (ONB-111, ONB-112).
func (f *Face) cancel(v *visit) {
	e, ok := f.own(v)
	if !ok {
		return
	}
	path := v.base() + "/richiedi/" + e.ID
	if e.State.Ended() {
		f.wrong(v, e)
		return
	}
	confirmed := false
	if v.posts() {
		form, ok := v.form()
		if !ok {
			return
		}
		confirmed = form.yes("confirm")
	}
	if !confirmed {
		p := web.Page(v.Request)
		page := templates.CancelView{Enrol: f.enrol(v, p, e, "cancel"), Continue: path}
		page.Cancel, page.Action, page.Hidden = "", path+"/annulla", nil
		v.page(http.StatusOK, twinOf(e), templates.CancelRequest(p, page))
		return
	}
	e, err := f.cfg.Office.Do(v.Context(), e.ID, onboarding.EvCancel, onboarding.Input{})
	switch {
	case wrongStep(err):
		f.wrong(v, e)
	case err != nil:
		v.fail(err)
	default:
		f.done(v, outcome{e: e})
	}
}

// memo is the sheet to print for the counter (UX-16).
func (f *Face) memo(v *visit) {
	e, ok := f.own(v)
	if !ok {
		return
	}
	if e.State != onboarding.AtCounter {
		f.wrong(v, e)
		return
	}
	p := web.Page(v.Request)
	page := templates.MemoView{Enrol: f.enrol(v, p, e, "procedure-memo"), Mode: string(e.Mode), Person: e.Name(), Code: e.Procedure.Code, LastDay: e.Procedure.LastDay.At(12, 0)}
	page.Back = v.base() + "/richiedi/" + e.ID
	v.page(http.StatusOK, twinOf(e), templates.Memo(p, page))
}

// do brings an event to a request.
func (f *Face) do(ctx context.Context, e *onboarding.Enrolment, ev onboarding.Event, in onboarding.Input) (outcome, error) {
	e, err := f.cfg.Office.Do(ctx, e.ID, ev, in)
	return outcome{e: e}, err
}

// enrol is what the pages of a request share.
func (f *Face) enrol(v *visit, p ui.Page, e *onboarding.Enrolment, step string) templates.Enrol {
	path := v.base() + "/richiedi/" + e.ID
	out := templates.Enrol{Gestore: v.gestore(), Action: path, Hidden: []ui.Hidden{{Name: "at", Value: string(e.State)}}, Scene: f.scene(v.Context(), p, e, step)}
	if !e.Direct {
		out.Service = f.cfg.Portal
	}
	if !e.State.Ended() {
		out.Cancel = path + "/annulla"
	}
	if p.Dev() {
		out.Dev = devOf(e)
		if e.Username != "" {
			out.Mail = ui.PathMessages + "?to=" + e.Username
		}
	}
	return out
}
