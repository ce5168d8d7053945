package sqlite

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// farAway is the octet that is locked, well behind the text: Windows forbids others to read what is locked.
const farAway = 1 << 30

func lockFile(f *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{Offset: farAway})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errLocked
	}
	return err
}
