// Package regia is the presenter's desk (OSC-36): it plays the lessons of package lesson by the same calls of the engine as the pages make.
//
//	start page ── lesson ──POST──> begin: clock, Forget, Setup of step 1
//	Regia ──POST step=N──> the story of the people on stage is reset and the events up to N are replayed
//	      ──POST go=next─> the events of the next step alone; where they no longer fit, the replay
//	      ──POST mistake─> the events of the mistake: the real rules refuse them
//	      ──POST scena───> the step's page, on the portal, at the gestore or here, with the browser's cookie for it
//	faces ──Scene────────> what stands round their page: steps, phone, mailbox, what happened
//
// One lesson plays at a time in one server. Which one, at which step and with whom is a document of the store: a restart goes on with it.
// The browser that follows the story gets its visit at the portal by a ticket that is used once, and its request at a gestore by
// the cookie of that request.
package regia
