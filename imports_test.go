package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says which packages of ours each package may import: imports run one way, from actors down to the wire. A
// package that is not listed may import nothing of ours. Test files may import more.
var arrows = map[string][]string{
	"": {"idp", "idp/admin", "sp", "certs", "saml", "spid", "spid/rules", "templates", "templates/ui",
		"onboarding", "onboarding/api", "onboarding/gestore", "onboarding/handoff", "onboarding/portal", "onboarding/regia",
		"internal/config", "internal/clock", "internal/people", "internal/store", "internal/store/sqlite", "internal/outbox", "internal/outbox/smtp", "internal/web", "internal/nearest"},

	"idp/idptest": {"idp", "idp/admin", "certs", "saml", "spid", "internal/clock", "internal/outbox", "internal/people", "internal/store",
		"internal/store/sqlite", "internal/web", "templates/ui"},
	"idp/admin": {"idp", "saml", "certs", "spid", "spid/rules", "templates", "templates/ui", "internal/web", "internal/clock", "internal/outbox", "internal/store", "internal/people"},
	"idp":       {"saml", "spid", "spid/rules", "templates", "templates/ui", "certs", "internal/web", "internal/store", "internal/outbox", "internal/people"},
	"sp":        {"saml", "spid", "spid/rules", "templates", "templates/ui", "internal/web", "internal/store"},

	"onboarding/api":     {"onboarding", "spid", "internal/clock", "internal/nearest", "internal/store", "internal/web"},
	"onboarding/portal":  {"onboarding", "spid", "templates", "templates/ui", "internal/web", "internal/clock", "internal/store", "internal/outbox"},
	"onboarding/gestore": {"onboarding", "spid", "templates", "templates/ui", "internal/web", "internal/clock", "internal/store", "internal/outbox"},
	"onboarding/regia":   {"onboarding", "onboarding/lesson", "spid", "templates", "templates/ui", "internal/web", "internal/clock", "internal/store", "internal/outbox"},
	"onboarding/lesson":  {"onboarding", "internal/clock"},
	"onboarding/handoff": {"saml", "spid"},
	"onboarding":         {"spid", "internal/clock", "internal/outbox", "internal/people", "internal/store"},

	"internal/web":             {"internal/config/limits", "templates", "templates/ui"},
	"internal/config":          {"internal/config/limits", "internal/nearest", "certs"},
	"internal/outbox/smtp":     {"internal/outbox"},
	"internal/outbox":          {"internal/store"},
	"internal/people":          {"spid"},
	"internal/store/sqlite":    {"internal/store"},
	"internal/store/storetest": {"internal/store"},

	"templates":    {"templates/ui", "spid", "internal/clock"},
	"templates/ui": {"internal/clock"},
	"spid/rules":   {"spid", "saml"},
	"spid":         {"saml"},
}

// known are the packages that may import nothing of ours.
var known = []string{"saml", "certs", "internal/clock", "internal/store", "internal/config/limits", "internal/nearest"}

// never are pairs that must not be connected even through others.
var never = [][2]string{
	{"sp", "idp"}, {"idp", "sp"}, {"templates", "idp"}, {"templates", "sp"}, {"templates", "internal/store"}, {"saml", "spid"},
	{"onboarding", "idp"}, {"onboarding", "sp"}, {"onboarding", "templates"},
	{"internal/web", "idp"}, {"internal/web", "sp"}, {"internal/web", "internal/store"}, {"certs", "saml"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
	Deps       []string
}

// ours strips the module's name; ok is false for packages of others.
func ours(path string) (string, bool) {
	if path == "spidsim" {
		return "", true
	}
	return strings.CutPrefix(path, "spidsim/")
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,Deps", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []goPackage
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p goPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		from, _ := ours(p.ImportPath)
		allowed, listed := arrows[from]
		if !listed && !slices.Contains(known, from) {
			t.Errorf("package %s is in no table: say what it may import", p.ImportPath)
		}
		for _, i := range p.Imports {
			if to, is := ours(i); is && !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s, which the table does not allow", p.ImportPath, i)
			}
		}
		for _, pair := range never {
			if from == pair[0] && slices.Contains(p.Deps, "spidsim/"+pair[1]) {
				t.Errorf("%s reaches spidsim/%s through its imports", p.ImportPath, pair[1])
			}
		}
	}
}

// The wire and the profile open no socket, read no file and write no page (style: pure functions over bytes).
func TestWireAndProfileArePure(t *testing.T) {
	t.Parallel()
	for _, p := range listPackages(t) {
		from, _ := ours(p.ImportPath)
		if from != "saml" && from != "spid" && from != "spid/rules" && from != "onboarding/handoff" {
			continue
		}
		for _, bad := range []string{"net", "os", "database/sql", "html/template", "github.com/a-h/templ", "log/slog"} {
			if slices.Contains(p.Imports, bad) {
				t.Errorf("%s imports %s", p.ImportPath, bad)
			}
		}
		if slices.Contains(p.Imports, "net/http") && (from == "saml" || from == "onboarding/handoff") {
			t.Errorf("%s imports net/http, want url.Values and raw queries", p.ImportPath)
		}
	}
}
