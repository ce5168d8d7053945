package saml

import (
	"bytes"
	"crypto/rsa"
	"strconv"

	"github.com/beevik/etree"
)

// DecryptAssertion opens a saml:EncryptedAssertion for one recipient and returns the Assertion, read by Parse with
// the limits of messages: what anybody encrypted with a public key is as untrusted as anything from outside. Its
// own signature must be verified next (SEC-25).
//
// The data is AES-GCM, the key RSA-OAEP; the EncryptedKey stands inside EncryptedData or beside it. Whatever fails
// under the key is the one EncryptionError of ReasonDecrypt; other shapes and algorithms, which anybody can see, get
// an *EncryptionError that names them, and plain text that is no acceptable XML an *IntakeError.
func DecryptAssertion(encrypted *etree.Element, key *rsa.PrivateKey) (*etree.Element, error) {
	if !Is(encrypted, NSAssertion, "EncryptedAssertion") {
		return nil, notThe("EncryptedAssertion", encrypted)
	}
	e, err := readEnvelope(encrypted, typeElement)
	if err != nil {
		return nil, err
	}
	plain, err := e.open(key)
	if err != nil {
		return nil, err
	}
	root, err := Parse(plain, MessageLimits())
	if err != nil {
		return nil, err
	}
	if !Is(root, NSAssertion, "Assertion") {
		return nil, rootError("SEC-25", root, "Assertion of "+NSAssertion)
	}
	return root, nil
}

// DecryptContent undoes EncryptContent: it returns the root element el with what its only child, an EncryptedData of
// type Content, holds. The whole is read by Parse again. Errors are those of DecryptAssertion.
func DecryptContent(el *etree.Element, key *rsa.PrivateKey) (*etree.Element, error) {
	if el == nil {
		return nil, notThe("an element", el)
	}
	e, err := readEnvelope(el, typeContent)
	if err != nil {
		return nil, err
	}
	plain, err := e.open(key)
	if err != nil {
		return nil, err
	}
	return Parse(refill(el, plain), MessageLimits())
}

// refill writes el around content. Content that closes el and opens another gives two roots, which Parse refuses.
func refill(el *etree.Element, content []byte) []byte {
	start, _ := bytes.CutSuffix(Serialise(withoutChildren(el)), []byte("/>"))
	return append(append(append(start, '>'), content...), "</"+el.FullTag()+">"...)
}

// envelope is an EncryptedData whose shape has been checked.
type envelope struct {
	keySize         int // octets of the key of the data
	transport       rsa.OAEPOptions
	wrapped, sealed []byte
}

// open decrypts. All its failures look the same and, as far as this code decides it, take the same steps: when the
// key does not come out, the data is tried with a key of zeros and refused whatever comes of it.
func (e *envelope) open(key *rsa.PrivateKey) ([]byte, error) {
	if key == nil || key.N.BitLen() < minRSABits || key.N.BitLen() > maxRSABits {
		return nil, &EncryptionError{
			Reason: ReasonKey, Rule: "SIG-01", Found: "no usable key to decrypt with",
			Wanted: "an RSA key of " + strconv.Itoa(minRSABits) + " to " + strconv.Itoa(maxRSABits) + " bit",
		}
	}
	dataKey, good := e.unwrap(key)
	plain, err := unseal(dataKey, e.sealed)
	if err != nil || !good {
		return nil, errDecrypt()
	}
	return plain, nil
}

// unwrap returns the key of the data, or zeros and false.
func (e *envelope) unwrap(key *rsa.PrivateKey) ([]byte, bool) {
	dataKey, err := key.Decrypt(nil, e.wrapped, &e.transport)
	if err != nil || len(dataKey) != e.keySize {
		return make([]byte, e.keySize), false
	}
	return dataKey, true
}

// unseal is the reverse of seal.
func unseal(key, sealed []byte) ([]byte, error) {
	aead, err := gcm(key)
	if err != nil {
		return nil, err
	}
	if len(sealed) < gcmNonce+gcmTag {
		return nil, errDecrypt()
	}
	return aead.Open(nil, sealed[:gcmNonce], sealed[gcmNonce:], nil)
}
