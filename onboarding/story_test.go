package onboarding

import (
	"errors"
	"testing"

	"spidsim/internal/store"
)

func TestONB224OnePersonBeginsAgain(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", newGate())
	b.toModes("poste")
	other, err := b.StartDirect(t.Context(), "poste")
	if err != nil {
		t.Fatal(err)
	}
	code := somebody(t, b, "P01").FiscalCode
	if _, err := b.RevokePIN(t.Context(), "P01", "test"); err != nil {
		t.Fatal(err)
	}
	if err := b.Forget(t.Context(), code); err != nil {
		t.Fatal(err)
	}
	all, err := b.Enrolments(t.Context(), 0)
	if err != nil || len(all) != 1 || all[0].ID != other.ID {
		t.Errorf("%d requests are left (%v), want the other person's alone", len(all), err)
	}
	if p, err := b.pins.Get(t.Context(), string(code)); err != nil || p.Status != PINActive8 {
		t.Errorf("the PIN is %+v (%v), want it as seeded", p, err)
	}
	if err := b.Forget(t.Context(), "RSSMRA80A01H501U"); !isDenied(err, NoSuchPerson) {
		t.Errorf("somebody else: %v, want %s", err, NoSuchPerson)
	}
}

func TestForgetDelegations(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2021-10-04 09:00", newGate())
	delegate := somebody(t, b, "P03")
	if _, err := b.SeedExample(t.Context(), "cap"); err != nil {
		t.Fatal(err)
	}
	if err := b.ForgetDelegations(t.Context(), delegate.FiscalCode); err != nil {
		t.Fatal(err)
	}
	all, err := b.Delegations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.Delegate == delegate.FiscalCode || d.Principal == delegate.FiscalCode {
			t.Errorf("delegation %s of %s is still there", d.ID, d.PrincipalName)
		}
	}
	if len(all) == 0 {
		t.Error("those of other people are gone as well")
	}
}

func TestAVisitIsHandedOnToOneBrowser(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", newGate())
	first, v, err := b.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second, moved, err := b.HandOn(t.Context(), v.ID)
	if err != nil || moved.Enrolment != v.Enrolment || moved.ID == v.ID {
		t.Fatalf("handed on: %+v %v", moved, err)
	}
	if got, err := b.Visit(t.Context(), second); err != nil || got.ID != moved.ID {
		t.Errorf("the new browser has %+v %v", got, err)
	}
	if _, err := b.Visit(t.Context(), first); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the browser before still has the visit: %v", err)
	}
	if _, _, err := b.HandOn(t.Context(), v.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("handed on twice: %v", err)
	}
	if got, err := b.VisitOf(t.Context(), moved.ID); err != nil || got.Enrolment != v.Enrolment {
		t.Errorf("by its id: %+v %v", got, err)
	}
}

func somebody(t *testing.T, b *bureau, who string) Citizen {
	t.Helper()
	c, err := b.Citizen(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
