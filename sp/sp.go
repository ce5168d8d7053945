package sp

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"spidsim/internal/store"
	"spidsim/saml"
)

// Clock skew that a Response is allowed (security.md section 10).
const (
	defaultSkew = 60 * time.Second
	maxSkew     = 180 * time.Second
)

// Config says what the service provider is made of.
type Config struct {
	BaseURL *url.URL  // http or https and host alone; without a final slash it is the entityID
	Key     *saml.Key // signs metadata and requests; the certificate's uri is the entityID
	// IdPs lists the identity providers of the circle of trust, in the order in which they are shown. It is asked on
	// every page and every message, so it should answer from memory.
	IdPs    func(ctx context.Context) ([]Provider, error)
	Store   *store.DB
	Now     func() time.Time // nil = the real time
	NewID   func() string    // an NCName, unique; nil = "_" and 128 random bits in hexadecimal
	Rand    io.Reader        // of session identifiers and handles; nil = crypto/rand
	Log     *slog.Logger     // nil = none
	Mode    string           // "dev", "ci" or "trainer" (UX-82); "" is "dev"
	Skew    time.Duration    // tolerated difference of clocks; 0 = 60 s, at most 180 s (SEC-44)
	Home    string           // path of the page where a login is chosen; "" = "/"
	Console string           // address of the identity providers' console, linked from the pages; "" = none
}

// SP is the sample service provider. It is safe for concurrent use.
type SP struct {
	cfg        Config
	entityID   string
	secure     bool // https: cookies get Secure and the __Host- prefix (SEC-49)
	descriptor *saml.EntityDescriptor
	metadata   []byte
	trust      trust
	records    records
	begun      atomic.Int64 // logins begun in this process, paces the pruning
	handler    http.Handler
}

// New makes a service provider. It fails when the configuration lacks a part or its metadata cannot be signed.
func New(cfg Config) (*SP, error) {
	if err := cfg.complete(); err != nil {
		return nil, fmt.Errorf("sample service provider: %w", err)
	}
	s := &SP{cfg: cfg, entityID: cfg.BaseURL.Scheme + "://" + cfg.BaseURL.Host, secure: cfg.BaseURL.Scheme == "https",
		records: newRecords(cfg.Store)}
	if err := s.sign(); err != nil {
		return nil, fmt.Errorf("sample service provider: %w", err)
	}
	s.handler = s.routes()
	return s, nil
}

func (c *Config) complete() error {
	switch {
	case c.BaseURL == nil || c.BaseURL.Host == "" || c.BaseURL.Scheme != "http" && c.BaseURL.Scheme != "https":
		return fmt.Errorf("base URL is %v, want http or https with a host", c.BaseURL)
	case c.BaseURL.Path != "" && c.BaseURL.Path != "/" || c.BaseURL.RawQuery != "":
		return fmt.Errorf("base URL is %v, want no path and no query: the portal has its own origin", c.BaseURL)
	case c.Key == nil || c.Key.Signer == nil || c.Key.Cert == nil:
		return errors.New("no signing key")
	case c.IdPs == nil:
		return errors.New("no list of identity providers")
	case c.Store == nil:
		return errors.New("no store")
	case c.Skew < 0 || c.Skew > maxSkew:
		return fmt.Errorf("clock skew is %v, want 0 to %v", c.Skew, maxSkew)
	}
	c.defaults()
	return nil
}

func (c *Config) defaults() {
	if c.Home == "" {
		c.Home = pathHome
	}
	if c.Skew == 0 {
		c.Skew = defaultSkew
	}
	if c.Now == nil {
		c.Now = func() time.Time { return time.Now().UTC() }
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	if c.NewID == nil {
		c.NewID = newID
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
}

func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return "_" + hex.EncodeToString(b[:])
}

// EntityID is the base URL of the portal, without a final slash (MD-SP-01).
func (s *SP) EntityID() string { return s.entityID }

// Metadata returns the signed EntityDescriptor, the same octets every time.
func (s *SP) Metadata() ([]byte, error) {
	if len(s.metadata) == 0 {
		return nil, errors.New("metadata was not signed")
	}
	return append([]byte(nil), s.metadata...), nil
}

// acsURL is the address that receives Responses, the only one.
func (s *SP) acsURL() string { return s.entityID + pathACS }
