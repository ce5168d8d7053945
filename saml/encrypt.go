package saml

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"

	"github.com/beevik/etree"
)

// EncryptAssertion returns the saml:EncryptedAssertion that only the key of to can open: AES-256-GCM under a fresh
// key, which travels by RSA-OAEP (rsa-oaep-mgf1p with SHA-1, the form that every implementation knows). The
// assertion, signed before, stays as it is; the namespaces of its ancestors go into the cipher text with it.
//
// random gives the key, the nonce and the seed of OAEP: crypto/rand.Reader outside tests. The result declares its
// own namespaces. It fails with *EncryptionError when to has no RSA key of at least 2048 bit (SIG-01).
func EncryptAssertion(assertion *etree.Element, to *x509.Certificate, random io.Reader) (*etree.Element, error) {
	if !Is(assertion, NSAssertion, "Assertion") {
		return nil, notThe("Assertion", assertion)
	}
	data, err := encryptedData(Serialise(assertion), typeElement, to, random)
	if err != nil {
		return nil, err
	}
	el := NewElement("saml", NSAssertion, "EncryptedAssertion", "")
	el.AddChild(data)
	return el, nil
}

// EncryptContent returns a copy of the root element el with all its children replaced by one EncryptedData of type
// Content. Attributes and declarations of el stay readable. Otherwise it is EncryptAssertion.
func EncryptContent(el *etree.Element, to *x509.Certificate, random io.Reader) (*etree.Element, error) {
	var content bytes.Buffer
	for _, t := range el.Child {
		t.WriteTo(&content, canonicalSettings())
	}
	data, err := encryptedData(content.Bytes(), typeContent, to, random)
	if err != nil {
		return nil, err
	}
	shell := withoutChildren(el)
	shell.AddChild(data)
	return shell, nil
}

func withoutChildren(el *etree.Element) *etree.Element {
	c := alone(el)
	c.Child = nil
	return c
}

// encryptedData encrypts octets for one recipient.
func encryptedData(plain []byte, kind string, to *x509.Certificate, random io.Reader) (*etree.Element, error) {
	pub, err := recipientKey(to)
	if err != nil {
		return nil, err
	}
	key := make([]byte, dataKeySize(encryptAES256GCM))
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, fmt.Errorf("encrypt: key: %w", err)
	}
	sealed, err := seal(key, plain, random)
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	wrapped, err := wrap(key, pub, random)
	if err != nil {
		return nil, fmt.Errorf("encrypt key: %w", err)
	}
	return dataElement(kind, wrapped, sealed), nil
}

func recipientKey(to *x509.Certificate) (*rsa.PublicKey, error) {
	refuse := func(found string) error {
		return &EncryptionError{
			Reason: ReasonKey, Rule: "SIG-01", Found: found,
			Wanted: "a certificate with an RSA key of at least " + strconv.Itoa(minRSABits) + " bit",
		}
	}
	if to == nil {
		return nil, refuse("no certificate")
	}
	pub, ok := to.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, refuse("a key of type " + to.PublicKeyAlgorithm.String())
	}
	if bits := pub.N.BitLen(); bits < minRSABits {
		return nil, refuse("an RSA key of " + strconv.Itoa(bits) + " bit")
	}
	return pub, nil
}

// wrap encrypts a key by RSA-OAEP in the form of rsa-oaep-mgf1p.
func wrap(key []byte, pub *rsa.PublicKey, random io.Reader) ([]byte, error) {
	return rsa.EncryptOAEPWithOptions(random, pub, key, &rsa.OAEPOptions{Hash: crypto.SHA1, MGFHash: crypto.SHA1})
}

// seal returns nonce, cipher text and tag in one, as XML Encryption 1.1 lays them out.
func seal(key, plain []byte, random io.Reader) ([]byte, error) {
	aead, err := gcm(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, gcmNonce, gcmNonce+len(plain)+gcmTag)
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, err
	}
	return aead.Seal(nonce, nonce, plain, nil), nil
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// dataElement builds xenc:EncryptedData with the encrypted key inside.
func dataElement(kind string, wrapped, sealed []byte) *etree.Element {
	data := NewElement("xenc", NSEncryption, "EncryptedData", "")
	set(data, "Type", kind)
	set(add(data, "xenc", "EncryptionMethod"), "Algorithm", encryptAES256GCM)
	info := NewElement("ds", NSSignature, "KeyInfo", "")
	data.AddChild(info)
	key := add(info, "xenc", "EncryptedKey")
	method := add(key, "xenc", "EncryptionMethod")
	set(method, "Algorithm", transportOAEP1)
	set(add(method, "ds", "DigestMethod"), "Algorithm", digestSHA1)
	addCipher(key, wrapped)
	addCipher(data, sealed)
	return data
}

func addCipher(parent *etree.Element, octets []byte) {
	addText(add(parent, "xenc", "CipherData"), "xenc", "CipherValue", base64.StdEncoding.EncodeToString(octets))
}
