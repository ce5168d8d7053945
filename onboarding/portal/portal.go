package portal

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"spidsim/internal/outbox"
	"spidsim/onboarding"
	"spidsim/spid"
	"spidsim/templates"
)

// Login is somebody who came back from a gestore or from the electronic identity card.
type Login struct {
	Session     string // names the login, so that one is taken in once
	Means       string // "spid" or "cie"
	Gestore     string // slug
	GestoreName string
	Level       int
	FiscalCode  spid.FiscalCode // "" when the service provider did not ask for it
	Name        string
}

// Sessions is the service provider that shares the origin (D-25).
type Sessions interface {
	// Who returns the login of a browser, nil when nobody is logged in.
	Who(r *http.Request) (*Login, error)
	// End ends it.
	End(w http.ResponseWriter, r *http.Request) error
}

// Card is a CNS of an invented person, for the drawn reader.
type Card struct {
	ID       string // that Present takes
	Holder   string // name
	Number   string // printed on the card
	PIN      string // public test data, shown in dev mode
	Unusable string // "expired", "revoked", "blocked", "dead"; "" = it works
}

// Holder is who a CNS belongs to.
type Holder struct {
	Card       string // number
	FiscalCode spid.FiscalCode
	Name       string
	State      string // what went along to the page that asks for the certificate; of Redeem alone
}

// CardError says why a card lets nobody in.
type CardError struct {
	Reason string // "none", "expired", "revoked", "blocked", "dead", "wrong-pin" or "ticket"
	Left   int    // tries of the PIN
}

// Error implements error.
func (e *CardError) Error() string { return "the card lets nobody in: " + e.Reason }

// Cards are the CNS of the test people. Why one lets nobody in is a *CardError.
type Cards interface {
	// CNS lists them, those that work first.
	CNS(ctx context.Context) ([]Card, error)
	// Present puts a card into the reader and enters its PIN.
	Present(ctx context.Context, id, pin string) (Holder, error)
	// Redeem takes the ticket of somebody who showed the certificate of a CNS in the TLS handshake, once.
	Redeem(ctx context.Context, ticket string) (Holder, error)
}

// IdP is an entry of the access button.
type IdP struct {
	Slug, Name, Badge string
	Off               string // why it cannot be used now, in words; "" = it can (UX-23)
	CIE               bool   // the identity provider of the CIE: it has a button of its own (UX-24)
}

// Config is what the portal needs. Office, Sessions, Cards, IdPs, BaseURL and Guard are required.
type Config struct {
	Office   *onboarding.Office
	Outbox   *outbox.Outbox // messages to the person, links that arrived; nil = none are shown
	Sessions Sessions
	Cards    Cards
	IdPs     func(ctx context.Context) ([]IdP, error)
	Guard    func(http.Handler) http.Handler // lets operators through (SEC-59): counter and contact centre

	Scene func(ctx context.Context, lang string, code spid.FiscalCode, step string) *templates.Scene // what stands round a page in a lesson; nil = nothing

	BaseURL    string // of the portal, without a final slash
	GestoreURL string // of the gestori and the console; "" = not linked
	CNSEntry   string // where the browser's own certificate is asked for; "" = not offered
	Log        *slog.Logger
}

// Portal is the institute's site.
type Portal struct {
	cfg    Config
	office *onboarding.Office
	log    *slog.Logger
}

// New makes the portal.
func New(cfg Config) (*Portal, error) {
	switch {
	case cfg.Office == nil, cfg.Sessions == nil, cfg.Cards == nil, cfg.IdPs == nil:
		return nil, errors.New("the portal needs an office, sessions, cards and gestori")
	case cfg.BaseURL == "":
		return nil, errors.New("the portal needs its base address")
	case cfg.Guard == nil:
		return nil, errors.New("the portal needs a guard for the operator's pages")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Portal{cfg: cfg, office: cfg.Office, log: cfg.Log}, nil
}
