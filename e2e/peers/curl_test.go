package peers

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// logins is how many the script makes: each of its five ways over both bindings.
const logins = 10

func TestCurlAloneLogsIn(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Fatal("curl is missing: apt-get install curl")
	}
	for _, row := range []struct{ name, store string }{
		{"with the store in memory", "memory:"},
		{"with the store in a SQLite file", "sqlite:" + filepath.Join(t.TempDir(), "curl.db")},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			sim := startSimulator(t, row.store)
			out, err := runScript(t, sim.ready)
			t.Logf("curl.sh:\n%s", out)
			if ok := strings.Count(out, "ok    level "); err != nil || ok != logins {
				t.Errorf("the script ends with %v after %d good logins, want exit code 0 and %d", err, ok, logins)
			}
			if out, err := runScript(t, sim.IdP, sim.Portal); err != nil {
				t.Errorf("with the addresses in place of the file it ends with %v:\n%s", err, out)
			}
		})
	}
	t.Run("and says so when it cannot", func(t *testing.T) {
		t.Parallel()
		sim := startSimulator(t, "memory:")
		out, err := runScript(t, sim.IdP, sim.IdP) // no portal lives there
		if exit := exitCode(err); exit != 1 || strings.Count(out, "FAIL") != logins {
			t.Errorf("exit code %d, want 1, and %d lines of FAIL:\n%s", exit, logins, out)
		}
		if _, err := runScript(t); exitCode(err) != 2 {
			t.Errorf("without arguments it ends with %v, want exit code 2", err)
		}
	})
}

func runScript(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "sh", append([]string{filepath.Join("..", "curl.sh")}, args...)...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

func exitCode(err error) int {
	if e, ok := err.(*exec.ExitError); ok {
		return e.ExitCode()
	}
	return 0
}
