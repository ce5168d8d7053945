package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"spidsim/internal/store"
)

// States of a Relay.
const (
	Pending = "pending" // waits for its turn, or for another try
	Sent    = "sent"    // the server took it
	Failed  = "failed"  // the server refused it, or tries are used up
)

// Relay says how an e-mail fared on its way to an SMTP server.
type Relay struct {
	State    string    `json:"state"`    // Pending, Sent or Failed
	Attempts int       `json:"attempts"` // tries made
	Error    string    `json:"error"`    // of the last try; "" when it went well
	At       time.Time `json:"at"`       // of the last try, UTC; of Send while there was none
}

// waiting is the entry of a message in the queue of what is to be relayed: its id is the message's. An entry is made and removed together
// with the change of the message, so that a process that dies forgets none and repeats none that it knows of.
type waiting struct {
	Message string
}

// RelayEmails has e-mails that are sent from now on wait for a relay. Call it before the first Send.
func (o *Outbox) RelayEmails() { o.relays.Store(true) }

// keep stores a new message, and its entry in the queue when it has to go on from here.
func (o *Outbox) keep(ctx context.Context, m *Message, expires time.Time) error {
	if m.Channel != Email || !o.relays.Load() {
		return o.messages.Create(ctx, m.ID, m, expires)
	}
	m.Relay = &Relay{State: Pending, At: m.At}
	return o.db.Atomic(ctx, func(ctx context.Context) error {
		if err := o.messages.Create(ctx, m.ID, m, expires); err != nil {
			return err
		}
		return o.queue.Create(ctx, m.ID, &waiting{m.ID}, expires)
	})
}

// ToRelay returns the e-mails that wait for a relay, the oldest first. What was deleted or has expired is taken off the queue.
func (o *Outbox) ToRelay(ctx context.Context) ([]*Message, error) {
	var ids []string
	for w, err := range o.queue.Newest(ctx, 0) {
		if err != nil {
			return nil, fmt.Errorf("outbox: %w", err)
		}
		ids = append(ids, w.Message)
	}
	var list []*Message
	for _, id := range slices.Backward(ids) {
		m, err := o.messages.Get(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			err = o.leave(ctx, id)
		} else if err == nil {
			list = append(list, m)
		}
		if err != nil {
			return nil, fmt.Errorf("outbox: %w", err)
		}
	}
	return list, nil
}

// Relayed records a try to relay a message: it went well when failure is nil. Unless again says that another try follows, the message
// leaves the queue. A message that was deleted meanwhile is no error.
func (o *Outbox) Relayed(ctx context.Context, id string, failure error, again bool) error {
	err := o.db.Atomic(ctx, func(ctx context.Context) error {
		_, err := o.messages.Update(ctx, id, func(m *Message) error {
			if m.Relay == nil {
				m.Relay = &Relay{}
			}
			m.Relay.record(failure, again, o.now().UTC())
			return nil
		})
		if err != nil && !errors.Is(err, store.ErrNotFound) || err == nil && again && failure != nil {
			return err
		}
		return o.leave(ctx, id)
	})
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

func (r *Relay) record(failure error, again bool, now time.Time) {
	r.Attempts++
	r.At, r.Error, r.State = now, "", Sent
	if failure == nil {
		return
	}
	r.Error, r.State = failure.Error(), Failed
	if again {
		r.State = Pending
	}
}

func (o *Outbox) leave(ctx context.Context, id string) error {
	err := o.queue.Delete(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// Changed returns a channel that is closed at the next Send in this process.
func (o *Outbox) Changed() <-chan struct{} { return o.next() }
