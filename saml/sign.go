package saml

import (
	"bytes"
	"compress/flate"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// Key signs. Cert goes into KeyInfo (SIG-08); it is not compared with the key, so that faulty answers can be made.
type Key struct {
	Signer crypto.Signer // RSA, at least 2048 bit
	Cert   *x509.Certificate
}

// check holds SIG-01.
func (k *Key) check() error {
	if k == nil || k.Signer == nil || k.Cert == nil {
		return errors.New("sign: found no key or no certificate, wanted both")
	}
	pub, ok := k.Signer.Public().(*rsa.PublicKey)
	if !ok {
		return fmt.Errorf("sign: found a key of type %T, wanted RSA", k.Signer.Public())
	}
	if bits := pub.N.BitLen(); bits < minRSABits {
		return fmt.Errorf("sign: found an RSA key of %d bit, wanted at least %d", bits, minRSABits)
	}
	return nil
}

// Sign puts an enveloped signature (exclusive c14n, RSA-SHA256, SIG-02..SIG-05) into el, which must have an ID:
// after Issuer for messages and assertions, as first child for metadata. The element may be nested. An Assertion is
// signed before the Response around it.
func (k *Key) Sign(el *etree.Element) error {
	if err := k.check(); err != nil {
		return err
	}
	if attr(el, "ID") == "" {
		return fmt.Errorf("sign: found %s without ID, wanted one", el.Tag)
	}
	if Child(el, NSSignature, "Signature") != nil {
		return fmt.Errorf("sign: found a Signature in %s already, wanted none", el.Tag)
	}
	ctx, err := dsig.NewSigningContext(k.Signer, [][]byte{k.Cert.Raw})
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	ctx.Hash, ctx.Canonicalizer = crypto.SHA256, excC14N{}
	sig, err := ctx.ConstructSignature(el, true)
	if err != nil {
		return fmt.Errorf("sign %s: %w", el.Tag, err)
	}
	el.InsertChildAt(signaturePlace(el), sig)
	return nil
}

// signaturePlace returns the index among all children where ds:Signature belongs: after Issuer when that
// is the first element, else at the front (SIG-05).
func signaturePlace(el *etree.Element) int {
	if first := firstElement(el); Is(first, NSAssertion, "Issuer") {
		return first.Index() + 1
	}
	return 0
}

func firstElement(el *etree.Element) *etree.Element {
	for _, t := range el.Child {
		if c, ok := t.(*etree.Element); ok {
			return c
		}
	}
	return nil
}

// RedirectURL returns dest with the message deflated, encoded and signed in the query (BIND-04, BIND-06).
// relayState "" leaves the parameter out. el carries no ds:Signature (BIND-05).
func (k *Key) RedirectURL(dest, param string, el *etree.Element, relayState string) (string, error) {
	if err := k.check(); err != nil {
		return "", err
	}
	deflated, err := deflate(Serialise(el))
	if err != nil {
		return "", err
	}
	query := param + "=" + url.QueryEscape(base64.StdEncoding.EncodeToString(deflated))
	if relayState != "" {
		query += "&" + ParamRelayState + "=" + url.QueryEscape(relayState)
	}
	query += "&" + ParamSigAlg + "=" + url.QueryEscape(dsig.RSASHA256SignatureMethod)
	digest := sha256.Sum256([]byte(query))
	sig, err := k.Signer.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return "", fmt.Errorf("sign query: %w", err)
	}
	query += "&" + ParamSignature + "=" + url.QueryEscape(base64.StdEncoding.EncodeToString(sig))
	return joinQuery(dest, query), nil
}

// joinQuery appends a query to an address that may have one already.
func joinQuery(dest, query string) string {
	switch {
	case !strings.Contains(dest, "?"):
		return dest + "?" + query
	case strings.HasSuffix(dest, "?") || strings.HasSuffix(dest, "&"):
		return dest + query
	default:
		return dest + "&" + query
	}
}

// writers keeps compressors for reuse: each holds a megabyte of tables, a message has three kilobytes.
var writers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.DefaultCompression)
	if err != nil {
		return nil
	}
	return w
}}

// deflate compresses without any header.
func deflate(octets []byte) ([]byte, error) {
	w, ok := writers.Get().(*flate.Writer)
	if !ok {
		return nil, errors.New("deflate: no compressor")
	}
	defer writers.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	if _, err := w.Write(octets); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
