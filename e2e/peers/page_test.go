package peers

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// page is what a browser without scripts holds after a request.
type page struct {
	status  int
	address *url.URL
	step    string // data-step of the body
	heading string
	forms   []form
}

// form is a form of a page with the values that it holds.
type form struct {
	action  string // absolute
	fields  url.Values
	buttons []field // named ones: pressing one sends it along
}

type field struct{ name, value string }

func (f *form) has(name string) bool { return f.fields.Has(name) }

// button tells whether the form has that button; an empty value means any.
func (f *form) button(name, value string) bool {
	return slices.ContainsFunc(f.buttons, func(b field) bool { return b.name == name && (value == "" || b.value == value) })
}

// find returns the first form that fits, or nil.
func (p *page) find(fits func(*form) bool) *form {
	for i := range p.forms {
		if fits(&p.forms[i]) {
			return &p.forms[i]
		}
	}
	return nil
}

func (p *page) withField(name string) *form { return p.find(func(f *form) bool { return f.has(name) }) }

func (p *page) withButton(name, value string) *form {
	return p.find(func(f *form) bool { return f.button(name, value) })
}

// readPage parses an answer. A body that is not HTML is a page without forms.
func readPage(res *http.Response) (*page, error) {
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		return nil, err
	}
	p := &page{status: res.StatusCode, address: res.Request.URL}
	root, err := html.Parse(strings.NewReader(string(body)))
	if err != nil {
		return nil, err
	}
	for n := range root.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "body":
			p.step = attr(n, "data-step")
		case n.Data == "h1":
			p.heading = text(n)
		case n.Data == "form":
			f, err := p.readForm(n)
			if err != nil {
				return nil, err
			}
			p.forms = append(p.forms, f)
		}
	}
	return p, nil
}

func (p *page) readForm(n *html.Node) (form, error) {
	action, err := p.address.Parse(attr(n, "action"))
	if err != nil {
		return form{}, err
	}
	f := form{action: action.String(), fields: url.Values{}}
	for c := range n.Descendants() {
		name := attr(c, "name")
		switch {
		case c.Type != html.ElementNode || name == "":
		case c.Data == "button" || c.Data == "input" && attr(c, "type") == "submit":
			f.buttons = append(f.buttons, field{name, attr(c, "value")})
		case c.Data == "input":
			f.fields.Add(name, attr(c, "value"))
		}
	}
	return f, nil
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
