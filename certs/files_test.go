package certs

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// maker makes a pair over the key of the tests, and counts how often it was asked.
func maker(t *testing.T, asked *int) func() (crypto.Signer, []byte, error) {
	return func() (crypto.Signer, []byte, error) {
		*asked++
		der, err := Seal(nil, rsaKey(), subjects["idp"], from, until)
		return rsaKey(), der, err
	}
}

// kept makes a folder with a pair named "a".
func kept(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "keys")
	asked := 0
	if _, _, err := LoadOrMake(dir, "a", today, maker(t, &asked)); err != nil || asked != 1 {
		t.Fatalf("asked %d times: %v", asked, err)
	}
	return dir
}

func TestLoadOrCreateMakesOnceAndLoadsAfterwards(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data", "keys")
	key, cert, err := LoadOrCreate(dir, "idp-prova", subjects["idp"], today, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, sameCert, err := LoadOrCreate(dir, "idp-prova", subjects["sp-public"], today.AddDate(1, 0, 0), nil)
	if err != nil || !again.Equal(key) || !sameCert.Equal(cert) {
		t.Fatalf("the second call gave another key or certificate (%v)", err)
	}
	if !cert.NotBefore.Before(today) || cert.NotAfter.Sub(today) != 730*24*time.Hour {
		t.Errorf("valid from %s until %s, want 730 days from %s", cert.NotBefore, cert.NotAfter, today)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, keyPath(dir, "idp-prova"): 0o600, crtPath(dir, "idp-prova"): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v (%v)", path, info.Mode(), want, err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("%d files, want the key and the certificate alone (%v)", len(entries), err)
	}
}

func TestExpiredComesWithKeyAndCertificate(t *testing.T) {
	t.Parallel()
	dir := kept(t)
	key, cert, err := LoadOrCreate(dir, "a", subjects["idp"], until.Add(time.Second), nil)
	expired, ok := errors.AsType[*ExpiredError](err)
	if !ok || expired.Path != crtPath(dir, "a") || !expired.NotAfter.Equal(until) {
		t.Fatalf("error is %v, want an ExpiredError", err)
	}
	if key == nil || cert == nil {
		t.Fatal("key or certificate is missing")
	}
	if _, _, err := LoadOrCreate(dir, "a", subjects["idp"], until, nil); err != nil {
		t.Fatalf("in the last second: %v", err)
	}
}

// TestRefusedPairs holds SEC-03 and SEC-06: nothing but a whole pair with narrow modes is taken, and nothing is made over it.
func TestRefusedPairs(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		harm func(t *testing.T, dir string) error
		want string // in the message
	}{
		"a key that others may read":      {func(t *testing.T, dir string) error { return os.Chmod(keyPath(dir, "a"), 0o644) }, "a.key has mode 0644, want 0600"},
		"a key that the group may read":   {func(t *testing.T, dir string) error { return os.Chmod(keyPath(dir, "a"), 0o640) }, "a.key has mode 0640"},
		"a folder that others may read":   {func(t *testing.T, dir string) error { return os.Chmod(dir, 0o755) }, "keys has mode 0755, want 0700"},
		"a certificate without its key":   {func(t *testing.T, dir string) error { return os.Remove(keyPath(dir, "a")) }, "a.key is missing but"},
		"a key without its certificate":   {func(t *testing.T, dir string) error { return os.Remove(crtPath(dir, "a")) }, "a.crt is missing but"},
		"another key's certificate":       {otherCertificate, "a.crt is not the certificate of"},
		"a key that is no PEM":            {content("a.key", "hello"), "a.key is not PEM"},
		"an empty key":                    {content("a.key", ""), "a.key is not PEM"},
		"a certificate that is no PEM":    {content("a.crt", "hello"), "a.crt is not PEM"},
		"a certificate in place of a key": {swapped, `a.key is PEM of type "CERTIFICATE", want "PRIVATE KEY"`},
		"a key that is no PKCS #8":        {content("a.key", string(pemOf("PRIVATE KEY", []byte("x")))), "a.key is not a PKCS #8"},
		"a certificate that is none":      {content("a.crt", string(pemOf("CERTIFICATE", []byte("x")))), "a.crt is not an X.509 certificate"},
		"two keys in a file":              {doubled, "a.key goes on after its PEM block"},
		"a folder in place of the key":    {folder, "a.key is not a file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := kept(t)
			if err := tt.harm(t, dir); err != nil {
				t.Fatal(err)
			}
			before := contents(dir)
			asked := 0
			_, _, err := LoadOrMake(dir, "a", today, maker(t, &asked))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %q in it", err, tt.want)
			}
			if asked != 0 || contents(dir) != before {
				t.Errorf("asked for %d new pairs, files changed: %t", asked, contents(dir) != before)
			}
		})
	}
}

func TestLoadOrCreateRefusesAKeyThatIsNotRSA(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	ca := authority(t)
	if _, _, err := LoadOrMake(dir, "a", today, func() (crypto.Signer, []byte, error) { return ca.Key, ca.Cert.Raw, nil }); err != nil {
		t.Fatal(err)
	}
	if _, _, err := LoadOrCreate(dir, "a", subjects["idp"], today, nil); err == nil || !strings.Contains(err.Error(), "want an RSA key") {
		t.Fatalf("error is %v", err)
	}
}

func TestMistakesInTheSubjectLeaveNoFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, _, err := LoadOrCreate(dir, "a", Subject{}, today, nil); err == nil {
		t.Fatal("taken")
	}
	if got := contents(dir); got != "" {
		t.Fatalf("files: %s", got)
	}
}

// TestCrashWhileSaving holds SEC-81: stopped after any step, the next start finds the old state or completes the new one.
func TestCrashWhileSaving(t *testing.T) {
	t.Parallel()
	crash := errors.New("crash")
	for step, keeps := range map[string]bool{
		"certificate written": false, "key written": false, "key in place": true, "certificate in place": true,
	} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "keys")
			p := pair{dir: dir, name: "a", after: func(s string) error {
				if s == step {
					return crash
				}
				return nil
			}}
			if err := p.prepare(); err != nil {
				t.Fatal(err)
			}
			der, err := Seal(nil, rsaKey(), subjects["idp"], from, until)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.save(rsaKey(), der); !errors.Is(err, crash) {
				t.Fatalf("error is %v, want the crash", err)
			}
			asked := 0
			key, cert, err := LoadOrMake(dir, "a", today, maker(t, &asked))
			if err != nil || (asked == 0) != keeps || !key.(*rsa.PrivateKey).PublicKey.Equal(cert.PublicKey) {
				t.Fatalf("asked for %d new pairs, want the saved one kept: %t (%v)", asked, keeps, err)
			}
			if keeps && !bytes.Equal(cert.Raw, der) {
				t.Error("the certificate is not the one that was being saved")
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
				t.Errorf("%d files are left, want 2 (%v)", len(entries), err)
			}
		})
	}
}

func content(name, text string) func(*testing.T, string) error {
	return func(_ *testing.T, dir string) error {
		return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600)
	}
}

func otherCertificate(t *testing.T, dir string) error {
	return os.WriteFile(crtPath(dir, "a"), pemOf("CERTIFICATE", authority(t).Cert.Raw), 0o600)
}

func swapped(_ *testing.T, dir string) error {
	data, err := os.ReadFile(crtPath(dir, "a"))
	return errors.Join(err, os.WriteFile(keyPath(dir, "a"), data, 0o600))
}

func doubled(_ *testing.T, dir string) error {
	data, err := os.ReadFile(keyPath(dir, "a"))
	return errors.Join(err, os.WriteFile(keyPath(dir, "a"), append(data, data...), 0o600))
}

func folder(_ *testing.T, dir string) error {
	return errors.Join(os.Remove(keyPath(dir, "a")), os.Mkdir(keyPath(dir, "a"), 0o700))
}

// contents is every file of a folder with its text.
func contents(dir string) string {
	var b strings.Builder
	entries, _ := os.ReadDir(dir) // a folder that cannot be read has no contents to compare
	for _, e := range entries {
		data, _ := os.ReadFile(filepath.Join(dir, e.Name())) // a folder within: its name is enough
		fmt.Fprintf(&b, "%s %x\n", e.Name(), data)
	}
	return b.String()
}
