package idp

import (
	"context"
	"errors"
	"testing"
)

func TestSEC54HashesOfOtherFormsAreRefused(t *testing.T) {
	t.Parallel()
	const salt, key = "AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	tests := []struct {
		name, phc string
		ok        bool
	}{
		{"ours", "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + key, true},
		{"dearer parameters of later", "$argon2id$v=19$m=65536,t=3,p=4$" + salt + "$" + key, true},
		{"another function", "$argon2i$v=19$m=19456,t=2,p=1$" + salt + "$" + key, false},
		{"another version", "$argon2id$v=16$m=19456,t=2,p=1$" + salt + "$" + key, false},
		{"more memory than there is", "$argon2id$v=19$m=4000000,t=2,p=1$" + salt + "$" + key, false},
		{"no passes", "$argon2id$v=19$m=19456,t=0,p=1$" + salt + "$" + key, false},
		{"no key", "$argon2id$v=19$m=19456,t=2,p=1$" + salt, false},
		{"no base64", "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$!" + key, false},
		{"empty", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, _, _, err := readHash(tt.phc); (err == nil) != tt.ok {
				t.Errorf("err is %v, want success %t", err, tt.ok)
			}
		})
	}
}

func TestSEC54FourHashesAtOnceAndTheRestWait(t *testing.T) {
	t.Parallel()
	f := &Federation{hashing: make(chan struct{}, hashesAtOnce)}
	for range hashesAtOnce {
		f.hashing <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.passwordRight(ctx, nil, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("a fifth hash: %v, want it to wait until the caller gives up", err)
	}
	<-f.hashing
	if right, err := f.passwordRight(t.Context(), nil, "x"); err != nil || right {
		t.Errorf("right %t, err %v", right, err)
	}
}
