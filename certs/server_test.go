package certs

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

var hosts = []string{"localhost", "*.localhost", "127.0.0.1", "::1"}

func TestServerCertificatesAreReused(t *testing.T) {
	t.Parallel()
	dir, now := filepath.Join(t.TempDir(), "keys"), time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ca, err := LoadTLSCA(rand.Reader, dir, "tls-ca", now)
	if err != nil {
		t.Fatal(err)
	}
	load := func(ca Authority, at time.Time, names ...string) tls.Certificate {
		t.Helper()
		c, err := LoadServer(rand.Reader, dir, "tls-server", ca, at, names...)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first := load(ca, now, hosts...)
	roots := x509.NewCertPool()
	roots.AddCert(ca.Cert)
	for _, name := range []string{"localhost", "poste.localhost", "127.0.0.1", "::1"} {
		if _, err := first.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name, CurrentTime: now}); err != nil {
			t.Errorf("for %s: %v", name, err)
		}
	}
	same := func(c tls.Certificate) bool { return slices.Equal(c.Leaf.Raw, first.Leaf.Raw) }
	other, err := NewTLSCA(rand.Reader, "another", now)
	if err != nil {
		t.Fatal(err)
	}
	again, err := LoadTLSCA(rand.Reader, dir, "tls-ca", now.AddDate(1, 0, 0))
	if err != nil || !again.Cert.Equal(ca.Cert) {
		t.Fatalf("the authority is another one after a year: %v", err)
	}
	if !same(load(ca, now.AddDate(0, 1, 0), "::1", "127.0.0.1", "localhost", "*.localhost")) {
		t.Error("another certificate a month later, want the same for the same names in any order")
	}
	for name, c := range map[string]tls.Certificate{
		"near its end":         load(ca, now.AddDate(0, 0, serverDays-20), hosts...),
		"for another name":     load(ca, now, append([]string{"sim.example"}, hosts...)...),
		"by another authority": load(other, now, hosts...),
	} {
		if same(c) {
			t.Errorf("%s the old certificate is used", name)
		}
	}
}

func TestABrokenServerCertificateIsReplaced(t *testing.T) {
	t.Parallel()
	dir, now := filepath.Join(t.TempDir(), "keys"), time.Now()
	ca, err := LoadTLSCA(rand.Reader, dir, "tls-ca", now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := LoadServer(rand.Reader, dir, "tls-server", ca, now, "localhost"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tls-server.crt"), []byte("half a"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := LoadServer(rand.Reader, dir, "tls-server", ca, now, "localhost")
	if err != nil || c.Leaf == nil {
		t.Fatalf("%v", err)
	}
	if _, err := LoadTLSCA(rand.Reader, dir, "tls-ca", now.AddDate(11, 0, 0)); !errors.As(err, new(*ExpiredError)) {
		t.Errorf("an authority after eleven years gives %v, want an ExpiredError", err)
	}
}
