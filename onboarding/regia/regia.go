package regia

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/gorilla/mux"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/spid"
	"spidsim/templates/ui"
)

// Config is what the Regia needs. Office, Store, Outbox, Clock and Guard are required.
type Config struct {
	Office *onboarding.Office
	Store  *store.DB
	Outbox *outbox.Outbox
	Clock  *clock.Keeper
	Guard  func(http.Handler) http.Handler // of the operator

	BaseURL   string // of the gestori and the console, no trailing slash
	PortalURL string // of the portal, no trailing slash; "" = there is none
	Export    string // address of the export of everything; "" = there is none
	Trainer   bool   // the first page of the console is the start page of the lessons

	Close func(ctx context.Context, code spid.FiscalCode) error // closes the accounts that the onboarding opened for a person; nil = there are none
	Reset func(ctx context.Context) error                       // brings the whole course back to its beginning, the clock included (ONB-224)
	Log   *slog.Logger                                          // nil discards
}

// Regia plays lessons. It is safe for concurrent use and keeps nothing in memory.
type Regia struct {
	cfg     Config
	running *store.Collection[Running]
	log     *slog.Logger

	mu sync.Mutex // one move of the lesson at a time
}

// New makes the Regia. It writes nothing.
func New(cfg Config) (*Regia, error) {
	if cfg.Office == nil || cfg.Store == nil || cfg.Outbox == nil || cfg.Clock == nil || cfg.Guard == nil || cfg.Reset == nil {
		return nil, errors.New("the Regia needs an office, a store, an outbox, a clock, a guard and a reset")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.BaseURL, cfg.PortalURL = strings.TrimRight(cfg.BaseURL, "/"), strings.TrimRight(cfg.PortalURL, "/")
	return &Regia{cfg: cfg, running: store.NewCollection[Running](cfg.Store, "onb-lesson", nil), log: cfg.Log}, nil
}

// Addresses below ui.PathRegia. PathMove and PathDoor are there on the portal's origin too.
const (
	pathMove     = ui.PathRegia + "/passo"
	pathStage    = ui.PathRegia + "/scena"
	pathClock    = ui.PathRegia + "/orologio"
	pathMistake  = ui.PathRegia + "/sbaglia"
	pathState    = ui.PathRegia + "/stato"
	pathCast     = ui.PathRegia + "/persone"
	pathReset    = ui.PathRegia + "/azzera"
	pathTickets  = "biglietto" // query of pathStage at the portal
	windowQuery  = "finestra"
	windowOfOwn  = "2"
	cookiePortal = "spidsim_portal" // of a visit at the portal
	cookieEnrol  = "spidsim_enrol"  // of a request at a gestore
)

// Routes adds the pages of the console's origin.
func (g *Regia) Routes(r *mux.Router) {
	if g.cfg.Trainer {
		r.Handle(ui.PathHome, g.cfg.Guard(http.HandlerFunc(g.startPage))).Methods(http.MethodGet, http.MethodHead).MatcherFunc(wantsPage)
	}
	g.route(r, ui.PathRegia, http.MethodGet, g.regiaPage)
	g.route(r, ui.PathRegia, http.MethodPost, g.regiaPost)
	g.route(r, pathMove, http.MethodPost, g.movePost(false))
	g.door(r, false)
	g.route(r, pathStage, http.MethodPost, g.stagePost)
	g.route(r, pathClock, http.MethodPost, g.clockPost)
	g.route(r, pathMistake, http.MethodPost, g.mistakePost)
	g.route(r, pathState, http.MethodPost, g.statePost)
	g.route(r, pathCast, http.MethodGet, g.castPage)
	g.route(r, pathCast, http.MethodPost, g.castPost)
	g.route(r, pathReset, http.MethodGet, g.resetPage)
	g.route(r, pathReset, http.MethodPost, g.resetPost)
	g.route(r, ui.PathLessons+"{lesson}", http.MethodGet, g.lessonPage)
	g.route(r, ui.PathHandouts+"{lesson}", http.MethodGet, g.handoutPage)
	r.HandleFunc(ui.PathGlossary, g.glossaryPage).Methods(http.MethodGet, http.MethodHead)
}

// StageRoutes adds to the portal's origin what its pages need of a lesson: the door of a step, and the lesson's own buttons.
func (g *Regia) StageRoutes(r *mux.Router) {
	g.door(r, true)
	g.route(r, pathMove, http.MethodPost, g.movePost(true))
}

func (g *Regia) route(r *mux.Router, path, method string, h http.HandlerFunc) {
	methods := []string{method}
	if method == http.MethodGet {
		methods = append(methods, http.MethodHead)
	}
	r.Handle(path, g.cfg.Guard(h)).Methods(methods...)
}

// door is a GET that takes somebody in: never by HEAD, which would use the ticket up.
func (g *Regia) door(r *mux.Router, portal bool) {
	r.Handle(pathStage, g.cfg.Guard(g.doorPage(portal))).Methods(http.MethodGet)
}

// wantsPage leaves the machine twin of the first page to the console (UX-81).
func wantsPage(r *http.Request, _ *mux.RouteMatch) bool { return !web.WantsJSON(r) }
