// Package smtp takes the e-mails of an outbox to an SMTP server that the operator named, so that they can be read in a mail program
// (D-11). It sends to reserved domains only: nothing of the simulator reaches a real mailbox (ONB-05).
package smtp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"

	"spidsim/internal/outbox"
)

const (
	tryTime   = 20 * time.Second // for one message: connecting, greeting, sending
	mostTries = 12               // a little over twenty minutes with the pauses in between
	longest   = 5 * time.Minute  // pause between two tries
	idle      = 30 * time.Second // how often the queue is looked at without cause: another process may use the store
)

// Sender sends what waits in an outbox. Times are real ones, never simulated: it is a server that is waited for (SEC-86).
type Sender struct {
	box   *outbox.Outbox
	host  string
	port  int
	log   *slog.Logger
	pause func(tries int) time.Duration

	due   map[string]time.Time // by id of the message: when it is tried again
	taken map[string]bool      // the server has it, and the outbox could not be told yet
}

// New makes a sender for the server at host:port, and has the outbox queue e-mails for it. STARTTLS is used when the
// server offers it.
func New(box *outbox.Outbox, address string, log *slog.Logger) (*Sender, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("SMTP server: %w", err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("SMTP server: port is %q, want a number", text)
	}
	s := &Sender{box: box, host: host, port: port, log: log, pause: pause, due: map[string]time.Time{}, taken: map[string]bool{}}
	if _, err := s.client(context.Background(), mail.TLSOpportunistic); err != nil {
		return nil, fmt.Errorf("SMTP server: %w", err)
	}
	box.RelayEmails()
	return s, nil
}

// client makes a client for one message. Its connection ends with ctx, whatever the server is waited for.
func (s *Sender) client(ctx context.Context, policy mail.TLSPolicy) (*mail.Client, error) {
	dial := func(dialling context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(dialling, network, address)
		if err == nil {
			context.AfterFunc(ctx, func() { _ = conn.Close() }) // closed already when all went well
		}
		return conn, err
	}
	return mail.NewClient(s.host, mail.WithPort(s.port), mail.WithTLSPolicy(policy), mail.WithTimeout(tryTime/2),
		mail.WithHELO("localhost"), mail.WithoutNoop(), mail.WithDialContextFunc(dial))
}

// pause is one second after the first try, and twice as long after each further one.
func pause(tries int) time.Duration {
	return min(time.Second<<min(tries-1, 20), longest)
}

// Run sends until ctx ends. What was not sent by then waits in the store for the next start.
func (s *Sender) Run(ctx context.Context) {
	for ctx.Err() == nil {
		changed := s.box.Changed() // before looking, so that nothing slips between
		next, err := s.round(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error("sending e-mails", "err", err)
		}
		timer := time.NewTimer(next)
		select {
		case <-ctx.Done():
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// round tries every message whose time has come, and returns how long to wait for the next.
func (s *Sender) round(ctx context.Context) (next time.Duration, err error) {
	list, err := s.box.ToRelay(ctx)
	if err != nil {
		return longest, err
	}
	var away error // the server cannot be reached: no need to find out for each message
	for _, m := range list {
		if time.Now().Before(s.due[m.ID]) {
			continue
		}
		failure := away
		if failure == nil && !s.taken[m.ID] {
			failure = s.send(ctx, m)
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		if errors.Is(failure, errAway) {
			away = failure
		}
		if err := s.record(ctx, m, failure); err != nil {
			return s.pause(1), err
		}
	}
	return s.untilNext(list), nil
}

func (s *Sender) record(ctx context.Context, m *outbox.Message, failure error) error {
	tries := m.Relay.Attempts + 1
	again := failure != nil && !errors.Is(failure, errRefused) && tries < mostTries
	if failure == nil {
		s.taken[m.ID] = true
	}
	if err := s.box.Relayed(ctx, m.ID, failure, again); err != nil {
		return err
	}
	delete(s.taken, m.ID)
	delete(s.due, m.ID)
	switch {
	case again:
		s.due[m.ID] = time.Now().Add(s.pause(tries))
		s.log.Info("e-mail not sent yet", "message", m.ID, "tries", tries, "err", failure)
	case failure != nil:
		s.log.Warn("e-mail not sent", "message", m.ID, "tries", tries, "err", failure)
	default:
		s.log.Info("e-mail sent", "message", m.ID)
	}
	return nil
}

// untilNext is how long until the next of the messages that were listed is due.
func (s *Sender) untilNext(list []*outbox.Message) time.Duration {
	next := idle
	for _, m := range list {
		if at, ok := s.due[m.ID]; ok {
			next = min(next, max(time.Until(at), 0))
		}
	}
	return next
}
