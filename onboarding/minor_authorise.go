package onboarding

import (
	"context"
	"errors"
	"fmt"
	"time"

	"spidsim/internal/outbox"
	"spidsim/spid"
)

// AuthorisationState is where a parental authorisation is (ONB-185).
type AuthorisationState string

// States of an authorisation.
const (
	AuthorisationChild   AuthorisationState = "child"  // the child has to confirm that it asks
	AuthorisationParent  AuthorisationState = "parent" // the parent has been told and has to decide
	AuthorisationAllowed AuthorisationState = "allowed"
	AuthorisationDenied  AuthorisationState = "denied"
	AuthorisationLapsed  AuthorisationState = "lapsed" // nobody answered in time
)

// Waits reports whether somebody still has to answer.
func (s AuthorisationState) Waits() bool {
	return s == AuthorisationChild || s == AuthorisationParent
}

// Authorisation is a parent's word on one login of a minor at a service that asks for it (ONB-185).
type Authorisation struct {
	ID         string             `json:"id"`
	State      AuthorisationState `json:"state"`
	Username   string             `json:"username"` // of the minor
	FiscalCode spid.FiscalCode    `json:"fiscal_code"`
	Name       string             `json:"name"`
	Slug       string             `json:"idp"`
	Parent     spid.FiscalCode    `json:"parent"`
	Service    string             `json:"service"` // as shown
	Kind       ServiceKind        `json:"kind"`
	Asked      time.Time          `json:"asked"`
	Until      time.Time          `json:"until"` // then it lapses
	Decided    time.Time          `json:"decided,omitzero"`
}

// authorisationLife is how long a parent may take.
const authorisationLife = time.Hour

// AskAuthorisation begins the authorisation of a minor's login at a service (ONB-185): the child is asked to confirm. Services that the
// age does not allow are refused at once (ONB-183); adults need nobody's word: store nothing, RSN-STEP.
func (o *Office) AskAuthorisation(ctx context.Context, username, slug, service string, kind ServiceKind) (*Authorisation, error) {
	i, err := o.Identity(ctx, username, slug)
	if err != nil {
		return nil, err
	}
	if !i.Usable() {
		return nil, Deny(IdentityEnded).By("ONB-185").Because("the identity is %s", i.Status)
	}
	g, err := o.guardianOf(ctx, i)
	if err != nil {
		return nil, err
	}
	if g == nil {
		return nil, Deny(WrongStep).By("ONB-187").Because("the identity is an ordinary one")
	}
	if denied := MayUse(kind, g.Age, o.Today()); denied != nil {
		return nil, denied
	}
	a := &Authorisation{ID: o.newID(), State: AuthorisationChild, Username: i.Username, FiscalCode: i.FiscalCode, Name: i.Name, Slug: slug,
		Parent: g.Parent.FiscalCode, Service: service, Kind: kind, Asked: o.Now(), Until: o.Now().Add(authorisationLife)}
	return a, o.authorisations.Create(ctx, a.ID, a, time.Time{})
}

// Authorisation returns an authorisation as it stands now, or store.ErrNotFound: one that nobody answered in time has lapsed.
func (o *Office) Authorisation(ctx context.Context, id string) (*Authorisation, error) {
	a, err := o.authorisations.Get(ctx, id)
	if err == nil && a.State.Waits() && !o.Now().Before(a.Until) {
		a.State = AuthorisationLapsed
	}
	return a, err
}

// AuthorisationsOf returns what waits for a parent, newest first.
func (o *Office) AuthorisationsOf(ctx context.Context, parent spid.FiscalCode) ([]*Authorisation, error) {
	all, err := collect(ctx, o.authorisations, 0)
	var out []*Authorisation
	for _, a := range all {
		if a.Parent == parent && a.State == AuthorisationParent && o.Now().Before(a.Until) {
			out = append(out, a)
		}
	}
	return out, err
}

// ConfirmAuthorisation is the child's answer: yes tells the parent, no ends it (ONB-185). The face has proved that it is the child.
func (o *Office) ConfirmAuthorisation(ctx context.Context, id string, yes bool) (*Authorisation, error) {
	to := AuthorisationParent
	if !yes {
		to = AuthorisationDenied
	}
	var a *Authorisation
	err := o.db.Atomic(ctx, func(ctx context.Context) (err error) {
		if a, err = o.moveAuthorisation(ctx, id, AuthorisationChild, to); err != nil || !yes {
			return err
		}
		return o.askParent(ctx, a)
	})
	return a, err
}

func (o *Office) askParent(ctx context.Context, a *Authorisation) error {
	parent, err := o.Citizen(ctx, string(a.Parent))
	if err != nil {
		return err
	}
	text := fmt.Sprintf("Ciao %s,\n%s vuole entrare in %s con SPID. Entra sul sito del gestore e di’ sì o no. Dopo un’ora la richiesta scade.", parent.GivenName, a.Name, a.Service)
	_, err = o.outbox.Send(ctx, outbox.Message{Channel: outbox.Email, To: parent.Email, User: parent.Username, IdP: a.Slug, Subject: "Serve la tua autorizzazione", Text: text})
	return err
}

// DecideAuthorisation is the parent's answer (ONB-185), after a login at the gestore, or the operator's.
func (o *Office) DecideAuthorisation(ctx context.Context, h Holder, id string, allow bool) (*Authorisation, error) {
	a, err := o.authorisations.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if !h.Operator && (h.FiscalCode != a.Parent || h.Slug != a.Slug) {
		return nil, Deny(NotParent).By("ONB-185")
	}
	to := AuthorisationDenied
	if allow {
		to = AuthorisationAllowed
	}
	return o.moveAuthorisation(ctx, id, AuthorisationParent, to)
}

func (o *Office) moveAuthorisation(ctx context.Context, id string, from, to AuthorisationState) (*Authorisation, error) {
	return o.authorisations.Update(ctx, id, func(a *Authorisation) error {
		if a.State != from || !o.Now().Before(a.Until) {
			return Deny(WrongStep).By("ONB-185").Because("the authorisation is %s until %s, want %s", a.State, a.Until.Format(time.RFC3339), from)
		}
		a.State = to
		if to != AuthorisationParent {
			a.Decided = o.Now()
		}
		return nil
	})
}

// CheckAge answers a service's limit of age with yes or no; the date of birth stays at the gestore (ONB-185).
func (o *Office) CheckAge(ctx context.Context, username, slug string, years int) (bool, error) {
	i, err := o.Identity(ctx, username, slug)
	if err != nil {
		return false, err
	}
	c, err := o.citizenOf(ctx, i)
	return err == nil && c.AtLeast(years, o.Today()), err
}

// MinorMayUse says whether the holder of an identity may use a kind of service at today's age (ONB-183); adults may use all.
func (o *Office) MinorMayUse(ctx context.Context, code spid.FiscalCode, kind ServiceKind) error {
	c, err := o.Citizen(ctx, string(code))
	var denied *Denied
	if errors.As(err, &denied) {
		return nil
	}
	if err != nil || !c.MinorOn(o.Today()) {
		return err
	}
	if denied := MayUse(kind, c.AgeOn(o.Today()), o.Today()); denied != nil {
		return denied
	}
	return nil
}
