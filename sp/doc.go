// Package sp is the sample service provider, "Portale di prova": a portal on its own origin where a person
// comes in with SPID at level 1, 2 or 3. It meets the identity providers on the wire alone: it reads their
// metadata as octets, sends signed AuthnRequests and judges the Responses with the rules of spid/rules.
//
//	browser                         sp                                   identity provider
//	  GET /spid/login ------------> readChoice, newRequest, keep
//	  <-- 302 or self-posting form -+                                     ...
//	  POST /spid/acs  ------------> ParsePost -> lookup -> rules.Run(Response)
//	                                | rule failed   -> refuse    403, the reason is kept for /spid/me
//	                                | anomaly       -> refuse    403, the UX-56 sentence and a way back
//	                                +-> admit (one transaction: request used, IDs kept, session made)
//	  <-- 303 /spid/me or the stored path
//
// The entityID is the base URL of the portal, without a final slash: the uri (2.5.4.83) of the signing
// certificate has to equal it (MD-SP-01, CERT-12). Organization and IPACode in the metadata are those of the
// certificate (CERT-74, CERT-75).
//
// All state is in the store, so it survives a restart. What a browser holds in its two cookies is kept as SHA-256 alone:
//
//	visitor   which logins a browser began and why the last one failed
//	pending   requests without an answer, ten minutes each, at most 16 of one browser
//	consumed  IDs of Responses and Assertions that were accepted, until they can no longer be fresh (SEC-42)
//	session   who came in, one hour; a new identifier at every login
//
// What is not here: single logout. /spid/logout leaves this service alone and /spid/slo answers 501.
package sp
