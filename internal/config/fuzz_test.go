package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever the file holds, nothing panics; what is refused is refused as Mistakes with a line that the file has; what is
// taken can be printed and loaded again.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{
		"listen: 127.0.0.1:1\n", "users:\n  - username: ada\n", "users: [{a: b}]\nmode: ci\n", "idps: [{slug: a, name: b}]", "sp: x\n---\n",
		"a: &x [*x]\n", "? [a]\n: b\n", "listen: !!binary eA==\n", "data: |\n  x\n  y\n", "{listen: x, data: y}", "users: {ada: {password: x}}\n# c\n", "\ufeffdata: x\n",
		"\"data\" : \"x\"\n", "users   :   [1]\ndata: x\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "x.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load([]string{"--config", path}, nil)
		if err != nil {
			var mistakes Mistakes
			if !errors.As(err, &mistakes) || len(mistakes) == 0 {
				t.Fatalf("got %T %v, want Mistakes", err, err)
			}
			for _, m := range mistakes {
				if m.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+1 {
					t.Errorf("%s: the file has not so many lines", m)
				}
			}
			return
		}
		var b strings.Builder
		if err := c.Print(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load([]string{"--config", path}, nil); err != nil {
			t.Errorf("what was printed cannot be loaded: %v\n%s", err, b.String())
		}
	})
}
