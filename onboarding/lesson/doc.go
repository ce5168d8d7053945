// Package lesson is what a trainer teaches with the simulator: lessons ready to be given, as data and pure functions.
// A lesson is a row of steps; a step says where it is seen, which events bring the story there, what has just happened,
// what people usually ask, and which mistakes may be made on purpose (UX-100…UX-106, ONB-02, ONB-192, ONB-220…ONB-224).
//
// It holds no state and calls no engine: whoever plays a lesson reads Setup and makes the same calls as the pages do.
//
//	All ── Lesson ── Step ── Event (Setup)      brings the story from the step before to this one
//	                      ├─ Note               a question of the room, and an answer
//	                      └─ Mistake ── Event   ends in a refusal of the real rules
//	States ── State ── Event (Way)              any state of the request, from a fresh start
package lesson
