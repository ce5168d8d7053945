package sp

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
)

func TestPruningDropsTheOldestRequests(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	db, err := sqlite.Open(t.Context(), "memory:", func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	r := newRecords(db)
	for i := range 12 {
		if err := r.keep(t.Context(), &pending{ID: fmt.Sprint("_", i), Browser: fmt.Sprint("b", i), At: now}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.prune(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		_, err := r.pending.Get(t.Context(), fmt.Sprint("_", i))
		if gone := errors.Is(err, store.ErrNotFound); gone != (i < 2) {
			t.Errorf("request %d: %v, want the two oldest gone", i, err)
		}
	}
}

func TestARequestIsUsedAllOrNothing(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	db, err := sqlite.Open(t.Context(), "memory:", func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	r := newRecords(db)
	p := &pending{ID: "_1", Browser: "b", At: now}
	if err := r.keep(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	use := func(fail error) error {
		return r.use(t.Context(), answerKey("idp", "_r"), &consumed{Assertion: answerKey("idp", "_a"), Request: *p}, now.Add(time.Minute),
			func(context.Context) error { return fail })
	}
	if err := use(broken); !errors.Is(err, broken) {
		t.Fatalf("error is %v, want the one from within", err)
	}
	if seen, err := r.seen(t.Context(), "idp", "_a"); seen || err != nil {
		t.Errorf("after the failure: seen %v, %v; want nothing kept", seen, err)
	}
	if err := use(nil); err != nil {
		t.Errorf("the second try: %v", err)
	}
	for _, id := range []string{"_r", "_a"} {
		if seen, err := r.seen(t.Context(), "idp", id); !seen || err != nil {
			t.Errorf("%s: seen %v, %v; want it kept", id, seen, err)
		}
		if seen, err := r.seen(t.Context(), "other", id); seen || err != nil {
			t.Errorf("%s of another gestore: seen %v, %v", id, seen, err)
		}
	}
	if err := use(nil); !errors.Is(err, errUsed) {
		t.Errorf("the third try: %v, want errUsed", err)
	}
}
