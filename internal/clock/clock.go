// Package clock is the simulated date: a value whose Now is handed to everyone as a func() time.Time.
package clock

import (
	"sync/atomic"
	"time"
)

// Clock tells a time that can be moved and stopped. It is safe for concurrent use; make one with New or Fixed.
type Clock struct {
	real func() time.Time
	set  atomic.Pointer[Setting] // replaced whole and never changed
}

// Setting is how a clock differs from the real one, as it is kept in JSON; the zero Setting shows the real time.
type Setting struct {
	Offset time.Duration // added to the real time while the clock runs, nanoseconds in JSON
	At     time.Time     // UTC, what a stopped clock shows; zero while it runs
}

// New returns a clock that shows the real time until it is moved.
func New() *Clock { return NewFrom(time.Now) }

// NewFrom returns a clock over another source of the real time, for tests.
func NewFrom(realTime func() time.Time) *Clock {
	c := &Clock{real: realTime}
	c.Reset()
	return c
}

// Fixed returns a clock that stands at t.
func Fixed(t time.Time) *Clock {
	c := New()
	c.Freeze(t)
	return c
}

// Now returns the simulated time in UTC. It carries no monotonic reading, so that times from before and after a
// jump compare as what they show; measure durations with the real clock (SEC-86).
func (c *Clock) Now() time.Time { return c.set.Load().shown(c.real()) }

func (s *Setting) shown(realTime time.Time) time.Time {
	if !s.At.IsZero() {
		return s.At
	}
	return realTime.Add(s.Offset).Round(0).UTC()
}

// Set moves the clock to t, from where it runs on.
func (c *Clock) Set(t time.Time) {
	c.set.Store(&Setting{Offset: t.Round(0).Sub(c.real().Round(0))})
}

// Freeze stops the clock at t; the zero t stops it at what it shows.
func (c *Clock) Freeze(t time.Time) {
	if t.IsZero() {
		t = c.Now()
	}
	c.set.Store(&Setting{At: t.Round(0).UTC()})
}

// Offset makes the clock run d ahead of the real time, behind it when d is negative. Zero is as Reset.
func (c *Clock) Offset(d time.Duration) { c.set.Store(&Setting{Offset: d}) }

// Advance moves the clock by d from what it shows; a stopped clock stays stopped.
func (c *Clock) Advance(d time.Duration) {
	for {
		old := c.set.Load()
		next := &Setting{Offset: old.Offset + d}
		if !old.At.IsZero() {
			next = &Setting{At: old.At.Add(d)}
		}
		if c.set.CompareAndSwap(old, next) {
			return
		}
	}
}

// Reset returns to the real time.
func (c *Clock) Reset() { c.set.Store(&Setting{}) }

// State is how the clock stands: what it shows, whether it stands still, and how far from the real time it is
// (positive: ahead).
type State struct {
	Now    time.Time
	Frozen bool
	Offset time.Duration
}

// State returns the three facts of one instant.
func (c *Clock) State() State {
	s, realTime := c.set.Load(), c.real()
	now := s.shown(realTime)
	if s.At.IsZero() {
		return State{Now: now, Offset: s.Offset}
	}
	return State{Now: now, Frozen: true, Offset: now.Sub(realTime.Round(0))}
}

// Moved reports whether the clock shows anything but the real time; pages say so then.
func (c *Clock) Moved() bool { return *c.set.Load() != Setting{} }

func (c *Clock) setting() Setting { return *c.set.Load() }

func (c *Clock) restore(s Setting) { c.set.Store(&s) }
