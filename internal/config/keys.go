package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"spidsim/internal/nearest"
)

// Origins of a value that do not name a place.
const (
	originDefault = "default"
	originFlag    = "flag"
	originEnv     = "environment"
)

// Key is one key of the configuration with its names in every place where it may stand.
type Key struct {
	Flag    string // "portal-listen"; "" when it is no flag
	Env     string // "SPIDSIM_PORTAL_LISTEN"; "" when the environment may not give it
	YAML    string // "portal_listen"; "" when the file may not give it
	Name    string // "portal-listen", whatever the places
	Default string // as text
	Enum    []string
	Help    string
	Group   string
	Secret  bool // never printed

	index []int // of the field in Config
}

// Keys returns every key in the order of the struct.
func Keys() []Key { return keysOf(reflect.TypeFor[Config](), "", "", nil) }

func keysOf(t reflect.Type, prefix, group string, index []int) []Key {
	var keys []Key
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(append([]int(nil), index...), i)
		if _, embedded := f.Tag.Lookup("embed"); embedded {
			keys = append(keys, keysOf(f.Type, f.Tag.Get("prefix"), f.Tag.Get("group"), at)...)
			continue
		}
		if f.Tag.Get("name") == "" {
			continue
		}
		keys = append(keys, keyOf(f, prefix, group, at))
	}
	return keys
}

func keyOf(f reflect.StructField, prefix, group string, index []int) Key {
	tag := f.Tag
	k := Key{Name: prefix + tag.Get("name"), Default: tag.Get("default"), Group: tag.Get("group"), Secret: tag.Get("secret") != "", index: index}
	if k.Group == "" {
		k.Group = group
	}
	if e := tag.Get("enum"); e != "" {
		k.Enum = strings.Split(e, ",")
	}
	k.Help = strings.ReplaceAll(tag.Get("help"), "${enum}", strings.Join(k.Enum, ", "))
	from := tag.Get("from")
	if from == "" || from == "flag" {
		k.Flag = k.Name
	}
	if from == "" || from == "env" {
		k.Env = envName(k.Name)
	}
	if from == "" || from == "file" {
		k.YAML = strings.ReplaceAll(k.Name, "-", "_")
	}
	if k.Flag == "config" {
		k.Env = envName(k.Name)
	}
	return k
}

func envName(key string) string {
	return "SPIDSIM_" + strings.ToUpper(strings.ReplaceAll(key, "-", "_"))
}

func (k Key) field(c *Config) reflect.Value { return reflect.ValueOf(c).Elem().FieldByIndex(k.index) }

// set gives the field the value that text stands for. Errors read "is "x", want …".
func (k Key) set(c *Config, text string) error {
	if len(k.Enum) > 0 && !contains(k.Enum, text) {
		return fmt.Errorf("is %q, want %s%s", text, oneOf(k.Enum), suggest(text, k.Enum))
	}
	return setValue(k.field(c), text)
}

func setValue(v reflect.Value, text string) error {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	if v.Type() == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("is %q, want a duration as 90s, 5m or 1h30m", text)
		}
		v.SetInt(int64(d))
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("is %q, want true or false", text)
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || v.OverflowInt(n) {
			return fmt.Errorf("is %q, want a whole number", text)
		}
		v.SetInt(n)
	case reflect.Pointer:
		if text == "" {
			v.SetZero()
			return nil
		}
		to := reflect.New(v.Type().Elem())
		if err := setValue(to.Elem(), text); err != nil {
			return err
		}
		v.Set(to)
	case reflect.Slice:
		v.Set(reflect.ValueOf(splitList(text)))
	default:
		return fmt.Errorf("a %s cannot be given here", v.Type())
	}
	return nil
}

// splitList reads a list of the environment: separated by commas or line breaks.
func splitList(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == '\n' }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

func oneOf(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}

// suggest is what an error says of the name that was probably meant, "" when there is none.
func suggest(s string, names []string) string {
	if n := nearest.Of(s, names); n != "" {
		return fmt.Sprintf("; did you mean %q?", n)
	}
	return ""
}
