package certs

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// freshSuffix is the ending of a file that is written but not yet in its place.
const freshSuffix = ".new"

// save writes a new pair so that a crash leaves nothing, or all that exists needs to complete it (SEC-81): both files
// are on disk under temporary names before the key gets its name, and the certificate gets its own last.
func (p pair) save(key crypto.Signer, crt []byte) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("encoding the key: %w", err)
	}
	keyFile, crtFile := keyPath(p.dir, p.name), crtPath(p.dir, p.name)
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"certificate written", func() error { return writeFresh(crtFile, pemOf("CERTIFICATE", crt)) }},
		{"key written", func() error { return writeFresh(keyFile, pemOf("PRIVATE KEY", der)) }},
		{"key in place", func() error { return putInPlace(keyFile) }},
		{"certificate in place", func() error { return putInPlace(crtFile) }},
	} {
		if err := step.do(); err != nil {
			return err
		}
		if p.after != nil {
			if err := p.after(step.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeFresh writes data beside path, on disk when it returns, mode 0600.
func writeFresh(path string, data []byte) (err error) {
	fresh := path + freshSuffix
	if err := os.Remove(fresh); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("removing what an earlier run left: %w", err)
	}
	f, err := os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer func() {
		if e := f.Close(); e != nil && err == nil {
			err = fmt.Errorf("writing %s: %w", path, e)
		}
	}()
	if _, err := f.Write(data); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// putInPlace gives a fresh file its name, on disk when it returns.
func putInPlace(path string) error {
	if err := os.Rename(path+freshSuffix, path); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := dir.Sync(); err != nil {
		dir.Close()
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return dir.Close()
}
