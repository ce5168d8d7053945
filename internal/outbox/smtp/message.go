package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"unicode"

	"github.com/wneessen/go-mail"

	"spidsim/internal/outbox"
)

// From is the sender of every e-mail.
const From = "simulatore@spidsim.example"

// domain is that of From; message ids lie in it.
const domain = "spidsim.example"

var (
	// errAway says that no session with the server came about.
	errAway = errors.New("the SMTP server cannot be reached")
	// errRefused says that trying again would change nothing.
	errRefused = errors.New("refused")
)

// send takes one message to the server. Errors are errAway, errRefused, or others for which another try may help.
func (s *Sender) send(ctx context.Context, m *outbox.Message) error {
	msg, err := compose(m)
	if err != nil {
		return fmt.Errorf("%w: %w", errRefused, err)
	}
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	err = s.deliver(ctx, msg, mail.TLSOpportunistic)
	var untrusted *tls.CertificateVerificationError
	if errors.As(err, &untrusted) { // catchers of test mail sign their own: what goes there is invented, so it may go in clear
		err = s.deliver(ctx, msg, mail.NoTLS)
	}
	if err == nil || msg.IsDelivered() { // what fails after the server took the message is no failure of the message
		return nil
	}
	var answer *mail.SendError
	switch {
	case !errors.As(err, &answer):
		return fmt.Errorf("%w: %s", errAway, clean(err.Error()))
	case answer.ErrorCode() >= 500:
		return fmt.Errorf("%w: %s", errRefused, clean(answer.Error()))
	}
	return errors.New(clean(answer.Error()))
}

func (s *Sender) deliver(ctx context.Context, msg *mail.Msg, policy mail.TLSPolicy) error {
	client, err := s.client(ctx, policy)
	if err != nil {
		return err
	}
	return client.DialAndSendWithContext(ctx, msg)
}

// compose makes the e-mail. Its Message-ID is always the same: when a process died between the server's yes and the note of it, the second
// copy can be told by that.
func compose(m *outbox.Message) (*mail.Msg, error) {
	if err := checkReserved(m.To); err != nil {
		return nil, err
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.FromFormat("spidsim", From); err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	if err := msg.To(m.To); err != nil {
		return nil, fmt.Errorf("recipient: %w", err)
	}
	msg.Subject(strings.Join(strings.Fields("["+outbox.Banner+"] "+m.Subject), " "))
	msg.SetMessageIDWithValue(m.ID + "@" + domain)
	msg.SetDateWithValue(m.At)
	msg.SetGenHeader("X-Simulator", "true")
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	return msg, nil
}

// checkReserved refuses recipients that may exist: a message that looks like one of a gestore must not reach a real mailbox, wherever the
// server that was named would take it (ONB-05). Domains are those of RFC 2606 and RFC 6761.
func checkReserved(address string) error {
	parsed, err := netmail.ParseAddress(address)
	if err != nil {
		return fmt.Errorf("%q is no e-mail address", address)
	}
	host := parsed.Address[strings.LastIndex(parsed.Address, "@")+1:]
	labels := strings.Split(strings.ToLower(host), ".")
	switch last := labels[len(labels)-1]; last {
	case "example", "test", "invalid", "localhost":
		return nil
	case "com", "net", "org":
		if n := len(labels); n > 1 && labels[n-2] == "example" {
			return nil
		}
	}
	return fmt.Errorf("%q may be a real mailbox; want a reserved domain such as personas.example", address)
}

// clean is what a server said, fit for one line of a page: bounded, without control characters.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "·"))
	if runes := []rune(s); len(runes) > 300 {
		s = string(runes[:300]) + "…"
	}
	return strings.Join(strings.Fields(s), " ")
}
