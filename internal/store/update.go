package store

import (
	"context"
	"fmt"
	"maps"
)

// maxTries bounds how often an Update starts again. Whenever one loses the race another has won it, so the bound is
// met only by a function that changes its own document through another call.
const maxTries = 10_000

// Update changes a document by compare-and-swap and returns it as stored. change may run more than once and must
// touch nothing but the document; its error ends the update and is returned as it is. ErrNotFound: no such document.
// ErrExists: a changed key belongs to another one. Nothing is written when nothing changed. The expiry stays.
func (c *Collection[T]) Update(ctx context.Context, id string, change func(*T) error) (*T, error) {
	for range maxTries {
		v, swapped, err := c.tryUpdate(ctx, id, change)
		if err != nil || swapped {
			return v, err
		}
		if err := ctx.Err(); err != nil {
			return nil, c.wrap("updating", id, err)
		}
	}
	return nil, c.wrap("updating", id, fmt.Errorf("%w: changed by others %d times in a row", ErrBusy, maxTries))
}

func (c *Collection[T]) tryUpdate(ctx context.Context, id string, change func(*T) error) (*T, bool, error) {
	old, err := c.load(ctx, id)
	if err != nil {
		return nil, false, err
	}
	v, err := c.value(id, old)
	if err != nil {
		return nil, false, err
	}
	before := c.keysOf(v)
	if err := change(v); err != nil {
		return nil, false, err
	}
	body, err := c.encode(id, v)
	if err != nil {
		return nil, false, err
	}
	if body == old.body {
		return v, true, nil
	}
	swapped, err := c.swap(ctx, id, old, body, before, c.keysOf(v))
	if err != nil {
		return nil, false, c.wrap("updating", id, err)
	}
	return v, swapped, nil
}

// errLost undoes a transaction whose compare-and-swap lost.
var errLost = fmt.Errorf("lost the race")

func (c *Collection[T]) swap(ctx context.Context, id string, old *content, body string, before, after map[string]string) (bool, error) {
	step := func(n session) error {
		touched, err := n.exec(n.s.swap, c.kind, id, old.revision, body)
		if err != nil {
			return err
		}
		if touched == 0 {
			return errLost
		}
		n.wrote(c.kind, id, &content{revision: old.revision + 1, expires: old.expires, body: body})
		return nil
	}
	var err error
	if maps.Equal(before, after) {
		err = c.db.writing(ctx, step)
	} else {
		err = c.db.atomic(ctx, func(n session) error {
			if err := step(n); err != nil {
				return err
			}
			return c.moveKeys(n, id, before, after)
		})
	}
	if err == errLost {
		return false, nil
	}
	return err == nil, err
}

func (c *Collection[T]) moveKeys(n session, id string, before, after map[string]string) error {
	for name, value := range before {
		if after[name] == value {
			continue
		}
		if _, err := n.exec(n.s.dropKey, c.kind, name, value, id); err != nil {
			return err
		}
	}
	added := maps.Clone(after)
	maps.DeleteFunc(added, func(name, value string) bool { return before[name] == value })
	return c.takeKeys(n, id, added, c.db.millis())
}
