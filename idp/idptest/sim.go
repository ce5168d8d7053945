package idptest

import (
	"crypto/rand"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"spidsim/idp"
	"spidsim/internal/outbox"
	"spidsim/internal/store/sqlite"
	"spidsim/internal/web"
)

// Sim is a running identity provider: the neutral gestore, and beside it that of the CIE (slug "cie"), in memory, on a free loopback port, with the invented people of the
// program. It is closed when the test ends.
type Sim struct {
	URL        string // base address, "http://127.0.0.1:41231"
	EntityID   string
	Metadata   []byte // signed, for the service provider under test
	IdP        *idp.IdP
	Federation *idp.Federation
	Outbox     *outbox.Outbox
}

// Option changes how a Sim is made.
type Option func(*options)

type options struct {
	cfg     idp.Config
	gestori []idp.Gestore
}

// Clock sets the time that the identity provider sees.
func Clock(now func() time.Time) Option { return func(o *options) { o.cfg.Now = now } }

// Relaxed makes it note findings and refuse only what cannot be answered.
func Relaxed() Option { return func(o *options) { o.cfg.Relaxed = true } }

// Sign chooses which parts of a Response are signed.
func Sign(how idp.Signatures) Option { return func(o *options) { o.cfg.Sign = how } }

// LoginTimeout sets after how long a login ends with nr21.
func LoginTimeout(d time.Duration) Option { return func(o *options) { o.cfg.LoginTimeout = d } }

// AllGestori runs the ten gestori of the default catalogue instead of one.
func AllGestori() Option {
	return func(o *options) { o.gestori, _ = idp.Catalogue("2021") }
}

// Configure changes anything else of the configuration.
func Configure(change func(*idp.Config)) Option { return func(o *options) { change(&o.cfg) } }

// New starts an identity provider.
func New(t testing.TB, opts ...Option) *Sim {
	t.Helper()
	srv := httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: srv.Listener.Addr().String()}
	o := &options{}
	o.gestori, _ = idp.Catalogue("fictional")
	o.gestori = o.gestori[:1]
	o.cfg.BaseURL = base
	for _, opt := range opts {
		opt(o)
	}
	f, box := federation(t, o)
	h, err := web.Handler(f.Handler(), web.Options{BaseURL: base, CrossSite: idp.CrossSite, Mode: o.cfg.Mode, Log: o.cfg.Log})
	check(t, err)
	srv.Config.Handler = h
	srv.Start()
	t.Cleanup(srv.Close)
	p, _ := f.Provider(idp.DefaultSlug)
	return &Sim{URL: base.String(), EntityID: p.EntityID, Metadata: p.Metadata(), IdP: p, Federation: f, Outbox: box}
}

func federation(t testing.TB, o *options) (*idp.Federation, *outbox.Outbox) {
	t.Helper()
	cfg := &o.cfg
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	if cfg.Store == nil {
		db, err := sqlite.Open(t.Context(), "memory:", cfg.Now)
		check(t, err)
		t.Cleanup(func() { db.Close() })
		cfg.Store = db
	}
	box := outbox.New(cfg.Store, cfg.Now, rand.Text)
	cfg.Outbox = box
	keys := testKeys(t)
	cfg.CardCA, cfg.CNSCA = keys.cards, keys.cns
	for _, g := range append(o.gestori, idp.CIE()) {
		cfg.Gestori = append(cfg.Gestori, idp.Provider{Gestore: g, Key: keys.idp})
	}
	f, err := idp.New(*cfg)
	check(t, err)
	check(t, f.Seed(t.Context(), nil))
	return f, box
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
