package idp

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/gorilla/mux"

	"spidsim/internal/outbox"
	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/templates"
)

// loginPage renders whatever the login waits for. It changes nothing.
func (p *IdP) loginPage(w http.ResponseWriter, r *http.Request) {
	l, ok := p.loginOf(w, r)
	if !ok {
		return
	}
	p.show(w, r, http.StatusOK, l, nil)
}

// loginOf finds the login of the address, for the browser that began it. Everybody else learns nothing.
func (p *IdP) loginOf(w http.ResponseWriter, r *http.Request) (*Login, bool) {
	cookie := ""
	if c, err := r.Cookie(loginCookie); err == nil {
		cookie = c.Value
	}
	l, err := p.Login(r.Context(), mux.Vars(r)["id"], cookie)
	if errors.Is(err, store.ErrNotFound) {
		p.showEnded(w, r, http.StatusNotFound, templates.EndedUnknown, nil)
		return nil, false
	}
	if err != nil {
		p.fail(w, r, err)
		return nil, false
	}
	return l, true
}

// loginPost takes the form of any step. Which one it is decides the stored login, never a field of the form (SEC-38, SEC-39).
func (p *IdP) loginPost(w http.ResponseWriter, r *http.Request) {
	l, ok := p.loginOf(w, r)
	if !ok {
		return
	}
	fields, err := web.Form(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	l, err = p.act(r.Context(), l, fields)
	var retry *Retry
	if errors.As(err, &retry) && retry.Reason != WrongStep && l != nil {
		p.show(w, r, http.StatusUnprocessableEntity, l, &attempt{Retry: retry, form: fields})
		return
	}
	if err != nil && retry == nil {
		p.fail(w, r, err)
		return
	}
	p.goOn(w, r, l)
}

// goOn answers the service provider when the login has come to its end, else leads to the page of the next step.
func (p *IdP) goOn(w http.ResponseWriter, r *http.Request, l *Login) {
	switch l.Next(p.now()) {
	case StepAnswer, StepEnd, StepTimeout:
		reply, err := p.Answer(r.Context(), l.ID)
		if errors.Is(err, ErrAnswered) {
			p.showEnded(w, r, http.StatusConflict, templates.EndedDone, l)
			return
		}
		if err != nil {
			p.fail(w, r, err)
			return
		}
		p.post(w, r, reply, l.Request.Display)
	case StepAnswered:
		p.showEnded(w, r, http.StatusConflict, templates.EndedDone, l)
	default:
		http.Redirect(w, r, "/idp/"+p.Slug+"/login/"+l.ID, http.StatusSeeOther)
	}
}

// form is what act reads of a posted form.
type form interface {
	Get(string) string
	Has(string) bool
}

// act performs the step that the login waits for with what the form says.
func (p *IdP) act(ctx context.Context, l *Login, f form) (*Login, error) {
	if f.Get("cancel") == "yes" {
		return p.Cancel(ctx, l.ID)
	}
	if f.Get("more") == "yes" {
		return p.Extend(ctx, l.ID)
	}
	switch l.Next(p.now()) {
	case StepCredentials:
		return p.actCredentials(ctx, l, f)
	case StepOTP:
		return p.actOTP(ctx, l, f)
	case StepPush:
		return p.actPush(ctx, l, f)
	case StepCard:
		return p.actCard(ctx, l, f)
	case StepConsent:
		return p.actConsent(ctx, l, f)
	}
	return l, nil
}

func (p *IdP) actCredentials(ctx context.Context, l *Login, f form) (*Login, error) {
	username, password := f.Get("username"), f.Get("password")
	if username == "" || password == "" {
		return l, &Retry{Reason: Missing, Left: p.TriesLeft(l)}
	}
	return p.Password(ctx, l.ID, username, password)
}

func (p *IdP) actOTP(ctx context.Context, l *Login, f form) (*Login, error) {
	switch {
	case f.Get("factor") != "":
		return p.Choose(ctx, l.ID, f.Get("factor"))
	case f.Has("resend"):
		return p.Choose(ctx, l.ID, l.Factor)
	case f.Has("fill"):
		return l, &Retry{Reason: Fill, Left: p.TriesLeft(l)}
	case normalCode(f.Get("otp")) == "":
		return l, &Retry{Reason: Missing, Left: p.TriesLeft(l)}
	}
	return p.OTP(ctx, l.ID, f.Get("otp"))
}

func (p *IdP) actPush(ctx context.Context, l *Login, f form) (*Login, error) {
	switch {
	case f.Get("factor") != "":
		return p.Choose(ctx, l.ID, f.Get("factor"))
	case f.Has("resend"):
		return p.Choose(ctx, l.ID, l.Factor)
	case f.Get("app") == outbox.Approve || f.Get("app") == outbox.Deny:
		return p.AnswerPush(ctx, l.ID, f.Get("app") == outbox.Approve)
	}
	return p.Push(ctx, l.ID)
}

// readerCommands are the values of the buttons at the drawn reader.
var readerCommands = []string{"insert", "remove", "other", "expired", "revoked"}

func (p *IdP) actCard(ctx context.Context, l *Login, f form) (*Login, error) {
	what := f.Get("card")
	switch {
	case what == "end":
		return p.GiveUpCard(ctx, l.ID)
	case slices.Contains(readerCommands, what) || what != "" && l.CardFirst:
		return p.PutInReader(ctx, l.ID, what)
	case l.CardFirst && f.Has("card"):
		return l, &Retry{Reason: NoHolder}
	case f.Has("puk"):
		return p.actPUK(ctx, l, f)
	case f.Get("pin") == "":
		return l, &Retry{Reason: Missing}
	}
	return p.Card(ctx, l.ID, f.Get("pin"))
}

func (p *IdP) actPUK(ctx context.Context, l *Login, f form) (*Login, error) {
	reader, err := p.Reader(ctx, l)
	if err != nil {
		return l, err
	}
	if reader.Card == nil {
		return l, &Retry{Reason: NoCard}
	}
	_, err = p.UnblockCard(ctx, reader.Card.ID, f.Get("puk"), f.Get("new_pin"))
	return l, err
}

func (p *IdP) actConsent(ctx context.Context, l *Login, f form) (*Login, error) {
	switch f.Get("consent") {
	case "yes":
		return p.Consent(ctx, l.ID, true)
	case "no":
		return p.Consent(ctx, l.ID, false)
	}
	return l, &Retry{Reason: Missing}
}

func (p *IdP) showEnded(w http.ResponseWriter, r *http.Request, status int, why templates.Ended, l *Login) {
	v := templates.ExpiredView{Gestore: p.house(), Why: why}
	if l != nil {
		v.Service, v.Reference = l.Request.Display, l.Exchange
		if sp := p.findSP(r.Context())(l.SP); sp != nil {
			v.ReturnURL = origin(sp)
		}
	}
	web.Render(w, r, status, templates.Expired(web.Page(r), v))
}
