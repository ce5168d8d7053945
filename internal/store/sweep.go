package store

import (
	"context"
	"database/sql"
	"fmt"
)

// sweepBatch bounds one transaction of Sweep, so that logins wait milliseconds for it at most.
const sweepBatch = 250

// Sweep deletes the expired documents and their keys, batch by batch, and returns how many documents went.
func (db *DB) Sweep(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := db.sweepSome(ctx)
		total += n
		if err != nil {
			return total, fmt.Errorf("sweeping: %w", err)
		}
		if n < sweepBatch {
			return total, nil
		}
	}
}

func (db *DB) sweepSome(ctx context.Context) (int, error) {
	type name struct{ kind, id string }
	var gone []name
	err := db.atomic(ctx, func(n session) error {
		err := n.query(func(r *sql.Rows) error {
			var one name
			err := r.Scan(&one.kind, &one.id)
			gone = append(gone, one)
			return err
		}, n.s.sweep, db.millis(), sweepBatch)
		if err != nil {
			return err
		}
		for _, one := range gone {
			n.wrote(one.kind, one.id, nil)
			// A key that another document has taken over names that one, and stays.
			if _, err := n.exec(n.s.dropKeys, one.kind, one.id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return len(gone), nil
}
