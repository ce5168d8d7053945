package clock

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
)

// The dates between which the clock can be moved. SPID began in 2016, cards hold from then on, and what lies far ahead would overflow
// the difference from the real time.
var (
	earliest = Date(2016, time.January, 1)
	latest   = Date(2099, time.December, 31)
)

// ErrRange says that a date lies outside those that the clock can show.
var ErrRange = fmt.Errorf("the simulated date must be from %s to %s", earliest, latest)

// Documents is where the setting is kept, under one id: a store.Collection[Setting].
type Documents interface {
	Newest(ctx context.Context, limit int) iter.Seq2[*Setting, error]
	Put(ctx context.Context, id string, v *Setting, expires time.Time) error
}

// settingID is the id of the one document.
const settingID = "clock"

// Keeper moves a clock on behalf of the operator (ONB-02): it keeps the setting, so that a restart goes on with the same
// simulated date, and tells the rest of the program of every move. It is safe for concurrent use.
type Keeper struct {
	clock *Clock
	docs  Documents

	mu     sync.Mutex // one move at a time
	pinned bool       // what is kept does not hold: this run was started with a date of its own
	first  []Hook     // before the clock moves
	hooks  []Hook     // after
}

// Hook is told of a move: what the clock shows before and after it.
type Hook func(ctx context.Context, from, to time.Time) error

// NewKeeper makes the keeper of a clock whose setting lies in docs. It reads nothing: see Load and Pin.
func NewKeeper(c *Clock, docs Documents) *Keeper { return &Keeper{clock: c, docs: docs} }

// BeforeMove adds a hook that is called just before a move, with what the clock shows and is to show: it gets ready what takes time and
// changes nothing that others see. When one fails the clock stays. As with OnMove, hooks are added before the first move.
func (k *Keeper) BeforeMove(hook Hook) { k.first = append(k.first, hook) }

// OnMove adds a hook that is called after every move, in the order in which they were added. When one fails the clock goes back, and those that were called are called again the other way round.
// The hooks must be added before the first move, and must not move the clock themselves.
func (k *Keeper) OnMove(hook Hook) { k.hooks = append(k.hooks, hook) }

// Load sets the clock as it is kept; nothing kept leaves it as it is. No hook is called.
func (k *Keeper) Load(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.load(ctx, k.clock)
}

func (k *Keeper) load(ctx context.Context, c *Clock) error {
	for s, err := range k.docs.Newest(ctx, 1) {
		if err != nil {
			return fmt.Errorf("the simulated date: %w", err)
		}
		c.restore(*s)
	}
	return nil
}

// Pin sets the clock for this run alone: what is kept stays as it is until the clock is moved.
func (k *Keeper) Pin(t time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.pinned = true
	k.clock.Set(t)
}

// Set moves the clock to t, from where it runs on. ErrRange.
func (k *Keeper) Set(ctx context.Context, t time.Time) error {
	return k.move(ctx, func(c *Clock) { c.Set(t) })
}

// Freeze stops the clock at t; the zero t stops it at what it shows. ErrRange.
func (k *Keeper) Freeze(ctx context.Context, t time.Time) error {
	return k.move(ctx, func(c *Clock) { c.Freeze(t) })
}

// Advance moves the clock by d, backwards when d is negative; a stopped clock stays stopped. ErrRange.
func (k *Keeper) Advance(ctx context.Context, d time.Duration) error {
	return k.move(ctx, func(c *Clock) { c.Advance(d) })
}

// AdvanceDays moves the clock to the same hour in Italy n days later, also across a change to or from summer time. A
// stopped clock stays stopped. ErrRange.
func (k *Keeper) AdvanceDays(ctx context.Context, n int) error {
	if n < -maxDays || n > maxDays {
		return ErrRange
	}
	return k.move(ctx, func(c *Clock) { c.Advance(untilSameHour(c.Now(), n)) })
}

// maxDays is more than lies between the earliest and the latest date.
const maxDays = 100 * 366

func untilSameHour(now time.Time, days int) time.Duration {
	rome, day := Rome(now), DayOf(now)
	minute := func(d Day) time.Time { return d.At(rome.Hour(), rome.Minute()) }
	return minute(day.AddDays(days)).Sub(minute(day))
}

// Offset makes the clock run d ahead of the real time, behind it when d is negative. ErrRange.
func (k *Keeper) Offset(ctx context.Context, d time.Duration) error {
	return k.move(ctx, func(c *Clock) { c.Offset(d) })
}

// Reset returns to the real time.
func (k *Keeper) Reset(ctx context.Context) error {
	return k.move(ctx, (*Clock).Reset)
}

// State is how the clock stands.
func (k *Keeper) State() State { return k.clock.State() }

// Moved reports whether the clock shows anything but the real time.
func (k *Keeper) Moved() bool { return k.clock.Moved() }

// Now is what the clock shows, UTC.
func (k *Keeper) Now() time.Time { return k.clock.Now() }

// move changes the clock, tells the hooks and keeps how it stands then. Another process may have moved it in the same store: what is
// kept is read first, so that a step forward starts from there. A move once begun is finished, even when the caller has gone.
func (k *Keeper) move(ctx context.Context, change func(*Clock)) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	ctx = context.WithoutCancel(ctx)
	before, from := k.clock.setting(), k.clock.Now()
	next, err := k.next(ctx, change)
	if err != nil {
		return err
	}
	if _, err := tell(ctx, k.first, from, next.Now()); err != nil {
		return err
	}
	k.clock.restore(next.setting())
	told, err := tell(ctx, k.hooks, from, k.clock.Now())
	if err == nil {
		err = k.docs.Put(ctx, settingID, new(next.setting()), time.Time{})
	}
	if err != nil {
		to := k.clock.Now()
		k.clock.restore(before)
		return errors.Join(err, untell(ctx, k.hooks[:told], from, to))
	}
	k.pinned = false
	return nil
}

// next is a clock that stands as ours will.
func (k *Keeper) next(ctx context.Context, change func(*Clock)) (*Clock, error) {
	c := NewFrom(k.clock.real)
	c.restore(k.clock.setting())
	if !k.pinned {
		if err := k.load(ctx, c); err != nil {
			return nil, err
		}
	}
	change(c)
	if day := DayOf(c.Now()); c.Moved() && (day.Before(earliest) || day.After(latest)) {
		return nil, ErrRange
	}
	return c, nil
}

// tell calls the hooks and returns how many of them did their part.
func tell(ctx context.Context, hooks []Hook, from, to time.Time) (told int, err error) {
	for i, hook := range hooks {
		if err := hook(ctx, from, to); err != nil {
			return i, fmt.Errorf("moving the clock to %s: %w", DayOf(to), err)
		}
	}
	return len(hooks), nil
}

// untell calls those that did their part the other way round, the last one first.
func untell(ctx context.Context, told []Hook, from, to time.Time) error {
	var errs []error
	for _, hook := range slices.Backward(told) {
		errs = append(errs, hook(ctx, to, from))
	}
	return errors.Join(errs...)
}
