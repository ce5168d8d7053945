package spid

import (
	"slices"
	"strings"
)

// IdentityType is what kind of digital identity somebody uses (PUR-01).
type IdentityType int

// The four types.
const (
	NaturalPerson       IdentityType = 1 // persona fisica
	LegalPerson         IdentityType = 2 // persona giuridica
	ProfessionalNatural IdentityType = 3 // uso professionale della persona fisica
	ProfessionalLegal   IdentityType = 4 // uso professionale per la persona giuridica
)

// Names returns what the type is called, "" twice for a type that does not exist.
func (t IdentityType) Names() (italian, english string) {
	switch t {
	case NaturalPerson:
		return "persona fisica", "natural person"
	case LegalPerson:
		return "persona giuridica", "legal person"
	case ProfessionalNatural:
		return "uso professionale della persona fisica", "professional use of a natural person"
	case ProfessionalLegal:
		return "uso professionale per la persona giuridica", "professional use for a legal person"
	}
	return "", ""
}

// Purpose is the text of spid:Purpose in the Extensions of an AuthnRequest; "" stands for its absence.
type Purpose string

// accepted holds the types that a purpose lets in (PUR-02).
var accepted = map[Purpose][]IdentityType{
	"":   {NaturalPerson, ProfessionalNatural},
	"P":  {ProfessionalNatural, ProfessionalLegal},
	"LP": {LegalPerson, ProfessionalLegal},
	"PG": {ProfessionalLegal},
	"PF": {ProfessionalNatural},
	"PX": {LegalPerson, ProfessionalNatural, ProfessionalLegal},
}

// ParsePurpose reads the text of a spid:Purpose element, surrounding white space aside, and reports whether the
// value is one of the five (PUR-04). An element without text is not the absence of the element: it is unknown.
func ParsePurpose(text string) (Purpose, bool) {
	p := Purpose(strings.TrimSpace(text))
	_, known := accepted[p]
	return p, known && p != ""
}

// Accepts reports whether an identity of that type may answer the request; otherwise the answer is
// nr30 (PUR-03, TRG-30).
func (p Purpose) Accepts(t IdentityType) bool { return slices.Contains(accepted[p], t) }
