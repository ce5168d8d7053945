package idp

import (
	"context"
	"fmt"

	"spidsim/spid"
)

// ResetOnboarding brings the accounts back to the beginning of the course: those that the onboarding opened go, with their cards, and
// the test people have their states, passwords, levels and contacts again (ONB-224). Within a transaction of the store it is a part of it.
func (f *Federation) ResetOnboarding(ctx context.Context) error {
	return f.resetUsers(ctx, func(*User) bool { return true })
}

// ResetPerson is ResetOnboarding for the accounts of one person: a lesson begins with it.
func (f *Federation) ResetPerson(ctx context.Context, code spid.FiscalCode) error {
	return f.resetUsers(ctx, func(u *User) bool { return u.FiscalCode == code })
}

func (f *Federation) resetUsers(ctx context.Context, wanted func(*User) bool) error {
	all, err := f.Users(ctx)
	if err != nil {
		return err
	}
	return f.store.Atomic(ctx, func(ctx context.Context) error {
		for _, u := range all {
			if !wanted(u) {
				continue
			}
			if err := f.resetUser(ctx, u); err != nil {
				return fmt.Errorf("resetting %s: %w", u.Username, err)
			}
		}
		return nil
	})
}

func (f *Federation) resetUser(ctx context.Context, u *User) error {
	if u.Source == SourceOnboarding {
		return f.DeleteUser(ctx, u.Username)
	}
	_, err := f.users.Update(ctx, u.Username, func(u *User) error { u.States = nil; return nil })
	return err
}
