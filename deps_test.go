package main

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// floors are the lowest versions in which what was published against them is mended (security.md section 2).
var floors = map[string]string{
	"github.com/russellhaering/goxmldsig": "v1.6.1",
	"github.com/beevik/etree":             "v1.8.1",
	"github.com/gorilla/mux":              "v1.8.1",
	"github.com/pquerna/otp":              "v1.5.0",
	"golang.org/x/crypto":                 "v0.56.0",
}

// goFloor is the lowest toolchain (SEC-93).
const goFloor = "v1.26.6"

type goMod struct {
	Go      string
	Require []struct {
		Path, Version string
	}
	Replace []struct{ Old struct{ Path string } }
}

func readGoMod(t *testing.T) goMod {
	t.Helper()
	out, err := exec.Command("go", "mod", "edit", "-json").Output()
	if err != nil {
		t.Fatalf("go mod edit -json: %v", err)
	}
	var mod goMod
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	return mod
}

// numbers reads the first three numbers of a version; what is no version is lower than everything.
func numbers(version string) []int {
	var a, b, c int
	if _, err := fmt.Sscanf(version, "v%d.%d.%d", &a, &b, &c); err != nil {
		return nil
	}
	return []int{a, b, c}
}

func older(version, floor string) bool { return slices.Compare(numbers(version), numbers(floor)) < 0 }

func TestSEC93Floors(t *testing.T) {
	t.Parallel()
	mod, selected := readGoMod(t), map[string]string{}
	for _, r := range mod.Require {
		selected[r.Path] = r.Version
	}
	if info, ok := debug.ReadBuildInfo(); ok { // what this very binary was linked with wins over what go.mod asks for
		for _, d := range info.Deps {
			selected[d.Path] = d.Version
		}
	}
	for path, floor := range floors {
		got, used := selected[path]
		if used && older(got, floor) {
			t.Errorf("%s is %q, want at least %s", path, got, floor)
		}
	}
	if got := "v" + mod.Go; older(got, goFloor) {
		t.Errorf("go.mod asks for Go %s, want at least %s", got, goFloor)
	}
	got := "v" + strings.TrimPrefix(regexp.MustCompile(`go[0-9.]+`).FindString(runtime.Version()), "go")
	if older(got, goFloor) {
		t.Errorf("the toolchain is %s, want at least %s", runtime.Version(), goFloor)
	}
}

func TestVersionsAreComparedByNumber(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		a, b string
		want bool
	}{{"v1.6.0", "v1.6.1", true}, {"v1.10.0", "v1.6.1", false}, {"v1.6.1", "v1.6.1", false}, {"", "v0.0.1", true}, {"v1.6.1-rc1", "v1.6.2", true}} {
		if got := older(row.a, row.b); got != row.want {
			t.Errorf("older(%q, %q) is %v, want %v", row.a, row.b, got, row.want)
		}
	}
}

// SEC-92: nothing in go.mod is replaced by a copy.
func TestSEC92NoReplacements(t *testing.T) {
	t.Parallel()
	for _, r := range readGoMod(t).Replace {
		t.Errorf("go.mod replaces %s", r.Old.Path)
	}
}
