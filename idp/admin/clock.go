package admin

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/web"
	"spidsim/templates/ui"
)

func (a *Admin) getClock(w http.ResponseWriter, _ *http.Request) {
	web.JSON(w, http.StatusOK, clockItem(a.cfg.Clock))
}

func clockItem(k *clock.Keeper) Clock {
	s := k.State()
	item := Clock{
		Now: s.Now, Rome: clock.Rome(s.Now).Format(time.RFC3339), Date: clock.DayOf(s.Now).String(),
		Frozen: s.Frozen, Offset: int64(s.Offset.Seconds()), Moved: k.Moved(),
	}
	for _, p := range clock.Presets() {
		preset := ClockPreset{Name: p.Name, Date: p.Day.String(), What: ui.Preset(ui.Italian, p.Name), WhatEn: ui.Preset(ui.English, p.Name), Rules: p.Rules}
		if p.Name == clock.Today {
			preset.Date, preset.Rules = clock.DayOf(s.Now.Add(-s.Offset)).String(), []string{}
		}
		item.Presets = append(item.Presets, preset)
	}
	return item
}

// putClock sets, stops or lets run the simulated clock (ONB-02).
func (a *Admin) putClock(w http.ResponseWriter, r *http.Request) {
	a.moveClock(w, r, func() error {
		var body SetClock
		if err := web.DecodeJSON(r, &body); err != nil {
			return err
		}
		return a.setClock(r.Context(), body)
	})
}

func (a *Admin) setClock(ctx context.Context, body SetClock) error {
	k := a.cfg.Clock
	if body.Now == clock.Today {
		if err := k.Reset(ctx); err != nil || !body.Frozen {
			return err
		}
		return k.Freeze(ctx, time.Time{})
	}
	to := k.Now()
	if body.Now == "" && !body.Frozen && !k.State().Frozen {
		return nil // it runs already
	}
	if body.Now != "" {
		var err error
		if to, err = clock.Parse(body.Now); err != nil {
			return badClock("now", body.Now, "a date such as 2020-10-15, a moment such as 2020-10-15T09:30:00Z, or today")
		}
	}
	if body.Frozen {
		return k.Freeze(ctx, to)
	}
	return k.Set(ctx, to)
}

// advanceClock moves the simulated clock by a length of time or by days.
func (a *Admin) advanceClock(w http.ResponseWriter, r *http.Request) {
	a.moveClock(w, r, func() error {
		var body AdvanceClock
		if err := web.DecodeJSON(r, &body); err != nil {
			return err
		}
		return a.advance(r.Context(), body)
	})
}

func (a *Admin) advance(ctx context.Context, body AdvanceClock) error {
	switch {
	case (body.By == "") == (body.Days == 0):
		return web.Unprocessable("by", `say either how long, {"by":"24h"}, or how many days, {"days":5}`)
	case body.Days != 0:
		return a.cfg.Clock.AdvanceDays(ctx, body.Days)
	}
	d, err := time.ParseDuration(body.By)
	if err != nil || d == 0 {
		return badClock("by", body.By, "a length of time such as 24h or -90m; days go into the member days")
	}
	return a.cfg.Clock.Advance(ctx, d)
}

// resetClock returns to the real time.
func (a *Admin) resetClock(w http.ResponseWriter, r *http.Request) {
	a.moveClock(w, r, func() error { return a.cfg.Clock.Reset(r.Context()) })
}

// moveClock does what was asked and answers with how the clock stands then.
func (a *Admin) moveClock(w http.ResponseWriter, r *http.Request, move func() error) {
	err := move()
	if errors.Is(err, clock.ErrRange) {
		err = &web.Error{Status: http.StatusUnprocessableEntity, Problem: web.Problem{Code: "invalid", Field: "now", Rule: "ONB-02", Detail: err.Error()}}
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	item := clockItem(a.cfg.Clock)
	a.log.Info("clock moved", "date", item.Date, "now", item.Now, "frozen", item.Frozen)
	web.JSON(w, http.StatusOK, item)
}

func badClock(field, found, wanted string) error {
	found = clip(found, 64)
	return &web.Error{Status: http.StatusUnprocessableEntity, Problem: web.Problem{
		Code: "invalid", Field: field, Found: found, Wanted: wanted, Rule: "ONB-02", Detail: field + " is " + strconv.Quote(found) + ", want " + wanted,
	}}
}
