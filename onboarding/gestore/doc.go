// Package gestore is the HTTP face of the onboarding at the gestori: registration, counters, back office, public counter, care of an identity
// and minors. Handlers are thin: they read a form, bring one event to the office, and show what it says.
//
//	POST /idp/{slug}/consegna                       hand-off of the portal, from another site -> 303 to the request
//	     /idp/{slug}/richiedi                       explains; POST begins a request on the gestore's own site
//	     /idp/{slug}/richiedi/{id}                  the page of the state in which the request is; POST is the step of that state
//	     /idp/{slug}/richiedi/{id}/promemoria       the sheet to print for the counter
//	     /idp/{slug}/richiedi/{id}/annulla          OSC-22
//	     /idp/{slug}/sportello[/minori]             clerk, postal worker, event (operator)
//	     /idp/{slug}/revisione                      back office (operator)
//	     /rao                                       public counter (operator)
//	     /idp/{slug}/identita[/revoca|/recupero[/{life}]]   OSC-32
//	     /idp/{slug}/figlio[/{id}]                  OSC-33, the parent
//	     /idp/{slug}/figlio/codice[/{id}]           OSC-33, the child; and the credentials
//
// A request belongs to the browser that opened it, by the cookie spidsim_enrol below its address: everybody else sees 404. Each form names
// the state for which it was made (field at), so that a form sent twice, or after somebody else moved the request, is told so and does
// nothing. A GET changes nothing. Every address has a JSON twin (UX-81): GET answers what the page shows, POST the new state or a problem
// with the reason's code.
package gestore
