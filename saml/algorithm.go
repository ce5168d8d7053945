package saml

import (
	"crypto"
	"crypto/x509"

	dsig "github.com/russellhaering/goxmldsig"
)

// Algorithms of the allow list (SIG-02, SEC-22).
const (
	algExcC14N   = NSExcC14N
	algEnveloped = NSSignature + "enveloped-signature"

	digestSHA256       = "http://www.w3.org/2001/04/xmlenc#sha256"
	digestSHA384       = "http://www.w3.org/2001/04/xmldsig-more#sha384"
	digestSHA384XMLEnc = "http://www.w3.org/2001/04/xmlenc#sha384" // spelling of an official tool, SIG-02
	digestSHA512       = "http://www.w3.org/2001/04/xmlenc#sha512"
)

// signatureMethod returns how a signature algorithm is checked, and whether it is allowed.
func signatureMethod(uri string) (crypto.Hash, x509.SignatureAlgorithm, bool) {
	switch uri {
	case dsig.RSASHA256SignatureMethod:
		return crypto.SHA256, x509.SHA256WithRSA, true
	case dsig.RSASHA384SignatureMethod:
		return crypto.SHA384, x509.SHA384WithRSA, true
	case dsig.RSASHA512SignatureMethod:
		return crypto.SHA512, x509.SHA512WithRSA, true
	default:
		return 0, 0, false
	}
}

func digestMethod(uri string) bool {
	switch uri {
	case digestSHA256, digestSHA384, digestSHA384XMLEnc, digestSHA512:
		return true
	default:
		return false
	}
}
