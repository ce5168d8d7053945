package idp

import (
	"context"
	"slices"
	"time"

	"spidsim/internal/people"
	"spidsim/spid"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// pickerSize keeps the list of people beside the form short; the page of all people has the rest.
const pickerSize = 6

// picker lists people of this gestore, those that show something different first. Picking only prefills.
func (p *IdP) picker(ctx context.Context, page ui.Page, v *templates.LoginView, picked string) error {
	all, err := p.Users(ctx)
	if err != nil {
		return err
	}
	here := slices.DeleteFunc(all, func(u *User) bool { return !u.Has(p.Slug) })
	for i, u := range here {
		here[i] = u.At(p.Slug)
	}
	v.PeopleCount = len(here)
	for _, u := range here {
		if u.Username == normalUsername(picked) {
			v.Username, v.FillPassword = u.Username, u.Password
		}
	}
	if p.Kind == KindCIE {
		v.People, err = p.ciePersonas(ctx, page, v.Username)
		v.People = v.People[:min(pickerSize, len(v.People))]
		return err
	}
	for _, u := range p.variety(here, v.Level, p.now(), pickerSize) {
		v.People = append(v.People, p.persona(u, page.L(), v.Username, v.Level, p.now()))
	}
	return nil
}

// variety picks people of whom each shows something that the ones before do not, those whose login succeeds first.
func (p *IdP) variety(all []*User, asked spid.Level, now time.Time, n int) []*User {
	type kind struct {
		level        spid.Level
		ends         spid.Anomaly
		factor, card string
	}
	seen := map[kind]bool{}
	var first, rest []*User
	for _, u := range all {
		k := kind{level: u.Level(), ends: u.Ends(p.Slug, asked, now), card: u.Card}
		if len(u.SecondFactors) > 0 {
			k.factor = u.SecondFactors[0]
		}
		if seen[k] {
			rest = append(rest, u)
			continue
		}
		seen[k] = true
		first = append(first, u)
	}
	slices.SortStableFunc(first, func(a, b *User) int { return a.trouble(p.Slug, asked, now) - b.trouble(p.Slug, asked, now) })
	list := append(first, rest...)
	return list[:min(n, len(list))]
}

// trouble orders people by how far a login of theirs gets: the least comes first.
func (u *User) trouble(slug string, asked spid.Level, now time.Time) int {
	t := int(u.Ends(slug, asked, now)) * 2
	if u.Card != "" && u.Card != people.CardOK {
		t++
	}
	return t
}

func (p *IdP) persona(u *User, lang, picked string, asked spid.Level, now time.Time) templates.Persona {
	return templates.Persona{
		Username: u.Username, Name: u.fullName(), Level: u.Level(),
		Note: u.NoteIn(lang), Ends: u.Ends(p.Slug, asked, now), Picked: u.Username == picked,
	}
}

// ciePersonas lists who has a CIE; of a card that is not good it says why.
func (p *IdP) ciePersonas(ctx context.Context, page ui.Page, picked string) ([]templates.Persona, error) {
	holders, err := p.CIEHolders(ctx)
	if err != nil {
		return nil, err
	}
	var out []templates.Persona
	for _, h := range holders {
		persona := templates.Persona{Username: h.Username, Name: h.Name, Level: spid.L3, Picked: h.Username == picked}
		if h.State != people.CardOK {
			persona.Note = templates.CardNote(page, h.State)
		}
		if h.State != people.CardOK && h.State != people.CardBlocked { // a blocked one has its PUK, and its credentials of levels 1 and 2
			persona.Ends = spid.IdentityBlocked
		}
		out = append(out, persona)
	}
	return out, nil
}
