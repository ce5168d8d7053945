package sqlite

import (
	"os"
	"testing"
)

// The test binary runs itself again as another process: these variables say as which.
const (
	envWriter = "SPIDSIM_TEST_WRITER" // database file to write to until killed
	envLocker = "SPIDSIM_TEST_LOCKER" // folder to lock until killed
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(envWriter) != "":
		writeUntilKilled(os.Getenv(envWriter))
	case os.Getenv(envLocker) != "":
		lockUntilKilled(os.Getenv(envLocker))
	default:
		os.Exit(m.Run())
	}
}
