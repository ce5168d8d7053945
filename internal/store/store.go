package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"
)

// Errors on which callers branch.
var (
	// ErrNotFound says that no living document has that id or key.
	ErrNotFound = errors.New("not found")
	// ErrExists says that the id or one of the keys belongs to another living document.
	ErrExists = errors.New("exists already")
	// ErrBusy says that the store could not be had within the time limit of a statement.
	ErrBusy = errors.New("the store is busy")
)

// maxWait bounds the wait for the one writer (security.md section 10: database statement 5 s). Longer waits are
// nearly always a call inside Atomic without Atomic's context.
const maxWait = 5 * time.Second

// never is the expiry of what does not expire.
const never = math.MaxInt64

// Options say how a pool is to be used.
type Options struct {
	// Now is the clock for creation and expiry; nil means time.Now.
	Now func() time.Time
	// Reader serves reads outside transactions; nil means that the first pool serves them as well.
	Reader *sql.DB
	// OneWriter is for databases that take one writer at a time (SQLite): writers queue in the process, where the
	// wait can be given up, and a statement once begun is not interrupted.
	OneWriter bool
	// Mirror keeps a copy of every document in the process and reads by id from it. It needs OneWriter, and a database that
	// is empty and that nobody else can reach.
	Mirror bool
}

// DB is a store of documents. It is safe for concurrent use.
type DB struct {
	writer, reader *sql.DB
	write, read    *statements
	now            func() time.Time
	seq            atomic.Int64
	latest         atomic.Int64 // the largest creation time given out, milliseconds
	oneWriter      bool
	gate           chan struct{} // holds one token; nil without OneWriter
	mirror         *mirror       // nil without Mirror
}

// New takes a pool into use: it creates the schema in an empty database, refuses a newer one and prepares the
// statements. The pools are the DB's from then on; Close closes them, also when New fails.
func New(ctx context.Context, pool *sql.DB, o Options) (*DB, error) {
	db := &DB{writer: pool, reader: o.Reader, now: o.Now, oneWriter: o.OneWriter}
	if db.reader == nil {
		db.reader = pool
	}
	if db.now == nil {
		db.now = time.Now
	}
	if o.OneWriter {
		db.gate = make(chan struct{}, 1)
	}
	if o.Mirror && o.OneWriter {
		db.mirror = &mirror{docs: map[docName]*content{}}
	}
	if err := db.open(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) open(ctx context.Context) (err error) {
	if err := migrate(ctx, db.writer); err != nil {
		return err
	}
	if db.write, err = prepare(ctx, db.writer); err != nil {
		return err
	}
	db.read = db.write
	if db.reader != db.writer {
		if db.read, err = prepare(ctx, db.reader); err != nil {
			return err
		}
	}
	var last, latest int64
	if err := db.writer.QueryRowContext(ctx, `SELECT COALESCE(MAX(seq), 0), COALESCE(MAX(created), 0) FROM doc`).Scan(&last, &latest); err != nil {
		return fmt.Errorf("reading the store: %w", err)
	}
	db.seq.Store(last)
	db.latest.Store(latest)
	return nil
}

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	if err := db.reader.QueryRowContext(ctx, `SELECT 1`).Scan(&one); err != nil {
		return fmt.Errorf("the store does not answer: %w", err)
	}
	return nil
}

// Close closes the database; call it when nothing uses the DB any more.
func (db *DB) Close() error {
	var err error
	if db.reader != db.writer {
		err = db.reader.Close()
	}
	return errors.Join(err, db.writer.Close())
}

func (db *DB) millis() int64 { return db.now().UnixMilli() }

// created is the creation time of a new document, by which the newest are found: now, or the latest one given out when the clock
// was set back since, so that what comes later never sorts before what was there (SEC-86).
func (db *DB) created(now int64) int64 {
	for {
		latest := db.latest.Load()
		if now <= latest {
			return latest
		}
		if db.latest.CompareAndSwap(latest, now) {
			return now
		}
	}
}

// expiry turns a time into its column; the zero time means never.
func expiry(t time.Time) int64 {
	if t.IsZero() {
		return never
	}
	return t.UnixMilli()
}
