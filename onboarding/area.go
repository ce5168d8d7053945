package onboarding

import (
	"context"
	"time"
)

// Area is somebody inside the pages of their own identity at a gestore (OSC-32). Its id is the SHA-256 of the cookie.
type Area struct {
	ID       string    `json:"id"`
	Slug     string    `json:"idp"`
	Username string    `json:"username"`
	Level    int       `json:"level"` // 1 by password, 2 with a code as well
	Since    time.Time `json:"since"`
}

// areaLife is how long the pages of an identity stay open.
const areaLife = 15 * time.Minute

// EnterArea opens the area of an identity for a browser, after the gestore proved the person. The secret is for the cookie.
func (o *Office) EnterArea(ctx context.Context, slug, username string, level int) (secret string, err error) {
	secret = o.NewSecret()
	a := &Area{ID: digest(secret), Slug: slug, Username: username, Level: level, Since: o.Now()}
	return secret, o.areas.Create(ctx, a.ID, a, o.Now().Add(areaLife))
}

// RaiseArea notes that the second factor was proved as well. The area moves to a new secret, and the one before is worth nothing (SEC-49).
func (o *Office) RaiseArea(ctx context.Context, secret string) (string, error) {
	next := o.NewSecret()
	return next, o.db.Atomic(ctx, func(ctx context.Context) error {
		a, err := o.areas.Get(ctx, digest(secret))
		if err != nil {
			return err
		}
		if err := o.areas.Delete(ctx, a.ID); err != nil {
			return err
		}
		a.ID, a.Level = digest(next), 2
		return o.areas.Create(ctx, a.ID, a, a.Since.Add(areaLife))
	})
}

// Area returns who is inside at a gestore, or store.ErrNotFound.
func (o *Office) Area(ctx context.Context, secret string) (*Area, error) {
	return o.areas.Get(ctx, digest(secret))
}

// LeaveArea closes the area.
func (o *Office) LeaveArea(ctx context.Context, secret string) error {
	return o.areas.Delete(ctx, digest(secret))
}
