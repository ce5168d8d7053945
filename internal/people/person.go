package people

import (
	"strings"
	"time"

	"spidsim/spid"
)

// Values of Person.Status (ACC-01..ACC-05). Everything but Active ends a login in nr23.
const (
	Active    = "active"
	Suspended = "suspended"
	Revoked   = "revoked"
	Expired   = "expired"
	Locked    = "locked" // the credentials, after too many wrong tries
)

// Values of Person.Card, CIE and CNS, the state in which a card is handed out; "" is no card.
const (
	CardOK      = "ok"
	CardExpired = "expired"
	CardRevoked = "revoked"
	CardBlocked = "blocked" // the PIN has been used up
)

// CardNotEnabled is a further value of Person.CIE: a card whose PIN was never handed out, so that nothing online takes it.
const CardNotEnabled = "not-enabled"

// Values of Person.SecondFactors (MET-02..MET-04).
const (
	FactorTOTP = "totp"
	FactorSMS  = "sms"
	FactorApp  = "app"
)

// Person is an invented human being with what they hold in SPID. Dates are "2006-01-02". The field names of YAML
// and JSON are the same.
type Person struct {
	ID       string `yaml:"id,omitempty" json:"id,omitempty"` // "P03", of the personas that courses name
	Username string `yaml:"username" json:"username"`         // ASCII, lower case
	Password string `yaml:"password" json:"password"`         // readable: public test data (D-05)

	GivenName   string          `yaml:"given_name,omitempty" json:"given_name,omitempty"`
	FamilyName  string          `yaml:"family_name,omitempty" json:"family_name,omitempty"`
	FiscalCode  spid.FiscalCode `yaml:"fiscal_code,omitempty" json:"fiscal_code,omitempty"`   // without TINIT-
	Sex         string          `yaml:"sex,omitempty" json:"sex,omitempty"`                   // "F" or "M"
	Born        string          `yaml:"born,omitempty" json:"born,omitempty"`                 // date
	BirthPlace  string          `yaml:"birth_place,omitempty" json:"birth_place,omitempty"`   // Belfiore code, "A944"
	BirthCounty string          `yaml:"birth_county,omitempty" json:"birth_county,omitempty"` // "BO", "EE" abroad

	Email          string  `yaml:"email,omitempty" json:"email,omitempty"`
	Mobile         string  `yaml:"mobile,omitempty" json:"mobile,omitempty"`   // "+39 399 000 0003"
	IDCard         string  `yaml:"id_card,omitempty" json:"id_card,omitempty"` // as on the wire
	Domicile       Address `yaml:"domicile,omitempty" json:"domicile,omitzero"`
	DigitalAddress string  `yaml:"digital_address,omitempty" json:"digital_address,omitempty"` // certified mailbox
	Company        Company `yaml:"company,omitempty" json:"company,omitzero"`

	IdentityType   spid.IdentityType `yaml:"identity_type,omitempty" json:"identity_type,omitempty"` // 1..4 (PUR-01)
	Levels         []int             `yaml:"levels" json:"levels"`                                   // of the credentials held, ascending
	SecondFactors  []string          `yaml:"second_factors" json:"second_factors"`                   // in the order offered
	Card           string            `yaml:"card,omitempty" json:"card,omitempty"`
	CIE            string            `yaml:"cie,omitempty" json:"cie,omitempty"` // electronic identity card, as Card or "not-enabled"; "" is none
	CNS            string            `yaml:"cns,omitempty" json:"cns,omitempty"` // national services card, as Card; "" is none
	IdPs           []string          `yaml:"idps" json:"idps"`                   // slugs of the gestori
	Status         string            `yaml:"status,omitempty" json:"status,omitempty"`
	ExpirationDate string            `yaml:"expiration_date,omitempty" json:"expiration_date,omitempty"` // of the digital identity
	OnlySP         string            `yaml:"sp,omitempty" json:"sp,omitempty"`                           // entityID: the person exists for this service provider alone

	PIN            string   `yaml:"pin,omitempty" json:"pin,omitempty"`                                 // of the institute: "ordinario", "dispositivo"
	PINCode        string   `yaml:"pin_code,omitempty" json:"pin_code,omitempty"`                       // its 8 characters: public test data
	Profiles       []string `yaml:"profiles,omitempty" json:"profiles,omitempty"`                       // at the institute, beside that of a citizen: "intermediary", "company", … (ONB-56)
	ResidentAbroad bool     `yaml:"resident_abroad,omitempty" json:"resident_abroad,omitempty"`         // ONB-57
	NoDocument     bool     `yaml:"no_italian_document,omitempty" json:"no_italian_document,omitempty"` // nor one that a gestore accepts (ONB-52 b)
	Protection     string   `yaml:"protection,omitempty" json:"protection,omitempty"`                   // "tutela", "curatela", "amministrazione" (ONB-52 c)
	Owns           []string `yaml:"owns" json:"owns"`                                                   // what helps to be identified (ONB-130); nothing said = everything
	Represented    bool     `yaml:"represented,omitempty" json:"represented,omitempty"`                 // acts through a legal representative (ONB-161)
	Representative bool     `yaml:"representative,omitempty" json:"representative,omitempty"`           // the cap of delegations does not hold (ONB-163)
	Delegators     []string `yaml:"delegators,omitempty" json:"delegators,omitempty"`                   // usernames of those for whom this person may act
	Children       []string `yaml:"children,omitempty" json:"children,omitempty"`                       // usernames

	Note        string `yaml:"note,omitempty" json:"note,omitempty"` // Italian: what this person is good for
	NoteEnglish string `yaml:"note_english,omitempty" json:"note_english,omitempty"`

	// Values are attributes as they stand on the wire and win over what the fields above say; an empty
	// one takes the attribute away. They may be wrong on purpose (ATT-21..ATT-23).
	Values spid.Attributes `yaml:"attributes,omitempty" json:"attributes,omitempty"`
}

// Address of a domicile, for the attributes domicile… (AV25) and address.
type Address struct {
	Street       string `yaml:"street,omitempty" json:"street,omitempty"` // with number
	PostalCode   string `yaml:"postal_code,omitempty" json:"postal_code,omitempty"`
	Municipality string `yaml:"municipality,omitempty" json:"municipality,omitempty"`
	Province     string `yaml:"province,omitempty" json:"province,omitempty"`
	Nation       string `yaml:"nation,omitempty" json:"nation,omitempty"` // ISO 3166-1 alpha-2
}

// Company is what an identity of a legal person, or for professional use, adds (PUR-06).
type Company struct {
	Name             string          `yaml:"name,omitempty" json:"name,omitempty"`
	RegisteredOffice string          `yaml:"registered_office,omitempty" json:"registered_office,omitempty"`
	FiscalCode       spid.FiscalCode `yaml:"fiscal_code,omitempty" json:"fiscal_code,omitempty"` // without TINIT-
	VATNumber        string          `yaml:"vat_number,omitempty" json:"vat_number,omitempty"`   // without VATIT-
}

// Name returns given and family name for people to read.
func (p Person) Name() string { return strings.TrimSpace(p.GivenName + " " + p.FamilyName) }

// BornOn returns the date of birth, midnight UTC, and the zero time when it is no date.
func (p Person) BornOn() time.Time {
	t, err := time.Parse(time.DateOnly, p.Born)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Age returns the completed years at now; a birthday counts from its midnight UTC. Unknown birth gives 0.
func (p Person) Age(now time.Time) int {
	born := p.BornOn()
	if born.IsZero() || now.Before(born) {
		return 0
	}
	now = now.UTC()
	years := now.Year() - born.Year()
	if now.Month() < born.Month() || now.Month() == born.Month() && now.Day() < born.Day() {
		years--
	}
	return years
}

// Ends returns the anomaly that a login without mistakes ends in when a service asks for at least level 2 and
// names no Purpose: 23 for an identity that is not usable, 20 for credentials below level 2, 30 for an identity of
// another type, and 0 for somebody who holds no SPID at all; else spid.Success.
func (p Person) Ends(now time.Time) spid.Anomaly {
	highest := 0
	for _, l := range p.Levels {
		highest = max(highest, l)
	}
	switch {
	case len(p.IdPs) == 0:
		return 0
	case p.Status != "" && p.Status != Active || p.expired(now):
		return spid.IdentityBlocked
	case highest < int(spid.L2):
		return spid.LevelNotHeld
	case p.IdentityType != 0 && !spid.Purpose("").Accepts(p.IdentityType):
		return spid.WrongIdentityType
	}
	return spid.Success
}

// expired reports whether the day of expiry has passed; the identity is good until that day ends (ACC-04).
func (p Person) expired(now time.Time) bool {
	day, err := time.Parse(time.DateOnly, p.ExpirationDate)
	return err == nil && !now.Before(day.AddDate(0, 0, 1))
}
