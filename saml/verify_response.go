package saml

import (
	"crypto/x509"
	"time"

	"github.com/beevik/etree"
)

// VerifiedResponse is a Response of which every part that matters was signed by a trusted key.
type VerifiedResponse struct {
	Response  *etree.Element // as signed when Signed, else as received
	Signed    bool           // the Response itself carries a good signature
	Assertion *Verified      // nil on anomaly Responses without an Assertion

	Cert           *x509.Certificate // that verified the Response; nil unless Signed
	KeyInfoDiffers bool              // as in Verified, of the Response's own signature
}

// VerifyResponse verifies the signature of the Response when there is one, takes the Assertion from what that signature covered
// and verifies the Assertion's own signature, which SPID makes mandatory (SIG-09, section 13 of security.md).
// Errors are *SignatureError; Path tells Response and Assertion apart.
//
// There is at most one Assertion, a direct child; another anywhere in the message, an EncryptedAssertion or a
// look-alike in another namespace refuses the whole (SEC-16, SEC-25, SEC-45).
func VerifyResponse(root *etree.Element, certs []*x509.Certificate, at time.Time) (*VerifiedResponse, error) {
	if !Is(root, NSProtocol, "Response") {
		return nil, &SignatureError{Reason: ReasonShape, Rule: "SEC-20", Path: pathOf(root), Found: "another root element", Wanted: "Response"}
	}
	v := &VerifiedResponse{Response: root}
	if Child(root, NSSignature, "Signature") != nil {
		signed, err := VerifyElement(root, certs, at)
		if err != nil {
			return nil, err
		}
		v.Response, v.Signed, v.Cert, v.KeyInfoDiffers = signed.Root, true, signed.Cert, signed.KeyInfoDiffers
	}
	assertion, err := theAssertion(v.Response)
	if err != nil || assertion == nil {
		return v.orNil(err), err
	}
	if v.Assertion, err = VerifyElement(assertion, certs, at); err != nil {
		return nil, err
	}
	return v, nil
}

func (v *VerifiedResponse) orNil(err error) *VerifiedResponse {
	if err != nil {
		return nil
	}
	return v
}

// theAssertion returns the only Assertion of a Response, nil when it has none. Signatures outside the two places
// are refused here too, for Responses that carry none of their own.
func theAssertion(response *etree.Element) (*etree.Element, error) {
	assertion := Child(response, NSAssertion, "Assertion")
	var stray *etree.Element
	walk(response, func(el *etree.Element) bool {
		switch el.Tag {
		case "Assertion", "EncryptedAssertion", "EncryptedID":
			if el != assertion {
				stray = el
			}
		case "Signature":
			if el.Parent() != assertion {
				stray = el
			}
		}
		return stray == nil
	})
	if stray == nil {
		return assertion, nil
	}
	rule := "SEC-16"
	if stray.Tag != "Assertion" && stray.Tag != "Signature" {
		rule = "SEC-25"
	}
	return nil, &SignatureError{
		Reason: ReasonShape, Rule: rule, Path: clip(pathOf(stray)), Found: clip(stray.Tag),
		Wanted: "one signed Assertion below Response and nothing like it elsewhere",
	}
}
