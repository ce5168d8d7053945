package onboarding

import (
	"context"
	"errors"
	"strings"

	"spidsim/internal/store"
)

// contentions bounds how often contend starts again: each time somebody else has won.
const contentions = 100

// contend runs fn in a transaction, and again when somebody else took a key meanwhile.
func (o *Office) contend(ctx context.Context, fn func(context.Context) error) (err error) {
	for range contentions {
		if err = o.db.Atomic(ctx, fn); !isTaken(err) {
			break
		}
	}
	return err
}

// isTaken reports whether an id or a key belongs to another document.
func isTaken(err error) bool { return errors.Is(err, store.ErrExists) }

// equal compares two names as people type them.
func equal(a, b string) bool { return strings.EqualFold(a, strings.TrimSpace(b)) }
