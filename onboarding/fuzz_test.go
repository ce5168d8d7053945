package onboarding

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"spidsim/internal/clock"
	"spidsim/spid"
)

// FuzzTypedWords: dates, places, codes and events read what people type without falling over, and what they read is what they say.
func FuzzTypedWords(f *testing.F) {
	for _, s := range []string{"", "19/03/1943", "1943-03-19", "29/02/2021", "2/1/06", "Bologna", "A944", "Z605", "Reggio nell'Emilia", "k7qd 4mhx-92tr", "EV-save", "verify-mail", "QRZRNS43C59A944W",
		"+39 399 000 0001", "a@b.example\r\nBcc: c@d.example", "\xff\xfe", "０１２", strings.Repeat("9", 300)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := readDay(s); ok {
			if again, ok := readDay(d.String()); !ok || again != d {
				t.Errorf("readDay(%q) is %s, read again %s, %t", s, d, again, ok)
			}
		}
		if code, ok := PlaceCode(s); ok {
			if again, ok := PlaceCode(code); !ok || again != code {
				t.Errorf("PlaceCode(%q) is %q, read again %q, %t", s, code, again, ok)
			}
		}
		if ev, ok := EventNamed(s); ok {
			if again, ok := EventNamed(string(ev)); !ok || again != ev {
				t.Errorf("EventNamed(%q) is %q, read again %q", s, ev, again)
			}
		}
		if folded := NormalCode(s); NormalCode(folded) != folded && utf8.ValidString(s) {
			t.Errorf("NormalCode(%q) is %q, folded again %q", s, folded, NormalCode(folded))
		}
		if goodAddress(s) && strings.ContainsAny(s, "\r\n\x00 ,;<>") {
			t.Errorf("%q is taken as an address", s)
		}
		if plainText(s) && strings.ContainsAny(s, "\r\n\x00") {
			t.Errorf("%q is taken as plain text", s)
		}
		for _, lang := range []string{"it", "en"} {
			Spell(s, lang)
		}
		PasswordLacks(s)
	})
}

// FuzzForm: no form moves a request wrongly. Whatever is typed, a denial leaves the record as it was, and what is saved fits its codice fiscale.
func FuzzForm(f *testing.F) {
	f.Add("QRZRNS43C59A944W", "Quirzoldi", "Ortensia", "F", "19/03/1943", "Bologna", "Via delle Prove 7", "Bologna", "a@b.example", "+39 399 000 0001")
	f.Add("", "", "", "", "", "", "", "", "", "")
	f.Add("QRZRNS43C59A944W", "Quirzoldi", "Ortensia", "F", "1943-03-19", "A944", "v", "c", "", "")
	f.Fuzz(func(t *testing.T, code, family, given, sex, born, place, street, city, email, mobile string) {
		e := &Enrolment{ID: "x", State: AtForm, IdP: "poste", Direct: true}
		w := World{Now: time.Date(2020, time.October, 15, 8, 0, 0, 0, time.UTC), Settings: DefaultSettings(), Draw: func(string, int) string { return "123456" }}
		in := Input{FiscalCode: code, FamilyName: family, GivenName: given, Sex: sex, Born: born, BirthPlace: place, Street: street, City: city, Email: email, Mobile: mobile, Invented: true}
		effects, err := e.Do(EvSave, in, w)
		if err != nil {
			if _, ok := err.(*Denied); !ok || e.State != AtForm || len(e.History) != 0 || e.Form != (Form{}) || len(effects) != 0 {
				t.Errorf("refused with %v, and yet %+v", err, e)
			}
			return
		}
		if _, err := spid.ParseFiscalCode(string(e.FiscalCode)); err != nil || e.State != AtContacts || e.Form.Born == (clock.Day{}) {
			t.Errorf("saved as %+v: %v", e, err)
		}
		if _, err := e.Do(EvDocs, Input{}, w); err == nil {
			t.Error("the contacts can be left out")
		}
	})
}
