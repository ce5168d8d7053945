package ui

import (
	"testing"
	"time"
)

func TestEnrolTextsStandInOnePartOnly(t *testing.T) {
	t.Parallel()
	parts := len(enrolFormTexts) + len(enrolModeTexts) + len(enrolIdentTexts) + len(enrolEndTexts) + len(enrolCareTexts) + len(enrolShortTexts)
	if len(enrolTexts) != parts {
		t.Errorf("%d keys together, %d in the parts: one stands twice", len(enrolTexts), parts)
	}
}

func TestONB131LastDayIsSpelledOutWithItsWeekday(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, lang string
		at         time.Time
		want       string
	}{
		{"Italian", Italian, time.Date(2020, 11, 14, 12, 0, 0, 0, time.UTC), "sabato 14 novembre 2020"},
		{"English", English, time.Date(2020, 11, 14, 12, 0, 0, 0, time.UTC), "Saturday 14 November 2020"},
		{"late in the evening it is tomorrow in Rome", Italian, time.Date(2020, 11, 14, 23, 30, 0, 0, time.UTC), "domenica 15 novembre 2020"},
		{"no day", Italian, time.Time{}, "—"},
	}
	for _, r := range rows {
		if got := Day(r.lang, r.at); got != r.want {
			t.Errorf("%s: %q, want %q", r.name, got, r.want)
		}
	}
	if got, want := Spelled("K7QD 4"), "K – 7 – Q – D – 4"; got != want {
		t.Errorf("spelled %q, want %q", got, want)
	}
}
