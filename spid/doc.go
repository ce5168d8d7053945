// Package spid is what SPID adds to SAML 2.0: the three levels and the comparison of requests, the table of
// attributes with the format of each, the codice fiscale, the table of anomalies with the texts for people, and
// the builders of a conformant Response.
//
//	request ──> Perform, Acceptable ──> the level to authenticate at (nr12, nr20)
//	set of the metadata ──> Release ──> attributes ──> NewResponse ──> Response, unsigned
//	*Error (whose fault, which rule) ──> Anomaly ──> page (ToUser) or NewAnomalyResponse
//
// The package opens no socket, keeps no state, reads no clock and makes no randomness: instants and identifiers
// are given to it. It judges no message; that is what the rules in spid/rules do, with the tables that stand here.
// Rule ids in the comments (CMP-03, ATT-02, CF-09) name the requirement that the code obeys.
package spid

// NSExtensions is the namespace of spid:Purpose, spid:AgeLimit and of what identity providers announce in
// their metadata (PUR-01, MD-IDP-11).
const NSExtensions = "https://spid.gov.it/saml-extensions"
