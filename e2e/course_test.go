package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// steps is the least number of steps that a course has.
const steps = 40

// A whole course is run by curl alone (issue: from the PIN to SPID), and a second one after it finds everything as at the beginning.
func TestCourse(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir())
	for range 2 {
		out, err := exec.CommandContext(t.Context(), "sh", "course.sh", p.IdP).CombinedOutput()
		if n := strings.Count(string(out), "\nok    "); err != nil || n < steps {
			t.Fatalf("the course ends with %v after %d good steps, want %d:\n%s", err, n, steps, out)
		}
	}
	for _, row := range []struct {
		name string
		args []string
		want int
	}{
		{"nobody serves there", []string{"http://127.0.0.1:1"}, 1},
		{"no address", nil, 2},
	} {
		out, err := exec.CommandContext(t.Context(), "sh", append([]string{"course.sh"}, row.args...)...).CombinedOutput()
		if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != row.want {
			t.Errorf("%s: it ends with %v, want exit code %d:\n%s", row.name, err, row.want, out)
		}
	}
}

// What the README shows works, to the letter.
func TestReadmeFromThePINToSPID(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir())
	for _, row := range []struct{ file, heading string }{{"README.md", "## From the PIN to SPID"}, {"README.it.md", "## Dal PIN a SPID"}} {
		t.Run(row.file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("..", row.file))
			if err != nil {
				t.Fatal(err)
			}
			_, section, _ := strings.Cut(string(text), row.heading+"\n")
			_, script, _ := strings.Cut(section, "```sh\n")
			script, _, ok := strings.Cut(script, "```")
			if !ok {
				t.Fatalf("%s has no script under %q", row.file, row.heading)
			}
			run := exec.CommandContext(t.Context(), "sh", "-eu", "-c", strings.ReplaceAll(script, "http://localhost:8088", p.IdP))
			out, err := run.CombinedOutput()
			for _, want := range []string{`"date":"2020-10-15"`, `"state":"R5"`, `"subject":"Il tuo codice di procedura"`, `"state":"R8"`, `"state":"R9"`, `"username":"ortensia.q"`} {
				if err != nil || !strings.Contains(string(out), want) {
					t.Errorf("the script ends with %v, and its output lacks %s:\n%s", err, want, out)
				}
			}
			var left struct{ Items []map[string]any }
			if p.api(t, "enrolments", &left); len(left.Items) != 0 {
				t.Errorf("after the reset %d requests are left", len(left.Items))
			}
		})
	}
}
