package main

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"spidsim/internal/outbox"
)

// mailbox is an SMTP server that takes everything.
type mailbox struct{ got chan string }

func (m mailbox) Reset()                               {}
func (m mailbox) Logout() error                        { return nil }
func (m mailbox) Mail(string, *smtp.MailOptions) error { return nil }
func (m mailbox) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (m mailbox) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	m.got <- string(body)
	return err
}

func openMailbox(t *testing.T) (m mailbox, address string) {
	t.Helper()
	m.got = make(chan string, 10)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return m, nil }))
	s.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(t.Output(), nil), slog.LevelInfo)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		_ = l.Close() // Serve may not know of it yet
		_ = s.Close()
		<-done
	})
	return m, l.Addr().String()
}

// D-11: with --smtp e-mails go to the server as well, and nothing else does.
func TestD11EmailsGoToTheServerToo(t *testing.T) {
	t.Parallel()
	m, address := openMailbox(t)
	r := run(t, "--store", "memory:", "--data", t.TempDir(), "--smtp", address)
	r.visitor().logIn(2, "sms")
	sent, err := r.outbox.Send(t.Context(), outbox.Message{Channel: outbox.Email, To: "lucia.verdi@personas.example", Subject: "Prova", Text: "ciao"})
	if err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	var got struct {
		Text  string
		Relay struct{ State, Error string }
	}
	for deadline := time.Now().Add(20 * time.Second); got.Relay.State != outbox.Sent; <-tick.C {
		r.api(http.MethodGet, "messages/"+sent.ID, "", &got)
		if time.Now().After(deadline) {
			t.Fatalf("after 20 s the relay is %+v", got.Relay)
		}
	}
	if mail := <-m.got; !strings.Contains(mail, "X-Simulator: true") || !strings.HasSuffix(got.Text, outbox.Banner) || len(m.got) > 0 {
		t.Errorf("the text is %q, the server got %d more and\n%s", got.Text, len(m.got), mail)
	}
}
