package idp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"spidsim/internal/people"
	"spidsim/internal/store"
)

// SourceOnboarding marks the accounts that the onboarding opened.
const SourceOnboarding = "onboarding"

// State is what one gestore knows of a person's identity there, beside the record that all gestori share: one record serves every gestore,
// and an identity that is suspended at one of them works at the others. Whatever the onboarding changes of an identity lies here, and the
// record stays as it was: a reset of the course throws the states away. What is empty is as the record says.
type State struct {
	Status string    `json:"status,omitempty"` // "" = that of the record
	Cause  string    `json:"cause,omitempty"`  // of a suspension: "user", "abuse", "lock", "payment" (ONB-148)
	Until  time.Time `json:"until,omitzero"`   // end of a suspension or lock, when it has one

	WrongTries int       `json:"wrong_tries,omitempty"` // wrong passwords in a row, over logins (ONB-145)
	LastUsed   time.Time `json:"last_used,omitzero"`    // of the accounts of the onboarding, and of those whose holder is told
	NotifyUse  bool      `json:"notify_use,omitempty"`  // the holder is told of every use (ONB-144)

	PasswordHash string   `json:"password_hash,omitempty"` // of a new password, see User
	Levels       []int    `json:"levels"`
	Factors      []string `json:"second_factors"`
	Email        string   `json:"email,omitempty"`
	Mobile       string   `json:"mobile,omitempty"`
}

// lockLife is how long a lock after too many wrong passwords lasts (ONB-145, TMO-02).
const lockLife = 30 * time.Minute

// idleMonths is after how long without a use an identity is revoked (ONB-143).
const idleMonths = 24

// StateAt is the state of the person's identity at a gestore as the clock has it: suspensions and locks end by themselves (ONB-142,
// ONB-145), identities expire, and those of the onboarding that nobody used for 24 months are revoked (ONB-143).
func (u *User) StateAt(slug string, now time.Time) State {
	s := u.States[slug]
	if s.Status == "" {
		s.Status = u.Status
	}
	if s.Status == "" || !s.Until.IsZero() && !now.Before(s.Until) {
		s.Status, s.Cause, s.Until = people.Active, "", time.Time{}
	}
	switch {
	case s.Status == people.Revoked:
	case u.idle(s, now):
		s.Status, s.Cause, s.Until = people.Revoked, "", time.Time{}
	case u.expired(now):
		s.Status, s.Cause, s.Until = people.Expired, "", time.Time{}
	}
	return s
}

// idle reports whether the account was not used for longer than it may be.
func (u *User) idle(s State, now time.Time) bool {
	last := s.LastUsed
	if last.IsZero() {
		last = u.Opened
	}
	return u.Source == SourceOnboarding && !last.IsZero() && now.After(last.AddDate(0, idleMonths, 0))
}

// expired reports whether the day of expiry has passed (ACC-04).
func (u *User) expired(now time.Time) bool {
	expires, err := time.Parse(time.DateOnly, u.ExpirationDate)
	return err == nil && !now.Before(expires.AddDate(0, 0, 1))
}

// usable reports whether the identity at a gestore may log in at all (ACC-01..05).
func (u *User) usable(slug string, now time.Time) bool {
	return u.StateAt(slug, now).Status == people.Active
}

// At is the person as a gestore knows them: the record with what was changed there.
func (u *User) At(slug string) *User {
	s, known := u.States[slug]
	if !known {
		return u
	}
	at := *u
	if s.PasswordHash != "" {
		at.PasswordHash, at.Password = s.PasswordHash, ""
	}
	if s.Levels != nil {
		at.Levels = s.Levels
	}
	if s.Factors != nil {
		at.SecondFactors = s.Factors
	}
	at.Email, at.Mobile = cmp.Or(s.Email, u.Email), cmp.Or(s.Mobile, u.Mobile)
	return &at
}

// person is somebody as this gestore knows them, or store.ErrNotFound.
func (p *IdP) person(ctx context.Context, username string) (*User, error) {
	u, err := p.FindUser(ctx, username)
	if err != nil {
		return nil, err
	}
	return u.At(p.Slug), nil
}

// Standing is the person for lists: who has an identity at one gestore alone, as that one knows them now.
func (u *User) Standing(now time.Time) *User {
	if len(u.IdPs) != 1 {
		return u
	}
	at := *u.At(u.IdPs[0])
	at.Status = u.StateAt(u.IdPs[0], now).Status
	return &at
}

// keep sets the state at a gestore.
func (u *User) keep(slug string, s State) {
	states := map[string]State{slug: s}
	for other, state := range u.States {
		if other != slug {
			states[other] = state
		}
	}
	u.States = states
}

// Edited says which parts of a record the operator set.
type Edited struct {
	Password, Status, Levels, Factors bool
}

// Edit takes what the operator changed of the record: it holds at every gestore. A new password is public test data again.
func (u *User) Edit(p people.Person, e Edited) {
	switch {
	case e.Password:
		u.PasswordHash = ""
	case u.PasswordHash != "":
		p.Password = ""
	}
	u.Person = p
	for slug, s := range u.States {
		if e.Password {
			s.PasswordHash = ""
		}
		if e.Status {
			s.Status, s.Cause, s.Until, s.WrongTries = "", "", time.Time{}, 0
		}
		if e.Levels {
			s.Levels = nil
		}
		if e.Factors {
			s.Factors = nil
		}
		u.keep(slug, s)
	}
}

// Opening is an account that the onboarding opens.
type Opening struct {
	Enrolment string // the request that it comes from
	Slug      string
	Username  string
	Password  string // chosen by a human being: only its hash is kept (D-05)
	Person    people.Person
	Levels    []int
	Factors   []string
	At        time.Time
}

// ErrTaken says that a user name belongs to somebody else.
var ErrTaken = errors.New("the user name is taken")

// OpenIdentity opens an account, once per enrolment: the same one again returns what there is. Level 3 comes with a card. Within a
// transaction of the store it is a part of it. ErrTaken, ErrHashing.
func (f *Federation) OpenIdentity(ctx context.Context, o Opening) (*User, error) {
	if o.Enrolment == "" || normalUsername(o.Username) == "" {
		return nil, errors.New("an account needs its enrolment and a username")
	}
	if _, ok := f.bySlug[o.Slug]; !ok {
		return nil, fmt.Errorf("there is no gestore %q", o.Slug)
	}
	u, err := f.users.Find(ctx, "enrolment", o.Enrolment)
	if !errors.Is(err, store.ErrNotFound) {
		return u, err
	}
	if u, err = f.newIdentity(ctx, o); err != nil {
		return nil, err
	}
	err = f.store.Atomic(ctx, func(ctx context.Context) error {
		if err := f.users.Create(ctx, u.Username, u, time.Time{}); err != nil {
			return err
		}
		return f.giveCard(ctx, u, TokenCard)
	})
	if errors.Is(err, store.ErrExists) {
		return f.opened(ctx, o)
	}
	if err == nil {
		f.log.Info("account opened", "idp", o.Slug, "user", u.Username, "levels", u.Levels)
	}
	return u, err
}

// opened is the account of an enrolment that somebody else opened at the same time.
func (f *Federation) opened(ctx context.Context, o Opening) (*User, error) {
	u, err := f.users.Find(ctx, "enrolment", o.Enrolment)
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrTaken
	}
	return u, err
}

func (f *Federation) newIdentity(ctx context.Context, o Opening) (*User, error) {
	hash, err := f.hashPassword(ctx, o.Password)
	if err != nil {
		return nil, err
	}
	u := &User{Person: o.Person, PasswordHash: hash, Enrolment: o.Enrolment, Opened: o.At.UTC(), Source: SourceOnboarding, TOTPSecret: f.newTOTPSecret(), Changed: f.now()}
	u.Username, u.Password, u.IdPs, u.Levels, u.SecondFactors, u.Status = normalUsername(o.Username), "", []string{o.Slug}, o.Levels, o.Factors, people.Active
	u.Card = ""
	if u.Level() >= 3 {
		u.Card = people.CardOK
	}
	return u, nil
}

// IdentityChange says what of an identity at one gestore changes; nil stays.
type IdentityChange struct {
	Status, Cause *string
	Until         *time.Time
	NotifyUse     *bool
	Password      *string // hashed before it is kept
	Levels        *[]int
	Factors       *[]string
	Email, Mobile *string
}

// ErrRevoked says that an identity is revoked, which is final (ONB-140).
var ErrRevoked = errors.New("the identity is revoked, which is final")

// ChangeIdentity changes a person's identity at one gestore, under compare-and-swap; nothing to change returns it as it is. store.ErrNotFound
// for a person or an identity that does not exist; ErrRevoked.
func (f *Federation) ChangeIdentity(ctx context.Context, username, slug string, c IdentityChange) (*User, error) {
	u, err := f.FindUser(ctx, username)
	if err != nil {
		return nil, err
	}
	if !u.Has(slug) {
		return nil, store.ErrNotFound
	}
	if c == (IdentityChange{}) {
		return u, nil
	}
	hash := ""
	if c.Password != nil {
		if hash, err = f.hashPassword(ctx, *c.Password); err != nil {
			return nil, err
		}
	}
	u, err = f.users.Update(ctx, u.Username, func(u *User) error {
		now := f.now()
		if u.StateAt(slug, now).Status == people.Revoked {
			return ErrRevoked
		}
		s := u.States[slug]
		c.status(&s)
		c.credentials(&s, hash)
		u.keep(slug, s)
		u.Changed = now
		return nil
	})
	return u, err
}

// status changes what the identity may do. A new status forgets wrong passwords.
func (c IdentityChange) status(s *State) {
	if c.Status != nil {
		s.Status, s.Cause, s.Until, s.WrongTries = *c.Status, "", time.Time{}, 0
	}
	if c.Cause != nil {
		s.Cause = *c.Cause
	}
	if c.Until != nil {
		s.Until = c.Until.UTC()
	}
	if c.NotifyUse != nil {
		s.NotifyUse = *c.NotifyUse
	}
}

func (c IdentityChange) credentials(s *State, hash string) {
	if hash != "" {
		s.PasswordHash = hash
	}
	if c.Levels != nil {
		s.Levels = append([]int{}, *c.Levels...)
	}
	if c.Factors != nil {
		s.Factors = append([]string{}, *c.Factors...)
	}
	if c.Email != nil {
		s.Email = *c.Email
	}
	if c.Mobile != nil {
		s.Mobile = *c.Mobile
	}
}
