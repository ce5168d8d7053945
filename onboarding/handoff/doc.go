// Package handoff is the wire of the assisted procedure ("procedura assistita"): how a portal hands three data of a
// person to the gestore that the person chose, and how the gestore tells what became of it (ONB-80..ONB-86, D-19).
// It builds and reads messages; it has no store, opens no socket and reads no clock.
//
//	portal (SP)                                             gestore (IdP)
//	    |   IdReuseDescriptor, signed  <---- once ---->  IdReuseDescriptor, signed   |
//	    |                                                                            |
//	    |  PortalSide.Build                                                          |
//	    |--- SAMLResponse, RelayState ---- through the browser ----> idpEndpointResponse
//	    |                                                     GestoreSide.Receive    |
//	    |                                                     GestoreSide.BuildResult|
//	spInfoPage <---- through the browser ---- Result, RelayState --------- nr100 ----|
//	    |  PortalSide.ReadResult                                                     |
//	    |                                              days later, the person is identified
//	spEndpointResult <----------------------- Result ------ nr25, nr27, nr28, nr29 --|
//
// The message is a samlp:Response, signed by the portal, around one saml:EncryptedAssertion for the gestore, around
// an Assertion, signed by the portal again, with fiscalNumber, familyName and name and no fourth attribute. The
// answer is an SpIdentity, signed by the gestore and then encrypted for the portal.
//
// Element names, namespaces and the order of elements are those of the technical note that goes with AgID's
// determinazione 27/2018 ("Identità pregresse e procedura assistita", in the repository italia/spid-resources).
// Where the note is silent, prints two things, or shows what may no longer be done, this is our own reading:
//
//   - The note's examples encrypt with AES-CBC and RSA 1.5. Both are refused: package saml takes AES-GCM and
//     RSA-OAEP alone.
//   - The note leaves the signature of the inner Assertion open; here it is required (SEC-25).
//   - The note's Response has no Destination, and it says nothing of Conditions. A signed message by HTTP-POST
//     carries Destination (SAML bindings, 3.5.5.2): here Destination and Recipient are idpEndpointResponse, the
//     audience is idpCode, and IssueInstant and Conditions bound the age of the message (ONB-86).
//   - A descriptor of a gestore names exactly one identityProvider. Dates are UTC. A portal is known to a gestore
//     between idReuseStartDate and idReuseEndDate, and not before or after.
//   - Who signs a descriptor is who it says (idpSigningCert, spSigningCert): trust comes from the exchange itself, as
//     with metadata.
//   - The note has spInfoPage hold for "verified" alone; ONB-83 sends nr100 there in both modes, and so do we.
//     RelayState goes back in that answer only, as the note says; the one to spEndpointResult has none.
//   - SpIdentity has neither an instant nor a destination. It cannot be opened by another portal, responseID ties it to
//     one hand-off, and ID tells one answer from another: whoever keeps those refuses repetitions.
//   - nr26, which the note and the table of messages print crosswise, is read as "cancelled" and never sent (CNF-09).
//   - fiscalCode in SpIdentity is the bare code, fiscalNumber in the Assertion has the prefix TINIT-.
//
// What these numbers say here is not what they say at the login: nr25 is success (ONB-84). Hence a type of their own.
package handoff
