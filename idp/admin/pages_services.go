package admin

import (
	"errors"
	"mime"
	"net/http"
	"slices"
	"strings"

	"spidsim/idp"
	"spidsim/internal/web"
	"spidsim/templates"
	"spidsim/templates/ui"
)

func (a *Admin) servicesPage(w http.ResponseWriter, r *http.Request) {
	if web.WantsJSON(r) {
		a.listServices(w, r)
		return
	}
	notice := ""
	if r.URL.Query().Has("tolto") {
		notice = removedWords.In(web.Lang(r))
	}
	a.showServices(w, r, http.StatusOK, templates.ServicesView{Notice: notice})
}

func (a *Admin) showServices(w http.ResponseWriter, r *http.Request, status int, v templates.ServicesView) {
	page := web.Page(r)
	rows, err := a.serviceRows(r.Context(), page)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	v.Services = rows
	web.Render(w, r, status, templates.Services(page, v))
}

// registerPost takes the form of the console: how says which of url, file and xml counts. What was refused stays on the page with its
// findings (UX-63).
func (a *Admin) registerPost(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	how := form.how()
	doc, err := a.formDocument(r, form, how)
	var done *Registration
	if err == nil {
		done, err = a.register(r.Context(), doc)
	}
	if err == nil {
		to := serviceURL(done.EntityID)
		if doc.Untrusted != "" {
			to += "?tls"
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	a.showRefused(w, r, form, how, err)
}

func (a *Admin) showRefused(w http.ResponseWriter, r *http.Request, form *upload, how string, err error) {
	words, ok := registerWords(err, how, web.Lang(r))
	if !ok || web.WantsJSON(r) {
		web.Fail(w, r, apiProblem(err))
		return
	}
	v := templates.RegisterForm{How: how, URL: form.values["url"], XML: form.values["xml"], Problem: words}
	var refused *refusal
	if errors.As(err, &refused) {
		v.Findings = shownFindings(web.Page(r), refused.findings)
	}
	a.showServices(w, r, http.StatusUnprocessableEntity, templates.ServicesView{Register: v})
}

// readForm reads a form of either encoding.
func readForm(r *http.Request) (*upload, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		return readMultipart(r.Body, params["boundary"])
	}
	fields, err := web.Form(r)
	if err != nil {
		return nil, err
	}
	form := &upload{values: map[string]string{}, files: map[string][]byte{}}
	for name := range fields {
		form.values[name] = fields.Get(name)
	}
	return form, nil
}

// how tells which way the form goes, from the field of that name or else from what is filled in.
func (f *upload) how() string {
	if h := f.values["how"]; h == "url" || h == "file" || h == "xml" {
		return h
	}
	switch {
	case len(f.files) > 0:
		return "file"
	case f.values["xml"] != "":
		return "xml"
	}
	return "url"
}

func (a *Admin) formDocument(r *http.Request, f *upload, how string) (*document, error) {
	switch how {
	case "file":
		return f.upload("console")
	case "xml":
		// Browsers send line ends as CR LF; a signature was made over what stood there before.
		text := strings.ReplaceAll(f.values["xml"], "\r\n", "\n")
		if strings.TrimSpace(text) == "" {
			return nil, web.Unprocessable("xml", "the text is empty")
		}
		return &document{XML: []byte(strings.TrimLeft(text, " \t\n")), Source: "console"}, nil
	}
	return a.fetchDocument(r.Context(), f.values["url"])
}

// findService finds a registered service provider by the key of its address.
func (a *Admin) findService(r *http.Request) (*idp.ServiceProvider, error) {
	key := segment(r, "service")
	all, err := a.fed.SPs(r.Context())
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(sp *idp.ServiceProvider) bool { return serviceKey(sp.EntityID) == key })
	if i < 0 {
		return nil, web.NotFound("there is no service provider at this address")
	}
	return all[i], nil
}

func (a *Admin) servicePage(w http.ResponseWriter, r *http.Request) {
	sp, err := a.findService(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	if web.WantsJSON(r) {
		a.answerService(w, r, sp.EntityID)
		return
	}
	page := web.Page(r)
	web.Render(w, r, http.StatusOK, templates.Service(page, a.serviceView(page, sp, r.URL.Query().Has("tls"))))
}

// serviceView shows one service provider. tls says that its metadata have just come from a server whose certificate proves nothing.
func (a *Admin) serviceView(page ui.Page, sp *idp.ServiceProvider, tls bool) templates.ServiceView {
	row, doc, findings := a.serviceRow(page, sp)
	if tls && strings.HasPrefix(sp.Source, "https:") {
		findings = slices.Insert(findings, 0, untrusted(certUnknown))
	}
	v := templates.ServiceView{
		Row: row, Findings: shownFindings(page, findings),
		Document: &ui.Document{Title: "EntityDescriptor", XML: sp.XML, At: sp.Registered},
	}
	if doc != nil && doc.SP != nil {
		v.ACS, v.SLO = endpointRows(doc.SP.AssertionConsumerServices), endpointRows(doc.SP.SingleLogoutServices)
		v.Sets = attributeSets(page, doc.SP.AttributeConsumingServices)
	}
	if sp.Source != "self" { // the portal of the program would come back at the next start
		v.DeleteURL = serviceURL(sp.EntityID) + "/rimuovi"
	}
	return v
}

// removePost forgets a service provider after the one question of the page (UX-85).
func (a *Admin) removePost(w http.ResponseWriter, r *http.Request) {
	sp, err := a.findService(r)
	if err == nil {
		err = a.removeService(r.Context(), sp.EntityID)
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, ui.PathServices+"?tolto", http.StatusSeeOther)
}
