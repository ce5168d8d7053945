package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
)

// pageSize is how many documents are read at a time.
const pageSize = 200

// ErrCursor says that a cursor is none that List gave out.
var ErrCursor = errors.New("not a cursor of this list")

// cursor is the place of a document among the newest; the zero cursor lies before them all.
type cursor struct{ created, seq int64 }

func (c cursor) String() string {
	if c == (cursor{}) {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%d", c.created, c.seq))
}

func parseCursor(s string) (c cursor, err error) {
	if s == "" {
		return c, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return c, ErrCursor
	}
	if n, err := fmt.Sscanf(string(text), "%d.%d", &c.created, &c.seq); err != nil || n != 2 || c.String() != s {
		return cursor{}, ErrCursor
	}
	return c, nil
}

// List returns one page of the living documents, newest first. after is "" for the first page, then the next that
// the page before returned; next is "" on the last page. limit is capped at 200; 0 means 200. ErrCursor: after is
// not one of ours.
func (c *Collection[T]) List(ctx context.Context, after string, limit int) (items []*T, next string, err error) {
	at, err := parseCursor(after)
	if err != nil {
		return nil, "", err
	}
	if limit <= 0 || limit > pageSize {
		limit = pageSize
	}
	items, end, err := c.page(ctx, at, limit)
	return items, end.String(), err
}

// page reads one page; the cursor returned is zero when there is no more.
func (c *Collection[T]) page(ctx context.Context, at cursor, limit int) (items []*T, next cursor, err error) {
	type row struct {
		cursor
		body string
	}
	var rows []row
	scan := func(r *sql.Rows) error {
		var one row
		err := r.Scan(&one.created, &one.seq, &one.body)
		rows = append(rows, one)
		return err
	}
	err = c.db.reading(ctx, func(n session) error {
		if at == (cursor{}) {
			return n.query(scan, n.s.newest, c.kind, c.db.millis(), limit+1)
		}
		return n.query(scan, n.s.after, c.kind, c.db.millis(), limit+1, at.created, at.seq)
	})
	if err != nil {
		return nil, cursor{}, c.wrap("listing", "", err)
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].cursor
	}
	for _, one := range rows {
		v, err := c.decode("", one.body)
		if err != nil {
			return nil, cursor{}, err
		}
		items = append(items, v)
	}
	return items, next, nil
}
