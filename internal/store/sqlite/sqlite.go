// Package sqlite opens a store on SQLite: in memory, or in a file.
package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver, in Go alone

	"spidsim/internal/store"
)

// Open opens the store at an address:
//
//	memory:                          private to this DB, gone when it is closed
//	sqlite:PATH                      a file, created with mode 0600 if there is none
//	sqlite:PATH?synchronous=full     as before; what is acknowledged also survives a loss of power (D-06)
//
// now is the clock for creation and expiry, nil meaning the real one.
func Open(ctx context.Context, address string, now func() time.Time) (*store.DB, error) {
	if address == "memory:" {
		return openMemory(ctx, now)
	}
	rest, ok := strings.CutPrefix(address, "sqlite:")
	if !ok {
		return nil, fmt.Errorf("store address %q, want memory: or sqlite:PATH", address)
	}
	path, query, _ := strings.Cut(rest, "?")
	synchronous, err := durability(query)
	if err != nil {
		return nil, fmt.Errorf("store address %q: %w", address, err)
	}
	if path == "" {
		return nil, fmt.Errorf("store address %q has no path", address)
	}
	return openFile(ctx, path, synchronous, now)
}

func durability(query string) (string, error) {
	q, err := url.ParseQuery(query)
	if err != nil {
		return "", err
	}
	level := "normal"
	for key, values := range q {
		if key != "synchronous" || len(values) != 1 {
			return "", fmt.Errorf("parameter %q, want synchronous=normal or synchronous=full once", key)
		}
		level = values[0]
	}
	if level != "normal" && level != "full" {
		return "", fmt.Errorf("synchronous is %q, want normal or full", level)
	}
	return level, nil
}

func openMemory(ctx context.Context, now func() time.Time) (*store.DB, error) {
	pool, err := openPool(":memory:?_pragma=foreign_keys(1)&_txlock=immediate", 1)
	if err != nil {
		return nil, err
	}
	return store.New(ctx, pool, store.Options{Now: now, OneWriter: true, Mirror: true})
}

func openPool(dsn string, conns int) (*sql.DB, error) {
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("opening SQLite: %w", err)
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(0)
	pool.SetConnMaxLifetime(0)
	return pool, nil
}
