// Package store keeps JSON documents over database/sql: by kind and id, with unique secondary keys, an expiry and
// compare-and-swap. It knows no domain; every actor has its own typed view, a Collection.
//
//	Collection[T] --- JSON ---> doc      (kind, id) -> revision, created, seq, expires, body
//	          \---- keys(v) --> doc_key  (kind, name, value) -> id
//
// One SQL text serves SQLite and PostgreSQL: $1, ON CONFLICT, RETURNING, row values; times are milliseconds since
// 1970 in UTC as integers. A new kind of document costs no migration.
//
// What holds for every backend (package storetest checks it):
//
//   - a document whose expiry has come is absent: Get, Find, Newest and Count do not see it, Create may take its id
//     and its keys; Sweep deletes it. Now is the caller's clock, so simulated time makes documents expire.
//   - a key belongs to one living document of its kind at a time.
//   - Update runs its function again when somebody else was faster, so the function only touches the document.
//   - what is called with the context that Atomic hands out is one transaction: seen by others whole or not at all.
//     Inside Atomic use that context alone: a call with another one would wait for the transaction to end.
//
// A database in memory, which nobody else can reach, is mirrored: reading by id takes a copy of a value that was decoded once,
// without SQL and without JSON. See mirror.go and copy.go.
package store
