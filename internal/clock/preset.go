package clock

import (
	"fmt"
	"time"
)

// Today is the name of the real time among the presets.
const Today = "today"

// lessonHour is the hour of a date that was given without one: the same day in Italy and in UTC.
const lessonHour = 10

// Preset is a date on which the rules change, or the real time (ONB-02).
type Preset struct {
	Name  string   // "2020-10-01", or Today
	Day   Day      // zero for Today
	Rules []string // ids of the rules that begin or end then, "ONB-51"
}

// Presets lists the dates of ONB-02, the earliest first and today last.
func Presets() []Preset {
	list := []Preset{
		{Day: Date(2020, 9, 30), Rules: []string{"ONB-50"}},
		{Day: Date(2020, 10, 1), Rules: []string{"ONB-51", "ONB-52", "ONB-53"}},
		{Day: Date(2021, 7, 2), Rules: []string{"ONB-54"}},
		{Day: Date(2021, 8, 16), Rules: []string{"ONB-61", "ONB-160"}},
		{Day: Date(2021, 9, 1), Rules: []string{"ONB-56"}},
		{Day: Date(2021, 9, 30), Rules: []string{"ONB-55"}},
		{Day: Date(2021, 10, 1), Rules: []string{"ONB-57", "ONB-59", "ONB-60", "ONB-62"}},
		{Day: Date(2022, 1, 1), Rules: []string{"ONB-58"}},
		{Day: Date(2022, 3, 3), Rules: []string{"ONB-181"}},
		{Day: Date(2022, 8, 1), Rules: []string{"ONB-63"}},
	}
	for i := range list {
		list[i].Name = list[i].Day.String()
	}
	return append(list, Preset{Name: Today})
}

// Parse reads a moment that the operator names: "2020-10-15", which is ten o'clock in Italy on that day, or RFC 3339.
func Parse(s string) (time.Time, error) {
	if day, err := ParseDay(s); err == nil {
		return day.At(lessonHour, 0), nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no moment, want a date such as 2020-10-15 or 2020-10-15T09:30:00Z", s)
	}
	return t.UTC(), nil
}
