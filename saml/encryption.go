package saml

import (
	"crypto"
	_ "crypto/sha1"   // OAEP in its first form, which every implementation knows; no signature uses it here
	_ "crypto/sha256" // for the hash registry
	"strings"
)

// Namespaces of XML Encryption 1.0 and 1.1.
const (
	NSEncryption   = "http://www.w3.org/2001/04/xmlenc#"
	NSEncryption11 = "http://www.w3.org/2009/xmlenc11#"
)

// Algorithms and types of XML Encryption. What is not named here is refused, CBC and RSA 1.5 above all.
const (
	encryptAES128GCM = NSEncryption11 + "aes128-gcm"
	encryptAES192GCM = NSEncryption11 + "aes192-gcm"
	encryptAES256GCM = NSEncryption11 + "aes256-gcm"

	transportOAEP1  = NSEncryption + "rsa-oaep-mgf1p" // MGF1 with SHA-1, always
	transportOAEP11 = NSEncryption11 + "rsa-oaep"
	transportRSA15  = NSEncryption + "rsa-1_5"

	digestSHA1 = NSSignature + "sha1"

	typeElement = NSEncryption + "Element"
	typeContent = NSEncryption + "Content"
	typeKey     = NSEncryption + "EncryptedKey"
)

// Bounds of what is decrypted; octets unless said otherwise.
const (
	maxCipher  = 64 << 10 // base64 characters of a CipherValue, as the run of text that the intake takes
	gcmNonce   = 12       // the initialisation vector before the cipher text (XML Encryption 1.1, section 5.2.4)
	gcmTag     = 16       // the authentication tag after it
	maxRSABits = 8192     // of the key that decrypts
)

// dataKeySize returns the length of the key that an algorithm for data takes, 0 when it is not allowed.
func dataKeySize(uri string) int {
	switch uri {
	case encryptAES128GCM:
		return 16
	case encryptAES192GCM:
		return 24
	case encryptAES256GCM:
		return 32
	default:
		return 0
	}
}

// oaepDigest returns the hash of the label in OAEP; no DigestMethod means SHA-1.
func oaepDigest(uri string) crypto.Hash {
	switch uri {
	case "", digestSHA1:
		return crypto.SHA1
	case digestSHA256:
		return crypto.SHA256
	case digestSHA384, digestSHA384XMLEnc:
		return crypto.SHA384
	case digestSHA512:
		return crypto.SHA512
	default:
		return 0
	}
}

// oaepMask returns the hash of the mask in OAEP; no MGF means MGF1 with SHA-1.
func oaepMask(uri string) crypto.Hash {
	switch uri {
	case "", NSEncryption11 + "mgf1sha1":
		return crypto.SHA1
	case NSEncryption11 + "mgf1sha256":
		return crypto.SHA256
	case NSEncryption11 + "mgf1sha384":
		return crypto.SHA384
	case NSEncryption11 + "mgf1sha512":
		return crypto.SHA512
	default:
		return 0
	}
}

// whyNot says what is wrong with an algorithm that somebody may well have chosen.
func whyNot(uri string) string {
	switch {
	case strings.HasSuffix(uri, "-cbc"):
		return ": CBC does not notice altered octets, and answers to altered ones give the content away"
	case uri == transportRSA15:
		return ": answers to altered keys give the key away (Bleichenbacher)"
	default:
		return ""
	}
}

// EncryptionError says why something is not encrypted or not decrypted. Of decryption itself it says nothing but
// that it failed (ReasonDecrypt): which step it was would help whoever guesses.
type EncryptionError struct {
	Reason        string // stable code: ReasonMissing, ReasonShape, ReasonAlgorithm, ReasonKey or ReasonDecrypt
	Rule          string // "SEC-25", ...
	Path          string // elements from the root down
	Found, Wanted string
}

// ReasonDecrypt is the one reason for everything that goes wrong under the key: another key, an altered octet.
const ReasonDecrypt = "decrypt"

func (e *EncryptionError) Error() string {
	var b strings.Builder
	b.WriteString("encryption " + e.Reason)
	if e.Path != "" {
		b.WriteString(": " + e.Path)
	}
	writeFound(&b, e.Found, e.Wanted, e.Rule)
	return b.String()
}

// errDecrypt makes the error that never varies.
func errDecrypt() *EncryptionError {
	return &EncryptionError{Reason: ReasonDecrypt, Rule: "SEC-26", Wanted: "what was encrypted for this key, unaltered"}
}
