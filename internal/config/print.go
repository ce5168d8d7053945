package config

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
)

// Print writes every key with its value, default, origin and help, as YAML that can be loaded again. Secrets are left
// out: they do not stand in the file.
func (c *Config) Print(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# Configuration of spidsim. Every key with its value; a flag or a variable of the environment wins over this file.\n")
	group := ""
	for _, k := range Keys() {
		if k.YAML == "" {
			continue
		}
		if k.Group != group && k.Group != "" {
			group = k.Group
			fmt.Fprintf(&b, "\n# --- %s ---\n", group)
		}
		c.printKey(&b, k)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (c *Config) printKey(b *strings.Builder, k Key) {
	fmt.Fprintf(b, "\n# %s\n# ", k.Help)
	var places []string
	if k.Flag != "" {
		places = append(places, "--"+k.Flag)
	}
	if k.Env != "" {
		places = append(places, k.Env)
	}
	if len(places) > 0 {
		b.WriteString(strings.Join(places, ", ") + "; ")
	}
	def := k.Default
	if def == "" {
		def = "none"
		if k.field(c).Kind() == reflect.Bool {
			def = "false"
		}
	}
	fmt.Fprintf(b, "default: %s; from: %s\n%s: %s\n", def, c.Origin(k.Name), k.YAML, printValue(k.field(c)))
}

func printValue(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case RawYAML:
		if len(x) == 0 {
			return "[]"
		}
		return "\n" + strings.TrimRight(strings.TrimLeft(string(x), "\n"), " \n")
	case time.Duration:
		return x.String()
	case Instant:
		if x.IsZero() {
			return "null"
		}
		return x.UTC().Format(time.RFC3339)
	case *int64:
		if x == nil {
			return "null"
		}
		return fmt.Sprint(*x)
	case []IdP:
		return printIdPs(x)
	case []string:
		if x == nil {
			x = []string{}
		}
		return quote(x)
	}
	return quote(v.Interface())
}

func printIdPs(list []IdP) string {
	if len(list) == 0 {
		return "[]"
	}
	var b strings.Builder
	for _, p := range list {
		fmt.Fprintf(&b, "\n  - {slug: %s, name: %s, initials: %s}", quote(p.Slug), quote(p.Name), quote(p.Initials))
	}
	return b.String()
}

// quote writes JSON, which is YAML too.
func quote(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "null"
	}
	return strings.TrimSpace(b.String())
}
