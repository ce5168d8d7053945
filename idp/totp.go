package idp

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"spidsim/internal/store"
)

const (
	totpPeriod = 30 // seconds a step
	// totpAhead bounds how far the simulated authenticator may run ahead of the clock: ten minutes. RFC 6238 section 6
	// lets a verifier follow a drifting device; ours follows the one device that it draws itself.
	totpAhead = 20
)

// ErrNoFreshCode says that every code the authenticator may show has been used: wait for the clock.
var ErrNoFreshCode = errors.New("every code of the next ten minutes has been used")

var totpOptions = totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

func stepAt(now time.Time) int64 { return now.Unix() / totpPeriod }

func totpCode(secret string, step int64) (string, error) {
	return totp.GenerateCodeCustom(secret, time.Unix(step*totpPeriod, 0).UTC(), totpOptions)
}

// TOTP is what the simulated authenticator shows.
type TOTP struct {
	Code     string
	ValidFor int // whole seconds until the code is no longer accepted
}

// TOTP returns the code that the person's authenticator shows now. It never shows a code that was used
// before: then it shows the following one, and the gestore accepts that (LastStep, ShownStep).
func (f *Federation) TOTP(ctx context.Context, username string) (TOTP, error) {
	now := f.now()
	u, err := f.users.Get(ctx, normalUsername(username))
	if err != nil {
		return TOTP{}, err
	}
	step := max(stepAt(now), u.LastStep+1)
	if step > stepAt(now)+totpAhead {
		return TOTP{}, ErrNoFreshCode
	}
	if step > u.ShownStep && step > stepAt(now)+1 {
		_, err = f.users.Update(ctx, u.Username, func(u *User) error {
			u.ShownStep = max(u.ShownStep, step)
			return nil
		})
		if err != nil {
			return TOTP{}, err
		}
	}
	code, err := totpCode(u.TOTPSecret, step)
	if err != nil {
		return TOTP{}, err
	}
	end := time.Unix((step+2)*totpPeriod, 0) // one step of grace after its own
	return TOTP{Code: code, ValidFor: int(end.Sub(now).Seconds())}, nil
}

// ForgetFutureSteps takes back, for everybody, the TOTP steps that lie ahead of the clock. It is for the moment at which the operator
// has set the simulated clock back on purpose: codes that were used in what is now the future would keep their owners out until the clock
// comes there again. It is the one exception to SEC-55: a code used before such a move works again when its time comes. A clock of the
// machine that jumps back by itself never gets here, and steps stay taken then.
func (f *Federation) ForgetFutureSteps(ctx context.Context) error {
	users, err := f.Users(ctx)
	if err != nil {
		return err
	}
	now := stepAt(f.now())
	for _, u := range users {
		if u.LastStep <= now+1 && u.ShownStep <= now+1 {
			continue
		}
		_, err := f.users.Update(ctx, u.Username, func(u *User) error {
			u.LastStep, u.ShownStep = min(u.LastStep, now-1), min(u.ShownStep, now-1)
			return nil
		})
		if err != nil && !errors.Is(err, store.ErrNotFound) { // deleted meanwhile
			return fmt.Errorf("TOTP steps of %s: %w", u.Username, err)
		}
	}
	return nil
}

// matchTOTP returns the step that code belongs to: one step either way of the clock, or one that the simulated
// authenticator has shown. All candidates are compared, in constant time each.
func (u *User) matchTOTP(code string, now time.Time) (step int64, ok bool) {
	current := stepAt(now)
	last := min(max(current+1, u.ShownStep), current+totpAhead)
	for s := current - 1; s <= last; s++ {
		want, err := totpCode(u.TOTPSecret, s)
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// OTPAuthURL returns the address that an authenticator app reads from the QR code. It holds the secret: never log it.
func (u *User) OTPAuthURL() (string, error) {
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(u.TOTPSecret)
	if err != nil {
		return "", fmt.Errorf("secret of %s: %w", u.Username, err)
	}
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: "spidsim (simulatore)", AccountName: u.Username, Secret: secret,
		Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	if err != nil {
		return "", err
	}
	return key.URL(), nil
}

// normalCode takes what people type or paste: blanks and hyphens between digits do not count (UX-67).
// Anything but ASCII digits stays and so never matches (SEC-55).
func normalCode(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u00a0' {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
}
