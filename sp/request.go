package sp

import (
	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// newRequest builds the AuthnRequest of section 2 of saml-profile.md, in the index form that the rules recommend (REQ-10).
func (s *SP) newRequest(c choice, destination string) *saml.AuthnRequest {
	r := &saml.AuthnRequest{
		ID: s.cfg.NewID(), Version: "2.0", IssueInstant: s.cfg.Now().UTC(), Destination: destination,
		AssertionConsumerServiceIndex: &c.acs, AttributeConsumingServiceIndex: &c.attributes,
		Issuer:             saml.NameID{Value: s.entityID, Format: saml.FormatEntity, NameQualifier: s.entityID},
		NameIDPolicyFormat: saml.FormatTransient,
		Comparison:         string(c.comparison), AuthnContextClassRef: []string{c.level.URI()},
		Extensions: purposeExtension(c.purpose),
	}
	if c.mayGiveMore() {
		force := true
		r.ForceAuthn = &force
	}
	return r
}

// purposeExtension asks for a type of digital identity (PUR-02, PUR-05); nil for the default.
func purposeExtension(purpose string) *etree.Element {
	if purpose == "" {
		return nil
	}
	ext := etree.NewElement("samlp:Extensions")
	ext.CreateAttr("xmlns:samlp", saml.NSProtocol)
	ext.AddChild(extension("Purpose", purpose))
	return ext
}

// askedLevel is the level that a request names; 0 when it names none.
func askedLevel(r *saml.AuthnRequest) spid.Level {
	if r == nil || len(r.AuthnContextClassRef) == 0 {
		return 0
	}
	level, _ := spid.ParseLevel(r.AuthnContextClassRef[0])
	return level
}
