package idp

import (
	"context"
	"fmt"

	"spidsim/internal/people"
)

// fixtureSource is User.Source of the invented people of the program.
const fixtureSource = "fixture"

// Seed brings the invented people of the program, who stay as they are when they are there already, and the
// people of the configuration, who replace those of the same name.
func (f *Federation) Seed(ctx context.Context, configured []people.Person) error {
	fixtures, err := people.All()
	if err != nil {
		return fmt.Errorf("the invented people: %w", err)
	}
	return f.store.Atomic(ctx, func(ctx context.Context) error {
		for _, p := range fixtures {
			if _, err := f.AddPerson(ctx, p, fixtureSource, false); err != nil {
				return err
			}
		}
		for _, p := range configured {
			if _, err := f.AddPerson(ctx, p, "config", true); err != nil {
				return err
			}
		}
		return nil
	})
}
