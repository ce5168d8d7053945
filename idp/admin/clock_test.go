package admin

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"spidsim/idp/idptest"
	"spidsim/internal/clock"
	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
)

// startClock makes a surface whose clock can be moved; the real time stands at noon of 1 March 2026, UTC.
func startClock(t *testing.T) *surface {
	t.Helper()
	c := clock.NewFrom(func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) })
	db, err := sqlite.Open(t.Context(), "memory:", c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // in memory
	k := clock.NewKeeper(c, store.NewCollection[clock.Setting](db, "clock", nil))
	return start(t, func(cfg *Config) { cfg.Clock, cfg.Now = k, c.Now }, idptest.Clock(c.Now))
}

func TestONB02ClockByAPI(t *testing.T) {
	t.Parallel()
	real := Clock{Now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Rome: "2026-03-01T13:00:00+01:00", Date: "2026-03-01"}
	lesson := Clock{Now: time.Date(2020, 10, 15, 8, 0, 0, 0, time.UTC), Rome: "2020-10-15T10:00:00+02:00", Date: "2020-10-15", Moved: true}
	frozen, next, night := lesson, lesson, lesson
	frozen.Frozen = true
	next.Now, next.Rome, next.Date = lesson.Now.AddDate(0, 0, 11).Add(time.Hour), "2020-10-26T10:00:00+01:00", "2020-10-26"
	night.Now, night.Rome, night.Date = time.Date(2020, 10, 15, 22, 30, 0, 0, time.UTC), "2020-10-16T00:30:00+02:00", "2020-10-16"
	stopped := real
	stopped.Frozen, stopped.Moved = true, true
	type step struct{ method, path, body string }
	set := step{http.MethodPut, "", `{"now":"2020-10-15"}`}
	freeze := step{http.MethodPut, "", `{"now":"2020-10-15","frozen":true}`}
	for name, row := range map[string]struct {
		steps []step
		want  Clock
	}{
		"untouched":              {nil, real},
		"a date":                 {[]step{set}, lesson},
		"a moment":               {[]step{{http.MethodPut, "", `{"now":"2020-10-16T00:30:00+02:00"}`}}, night},
		"stopped":                {[]step{freeze}, frozen},
		"stopped as it is":       {[]step{set, {http.MethodPut, "", `{"frozen":true}`}}, frozen},
		"running again":          {[]step{freeze, {http.MethodPut, "", `{"frozen":false}`}}, lesson},
		"running as it did":      {[]step{{http.MethodPut, "", `{"frozen":false}`}}, real},
		"days across the change": {[]step{set, {http.MethodPost, "/advance", `{"days":11}`}}, next},
		"hours":                  {[]step{set, {http.MethodPost, "/advance", `{"by":"14h30m"}`}}, night},
		"days back":              {[]step{set, {http.MethodPost, "/advance", `{"days":11}`}, {http.MethodPost, "/advance", `{"days":-11}`}}, lesson},
		"today":                  {[]step{set, {http.MethodPut, "", `{"now":"today"}`}}, real},
		"today, stopped":         {[]step{set, {http.MethodPut, "", `{"now":"today","frozen":true}`}}, stopped},
		"reset":                  {[]step{freeze, {http.MethodDelete, "", ""}}, real},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startClock(t)
			var got Clock
			for _, st := range row.steps {
				want(t, s.do(t, call{method: st.method, path: "/api/v1/clock" + st.path, body: st.body}), http.StatusOK, &got)
			}
			var read Clock
			want(t, s.do(t, call{path: "/api/v1/clock"}), http.StatusOK, &read)
			if len(row.steps) > 0 && (!got.Now.Equal(read.Now) || got.Moved != read.Moved) {
				t.Errorf("the move answers %v, moved %v; GET %v, moved %v", got.Now, got.Moved, read.Now, read.Moved)
			}
			row.want.Offset = int64(row.want.Now.Sub(real.Now).Seconds())
			row.want.Presets, read.Presets = nil, nil
			if !read.Now.Equal(row.want.Now) || read.Rome != row.want.Rome || read.Date != row.want.Date ||
				read.Frozen != row.want.Frozen || read.Moved != row.want.Moved || read.Offset != row.want.Offset {
				t.Errorf("got %+v, want %+v", read, row.want)
			}
		})
	}
}

func TestONB02PresetsSayWhatChanges(t *testing.T) {
	t.Parallel()
	s := startClock(t)
	var got Clock
	want(t, s.do(t, call{method: http.MethodPut, path: "/api/v1/clock", body: `{"now":"2021-10-01"}`}), http.StatusOK, &got)
	if len(got.Presets) != 11 {
		t.Fatalf("%d presets, want 11", len(got.Presets))
	}
	for _, p := range got.Presets {
		if p.What == "" || p.WhatEn == "" || p.What == p.WhatEn || p.Rules == nil || p.Date == "" {
			t.Errorf("preset %+v lacks something", p)
		}
		want(t, s.do(t, call{method: http.MethodPut, path: "/api/v1/clock", body: `{"now":"` + p.Name + `"}`}), http.StatusOK, &got)
		if got.Date != p.Date {
			t.Errorf("preset %s leads to %s, want %s", p.Name, got.Date, p.Date)
		}
	}
}

func TestClockErrorsTeach(t *testing.T) {
	t.Parallel()
	s := startClock(t)
	for name, row := range map[string]struct {
		method, path, body string
		status             int
		field, says        string
	}{
		"no date":              {http.MethodPut, "", `{"now":"15/10/2020"}`, 422, "now", "2020-10-15"},
		"a day that is none":   {http.MethodPut, "", `{"now":"2021-02-30"}`, 422, "now", "2021-02-30"},
		"too early":            {http.MethodPut, "", `{"now":"1999-01-01"}`, 422, "now", "2016-01-01"},
		"too late":             {http.MethodPost, "/advance", `{"days":36500}`, 422, "now", "2099-12-31"},
		"neither":              {http.MethodPost, "/advance", `{}`, 422, "by", `{"days":5}`},
		"both":                 {http.MethodPost, "/advance", `{"by":"1h","days":1}`, 422, "by", `{"by":"24h"}`},
		"no length":            {http.MethodPost, "/advance", `{"by":"5d"}`, 422, "by", "24h"},
		"an unknown member":    {http.MethodPut, "", `{"date":"2020-10-15"}`, 400, "date", "date"},
		"a method it has not":  {http.MethodPatch, "", `{}`, 405, "", "GET, HEAD, PUT, DELETE"},
		"reading the movement": {http.MethodGet, "/advance", "", 405, "", "POST"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := wantProblem(t, s.do(t, call{method: row.method, path: "/api/v1/clock" + row.path, body: row.body}), row.status)
			if p.Field != row.field || !strings.Contains(p.Detail, row.says) {
				t.Errorf("got field %q and %q, want %q and something with %q", p.Field, p.Detail, row.field, row.says)
			}
		})
	}
}

// Only the operator moves the clock.
func TestClockIsGuarded(t *testing.T) {
	t.Parallel()
	s := startClock(t)
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		if got := s.do(t, call{method: method, path: "/api/v1/clock", from: "192.0.2.7:4711"}).Code; !slices.Contains([]int{401, 403}, got) {
			t.Errorf("%s from another machine answers %d, want 401 or 403", method, got)
		}
	}
}
