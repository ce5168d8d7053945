package spid

import (
	"strings"
	"testing"
)

// wireValues holds, for each attribute, values that have the form of the table and values that do not.
var wireValues = []struct {
	name      string
	good, bad []string
}{
	{"spidCode", []string{"ABCD123456789A", "TESTabcdefghi0"}, []string{"", "AGID-001", "abcd123456789A", "ABCD123456789", "ABCD123456789AB", "DE/DE/123456787"}},
	{"name", []string{"Giovanni Mario", "Màrìa Zoé", "D'Artagnan"}, []string{"", "giovanni", "Giovanni  Mario", " Giovanni", "Giovanni ", "Giovanni\nMario", "Giovanni\u00a0 Mario", "Giovanni\xff"}},
	{"familyName", []string{"Bianchi Verdi", "D'Aqvinzò", "Östberg"}, []string{"", "Bianchi verdi", "bianchi"}},
	{"placeOfBirth", []string{"F205", "Z404"}, []string{"", "Roma", "f205", "F20", "F2055", "F205\n"}},
	{"countyOfBirth", []string{"MI", "EE"}, []string{"", "mi", "M", "MIL"}},
	{"dateOfBirth", []string{"2002-09-24", "1968-02-29"}, []string{"", "24/09/2002", "2002-9-24", "2002-02-30", "0000-00-00", "2002-09-24Z"}},
	{"gender", []string{"F", "M"}, []string{"", "f", "female", "X", "FM"}},
	{"companyName", []string{"Agenzia per l'Italia Digitale"}, []string{"", " Agenzia", "Agenzia\tper"}},
	{"registeredOffice", []string{"via Listz 21 00144 Roma"}, []string{"", "via Listz 21\n00144 Roma"}},
	{"fiscalNumber", []string{"TINIT-RSSMRA80A01H501U", "TINIT-RSSMRAURTMLARSNL"}, []string{"", "RSSMRA80A01H501U", "TINIT-RSSMRA80A01H501A", "TINIT-rssmra80a01h501u", "TINIT-TINIT-RSSMRA80A01H501U", "tinit-RSSMRA80A01H501U", "TINIT- RSSMRA80A01H501U", "VATIT-12345678903"}},
	{"companyFiscalNumber", []string{"TINIT-97735020584"}, []string{"", "97735020584", "TINIT-97735020585", "VATIT-97735020584"}},
	{"ivaCode", []string{"VATIT-12345678903"}, []string{"", "12345678903", "VATIT-12345678901", "VATIT-RSSMRA80A01H501U", "IT12345678903"}},
	{"idCard", []string{"cartaIdentita AS09452389 comuneRoma 2013-01-02 2023-01-02", "CartaIdentità AS09452389 ComuneRoma 2013-01-02 2023-01-02"}, []string{"", "carta AS09452389 comuneRoma 2013-01-02 2023-01-02", "cartaIdentita AS-09 comuneRoma 2013-01-02 2023-01-02", "cartaIdentita AS09 comune Roma 2013-01-02 2023-01-02", "cartaIdentita AS09 comuneForlì 2013-01-02 2023-01-02", "cartaIdentita AS09 comuneRoma 2013-01-32 2023-01-02", "cartaIdentita AS09 comuneRoma 2013-01-02 2023-13-02", "cartaIdentita  AS09 comuneRoma 2013-01-02 2023-01-02", "cartaIdentita AS09 comuneRoma 2013-01-02"}},
	{"mobilePhone", []string{"3331234567", "+393331234567"}, []string{"", "333 1234567", "333-1234567", "abc", "39+333"}},
	{"email", []string{"mario.rossi@example.it"}, []string{"", "mario.rossi", "Mario <mario.rossi@example.it>", "a@b@c", " mario@example.it"}},
	{"address", []string{"via Listz 21 00144 Roma"}, []string{"", "via Listz 21  00144 Roma"}},
	{"domicileStreetAddress", []string{"Via Liszt 21"}, []string{"", "Via Liszt 21 "}},
	{"domicilePostalCode", []string{"00144", "SW1A 1AA", "10115"}, []string{"", "00", "00144 ", "CAP:00144"}},
	{"domicileMunicipality", []string{"Roma", "Reggio nell'Emilia"}, []string{"", " Roma"}},
	{"domicileProvince", []string{"RM", "Bayern"}, []string{"", "RM "}},
	{"domicileNation", []string{"IT", "DE"}, []string{"", "it", "ITA", "Italia"}},
	{"digitalAddress", []string{"nome@pec.example.it"}, []string{"", "nome"}},
	{"expirationDate", []string{"2028-01-01"}, []string{"", "2028-1-1", "never"}},
}

func TestAttributeTable(t *testing.T) {
	t.Parallel()
	rows := AllAttributes()
	if len(rows) != 23 || len(wireValues) != 23 {
		t.Fatalf("the table has %d rows and the test %d, want 23", len(rows), len(wireValues))
	}
	for i, row := range rows {
		t.Run(row.Name+" has its form", func(t *testing.T) {
			t.Parallel()
			values := wireValues[i]
			if row.Name != values.name || row.FriendlyName == "" || row.English == "" {
				t.Fatalf("row %d is %q (%q, %q), want %q with two names", i, row.Name, row.FriendlyName, row.English, values.name)
			}
			wantType := "string"
			if row.Name == "dateOfBirth" || row.Name == "expirationDate" {
				wantType = "date"
			}
			if row.Type != wantType {
				t.Errorf("type %s, want %s", row.Type, wantType)
			}
			for _, v := range values.good {
				if err := row.Check(v); err != nil {
					t.Errorf("refuses %q: %v", v, err)
				}
			}
			for _, v := range values.bad {
				if row.Check(v) == nil {
					t.Errorf("accepts %q", v)
				}
			}
			if got, ok := LookupAttribute(row.Name); !ok || got.FriendlyName != row.FriendlyName {
				t.Errorf("looking it up gives %q, %v", got.FriendlyName, ok)
			}
			if _, ok := LookupAttribute(strings.ToUpper(row.Name)); ok {
				t.Error("found in upper case, though names are case-sensitive")
			}
		})
	}
}

func TestAllAttributesIsACopy(t *testing.T) {
	t.Parallel()
	AllAttributes()[0].Name = "changed"
	if got := AllAttributes()[0].Name; got != "spidCode" {
		t.Errorf("the caller has changed the table: first row is %q", got)
	}
}

func TestIDCard(t *testing.T) {
	t.Parallel()
	const want = "cartaIdentita AS09452389 ComuneRoma 2013-01-02 2023-01-02"
	for _, in := range []string{want, "CartaIdentità AS09452389 ComuneRoma 2013-01-02 2023-01-02", "CARTAIDENTITA AS09452389 ComuneRoma 2013-01-02 2023-01-02"} {
		card, err := ParseIDCard(in)
		if err != nil || card.String() != want {
			t.Errorf("%q gives %q, %v; want %q", in, card, err, want)
		}
	}
	for _, literal := range idCardTypes {
		if _, err := ParseIDCard(literal + " A1 questuraRoma 2013-01-02 2023-01-02"); err != nil {
			t.Error(err)
		}
	}
}

func FuzzParseIDCard(f *testing.F) {
	for _, v := range append(wireValues[12].good, wireValues[12].bad...) {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, s string) {
		card, err := ParseIDCard(s)
		if err != nil {
			return
		}
		again, err := ParseIDCard(card.String())
		if err != nil || again != card || !strings.EqualFold(strings.NewReplacer("à", "a", "À", "A").Replace(s), card.String()) {
			t.Fatalf("%q became %q, %v", s, card, err)
		}
	})
}
