package idp

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"time"

	"spidsim/internal/outbox"
	"spidsim/internal/store"
	"spidsim/spid"
)

// Retry says that a step was not passed and may be tried again. It is for the person: the page shows it and answers 422.
type Retry struct {
	Reason Reason
	Left   int // tries left, where they are counted
}

func (r *Retry) Error() string { return fmt.Sprintf("step not passed: %s", r.Reason) }

// Reason of a Retry, a key of the message catalogue.
type Reason string

// Reasons.
const (
	WrongPassword Reason = "password"     // also for unknown names: the words are the same (SEC-54)
	WrongCode     Reason = "code"         //
	UsedCode      Reason = "code-used"    // right, but taken before
	ExpiredCode   Reason = "code-expired" //
	NoAnswerYet   Reason = "push-waiting" // the app has not answered
	AppDenied     Reason = "push-denied"  // the person said no in the app: another way may be chosen (MET-03)
	NoFactor      Reason = "factor"       // the person has no such second factor
	NoCard        Reason = "card-none"
	OtherCard     Reason = "card-other"
	ExpiredCard   Reason = "card-expired"
	RevokedCard   Reason = "card-revoked"
	BlockedCard   Reason = "card-blocked"
	DeadCard      Reason = "card-dead" // PUK tries used up

	UnknownCard    Reason = "card-unknown"     // of another scheme
	NotEnabledCard Reason = "card-not-enabled" // a CIE without a PIN
	NoHolder       Reason = "card-holder"      // nobody of that name has such a card

	WrongPIN  Reason = "pin"
	WrongPUK  Reason = "puk"
	BadNewPIN Reason = "new-pin"
	WrongStep Reason = "step" // the form belongs to another step than the one that the login waits for
)

// Login returns a login that belongs to the browser with that cookie, or store.ErrNotFound: nobody else learns that it exists.
func (p *IdP) Login(ctx context.Context, id, cookie string) (*Login, error) {
	l, err := p.logins.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if l.IdP != p.Slug || !l.belongsTo(cookie) {
		return nil, store.ErrNotFound
	}
	return l, nil
}

// step changes a login that waits for one of the wanted steps. When it waits for something else, the login is returned
// unchanged with a Retry of WrongStep: a form from the history of the browser never skips or repeats a step (SEC-39).
func (p *IdP) step(ctx context.Context, id string, change func(l *Login, now time.Time) error, wanted ...Step) (*Login, error) {
	var retry error
	l, err := p.logins.Update(ctx, id, func(l *Login) error {
		now := p.now()
		if !slices.Contains(wanted, l.Next(now)) {
			return &Retry{Reason: WrongStep}
		}
		retry = change(l, now)
		var again *Retry
		if retry != nil && !errors.As(retry, &again) {
			return retry // ours: nothing is written
		}
		return nil
	})
	var wrong *Retry
	if errors.As(err, &wrong) {
		l, getErr := p.logins.Get(ctx, id)
		return l, cmp.Or(getErr, err)
	}
	if err != nil {
		return nil, err
	}
	return l, retry
}

// Password proves the first factor. Three wrong tries (of any factor) end the login with nr19; what the account itself forbids
// is told only now that the person has proved to be its holder (STM-01, TRG-C).
func (p *IdP) Password(ctx context.Context, id, username, password string) (*Login, error) {
	u, right, err := p.prove(ctx, username, password)
	if err != nil {
		return nil, err
	}
	var held account
	if right {
		if held, err = p.account(ctx, u); err != nil {
			return nil, err
		}
	}
	l, err := p.step(ctx, id, func(l *Login, now time.Time) error {
		if !right || u.OnlySP != "" && u.OnlySP != l.SP {
			if u != nil {
				l.Tried = u.Username
			}
			return p.wrongTry(l, now, StepCredentials, WrongPassword)
		}
		l.Username, l.AuthnInstant = u.Username, now
		l.note(now, StepCredentials, "password right: "+u.Username)
		p.checkAccount(l, held, now)
		return nil
	}, StepCredentials)
	if err != nil || l.Next(p.now()) != StepOTP && l.Next(p.now()) != StepPush {
		return l, err
	}
	return p.sendCode(ctx, l, u)
}

func (p *IdP) wrongTry(l *Login, now time.Time, step Step, reason Reason) error {
	l.WrongTries++
	l.note(now, step, "wrong try: "+string(reason))
	left := p.cfg.Attempts - l.WrongTries
	if left <= 0 {
		l.end(now, spid.WrongCredentials, "attempts used up")
		return nil
	}
	return &Retry{Reason: reason, Left: left}
}

// TriesLeft returns how many wrong tries the login still allows.
func (p *IdP) TriesLeft(l *Login) int { return p.cfg.Attempts - l.WrongTries }

// Choose changes the second factor, or sends a new code when it is the one in use (SCR-03, SCR-04).
func (p *IdP) Choose(ctx context.Context, id, factor string) (*Login, error) {
	l, u, err := p.loginAndUser(ctx, id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(p.factors(u), factor) {
		return l, &Retry{Reason: NoFactor}
	}
	l, err = p.step(ctx, id, func(l *Login, now time.Time) error {
		l.Factor, l.Code = factor, nil
		l.note(now, l.Next(now), "second factor: "+factor)
		return nil
	}, StepOTP, StepPush)
	if err != nil {
		return l, err
	}
	return p.sendCode(ctx, l, u)
}

func (p *IdP) loginAndUser(ctx context.Context, id string) (*Login, *User, error) {
	l, err := p.logins.Get(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	u, err := p.users.Get(ctx, l.Username)
	if errors.Is(err, store.ErrNotFound) {
		return l, nil, &Retry{Reason: WrongStep}
	}
	if err != nil {
		return nil, nil, err
	}
	return l, u.At(p.Slug), nil
}

// sendCode puts a code or a question into the outbox when the factor in use needs one; TOTP does not.
func (p *IdP) sendCode(ctx context.Context, l *Login, u *User) (*Login, error) {
	if l.Factor != "sms" && l.Factor != "app" {
		return l, nil
	}
	m, code := p.message(l, u)
	sent, err := p.outbox.Send(ctx, m)
	if err != nil {
		return nil, fmt.Errorf("sending a code: %w", err)
	}
	return p.step(ctx, l.ID, func(l *Login, now time.Time) error {
		l.Code = &SentCode{Message: sent.ID, Expires: now.Add(p.cfg.OTPValidity)}
		if code != "" {
			l.Code.Digest = digest(l.ID, code)
		}
		l.note(now, l.Next(now), "sent to the "+l.Factor)
		return nil
	}, StepOTP, StepPush)
}

func (p *IdP) message(l *Login, u *User) (outbox.Message, string) {
	m := outbox.Message{Channel: l.Factor, To: u.Mobile, User: u.Username, IdP: p.Slug, Login: l.ID, At: p.now()}
	if l.Factor == "app" {
		m.Subject = "Conferma l’accesso"
		m.Text = fmt.Sprintf("Stai entrando in %s con %s. Sei tu? Conferma o rifiuta.", l.Request.Display, p.DisplayName())
		return m, ""
	}
	code := p.digits(6)
	m.Code = code
	m.Text = fmt.Sprintf("%s: il tuo codice è %s. Vale %s. Non darlo a nessuno.", p.DisplayName(), code, minutes(p.cfg.OTPValidity))
	return m, code
}

func minutes(d time.Duration) string {
	if d == time.Minute {
		return "1 minuto"
	}
	if d%time.Minute == 0 {
		return fmt.Sprintf("%d minuti", d/time.Minute)
	}
	return fmt.Sprintf("%d secondi", int(d.Seconds()))
}

// OTP proves the second factor by a code: of the authenticator or of the last SMS.
func (p *IdP) OTP(ctx context.Context, id, code string) (*Login, error) {
	l, err := p.logins.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if l.Factor == "totp" {
		return p.authenticator(ctx, id, l.Username, normalCode(code))
	}
	return p.step(ctx, id, func(l *Login, now time.Time) error {
		c := l.Code
		switch {
		case c == nil || c.Digest == "" || c.Used || !now.Before(c.Expires):
			return &Retry{Reason: ExpiredCode, Left: p.TriesLeft(l)}
		case subtle.ConstantTimeCompare([]byte(c.Digest), []byte(digest(l.ID, normalCode(code)))) != 1:
			return p.wrongTry(l, now, StepOTP, WrongCode)
		}
		c.Used = true
		p.passSecondFactor(l, now, "code of the SMS right")
		return nil
	}, StepOTP)
}

// authenticator takes a TOTP code. The step is stored in the same transaction that moves the login on, so no code works twice (SEC-55).
func (p *IdP) authenticator(ctx context.Context, id, username, code string) (l *Login, err error) {
	var retry error
	err = p.store.Atomic(ctx, func(ctx context.Context) error {
		taken, used := false, false
		_, err := p.users.Update(ctx, username, func(u *User) error {
			step, ok := u.matchTOTP(code, p.now())
			taken, used = ok && step > u.LastStep, ok && step <= u.LastStep
			if taken {
				u.LastStep = step
			}
			return nil
		})
		if err != nil {
			return err
		}
		l, retry = p.step(ctx, id, func(l *Login, now time.Time) error {
			switch {
			case taken:
				p.passSecondFactor(l, now, "code of the authenticator right")
				return nil
			case used:
				return &Retry{Reason: UsedCode, Left: p.TriesLeft(l)}
			}
			return p.wrongTry(l, now, StepOTP, WrongCode)
		}, StepOTP)
		var again *Retry
		if errors.As(retry, &again) && again.Reason != WrongStep {
			return nil // a wrong try is a fact to be kept
		}
		return retry
	})
	if err == nil {
		err = retry
	}
	return l, err
}

func (p *IdP) passSecondFactor(l *Login, now time.Time, what string) {
	l.note(now, l.Next(now), what)
	l.SecondFactor, l.AuthnInstant = true, now
	p.readyCard(l, now)
}

// Push looks whether the person has answered in the app. NoAnswerYet is the usual result of asking too soon.
func (p *IdP) Push(ctx context.Context, id string) (*Login, error) {
	l, err := p.logins.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	answer := ""
	if l.Code != nil && l.Factor == "app" {
		m, err := p.outbox.Get(ctx, l.Code.Message)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if m != nil {
			answer = m.Answer
		}
	}
	return p.step(ctx, id, func(l *Login, now time.Time) error {
		c := l.Code
		switch {
		case c == nil || c.Used || !now.Before(c.Expires):
			return &Retry{Reason: ExpiredCode}
		case answer == "":
			return &Retry{Reason: NoAnswerYet}
		}
		c.Used = true
		if answer != outbox.Approve {
			l.note(now, StepPush, "refused in the app")
			return &Retry{Reason: AppDenied}
		}
		p.passSecondFactor(l, now, "confirmed in the app")
		return nil
	}, StepPush)
}

// AnswerPush answers the question that waits in the app of the person, as the drawn phone does, and looks at once.
func (p *IdP) AnswerPush(ctx context.Context, id string, approve bool) (*Login, error) {
	l, err := p.logins.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if l.Code == nil || l.Factor != "app" {
		return l, &Retry{Reason: WrongStep}
	}
	answer := outbox.Deny
	if approve {
		answer = outbox.Approve
	}
	if err := p.outbox.Answer(ctx, l.Code.Message, answer); err != nil && !errors.Is(err, outbox.ErrAnswered) {
		return nil, err
	}
	return p.Push(ctx, id)
}

// Consent takes the person's word on sending the data: yes leads to the Response, no to nr22.
func (p *IdP) Consent(ctx context.Context, id string, granted bool) (*Login, error) {
	return p.step(ctx, id, func(l *Login, now time.Time) error {
		if !granted {
			l.end(now, spid.ConsentDenied, "consent denied")
			return nil
		}
		l.note(now, StepConsent, "consent given")
		l.Consented = true
		return nil
	}, StepConsent)
}

// Cancel ends the login with nr25, at any step that a person stands before (TRG-25, TRG-A).
func (p *IdP) Cancel(ctx context.Context, id string) (*Login, error) {
	return p.step(ctx, id, func(l *Login, now time.Time) error {
		l.end(now, spid.Cancelled, "cancelled by the person")
		return nil
	}, StepCredentials, StepOTP, StepPush, StepCard, StepConsent)
}

// Extend gives the person the whole time again, at most ten times (UX-68).
func (p *IdP) Extend(ctx context.Context, id string) (*Login, error) {
	return p.step(ctx, id, func(l *Login, now time.Time) error {
		if now.Add(p.cfg.LoginTimeout).After(l.lastDeadline(p.cfg.LoginTimeout)) {
			return nil
		}
		l.Deadline = now.Add(p.cfg.LoginTimeout)
		l.note(now, l.Next(now), "more time")
		return nil
	}, StepCredentials, StepOTP, StepPush, StepCard, StepConsent)
}
