package sp

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"spidsim/saml"
	"spidsim/spid"
)

// FuzzLocalPath holds that a path that is taken never leads a browser to another origin (SEC-48).
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/", "/servizi?a=1#b", "//evil.example", `/\evil.example`, "/%5cevil", "https:evil", "javascript:1", "/a\r\nb", "/\t/evil.example", "", "/é"} {
		f.Add(seed)
	}
	base, _ := url.Parse("http://portal.example:8089/spid/acs")
	f.Fuzz(func(t *testing.T, path string) {
		if !localPath(path) {
			return
		}
		u, err := base.Parse(path)
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || u.User != nil {
			t.Errorf("%q leads to %v (%v)", path, u, err)
		}
		// browsers drop tabs and line ends and read a backslash as a slash before they look at the address
		seen := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(path)
		if seen != path || strings.HasPrefix(seen, "//") {
			t.Errorf("%q is %q for a browser", path, seen)
		}
	})
}

// FuzzReadChoice holds that a query is either refused by name or gives a login that the metadata allow.
func FuzzReadChoice(f *testing.F) {
	for _, seed := range []string{"", "level=3&binding=redirect", "level=4", "idp=alfa&acs=0&attributes=1&purpose=PG&relay=/x", "level=1&level=1", "%zz", ";", "lang=en", "LEVEL=1"} {
		f.Add(seed)
	}
	md := &saml.SPSSODescriptor{
		AssertionConsumerServices:  []saml.Endpoint{{Index: 0}},
		AttributeConsumingServices: []saml.AttributeConsumingService{{Index: 0}, {Index: 1}},
	}
	slugs := []string{"prova", "alfa"}
	f.Fuzz(func(t *testing.T, query string) {
		c, err := readChoice(query, parameters(slugs, md))
		if err != nil {
			wrong, ok := err.(*parameterError)
			if !ok || wrong.Name == "" && !strings.Contains(query, "=") || len(wrong.Allowed) == 0 {
				t.Errorf("%q: error %v does not say what may be", query, err)
			}
			return
		}
		if !slices.Contains(slugs, c.idp) || c.level < spid.L1 || c.level > spid.L3 || c.acs != 0 || c.attributes < 0 || c.attributes > 1 ||
			c.binding != saml.HTTPPost && c.binding != saml.HTTPRedirect || !slices.Contains(purposes, c.purpose) ||
			c.relay != "" && !localPath(c.relay) {
			t.Errorf("%q gives %+v", query, c)
		}
		if _, known := spid.Perform(c.level, c.comparison); !known && !(c.level == spid.L3 && c.comparison == spid.Better) {
			t.Errorf("%q gives the comparison %q", query, c.comparison)
		}
	})
}
