package onboarding

import (
	"context"
	"slices"

	"spidsim/internal/clock"
	"spidsim/spid"
)

// AppRecord is what the institute's app keeps for a person who is inside (ONB-20, ONB-21).
type AppRecord struct {
	Seen       bool     // the tutorial of the first start
	Favourites []string // keys of services, in the order in which they were added
}

// App returns what the app keeps for a person.
func (o *Office) App(ctx context.Context, code spid.FiscalCode) (AppRecord, error) {
	c, err := optional(o.citizens.Get(ctx, string(code)))
	if err != nil || c == nil {
		return AppRecord{}, err
	}
	return AppRecord{Seen: c.AppSeen, Favourites: slices.Clone(c.Favourites)}, nil
}

// SeeApp notes that a person saw the tutorial of the app (ONB-20).
func (o *Office) SeeApp(ctx context.Context, code spid.FiscalCode) error {
	return o.remember(ctx, code, func(c *citizenRecord) { c.AppSeen = true })
}

// Favourite puts a service among a person's favourites, or takes it out when it is there (ONB-21).
func (o *Office) Favourite(ctx context.Context, code spid.FiscalCode, key string) error {
	return o.remember(ctx, code, func(c *citizenRecord) {
		if i := slices.Index(c.Favourites, key); i >= 0 {
			c.Favourites = slices.Delete(slices.Clone(c.Favourites), i, i+1)
			return
		}
		c.Favourites = append(slices.Clone(c.Favourites), key)
	})
}

// GestoriOn returns the gestori that are in the list on a day, whatever day it is now (ONB-200).
func (o *Office) GestoriOn(day clock.Day) []Provider {
	return slices.DeleteFunc(slices.Clone(o.cfg.Gestori), func(g Provider) bool { return !g.ActiveOn(day) })
}
