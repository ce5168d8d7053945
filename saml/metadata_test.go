package saml

import (
	"bytes"
	"encoding/base64"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
)

// plainly empties what cannot be compared: elements, octets.
func plainly(d *EntityDescriptor) (*EntityDescriptor, []string) {
	c := *d
	var ext []string
	c.Root, c.XML = nil, nil
	if c.Extensions != nil {
		for _, e := range elements(c.Extensions) {
			ext = append(ext, string(Serialise(e)))
		}
		c.Extensions = nil
	}
	c.Contacts = append([]ContactPerson(nil), c.Contacts...)
	for i := range c.Contacts {
		for _, e := range c.Contacts[i].Extensions {
			ext = append(ext, e.Tag+"="+text(e)+" of "+e.NamespaceURI())
		}
		c.Contacts[i].Extensions = nil
	}
	return &c, ext
}

func TestMetadataIsReadAsItWasBuilt(t *testing.T) {
	t.Parallel()
	sp, idp := spMetadata(t), idpMetadata(t)
	sp.ValidUntil = issued.Truncate(time.Second)
	both := spMetadata(t)
	both.IdP = idpMetadata(t).IdP
	for name, want := range map[string]*EntityDescriptor{"SP": sp, "IdP": idp, "both roles": both, "empty": {EntityID: "x"}} {
		octets := Serialise(want.Element())
		got, err := ReadMetadata(octets)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !bytes.Equal(got.XML, octets) || !Is(got.Root, NSMetadata, "EntityDescriptor") {
			t.Errorf("%s: XML and Root are not what was read", name)
		}
		for _, d := range []*EntityDescriptor{want, got} { // Index of endpoints without one is -1 when read
			for _, e := range spEndpoints(d) {
				e.Index = max(e.Index, -1)
			}
		}
		g, gotExt := plainly(got)
		w, wantExt := plainly(want)
		if !reflect.DeepEqual(g, w) || name != "IdP" && !reflect.DeepEqual(gotExt, wantExt) {
			t.Errorf("%s:\ngot  %+v %+v %q\nwant %+v %+v %q", name, g, g.SP, gotExt, w, w.SP, wantExt)
		}
	}
}

func spEndpoints(d *EntityDescriptor) []*Endpoint {
	var list []*Endpoint
	if d.SP != nil {
		for i := range d.SP.SingleLogoutServices {
			list = append(list, &d.SP.SingleLogoutServices[i])
		}
	}
	return list
}

// What was read can be written again and reads the same, extensions included.
func TestMetadataIsWrittenAsItWasRead(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"metadata-sp.xml", "metadata-idp.xml"} {
		d, err := ReadMetadata(readTestdata(t, name))
		if err != nil {
			t.Fatal(err)
		}
		again := d.Element()
		original := d.Root.Copy()
		original.RemoveChild(sigOf(original))
		if got, want := Serialise(again), Serialise(original); !bytes.Equal(got, want) {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
		}
	}
}

// foreign is metadata as products write it: other prefixes, comments, line-broken certificates, roles and
// extensions that nobody here knows.
const foreign = `<?xml version="1.0" encoding="UTF-8"?>
<!-- made by a product -->
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    entityID="https://sp.example.org" cacheDuration="PT604800S" validUntil="2027-01-01T00:00:00Z" xsi:schemaLocation="urn:x
    urn:y">
  <Extensions><x:Unknown xmlns:x="urn:x:1" anything="goes"><x:Deep/></x:Unknown></Extensions>
  <RoleDescriptor xmlns:fed="urn:fed" xsi:type="fed:SecurityTokenServiceType" protocolSupportEnumeration="urn:fed"/>
  <SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol"/>
  <SPSSODescriptor AuthnRequestsSigned="1" protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol urn:oasis:names:tc:SAML:2.0:protocol">
    <Extensions><i:DiscoveryResponse xmlns:i="urn:i" index="1"/></Extensions>
    <KeyDescriptor><KeyInfo Id="k1" xmlns="http://www.w3.org/2000/09/xmldsig#"><KeyName>x</KeyName><X509Data><X509SubjectName>CN=x</X509SubjectName><X509Certificate>
        SP
      </X509Certificate></X509Data></KeyInfo></KeyDescriptor>
    <KeyDescriptor use="encryption"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>SP</X509Certificate></X509Data></KeyInfo>
      <EncryptionMethod Algorithm="urn:x"/></KeyDescriptor>
    <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>-----BEGIN CERTIFICATE-----
OTHER
-----END CERTIFICATE-----</X509Certificate><X509Certificate>MA==</X509Certificate><X509Certificate>?</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
    <ArtifactResolutionService Binding="urn:x" Location="https://sp.example.org/art" index="0"/>
    <SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="https://sp.example.org/soap"/>
    <NameIDFormat>urn:a</NameIDFormat><NameIDFormat>urn:b</NameIDFormat>
    <AssertionConsumerService index="1" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.org/acs1"/>
    <AssertionConsumerService isDefault="true" Binding="urn:x" Location="https://sp.example.org/odd" index="many"/>
    <AttributeConsumingService><ServiceName>n</ServiceName></AttributeConsumingService>
  </SPSSODescriptor>
  <ContactPerson contactType="technical"><GivenName>x</GivenName><EmailAddress>mailto:a@example.org</EmailAddress><EmailAddress>b</EmailAddress></ContactPerson>
</EntityDescriptor>
`

func foreignMetadata(t testing.TB) []byte {
	wrapped := func(name string) string { return wrap64(base64.StdEncoding.EncodeToString(key(t, name).Cert.Raw)) }
	return []byte(strings.NewReplacer(">SP<", ">"+wrapped("sp")+"<", "\n        SP\n", wrapped("sp"), "\nOTHER\n", wrapped("other")).Replace(foreign))
}

func TestReadMetadataOfProducts(t *testing.T) {
	t.Parallel()
	d, err := ReadMetadata(foreignMetadata(t))
	if err != nil {
		t.Fatal(err)
	}
	sp := d.SP
	if d.EntityID != spID || d.IdP != nil || sp == nil || !sp.AuthnRequestsSigned || sp.WantAssertionsSigned || d.ValidUntil.Year() != 2027 {
		t.Errorf("%+v %+v", d, sp)
	}
	if len(sp.Signing) != 2 || !sp.Signing[0].Equal(key(t, "sp").Cert) || !sp.Signing[1].Equal(key(t, "other").Cert) {
		t.Errorf("%d signing certificates", len(sp.Signing))
	}
	if d.Extensions == nil || sp.Extensions == nil || len(sp.NameIDFormats) != 2 || sp.SingleLogoutServices[0].Binding != SOAP {
		t.Errorf("%+v", sp)
	}
	if e, ok := sp.AssertionConsumerService(1); !ok || e.Location != spID+"/acs1" {
		t.Errorf("index 1: %+v", e)
	}
	if e, ok := sp.DefaultAssertionConsumerService(); !ok || e.Location != spID+"/odd" || e.Index != -1 {
		t.Errorf("default: %+v", e)
	}
	if _, ok := sp.AssertionConsumerService(-1); ok {
		t.Error("an index of -1 is found")
	}
	if s := sp.AttributeConsumingServices[0]; s.Index != -1 || s.ServiceNames.In("it") != "n" {
		t.Errorf("%+v", s)
	}
	if _, ok := sp.AttributeConsumingService(-1); ok {
		t.Error("a set with index -1 is found")
	}
	if c := d.Contacts[0]; c.EmailAddress != "mailto:a@example.org" || c.Type != "technical" {
		t.Errorf("%+v", c)
	}
}

func TestReadMetadataRefuses(t *testing.T) {
	t.Parallel()
	entity := Serialise(idpMetadata(t).Element())
	list := func(n int) []byte {
		var all []*etree.Element
		for i := range n {
			d := idpMetadata(t)
			d.ID += string(rune('a' + i))
			all = append(all, d.Element())
		}
		return Serialise(Entities("", all))
	}
	for name, row := range map[string]struct {
		octets []byte
		want   Stage
	}{
		"control: one entity":              {entity, ""},
		"control: with a trailing newline": {append(bytes.Clone(entity), '\n'), ""},
		"a list of one is opened":          {list(1), ""},
		"a list of two":                    {list(2), StageRoot},
		"an empty list":                    {list(0), StageRoot},
		"an AuthnRequest":                  {Serialise(request().Element()), StageRoot},
		"an entity of another namespace":   {[]byte(`<EntityDescriptor xmlns="urn:x:1"/>`), StageRoot},
		"HTML":                             {[]byte("<!DOCTYPE html><html></html>"), StageXML},
		"JSON":                             {[]byte(`{"a":1}`), StageXML},
		"nothing":                          {nil, StageXML},
		"metadata with a DOCTYPE":          {append([]byte("<!DOCTYPE x>"), entity...), StageXML},
		"metadata cut short":               {entity[:len(entity)-5], StageXML},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := ReadMetadata(row.octets)
			if row.want == "" {
				if err != nil || d.EntityID != idpID || d.IdP == nil {
					t.Errorf("%+v, %v", d, err)
				}
				return
			}
			if e := new(IntakeError); !errors.As(err, &e) || e.Stage != row.want {
				t.Errorf("got %v, want stage %q", err, row.want)
			}
		})
	}
	if all, err := ReadEntities(list(3)); err != nil || len(all) != 3 || all[2].ID != "_md-idp-0001c" || all[1].IdP == nil {
		t.Errorf("ReadEntities: %d, %v", len(all), err)
	}
	for _, octets := range [][]byte{entity, nil} {
		if _, err := ReadEntities(octets); err == nil {
			t.Error("ReadEntities takes what is no list")
		}
	}
}

func TestDefaultAssertionConsumerService(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		list []Endpoint
		want string
		ok   bool
	}{
		"none":                              {nil, "", false},
		"the one marked":                    {[]Endpoint{{Location: "a", Index: 0}, {Location: "b", Index: 1, IsDefault: true}}, "b", true},
		"index 0 where none is marked":      {[]Endpoint{{Location: "a", Index: 3}, {Location: "b", Index: 0}}, "b", true},
		"the first where there is no 0":     {[]Endpoint{{Location: "a", Index: 3}, {Location: "b", Index: 1}}, "a", true},
		"the first where none has an index": {[]Endpoint{{Location: "a", Index: -1}}, "a", true},
	} {
		sp := &SPSSODescriptor{AssertionConsumerServices: row.list}
		if got, ok := sp.DefaultAssertionConsumerService(); got.Location != row.want || ok != row.ok {
			t.Errorf("%s: got %q, %v", name, got.Location, ok)
		}
	}
}

func TestLocalizedIn(t *testing.T) {
	t.Parallel()
	both := Localized{{"en", "Town"}, {"it", "Comune"}}
	for _, row := range []struct {
		l          Localized
		lang, want string
	}{
		{both, "en", "Town"}, {both, "it", "Comune"}, {both, "de", "Comune"}, {both[:1], "it", "Town"}, {nil, "it", ""},
	} {
		if got := row.l.In(row.lang); got != row.want {
			t.Errorf("%v in %s: got %q, want %q", row.l, row.lang, got, row.want)
		}
	}
}

// The registry's list keeps each entity's own signature intact.
func TestEntitiesKeepsSignatures(t *testing.T) {
	t.Parallel()
	entity := idpMetadata(t).Element()
	mustSign(t, key(t, "idp"), entity)
	list := Entities("x", []*etree.Element{entity})
	list.CreateAttr("ID", "_list")
	mustSign(t, key(t, "other"), list)
	if entity.Parent() != nil {
		t.Error("the entity was moved, not copied")
	}
	root, err := Parse(Serialise(list), MetadataLimits())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyElement(root, pinned(t, "other"), issued); err != nil {
		t.Errorf("the list: %v", err)
	}
	if _, err := VerifyElement(Child(root, NSMetadata, "EntityDescriptor"), pinned(t, "idp"), issued); err != nil {
		t.Errorf("the entity inside: %v", err)
	}
}

// A signed metadata file with comments is judged on what was signed (SEC-12).
func TestSignedMetadataWithComments(t *testing.T) {
	t.Parallel()
	octets := readTestdata(t, "metadata-sp.xml")
	d, err := ReadMetadata(replaced(t, octets, "<md:Organization>", "<!-- x --><md:Organization>"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyElement(d.Root, pinned(t, "sp"), issued); err != nil {
		t.Errorf("a comment between elements: %v", err)
	}
	d, err = ReadMetadata(replaced(t, octets, ">Comune di Esempio<", ">Comune di <!-- x -->Esempio<"))
	if err != nil || d.Organization.Name.In("it") != "Comune di Esempio" {
		t.Fatalf("%+v, %v", d, err)
	}
	if _, err := VerifyElement(d.Root, pinned(t, "sp"), issued); err != nil {
		t.Errorf("a comment within the text: %v", err)
	}
}
