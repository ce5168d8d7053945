package idp

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"spidsim/internal/outbox"
	"spidsim/internal/web"
	"spidsim/saml"
	"spidsim/spid"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// Reasons that only the pages know.
const (
	Missing Reason = "missing" // a field was left empty
	Fill    Reason = "fill"    // "fill it in for me"
)

// attempt is a form that was not accepted, to be shown again with what was wrong; what was typed is kept, secrets are not.
type attempt struct {
	*Retry
	form form
}

// show renders the page of the step that the login waits for.
func (p *IdP) show(w http.ResponseWriter, r *http.Request, status int, l *Login, a *attempt) {
	page := web.Page(r)
	step := l.Next(p.now())
	if a != nil && a.Reason == Fill {
		status = http.StatusOK
	}
	if step == StepAnswered {
		p.showEnded(w, r, http.StatusConflict, templates.EndedDone, l)
		return
	}
	view := map[Step]func(context.Context, ui.Page, *Login, *attempt, *http.Request) (templ.Component, error){
		StepCredentials: p.credentialsView, StepOTP: p.otpView, StepPush: p.pushView, StepCard: p.cardView, StepConsent: p.consentView,
		StepAnswer: p.endedView, StepEnd: p.endedView, StepTimeout: p.endedView,
	}[step]
	c, err := view(r.Context(), page, l, a, r)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	web.Render(w, r, status, c)
}

// endedView stands between the end of a login and its Response when a page is loaded again: the button sends the Response.
func (p *IdP) endedView(_ context.Context, page ui.Page, l *Login, _ *attempt, _ *http.Request) (templ.Component, error) {
	now := p.now()
	v := templates.ExpiredView{
		Gestore: p.house(), Why: templates.EndedReady, Service: l.Request.Display, Reference: l.Exchange,
		Anomaly: l.anomaly(l.Next(now)), Action: "/idp/" + p.Slug + "/login/" + l.ID,
	}
	if l.Next(now) == StepTimeout {
		v.Why = templates.EndedTimeout
	}
	return templates.Expired(page, v), nil
}

func (p *IdP) ask(ctx context.Context, page ui.Page, l *Login) templates.Ask {
	level := l.Performed
	if level == 0 {
		level, _ = spid.Perform(l.Request.Asked, l.Request.Comparison)
	}
	ask := templates.Ask{Gestore: p.house(), Service: l.Request.Display, Level: level, Left: l.left(p.now()), Scene: p.scene(ctx, page, l)}
	if page.Mode == "" || page.Mode == ui.ModeDev {
		ask.Request = p.brief(ctx, l)
	}
	return ask
}

// scene is that of the lesson that plays, unless somebody logs in who is not on stage.
func (p *IdP) scene(ctx context.Context, page ui.Page, l *Login) *templates.Scene {
	if p.cfg.Scene == nil {
		return nil
	}
	code := spid.FiscalCode("")
	if u, err := p.users.Get(ctx, l.Username); err == nil {
		code = u.FiscalCode
	}
	return p.cfg.Scene(ctx, page.L(), code, string(l.Next(p.now())))
}

func (p *IdP) brief(ctx context.Context, l *Login) *templates.RequestInBrief {
	q := l.Request
	b := &templates.RequestInBrief{
		ID: q.ID, Binding: bindingName(q.Binding), Asked: q.Asked.URI(), Comparison: string(q.Comparison), ACS: q.ACS, ForceAuthn: q.ForceAuthn,
	}
	if q.ACSIndex >= 0 {
		b.ACSIndex = strconv.Itoa(q.ACSIndex)
	}
	if set, ok := p.set(ctx, l); ok {
		b.AttributeSet, b.Attributes = strconv.Itoa(q.Set), len(set.Requested)
	}
	if x, err := p.exchanges.Get(ctx, l.Exchange); err == nil {
		b.Findings = len(x.Findings)
	}
	return b
}

func (p *IdP) set(ctx context.Context, l *Login) (set saml.AttributeConsumingService, ok bool) {
	if d := p.findSP(ctx)(l.SP); d != nil && l.Request.Set >= 0 {
		return d.SP.AttributeConsumingService(l.Request.Set)
	}
	return set, false
}

func (p *IdP) credentialsView(ctx context.Context, page ui.Page, l *Login, a *attempt, r *http.Request) (templ.Component, error) {
	v := templates.LoginView{Ask: p.ask(ctx, page, l), Username: l.Request.Hint, PeopleURL: ui.PathPeople + "?gestore=" + p.Slug}
	if l.WrongTries > 0 {
		v.AttemptsLeft = p.TriesLeft(l)
	}
	if a != nil {
		v.Username = a.form.Get("username")
		v.Problems = credentialProblems(a)
	}
	if page.Dev() && page.Mode != ui.ModeCI {
		if err := p.picker(ctx, page, &v, r.URL.Query().Get("user")); err != nil {
			return nil, err
		}
	}
	return templates.Login(page, v), nil
}

func credentialProblems(a *attempt) []templates.Trouble {
	if a.Reason != Missing {
		return []templates.Trouble{templates.CredentialsWrong}
	}
	var out []templates.Trouble
	if a.form.Get("username") == "" {
		out = append(out, templates.UsernameMissing)
	}
	if a.form.Get("password") == "" {
		out = append(out, templates.PasswordMissing)
	}
	return out
}

func (p *IdP) otpView(ctx context.Context, page ui.Page, l *Login, a *attempt, r *http.Request) (templ.Component, error) {
	u, err := p.person(ctx, l.Username)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", l.Username, err)
	}
	if r.URL.Query().Has("choose") && a == nil {
		return templates.SecondFactor(page, p.choiceView(ctx, page, l, u)), nil
	}
	v := templates.OTPView{
		Ask: p.ask(ctx, page, l), Kind: l.Factor, Person: u.fullName(), Others: p.others(u, l.Factor),
		MessagesURL: ui.PathMessages + "?to=" + u.Username,
	}
	if l.WrongTries > 0 {
		v.AttemptsLeft = p.TriesLeft(l)
	}
	if err := p.drawFactor(ctx, page, l, u, &v); err != nil {
		return nil, err
	}
	if a != nil {
		otpAttempt(&v, a)
	}
	return templates.OTP(page, v), nil
}

// drawFactor shows the person's own device in dev and trainer mode.
func (p *IdP) drawFactor(ctx context.Context, page ui.Page, l *Login, u *User, v *templates.OTPView) error {
	if l.Factor == "sms" {
		v.Sent = u.Mobile
		if l.Code != nil {
			v.Validity = max(0, l.Code.Expires.Sub(p.now()))
		}
		m, err := p.newestMessage(ctx, l)
		if err != nil || m == nil || page.Mode == ui.ModeCI {
			return err
		}
		v.SMS = ShowMessage(m, p.Name)
		return nil
	}
	code, err := p.TOTP(ctx, u.Username)
	if err == nil && page.Mode != ui.ModeCI {
		v.TOTP = &templates.TOTPNow{Code: code.Code, ValidFor: time.Duration(code.ValidFor) * time.Second, EnrolURL: EnrolURL(u.Username)}
	}
	return nil // no fresh code to show is no reason to keep the page back
}

// EnrolURL is the page with QR code and secret of a person's authenticator.
func EnrolURL(username string) string { return ui.PathPeople + "/" + username + "/totp" }

func (p *IdP) newestMessage(ctx context.Context, l *Login) (*outbox.Message, error) {
	if l.Code == nil {
		return nil, nil
	}
	return p.outbox.Get(ctx, l.Code.Message)
}

// ShowMessage makes the view of a message; from is the name of the gestore that sent it.
func ShowMessage(m *outbox.Message, from string) *templates.Message {
	v := &templates.Message{
		ID: m.ID, Channel: m.Channel, From: from, To: m.To, User: m.User, Subject: m.Subject, Text: m.Text, Code: m.Code,
		At: m.At, Answer: m.Answer, URL: ui.PathMessages + "/" + m.ID,
	}
	if m.Relay != nil {
		v.Relay, v.RelayError = m.Relay.State, m.Relay.Error
	}
	return v
}

func otpAttempt(v *templates.OTPView, a *attempt) {
	v.Code = a.form.Get("otp")
	trouble := map[Reason]templates.Trouble{
		Missing: templates.OTPMissing, WrongCode: templates.OTPWrong, ExpiredCode: templates.OTPExpired, UsedCode: templates.OTPUsed,
		NoFactor: templates.FactorMissing,
	}
	switch {
	case a.Reason != Fill:
		v.Problems = []templates.Trouble{trouble[a.Reason]}
	case v.SMS != nil:
		v.Code, v.Filled = v.SMS.Code, true
	case v.TOTP != nil:
		v.Code, v.Filled = v.TOTP.Code, true
	default:
		v.Problems = []templates.Trouble{templates.OTPNoMessage}
	}
}

func (p *IdP) choiceView(ctx context.Context, page ui.Page, l *Login, u *User) templates.SecondFactorView {
	v := templates.SecondFactorView{Ask: p.ask(ctx, page, l), Chosen: l.Factor}
	for _, kind := range p.factors(u) {
		f := templates.Factor{Kind: kind}
		if kind == "sms" {
			f.Hint = u.Mobile
		}
		v.Factors = append(v.Factors, f)
	}
	return v
}

// others lists the person's further second factors.
func (p *IdP) others(u *User, factor string) []string {
	return slices.DeleteFunc(slices.Clone(p.factors(u)), func(f string) bool { return f == factor })
}

func (u *User) fullName() string { return u.GivenName + " " + u.FamilyName }

func (p *IdP) pushView(ctx context.Context, page ui.Page, l *Login, a *attempt, _ *http.Request) (templ.Component, error) {
	u, err := p.person(ctx, l.Username)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", l.Username, err)
	}
	v := templates.PushView{Ask: p.ask(ctx, page, l), Person: u.fullName(), Others: p.others(u, l.Factor)}
	m, err := p.newestMessage(ctx, l)
	if err != nil {
		return nil, err
	}
	if m != nil {
		v.Answer, v.SentAt = m.Answer, m.At
		v.Validity = max(0, l.Code.Expires.Sub(p.now()))
	}
	if a != nil {
		v.Problems = []templates.Trouble{map[Reason]templates.Trouble{
			NoAnswerYet: templates.AppPending, AppDenied: templates.AppDenied, ExpiredCode: templates.OTPExpired, NoFactor: templates.FactorMissing,
		}[a.Reason]}
	}
	return templates.Push(page, v), nil
}

func (p *IdP) consentView(ctx context.Context, page ui.Page, l *Login, a *attempt, _ *http.Request) (templ.Component, error) {
	u, err := p.person(ctx, l.Username)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", l.Username, err)
	}
	v := templates.ConsentView{Ask: p.ask(ctx, page, l), Person: u.fullName()}
	set, ok := p.set(ctx, l)
	if ok || p.Kind == KindCIE {
		for _, at := range p.released(set, u) {
			v.Attributes = append(v.Attributes, templates.AttributeValue{Name: at.Name, Value: at.Value})
		}
	}
	if ok {
		v.SetIndex, v.SetName = strconv.Itoa(set.Index), set.ServiceNames.In(page.L())
		values := p.values(u)
		for _, rq := range set.Requested {
			if values[rq.Name] == "" {
				v.Missing = append(v.Missing, rq.Name)
			}
		}
	}
	if a != nil {
		v.Problems = []templates.Trouble{templates.ConsentMissing}
	}
	return templates.Consent(page, v), nil
}
