package onboarding

import (
	"spidsim/internal/people"
	"spidsim/spid"
)

// person is the identity that the gestore opens: the test person's data where there is one, and what the request says.
func (e *Enrolment) person(w World) people.Person {
	var p people.Person
	if w.Citizen != nil {
		p = w.Citizen.Person
	}
	place := PlaceOf(e.Form.BirthPlace)
	p.ID, p.Username, p.Password = "", "", ""
	p.FiscalCode, p.FamilyName, p.GivenName = e.FiscalCode, e.FamilyName, e.GivenName
	p.Sex, p.Born, p.BirthPlace, p.BirthCounty = e.Form.Sex, e.Form.Born.String(), e.Form.BirthPlace, place.Province
	p.Email, p.Mobile = e.Contacts.Email, e.Contacts.Mobile
	p.IDCard = e.idCard()
	if e.Form.Street != "" {
		p.Domicile = people.Address{Street: e.Form.Street, PostalCode: e.Form.PostalCode, Municipality: e.Form.City, Province: p.Domicile.Province, Nation: "IT"}
	}
	p.IdentityType, p.Status, p.IdPs = spid.NaturalPerson, people.Active, []string{e.IdP}
	p.ExpirationDate = w.day().AddYears(identityYears).String()
	p.Card, p.PIN, p.PINCode, p.Delegators, p.Children, p.Profiles = "", "", "", nil, nil, nil
	p.Note, p.NoteEnglish = "Identità attivata con la richiesta guidata.", "Identity activated by the assisted request."
	p.Values = nil
	return p
}

// identityYears is how long an identity is good.
const identityYears = 10

// idCard writes the document as the attribute idCard wants it: kind, number, issuer, issue and expiry.
func (e *Enrolment) idCard() string {
	kinds := map[DocumentKind]string{CIE: "cartaIdentita", PaperCard: "cartaIdentita", Passport: "passaporto", Licence: "patenteGuida", Permit: "tesseraRiconoscimento"}
	d := e.Document
	if d.Number == "" {
		return ""
	}
	return kinds[d.Kind] + " " + d.Number + " " + issuer(d.Kind) + " " + d.Issued.String() + " " + d.Expires.String()
}

func issuer(k DocumentKind) string {
	switch k {
	case Passport, Permit:
		return "questuraProva"
	case Licence:
		return "motorizzazioneProva"
	}
	return "comuneProva"
}
