package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"spidsim/idp"
	"spidsim/idp/admin"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/onboarding/gestore"
	"spidsim/onboarding/portal"
	"spidsim/onboarding/regia"
	"spidsim/sp"
	"spidsim/templates/ui"
)

// cast is the set of actors whose certificates hold at one date: the gestori with their console, and the sample service
// provider. Everything of theirs that outlives a request is in the store, so one cast can take over from another between two requests.
type cast struct {
	federation  *idp.Federation
	office      *onboarding.Office
	gate        *gate // nil when the portal is off
	regia       *regia.Regia
	console     http.Handler
	portal      http.Handler // nil when it is off
	cns         http.Handler // of the listener that asks for client certificates; nil when there is none
	metadata    []byte       // of the sample service provider
	from, until time.Time    // when all certificates hold
}

func (c *cast) holds(at time.Time) bool { return !at.Before(c.from) && !at.After(c.until) }

// handler serves each request with the cast that plays when it arrives.
func (a *app) handler(pick func(*cast) http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pick(a.playing.Load()).ServeHTTP(w, r) })
}

// prepare makes the actors for a date that the clock is about to show: that takes a moment, in which the others go on.
func (a *app) prepare(_ context.Context, _, to time.Time) error {
	_, err := a.castFor(to)
	return err
}

// onMove follows the simulated clock: certificates that do not hold at the new date are refused by everybody, so actors who have such
// give way to others (SEC-23). A clock set back is worth a warning (SEC-86).
func (a *app) onMove(ctx context.Context, from, to time.Time) error {
	if to.Before(from) {
		a.log.Warn("clock set back", "from", from, "to", to)
	}
	return a.recast(ctx, to)
}

// forgetFuture lets people log in with their authenticator after the clock was set back.
func (a *app) forgetFuture(ctx context.Context, from, to time.Time) error {
	if !to.Before(from) {
		return nil
	}
	return a.federation().ForgetFutureSteps(ctx)
}

// recast has a cast play whose certificates hold at a date. The first one that fits is taken, the oldest first: whoever pinned its
// metadata finds the same certificates again when the clock returns. Its service provider is registered by its metadata, like any other.
func (a *app) recast(ctx context.Context, at time.Time) error {
	c, err := a.castFor(at)
	old := a.playing.Load()
	if err != nil || c == old {
		return err
	}
	a.playing.Store(c)
	if c.portal == nil {
		return nil
	}
	if _, _, err := c.federation.RegisterSP(ctx, c.metadata, "self"); err != nil {
		a.playing.Store(old)
		return fmt.Errorf("registering the sample service provider: %w", err)
	}
	return nil
}

func (a *app) castFor(at time.Time) (*cast, error) {
	for _, c := range a.casts {
		if c.holds(at) {
			return c, nil
		}
	}
	c, err := a.newCast(at)
	if err == nil {
		a.casts = append(a.casts, c)
	}
	return c, err
}

// newCast makes actors from the keys of the data folder, with certificates that hold at a date.
func (a *app) newCast(at time.Time) (*cast, error) {
	keys, err := loadKeys(a.cfg, a.base, a.portalBase, at)
	if err != nil {
		return nil, err
	}
	c := &cast{}
	c.from, c.until = keys.validity()
	if err := a.makeFederation(c, keys); err != nil {
		return nil, err
	}
	if err := a.makeOffice(c, keys, at); err != nil {
		return nil, err
	}
	if err := a.makeRegia(c); err != nil {
		return nil, err
	}
	if err := a.makePortal(c, keys); err != nil {
		return nil, err
	}
	if err := a.makeCNS(c); err != nil {
		return nil, err
	}
	return c, a.makeConsole(c)
}

func (a *app) makeFederation(c *cast, keys *keyring) (err error) {
	cfg := a.cfg
	c.federation, err = idp.New(idp.Config{
		BaseURL: a.base, Gestori: keys.gestori, CardCA: keys.cards, CNSCA: keys.cns, Store: a.store, Outbox: a.outbox,
		Relaxed: cfg.Relaxed(), Mode: cfg.Mode, Sign: idp.Signatures(cfg.Sign), LoginTimeout: cfg.LoginTimeout,
		RequestWindow: cfg.RequestWindow, OTPValidity: cfg.OTPValidity, Validity: cfg.AssertionValidity, Attempts: cfg.Attempts, Lock: cfg.Lock,
		Now: a.clock.Now, Log: a.log, SecureCookies: a.base.Scheme == "https", Scene: c.scene,
	})
	return err
}

func (a *app) makePortal(c *cast, keys *keyring) error {
	if a.portalBase == nil {
		return nil
	}
	sample, err := sp.New(sp.Config{
		BaseURL: a.portalBase, Key: keys.portal, IdPs: c.identityProviders, Store: a.store, Now: a.clock.Now,
		Log: a.log, Mode: a.cfg.Mode, Home: developersHome, Console: a.base.String(),
	})
	if err != nil {
		return err
	}
	if c.metadata, err = sample.Metadata(); err != nil {
		return err
	}
	r := mux.NewRouter().SkipClean(true)
	r.NotFoundHandler = web.NotFoundHandler()
	r.PathPrefix(ui.AssetsPath).Handler(ui.AssetHandler())
	if err := a.portalFace(c, sample, r); err != nil {
		return err
	}
	r.PathPrefix("/").Handler(sample.Handler())
	o := a.webOptions(a.portalBase, slices.Concat(sp.CrossSite(), portal.CrossSite()), sp.Uploads(), nil)
	o.SignIn = portal.SignIn()
	c.portal, err = web.Handler(r, o)
	return err
}

// identityProviders hands the gestori's metadata to the service provider as documents: what it knows of them it reads there (D-25).
func (c *cast) identityProviders(context.Context) ([]sp.Provider, error) {
	var list []sp.Provider
	for _, p := range c.federation.Providers() {
		list = append(list, sp.Provider{Slug: p.Slug, Name: p.Name, Badge: p.Initials, Metadata: p.Metadata()})
	}
	if p, ok := c.federation.CIE(); ok {
		list = append(list, sp.Provider{Slug: p.Slug, Name: p.Name, Badge: p.Initials, Metadata: p.Metadata(), CIE: true})
	}
	return list, nil
}

func (a *app) makeConsole(c *cast) (err error) {
	cfg := admin.Config{
		Federation: c.federation, Outbox: a.outbox, Operator: web.Operator{Token: a.cfg.APIToken}, BaseURL: a.base.String(),
		Version: versionString(), Started: a.started, Now: a.clock.Now, Clock: a.keeper, AllowRemoteFetch: a.cfg.AllowRemoteFetch, Lessons: regia.Plans, Log: a.log,
		Gallery: a.cfg.Mode == ui.ModeDev,
	}
	if a.portalBase != nil {
		cfg.PortalURL = a.portalBase.String()
	}
	console := admin.New(cfg)
	r := mux.NewRouter().SkipClean(true)
	r.NotFoundHandler = web.NotFoundHandler()
	r.PathPrefix(ui.AssetsPath).Handler(ui.AssetHandler())
	c.federation.Routes(r)
	if err := a.consoleFaces(c, r); err != nil {
		return err
	}
	console.Routes(r) // last: it answers for whatever else lies below /api/
	o := a.webOptions(a.base, slices.Concat(idp.CrossSite, gestore.CrossSite), admin.Uploads, admin.Encoded)
	o.SignIn = append(o.SignIn, gestore.SignIn...)
	o.Enrol = gestore.Enrol
	c.console, err = web.Handler(r, o)
	return err
}

func (a *app) webOptions(base *url.URL, crossSite, uploads, encoded []string) web.Options {
	o := web.Options{
		BaseURL: base, Port: base.Port(), Hosts: a.cfg.AllowHost, CrossSite: crossSite, Uploads: uploads, Encoded: encoded,
		SSO: []string{"/idp/{slug}/sso/"}, SignIn: []string{"POST /idp/{slug}/login/{id}"}, API: []string{"/api/v1/"},
		Limits: a.cfg.Limits, Mode: a.cfg.Mode, Version: versionString(), Log: a.log, SimDate: a.simulatedDate,
	}
	o.Remote = strings.Join(a.cfg.Remote(), ", ")
	return o
}
