package gestore

import (
	"context"
	"strings"

	"spidsim/internal/outbox"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// drawn says beside which pages the person's phone and mailbox stand, also outside of lessons (UX-102).
var drawn = map[string]struct{ phone, mail bool }{
	"codes": {true, true}, "av-transfer": {true, false}, "sms": {true, false}, "rao-entry": {false, true}, "procedure-code": {false, true},
}

// scene is what a lesson puts round a page; without one, the messages that the page is about.
func (f *Face) scene(ctx context.Context, p ui.Page, e *onboarding.Enrolment, step string) *templates.Scene {
	if f.cfg.Scene != nil {
		if s := f.cfg.Scene(ctx, p.L(), e.FiscalCode, step); s != nil {
			return s
		}
	}
	want := drawn[step]
	if !want.phone && !want.mail {
		return nil
	}
	s := &templates.Scene{Person: e.GivenName, Clock: ui.Clock(f.cfg.Office.Now()), Phones: want.phone, Letters: want.mail}
	if want.phone {
		s.Phone = f.newest(ctx, e, outbox.SMS, e.Contacts.Mobile)
	}
	if want.mail {
		s.Mailbox = f.newest(ctx, e, outbox.Email, e.Contacts.Email)
	}
	return s
}

// newest is the newest message of a channel, none when it cannot be read: a page without a drawing is a page all the same.
func (f *Face) newest(ctx context.Context, e *onboarding.Enrolment, channel, to string) []templates.Message {
	filter := outbox.Filter{User: e.Username, Channel: channel}
	if e.Username == "" {
		filter.To = to
	}
	list, err := f.cfg.Outbox.List(ctx, filter, 1)
	if err != nil {
		f.cfg.Log.Error("reading the outbox", "err", err)
	}
	var out []templates.Message
	for _, m := range list {
		text := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(m.Text), outbox.Banner))
		out = append(out, templates.Message{ID: m.ID, Channel: m.Channel, From: f.sender(m), To: m.To, Subject: m.Subject, Text: text, Code: m.Code, At: m.At})
	}
	return out
}

func (f *Face) sender(m *outbox.Message) string {
	if g, ok := f.cfg.Office.Gestore(m.IdP); ok {
		return g.Name
	}
	return f.cfg.Portal
}
