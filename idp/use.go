package idp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"spidsim/internal/outbox"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/spid"
)

// prove checks user name and password at this gestore. u is the person as the try leaves the record, nil when nobody here has that name.
func (p *IdP) prove(ctx context.Context, username, password string) (u *User, right bool, err error) {
	u, err = p.users.Get(ctx, normalUsername(username))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, false, err
	}
	if err != nil || !u.Has(p.Slug) {
		u = nil
	}
	if u != nil {
		u = u.At(p.Slug)
	}
	right, err = p.passwordRight(ctx, u, password)
	if err != nil || u == nil || u.Source != SourceOnboarding && !p.cfg.Lock {
		return u, right, err
	}
	if u, err = p.countTry(ctx, u.Username, right); err != nil {
		return nil, false, err
	}
	return u.At(p.Slug), right, nil
}

// countTry counts wrong passwords in a row, over logins: too many lock the credentials for half an hour (ONB-145, TMO-02). Whoever is
// locked or suspended is told to wait, and tries meanwhile do not make it longer.
func (p *IdP) countTry(ctx context.Context, username string, right bool) (*User, error) {
	return p.users.Update(ctx, username, func(u *User) error {
		s, now := u.States[p.Slug], p.now()
		switch {
		case right && s.WrongTries == 0, !right && !u.usable(p.Slug, now):
			return nil
		case right:
			s.WrongTries = 0
		case s.WrongTries+1 < p.cfg.Attempts:
			s.WrongTries++
		default:
			s.WrongTries, s.Status, s.Cause, s.Until = 0, people.Locked, "lock", now.Add(lockLife)
			p.log.Warn("credentials locked", "idp", p.Slug, "user", u.Username, "until", s.Until)
		}
		u.keep(p.Slug, s)
		return nil
	})
}

// noteUse keeps when an identity was used, and tells the holder who asked for it (ONB-143, ONB-144). Of test people nothing is kept, for
// the sake of throughput: the journal has it.
func (p *IdP) noteUse(ctx context.Context, l *Login, now time.Time) error {
	u, err := p.users.Get(ctx, l.Username)
	if errors.Is(err, store.ErrNotFound) {
		return nil // deleted in the meantime
	}
	if err != nil || u.Source != SourceOnboarding && !u.States[p.Slug].NotifyUse {
		return err
	}
	_, err = p.users.Update(ctx, u.Username, func(u *User) error {
		s := u.States[p.Slug]
		s.LastUsed = now
		u.keep(p.Slug, s)
		return nil
	})
	if err != nil || !u.States[p.Slug].NotifyUse {
		return err
	}
	_, err = p.outbox.Send(ctx, outbox.Message{Channel: outbox.Email, To: u.At(p.Slug).Email, User: u.Username, IdP: p.Slug, Login: l.ID, At: now,
		Subject: "La tua identità è stata usata",
		Text: fmt.Sprintf("Ciao %s,\nla tua identità SPID di %s è stata usata per entrare in %s, al livello %d. Se non eri tu, sospendila subito.",
			u.GivenName, p.DisplayName(), l.Request.Display, int(l.Performed))})
	return err
}

// Access is one use of an identity, or a try that failed (ONB-144).
type Access struct {
	At      time.Time
	Service string // display name of the service provider, else its entityID
	Level   spid.Level
	Anomaly spid.Anomaly // 0 for success
}

// accessScan is how many exchanges, counted from the newest, are looked through for the log of one identity.
const accessScan = 2000

// Accesses returns the newest uses of a person's identity at a gestore, newest first, from the journal: logins that succeeded and those
// that failed once the user name was known. limit 0 is 50.
func (f *Federation) Accesses(ctx context.Context, username, slug string, limit int) ([]Access, error) {
	if limit <= 0 {
		limit = 50
	}
	username = normalUsername(username)
	var out []Access
	for x, err := range f.exchanges.Newest(ctx, accessScan) {
		if err != nil {
			return nil, err
		}
		if x.IdP != slug || x.Login == "" {
			continue
		}
		if err := f.addAnswer(ctx, x); err != nil {
			return nil, err
		}
		if x.Answered.IsZero() || x.Username != username && x.Tried != username {
			continue
		}
		out = append(out, Access{At: x.Answered, Service: f.nameOf(ctx, x.SP), Level: x.Level, Anomaly: x.Anomaly})
		if len(out) == limit {
			break
		}
	}
	return out, nil
}

// nameOf is the display name of a service provider; of one that is no longer registered its entityID.
func (f *Federation) nameOf(ctx context.Context, entityID string) string {
	sp, err := f.sps.Get(ctx, entityID)
	if err != nil {
		return entityID
	}
	d, err := f.Descriptor(ctx, sp)
	if err != nil {
		return entityID
	}
	if name := strings.TrimSpace(d.Organization.DisplayName.In("it")); name != "" {
		return name
	}
	return entityID
}

// Prove checks user name and password at this gestore outside a login, for the pages of one's own identity: wrong tries count as at a
// login. nil without an error means that they are not right.
func (p *IdP) Prove(ctx context.Context, username, password string) (*User, error) {
	u, right, err := p.prove(ctx, username, password)
	if err != nil || !right || !u.usable(p.Slug, p.now()) && u.StateAt(p.Slug, p.now()).Status == people.Locked {
		return nil, err
	}
	return u, nil
}
