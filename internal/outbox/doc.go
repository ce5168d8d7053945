// Package outbox keeps the messages that a gestore would send: SMS, e-mails, notifications of an app, letters. Nothing
// leaves the machine (ONB-05): pages and the API read them here, and tests wait for them here.
package outbox
