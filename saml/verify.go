package saml

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// Verified is what a trusted key signed, and nothing else.
type Verified struct {
	Root           *etree.Element    // re-read from the octets under the signature; an enveloped Signature is not in it
	Cert           *x509.Certificate // the pinned certificate that fits; nil never
	KeyInfoDiffers bool              // KeyInfo names another certificate than Cert (AR-120)
	OutOfOrder     bool              // redirect: signed in the order of arrival, not in the canonical one (BIND-07)
}

// VerifyElement checks the enveloped signature of el against the pinned certificates (SEC-18..SEC-23) and
// returns the element re-read from the octets that were signed. el may be nested: the namespaces of its ancestors
// are brought along. Errors are *SignatureError.
//
// The pinned certificates are tried one by one on a copy without KeyInfo, so that KeyInfo never chooses the key.
// The Signature itself is not part of what it signs and hence not of the result. Declarations of namespaces that
// are visible in no name are not part of it either: the prefix inside the value of xsi:type may be unbound there.
func VerifyElement(el *etree.Element, certs []*x509.Certificate, at time.Time) (*Verified, error) {
	if el == nil {
		return nil, &SignatureError{Reason: ReasonMissing, Rule: "SEC-18", Found: "no element", Wanted: "one"}
	}
	sig, err := checkShape(el)
	if err != nil {
		return nil, err
	}
	t := &trial{path: pathOf(el), sig: sig, at: at}
	if t.bare, err = withoutKeyInfo(el); err != nil {
		return nil, &SignatureError{Reason: ReasonShape, Rule: "SEC-19", Path: t.path, Err: err}
	}
	root, cert, err := t.run(certs)
	if err != nil {
		return nil, err
	}
	if root == nil || root.Tag != el.Tag || root.NamespaceURI() != el.NamespaceURI() || attr(root, "ID") != attr(el, "ID") {
		return nil, &SignatureError{Reason: ReasonReference, Rule: "SEC-20", Path: t.path, Found: "another element under the signature", Wanted: el.Tag}
	}
	return &Verified{Root: root, Cert: cert, KeyInfoDiffers: sig.keyInfo != nil && !bytes.Equal(sig.hint, cert.Raw)}, nil
}

// withoutKeyInfo returns a copy that stands on its own, without KeyInfo and with SignatureValue in one line.
func withoutKeyInfo(el *etree.Element) (*etree.Element, error) {
	c, err := detach(el)
	if err != nil {
		return nil, err
	}
	sig := Child(c, NSSignature, "Signature")
	if ki := Child(sig, NSSignature, "KeyInfo"); ki != nil {
		sig.RemoveChild(ki)
	}
	value := Child(sig, NSSignature, "SignatureValue")
	value.SetText(strings.Join(strings.Fields(text(value)), ""))
	return c, nil
}

// trial tries pinned certificates on one signature.
type trial struct {
	path string
	sig  *enveloped
	bare *etree.Element
	at   time.Time
}

// run returns the verified element and the certificate that fits. Of several failures it reports the one
// that says most: altered content, then a certificate that fits at another time, then none that fits.
func (t *trial) run(certs []*x509.Certificate) (*etree.Element, *x509.Certificate, error) {
	usable := usableCerts(certs, t.sig.hint)
	if len(usable) == 0 {
		return nil, nil, noKey(t.path, len(certs))
	}
	var worst *SignatureError
	for _, cert := range usable {
		valid := !t.at.Before(cert.NotBefore) && !t.at.After(cert.NotAfter)
		now := t.at
		if !valid {
			now = cert.NotBefore // only to tell an expired key from a foreign one
		}
		root, err := t.try(cert, now)
		if err == nil && valid {
			return root, cert, nil
		}
		worst = graver(worst, t.explain(cert, err))
	}
	return nil, nil, worst
}

// try verifies with one certificate.
func (t *trial) try(cert *x509.Certificate, now time.Time) (*etree.Element, error) {
	if t.sig.digest == digestSHA384XMLEnc {
		return verifyOwn(t.bare, t.sig, cert)
	}
	ctx := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{cert}})
	ctx.IdAttribute = "ID"
	ctx.Clock = dsig.NewFakeClockAt(now)
	return ctx.Validate(t.bare)
}

// explain names the reason of one failed trial; err nil means that the certificate fits but is not valid now.
func (t *trial) explain(cert *x509.Certificate, err error) *SignatureError {
	e := &SignatureError{Path: t.path + "/Signature", Err: err}
	switch {
	case err == nil:
		return expired(e.Path, cert, t.at)
	case errors.Is(err, rsa.ErrVerification) && t.foreign(cert):
		e.Reason, e.Rule, e.Found, e.Wanted = ReasonKey, "SEC-21", "a certificate in KeyInfo that is not pinned", "a signature by a pinned key"
	case errors.Is(err, rsa.ErrVerification):
		e.Reason, e.Rule, e.Wanted = ReasonValue, "SEC-21", "a signature by a pinned key"
	case err.Error() == "Could not decode signature":
		e.Reason, e.Rule, e.Wanted = ReasonValue, "SEC-17", "base64"
	default:
		e.Reason, e.Rule, e.Wanted = ReasonDigest, "SEC-20", "the content that was signed"
	}
	return e
}

func (t *trial) foreign(cert *x509.Certificate) bool {
	return t.sig.keyInfo != nil && !bytes.Equal(t.sig.hint, cert.Raw)
}

func expired(path string, cert *x509.Certificate, at time.Time) *SignatureError {
	return &SignatureError{
		Reason: ReasonExpired, Rule: "SEC-23", Path: path, Found: "a certificate valid from " + FormatTime(cert.NotBefore) + " to " + FormatTime(cert.NotAfter),
		Wanted: "one valid at " + FormatTime(at),
	}
}

func noKey(path string, pinned int) *SignatureError {
	return &SignatureError{
		Reason: ReasonKey, Rule: "SIG-01", Path: path,
		Found:  strconv.Itoa(pinned) + " pinned certificates, none with an RSA key of at least " + strconv.Itoa(minRSABits) + " bit",
		Wanted: "one",
	}
}

// graver keeps the failure that says most.
func graver(a, b *SignatureError) *SignatureError {
	order := []string{ReasonDigest, ReasonExpired, ReasonValue, ReasonKey}
	if a == nil || slices.Index(order, b.Reason) < slices.Index(order, a.Reason) {
		return b
	}
	return a
}

// usableCerts returns the pinned RSA certificates of enough bits (SIG-01), the one that KeyInfo names first: that
// saves trials and decides nothing.
func usableCerts(certs []*x509.Certificate, hint []byte) []*x509.Certificate {
	var list []*x509.Certificate
	for _, c := range certs {
		if c == nil {
			continue
		}
		if pub, ok := c.PublicKey.(*rsa.PublicKey); !ok || pub.N.BitLen() < minRSABits {
			continue
		}
		if hint != nil && bytes.Equal(c.Raw, hint) {
			list = slices.Insert(list, 0, c)
		} else {
			list = append(list, c)
		}
	}
	return list
}
