package idp

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"spidsim/saml"
	"spidsim/spid"
)

// notBefore is how far NotBefore lies in the past: some stacks allow their clock no difference at all.
const notBefore = 5 * time.Second

// ErrAnswered says that the login has had its one Response (STM-02).
var ErrAnswered = errors.New("this login has been answered already")

// errTooEarly says that the person has steps left.
var errTooEarly = errors.New("this login waits for another step")

// Reply is a Response on its way out, in the form that carries it.
type Reply struct {
	Form    saml.Form
	XML     []byte
	Anomaly spid.Anomaly // 0 for success
	Level   spid.Level   // performed; 0 without success
}

// Answer makes the one Response of a login that has ended, in success or not, and closes it. Two callers at once
// get one Response and one ErrAnswered.
func (p *IdP) Answer(ctx context.Context, loginID string) (*Reply, error) {
	l, err := p.logins.Get(ctx, loginID)
	if err != nil {
		return nil, err
	}
	now := p.now()
	step := l.Next(now)
	switch step {
	case StepAnswered:
		return nil, ErrAnswered
	case StepAnswer, StepEnd, StepTimeout:
	default:
		return nil, errTooEarly
	}
	reply, err := p.build(ctx, l, l.anomaly(step))
	if err != nil {
		return nil, err
	}
	if err := p.closeLogin(ctx, l.ID, step, reply); err != nil {
		return nil, err
	}
	p.log.Info("login answered", "idp", p.Slug, "sp", l.SP, "login", l.ID, "user", l.Username, "anomaly", int(reply.Anomaly))
	return reply, nil
}

func (p *IdP) build(ctx context.Context, l *Login, a spid.Anomaly) (*Reply, error) {
	if a != 0 {
		resp := spid.NewAnomalyResponse(a, p.EntityID, l.Request.ACS, l.Request.ID, p.now(), p.newID)
		return p.reply(resp, l.Request.RelayState, a)
	}
	attributes, err := p.Released(ctx, l)
	if err != nil {
		return nil, err
	}
	now := p.now()
	resp := spid.NewResponse(spid.Grant{
		IdP: p.EntityID, SP: l.SP, Request: &saml.AuthnRequest{ID: l.Request.ID, IssueInstant: l.Request.IssueInstant},
		ACS: l.Request.ACS, Now: now, AuthnInstant: l.AuthnInstant, Level: l.Performed,
		SessionIndex: p.newID(), Attributes: attributes, Validity: p.cfg.Validity, Backdate: notBefore,
	}, p.newID)
	reply, err := p.reply(resp, l.Request.RelayState, 0)
	if err == nil {
		reply.Level = l.Performed
	}
	return reply, err
}

// Released returns the attributes that the login hands over: those of the set asked for that the identity has, in the order of
// the set (AST-17). Without a set there are none (REQ-15), but for the minimum set of the CIE (CIE-12).
func (p *IdP) Released(ctx context.Context, l *Login) ([]saml.Attribute, error) {
	if l.Request.Set < 0 && p.Kind != KindCIE {
		return nil, nil
	}
	set, ok := p.set(ctx, l)
	if !ok && l.Request.Set >= 0 {
		return nil, fmt.Errorf("service provider %s or its attribute set %d is no longer registered", l.SP, l.Request.Set)
	}
	u, err := p.person(ctx, l.Username)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", l.Username, err)
	}
	return p.released(set, u), nil
}

// reply signs a Response as configured: the Assertion first, then the whole (SIG-09). An anomaly has no Assertion, so the
// Response is signed unless nothing is (SIG-10).
func (p *IdP) reply(resp *saml.Response, relayState string, a spid.Anomaly) (*Reply, error) {
	el := p.plainIssuer(resp).Element()
	how := p.cfg.Sign
	assertion := saml.Child(el, saml.NSAssertion, "Assertion")
	if assertion != nil && (how == SignBoth || how == SignAssertion) {
		if err := p.key.Sign(assertion); err != nil {
			return nil, fmt.Errorf("signing the Assertion: %w", err)
		}
	}
	if how == SignBoth || how == SignResponse || (assertion == nil && how != SignNone) {
		if err := p.key.Sign(el); err != nil {
			return nil, fmt.Errorf("signing the Response: %w", err)
		}
	}
	form := saml.PostForm(resp.Destination, saml.ParamResponse, el, relayState)
	octets, err := base64.StdEncoding.DecodeString(form.Message)
	if err != nil {
		return nil, fmt.Errorf("own message: %w", err)
	}
	return &Reply{Form: form, XML: octets, Anomaly: a}, nil
}

// closeLogin marks the login answered and adds the answer to the journal, both or neither.
func (p *IdP) closeLogin(ctx context.Context, id string, step Step, r *Reply) error {
	now := p.now()
	return p.store.Atomic(ctx, func(ctx context.Context) error {
		l, err := p.logins.Update(ctx, id, func(l *Login) error {
			if l.Answered {
				return ErrAnswered
			}
			l.note(now, step, "Response sent")
			l.Answered, l.Ended = true, r.Anomaly
			return nil
		})
		if err != nil {
			return err
		}
		if r.Anomaly == 0 {
			if err := p.noteUse(ctx, l, now); err != nil {
				return err
			}
		}
		return p.answers.Create(ctx, l.Exchange, &answer{
			Username: l.Username, Tried: l.tried(), Level: r.Level, Anomaly: r.Anomaly, Response: r.XML, ACS: r.Form.Action, Answered: now, Steps: l.Journal,
		}, time.Time{})
	})
}
