package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// session runs statements: each on its own, or within a transaction.
type session struct {
	ctx context.Context
	s   *statements
	tx  *sql.Tx // nil outside transactions

	mirror  *mirror
	pending *[]change // of the transaction, for the mirror
}

func (n session) stmt(s *sql.Stmt) *sql.Stmt {
	if n.tx == nil {
		return s
	}
	return n.tx.StmtContext(n.ctx, s)
}

// exec returns how many rows were touched.
func (n session) exec(s *sql.Stmt, args ...any) (int64, error) {
	res, err := n.stmt(s).ExecContext(n.ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// query hands every row to scan. Rows are read to the end, which RETURNING needs, and closed before it returns.
func (n session) query(scan func(*sql.Rows) error, s *sql.Stmt, args ...any) (err error) {
	rows, err := n.stmt(s).QueryContext(n.ctx, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

type txKey struct{ db *DB }

// joined returns the transaction that ctx carries, if any.
func (db *DB) joined(ctx context.Context) (session, bool) {
	n, ok := ctx.Value(txKey{db}).(session)
	return n, ok
}

// Atomic runs fn in one transaction. Collections called with the context that fn receives join it; it is committed
// when fn returns nil, else undone and fn's error returned. An Atomic within an Atomic is a part of it, undone alone
// when its own fn fails. fn runs once.
func (db *DB) Atomic(ctx context.Context, fn func(ctx context.Context) error) error {
	return db.atomic(ctx, func(n session) error {
		return fn(context.WithValue(ctx, txKey{db}, n))
	})
}

func (db *DB) atomic(ctx context.Context, fn func(session) error) error {
	if n, ok := db.joined(ctx); ok {
		return n.part(fn)
	}
	done, err := db.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	return db.transaction(ctx, fn)
}

func (db *DB) transaction(ctx context.Context, fn func(session) error) error {
	ctx = db.detach(ctx)
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	defer tx.Rollback() // after Commit it does nothing; it also undoes when fn panics
	n := session{ctx: ctx, s: db.write, tx: tx, mirror: db.mirror, pending: new([]change)}
	if err := fn(n); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	if db.mirror != nil {
		db.mirror.apply(*n.pending...)
	}
	return nil
}

// part runs fn within the transaction so that its failure undoes only what it did.
func (n session) part(fn func(session) error) error {
	if _, err := n.exec(n.s.savepoint); err != nil {
		return err
	}
	before := len(*n.pending)
	err := fn(n)
	if err != nil {
		*n.pending = (*n.pending)[:before]
		if _, undo := n.exec(n.s.rollbackSavepoint); undo != nil {
			return errors.Join(err, undo)
		}
	}
	_, end := n.exec(n.s.dropSavepoint)
	return errors.Join(err, end)
}

// writing runs fn, which is one statement, inside the transaction of ctx or on its own.
func (db *DB) writing(ctx context.Context, fn func(session) error) error {
	if n, ok := db.joined(ctx); ok {
		return fn(n)
	}
	done, err := db.enter(ctx)
	if err != nil {
		return err
	}
	defer done()
	return fn(session{ctx: db.detach(ctx), s: db.write, mirror: db.mirror})
}

// reading runs fn, which reads, inside the transaction of ctx or on the pool of readers.
func (db *DB) reading(ctx context.Context, fn func(session) error) error {
	if n, ok := db.joined(ctx); ok {
		return fn(n)
	}
	if db.reader == db.writer {
		done, err := db.enter(ctx)
		if err != nil {
			return err
		}
		defer done()
	}
	return fn(session{ctx: db.detach(ctx), s: db.read})
}

// detach frees statements from cancellation where there is one writer: they last microseconds, and watching the
// context would cost a goroutine each.
func (db *DB) detach(ctx context.Context) context.Context {
	if db.oneWriter {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// enter waits for the one writer's turn; the function returned gives it back.
func (db *DB) enter(ctx context.Context) (func(), error) {
	if db.gate == nil {
		return func() {}, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case db.gate <- struct{}{}:
		return db.leave, nil
	default:
	}
	limit := time.NewTimer(maxWait)
	defer limit.Stop()
	select {
	case db.gate <- struct{}{}:
		return db.leave, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-limit.C:
		return nil, fmt.Errorf("%w: waited %s for its turn", ErrBusy, maxWait)
	}
}

func (db *DB) leave() { <-db.gate }
