package onboarding

import (
	"context"
	"errors"
	"slices"
	"time"

	"spidsim/internal/store"
)

// seedDelegations registers those for whom the test people act, from the day on which offices do (ONB-61). What was seeded once is not
// seeded again: it may have been revoked.
func (o *Office) seedDelegations(ctx context.Context, list []Citizen) error {
	if o.Today().Before(OfficeDelegates) {
		return nil
	}
	for _, delegate := range list {
		for _, name := range delegate.Delegators {
			i := slices.IndexFunc(list, func(c Citizen) bool { return c.Username == name })
			if i < 0 || list[i].FiscalCode == delegate.FiscalCode {
				continue
			}
			if err := o.seedDelegation(ctx, pair{list[i], delegate}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *Office) seedDelegation(ctx context.Context, p pair) error {
	id := "seed-" + string(p.principal.FiscalCode)
	switch _, err := o.delegations.Get(ctx, id); {
	case err == nil:
		return nil
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	other, err := o.liveOf(ctx, p.principal.FiscalCode)
	if err != nil || other != nil {
		return err
	}
	return o.example(ctx, p, id)
}

// example stores an active delegation of the office without asking whether the rules of the day would let it be registered.
func (o *Office) example(ctx context.Context, p pair, id string) error {
	d := o.delegation(Registration{Kind: kindOf(p)}, p, ByOffice)
	d.ID, d.State, d.By = id, DelegationActive, "seed"
	d.Created, d.Registered = OfficeDelegates.At(10, 0), OfficeDelegates.At(10, 0)
	d.Form, d.Papers = AA09, papersOf[AA09].papers
	if d.Kind.Representative() {
		d.Form, d.Papers = AA10, []Paper{Proof}
	}
	s := Settings{DelegationCap: "5"}
	if err := o.seat(ctx, d, p.delegate, s); err != nil {
		return err
	}
	return o.delegations.Put(ctx, d.ID, d, time.Time{})
}

// kindOf follows from what the people say of themselves.
func kindOf(p pair) DelegationKind {
	switch {
	case p.principal.Protection == "tutela":
		return Guardian
	case p.principal.Protection == "curatela":
		return Curator
	case p.principal.Protected(), p.delegate.Representative:
		return Administrator
	case slices.Contains(p.delegate.Children, p.principal.Username):
		return ParentKind
	}
	return TrustedPerson
}

// examples are the ready-made combinations of section 12: the delegate, and for whom that person acts.
var examples = map[string]struct {
	delegate   string
	principals []string
}{
	"cap":    {"P03", []string{"P02", "P01", "P04", "P16", "P17"}},        // five: a sixth is refused (ONB-163)
	"exempt": {"P13", []string{"P12", "P10", "P11", "P14", "P20", "P21"}}, // six: the cap does not hold
	"aa09":   {"P03", nil},                                                // P02 without a delegate, to be registered with AA09
}

// Examples returns the names of the ready-made combinations.
func Examples() []string { return []string{"cap", "exempt", "aa09"} }

// SeedExample sets up a ready-made combination of section 12: "cap", P03 with five active delegations; "exempt", P13 with six; "aa09",
// P02 without a delegate. What is live for these people and does not belong to it is revoked. RSN-FIELD for another name, RSN-DLG-DATE
// before there are delegations, RSN-PERSON where the personas are not among the test people.
func (o *Office) SeedExample(ctx context.Context, name string) ([]*Delegation, error) {
	example, ok := examples[name]
	switch {
	case !ok:
		return nil, Deny(FieldMissing).By("ONB-163").At("example").Because("example is %q, want one of %q", name, Examples())
	case o.Today().Before(OfficeDelegates):
		return nil, Deny(DelegateDate).By("ONB-61")
	}
	delegate, err := o.Citizen(ctx, example.delegate)
	if err != nil {
		return nil, err
	}
	var made []*Delegation
	err = o.contend(ctx, func(ctx context.Context) error {
		if err := o.unseat(ctx, delegate); err != nil {
			return err
		}
		made = nil
		for _, who := range example.principals {
			d, err := o.exampleOf(ctx, who, delegate)
			if err != nil {
				return err
			}
			made = append(made, d)
		}
		return nil
	})
	return made, err
}

// unseat ends what is live for a delegate.
func (o *Office) unseat(ctx context.Context, delegate Citizen) error {
	all, err := o.delegationsWhere(ctx, func(d *Delegation) bool { return d.Delegate == delegate.FiscalCode })
	if err != nil {
		return err
	}
	for _, d := range all {
		if err := o.withdraw(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

func (o *Office) withdraw(ctx context.Context, d *Delegation) error {
	if !d.Live() {
		return nil
	}
	_, err := o.delegations.Update(ctx, d.ID, func(d *Delegation) error {
		d.end(DelegationRevoked, "seed", o.Now())
		return nil
	})
	return err
}

func (o *Office) exampleOf(ctx context.Context, who string, delegate Citizen) (*Delegation, error) {
	principal, err := o.Citizen(ctx, who)
	if err != nil {
		return nil, err
	}
	other, err := o.liveOf(ctx, principal.FiscalCode)
	if err != nil {
		return nil, err
	}
	if other != nil {
		if err := o.withdraw(ctx, other); err != nil {
			return nil, err
		}
	}
	id := o.newID()
	if err := o.example(ctx, pair{principal, delegate}, id); err != nil {
		return nil, err
	}
	return o.Delegation(ctx, id)
}
