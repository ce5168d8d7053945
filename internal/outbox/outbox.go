package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"spidsim/internal/store"
)

// Channels by which messages go.
const (
	SMS    = "sms"
	Email  = "email"
	App    = "app" // a question in the gestore's app, answered once
	Letter = "letter"
)

// Answers to a question in the app.
const (
	Approve = "approve"
	Deny    = "deny"
)

var (
	// ErrAnswered says that the question in the app was answered before, either way.
	ErrAnswered = errors.New("answered already")
	// ErrNoQuestion says that the message does not ask for an answer: it is not of the app.
	ErrNoQuestion = errors.New("not a question of the app")
	// ErrBadAnswer says that an answer is neither approve nor deny.
	ErrBadAnswer = errors.New("an answer is approve or deny")
	// ErrBadMessage says that a message has no channel that there is, or nobody to go to.
	ErrBadMessage = errors.New("not a message that can be sent")
)

// How long messages are kept, by the simulated clock: codes and questions of the app a day; what is written on paper or by e-mail
// longer than a year, since lessons jump by months.
const (
	Life     = 24 * time.Hour
	LongLife = 400 * 24 * time.Hour
)

// Banner is what every message says of itself (ONB-220, UX-30).
const Banner = "SIMULATORE – nessun dato reale, nessun servizio vero"

// Mark is the banner's first word, with which short messages begin.
const Mark = "SIMULATORE"

// Kept is how many messages, counted from the newest, are looked through and listed.
const Kept = 1000

// Message is one message as it would have been sent. Its JSON is that of the API (interface.md section 4).
type Message struct {
	ID      string    `json:"id"`               // opaque
	Channel string    `json:"channel"`          // SMS, Email, App or Letter
	To      string    `json:"to"`               // number, address or postal address
	User    string    `json:"user,omitempty"`   // user name of the person, when known
	IdP     string    `json:"idp,omitempty"`    // slug of the gestore that sends it
	Login   string    `json:"login,omitempty"`  // the login it belongs to
	Subject string    `json:"subject"`          // heading; "" for SMS
	Text    string    `json:"text"`             // body, plain text
	Code    string    `json:"code"`             // the code in the text, alone; "" when there is none
	At      time.Time `json:"at"`               // when it was sent, UTC
	Answer  string    `json:"answer,omitempty"` // Approve or Deny once a question was answered
	Relay   *Relay    `json:"relay,omitempty"`  // how the e-mail fared on its way to an SMTP server; nil when it has none to go to
}

// Outbox holds the messages of one store. It is safe for concurrent use.
type Outbox struct {
	db       *store.DB
	messages *store.Collection[Message]
	queue    *store.Collection[waiting]
	now      func() time.Time
	newID    func() string
	relays   atomic.Bool // see RelayEmails

	mu   sync.Mutex
	sent chan struct{} // closed and replaced at every Send: wakes who waits
}

// New opens the outbox of a store. now is the clock; newID makes the messages' ids.
func New(db *store.DB, now func() time.Time, newID func() string) *Outbox {
	return &Outbox{
		db: db, messages: store.NewCollection[Message](db, "message", nil), queue: store.NewCollection[waiting](db, "relay", nil),
		now: now, newID: newID, sent: make(chan struct{}),
	}
}

// Send keeps a message and wakes who waits for it. ID is given here, At when it is zero, and the banner is put into the text. ErrBadMessage.
func (o *Outbox) Send(ctx context.Context, m Message) (*Message, error) {
	if !slices.Contains([]string{SMS, Email, App, Letter}, m.Channel) {
		return nil, fmt.Errorf("%w: channel is %q, want sms, email, app or letter", ErrBadMessage, m.Channel)
	}
	if m.To == "" && m.User == "" {
		return nil, fmt.Errorf("%w: neither to nor user is set", ErrBadMessage)
	}
	now := o.now()
	if m.At.IsZero() {
		m.At = now
	}
	m.At = m.At.UTC()
	m.ID, m.Answer, m.Text, m.Relay = o.newID(), "", bannered(m), nil
	if err := o.keep(ctx, &m, now.Add(life(m.Channel))); err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	o.wake()
	return &m, nil
}

func life(channel string) time.Duration {
	if channel == Email || channel == Letter {
		return LongLife
	}
	return Life
}

// bannered is the text with the simulator's banner: the whole of it below e-mails and letters, its first word before what is short. A text
// that has it already stays.
func bannered(m Message) string {
	long := m.Channel == Email || m.Channel == Letter
	switch {
	case strings.Contains(m.Text, Banner), !long && strings.Contains(m.Text, Mark):
		return m.Text
	case long:
		return strings.TrimRight(m.Text, "\n") + "\n\n" + Banner
	}
	return Mark + ": " + m.Text
}

func (o *Outbox) wake() {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.sent)
	o.sent = make(chan struct{})
}

func (o *Outbox) next() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.sent
}

// Get returns a message, or store.ErrNotFound.
func (o *Outbox) Get(ctx context.Context, id string) (*Message, error) {
	return o.messages.Get(ctx, id)
}

// List returns the messages that match, newest first, at most limit and never more than Kept; 0 means Kept.
func (o *Outbox) List(ctx context.Context, f Filter, limit int) ([]*Message, error) {
	if limit <= 0 || limit > Kept {
		limit = Kept
	}
	f = f.normal()
	found := []*Message{}
	for m, err := range o.messages.Newest(ctx, Kept) {
		if err != nil {
			return nil, fmt.Errorf("outbox: %w", err)
		}
		if f.matches(m) {
			found = append(found, m)
		}
		if len(found) == limit {
			break
		}
	}
	return found, nil
}

// poll is how often Wait looks for messages that another process sent into the same store.
const poll = 250 * time.Millisecond

// Wait is List once at least one message matches. When ctx ends before, the list is empty and there is no error:
// nothing came.
func (o *Outbox) Wait(ctx context.Context, f Filter, limit int) ([]*Message, error) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		sent := o.next() // before looking, so that nothing slips between
		found, err := o.List(ctx, f, limit)
		if ctx.Err() != nil {
			return []*Message{}, nil
		}
		if err != nil || len(found) > 0 {
			return found, err
		}
		select {
		case <-sent:
		case <-tick.C:
		case <-ctx.Done():
			return []*Message{}, nil
		}
	}
}

// Answer answers a question of the app with Approve or Deny, once: ErrAnswered after that. ErrNoQuestion,
// ErrBadAnswer, store.ErrNotFound.
func (o *Outbox) Answer(ctx context.Context, id, answer string) error {
	if answer != Approve && answer != Deny {
		return fmt.Errorf("%w, not %q", ErrBadAnswer, answer)
	}
	_, err := o.messages.Update(ctx, id, func(m *Message) error {
		switch {
		case m.Channel != App:
			return ErrNoQuestion
		case m.Answer != "":
			return ErrAnswered
		}
		m.Answer = answer
		return nil
	})
	return err
}

// Clear throws every message away.
func (o *Outbox) Clear(ctx context.Context) error {
	var ids []string
	for m, err := range o.messages.Newest(ctx, 0) {
		if err != nil {
			return fmt.Errorf("outbox: %w", err)
		}
		ids = append(ids, m.ID)
	}
	for _, id := range ids {
		if err := o.messages.Delete(ctx, id); err != nil {
			return fmt.Errorf("outbox: %w", err)
		}
	}
	return nil
}
