package ui

import (
	"strconv"
	"strings"
	"time"

	"spidsim/internal/clock"
)

var monthsIt = [...]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}

// Date puts a day into words, "30 settembre 2021" (UX-54). The day is the one of t's own zone.
func Date(lang string, t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	month := monthsIt[t.Month()-1]
	if lang == English {
		month = t.Month().String()
	}
	return strconv.Itoa(t.Day()) + " " + month + " " + strconv.Itoa(t.Year())
}

// DateOf puts "2021-09-30" into words and returns anything else as it is.
func DateOf(lang, s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return Date(lang, t)
}

// MonthOf puts "2021-10" into words, "ottobre 2021"; a whole day it treats as DateOf does, anything else it returns as it is.
func MonthOf(lang, s string) string {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return DateOf(lang, s)
	}
	_, words, _ := strings.Cut(Date(lang, t), " ")
	return words
}

// Rome is t in Italian time (clock.Rome).
func Rome(t time.Time) time.Time { return clock.Rome(t) }

// Clock is the Italian time of day, "09:41".
func Clock(t time.Time) string { return Rome(t).Format("15:04") }

// Seconds is the Italian time of day with seconds, "09:41:07".
func Seconds(t time.Time) string { return Rome(t).Format(time.TimeOnly) }

// Moment is date and time for developers: "22 novembre 2026, 09:41:07 (08:41:07 UTC)".
func Moment(lang string, t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	return Date(lang, Rome(t)) + ", " + Seconds(t) + " (" + t.UTC().Format(time.TimeOnly) + " UTC)"
}

// Span puts a length of time into words: "4 minuti e 10 secondi". Below nothing it is "0 secondi".
func Span(lang string, d time.Duration) string {
	seconds := int(max(d, 0).Round(time.Second) / time.Second)
	minutes := seconds / 60
	seconds %= 60
	m, s := plural(lang, minutes, "span.minute", "span.minutes"), plural(lang, seconds, "span.second", "span.seconds")
	switch {
	case minutes == 0:
		return s
	case seconds == 0:
		return m
	}
	return T(lang, "span.and", m, s)
}

func plural(lang string, n int, one, many string) string {
	if n == 1 {
		return T(lang, one)
	}
	return T(lang, many, n)
}

// Fours writes a code in groups of four, "ABCD EFGH" (UX-54).
func Fours(s string) string {
	s = strings.Join(strings.Fields(s), "")
	var b strings.Builder
	for i, r := range []rune(s) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Threes writes a code of six digits as "481 927" and anything else as it is.
func Threes(s string) string {
	if len(s) != 6 {
		return s
	}
	return s[:3] + " " + s[3:]
}

// Initials are the first letters of the first two words, upper case: "LQ".
func Initials(name string) string {
	var b strings.Builder
	for i, word := range strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '\'' || r == '’' || r == '(' }) {
		if i == 2 {
			break
		}
		b.WriteRune([]rune(word)[0])
	}
	return strings.ToUpper(b.String())
}
