package people

import (
	"strings"

	"spidsim/spid"
)

// Attributes returns the values of the person's identity as they stand on the wire: prefixes TINIT- and VATIT- put
// before (ATT-20), the telephone number national and without blanks (ATT-22), dates as 2006-01-02. spidCode is the
// code of the identity, which each gestore gives anew. An attribute that the identity does not have, or that its
// type does not foresee, is left out (ATT-03). Values wins over everything else.
func (p Person) Attributes(spidCode string) spid.Attributes {
	out := spid.Attributes{}
	for name, value := range p.wire(spidCode) {
		if value != "" && foreseen(name, p.IdentityType) {
			out[name] = value
		}
	}
	for name, value := range p.Values {
		if value == "" {
			delete(out, name)
		} else {
			out[name] = value
		}
	}
	return out
}

func (p Person) wire(spidCode string) map[string]string {
	return map[string]string{
		"spidCode":              spidCode,
		"name":                  p.GivenName,
		"familyName":            p.FamilyName,
		"placeOfBirth":          p.BirthPlace,
		"countyOfBirth":         p.BirthCounty,
		"dateOfBirth":           p.Born,
		"gender":                p.Sex,
		"companyName":           p.Company.Name,
		"registeredOffice":      p.Company.RegisteredOffice,
		"fiscalNumber":          prefixed(spid.PrefixTIN, string(p.FiscalCode)),
		"companyFiscalNumber":   prefixed(spid.PrefixTIN, string(p.Company.FiscalCode)),
		"ivaCode":               prefixed(spid.PrefixVAT, p.Company.VATNumber),
		"idCard":                p.IDCard,
		"mobilePhone":           national(p.Mobile),
		"email":                 p.Email,
		"address":               p.Domicile.line(),
		"domicileStreetAddress": p.Domicile.Street,
		"domicilePostalCode":    p.Domicile.PostalCode,
		"domicileMunicipality":  p.Domicile.Municipality,
		"domicileProvince":      p.Domicile.Province,
		"domicileNation":        p.Domicile.Nation,
		"digitalAddress":        p.DigitalAddress,
		"expirationDate":        p.ExpirationDate,
	}
}

// foreseen says which attributes an identity of that type may have (attributes.md section 2): one of a legal person has
// nothing of a human being, one without a company has nothing of a company, bar a partita IVA (ATT-26).
func foreseen(name string, t spid.IdentityType) bool {
	switch name {
	case "companyName", "registeredOffice", "companyFiscalNumber":
		return t == spid.LegalPerson || t == spid.ProfessionalLegal
	case "spidCode", "ivaCode", "mobilePhone", "email", "address", "digitalAddress", "expirationDate":
		return true
	}
	return t != spid.LegalPerson
}

func prefixed(prefix, value string) string {
	if value == "" || strings.HasPrefix(value, prefix) {
		return value
	}
	return prefix + value
}

// national drops blanks and the Italian prefix; a foreign number keeps its +.
func national(phone string) string {
	digits := strings.ReplaceAll(phone, " ", "")
	return strings.TrimPrefix(digits, "+39")
}

// line is the address in one string, as the superseded attribute has it: street, number, CAP, place, province.
func (a Address) line() string {
	return strings.Join(strings.Fields(strings.Join([]string{a.Street, a.PostalCode, a.Municipality, a.Province}, " ")), " ")
}
