package main

import (
	"testing"

	"spidsim/saml"
)

// Whatever is given, opening it gives a carrier whose message can be received, or an error; nothing panics and a
// message that came in a query is never taken for one of a form.
func FuzzOpenCarrier(f *testing.F) {
	for _, seed := range []string{
		"<a/>", "<html><input name=SAMLRequest value=PGEvPg==></html>", "https://x/?SAMLRequest=a&SigAlg=b#c", "SAMLResponse=PGEvPg%3D%3D&RelayState=x",
		"PGEvPg==", "fVE=", "%3Ca%2F%3E", "<!-- x --><?xml version='1.0'?><md:EntityDescriptor/>", "<form>", "SAMLRequest=%zz",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := openCarrier(text)
		if err != nil {
			return
		}
		if c.kind() == "" || c.source == "" {
			t.Fatalf("kind %q, source %q", c.kind(), c.source)
		}
		if (c.binding == saml.HTTPRedirect) != (c.query != "") {
			t.Errorf("binding %s with query %q", c.binding, c.query)
		}
		arrival, err := c.receive()
		if arrival == nil {
			t.Fatalf("no arrival (%v)", err)
		}
	})
}

func TestOpenCarrier(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		text, source string
		binding      saml.Binding
	}{
		"XML":                                   {"<a/>", "XML", saml.HTTPPost},
		"XML behind a byte-order mark":          {"\ufeff <a/>", "XML", saml.HTTPPost},
		"base64 with line breaks":               {"PGEv\n Pg==", "base64", saml.HTTPPost},
		"base64 that is percent-encoded":        {"PGEvPg%3D%3D", "base64", saml.HTTPPost},
		"an address with a fragment":            {"https://idp/?SAMLRequest=x&SigAlg=y#z", "an address", saml.HTTPRedirect},
		"a query alone":                         {"SAMLRequest=x&SigAlg=y", "a query", saml.HTTPRedirect},
		"a form body":                           {"SAMLRequest=PGEvPg%3D%3D", "a form body", saml.HTTPPost},
		"a page with its attributes turned":     {`<html><input value='PGEvPg==' NAME="SAMLResponse"></html>`, "a form in an HTML page", saml.HTTPPost},
		"a page that starts with a declaration": {"<!doctype html><form><input name=SAMLRequest value=x></form>", "a form in an HTML page", saml.HTTPPost},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := openCarrier([]byte(row.text))
			if err != nil {
				t.Fatal(err)
			}
			if c.source != row.source || c.binding != row.binding {
				t.Errorf("got %q over %s, want %q over %s", c.source, c.binding, row.source, row.binding)
			}
		})
	}
}
