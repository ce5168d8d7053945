package idp

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"spidsim/templates"
	"spidsim/templates/ui"
)

func (p *IdP) cardView(ctx context.Context, page ui.Page, l *Login, a *attempt, _ *http.Request) (templ.Component, error) {
	reader, err := p.Reader(ctx, l)
	if err != nil {
		return nil, err
	}
	v := templates.CardView{Ask: p.ask(ctx, page, l), State: cardState(reader.Reason), First: l.CardFirst, Offers: offers(l, reader)}
	v.Useless = reader.Own != nil && slices.Contains(hopeless, reader.Reason) && reader.Card.ID == reader.Own.ID
	if err := p.cardPeople(ctx, page, l, &v); err != nil {
		return nil, err
	}
	if c := reader.Card; c != nil {
		v.Holder, v.CardID, v.PINTries, v.PUKTries = c.Holder, c.ID, c.PINTries, c.PUKTries
		if cert, err := c.X509(); err == nil {
			v.Expires = cert.NotAfter
		}
		if page.Dev() {
			v.PIN, v.PUK = c.PIN, c.PUK
		}
	}
	if a != nil {
		v.Problems, v.Typed = cardProblems(a), a.form.Get("card")
	}
	return templates.Card(page, v), nil
}

// hopeless are the reasons that neither PIN nor PUK can mend.
var hopeless = []Reason{ExpiredCard, RevokedCard, DeadCard, NotEnabledCard}

// cardPeople says whose login it is, or, where the card comes first, whose cards there are.
func (p *IdP) cardPeople(ctx context.Context, page ui.Page, l *Login, v *templates.CardView) (err error) {
	if l.CardFirst {
		if page.Mode != ui.ModeCI {
			v.People, err = p.ciePersonas(ctx, page, "")
		}
		return err
	}
	u, err := p.person(ctx, l.Username)
	if err != nil {
		return fmt.Errorf("user %s: %w", l.Username, err)
	}
	v.Person = u.fullName()
	return nil
}

func cardState(r Reason) templates.CardState {
	state, ok := map[Reason]templates.CardState{
		NoCard: templates.CardEmpty, OtherCard: templates.CardOther, ExpiredCard: templates.CardExpired, RevokedCard: templates.CardRevoked,
		BlockedCard: templates.CardBlocked, DeadCard: templates.CardDead, UnknownCard: templates.CardUnknown, NotEnabledCard: templates.CardNotEnabled,
	}[r]
	if !ok {
		return templates.CardReady
	}
	return state
}

// offers lists the reader's buttons that make sense now.
func offers(l *Login, r *Reader) []string {
	if l.CardFirst {
		if r.Card != nil {
			return []string{"remove"}
		}
		return []string{"other"}
	}
	own := r.Card != nil && r.Own != nil && r.Card.ID == r.Own.ID
	var out []string
	if r.Own != nil && !own {
		out = append(out, "insert")
	}
	if r.Card != nil {
		out = append(out, "remove")
	}
	return append(out, "other", "expired", "revoked")
}

func cardProblems(a *attempt) []templates.Trouble {
	trouble, ok := map[Reason]templates.Trouble{
		NoCard: templates.CardMissing, WrongPIN: templates.PINWrong, WrongPUK: templates.PUKWrong, BadNewPIN: templates.NewPINMalformed,
		NoHolder: templates.HolderUnknown,
	}[a.Reason]
	if a.Reason == Missing {
		trouble, ok = templates.PINMissing, true
	}
	if !ok {
		return nil // the state of the card is the whole page: expired, revoked, blocked, of another person
	}
	return []templates.Trouble{trouble}
}
