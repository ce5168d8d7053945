// Package saml is the wire: SAML 2.0 messages, the HTTP-POST and HTTP-Redirect bindings, XML signatures, XML
// encryption and metadata. It knows no SPID, no server and no state.
//
// What comes from outside passes one door, Parse, before anything else looks at it: one scan of the raw tokens
// that counts as it goes and refuses what no SAML message needs, then the round-trip validator, then the tree.
// ParsePost and ParseRedirect lead there from a form and from a raw query, ReadMetadata from a file. What they
// return is untrusted until Verify has found a pinned key that signed it; from then on only Verified.Root is
// read, which was re-read from the very octets that were signed.
//
// What is encrypted is decrypted only where a profile asks for it: VerifyResponse, which serves the login, refuses
// it (SEC-25). DecryptAssertion and DecryptContent hand their plain text to Parse, for it is from outside as well.
// XML encryption is written here on crypto/rsa and crypto/cipher: the packages that exist take CBC and RSA 1.5,
// look elements up by name anywhere, or hang on an old signature library (crewjam/saml/xmlenc).
//
// Times are UTC. Elements are found by namespace and local name along fixed paths, attributes by their exact
// unprefixed name. Rule ids in comments (SEC-11, SIG-04, BIND-06, REQ-01) name the requirement a line serves.
//
// Two readings of the rules are settled here:
//
//   - SEC-15 refuses every attribute called "id" in any letter case but "ID". XML Signature's own "Id" on the
//     elements of its namespace is let through all the same, in messages and in metadata, since libraries in use
//     write it (pysaml2 signs with Id="Signature1"), and that of XML Encryption on its own. It takes part in the
//     uniqueness of identifiers and no Reference can point at it, because a Reference must name the ID of the
//     signature's parent.
//   - The identifier of the root element may be missing, empty or no NCName when it enters, so that the rules can
//     answer with the anomaly that belongs to it (REQ-01); those of other elements may not.
package saml
