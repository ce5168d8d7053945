// Package peers proves that service providers which others wrote log in at the simulator: its tests build the program,
// start it on free ports and drive crewjam/saml, gosaml2 and node-saml through the plain forms of the pages, as well as
// the script ../curl.sh. It is a module of its own, so that none of this reaches the go.mod of the product, and it imports
// nothing of the product: peer and simulator meet on the wire alone.
//
//	test ── starts ──> simulator (the binary, store in memory)
//	  └─── starts ──> peer: GET login, POST of the Response, its verdict as JSON
//	person (cookies and forms, no scripts) ── peer ──> simulator: password, code, card, consent ──> peer
//
// "go test -v" prints how each stack was set up and what the rules of the simulator noted about it.
package peers
