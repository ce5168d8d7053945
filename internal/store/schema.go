package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Version is the schema that this program writes.
const Version = 1

// schema is run in an empty database. seq is the order of insertion: it orders documents of the same millisecond,
// or of the same simulated moment.
var schema = []string{
	`CREATE TABLE store_version (version BIGINT NOT NULL)`,
	`CREATE TABLE doc (
		kind TEXT NOT NULL, id TEXT NOT NULL, revision BIGINT NOT NULL,
		created BIGINT NOT NULL, seq BIGINT NOT NULL, expires BIGINT NOT NULL, body TEXT NOT NULL,
		PRIMARY KEY (kind, id))`,
	`CREATE INDEX doc_newest ON doc (kind, created, seq)`,
	`CREATE INDEX doc_expires ON doc (expires) WHERE expires < 9223372036854775807`,
	`CREATE TABLE doc_key (
		kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
		PRIMARY KEY (kind, name, value))`,
	`CREATE INDEX doc_key_id ON doc_key (kind, id)`,
}

// NewerError says that the database was written by a newer program (D-21): nothing in it was touched.
type NewerError struct {
	Found, Known int64 // schema versions: of the database, and the highest that this program knows
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("the database has schema version %d, this spidsim knows versions up to %d: use the newer spidsim, or another database", e.Found, e.Known)
}

// migrate creates the schema or checks its version, in one transaction.
func migrate(ctx context.Context, pool *sql.DB) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("opening the store: %w", err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS store_version (version BIGINT NOT NULL)`); err != nil {
		return fmt.Errorf("opening the store: %w", err)
	}
	var found int64
	err = tx.QueryRowContext(ctx, `SELECT version FROM store_version`).Scan(&found)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		if err := create(ctx, tx); err != nil {
			return err
		}
	case err != nil:
		return fmt.Errorf("reading the store's version: %w", err)
	case found > Version:
		return &NewerError{Found: found, Known: Version}
	case found < Version:
		return fmt.Errorf("the database has schema version %d, want %d", found, Version)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("opening the store: %w", err)
	}
	return nil
}

func create(ctx context.Context, tx *sql.Tx) error {
	for _, text := range schema[1:] {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("creating the store: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO store_version (version) VALUES ($1)`, int64(Version)); err != nil {
		return fmt.Errorf("creating the store: %w", err)
	}
	return nil
}
