package main

import (
	"bytes"
	"encoding/base64"
	"html"
	"net/url"
	"regexp"
	"strings"

	"spidsim/saml"
)

// carrier is what a message came in.
type carrier struct {
	source  string       // in words
	binding saml.Binding // HTTP-POST unless it came in a query
	query   string       // raw, of a redirect
	form    url.Values   // of a POST
	xml     []byte       // when it came bare
}

// openCarrier finds out what the text is: XML, an HTML page with a form, an address, a query or form body, or base64.
func openCarrier(text []byte) (carrier, error) {
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
	lower := strings.ToLower(string(trimmed[:min(len(trimmed), 4096)]))
	switch {
	case len(trimmed) == 0:
		return carrier{}, usageError("the input is empty")
	case strings.HasPrefix(lower, "<") && (strings.Contains(lower, "<html") || strings.Contains(lower, "<!doctype html") || strings.Contains(lower, "<form")):
		return fromPage(string(trimmed))
	case lower[0] == '<':
		return carrier{source: "XML", binding: saml.HTTPPost, xml: trimmed}, nil
	case strings.HasPrefix(lower, "http://"), strings.HasPrefix(lower, "https://"):
		_, query, _ := strings.Cut(string(trimmed), "?")
		query, _, _ = strings.Cut(query, "#")
		return fromQuery("an address", query)
	case strings.Contains(lower, "samlrequest=") || strings.Contains(lower, "samlresponse="):
		return fromBody(string(trimmed))
	}
	return fromBase64(trimmed)
}

func fromQuery(source, query string) (carrier, error) {
	c := carrier{source: source, binding: saml.HTTPRedirect, query: query}
	if c.param() == "" {
		return c, usageError("the address has no SAMLRequest or SAMLResponse in its query")
	}
	return c, nil
}

// fromBody tells the query of a redirect from the body of a form: the first has a SigAlg, or a message that is
// compressed instead of plain.
func fromBody(text string) (carrier, error) {
	form, err := url.ParseQuery(text)
	if err != nil {
		return carrier{}, usageError("the form is not well encoded: %w", err)
	}
	c := carrier{source: "a form body", binding: saml.HTTPPost, form: form}
	if form.Has("SigAlg") || !plainXML(form.Get(c.param())) {
		return fromQuery("a query", text)
	}
	return c, nil
}

func plainXML(message string) bool {
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(message), ""))
	return err != nil || bytes.HasPrefix(bytes.TrimSpace(raw), []byte("<"))
}

// fromBase64 takes a bare value of a parameter, percent-encoded or not.
func fromBase64(text []byte) (carrier, error) {
	value := strings.Join(strings.Fields(string(text)), "")
	if strings.Contains(value, "%") {
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
	}
	raw, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return carrier{}, usageError("the input is no XML, HTML page, address, form body or base64: %w", err)
	}
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("<")) {
		return carrier{source: "base64", binding: saml.HTTPPost, xml: raw}, nil
	}
	return carrier{source: "compressed base64", binding: saml.HTTPRedirect, query: saml.ParamRequest + "=" + url.QueryEscape(value)}, nil
}

var (
	inputTag  = regexp.MustCompile(`(?is)<input\b[^>]*>`)
	attribute = regexp.MustCompile(`(?is)([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))`)
)

// fromPage takes the fields of the self-posting form out of an HTML page.
func fromPage(page string) (carrier, error) {
	c := carrier{source: "a form in an HTML page", binding: saml.HTTPPost, form: url.Values{}}
	for _, tag := range inputTag.FindAllString(page, 256) {
		var name, value string
		for _, a := range attribute.FindAllStringSubmatch(tag, 64) {
			switch text := html.UnescapeString(a[2] + a[3] + a[4]); strings.ToLower(a[1]) {
			case "name":
				name = text
			case "value":
				value = text
			}
		}
		switch name {
		case saml.ParamRequest, saml.ParamResponse, "RelayState":
			c.form.Add(name, value)
		}
	}
	if c.param() == "" {
		return c, usageError("the page has no form with a SAMLRequest or SAMLResponse")
	}
	return c, nil
}

// param is the name of the parameter that carries the message, "" when there is none.
func (c carrier) param() string {
	for _, name := range []string{saml.ParamRequest, saml.ParamResponse} {
		if c.form.Has(name) || strings.HasPrefix(c.query, name+"=") || strings.Contains(c.query, "&"+name+"=") {
			return name
		}
	}
	return ""
}

var rootTag = regexp.MustCompile(`(?s)\A\s*(?:<\?xml.*?\?>)?(?:\s|<!--.*?-->)*<(?:[\w.-]+:)?([\w.-]+)`)

// kind guesses the kind of a bare document by the name of its first element; for the others the parameter decides.
func (c carrier) kind() string {
	if m := rootTag.FindSubmatch(c.xml); m != nil {
		return string(m[1])
	}
	if c.param() == saml.ParamResponse {
		return kindResponse
	}
	return kindRequest
}

// receive sends the message through the same intake as an endpoint does.
func (c carrier) receive() (*saml.Arrival, error) {
	if c.binding == saml.HTTPRedirect {
		return saml.ParseRedirect(c.param(), c.query)
	}
	if c.form != nil {
		return saml.ParsePost(c.param(), c.form)
	}
	param := saml.ParamRequest
	if c.kind() == kindResponse {
		param = saml.ParamResponse
	}
	return saml.ParsePost(param, url.Values{param: {base64.StdEncoding.EncodeToString(c.xml)}})
}

var xmlPart = regexp.MustCompile(`(?s)<!--.*?-->|</?[\w:.-]+|/?>|[\w:.-]+="[^"]*"`)

// highlight colours names, attributes and values of indented XML; without colours it only makes it safe to print.
func (c colours) highlight(text string) string {
	text = safe(text)
	if c.off == "" {
		return text
	}
	return xmlPart.ReplaceAllStringFunc(text, func(part string) string {
		switch {
		case strings.HasPrefix(part, "<!--"):
			return c.dim + part + c.off
		case strings.HasPrefix(part, "<"), strings.HasSuffix(part, ">"):
			return c.blue + part + c.off
		}
		name, value, _ := strings.Cut(part, "=")
		return c.yellow + name + c.off + "=" + c.green + value + c.off
	})
}
