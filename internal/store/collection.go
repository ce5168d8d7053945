package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"time"
)

// Collection is the typed view of all documents of one kind.
type Collection[T any] struct {
	db   *DB
	kind string
	keys func(*T) map[string]string
	copy copier // nil when the type has none
}

// NewCollection makes the view of a kind. keys names the document's unique secondary keys; nil means none, and an
// empty value means that the document does not have that key. keys must depend on the document alone.
func NewCollection[T any](db *DB, kind string, keys func(*T) map[string]string) *Collection[T] {
	c := &Collection[T]{db: db, kind: kind, keys: keys}
	if fn, _, ok := copierOf(reflect.TypeFor[T]()); ok {
		c.copy = fn
	}
	return c
}

// Create stores a new document. The zero expires means never. ErrExists says that the id or a key is taken; nothing
// was stored then.
func (c *Collection[T]) Create(ctx context.Context, id string, v *T, expires time.Time) error {
	body, err := c.encode(id, v)
	if err != nil {
		return err
	}
	keys := c.keysOf(v)
	step := func(n session) error { return c.insert(n, id, body, keys, expiry(expires)) }
	if len(keys) == 0 {
		err = c.db.writing(ctx, step)
	} else if n, ok := c.db.joined(ctx); ok {
		err = n.part(step)
	} else {
		err = c.db.atomic(ctx, step)
	}
	return c.wrap("creating", id, err)
}

func (c *Collection[T]) insert(n session, id, body string, keys map[string]string, expires int64) error {
	now := c.db.millis()
	revision, err := revision(n, n.s.create, c.kind, id, c.db.created(now), c.db.seq.Add(1), expires, body, now)
	if err != nil {
		return err
	}
	if revision == 0 {
		return ErrExists
	}
	n.wrote(c.kind, id, &content{revision: revision, expires: expires, body: body})
	if revision > 1 && c.keys != nil { // an expired document was there, perhaps with keys
		if _, err := n.exec(n.s.dropKeys, c.kind, id); err != nil {
			return err
		}
	}
	return c.takeKeys(n, id, keys, now)
}

// revision runs a statement that returns the new revision, 0 when nothing was written.
func revision(n session, s *sql.Stmt, args ...any) (rev int64, err error) {
	err = n.query(func(r *sql.Rows) error { return r.Scan(&rev) }, s, args...)
	return rev, err
}

func (c *Collection[T]) takeKeys(n session, id string, keys map[string]string, now int64) error {
	for name, value := range keys {
		taken, err := n.exec(n.s.takeKey, c.kind, name, value, id, now)
		if err != nil {
			return err
		}
		if taken == 0 {
			return fmt.Errorf("key %s: %w", name, ErrExists)
		}
	}
	return nil
}

// Put stores a document, new or in place of the one with that id, whose place among the newest it keeps. ErrExists
// says that a key belongs to another document; nothing was stored then.
func (c *Collection[T]) Put(ctx context.Context, id string, v *T, expires time.Time) error {
	body, err := c.encode(id, v)
	if err != nil {
		return err
	}
	step := func(n session) error {
		now := c.db.millis()
		rev, err := revision(n, n.s.put, c.kind, id, c.db.created(now), c.db.seq.Add(1), expiry(expires), body, now)
		if err != nil {
			return err
		}
		n.wrote(c.kind, id, &content{revision: rev, expires: expiry(expires), body: body})
		if c.keys == nil {
			return nil
		}
		if _, err := n.exec(n.s.dropKeys, c.kind, id); err != nil {
			return err
		}
		return c.takeKeys(n, id, c.keysOf(v), now)
	}
	if c.keys == nil {
		err = c.db.writing(ctx, step)
	} else {
		err = c.db.atomic(ctx, step)
	}
	return c.wrap("storing", id, err)
}

// Get returns the document with that id, or ErrNotFound.
func (c *Collection[T]) Get(ctx context.Context, id string) (*T, error) {
	now, err := c.load(ctx, id)
	if err != nil {
		return nil, err
	}
	return c.value(id, now)
}

// value is what a document holds, the caller's own to change.
func (c *Collection[T]) value(id string, now *content) (*T, error) {
	if c.db.mirror == nil || c.copy == nil {
		return c.decode(id, now.body)
	}
	if p := now.decoded.Load(); p != nil {
		if known, ok := (*p).(*T); ok { // a collection of the same kind may have another type
			return copyOf(c.copy, known), nil
		}
	}
	v, err := c.decode(id, now.body)
	if err != nil {
		return nil, err
	}
	known := any(copyOf(c.copy, v))
	now.decoded.Store(&known)
	return v, nil
}

func (c *Collection[T]) load(ctx context.Context, id string) (*content, error) {
	if c.db.mirror != nil {
		return c.loadMirrored(ctx, id)
	}
	now := new(content)
	err := c.db.reading(ctx, func(n session) error {
		row := n.stmt(n.s.get).QueryRowContext(n.ctx, c.kind, id, c.db.millis())
		return row.Scan(&now.revision, &now.expires, &now.body)
	})
	return now, c.wrap("reading", id, err)
}

func (c *Collection[T]) loadMirrored(ctx context.Context, id string) (*content, error) {
	if err := ctx.Err(); err != nil {
		return nil, c.wrap("reading", id, err)
	}
	n, joined := c.db.joined(ctx)
	if !joined {
		n.mirror = c.db.mirror
	}
	now := n.mirrored(docName{c.kind, id})
	if now == nil || now.expires <= c.db.millis() {
		return nil, c.wrap("reading", id, ErrNotFound)
	}
	return now, nil
}

// Find returns the document that has that value of a secondary key, or ErrNotFound.
func (c *Collection[T]) Find(ctx context.Context, key, value string) (*T, error) {
	var id string
	var body string
	err := c.db.reading(ctx, func(n session) error {
		return n.stmt(n.s.find).QueryRowContext(n.ctx, c.kind, key, value, c.db.millis()).Scan(&id, &body)
	})
	if err != nil {
		return nil, c.wrap("finding by "+key, value, err)
	}
	return c.decode(id, body)
}

// Delete removes a document and its keys, or returns ErrNotFound.
func (c *Collection[T]) Delete(ctx context.Context, id string) error {
	step := func(n session) error {
		removed, err := n.exec(n.s.remove, c.kind, id, c.db.millis())
		if err != nil {
			return err
		}
		if removed == 0 {
			return ErrNotFound
		}
		n.wrote(c.kind, id, nil)
		if c.keys != nil {
			_, err = n.exec(n.s.dropKeys, c.kind, id)
		}
		return err
	}
	if c.keys == nil {
		return c.wrap("deleting", id, c.db.writing(ctx, step))
	}
	return c.wrap("deleting", id, c.db.atomic(ctx, step))
}

// Count returns how many living documents there are.
func (c *Collection[T]) Count(ctx context.Context) (count int, err error) {
	err = c.db.reading(ctx, func(n session) error {
		return n.stmt(n.s.count).QueryRowContext(n.ctx, c.kind, c.db.millis()).Scan(&count)
	})
	return count, c.wrap("counting", "", err)
}

func (c *Collection[T]) keysOf(v *T) map[string]string {
	if c.keys == nil {
		return nil
	}
	keys := c.keys(v)
	maps.DeleteFunc(keys, func(_, value string) bool { return value == "" })
	return keys
}

func (c *Collection[T]) encode(id string, v *T) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // documents are full of XML
	if err := e.Encode(v); err != nil {
		return "", fmt.Errorf("%s %q as JSON: %w", c.kind, id, err)
	}
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), nil
}

func (c *Collection[T]) decode(id, body string) (*T, error) {
	v := new(T)
	if err := json.Unmarshal([]byte(body), v); err != nil {
		return nil, fmt.Errorf("%s %q is not the JSON that was stored: %w", c.kind, id, err)
	}
	return v, nil
}

// wrap says what was being done to which document; sql.ErrNoRows becomes ErrNotFound.
func (c *Collection[T]) wrap(doing, id string, err error) error {
	if err == nil {
		return nil
	}
	if err == sql.ErrNoRows {
		err = ErrNotFound
	}
	return fmt.Errorf("%s %s %q: %w", doing, c.kind, id, err)
}

// Newest yields the living documents, newest first: what was created last comes first, also when the clock was set back
// in between (SEC-86). limit 0 means all. Documents are
// read in pages, so other calls may be made within the loop; what changes meanwhile may or may not be seen.
func (c *Collection[T]) Newest(ctx context.Context, limit int) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		var at cursor
		batch := 8 // most readers want the very newest: the first pages are small, the later ones twice as large each
		for left := limit; ; {
			size := batch
			batch = min(2*batch, pageSize)
			if limit > 0 {
				size = min(left, size)
			}
			page, next, err := c.page(ctx, at, size)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, v := range page {
				if !yield(v, nil) {
					return
				}
			}
			left -= len(page)
			if next == (cursor{}) || limit > 0 && left <= 0 {
				return
			}
			at = next
		}
	}
}
