package onboarding

import (
	"context"
	"time"

	"spidsim/internal/outbox"
	"spidsim/spid"
)

// Package is the activation package of a public counter: half of the code on paper, half by e-mail (ONB-190). Its id is the codice fiscale.
type Package struct {
	FiscalCode spid.FiscalCode `json:"fiscal_code"`
	Half1      string          `json:"half1"` // printed
	Half2      string          `json:"half2"` // e-mailed
	By         string          `json:"by"`    // the clerk
	Issued     time.Time       `json:"issued"`
	Used       bool            `json:"used"`
	Tries      int             `json:"tries"` // that went wrong
}

// packageTries are how many wrong tries a package takes, whatever requests they come from (SEC-55).
const packageTries = 5

// tried notes that somebody entered two halves.
func (p *Package) tried(wrong bool) {
	if wrong {
		p.Tries++
		return
	}
	p.Used = true
}

// halfLength is the length of each half of an activation code.
const halfLength = 6

// Package returns the activation package of a person, or store.ErrNotFound.
func (o *Office) Package(ctx context.Context, code spid.FiscalCode) (*Package, error) {
	return o.packages.Get(ctx, string(code))
}

// IssuePackage is what the clerk of a public counter does after identifying a person: the first half is printed, the second one goes by
// e-mail. A new package replaces the one before.
func (o *Office) IssuePackage(ctx context.Context, who, email, by string) (*Package, error) {
	c, err := o.Citizen(ctx, who)
	if err != nil {
		return nil, err
	}
	if c.MinorOn(o.Today()) {
		return nil, Deny(Minor).At("fiscal_code")
	}
	if c.NoDocument {
		return nil, Deny(DocumentMissing).By("ONB-190").At("document")
	}
	if email == "" {
		email = c.Email
	}
	if !goodAddress(email) {
		return nil, Deny(FieldMissing).By("ONB-190").At("email").Because("email is %q", email)
	}
	p := &Package{FiscalCode: c.FiscalCode, Half1: o.draw(unambiguous, halfLength), Half2: o.draw(unambiguous, halfLength), By: by, Issued: o.Now()}
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		if err := o.packages.Put(ctx, string(c.FiscalCode), p, time.Time{}); err != nil {
			return err
		}
		_, err := o.outbox.Send(ctx, outbox.Message{Channel: outbox.Email, To: email, User: c.Username, Subject: "La seconda metà del codice di attivazione", Code: p.Half2,
			Text: "Ciao " + c.GivenName + ",\nla seconda metà del tuo codice di attivazione è " + p.Half2 + ". La prima metà è sul foglio che ti ha dato l’operatore.\n\n" +
				"In allegato c’è il pacchetto di attivazione: portalo sul sito del gestore che scegli. Non dare le due metà a nessuno."})
		return err
	})
	return p, err
}
