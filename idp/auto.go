package idp

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"spidsim/internal/outbox"
	"spidsim/spid"
)

// Persona is who plays a login without a browser, and how it is to end.
type Persona struct {
	Username string
	Password string       // that a human being chose; "" = the public one of a test person
	Factor   string       // second factor to use; "" = the person's first
	Ends     spid.Anomaly // Cancelled, ConsentDenied or WrongCredentials on purpose; 0 = as well as it can
}

// maxSteps is more than any login has: a machine that does not come to an end is a fault of ours.
const maxSteps = 20

// LogIn plays a whole login in process with the person's own credentials, step by step through the same engine as the pages, and
// answers it. A refused request comes back in Received with the Response for the service provider, if it gets one.
func (p *IdP) LogIn(ctx context.Context, in Inbound, who Persona) (*Received, *Reply, error) {
	received, err := p.Receive(ctx, in)
	if err != nil || received.Login == nil {
		return received, received.reply(), err
	}
	l := received.Login
	for range maxSteps {
		switch l.Next(p.now()) {
		case StepAnswer, StepEnd, StepTimeout:
			reply, err := p.Answer(ctx, l.ID)
			return received, reply, err
		}
		next, err := p.play(ctx, l, who)
		var retry *Retry
		if err != nil && (!errors.As(err, &retry) || who.Ends != spid.WrongCredentials) {
			return received, nil, fmt.Errorf("login of %s at step %s: %w", who.Username, l.Next(p.now()), err)
		}
		l = next
	}
	return received, nil, fmt.Errorf("login of %s did not come to an end", who.Username)
}

func (r *Received) reply() *Reply {
	if r == nil {
		return nil
	}
	return r.Reply
}

// play does the one step that the login waits for.
func (p *IdP) play(ctx context.Context, l *Login, who Persona) (*Login, error) {
	if who.Ends == spid.Cancelled {
		return p.Cancel(ctx, l.ID)
	}
	u, err := p.person(ctx, who.Username)
	if err != nil {
		return l, fmt.Errorf("user %s: %w", who.Username, err)
	}
	switch l.Next(p.now()) {
	case StepCredentials:
		password := cmp.Or(who.Password, u.Password)
		if who.Ends == spid.WrongCredentials {
			password += "-wrong"
		}
		return p.Password(ctx, l.ID, u.Username, password)
	case StepOTP, StepPush:
		return p.playFactor(ctx, l, who)
	case StepCard:
		return p.playCard(ctx, l, u)
	case StepConsent:
		return p.Consent(ctx, l.ID, who.Ends != spid.ConsentDenied)
	}
	return l, nil
}

// playCard enters the PIN of the person's card, after putting it into the reader where the card comes first.
func (p *IdP) playCard(ctx context.Context, l *Login, u *User) (*Login, error) {
	card, err := p.CardOf(ctx, u.Username, p.cardKind())
	if err != nil {
		return l, fmt.Errorf("card of %s: %w", u.Username, err)
	}
	if l.CardFirst && l.CardInReader == "" {
		return p.PutInReader(ctx, l.ID, u.Username)
	}
	return p.Card(ctx, l.ID, card.PIN)
}

func (p *IdP) playFactor(ctx context.Context, l *Login, who Persona) (*Login, error) {
	if who.Factor != "" && who.Factor != l.Factor {
		return p.Choose(ctx, l.ID, who.Factor)
	}
	switch l.Factor {
	case "app":
		return p.AnswerPush(ctx, l.ID, true)
	case "totp":
		code, err := p.TOTP(ctx, l.Username)
		if err != nil {
			return l, err
		}
		return p.OTP(ctx, l.ID, code.Code)
	}
	found, err := p.outbox.List(ctx, outbox.Filter{Login: l.ID}, 1)
	if err != nil {
		return l, err
	}
	if len(found) == 0 {
		return p.Choose(ctx, l.ID, l.Factor)
	}
	return p.OTP(ctx, l.ID, found[0].Code)
}
