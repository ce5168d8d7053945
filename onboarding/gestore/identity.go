package gestore

import (
	"errors"
	"net/http"

	"github.com/gorilla/mux"

	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/spid"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// identity is OSC-32: state, contacts and uses of an identity, for its holder (ONB-140…ONB-148).
func (f *Face) identity(v *visit) {
	a, form, ok := f.let(v, "identity", v.base()+"/identita")
	if !ok {
		return
	}
	if !v.posts() {
		f.identityPage(v, http.StatusOK, a, fields{}, nil)
		return
	}
	f.identityPost(v, a, form)
}

// identityPost does what a button of the page says. Requests that a code must confirm lead to its page (ONB-142).
func (f *Face) identityPost(v *visit, a *area, form fields) {
	in := onboarding.LifeInput{Username: a.Username, Slug: a.Slug}
	var life *onboarding.LifeRequest
	var err error
	switch form.get("action") {
	case "suspend":
		life, err = f.cfg.Office.Suspend(v.Context(), a.holder(), in)
	case "abuse":
		in.Cause = onboarding.CauseAbuse
		life, err = f.cfg.Office.Suspend(v.Context(), a.holder(), in)
	case "reactivate":
		life, err = f.cfg.Office.Reactivate(v.Context(), a.holder(), in)
	case "complaint":
		_, err = f.cfg.Office.Complaint(v.Context(), a.holder(), a.Username, a.Slug, form.get("complaint"))
	case "contacts":
		_, err = f.cfg.Office.ChangeContacts(v.Context(), a.holder(), a.Username, a.Slug, form.get("email"), form.get("mobile"))
	case "notify-on", "notify-off":
		_, err = f.cfg.Office.NotifyUse(v.Context(), a.holder(), a.Username, a.Slug, form.get("action") == "notify-on")
	default:
		err = onboarding.Deny(onboarding.FieldMissing).By("ONB-140").At("action").Because("action is %q, want suspend, abuse, reactivate, complaint, contacts, notify-on or notify-off", form.get("action"))
	}
	denied, isRefused := refused(err)
	switch {
	case isRefused:
		f.identityPage(v, http.StatusUnprocessableEntity, a, form, denied)
	case err != nil:
		v.fail(err)
	case life != nil && life.State == onboarding.LifeWaiting:
		v.to(v.base() + "/identita/recupero/" + life.ID)
	default:
		v.to(v.base() + "/identita?done=" + form.get("action"))
	}
}

func (f *Face) identityPage(v *visit, status int, a *area, form fields, denied *onboarding.Denied) {
	if denied != nil && web.WantsJSON(v.Request) {
		v.fail(denied)
		return
	}
	p, at := web.Page(v.Request), &attempt{form: form}
	i := a.identity
	page := templates.IdentityView{
		Enrol:  templates.Enrol{Gestore: v.gestore(), Action: v.base() + "/identita", Problems: problems(p, nil, denied)},
		Person: i.Name, Username: i.Username, Status: string(i.Status), Cause: i.Cause, Until: i.Until, Levels: levelsOf(i.Levels), Email: at.typed("email", i.Email), Phone: at.typed("mobile", i.Mobile),
		Revoke: v.base() + "/identita/revoca", Recovery: v.base() + "/identita/recupero", Complaint: form.get("complaint"), Notify: i.NotifyUse,
		Help2020: v.g.Slug == "poste" && f.cfg.Office.Today().Year == 2020,
	}
	page.Leave = v.base() + "/identita/esci"
	if len(i.Factors) > 0 {
		page.Factor = i.Factors[0]
	}
	if i.Status == onboarding.IdentityLocked {
		page.Status, page.Cause = string(onboarding.IdentitySuspended), onboarding.CauseLock
	}
	if page.Status == string(onboarding.IdentitySuspended) && page.Cause == "" {
		page.Cause = onboarding.CauseAbuse
	}
	if v.URL.Query().Get("done") == "contacts" {
		page.Notice = templates.EnrolWord(p, "saved")
	}
	if err := f.uses(v, p, a, &page); err != nil {
		v.fail(err)
		return
	}
	page.Scene = f.sceneAt(v, p, i.FiscalCode, "identity")
	v.page(status, i, templates.Identity(p, page))
}

// uses adds the log, which a minor under 14 does not read alone (ONB-144, ONB-186).
func (f *Face) uses(v *visit, p ui.Page, a *area, page *templates.IdentityView) error {
	c, err := f.cfg.Office.Citizen(v.Context(), string(a.identity.FiscalCode))
	if err != nil && !isDenied(err) {
		return err
	}
	page.Minor = err == nil && c.MinorOn(f.cfg.Office.Today())
	if page.Minor {
		page.Revoke = ""
	} else if !f.cfg.Office.Today().Before(onboarding.SPIDForMinors) {
		page.Minors = v.base() + "/figlio"
	}
	list, err := f.cfg.Office.AccessLog(v.Context(), a.holder(), a.Username, a.Slug, maxUses)
	if err != nil && !isDenied(err) {
		return err
	}
	for _, u := range list {
		page.Accesses = append(page.Accesses, templates.AccessRow{At: u.At, Service: u.Service, Level: spid.Level(u.Level), OK: u.Outcome == "ok", Words: templates.EnrolWord(p, endWords(u.Outcome))})
	}
	return nil
}

// maxUses is how many uses the page lists.
const maxUses = 30

// endWords names what people read for an anomaly.
func endWords(outcome string) string {
	switch outcome {
	case "nr20":
		return "low"
	case "nr22":
		return "denied"
	case "nr23":
		return "suspended"
	}
	return "failed"
}

func (f *Face) sceneAt(v *visit, p ui.Page, code spid.FiscalCode, step string) *templates.Scene {
	if f.cfg.Scene == nil {
		return nil
	}
	return f.cfg.Scene(v.Context(), p.L(), code, step)
}

// revoke asks once more, since there is no way back (ONB-140).
func (f *Face) revoke(v *visit) {
	a, form, ok := f.let(v, "identity", v.base()+"/identita")
	if !ok {
		return
	}
	if !form.yes("confirm") {
		p := web.Page(v.Request)
		v.page(http.StatusOK, a.identity, templates.Revoke(p, templates.RevokeView{Enrol: templates.Enrol{Gestore: v.gestore(), Action: v.base() + "/identita/revoca"}, Keep: v.base() + "/identita"}))
		return
	}
	life, err := f.cfg.Office.Revoke(v.Context(), a.holder(), onboarding.LifeInput{Username: a.Username, Slug: a.Slug, Confirmed: true})
	if err != nil {
		v.fail(err)
		return
	}
	v.to(v.base() + "/identita/recupero/" + life.ID)
}

// recovery is ONB-146 for who cannot sign in: password, user name, phone.
func (f *Face) recovery(v *visit) {
	q := v.URL.Query()
	if !v.posts() {
		page := templates.RecoveryView{Step: q.Get("step"), Kind: q.Get("done")}
		if page.Kind != "" {
			page.Step = "done"
		}
		if page.Step == "codes" || page.Step == "confirm" || page.Step == "done" && !known(page.Kind) {
			page.Step = ""
		}
		f.recoveryPage(v, http.StatusOK, page, nil)
		return
	}
	form, ok := v.form()
	if !ok {
		return
	}
	f.recoveryPost(v, form)
}

// known reports whether something can have been recovered or changed.
func known(kind string) bool {
	switch onboarding.LifeKind(kind) {
	case "username", onboarding.LostPassword, onboarding.LostPhone, onboarding.ToSuspend, onboarding.ToReactivate, onboarding.ToRevoke:
		return true
	}
	return false
}

func (f *Face) recoveryPost(v *visit, form fields) {
	step := form.get("step")
	page := templates.RecoveryView{Step: step, Username: form.get("username"), FiscalCode: form.get("fiscal_code"), Document: form.get("document")}
	var life *onboarding.LifeRequest
	var err error
	switch step {
	case "password":
		life, err = f.cfg.Office.ForgotPassword(v.Context(), page.Username, v.g.Slug)
	case "username":
		err = f.cfg.Office.ForgotUsername(v.Context(), v.g.Slug, page.FiscalCode, page.Document)
	case "phone":
		life, err = f.cfg.Office.LosePhone(v.Context(), onboarding.Holder{}, onboarding.LifeInput{Username: page.Username, Slug: v.g.Slug})
		if errors.Is(err, store.ErrNotFound) {
			err = onboarding.Deny(onboarding.RecoveryWrong).At("username")
		}
	default:
		err = onboarding.Deny(onboarding.FieldMissing).By("ONB-146").At("step").Because("step is %q, want password, username or phone", step)
	}
	denied, isRefused := refused(err)
	switch {
	case isRefused:
		f.recoveryPage(v, http.StatusUnprocessableEntity, page, denied)
	case err != nil:
		v.fail(err)
	case life != nil:
		v.to(v.base() + "/identita/recupero/" + life.ID)
	default:
		v.to(v.base() + "/identita/recupero?done=" + step)
	}
}

// recover is the page of a request about an identity that waits for its codes. Who knows its address asked for it: 128 random bits.
func (f *Face) recover(v *visit) {
	life, err := f.cfg.Office.Life(v.Context(), mux.Vars(v.Request)["life"])
	if err == nil && life.Slug != v.g.Slug {
		err = store.ErrNotFound
	}
	if err != nil {
		v.fail(err)
		return
	}
	page := templates.RecoveryView{Step: "confirm", Kind: string(life.Kind), Rules: passwordRules(&attempt{})}
	if life.Kind == onboarding.LostPassword {
		page.Step = "codes"
	}
	page.Action = v.base() + "/identita/recupero/" + life.ID
	switch {
	case life.State == onboarding.LifeDone:
		page.Step = "done"
		f.recoveryPage(v, http.StatusOK, page, nil)
	case !v.posts():
		f.recoveryPage(v, http.StatusOK, page, nil)
	default:
		f.recoverPost(v, life, page)
	}
}

func (f *Face) recoverPost(v *visit, life *onboarding.LifeRequest, page templates.RecoveryView) {
	form, ok := v.form()
	if !ok {
		return
	}
	page.Code, page.EmailCode, page.MobileCode, page.Rules = form.get("code"), form.get("email_code"), form.get("mobile_code"), passwordRules(&attempt{form: form})
	if form.has("fill") {
		page.Code, page.EmailCode, page.MobileCode = life.Code, life.Code, life.MobileCode
		f.recoveryPage(v, http.StatusOK, page, nil)
		return
	}
	var err error
	if life.Kind == onboarding.LostPassword {
		_, err = f.cfg.Office.ResetPassword(v.Context(), life.ID, onboarding.ResetInput{EmailCode: page.EmailCode, MobileCode: page.MobileCode, Password: form.get("password"), Repeat: form.get("password_repeat")})
	} else {
		_, err = f.cfg.Office.ConfirmLife(v.Context(), life.ID, page.Code)
	}
	denied, isRefused := refused(err)
	switch {
	case isRefused:
		f.recoveryPage(v, http.StatusUnprocessableEntity, page, denied)
	case err != nil:
		v.fail(err)
	default:
		v.to(v.base() + "/identita/recupero?done=" + string(life.Kind))
	}
}

func (f *Face) recoveryPage(v *visit, status int, page templates.RecoveryView, denied *onboarding.Denied) {
	if denied != nil && web.WantsJSON(v.Request) {
		v.fail(denied)
		return
	}
	p := web.Page(v.Request)
	page.Gestore, page.Problems, page.Base, page.Next = v.gestore(), problems(p, nil, denied), v.base()+"/identita/recupero", v.base()+"/identita"
	if page.Step != "" && page.Step != "done" {
		page.Back = page.Base
	}
	if page.Action == "" {
		page.Action = page.Base
	}
	v.page(status, map[string]string{"step": page.Step, "kind": page.Kind}, templates.Recovery(p, page))
}
