//go:build unix

package sqlite

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"spidsim/internal/store"
)

// login and exchange have the sizes of what a login stores: a record of about 1.5 KB and a journal entry of 10 KB.
type (
	login struct {
		ID, IdP, SP, Username, Factor string
		Request                       map[string]string
		Steps                         []string
		Attempts                      int
		Expires                       time.Time
	}
	exchange struct{ ID, Request, Response string }
)

func newLogin(id string) *login {
	l := &login{ID: id, IdP: "prova", SP: "http://localhost:8089", Username: "lucia.verdi", Factor: "totp", Request: map[string]string{}}
	for i := range 16 {
		l.Request[fmt.Sprintf("Attribute%02d", i)] = strings.Repeat("v", 40)
	}
	for range 6 {
		l.Steps = append(l.Steps, "2026-01-01T10:00:00Z credentials: password right")
	}
	return l
}

// shape holds the collections that the benchmark uses as a login does.
type shape struct {
	logins, users *store.Collection[login]
	exchanges     *store.Collection[exchange]
	xml           string
}

func newShape(db *store.DB) *shape {
	return &shape{
		logins:    store.NewCollection(db, "login", func(l *login) map[string]string { return map[string]string{"request": "r-" + l.ID} }),
		users:     store.NewCollection[login](db, "user", nil),
		exchanges: store.NewCollection[exchange](db, "exchange", nil),
		xml:       strings.Repeat("<saml:Attribute>è</saml:Attribute>", 150),
	}
}

// login is the store's share of one login: 1 Create with a key, 4 Updates, 1 Create of 10 KB, 8 Gets.
func (s *shape) login(ctx context.Context, id string) error {
	if err := s.logins.Create(ctx, id, newLogin(id), time.Now().Add(time.Hour)); err != nil {
		return err
	}
	for range 4 {
		if _, err := s.logins.Get(ctx, id); err != nil {
			return err
		}
		if _, err := s.users.Get(ctx, "u"); err != nil {
			return err
		}
		if _, err := s.logins.Update(ctx, id, func(l *login) error { l.Attempts++; return nil }); err != nil {
			return err
		}
	}
	return s.exchanges.Create(ctx, id, &exchange{id, s.xml, s.xml}, time.Time{})
}

// BenchmarkLoginShape measures CPU time, also as a part of one RSA-2048 signature timed in turn with it (D-28): wall time says
// little on a busy machine.
func BenchmarkLoginShape(b *testing.B) {
	b.Run("memory", func(b *testing.B) { benchmarkLogin(b, "memory:") })
	b.Run("file", func(b *testing.B) { benchmarkLogin(b, "sqlite:"+filepath.Join(b.TempDir(), "b.db")) })
}

func benchmarkLogin(b *testing.B, address string) {
	ctx := b.Context()
	db := open(b, address, nil)
	defer db.Close()
	s := newShape(db)
	if err := s.users.Create(ctx, "u", newLogin("u"), time.Time{}); err != nil {
		b.Fatal(err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	var stored, signed time.Duration
	n := 0
	b.ReportAllocs()
	for ; b.Loop(); n++ {
		start := cpu(b)
		if err := s.login(ctx, fmt.Sprint("login-", n)); err != nil {
			b.Fatal(err)
		}
		middle := cpu(b)
		if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, make([]byte, 32)); err != nil {
			b.Fatal(err)
		}
		stored += middle - start
		signed += cpu(b) - middle
	}
	b.ReportMetric(float64(stored.Microseconds())/float64(n), "cpu-µs/login")
	b.ReportMetric(float64(signed.Microseconds())/float64(n), "cpu-µs/signature")
	b.ReportMetric(float64(stored)/float64(signed), "signatures/login")
}

// cpu is the processor time that this process has used.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
