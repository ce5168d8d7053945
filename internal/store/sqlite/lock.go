package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// lockName is the file in a data folder that the process using it holds locked.
const lockName = "spidsim.lock"

// errLocked is what lockFile returns when another process holds the lock.
var errLocked = errors.New("locked by another process")

// LockDir takes a data folder for this process, which must exist, until release is called or the process ends, however
// it ends: the operating system gives the lock back, so a stale one never blocks (SEC-85). A second process gets an
// error that names the folder and the first one's process id.
func LockDir(dir string) (release func(), err error) {
	path := filepath.Join(dir, lockName)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the data folder: %w", err)
	}
	err = lockFile(f)
	if errors.Is(err, errLocked) {
		defer f.Close()
		return nil, fmt.Errorf("the data folder %s is in use by another spidsim (pid %s)", dir, holder(f))
	}
	if err == nil {
		err = sign(f)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("locking the data folder %s: %w", dir, err), f.Close())
	}
	return func() { f.Close() }, nil // closing unlocks; the file stays, for removing it would race with the next process
}

// sign writes this process's id into the lock file, for the message that the next one gets.
func sign(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func holder(f *os.File) string {
	text, err := io.ReadAll(io.LimitReader(f, 32))
	if pid, e := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && e == nil {
		return strconv.Itoa(pid)
	}
	return "unknown"
}
