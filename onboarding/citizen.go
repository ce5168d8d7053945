package onboarding

import (
	"slices"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/people"
)

// Profile is in which capacity somebody comes to the institute (ONB-56).
type Profile string

// Profiles. Everybody has that of a citizen.
const (
	CitizenProfile Profile = "citizen"
	Company        Profile = "company"
	Intermediary   Profile = "intermediary"
	Association    Profile = "association"
	Administration Profile = "administration"
	Professional   Profile = "professional"
	Doctor         Profile = "doctor"
	Lawyer         Profile = "lawyer"
)

// Profiles returns all profiles, that of a citizen first.
func Profiles() []Profile {
	return []Profile{CitizenProfile, Company, Intermediary, Association, Administration, Professional, Doctor, Lawyer}
}

// Citizen is what the institute and the gestori know of an invented person, beside what they hold.
type Citizen struct {
	people.Person
	Birthday clock.Day // zero when it is not known
}

// CitizenOf reads a person.
func CitizenOf(p people.Person) Citizen {
	c := Citizen{Person: p}
	if day, err := clock.ParseDay(p.Born); err == nil {
		c.Birthday = day
	}
	return c
}

// AgeOn returns the completed years on a day in Italy; 0 when the birthday is not known.
func (c Citizen) AgeOn(day clock.Day) int {
	if c.Birthday.IsZero() || day.Before(c.Birthday) {
		return 0
	}
	years := day.Year - c.Birthday.Year
	if day.Before(c.Birthday.AddYears(years)) {
		years--
	}
	return years
}

// MinorOn reports whether the person is under 18 on a day.
func (c Citizen) MinorOn(day clock.Day) bool { return !c.Birthday.IsZero() && c.AgeOn(day) < adult }

const adult = 18

// HasProfile reports whether the person may come in that capacity.
func (c Citizen) HasProfile(p Profile) bool {
	return p == CitizenProfile || slices.Contains(c.Profiles, string(p))
}

// Protected reports whether somebody else decides for the person: tutela, curatela, amministrazione di sostegno.
func (c Citizen) Protected() bool { return c.Protection != "" || c.Represented }

// KeepsPIN reports whether the person keeps a PIN after the end (ONB-57).
func (c Citizen) KeepsPIN() bool { return c.ResidentAbroad && c.NoDocument }

// CannotHaveSPID reports whether the person belongs to those whom no gestore can identify (ONB-52).
func (c Citizen) CannotHaveSPID(day clock.Day) bool {
	return c.MinorOn(day) || c.NoDocument || c.Protected()
}

// Has reports whether the person owns what a way to be identified needs (ONB-130). People of whom nothing is said own everything.
func (c Citizen) Has(m Means) bool { return c.Owns == nil || slices.Contains(c.Owns, string(m)) }

// Document is a drawn identity document of a person (ONB-102). Its dates follow the simulated date, so that it is good whenever the lesson plays.
type Document struct {
	Kind    DocumentKind `json:"kind"`
	Number  string       `json:"number"`
	Issued  clock.Day    `json:"issued"`
	Expires clock.Day    `json:"expires"`
}

// DocumentKind is a kind of identity document.
type DocumentKind string

// Kinds of document that the gestori accept (ONB-102).
const (
	CIE       DocumentKind = "cie"
	PaperCard DocumentKind = "paper"
	Passport  DocumentKind = "passport"
	Licence   DocumentKind = "licence"
	Permit    DocumentKind = "permit" // of residence
)

// DocumentKinds returns all kinds.
func DocumentKinds() []DocumentKind { return []DocumentKind{CIE, PaperCard, Passport, Licence, Permit} }

// Documents returns the drawn documents of the person on a day: one of each kind that is good, and an identity card that has expired.
func (c Citizen) Documents(day clock.Day) []Document {
	if c.NoDocument {
		return nil
	}
	card, other := c.number("ZZ%05dZZ"), c.number("ZZ%07d")
	issued := clock.Date(day.Year-3, time.March, 19)
	old := clock.Date(day.Year-11, time.March, 19)
	return []Document{
		{CIE, card, issued, issued.AddYears(10)},
		{Passport, other, issued, issued.AddYears(10)},
		{Licence, c.number("ZZ%05dL"), issued, issued.AddYears(5)},
		{PaperCard, c.number("ZZ%05dC"), old, old.AddYears(10)},
	}
}

// Outdated reports whether the document is no longer good on a day.
func (d Document) Outdated(day clock.Day) bool { return !d.Expires.IsZero() && d.Expires.Before(day) }

// number writes an invented number: the persona's own, else one that follows from the codice fiscale.
func (c Citizen) number(format string) string { return sprintNumber(format, c.ID, c.FiscalCode) }

// Name is given name and surname for people to read.
func (c Citizen) Name() string { return c.Person.Name() }

// holdsCIE and holdsCNS report whether the person has a card that works online (ONB-10).
func (c Citizen) holdsCIE() bool { return c.CIE == people.CardOK }
func (c Citizen) holdsCNS() bool { return c.CNS == people.CardOK }
