package smtp

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
)

// catcher is an SMTP server that keeps what it gets.
type catcher struct {
	answer func(to string) error // to RCPT; nil takes all
	got    chan string           // messages as received
	tls    *tls.Config           // offers STARTTLS; may be nil

	mu    sync.Mutex
	tries int // recipients named
}

// serve starts a catcher on an address; ":0" takes a free port.
func serve(t *testing.T, addr string, c *catcher) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{catcher: c}, nil }))
	s.Domain, s.TLSConfig = "localhost", c.tls
	s.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(t.Output(), nil), slog.LevelInfo)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		_ = l.Close() // Serve may not know of it yet
		_ = s.Close()
		<-done
	})
	return l.Addr().String()
}

func newCatcher() *catcher { return &catcher{got: make(chan string, 100)} }

func (c *catcher) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tries
}

type session struct{ *catcher }

func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries++
	if s.answer == nil {
		return nil
	}
	return s.answer(to)
}

func (s *session) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	s.got <- string(body)
	return err
}

// free is an address at which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func memory(t *testing.T) *store.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), "memory:", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // in memory
	return db
}

var sentAt = clock.Date(2020, 10, 15).At(10, 0)

func newBox(db *store.DB) *outbox.Outbox { return outbox.New(db, time.Now, rand.Text) }

// start runs a sender whose pauses are short until the test ends or stop is called.
func start(t *testing.T, box *outbox.Outbox, address string) (stop func()) {
	t.Helper()
	s, err := New(box, address, slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	s.pause = func(int) time.Duration { return 5 * time.Millisecond }
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Run(ctx)
	}()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}

func send(t *testing.T, box *outbox.Outbox, to string) string {
	t.Helper()
	m, err := box.Send(t.Context(), outbox.Message{Channel: outbox.Email, To: to, At: sentAt,
		Subject: "La tua identità è pronta", Text: "Gentile Lucia,\n.\nè tutto pronto."})
	if err != nil {
		t.Fatal(err)
	}
	return m.ID
}

// await waits until the relay of a message is as wanted.
func await(t *testing.T, box *outbox.Outbox, id string, what func(outbox.Relay) bool) outbox.Relay {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); ; <-tick.C {
		m, err := box.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if what(*m.Relay) {
			return *m.Relay
		}
		if time.Now().After(deadline) {
			t.Fatalf("after 20 s the relay is %+v", *m.Relay)
		}
	}
}

func is(state string) func(outbox.Relay) bool {
	return func(r outbox.Relay) bool { return r.State == state }
}

func TestUX30EmailsSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	c, box := newCatcher(), newBox(memory(t))
	start(t, box, serve(t, "127.0.0.1:0", c))
	id := send(t, box, "lucia.verdi@personas.example")
	if r := await(t, box, id, is(outbox.Sent)); r.Attempts != 1 || r.Error != "" {
		t.Errorf("relay is %+v, want one try and no error", r)
	}
	m, err := netmail.ReadMessage(strings.NewReader(<-c.got))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if want := "[SIMULATORE – nessun dato reale, nessun servizio vero] La tua identità è pronta"; err != nil || subject != want {
		t.Errorf("subject is %q, %v, want %q", subject, err, want)
	}
	at, err := m.Header.Date()
	if err != nil || !at.Equal(sentAt) {
		t.Errorf("date is %s, %v, want %s", at, err, sentAt)
	}
	for name, want := range map[string]string{
		"From": `"spidsim" <simulatore@spidsim.example>`, "To": "<lucia.verdi@personas.example>", "X-Simulator": "true",
		"Message-Id": "<" + id + "@spidsim.example>", "User-Agent": "", "X-Mailer": "",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got, want := body(t, m), "Gentile Lucia,\n.\nè tutto pronto.\n\n"+outbox.Banner; got != want {
		t.Errorf("body is %q, want %q", got, want)
	}
}

func TestServerThatComesLater(t *testing.T) {
	t.Parallel()
	c, box, address := newCatcher(), newBox(memory(t)), free(t)
	start(t, box, address)
	first, second := send(t, box, "a@personas.example"), send(t, box, "b@personas.example")
	for _, id := range []string{first, second} {
		r := await(t, box, id, func(r outbox.Relay) bool { return r.Attempts >= 2 })
		if r.State != outbox.Pending || !strings.Contains(r.Error, "cannot be reached") {
			t.Errorf("while nobody listens the relay is %+v", r)
		}
	}
	serve(t, address, c)
	for _, id := range []string{first, second} {
		if r := await(t, box, id, is(outbox.Sent)); r.Error != "" || r.Attempts < 3 {
			t.Errorf("afterwards the relay is %+v", r)
		}
	}
	if got := len(c.got); got != 2 {
		t.Errorf("the server got %d messages, want each once", got)
	}
}

// What a process that died left behind is sent by the next one, once.
func TestNothingIsLostBetweenProcesses(t *testing.T) {
	t.Parallel()
	c, db, address := newCatcher(), memory(t), free(t)
	before := newBox(db)
	stop := start(t, before, address)
	id := send(t, before, "a@personas.example")
	await(t, before, id, func(r outbox.Relay) bool { return r.Attempts > 0 })
	stop()
	serve(t, address, c)
	after := newBox(db)
	stop = start(t, after, address)
	await(t, after, id, is(outbox.Sent))
	stop()
	start(t, newBox(db), address)
	await(t, after, send(t, after, "b@personas.example"), is(outbox.Sent))
	if got := len(c.got); got != 2 {
		t.Errorf("the server got %d messages, want two", got)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		to     string
		answer error
		says   string
		tries  int // at the server
	}{
		"for good": {"a@personas.example", &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such\x1b[31m user"}, "550", 1},
		"for now, until tries are used up": {"a@personas.example", &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"},
			"451", mostTries},
		"a mailbox that may be real": {"lucia@posta.it", nil, "real mailbox", 0},
		"no address":                 {"via Roma 1", nil, "no e-mail address", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, box := newCatcher(), newBox(memory(t))
			c.answer = func(string) error { return row.answer }
			start(t, box, serve(t, "127.0.0.1:0", c))
			r := await(t, box, send(t, box, row.to), is(outbox.Failed))
			if !strings.Contains(r.Error, row.says) || strings.ContainsAny(r.Error, "\x1b\r\n") {
				t.Errorf("error is %q, want something with %q", r.Error, row.says)
			}
			if got := c.count(); got != row.tries || len(c.got) > 0 {
				t.Errorf("the server was tried %d times and took %d, want %d and none", got, len(c.got), row.tries)
			}
			if list, err := box.ToRelay(t.Context()); len(list) > 0 || err != nil {
				t.Errorf("%d still wait, %v", len(list), err)
			}
		})
	}
}

// Catchers of test mail offer STARTTLS with a certificate that they signed themselves.
func TestServerWithItsOwnCertificate(t *testing.T) {
	t.Parallel()
	web := httptest.NewUnstartedServer(nil)
	web.StartTLS()
	t.Cleanup(web.Close)
	c, box := newCatcher(), newBox(memory(t))
	c.tls = web.TLS
	start(t, box, serve(t, "127.0.0.1:0", c))
	r := await(t, box, send(t, box, "a@personas.example"), func(r outbox.Relay) bool { return r.Attempts > 0 })
	if r.State != outbox.Sent || len(c.got) != 1 {
		t.Errorf("relay is %+v, the server got %d messages", r, len(c.got))
	}
}

// A server that takes a connection and says nothing delays nobody who sends.
func TestSendDoesNotWaitForTheServer(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepted by the kernel, answered by nobody
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	box := newBox(memory(t))
	stop := start(t, box, l.Addr().String())
	begun := time.Now()
	for range 50 {
		send(t, box, "a@personas.example")
	}
	stop()
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("fifty messages and the end took %s", took)
	}
	if list, err := box.ToRelay(t.Context()); len(list) != 50 || err != nil {
		t.Errorf("%d wait, %v, want fifty", len(list), err)
	}
}

func TestONB05ReservedDomainsOnly(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"a@personas.example": true, "a@x.test": true, "a@invalid": true, "a@Example.COM": true, "a@posta.example.org": true, "Lucia <a@x.example>": true,
		"a@gmail.com": false, "a@example.it": false, "a@notexample.com": false, "a@com": false, "a@[127.0.0.1]": false, `"a@x.example"@real.it`: false,
		"": false, "a@x.example, b@real.it": false,
	} {
		if err := checkReserved(address); (err == nil) != want {
			t.Errorf("%q: %v, want reserved %v", address, err, want)
		}
	}
}

func TestPausesGrow(t *testing.T) {
	t.Parallel()
	var all time.Duration
	for tries := 1; tries < mostTries; tries++ {
		d := pause(tries)
		if d > longest || tries > 1 && d < pause(tries-1) {
			t.Errorf("after %d tries the pause is %s", tries, d)
		}
		all += d
	}
	if all < 10*time.Minute || all > time.Hour || pause(1) != time.Second || pause(1000) != longest {
		t.Errorf("all pauses are %s, the first %s, the last %s", all, pause(1), pause(1000))
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"localhost", "localhost:smtp", "localhost:0", "localhost:70000", ":"} {
		if _, err := New(newBox(memory(t)), bad, slog.New(slog.DiscardHandler)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// A message that the server took is not sent again when the outbox cannot be told.
func TestTakenMessagesAreNotSentAgain(t *testing.T) {
	t.Parallel()
	c, db := newCatcher(), memory(t)
	box := newBox(db)
	s, err := New(box, serve(t, "127.0.0.1:0", c), slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	id := send(t, box, "a@personas.example")
	s.taken[id] = true
	if _, err := s.round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := await(t, box, id, is(outbox.Sent)); len(c.got) != 0 || r.Attempts != 1 || len(s.taken) > 0 {
		t.Errorf("the server got %d messages, the relay is %+v, %d are remembered", len(c.got), r, len(s.taken))
	}
}

// body decodes quoted-printable and line ends.
func body(t *testing.T, m *netmail.Message) string {
	t.Helper()
	octets, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimRight(bytes.ReplaceAll(octets, []byte("\r\n"), []byte("\n")), "\n"))
}
