package sqlite

import (
	"path/filepath"
	"testing"
	"time"

	"spidsim/internal/store"
	"spidsim/internal/store/storetest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, now func() time.Time) *store.DB { return open(t, "memory:", now) })
}

func TestFile(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T, now func() time.Time) *store.DB {
		return open(t, "sqlite:"+filepath.Join(t.TempDir(), "odd %41 name#.db"), now)
	})
}

func open(t testing.TB, address string, now func() time.Time) *store.DB {
	t.Helper()
	db, err := Open(t.Context(), address, now)
	if err != nil {
		t.Fatal(err)
	}
	return db
}
