package onboarding

import (
	"strings"
	"testing"
	"time"

	"spidsim/internal/clock"
)

const phoneDay = "2021-11-15 10:30"

func TestONB150ItSurvivesTheEndOfThePIN(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, phoneDay)
	p := must[*PhonePIN](t)(w.o.CreatePhonePIN(w.ctx, inside(t, w.o, "P03", "spid"), "1d"))
	check := must[PhoneCheck](t)(w.o.CheckPhonePIN(w.ctx, "QLZLTT71H67D548Z", p.Code))
	if check.Answer != PhoneIsValid || check.Name != "Loretta Qualzeni" {
		t.Errorf("got %s for %q, want a valid code of Loretta Qualzeni", check.Answer, check.Name)
	}
}

func TestONB151MadeByWhoCameWithAnIdentity(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, phoneDay)
	for _, row := range []struct {
		name string
		v    *Visit
		want Code
	}{
		{"spid", inside(t, w.o, "P03", "spid"), ""},
		{"cie", inside(t, w.o, "P03", "cie"), ""},
		{"cns", inside(t, w.o, "P03", "cns"), ""},
		{"spid of level 1", insideAt(t, w.o, "P03", "spid", 1), LevelTooLow},
		{"pin", &Visit{Means: "pin", FiscalCode: "QWRHMT50R10Z112E"}, NotHolder},
		{"telephone PIN", &Visit{Means: PhoneMeans, FiscalCode: "QLZLTT71H67D548Z"}, NotHolder},
		{"nobody", &Visit{}, NotHolder},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.o.CreatePhonePIN(w.ctx, row.v, "1d")
			wantReason(t, err, row.want)
		})
	}
}

func TestONB152FourDurations(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, phoneDay)
	v := inside(t, w.o, "P03", "spid")
	for duration, until := range map[string]string{"1d": "2021-11-16 10:30", "1w": "2021-11-22 10:30", "1m": "2021-12-15 10:30", "3m": "2022-02-15 10:30"} {
		p := must[*PhonePIN](t)(w.o.CreatePhonePIN(w.ctx, v, duration))
		if !p.Until.Equal(rome(t, until)) || p.Duration != duration {
			t.Errorf("%s: until %s, want %s in Italy", duration, p.Until, until)
		}
	}
	for _, duration := range []string{"", "2d", "1y", "1D", "30d"} {
		_, err := w.o.CreatePhonePIN(w.ctx, v, duration)
		wantReason(t, err, PhoneDuration)
	}
	if got := len(must[[]*PhonePIN](t)(w.o.PhonePINs(w.ctx, "P03"))); got != 4 {
		t.Errorf("%d codes, want the 4 that were granted", got)
	}
}

func TestONB153CodeIsReadAloud(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, phoneDay)
	seen := map[string]bool{}
	v := inside(t, w.o, "P03", "spid")
	for range 20 {
		code := must[*PhonePIN](t)(w.o.CreatePhonePIN(w.ctx, v, "1d")).Code
		if len(code) != 8 || strings.Trim(code, unambiguous) != "" || seen[code] {
			t.Errorf("code %q, want 8 unambiguous characters, new every time", code)
		}
		seen[code] = true
		if got := len(Spell(code, "it")); got != 8 {
			t.Errorf("%q is spelt in %d parts, want 8", code, got)
		}
	}
	for _, row := range []struct{ code, lang, want string }{
		{"B7K2", "it", "B come Bologna, sette, K come kappa, due"},
		{"b7 k-2", "it", "B come Bologna, sette, K come kappa, due"},
		{"B7K2", "en", "B as in Bravo, seven, K as in Kilo, two"},
		{"", "it", ""},
	} {
		if got := strings.Join(Spell(row.code, row.lang), ", "); got != row.want {
			t.Errorf("%q in %s is %q, want %q", row.code, row.lang, got, row.want)
		}
	}
	for r := 'A'; r <= 'Z'; r++ {
		for _, lang := range []string{"it", "en"} {
			parts := Spell(string(r), lang)
			if len(parts) != 1 || !strings.HasPrefix(parts[0], string(r)+" ") {
				t.Errorf("%c in %s is %q", r, lang, parts)
			}
		}
	}
}

func TestONB154ANewCodeVoidsTheOldOne(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, phoneDay)
	v := inside(t, w.o, "P03", "spid")
	first := must[*PhonePIN](t)(w.o.CreatePhonePIN(w.ctx, v, "3m"))
	other := must[*PhonePIN](t)(w.o.CreatePhonePIN(w.ctx, inside(t, w.o, "P04", "spid"), "1d"))
	second := must[*PhonePIN](t)(w.o.CreatePhonePIN(w.ctx, v, "1d"))
	for _, row := range []struct {
		name, fiscal, code string
		want               PhoneAnswer
	}{
		{"the old one", string(first.FiscalCode), first.Code, PhoneIsReplaced},
		{"the new one", string(first.FiscalCode), second.Code, PhoneIsValid},
		{"somebody else's", string(other.FiscalCode), other.Code, PhoneIsValid},
	} {
		if got := must[PhoneCheck](t)(w.o.CheckPhonePIN(w.ctx, row.fiscal, row.code)).Answer; got != row.want {
			t.Errorf("%s is %s, want %s", row.name, got, row.want)
		}
	}
	list := must[[]*PhonePIN](t)(w.o.PhonePINs(w.ctx, "P03"))
	if len(list) != 2 || list[0].Code != second.Code || list[1].ReplacedBy != second.ID {
		t.Errorf("history %v, want the new code before the one it replaced", list)
	}
	if got := len(must[[]*PhonePIN](t)(w.o.PhonePINs(w.ctx, ""))); got != 3 {
		t.Errorf("%d codes of everybody, want 3", got)
	}
}

// Fifty browsers ask at once: one code is left.
func TestONB154OneCodeIsLeft(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, phoneDay)
	v := inside(t, w.o, "P03", "spid")
	won := together(50, func(int) error {
		_, err := w.o.CreatePhonePIN(w.ctx, v, "1d")
		return err
	})
	if won[""] != 50 {
		t.Errorf("got %v, want 50 codes made", won)
	}
	current := 0
	for _, p := range must[[]*PhonePIN](t)(w.o.PhonePINs(w.ctx, "P03")) {
		if p.Replaced.IsZero() {
			current++
		}
	}
	if current != 1 {
		t.Errorf("%d codes are current, want 1", current)
	}
}

func TestONB155ExpiryCountsFromTheInstant(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, created, duration, until string }{
		{"a day", "2021-11-15T09:30:15Z", "1d", "2021-11-16T09:30:15Z"},
		{"a week over the end of the year", "2021-12-28T09:30:00Z", "1w", "2022-01-04T09:30:00Z"},
		{"31 January and a month", "2022-01-31T09:00:00Z", "1m", "2022-02-28T09:00:00Z"},
		{"31 January of a leap year", "2024-01-31T09:00:00Z", "1m", "2024-02-29T09:00:00Z"},
		{"30 January of a leap year", "2024-01-30T09:00:00Z", "1m", "2024-02-29T09:00:00Z"},
		{"29 February and three months", "2024-02-29T09:00:00Z", "3m", "2024-05-29T08:00:00Z"},
		{"30 November and three months", "2021-11-30T09:00:00Z", "3m", "2022-02-28T09:00:00Z"},
		{"31 August and a month", "2021-08-31T09:00:00Z", "1m", "2021-09-30T09:00:00Z"},
		{"31 October and three months", "2021-10-31T11:00:00Z", "3m", "2022-01-31T11:00:00Z"},
		{"the short day of March", "2021-03-27T12:00:00Z", "1d", "2021-03-28T11:00:00Z"},
		{"the long day of October", "2021-10-30T11:00:00Z", "1d", "2021-10-31T12:00:00Z"},
		{"a month over the change of the hour", "2021-10-15T08:00:00Z", "1m", "2021-11-15T09:00:00Z"},
		{"an hour that does not occur", "2021-03-27T01:30:00Z", "1d", "2021-03-28T01:30:00Z"},
		{"late in the evening it is the next day in Italy", "2022-01-30T23:30:00Z", "1m", "2022-02-27T23:30:00Z"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			created, err := time.Parse(time.RFC3339, row.created)
			if err != nil {
				t.Fatal(err)
			}
			got, ok := phoneUntil(created, row.duration)
			if !ok || got.Format(time.RFC3339) != row.until {
				t.Errorf("got %s (%s in Italy), want %s", got.Format(time.RFC3339), clock.Rome(got), row.until)
			}
		})
	}
}

func TestONB155TheLastInstant(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, phoneDay)
	p := must[*PhonePIN](t)(w.o.CreatePhonePIN(w.ctx, inside(t, w.o, "P03", "spid"), "1w"))
	for at, want := range map[time.Time]PhoneAnswer{p.Until.Add(-time.Second): PhoneIsValid, p.Until: PhoneIsExpired, p.Until.Add(time.Hour): PhoneIsExpired} {
		w.clock.Freeze(at)
		if got := must[PhoneCheck](t)(w.o.CheckPhonePIN(w.ctx, string(p.FiscalCode), p.Code)).Answer; got != want {
			t.Errorf("at %s it is %s, want %s", at, got, want)
		}
	}
}

func TestONB156OnlyTheContactCentreUnlessTheSwitchSaysSo(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, phoneDay)
	p := must[*PhonePIN](t)(w.o.CreatePhonePIN(w.ctx, inside(t, w.o, "P03", "spid"), "1d"))
	if p.Scope != PhoneScope {
		t.Errorf("scope %q, want %q", p.Scope, PhoneScope)
	}
	_, browser, err := w.o.Enter(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.o.PhoneLogin(w.ctx, browser, string(p.FiscalCode), p.Code)
	wantRule(t, err, NotHolder, "ONB-156")
	if v.Inside() {
		t.Error("somebody is inside with the switch off")
	}
	configure(t, w.o, func(s *Settings) { s.PhonePINAlsoWeb = true })
	_, err = w.o.PhoneLogin(w.ctx, browser, string(p.FiscalCode), "WRONG222")
	wantReason(t, err, PhoneUnknown)
	v = must[*Visit](t)(w.o.PhoneLogin(w.ctx, browser, string(p.FiscalCode), p.Code))
	if v.Means != PhoneMeans || v.FiscalCode != p.FiscalCode || v.StrongMeans() {
		t.Errorf("inside by %q as %s, strong %t; want by phone, not strong", v.Means, v.FiscalCode, v.StrongMeans())
	}
	w.clock.Freeze(p.Until)
	_, err = w.o.PhoneLogin(w.ctx, browser, string(p.FiscalCode), p.Code)
	wantReason(t, err, PhoneExpired)
}

func TestONB157FourAnswers(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, phoneDay)
	v := inside(t, w.o, "P03", "spid")
	old := must[*PhonePIN](t)(w.o.CreatePhonePIN(w.ctx, v, "1d"))
	p := must[*PhonePIN](t)(w.o.CreatePhonePIN(w.ctx, v, "1d"))
	for _, row := range []struct {
		name, fiscal, code string
		want               PhoneAnswer
		reason             Code
	}{
		{"right", "QLZLTT71H67D548Z", p.Code, PhoneIsValid, ""},
		{"as it is said and typed", " qlzltt71h67d548z ", strings.ToLower(Fours(p.Code)), PhoneIsValid, ""},
		{"replaced", "QLZLTT71H67D548Z", old.Code, PhoneIsReplaced, PhoneReplaced},
		{"wrong code", "QLZLTT71H67D548Z", "AAAA2222", PhoneIsUnknown, PhoneUnknown},
		{"wrong person", "QRZRNS43C59A944W", p.Code, PhoneIsUnknown, PhoneUnknown},
		{"nobody", "", p.Code, PhoneIsUnknown, PhoneUnknown},
		{"no code", "QLZLTT71H67D548Z", "", PhoneIsUnknown, PhoneUnknown},
	} {
		check := must[PhoneCheck](t)(w.o.CheckPhonePIN(w.ctx, row.fiscal, row.code))
		if check.Answer != row.want || reason(asError(check.Denied)) != string(row.reason) {
			t.Errorf("%s: %s %q, want %s %q", row.name, check.Answer, reason(asError(check.Denied)), row.want, row.reason)
		}
		if row.want != PhoneIsValid && (check.Name != "" || check.FiscalCode != "") {
			t.Errorf("%s: the clerk learns %q of somebody who gave no valid code", row.name, check.Name)
		}
	}
	w.clock.Freeze(p.Until)
	if got := must[PhoneCheck](t)(w.o.CheckPhonePIN(w.ctx, "QLZLTT71H67D548Z", p.Code)).Answer; got != PhoneIsExpired {
		t.Errorf("after its end it is %s, want expired", got)
	}
}

// Who has no identity gets the code by the login of a delegate, and it is the principal's.
func TestONB158ADelegateMakesTheCode(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, phoneDay)
	v := must[*Visit](t)(w.o.ActFor(w.ctx, inside(t, w.o, "P03", "spid"), "P02"))
	p := must[*PhonePIN](t)(w.o.CreatePhonePIN(w.ctx, v, "1m"))
	if p.FiscalCode != "ZRQDMR38S02F257S" || p.By != "QLZLTT71H67D548Z" {
		t.Errorf("a code of %s by %s, want of Ademaro Zurquani by Loretta Qualzeni", p.FiscalCode, p.By)
	}
	if got := must[[]*AccessTrace](t)(w.o.Traces(w.ctx, "P02", 1))[0]; got.Action != "phone-pin" || got.Delegate != p.By {
		t.Errorf("traced as %q by %s", got.Action, got.Delegate)
	}
}
