package onboarding

import (
	"context"
	"errors"
	"fmt"
	"time"

	"spidsim/internal/outbox"
	"spidsim/spid"
)

// CheckMeans is the extra check of the portal when somebody comes with another identity than usual (ONB-149): nil when there is nothing to
// confirm, else the request that waits for the code that was mailed. means says what was used, "cie" or "spid poste". The switch is
// Settings.CheckUsualMeans; while it is off, the means is remembered and nothing is asked.
func (o *Office) CheckMeans(ctx context.Context, code spid.FiscalCode, means string) (*LifeRequest, error) {
	s, err := o.Settings(ctx)
	if err != nil {
		return nil, err
	}
	known, err := optional(o.citizens.Get(ctx, string(code)))
	if err != nil {
		return nil, err
	}
	usual := ""
	if known != nil {
		usual = known.UsualMeans
	}
	if usual == means {
		return nil, nil
	}
	c, err := o.Citizen(ctx, string(code))
	var denied *Denied
	if err != nil && !errors.As(err, &denied) {
		return nil, err
	}
	if !s.CheckUsualMeans || usual == "" || denied != nil { // of others than the test people no address is known
		return nil, o.remember(ctx, code, func(c *citizenRecord) { c.UsualMeans = means })
	}
	return o.askMeans(ctx, c, means)
}

func (o *Office) askMeans(ctx context.Context, c Citizen, means string) (*LifeRequest, error) {
	r := &LifeRequest{ID: o.newID(), Kind: OtherMeans, State: LifeWaiting, Asked: o.Now(), Sent: o.Now(), FiscalCode: c.FiscalCode, Means: means,
		Contact: contactEmail, Code: o.draw(digits, 6)}
	text := fmt.Sprintf("Ciao %s,\nsei entrato nel portale in un modo diverso dal solito: %s. Se sei tu, conferma con il codice %s: vale 10 minuti. Se non sei tu, sospendi subito l’identità.",
		c.GivenName, means, r.Code)
	return r, o.db.Atomic(ctx, func(ctx context.Context) error {
		if err := o.Tell(ctx, c, outbox.Email, "Sei tu?", text, r.Code); err != nil {
			return err
		}
		return o.lives.Create(ctx, r.ID, r, time.Time{})
	})
}

// ConfirmMeans takes the code of the extra check; what was used is the usual means from then on (ONB-149).
func (o *Office) ConfirmMeans(ctx context.Context, id, code string) (*LifeRequest, error) {
	return o.answerLife(ctx, id, func(r *LifeRequest) *Denied {
		if r.Kind != OtherMeans {
			return Deny(WrongStep).Because("the request is of kind %s", r.Kind)
		}
		if denied := r.check(code, r.Code, "code", o.Now()); denied != nil {
			return denied.By("ONB-149")
		}
		return nil
	}, func(ctx context.Context, r *LifeRequest) error {
		r.State, r.Done, r.Code = LifeDone, o.Now(), ""
		return o.remember(ctx, r.FiscalCode, func(c *citizenRecord) { c.UsualMeans = r.Means })
	})
}
