package clock

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
)

// bench is a keeper over a store in memory and a real time that the test moves.
type bench struct {
	*Keeper
	real *realTime
	docs *store.Collection[Setting]
	told []string // what the hooks heard
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{real: &realTime{now: start}}
	c := NewFrom(b.real.Now)
	db, err := sqlite.Open(t.Context(), "memory:", c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // in memory
	b.docs = store.NewCollection[Setting](db, "clock", nil)
	b.Keeper = NewKeeper(c, b.docs)
	b.OnMove(func(_ context.Context, from, to time.Time) error {
		b.told = append(b.told, fmt.Sprint(DayOf(from), " ", DayOf(to)))
		return nil
	})
	return b
}

// again is the keeper of a process that starts later on the same store.
func (b *bench) again(t *testing.T) *Keeper {
	t.Helper()
	k := NewKeeper(NewFrom(b.real.Now), b.docs)
	if err := k.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return k
}

func TestONB02TheDateOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	lesson := Date(2020, 10, 15).At(10, 0)
	for name, row := range map[string]struct {
		do     func(context.Context, *Keeper) error
		want   time.Time // an hour of real time later, after a restart
		frozen bool
		moved  bool
	}{
		"never moved":     {func(context.Context, *Keeper) error { return nil }, start.Add(time.Hour), false, false},
		"set":             {func(ctx context.Context, k *Keeper) error { return k.Set(ctx, lesson) }, lesson.Add(time.Hour), false, true},
		"frozen":          {func(ctx context.Context, k *Keeper) error { return k.Freeze(ctx, lesson) }, lesson, true, true},
		"frozen as it is": {func(ctx context.Context, k *Keeper) error { return k.Freeze(ctx, time.Time{}) }, start, true, true},
		"advanced":        {func(ctx context.Context, k *Keeper) error { return k.Advance(ctx, 48*time.Hour) }, start.Add(49 * time.Hour), false, true},
		"behind":          {func(ctx context.Context, k *Keeper) error { return k.Offset(ctx, -time.Hour) }, start, false, true},
		"reset": {func(ctx context.Context, k *Keeper) error {
			return errors.Join(k.Freeze(ctx, lesson), k.Reset(ctx))
		}, start.Add(time.Hour), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			if err := row.do(t.Context(), b.Keeper); err != nil {
				t.Fatal(err)
			}
			b.real.pass(time.Hour)
			k := b.again(t)
			if got := k.Now(); !got.Equal(row.want) || k.State().Frozen != row.frozen || k.Moved() != row.moved {
				t.Errorf("got %s, %+v, want %s, frozen %v, moved %v", got, k.State(), row.want, row.frozen, row.moved)
			}
		})
	}
}

func TestAdvanceDaysKeepsTheHour(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, row := range []struct {
		from string
		days int
		want string
	}{
		{"2021-03-27T09:41:07Z", 1, "2021-03-28T08:41:07Z"}, // summer time begins in between
		{"2021-10-30T08:41:07Z", 1, "2021-10-31T09:41:07Z"},
		{"2020-10-15T08:00:00Z", 31, "2020-11-15T09:00:00Z"},
		{"2020-10-15T08:00:00Z", -31, "2020-09-14T08:00:00Z"},
		{"2020-12-31T23:30:00Z", 1, "2021-01-01T23:30:00Z"},
	} {
		err := errors.Join(b.Freeze(t.Context(), instant(t, row.from)), b.AdvanceDays(t.Context(), row.days))
		if got := b.Now().Format(time.RFC3339); err != nil || got != row.want || !b.State().Frozen {
			t.Errorf("%s and %d days is %s, %v, want %s", row.from, row.days, got, err, row.want)
		}
	}
}

// A second process on the same store moves on from where the first one went.
func TestTwoKeepersOfOneStore(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	other := b.again(t)
	if err := errors.Join(b.Freeze(t.Context(), Date(2020, 10, 15).At(10, 0)), other.AdvanceDays(t.Context(), 1)); err != nil {
		t.Fatal(err)
	}
	if got, want := DayOf(other.Now()), Date(2020, 10, 16); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// --clock holds for one run: what was kept before comes back, unless the clock was moved in that run.
func TestPinHoldsForOneRun(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.Freeze(t.Context(), Date(2020, 10, 15).At(10, 0)); err != nil {
		t.Fatal(err)
	}
	run := NewKeeper(NewFrom(b.real.Now), b.docs)
	run.Pin(Date(2022, 3, 3).At(10, 0))
	if got, want := DayOf(b.again(t).Now()), Date(2020, 10, 15); got != want {
		t.Errorf("after a run with its own date: got %s, want %s", got, want)
	}
	if err := run.AdvanceDays(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if got, want := DayOf(b.again(t).Now()), Date(2022, 3, 5); got != want || DayOf(run.Now()) != want {
		t.Errorf("after a move in that run: got %s, want %s", got, want)
	}
}

func TestHooksHearOfEveryMove(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	err := errors.Join(b.Set(ctx, Date(2020, 10, 15).At(10, 0)), b.AdvanceDays(ctx, 2), b.Reset(ctx))
	want := []string{"2026-03-01 2020-10-15", "2020-10-15 2020-10-17", "2020-10-17 2026-03-01"}
	if err != nil || !slices.Equal(b.told, want) {
		t.Errorf("got %q, %v, want %q", b.told, err, want)
	}
}

func TestAFailingHookLeavesTheClock(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	broken := errors.New("broken")
	b.OnMove(func(context.Context, time.Time, time.Time) error { return broken })
	err := b.Set(t.Context(), Date(2020, 10, 15).At(10, 0))
	if !errors.Is(err, broken) || b.Moved() {
		t.Errorf("got %v, moved %v, want the hook's error and the real time", err, b.Moved())
	}
	if want := []string{"2026-03-01 2020-10-15", "2020-10-15 2026-03-01"}; !slices.Equal(b.told, want) {
		t.Errorf("the other hook heard %q, want %q", b.told, want)
	}
	if k := b.again(t); k.Moved() {
		t.Errorf("after a restart the clock is moved to %s", k.Now())
	}
}

func TestBeforeAMoveTheClockStands(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	lesson, fail := Date(2020, 10, 15), error(nil)
	b.BeforeMove(func(_ context.Context, from, to time.Time) error {
		if b.Moved() || !from.Equal(start) || DayOf(to) != lesson || len(b.told) > 0 {
			t.Errorf("called from %s to %s, the clock shows %s and the others heard %q", from, to, b.Now(), b.told)
		}
		return fail
	})
	fail = errors.New("not ready")
	if err := b.Set(t.Context(), lesson.At(10, 0)); !errors.Is(err, fail) || b.Moved() {
		t.Errorf("got %v, moved %v, want the hook's error and the real time", err, b.Moved())
	}
	fail = nil
	if err := b.Set(t.Context(), lesson.At(10, 0)); err != nil || DayOf(b.Now()) != lesson {
		t.Errorf("got %v on %s, want %s", err, b.Now(), lesson)
	}
}

func TestDatesOutOfRange(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx := t.Context()
	for name, err := range map[string]error{
		"before all that is simulated": b.Set(ctx, Date(2015, 12, 31).At(10, 0)),
		"far ahead":                    b.Set(ctx, Date(2100, 1, 1).At(10, 0)),
		"past what can be counted":     b.Set(ctx, Date(9999, 1, 1).At(10, 0)),
		"too many days":                b.AdvanceDays(ctx, 1<<40),
		"too long a step":              b.Advance(ctx, 1<<62),
	} {
		if !errors.Is(err, ErrRange) {
			t.Errorf("%s: got %v, want ErrRange", name, err)
		}
	}
	if b.Moved() || len(b.told) > 0 {
		t.Errorf("the clock shows %s and the hooks heard %q, want nothing moved", b.Now(), b.told)
	}
}

func TestONB02Presets(t *testing.T) {
	t.Parallel()
	want := []string{"2020-09-30", "2020-10-01", "2021-07-02", "2021-08-16", "2021-09-01", "2021-09-30", "2021-10-01", "2022-01-01",
		"2022-03-03", "2022-08-01", "today"}
	var got []string
	for _, p := range Presets() {
		got = append(got, p.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2020-10-15":                "2020-10-15T08:00:00Z",
		"2020-12-15":                "2020-12-15T09:00:00Z",
		"2020-10-15T09:30:00Z":      "2020-10-15T09:30:00Z",
		"2021-10-01T00:00:00+02:00": "2021-09-30T22:00:00Z",
	} {
		if got, err := Parse(in); err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%q is %s, %v, want %s", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "15/10/2020", "2020-02-30", "tomorrow", "2020-10-15 10:00"} {
		if got, err := Parse(bad); err == nil {
			t.Errorf("%q is taken as %s", bad, got)
		}
	}
}
