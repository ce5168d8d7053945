package saml

import (
	"bytes"
	"crypto"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// reason returns why a signature is refused, "" when it is accepted.
func reason(t *testing.T, v any, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	e := new(SignatureError)
	if !errors.As(err, &e) {
		t.Fatalf("found %T, wanted *SignatureError: %v", err, err)
	}
	if e.Rule == "" || e.Error() == "" {
		t.Errorf("an error that says too little: %#v", e)
	}
	return e.Reason
}

func verifyOctets(t *testing.T, octets []byte, certs []*x509.Certificate) (string, *Verified) {
	t.Helper()
	v, err := VerifyElement(mustParse(t, octets), certs, issued)
	if err != nil && v != nil {
		t.Error("both a result and an error")
	}
	return reason(t, v, err), v
}

func wrap64(s string) string {
	var b strings.Builder
	for len(s) > 64 {
		b.WriteString("\r\n        " + s[:64])
		s = s[64:]
	}
	return b.String() + "\r\n        " + s + "\r\n      "
}

// SEC-22, SIG-02, SIG-04: the algorithms, each on a signature that is cryptographically good.
func TestVerifyAlgorithms(t *testing.T) {
	t.Parallel()
	const (
		sha1URI  = "http://www.w3.org/2000/09/xmldsig#sha1"
		hmacURI  = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
		ecdsaURI = dsig.ECDSASHA256SignatureMethod
	)
	cert := pinned(t, "sp")[0]
	mac := func(secret []byte) func([]byte) []byte {
		return func(octets []byte) []byte {
			m := hmac.New(sha256.New, secret)
			m.Write(octets)
			return m.Sum(nil)
		}
	}
	spki, err := x509.MarshalPKIXPublicKey(cert.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	asPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
	nothing := func([]byte) []byte { return []byte{0} }
	none := recipe{method: "http://www.w3.org/2000/09/xmldsig#none", mac: nothing}

	for name, row := range map[string]struct {
		recipe recipe
		key    string
		want   string
	}{
		"rsa-sha256 with sha256 is accepted":               {recipe{}, "sp", ""},
		"rsa-sha384 with sha384 is accepted":               {recipe{method: dsig.RSASHA384SignatureMethod, hash: crypto.SHA384, digest: digestSHA384, digestHash: crypto.SHA384}, "sp", ""},
		"sha384 in its other spelling is accepted":         {recipe{digest: digestSHA384XMLEnc, digestHash: crypto.SHA384}, "sp", ""},
		"the other spelling with a PrefixList is accepted": {recipe{digest: digestSHA384XMLEnc, digestHash: crypto.SHA384, prefixes: "saml"}, "sp", ""},
		"the other spelling with another digest is not":    {recipe{digest: digestSHA384XMLEnc, digestHash: crypto.SHA512}, "sp", ReasonDigest},
		"the other spelling by another key is not":         {recipe{digest: digestSHA384XMLEnc, digestHash: crypto.SHA384}, "other", ReasonKey},
		"rsa-sha512 with sha512 is accepted":               {recipe{method: dsig.RSASHA512SignatureMethod, hash: crypto.SHA512, digest: digestSHA512, digestHash: crypto.SHA512}, "sp", ""},
		"rsa-sha512 with sha256 is accepted":               {recipe{method: dsig.RSASHA512SignatureMethod, hash: crypto.SHA512}, "sp", ""},
		"a PrefixList below the transform is accepted":     {recipe{prefixes: "saml samlp"}, "sp", ""},
		"base64 with line breaks and blanks is accepted":   {recipe{wrap: wrap64}, "sp", ""},
		"a good RSA-SHA1 signature is refused":             {recipe{method: dsig.RSASHA1SignatureMethod, hash: crypto.SHA1}, "sp", ReasonAlgorithm},
		"a good signature over a SHA-1 digest is refused":  {recipe{digest: sha1URI, digestHash: crypto.SHA1}, "sp", ReasonAlgorithm},
		"an MD5 digest is refused":                         {recipe{digest: "http://www.w3.org/2001/04/xmldsig-more#md5"}, "sp", ReasonAlgorithm},
		"inclusive c14n as transform is refused":           {recipe{transform: string(dsig.CanonicalXML10RecAlgorithmId)}, "sp", ReasonAlgorithm},
		"inclusive c14n 1.1 as transform is refused":       {recipe{transform: string(dsig.CanonicalXML11AlgorithmId)}, "sp", ReasonAlgorithm},
		"c14n with comments as transform is refused":       {recipe{transform: string(dsig.CanonicalXML10ExclusiveWithCommentsAlgorithmId)}, "sp", ReasonAlgorithm},
		"inclusive c14n of SignedInfo is refused":          {recipe{c14n: string(dsig.CanonicalXML10RecAlgorithmId)}, "sp", ReasonAlgorithm},
		"c14n with comments of SignedInfo is refused":      {recipe{c14n: string(dsig.CanonicalXML10ExclusiveWithCommentsAlgorithmId)}, "sp", ReasonAlgorithm},
		"HMAC keyed with the certificate in DER":           {recipe{method: hmacURI, mac: mac(cert.Raw)}, "sp", ReasonAlgorithm},
		"HMAC keyed with the certificate in PEM":           {recipe{method: hmacURI, mac: mac(asPEM)}, "sp", ReasonAlgorithm},
		"HMAC keyed with the public key":                   {recipe{method: hmacURI, mac: mac(spki)}, "sp", ReasonAlgorithm},
		"HMAC with output length 0":                        {recipe{method: hmacURI, mac: nothing, info: hmacOutputLength}, "sp", ReasonAlgorithm},
		"no algorithm at all":                              {none, "sp", ReasonAlgorithm},
		"an empty Reference URI is refused":                {recipe{noURI: true}, "sp", ReasonReference},
		"ECDSA is refused":                                 {recipe{method: ecdsaURI}, "curve", ReasonAlgorithm},
		"a pinned RSA key of 1024 bit is refused":          {recipe{}, "weak", ReasonKey},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			octets := craft(t, key(t, row.key), request().Element(), row.recipe)
			certs := pinned(t, "sp")
			if row.key == "weak" || row.key == "curve" {
				certs = pinned(t, row.key)
			}
			got, v := verifyOctets(t, octets, certs)
			if got != row.want {
				t.Fatalf("got %q, want %q", got, row.want)
			}
			if got == "" && attr(v.Root, "ID") != "_req-0001" {
				t.Errorf("verified %s", Serialise(v.Root))
			}
		})
	}
}

func hmacOutputLength(info *etree.Element) {
	addText(Child(info, NSSignature, "SignatureMethod"), "ds", "HMACOutputLength", "0")
}

// edit changes the tree of a signed message outside of what the digest covers, or inside.
type treeEdit func(t *testing.T, root *etree.Element)

func sigOf(root *etree.Element) *etree.Element { return Child(root, NSSignature, "Signature") }

func infoOf(root *etree.Element) *etree.Element { return Child(sigOf(root), NSSignature, "SignedInfo") }

func refOf(root *etree.Element) *etree.Element { return Child(infoOf(root), NSSignature, "Reference") }

// forgeInfo puts a forged copy of SignedInfo into the Signature.
func forgeInfo(root *etree.Element, index int) {
	good := infoOf(root)
	c := good.Copy()
	sigOf(root).InsertChildAt(index, c)
	Child(Child(c, NSSignature, "Reference"), NSSignature, "DigestValue").SetText("MA==")
}

// SEC-18, SEC-19, SEC-20: the shape of ds:Signature. Everything starts from a good signature.
func TestVerifyShape(t *testing.T) {
	t.Parallel()
	again := func(parent func(*etree.Element) *etree.Element, local string) treeEdit {
		return func(_ *testing.T, root *etree.Element) {
			p := parent(root)
			p.AddChild(Child(p, NSSignature, local).Copy())
		}
	}
	append1 := func(parent func(*etree.Element) *etree.Element, prefix, local string) treeEdit {
		return func(_ *testing.T, root *etree.Element) { add(parent(root), prefix, local) }
	}
	moveTo := func(ns, local string) treeEdit {
		return func(_ *testing.T, root *etree.Element) { Child(root, ns, local).AddChild(sigOf(root)) }
	}
	keyInfo := func(root *etree.Element) *etree.Element { return Child(sigOf(root), NSSignature, "KeyInfo") }
	x509Data := func(root *etree.Element) *etree.Element { return Child(keyInfo(root), NSSignature, "X509Data") }
	transforms := func(root *etree.Element) *etree.Element { return Child(refOf(root), NSSignature, "Transforms") }
	c14n := func(root *etree.Element) *etree.Element {
		return Child(infoOf(root), NSSignature, "CanonicalizationMethod")
	}
	self := func(root *etree.Element) *etree.Element { return root }

	for name, row := range map[string]struct {
		edit treeEdit
		want string
	}{
		"control: the signature as it was made":              {func(*testing.T, *etree.Element) {}, ""},
		"control: KeyInfo may be absent":                     {func(_ *testing.T, r *etree.Element) { sigOf(r).RemoveChild(keyInfo(r)) }, ""},
		"control: white space between the elements":          {func(_ *testing.T, r *etree.Element) { sigOf(r).InsertChildAt(0, etree.NewText("\n  ")) }, ""},
		"control: Id on the Signature, as pysaml2 writes it": {func(_ *testing.T, r *etree.Element) { sigOf(r).CreateAttr("Id", "Signature1") }, ""},

		"no Signature":            {func(_ *testing.T, r *etree.Element) { r.RemoveChild(sigOf(r)) }, ReasonMissing},
		"an empty Signature":      {func(_ *testing.T, r *etree.Element) { sigOf(r).Child = nil }, ReasonShape},
		"an empty SignatureValue": {func(_ *testing.T, r *etree.Element) { Child(sigOf(r), NSSignature, "SignatureValue").SetText("") }, ReasonShape},
		"a blank SignatureValue":  {func(_ *testing.T, r *etree.Element) { Child(sigOf(r), NSSignature, "SignatureValue").SetText(" \n") }, ReasonShape},
		"two Signatures":          {again(self, "Signature"), ReasonShape},
		"a Signature in another namespace": {func(_ *testing.T, r *etree.Element) {
			sigOf(r).CreateAttr("xmlns:ds", "urn:x:1")
		}, ReasonMissing},
		"the Signature at the end":                 {func(_ *testing.T, r *etree.Element) { r.AddChild(sigOf(r)) }, ReasonShape},
		"the Signature before Issuer":              {func(_ *testing.T, r *etree.Element) { r.InsertChildAt(0, sigOf(r)) }, ReasonShape},
		"the Signature moved into Issuer":          {moveTo(NSAssertion, "Issuer"), ReasonMissing},
		"the Signature moved into another child":   {moveTo(NSProtocol, "RequestedAuthnContext"), ReasonMissing},
		"a copy of the Signature in Issuer":        {func(_ *testing.T, r *etree.Element) { Child(r, NSAssertion, "Issuer").AddChild(sigOf(r).Copy()) }, ReasonShape},
		"a copy of the Signature in another child": {func(_ *testing.T, r *etree.Element) { Child(r, NSProtocol, "NameIDPolicy").AddChild(sigOf(r).Copy()) }, ReasonShape},

		"a forged SignedInfo after the good one":  {func(_ *testing.T, r *etree.Element) { forgeInfo(r, 1) }, ReasonShape},
		"a forged SignedInfo before the good one": {func(_ *testing.T, r *etree.Element) { forgeInfo(r, 0) }, ReasonShape},
		"two SignatureValues":                     {again(sigOf, "SignatureValue"), ReasonShape},
		"two KeyInfos":                            {again(sigOf, "KeyInfo"), ReasonShape},
		"an Object":                               {append1(sigOf, "ds", "Object"), ReasonShape},
		"a Manifest":                              {append1(sigOf, "ds", "Manifest"), ReasonShape},
		"an element of another namespace":         {append1(sigOf, "saml", "KeyInfo"), ReasonShape},
		"a second Reference":                      {again(infoOf, "Reference"), ReasonShape},
		"a second DigestValue":                    {again(refOf, "DigestValue"), ReasonShape},
		"a third Transform":                       {again(transforms, "Transform"), ReasonShape},
		"one Transform":                           {func(_ *testing.T, r *etree.Element) { transforms(r).RemoveChildAt(0) }, ReasonShape},
		"the Transforms in the other order":       {func(_ *testing.T, r *etree.Element) { transforms(r).AddChild(elements(transforms(r))[0]) }, ReasonAlgorithm},
		"an XSLT Transform": {func(_ *testing.T, r *etree.Element) {
			elements(transforms(r))[0].CreateAttr("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")
		}, ReasonAlgorithm},
		"an XPath Transform": {func(_ *testing.T, r *etree.Element) {
			elements(transforms(r))[1].CreateAttr("Algorithm", "http://www.w3.org/TR/1999/REC-xpath-19991116")
		}, ReasonAlgorithm},
		"an XPath below the Transform": {func(_ *testing.T, r *etree.Element) { addText(elements(transforms(r))[1], "ds", "XPath", "/") }, ReasonShape},
		"InclusiveNamespaces below the enveloped Transform": {func(_ *testing.T, r *etree.Element) {
			elements(transforms(r))[0].AddChild(NewElement("ec", NSExcC14N, "InclusiveNamespaces", ""))
		}, ReasonShape},
		"InclusiveNamespaces below CanonicalizationMethod": {func(_ *testing.T, r *etree.Element) {
			c14n(r).AddChild(NewElement("ec", NSExcC14N, "InclusiveNamespaces", ""))
		}, ReasonShape},
		"an external URI":            {func(_ *testing.T, r *etree.Element) { refOf(r).CreateAttr("URI", "http://127.0.0.1:1/x") }, ReasonReference},
		"an XPointer":                {func(_ *testing.T, r *etree.Element) { refOf(r).CreateAttr("URI", "#xpointer(/)") }, ReasonReference},
		"no URI":                     {func(_ *testing.T, r *etree.Element) { refOf(r).RemoveAttr("URI") }, ReasonReference},
		"the URI of another element": {func(_ *testing.T, r *etree.Element) { refOf(r).CreateAttr("URI", "#_other") }, ReasonReference},
		"a Type on the Reference":    {func(_ *testing.T, r *etree.Element) { refOf(r).CreateAttr("Type", NSSignature+"Manifest") }, ReasonShape},
		"no ID on the parent":        {func(_ *testing.T, r *etree.Element) { r.RemoveAttr("ID") }, ReasonReference},
		"an empty ID and an empty URI": {func(_ *testing.T, r *etree.Element) {
			r.CreateAttr("ID", "")
			refOf(r).CreateAttr("URI", "#")
		}, ReasonReference},
		"an ID under a prefix before the real one": {func(_ *testing.T, r *etree.Element) {
			r.Attr = append([]etree.Attr{{Space: "saml", Key: "ID", Value: "_req-0001"}}, r.Attr...)
		}, ReasonReference},

		"a KeyValue alone":   {func(_ *testing.T, r *etree.Element) { keyInfo(r).Child = nil; add(keyInfo(r), "ds", "KeyValue") }, ReasonShape},
		"a KeyValue beside":  {append1(keyInfo, "ds", "KeyValue"), ReasonShape},
		"a RetrievalMethod":  {append1(keyInfo, "ds", "RetrievalMethod"), ReasonShape},
		"two X509Data":       {again(keyInfo, "X509Data"), ReasonShape},
		"two certificates":   {again(x509Data, "X509Certificate"), ReasonShape},
		"an X509SubjectName": {append1(x509Data, "ds", "X509SubjectName"), ReasonShape},
		"an empty KeyInfo":   {func(_ *testing.T, r *etree.Element) { keyInfo(r).Child = nil }, ReasonShape},

		"text inside the Signature": {func(_ *testing.T, r *etree.Element) { sigOf(r).CreateText("x") }, ReasonShape},
		"a comment in DigestValue":  {func(_ *testing.T, r *etree.Element) { Child(refOf(r), NSSignature, "DigestValue").CreateComment("x") }, ReasonShape},
		"a comment in SignatureValue": {func(_ *testing.T, r *etree.Element) {
			Child(sigOf(r), NSSignature, "SignatureValue").CreateComment("x")
		}, ReasonShape},
		"a comment in SignedInfo":   {func(_ *testing.T, r *etree.Element) { infoOf(r).CreateComment("x") }, ReasonShape},
		"an element in DigestValue": {func(_ *testing.T, r *etree.Element) { Child(refOf(r), NSSignature, "DigestValue").CreateElement("x") }, ReasonShape},
		"no SignedInfo":             {func(_ *testing.T, r *etree.Element) { sigOf(r).RemoveChild(infoOf(r)) }, ReasonShape},
		"no SignatureValue": {func(_ *testing.T, r *etree.Element) {
			sigOf(r).RemoveChild(Child(sigOf(r), NSSignature, "SignatureValue"))
		}, ReasonShape},

		"another DigestValue":                {func(_ *testing.T, r *etree.Element) { Child(refOf(r), NSSignature, "DigestValue").SetText("MA==") }, ReasonValue},
		"another SignatureValue":             {func(_ *testing.T, r *etree.Element) { Child(sigOf(r), NSSignature, "SignatureValue").SetText("MA==") }, ReasonValue},
		"a SignatureValue that is no base64": {func(_ *testing.T, r *etree.Element) { Child(sigOf(r), NSSignature, "SignatureValue").SetText("?") }, ReasonValue},
		"another Destination":                {func(_ *testing.T, r *etree.Element) { r.CreateAttr("Destination", "https://evil.example.org") }, ReasonDigest},
		"another Issuer": {func(_ *testing.T, r *etree.Element) {
			Child(r, NSAssertion, "Issuer").SetText("https://evil.example.org")
		}, ReasonDigest},
		"an added element": {func(_ *testing.T, r *etree.Element) { add(r, "samlp", "Scoping") }, ReasonDigest},
		"the digest of Extensions": {func(_ *testing.T, r *etree.Element) {
			r.InsertChildAt(2, NewElement("samlp", NSProtocol, "Extensions", "x"))
		}, ReasonDigest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := mustParse(t, Serialise(signedRequest(t)))
			row.edit(t, root)
			v, err := VerifyElement(root, pinned(t, "sp"), issued)
			if got := reason(t, v, err); got != row.want {
				t.Errorf("got %q, want %q (%v)", got, row.want, err)
			}
		})
	}
}

// SEC-21: trust comes from the pinned certificates alone.
func TestVerifyTrustsPinnedKeysAlone(t *testing.T) {
	t.Parallel()
	by := func(name, shown string) []byte {
		el := request().Element()
		mustSign(t, &Key{key(t, name).Signer, key(t, shown).Cert}, el)
		return Serialise(el)
	}
	bare := func(octets []byte) []byte {
		root := mustParse(t, octets)
		sigOf(root).RemoveChild(Child(sigOf(root), NSSignature, "KeyInfo"))
		return Serialise(root)
	}
	same := sameKey(t)
	for name, row := range map[string]struct {
		octets  []byte
		pinned  []*x509.Certificate
		want    string
		differs bool
	}{
		"the pinned key, its certificate":                      {by("sp", "sp"), pinned(t, "sp"), "", false},
		"the pinned key without KeyInfo":                       {bare(by("sp", "sp")), pinned(t, "sp"), "", false},
		"the second of two pinned keys":                        {by("other", "other"), pinned(t, "sp", "other"), "", false},
		"the second of two pinned keys without KeyInfo":        {bare(by("other", "other")), pinned(t, "sp", "other"), "", false},
		"a key removed from the pinned ones":                   {by("other", "other"), pinned(t, "sp"), ReasonKey, false},
		"the attacker's key, the attacker's certificate":       {by("other", "other"), pinned(t, "idp", "sp"), ReasonKey, false},
		"the attacker's key, the trusted certificate":          {by("other", "sp"), pinned(t, "sp"), ReasonValue, false},
		"the attacker's key without KeyInfo":                   {bare(by("other", "other")), pinned(t, "sp"), ReasonValue, false},
		"the pinned key, another certificate, and it says so":  {by("sp", "other"), pinned(t, "sp"), "", true},
		"another certificate for the same key, and it says so": {by("sp", "sp"), []*x509.Certificate{same}, "", true},
		"no pinned certificates":                               {by("sp", "sp"), nil, ReasonKey, false},
		"a nil certificate among the pinned":                   {by("sp", "sp"), []*x509.Certificate{nil}, ReasonKey, false},
		"weak and elliptic keys beside the right one":          {by("sp", "sp"), pinned(t, "weak", "curve", "sp"), "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, v := verifyOctets(t, row.octets, row.pinned)
			if got != row.want {
				t.Fatalf("got %q, want %q", got, row.want)
			}
			if v != nil && (v.Cert == nil || v.KeyInfoDiffers != row.differs) {
				t.Errorf("KeyInfoDiffers %v, want %v", v.KeyInfoDiffers, row.differs)
			}
		})
	}
}

// sameKey returns another certificate for the service provider's key.
func sameKey(t *testing.T) *x509.Certificate {
	t.Helper()
	k := key(t, "sp")
	tmpl := *k.Cert
	tmpl.NotAfter = tmpl.NotAfter.Add(time.Hour)
	der, err := x509.CreateCertificate(nil, &tmpl, &tmpl, k.Signer.Public(), k.Signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// SEC-23: one second before and after each bound, for both bindings.
func TestVerifyValidityOfPinnedCertificates(t *testing.T) {
	t.Parallel()
	cert := pinned(t, "sp")[0]
	post := mustParse(t, Serialise(signedRequest(t)))
	other := craft(t, key(t, "other"), request().Element(), recipe{})
	redirect, err := ParseRedirect(ParamRequest, redirectQuery(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		at   time.Time
		want string
	}{
		"one second before it begins": {cert.NotBefore.Add(-time.Second), ReasonExpired},
		"when it begins":              {cert.NotBefore, ""},
		"when it ends":                {cert.NotAfter, ""},
		"one second after it ended":   {cert.NotAfter.Add(time.Second), ReasonExpired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, err := VerifyElement(post, []*x509.Certificate{cert}, row.at)
			if got := reason(t, v, err); got != row.want {
				t.Errorf("POST: got %q, want %q", got, row.want)
			}
			v, err = redirect.Verify([]*x509.Certificate{cert}, row.at)
			if got := reason(t, v, err); got != row.want {
				t.Errorf("redirect: got %q, want %q", got, row.want)
			}
		})
	}
	v, err := VerifyElement(mustParse(t, other), []*x509.Certificate{cert}, cert.NotAfter.Add(time.Hour))
	if got := reason(t, v, err); got != ReasonKey {
		t.Errorf("a foreign key against an expired certificate: got %q, want %q", got, ReasonKey)
	}
}

// The identifier of the root may be no NCName: the rules answer, not the verifier (REQ-01).
func TestVerifyRootWithOddIdentifiers(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"123-456", "a b", "à", "x:y", "#", "_ok"} {
		r := request()
		r.ID = id
		el := r.Element()
		mustSign(t, key(t, "sp"), el)
		got, v := verifyOctets(t, Serialise(el), pinned(t, "sp"))
		if got != "" || attr(v.Root, "ID") != id {
			t.Errorf("ID %q: got %q", id, got)
		}
	}
}

// What xmlsec1 signs, in its own layout, verifies here (SIG-02, SIG-04).
func TestVerifyWhatXmlsecSigned(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ method, digest, prefixes string }{
		"rsa-sha256":                     {dsig.RSASHA256SignatureMethod, digestSHA256, ""},
		"rsa-sha384":                     {dsig.RSASHA384SignatureMethod, digestSHA384, ""},
		"rsa-sha512":                     {dsig.RSASHA512SignatureMethod, digestSHA512, ""},
		"rsa-sha256 with a PrefixList":   {dsig.RSASHA256SignatureMethod, digestSHA256, "xs saml2"},
		"rsa-sha256, the default prefix": {dsig.RSASHA256SignatureMethod, digestSHA256, "#default xs"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inclusive := ""
			if row.prefixes != "" {
				inclusive = `<ec:InclusiveNamespaces xmlns:ec="` + NSExcC14N + `" PrefixList="` + row.prefixes + `"/>`
			}
			octets := strings.NewReplacer("METHOD", row.method, "DIGEST", row.digest, "<INCLUSIVE/>", inclusive).Replace(string(readTestdata(t, "template.xml")))
			dir := t.TempDir()
			in, out := filepath.Join(dir, "in.xml"), filepath.Join(dir, "out.xml")
			if err := os.WriteFile(in, []byte(octets), 0o600); err != nil {
				t.Fatal(err)
			}
			tool(t, "xmlsec1", "--sign", "--privkey-pem", "testdata/sp.key,testdata/sp.crt", "--id-attr:ID", idRequest, "--output", out, in)
			signed, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			a, err := ParsePost(ParamRequest, postForm(ParamRequest, signed))
			if err != nil {
				t.Fatal(err)
			}
			v, err := a.Verify(pinned(t, "sp"), issued)
			if err != nil {
				t.Fatalf("%v\n%s", err, signed)
			}
			if r, err := ReadAuthnRequest(v.Root); err != nil || r.Issuer.Value != spID || v.KeyInfoDiffers {
				t.Errorf("read %+v, %v, KeyInfoDiffers %v", r, err, v.KeyInfoDiffers)
			}
		})
	}
}

func TestVerifyNestedElementsBringTheirNamespaces(t *testing.T) {
	t.Parallel()
	root := mustParse(t, Serialise(signedResponse(t)))
	assertion := Child(root, NSAssertion, "Assertion")
	assertion.RemoveAttr("xmlns:saml") // declared on the Response as well
	v, err := VerifyElement(assertion, pinned(t, "idp"), issued)
	if err != nil {
		t.Fatal(err)
	}
	if got := text(Child(Child(v.Root, NSAssertion, "Subject"), NSAssertion, "NameID")); got != "_tr-8f2b5c1e" {
		t.Errorf("NameID %q", got)
	}
	if sigOf(v.Root) != nil {
		t.Error("the Signature is part of what it signs")
	}
}

func TestVerifyNothing(t *testing.T) {
	t.Parallel()
	if _, err := VerifyElement(nil, pinned(t, "sp"), issued); err == nil {
		t.Error("no element verifies")
	}
	if _, err := (&Arrival{}).Verify(pinned(t, "sp"), issued); err == nil {
		t.Error("an empty arrival verifies")
	}
	if _, err := VerifyResponse(nil, pinned(t, "sp"), issued); err == nil {
		t.Error("no Response verifies")
	}
}

// A large metadata document verifies when its Signature comes first, as it must.
func TestVerifyLargeMetadata(t *testing.T) {
	t.Parallel()
	d := spMetadata(t)
	for i := range 4000 {
		d.SP.AttributeConsumingServices[0].Requested = append(d.SP.AttributeConsumingServices[0].Requested, RequestedAttribute{Name: strings.Repeat("x", i%7+1)})
	}
	el := d.Element()
	mustSign(t, key(t, "sp"), el)
	read, err := ReadMetadata(Serialise(el))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyElement(read.Root, pinned(t, "sp"), issued); err != nil {
		t.Error(err)
	}
}

func TestSignRefuses(t *testing.T) {
	t.Parallel()
	signed := signedRequest(t)
	noID := request()
	noID.ID = ""
	for name, row := range map[string]struct {
		key *Key
		el  *etree.Element
	}{
		"no key":                   {nil, request().Element()},
		"no signer":                {&Key{Cert: key(t, "sp").Cert}, request().Element()},
		"no certificate":           {&Key{Signer: key(t, "sp").Signer}, request().Element()},
		"an elliptic key":          {key(t, "curve"), request().Element()},
		"an RSA key of 1024 bit":   {key(t, "weak"), request().Element()},
		"an element without ID":    {key(t, "sp"), noID.Element()},
		"an element signed before": {key(t, "sp"), signed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := row.key.Sign(row.el); err == nil {
				t.Error("signed")
			}
		})
	}
	if _, err := key(t, "weak").RedirectURL(idpID, ParamRequest, request().Element(), ""); err == nil {
		t.Error("a weak key signs a query")
	}
}

// Signing leaves what is signed as it was but for the Signature, in its place.
func TestSignKeepsTheElement(t *testing.T) {
	t.Parallel()
	el := response().Element()
	before := Serialise(el)
	mustSign(t, key(t, "idp"), el)
	if list := elements(el); !Is(list[0], NSAssertion, "Issuer") || !Is(list[1], NSSignature, "Signature") {
		t.Errorf("Signature not after Issuer: %s", Serialise(el))
	}
	el.RemoveChild(sigOf(el))
	if got := Serialise(el); !bytes.Equal(got, before) {
		t.Errorf("got  %s\nwant %s", got, before)
	}
	md := idpMetadata(t).Element()
	mustSign(t, key(t, "idp"), md)
	if !Is(elements(md)[0], NSSignature, "Signature") {
		t.Error("Signature not first in metadata")
	}
	mustSign(t, key(t, "idp"), Child(el, NSAssertion, "Assertion"))
	b64 := text(Child(Child(Child(sigOf(Child(el, NSAssertion, "Assertion")), NSSignature, "KeyInfo"), NSSignature, "X509Data"), NSSignature, "X509Certificate"))
	if der, err := base64.StdEncoding.DecodeString(b64); err != nil || !bytes.Equal(der, key(t, "idp").Cert.Raw) {
		t.Errorf("KeyInfo: %v", err)
	}
}
