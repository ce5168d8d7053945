package idp

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/gorilla/mux"

	"spidsim/internal/web"
	"spidsim/saml"
	"spidsim/spid"
	"spidsim/templates"
)

// CrossSite lists the endpoints that other sites post to by nature of the protocol, as patterns for the web layer: everything
// else of the gestori sits behind the own-form protection (SEC-50).
var CrossSite = []string{"POST /idp/{slug}/sso/post", "POST /idp/{slug}/sso/redirect", "POST /idp/{slug}/slo/{binding}"}

// Routes adds the addresses of the gestori to a router (interface.md section 2).
func (f *Federation) Routes(r *mux.Router) {
	r.HandleFunc("/idp/{slug}/metadata", f.of((*IdP).serveMetadata)).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/idp/{slug}", f.of((*IdP).toMetadata)).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/idp/{slug}/sso/redirect", f.of((*IdP).ssoRedirect))
	r.HandleFunc("/idp/{slug}/sso/post", f.of((*IdP).ssoPost))
	r.HandleFunc("/idp/{slug}/slo/{binding:redirect|post|soap}", f.of((*IdP).sloLater))
	r.HandleFunc("/idp/{slug}/login/{id}", f.of((*IdP).loginPage)).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/idp/{slug}/login/{id}", f.of((*IdP).loginPost)).Methods(http.MethodPost)
	r.HandleFunc("/registry/metadata", f.serveRegistry).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/registry/entities-idp", f.serveEntities).Methods(http.MethodGet, http.MethodHead)
}

// Handler serves the gestori alone, without console and API.
func (f *Federation) Handler() http.Handler {
	r := mux.NewRouter().SkipClean(true)
	r.NotFoundHandler = web.NotFoundHandler()
	f.Routes(r)
	return r
}

type idpHandler func(*IdP, http.ResponseWriter, *http.Request)

// of finds the gestore that an address speaks of.
func (f *Federation) of(h idpHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := f.bySlug[mux.Vars(r)["slug"]]
		if !ok {
			web.Fail(w, r, web.NotFound("there is no gestore of that name"))
			return
		}
		h(p, w, r)
	}
}

func (p *IdP) serveMetadata(w http.ResponseWriter, r *http.Request) {
	serveXML(w, p.metadata)
}

func serveXML(w http.ResponseWriter, doc []byte) {
	w.Header().Set("Content-Type", "application/samlmetadata+xml")
	w.Header().Set("Content-Length", strconv.Itoa(len(doc)))
	_, _ = w.Write(doc) // a client that left is no error of ours
}

// toMetadata helps whoever opens an entityID in a browser.
func (p *IdP) toMetadata(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, p.EntityID+"/metadata", http.StatusSeeOther)
}

func (f *Federation) serveRegistry(w http.ResponseWriter, r *http.Request) {
	doc, err := f.Registry()
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	serveXML(w, doc)
}

// entity is an identity provider in the list that the access button reads (REG-03).
type entity struct {
	EntityID     string `json:"entity_id"`
	Name         string `json:"organization_name"`
	LogoURI      string `json:"logo_uri"` // always empty: no logo is ours to show (UX-32)
	RegistryLink string `json:"registry_link"`
}

func (f *Federation) serveEntities(w http.ResponseWriter, _ *http.Request) {
	list := make([]entity, 0, len(f.providers))
	for _, p := range f.providers {
		list = append(list, entity{EntityID: p.EntityID, Name: p.DisplayName(), RegistryLink: p.EntityID + "/metadata"})
	}
	web.JSON(w, http.StatusOK, list)
}

// sloLater answers honestly: sessions, and with them logout, are not part of this version.
func (p *IdP) sloLater(w http.ResponseWriter, r *http.Request) {
	web.WriteProblem(w, r, http.StatusNotImplemented, web.Problem{
		Title: "Single Logout is not available in this version", Code: "no-logout", Rule: "SLO-25",
		Detail: "every login is a single authentication: there is no session at the identity provider to close, close the one of your service",
	})
}

func (p *IdP) house() templates.Gestore {
	return templates.Gestore{Slug: p.Slug, Name: p.Name, Badge: p.Initials, Address: p.cfg.BaseURL.Host + "/idp/" + p.Slug, CIE: p.Kind == KindCIE}
}

func bindingName(b saml.Binding) string {
	if b == saml.HTTPRedirect {
		return "HTTP-Redirect"
	}
	return "HTTP-POST"
}

func httpStatus(a spid.Anomaly) int {
	info, ok := a.Info()
	if !ok || info.HTTP == 0 {
		return http.StatusInternalServerError
	}
	return info.HTTP
}

// fail answers a fault of ours with anomaly 3: the person reads the official sentence, the log has the cause.
func (p *IdP) fail(w http.ResponseWriter, r *http.Request, err error) {
	page := web.Page(r)
	if errors.Is(err, ErrHashing) {
		web.Fail(w, r, &web.Error{Status: http.StatusServiceUnavailable, Retry: 2, Err: err, Problem: web.Problem{Code: "busy", Detail: ErrHashing.Error(), Rule: "SEC-54"}})
		return
	}
	p.log.Error("login failed", "idp", p.Slug, "id", web.RequestID(r), "err", err)
	if web.WantsJSON(r) {
		web.Fail(w, r, err)
		return
	}
	web.Render(w, r, httpStatus(spid.SystemError), templates.Refused(page, templates.RefusedView{
		Gestore: p.house(), Anomaly: spid.SystemError, Reference: web.RequestID(r), At: p.now(),
	}))
}
