package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"spidsim/internal/config"
	"spidsim/internal/web"
)

// shutdownTime is how long running requests may take to end after a signal (SEC-84).
const shutdownTime = 10 * time.Second

// sweepEvery is how often expired documents are deleted.
const sweepEvery = time.Minute

// serve runs identity providers, console and portal until ctx ends.
func serve(ctx context.Context, cfg *config.Config, out io.Writer) error {
	log := newLogger(cfg, os.Stderr)
	s, err := openListeners(cfg)
	if err != nil {
		return err
	}
	defer s.close()
	a, err := newApp(ctx, cfg, s.base, s.portalBase, log)
	if err != nil {
		return err
	}
	defer func() {
		if err := a.Close(); err != nil {
			log.Error("closing", "err", err)
		}
	}()
	if err := a.secure(s); err != nil {
		return err
	}
	failed := s.start(a)
	a.registerSources(ctx) // after the listeners: a service provider's metadata may lie behind an address that waits for ours
	if err := announce(a, out); err != nil {
		return err
	}
	background := a.background(ctx)
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	err = errors.Join(err, s.stop())
	background()
	return err
}

// servers are the listeners with what serves them.
type servers struct {
	idp, portal, cns          []net.Listener
	base, portalBase, cnsBase *url.URL
	tls, cnsTLS               *tls.Config // nil without --tls
	running                   []*http.Server
}

// openListeners takes the ports first: port 0 must be known before anything can say its own address.
func openListeners(cfg *config.Config) (*servers, error) {
	s := &servers{}
	if err := s.open(cfg); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *servers) open(cfg *config.Config) (err error) {
	if s.idp, err = listen(cfg.Listen, cfg.Origin("listen") == "default"); err != nil {
		return portProblem("listen", cfg.Listen, err)
	}
	if s.base, err = cfg.IdPBase(s.idp[0].Addr().String()); err != nil || cfg.PortalListen == config.Off {
		return err
	}
	if s.portal, err = listen(cfg.PortalListen, cfg.Origin("portal-listen") == "default"); err != nil {
		return portProblem("portal-listen", cfg.PortalListen, err)
	}
	if s.portalBase, err = cfg.PortalBase(s.portal[0].Addr().String()); err != nil || !cfg.AsksForCNS() {
		return err
	}
	if s.cns, err = listen(cfg.CNSListen, cfg.Origin("cns-listen") == "default"); err != nil {
		return portProblem("cns-listen", cfg.CNSListen, err)
	}
	s.cnsBase, err = cfg.CNSBase(s.cns[0].Addr().String())
	return err
}

func portProblem(flag, addr string, err error) error {
	return usageError("cannot listen on %s: %w\nChoose another address with --%s; port 0 takes a free one", addr, err, flag)
}

// start serves on all listeners. The channel gets the first failure of one.
func (s *servers) start(a *app) <-chan error {
	failed := make(chan error, len(s.idp)+len(s.portal)+len(s.cns))
	run := func(list []net.Listener, h http.Handler, secured *tls.Config) {
		for _, l := range list {
			srv := web.NewServer(h, a.cfg.Limits, a.log)
			s.running = append(s.running, srv)
			go func() {
				if err := serveOn(srv, l, secured); !errors.Is(err, http.ErrServerClosed) {
					failed <- fmt.Errorf("serving %s: %w", l.Addr(), err)
				}
			}()
		}
	}
	run(s.idp, a.handler(func(c *cast) http.Handler { return c.console }), s.tls)
	run(s.portal, a.handler(func(c *cast) http.Handler { return c.portal }), s.tls)
	run(s.cns, a.handler(func(c *cast) http.Handler { return c.cns }), s.cnsTLS)
	return failed
}

// serveOn serves on one listener, over TLS unless secured is nil.
func serveOn(srv *http.Server, l net.Listener, secured *tls.Config) error {
	if secured == nil {
		return srv.Serve(l)
	}
	srv.TLSConfig = secured.Clone()
	return srv.ServeTLS(l, "", "")
}

// stop lets running requests end.
func (s *servers) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	var errs []error
	for _, srv := range s.running {
		errs = append(errs, srv.Shutdown(ctx))
	}
	return errors.Join(errs...)
}

func (s *servers) close() {
	for _, l := range slices.Concat(s.idp, s.portal, s.cns) {
		_ = l.Close() // already closed when it was served
	}
}

// background starts what runs beside the requests; the function returned ends it, before the store is closed.
func (a *app) background(ctx context.Context) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { a.sweep(ctx) })
	running.Go(func() { a.couriers(ctx) })
	if a.mail != nil {
		running.Go(func() { a.mail.Run(ctx) })
	}
	return func() { cancel(); running.Wait() }
}

// sweep deletes expired documents now and then.
func (a *app) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := a.store.Sweep(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("sweeping the store", "err", err)
			}
		}
	}
}

func newLogger(cfg *config.Config, w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(cfg.LogLevel)) // the configuration admits nothing else
	o := &slog.HandlerOptions{Level: level}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// announce says that the program is ready: the ready file for programs, then the banner for people and the line that tools wait for, so
// that whoever has seen the line finds the file.
func announce(a *app, out io.Writer) error {
	if err := a.writeReady(); err != nil {
		return err
	}
	if !a.cfg.Quiet {
		a.banner(out)
	}
	fmt.Fprintln(out, readyLine) // fixed text: tools wait for it (UX-91)
	return nil
}

// writeReady writes the ready file, if one is wanted.
func (a *app) writeReady() error {
	if a.cfg.ReadyFile == "" {
		return nil
	}
	ready := map[string]any{"idp_base": a.base.String(), "pid": os.Getpid(), "version": versionString()}
	if a.portalBase != nil {
		ready["portal_base"] = a.portalBase.String()
	}
	if a.cnsBase != nil {
		ready["cns_base"] = a.cnsBase.String()
	}
	if a.caFile != "" {
		file, err := filepath.Abs(a.caFile)
		if err != nil {
			return fmt.Errorf("ready file: %w", err)
		}
		ready["tls_ca"] = file
	}
	body, err := json.Marshal(ready)
	if err != nil {
		return fmt.Errorf("ready file: %w", err)
	}
	return writeWhole(a.cfg.ReadyFile, append(body, '\n'))
}

// writeWhole writes a file so that a reader sees all of it or nothing.
func writeWhole(name string, body []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".spidsim-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	_, err = tmp.Write(body)
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // best effort: the cause is reported
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}
