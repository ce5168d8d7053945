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
// One User serves every gestore that the person has an identity at; what a single gestore knows otherwise (suspended, locked, a new password)
// is a State, read through User.At and User.StateAt. Accounts of the onboarding have a hashed password and end with a reset of the course.
//
// The package does not know the sample service provider, and none of its addresses behaves otherwise than a real gestore's
// would: what only a test may do (add people, answer the app, move cards) is a method for package admin, not a parameter here.
package idp
