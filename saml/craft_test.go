package saml

import (
	"bytes"
	"crypto"
	"crypto/rand"
	_ "crypto/sha1" // for the signatures that must be refused
	"encoding/base64"
	"testing"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// recipe is a signature made on purpose in some way; zero fields are the right ones.
type recipe struct {
	c14n, transform string // CanonicalizationMethod, last Transform
	prefixes        string // InclusiveNamespaces/@PrefixList of the last Transform
	method          string
	hash            crypto.Hash // of method
	digest          string
	digestHash      crypto.Hash
	uri             string
	noURI           bool
	mac             func(octets []byte) []byte      // signs instead of the key
	info            func(signedInfo *etree.Element) // edits SignedInfo before it is signed
	wrap            func(b64 string) string         // formats base64
}

func (r recipe) filled(el *etree.Element) recipe {
	or := func(s *string, v string) {
		if *s == "" {
			*s = v
		}
	}
	or(&r.c14n, algExcC14N)
	or(&r.transform, algExcC14N)
	or(&r.method, dsig.RSASHA256SignatureMethod)
	or(&r.digest, digestSHA256)
	or(&r.uri, "#"+attr(el, "ID"))
	if r.noURI {
		r.uri = ""
	}
	if r.hash == 0 {
		r.hash = crypto.SHA256
	}
	if r.digestHash == 0 {
		r.digestHash = crypto.SHA256
	}
	if r.wrap == nil {
		r.wrap = func(s string) string { return s }
	}
	return r
}

func canonicalizer(alg, prefixes string) dsig.Canonicalizer {
	switch dsig.AlgorithmID(alg) {
	case dsig.CanonicalXML10RecAlgorithmId:
		return dsig.MakeC14N10RecCanonicalizer()
	case dsig.CanonicalXML11AlgorithmId:
		return dsig.MakeC14N11Canonicalizer()
	case dsig.CanonicalXML10ExclusiveWithCommentsAlgorithmId:
		return dsig.MakeC14N10ExclusiveWithCommentsCanonicalizerWithPrefixList(prefixes)
	default:
		return dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList(prefixes)
	}
}

// craft signs el, a root, by the recipe and puts the Signature in its place. It returns the octets of the whole.
func craft(t testing.TB, k *Key, el *etree.Element, r recipe) []byte {
	t.Helper()
	r = r.filled(el)
	octets := mustCanonical(t, canonicalizer(r.transform, r.prefixes), el.Copy())
	h := r.digestHash.New()
	h.Write(octets)

	sig := NewElement("ds", NSSignature, "Signature", "")
	info := add(sig, "ds", "SignedInfo")
	set(add(info, "ds", "CanonicalizationMethod"), "Algorithm", r.c14n)
	set(add(info, "ds", "SignatureMethod"), "Algorithm", r.method)
	ref := add(info, "ds", "Reference")
	ref.CreateAttr("URI", r.uri)
	transforms := add(ref, "ds", "Transforms")
	set(add(transforms, "ds", "Transform"), "Algorithm", algEnveloped)
	last := add(transforms, "ds", "Transform")
	set(last, "Algorithm", r.transform)
	if r.prefixes != "" {
		inc := NewElement("ec", NSExcC14N, "InclusiveNamespaces", "")
		set(inc, "PrefixList", r.prefixes)
		last.AddChild(inc)
	}
	set(add(ref, "ds", "DigestMethod"), "Algorithm", r.digest)
	addText(ref, "ds", "DigestValue", base64.StdEncoding.EncodeToString(h.Sum(nil)))
	if r.info != nil {
		r.info(info)
	}
	el.InsertChildAt(signaturePlace(el), sig)

	detached, err := detach(info)
	if err != nil {
		t.Fatal(err)
	}
	value := r.sign(t, k, mustCanonical(t, canonicalizer(r.c14n, ""), detached))
	addText(sig, "ds", "SignatureValue", r.wrap(base64.StdEncoding.EncodeToString(value)))
	data := add(add(sig, "ds", "KeyInfo"), "ds", "X509Data")
	addText(data, "ds", "X509Certificate", r.wrap(base64.StdEncoding.EncodeToString(k.Cert.Raw)))
	return Serialise(el)
}

func (r recipe) sign(t testing.TB, k *Key, octets []byte) []byte {
	t.Helper()
	if r.mac != nil {
		return r.mac(octets)
	}
	h := r.hash.New()
	h.Write(octets)
	value, err := k.Signer.Sign(rand.Reader, h.Sum(nil), r.hash)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func mustCanonical(t testing.TB, c dsig.Canonicalizer, el *etree.Element) []byte {
	t.Helper()
	octets, err := c.Canonicalize(el)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(octets)
}
