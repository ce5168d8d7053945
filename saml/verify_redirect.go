package saml

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"strings"
	"time"
)

// Verify checks the signature of the arrival: of the query for redirect, of the root element for POST.
// certs are the pinned certificates of the sender; at says which of them are valid now. Errors are *SignatureError.
//
// A message by redirect that carries an enveloped Signature as well (BIND-05, SEC-32) verifies by its query; the
// Signature is then still in Verified.Root and the rules refuse it.
func (a *Arrival) Verify(certs []*x509.Certificate, at time.Time) (*Verified, error) {
	if a.Root == nil {
		return nil, &SignatureError{Reason: ReasonMissing, Rule: "SEC-18", Found: "no message", Wanted: "one"}
	}
	if a.Binding != HTTPRedirect {
		return VerifyElement(a.Root, certs, at)
	}
	hash, err := a.checkQuery()
	if err != nil {
		return nil, err
	}
	usable := usableCerts(certs, nil)
	if len(usable) == 0 {
		return nil, noKey("query", len(certs))
	}
	var worst *SignatureError
	for _, cert := range usable {
		fits, outOfOrder := a.fits(cert, hash)
		switch {
		case !fits:
			worst = graver(worst, &SignatureError{Reason: ReasonValue, Rule: "SEC-29", Path: ParamSignature, Wanted: "a signature by a pinned key"})
		case at.Before(cert.NotBefore) || at.After(cert.NotAfter):
			worst = graver(worst, expired(ParamSignature, cert, at))
		default:
			return &Verified{Root: a.Root, Cert: cert, OutOfOrder: outOfOrder}, nil
		}
	}
	return nil, worst
}

// checkQuery looks at SigAlg and Signature before any cryptography (SEC-22, SEC-30).
func (a *Arrival) checkQuery() (crypto.Hash, error) {
	switch {
	case !a.HasSigAlg:
		return 0, &SignatureError{Reason: ReasonMissing, Rule: "BIND-10", Path: ParamSigAlg, Found: "no SigAlg", Wanted: "one"}
	case !a.HasSignature:
		return 0, &SignatureError{Reason: ReasonMissing, Rule: "BIND-10", Path: ParamSignature, Found: "no Signature", Wanted: "one"}
	}
	hash, _, ok := signatureMethod(a.SigAlg)
	if !ok {
		return 0, &SignatureError{Reason: ReasonAlgorithm, Rule: "SIG-02", Path: ParamSigAlg, Found: clip(a.SigAlg), Wanted: "rsa-sha256, rsa-sha384 or rsa-sha512"}
	}
	if len(a.signature) == 0 {
		return 0, &SignatureError{Reason: ReasonValue, Rule: "SEC-17", Path: ParamSignature, Found: "no base64", Wanted: "base64"}
	}
	return hash, nil
}

// fits tries the canonical order, then the order of arrival (BIND-07).
func (a *Arrival) fits(cert *x509.Certificate, hash crypto.Hash) (fits, outOfOrder bool) {
	canonical := a.signedString(a.canonicalOrder())
	if a.signs(cert, hash, canonical) {
		return true, false
	}
	arrived := a.signedString(a.raw)
	return arrived != canonical && a.signs(cert, hash, arrived), true
}

func (a *Arrival) signs(cert *x509.Certificate, hash crypto.Hash, octets string) bool {
	h := hash.New()
	h.Write([]byte(octets))
	return rsa.VerifyPKCS1v15(cert.PublicKey.(*rsa.PublicKey), hash, h.Sum(nil), a.signature) == nil
}

// canonicalOrder returns the raw parameters as message, RelayState, SigAlg (BIND-06).
func (a *Arrival) canonicalOrder() []parameter {
	order := []string{a.Param, ParamRelayState, ParamSigAlg, ParamSignature}
	list := slices.Clone(a.raw)
	slices.SortFunc(list, func(x, y parameter) int {
		return slices.Index(order, x.name) - slices.Index(order, y.name)
	})
	return list
}

// signedString joins the raw values as they stood in the query, Signature left out.
func (a *Arrival) signedString(list []parameter) string {
	var b strings.Builder
	for _, p := range list {
		if p.name == ParamSignature {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(p.name + "=" + p.value)
	}
	return b.String()
}
