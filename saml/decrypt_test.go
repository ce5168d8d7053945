package saml

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// parcel is an EncryptedAssertion made on purpose in some way; zero fields are the right ones.
type parcel struct {
	data       string // EncryptionMethod of the data
	transport  string // of the key
	digest     string // DigestMethod, "-" for none
	mask       string // MGF
	hash, mgf  crypto.Hash
	label      string
	keySize    int
	plain      string // instead of the Assertion
	beside     bool   // EncryptedKey beside EncryptedData, as the examples of the assisted procedure have it
	wrongSized bool   // the key that travels has another length
}

func (p parcel) filled() parcel {
	or := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	or(&p.data, encryptAES256GCM)
	or(&p.transport, transportOAEP1)
	or(&p.digest, digestSHA1)
	if p.hash == 0 {
		p.hash = crypto.SHA1
	}
	if p.mgf == 0 {
		p.mgf = crypto.SHA1
	}
	if p.keySize == 0 {
		p.keySize = 32
	}
	return p
}

// pack builds the EncryptedAssertion for sp, as a template of text, so that it shares nothing with dataElement.
func (p parcel) pack(t testing.TB) []byte {
	t.Helper()
	p = p.filled()
	if p.plain == "" {
		p.plain = string(Serialise(secret(t)))
	}
	dataKey := bytes.Repeat([]byte{7}, p.keySize)
	travels := dataKey
	if p.wrongSized {
		travels = dataKey[1:]
	}
	wrapped, err := rsa.EncryptOAEPWithOptions(rand.Reader, &rsaKey(t, "sp").PublicKey, travels, &rsa.OAEPOptions{Hash: p.hash, MGFHash: p.mgf, Label: []byte(p.label)})
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := seal(dataKey, []byte(p.plain), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	method := `<e:EncryptionMethod Algorithm="` + p.transport + `">`
	if p.label != "" {
		method += `<e:OAEPparams>` + base64.StdEncoding.EncodeToString([]byte(p.label)) + `</e:OAEPparams>`
	}
	if p.digest != "-" {
		method += `<d:DigestMethod Algorithm="` + p.digest + `"/>`
	}
	if p.mask != "" {
		method += `<n:MGF xmlns:n="` + NSEncryption11 + `" Algorithm="` + p.mask + `"/>`
	}
	inside := `<e:EncryptedKey Id="_key">` + method + `</e:EncryptionMethod><e:CipherData><e:CipherValue>
` + base64.StdEncoding.EncodeToString(wrapped) + `</e:CipherValue></e:CipherData></e:EncryptedKey>`
	outside := ""
	if p.beside {
		inside, outside = `<d:RetrievalMethod Type="`+typeKey+`" URI="#_key"/>`, inside
	}
	return []byte(`<a:EncryptedAssertion xmlns:a="` + NSAssertion + `" xmlns:e="` + NSEncryption + `" xmlns:d="` + NSSignature + `">
<e:EncryptedData Id="_data" Type="` + typeElement + `"><e:EncryptionMethod Algorithm="` + p.data + `"/><d:KeyInfo>` + inside + `</d:KeyInfo><e:CipherData>
<e:CipherValue>` + base64.StdEncoding.EncodeToString(sealed) + `</e:CipherValue></e:CipherData></e:EncryptedData>` + outside + `
</a:EncryptedAssertion>`)
}

func TestSEC25DecryptTakesTheAllowedAlgorithms(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		parcel
		want string
	}{
		"AES-256-GCM, rsa-oaep-mgf1p":                 {parcel{}, ""},
		"AES-192-GCM":                                 {parcel{data: encryptAES192GCM, keySize: 24}, ""},
		"AES-128-GCM":                                 {parcel{data: encryptAES128GCM, keySize: 16}, ""},
		"no DigestMethod is SHA-1":                    {parcel{digest: "-"}, ""},
		"rsa-oaep-mgf1p with SHA-256":                 {parcel{digest: digestSHA256, hash: crypto.SHA256}, ""},
		"rsa-oaep with SHA-256 and MGF1 SHA-256":      {parcel{transport: transportOAEP11, digest: digestSHA256, hash: crypto.SHA256, mask: NSEncryption11 + "mgf1sha256", mgf: crypto.SHA256}, ""},
		"rsa-oaep with SHA-384 and MGF1 SHA-1":        {parcel{transport: transportOAEP11, digest: digestSHA384, hash: crypto.SHA384, mask: NSEncryption11 + "mgf1sha1"}, ""},
		"rsa-oaep with SHA-512, no MGF, a label":      {parcel{transport: transportOAEP11, digest: digestSHA512, hash: crypto.SHA512, label: "label"}, ""},
		"rsa-oaep with SHA-384 and its MGF":           {parcel{transport: transportOAEP11, digest: digestSHA384XMLEnc, hash: crypto.SHA384, mask: NSEncryption11 + "mgf1sha384", mgf: crypto.SHA384}, ""},
		"rsa-oaep with SHA-512 and its MGF":           {parcel{transport: transportOAEP11, digest: digestSHA512, hash: crypto.SHA512, mask: NSEncryption11 + "mgf1sha512", mgf: crypto.SHA512}, ""},
		"the key beside the data":                     {parcel{beside: true}, ""},
		"AES-256-CBC":                                 {parcel{data: NSEncryption + "aes256-cbc"}, ReasonAlgorithm},
		"Triple DES":                                  {parcel{data: NSEncryption + "tripledes-cbc"}, ReasonAlgorithm},
		"an empty algorithm of data":                  {parcel{data: " "}, ReasonAlgorithm},
		"RSA 1.5":                                     {parcel{transport: transportRSA15, digest: "-"}, ReasonAlgorithm},
		"AES key wrap":                                {parcel{transport: NSEncryption + "kw-aes256", digest: "-"}, ReasonAlgorithm},
		"MD5 in OAEP":                                 {parcel{digest: "http://www.w3.org/2001/04/xmldsig-more#md5"}, ReasonAlgorithm},
		"an unknown mask":                             {parcel{transport: transportOAEP11, mask: NSEncryption11 + "mgf1md5"}, ReasonAlgorithm},
		"a mask where the algorithm fixes it":         {parcel{mask: NSEncryption11 + "mgf1sha1"}, ReasonShape},
		"a digest that is not the one used":           {parcel{transport: transportOAEP11, digest: digestSHA256}, ReasonDecrypt},
		"a mask that is not the one used":             {parcel{transport: transportOAEP11, mask: NSEncryption11 + "mgf1sha256"}, ReasonDecrypt},
		"an algorithm shorter than the key":           {parcel{data: encryptAES128GCM}, ReasonDecrypt},
		"a key of 31 octets":                          {parcel{wrongSized: true}, ReasonDecrypt},
		"plain text with a DTD":                       {parcel{plain: `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`}, "xml"},
		"plain text with a comment in the NameID":     {parcel{plain: `<saml:Assertion xmlns:saml="` + NSAssertion + `"><saml:NameID>a<!-- x -->b</saml:NameID></saml:Assertion>`}, "xml"},
		"plain text that is no XML":                   {parcel{plain: "TINIT-RSSMRA80A01Z999X"}, "xml"},
		"plain text of a kilobyte of open elements":   {parcel{plain: strings.Repeat("<a>", 400) + strings.Repeat("</a>", 400)}, "limit"},
		"plain text with two roots":                   {parcel{plain: "<a/><a/>"}, "xml"},
		"plain text that is another element":          {parcel{plain: `<saml:Advice xmlns:saml="` + NSAssertion + `"/>`}, "root"},
		"plain text that is encrypted again, as such": {parcel{plain: `<saml:EncryptedAssertion xmlns:saml="` + NSAssertion + `"/>`}, "root"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := DecryptAssertion(mustParse(t, row.pack(t)), rsaKey(t, "sp"))
			if reason := encryptionReason(t, got, err); reason != row.want {
				t.Fatalf("got %q (%v), want %q", reason, err, row.want)
			}
			if err == nil && !bytes.Equal(Serialise(got), Serialise(secret(t))) {
				t.Errorf("got %s", Serialise(got))
			}
		})
	}
}

// The refusals of what everybody still sends say why.
func TestSEC25RefusedAlgorithmsTeach(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		parcel
		want string
	}{
		"CBC":     {parcel{data: NSEncryption + "aes128-cbc"}, "CBC does not notice altered octets"},
		"RSA 1.5": {parcel{transport: transportRSA15, digest: "-"}, "Bleichenbacher"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := DecryptAssertion(mustParse(t, row.pack(t)), rsaKey(t, "sp"))
			if err == nil || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), "EncryptionMethod/@Algorithm") {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}

// Each row edits a good envelope.
func TestSEC25DecryptRefusesOtherShapes(t *testing.T) {
	t.Parallel()
	data := func(el *etree.Element) *etree.Element { return Child(el, NSEncryption, "EncryptedData") }
	info := func(el *etree.Element) *etree.Element { return Child(data(el), NSSignature, "KeyInfo") }
	inner := func(el *etree.Element) *etree.Element { return Child(info(el), NSEncryption, "EncryptedKey") }
	value := func(el *etree.Element) *etree.Element {
		return Child(Child(el, NSEncryption, "CipherData"), NSEncryption, "CipherValue")
	}
	for name, row := range map[string]struct {
		edit func(el *etree.Element)
		want string
	}{
		"control":                       {func(*etree.Element) {}, ""},
		"no Type":                       {func(el *etree.Element) { data(el).RemoveAttr("Type") }, ""},
		"Type Content":                  {func(el *etree.Element) { data(el).CreateAttr("Type", typeContent) }, ReasonShape},
		"no EncryptedData":              {func(el *etree.Element) { el.RemoveChild(data(el)) }, ReasonMissing},
		"two EncryptedData":             {func(el *etree.Element) { el.AddChild(data(el).Copy()) }, ReasonShape},
		"an Assertion beside it":        {func(el *etree.Element) { el.AddChild(secret(t)) }, ReasonShape},
		"text beside it":                {func(el *etree.Element) { el.AddChild(etree.NewText("x")) }, ReasonShape},
		"a comment":                     {func(el *etree.Element) { data(el).AddChild(etree.NewComment("x")) }, ReasonShape},
		"no KeyInfo":                    {func(el *etree.Element) { data(el).RemoveChild(info(el)) }, ReasonMissing},
		"KeyInfo with a name alone":     {func(el *etree.Element) { info(el).Child = nil; addText(info(el), "d", "KeyName", "k") }, ReasonMissing},
		"two EncryptedKeys inside":      {func(el *etree.Element) { info(el).AddChild(inner(el).Copy()) }, ReasonShape},
		"one inside, one beside":        {func(el *etree.Element) { el.AddChild(inner(el).Copy()) }, ReasonShape},
		"a key beside, no pointer":      {func(el *etree.Element) { el.AddChild(inner(el)); data(el).RemoveChild(info(el)) }, ""},
		"a key beside, a wrong pointer": {func(el *etree.Element) { el.AddChild(inner(el)); retrieve(info(el), "#_data", typeKey) }, ReasonShape},
		"a key beside, a URL": {func(el *etree.Element) {
			el.AddChild(inner(el))
			retrieve(info(el), "https://evil.example.org/", typeKey)
		}, ReasonShape},
		"a key beside, a wrong Type":  {func(el *etree.Element) { el.AddChild(inner(el)); retrieve(info(el), "#_key", typeElement) }, ReasonShape},
		"a key beside, a name":        {func(el *etree.Element) { el.AddChild(inner(el)); addText(info(el), "d", "KeyName", "k") }, ReasonShape},
		"a CipherReference":           {func(el *etree.Element) { value(data(el)).Tag = "CipherReference" }, ReasonShape},
		"EncryptionProperties":        {func(el *etree.Element) { add(data(el), "e", "EncryptionProperties") }, ReasonShape},
		"a KeySize":                   {func(el *etree.Element) { addText(data(el).ChildElements()[0], "e", "KeySize", "256") }, ReasonShape},
		"an element in CipherValue":   {func(el *etree.Element) { add(value(data(el)), "e", "x") }, ReasonShape},
		"no base64":                   {func(el *etree.Element) { value(data(el)).SetText("!") }, ReasonShape},
		"nothing in CipherValue":      {func(el *etree.Element) { value(inner(el)).SetText(" ") }, ReasonShape},
		"a CipherValue too long":      {func(el *etree.Element) { value(data(el)).SetText(strings.Repeat("A", maxCipher+4)) }, ReasonShape},
		"less than a nonce and a tag": {func(el *etree.Element) { value(data(el)).SetText("AAAA") }, ReasonDecrypt},
		"a wrapped key too short":     {func(el *etree.Element) { value(inner(el)).SetText("AAAA") }, ReasonDecrypt},
		"a wrapped key too long":      {func(el *etree.Element) { value(inner(el)).SetText(strings.Repeat("AAAA", 200)) }, ReasonDecrypt},
		"another root":                {func(el *etree.Element) { el.Tag = "EncryptedID" }, "other"},
		"data of a foreign namespace": {func(el *etree.Element) { data(el).CreateAttr("xmlns:e", "urn:x:1") }, ReasonShape},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			el := mustParse(t, parcel{}.pack(t))
			row.edit(el)
			got, err := DecryptAssertion(el, rsaKey(t, "sp"))
			if reason := encryptionReason(t, got, err); reason != row.want {
				t.Errorf("got %q (%v), want %q", reason, err, row.want)
			}
		})
	}
}

func retrieve(info *etree.Element, uri, kind string) {
	method := add(info, "d", "RetrievalMethod")
	method.CreateAttr("URI", uri)
	method.CreateAttr("Type", kind)
}

// SEC-26: whichever octet is altered and whatever key is tried, the error is the same to the letter.
func TestSEC26DecryptionFailsInOneWay(t *testing.T) {
	t.Parallel()
	want := errDecrypt().Error()
	priv := rsaKey(t, "sp")
	good, err := readEnvelope(mustParse(t, parcel{}.pack(t)), typeElement)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := good.open(priv); err != nil {
		t.Fatalf("control: %v", err)
	}
	try := func(what string, i int, e envelope, key *rsa.PrivateKey) {
		t.Helper()
		if plain, err := e.open(key); plain != nil || err == nil || err.Error() != want {
			t.Fatalf("%s, octet %d: got %q, %v, want %s", what, i, plain, err, want)
		}
	}
	try("another key", 0, *good, rsaKey(t, "other"))
	for i := range good.wrapped {
		e := *good
		e.wrapped = bytes.Clone(good.wrapped)
		e.wrapped[i] ^= 1
		try("the wrapped key", i, e, priv)
	}
	for i := range good.sealed {
		sealed := bytes.Clone(good.sealed)
		sealed[i] ^= 0x80
		if _, err := unseal(bytes.Repeat([]byte{7}, 32), sealed); err == nil {
			t.Fatalf("octet %d of the data altered: opened", i)
		}
		if e := *good; i%50 == 0 || i > len(sealed)-gcmTag {
			e.sealed = sealed
			try("the data", i, e, priv)
		}
	}
	// Data under the key of zeros, which stands in for one that does not come out, opens nothing.
	zero := *good
	zero.wrapped = bytes.Clone(good.wrapped)
	zero.wrapped[9] ^= 1
	if zero.sealed, err = seal(make([]byte, 32), Serialise(secret(t)), rand.Reader); err != nil {
		t.Fatal(err)
	}
	try("data under zeros", 0, zero, priv)
}

func TestDecryptNeedsAKeyOfEnoughBits(t *testing.T) {
	t.Parallel()
	el := mustParse(t, parcel{}.pack(t))
	for name, k := range map[string]*rsa.PrivateKey{"none": nil, "1024 bit": rsaKey(t, "weak")} {
		if got, err := DecryptAssertion(el, k); encryptionReason(t, got, err) != ReasonKey {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func contentFixture() *etree.Element {
	el := NewElement("md", "urn:x:result", "Result", "")
	el.CreateAttr("ID", "_result-0001")
	el.CreateElement("code").SetText("a & b")
	el.CreateElement("empty")
	return el
}

func TestContentComesBackWhole(t *testing.T) {
	t.Parallel()
	want := contentFixture()
	mustSign(t, key(t, "idp"), want)
	shell, err := EncryptContent(want, key(t, "sp").Cert, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if octets := Serialise(shell); bytes.Contains(octets, []byte("code")) || bytes.Contains(octets, []byte("a &amp; b")) {
		t.Errorf("readable: %s", octets)
	}
	got, err := DecryptContent(mustParse(t, Serialise(shell)), rsaKey(t, "sp"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(Serialise(got), Serialise(want)) {
		t.Errorf("got  %s\nwant %s", Serialise(got), Serialise(want))
	}
	if _, err := VerifyElement(got, pinned(t, "idp"), issued); err != nil {
		t.Error(err)
	}
}

// Content that breaks out of its element meets the door.
func TestContentStaysInside(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ content, want string }{
		"control":              {"<code/>", ""},
		"closes and reopens":   {"</md:Result><md:Result>", "xml"},
		"leaves open":          {"<code>", "xml"},
		"a declaration":        {`<?xml version="1.0"?><code/>`, "xml"},
		"an undeclared prefix": {"<p:code/>", "xml"},
		"the same ID again":    {`<code ID="_result-0001"/>`, "xml"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := encryptedData([]byte(row.content), typeContent, key(t, "sp").Cert, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			shell := withoutChildren(contentFixture())
			shell.AddChild(data)
			got, err := DecryptContent(shell, rsaKey(t, "sp"))
			if reason := encryptionReason(t, got, err); reason != row.want {
				t.Errorf("got %q (%v), want %q", reason, err, row.want)
			}
		})
	}
	if _, err := DecryptContent(nil, rsaKey(t, "sp")); err == nil {
		t.Error("nothing is decrypted")
	}
	if _, err := DecryptContent(contentFixture(), rsaKey(t, "sp")); encryptionReason(t, nil, err) != ReasonShape {
		t.Errorf("content in the clear: %v", err)
	}
	weak := key(t, "weak").Cert
	if _, err := EncryptContent(contentFixture(), weak, rand.Reader); encryptionReason(t, nil, err) != ReasonKey {
		t.Errorf("a weak key: %v", err)
	}
}

// An implementation that shares no code with ours reads what we write.
func TestXmlsecDecryptsOurs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := secret(t)
	r := response()
	r.Assertion = nil
	whole := r.Element()
	whole.AddChild(mustEncrypt(t, want, "sp"))
	in, out := filepath.Join(dir, "in.xml"), filepath.Join(dir, "out.xml")
	writeFile(t, in, Serialise(whole))
	tool(t, "xmlsec1", "--decrypt", "--privkey-pem", "testdata/sp.key", "--output", out, in)
	root := mustParse(t, readFile(t, out))
	got := Child(Child(root, NSAssertion, "EncryptedAssertion"), NSAssertion, "Assertion")
	if got == nil {
		t.Fatalf("no Assertion in %s", Serialise(root))
	}
	if _, err := VerifyElement(got, pinned(t, "idp"), issued); err != nil {
		t.Errorf("the signature inside: %v", err)
	}
	if out, err := runTool(t, "xmlsec1", "--decrypt", "--privkey-pem", "testdata/other.key", in); err == nil {
		t.Errorf("another key opens it: %s", out)
	}
}

// The same with the content of an element, as the answers of the assisted procedure have it.
func TestXmlsecDecryptsOurContent(t *testing.T) {
	t.Parallel()
	want := contentFixture()
	mustSign(t, key(t, "idp"), want)
	shell, err := EncryptContent(want, key(t, "sp").Cert, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.xml"), filepath.Join(dir, "out.xml")
	writeFile(t, in, Serialise(shell))
	tool(t, "xmlsec1", "--decrypt", "--privkey-pem", "testdata/sp.key", "--output", out, in)
	if _, err := VerifyElement(mustParse(t, readFile(t, out)), pinned(t, "idp"), issued); err != nil {
		t.Errorf("the signature inside: %v", err)
	}
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	octets, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.TrimPrefix(octets, []byte("<?xml version=\"1.0\"?>\n"))
}

// And we read what it writes, in its layout.
func TestDecryptWhatXmlsecEncrypted(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ data, session string }{
		"AES-128": {encryptAES128GCM, "aes-128"},
		"AES-192": {encryptAES192GCM, "aes-192"},
		"AES-256": {encryptAES256GCM, "aes-256"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			plain, template, out := filepath.Join(dir, "plain.xml"), filepath.Join(dir, "template.xml"), filepath.Join(dir, "out.xml")
			writeFile(t, plain, Serialise(secret(t)))
			writeFile(t, template, []byte(`<?xml version="1.0"?>
<EncryptedData xmlns="`+NSEncryption+`" Id="_data" Type="`+typeElement+`">
  <EncryptionMethod Algorithm="`+row.data+`"/>
  <KeyInfo xmlns="`+NSSignature+`">
    <EncryptedKey xmlns="`+NSEncryption+`">
      <EncryptionMethod Algorithm="`+transportOAEP1+`"/>
      <KeyInfo xmlns="`+NSSignature+`"><X509Data><X509Certificate/></X509Data></KeyInfo>
      <CipherData><CipherValue/></CipherData>
    </EncryptedKey>
  </KeyInfo>
  <CipherData><CipherValue/></CipherData>
</EncryptedData>`))
			tool(t, "xmlsec1", "--encrypt", "--pubkey-cert-pem", "testdata/sp.crt", "--session-key", row.session, "--xml-data", plain, "--output", out, template)
			holder := NewElement("saml", NSAssertion, "EncryptedAssertion", "")
			holder.AddChild(mustParse(t, readFile(t, out)))
			got, err := DecryptAssertion(mustParse(t, Serialise(holder)), rsaKey(t, "sp"))
			if err != nil {
				t.Fatalf("%v\n%s", err, Serialise(holder))
			}
			if _, err := VerifyElement(got, pinned(t, "idp"), issued); err != nil {
				t.Errorf("the signature inside: %v", err)
			}
		})
	}
}

// Whatever arrives is refused by one of the three kinds of error, or is the genuine Assertion; and what is under the
// key is judged as if it had come in the clear.
func FuzzDecryptAssertion(f *testing.F) {
	genuine := Serialise(secret(f))
	f.Add(parcel{}.pack(f), genuine)
	f.Add(parcel{beside: true}.pack(f), []byte("<a/>"))
	f.Add(parcel{data: NSEncryption + "aes256-cbc"}.pack(f), []byte("<!DOCTYPE a><a/>"))
	f.Add(readTestdata(f, "encrypted-assertion.xml"), []byte("<a><!-- x --></a>"))
	priv, cert := rsaKey(f, "sp"), key(f, "sp").Cert
	golden := Serialise(response().Assertion.Element())
	f.Fuzz(func(t *testing.T, octets, plain []byte) {
		if root, err := Parse(octets, MessageLimits()); err == nil {
			got, err := DecryptAssertion(root, priv)
			if reason := encryptionReason(t, got, err); reason == "other" && Is(root, NSAssertion, "EncryptedAssertion") {
				t.Fatalf("%T", err)
			}
			if err == nil && !bytes.Equal(Serialise(got), genuine) && !bytes.Equal(Serialise(got), golden) {
				t.Fatalf("opened: %s", Serialise(got))
			}
		}
		data, err := encryptedData(plain, typeElement, cert, &counter{})
		if err != nil {
			t.Fatal(err)
		}
		holder := NewElement("saml", NSAssertion, "EncryptedAssertion", "")
		holder.AddChild(data)
		got, err := DecryptAssertion(holder, priv)
		want, wantErr := Parse(plain, MessageLimits())
		switch e := new(IntakeError); {
		case err == nil && (wantErr != nil || !bytes.Equal(Serialise(got), Serialise(want))):
			t.Fatalf("opened %q as %s, in the clear %v", plain, Serialise(got), wantErr)
		case err != nil && wantErr == nil && Is(want, NSAssertion, "Assertion") && len(plain) < maxCipher/2:
			t.Fatalf("refused %q: %v", plain, err)
		case err != nil && len(plain) < maxCipher/2 && !errors.As(err, &e):
			t.Fatalf("%T: %v", err, err)
		}
	})
}
