package idp

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"spidsim/certs"
	"spidsim/internal/outbox"
	"spidsim/internal/store"
	"spidsim/saml"
	"spidsim/spid"
	"spidsim/templates"
)

// Signatures says which parts of a Response carry a signature of their own (SIG-09).
type Signatures string

// The four ways to sign. SPID wants the Assertion's; most gestori sign both.
const (
	SignBoth      Signatures = "both"
	SignAssertion Signatures = "assertion"
	SignResponse  Signatures = "response"
	SignNone      Signatures = "none"
)

// Config is what a federation needs. Zero fields mean the documented default.
type Config struct {
	BaseURL *url.URL        // address of the listener, no path; entityIDs are {BaseURL}/idp/{slug}
	Gestori []Provider      // of SPID, and at most one of KindCIE
	CardCA  certs.Authority // issues the level-3 cards of all gestori and the CIE
	CNSCA   certs.Authority // issues the CNS; zero: nobody has one
	Store   *store.DB
	Outbox  *outbox.Outbox

	Relaxed       bool          // note findings, refuse only what cannot be answered
	Mode          string        // "dev" (default), "ci", "trainer"
	Sign          Signatures    // SignBoth
	LoginTimeout  time.Duration // of a whole login, 300 s (TMO-03)
	RequestWindow time.Duration // of IssueInstant each way, 120 s (REQ-05)
	OTPValidity   time.Duration // of a code sent, 120 s (MET-02)
	Validity      time.Duration // of an Assertion, 5 minutes (AST-09)
	Attempts      int           // wrong tries before nr19, 3 (TMO-01)
	Lock          bool          // test people are locked after as many wrong passwords too; those of the onboarding always are (TMO-02)
	Now           func() time.Time
	Rand          io.Reader
	Log           *slog.Logger
	SecureCookies bool // set with TLS
	// Scene is what stands round a page while a lesson plays; nil = nothing. lang is "it" or "en", code whose page it is ("" = nobody's yet).
	Scene          func(ctx context.Context, lang string, code spid.FiscalCode, step string) *templates.Scene
	CardsStayInPut bool // keep cards out of the reader at first; default: every card starts in its reader
}

// Provider is one gestore with its signing key.
type Provider struct {
	Gestore
	Key *saml.Key
}

// Federation is every simulated gestore of one process and what they share: people, cards, registered service
// providers and the journal. Nothing that outlives a request is kept in memory only.
type Federation struct {
	cfg    Config
	store  *store.DB
	outbox *outbox.Outbox
	log    *slog.Logger

	providers []*IdP // gestori of SPID
	cie       *IdP   // nil when the configuration has none
	bySlug    map[string]*IdP

	users     *store.Collection[User]
	cards     *store.Collection[Card]
	sps       *store.Collection[ServiceProvider]
	documents *store.Collection[metadataDocument]
	logins    *store.Collection[Login]
	exchanges *store.Collection[Exchange]
	answers   *store.Collection[answer]
	tickets   *store.Collection[cnsTicket]

	hashing chan struct{} // as many as passwords may be hashed at once (SEC-54)

	randMu sync.Mutex // Rand may be a seeded source, which is not safe for concurrent use
	parsed sync.Map   // digest of a metadata document -> *saml.EntityDescriptor
}

// IdP is one gestore, or that of the CIE: its own entityID, key, certificate and metadata.
type IdP struct {
	*Federation
	Gestore
	EntityID   string
	key        *saml.Key
	descriptor *saml.EntityDescriptor
	metadata   []byte
}

// New makes a federation. It writes nothing; Seed brings the people.
func New(cfg Config) (*Federation, error) {
	f := &Federation{cfg: withDefaults(cfg), bySlug: map[string]*IdP{}, hashing: make(chan struct{}, hashesAtOnce)}
	if cfg.BaseURL == nil || cfg.Store == nil || cfg.Outbox == nil || len(cfg.Gestori) == 0 {
		return nil, errors.New("a federation needs a base URL, a store, an outbox and at least one gestore")
	}
	f.store, f.outbox, f.log = f.cfg.Store, f.cfg.Outbox, f.cfg.Log
	f.users = store.NewCollection(f.store, "user", userKeys)
	f.cards = store.NewCollection(f.store, "card", cardKeys)
	f.sps = store.NewCollection[ServiceProvider](f.store, "sp", nil)
	f.documents = store.NewCollection[metadataDocument](f.store, "metadata", nil)
	f.logins = store.NewCollection(f.store, "login", loginKeys)
	f.exchanges = store.NewCollection[Exchange](f.store, "exchange", nil)
	f.answers = store.NewCollection[answer](f.store, "answer", nil)
	f.tickets = store.NewCollection[cnsTicket](f.store, "cns-ticket", nil)
	for _, g := range cfg.Gestori {
		p, err := f.newIdP(g)
		if err != nil {
			return nil, fmt.Errorf("gestore %s: %w", g.Slug, err)
		}
		f.bySlug[g.Slug] = p
		if g.Kind == KindCIE {
			f.cie = p
			continue
		}
		f.providers = append(f.providers, p)
	}
	if len(f.providers) == 0 {
		return nil, errors.New("a federation needs a gestore of SPID")
	}
	return f, nil
}

func withDefaults(cfg Config) Config {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&cfg.LoginTimeout, 300*time.Second)
	def(&cfg.RequestWindow, 120*time.Second)
	def(&cfg.OTPValidity, 120*time.Second)
	def(&cfg.Validity, 5*time.Minute)
	if cfg.Attempts <= 0 {
		cfg.Attempts = 3
	}
	if cfg.Mode == "" {
		cfg.Mode = "dev"
	}
	if cfg.Sign == "" {
		cfg.Sign = SignBoth
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return cfg
}

// Providers returns the gestori of SPID in the order of the catalogue. The CIE is none of them.
func (f *Federation) Providers() []*IdP { return f.providers }

// CIE returns the identity provider of the electronic identity card; false when there is none.
func (f *Federation) CIE() (*IdP, bool) { return f.cie, f.cie != nil }

// Provider finds a gestore, or the CIE, by its slug.
func (f *Federation) Provider(slug string) (*IdP, bool) {
	p, ok := f.bySlug[slug]
	return p, ok
}

// Outbox is where the codes go.
func (f *Federation) Outbox() *outbox.Outbox { return f.outbox }

// Ready says whether logins can be served: the store answers. Errors name the cause (SEC-06).
func (f *Federation) Ready(ctx context.Context) error {
	if err := f.store.Ping(ctx); err != nil {
		return fmt.Errorf("the store does not answer: %w", err)
	}
	return nil
}

func (f *Federation) now() time.Time { return f.cfg.Now().UTC() }

// random fills b. A source of randomness that fails ends the process: every secret would be guessable.
func (f *Federation) random(b []byte) {
	f.randMu.Lock()
	defer f.randMu.Unlock()
	if _, err := io.ReadFull(f.cfg.Rand, b); err != nil {
		f.log.Error("no randomness", "err", err)
		rand.Read(b) // never fails since Go 1.24: the runtime stops the process instead
	}
}

// newID returns a fresh xs:ID: an underscore and 128 random bits in hex (REQ-01).
func (f *Federation) newID() string {
	var b [16]byte
	f.random(b[:])
	return "_" + hex.EncodeToString(b[:])
}

// newSecret returns 256 random bits in hex, for cookies.
func (f *Federation) newSecret() string {
	var b [32]byte
	f.random(b[:])
	return hex.EncodeToString(b[:])
}
