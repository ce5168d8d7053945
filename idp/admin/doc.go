// Package admin is the control surface of the simulated identity providers: the REST API below /api/v1, the pages of the
// console and the two health addresses. It decides nothing about logins; everything it does is a method of package idp.
//
//	request -> web.Operator (loopback or token, no other origin) -> API     JSON, problem+json
//	                                                             -> console pages, JSON with Accept: application/json
//	        -> open: /healthz /readyz /guida /accessibilita
//
// The JSON of the API stands in shapes.go. It is a public contract: fields are added, never taken away or renamed.
//
// The router that Routes is given must not clean paths (mux: SkipClean), since an entityID may stand in a path; Uploads and Encoded
// belong into the options of the web layer.
package admin
