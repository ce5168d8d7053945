package clock

import (
	"sync"
	"testing"
	"time"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("CET", 3600))

// real is a clock of the real time that tests move.
type realTime struct {
	mu  sync.Mutex
	now time.Time
}

func (r *realTime) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *realTime) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

func TestClock(t *testing.T) {
	t.Parallel()
	then := time.Date(2030, 2, 28, 23, 59, 59, 0, time.UTC)
	for name, tt := range map[string]struct {
		do     func(*Clock)
		now    time.Time     // shown at once
		later  time.Time     // shown when a minute has passed
		offset time.Duration // told at once
		frozen bool
		moved  bool
	}{
		"a new clock shows the real time":      {func(*Clock) {}, start, start.Add(time.Minute), 0, false, false},
		"Set moves it and it runs on":          {func(c *Clock) { c.Set(then) }, then, then.Add(time.Minute), then.Sub(start), false, true},
		"Freeze stops it":                      {func(c *Clock) { c.Freeze(then) }, then, then, then.Sub(start), true, true},
		"Freeze of the zero time stops it now": {func(c *Clock) { c.Freeze(time.Time{}) }, start, start, 0, true, true},
		"Offset moves it ahead":                {func(c *Clock) { c.Offset(time.Hour) }, start.Add(time.Hour), start.Add(time.Hour + time.Minute), time.Hour, false, true},
		"Offset moves it back":                 {func(c *Clock) { c.Offset(-time.Hour) }, start.Add(-time.Hour), start.Add(time.Minute - time.Hour), -time.Hour, false, true},
		"a second Offset replaces the first":   {func(c *Clock) { c.Offset(time.Hour); c.Offset(time.Minute) }, start.Add(time.Minute), start.Add(2 * time.Minute), time.Minute, false, true},
		"Set after Freeze makes it run":        {func(c *Clock) { c.Freeze(start); c.Set(then) }, then, then.Add(time.Minute), then.Sub(start), false, true},
		"Reset returns to the real time":       {func(c *Clock) { c.Freeze(then); c.Reset() }, start, start.Add(time.Minute), 0, false, false},
		"Advance moves a running clock":        {func(c *Clock) { c.Set(then); c.Advance(time.Hour) }, then.Add(time.Hour), then.Add(time.Hour + time.Minute), then.Sub(start) + time.Hour, false, true},
		"Advance moves a stopped clock":        {func(c *Clock) { c.Freeze(then); c.Advance(-time.Hour) }, then.Add(-time.Hour), then.Add(-time.Hour), then.Sub(start) - time.Hour, true, true},
		"the zero Offset is as Reset":          {func(c *Clock) { c.Set(then); c.Offset(0) }, start, start.Add(time.Minute), 0, false, false},
		"leap days are days":                   {func(c *Clock) { c.Set(time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC)) }, time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC), time.Date(2028, 2, 29, 0, 1, 0, 0, time.UTC), time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC).Sub(start), false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			real := &realTime{now: start}
			c := NewFrom(real.Now)
			tt.do(c)
			state := c.State()
			if got := c.Now(); !got.Equal(tt.now) || got.Location() != time.UTC || !state.Now.Equal(got) {
				t.Errorf("shows %s, State %s, want %s in UTC", got, state.Now, tt.now)
			}
			if state.Offset != tt.offset || state.Frozen != tt.frozen || c.Moved() != tt.moved {
				t.Errorf("state %+v, moved %t; want offset %s, frozen %t, moved %t", state, c.Moved(), tt.offset, tt.frozen, tt.moved)
			}
			real.pass(time.Minute)
			if got := c.Now(); !got.Equal(tt.later) {
				t.Errorf("a minute later it shows %s, want %s", got, tt.later)
			}
		})
	}
}

func TestFixedStands(t *testing.T) {
	t.Parallel()
	c := Fixed(start)
	if a, b := c.Now(), c.Now(); !a.Equal(start) || a != b {
		t.Errorf("shows %s and %s, want %s twice", a, b, start)
	}
}

// TestJumpsCompareAsShown holds SEC-86: the monotonic reading of the real clock must not hide a jump.
func TestJumpsCompareAsShown(t *testing.T) {
	t.Parallel()
	c := New()
	before := c.Now()
	c.Offset(-time.Hour)
	if d := c.Now().Sub(before); d > -59*time.Minute {
		t.Errorf("after an hour back the difference is %s", d)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	real := &realTime{now: start}
	c := NewFrom(real.Now)
	c.Freeze(start)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				c.Advance(time.Second)
				_, _ = c.Now(), c.State()
			}
		})
	}
	wg.Wait()
	if got, want := c.Now(), start.Add(800*time.Second); !got.Equal(want) {
		t.Errorf("shows %s, want %s: an Advance was lost", got, want)
	}
}
