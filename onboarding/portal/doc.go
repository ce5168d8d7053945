// Package portal is the browser's face of the institute: the pages on which a person comes in with PIN, SPID, CIE or CNS, reads the
// notice, walks the assisted request up to the hand-off, and uses MyINPS. Every rule is the engine's (package onboarding); a handler
// reads the form, makes one step and shows the page of the state that came of it.
//
//	/accedi --EV-pin-login--> /avviso --> /myinps --> /servizi/…, /myinps/pin-telefonico, /myinps/deleghe, /myinps/per-conto
//	   | SPID, CIE: /spid/login … /entra/arrivo      \--> /spid/richiedi > /spid/gestori > /spid/passaggio --form--> the gestore
//	   | CNS: /cns, or the browser's certificate … /cns/ritorno                 /spid/richiedi/esito <--form-- its answer
//
// The cookie spidsim_portal holds the secret of the visit. It is made at the first form or at an arrival, never by looking at a page. A
// GET changes nothing, save that an arrival takes in who comes back from a login. A refused form answers 422 with what was typed; every
// page has a twin in JSON at the same address (Accept: application/json).
package portal
