package api

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/gorilla/mux"

	"spidsim/onboarding"
)

// Config is what the API needs. Office is required; other zero fields mean the documented default.
type Config struct {
	Office  *onboarding.Office
	Guard   func(http.Handler) http.Handler            // lets operators through; nil lets everybody
	Reset   func(context.Context) error                // brings the course back to its beginning (ONB-224); nil is Office.Reset
	Deliver func(ctx context.Context, id string) error // carries the results of a request to the portal, after every event; nil leaves it to others
	Log     *slog.Logger                               // nil discards
}

// API serves the onboarding of one office. It is safe for concurrent use.
type API struct {
	cfg    Config
	office *onboarding.Office
	log    *slog.Logger
}

// New makes the API. It starts nothing.
func New(cfg Config) *API {
	if cfg.Guard == nil {
		cfg.Guard = func(h http.Handler) http.Handler { return h }
	}
	if cfg.Reset == nil {
		cfg.Reset = cfg.Office.Reset
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &API{cfg: cfg, office: cfg.Office, log: cfg.Log}
}

// Routes adds the addresses to a router, which serves what lies below /api/ beside them afterwards.
func (a *API) Routes(r *mux.Router) {
	t := table{r, a.cfg.Guard, a.answer}
	a.enrolmentRoutes(t)
	a.pinRoutes(t)
	a.delegationRoutes(t)
	a.identityRoutes(t)
	a.minorRoutes(t)
	a.settingRoutes(t)
}

// Methods of the addresses.
const get, post, patch = http.MethodGet, http.MethodPost, http.MethodPatch

func (a *API) enrolmentRoutes(t table) {
	t.add("/api/v1/enrolments", methods{get: a.listEnrolments, post: a.newEnrolment})
	t.add("/api/v1/enrolments/{id}", methods{get: a.getEnrolment})
	t.add("/api/v1/enrolments/{id}/events", methods{get: a.listEvents})
	t.add("/api/v1/enrolments/{id}/memo", methods{get: a.getMemo})
	t.add("/api/v1/enrolments/{id}/{event}", methods{post: a.postEvent})
	t.add("/api/v1/rao-packages", methods{post: a.newPackage})
	t.add("/api/v1/rao-packages/{person}", methods{get: a.getPackage})
}

func (a *API) pinRoutes(t table) {
	t.add("/api/v1/pins", methods{get: a.listPINs})
	t.add("/api/v1/pins/phone-check", methods{post: a.checkPhonePIN})
	t.add("/api/v1/pins/{person}", methods{get: a.getPIN, post: a.requestPIN})
	t.add("/api/v1/pins/{person}/decision", methods{post: a.decidePIN})
	t.add("/api/v1/pins/{person}/may-issue", methods{get: a.mayIssuePIN})
	t.add("/api/v1/pins/{person}/phone", methods{get: a.listPhonePINs, post: a.newPhonePIN})
	for name, act := range pinActions {
		t.add("/api/v1/pins/{person}/"+name, methods{post: a.pinAction(act)})
	}
}

func (a *API) delegationRoutes(t table) {
	t.add("/api/v1/delegations", methods{get: a.listDelegations, post: a.newDelegation})
	t.add("/api/v1/delegations/slots", methods{get: a.listSlots})
	t.add("/api/v1/delegations/traces", methods{get: a.listTraces})
	t.add("/api/v1/delegations/counter-check", methods{post: a.counterCheck})
	t.add("/api/v1/delegations/examples/{example}", methods{post: a.delegationExample})
	t.add("/api/v1/delegations/{id}", methods{get: a.getDelegation})
	t.add("/api/v1/delegations/{id}/verify", methods{post: a.verifyDelegation})
	t.add("/api/v1/delegations/{id}/hold", methods{post: a.holdMeeting})
	t.add("/api/v1/delegations/{id}/revoke", methods{post: a.revokeDelegation})
	t.add("/api/v1/delegations/{id}/act", methods{post: a.act})
}

func (a *API) identityRoutes(t table) {
	t.add("/api/v1/identities", methods{get: a.listIdentities})
	t.add("/api/v1/identities/{idp}/forgot-username", methods{post: a.forgotUsername})
	t.add("/api/v1/identities/{idp}/{username}", methods{get: a.getIdentity})
	t.add("/api/v1/identities/{idp}/{username}/accesses", methods{get: a.listAccesses})
	t.add("/api/v1/identities/{idp}/{username}/forgot-password", methods{post: a.forgotPassword})
	for name, ask := range lifeActions {
		t.add("/api/v1/identities/{idp}/{username}/"+name, methods{post: a.askLife(ask)})
	}
	for name, act := range identityActions {
		t.add("/api/v1/identities/{idp}/{username}/"+name, methods{post: a.changeIdentity(act)})
	}
	t.add("/api/v1/identity-requests", methods{get: a.listLives})
	t.add("/api/v1/identity-requests/{id}", methods{get: a.getLife})
	t.add("/api/v1/identity-requests/{id}/confirm", methods{post: a.confirmLife})
	t.add("/api/v1/identity-requests/{id}/reset-password", methods{post: a.resetPassword})
	t.add("/api/v1/identity-requests/{id}/reidentify", methods{post: a.reidentify})
}

func (a *API) minorRoutes(t table) {
	t.add("/api/v1/minors", methods{get: a.listMinors, post: a.newMinor})
	t.add("/api/v1/minors/enter", methods{post: a.enterMinor})
	t.add("/api/v1/minors/may-use", methods{get: a.mayUse})
	t.add("/api/v1/minors/age-check", methods{get: a.ageCheck})
	t.add("/api/v1/minors/authorisations", methods{get: a.listAuthorisations, post: a.newAuthorisation})
	t.add("/api/v1/minors/authorisations/{id}", methods{get: a.getAuthorisation})
	t.add("/api/v1/minors/authorisations/{id}/confirm", methods{post: a.confirmAuthorisation})
	t.add("/api/v1/minors/authorisations/{id}/decide", methods{post: a.decideAuthorisation})
	t.add("/api/v1/minors/{id}", methods{get: a.getMinor})
	t.add("/api/v1/minors/{id}/identify", methods{post: a.identifyMinor})
	t.add("/api/v1/minors/{id}/activate", methods{post: a.activateMinor})
	t.add("/api/v1/minors/{id}/cancel", methods{post: a.cancelMinor})
}

func (a *API) settingRoutes(t table) {
	t.add("/api/v1/onboarding", methods{get: a.getSettings, patch: a.patchSettings})
	t.add("/api/v1/onboarding/reset", methods{post: a.reset})
	t.add("/api/v1/onboarding/reasons", methods{get: a.listReasons})
	t.add("/api/v1/onboarding/phases", methods{get: a.listPhases})
	t.add("/api/v1/onboarding/gestori", methods{get: a.listGestori})
}
