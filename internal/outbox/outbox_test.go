package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
)

var start = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// box is an outbox over a store in memory, with a clock that stands.
func box(t *testing.T) (*Outbox, *clock.Clock) {
	t.Helper()
	c := clock.Fixed(start)
	return over(t, "memory:", c), c
}

func over(t *testing.T, address string, c *clock.Clock) *Outbox {
	t.Helper()
	db, err := sqlite.Open(context.Background(), address, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	var last atomic.Int64
	return New(db, c.Now, func() string { return fmt.Sprintf("%s-%d", filepath.Base(t.Name()), last.Add(1)) })
}

func send(t *testing.T, o *Outbox, m Message) *Message {
	t.Helper()
	sent, err := o.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

func texts(t *testing.T, list []*Message, err error) (all []string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		all = append(all, bare(m.Text))
	}
	return all
}

// bare is a text without the banner.
func bare(text string) string {
	return strings.TrimPrefix(strings.TrimSuffix(text, "\n\n"+Banner), Mark+": ")
}

func TestSendKeepsTheMessage(t *testing.T) {
	t.Parallel()
	o, _ := box(t)
	sent := send(t, o, Message{ID: "ignored", Channel: SMS, To: "+39 333 1234567", User: "lucia.verdi", IdP: "prova", Login: "l", Text: "codice 123456", Code: "123456", Answer: "approve"})
	if sent.ID == "ignored" || sent.ID == "" || sent.Answer != "" || !sent.At.Equal(start) {
		t.Errorf("sent %+v, want an id of its own, no answer and the time %s", sent, start)
	}
	got, err := o.Get(t.Context(), sent.ID)
	if err != nil || *got != *sent {
		t.Errorf("kept %+v, want %+v (%v)", got, sent, err)
	}
}

// TestONB220JSONWithTheBanner holds the shape of interface.md section 4, and what every message says of itself.
func TestONB220JSONWithTheBanner(t *testing.T) {
	t.Parallel()
	o, _ := box(t)
	sent := send(t, o, Message{Channel: Email, To: "a@b.example", Subject: "Oggetto", Text: "Testo", Code: "123456"})
	sent.ID = "x"
	got, err := json.Marshal(sent)
	want := `{"id":"x","channel":"email","to":"a@b.example","subject":"Oggetto","text":"Testo\n\nSIMULATORE – nessun dato reale, nessun servizio vero","code":"123456","at":"2026-03-01T10:00:00Z"}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, want %s (%v)", got, want, err)
	}
}

func TestSendRefuses(t *testing.T) {
	t.Parallel()
	o, _ := box(t)
	for name, m := range map[string]Message{
		"a channel that is none": {Channel: "fax", To: "1"}, "no channel": {To: "1"}, "nobody to go to": {Channel: SMS, Text: "x"},
	} {
		if _, err := o.Send(t.Context(), m); !errors.Is(err, ErrBadMessage) {
			t.Errorf("%s: error is %v, want ErrBadMessage", name, err)
		}
	}
}

func TestFilter(t *testing.T) {
	t.Parallel()
	o, _ := box(t)
	send(t, o, Message{Channel: SMS, To: "+39 333 1234567", User: "lucia.verdi", Login: "l1", Text: "sms"})
	send(t, o, Message{Channel: Email, To: "Lucia@Example.test", User: "lucia.verdi", Login: "l2", Text: "mail"})
	send(t, o, Message{Channel: App, To: "3337654321", User: "mario.rossi", Login: "l3", Text: "app"})
	send(t, o, Message{Channel: Letter, To: "Via Roma 1, 00100 Roma", Text: "letter"})
	for name, tt := range map[string]struct {
		f     Filter
		limit int
		want  []string
	}{
		"everything, newest first":              {Filter{}, 0, []string{"letter", "app", "mail", "sms"}},
		"the newest two":                        {Filter{}, 2, []string{"letter", "app"}},
		"a number as it was written":            {Filter{To: "+39 333 1234567"}, 0, []string{"sms"}},
		"a number without prefix and blanks":    {Filter{To: "3331234567"}, 0, []string{"sms"}},
		"a number with 0039":                    {Filter{To: "0039 333-123.4567"}, 0, []string{"sms"}},
		"a number whose + a query made a blank": {Filter{To: " 393331234567"}, 0, []string{"sms"}},
		"a number with a prefix sent without":   {Filter{To: "+393337654321"}, 0, []string{"app"}},
		"part of a number is not enough":        {Filter{To: "1234567"}, 0, nil},
		"an address in any letter case":         {Filter{To: "lucia@example.TEST"}, 0, []string{"mail"}},
		"a user name as recipient":              {Filter{To: "Lucia.Verdi"}, 0, []string{"mail", "sms"}},
		"a user":                                {Filter{User: "lucia.verdi"}, 0, []string{"mail", "sms"}},
		"a user and a channel":                  {Filter{User: "lucia.verdi", Channel: SMS}, 0, []string{"sms"}},
		"a login":                               {Filter{Login: "l3"}, 0, []string{"app"}},
		"a postal address":                      {Filter{To: "via roma 1, 00100 roma"}, 0, []string{"letter"}},
		"nobody":                                {Filter{To: "nobody"}, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list, err := o.List(context.Background(), tt.f, tt.limit)
			if got := texts(t, list, err); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if list == nil {
				t.Error("the list is nil: its JSON would be null")
			}
		})
	}
}

func TestListIsBounded(t *testing.T) {
	t.Parallel()
	o, _ := box(t)
	for i := range Kept + 1 {
		send(t, o, Message{Channel: SMS, To: "1", Text: fmt.Sprint(i)})
	}
	list, err := o.List(t.Context(), Filter{}, 0)
	if got := texts(t, list, err); len(got) != Kept || got[0] != fmt.Sprint(Kept) {
		t.Errorf("%d messages, the first is %q; want %d from %d on", len(got), got[0], Kept, Kept)
	}
}

func TestMessagesExpire(t *testing.T) {
	t.Parallel()
	o, c := box(t)
	sent := send(t, o, Message{Channel: SMS, To: "1", Text: "x"})
	c.Advance(Life - time.Millisecond)
	if _, err := o.Get(t.Context(), sent.ID); err != nil {
		t.Errorf("before a day is over: %v", err)
	}
	c.Advance(time.Millisecond)
	if _, err := o.Get(t.Context(), sent.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after a day: error is %v, want ErrNotFound", err)
	}
}

func TestWaitReturnsWhatIsThere(t *testing.T) {
	t.Parallel()
	o, _ := box(t)
	send(t, o, Message{Channel: SMS, To: "1", Text: "x"})
	list, err := o.Wait(t.Context(), Filter{To: "1"}, 0)
	if got := texts(t, list, err); !slices.Equal(got, []string{"x"}) {
		t.Errorf("got %q", got)
	}
}

func TestWaitWakesAtTheMessageThatMatches(t *testing.T) {
	t.Parallel()
	o, _ := box(t)
	var wg sync.WaitGroup
	for _, to := range []string{"1", "2"} {
		wg.Go(func() {
			list, err := o.Wait(context.Background(), Filter{To: to}, 0)
			if err != nil || len(list) != 1 || list[0].To != to {
				t.Errorf("waiting for %s: got %v (%v)", to, list, err)
			}
		})
	}
	send(t, o, Message{Channel: SMS, To: "2"})
	send(t, o, Message{Channel: SMS, To: "1"})
	wg.Wait()
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o, _ := box(t)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		list, err := o.Wait(ctx, Filter{To: "nobody"}, 0)
		if err != nil || list == nil || len(list) != 0 {
			t.Errorf("got %v (%v), want an empty list and no error", list, err)
		}
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("it took %s, want 10s", took)
		}
	})
}

func TestWaitSeesWhatAnotherProcessSent(t *testing.T) {
	t.Parallel()
	c := clock.Fixed(start)
	address := "sqlite:" + filepath.Join(t.TempDir(), "shared.db")
	here, there := over(t, address, c), over(t, address, c)
	done := make(chan struct{})
	go func() {
		defer close(done)
		list, err := here.Wait(context.Background(), Filter{To: "1"}, 0)
		if err != nil || len(list) != 1 {
			t.Errorf("got %v (%v)", list, err)
		}
	}()
	send(t, there, Message{Channel: SMS, To: "1"})
	<-done
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	o, _ := box(t)
	app := send(t, o, Message{Channel: App, To: "1", Text: "Sei tu?"})
	sms := send(t, o, Message{Channel: SMS, To: "1"})
	for _, tt := range []struct {
		name, id, answer string
		want             error
	}{
		{"an answer that is none", app.ID, "yes", ErrBadAnswer},
		{"a message that is no question", sms.ID, Approve, ErrNoQuestion},
		{"a message that is not there", "x", Approve, store.ErrNotFound},
		{"the first answer", app.ID, Deny, nil},
		{"the same answer again", app.ID, Deny, ErrAnswered},
		{"another answer", app.ID, Approve, ErrAnswered},
	} {
		if err := o.Answer(t.Context(), tt.id, tt.answer); !errors.Is(err, tt.want) {
			t.Errorf("%s: error is %v, want %v", tt.name, err, tt.want)
		}
	}
	if m, err := o.Get(t.Context(), app.ID); err != nil || m.Answer != Deny {
		t.Errorf("the answer is %q, want deny (%v)", m.Answer, err)
	}
}

func TestOfManyAnswersOneCounts(t *testing.T) {
	t.Parallel()
	o, _ := box(t)
	m := send(t, o, Message{Channel: App, To: "1"})
	var won atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			err := o.Answer(context.Background(), m.ID, []string{Approve, Deny}[i%2])
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, ErrAnswered) {
				t.Errorf("error is %v, want ErrAnswered", err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d answers counted, want 1", won.Load())
	}
}
