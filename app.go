package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"spidsim/idp"
	"spidsim/idp/admin"
	"spidsim/internal/clock"
	"spidsim/internal/config"
	"spidsim/internal/outbox"
	"spidsim/internal/outbox/smtp"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
)

// app is the whole program wired together, before anything listens to it.
type app struct {
	cfg        *config.Config
	log        *slog.Logger
	clock      *clock.Clock
	keeper     *clock.Keeper
	started    time.Time // by the real clock
	base       *url.URL  // of the identity providers
	portalBase *url.URL  // of the sample service provider; nil when it is off
	cnsBase    *url.URL  // of the listener that asks for client certificates; nil when there is none
	caFile     string    // certificate of the local TLS authority; "" without --tls
	store      *store.DB
	outbox     *outbox.Outbox
	mail       *smtp.Sender         // nil when e-mails stay in the outbox
	casts      []*cast              // all that were made, the first one first; see onMove
	playing    atomic.Pointer[cast] // the one that serves requests
	results    chan string          // requests whose results wait for the courier, by id
	refused    []string             // service providers that could not be registered, each with its cause
	close      []func() error
}

// newApp opens the data folder and makes every part. What it opened is closed again when it fails.
func newApp(ctx context.Context, cfg *config.Config, base, portalBase *url.URL, log *slog.Logger) (*app, error) {
	a := &app{cfg: cfg, log: log, clock: clock.New(), results: make(chan string, waitingResults), started: time.Now(), base: base, portalBase: portalBase}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *app) open(ctx context.Context) error {
	if err := a.openStore(ctx); err != nil {
		return err
	}
	if err := a.openClock(ctx); err != nil {
		return err
	}
	a.outbox = outbox.New(a.store, a.clock.Now, rand.Text)
	if err := a.openMail(); err != nil {
		return err
	}
	if err := a.recast(ctx, a.clock.Now()); err != nil {
		return err
	}
	return a.seed(ctx)
}

// openClock goes on with the simulated date of the last run, unless this one was started with a date of its own (ONB-02).
func (a *app) openClock(ctx context.Context) error {
	a.keeper = clock.NewKeeper(a.clock, store.NewCollection[clock.Setting](a.store, "clock", nil))
	a.keeper.BeforeMove(a.prepare)
	a.keeper.OnMove(a.onMove)
	a.keeper.OnMove(a.forgetFuture)
	a.keeper.OnMove(func(ctx context.Context, _, _ time.Time) error { return a.playing.Load().office.Settle(ctx) })
	if a.cfg.Clock.IsZero() {
		return a.keeper.Load(ctx)
	}
	a.keeper.Pin(a.cfg.Clock.Time)
	return nil
}

// openMail has the e-mails of the outbox wait for the SMTP server that the operator named; serve sends them.
func (a *app) openMail() (err error) {
	if a.cfg.SMTP != "" {
		a.mail, err = smtp.New(a.outbox, a.cfg.SMTP, a.log)
	}
	return err
}

// federation is that of the cast which serves requests now.
func (a *app) federation() *idp.Federation { return a.playing.Load().federation }

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

// seed brings the people of the program and of the configuration.
func (a *app) seed(ctx context.Context) error {
	var configured []people.Person
	if len(a.cfg.Users) > 0 {
		var err error
		if configured, err = people.Parse(a.cfg.Users, a.cfg.File()); err != nil {
			return fmt.Errorf("users of the configuration: %w", err)
		}
	}
	if err := a.federation().Seed(ctx, configured); err != nil {
		return err
	}
	if err := a.playing.Load().office.Seed(ctx); err != nil {
		return err
	}
	return a.configureOnboarding(ctx)
}

// simulatedDate is what the banner of the pages says when the clock was moved.
func (a *app) simulatedDate() string {
	if !a.clock.Moved() {
		return ""
	}
	return clock.DayOf(a.clock.Now()).String()
}

// registerSources registers what --sp names. One that fails is said and the others still load (UX-92).
func (a *app) registerSources(ctx context.Context) {
	for _, source := range a.cfg.SP {
		documents, err := readSource(ctx, source, a.cfg.AllowRemoteFetch)
		if err != nil {
			a.refuse(source, err)
		}
		for _, d := range documents {
			if _, _, err := a.federation().RegisterSP(ctx, d.xml, d.name); err != nil {
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
