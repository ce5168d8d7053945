package people

import (
	"fmt"
	"strconv"
	"strings"

	"spidsim/spid"
)

// entry is one person as written: our keys and those of the other tools.
type entry struct {
	Person  `yaml:",inline"`
	Foreign foreign `yaml:",inline"`
}

// foreign holds the keys of the users.json files of spid-testenv2 (an object by user name, each with pwd, sp and
// attrs) and spid-saml-check (a list, each with username, password, spidLevel, purposeIDType, disabled and the
// attributes themselves). They become a Person so:
//
//	pwd                          Password
//	sp                           OnlySP, as our own key
//	attrs, attributes            Values; single attributes beside them count as part of it
//	spidLevel: n                 Levels 1..n
//	purposeIDType: n             IdentityType
//	disabled: true               Status "suspended"
//	name, familyName, gender     GivenName, FamilyName, Sex
//	dateOfBirth, placeOfBirth,
//	countyOfBirth                Born, BirthPlace, BirthCounty
//	fiscalNumber, email,
//	mobilePhone                  FiscalCode without TINIT-, Email, Mobile
//
// Values keeps every attribute as it stands in the file, right or wrong, since that is what the tests written
// for such a file expect; only missing prefixes TINIT- and VATIT- are put before fiscal numbers, which those tools do
// too. An empty attribute counts as absent. expirationDate is sent and not enforced: in the files that circulate all are past.
type foreign struct {
	Pwd           string            `yaml:"pwd"`
	Attrs         map[string]string `yaml:"attrs"`
	SPIDLevel     number            `yaml:"spidLevel"`
	PurposeIDType number            `yaml:"purposeIDType"`
	Disabled      bool              `yaml:"disabled"`

	SPIDCode              string `yaml:"spidCode"`
	Name                  string `yaml:"name"`
	FamilyName            string `yaml:"familyName"`
	PlaceOfBirth          string `yaml:"placeOfBirth"`
	CountyOfBirth         string `yaml:"countyOfBirth"`
	DateOfBirth           string `yaml:"dateOfBirth"`
	Gender                string `yaml:"gender"`
	CompanyName           string `yaml:"companyName"`
	RegisteredOffice      string `yaml:"registeredOffice"`
	FiscalNumber          string `yaml:"fiscalNumber"`
	CompanyFiscalNumber   string `yaml:"companyFiscalNumber"`
	IVACode               string `yaml:"ivaCode"`
	IDCard                string `yaml:"idCard"`
	MobilePhone           string `yaml:"mobilePhone"`
	Address               string `yaml:"address"`
	DomicileStreetAddress string `yaml:"domicileStreetAddress"`
	DomicilePostalCode    string `yaml:"domicilePostalCode"`
	DomicileMunicipality  string `yaml:"domicileMunicipality"`
	DomicileProvince      string `yaml:"domicileProvince"`
	DomicileNation        string `yaml:"domicileNation"`
	DigitalAddress        string `yaml:"digitalAddress"`
	ExpirationDate        string `yaml:"expirationDate"`
}

// number is an integer that may be written as a text: 2 or "2".
type number int

// UnmarshalYAML reads the octets of the value as they stand in the file.
func (n *number) UnmarshalYAML(data []byte) error {
	text := strings.Trim(strings.TrimSpace(string(data)), `"'`)
	if text == "" || text == "null" {
		return nil
	}
	v, err := strconv.Atoi(text)
	if err != nil {
		return fmt.Errorf("found %q, want a number", text)
	}
	*n = number(v)
	return nil
}

// person puts the keys together, fills in the defaults and says what is wrong.
func (e entry) person(key string) (p Person, wrong []string) {
	p = e.Person
	if p.Username == "" {
		p.Username = key
	}
	p.Username = strings.ToLower(strings.TrimSpace(p.Username))
	e.Foreign.into(&p)
	p.defaults()
	return p, p.check()
}

func (f foreign) into(p *Person) {
	if p.Password == "" {
		p.Password = f.Pwd
	}
	if f.Disabled && p.Status == "" {
		p.Status = Suspended
	}
	if p.IdentityType == 0 {
		p.IdentityType = spid.IdentityType(f.PurposeIDType)
	}
	if p.Levels == nil && f.SPIDLevel > 0 {
		for l := 1; l <= min(int(f.SPIDLevel), 9); l++ {
			p.Levels = append(p.Levels, l)
		}
	}
	p.overlay(f.attributes())
	p.adopt()
}

// attributes gathers those of the file, with the prefixes that the tools put before fiscal numbers.
func (f foreign) attributes() map[string]string {
	all := map[string]string{
		"spidCode": f.SPIDCode, "name": f.Name, "familyName": f.FamilyName, "placeOfBirth": f.PlaceOfBirth,
		"countyOfBirth": f.CountyOfBirth, "dateOfBirth": f.DateOfBirth, "gender": f.Gender,
		"companyName": f.CompanyName, "registeredOffice": f.RegisteredOffice, "fiscalNumber": f.FiscalNumber,
		"companyFiscalNumber": f.CompanyFiscalNumber, "ivaCode": f.IVACode, "idCard": f.IDCard,
		"mobilePhone": f.MobilePhone, "address": f.Address, "domicileStreetAddress": f.DomicileStreetAddress,
		"domicilePostalCode": f.DomicilePostalCode, "domicileMunicipality": f.DomicileMunicipality,
		"domicileProvince": f.DomicileProvince, "domicileNation": f.DomicileNation,
		"digitalAddress": f.DigitalAddress, "expirationDate": f.ExpirationDate,
	}
	for name, value := range f.Attrs {
		if value != "" {
			all[name] = value
		}
	}
	for _, name := range []string{"fiscalNumber", "companyFiscalNumber"} {
		all[name] = prefixed(spid.PrefixTIN, all[name])
	}
	all["ivaCode"] = prefixed(spid.PrefixVAT, all["ivaCode"])
	return all
}

// overlay adds attributes to Values where our own key attributes does not speak of them.
func (p *Person) overlay(attributes map[string]string) {
	for name, value := range attributes {
		if _, ours := p.Values[name]; ours || value == "" {
			continue
		}
		if p.Values == nil {
			p.Values = spid.Attributes{}
		}
		p.Values[name] = value
	}
}

// adopt fills fields that nothing was said about from Values, as far as these have the form of the table.
func (p *Person) adopt() {
	for name, field := range map[string]*string{
		"name": &p.GivenName, "familyName": &p.FamilyName, "gender": &p.Sex, "dateOfBirth": &p.Born,
		"placeOfBirth": &p.BirthPlace, "countyOfBirth": &p.BirthCounty, "email": &p.Email, "mobilePhone": &p.Mobile,
	} {
		if *field == "" && wellFormed(name, p.Values[name]) {
			*field = p.Values[name]
		}
	}
	if p.FiscalCode == "" && wellFormed("fiscalNumber", p.Values["fiscalNumber"]) {
		p.FiscalCode = spid.FiscalCode(strings.TrimPrefix(p.Values["fiscalNumber"], spid.PrefixTIN))
	}
}

func wellFormed(name, value string) bool {
	info, ok := spid.LookupAttribute(name)
	return ok && value != "" && info.Check(value) == nil
}
