package handoff

import (
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/beevik/etree"

	"spidsim/saml"
)

// Bounds of what a descriptor and a message may say.
const (
	minRSABits    = 2048 // ONB-81
	maxText       = 256  // octets of a code or a name
	maxAddress    = 1024 // octets of an address
	maxRelayState = 80   // octets (SEC-33)
)

// newDescriptor returns the root of a descriptor.
func newDescriptor(id string) *etree.Element {
	root := saml.NewElement("md", NSDescriptor, "IdReuseDescriptor", "")
	root.CreateAttr("ID", id)
	return root
}

// signDescriptor signs root with the key that the descriptor declares and returns the document.
func signDescriptor(root *etree.Element, key *saml.Key, declared *x509.Certificate, now time.Time) ([]byte, error) {
	if id, _ := saml.Attr(root, "ID"); !saml.IsNCName(id) {
		return nil, malformed("@ID", id, "a name without colon")
	}
	if err := sign(root, key, declared, now); err != nil {
		return nil, err
	}
	return saml.Serialise(root), nil
}

// verifyDescriptor parses a descriptor, verifies it by the certificate that stands at path in it, and returns what was
// signed. The certificate is the sender's own word; that of KeyInfo has to be the same.
func verifyDescriptor(octets []byte, now time.Time, path ...string) (*etree.Element, error) {
	root, err := saml.Parse(octets, saml.MetadataLimits())
	if err != nil {
		return nil, wrapped(err)
	}
	if !saml.Is(root, NSDescriptor, "IdReuseDescriptor") {
		return nil, malformed("", root.Tag+" of "+root.NamespaceURI(), "IdReuseDescriptor of "+NSDescriptor)
	}
	el := root
	for _, name := range path {
		el = saml.Child(el, "", name)
	}
	cert, err := saml.ReadCertificate(el)
	if err != nil {
		return nil, malformed(path[len(path)-1], err.Error(), "a certificate, DER in base64")
	}
	v, err := saml.VerifyElement(root, []*x509.Certificate{cert}, now)
	if err != nil {
		return nil, wrapped(err)
	}
	if v.KeyInfoDiffers {
		return nil, &Error{Reason: BadSignature, Rule: "ONB-81", Path: "KeyInfo", Found: "another certificate", Wanted: "that of " + path[len(path)-1]}
	}
	if err := attributes(v.Root, "ID"); err != nil {
		return nil, err
	}
	return v.Root, nil
}

// readCertificate reads the certificate in the child of el with that name.
func readCertificate(el *etree.Element, name string) (*x509.Certificate, error) {
	cert, err := saml.ReadCertificate(saml.Child(el, "", name))
	if err != nil {
		return nil, malformed(name, err.Error(), "a certificate, DER in base64")
	}
	return cert, nil
}

// firstError returns the first error that is one.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkText judges a code or a name: something to read, in one line.
func checkText(name, value string) error {
	switch {
	case strings.TrimSpace(value) == "":
		return malformed(name, "nothing", "a text")
	case len(value) > maxText:
		return malformed(name, strconv.Itoa(len(value))+" octets", "at most "+strconv.Itoa(maxText))
	case strings.ContainsFunc(value, unicode.IsControl):
		return malformed(name, value, "a text without control characters")
	}
	return nil
}

// checkAddress wants an absolute address of the web.
func checkAddress(name, value string) error {
	const wanted = "an absolute http or https address"
	if len(value) > maxAddress {
		return malformed(name, strconv.Itoa(len(value))+" octets", "at most "+strconv.Itoa(maxAddress))
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return malformed(name, value, wanted)
	case u.User != nil || u.Fragment != "" || strings.ContainsFunc(value, unicode.IsSpace):
		return malformed(name, value, wanted+" without user, fragment and blanks")
	}
	return nil
}

// checkCertificate holds ONB-81: RSA of at least 2048 bit, signed with SHA-256 or stronger.
func checkCertificate(name string, c *x509.Certificate) error {
	if c == nil {
		return malformed(name, "no certificate", "one")
	}
	pub, ok := c.PublicKey.(*rsa.PublicKey)
	if !ok || pub.N.BitLen() < minRSABits {
		return malformed(name, fmt.Sprintf("a key of %s", keyName(c)), "RSA of at least "+strconv.Itoa(minRSABits)+" bit")
	}
	switch c.SignatureAlgorithm {
	case x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA:
		return nil
	}
	return malformed(name, c.SignatureAlgorithm.String(), "a certificate signed by RSA with SHA-256 or stronger")
}

func keyName(c *x509.Certificate) string {
	if pub, ok := c.PublicKey.(*rsa.PublicKey); ok {
		return "RSA of " + strconv.Itoa(pub.N.BitLen()) + " bit"
	}
	return c.PublicKeyAlgorithm.String()
}
