// Package outbox keeps the messages that a gestore would send: SMS, e-mails, notifications of an app, letters. Nothing
// leaves the machine (ONB-05): pages and the API read them here, and tests wait for them here. E-mails go to an SMTP server as
// well when the operator names one; package internal/outbox/smtp takes them there.
package outbox
