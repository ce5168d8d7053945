package admin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"spidsim/internal/outbox"
	"spidsim/internal/web"
)

const (
	longestWait   = 60 * time.Second
	messagesShown = 50
)

var channels = []string{outbox.SMS, outbox.Email, outbox.App, outbox.Letter}

// listMessages lists the newest messages, or waits for one: with wait it answers as soon as a message matches, and
// with none when the time is up.
func (a *Admin) listMessages(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	filter := outbox.Filter{To: q.Get("to"), User: q.Get("user"), Channel: q.Get("channel"), Login: q.Get("login")}
	limit, err := limitOf(r, messagesShown, outbox.Kept)
	if err == nil && filter.Channel != "" && !slices.Contains(channels, filter.Channel) {
		err = badQuery("channel", clip(filter.Channel, 64), "sms, email, app or letter")
	}
	var wait time.Duration
	if err == nil {
		wait, err = waitOf(q.Get("wait"))
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	found, err := a.messagesWithin(w, r, filter, limit, wait)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	list := List[Message]{Items: make([]Message, 0, len(found))}
	for _, m := range found {
		list.Items = append(list.Items, messageItem(m))
	}
	web.JSON(w, http.StatusOK, list)
}

func waitOf(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, badQuery("wait", clip(text, 64), "a length of time such as 10s")
	}
	return min(d, longestWait), nil
}

// messagesWithin waits by the real clock, since it is a client that waits; the deadlines of the connection are moved
// with it, or the server would cut a long wait short.
func (a *Admin) messagesWithin(w http.ResponseWriter, r *http.Request, f outbox.Filter, limit int, wait time.Duration) ([]*outbox.Message, error) {
	if wait == 0 {
		return a.outbox.List(r.Context(), f, limit)
	}
	end := time.Now().Add(wait + 10*time.Second)
	control := http.NewResponseController(w)
	for _, err := range []error{control.SetReadDeadline(end), control.SetWriteDeadline(end)} {
		if err != nil && !errors.Is(err, http.ErrNotSupported) {
			return nil, err
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	return a.outbox.Wait(ctx, f, limit)
}

func (a *Admin) getMessage(w http.ResponseWriter, r *http.Request) {
	m, err := a.outbox.Get(r.Context(), segment(r, "message"))
	if err != nil {
		web.Fail(w, r, missingAs(err, "message of that id"))
		return
	}
	web.JSON(w, http.StatusOK, messageItem(m))
}

// answerMessage answers a question of the app, once.
func (a *Admin) answerMessage(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		m, err := a.answer(r.Context(), segment(r, "message"), answer)
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		web.JSON(w, http.StatusOK, messageItem(m))
	}
}

func (a *Admin) answer(ctx context.Context, id, answer string) (*outbox.Message, error) {
	err := a.outbox.Answer(ctx, id, answer)
	switch {
	case errors.Is(err, outbox.ErrAnswered):
		return nil, web.Conflict("this question was answered before")
	case errors.Is(err, outbox.ErrNoQuestion):
		return nil, web.Conflict("this message asks nothing: only those of the app are answered")
	case err != nil:
		return nil, missingAs(err, "message of that id")
	}
	a.log.Info("app answered", "message", id, "answer", answer)
	return a.outbox.Get(ctx, id)
}

func messageItem(m *outbox.Message) Message {
	item := Message{
		ID: m.ID, Channel: m.Channel, To: m.To, User: m.User, IdP: m.IdP, Login: m.Login, Subject: m.Subject,
		Text: m.Text, Code: m.Code, At: m.At.UTC(), Answer: m.Answer,
	}
	if r := m.Relay; r != nil {
		item.Relay = &Relay{State: r.State, Attempts: r.Attempts, Error: r.Error, At: r.At.UTC()}
	}
	return item
}

// clearer is an outbox that can be emptied.
type clearer interface {
	Clear(ctx context.Context) error
}

// clearMessages throws all messages away.
func (a *Admin) clearMessages(w http.ResponseWriter, r *http.Request) {
	c, ok := any(a.outbox).(clearer)
	if !ok {
		web.Fail(w, r, &web.Error{Status: http.StatusNotImplemented, Problem: web.Problem{Code: "no-clear", Detail: "this outbox cannot be emptied"}})
		return
	}
	if err := c.Clear(r.Context()); err != nil {
		web.Fail(w, r, err)
		return
	}
	a.log.Info("messages deleted")
	w.WriteHeader(http.StatusNoContent)
}
