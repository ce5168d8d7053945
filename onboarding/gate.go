package onboarding

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"spidsim/internal/outbox"
	"spidsim/internal/store"
	"spidsim/spid"
)

// Gate is the wire between portal and gestori (ONB-81…ONB-86). The program meets it with package onboarding/handoff and the keys of both
// sides; the office knows only what goes in and what comes out.
type Gate interface {
	// Send makes the signed and encrypted hand-off of the three data to a gestore.
	Send(slug string, data HandedOver, relayState string, now time.Time) (Parcel, error)
	// Receive opens a hand-off at a gestore. A stale one is *Denied with RSN-HANDOFF-STALE; a sender that cannot be recognised is any
	// other error.
	Receive(slug string, form url.Values, now time.Time, maxAge time.Duration) (Delivery, error)
	// Answer makes the result that a gestore gives the portal.
	Answer(slug, messageID, relayState string, a Answer, now time.Time) (Parcel, error)
	// ReadAnswer opens a result at the portal: one that the browser carried, or one that came by itself.
	ReadAnswer(form url.Values, sync bool, now time.Time) (Outcome, error)
}

// Parcel is a form that carries a message to another site.
type Parcel struct {
	MessageID  string
	Action     string // absolute address
	Param      string // "SAMLResponse" or "Result"
	Message    string // base64
	RelayState string
}

// Values are the fields of the form.
func (p Parcel) Values() url.Values {
	return url.Values{p.Param: {p.Message}, "RelayState": {p.RelayState}}
}

// Delivery is a hand-off as a gestore reads it.
type Delivery struct {
	MessageID  string
	RelayState string
	Sender     string // spCode
	Data       HandedOver
}

// Outcome is a result as the portal reads it.
type Outcome struct {
	Slug      string
	MessageID string // of the hand-off
	Code      int
}

// ErrNoGate says that the office was made without a wire: the portal is off.
var ErrNoGate = errors.New("this office has no wire to the gestori")

// HandOver makes the message of a request that is about to leave the portal (N7). Made again, the message before is worth nothing: a person
// who reads for long is not too late.
func (o *Office) HandOver(ctx context.Context, id string) (Parcel, error) {
	if o.cfg.Gate == nil {
		return Parcel{}, ErrNoGate
	}
	e, err := o.enrolments.Get(ctx, id)
	if err != nil {
		return Parcel{}, err
	}
	if e.State != AtHandoff {
		return Parcel{}, Deny(WrongStep).Because("hand-off in state %s", e.State)
	}
	p, err := o.cfg.Gate.Send(e.IdP, e.HandedOver(), o.newID(), o.Now())
	if err != nil {
		return Parcel{}, fmt.Errorf("hand-off to %s: %w", e.IdP, err)
	}
	return p, o.db.Atomic(ctx, func(ctx context.Context) error {
		var before *Message
		_, err := o.enrolments.Update(ctx, id, func(e *Enrolment) error {
			if e.State != AtHandoff {
				return errLost
			}
			before, e.Message = e.Message, &Message{ID: p.MessageID, RelayState: p.RelayState, Sent: o.Now()}
			return nil
		})
		if err != nil {
			return err
		}
		return o.void(ctx, id, before)
	})
}

// void makes a message worthless that was taken back before it arrived (ONB-86).
func (o *Office) void(ctx context.Context, id string, m *Message) error {
	if m == nil || !m.Delivered.IsZero() {
		return nil
	}
	err := o.messages.Create(ctx, m.ID, &usedMessage{id}, o.Now().Add(usedLife))
	if isTaken(err) {
		return nil
	}
	return err
}

// Receive takes a hand-off at a gestore: it opens it, refuses replays and brings the request to R0, then opens it there (section 6.1). secret
// is the cookie of the browser that carried it. A hand-off that no request of ours sent starts one of its own.
func (o *Office) Receive(ctx context.Context, slug string, form url.Values, secret string) (*Enrolment, error) {
	s, err := o.Settings(ctx)
	if err != nil {
		return nil, err
	}
	if o.cfg.Gate == nil {
		return nil, ErrNoGate
	}
	d, err := o.cfg.Gate.Receive(slug, form, o.Now(), s.HandoffLife)
	if err != nil {
		return nil, err
	}
	var e *Enrolment
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		if e, err = o.delivered(ctx, slug, d, secret); err != nil {
			return err
		}
		e, _, err = o.do(ctx, e.ID, EvOpen, Input{})
		return err
	})
	if err == nil {
		o.answered(e)
	}
	return e, err
}

// delivered brings the request of a hand-off to R0.
func (o *Office) delivered(ctx context.Context, slug string, d Delivery, secret string) (*Enrolment, error) {
	e, err := optional(o.enrolments.Find(ctx, "message", d.MessageID))
	if err != nil {
		return nil, err
	}
	id := ""
	if e != nil {
		id = e.ID
	}
	if err := o.messages.Create(ctx, d.MessageID, &usedMessage{id}, o.Now().Add(usedLife)); errors.Is(err, store.ErrExists) {
		return nil, Deny(HandoffReplay)
	} else if err != nil {
		return nil, err
	}
	now := o.Now()
	message := &Message{ID: d.MessageID, RelayState: d.RelayState, Sent: now, Delivered: now}
	if e != nil && (e.State != AtHandoff || e.IdP != slug) { // taken before, however long ago
		return nil, Deny(HandoffReplay)
	}
	if e == nil {
		return o.create(ctx, &Enrolment{State: Received, IdP: slug, Message: message, Browser: digest(secret), Means: "pin",
			FiscalCode: d.Data.FiscalCode, FamilyName: d.Data.FamilyName, GivenName: d.Data.GivenName, Username: o.usernameOf(ctx, d.Data.FiscalCode)})
	}
	before := len(e.History)
	message.Sent = e.Message.Sent
	e.Message, e.Browser = message, digest(secret)
	e.move(EvDeliver, Received, now)
	return e, o.keep(ctx, e, before, nil)
}

func (o *Office) usernameOf(ctx context.Context, code spid.FiscalCode) string {
	c, err := o.Citizen(ctx, string(code))
	if err != nil {
		return ""
	}
	return c.Username
}

// Carry hands a request over without a browser: the same message, built and opened by the same code.
func (o *Office) Carry(ctx context.Context, id string) (*Enrolment, error) {
	p, err := o.HandOver(ctx, id)
	if err != nil {
		return nil, err
	}
	e, err := o.enrolments.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return o.Receive(ctx, e.IdP, p.Values(), o.NewSecret())
}

// BelongsTo reports whether a request was opened by the browser with that cookie.
func (e *Enrolment) BelongsTo(secret string) bool { return secret != "" && e.Browser == digest(secret) }

// Adopt binds a request to a browser: for the way from the console and the lessons, where the operator hands it on.
func (o *Office) Adopt(ctx context.Context, id, secret string) (*Enrolment, error) {
	return o.enrolments.Update(ctx, id, func(e *Enrolment) error {
		e.Browser = digest(secret)
		return nil
	})
}

// Synchronous is the result that waits to be carried to the portal by the browser, false when there is none (ONB-83).
func (o *Office) Synchronous(e *Enrolment) (Parcel, bool, error) {
	for _, a := range e.Results {
		if a.Sync && a.Delivered.IsZero() && e.Message != nil && o.cfg.Gate != nil {
			p, err := o.cfg.Gate.Answer(e.IdP, e.Message.ID, e.Message.RelayState, a, o.Now())
			return p, true, err
		}
	}
	return Parcel{}, false, nil
}

// Courier carries a form to the portal without a browser; sync says to which of its two addresses.
type Courier func(ctx context.Context, action string, form url.Values, sync bool) error

// DeliverResults carries the results that wait to the portal: the asynchronous ones, and with sync the others as well (for requests without
// a browser). A result that cannot be carried now is carried at the next call: none is lost, and the portal takes each one once.
func (o *Office) DeliverResults(ctx context.Context, carry Courier, sync bool) error {
	if o.cfg.Gate == nil {
		return nil
	}
	all, err := o.Enrolments(ctx, 0)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range all {
		errs = append(errs, o.deliverResults(ctx, e, carry, sync))
	}
	return errors.Join(errs...)
}

// DeliverResult is DeliverResults for one request.
func (o *Office) DeliverResult(ctx context.Context, id string, carry Courier, sync bool) error {
	e, err := optional(o.enrolments.Get(ctx, id))
	if err != nil || e == nil || o.cfg.Gate == nil {
		return err
	}
	return o.deliverResults(ctx, e, carry, sync)
}

func (o *Office) deliverResults(ctx context.Context, e *Enrolment, carry Courier, sync bool) error {
	for _, a := range e.Results {
		if !a.Delivered.IsZero() || e.Message == nil || a.Sync && !sync {
			continue
		}
		p, err := o.cfg.Gate.Answer(e.IdP, e.Message.ID, e.Message.RelayState, a, o.Now())
		if err != nil {
			return fmt.Errorf("result nr%d of %s: %w", a.Code, e.ID, err)
		}
		if err := carry(ctx, p.Action, p.Values(), a.Sync); err != nil {
			return fmt.Errorf("result nr%d of %s: %w", a.Code, e.ID, err)
		}
	}
	return nil
}

// TakeResult is the portal's side of a result: it opens it and notes it at the request. The same one again changes nothing. A result of no
// request of ours returns store.ErrNotFound. sync says by which of its two addresses it came.
func (o *Office) TakeResult(ctx context.Context, form url.Values, sync bool) (*Enrolment, Outcome, error) {
	if o.cfg.Gate == nil {
		return nil, Outcome{}, ErrNoGate
	}
	out, err := o.cfg.Gate.ReadAnswer(form, sync, o.Now())
	if err != nil {
		return nil, out, err
	}
	e, err := o.enrolments.Find(ctx, "message", out.MessageID)
	if err != nil {
		return nil, out, err
	}
	if e.IdP != out.Slug {
		return nil, out, fmt.Errorf("result of %q for a request at %q", out.Slug, e.IdP)
	}
	e, err = o.enrolments.Update(ctx, e.ID, func(e *Enrolment) error {
		for i := range e.Results {
			if a := &e.Results[i]; a.Code == out.Code && a.Delivered.IsZero() {
				a.Delivered = o.Now()
			}
		}
		return nil
	})
	return e, out, err
}

// Tell sends a message to a test person on behalf of the institute.
func (o *Office) Tell(ctx context.Context, c Citizen, channel, subject, text, code string) error {
	to := c.Email
	switch channel {
	case outbox.SMS, outbox.App:
		to = c.Mobile
	case outbox.Letter:
		to = c.Name() + ", " + c.Domicile.Street + ", " + c.Domicile.PostalCode + " " + c.Domicile.Municipality
	}
	_, err := o.outbox.Send(ctx, outbox.Message{Channel: channel, To: to, User: c.Username, Subject: subject, Text: text, Code: code})
	return err
}
