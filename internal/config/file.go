package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// file is a configuration file being read. Values are typed strictly: a text is taken letter by letter, so that
// 00144 stays a postal code, and true is no text.
type file struct {
	name     string
	source   []byte
	keys     map[string]Key
	given    func(Key) bool // true for keys that a flag or the environment decided
	into     *Config
	mistakes Mistakes
}

func (f *file) mistake(at *token.Token, key, format string, args ...any) {
	m := Mistake{Origin: f.name, Key: key, Message: fmt.Sprintf(format, args...)}
	if at != nil && at.Position != nil {
		m.Line, m.Column = at.Position.Line, at.Position.Column
	}
	f.mistakes = append(f.mistakes, m)
}

// readFile applies the file at path. A missing file is a mistake only when it was named.
func readFile(c *Config, path string, named bool, given func(Key) bool) Mistakes {
	source, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil
	}
	if err != nil {
		return Mistakes{{Origin: path, Message: "cannot be read: " + cause(err)}}
	}
	c.file = path
	f := &file{name: path, source: source, into: c, given: given, keys: map[string]Key{}}
	for _, k := range Keys() {
		if k.YAML != "" {
			f.keys[k.YAML] = k
		}
	}
	f.read()
	return f.mistakes
}

// cause leaves out what an *fs.PathError repeats of the path.
func cause(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func (f *file) read() {
	doc, err := parser.ParseBytes(f.source, 0)
	if err != nil {
		var at yaml.Error
		if errors.As(err, &at) {
			f.mistake(at.GetToken(), "", "%s", at.GetMessage())
		} else {
			f.mistake(nil, "", "%s", err)
		}
		return
	}
	pairs, ok := f.pairs(doc)
	if !ok {
		return
	}
	for i, pair := range pairs {
		f.pair(pair, nextLine(pairs, i))
	}
}

// pairs returns the keys at the top of the one document.
func (f *file) pairs(doc *ast.File) ([]*ast.MappingValueNode, bool) {
	var bodies []ast.Node
	for _, d := range doc.Docs {
		if d.Body != nil && d.Body.Type() != ast.CommentType && d.Body.Type() != ast.NullType {
			bodies = append(bodies, d.Body)
		}
	}
	if len(bodies) == 0 {
		return nil, true
	}
	if len(bodies) > 1 {
		f.mistake(bodies[1].GetToken(), "", "a second document begins here, want one")
		return nil, false
	}
	pairs, ok := mapping(bodies[0])
	if !ok {
		f.mistake(bodies[0].GetToken(), "", "want keys with values, as `listen: 127.0.0.1:8088`")
	}
	return pairs, ok
}

func mapping(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// nextLine is the line of the key after the i-th, 0 behind the last.
func nextLine(pairs []*ast.MappingValueNode, i int) int {
	if i+1 == len(pairs) {
		return 0
	}
	return pairs[i+1].Key.GetToken().Position.Line
}

func (f *file) pair(pair *ast.MappingValueNode, next int) {
	at := pair.Key.GetToken()
	name := at.Value
	k, ok := f.keys[name]
	if !ok {
		f.unknown(at, name, f.names())
		return
	}
	if f.given(k) {
		// A flag or the environment decides, yet a wrong value in the file is still worth saying.
		scratch := &file{name: f.name, source: f.source, into: &Config{}}
		scratch.value(k, pair, next)
		f.mistakes = append(f.mistakes, scratch.mistakes...)
		return
	}
	before := len(f.mistakes)
	f.value(k, pair, next)
	if len(f.mistakes) == before && !isNull(pair.Value) {
		f.into.lines[k.Name] = at.Position.Line
		f.into.origins[k.Name] = fmt.Sprintf("%s:%d", f.name, at.Position.Line)
	}
}

func (f *file) names() []string {
	var names []string
	for _, k := range Keys() {
		if k.YAML != "" {
			names = append(names, k.YAML)
		}
	}
	return names
}

func (f *file) unknown(at *token.Token, name string, known []string) {
	switch {
	case name == "api_token":
		f.mistake(at, name, "must not stand in this file: name a file of mode 0600 with api_token_file, or set SPIDSIM_API_TOKEN (SEC-03)")
	case contains(known, strings.ReplaceAll(name, "-", "_")):
		f.mistake(at, name, "is no key; did you mean %q?", strings.ReplaceAll(name, "-", "_"))
	default:
		f.mistake(at, name, "is no key%s", suggest(name, known))
	}
}

// value reads the value of a key into its field. next is the line of the key after it, 0 for none.
func (f *file) value(k Key, pair *ast.MappingValueNode, next int) {
	if isNull(pair.Value) {
		return // an empty value is the default
	}
	switch field := k.field(f.into).Addr().Interface().(type) {
	case *RawYAML:
		f.raw(pair, next, field)
	case *[]IdP:
		*field = f.idps(k.YAML, pair.Value)
	case *[]string:
		*field = f.list(k.YAML, pair.Value)
	default:
		f.scalar(k, pair.Value)
	}
}

// lineOffset returns where a line begins; line 0 stands for the end.
func (f *file) lineOffset(line int) int {
	if line == 0 {
		return len(f.source)
	}
	at := 0
	for range line - 1 {
		n := bytes.IndexByte(f.source[at:], '\n')
		if n < 0 {
			return len(f.source)
		}
		at += n + 1
	}
	return at
}

func isNull(n ast.Node) bool { return n == nil || n.Type() == ast.NullType }

// text returns what a scalar says, letter by letter.
func text(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func (f *file) scalar(k Key, n ast.Node) {
	field := k.field(f.into)
	wanted := "a text"
	switch field.Interface().(type) {
	case bool:
		if b, ok := n.(*ast.BoolNode); ok {
			field.SetBool(b.Value)
			return
		}
		wanted = "true or false"
	case int, *int64:
		if _, ok := n.(*ast.IntegerNode); ok {
			f.set(k, n, n.GetToken().Value)
			return
		}
		wanted = "a whole number"
	default:
		if s, ok := text(n); ok {
			f.set(k, n, s)
			return
		}
	}
	f.mistake(n.GetToken(), k.YAML, "is %s, want %s", describe(n), wanted)
}

func (f *file) set(k Key, n ast.Node, s string) {
	if s == "" && k.Default == "" {
		return
	}
	if err := k.set(f.into, s); err != nil {
		f.mistake(n.GetToken(), k.YAML, "%s", err)
	}
}

// list reads a list of texts; a single text is a list of one.
func (f *file) list(key string, n ast.Node) []string {
	if s, ok := text(n); ok {
		return []string{s}
	}
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		f.mistake(n.GetToken(), key, "is %s, want a list of texts", describe(n))
		return nil
	}
	var out []string
	for _, item := range seq.Values {
		if s, ok := text(item); ok {
			out = append(out, s)
		} else {
			f.mistake(item.GetToken(), key, "has an item that is %s, want a text", describe(item))
		}
	}
	return out
}

func (f *file) idps(key string, n ast.Node) []IdP {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		f.mistake(n.GetToken(), key, "is %s, want a list of gestori", describe(n))
		return nil
	}
	var out []IdP
	for _, item := range seq.Values {
		pairs, ok := mapping(item)
		if !ok {
			f.mistake(item.GetToken(), key, "has an item that is %s, want slug, name and initials", describe(item))
			continue
		}
		out = append(out, f.idp(key, item, pairs))
	}
	return out
}

func (f *file) idp(key string, item ast.Node, pairs []*ast.MappingValueNode) IdP {
	var p IdP
	fields := map[string]*string{"slug": &p.Slug, "name": &p.Name, "initials": &p.Initials}
	for _, pair := range pairs {
		at := pair.Key.GetToken()
		field, known := fields[at.Value]
		s, isText := text(pair.Value)
		switch {
		case !known:
			f.unknown(at, at.Value, []string{"slug", "name", "initials"})
		case !isText:
			f.mistake(pair.Value.GetToken(), key+"."+at.Value, "is %s, want a text", describe(pair.Value))
		default:
			*field = s
		}
	}
	if err := checkIdP(p); err != nil {
		f.mistake(item.GetToken(), key, "%s", err)
	}
	return p
}

// raw keeps the value as it stands, behind as many line breaks and blanks as keep lines and columns true.
func (f *file) raw(pair *ast.MappingValueNode, next int, to *RawYAML) {
	switch pair.Value.(type) {
	case *ast.SequenceNode, *ast.MappingNode, *ast.MappingValueNode:
	default:
		f.mistake(pair.Value.GetToken(), pair.Key.GetToken().Value, "is %s, want a list of people", describe(pair.Value))
		return
	}
	at := pair.Key.GetToken().Position
	line := f.lineOffset(at.Line)
	value := f.source[line:f.lineOffset(next)]
	colon := bytes.IndexByte(value, ':') + 1
	out := bytes.Repeat([]byte("\n"), at.Line-1)
	out = append(out, bytes.Repeat([]byte(" "), colon)...)
	*to = append(out, value[colon:]...)
}

func describe(n ast.Node) string {
	switch n := n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a group of keys"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode:
		return fmt.Sprintf("the text %q", n.Value)
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		return "an anchor, alias or tag"
	}
	return "a " + strings.ToLower(n.Type().String())
}
