package gestore

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"spidsim/internal/outbox"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/spid"
	"spidsim/templates"
)

// CrossSite lists the endpoints that other sites post to, as patterns for the web layer: the hand-off of the portal (ONB-81).
var CrossSite = []string{"POST /idp/{slug}/consegna"}

// Door proves a person at a gestore, for the area of an identity. Wrong answers are *onboarding.Denied.
type Door interface {
	// Password checks user name and password.
	Password(ctx context.Context, slug, username, password string) error
	// SendCode sends a code to the telephone of the identity; without one it does nothing, and an app shows the code.
	SendCode(ctx context.Context, slug, username string) error
	// Code checks the code of the second factor.
	Code(ctx context.Context, slug, username, code string) error
}

// Enrol lists, as patterns for the web layer, where a request begins: the rate of section 10 holds there.
var Enrol = []string{"POST /idp/{slug}/richiedi", "POST /idp/{slug}/consegna"}

// Config is what the face needs. Zero fields mean the documented default.
type Config struct {
	Office    *onboarding.Office
	Outbox    *outbox.Outbox
	Door      Door
	Guard     func(http.Handler) http.Handler // of the operator's pages; nil lets everybody through
	Scene     func(ctx context.Context, lang string, code spid.FiscalCode, step string) *templates.Scene
	Badge     func(slug string) string // initials of a gestore; nil makes them from its name
	PortalURL string                   // base address of the portal; "" = there is none
	Portal    string                   // its name, "Istituto (simulazione)"
	Open      int                      // requests at a time beyond which browsers of other machines begin none; 0 = any number
	Log       *slog.Logger
}

// Face serves the pages. It keeps nothing between requests.
type Face struct{ cfg Config }

// New makes the face of an office.
func New(cfg Config) (*Face, error) {
	if cfg.Office == nil || cfg.Outbox == nil || cfg.Door == nil {
		return nil, errors.New("the gestori's pages need an office, an outbox and a door")
	}
	if cfg.Guard == nil {
		cfg.Guard = func(next http.Handler) http.Handler { return next }
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Portal == "" {
		cfg.Portal = "Istituto (simulazione)"
	}
	return &Face{cfg}, nil
}

// Routes adds the addresses to a router.
func (f *Face) Routes(r *mux.Router) {
	both := []string{http.MethodGet, http.MethodHead, http.MethodPost}
	r.HandleFunc("/idp/{slug}/consegna", f.at(f.handOff)).Methods(http.MethodPost)
	r.HandleFunc("/idp/{slug}/richiedi", f.at(f.start)).Methods(both...)
	r.HandleFunc("/idp/{slug}/richiedi/{id}", f.at(f.request)).Methods(both...)
	r.HandleFunc("/idp/{slug}/richiedi/{id}/promemoria", f.at(f.memo)).Methods(http.MethodGet, http.MethodHead)
	r.HandleFunc("/idp/{slug}/richiedi/{id}/annulla", f.at(f.cancel)).Methods(both...)
	r.Handle("/idp/{slug}/sportello", f.cfg.Guard(f.at(f.counter))).Methods(both...)
	r.Handle("/idp/{slug}/sportello/minori", f.cfg.Guard(f.at(f.minorCounter))).Methods(both...)
	r.Handle("/idp/{slug}/revisione", f.cfg.Guard(f.at(f.review))).Methods(both...)
	r.Handle("/rao", f.cfg.Guard(http.HandlerFunc(f.rao))).Methods(both...)
	r.HandleFunc("/idp/{slug}/identita", f.at(f.identity)).Methods(both...)
	r.HandleFunc("/idp/{slug}/identita/revoca", f.at(f.revoke)).Methods(both...)
	r.HandleFunc("/idp/{slug}/identita/esci", f.at(f.leave)).Methods(http.MethodPost)
	r.HandleFunc("/idp/{slug}/identita/recupero", f.at(f.recovery)).Methods(both...)
	r.HandleFunc("/idp/{slug}/identita/recupero/{life}", f.at(f.recover)).Methods(both...)
	r.HandleFunc("/idp/{slug}/figlio", f.at(f.minor)).Methods(both...)
	r.HandleFunc("/idp/{slug}/figlio/codice", f.at(f.child)).Methods(both...)
	r.HandleFunc("/idp/{slug}/figlio/codice/{id}", f.at(f.childRequest)).Methods(both...)
	r.HandleFunc("/idp/{slug}/figlio/{id}", f.at(f.minorRequest)).Methods(http.MethodGet, http.MethodHead)
}

// visit is one request of HTTP at one gestore.
type visit struct {
	http.ResponseWriter
	*http.Request
	g     onboarding.Provider
	badge func(slug string) string
}

// at finds the gestore that an address speaks of.
func (f *Face) at(h func(*visit)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g, ok := f.cfg.Office.Gestore(mux.Vars(r)["slug"])
		if !ok {
			web.Fail(w, r, web.NotFound("there is no gestore of that name"))
			return
		}
		h(&visit{w, r, g, f.cfg.Badge})
	}
}

// posts reports whether the visit sends a form.
func (v *visit) posts() bool { return v.Method == http.MethodPost }

// base is the address of the gestore's pages, "/idp/poste".
func (v *visit) base() string { return "/idp/" + v.g.Slug }

// to leads the browser on; JSON clients follow the address in Location themselves.
func (v *visit) to(address string) {
	http.Redirect(v.ResponseWriter, v.Request, address, http.StatusSeeOther)
}

// gestore is the house of the pages. The address in the strip ends before identifiers: it is there to be read.
func (v *visit) gestore() templates.Gestore {
	part, _, _ := strings.Cut(strings.TrimPrefix(v.URL.Path, v.base()+"/"), "/")
	g := templates.Gestore{Slug: v.g.Slug, Name: v.g.Name, Address: v.Host + v.base() + "/" + part}
	if v.badge != nil {
		g.Badge = v.badge(v.g.Slug)
	}
	return g
}
