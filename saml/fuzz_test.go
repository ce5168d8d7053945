package saml

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beevik/etree"
	validator "github.com/mattermost/xml-roundtrip-validator"
)

// seeds adds the XML files of testdata and a few crooked documents.
func seeds(f *testing.F, add func([]byte)) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*.xml"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range files {
		octets, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		add(octets)
	}
	for _, s := range []string{
		"", "<a/>", "<a", "<!DOCTYPE a><a/>", "<a><!-- x --></a>", "<a><![CDATA[x]]></a>", `<a x="1" x="2"/>`, "<x::y/>", "<:a/>", `<a :b="1"/>`,
		`<a xmlns:p="urn:x" p:b="&#10;&quot;"/>`, "<a>&lt;&#13;\r\n</a>", "<a b='\n\t'/>\n", "\uFEFF<a/>", `<?xml version="1.0"?><é ID="é">à</é>`, "<a></a ><a/>", "<a>]]></a>",
	} {
		add([]byte(s))
	}
}

// What Parse takes survives the round-trip validator as a whole, is written and read again to the same octets, and
// has no element beyond the bound.
func FuzzParse(f *testing.F) {
	seeds(f, func(octets []byte) { f.Add(octets, false); f.Add(octets, true) })
	f.Fuzz(func(t *testing.T, octets []byte, metadata bool) {
		lim := MessageLimits()
		if metadata {
			lim = MetadataLimits()
		}
		root, err := Parse(octets, lim)
		if err != nil {
			if e, ok := err.(*IntakeError); !ok || e.Stage == "" || e.Rule == "" || root != nil {
				t.Fatalf("%#v with %v", err, root)
			}
			return
		}
		if err := validator.Validate(bytes.NewReader(octets)); err != nil {
			t.Fatalf("the validator refuses what was taken: %v", err)
		}
		n := 0
		walk(root, func(el *etree.Element) bool {
			n++
			for _, c := range el.Child {
				if _, ok := c.(*etree.CharData); !ok {
					if _, ok := c.(*etree.Element); !ok {
						t.Fatalf("%T in the tree", c)
					}
				}
			}
			return true
		})
		if n > lim.Elements {
			t.Fatalf("%d elements", n)
		}
		got, err := excC14N{}.Canonicalize(root)
		if err != nil {
			t.Fatal(err)
		}
		if want, err := libraryCanonical(root); err != nil || !bytes.Equal(got, want) && !bytes.Contains(want, []byte(`xmlns=""`)) {
			t.Fatalf("canonical forms differ, %v:\n%s\n%s", err, got, want)
		}
		once := Serialise(root)
		wide := lim
		wide.Bytes *= 8 // escapes grow
		again, err := Parse(once, wide)
		if err != nil {
			t.Fatalf("not taken again: %v\n%s", err, once)
		}
		if twice := Serialise(again); !bytes.Equal(once, twice) {
			t.Fatalf("changes when read again:\n%s\n%s", once, twice)
		}
	})
}

// A form is taken or refused, and what is taken is what the base64 says.
func FuzzParsePost(f *testing.F) {
	seeds(f, func(octets []byte) { f.Add(base64.StdEncoding.EncodeToString(octets), "state", true) })
	f.Add("PGEvPg==\n", "", false)
	f.Add("PGEvPh==", strings.Repeat("x", 81), true)
	certs := pinned(f, "sp", "idp")
	f.Fuzz(func(t *testing.T, message, relay string, request bool) {
		param := ParamResponse
		if request {
			param = ParamRequest
		}
		a, err := ParsePost(param, url.Values{param: {message}, ParamRelayState: {relay}})
		if a == nil || a.RelayState != relay || !a.HasRelayState {
			t.Fatalf("%+v", a)
		}
		if err != nil {
			return
		}
		if len(relay) > maxRelayState || a.Root == nil {
			t.Fatalf("taken: RelayState of %d octets, root %v", len(relay), a.Root)
		}
		want, err := base64.StdEncoding.DecodeString(message)
		if err != nil || !bytes.Equal(want, a.XML) {
			t.Fatalf("decoded otherwise: %v", err)
		}
		if v, err := a.Verify(certs, issued); err == nil && !genuine(t, v) {
			t.Fatalf("verified: %s", Serialise(v.Root))
		}
	})
}

// genuine reports whether one of the fixed messages is what was verified.
func genuine(t *testing.T, v *Verified) bool {
	t.Helper()
	for _, name := range []string{"authnrequest-post.xml", "authnrequest-url.xml", "response-l1.xml", "response-l2.xml", "response-anomaly.xml"} {
		good, err := VerifyElement(mustParse(t, readTestdata(t, name)), pinned(t, "sp", "idp"), issued)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(Serialise(good.Root), Serialise(v.Root)) {
			return true
		}
	}
	return false
}

// Of a query, the message is read once and exactly, and no edit of a signed query verifies with other values.
func FuzzParseRedirect(f *testing.F) {
	query := redirectQuery(f)
	signed, err := ParseRedirect(ParamRequest, query)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(query)
	f.Add("SAMLRequest=a&SAMLRequest=b")
	f.Add("SAML%52equest=a;b[]=c&&=&%")
	f.Add(query + "&x=y")
	f.Add(strings.Replace(query, "RelayState=state-1&", "", 1))
	certs := pinned(f, "sp")
	f.Fuzz(func(t *testing.T, query string) {
		a, err := ParseRedirect(ParamRequest, query)
		if a == nil {
			t.Fatal("no Arrival")
		}
		if err != nil {
			if _, ok := err.(*IntakeError); !ok {
				t.Fatalf("%T", err)
			}
		} else if strings.Count("&"+query, "&SAMLRequest=") != 1 || len(a.RelayState) > maxRelayState || len(a.XML) > maxMessage {
			t.Fatalf("taken: %q", query)
		}
		if a.Root == nil {
			return
		}
		if v, err := a.Verify(certs, issued); err == nil {
			if !bytes.Equal(a.XML, signed.XML) || a.RelayState != signed.RelayState || a.SigAlg != signed.SigAlg || v.Root != a.Root {
				t.Fatalf("verified with other values: %q", query)
			}
		}
	})
}

// Metadata that is read can be written, and reads the same again.
func FuzzReadMetadata(f *testing.F) {
	seeds(f, func(octets []byte) { f.Add(octets) })
	f.Add(foreignMetadata(f))
	f.Fuzz(func(t *testing.T, octets []byte) {
		d, err := ReadMetadata(octets)
		if err != nil {
			if _, ok := err.(*IntakeError); !ok || d != nil {
				t.Fatalf("%T with %v", err, d)
			}
			return
		}
		once := Serialise(d.Element())
		again, err := ReadMetadata(once)
		if err != nil {
			return // fields past the bounds only when written out, as an Extensions beyond the depth
		}
		if twice := Serialise(again.Element()); !bytes.Equal(once, twice) {
			t.Fatalf("changes when read again:\n%s\n%s", once, twice)
		}
		if d.SP != nil {
			d.SP.DefaultAssertionConsumerService()
			if again.SP == nil || len(again.SP.Signing) != len(d.SP.Signing) || len(again.SP.AssertionConsumerServices) != len(d.SP.AssertionConsumerServices) {
				t.Fatalf("the role changes when read again:\n%s", once)
			}
		}
	})
}

// A place is inside the octets, or nowhere.
func FuzzLocate(f *testing.F) {
	seeds(f, func(octets []byte) { f.Add(octets, "AuthnRequest/Issuer/@Format") })
	f.Add([]byte("<a><b/><b c='1'/></a>"), "a/b[2]/@c")
	f.Add([]byte("<a"), "a//[0]/@")
	f.Fuzz(func(t *testing.T, octets []byte, path string) {
		line, column := Locate(octets, path)
		lines := bytes.Split(octets, []byte("\n"))
		switch {
		case line == 0 && column == 0:
		case line < 1 || line > len(lines) || column < 1 || column > len(lines[line-1])+1:
			t.Fatalf("%d:%d of %d lines", line, column, len(lines))
		}
	})
}
