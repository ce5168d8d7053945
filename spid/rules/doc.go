// Package rules is the one table of what SPID asks of a message, and the runner that applies it.
//
// Every requirement is one [Rule]: its id, what must hold and how to mend it (Italian and English), where it
// is written, which anomaly answers it, and the check. The identity provider, the sample service provider, the
// console and the reports all read this table; nothing else in the program judges conformance.
//
//	rep := rules.Run(rules.AuthnRequest, &rules.Subject{Arrival: a, Intake: err, FindSP: registry.Find, ...})
//	if err := rep.Err(); err != nil { /* *spid.Error: rule, anomaly, path, found, wanted, line */ }
//
// # Order
//
// The order of the table is the priority of the anomalies (D-14):
//
//	method 6 -> parameters, base64, inflate, XML 4 -> Issuer 10 -> signature 5 or 7
//	   -> (from here on the verified element alone is read)
//	   -> Version 9, ID 11, IssueInstant 13, Destination 14, IsPassive 15, AssertionConsumerService 16,
//	      NameIDPolicy 17, RequestedAuthnContext 12, AttributeConsumingServiceIndex 18, all the rest 8
//
// Rows up to and including the signature stop the run, the later ones never do: each finding is shown, and
// [Report.Err] gives the first that refuses. The Issuer is read from the untrusted document for one end only,
// which is to learn whose certificates the signature has to fit.
//
// # Strict and relaxed
//
// A row with Rule.Strict refuses in strict mode and becomes a warning when [Subject.Relaxed] is set; a row
// without it refuses in both modes. Hence relaxed mode still refuses
//
//   - everything above and including the signature (6, 4, 10, 5, 7), but for unknown extra parameters (D-12),
//     white space around the Issuer, its Format and its NameQualifier, and a query signed out of order (BIND-07);
//   - an ID that no answer could name (AR-03);
//   - IsPassive="true", which forbids the pages that every login needs (REQ-16);
//   - an AssertionConsumerService that the metadata does not declare or that takes no HTTP-POST (AR-30, AR-32,
//     AR-35, BIND-02);
//   - a level that cannot be read or satisfied (AR-90, AR-93, AR-96, CMP-04).
//
// What is merely lax is read as SAML reads it: no Comparison means exact, several AuthnContextClassRef are an
// ordered preference, no AssertionConsumerService means the default one ([Requested], [Report.ACS]).
// Responses know no relaxed mode: none of their rows has Strict.
//
// # Ids
//
// A row has AgID's number where AgID's tools have one ("2.0.0"), else the id of the table of checks ("AR-12"),
// else the id of the rule ("REQ-33", "SEC-28"); ids of requirements that one row serves together are its
// aliases, and [Lookup] finds them all. A letter after an id ("AST-07b") tells parts of one rule apart.
// [LeftOut] gives a reason for each id that has no row.
package rules
