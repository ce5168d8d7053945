package idp

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"spidsim/internal/web"
	"spidsim/saml"
	"spidsim/spid"
	"spidsim/spid/rules"
	"spidsim/templates"
	"spidsim/templates/ui"
)

const loginCookie = "spidsim_login"

func (p *IdP) ssoRedirect(w http.ResponseWriter, r *http.Request) {
	in := Inbound{Method: r.Method, Binding: saml.HTTPRedirect}
	if r.Method == http.MethodGet {
		in.Arrival, in.Intake = saml.ParseRedirect(saml.ParamRequest, r.URL.RawQuery)
	}
	p.serveSSO(w, r, in)
}

func (p *IdP) ssoPost(w http.ResponseWriter, r *http.Request) {
	in := Inbound{Method: r.Method, Binding: saml.HTTPPost}
	if r.Method == http.MethodPost {
		in.Arrival, in.Intake = readPost(r)
	}
	p.serveSSO(w, r, in)
}

// readPost reads the fields of the body alone. A query on this endpoint is a mistake of the sender (SEC-28).
func readPost(r *http.Request) (*saml.Arrival, error) {
	fields, err := web.Form(r)
	if err != nil {
		return &saml.Arrival{Binding: saml.HTTPPost, Param: saml.ParamRequest}, intakeOfForm(err)
	}
	a, err := saml.ParsePost(saml.ParamRequest, fields)
	if r.URL.RawQuery != "" {
		a.Extra = append(a.Extra, "?"+r.URL.RawQuery)
	}
	return a, err
}

func intakeOfForm(err error) error {
	e := &saml.IntakeError{Stage: saml.StageParameters, Rule: "BIND-10", Path: "body", Found: err.Error(), Wanted: "a form with SAMLRequest"}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		e.Stage, e.Rule, e.Wanted = saml.StageLimit, "SEC-14", "a body of at most 512 KiB"
	}
	return e
}

func (p *IdP) serveSSO(w http.ResponseWriter, r *http.Request, in Inbound) {
	in.Browser = p.newSecret()
	received, err := p.Receive(r.Context(), in)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	if received.Login == nil {
		p.showRefusal(w, r, received)
		return
	}
	address := "/idp/" + p.Slug + "/login/" + received.Login.ID
	// One cookie a login, bound to its address: tabs never mix, and no browser piles up cookies (SEC-39).
	http.SetCookie(w, &http.Cookie{
		Name: loginCookie, Value: in.Browser, Path: address, HttpOnly: true, Secure: p.cfg.SecureCookies,
		SameSite: http.SameSiteLaxMode, MaxAge: int((11*p.cfg.LoginTimeout + loginKept).Seconds()),
	})
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// showRefusal tells the person, the developer and, by a signed Response, the service provider.
func (p *IdP) showRefusal(w http.ResponseWriter, r *http.Request, in *Received) {
	page := web.Page(r)
	status := httpStatus(in.Refusal.Anomaly)
	switch {
	case web.WantsJSON(r):
		p.refusalJSON(w, r, in, status)
	case in.Reply != nil && page.Mode != ui.ModeDev && page.Mode != "":
		p.post(w, r, in.Reply, displayName(in.Report.SP))
	case in.Reply != nil:
		web.RenderPost(w, r, status, templates.Refused(page, p.refusedView(page, in)), in.Reply.Form.Action)
	default:
		web.Render(w, r, status, templates.Refused(page, p.refusedView(page, in)))
	}
}

func (p *IdP) refusalJSON(w http.ResponseWriter, r *http.Request, in *Received, status int) {
	info, _ := in.Refusal.Anomaly.Info()
	if in.Reply != nil {
		status = http.StatusForbidden // a program asked what happened; the form of the browser would be 200
	}
	web.WriteProblem(w, r, status, web.Problem{
		Title: info.English, Code: in.Refusal.Anomaly.Code(), Detail: in.Refusal.Error(), Rule: in.Refusal.Rule,
		Field: in.Refusal.Path, Found: in.Refusal.Found, Wanted: in.Refusal.Wanted, Findings: in.Exchange.Findings,
	})
}

// post renders the form that carries a Response to the service provider by itself.
func (p *IdP) post(w http.ResponseWriter, r *http.Request, reply *Reply, to string) {
	house := p.house()
	v := templates.AutoPostView{
		Gestore: &house, Action: reply.Form.Action, Param: reply.Form.Param, Message: reply.Form.Message,
		RelayState: relayState(reply.Form), To: to, Anomaly: reply.Anomaly,
	}
	web.RenderPost(w, r, http.StatusOK, templates.AutoPost(web.Page(r), v), reply.Form.Action)
}

// relayState leaves the field out when none came (BIND-12).
func relayState(f saml.Form) *string {
	if f.RelayState == "" {
		return nil
	}
	return &f.RelayState
}

func (p *IdP) refusedView(page ui.Page, in *Received) templates.RefusedView {
	x := in.Exchange
	v := templates.RefusedView{
		Gestore: p.house(), Service: displayName(in.Report.SP), Anomaly: in.Refusal.Anomaly, Reference: x.ID, At: x.At,
		Findings: ShowFindings(page.L(), x.Findings), Checks: checks(page.L(), in.Report), ReturnURL: origin(in.Report.SP),
	}
	if len(x.Request) > 0 {
		v.Document = &ui.Document{Title: "AuthnRequest, " + bindingName(x.Binding), XML: x.Request, At: x.At}
	}
	if in.Reply != nil {
		info, _ := in.Refusal.Anomaly.Info()
		form := in.Reply.Form
		v.Response = &templates.ReadyResponse{
			Status: lastPart(info.Status), Sub: lastPart(info.Sub), Message: in.Refusal.Anomaly.Code(),
			Form: ui.SAMLForm{Action: form.Action, Param: form.Param, Message: form.Message, RelayState: relayState(form)},
		}
	}
	return v
}

// ShowFindings puts records into the words of one language.
func ShowFindings(lang string, list []Finding) []ui.Finding {
	out := make([]ui.Finding, 0, len(list))
	for _, f := range list {
		tone := ui.Bad
		if f.Warning {
			tone = ui.Warn
		}
		title, remedy := f.Title.It, f.Remedy.It
		if lang == ui.English {
			title, remedy = f.Title.En, f.Remedy.En
		}
		out = append(out, ui.Finding{
			Severity: tone, Title: title, Rule: f.Rule, Path: f.Path, Line: f.Line, Column: f.Column,
			Found: f.Found, Wanted: f.Wanted, Remedy: remedy, Source: f.Source,
		})
	}
	return out
}

func displayName(sp *saml.EntityDescriptor) string {
	if sp == nil {
		return ""
	}
	if name := sp.Organization.DisplayName.In("it"); name != "" {
		return name
	}
	return sp.EntityID
}

// origin is where "back to the service" leads: the site of the default assertion consumer service, never an address of the message.
func origin(sp *saml.EntityDescriptor) string {
	if sp == nil || sp.SP == nil {
		return ""
	}
	acs, ok := sp.SP.DefaultAssertionConsumerService()
	if !ok {
		return ""
	}
	u, err := url.Parse(acs.Location)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.Scheme + "://" + u.Host + "/"
}

func lastPart(uri string) string {
	for i := len(uri) - 1; i >= 0; i-- {
		if uri[i] == ':' {
			return uri[i+1:]
		}
	}
	return uri
}

// stages are the checks as a person would list them, in the order in which they are made (saml-profile.md 2.7).
var stages = []struct {
	it, en string
	codes  []spid.Anomaly
}{
	{"Metodo e indirizzo", "Method and address", []spid.Anomaly{spid.WrongMethod}},
	{"Formato e codifica", "Format and encoding", []spid.Anomaly{spid.BadFormat}},
	{"Mittente conosciuto", "Known sender", []spid.Anomaly{spid.BadIssuer}},
	{"Firma", "Signature", []spid.Anomaly{spid.BadQuerySignature, spid.BadXMLSignature}},
	{"Versione, ID, data", "Version, ID, date", []spid.Anomaly{spid.BadVersion, spid.BadID, spid.BadIssueInstant}},
	{"Destinazione e IsPassive", "Destination and IsPassive", []spid.Anomaly{spid.BadDestination, spid.IsPassive}},
	{"Indirizzo della risposta", "Address of the answer", []spid.Anomaly{spid.BadACS}},
	{"NameIDPolicy", "NameIDPolicy", []spid.Anomaly{spid.BadNameIDPolicy}},
	{"Livello richiesto", "Level asked for", []spid.Anomaly{spid.BadAuthnContext}},
	{"Insieme di attributi", "Attribute set", []spid.Anomaly{spid.BadAttributeSet}},
	{"Schema e resto del profilo", "Schema and the rest of the profile", []spid.Anomaly{spid.NotConforming}},
}

// checks sums the report up, one line a stage.
func checks(lang string, r *rules.Report) []templates.Check {
	var out []templates.Check
	for _, s := range stages {
		c := templates.Check{Label: s.it, Result: ui.Plain}
		if lang == ui.English {
			c.Label = s.en
		}
		for i, a := range s.codes {
			if i > 0 {
				c.Codes += ", "
			}
			c.Codes += a.Code()[len("ErrorCode "):]
			c.Result = worse(c.Result, stageTone(r, a))
		}
		out = append(out, c)
	}
	return out
}

func stageTone(r *rules.Report, a spid.Anomaly) ui.Tone {
	tone := ui.Plain
	for _, f := range r.Findings {
		if f.Rule.Anomaly != a {
			continue
		}
		switch f.Outcome {
		case rules.Failed:
			return ui.Bad
		case rules.Warned:
			tone = ui.Warn
		case rules.Passed:
			tone = worse(tone, ui.OK)
		}
	}
	return tone
}

func worse(a, b ui.Tone) ui.Tone {
	order := map[ui.Tone]int{ui.Plain: 0, ui.OK: 1, ui.Warn: 2, ui.Bad: 3}
	if order[b] > order[a] {
		return b
	}
	return a
}

// left is what remains of the login's time, never negative.
func (l *Login) left(now time.Time) time.Duration { return max(0, l.Deadline.Sub(now)) }
