package certs

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// sealDays is the life of the seals that LoadOrCreate makes, the default of AgID's generator (CERT-63).
const sealDays = 730

// ExpiredError says that a certificate on disk is not valid any more. It comes together with the key and certificate, so
// that the caller may choose to go on.
type ExpiredError struct {
	Path     string
	NotAfter time.Time
	Now      time.Time
}

func (e *ExpiredError) Error() string {
	return fmt.Sprintf("%s expired on %s, now is %s: move it and its .key away to have new ones made", e.Path, stamp(e.NotAfter), stamp(e.Now))
}

// LoadOrCreate returns the seal kept in dir as name.key (PKCS #8) and name.crt, PEM, made now for 730 days when neither is
// there. One that is there is returned whatever it names: compare EntityIDOf, and Seal the key anew for another address.
// *ExpiredError comes with key and certificate. See LoadOrMake for what is refused.
func LoadOrCreate(dir, name string, s Subject, now time.Time, random io.Reader) (*rsa.PrivateKey, *x509.Certificate, error) {
	from, until := now.AddDate(0, 0, -1), now.AddDate(0, 0, sealDays)
	signer, cert, err := LoadOrMake(dir, name, now, func() (crypto.Signer, []byte, error) {
		return signerOf(NewSigning(random, s, from, until))
	})
	var expired *ExpiredError
	if err != nil && !errors.As(err, &expired) {
		return nil, nil, err
	}
	key, ok := signer.(*rsa.PrivateKey)
	if !ok {
		return nil, nil, fmt.Errorf("%s holds a %T, want an RSA key (CERT-04)", keyPath(dir, name), signer)
	}
	return key, cert, err
}

func signerOf(key crypto.Signer, der []byte, err error) (crypto.Signer, []byte, error) {
	return key, der, err
}

// LoadOrMake returns the key and certificate kept in dir as name.key (PKCS #8) and name.crt, PEM; make makes them when neither is
// there. The directory is created with mode 0700, the files with 0600. Refused, naming the file, are wider modes of
// directory and key (SEC-03), one file without the other, a certificate that is not the key's, and what is not PEM.
// *ExpiredError comes with key and certificate.
func LoadOrMake(dir, name string, now time.Time, make func() (crypto.Signer, []byte, error)) (crypto.Signer, *x509.Certificate, error) {
	p := pair{dir: dir, name: name}
	if err := p.prepare(); err != nil {
		return nil, nil, err
	}
	there, err := p.exists()
	if err != nil {
		return nil, nil, err
	}
	if !there {
		key, der, err := make()
		if err != nil {
			return nil, nil, err
		}
		if err := p.save(key, der); err != nil {
			return nil, nil, err
		}
	}
	return p.load(now)
}

// pair is a key and its certificate on disk.
type pair struct {
	dir, name string
	after     func(step string) error // in tests: called after each step of save, to stop there
}

func keyPath(dir, name string) string { return filepath.Join(dir, name+".key") }
func crtPath(dir, name string) string { return filepath.Join(dir, name+".crt") }

// prepare makes the directory if it is missing and refuses one that others may read.
func (p pair) prepare() error {
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return fmt.Errorf("folder of the keys: %w", err)
	}
	return checkMode(p.dir, 0o700)
}

// checkMode refuses rights beyond want. Windows has none of these modes.
func checkMode(path string, want fs.FileMode) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("reading the mode: %w", err)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode&^want != 0 {
		return fmt.Errorf("%s has mode %04o, want %04o: it holds secrets (SEC-03)", path, mode, want)
	}
	return nil
}

// exists reports whether the pair is there. A save that was broken off between its two renames is completed.
func (p pair) exists() (bool, error) {
	key, err := isFile(keyPath(p.dir, p.name))
	if err != nil {
		return false, err
	}
	crt, err := isFile(crtPath(p.dir, p.name))
	if err != nil || key && crt {
		return key && crt, err
	}
	if !key && !crt {
		return false, nil
	}
	if fresh, err := isFile(crtPath(p.dir, p.name) + freshSuffix); key && fresh && err == nil {
		return true, putInPlace(crtPath(p.dir, p.name))
	}
	missing, present := keyPath(p.dir, p.name), crtPath(p.dir, p.name)
	if key {
		missing, present = present, missing
	}
	return false, fmt.Errorf("%s is missing but %s is there: restore it, or move the other away to have new ones made", missing, present)
}

func isFile(path string) (bool, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for a key: %w", err)
	}
	if !info.Mode().IsRegular() {
		return false, fmt.Errorf("%s is not a file", path)
	}
	return true, nil
}

// load reads the pair and checks that it is one.
func (p pair) load(now time.Time) (crypto.Signer, *x509.Certificate, error) {
	keyFile, crtFile := keyPath(p.dir, p.name), crtPath(p.dir, p.name)
	if err := checkMode(keyFile, 0o600); err != nil {
		return nil, nil, err
	}
	key, err := readKey(keyFile)
	if err != nil {
		return nil, nil, err
	}
	cert, err := readCertificate(crtFile)
	if err != nil {
		return nil, nil, err
	}
	if public, ok := cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); !ok || !public.Equal(key.Public()) {
		return nil, nil, fmt.Errorf("%s is not the certificate of %s", crtFile, keyFile)
	}
	if now.After(cert.NotAfter) {
		return key, cert, &ExpiredError{Path: crtFile, NotAfter: cert.NotAfter, Now: now}
	}
	return key, cert, nil
}

func readKey(path string) (crypto.Signer, error) {
	der, err := readPEM(path, "PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("%s is not a PKCS #8 private key: %w", path, err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%s holds a %T, want a key that signs", path, key)
	}
	return signer, nil
}

func readCertificate(path string) (*x509.Certificate, error) {
	der, err := readPEM(path, "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("%s is not an X.509 certificate: %w", path, err)
	}
	return cert, nil
}

// readPEM reads a file that is one PEM block of the type wanted and nothing else.
func readPEM(path, want string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading a key: %w", err)
	}
	block, rest := pem.Decode(data)
	switch {
	case block == nil:
		return nil, fmt.Errorf("%s is not PEM", path)
	case block.Type != want:
		return nil, fmt.Errorf("%s is PEM of type %q, want %q", path, block.Type, want)
	case len(bytes.TrimSpace(rest)) != 0:
		return nil, fmt.Errorf("%s goes on after its PEM block", path)
	}
	return block.Bytes, nil
}

func pemOf(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
