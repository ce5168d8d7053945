package config

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// values gives what a configuration says, without where it came from.
func values(c *Config) map[string]any {
	out := map[string]any{}
	for _, k := range Keys() {
		if k.YAML != "" {
			out[k.Name] = k.field(c).Interface()
		}
	}
	out["users"] = strings.Join(strings.Fields(string(c.Users)), " ")
	return out
}

func TestPrintCanBeLoadedAgain(t *testing.T) {
	t.Parallel()
	const text = `listen: 127.0.0.1:9000
data: "quoted \" # : name"
sp: ["a: b.xml", 'c#d']
clock: 2020-10-15T09:30:00Z
idps:
  - {slug: neu, name: "Neu: Uno", initials: NE}
users:
  - username: ada
    attributes: {address: "Via # 1", cap: 00144}
# a comment behind the list
login_timeout: 90s
limit_form_bytes: 100
`
	first, err := load(t, text, env("SPIDSIM_MODE", "ci"), "--relaxed")
	if err != nil {
		t.Fatal(err)
	}
	var once, twice strings.Builder
	if err := first.Print(&once); err != nil {
		t.Fatal(err)
	}
	second, err := load(t, once.String(), nil)
	if err != nil {
		t.Fatalf("%v in\n%s", err, once.String())
	}
	got, want := values(second), values(first)
	for name := range want {
		g, w := got[name], want[name]
		if name == "users" {
			g, w = strings.Split(g.(string), " # a comment")[0], strings.Split(w.(string), " # a comment")[0]
		}
		if list, ok := w.([]string); ok && len(list) == 0 {
			g, w = len(g.([]string)), 0
		}
		if !reflect.DeepEqual(g, w) {
			t.Errorf("%s is %#v after the round trip, want %#v", name, g, w)
		}
	}
	if err := second.Print(&twice); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(once.String(), "from: flag\nstrict: false") || !strings.Contains(once.String(), "from: environment\nmode: \"ci\"") {
		t.Errorf("origins are not told:\n%s", once.String())
	}
}

func TestEveryKeyIsTold(t *testing.T) {
	t.Parallel()
	c, err := Load(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := c.Print(&b); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, k := range Keys() {
		if seen[k.Name] {
			t.Errorf("key %s is there twice", k.Name)
		}
		seen[k.Name] = true
		if k.Help == "" || !strings.HasSuffix(k.Help, ".") {
			t.Errorf("key %s has help %q, want a sentence", k.Name, k.Help)
		}
		if k.YAML != "" && !strings.Contains(b.String(), "\n"+k.YAML+": ") {
			t.Errorf("--print-config leaves out %s", k.YAML)
		}
	}
}

// SEC-07: options that make the program believe what it should not have no place in it.
func TestNoKeySwitchesACheckOff(t *testing.T) {
	t.Parallel()
	for _, k := range Keys() {
		for _, bad := range []string{"skip", "insecure", "no-verify", "ignore", "disable", "accept-any", "unsigned"} {
			if strings.Contains(k.Name, bad) {
				t.Errorf("key %s sounds as if it switched a check off (SEC-07)", k.Name)
			}
		}
	}
}

func TestExampleIsComplete(t *testing.T) {
	t.Parallel()
	const path = "../../spidsim.example.yaml"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Load([]string{"--config", path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range Keys() {
		if k.YAML == "" {
			continue
		}
		if !strings.Contains("\n"+string(text), "\n"+k.YAML+":") {
			t.Errorf("spidsim.example.yaml lacks %s", k.YAML)
		}
		if _, list := k.field(c).Interface().([]string); k.Flag != "" && !list {
			fresh := &Config{}
			if k.Default != "" {
				if err := k.set(fresh, k.Default); err != nil {
					t.Fatalf("default of %s: %v", k.Name, err)
				}
			}
			if got, want := k.field(c).Interface(), k.field(fresh).Interface(); !reflect.DeepEqual(got, want) {
				t.Errorf("the example gives %s as %v, its default is %v", k.YAML, got, want)
			}
		}
	}
}
