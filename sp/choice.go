package sp

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"spidsim/saml"
	"spidsim/spid"
)

// choice is what a login is to be like: the parameters of GET /spid/login (interface.md section 2).
type choice struct {
	idp        string
	level      spid.Level
	binding    saml.Binding
	comparison spid.Comparison
	acs        int
	attributes int
	purpose    string // spid:Purpose; "" = left out
	relay      string // path of this origin where the browser goes afterwards; "" = /spid/me
}

// parameterError names a parameter of a request that cannot be used, what it is and what it may be.
type parameterError struct {
	Name, Found string
	Allowed     []string
}

func (e *parameterError) Error() string {
	return fmt.Sprintf("parameter %s is %q, want %s", e.Name, e.Found, strings.Join(e.Allowed, ", "))
}

// parameter is one parameter of the login address: its default and the values that it may have (nil = see set).
type parameter struct {
	name, fallback string
	allowed        []string
	set            func(*choice, string) bool // false = this value cannot be used
}

var bindings = map[string]saml.Binding{"redirect": saml.HTTPRedirect, "post": saml.HTTPPost}

// purposes are the values of spid:Purpose (PUR-02), and none.
var purposes = []string{"", "P", "LP", "PG", "PF", "PX"}

// parameters lists what /spid/login takes. slugs and metadata say what exists.
func parameters(slugs []string, md *saml.SPSSODescriptor) []parameter {
	var acs, sets []string
	for _, e := range md.AssertionConsumerServices {
		acs = append(acs, strconv.Itoa(e.Index))
	}
	for _, a := range md.AttributeConsumingServices {
		sets = append(sets, strconv.Itoa(a.Index))
	}
	return []parameter{
		{"idp", "prova", slugs, func(c *choice, v string) bool { c.idp = v; return true }},
		{"level", "2", []string{"1", "2", "3"}, func(c *choice, v string) bool { c.level = spid.Level(v[0] - '0'); return true }},
		{"binding", "post", []string{"redirect", "post"}, func(c *choice, v string) bool { c.binding = bindings[v]; return true }},
		{"comparison", "minimum", []string{"exact", "minimum", "better", "maximum"}, func(c *choice, v string) bool { c.comparison = spid.Comparison(v); return true }},
		{"acs", "0", acs, func(c *choice, v string) bool { return number(&c.acs, v) }},
		{"attributes", "0", sets, func(c *choice, v string) bool { return number(&c.attributes, v) }},
		{"purpose", "", purposes, func(c *choice, v string) bool { c.purpose = v; return true }},
		{"relay", "", nil, func(c *choice, v string) bool { c.relay = v; return v == "" || localPath(v) }},
	}
}

func number(to *int, value string) bool {
	n, err := strconv.Atoi(value)
	*to = n
	return err == nil
}

// ignored are parameters that say how the page is shown and nothing about the login.
var ignored = []string{"lang", "order"}

// readChoice reads the query. An empty value counts as the default, since forms send empty fields. A
// misspelt, doubled or impossible parameter is a *parameterError: a login that silently is another one than was asked for costs an afternoon.
func readChoice(rawQuery string, known []parameter) (choice, error) {
	var c choice
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return c, &parameterError{Name: "query", Found: rawQuery, Allowed: []string{"name=value pairs joined by &"}}
	}
	var names []string
	for _, p := range known {
		names = append(names, p.name)
		if err := p.read(&c, query[p.name]); err != nil {
			return c, err
		}
	}
	for name := range query {
		if !slices.Contains(names, name) && !slices.Contains(ignored, name) {
			return c, &parameterError{Name: name, Found: query.Get(name), Allowed: append([]string{"one of the parameters"}, names...)}
		}
	}
	return c, nil
}

func (p parameter) read(c *choice, values []string) error {
	value := p.fallback
	switch {
	case len(values) > 1:
		return &parameterError{Name: p.name, Found: strings.Join(values, " and "), Allowed: []string{"one value"}}
	case len(values) == 1 && values[0] != "":
		value = values[0]
	}
	if p.allowed != nil && !slices.Contains(p.allowed, value) {
		return &parameterError{Name: p.name, Found: value, Allowed: named(p.allowed)}
	}
	if !p.set(c, value) {
		return &parameterError{Name: p.name, Found: value, Allowed: []string{`a path of this site, as "/servizi"`}}
	}
	return nil
}

// named leaves out the empty value, which a reader takes for a mistake.
func named(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
}

// maxPath bounds the stored return path.
const maxPath = 512

// localPath reports whether a browser that is sent to p stays on this origin (SEC-48): one slash first, no
// backslash (browsers read it as a slash), no control characters.
func localPath(p string) bool {
	if len(p) > maxPath || !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") {
		return false
	}
	for _, r := range p {
		if r == '\\' || r <= ' ' || r == 0x7f || r == '\uFFFD' {
			return false
		}
	}
	u, err := url.Parse(p)
	return err == nil && u.Scheme == "" && u.Host == ""
}

// mayGiveMore reports whether an answer may carry a higher level than the one named, or any level from 2
// up: then an old session must not answer (REQ-07, REQ-09).
func (c choice) mayGiveMore() bool {
	return c.level >= spid.L2 || c.comparison == spid.Minimum || c.comparison == spid.Better
}
