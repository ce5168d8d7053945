package saml

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"math/big"
	"path/filepath"
	"strings"
	"testing"

	"github.com/beevik/etree"
)

// counter is randomness that is the same every time: 0, 1, 2, ...
type counter struct{ next byte }

func (c *counter) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = c.next
		c.next++
	}
	return len(p), nil
}

// secret is a signed Assertion as it goes into the envelope.
func secret(t testing.TB) *etree.Element {
	t.Helper()
	return alone(assertionOf(assertionSigned(t)))
}

func mustEncrypt(t testing.TB, el *etree.Element, to string) *etree.Element {
	t.Helper()
	encrypted, err := EncryptAssertion(el, key(t, to).Cert, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return mustParse(t, Serialise(encrypted))
}

// encryptionReason returns the Reason of err, the stage of an *IntakeError, "" for none.
func encryptionReason(t testing.TB, el *etree.Element, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	if el != nil {
		t.Errorf("an element beside the error %v", err)
	}
	if e := new(EncryptionError); errors.As(err, &e) {
		return e.Reason
	}
	if e := new(IntakeError); errors.As(err, &e) {
		return string(e.Stage)
	}
	return "other"
}

func TestSEC25EncryptedAssertionComesBackWhole(t *testing.T) {
	t.Parallel()
	want := secret(t)
	got, err := DecryptAssertion(mustEncrypt(t, want, "sp"), rsaKey(t, "sp"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(Serialise(got), Serialise(want)) {
		t.Errorf("got  %s\nwant %s", Serialise(got), Serialise(want))
	}
	if _, err := VerifyElement(got, pinned(t, "idp"), issued); err != nil {
		t.Errorf("the signature inside: %v", err)
	}
}

// An Assertion that leans on the namespaces of its Response takes them along.
func TestEncryptedAssertionStandsOnItsOwn(t *testing.T) {
	t.Parallel()
	root := mustParse(t, Serialise(signedResponse(t)))
	nested := assertionOf(root)
	nested.RemoveAttr("xmlns:saml")
	got, err := DecryptAssertion(mustEncrypt(t, nested, "sp"), rsaKey(t, "sp"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyElement(got, pinned(t, "idp"), issued); err != nil {
		t.Error(err)
	}
}

func TestGoldenEncryptedAssertion(t *testing.T) {
	t.Parallel()
	r := response()
	encrypted, err := EncryptAssertion(r.Assertion.Element(), key(t, "sp").Cert, &counter{})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "encrypted-assertion.xml", Serialise(encrypted))
	r.Assertion = nil
	whole := r.Element()
	whole.AddChild(encrypted)
	name := filepath.Join(t.TempDir(), "response.xml")
	writeFile(t, name, Serialise(whole))
	tool(t, "xmllint", "--nonet", "--noout", "--schema", filepath.Join("testdata", "saml.xsd"), name)
}

func TestEncryptRefuses(t *testing.T) {
	t.Parallel()
	el := secret(t)
	for name, row := range map[string]struct {
		el   *etree.Element
		to   string
		rand io.Reader
		want string
	}{
		"a weak key":            {el, "weak", rand.Reader, ReasonKey},
		"a key of curves":       {el, "curve", rand.Reader, ReasonKey},
		"another element":       {response().Element(), "sp", rand.Reader, "other"},
		"nothing":               {nil, "sp", rand.Reader, "other"},
		"randomness that ends":  {el, "sp", strings.NewReader("short"), "other"},
		"none left for a nonce": {el, "sp", strings.NewReader(strings.Repeat("x", 33)), "other"},
		"none left for OAEP":    {el, "sp", strings.NewReader(strings.Repeat("x", 45)), "other"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := EncryptAssertion(row.el, key(t, row.to).Cert, row.rand)
			if reason := encryptionReason(t, got, err); reason != row.want {
				t.Errorf("got %q (%v), want %q", reason, err, row.want)
			}
		})
	}
	if _, err := EncryptAssertion(el, nil, rand.Reader); encryptionReason(t, nil, err) != ReasonKey {
		t.Errorf("no certificate: %v", err)
	}
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	octets, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return octets
}

// Test cases 3, 9 and 15 of McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B, and the AES-128
// example of the W3C note on interoperability of XML Encryption 1.1 (2012), whose octets are those of a CipherValue.
func TestGCMVectors(t *testing.T) {
	t.Parallel()
	const (
		feff  = "feffe9928665731c6d6a8f9467308308"
		plain = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
		nonce = "cafebabefacedbaddecaf888"
	)
	for name, row := range map[string]struct{ key, plain, sealed string }{
		"3, AES-128": {feff, plain, nonce + "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985" +
			"4d5c2af327cd64a62cf35abd2ba6fab4"},
		"9, AES-192": {feff + feff[:16], plain, nonce + "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710acade256" +
			"9924a7c8587336bfb118024db8674a14"},
		"15, AES-256": {feff + feff, plain, nonce + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad" +
			"b094dac5d93471bdec1a502270e3cc6c"},
		"W3C, AES-128": {feff, plain[:32], hex.EncodeToString(mustBase64(t, "yv66vvrO263eyviIQoMewiF3dCRLciG3hNDUnFeSbd6SpcAe6FTcmzPryFY="))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := unseal(unhex(t, row.key), unhex(t, row.sealed))
			if err != nil || hex.EncodeToString(got) != row.plain {
				t.Errorf("unsealed %x, %v", got, err)
			}
			sealed, err := seal(unhex(t, row.key), unhex(t, row.plain), bytes.NewReader(unhex(t, nonce)))
			if err != nil || hex.EncodeToString(sealed) != row.sealed {
				t.Errorf("sealed %x, %v", sealed, err)
			}
		})
	}
}

func mustBase64(t testing.TB, s string) []byte {
	t.Helper()
	octets, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return octets
}

// Example 10.1 of oaep-vect.txt, which RSA Laboratories published with PKCS #1 v2.1: a key of 2048 bit, SHA-1,
// MGF1 with SHA-1, no label.
func TestOAEPVector(t *testing.T) {
	t.Parallel()
	const (
		n = "ae45ed5601cec6b8cc05f803935c674ddbe0d75c4c09fd7951fc6b0caec313a8df39970c518bffba5ed68f3f0d7f22a4029d413f1ae07e4ebe9e4177ce23e7f5" +
			"404b569e4ee1bdcf3c1fb03ef113802d4f855eb9b5134b5a7c8085adcae6fa2fa1417ec3763be171b0c62b760ede23c12ad92b980884c641f5a8fac26bdad4a0" +
			"3381a22fe1b754885094c82506d4019a535a286afeb271bb9ba592de18dcf600c2aeeae56e02f7cf79fc14cf3bdc7cd84febbbf950ca90304b2219a7aa063aef" +
			"a2c3c1980e560cd64afe779585b6107657b957857efde6010988ab7de417fc88d8f384c4e6e72c3f943e0c31c0c4a5cc36f879d8a3ac9d7d59860eaada6b83bb"
		d = "056b04216fe5f354ac77250a4b6b0c8525a85c59b0bd80c56450a22d5f438e596a333aa875e291dd43f48cb88b9d5fc0d499f9fcd1c397f9afc070cd9e398c8d" +
			"19e61db7c7410a6b2675dfbf5d345b804d201add502d5ce2dfcb091ce9997bbebe57306f383e4d588103f036f7e85d1934d152a323e4a8db451d6f4a5b1b0f10" +
			"2cc150e02feee2b88dea4ad4c1baccb24d84072d14e1d24a6771f7408ee30564fb86d4393a34bcf0b788501d193303f13a2284b001f0f649eaf79328d4ac5c43" +
			"0ab4414920a9460ed1b7bc40ec653e876d09abc509ae45b525190116a0c26101848298509c1c3bf3a483e7274054e15e97075036e989f60932807b5257751e79"
		message = "8bba6bf82a6c0f86d5f1756e97956870b08953b06b4eb205bc1694ee"
		seed    = "47e1ab7119fee56c95ee5eaad86f40d0aa63bd33"
		cipher  = "53ea5dc08cd260fb3b858567287fa91552c30b2febfba213f0ae87702d068d19bab07fe574523dfb42139d68c3c5afeee0bfe4cb7969cbf382b804d6e6139614" +
			"4e2d0e60741f8993c3014b58b9b1957a8babcd23af854f4c356fb1662aa72bfcc7e586559dc4280d160c126785a723ebeebeff71f11594440aaef87d10793a87" +
			"74a239d4a04c87fe1467b9daf85208ec6c7255794a96cc29142f9a8bd418e3c1fd67344b0cd0829df3b2bec60253196293c6b34d3f75d32f213dd45c6273d505" +
			"adf4cced1057cb758fc26aeefa441255ed4e64c199ee075e7f16646182fdb464739b68ab5daff0e63e9552016824f054bf4d3c8c90a97bb6b6553284eb429fcc"
	)
	priv := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).SetBytes(unhex(t, n)), E: 65537}, D: new(big.Int).SetBytes(unhex(t, d))}
	wrapped, err := wrap(unhex(t, message), &priv.PublicKey, bytes.NewReader(unhex(t, seed)))
	if err != nil || hex.EncodeToString(wrapped) != cipher {
		t.Errorf("wrapped %x, %v", wrapped, err)
	}
	e := &envelope{keySize: len(message) / 2, wrapped: unhex(t, cipher), transport: rsa.OAEPOptions{Hash: crypto.SHA1, MGFHash: crypto.SHA1}}
	if got, ok := e.unwrap(priv); !ok || hex.EncodeToString(got) != message {
		t.Errorf("unwrapped %x, %v", got, ok)
	}
}

// OpenSSL wraps keys as XML Encryption 1.1 describes it; xmlsec1 of today's distributions does not know rsa-oaep yet.
func TestUnwrapWhatOpenSSLWrapped(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		digest, mask string
		transport    rsa.OAEPOptions
	}{
		"SHA-256, MGF1 SHA-256": {"sha256", "sha256", rsa.OAEPOptions{Hash: oaepDigest(digestSHA256), MGFHash: oaepMask(NSEncryption11 + "mgf1sha256")}},
		"SHA-384, MGF1 SHA-1":   {"sha384", "sha1", rsa.OAEPOptions{Hash: oaepDigest(digestSHA384), MGFHash: oaepMask("")}},
		"SHA-512, MGF1 SHA-512": {"sha512", "sha512", rsa.OAEPOptions{Hash: oaepDigest(digestSHA512), MGFHash: oaepMask(NSEncryption11 + "mgf1sha512")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			in, out := filepath.Join(dir, "key"), filepath.Join(dir, "wrapped")
			want := bytes.Repeat([]byte{7}, 32)
			writeFile(t, in, want)
			tool(t, "openssl", "pkeyutl", "-encrypt", "-certin", "-inkey", "testdata/sp.crt", "-in", in, "-out", out,
				"-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:"+row.digest, "-pkeyopt", "rsa_mgf1_md:"+row.mask)
			e := &envelope{keySize: 32, wrapped: readFile(t, out), transport: row.transport}
			if got, ok := e.unwrap(rsaKey(t, "sp")); !ok || !bytes.Equal(got, want) {
				t.Errorf("got %x, %v", got, ok)
			}
		})
	}
}
