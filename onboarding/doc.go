// Package onboarding is the way from the PIN of the institute to SPID: engine first; its faces lie in the packages below it.
//
//	portal                        office (this package)                       gestore
//	  N0 home > N1 mask --EV-pin-login--> DecidePIN (a pure function of date, person, PIN, profile, timeline)
//	  N2 > N3 notice > N4 services
//	  N5 guide --consent--> N6 list --choose--> N7 --HandOver: signed, encrypted, three data--> Receive: R0
//	                                                                            R1 form > R2 contacts > R3 documents > R4 mode
//	                                                                            R5 counter | R6 online | R7 review > R8 identified
//	  TakeResult <--nr100 nr25 nr27 nr28 nr29-- DeliverResults                  R9 active (Registrar.Open) | RX RE RJ RA
//
// Enrolment is the record of one request; Enrolment.Do holds the whole table of onboarding.md section 6.1 and is pure: what it may look at is
// in World, what it wants done comes back as Effects. Office.Do is the one way in which browser, API and lessons bring an event to it: it
// reads the world, runs Do, does the effects and stores the record, in one transaction. A refusal is a *Denied: code, rule, sentence.
//
// What comes after, the life of an identity (ONB-140 to ONB-149): LifeRequest is one request about it, Holder says who asks, and
//
//	Suspend, Reactivate, Revoke, LosePhone --by certified mail, signature or operator--> done
//	                                      \--otherwise: a code to a secondary contact--ConfirmLife--> done
//
// Settle lets what ends with time end. MinorRequest is a parent's request for a child: asked > entered > identified > active > adult.
//
// Visit is a browser at the portal. PIN, telephone PIN, delegation and the requests for minors are records of their own. Time is the simulated
// clock; days are those of Italy (clock.Day). The package knows neither package idp nor package sp: it meets the gestori's books through
// Registrar and the wire through Gate, and the program joins them.
package onboarding
