package idp

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"spidsim/internal/people"
	"spidsim/spid"
)

// User is a person with credentials. One record serves every gestore named in the person's IdPs.
type User struct {
	people.Person
	TOTPSecret string    // base32 without padding, 160 bit
	LastStep   int64     // the newest TOTP step that was accepted: no code works twice (SEC-55, but see ForgetFutureSteps)
	ShownStep  int64     // the newest step that the simulated authenticator has shown
	Source     string    // "fixture", "config", "api", "onboarding"
	Changed    time.Time // UTC

	PasswordHash string           `json:",omitempty"` // argon2id in the PHC form, of a password that a human being chose (D-05); Password is "" then
	Enrolment    string           `json:",omitempty"` // that the account comes from
	Opened       time.Time        `json:",omitzero"`
	States       map[string]State `json:",omitempty"` // by slug, where a gestore knows more than this record
}

// userKeys make an enrolment open one account.
func userKeys(u *User) map[string]string { return map[string]string{"enrolment": u.Enrolment} }

// Chosen reports whether a human being chose the password, which nobody can read then.
func (u *User) Chosen() bool { return u.PasswordHash != "" }

// Has reports whether the person holds an identity at that gestore; at the CIE everybody does who has the card.
func (u *User) Has(slug string) bool {
	if slug == CIESlug {
		return u.CIE != ""
	}
	return slices.Contains(u.IdPs, slug)
}

// Level returns the highest level that the person has credentials for.
func (u *User) Level() spid.Level {
	highest := 0
	for _, l := range u.Levels {
		highest = max(highest, l)
	}
	return spid.Level(highest)
}

// SPIDCode returns the code of the person's identity at one gestore: TEST and ten characters, different at
// each gestore and the same for ever (attributes.md section 2, SEC-74).
func SPIDCode(slug, username string) string {
	sum := sha256.Sum256([]byte(slug + "\x00" + username))
	code := base32.StdEncoding.EncodeToString(sum[:])
	return "TEST" + code[:10]
}

// WireValues returns the attributes of the person's identity at a gestore, as they stand on the wire.
func (u *User) WireValues(slug string) spid.Attributes {
	return u.At(slug).Attributes(SPIDCode(slug, u.Username))
}

// Ends foretells the anomaly that a login at a gestore and level ends in because of the account: 0 when it may succeed.
func (u *User) Ends(slug string, asked spid.Level, now time.Time) spid.Anomaly {
	request := Request{Asked: asked, Comparison: spid.Minimum}
	switch _, ok := request.level(u.At(slug).Levels); {
	case !u.usable(slug, now):
		return spid.IdentityBlocked
	case !ok:
		return spid.LevelNotHeld
	case !spid.Purpose("").Accepts(u.identityType()):
		return spid.WrongIdentityType
	}
	return 0
}

// NoteIn returns what the person is good for in a language, "it" or "en".
func (u *User) NoteIn(lang string) string {
	if lang == "en" && u.NoteEnglish != "" {
		return u.NoteEnglish
	}
	return u.Note
}

// normalUsername folds what people type: case and surrounding blanks do not matter.
func normalUsername(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// FindUser returns the user of that name, or store.ErrNotFound.
func (f *Federation) FindUser(ctx context.Context, username string) (*User, error) {
	return f.users.Get(ctx, normalUsername(username))
}

// Users returns every user, sorted by name.
func (f *Federation) Users(ctx context.Context) ([]*User, error) {
	var all []*User
	for u, err := range f.users.Newest(ctx, 0) {
		if err != nil {
			return nil, err
		}
		all = append(all, u)
	}
	slices.SortFunc(all, func(a, b *User) int { return strings.Compare(a.Username, b.Username) })
	return all, nil
}

// AddPerson opens the credentials of a person: replace says whether a user of that name gives way. Without
// replace an existing user stays as it is, codes used and cards blocked included, and that is no error.
func (f *Federation) AddPerson(ctx context.Context, p people.Person, source string, replace bool) (*User, error) {
	username := normalUsername(p.Username)
	if username == "" {
		return nil, errors.New("a user needs a username")
	}
	if old, err := f.users.Get(ctx, username); err == nil && !replace {
		return f.addCards(ctx, old, p, source)
	}
	u := &User{Person: p, Source: source, TOTPSecret: f.newTOTPSecret(), Changed: f.now()}
	u.Username = username
	err := f.store.Atomic(ctx, func(ctx context.Context) error {
		if err := f.users.Put(ctx, username, u, time.Time{}); err != nil {
			return err
		}
		return f.giveCards(ctx, u)
	})
	if err != nil {
		return nil, fmt.Errorf("adding user %s: %w", username, err)
	}
	return u, nil
}

// addCards gives an invented person of an earlier version of the program the cards that this one knows of.
func (f *Federation) addCards(ctx context.Context, old *User, p people.Person, source string) (*User, error) {
	if source != fixtureSource || old.Source != fixtureSource || old.CIE+old.CNS != "" || p.CIE+p.CNS == "" {
		return old, nil
	}
	u, err := f.users.Update(ctx, old.Username, func(u *User) error { u.CIE, u.CNS = p.CIE, p.CNS; return nil })
	if err != nil {
		return nil, err
	}
	return u, f.giveCards(ctx, u)
}

// UpdateUser changes a user under compare-and-swap. change may run more than once.
func (f *Federation) UpdateUser(ctx context.Context, username string, change func(*User) error) (*User, error) {
	return f.users.Update(ctx, normalUsername(username), func(u *User) error {
		u.Changed = f.now()
		return change(u)
	})
}

// DeleteUser removes a user and the user's cards.
func (f *Federation) DeleteUser(ctx context.Context, username string) error {
	username = normalUsername(username)
	if _, err := f.users.Get(ctx, username); err != nil {
		return err
	}
	return f.store.Atomic(ctx, func(ctx context.Context) error {
		for _, kind := range cardKinds {
			if err := f.dropCard(ctx, username, kind); err != nil {
				return err
			}
		}
		return f.users.Delete(ctx, username)
	})
}

func (f *Federation) newTOTPSecret() string {
	var b [20]byte
	f.random(b[:])
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])
}

// digits returns n random decimal digits, each equally likely.
func (f *Federation) digits(n int) string {
	out := make([]byte, 0, n)
	for len(out) < n {
		var b [8]byte
		f.random(b[:])
		// 10^18 divides unevenly into 2^64: the top values would favour low digits, so they are thrown away.
		v := binary.BigEndian.Uint64(b[:])
		if v >= 18e18 {
			continue
		}
		out = append(out, byte('0'+v%10))
	}
	return string(out)
}
