package spid

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// FiscalCode is a codice fiscale: sixteen upper-case characters, or eleven digits for temporary codes and for
// legal persons. On the wire it carries the prefix TINIT- (ATT-20); a FiscalCode never does.
type FiscalCode string

// form is the pattern of a codice fiscale with omocodia (CF-11).
var form = regexp.MustCompile(`^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$`)

const (
	months = "ABCDEHLMPRST" // January to December (CF-05)
	homo   = "LMNPQRSTUV"   // letters that stand for 0 to 9 (CF-09)
)

// digitPlaces are the indexes of the digits in the order in which omocodia replaces them: rightmost first (CF-09).
var digitPlaces = [...]int{14, 13, 12, 10, 9, 7, 6}

// odd holds the values of 0-9 and A-Z at odd positions, counted from one (CF-08).
var odd = [...]int{
	1, 0, 5, 7, 9, 13, 15, 17, 19, 21,
	1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
}

// ParseFiscalCode checks and normalises (upper case, blanks trimmed) a codice fiscale (CF-08..CF-13). Eleven
// digits pass with the check digit of a partita IVA (CF-13, CF-23). The error says what was found and wanted.
func ParseFiscalCode(s string) (FiscalCode, error) {
	code, err := upperASCII(strings.TrimSpace(s))
	if err != nil {
		return "", err
	}
	switch len(code) {
	case 11:
		if err := CheckPartitaIVA(code); err != nil {
			return "", fmt.Errorf("codice fiscale of eleven digits: %w", err)
		}
		return FiscalCode(code), nil
	case 16:
		if err := checkFiscalCode(code); err != nil {
			return "", err
		}
		return FiscalCode(code), nil
	}
	return "", fmt.Errorf("codice fiscale has %d characters, want 16 (or 11 digits)", len(code))
}

// upperASCII refuses what is not ASCII before it folds, since letters such as ı and ſ fold into ASCII ones.
func upperASCII(s string) (string, error) {
	for _, r := range s {
		if r > 0x7f {
			return "", fmt.Errorf("codice fiscale contains %q, want letters A to Z and digits", r)
		}
	}
	return strings.ToUpper(s), nil
}

func checkFiscalCode(code string) error {
	if !form.MatchString(code) {
		return fmt.Errorf("codice fiscale %q has a character out of place, want the pattern %s", code, form)
	}
	plain := string(FiscalCode(code).Plain())
	day := int(plain[9]-'0')*10 + int(plain[10]-'0')
	if day < 1 || day > 31 && day < 41 || day > 71 {
		return fmt.Errorf("codice fiscale %q has day %02d, want 01 to 31, or 41 to 71 for women", code, day)
	}
	if want := checkLetter(code[:15]); code[15] != want {
		return fmt.Errorf("codice fiscale %q ends in %q, want the check character %q", code, code[15], want)
	}
	return nil
}

// checkLetter returns the sixteenth character for the first fifteen, which are digits and capitals (CF-08).
func checkLetter(code string) byte {
	sum := 0
	for i := range len(code) {
		c := code[i]
		index, even := int(c-'0'), int(c-'0')
		if c >= 'A' {
			index, even = int(c-'A')+10, int(c-'A')
		}
		if i%2 == 0 { // the first position is odd
			sum += odd[index]
		} else {
			sum += even
		}
	}
	return byte('A' + sum%26)
}

// ComputeFiscalCode returns the code of a person; born is a date (its clock time is ignored), sex "F" or "M",
// place a Belfiore code such as "H501" (CF-01..CF-08). It fails when a name holds no Latin letter or one that
// cannot be written with A to Z, and when sex, place or date are not of that form.
func ComputeFiscalCode(surname, name string, born time.Time, sex, place string) (FiscalCode, error) {
	s, err := letters("surname", surname)
	if err != nil {
		return "", err
	}
	n, err := letters("name", name)
	if err != nil {
		return "", err
	}
	switch {
	case born.IsZero():
		return "", fmt.Errorf("date of birth is missing")
	case sex != "F" && sex != "M":
		return "", fmt.Errorf(`sex is %q, want "F" or "M"`, sex)
	case !belfiore.MatchString(place):
		return "", fmt.Errorf("place of birth is %q, want a Belfiore code such as H501", place)
	}
	day := born.Day()
	if sex == "F" {
		day += 40
	}
	code := surnameCode(s) + nameCode(n) +
		fmt.Sprintf("%02d%c%02d", born.Year()%100, months[born.Month()-1], day) + place
	return FiscalCode(code + string(checkLetter(code))), nil
}

// surnameCode is three letters: consonants in order, then vowels in order, then X (CF-02).
func surnameCode(s string) string {
	consonants, vowels := split(s)
	return (consonants + vowels + "XXX")[:3]
}

// nameCode takes the first, third and fourth of four or more consonants, else is made like that of a
// surname (CF-03).
func nameCode(s string) string {
	if c, _ := split(s); len(c) >= 4 {
		return c[:1] + c[2:4]
	}
	return surnameCode(s)
}

func split(s string) (consonants, vowels string) {
	for i := range len(s) {
		if strings.IndexByte("AEIOU", s[i]) >= 0 {
			vowels += s[i : i+1]
		} else {
			consonants += s[i : i+1]
		}
	}
	return consonants, vowels
}

func (f FiscalCode) personal() bool { return form.MatchString(string(f)) }

// Plain undoes omocodia: digits back in place, check character recomputed (CF-10). A code without omocodia, one
// of eleven digits and one that is malformed come back as they are.
func (f FiscalCode) Plain() FiscalCode {
	if !f.personal() {
		return f
	}
	code, changed := []byte(f), false
	for _, i := range digitPlaces {
		if d := strings.IndexByte(homo, code[i]); d >= 0 {
			code[i], changed = byte('0'+d), true
		}
	}
	if !changed {
		return f
	}
	code[15] = checkLetter(string(code[:15]))
	return FiscalCode(code)
}

// Omocodia replaces the digits of the mask by letters and recomputes the check character (CF-09): bit 0 is the
// rightmost digit (position 15), then 14, 13, 11, 10, 8 and 7; 1 to 127 give the 127 variants of a plain code.
// Letters that are there already stay; codes of eleven digits and malformed ones come back as they are.
func (f FiscalCode) Omocodia(mask int) FiscalCode {
	if !f.personal() {
		return f
	}
	code := []byte(f)
	for bit, i := range digitPlaces {
		if mask&(1<<bit) != 0 && code[i] <= '9' {
			code[i] = homo[code[i]-'0']
		}
	}
	code[15] = checkLetter(string(code[:15]))
	return FiscalCode(code)
}

// Matches reports whether the code is well formed and fits these data, omocodia allowed, century not compared
// (CF-10, CF-12). The arguments are those of ComputeFiscalCode. Eleven digits say nothing of a person: false.
func (f FiscalCode) Matches(surname, name string, born time.Time, sex, place string) bool {
	if !f.personal() || checkFiscalCode(string(f)) != nil {
		return false
	}
	want, err := ComputeFiscalCode(surname, name, born, sex, place)
	return err == nil && f.Plain() == want
}

// CheckPartitaIVA checks a partita IVA, or the numeric codice fiscale of a legal person, without prefix: eleven
// digits, the last of which follows from the others (CF-20..CF-23).
func CheckPartitaIVA(s string) error {
	if len(s) != 11 || strings.Trim(s, "0123456789") != "" {
		return fmt.Errorf("partita IVA is %q, want 11 digits", cut(s))
	}
	sum := 0
	for i := range 10 {
		d := int(s[i] - '0')
		if i%2 == 1 { // even positions, counted from one, count double
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	if want := byte('0' + (10-sum%10)%10); s[10] != want {
		return fmt.Errorf("partita IVA %q ends in %q, want the check digit %q", s, s[10], want)
	}
	return nil
}
