package outbox

import (
	"context"
	"errors"
	"fmt"

	"spidsim/internal/store"
)

// Remove throws the messages away that match any of the filters. An empty filter matches all.
func (o *Outbox) Remove(ctx context.Context, filters ...Filter) error {
	var ids []string
	for m, err := range o.messages.Newest(ctx, 0) {
		if err != nil {
			return fmt.Errorf("outbox: %w", err)
		}
		for _, f := range filters {
			if f.Matches(m) {
				ids = append(ids, m.ID)
				break
			}
		}
	}
	for _, id := range ids {
		if err := o.messages.Delete(ctx, id); err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("outbox: %w", err)
		}
	}
	return nil
}
