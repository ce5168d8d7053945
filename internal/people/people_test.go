package people

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"spidsim/spid"
)

// today is the day that the ages in the notes speak of.
var today = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func all(t testing.TB) []Person {
	t.Helper()
	people, err := All()
	if err != nil {
		t.Fatal(err)
	}
	return people
}

func who(t testing.TB, username string) Person {
	t.Helper()
	for _, p := range all(t) {
		if p.Username == username {
			return p
		}
	}
	t.Fatalf("there is no %s", username)
	return Person{}
}

// everywhere are the ten gestori of the catalogue.
var everywhere = []string{"prova", "aruba", "infocert", "intesa", "lepida", "namirial", "poste", "sielte", "spiditalia", "tim"}

func TestFixturesAreSynthetic(t *testing.T) {
	t.Parallel()
	var (
		mail  = regexp.MustCompile(`^[a-z]+\.[a-z]+@personas\.example$`)
		phone = regexp.MustCompile(`^\+39 399 000 00[0-9]{2}$`)
		card  = regexp.MustCompile(`^[A-Za-z]+ ZZ[0-9]{5}ZZ `)
		login = regexp.MustCompile(`^[a-z]+\.[a-z]+$`)
		seen  = map[string]string{}
	)
	for i, p := range all(t) {
		t.Run(p.Username+" is invented and says so", func(t *testing.T) {
			once := func(what, value string) {
				if other, taken := seen[value]; taken && value != "" {
					t.Errorf("%s %q is also that of %s", what, value, other)
				}
				seen[value] = p.Username
			}
			once("id", p.ID)
			once("username", p.Username)
			once("fiscal code", string(p.FiscalCode.Plain()))
			once("mobile", p.Mobile)
			once("document", p.IDCard)
			if want := fmt.Sprintf("P%02d", i+1); p.ID != want {
				t.Errorf("id %s, want %s", p.ID, want)
			}
			if !login.MatchString(p.Username) || p.Password != "prova" {
				t.Errorf("username %q, password %q; want name.surname in ASCII and prova", p.Username, p.Password)
			}
			if !mail.MatchString(p.Email) || p.Email != p.Username+"@personas.example" {
				t.Errorf("e-mail %q, want one under the reserved domain", p.Email)
			}
			if !phone.MatchString(p.Mobile) || !strings.HasSuffix(p.Mobile, p.ID[1:]) {
				t.Errorf("mobile %q, want one of the fictitious range that ends in %s", p.Mobile, p.ID[1:])
			}
			if p.IDCard != "" && !card.MatchString(p.IDCard) {
				t.Errorf("document %q, want a number like ZZ00001ZZ", p.IDCard)
			}
			if p.DigitalAddress != "" && !strings.HasSuffix(p.DigitalAddress, "@pec.personas.example") {
				t.Errorf("digital address %q, want one under the reserved domain", p.DigitalAddress)
			}
			// P01 to P17 are given with real places; whoever came after has a place that is assigned to nobody (SEC-74).
			if i >= 17 && p.BirthPlace != "M999" && p.BirthPlace != "Z999" {
				t.Errorf("place of birth %s is or may be a real one", p.BirthPlace)
			}
			if n := p.Company.VATNumber; n != "" && n[7:10] != "777" || p.Company.FiscalCode != spid.FiscalCode(n) {
				t.Errorf("company numbers %q and %q, want one with the office 777, which is not assigned", n, p.Company.FiscalCode)
			}
		})
	}
}

func TestFixturesAreCoherent(t *testing.T) {
	t.Parallel()
	known := map[string]Person{}
	for _, p := range all(t) {
		known[p.Username] = p
	}
	for _, p := range known {
		t.Run(p.Username+" is coherent", func(t *testing.T) {
			t.Parallel()
			if !p.FiscalCode.Matches(p.FamilyName, p.GivenName, p.BornOn(), p.Sex, p.BirthPlace) {
				t.Errorf("fiscal code %s does not fit the person", p.FiscalCode)
			}
			if abroad := p.BirthPlace[0] == 'Z'; abroad != (p.BirthCounty == "EE") {
				t.Errorf("born in %s, county %s", p.BirthPlace, p.BirthCounty)
			}
			if has := len(p.IdPs) > 0; has != (len(p.Levels) > 0) || has != (p.ExpirationDate != "") || has && p.IdPs[0] != "prova" {
				t.Errorf("gestori %v, levels %v, expiry %q; want prova and levels, or nothing", p.IdPs, p.Levels, p.ExpirationDate)
			}
			for _, slug := range p.IdPs {
				if !slices.Contains(everywhere, slug) {
					t.Errorf("gestore %q is not in the catalogue", slug)
				}
			}
			l3, l2 := slices.Contains(p.Levels, 3), slices.Contains(p.Levels, 2)
			if l3 != (p.Card != "") || l2 != (len(p.SecondFactors) > 0) {
				t.Errorf("levels %v with second factors %v and card %q", p.Levels, p.SecondFactors, p.Card)
			}
			for _, other := range slices.Concat(p.Delegators, p.Children) {
				if _, ok := known[other]; !ok {
					t.Errorf("speaks of %s, whom nobody knows", other)
				}
			}
			for _, child := range p.Children {
				if c := known[child]; p.Age(c.BornOn()) < 18 {
					t.Errorf("became parent of %s at %d", child, p.Age(c.BornOn()))
				}
			}
			if p.Note == "" || p.NoteEnglish == "" {
				t.Error("has no note in one of the languages")
			}
			if a := p.Ends(today); a > spid.Success {
				nr := strings.TrimPrefix(a.Code(), "ErrorCode ")
				if !strings.Contains(p.Note, nr) || !strings.Contains(p.NoteEnglish, nr) {
					t.Errorf("a login ends in %s, which a note does not say: %q, %q", nr, p.Note, p.NoteEnglish)
				}
			}
		})
	}
}

func TestAttributesOfFixturesAreWellFormed(t *testing.T) {
	t.Parallel()
	for _, p := range all(t) {
		t.Run(p.Username+" has attributes of the form of the table", func(t *testing.T) {
			t.Parallel()
			got := p.Attributes("TEST123456789A")
			for name, value := range got {
				info, ok := spid.LookupAttribute(name)
				if !ok {
					t.Errorf("%s is no attribute", name)
				} else if err := info.Check(value); err != nil {
					t.Errorf("%s %v", name, err)
				}
			}
			for _, name := range required(p) {
				if got[name] == "" {
					t.Errorf("%s is missing", name)
				}
			}
			if p.IDCard != "" && p.IdentityType != spid.LegalPerson {
				if card, err := spid.ParseIDCard(got["idCard"]); err != nil || card.String() != got["idCard"] || card.Expiry.Before(card.Issued) {
					t.Errorf("idCard %q is not as the table writes it: %v", got["idCard"], err)
				}
			}
		})
	}
}

// required are the attributes that the identity of each type has (column ● of attributes.md section 2).
func required(p Person) []string {
	list := []string{"spidCode"}
	if len(p.IdPs) > 0 {
		list = append(list, "expirationDate")
	}
	if p.IdentityType == spid.LegalPerson || p.IdentityType == spid.ProfessionalLegal {
		list = append(list, "companyName", "registeredOffice", "companyFiscalNumber", "ivaCode")
	}
	if p.IdentityType != spid.LegalPerson {
		list = append(list, "name", "familyName", "placeOfBirth", "countyOfBirth", "dateOfBirth", "gender", "fiscalNumber", "mobilePhone", "email")
		if len(p.IdPs) > 0 {
			list = append(list, "idCard")
		}
	}
	return list
}

func TestWireValues(t *testing.T) {
	t.Parallel()
	for username, want := range map[string]spid.Attributes{
		"maria.daqvinzo": {
			"spidCode": "TEST123456789A", "name": "Màrìa Zoé", "familyName": "D'Aqvinzò", "placeOfBirth": "L219", "countyOfBirth": "TO",
			"dateOfBirth": "1952-01-01", "gender": "F", "fiscalNumber": "TINIT-DQVMRZ52A41L219G",
			"idCard": "cartaIdentita ZZ00017ZZ comuneTorino 2021-01-01 2031-01-01", "mobilePhone": "3990000017", "email": "maria.daqvinzo@personas.example",
			"address": "Via degli Esempi 17 10100 Torino TO", "domicileStreetAddress": "Via degli Esempi 17", "domicilePostalCode": "10100",
			"domicileMunicipality": "Torino", "domicileProvince": "TO", "domicileNation": "IT", "expirationDate": "2035-12-31",
		},
		"egidio.wanzolqui": {
			"spidCode": "TEST123456789A", "companyName": "Wanzolqui Esempi Srl", "registeredOffice": "Via degli Esempi 29 00100 Roma RM",
			"companyFiscalNumber": "TINIT-00000297770", "ivaCode": "VATIT-00000297770", "mobilePhone": "3990000029",
			"email": "egidio.wanzolqui@personas.example", "digitalAddress": "egidio.wanzolqui@pec.personas.example",
			"address": "Via degli Esempi 29 00100 Roma RM", "expirationDate": "2035-12-31",
		},
	} {
		got := who(t, username).Attributes("TEST123456789A")
		for _, info := range spid.AllAttributes() {
			if got[info.Name] != want[info.Name] {
				t.Errorf("%s: %s is %q, want %q", username, info.Name, got[info.Name], want[info.Name])
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d attributes, want %d", username, len(got), len(want))
		}
	}
}

// TestEveryCategoryHasSomebody holds interface.md section 5.
func TestEveryCategoryHasSomebody(t *testing.T) {
	t.Parallel()
	only := func(factor string) func(Person) bool {
		return func(p Person) bool {
			return slices.Equal(p.Levels, []int{1, 2}) && slices.Equal(p.SecondFactors, []string{factor}) && p.Ends(today) == spid.Success
		}
	}
	status := func(s string) func(Person) bool {
		return func(p Person) bool { return p.Status == s && p.Ends(today) == spid.IdentityBlocked }
	}
	card := func(state string) func(Person) bool {
		return func(p Person) bool { return p.Card == state && p.Ends(today) == spid.Success }
	}
	kind := func(i spid.IdentityType, ends spid.Anomaly) func(Person) bool {
		return func(p Person) bool { return p.IdentityType == i && p.Ends(today) == ends }
	}
	for _, row := range []struct {
		category, username string
		holds              func(Person) bool
	}{
		{"an adult with levels 1 to 3, every second factor and a good card, at every gestore", "lucia.verdi", func(p Person) bool {
			return slices.Equal(p.Levels, []int{1, 2, 3}) && len(p.SecondFactors) == 3 && p.Card == CardOK && slices.Equal(p.IdPs, everywhere) && p.Age(today) >= 18
		}},
		{"level 1 only", "zelinda.wroxqani", func(p Person) bool { return slices.Equal(p.Levels, []int{1}) && p.Ends(today) == spid.LevelNotHeld }},
		{"only TOTP", "tullio.qvanzurri", only(FactorTOTP)},
		{"only SMS", "berenice.xulpozzi", only(FactorSMS)},
		{"only the app", "fosco.jarquelli", only(FactorApp)},
		{"expired", "amerigo.zoxcanti", status(Expired)},
		{"suspended", "otello.vrizquo", status(Suspended)},
		{"revoked", "iride.qualzunni", status(Revoked)},
		{"locked credentials", "dario.wexzotti", status(Locked)},
		{"expired card", "olimpia.zarxelli", card(CardExpired)},
		{"revoked card", "sirio.quolzandri", card(CardRevoked)},
		{"blocked card", "agnese.xortuzzi", card(CardBlocked)},
		{"a minor with SPID", "emma.wuzzoli", func(p Person) bool { return p.Age(today) == 15 && p.Ends(today) == spid.Success }},
		{"a legal person", "egidio.wanzolqui", kind(spid.LegalPerson, spid.WrongIdentityType)},
		{"professional use, natural person", "clelia.zurxanti", kind(spid.ProfessionalNatural, spid.Success)},
		{"professional use, legal person", "remo.qirxolli", kind(spid.ProfessionalLegal, spid.WrongIdentityType)},
		{"born abroad, with SPID", "ayla.zwexqar", func(p Person) bool { return p.BirthPlace[0] == 'Z' && len(p.IdPs) > 0 }},
		{"omocodia", "dina.quxolli", func(p Person) bool {
			return p.FiscalCode == "QXLDNI47P49A94QJ" && p.FiscalCode.Plain() == "QXLDNI47P49A944M"
		}},
		{"identities at two gestori, levels 1 to 3", "ivo.xandrelli", func(p Person) bool {
			return slices.Equal(p.IdPs, []string{"prova", "poste"}) && slices.Equal(p.Levels, []int{1, 2, 3}) && p.Card == CardOK
		}},
		{"level 2, SMS first", "loretta.qualzeni", func(p Person) bool { return p.SecondFactors[0] == FactorSMS && slices.Equal(p.Levels, []int{1, 2}) }},
		{"a PIN and no SPID yet", "ortensia.quirzoldi", func(p Person) bool { return p.PIN == "dispositivo" && len(p.IdPs) == 0 && p.Ends(today) == 0 }},
		{"a delegate with delegators", "loretta.qualzeni", func(p Person) bool { return slices.Equal(p.Delegators, []string{"ademaro.zurquani"}) }},
		{"a mother of minors", "mirta.xolzani", func(p Person) bool { return len(p.Children) == 3 && slices.Equal(p.Levels, []int{1, 2}) }},
	} {
		t.Run(row.username+" is: "+row.category, func(t *testing.T) {
			t.Parallel()
			if p := who(t, row.username); !row.holds(p) {
				t.Errorf("is not: %+v", p)
			}
		})
	}
	atAll := 0
	for _, p := range all(t) {
		if slices.Equal(p.IdPs, everywhere) {
			atAll++
		}
	}
	if atAll < 4 {
		t.Errorf("%d people are at every gestore, want at least 4", atAll)
	}
}

// TestCoursePersonas holds the table of onboarding.md section 12.
func TestCoursePersonas(t *testing.T) {
	t.Parallel()
	people := all(t)
	for i, want := range strings.Split(strings.TrimSpace(`
P01 Ortensia Quirzoldi|F|1943-03-19|A944|QRZRNS43C59A944W|
P02 Ademaro Zurquani|M|1938-11-02|F257|ZRQDMR38S02F257S|
P03 Loretta Qualzeni|F|1971-06-27|D548|QLZLTT71H67D548Z|spid
P04 Ivo Xandrelli|M|1962-01-31|H223|XNDVIO62A31H223L|spid
P05 Nives Jolzetti|F|1985-12-08|H199|JLZNVS85T48H199M|spid
P06 Brando Wuzzoli|M|2007-05-14|G337|WZZBND07E14G337Y|
P07 Emma Wuzzoli|F|2011-09-30|G337|WZZMME11P70G337T|spid
P08 Teo Wuzzoli|M|2018-02-03|G337|WZZTEO18B03G337E|
P09 Mirta Xolzani|F|1979-04-22|G535|XLZMRT79D62G535V|spid
P10 Ximena Qarzul|F|1990-07-16|Z605|QRZXMN90L56Z605Q|
P11 Helmut Qwerzel|M|1950-10-10|Z112|QWRHMT50R10Z112E|
P12 Tarcisio Jurquoni|M|1955-08-15|H294|JRQTCS55M15H294K|
P13 Gilda Xerquati|F|1968-02-29|D704|XRQGLD68B69D704K|spid
P14 Otello Vrizquo|M|1959-12-25|C573|VRZTLL59T25C573I|spid
P15 Dina Quxolli|F|1947-09-09|A944|QXLDNI47P49A94QJ|spid
P16 Io Zux|M|1966-05-05|E289|ZXUIOX66E05E289D|spid
P17 Màrìa Zoé D'Aqvinzò|F|1952-01-01|L219|DQVMRZ52A41L219G|spid`), "\n") {
		p := people[i]
		holds := ""
		if len(p.IdPs) > 0 {
			holds = "spid"
		}
		got := strings.Join([]string{p.ID + " " + p.Name(), p.Sex, p.Born, p.BirthPlace, string(p.FiscalCode), holds}, "|")
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	brando, gilda := who(t, "brando.wuzzoli"), who(t, "gilda.xerquati")
	for _, row := range []struct {
		p    Person
		day  string
		want int
	}{
		{brando, "2020-10-01", 13}, {brando, "2021-10-01", 14}, {brando, "2025-05-13", 17}, {brando, "2025-05-14", 18},
		{brando, "2007-05-13", 0}, {gilda, "2026-02-28", 57}, {gilda, "2026-03-01", 58}, {Person{Born: "unknown"}, "2026-03-01", 0},
	} {
		day, err := time.Parse(time.DateOnly, row.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := row.p.Age(day); got != row.want {
			t.Errorf("%s on %s: got %d, want %d", row.p.Username, row.day, got, row.want)
		}
	}
}

func TestIdentityIsGoodUntilTheDayOfExpiryEnds(t *testing.T) {
	t.Parallel()
	p := who(t, "lucia.verdi")
	p.ExpirationDate = "2026-11-22"
	if got := p.Ends(time.Date(2026, 11, 22, 23, 59, 59, 0, time.UTC)); got != spid.Success {
		t.Errorf("on the last day: nr%02d, want success", got)
	}
	if got := p.Ends(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)); got != spid.IdentityBlocked {
		t.Errorf("the day after: nr%02d, want nr23", got)
	}
}

// TestCIE08AndCNS02Holders holds who has a CIE and who a CNS, and in which state.
func TestCIE08AndCNS02Holders(t *testing.T) {
	t.Parallel()
	cie := map[string]string{
		"ortensia.quirzoldi": CardNotEnabled, "loretta.qualzeni": CardOK, "ivo.xandrelli": CardOK, "mirta.xolzani": CardOK, "gilda.xerquati": CardOK,
		"lucia.verdi": CardOK, "olimpia.zarxelli": CardExpired, "sirio.quolzandri": CardRevoked,
	}
	cns := map[string]string{"ivo.xandrelli": CardOK, "nives.jolzetti": CardOK, "lucia.verdi": CardOK, "agnese.xortuzzi": CardBlocked}
	for _, p := range all(t) {
		if p.CIE != cie[p.Username] || p.CNS != cns[p.Username] {
			t.Errorf("%s: CIE %q and CNS %q, want %q and %q", p.Username, p.CIE, p.CNS, cie[p.Username], cns[p.Username])
		}
	}
}
