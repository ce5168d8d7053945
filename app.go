package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"spidsim/idp"
	"spidsim/idp/admin"
	"spidsim/internal/clock"
	"spidsim/internal/config"
	"spidsim/internal/outbox"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
	"spidsim/internal/web"
	"spidsim/sp"
	"spidsim/templates/ui"
)

// app is the whole program wired together, before anything listens to it.
type app struct {
	cfg        *config.Config
	log        *slog.Logger
	clock      *clock.Clock
	base       *url.URL // of the identity providers
	portalBase *url.URL // of the sample service provider; nil when it is off
	store      *store.DB
	federation *idp.Federation
	console    http.Handler
	portal     http.Handler
	refused    []string // service providers that could not be registered, each with its cause
	close      []func() error
}

// newApp opens the data folder and makes every part. What it opened is closed again when it fails.
func newApp(ctx context.Context, cfg *config.Config, base, portalBase *url.URL, log *slog.Logger) (*app, error) {
	a := &app{cfg: cfg, log: log, clock: clock.New(), base: base, portalBase: portalBase}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *app) open(ctx context.Context) error {
	if !a.cfg.Clock.IsZero() {
		a.clock.Set(a.cfg.Clock.Time)
	}
	if err := a.openStore(ctx); err != nil {
		return err
	}
	keys, err := loadKeys(a.cfg, a.base, a.portalBase, a.clock.Now())
	if err != nil {
		return err
	}
	box := outbox.New(a.store, a.clock.Now, rand.Text)
	if err := a.makeFederation(ctx, keys, box); err != nil {
		return err
	}
	if err := a.makePortal(ctx, keys); err != nil {
		return err
	}
	return a.makeConsole(box)
}

// Close gives back what newApp took, the store last.
func (a *app) Close() error {
	var errs []error
	for i := len(a.close) - 1; i >= 0; i-- {
		errs = append(errs, a.close[i]())
	}
	a.close = nil
	return errors.Join(errs...)
}

// openStore opens the database. A file in the data folder belongs to one process at a time (SEC-85).
func (a *app) openStore(ctx context.Context) error {
	address := a.cfg.Store
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok {
		if err := os.MkdirAll(a.cfg.Data, 0o700); err != nil {
			return fmt.Errorf("data folder: %w", err)
		}
		if name, _, _ := strings.Cut(path, "?"); filepath.Base(name) == name {
			address = "sqlite:" + filepath.Join(a.cfg.Data, path)
		}
		release, err := sqlite.LockDir(a.cfg.Data)
		if err != nil {
			return err
		}
		a.close = append(a.close, func() error { release(); return nil })
	}
	db, err := sqlite.Open(ctx, address, a.clock.Now)
	if err != nil {
		return err
	}
	a.store = db
	a.close = append(a.close, db.Close)
	return nil
}

func (a *app) makeFederation(ctx context.Context, keys *keyring, box *outbox.Outbox) error {
	cfg := a.cfg
	f, err := idp.New(idp.Config{
		BaseURL: a.base, Gestori: keys.gestori, CardCA: keys.cards, Store: a.store, Outbox: box,
		Relaxed: cfg.Relaxed(), Mode: cfg.Mode, Sign: idp.Signatures(cfg.Sign), LoginTimeout: cfg.LoginTimeout,
		RequestWindow: cfg.RequestWindow, OTPValidity: cfg.OTPValidity, Validity: cfg.AssertionValidity, Attempts: cfg.Attempts, Lock: cfg.Lock,
		Now: a.clock.Now, Log: a.log, SecureCookies: a.base.Scheme == "https",
	})
	if err != nil {
		return err
	}
	a.federation = f
	var configured []people.Person
	if len(cfg.Users) > 0 {
		if configured, err = people.Parse(cfg.Users, cfg.File()); err != nil {
			return fmt.Errorf("users of the configuration: %w", err)
		}
	}
	return f.Seed(ctx, configured)
}

// makePortal makes the sample service provider and registers it like any other, by its metadata.
func (a *app) makePortal(ctx context.Context, keys *keyring) error {
	if a.portalBase == nil {
		return nil
	}
	portal, err := sp.New(sp.Config{
		BaseURL: a.portalBase, Key: keys.portal, IdPs: a.identityProviders, Store: a.store, Now: a.clock.Now,
		Log: a.log, Mode: a.cfg.Mode, Console: a.base.String(),
	})
	if err != nil {
		return err
	}
	metadata, err := portal.Metadata()
	if err != nil {
		return err
	}
	if _, _, err := a.federation.RegisterSP(ctx, metadata, "self"); err != nil {
		return fmt.Errorf("registering the sample service provider: %w", err)
	}
	r := mux.NewRouter().SkipClean(true)
	r.NotFoundHandler = web.NotFoundHandler()
	r.PathPrefix(ui.AssetsPath).Handler(ui.AssetHandler())
	r.PathPrefix("/").Handler(portal.Handler())
	a.portal, err = web.Handler(r, a.webOptions(a.portalBase, sp.CrossSite(), sp.Uploads(), nil))
	return err
}

// identityProviders hands the gestori's metadata to the service provider as documents: what it knows of them it reads there (D-25).
func (a *app) identityProviders(context.Context) ([]sp.Provider, error) {
	var list []sp.Provider
	for _, p := range a.federation.Providers() {
		list = append(list, sp.Provider{Slug: p.Slug, Name: p.Name, Badge: p.Initials, Metadata: p.Metadata()})
	}
	return list, nil
}

func (a *app) makeConsole(box *outbox.Outbox) (err error) {
	cfg := admin.Config{
		Federation: a.federation, Outbox: box, Operator: web.Operator{Token: a.cfg.APIToken}, BaseURL: a.base.String(),
		Version: versionString(), Started: time.Now(), Now: a.clock.Now, AllowRemoteFetch: a.cfg.AllowRemoteFetch, Log: a.log,
	}
	if a.portalBase != nil {
		cfg.PortalURL = a.portalBase.String()
	}
	console := admin.New(cfg)
	r := mux.NewRouter().SkipClean(true)
	r.NotFoundHandler = web.NotFoundHandler()
	r.PathPrefix(ui.AssetsPath).Handler(ui.AssetHandler())
	a.federation.Routes(r)
	console.Routes(r)
	a.console, err = web.Handler(r, a.webOptions(a.base, idp.CrossSite, admin.Uploads, admin.Encoded))
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

// simulatedDate is what the banner of the pages says when the clock was moved.
func (a *app) simulatedDate() string {
	if !a.clock.Moved() {
		return ""
	}
	return a.clock.Now().Format(time.DateOnly)
}

// registerSources registers what --sp names. One that fails is said and the others still load (UX-92).
func (a *app) registerSources(ctx context.Context) {
	for _, source := range a.cfg.SP {
		documents, err := readSource(ctx, source, a.cfg.AllowRemoteFetch)
		if err != nil {
			a.refuse(source, err)
		}
		for _, d := range documents {
			if _, _, err := a.federation.RegisterSP(ctx, d.xml, d.name); err != nil {
				a.refuse(d.name, err)
			}
		}
	}
}

func (a *app) refuse(source string, err error) {
	a.refused = append(a.refused, fmt.Sprintf("%s: %v", source, err))
	a.log.Warn("service provider not registered", "source", source, "err", err)
}

type sourceDocument struct {
	name string
	xml  []byte
}

// readSource reads metadata documents from an address, a file, a folder (every *.xml in it) or a pattern.
func readSource(ctx context.Context, source string, allowRemote bool) ([]sourceDocument, error) {
	if strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://") {
		doc, err := admin.Fetch(ctx, source, admin.FetchOptions{AllowRemote: allowRemote})
		if err != nil {
			return nil, err
		}
		return []sourceDocument{{source, doc.Body}}, nil
	}
	pattern := source
	if info, err := os.Stat(source); err == nil && info.IsDir() {
		pattern = filepath.Join(source, "*.xml")
	}
	names, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	if len(names) == 0 {
		return nil, errors.New("there is no such file")
	}
	var out []sourceDocument
	for _, name := range names {
		doc, err := readLimited(name)
		if err != nil {
			return out, err
		}
		out = append(out, sourceDocument{name, doc})
	}
	return out, nil
}

// metadataLimit is one octet more than the largest metadata document that the intake takes.
const metadataLimit = 1<<20 + 1

func readLimited(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, metadataLimit))
}

// listen opens a listener. The default address listens on ::1 too, where localhost may lead (SEC-01).
func listen(addr string, both bool) ([]net.Listener, error) {
	first, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	list := []net.Listener{first}
	if both {
		_, port, _ := net.SplitHostPort(first.Addr().String())
		if second, err := net.Listen("tcp", "[::1]:"+port); err == nil { // a machine without IPv6 is no fault
			list = append(list, second)
		}
	}
	return list, nil
}
