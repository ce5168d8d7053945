package spid

import (
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Attributes are values by attribute name ("fiscalNumber": "TINIT-..."), as they stand on the wire.
type Attributes map[string]string

// AttributeInfo is a row of the attribute table.
type AttributeInfo struct {
	Name, FriendlyName, English string // identifier; Italian and English name for people
	Type                        string // "string" or "date"
	Check                       func(value string) error
}

// table is the list of AgID's "Tabella attributi", in its order (ATT-01, ATT-02). Check tells whether a value has the form
// that the table gives; it never looks at the identity behind it.
var table = []AttributeInfo{
	{"spidCode", "Codice identificativo SPID", "SPID identification code", "string",
		pattern(`^[A-Z]{4}[A-Za-z0-9]{10}$`, "four capitals of the identity provider and ten letters or digits")},
	{"name", "Nome", "First name", "string", checkName},
	{"familyName", "Cognome", "Family name", "string", checkName},
	{"placeOfBirth", "Luogo di nascita", "Place of birth", "string",
		pattern(belfiore.String(), "a Belfiore code such as H501, or Z404 for a foreign state")},
	{"countyOfBirth", "Provincia di nascita", "Province of birth", "string",
		pattern(`^[A-Z]{2}$`, "a province code of two capitals, EE for births abroad")},
	{"dateOfBirth", "Data di nascita", "Date of birth", "date", checkDate},
	{"gender", "Sesso", "Gender", "string", pattern(`^[FM]$`, "F or M")},
	{"companyName", "Ragione o denominazione sociale", "Company name", "string", checkText},
	{"registeredOffice", "Sede legale", "Registered office", "string", checkText},
	{"fiscalNumber", "Codice fiscale", "Italian tax code", "string", checkFiscalNumber},
	{"companyFiscalNumber", "Codice Fiscale Persona Giuridica", "Tax code of the legal person", "string", checkFiscalNumber},
	{"ivaCode", "Partita IVA", "VAT number", "string", checkIVACode},
	{"idCard", "Documento d'identità", "Identity document", "string", checkIDCard},
	{"mobilePhone", "Numero di telefono mobile", "Mobile phone number", "string",
		pattern(`^\+?[0-9]{6,15}$`, "digits without blanks, a + at most before them")},
	{"email", "Indirizzo di posta elettronica", "E-mail address", "string", checkEmail},
	{"address", "Domicilio fisico", "Physical domicile", "string", checkText},
	{"domicileStreetAddress", "Indirizzo domicilio fisico", "Street and number of the domicile", "string", checkText},
	{"domicilePostalCode", "CAP domicilio fisico", "Postal code of the domicile", "string",
		pattern(`^[0-9A-Za-z]([ -]?[0-9A-Za-z]){2,9}$`, "a postal code such as 00144")},
	{"domicileMunicipality", "Comune domicilio fisico", "Municipality of the domicile", "string", checkText},
	{"domicileProvince", "Provincia domicilio fisico", "Province of the domicile", "string", checkText},
	{"domicileNation", "Nazione domicilio fisico", "Country of the domicile", "string",
		pattern(`^[A-Z]{2}$`, "a country code of two capitals (ISO 3166-1)")},
	{"digitalAddress", "Domicilio digitale", "Digital domicile (certified e-mail)", "string", checkEmail},
	{"expirationDate", "Data di scadenza identità", "Expiry of the digital identity", "date", checkDate},
}

// belfiore is the codice catastale of a municipality, or of a foreign state with Z (CF-07).
var belfiore = regexp.MustCompile(`^[A-Z][0-9]{3}$`)

// AllAttributes returns the table in its own order (ATT-06), 23 rows. The slice is the caller's.
func AllAttributes() []AttributeInfo { return slices.Clone(table) }

// LookupAttribute finds a row by the identifier, case included (ATT-01).
func LookupAttribute(name string) (AttributeInfo, bool) {
	for i := range table {
		if table[i].Name == name {
			return table[i], true
		}
	}
	return AttributeInfo{}, false
}

func pattern(expression, want string) func(string) error {
	re := regexp.MustCompile(expression)
	return func(value string) error {
		if !re.MatchString(value) {
			return fmt.Errorf("is %q, want %s", cut(value), want)
		}
		return nil
	}
}

// checkText is what holds for every text: UTF-8, words with exactly one blank between them, none around (ATT-04).
func checkText(value string) error {
	switch {
	case !utf8.ValidString(value):
		return errors.New("is not UTF-8")
	case value == "":
		return errors.New("is empty, want at least a word")
	case strings.ContainsFunc(value, unicode.IsControl):
		return fmt.Errorf("is %q, want a text without line breaks or control characters", cut(value))
	case value != strings.Join(strings.Fields(value), " "):
		return fmt.Errorf("is %q, want words with exactly one blank between them", cut(value))
	}
	return nil
}

func checkName(value string) error {
	if err := checkText(value); err != nil {
		return err
	}
	for _, word := range strings.Split(value, " ") {
		if first, _ := utf8.DecodeRuneInString(word); !unicode.IsUpper(first) {
			return fmt.Errorf("is %q, want words that begin with a capital", cut(value))
		}
	}
	return nil
}

func checkDate(value string) error {
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		return fmt.Errorf("is %q, want a date such as 2028-01-31", cut(value))
	}
	return nil
}

func checkFiscalNumber(value string) error {
	code, ok := strings.CutPrefix(value, PrefixTIN)
	if !ok {
		return fmt.Errorf("is %q, want %s and a codice fiscale", cut(value), PrefixTIN)
	}
	parsed, err := ParseFiscalCode(code)
	if err == nil && string(parsed) != code {
		return fmt.Errorf("is %q, want %s%s", cut(value), PrefixTIN, parsed)
	}
	return err
}

func checkIVACode(value string) error {
	number, ok := strings.CutPrefix(value, PrefixVAT)
	if !ok {
		return fmt.Errorf("is %q, want %s and a partita IVA", cut(value), PrefixVAT)
	}
	return CheckPartitaIVA(number)
}

func checkIDCard(value string) error {
	_, err := ParseIDCard(value)
	return err
}

func checkEmail(value string) error {
	if a, err := mail.ParseAddress(value); err != nil || a.Address != value {
		return fmt.Errorf("is %q, want an address such as mario.rossi@example.it", cut(value))
	}
	return nil
}

// Prefixes of fiscalNumber and companyFiscalNumber, and of ivaCode (ATT-20).
const (
	PrefixTIN = "TINIT-"
	PrefixVAT = "VATIT-"
)
