package handoff

import (
	"crypto/x509"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
)

func signedGestore(t testing.TB) []byte {
	t.Helper()
	octets, err := gestore(t).Sign("_descriptor-gestore", signer(t, "gestore"), instant)
	if err != nil {
		t.Fatal(err)
	}
	return octets
}

func signedPortal(t testing.TB) []byte {
	t.Helper()
	octets, err := portal(t).Sign("_descriptor-portal", signer(t, "portal"), instant)
	if err != nil {
		t.Fatal(err)
	}
	return octets
}

func TestONB81DescriptorsComeBackWhole(t *testing.T) {
	t.Parallel()
	g, p := signedGestore(t), signedPortal(t)
	golden(t, "descriptor-gestore.xml", g)
	golden(t, "descriptor-portal.xml", p)
	if got, err := ReadGestore(g, instant); err != nil || !reflect.DeepEqual(got, gestore(t)) {
		t.Errorf("gestore: got %+v, %v", got, err)
	}
	if got, err := ReadPortal(p, instant); err != nil || !reflect.DeepEqual(got, portal(t)) {
		t.Errorf("portal: got %+v, %v", got, err)
	}
	xmlsec(t, g, NSDescriptor+":IdReuseDescriptor", "gestore")
	xmlsec(t, p, NSDescriptor+":IdReuseDescriptor", "portal")
}

// The layout of the note: the signature in the default namespace, everything indented.
func TestONB81DescriptorInTheLayoutOfTheNote(t *testing.T) {
	t.Parallel()
	root := parse(t, signedGestore(t))
	root.RemoveChild(saml.Child(root, saml.NSSignature, "Signature"))
	doc := etree.NewDocumentWithRoot(root)
	doc.Indent(4)
	mustSign(t, signer(t, "gestore"), root)
	octets := append([]byte(`<?xml version="1.0" encoding="UTF-8"?>`+"\n"), saml.Serialise(root)...)
	if got, err := ReadGestore(octets, instant); err != nil || got.Code != gestore(t).Code {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestONB82ProfilesOfAPortal(t *testing.T) {
	t.Parallel()
	for profile, want := range map[Profile]Reason{NotVerified: "", Verified: "", "Verified": Malformed, "": Malformed} {
		p := portal(t)
		p.Profile = profile
		octets, err := p.Sign("_1", signer(t, "portal"), instant)
		wantReason(t, octets, err, want)
		if err != nil {
			continue
		}
		if got, err := ReadPortal(octets, instant); err != nil || got.Profile != profile {
			t.Errorf("got %+v, %v", got, err)
		}
	}
}

// What a portal or a gestore may not declare of itself is refused before it is signed.
func TestONB81DescriptorsThatAreNotMade(t *testing.T) {
	t.Parallel()
	weak := cert(t, "weak")
	for name, edit := range map[string]func(p *Portal){
		"no code":                       func(p *Portal) { p.Code = "" },
		"a blank name":                  func(p *Portal) { p.Name = "  " },
		"a name of two lines":           func(p *Portal) { p.Name = "a\nb" },
		"a long name":                   func(p *Portal) { p.Name = strings.Repeat("x", maxText+1) },
		"an address without scheme":     func(p *Portal) { p.InfoPage = "inps.example.org/x" },
		"an address of another scheme":  func(p *Portal) { p.EndpointResult = "javascript:alert(1)" },
		"an address without host":       func(p *Portal) { p.ReuseInfoPage = "https:///x" },
		"an address with a user":        func(p *Portal) { p.InfoPage = "https://a:b@inps.example.org/" },
		"an address with a fragment":    func(p *Portal) { p.InfoPage = "https://inps.example.org/#x" },
		"an address that is none":       func(p *Portal) { p.InfoPage = "https://[::1" },
		"a long address":                func(p *Portal) { p.InfoPage = "https://inps.example.org/" + strings.Repeat("x", maxAddress) },
		"an end before the start":       func(p *Portal) { p.ReuseEnd = p.ReuseStart },
		"no start":                      func(p *Portal) { p.ReuseStart = time.Time{} },
		"a weak key that signs":         func(p *Portal) { p.Signing = weak },
		"a weak key that opens answers": func(p *Portal) { p.Encryption = weak },
		"no certificate":                func(p *Portal) { p.Encryption = nil },
		"a certificate signed by SHA-1": func(p *Portal) {
			c := *p.Encryption
			c.SignatureAlgorithm = x509.SHA1WithRSA
			p.Encryption = &c
		},
		"a key of curves": func(p *Portal) {
			c := *p.Encryption
			c.PublicKey, c.PublicKeyAlgorithm = nil, x509.ECDSA
			p.Encryption = &c
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := portal(t)
			edit(p)
			octets, err := p.Sign("_1", signer(t, "portal"), instant)
			wantReason(t, octets, err, Malformed)
		})
	}
	if _, err := portal(t).Sign("1:2", signer(t, "portal"), instant); err == nil {
		t.Error("an ID that is no NCName is taken")
	}
	if _, err := portal(t).Sign("_1", signer(t, "other"), instant); err == nil {
		t.Error("another key than the declared one signs")
	}
	if _, err := portal(t).Sign("_1", nil, instant); err == nil {
		t.Error("no key signs")
	}
	g := gestore(t)
	g.EndpointResponse = "ftp://idp.example.org/"
	octets, err := g.Sign("_1", signer(t, "gestore"), instant)
	wantReason(t, octets, err, Malformed)
}

// descriptor is edited, signed again unless the signature is to break, and read.
func TestONB81DescriptorsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	provider := func(root *etree.Element) *etree.Element {
		return saml.Child(saml.Child(root, "", identityProviders), "", identityProvider)
	}
	text := func(name, value string) func(*etree.Element) {
		return func(root *etree.Element) { saml.Child(provider(root), "", name).SetText(value) }
	}
	for name, row := range map[string]struct {
		edit func(root *etree.Element)
		key  string
		want Reason
	}{
		"control":                       {func(*etree.Element) {}, "gestore", ""},
		"signed by another key":         {func(*etree.Element) {}, "other", BadSignature},
		"the certificate of another":    {text(idpSigningCert, certificateText(cert(t, "other"))), "gestore", BadSignature},
		"no certificate":                {text(idpSigningCert, "x"), "gestore", Malformed},
		"a certificate that is none":    {text(idpEncryptionCert, "AAAA"), "gestore", Malformed},
		"a weak key to encrypt for":     {text(idpEncryptionCert, certificateText(cert(t, "weak"))), "gestore", Malformed},
		"an address of another scheme":  {text(idpEndpointResponse, "data:text/html,x"), "gestore", Malformed},
		"no name":                       {text(idpName, " "), "gestore", Malformed},
		"a name with an element":        {func(root *etree.Element) { saml.Child(provider(root), "", idpName).CreateElement("b") }, "gestore", Malformed},
		"a name with an attribute":      {func(root *etree.Element) { saml.Child(provider(root), "", idpName).CreateAttr("x", "y") }, "gestore", Malformed},
		"an attribute on top":           {func(root *etree.Element) { root.CreateAttr("x", "y") }, "gestore", Malformed},
		"two providers":                 {func(root *etree.Element) { list := provider(root).Parent(); list.AddChild(provider(root).Copy()) }, "gestore", Malformed},
		"an element too many":           {func(root *etree.Element) { provider(root).CreateElement("x") }, "gestore", Malformed},
		"an element missing":            {func(root *etree.Element) { provider(root).RemoveChild(saml.Child(provider(root), "", idpInfoPage)) }, "gestore", Malformed},
		"elements in another order":     {func(root *etree.Element) { provider(root).AddChild(saml.Child(provider(root), "", idpCode)) }, "gestore", Malformed},
		"text between elements":         {func(root *etree.Element) { provider(root).CreateText("x") }, "gestore", Malformed},
		"an element of a namespace":     {func(root *etree.Element) { saml.Child(provider(root), "", idpCode).CreateAttr("xmlns", "urn:x:1") }, "gestore", Malformed},
		"another element beside":        {func(root *etree.Element) { root.CreateElement("x") }, "gestore", Malformed},
		"the namespace of SAML":         {func(root *etree.Element) { root.CreateAttr("xmlns:md", saml.NSMetadata) }, "gestore", Malformed},
		"the descriptor of a portal":    {func(root *etree.Element) { root.Child = parse(t, signedPortal(t)).Child[1:] }, "gestore", Malformed},
		"an ID twice":                   {func(root *etree.Element) { provider(root).CreateAttr("ID", "_descriptor-gestore") }, "gestore", Malformed},
		"a signature over something in": {func(root *etree.Element) { provider(root).CreateAttr("ID", "_inner") }, "inner", BadSignature},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := parse(t, signedGestore(t))
			root.RemoveChild(saml.Child(root, saml.NSSignature, "Signature"))
			row.edit(root)
			if row.key == "inner" {
				mustSign(t, signer(t, "gestore"), provider(root))
			} else {
				mustSign(t, signer(t, row.key), root)
			}
			got, err := ReadGestore(saml.Serialise(root), instant)
			wantReason(t, got, err, row.want)
		})
	}
}

func TestONB81DescriptorsAlteredOnTheWay(t *testing.T) {
	t.Parallel()
	g, p := signedGestore(t), signedPortal(t)
	for name, row := range map[string]struct {
		octets []byte
		now    time.Time
		want   Reason
	}{
		"an address altered":        {replaced(t, g, "https://idp.example.org/handoff", "https://evil.example.org/handoff"), instant, BadSignature},
		"unsigned":                  {cut(t, g, "<ds:Signature", "</ds:Signature>"), instant, BadSignature},
		"the certificate expired":   {g, time.Date(2041, 1, 1, 0, 0, 0, 0, time.UTC), BadSignature},
		"the certificate not yet":   {g, time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC), BadSignature},
		"no XML":                    {[]byte("x"), instant, Malformed},
		"a DTD":                     {append([]byte("<!DOCTYPE a>"), g...), instant, Malformed},
		"a portal for a gestore":    {p, instant, Malformed},
		"KeyInfo of another":        {replaced(t, g, "<ds:X509Certificate>"+certificateText(cert(t, "gestore")), "<ds:X509Certificate>"+certificateText(cert(t, "other"))), instant, BadSignature},
		"no KeyInfo, which is fine": {cut(t, g, "<ds:KeyInfo>", "</ds:KeyInfo>"), instant, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadGestore(row.octets, row.now)
			wantReason(t, got, err, row.want)
		})
	}
	for name, octets := range map[string][]byte{
		"a date with an offset": replaced(t, p, "2020-10-01T00:00:00Z", "2020-10-01T00:00:00+02:00"),
		"a date alone":          replaced(t, p, "2021-09-30T23:59:59Z", "2021-09-30"),
		"no such profile":       replaced(t, p, ">notverified<", ">perhaps<"),
		"a bad certificate":     replaced(t, p, "<spEncryptionCert>", "<spEncryptionCert>AA"),
		"an element too many":   replaced(t, p, "</info>", "<x/></info>"),
		"a provider of its own": replaced(t, p, "</serviceProvider>", "</serviceProvider><identityProviders/>"),
		"another element in it": replaced(t, p, "<spName>", "<x/><spName>"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := parse(t, octets)
			root.RemoveChild(saml.Child(root, saml.NSSignature, "Signature"))
			mustSign(t, signer(t, "portal"), root)
			got, err := ReadPortal(saml.Serialise(root), instant)
			wantReason(t, got, err, Malformed)
		})
	}
}

// cut removes everything from one mark to the end of another.
func cut(t testing.TB, octets []byte, from, to string) []byte {
	t.Helper()
	before, rest, ok := strings.Cut(string(octets), from)
	_, after, ok2 := strings.Cut(rest, to)
	if !ok || !ok2 {
		t.Fatalf("no %q to %q in\n%s", from, to, octets)
	}
	return []byte(before + after)
}
