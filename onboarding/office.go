package onboarding

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/spid"
)

// Registrar is what the onboarding needs of the gestori's own books. The program meets it with an adapter over package idp.
// Calls made within a transaction of the store join it.
type Registrar interface {
	// People returns the test people, without the accounts that the onboarding opened itself.
	People(ctx context.Context) ([]people.Person, error)
	// Open makes an account active. The same Account.Enrolment twice is the same account.
	Open(ctx context.Context, a Account) (Identity, error)
	// Taken reports whether a user name belongs to somebody.
	Taken(ctx context.Context, username string) (bool, error)
	// Identities returns what the person holds, at every gestore, revoked ones included.
	Identities(ctx context.Context, code spid.FiscalCode) ([]Identity, error)
	// Change changes the state of one identity under compare-and-swap and returns it as it stands now; the empty change reads it. A revoked
	// one stays revoked (ONB-140): *Denied. store.ErrNotFound.
	Change(ctx context.Context, username, slug string, change IdentityChange) (Identity, error)
	// Accesses returns the newest uses of an identity, newest first (ONB-144).
	Accesses(ctx context.Context, username, slug string, limit int) ([]Access, error)
}

// Account is an identity to be opened at a gestore.
type Account struct {
	Enrolment string // that it comes from: makes Open idempotent
	Slug      string
	Username  string
	Password  string // as chosen by a human being: hashed before it is kept (D-05)
	Person    people.Person
	Levels    []int    // 1 to 3
	Factors   []string // "sms", "totp", "app"
	Opened    time.Time
}

// IdentityStatus is the state of an identity (ONB-148).
type IdentityStatus string

// States of an identity.
const (
	IdentityActive    IdentityStatus = "active"
	IdentitySuspended IdentityStatus = "suspended"
	IdentityRevoked   IdentityStatus = "revoked"
	IdentityExpired   IdentityStatus = "expired"
	IdentityLocked    IdentityStatus = "locked"
)

// Causes of a suspension (ONB-148).
const (
	CauseUser    = "user"
	CauseAbuse   = "abuse"
	CauseLock    = "lock"
	CausePayment = "payment"
)

// Identity is a digital identity at one gestore.
type Identity struct {
	FiscalCode spid.FiscalCode `json:"fiscal_code"`
	Slug       string          `json:"idp"`
	Username   string          `json:"username"`
	SPIDCode   string          `json:"spid_code"`
	Status     IdentityStatus  `json:"status"`
	Cause      string          `json:"cause,omitempty"` // of a suspension
	Until      time.Time       `json:"until,omitzero"`  // end of a suspension or lock, when it has one
	Levels     []int           `json:"levels"`
	Factors    []string        `json:"second_factors"`
	Email      string          `json:"email"`
	Mobile     string          `json:"mobile"`
	Opened     time.Time       `json:"opened,omitzero"`
	LastUsed   time.Time       `json:"last_used,omitzero"`
	Name       string          `json:"name"`       // given name and surname
	IDCard     string          `json:"-"`          // document, as on the wire: kind, number, issuer, dates
	NotifyUse  bool            `json:"notify_use"` // the holder is told of every use (ONB-144)
	TOTPURL    string          `json:"-"`          // otpauth address for an authenticator app; holds the secret
}

// Usable reports whether a person can log in with it now.
func (i Identity) Usable() bool { return i.Status == IdentityActive }

// Held reports whether it stands in the way of another one at the same gestore (ONB-110): revoked and expired ones do not.
func (i Identity) Held() bool { return i.Status != IdentityRevoked && i.Status != IdentityExpired }

// Level is the highest level.
func (i Identity) Level() int {
	highest := 0
	for _, l := range i.Levels {
		highest = max(highest, l)
	}
	return highest
}

// IdentityChange says what of an identity changes; nil stays.
type IdentityChange struct {
	Status   *IdentityStatus
	Cause    *string
	Until    *time.Time
	Password *string
	Levels   *[]int
	Factors  *[]string
	Email    *string
	Mobile   *string

	NotifyUse *bool
}

// Access is one use of an identity.
type Access struct {
	At      time.Time `json:"at"`
	Service string    `json:"service"`
	Level   int       `json:"level"`
	Outcome string    `json:"outcome"` // "ok", or the anomaly as "nr25"
}

// Config is what an office needs. Zero fields mean the documented default.
type Config struct {
	Store     *store.DB
	Outbox    *outbox.Outbox
	Registrar Registrar
	Gestori   []Provider      // in the order of the catalogue, see Describe
	Gate      Gate            // the wire of the hand-off; nil leaves it to the caller
	Answered  func(id string) // told of a request with a result that waits for the portal, after it is stored; nil = nobody. It must not block
	Now       func() time.Time
	Rand      io.Reader // of codes and identifiers; nil = crypto/rand
	Log       *slog.Logger
}

// Office is the engine of the onboarding: the institute's own books, the requests at the gestori, PINs and delegations. Browser, API and
// lessons call the same methods. It is safe for concurrent use, and nothing that outlives a call is kept in memory.
type Office struct {
	cfg    Config
	db     *store.DB
	outbox *outbox.Outbox
	log    *slog.Logger

	settings   *store.Collection[Settings]
	pins       *store.Collection[PIN]
	citizens   *store.Collection[citizenRecord]
	enrolments *store.Collection[Enrolment]
	visits     *store.Collection[Visit]
	messages   *store.Collection[usedMessage]
	packages   *store.Collection[Package]
	areas      *store.Collection[Area]

	phonePINs   *store.Collection[PhonePIN]
	delegations *store.Collection[Delegation]
	traces      *store.Collection[AccessTrace]

	lives          *store.Collection[LifeRequest]
	minors         *store.Collection[MinorRequest]
	authorisations *store.Collection[Authorisation]

	randMu sync.Mutex // Rand may be a seeded source, which is not safe for concurrent use
}

// New makes an office. It writes nothing; Seed brings the PINs and delegations of the test people.
func New(cfg Config) (*Office, error) {
	if cfg.Store == nil || cfg.Outbox == nil || cfg.Registrar == nil {
		return nil, errors.New("an office needs a store, an outbox and a registrar")
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
	db := cfg.Store
	return &Office{
		cfg: cfg, db: db, outbox: cfg.Outbox, log: cfg.Log,
		settings:   store.NewCollection[Settings](db, "onb-settings", nil),
		pins:       store.NewCollection[PIN](db, "onb-pin", nil),
		citizens:   store.NewCollection[citizenRecord](db, "onb-citizen", nil),
		enrolments: store.NewCollection(db, "onb-enrolment", (*Enrolment).keys),
		visits:     store.NewCollection(db, "onb-visit", (*Visit).keys),
		messages:   store.NewCollection[usedMessage](db, "onb-handoff", nil),
		packages:   store.NewCollection[Package](db, "onb-package", nil),
		areas:      store.NewCollection[Area](db, "onb-area", nil),

		phonePINs:   store.NewCollection(db, "onb-phone-pin", (*PhonePIN).keys),
		delegations: store.NewCollection(db, "onb-delegation", (*Delegation).keys),
		traces:      store.NewCollection[AccessTrace](db, "onb-trace", nil),

		lives:          store.NewCollection[LifeRequest](db, "onb-life", nil),
		minors:         store.NewCollection(db, "onb-minor", (*MinorRequest).keys),
		authorisations: store.NewCollection[Authorisation](db, "onb-authorisation", nil),
	}, nil
}

// Now is the simulated time, UTC.
func (o *Office) Now() time.Time { return o.cfg.Now().UTC() }

// Today is the day that it is in Italy.
func (o *Office) Today() clock.Day { return clock.DayOf(o.Now()) }

const settingsID = "settings"

// Settings returns the switches as they stand.
func (o *Office) Settings(ctx context.Context) (Settings, error) {
	s, err := o.settings.Get(ctx, settingsID)
	if errors.Is(err, store.ErrNotFound) {
		return DefaultSettings(), nil
	}
	if err != nil {
		return Settings{}, err
	}
	return s.defaults(), nil
}

// Configure changes the switches. *Denied when a value cannot be had.
func (o *Office) Configure(ctx context.Context, change func(*Settings)) (Settings, error) {
	s, err := o.Settings(ctx)
	if err != nil {
		return s, err
	}
	change(&s)
	if err := s.Check(); err != nil {
		return s, err
	}
	s = s.defaults()
	return s, o.settings.Put(ctx, settingsID, &s, time.Time{})
}

// Citizens returns the test people, in the order in which the gestori list them.
func (o *Office) Citizens(ctx context.Context) ([]Citizen, error) {
	list, err := o.cfg.Registrar.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("the test people: %w", err)
	}
	out := make([]Citizen, 0, len(list))
	for _, p := range list {
		if p.FiscalCode != "" {
			out = append(out, CitizenOf(p))
		}
	}
	return out, nil
}

// Citizen finds a test person by codice fiscale, user name or persona ("P01"), in any letter case. RSN-PERSON.
func (o *Office) Citizen(ctx context.Context, who string) (Citizen, error) {
	list, err := o.Citizens(ctx)
	if err != nil {
		return Citizen{}, err
	}
	who = strings.TrimSpace(who)
	for _, c := range list {
		if strings.EqualFold(string(c.FiscalCode), who) || strings.EqualFold(c.Username, who) || c.ID != "" && strings.EqualFold(c.ID, who) {
			return c, nil
		}
	}
	return Citizen{}, Deny(NoSuchPerson)
}

// Gestori returns the gestori that are in the list on the simulated day.
func (o *Office) Gestori() []Provider {
	var out []Provider
	for _, g := range o.cfg.Gestori {
		if g.ActiveOn(o.Today()) {
			out = append(out, g)
		}
	}
	return out
}

// Gestore finds a gestore by its slug, also one that is no longer in the list.
func (o *Office) Gestore(slug string) (Provider, bool) {
	for _, g := range o.cfg.Gestori {
		if g.Slug == slug {
			return g, true
		}
	}
	return Provider{}, false
}

// random fills b. A source of randomness that fails ends the process: every code would be guessable.
func (o *Office) random(b []byte) {
	o.randMu.Lock()
	defer o.randMu.Unlock()
	if _, err := io.ReadFull(o.cfg.Rand, b); err != nil {
		o.log.Error("no randomness", "err", err)
		rand.Read(b) // never fails since Go 1.24: the runtime stops the process instead
	}
}

// draw returns n characters of an alphabet, each equally likely.
func (o *Office) draw(alphabet string, n int) string {
	out := make([]byte, 0, n)
	limit := 256 - 256%len(alphabet)
	for len(out) < n {
		var b [1]byte
		o.random(b[:])
		if int(b[0]) < limit {
			out = append(out, alphabet[int(b[0])%len(alphabet)])
		}
	}
	return string(out)
}

// Alphabets of the codes. The unambiguous one has neither 0 and O nor 1 and I (ONB-131).
const (
	digits      = "0123456789"
	unambiguous = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
)

// newID returns a fresh identifier, 128 random bits in hex.
func (o *Office) newID() string {
	var b [16]byte
	o.random(b[:])
	return hex.EncodeToString(b[:])
}

// NewSecret returns 256 random bits in hex, for a cookie.
func (o *Office) NewSecret() string {
	var b [32]byte
	o.random(b[:])
	return hex.EncodeToString(b[:])
}

// digest is what is kept of a secret that only the browser knows (SEC-49).
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0x1f})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// normalCode folds what people type of a code: capitals, without blanks and hyphens (UX-67).
func normalCode(s string) string { return normalPIN(s) }

// NormalCode is a code without the blanks, hyphens and small letters that people type (UX-67).
func NormalCode(s string) string { return normalCode(s) }
