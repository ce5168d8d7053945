// Package idp is the simulated identity provider: engine first, faces second.
//
// A Federation holds every gestore of the process and what they share. The engine is a state machine over a stored record, the Login;
// each method does one step and any process may do the next one:
//
//	AuthnRequest -> Receive --(rules table)--> refused: page, or signed anomaly Response to the service provider
//	                   |
//	                   v Login (stored, bound to one browser, one request ID)
//	             credentials --Password--> [otp --OTP--> | push --Push-->] [card --Card-->] consent --Consent--> Answer -> Response
//	                   |                                                                       |
//	                   +-- Cancel nr25, three wrong tries nr19, time nr21, account nr23/nr20 --+-- denied nr22
//
// Login.Next says what comes next; nothing else decides it. The faces (sso.go, pages.go) read a form, call one method and
// render what Next says; the API and the Go tests call the same methods. What the request did wrong is judged by spid/rules alone.
//
// The CIE is one more provider of a kind of its own (KindCIE, slug "cie"), in none of the lists of SPID. Who has the card holds all three levels:
// password, password and code, or at level 3 the card in the reader and its PIN, with no password before it (Login.CardFirst):
//
//	AuthnRequest for level 3 -> card --PutInReader(holder), Card(PIN)--> consent -> Answer
//
// The CNS is no SAML at all (CNS-01). A portal calls one of these, and asks no more of this package:
//
//	CNSCards(ctx)                       cards to pick from, with holder and state
//	PresentCNS(ctx, card, pin)          codice fiscale and names, or a *Retry that says why not and how many tries are left
//	UnblockCard(ctx, card, puk, pin)    after three wrong PINs
//	RedeemCNS(ctx, ticket)              the same holder, of a card that was shown as TLS certificate to CNSEntry (--tls);
//	                                    once, within a minute; State is what the portal added as ?state= to recognise its own browser
//
// One User serves every gestore that the person has an identity at; what a single gestore knows otherwise (suspended, locked, a new password)
// is a State, read through User.At and User.StateAt. Accounts of the onboarding have a hashed password and end with a reset of the course.
//
// The package does not know the sample service provider, and none of its addresses behaves otherwise than a real gestore's
// would: what only a test may do (add people, answer the app, move cards) is a method for package admin, not a parameter here.
package idp
