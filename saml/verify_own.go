package saml

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	_ "crypto/sha512" // SHA-384 and SHA-512 for the hash registry
	"crypto/x509"
	"errors"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

var errDigest = errors.New("digest differs")

// verifyOwn verifies a signature of the one shape that checkShape lets through, with the library's canonicalizer.
// It serves only the digest URI that the library does not know (SIG-02): everything else is the library's.
func verifyOwn(el *etree.Element, sig *enveloped, cert *x509.Certificate) (*etree.Element, error) {
	place := Child(el, NSSignature, "Signature")
	info, err := signedInfoOctets(place)
	if err != nil {
		return nil, err
	}
	value, err := decodeBlanks(text(Child(place, NSSignature, "SignatureValue")))
	if err != nil {
		return nil, rsa.ErrVerification
	}
	_, alg, _ := signatureMethod(sig.method)
	if err := cert.CheckSignature(alg, info, value); err != nil {
		return nil, err
	}
	octets, err := canonical(withoutSignature(el), prefixList(info))
	if err != nil {
		return nil, err
	}
	h := crypto.SHA384.New()
	h.Write(octets)
	wanted, err := signedDigest(info)
	if err != nil || !bytes.Equal(h.Sum(nil), wanted) {
		return nil, errDigest
	}
	return reread(octets)
}

// signedInfoOctets returns what SignatureValue signs.
func signedInfoOctets(sig *etree.Element) ([]byte, error) {
	info, err := detach(Child(sig, NSSignature, "SignedInfo"))
	if err != nil {
		return nil, err
	}
	return canonical(info, "")
}

// canonical writes el, which it edits, in exclusive c14n.
func canonical(el *etree.Element, prefixes string) ([]byte, error) {
	return dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList(prefixes).Canonicalize(el)
}

func withoutSignature(el *etree.Element) *etree.Element {
	c := el.Copy()
	c.RemoveChild(Child(c, NSSignature, "Signature"))
	return c
}

func reread(octets []byte) (*etree.Element, error) {
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(octets); err != nil {
		return nil, err
	}
	return doc.Root(), nil
}

// signedReference returns the Reference from the octets under the signature.
func signedReference(info []byte) *etree.Element {
	root, err := reread(info)
	if err != nil {
		return nil
	}
	return Child(root, NSSignature, "Reference")
}

func signedDigest(info []byte) ([]byte, error) {
	return decodeBlanks(text(Child(signedReference(info), NSSignature, "DigestValue")))
}

func prefixList(info []byte) string {
	list := elements(Child(signedReference(info), NSSignature, "Transforms"))
	return attr(Child(list[len(list)-1], NSExcC14N, "InclusiveNamespaces"), "PrefixList")
}
