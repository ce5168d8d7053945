package onboarding

import (
	"context"
	"fmt"
	"strings"
	"time"

	"spidsim/internal/outbox"
)

// PINLoss is somebody who does not know the PIN any more (ONB-36).
type PINLoss struct {
	FiscalCode string `json:"fiscal_code"`
	Contact    string `json:"contact"`   // one of the recorded ones: e-mail address or mobile number
	Forgotten  bool   `json:"forgotten"` // no contact is remembered: the PIN is revoked
	By         string `json:"by"`        // the clerk, where one helps
}

// resetLife is how long the link of a reset is good (design).
const resetLife = 24 * time.Hour

// LosePIN sends a link to the recorded contact that the person names. Without any remembered contact the PIN is revoked, and asked for
// again where new PINs are issued (ONB-36, ONB-37). RSN-PIN-CONTACT.
func (o *Office) LosePIN(ctx context.Context, l PINLoss) (*PINFile, error) {
	token := o.draw(unambiguous, wholePIN)
	return o.changePIN(ctx, l.FiscalCode, func(p *PIN, w pinWorld) ([]outbox.Message, error) {
		if l.Forgotten {
			p.revoke(l.By, w.now)
			return nil, nil
		}
		known := p.contacts(w.citizen)
		i := indexContact(known, l.Contact)
		switch {
		case i < 0:
			return nil, Deny(PINNoContact).At("contact").Because("not among the %d recorded contacts", len(known))
		case len(known) < 2:
			return nil, Deny(PINNoContact).At("contact").Because("the new PIN needs two channels: add a contact through the contact centre")
		}
		p.Reset, p.ResetUntil = digest(string(p.FiscalCode), token), w.now.Add(resetLife)
		p.note("lost", l.By, w.now)
		text := fmt.Sprintf("Ciao %s, per avere un nuovo PIN apri il collegamento con questo codice: %s. Vale 24 ore. Se non l’hai chiesto tu, ignora il messaggio.",
			w.citizen.GivenName, Fours(token))
		return []outbox.Message{known[i].message(w.citizen, "PIN smarrito", text, token)}, nil
	})
}

// ResetPIN follows the link of LosePIN: 8 new characters arrive on one channel and 8 on another, and the PIN is as at its first use
// (ONB-36). A link works once. RSN-CODE-WRONG, RSN-CODE-EXPIRED.
func (o *Office) ResetPIN(ctx context.Context, fiscalCode, token string) (*PINFile, error) {
	code := o.draw(unambiguous, wholePIN)
	return o.changePIN(ctx, fiscalCode, func(p *PIN, w pinWorld) ([]outbox.Message, error) {
		switch {
		case p.Reset == "" || p.Reset != digest(string(p.FiscalCode), normalCode(token)):
			return nil, Deny(ContactWrong).By("ONB-36").At("token")
		case w.now.After(p.ResetUntil):
			return nil, Deny(ContactExpired).By("ONB-36").At("token").Because("the link was good until %s", p.ResetUntil.Format(time.RFC3339))
		}
		known := p.contacts(w.citizen)
		if len(known) < 2 {
			return nil, Deny(PINNoContact).Because("the new PIN needs two channels")
		}
		p.Code, p.Status, p.Reset = code, PINIssued16, ""
		p.note("reset", "", w.now)
		return []outbox.Message{halfMessage(known[0], w.citizen, 1, code[:halfPIN]), halfMessage(known[1], w.citizen, 2, code[halfPIN:])}, nil
	})
}

// AddContact records another contact of a person, as the contact centre does for who has only one (ONB-36).
func (o *Office) AddContact(ctx context.Context, who, address, by string) (*PINFile, error) {
	address = strings.TrimSpace(address)
	if !goodAddress(address) && !mobileForm.MatchString(address) {
		return nil, Deny(FieldMissing).By("ONB-36").At("contact").Because("%q is neither an e-mail address nor a mobile number", address)
	}
	return o.changePIN(ctx, who, func(p *PIN, w pinWorld) ([]outbox.Message, error) {
		if indexContact(p.contacts(w.citizen), address) < 0 {
			p.Contacts = append(p.Contacts, address)
			p.note("contact", by, w.now)
		}
		return nil, nil
	})
}

// contact is a recorded address and the channel by which it is reached.
type contact struct{ channel, address string }

func contactOf(address string) contact {
	if strings.Contains(address, "@") {
		return contact{outbox.Email, address}
	}
	return contact{outbox.SMS, address}
}

// contacts returns the recorded contacts of the person, one of each channel first: mobile number, e-mail, certified mailbox, and what the
// contact centre added.
func (p *PIN) contacts(c Citizen) []contact {
	var known []contact
	for _, address := range append([]string{c.Mobile, c.Email, c.DigitalAddress}, p.Contacts...) {
		if address != "" {
			known = append(known, contactOf(address))
		}
	}
	return known
}

// indexContact finds an address, in any letter case and with or without blanks.
func indexContact(known []contact, address string) int {
	typed := strings.ReplaceAll(address, " ", "")
	for i, k := range known {
		if typed != "" && strings.EqualFold(strings.ReplaceAll(k.address, " ", ""), typed) {
			return i
		}
	}
	return -1
}

func (k contact) message(c Citizen, subject, text, code string) outbox.Message {
	m := outbox.Message{Channel: k.channel, To: k.address, User: c.Username, Subject: subject, Text: text, Code: code}
	if k.channel == outbox.SMS {
		m.Subject = ""
	}
	return m
}

// halfMessage carries one half of a PIN.
func halfMessage(k contact, c Citizen, half int, code string) outbox.Message {
	which := map[int]string{1: "prima", 2: "seconda"}[half]
	text := fmt.Sprintf("Ciao %s, la %s metà del tuo PIN è %s. Non darla a nessuno.", c.GivenName, which, code)
	return k.message(c, "La "+which+" metà del tuo PIN", text, code)
}
