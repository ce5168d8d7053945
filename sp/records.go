package sp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"spidsim/internal/store"
	"spidsim/saml"
	"spidsim/spid"
)

// How long things are kept, and how many (security.md section 10).
const (
	pendingLife     = 10 * time.Minute
	visitorLife     = 12 * time.Hour
	sessionLife     = time.Hour
	maxPending      = 16    // of one browser
	maxPendingAll   = 10000 // of all
	pruneEvery      = 1000  // logins begun between two prunings
	tokenBytes      = 32
	handleBytes     = 16 // RelayState: 32 characters, far below 80 octets
	maxVisitorTries = 4
)

// pending is a request that was sent and not yet answered, by its ID.
type pending struct {
	ID         string
	Browser    string // SHA-256 of the browser's cookie: whose request this is (SEC-41)
	IdP        string // entityID of the gestore that was asked
	Slug, Name string // of that gestore
	Binding    saml.Binding
	Level      spid.Level
	RelayState string // opaque handle (SEC-48)
	Return     string // path of this origin, "" = /spid/me
	XML        []byte // the AuthnRequest as sent
	At         time.Time
}

// consumed keeps the IDs of an answer that was taken, until it can no longer be fresh (SEC-42). Its id in the
// store is the Response's, see answerKey.
type consumed struct {
	Assertion string  // key of the Assertion's ID, "" for an anomaly
	Request   pending // that is used up, as it was, so that a replay can be told from an unsolicited Response
}

func (c *consumed) keys() map[string]string {
	return map[string]string{"request": c.Request.ID, "assertion": c.Assertion}
}

// visitor is a browser: the logins that it began and why the last one failed.
type visitor struct {
	Pending []string // request IDs, oldest first
	Refusal *refusal
}

// session says who came in. Its id in the store is the SHA-256 of the cookie.
type session struct {
	IdP, Slug, Name       string // entityID, slug and name of the gestore
	Level, Asked          spid.Level
	NameID, SessionIndex  string
	Attributes            []saml.Attribute
	ResponseID            string
	AssertionID           string
	RequestID             string
	Binding               saml.Binding // of the request
	AuthnInstant, Expires time.Time
	At                    time.Time // arrival of the Response
	Notes                 []note    // rules that warned
	Passed                int       // rules that held
	XML                   []byte    // the Response as received
}

type records struct {
	db       *store.DB
	pending  *store.Collection[pending]
	consumed *store.Collection[consumed]
	visitors *store.Collection[visitor]
	sessions *store.Collection[session]
}

func newRecords(db *store.DB) records {
	return records{
		db:       db,
		pending:  store.NewCollection[pending](db, "sp-pending", nil),
		consumed: store.NewCollection(db, "sp-consumed", (*consumed).keys),
		visitors: store.NewCollection[visitor](db, "sp-visitor", nil),
		sessions: store.NewCollection[session](db, "sp-session", nil),
	}
}

// digest is what the store keeps of a secret that only the browser knows (SEC-49).
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// answerKey names a Response or Assertion: IDs are unique for one identity provider only.
func answerKey(idp, id string) string { return digest(idp + "\x00" + id) }

// visit changes what is known of a browser, creating it when it is new.
func (r *records) visit(ctx context.Context, browser string, now time.Time, change func(*visitor)) error {
	for range maxVisitorTries {
		_, err := r.visitors.Update(ctx, browser, func(v *visitor) error { change(v); return nil })
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		var fresh visitor
		change(&fresh)
		if err := r.visitors.Create(ctx, browser, &fresh, now.Add(visitorLife)); !errors.Is(err, store.ErrExists) {
			return err
		}
	}
	return fmt.Errorf("visitor record changed %d times under our hands", maxVisitorTries)
}

// keep stores a request before it is sent. The oldest of the same browser goes when it has too many (section 10).
func (r *records) keep(ctx context.Context, p *pending) error {
	return r.db.Atomic(ctx, func(ctx context.Context) error {
		if err := r.pending.Create(ctx, p.ID, p, p.At.Add(pendingLife)); err != nil {
			return fmt.Errorf("keeping the request: %w", err)
		}
		var dropped []string
		err := r.visit(ctx, p.Browser, p.At, func(v *visitor) {
			v.Pending = append(v.Pending, p.ID)
			excess := max(0, len(v.Pending)-maxPending)
			dropped = slices.Clone(v.Pending[:excess])
			v.Pending = v.Pending[excess:]
		})
		if err != nil {
			return fmt.Errorf("noting the request: %w", err)
		}
		for _, old := range dropped {
			if err := r.pending.Delete(ctx, old); err != nil && !errors.Is(err, store.ErrNotFound) {
				return fmt.Errorf("dropping the oldest request: %w", err)
			}
		}
		return nil
	})
}

// prune drops the oldest requests when more than limit wait for an answer.
func (r *records) prune(ctx context.Context, limit int) error {
	var old []string
	n := 0
	for p, err := range r.pending.Newest(ctx, 0) {
		if err != nil {
			return fmt.Errorf("listing pending requests: %w", err)
		}
		if n++; n > limit {
			old = append(old, p.ID)
		}
	}
	for _, id := range old {
		if err := r.pending.Delete(ctx, id); err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("dropping an old request: %w", err)
		}
	}
	return nil
}

// errUsed says that a request or an answer was used before: somebody was faster, or it is a replay.
var errUsed = errors.New("request or Response was used before")

// use takes a request and its answer out of play, all or nothing; then runs more in the same transaction. It
// fails with errUsed when either was used before.
func (r *records) use(ctx context.Context, responseKey string, c *consumed, until time.Time, more func(context.Context) error) error {
	return r.db.Atomic(ctx, func(ctx context.Context) error {
		if _, err := r.pending.Get(ctx, c.Request.ID); errors.Is(err, store.ErrNotFound) {
			return errUsed
		} else if err != nil {
			return fmt.Errorf("reading the request: %w", err)
		}
		if err := r.consumed.Create(ctx, responseKey, c, until); errors.Is(err, store.ErrExists) {
			return errUsed
		} else if err != nil {
			return fmt.Errorf("keeping the IDs: %w", err)
		}
		if err := r.pending.Delete(ctx, c.Request.ID); err != nil {
			return fmt.Errorf("using up the request: %w", err)
		}
		return more(ctx)
	})
}

// seen reports whether a Response or Assertion with that ID was accepted before (SPV-03).
func (r *records) seen(ctx context.Context, idp, id string) (bool, error) {
	key := answerKey(idp, id)
	_, err := r.consumed.Get(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		_, err = r.consumed.Find(ctx, "assertion", key)
	}
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
