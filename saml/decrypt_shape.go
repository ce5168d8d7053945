package saml

import (
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

// readEnvelope looks at what is encrypted before any cryptography: one EncryptedData, one EncryptedKey inside or
// beside it, algorithms of the allow list, octets that are there and not elsewhere (SEC-25). kind is the Type wanted.
func readEnvelope(holder *etree.Element, kind string) (*envelope, error) {
	c := &envelopeCheck{path: pathOf(holder)}
	for _, step := range []func(*etree.Element) *EncryptionError{c.find, c.dataMethod, c.keyMethod, c.oaep, c.ciphers} {
		if err := step(holder); err != nil {
			return nil, err
		}
	}
	if t, ok := Attr(c.data, "Type"); ok && t != kind {
		return nil, c.refuse(ReasonShape, "/EncryptedData/@Type", t, kind)
	}
	return &c.envelope, nil
}

// envelopeCheck carries the elements from one step to the next.
type envelopeCheck struct {
	path      string
	data, key *etree.Element
	keyPath   string
	envelope  envelope
}

func (c *envelopeCheck) refuse(reason, path, found, wanted string) *EncryptionError {
	return &EncryptionError{Reason: reason, Rule: "SEC-25", Path: c.path + path, Found: clip(found), Wanted: wanted}
}

// find takes EncryptedData and its EncryptedKey.
func (c *envelopeCheck) find(holder *etree.Element) *EncryptionError {
	if err := c.exactly("", holder, "xenc:EncryptedData", "xenc:EncryptedKey?"); err != nil {
		return err
	}
	c.data = Child(holder, NSEncryption, "EncryptedData")
	if err := c.exactly("/EncryptedData", c.data, "xenc:EncryptionMethod", "ds:KeyInfo?", "xenc:CipherData"); err != nil {
		return err
	}
	info := Child(c.data, NSSignature, "KeyInfo")
	inside, beside := Child(info, NSEncryption, "EncryptedKey"), Child(holder, NSEncryption, "EncryptedKey")
	switch {
	case inside != nil && beside != nil:
		return c.refuse(ReasonShape, "", "an EncryptedKey inside EncryptedData and one beside it", "one")
	case inside != nil:
		c.key, c.keyPath = inside, "/EncryptedData/KeyInfo/EncryptedKey"
		return c.exactly("/EncryptedData/KeyInfo", info, "xenc:EncryptedKey")
	case beside != nil:
		c.key, c.keyPath = beside, "/EncryptedKey"
		return c.retrieval(info)
	}
	return c.refuse(ReasonMissing, "/EncryptedData/KeyInfo", "no EncryptedKey", "one, inside or beside EncryptedData")
}

// retrieval looks at the KeyInfo of data whose key stands beside it: nothing, or a pointer to that very key.
func (c *envelopeCheck) retrieval(info *etree.Element) *EncryptionError {
	if info == nil {
		return nil
	}
	if err := c.exactly("/EncryptedData/KeyInfo", info, "ds:RetrievalMethod"); err != nil {
		return err
	}
	method := Child(info, NSSignature, "RetrievalMethod")
	id, kind := attr(c.key, "Id"), attr(method, "Type")
	if uri := attr(method, "URI"); id == "" || uri != "#"+id || kind != "" && kind != typeKey || len(method.Child) > 0 {
		return c.refuse(ReasonShape, "/EncryptedData/KeyInfo/RetrievalMethod", uri, "a pointer to the Id of the EncryptedKey beside EncryptedData")
	}
	return nil
}

func (c *envelopeCheck) dataMethod(*etree.Element) *EncryptionError {
	const path = "/EncryptedData/EncryptionMethod"
	method := Child(c.data, NSEncryption, "EncryptionMethod")
	alg := attr(method, "Algorithm")
	if c.envelope.keySize = dataKeySize(alg); c.envelope.keySize == 0 {
		return c.refuse(ReasonAlgorithm, path+"/@Algorithm", alg, "aes256-gcm, aes192-gcm or aes128-gcm of "+NSEncryption11+whyNot(alg))
	}
	return c.exactly(path, method)
}

// keyMethod looks at EncryptedKey. KeyInfo in it says whose key encrypts, ReferenceList and CarriedKeyName
// what for: there is one key on either side, so nothing follows from them.
func (c *envelopeCheck) keyMethod(*etree.Element) *EncryptionError {
	if err := c.exactly(c.keyPath, c.key, "xenc:EncryptionMethod", "ds:KeyInfo?", "xenc:CipherData", "xenc:ReferenceList?", "xenc:CarriedKeyName?"); err != nil {
		return err
	}
	method := Child(c.key, NSEncryption, "EncryptionMethod")
	path := c.keyPath + "/EncryptionMethod"
	switch alg := attr(method, "Algorithm"); alg {
	case transportOAEP1:
		return c.exactly(path, method, "xenc:OAEPparams?", "ds:DigestMethod?")
	case transportOAEP11:
		return c.exactly(path, method, "xenc:OAEPparams?", "ds:DigestMethod?", "xenc11:MGF?")
	default:
		return c.refuse(ReasonAlgorithm, path+"/@Algorithm", alg, transportOAEP1+" or "+transportOAEP11+whyNot(alg))
	}
}

// oaep reads the parameters of the transport.
func (c *envelopeCheck) oaep(*etree.Element) *EncryptionError {
	method := Child(c.key, NSEncryption, "EncryptionMethod")
	path := c.keyPath + "/EncryptionMethod"
	digest := attr(Child(method, NSSignature, "DigestMethod"), "Algorithm")
	if c.envelope.transport.Hash = oaepDigest(digest); c.envelope.transport.Hash == 0 {
		return c.refuse(ReasonAlgorithm, path+"/DigestMethod/@Algorithm", digest, "sha1, sha256, sha384 or sha512")
	}
	mask := attr(Child(method, NSEncryption11, "MGF"), "Algorithm")
	if c.envelope.transport.MGFHash = oaepMask(mask); c.envelope.transport.MGFHash == 0 {
		return c.refuse(ReasonAlgorithm, path+"/MGF/@Algorithm", mask, "mgf1sha1, mgf1sha256, mgf1sha384 or mgf1sha512")
	}
	params := Child(method, NSEncryption, "OAEPparams")
	if params == nil {
		return nil
	}
	var err *EncryptionError
	c.envelope.transport.Label, err = c.octets(path+"/OAEPparams", params)
	return err
}

func (c *envelopeCheck) ciphers(*etree.Element) *EncryptionError {
	var err *EncryptionError
	if c.envelope.wrapped, err = c.cipher(c.keyPath, c.key); err != nil {
		return err
	}
	c.envelope.sealed, err = c.cipher("/EncryptedData", c.data)
	return err
}

// cipher reads CipherData/CipherValue; a CipherReference, which would have to be fetched, is refused.
func (c *envelopeCheck) cipher(path string, parent *etree.Element) ([]byte, *EncryptionError) {
	data := Child(parent, NSEncryption, "CipherData")
	if err := c.exactly(path+"/CipherData", data, "xenc:CipherValue"); err != nil {
		return nil, err
	}
	return c.octets(path+"/CipherData/CipherValue", Child(data, NSEncryption, "CipherValue"))
}

func (c *envelopeCheck) octets(path string, el *etree.Element) ([]byte, *EncryptionError) {
	s, err := Text(el)
	if err != nil {
		return nil, c.refuse(ReasonShape, path, "more than text", "base64 alone")
	}
	if len(s) > maxCipher {
		return nil, c.refuse(ReasonShape, path, strconv.Itoa(len(s))+" characters", "at most "+strconv.Itoa(maxCipher))
	}
	octets, err := decodeBlanks(s)
	if err != nil || len(octets) == 0 {
		return nil, c.refuse(ReasonShape, path, s, "base64")
	}
	return octets, nil
}

// exactly checks that el has these children in this order and nothing else but white space. A name with "?" at the
// end may be absent.
func (c *envelopeCheck) exactly(path string, el *etree.Element, names ...string) *EncryptionError {
	rest := names
	for _, t := range el.Child {
		switch t := t.(type) {
		case *etree.CharData:
			if strings.Trim(t.Data, " \t\r\n") != "" {
				return c.refuse(ReasonShape, path, "text", orNothing(names))
			}
		case *etree.Element:
			var ok bool
			if rest, ok = take(rest, qualified(t)); !ok {
				return c.refuse(ReasonShape, path, t.Tag+" of "+t.NamespaceURI(), orNothing(names))
			}
		default:
			return c.refuse(ReasonShape, path, "a comment or instruction", "elements alone")
		}
	}
	if _, complete := take(append(rest[:len(rest):len(rest)], ""), ""); !complete {
		return c.refuse(ReasonMissing, path, "no "+rest[0], orNothing(names))
	}
	return nil
}

// qualified names an element with the prefix that this file uses for its namespace.
func qualified(el *etree.Element) string {
	switch el.NamespaceURI() {
	case NSEncryption:
		return "xenc:" + el.Tag
	case NSEncryption11:
		return "xenc11:" + el.Tag
	case NSSignature:
		return "ds:" + el.Tag
	default:
		return ""
	}
}
