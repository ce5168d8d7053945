package admin

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/mux"

	"spidsim/idp"
	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/web"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// Config is what the control surface needs. Federation is required; other zero fields mean the documented default.
type Config struct {
	Federation *idp.Federation
	Outbox     *outbox.Outbox // nil is the federation's own
	Operator   web.Operator   // who may use API and console; zero: loopback alone
	BaseURL    string         // of the identity providers, no trailing slash: "http://localhost:8088"
	PortalURL  string         // of the sample service provider; "" when there is none
	Version    string
	Lessons    func(lang string) []templates.LessonPlan // that the guide tells, in "it" or "en"; nil = none
	Started    time.Time                                // by the real clock; zero is the moment of New
	Now        func() time.Time                         // nil is time.Now
	Clock      *clock.Keeper                            // moved at /api/v1/clock; nil leaves that address out
	Log        *slog.Logger                             // nil discards

	Gallery          bool     // every page in every state is shown at /galleria, with sample data (style, section 6)
	AllowRemoteFetch bool     // metadata may be fetched from public addresses (D-10)
	Resolver         Resolver // of the names that metadata are fetched from; nil is that of the system
}

// Admin serves API and console of one federation. It is safe for concurrent use.
type Admin struct {
	cfg    Config
	fed    *idp.Federation
	outbox *outbox.Outbox
	log    *slog.Logger

	users sync.Mutex // one change of people at a time: look, then write
}

// Uploads lists the addresses whose bodies may be as large as a metadata document, for the options of the web layer.
var Uploads = []string{"POST /api/v1/", "PUT /api/v1/", "PATCH /api/v1/", "POST /servizi"}

// Encoded lists the prefixes below which a path holds an entityID with its slashes encoded, for the options of the web layer.
var Encoded = []string{"/api/v1/service-providers/"}

// New makes the control surface. It starts nothing.
func New(cfg Config) *Admin {
	if cfg.Outbox == nil {
		cfg.Outbox = cfg.Federation.Outbox()
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Started.IsZero() {
		cfg.Started = time.Now()
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Admin{cfg: cfg, fed: cfg.Federation, outbox: cfg.Outbox, log: cfg.Log}
}

func (a *Admin) now() time.Time { return a.cfg.Now().UTC() }

// Routes adds API, console and health addresses to a router, which must have SkipClean set: a path that holds an entityID
// would otherwise be answered with a redirect (SEC-61).
func (a *Admin) Routes(r *mux.Router) {
	t := table{Router: r.NewRoute().Subrouter().UseEncodedPath(), guard: a.cfg.Operator.Guard}
	a.api(t)
	a.console(t)
	t.open("/healthz", methods{http.MethodGet: a.healthz})
	t.open("/readyz", methods{http.MethodGet: a.readyz})
	t.open(ui.PathGuide, methods{http.MethodGet: a.guidePage})
	t.open(ui.PathAccessibility, methods{http.MethodGet: a.accessibilityPage})
	if a.cfg.Gallery {
		t.guarded(ui.PathGallery, methods{http.MethodGet: a.galleryPage})
		t.guarded(ui.PathGallery+"/{name}/{state}", methods{http.MethodGet: a.samplePage})
	}
}

func (a *Admin) api(t table) {
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	t.guarded("/api/v1/users", methods{get: a.listUsers, post: a.createUser})
	t.guarded("/api/v1/users/{username}", methods{get: a.getUser, put: a.putUser, patch: a.patchUser, del: a.deleteUser})
	t.guarded("/api/v1/users/{username}/totp", methods{get: a.getTOTP})
	t.guarded("/api/v1/users/{username}/cns.p12", methods{get: a.getCNS(".p12", "application/x-pkcs12", cnsPKCS12)})
	t.guarded("/api/v1/users/{username}/cns.pem", methods{get: a.getCNS(".pem", "application/x-pem-file", cnsPEM)})

	t.guarded("/api/v1/cards", methods{get: a.listCards})
	t.guarded("/api/v1/cards/{card}", methods{get: a.getCard})
	t.guarded("/api/v1/cards/{card}/insert", methods{post: a.moveCard(true)})
	t.guarded("/api/v1/cards/{card}/remove", methods{post: a.moveCard(false)})
	t.guarded("/api/v1/cards/{card}/revoke", methods{post: a.revokeCard(true)})
	t.guarded("/api/v1/cards/{card}/restore", methods{post: a.revokeCard(false)})
	t.guarded("/api/v1/cards/{card}/unblock", methods{post: a.unblockCard})
	t.guarded("/api/v1/cards/{card}/sign", methods{post: a.signWithCard})

	t.guarded("/api/v1/messages", methods{get: a.listMessages, del: a.clearMessages})
	t.guarded("/api/v1/messages/{message}", methods{get: a.getMessage})
	t.guarded("/api/v1/messages/{message}/approve", methods{post: a.answerMessage(outbox.Approve)})
	t.guarded("/api/v1/messages/{message}/deny", methods{post: a.answerMessage(outbox.Deny)})

	t.guarded("/api/v1/service-providers", methods{get: a.listServices, post: a.postService, put: a.postService})
	t.guarded("/api/v1/service-providers/{entity}", methods{get: a.getService, put: a.putService, del: a.deleteService})

	t.guarded("/api/v1/exchanges", methods{get: a.listExchanges})
	t.guarded("/api/v1/exchanges/{exchange}", methods{get: a.getExchange})
	if a.cfg.Clock != nil {
		t.guarded("/api/v1/clock", methods{get: a.getClock, put: a.putClock, del: a.resetClock})
		t.guarded("/api/v1/clock/advance", methods{post: a.advanceClock})
	}
	t.missing("/api/")
}

func (a *Admin) console(t table) {
	const get, post = http.MethodGet, http.MethodPost
	t.guarded(ui.PathHome, methods{get: a.homePage})
	t.guarded(ui.PathServices, methods{get: a.servicesPage, post: a.registerPost})
	t.guarded(ui.PathServices+"/{service}", methods{get: a.servicePage})
	t.guarded(ui.PathServices+"/{service}/rimuovi", methods{post: a.removePost})
	t.guarded(ui.PathPeople, methods{get: a.peoplePage})
	t.guarded(ui.PathPeople+"/{username}/totp", methods{get: a.enrolPage})
	t.guarded(ui.PathMessages, methods{get: a.messagesPage})
	t.guarded(ui.PathMessages+"/{message}", methods{get: a.messagePage, post: a.messagePost})
}
