package outbox

import (
	"errors"
	"slices"
	"testing"
	"time"

	"spidsim/internal/store"
)

func TestUX30EveryMessageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	o, _ := box(t)
	below := "ciao\n\n" + Banner
	for name, row := range map[string]struct{ channel, text, want string }{
		"an SMS":                              {SMS, "ciao", "SIMULATORE: ciao"},
		"an SMS that says so":                 {SMS, "SIMULATORE: ciao", "SIMULATORE: ciao"},
		"a question of the app":               {App, "ciao", "SIMULATORE: ciao"},
		"an e-mail":                           {Email, "ciao", below},
		"an e-mail with line breaks":          {Email, "ciao\n\n", below},
		"a letter":                            {Letter, "ciao", below},
		"a letter that says so":               {Letter, below, below},
		"an e-mail with the first word alone": {Email, "SIMULATORE", "SIMULATORE\n\n" + Banner},
	} {
		if got := send(t, o, Message{Channel: row.channel, To: "x", Text: row.text}).Text; got != row.want {
			t.Errorf("%s says %q, want %q", name, got, row.want)
		}
	}
}

func TestLettersOutliveCodes(t *testing.T) {
	t.Parallel()
	o, c := box(t)
	for _, channel := range []string{SMS, App, Email, Letter} {
		send(t, o, Message{Channel: channel, To: "x", Text: channel})
	}
	for _, row := range []struct {
		after time.Duration
		want  []string
	}{
		{Life - time.Millisecond, []string{Letter, Email, App, SMS}},
		{time.Millisecond, []string{Letter, Email}},
		{LongLife - Life - time.Millisecond, []string{Letter, Email}},
		{time.Millisecond, nil},
	} {
		c.Advance(row.after)
		list, err := o.List(t.Context(), Filter{}, 0)
		if got := texts(t, list, err); !slices.Equal(got, row.want) {
			t.Errorf("on %s there are %q, want %q", c.Now(), got, row.want)
		}
	}
}

// relaying is an outbox with three e-mails that wait.
func relaying(t *testing.T) (*Outbox, []*Message) {
	t.Helper()
	o, _ := box(t)
	o.RelayEmails()
	var sent []*Message
	for _, text := range []string{"1", "2", "3"} {
		sent = append(sent, send(t, o, Message{Channel: Email, To: "a@b.example", Text: text}))
	}
	send(t, o, Message{Channel: SMS, To: "x", Text: "sms"})
	return o, sent
}

func TestEmailsWaitForARelay(t *testing.T) {
	t.Parallel()
	o, sent := relaying(t)
	list, err := o.ToRelay(t.Context())
	if got, want := texts(t, list, err), []string{"1", "2", "3"}; !slices.Equal(got, want) {
		t.Errorf("%q wait, want %q", got, want)
	}
	if want := (Relay{State: Pending, At: start}); *sent[0].Relay != want {
		t.Errorf("got %+v, want %+v", *sent[0].Relay, want)
	}
	plain, _ := box(t)
	m := send(t, plain, Message{Channel: Email, To: "a@b.example"})
	if list, err := plain.ToRelay(t.Context()); len(list) > 0 || err != nil || m.Relay != nil {
		t.Errorf("without a relay: %v wait, the message has %v (%v)", list, m.Relay, err)
	}
}

func TestTriesAreRecorded(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	for name, row := range map[string]struct {
		tries []bool // whether another try follows; the last one goes well unless failure says otherwise
		fails int    // how many fail
		want  Relay
		left  int // in the queue
	}{
		"taken at once":          {[]bool{true}, 0, Relay{State: Sent, Attempts: 1, At: start}, 2},
		"to be tried again":      {[]bool{true}, 1, Relay{State: Pending, Attempts: 1, Error: "refused", At: start}, 3},
		"taken at the third try": {[]bool{true, true, true}, 2, Relay{State: Sent, Attempts: 3, At: start}, 2},
		"given up":               {[]bool{true, false}, 2, Relay{State: Failed, Attempts: 2, Error: "refused", At: start}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, sent := relaying(t)
			for i, again := range row.tries {
				var failure error
				if i < row.fails {
					failure = refused
				}
				if err := o.Relayed(t.Context(), sent[1].ID, failure, again); err != nil {
					t.Fatal(err)
				}
			}
			m, err := o.Get(t.Context(), sent[1].ID)
			if err != nil || *m.Relay != row.want {
				t.Errorf("got %+v, %v, want %+v", m.Relay, err, row.want)
			}
			if list, err := o.ToRelay(t.Context()); err != nil || len(list) != row.left {
				t.Errorf("%d wait, %v, want %d", len(list), err, row.left)
			}
		})
	}
}

func TestDeletedMessagesLeaveTheQueue(t *testing.T) {
	t.Parallel()
	o, sent := relaying(t)
	if err := o.Clear(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := o.Relayed(t.Context(), sent[0].ID, errors.New("refused"), true); err != nil {
		t.Errorf("a try for a message that is gone: %v", err)
	}
	if list, err := o.ToRelay(t.Context()); len(list) > 0 || err != nil {
		t.Errorf("%d wait, %v", len(list), err)
	}
	if n, err := o.queue.Count(t.Context()); n > 0 || err != nil {
		t.Errorf("%d entries in the queue, %v", n, err)
	}
	if _, err := o.Get(t.Context(), sent[0].ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("error is %v, want ErrNotFound", err)
	}
}
