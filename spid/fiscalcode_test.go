package spid

import (
	"strings"
	"testing"
	"time"
)

type human struct {
	surname, name, sex, born, place string
	code                            FiscalCode
}

// vectors of attributes.md section 4 and of the personas of the courses (onboarding.md section 12).
var vectors = []human{
	{"Rossi", "Mario", "M", "1980-01-01", "H501", "RSSMRA80A01H501U"},
	{"Rossi", "Mario", "M", "1985-12-10", "A562", "RSSMRA85T10A562S"},
	{"Moretti", "Matteo", "M", "1925-04-09", "F205", "MRTMTT25D09F205Z"},
	{"Miller", "Samantha", "F", "1982-09-25", "Z404", "MLLSNT82P65Z404U"},
	{"AgID", "SpidValidator", "M", "2000-01-01", "H501", "GDASDV00A01H501J"},
	{"Quirzoldi", "Ortensia", "F", "1943-03-19", "A944", "QRZRNS43C59A944W"},
	{"Zurquani", "Ademaro", "M", "1938-11-02", "F257", "ZRQDMR38S02F257S"},
	{"Qualzeni", "Loretta", "F", "1971-06-27", "D548", "QLZLTT71H67D548Z"},
	{"Xandrelli", "Ivo", "M", "1962-01-31", "H223", "XNDVIO62A31H223L"},
	{"Jolzetti", "Nives", "F", "1985-12-08", "H199", "JLZNVS85T48H199M"},
	{"Wuzzoli", "Brando", "M", "2007-05-14", "G337", "WZZBND07E14G337Y"},
	{"Wuzzoli", "Emma", "F", "2011-09-30", "G337", "WZZMME11P70G337T"},
	{"Wuzzoli", "Teo", "M", "2018-02-03", "G337", "WZZTEO18B03G337E"},
	{"Xolzani", "Mirta", "F", "1979-04-22", "G535", "XLZMRT79D62G535V"},
	{"Qarzul", "Ximena", "F", "1990-07-16", "Z605", "QRZXMN90L56Z605Q"},
	{"Qwerzel", "Helmut", "M", "1950-10-10", "Z112", "QWRHMT50R10Z112E"},
	{"Jurquoni", "Tarcisio", "M", "1955-08-15", "H294", "JRQTCS55M15H294K"},
	{"Xerquati", "Gilda", "F", "1968-02-29", "D704", "XRQGLD68B69D704K"},
	{"Vrizquo", "Otello", "M", "1959-12-25", "C573", "VRZTLL59T25C573I"},
	{"Quxolli", "Dina", "F", "1947-09-09", "A944", "QXLDNI47P49A944M"},
	{"Zux", "Io", "M", "1966-05-05", "E289", "ZXUIOX66E05E289D"},
	{"D'Aqvinzò", "Màrìa Zoé", "F", "1952-01-01", "L219", "DQVMRZ52A41L219G"},
}

func date(t testing.TB, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestFiscalCodeOfEachVector(t *testing.T) {
	t.Parallel()
	for _, v := range vectors {
		t.Run(v.name+" "+v.surname+" has "+string(v.code), func(t *testing.T) {
			t.Parallel()
			born := date(t, v.born)
			if got, err := ComputeFiscalCode(v.surname, v.name, born, v.sex, v.place); got != v.code || err != nil {
				t.Errorf("computed %q, %v", got, err)
			}
			if got, err := ParseFiscalCode(string(v.code)); got != v.code || err != nil {
				t.Errorf("parsed %q, %v", got, err)
			}
			if !v.code.Matches(v.surname, v.name, born, v.sex, v.place) {
				t.Error("does not match the person")
			}
			if !v.code.Matches(v.surname, v.name, born.AddDate(100, 0, 0), v.sex, v.place) {
				t.Error("does not match a century later, though the code has no century (CF-12)")
			}
			other := map[string]string{"F": "M", "M": "F"}[v.sex]
			if v.code.Matches(v.surname, v.name, born, other, v.place) ||
				v.code.Matches(v.surname, v.name, born.AddDate(0, 0, 1), v.sex, v.place) ||
				v.code.Matches(v.surname+"bb", "Bbb "+v.name, born, v.sex, v.place) ||
				v.code.Matches(v.surname, v.name, born, v.sex, "Z999") {
				t.Error("matches somebody else")
			}
			for mask := range 128 {
				checkVariant(t, v, mask)
			}
		})
	}
}

func checkVariant(t *testing.T, v human, mask int) {
	variant := v.code.Omocodia(mask)
	parsed, err := ParseFiscalCode(string(variant))
	if err != nil || parsed != variant {
		t.Errorf("omocodia %d gives %q: parsed %q, %v", mask, variant, parsed, err)
	}
	if variant.Plain() != v.code || (variant == v.code) != (mask == 0) {
		t.Errorf("omocodia %d gives %q, whose plain form is %q", mask, variant, variant.Plain())
	}
	if !variant.Matches(v.surname, v.name, date(t, v.born), v.sex, v.place) {
		t.Errorf("omocodia %d gives %q, which does not match the person", mask, variant)
	}
}

func TestOmocodiaVectors(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		plain FiscalCode
		mask  int
		want  FiscalCode
	}{
		{"RSSMRA85T10A562S", 1, "RSSMRA85T10A56NH"},
		{"RSSMRA85T10A562S", 3, "RSSMRA85T10A5SNT"},
		{"RSSMRA85T10A562S", 127, "RSSMRAURTMLARSNL"},
		{"QXLDNI47P49A944M", 1, "QXLDNI47P49A94QJ"},
		{"QXLDNI47P49A944M", 3, "QXLDNI47P49A9QQV"},
		{"QXLDNI47P49A944M", 127, "QXLDNIQTPQVAVQQU"},
		{"QXLDNI47P49A94QJ", 127, "QXLDNIQTPQVAVQQU"},
		{"QXLDNI47P49A94QJ", 1, "QXLDNI47P49A94QJ"},
		{"12345678903", 127, "12345678903"},
		{"too short", 127, "too short"},
	} {
		if got := row.plain.Omocodia(row.mask); got != row.want {
			t.Errorf("%s with mask %d gave %s, want %s", row.plain, row.mask, got, row.want)
		}
	}
}

func TestParseFiscalCodeNormalises(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]FiscalCode{
		"qrzrns43c59a944w":         "QRZRNS43C59A944W",
		"  QrzRns43c59A944W\t\r\n": "QRZRNS43C59A944W",
		" 97735020584 ":            "97735020584",
		"12345678903":              "12345678903",
	} {
		if got, err := ParseFiscalCode(in); got != want || err != nil {
			t.Errorf("%q gave %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestParseFiscalCodeRefuses(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ in, says string }{
		"a wrong check character":           {"QRZRNS43C59A944X", `want the check character 'W'`},
		"day 99":                            {"QRZRNS43C99A944W", "day 99"},
		"day 0":                             {"QRZRNS43C00A944W", "day 00"},
		"day 40":                            {"QRZRNS43C40A944W", "day 40"},
		"day 72":                            {"QRZRNS43C72A944W", "day 72"},
		"day 99 in omocodia":                {"QRZRNS43CVVA944W", "day 99"},
		"fifteen characters":                {"QRZRNS43C59A944", "15 characters"},
		"seventeen characters":              {"QRZRNS43C59A944WW", "17 characters"},
		"nothing":                           {"", "0 characters"},
		"a month that no letter names":      {"QRZRNS43F59A944W", "out of place"},
		"a letter that omocodia never uses": {"QRZRNS4AC59A944W", "out of place"},
		"a blank inside":                    {"QRZRNS 3C59A944W", "out of place"},
		"the prefix of the attribute":       {"TINIT-QRZRNS43C59A944W", "22 characters"},
		"a letter that folds into ASCII":    {"qrzrnſ43c59a944w", "'ſ'"},
		"eleven digits with a wrong check":  {"12345678901", `want the check digit '3'`},
		"eleven characters, not all digits": {"1234567890A", "11 digits"},
		"full-width digits":                 {"１２３４５６７８９０３", "'１'"},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseFiscalCode(row.in)
			if got != "" || err == nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("got %q, %v; want an error that says %s", got, err, row.says)
			}
		})
	}
}

func TestNamesOfTheRules(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Rossi": "RSS", "Fo": "FOX", "Aiu": "AIU", "D'Aqvinzò": "DQV", "Müller": "MLL", "Weiß": "WSS", "De La-Rùe": "DLR", "Jiří": "JRI"} {
		s, err := letters("surname", name)
		if got := surnameCode(s); got != want || err != nil {
			t.Errorf("surname %s gives %s, %v; want %s", name, got, err, want)
		}
	}
	for name, want := range map[string]string{"Mario": "MRA", "Gianfranco": "GFR", "Anna": "NNA", "Io": "IOX", "Ortensia": "RNS", "Noe\u0308": "NOE"} {
		s, err := letters("name", name)
		if got := nameCode(s); got != want || err != nil {
			t.Errorf("name %s gives %s, %v; want %s", name, got, err, want)
		}
	}
}

func TestComputeFiscalCodeRefuses(t *testing.T) {
	t.Parallel()
	good := human{"Rossi", "Mario", "M", "1980-01-01", "H501", ""}
	for name, row := range map[string]struct {
		spoil func(*human)
		says  string
	}{
		"a surname of punctuation": {func(h *human) { h.surname = "'- " }, "surname"},
		"an empty name":            {func(h *human) { h.name = "" }, "name"},
		"another alphabet":         {func(h *human) { h.surname = "Иванов" }, "'И'"},
		"a digit in the name":      {func(h *human) { h.name = "Mario2" }, "'2'"},
		"another sex":              {func(h *human) { h.sex = "m" }, `"m"`},
		"the name of a place":      {func(h *human) { h.place = "Roma" }, `"Roma"`},
		"a place in lower case":    {func(h *human) { h.place = "h501" }, `"h501"`},
		"no date":                  {func(h *human) { h.born = "0001-01-01" }, "date of birth"},
	} {
		t.Run("refuses "+name, func(t *testing.T) {
			t.Parallel()
			h := good
			row.spoil(&h)
			got, err := ComputeFiscalCode(h.surname, h.name, date(t, h.born), h.sex, h.place)
			if got != "" || err == nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("got %q, %v; want an error that names %s", got, err, row.says)
			}
		})
	}
}

func TestElevenDigitsMatchNobody(t *testing.T) {
	t.Parallel()
	if FiscalCode("12345678903").Matches("Rossi", "Mario", date(t, "1980-01-01"), "M", "H501") {
		t.Error("a temporary code matches a person, though it says nothing of them")
	}
	if FiscalCode("RSSMRA80A01H501A").Matches("Rossi", "Mario", date(t, "1980-01-01"), "M", "H501") {
		t.Error("a code with a wrong check character matches")
	}
}

func TestPartitaIVA(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"12345678903", "97735020584", "00000000000"} {
		if err := CheckPartitaIVA(good); err != nil {
			t.Error(err)
		}
		for i := range 11 { // the checksum sees each single wrong digit
			for d := byte('0'); d <= '9'; d++ {
				bad := []byte(good)
				if bad[i] = d; string(bad) != good && CheckPartitaIVA(string(bad)) == nil {
					t.Errorf("%s passes, one digit away from %s", bad, good)
				}
			}
		}
	}
	for _, bad := range []string{"12345678901", "1234567890", "123456789033", "1234567890a", "", "IT12345678903", "+2345678903"} {
		if CheckPartitaIVA(bad) == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

func FuzzParseFiscalCode(f *testing.F) {
	for _, v := range vectors {
		f.Add(string(v.code), 5)
	}
	f.Add("qxldniqtpqvavqqu", 127)
	f.Add("12345678903", 0)
	f.Add("QRZRNS43C99A944W", 1)
	f.Fuzz(func(t *testing.T, s string, mask int) {
		code, err := ParseFiscalCode(s)
		if err != nil {
			if code != "" {
				t.Fatalf("%q gives %q and an error", s, code)
			}
			return
		}
		again, err := ParseFiscalCode(" " + strings.ToLower(string(code)) + " ")
		if err != nil || again != code {
			t.Fatalf("%q is not stable: %q, %v", code, again, err)
		}
		plain, variant := code.Plain(), code.Omocodia(mask)
		for _, c := range []FiscalCode{plain, variant} {
			if parsed, err := ParseFiscalCode(string(c)); err != nil || parsed != c {
				t.Fatalf("%q made of %q does not parse: %v", c, code, err)
			}
		}
		if plain.Plain() != plain || variant.Plain() != plain {
			t.Fatalf("%q has the plain forms %q, %q and %q", code, plain, plain.Plain(), variant.Plain())
		}
		for _, last := range "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
			other := string(code[:len(code)-1]) + string(last)
			if _, err := ParseFiscalCode(other); err == nil && other != string(code) {
				t.Fatalf("both %q and %q pass", code, other)
			}
		}
	})
}
