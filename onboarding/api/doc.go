// Package api is /api/v1 of the onboarding: every event of section 6.1 by its name, PINs, delegations, identities, minors and settings, for
// scripts, suites and lessons (interface.md section 4).
//
//	POST /api/v1/enrolments               {"person":"P01","to":"R4"}   starts a request, and walks it to a state by the same events
//	POST /api/v1/enrolments/{id}/{event}  {"fill":true}                brings one event; what is missing is the test person's
//	GET  /api/v1/enrolments?person=P01&state=ACTIVE&wait=10s           lists, or waits for one
//
// Handlers are thin: they read a body of a documented shape, call one method of onboarding.Office, and answer with another documented shape
// (shapes.go and its neighbours). A rule that says no is application/problem+json with the code RSN-…, the rule ONB-…, the field, and a
// sentence in both languages: 422, or 409 when the step is a wrong one.
//
// Who calls is the operator: where a rule asks for somebody who is logged in, the member "as" asserts who that is.
package api
