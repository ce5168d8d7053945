package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spidsim/internal/store"
)

// TestDiskFull holds SEC-82: a write that finds no room fails as a whole, reading goes on, and with room again so does writing.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "full.db")
	pool, err := openPool(dsn(path, "normal", "wal")+"&_pragma=max_page_count(60)", 1)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.New(ctx, pool, store.Options{OneWriter: true})
	if err != nil {
		t.Fatal(err)
	}
	one, twin := records(db)
	stored := 0
	for ; err == nil && stored < 1000; stored++ {
		err = storeTwice(ctx, db, one, twin, stored)
	}
	stored-- // the last one failed
	if err == nil || !strings.Contains(err.Error(), "full") {
		t.Fatalf("after %d documents the error is %v, want one that says that the disk is full", stored, err)
	}
	ones, errOne := one.Count(ctx)
	twins, errTwin := twin.Count(ctx)
	if errOne != nil || errTwin != nil || ones != stored || twins != stored {
		t.Fatalf("%d and %d documents (%v, %v), want %d each", ones, twins, errOne, errTwin, stored)
	}
	for i := range stored / 2 {
		if err := one.Delete(ctx, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := storeTwice(ctx, db, one, twin, stored); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	integrity(t, path)
}

func storeTwice(ctx context.Context, db *store.DB, one, twin *store.Collection[record], i int) error {
	r := &record{ID: fmt.Sprint(i), Payload: fmt.Sprint(i) + strings.Repeat("x", 2000)}
	return db.Atomic(ctx, func(ctx context.Context) error {
		if err := one.Create(ctx, r.ID, r, time.Time{}); err != nil {
			return err
		}
		return twin.Create(ctx, r.ID, r, time.Time{})
	})
}
