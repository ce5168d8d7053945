package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"time"

	"spidsim/idp"
	"spidsim/internal/outbox"
	"spidsim/internal/store"
	"spidsim/onboarding"
)

// door lets the holders of an identity into its pages at the gestore (OSC-32): the password proves level 1, a code by SMS level 2.
type door struct {
	federation *idp.Federation
	outbox     *outbox.Outbox
	codes      *store.Collection[doorCode]
	now        func() time.Time
}

// doorCode is a code that was sent, by gestore and user name.
type doorCode struct {
	Digest  string
	Expires time.Time
	Tries   int
}

const (
	doorLife  = 10 * time.Minute
	doorTries = 3
)

func newDoor(f *idp.Federation, db *store.DB, box *outbox.Outbox, now func() time.Time) door {
	return door{f, box, store.NewCollection[doorCode](db, "door-code", nil), now}
}

// Password implements gestore.Door.
func (d door) Password(ctx context.Context, slug, username, password string) error {
	p, ok := d.federation.Provider(slug)
	if !ok {
		return onboarding.Deny(onboarding.RecoveryWrong)
	}
	u, err := p.Prove(ctx, username, password)
	if err == nil && u == nil {
		err = onboarding.Deny(onboarding.RecoveryWrong).By("ONB-145").At("password")
	}
	return err
}

// SendCode implements gestore.Door.
func (d door) SendCode(ctx context.Context, slug, username string) error {
	u, err := d.federation.FindUser(ctx, username)
	if err != nil {
		return err
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1e6))
	if err != nil {
		return fmt.Errorf("random source: %w", err)
	}
	code := fmt.Sprintf("%06d", n)
	c := &doorCode{Digest: doorDigest(slug, u.Username, code), Expires: d.now().Add(doorLife)}
	if err := d.codes.Put(ctx, slug+"\x1f"+u.Username, c, d.now().Add(doorLife)); err != nil {
		return err
	}
	_, err = d.outbox.Send(ctx, outbox.Message{Channel: outbox.SMS, To: u.Mobile, User: u.Username, IdP: slug, Code: code,
		Text: "Il codice per la pagina della tua identità è " + code + ". Vale 10 minuti. Non darlo a nessuno."})
	return err
}

// Code implements gestore.Door. A code works once; three wrong tries end it.
func (d door) Code(ctx context.Context, slug, username, code string) error {
	id, right := slug+"\x1f"+username, false
	_, err := d.codes.Update(ctx, id, func(c *doorCode) error {
		right = c.Tries < doorTries && d.now().Before(c.Expires) &&
			subtle.ConstantTimeCompare([]byte(c.Digest), []byte(doorDigest(slug, username, onboarding.NormalCode(code)))) == 1
		c.Tries++
		if right {
			c.Tries = doorTries
		}
		return nil
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && !right {
		return onboarding.Deny(onboarding.ContactWrong).At("code")
	}
	return err
}

func doorDigest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p + "\x1f"))
	}
	return hex.EncodeToString(h.Sum(nil))
}
