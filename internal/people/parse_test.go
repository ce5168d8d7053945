package people

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"spidsim/spid"
)

func parseFile(t *testing.T, name string) []Person {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	people, err := Parse(data, name)
	if err != nil {
		t.Fatal(err)
	}
	if len(people) != 2 {
		t.Fatalf("%d people, want 2", len(people))
	}
	return people
}

func same(t *testing.T, got, want Person) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestOwnKeys(t *testing.T) {
	t.Parallel()
	people := parseFile(t, "own.yaml")
	same(t, people[0], Person{
		Username: "ada.prova", Password: "segreta", GivenName: "Ada", FamilyName: "Prova", FiscalCode: "PRVDAA80A41M999R",
		Sex: "F", Born: "1980-01-01", BirthPlace: "M999", BirthCounty: "XX", Mobile: "+39 399 000 0099",
		Domicile:     Address{"Via degli Esempi 99", "00100", "Roma", "RM", "IT"},
		IdentityType: 1, Levels: []int{1, 2, 3}, SecondFactors: []string{"app"}, Card: CardBlocked, IdPs: []string{"prova", "tim"}, Status: Suspended,
		Values: spid.Attributes{"spidCode": "AGID-001", "mobilePhone": "+393990000099", "placeOfBirth": ""},
	})
	got := people[0].Attributes("TEST123456789A")
	if got["spidCode"] != "AGID-001" || got["mobilePhone"] != "+393990000099" {
		t.Errorf("spidCode %q, mobilePhone %q; want what attributes says", got["spidCode"], got["mobilePhone"])
	}
	if v, ok := got["placeOfBirth"]; ok {
		t.Errorf("placeOfBirth is %q, want it taken away", v)
	}
	same(t, people[1], Person{
		Username: "nobody", Password: "prova", IdentityType: 1, Levels: []int{1, 2}, SecondFactors: []string{"totp", "sms", "app"},
		IdPs: []string{"prova"}, Status: Active,
	})
}

func TestUsersOfTheValidator(t *testing.T) {
	t.Parallel()
	people := parseFile(t, "validator-users.json")
	zoe := people[0]
	if zoe.Password != "pass" || zoe.GivenName != "Zoe" || zoe.FamilyName != "Quxen" || zoe.Sex != "F" || zoe.Born != "1990-02-03" ||
		zoe.Email != "zoe@personas.example" || zoe.Mobile != "3990000098" || zoe.FiscalCode != "" || zoe.BirthPlace != "" || zoe.ExpirationDate != "" {
		t.Errorf("fields are not those of the file, as far as they have the form of the table: %+v", zoe)
	}
	if !reflect.DeepEqual(zoe.Levels, []int{1, 2, 3}) || zoe.Card != CardOK || zoe.IdentityType != spid.ProfessionalLegal || zoe.Status != Active {
		t.Errorf("levels %v, card %q, type %d, status %s", zoe.Levels, zoe.Card, zoe.IdentityType, zoe.Status)
	}
	want := spid.Attributes{
		"spidCode": "SPID-001", "name": "Zoe", "familyName": "Quxen", "gender": "F", "dateOfBirth": "1990-02-03", "placeOfBirth": "Roma", "countyOfBirth": "RM",
		"idCard": "patente Z1 motorizzazioneRoma 0000-00-00 2027-08-06", "expirationDate": "2019-08-01", "fiscalNumber": "TINIT-QXNZOE90B43M999K",
		"mobilePhone": "3990000098", "email": "zoe@personas.example", "ivaCode": "VATIT-12345678903", "companyFiscalNumber": "TINIT-97735020584", "domicilePostalCode": "00144",
	}
	if got := zoe.Attributes("TEST123456789A"); !reflect.DeepEqual(got, want) {
		t.Errorf("attributes\n%v\nwant\n%v", got, want)
	}
	if a := zoe.Ends(today); a != spid.WrongIdentityType {
		t.Errorf("ends in nr%02d, want nr30: the expiry of such a file is not enforced", a)
	}
	dino := people[1]
	if dino.Status != Suspended || !reflect.DeepEqual(dino.Levels, []int{1}) || dino.SecondFactors != nil || dino.Born != "" || dino.Attributes("")["dateOfBirth"] != "0000-00-00" {
		t.Errorf("the disabled user is %+v", dino)
	}
}

func TestUsersOfTheTestEnvironment(t *testing.T) {
	t.Parallel()
	people := parseFile(t, "testenv-users.json")
	pio := people[0]
	if pio.Username != "test" || pio.Password != "test" || pio.Name() != "Pio Wozqui" || pio.OnlySP != "" || pio.Email != "pio@personas.example" || pio.Born != "1970-12-31" {
		t.Errorf("the first user is %+v", pio)
	}
	got := pio.Attributes("TEST123456789A")
	if got["fiscalNumber"] != "TINIT-not checked there" || got["spidCode"] != "9f1d7f2e-1111-4222-8333-444455556666" {
		t.Errorf("attributes %v, want them as in the file, with the prefix", got)
	}
	if people[1].Username != "other" || people[1].OnlySP != "https://sp.example.org" {
		t.Errorf("the second user is %+v", people[1])
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		in   string
		want string
	}{
		"a list":                                 {`[{"username":"a"},{"username":"b"}]`, "a b"},
		"an object by user name, in its order":   {`{"z":{"pwd":"x"},"b":{"password":"y"}}`, "z b"},
		"a single person":                        {`{"username":"a","password":"x"}`, "a"},
		"a list under users":                     {"users:\n  - username: a\n", "a"},
		"an object under users":                  {`{"users":{"a":{},"b":{}}}`, "a b"},
		"somebody whose name is users":           {`{"users":{"username":"a"}}`, "a"},
		"user names are folded":                  {`[{"username":" Louis "}]`, "louis"},
		"nothing":                                {"", ""},
		"blank lines, as a configuration leaves": {"\n\n   \n", ""},
		"a comment":                              {"# nobody yet\n", ""},
		"null":                                   {"null", ""},
		"an empty list":                          {"[]", ""},
		"an escaped slash and a code point":      {`[{"username":"a","sp":"https:\/\/sp.example","given_name":"Zo\u00e9"}]`, "a"},
	} {
		t.Run("reads "+name, func(t *testing.T) {
			t.Parallel()
			people, err := Parse([]byte(row.in), "users")
			var names []string
			for _, p := range people {
				names = append(names, p.Username)
			}
			if got := strings.Join(names, " "); got != row.want || err != nil {
				t.Errorf("got %q, %v; want %q", got, err, row.want)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		in    string
		wants []string
	}{
		"a key that nobody knows":        {"- username: a\n  pasword: b\n", []string{`u.yaml:2:3: unknown field "pasword"`}},
		"a person without a name":        {"- password: b\n", []string{`u.yaml:1:`, `username is ""`}},
		"a blank in the name":            {"- username: a b\n", []string{`username is "a b"`}},
		"the same name twice":            {"- username: a\n- username: A\n", []string{`user "a" stands at line 1 already`}},
		"a fiscal code that is none":     {"- username: a\n  fiscal_code: RSSMRA80A01H501A\n", []string{`user "a": fiscalNumber codice fiscale`, `want the check character 'U'`}},
		"a place by its name":            {"- {username: a, birth_place: Roma}\n", []string{`placeOfBirth is "Roma"`}},
		"a level 4":                      {"- {username: a, levels: [1, 4]}\n", []string{"levels is [1 4]"}},
		"levels twice":                   {"- {username: a, levels: [1, 1]}\n", []string{"levels is [1 1]"}},
		"an unknown second factor":       {"- {username: a, second_factors: [fax]}\n", []string{`second_factors is "fax"`}},
		"an unknown status":              {"- {username: a, status: dead}\n", []string{`status is "dead"`}},
		"an unknown card":                {"- {username: a, card: lost}\n", []string{`card is "lost"`}},
		"an unknown state of a CIE":      {"- {username: a, cie: lost}\n", []string{`cie is "lost"`}},
		"a CNS that is not enabled":      {"- {username: a, cns: not-enabled}\n", []string{`cns is "not-enabled"`}},
		"the CIE among the gestori":      {"- {username: a, idps: [cie]}\n", []string{"write cie: ok"}},
		"an unknown type":                {"- {username: a, identity_type: 5}\n", []string{"identity_type is 5"}},
		"a gestore in capitals":          {"- {username: a, idps: [PROVA]}\n", []string{`idps contains "PROVA"`}},
		"an attribute that is none":      {"- {username: a, attributes: {shoeSize: '42'}}\n", []string{`"shoeSize"`}},
		"a level that is a word":         {"- {username: a, spidLevel: two}\n", []string{`"two"`}},
		"a text instead of a list":       {"hello\n", []string{"u.yaml:1:1", "want a list"}},
		"a text instead of a person":     {"- hello\n", []string{"u.yaml:1:3", "want an object"}},
		"broken YAML":                    {"- {username: a\n", []string{"u.yaml:"}},
		"two documents":                  {"- {username: a}\n---\n- {username: b}\n", []string{"2 documents"}},
		"several, and tells all at once": {"- {username: a, card: lost}\n- {username: b, status: dead}\n- {username: c, x: 1}\n", []string{"u.yaml:1:", "u.yaml:2:", "u.yaml:3:"}},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse([]byte(row.in), "u.yaml")
			if err == nil {
				t.Fatal("passes")
			}
			for _, want := range row.wants {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want it to say %s", err, want)
				}
			}
			var m *Mistake
			if !errors.As(err, &m) || m.File != "u.yaml" {
				t.Errorf("%v is no Mistake of that file", err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"own.yaml", "validator-users.json", "testenv-users.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("- username: a\n  levels: [1, 4]\n"))
	f.Add([]byte(`{"users":{"a":{"spidLevel":"9999999"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		people, err := Parse(data, "fuzz")
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, p := range people {
			if p.Username == "" || seen[p.Username] || p.Username != strings.ToLower(p.Username) {
				t.Fatalf("user name %q is empty, not folded or there twice", p.Username)
			}
			seen[p.Username] = true
			if wrong := p.check(); len(wrong) > 0 {
				t.Fatalf("%q passes and is wrong: %v", p.Username, wrong)
			}
			for name, value := range p.Attributes("TEST123456789A") {
				if _, ok := spid.LookupAttribute(name); !ok || value == "" {
					t.Fatalf("attribute %q is unknown or empty", name)
				}
			}
		}
	})
}

func BenchmarkAll(b *testing.B) {
	for b.Loop() {
		if _, err := All(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestPeopleSurviveJSON holds what the store and the API rely on: a person written as JSON reads back the same.
func TestPeopleSurviveJSON(t *testing.T) {
	t.Parallel()
	want := append(all(t), parseFile(t, "own.yaml")...)
	data, err := json.MarshalIndent(want, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(data, "people.json")
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d people, %v; want %d", len(got), err, len(want))
	}
	for i := range want {
		same(t, got[i], want[i])
	}
}
