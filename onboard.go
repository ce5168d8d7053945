package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"spidsim/onboarding"
)

// makeOffice makes the engine of the onboarding for a cast: its books are those of the gestori, its wire has the cast's certificates.
func (a *app) makeOffice(c *cast, keys *keyring, at time.Time) (err error) {
	var list []onboarding.Provider
	for _, p := range c.federation.Providers() {
		list = append(list, onboarding.Describe(p.Slug, p.Name))
	}
	var wire onboarding.Gate
	if a.portalBase != nil {
		c.gate = newGate(a.cfg.Data, a.base.String(), a.portalBase.String(), keys, at)
		wire = c.gate
	}
	c.office, err = onboarding.New(onboarding.Config{
		Store: a.store, Outbox: a.outbox, Registrar: registrar{c.federation, a.clock.Now}, Gestori: list, Gate: wire,
		Answered: a.answered, Now: a.clock.Now, Log: a.log,
	})
	return err
}

// configureOnboarding applies what the configuration says of the onboarding. What it does not speak of stays as it was last set.
func (a *app) configureOnboarding(ctx context.Context) error {
	_, err := a.playing.Load().office.Configure(ctx, func(s *onboarding.Settings) {
		if a.cfg.Origin("timeline") != "default" {
			s.Timeline = onboarding.Timeline(a.cfg.Timeline)
		}
		if a.cfg.Origin("delegation-cap") != "default" {
			s.DelegationCap = a.cfg.DelegationCap
		}
	})
	return err
}

// waitingResults bounds how many requests wait for the courier at once; those beyond wait for its next round.
const waitingResults = 256

// couriers carries results to the portal and lets the clock do what is due in the onboarding, until ctx ends.
func (a *app) couriers(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		a.round(ctx)
		for waiting := true; waiting; {
			select {
			case <-ctx.Done():
				return
			case id := <-a.results:
				a.note(ctx, "carrying a result", a.playing.Load().office.DeliverResult(ctx, id, a.carry, false))
			case <-tick.C:
				waiting = false
			}
		}
	}
}

// round looks at every request.
func (a *app) round(ctx context.Context) {
	office := a.playing.Load().office
	a.note(ctx, "settling the onboarding", office.Settle(ctx))
	a.note(ctx, "carrying results", office.DeliverResults(ctx, a.carry, false))
}

func (a *app) note(ctx context.Context, doing string, err error) {
	if err != nil && ctx.Err() == nil {
		a.log.Error(doing, "err", err)
	}
}

// answered tells the courier of a request, unless too many wait already.
func (a *app) answered(id string) {
	select {
	case a.results <- id:
	default:
	}
}

// deliver carries every result of a request that nobody walks in a browser.
func (a *app) deliver(ctx context.Context, id string) error {
	return a.playing.Load().office.DeliverResult(ctx, id, a.carry, true)
}

// resetCourse brings everything back to the beginning of a course: people, requests, PINs, delegations, outbox and clock (ONB-224).
func (a *app) resetCourse(ctx context.Context) error {
	if err := a.keeper.Reset(ctx); err != nil {
		return err
	}
	c := a.playing.Load()
	err := a.store.Atomic(ctx, func(ctx context.Context) error {
		if err := c.federation.ResetOnboarding(ctx); err != nil {
			return err
		}
		return c.office.Reset(ctx)
	})
	if err != nil {
		return err
	}
	return a.configureOnboarding(ctx)
}

// carry posts a form from a gestore to the portal, as a server would: the same octets to the same handler, within the process, since the
// public address may lie behind something that this machine does not reach.
func (a *app) carry(ctx context.Context, action string, form url.Values, _ bool) error {
	portal := a.playing.Load().portal
	if portal == nil {
		return nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, action, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = "127.0.0.1:0"
	w := &courier{header: http.Header{}}
	portal.ServeHTTP(w, r)
	if w.status >= http.StatusBadRequest {
		return fmt.Errorf("the portal answers %d to a result", w.status)
	}
	return nil
}

// courier is the answer to a form that was carried within the process.
type courier struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (c *courier) Header() http.Header { return c.header }

// WriteHeader implements http.ResponseWriter.
func (c *courier) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
}

// Write implements http.ResponseWriter.
func (c *courier) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	return c.body.Write(b)
}
