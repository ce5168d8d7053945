package idp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
)

// Cost of a hash of argon2id: 19 MiB, two passes, one lane (SEC-54).
const (
	hashMemory = 19 * 1024 // KiB
	hashPasses = 2
	hashLanes  = 1
	hashSalt   = 16
	hashLength = 32

	hashesAtOnce = 4 // of 19 MiB each
	hashWait     = 5 * time.Second
)

// ErrHashing says that too many passwords are being hashed: try again in a moment (SEC-54).
var ErrHashing = errors.New("too many passwords are being checked at once")

// phcFormat is how a hash is written, parameters included, so that later ones may cost more.
const phcFormat = "$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s"

// hashPassword hashes what a human being chose, which might be a real password in spite of every warning (D-05).
func (f *Federation) hashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, hashSalt)
	f.random(salt)
	key, err := f.stretch(ctx, password, salt, hashParameters{hashMemory, hashPasses, hashLanes, hashLength})
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf(phcFormat, argon2.Version, hashMemory, hashPasses, hashLanes, b64(salt), b64(key)), nil
}

type hashParameters struct {
	memory, passes uint32
	lanes          uint8
	length         uint32
}

// stretch computes a hash, at most four at a time for the sake of memory; the others wait a little.
func (f *Federation) stretch(ctx context.Context, password string, salt []byte, p hashParameters) ([]byte, error) {
	limit := time.NewTimer(hashWait)
	defer limit.Stop()
	select {
	case f.hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-limit.C:
		return nil, ErrHashing
	}
	defer func() { <-f.hashing }()
	return argon2.IDKey([]byte(password), salt, p.passes, p.memory, p.lanes, p.length), nil
}

// passwordRight checks a password in constant time. u is nil for a user name that is nobody's: then as much is computed as for somebody
// whose password is hashed, so that the time tells nothing (SEC-54). Passwords of test people are public and cost nothing (D-05).
func (f *Federation) passwordRight(ctx context.Context, u *User, password string) (bool, error) {
	switch {
	case u == nil:
		_, err := f.stretch(ctx, password, make([]byte, hashSalt), hashParameters{hashMemory, hashPasses, hashLanes, hashLength})
		return false, err
	case u.PasswordHash == "":
		want, got := sha256.Sum256([]byte(u.Password)), sha256.Sum256([]byte(password))
		return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && u.Password != "", nil
	}
	p, salt, want, err := readHash(u.PasswordHash)
	if err != nil {
		return false, fmt.Errorf("hash of %s: %w", u.Username, err)
	}
	got, err := f.stretch(ctx, password, salt, p)
	return err == nil && subtle.ConstantTimeCompare(want, got) == 1, err
}

// errHash says that a stored hash is none of ours. It never holds the hash.
var errHash = errors.New("not a hash of argon2id in the PHC form")

func readHash(phc string) (p hashParameters, salt, key []byte, err error) {
	var version int
	var rest string
	n, err := fmt.Sscanf(phc, "$argon2id$v=%d$m=%d,t=%d,p=%d$%s", &version, &p.memory, &p.passes, &p.lanes, &rest)
	if err != nil || n != 5 || version != argon2.Version || p.memory > 1<<20 || p.passes == 0 || p.passes > 100 || p.lanes == 0 {
		return p, nil, nil, errHash
	}
	salt, key, err = readSalted(rest)
	p.length = uint32(len(key))
	return p, salt, key, err
}

func readSalted(text string) (salt, key []byte, err error) {
	first, second, ok := strings.Cut(text, "$")
	salt, saltErr := base64.RawStdEncoding.DecodeString(first)
	key, keyErr := base64.RawStdEncoding.DecodeString(second)
	if !ok || saltErr != nil || keyErr != nil || len(salt) < 8 || len(key) < 16 || len(key) > 64 {
		return nil, nil, errHash
	}
	return salt, key, nil
}
