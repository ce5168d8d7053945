package admin

import (
	"net/http"
	"time"

	"spidsim/internal/web"
	"spidsim/templates"
)

const (
	peopleShown    = 5 // on the pages that show a few
	exchangesAtOne = 5 // on the first page
)

// homePage is the first login in three steps (ux.md section 6); its twin for machines is Overview.
func (a *Admin) homePage(w http.ResponseWriter, r *http.Request) {
	if web.WantsJSON(r) {
		a.overview(w, r)
		return
	}
	v, err := a.homeView(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, http.StatusOK, templates.Home(web.Page(r), *v))
}

func (a *Admin) homeView(r *http.Request) (*templates.HomeView, error) {
	ctx, page, p := r.Context(), web.Page(r), a.standard()
	v := &templates.HomeView{
		Started: a.cfg.Started, Ready: a.fed.Ready(ctx) == nil, BaseURL: a.cfg.BaseURL, PortalURL: a.cfg.PortalURL,
		MetadataURL: p.EntityID + "/metadata", EntityID: p.EntityID, Fingerprint: fingerprint(p.Key().Cert.Raw), CertUntil: p.Key().Cert.NotAfter,
		Gestori: a.gestori(),
	}
	users, err := a.fed.Users(ctx)
	if err != nil {
		return nil, err
	}
	v.PeopleCount = len(users)
	if v.People, err = a.personRows(ctx, page, personaFew(users, a.now(), peopleShown)); err != nil {
		return nil, err
	}
	if v.Services, err = a.serviceRows(ctx, page); err != nil {
		return nil, err
	}
	v.Exchanges, err = a.exchangeRows(ctx, page, exchangesAtOne)
	return v, err
}

func (a *Admin) overview(w http.ResponseWriter, r *http.Request) {
	ctx, p := r.Context(), a.standard()
	users, err := a.fed.Users(ctx)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	services, err := a.fed.SPs(ctx)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	out := Overview{
		Version: a.cfg.Version, Started: a.cfg.Started.UTC().Truncate(time.Second), Ready: a.fed.Ready(ctx) == nil, BaseURL: a.cfg.BaseURL, PortalURL: a.cfg.PortalURL,
		EntityID: p.EntityID, MetadataURL: p.EntityID + "/metadata", CertificateSHA256: fingerprint(p.Key().Cert.Raw),
		CertificateUntil: p.Key().Cert.NotAfter.UTC(), ServiceProviders: len(services), Users: len(users),
	}
	for _, g := range a.gestori() {
		out.IdPs = append(out.IdPs, IdPOverview{Slug: g.Slug, Name: g.Name, EntityID: g.EntityID, MetadataURL: g.MetadataURL})
	}
	web.JSON(w, http.StatusOK, out)
}

// guidePage is open to everybody; the people with their passwords stand on it only for this machine.
func (a *Admin) guidePage(w http.ResponseWriter, r *http.Request) {
	page := web.Page(r)
	v := templates.GuideView{
		BaseURL: a.cfg.BaseURL, PortalURL: a.cfg.PortalURL, MetadataURL: a.standard().EntityID + "/metadata", Version: a.cfg.Version,
	}
	if a.cfg.Lessons != nil {
		v.Lessons = a.cfg.Lessons(page.L())
	}
	if web.Loopback(r) {
		users, err := a.fed.Users(r.Context())
		if err == nil {
			v.Users, err = a.personRows(r.Context(), page, personaFew(users, a.now(), peopleShown))
		}
		if err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	web.Render(w, r, http.StatusOK, templates.Guide(page, v))
}

func (a *Admin) accessibilityPage(w http.ResponseWriter, r *http.Request) {
	web.Render(w, r, http.StatusOK, templates.Accessibility(web.Page(r)))
}
