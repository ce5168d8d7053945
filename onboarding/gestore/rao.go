package gestore

import (
	"net/http"
	"slices"
	"strings"

	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/spid"
	"spidsim/templates"
)

// rao is the public counter: the clerk identifies a citizen, prints the first half of a code, and the second one goes by e-mail (ONB-190).
func (f *Face) rao(w http.ResponseWriter, r *http.Request) {
	v := &visit{w, r, onboarding.Provider{}, nil}
	if v.posts() {
		f.raoPost(v)
		return
	}
	if code := r.URL.Query().Get("printed"); code != "" {
		f.raoPrinted(v, code)
		return
	}
	f.raoPage(v, http.StatusOK, fields{}, nil)
}

func (f *Face) office(v *visit) templates.RAOView {
	p := web.Page(v.Request)
	name := templates.EnrolWord(p, "office")
	before, _, _ := strings.Cut(name, ",")
	return templates.RAOView{Enrol: templates.Enrol{Gestore: templates.Gestore{Slug: "rao", Name: before, Address: v.Host + "/rao"}, Action: "/rao", Back: "/rao"}, Office: name}
}

func (f *Face) raoPage(v *visit, status int, form fields, denied *onboarding.Denied) {
	if denied != nil && web.WantsJSON(v.Request) {
		v.fail(denied)
		return
	}
	p, page := web.Page(v.Request), f.office(v)
	people, err := f.cfg.Office.Citizens(v.Context())
	if err != nil {
		v.fail(err)
		return
	}
	page.Problems = problems(p, nil, denied)
	asked := v.URL.Query().Get("person")
	a := &attempt{form: form}
	var picked onboarding.Citizen
	for _, c := range people {
		if len(page.People) == maxExamples || len(c.IdPs) > 0 || c.CannotHaveSPID(f.cfg.Office.Today()) || c.Birthday.IsZero() {
			continue
		}
		x := templates.EnrolPerson{Name: c.Name(), Words: templates.EnrolWord(p, "age", c.AgeOn(f.cfg.Office.Today())), URL: "/rao?person=" + c.Username, Picked: c.Username == asked}
		if x.Picked {
			picked = c
		}
		page.People = append(page.People, x)
	}
	page.Data = templates.PersonData{FiscalCode: a.typed("fiscal_code", string(picked.FiscalCode)), FamilyName: a.typed("family_name", picked.FamilyName), GivenName: a.typed("given_name", picked.GivenName)}
	page.Email = a.typed("email", picked.Email)
	for _, c := range checks {
		if form.yes(c) {
			page.Checks = append(page.Checks, c)
		}
	}
	v.page(status, map[string]int{"people": len(page.People)}, templates.RAO(p, page))
}

func (f *Face) raoPost(v *visit) {
	form, ok := v.form()
	if !ok {
		return
	}
	denied, err := f.raoCheck(v, form)
	var pack *onboarding.Package
	if err == nil && denied == nil {
		pack, err = f.cfg.Office.IssuePackage(v.Context(), strings.TrimSpace(form.get("fiscal_code")), strings.TrimSpace(form.get("email")), "rao")
	}
	if d, isRefused := refused(err); isRefused {
		denied, err = d, nil
		if denied.Field == "" {
			denied.Field = "fiscal_code"
		}
	}
	switch {
	case err != nil:
		v.fail(err)
	case denied != nil:
		f.raoPage(v, http.StatusUnprocessableEntity, form, denied)
	default:
		v.to("/rao?printed=" + string(pack.FiscalCode))
	}
}

// raoCheck is what the clerk has to have seen: face, card, and a name that fits the codice fiscale.
func (f *Face) raoCheck(v *visit, form fields) (*onboarding.Denied, error) {
	for _, c := range []string{"check_face", "check_card"} {
		if !form.yes(c) {
			return onboarding.Deny(onboarding.FieldMissing).By("ONB-190").At(c).Because("%s is not ticked", c), nil
		}
	}
	c, err := f.cfg.Office.Citizen(v.Context(), form.get("fiscal_code"))
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(strings.TrimSpace(form.get("family_name")), c.FamilyName) || !strings.EqualFold(strings.TrimSpace(form.get("given_name")), c.GivenName) {
		return onboarding.Deny(onboarding.BadFiscalCode).By("ONB-190").At("fiscal_code").Because("the codice fiscale is of somebody else"), nil
	}
	return nil, nil
}

// raoPrinted shows the half that is printed, and where the person goes on.
func (f *Face) raoPrinted(v *visit, code string) {
	c, err := f.cfg.Office.Citizen(v.Context(), code)
	var pack *onboarding.Package
	if err == nil {
		pack, err = f.cfg.Office.Package(v.Context(), spid.FiscalCode(c.FiscalCode))
	}
	if err != nil {
		v.fail(err)
		return
	}
	page := f.office(v)
	page.First, page.Email, page.Until = pack.Half1, c.Email, pack.Issued.AddDate(0, 0, 30)
	for _, g := range f.cfg.Office.Gestori() {
		if slices.ContainsFunc(g.Modes, func(m onboarding.ModePrice) bool { return m.Mode == onboarding.RAO }) {
			page.Accepts = append(page.Accepts, templates.Gestore{Slug: g.Slug, Name: g.Name, Address: "/idp/" + g.Slug + "/richiedi"})
		}
	}
	v.page(http.StatusOK, map[string]string{"half1": pack.Half1}, templates.RAO(web.Page(v.Request), page))
}
