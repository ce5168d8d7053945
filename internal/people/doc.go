// Package people is the invented population of the federation: who there is, what they hold, and at which
// gestori. people.yaml is its one source, embedded and decoded strictly; Parse reads the users of a configuration
// in the same form, and the users.json of other SPID test tools.
//
//	people.yaml ──> All ─┐
//	users: (YAML, JSON) ─┴─> []Person ──> Attributes(spidCode) ──> spid.Release
//
// Nobody in it is real. Surnames are nonsense, e-mail addresses lie under a reserved domain, telephone numbers in a
// made-up range, and codici fiscali, although well formed, should belong to nobody; a test holds all of that (SEC-74).
// Passwords are public test data (D-05). The package keeps no state and knows no gestore: slugs are only names here.
package people
