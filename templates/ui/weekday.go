package ui

import (
	"strings"
	"time"
)

var weekdaysIt = [...]string{"domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"}

// Day puts a day into words with its weekday, "sabato 14 novembre 2020". The day is the Italian one.
func Day(lang string, t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	t = Rome(t)
	if lang == English {
		return t.Weekday().String() + " " + Date(lang, t)
	}
	return weekdaysIt[t.Weekday()] + " " + Date(lang, t)
}

// Spelled is a code letter by letter for reading aloud, "K – 7 – Q – D".
func Spelled(code string) string {
	code = strings.Join(strings.Fields(code), "")
	return strings.Join(strings.Split(code, ""), " – ")
}
