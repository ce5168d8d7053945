package onboarding

import (
	"context"
	"errors"
	"fmt"

	"spidsim/internal/clock"
)

// onlineFloor is for how many days a delegation registered online cannot be revoked online (ONB-174).
const onlineFloor = 30

// RevokeOnline ends a delegation as its principal does it in MyINPS (ONB-170, ONB-174); a candidate calls off a video meeting with it. RSN-MEANS, RSN-LEVEL, RSN-DLG-NONE, RSN-DLG-PROTECTED, RSN-DLG-30D.
func (o *Office) RevokeOnline(ctx context.Context, v *Visit, id string) (*Delegation, error) {
	if denied := v.weak(); denied != nil {
		return nil, denied
	}
	c, err := o.Citizen(ctx, string(v.FiscalCode))
	if err != nil {
		return nil, err
	}
	return o.revokeDelegation(ctx, id, v.Name, func(d *Delegation) error {
		switch floor := clock.DayOf(d.Registered).AddDays(onlineFloor); {
		case d.State == DelegationDraft && d.Delegate == v.FiscalCode:
			return nil
		case d.Principal != v.FiscalCode || v.ActingFor != "":
			return Deny(DelegateNone).By("ONB-170").Because("only the principal revokes it")
		case d.guarded(c, o.Today()):
			return Deny(DelegateProtect)
		case d.Channel == ByOnline && d.State == DelegationActive && o.Today().Before(floor):
			return Deny(Delegate30d).Because("online from %s", floor)
		}
		return nil
	})
}

// Revocation is a delegation that is ended at a counter.
type Revocation struct {
	Applicant string `json:"applicant"` // principal or delegate; "" = the principal
	By        string `json:"by"`        // the clerk
}

// RevokeAtCounter ends a delegation at the counter, where no floor of days holds (ONB-174). The delegate may give it up; a protected
// principal does not end it (ONB-170). RSN-DLG-PROTECTED, RSN-DLG-NONE.
func (o *Office) RevokeAtCounter(ctx context.Context, id string, in Revocation) (*Delegation, error) {
	d, err := o.Delegation(ctx, id)
	if err != nil {
		return nil, err
	}
	principal, err := o.Citizen(ctx, string(d.Principal))
	if err != nil {
		return nil, err
	}
	applicant := principal
	if in.Applicant != "" {
		if applicant, err = o.Citizen(ctx, in.Applicant); err != nil {
			return nil, fieldOf(err, "applicant")
		}
	}
	return o.revokeDelegation(ctx, id, in.By, func(d *Delegation) error {
		switch applicant.FiscalCode {
		case d.Delegate:
			return nil
		case d.Principal:
			if d.guarded(principal, o.Today()) {
				return Deny(DelegateProtect)
			}
			return nil
		}
		return Deny(DelegateNone).By("ONB-170").At("applicant")
	})
}

// guarded reports whether the principal has no say: somebody represents them by law.
func (d *Delegation) guarded(principal Citizen, today clock.Day) bool {
	return d.Kind.Representative() || principal.Protected() || principal.MinorOn(today)
}

func (o *Office) revokeDelegation(ctx context.Context, id, by string, allowed func(*Delegation) error) (*Delegation, error) {
	return o.changeDelegation(ctx, id, func(d *Delegation) error {
		if err := allowed(d); err != nil {
			return err
		}
		if d.State == DelegationRevoked || d.State == DelegationExpired {
			return Deny(WrongStep).By("ONB-178").Because("the delegation is %s", d.State)
		}
		d.end(DelegationRevoked, by, o.Now())
		return nil
	})
}

// tellBoth writes to both parties, where a contact is known (ONB-169).
func (o *Office) tellBoth(ctx context.Context, d *Delegation) error {
	for _, to := range []struct{ who, other string }{{string(d.Principal), d.DelegateName}, {string(d.Delegate), d.PrincipalName}} {
		c, err := o.Citizen(ctx, to.who)
		var denied *Denied
		if errors.As(err, &denied) { // no longer among the test people
			continue
		}
		if err != nil {
			return err
		}
		if err := o.tell(ctx, c, d.notice(c, to.other)); err != nil {
			return err
		}
	}
	return nil
}

// tell sends a message to the certified mailbox, the e-mail address or the mobile number of somebody, the first that is known.
func (o *Office) tell(ctx context.Context, c Citizen, text string) error {
	for _, address := range []string{c.DigitalAddress, c.Email, c.Mobile} {
		if address != "" {
			_, err := o.outbox.Send(ctx, contactOf(address).message(c, "Delega di identità digitale", text, ""))
			return err
		}
	}
	return nil
}

// notice is what one of the parties reads.
func (d *Delegation) notice(c Citizen, other string) string {
	mine := c.FiscalCode == d.Principal
	what := ""
	switch d.State {
	case DelegationActive:
		what = "la delega è attiva. Ora puoi operare per " + other + ", con la tua identità digitale."
		if mine {
			what = "la delega è attiva. " + other + " può operare per te, con la sua identità digitale."
		}
		if !d.Until.IsZero() {
			what += " Vale fino a " + Words(d.Until) + "."
		}
	case DelegationVerifying:
		what = "abbiamo ricevuto la delega con " + other + ". La controlliamo con l’autorità competente: ti scriviamo quando è attiva."
	case DelegationRevoked:
		what = "la delega con " + other + " è finita. Se non te l’aspettavi, vai a uno sportello."
	}
	return fmt.Sprintf("Ciao %s, %s", c.GivenName, what)
}

// fieldOf names the field at fault of a denial.
func fieldOf(err error, field string) error {
	var denied *Denied
	if errors.As(err, &denied) {
		return denied.At(field)
	}
	return err
}
