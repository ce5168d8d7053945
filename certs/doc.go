// Package certs makes the keys and certificates of the simulation and keeps them in files.
//
//   - seals: what service providers and identity providers sign SAML with, in the form that SPID prescribes (AgID's
//     Avviso 29; rules CERT-01 to CERT-66): Subject, NewSigning, NewCSR, LoadOrCreate.
//   - cards: the level-3 token in software, with the authority that issues it and the challenge it signs (SEC-57):
//     NewCardCA, NewCard, SignChallenge, VerifyChallenge.
//   - TLS: a local authority and server certificates: NewTLSCA, NewServer.
//
// Every subject says that it is a test (Mark), and CheckNotReal keeps the names of real gestori and of public bodies
// out (SEC-02, UX-34).
//
// The random source of the callers goes into serial numbers. Keys are always drawn from the system's source: since
// Go 1.26 the key generators of crypto/rsa and crypto/ecdsa take no other.
package certs
