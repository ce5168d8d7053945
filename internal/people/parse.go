package people

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

//go:embed people.yaml
var source []byte

// All returns the invented people in the order of people.yaml. The values are the caller's.
func All() ([]Person, error) { return Parse(source, "people.yaml") }

// Parse reads people from YAML or JSON: a list of people, an object of people by username, one person, or an object
// whose key users holds any of these. Keys are those of Person; those of the users.json files of spid-testenv2
// and spid-saml-check are read as well (see foreign). Keys that nobody knows are refused.
//
// What is left out gets a default: password "prova", identity_type 1, status "active", levels 1 and 2, idps
// "prova", and, for people with the level that needs them, second_factors totp, sms, app and card "ok".
//
// Empty data gives nobody. All mistakes come at once (errors.Join), each a *Mistake with its place in the data.
func Parse(data []byte, name string) ([]Person, error) {
	file, err := parser.ParseBytes(untabbed(data), 0)
	if err != nil {
		return nil, mistake(name, err)
	}
	if len(file.Docs) > 1 {
		return nil, &Mistake{File: name, Message: fmt.Sprintf("%d documents, want one", len(file.Docs))}
	}
	r := reader{file: name, seen: map[string]token.Position{}}
	for _, doc := range file.Docs {
		if doc.Body != nil {
			r.top(doc.Body)
		}
	}
	return r.people, errors.Join(r.mistakes...)
}

// untabbed makes JSON that is indented with tabs readable for a YAML parser. In JSON a tab stands only between
// tokens, so no value changes, and places stay the same.
func untabbed(data []byte) []byte {
	if !bytes.ContainsRune(data, '\t') || !json.Valid(data) {
		return data
	}
	return bytes.ReplaceAll(data, []byte{'\t'}, []byte{' '})
}

// Mistake is one thing wrong with the users given. Line and Column count from 1; 0 is unknown.
type Mistake struct {
	File         string
	Line, Column int
	Message      string
}

// Error reads `users.json:3:5: user "ada": sex is "X", want F or M`.
func (m *Mistake) Error() string {
	if m.Line == 0 {
		return m.File + ": " + m.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Message)
}

// mistake turns an error of the YAML library, which quotes the source over several lines, into one line.
func mistake(file string, err error) *Mistake {
	var y yaml.Error
	if !errors.As(err, &y) {
		return &Mistake{File: file, Message: err.Error()}
	}
	m := &Mistake{File: file, Message: y.GetMessage()}
	if t := y.GetToken(); t != nil && t.Position != nil {
		m.Line, m.Column = t.Position.Line, t.Position.Column
	}
	return m
}

// reader collects people and mistakes.
type reader struct {
	file     string
	people   []Person
	mistakes []error
	seen     map[string]token.Position
}

func (r *reader) blame(at *token.Position, format string, args ...any) {
	r.mistakes = append(r.mistakes, &Mistake{File: r.file, Line: at.Line, Column: at.Column, Message: fmt.Sprintf(format, args...)})
}

// top tells the shapes apart.
func (r *reader) top(body ast.Node) {
	switch n := body.(type) {
	case *ast.NullNode, *ast.CommentGroupNode:
	case *ast.SequenceNode:
		for _, v := range n.Values {
			r.entry(v, "")
		}
	case ast.MapNode:
		r.object(body, pairs(n))
	default:
		r.blame(position(body), "found %s, want a list of people or an object of people by username", body.Type())
	}
}

func (r *reader) object(body ast.Node, pairs []pair) {
	for _, p := range pairs {
		_, list := p.value.(*ast.SequenceNode)
		_, object := p.value.(ast.MapNode)
		switch {
		case p.key == "username" && !list && !object:
			r.entry(body, "")
			return
		case p.key == "users" && len(pairs) == 1 && (list || object):
			r.top(p.value)
			return
		}
	}
	for _, p := range pairs {
		r.entry(p.value, p.key)
	}
}

// entry reads one person; username is the key of the object that holds it, "" in a list.
func (r *reader) entry(node ast.Node, username string) {
	at := position(node)
	if _, ok := node.(ast.MapNode); !ok {
		r.blame(at, "found %s, want an object that describes a person", node.Type())
		return
	}
	ast.Walk(verbatim{}, node)
	var e entry
	if err := yaml.NodeToValue(node, &e, yaml.Strict()); err != nil {
		r.mistakes = append(r.mistakes, mistake(r.file, err))
		return
	}
	p, wrong := e.person(username)
	for _, w := range wrong {
		r.blame(at, "user %q: %s", p.Username, w)
	}
	if first, taken := r.seen[p.Username]; taken {
		r.blame(at, "user %q stands at line %d already", p.Username, first.Line)
	}
	r.seen[p.Username] = *at
	r.people = append(r.people, p)
}

// verbatim turns numbers into texts as they are written: YAML reads the CAP 00144 as an octal number. Only our
// own identity_type is a number by itself; levels are a list, which stays.
type verbatim struct{}

// Visit implements ast.Visitor.
func (v verbatim) Visit(n ast.Node) ast.Visitor {
	m, ok := n.(*ast.MappingValueNode)
	if !ok || m.Key.GetToken().Value == "identity_type" {
		return v
	}
	switch m.Value.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		m.Value = ast.String(m.Value.GetToken())
	}
	return v
}

type pair struct {
	key   string
	value ast.Node
}

func pairs(m ast.MapNode) []pair {
	var out []pair
	for it := m.MapRange(); it.Next(); {
		key := it.Key().GetToken().Value
		out = append(out, pair{key, it.Value()})
	}
	return out
}

func position(n ast.Node) *token.Position {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position
	}
	return &token.Position{}
}
