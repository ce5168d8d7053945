package saml

import (
	"encoding/base64"
	"strings"

	"github.com/beevik/etree"
)

// enveloped is a ds:Signature whose shape has been checked.
type enveloped struct {
	signature *etree.Element
	method    string
	digest    string
	keyInfo   *etree.Element // nil when absent
	hint      []byte         // the certificate in KeyInfo, DER; nil when absent or no base64
}

// shapeCheck carries the path through the checks of SEC-19.
type shapeCheck struct {
	path string
	sig  enveloped
}

// checkShape looks at ds:Signature before any cryptography: one, in its place, built exactly as SEC-19 lists, with
// algorithms of SEC-22 and a Reference to its parent (SEC-20).
func checkShape(el *etree.Element) (*enveloped, error) {
	c := &shapeCheck{path: pathOf(el)}
	for _, step := range []func(*etree.Element) *SignatureError{c.find, c.children, c.signedInfo, c.transforms, c.reference, c.keyInfo} {
		if err := step(el); err != nil {
			return nil, err
		}
	}
	return &c.sig, nil
}

func (c *shapeCheck) refuse(reason, rule, path, found, wanted string) *SignatureError {
	return &SignatureError{Reason: reason, Rule: rule, Path: c.path + path, Found: found, Wanted: wanted}
}

// find takes the one direct child, in its place, and makes sure that there is no other Signature that a search
// could meet.
func (c *shapeCheck) find(el *etree.Element) *SignatureError {
	direct := Children(el, NSSignature, "Signature")
	switch len(direct) {
	case 0:
		return c.refuse(ReasonMissing, "SEC-18", "", "no Signature as a child of "+el.Tag, "one")
	case 1:
		c.sig.signature = direct[0]
	default:
		return c.refuse(ReasonShape, "SEC-19", "/Signature", "several", "one")
	}
	if list := elements(el); !inPlace(el, list, direct[0]) {
		return c.refuse(ReasonShape, "SIG-05", "/Signature", "Signature after "+clip(precedes(list, direct[0])), "after Issuer, or first in metadata")
	}
	if stray := strayElement(el, direct[0]); stray != nil {
		return c.refuse(ReasonShape, "SEC-19", "", "another Signature at "+clip(pathOf(stray)), "one")
	}
	return nil
}

// inPlace reports whether the Signature follows Issuer, which is first, or is first where there is no Issuer.
func inPlace(el *etree.Element, list []*etree.Element, sig *etree.Element) bool {
	if issuer := Child(el, NSAssertion, "Issuer"); issuer != nil {
		return list[0] == issuer && list[1] == sig
	}
	return list[0] == sig
}

func precedes(list []*etree.Element, el *etree.Element) string {
	for i := 1; i < len(list); i++ {
		if list[i] == el {
			return list[i-1].Tag
		}
	}
	return "nothing"
}

// strayElement finds a ds:Signature other than the direct one, where none may be. Those of Assertions directly
// below a Response, and those inside metadata, sign their own parents and come later in the document.
func strayElement(el, direct *etree.Element) *etree.Element {
	var stray *etree.Element
	walk(el, func(e *etree.Element) bool {
		if e != direct && e.Tag == "Signature" && Is(e, NSSignature, "Signature") && !signsParent(el, e) {
			stray = e
		}
		return stray == nil
	})
	return stray
}

func signsParent(el, sig *etree.Element) bool {
	parent := sig.Parent()
	if parent == el {
		return false
	}
	return el.NamespaceURI() == NSMetadata && parent.NamespaceURI() == NSMetadata ||
		parent.Parent() == el && Is(parent, NSAssertion, "Assertion") && Is(el, NSProtocol, "Response")
}

// exactly checks that el has these children of XML Signature in this order, white space between, and no
// attributes beyond those named. A name with "?" at the end may be absent.
func (c *shapeCheck) exactly(path string, el *etree.Element, attrs string, names ...string) *SignatureError {
	if err := c.attributes(path, el, attrs); err != nil {
		return err
	}
	rest := names
	for _, t := range el.Child {
		switch t := t.(type) {
		case *etree.CharData:
			if strings.Trim(t.Data, " \t\r\n") != "" {
				return c.refuse(ReasonShape, "SEC-19", path, "text", "elements alone")
			}
		case *etree.Element:
			var ok bool
			if rest, ok = take(rest, t.Tag); !ok || t.NamespaceURI() != NSSignature {
				return c.refuse(ReasonShape, "SEC-19", path, clip(t.Tag), orNothing(names))
			}
		default:
			return c.refuse(ReasonShape, "SEC-12", path, "a comment or instruction", "elements alone")
		}
	}
	if _, complete := take(append(rest[:len(rest):len(rest)], ""), ""); !complete {
		return c.refuse(ReasonShape, "SEC-19", path, "no "+rest[0], orNothing(names))
	}
	return nil
}

// take takes name off the front of the list, past names that may be absent.
func take(list []string, name string) (rest []string, ok bool) {
	for i, wanted := range list {
		bare, optional := strings.CutSuffix(wanted, "?")
		if bare == name {
			return list[i+1:], true
		}
		if !optional {
			break
		}
	}
	return list, false
}

func orNothing(names []string) string {
	if len(names) == 0 {
		return "no child element"
	}
	return strings.Join(names, ", ")
}

// attributes checks that el has no attributes but those named, and no prefixed ones.
func (c *shapeCheck) attributes(path string, el *etree.Element, names string) *SignatureError {
	for i := range el.Attr {
		a := &el.Attr[i]
		if a.Space == "xmlns" || a.Space == "" && (a.Key == "xmlns" || contains(names, a.Key)) {
			continue
		}
		return c.refuse(ReasonShape, "SEC-19", path, "the attribute "+clip(a.FullKey()), "none but "+strings.TrimSpace(names+" declarations"))
	}
	return nil
}

func contains(list, word string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}

func (c *shapeCheck) children(*etree.Element) *SignatureError {
	sig := c.sig.signature
	if err := c.exactly("/Signature", sig, "Id", "SignedInfo", "SignatureValue", "KeyInfo?"); err != nil {
		return err
	}
	return c.simple("/Signature/SignatureValue", Child(sig, NSSignature, "SignatureValue"), "Id")
}

// simple checks an element with text alone, and that there is some.
func (c *shapeCheck) simple(path string, el *etree.Element, attrs string) *SignatureError {
	if err := c.attributes(path, el, attrs); err != nil {
		return err
	}
	s, err := Text(el)
	if err != nil {
		return c.refuse(ReasonShape, "SEC-12", path, "more than text", "text alone")
	}
	if strings.TrimSpace(s) == "" {
		return c.refuse(ReasonShape, "SEC-19", path, "nothing", "base64")
	}
	return nil
}

func (c *shapeCheck) signedInfo(*etree.Element) *SignatureError {
	const path = "/Signature/SignedInfo"
	info := Child(c.sig.signature, NSSignature, "SignedInfo")
	if err := c.exactly(path, info, "Id", "CanonicalizationMethod", "SignatureMethod", "Reference"); err != nil {
		return err
	}
	c14n := Child(info, NSSignature, "CanonicalizationMethod")
	if err := c.exactly(path+"/CanonicalizationMethod", c14n, "Algorithm"); err != nil {
		return err
	}
	if alg := attr(c14n, "Algorithm"); alg != algExcC14N {
		return c.refuse(ReasonAlgorithm, "SIG-04", path+"/CanonicalizationMethod/@Algorithm", clip(alg), algExcC14N)
	}
	method := Child(info, NSSignature, "SignatureMethod")
	c.sig.method = attr(method, "Algorithm")
	if _, _, ok := signatureMethod(c.sig.method); !ok {
		return c.refuse(ReasonAlgorithm, "SIG-02", path+"/SignatureMethod/@Algorithm", clip(c.sig.method), "rsa-sha256, rsa-sha384 or rsa-sha512")
	}
	return c.exactly(path+"/SignatureMethod", method, "Algorithm")
}

func (c *shapeCheck) theReference() *etree.Element {
	return Child(Child(c.sig.signature, NSSignature, "SignedInfo"), NSSignature, "Reference")
}

func (c *shapeCheck) transforms(*etree.Element) *SignatureError {
	const path = "/Signature/SignedInfo/Reference"
	ref := c.theReference()
	if err := c.exactly(path, ref, "Id URI", "Transforms", "DigestMethod", "DigestValue"); err != nil {
		return err
	}
	list := Child(ref, NSSignature, "Transforms")
	if err := c.exactly(path+"/Transforms", list, "", "Transform", "Transform"); err != nil {
		return err
	}
	for i, t := range elements(list) {
		wanted := []string{algEnveloped, algExcC14N}[i]
		if alg := attr(t, "Algorithm"); alg != wanted {
			return c.refuse(ReasonAlgorithm, "SIG-04", path+"/Transforms/Transform/@Algorithm", clip(alg), wanted)
		}
		if err := c.transform(path+"/Transforms/Transform", t, i == 1); err != nil {
			return err
		}
	}
	return nil
}

// transform lets one InclusiveNamespaces with a PrefixList below the canonicalization, as OpenSAML writes it.
func (c *shapeCheck) transform(path string, t *etree.Element, prefixes bool) *SignatureError {
	list := elements(t)
	if !prefixes || len(list) == 0 {
		return c.exactly(path, t, "Algorithm")
	}
	if len(list) > 1 || !Is(list[0], NSExcC14N, "InclusiveNamespaces") {
		return c.refuse(ReasonShape, "SEC-19", path, clip(list[0].Tag), "one InclusiveNamespaces or nothing")
	}
	return c.exactly(path+"/InclusiveNamespaces", list[0], "PrefixList")
}

func (c *shapeCheck) reference(el *etree.Element) *SignatureError {
	const path = "/Signature/SignedInfo/Reference"
	ref := c.theReference()
	method := Child(ref, NSSignature, "DigestMethod")
	c.sig.digest = attr(method, "Algorithm")
	if !digestMethod(c.sig.digest) {
		return c.refuse(ReasonAlgorithm, "SIG-02", path+"/DigestMethod/@Algorithm", clip(c.sig.digest), "sha256, sha384 or sha512")
	}
	if err := c.exactly(path+"/DigestMethod", method, "Algorithm"); err != nil {
		return err
	}
	if err := c.simple(path+"/DigestValue", Child(ref, NSSignature, "DigestValue"), ""); err != nil {
		return err
	}
	id, ok := onlyID(el)
	if uri := attr(ref, "URI"); !ok || id == "" || uri != "#"+id {
		return c.refuse(ReasonReference, "SEC-20", path+"/@URI", clip(uri), "#"+clip(id)+", the ID of "+el.Tag)
	}
	return nil
}

// onlyID returns the unprefixed ID and whether no prefixed one stands beside it, which the library would read.
func onlyID(el *etree.Element) (string, bool) {
	id, n := "", 0
	for i := range el.Attr {
		if el.Attr[i].Key == "ID" && el.Attr[i].Space != "xmlns" {
			id = el.Attr[i].Value
			n++
			if el.Attr[i].Space != "" {
				return "", false
			}
		}
	}
	return id, n == 1
}

func (c *shapeCheck) keyInfo(*etree.Element) *SignatureError {
	const path = "/Signature/KeyInfo"
	c.sig.keyInfo = Child(c.sig.signature, NSSignature, "KeyInfo")
	if c.sig.keyInfo == nil {
		return nil
	}
	if err := c.exactly(path, c.sig.keyInfo, "Id", "X509Data"); err != nil {
		return err
	}
	data := Child(c.sig.keyInfo, NSSignature, "X509Data")
	if err := c.exactly(path+"/X509Data", data, "", "X509Certificate"); err != nil {
		return err
	}
	cert := Child(data, NSSignature, "X509Certificate")
	if err := c.simple(path+"/X509Data/X509Certificate", cert, ""); err != nil {
		return err
	}
	c.sig.hint, _ = decodeBlanks(text(cert))
	return nil
}

// decodeBlanks decodes base64 with white space anywhere, as xs:base64Binary allows.
func decodeBlanks(s string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(s), ""))
}
