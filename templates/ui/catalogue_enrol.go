package ui

// enrolTexts are the sentences of the registration at a gestore, its counters, and the care of an identity.
var enrolTexts = map[string]text{}
