package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"spidsim/idp/idptest"
	"spidsim/internal/config/limits"
	"spidsim/internal/outbox"
	"spidsim/internal/web"
)

func (s *surface) send(t *testing.T, m outbox.Message) *outbox.Message {
	t.Helper()
	sent, err := s.Outbox.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return sent
}

func TestListMessages(t *testing.T) {
	t.Parallel()
	c := &handClock{t: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)}
	s := start(t, nil, idptest.Clock(c.now))
	for i := range 3 {
		s.send(t, outbox.Message{Channel: outbox.SMS, To: "+39 399 000 0003", User: "ada", Text: "codice", Code: fmt.Sprint(i), IdP: "prova", Login: "l1"})
		c.add(time.Second)
	}
	s.send(t, outbox.Message{Channel: outbox.Email, To: "eva@esempio.example", User: "eva", Subject: "Benvenuta", Text: "ciao"})
	for _, row := range []struct {
		name, query string
		want        []string
	}{
		{"all, newest first", "", []string{"", "2", "1", "0"}},
		{"by telephone number in any form", "?to=" + url.QueryEscape("3990000003"), []string{"2", "1", "0"}},
		{"by telephone number with a raw plus", "?to=+393990000003", []string{"2", "1", "0"}},
		{"by e-mail address", "?to=EVA@esempio.example", []string{""}},
		{"by user name as address", "?to=ada", []string{"2", "1", "0"}},
		{"by user", "?user=eva", []string{""}},
		{"by channel", "?channel=sms", []string{"2", "1", "0"}},
		{"by login", "?login=l1", []string{"2", "1", "0"}},
		{"no more than the limit", "?limit=2", []string{"", "2"}},
		{"at once when there is one to wait for", "?to=ada&wait=60s&limit=1", []string{"2"}},
		{"nobody's are none", "?to=nobody", []string{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var list List[Message]
			want(t, s.do(t, call{path: "/api/v1/messages" + row.query}), http.StatusOK, &list)
			got := []string{}
			for _, m := range list.Items {
				got = append(got, m.Code)
			}
			if !slices.Equal(got, row.want) || list.Items == nil {
				t.Errorf("codes are %q, want %q", got, row.want)
			}
		})
	}
	for query, field := range map[string]string{
		"?wait=soon": "wait", "?wait=-1s": "wait", "?wait=10": "wait", "?limit=0": "limit", "?limit=x": "limit", "?limit=100000": "limit", "?channel=fax": "channel",
	} {
		t.Run(query+" is refused", func(t *testing.T) {
			if p := wantProblem(t, s.do(t, call{path: "/api/v1/messages" + query}), http.StatusBadRequest); p.Field != field {
				t.Errorf("field is %q, want %q", p.Field, field)
			}
		})
	}
	t.Run("items have the members that suites read by name", func(t *testing.T) {
		var list struct{ Items []map[string]json.RawMessage }
		want(t, s.do(t, call{path: "/api/v1/messages"}), http.StatusOK, &list)
		for _, name := range []string{"id", "channel", "to", "user", "subject", "text", "code", "at", "idp", "answer"} {
			if _, ok := list.Items[0][name]; !ok {
				t.Errorf("%s is missing", name)
			}
		}
	})
}

func TestWaitOf(t *testing.T) {
	t.Parallel()
	if d, err := waitOf("10m"); err != nil || d != time.Minute {
		t.Errorf("ten minutes become %s, %v, want one", d, err)
	}
}

// server runs the surface on a real connection, with the time-outs of a real server.
func (s *surface) server(t *testing.T, l limits.Limits) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	u := &url.URL{Scheme: "http", Host: listener.Addr().String()}
	h, err := web.Handler(s.router, web.Options{BaseURL: u, Uploads: Uploads, Encoded: Encoded, Limits: l})
	if err != nil {
		t.Fatal(err)
	}
	server := web.NewServer(h, l, nil)
	done := make(chan struct{})
	go func() { defer close(done); _ = server.Serve(listener) }()
	t.Cleanup(func() { server.Close(); <-done })
	return u.String()
}

func TestWaitForMessage(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	// The connection would be cut after 200 ms if the wait did not move its deadlines.
	address := s.server(t, limits.Limits{ReadTimeout: 200 * time.Millisecond, WriteTimeout: 200 * time.Millisecond})
	read := func(path string) List[Message] {
		t.Helper()
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, address+path, nil)
		resp, err := new(http.Client).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var list List[Message]
		if err := json.NewDecoder(resp.Body).Decode(&list); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("status %d, %v, want 200 and a list", resp.StatusCode, err)
		}
		return list
	}
	t.Run("nothing within the time is an empty list", func(t *testing.T) {
		begin := time.Now()
		list := read("/api/v1/messages?to=ada&wait=700ms")
		if took := time.Since(begin); len(list.Items) != 0 || list.Items == nil || took < 700*time.Millisecond {
			t.Errorf("got %v after %s, want [] after 700 ms", list.Items, took)
		}
	})
	t.Run("a message that comes ends the wait", func(t *testing.T) {
		sent := make(chan error, 1)
		timer := time.AfterFunc(500*time.Millisecond, func() {
			_, err := s.Outbox.Send(t.Context(), outbox.Message{Channel: outbox.SMS, To: "399", User: "ada", Code: "123456"})
			sent <- err
		})
		defer timer.Stop()
		begin := time.Now()
		list := read("/api/v1/messages?to=ada&wait=50s")
		if err := <-sent; err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); len(list.Items) != 1 || list.Items[0].Code != "123456" || took > 20*time.Second {
			t.Errorf("got %v after %s, want the message at once", list.Items, took)
		}
	})
}

func TestOneMessage(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	question := s.send(t, outbox.Message{Channel: outbox.App, To: "app", User: "ada", Text: "Vuoi entrare?"})
	other := s.send(t, outbox.Message{Channel: outbox.App, To: "app", User: "ada", Text: "Vuoi entrare?"})
	sms := s.send(t, outbox.Message{Channel: outbox.SMS, To: "399", User: "ada", Code: "123456"})
	var m Message
	want(t, s.do(t, call{path: "/api/v1/messages/" + sms.ID}), http.StatusOK, &m)
	if m.Code != "123456" || m.User != "ada" || m.At.IsZero() {
		t.Errorf("got %+v, want what was sent", m)
	}
	want(t, s.do(t, call{method: "POST", path: "/api/v1/messages/" + question.ID + "/approve"}), http.StatusOK, &m)
	if m.Answer != "approve" {
		t.Errorf("answer is %q, want approve", m.Answer)
	}
	want(t, s.do(t, call{method: "POST", path: "/api/v1/messages/" + other.ID + "/deny"}), http.StatusOK, &m)
	if m.Answer != "deny" {
		t.Errorf("answer is %q, want deny", m.Answer)
	}
	for path, status := range map[string]int{
		question.ID + "/approve": http.StatusConflict, question.ID + "/deny": http.StatusConflict, sms.ID + "/approve": http.StatusConflict,
		"none/approve": http.StatusNotFound, "none/deny": http.StatusNotFound,
	} {
		wantProblem(t, s.do(t, call{method: "POST", path: "/api/v1/messages/" + path}), status)
	}
	wantProblem(t, s.do(t, call{path: "/api/v1/messages/none"}), http.StatusNotFound)
}

func TestClearMessages(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	sms := s.send(t, outbox.Message{Channel: outbox.SMS, To: "399", User: "ada", Code: "123456"})
	if _, can := any(s.Outbox).(clearer); !can {
		wantProblem(t, s.do(t, call{method: "DELETE", path: "/api/v1/messages"}), http.StatusNotImplemented)
		want(t, s.do(t, call{path: "/api/v1/messages/" + sms.ID}), http.StatusOK, nil)
		return
	}
	want(t, s.do(t, call{method: "DELETE", path: "/api/v1/messages"}), http.StatusNoContent, nil)
	var list List[Message]
	want(t, s.do(t, call{path: "/api/v1/messages"}), http.StatusOK, &list)
	if len(list.Items) != 0 {
		t.Errorf("%d messages are left, want none", len(list.Items))
	}
	wantProblem(t, s.do(t, call{path: "/api/v1/messages/" + sms.ID}), http.StatusNotFound)
}

// With --smtp the way of an e-mail to the server is told by API and page, in every state.
func TestRelayOfEmailsIsTold(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	plain := s.send(t, outbox.Message{Channel: outbox.Email, To: "eva@personas.example", Text: "ciao"})
	s.Outbox.RelayEmails()
	sms := s.send(t, outbox.Message{Channel: outbox.SMS, To: "1", Text: "ciao"})
	waiting := s.send(t, outbox.Message{Channel: outbox.Email, To: "eva@personas.example", Text: "ciao"})
	sent := s.send(t, outbox.Message{Channel: outbox.Email, To: "eva@personas.example", Text: "ciao"})
	failed := s.send(t, outbox.Message{Channel: outbox.Email, To: "eva@personas.example", Text: "ciao"})
	err := errors.Join(s.Outbox.Relayed(t.Context(), waiting.ID, errors.New("451 <later>"), true), s.Outbox.Relayed(t.Context(), sent.ID, nil, false),
		s.Outbox.Relayed(t.Context(), failed.ID, errors.New("550 no such user"), false))
	if err != nil {
		t.Fatal(err)
	}
	for id, row := range map[string]struct {
		want *Relay
		says string
	}{
		plain.ID:   {nil, ""},
		sms.ID:     {nil, ""},
		waiting.ID: {&Relay{State: "pending", Attempts: 1, Error: "451 <later>"}, "in attesa"},
		sent.ID:    {&Relay{State: "sent", Attempts: 1}, "consegnata"},
		failed.ID:  {&Relay{State: "failed", Attempts: 1, Error: "550 no such user"}, "non consegnata"},
	} {
		var got Message
		want(t, s.do(t, call{path: "/api/v1/messages/" + id}), http.StatusOK, &got)
		if got.Relay != nil {
			if got.Relay.At.IsZero() {
				t.Errorf("%s: the try has no time", row.says)
			}
			got.Relay.At = time.Time{}
		}
		if (got.Relay == nil) != (row.want == nil) || got.Relay != nil && *got.Relay != *row.want {
			t.Errorf("relay is %+v, want %+v", got.Relay, row.want)
		}
		page := s.do(t, call{path: "/messaggi/" + id, header: map[string]string{"Accept": "text/html"}}).Body.String()
		if strings.Contains(page, `data-testid="relay"`) != (row.want != nil) || !strings.Contains(page, row.says) {
			t.Errorf("the page does not say %q of the relay alone", row.says)
		}
		if row.want != nil && !strings.Contains(page, html.EscapeString(row.want.Error)) {
			t.Errorf("the page does not say %q", row.want.Error)
		}
	}
}
