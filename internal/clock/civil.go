package clock

import (
	"cmp"
	"fmt"
	"time"
)

// Rome is t in Italian time: UTC+1, in summer UTC+2, from the last Sunday of March to the last of October,
// 01:00 UTC each. It is reckoned here because a static binary may run where there is no time-zone database.
func Rome(t time.Time) time.Time {
	t = t.UTC()
	if t.IsZero() {
		return t
	}
	from, until := lastSunday(t.Year(), time.March), lastSunday(t.Year(), time.October)
	if !t.Before(from) && t.Before(until) {
		return t.In(time.FixedZone("CEST", summer))
	}
	return t.In(time.FixedZone("CET", winter))
}

// Offsets from UTC, in seconds.
const (
	winter = 3600
	summer = 2 * 3600
)

func lastSunday(year int, month time.Month) time.Time {
	end := time.Date(year, month, 31, 1, 0, 0, 0, time.UTC)
	return end.AddDate(0, 0, -int(end.Weekday()))
}

// Day is a date of the civil calendar in Italy: every dated rule of the onboarding goes by it. Days compare with == and
// Compare; as text and in JSON a Day is "2021-09-30". The zero Day is no day.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// DayOf is the day that it is in Italy at t.
func DayOf(t time.Time) Day {
	year, month, day := Rome(t).Date()
	return Day{year, month, day}
}

// Date makes a day of its three numbers; what lies beyond the end of a month runs on into the next, as with time.Date.
func Date(year int, month time.Month, day int) Day {
	y, m, d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Date()
	return Day{y, m, d}
}

// ParseDay reads "2021-09-30".
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Day{}, fmt.Errorf("%q is not a date, want YYYY-MM-DD", s)
	}
	return Date(t.Date()), nil
}

// IsZero reports whether d is no day.
func (d Day) IsZero() bool { return d == Day{} }

// String is "2021-09-30", and "" for the zero Day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText implements encoding.TextMarshaler.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; empty text is the zero Day.
func (d *Day) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*d = Day{}
		return nil
	}
	*d, err = ParseDay(string(text))
	return err
}

// Compare is negative when d comes before e, 0 when they are the same, positive when it comes after.
func (d Day) Compare(e Day) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Before reports whether d comes before e.
func (d Day) Before(e Day) bool { return d.Compare(e) < 0 }

// After reports whether d comes after e.
func (d Day) After(e Day) bool { return d.Compare(e) > 0 }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

func (d Day) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// AddDays is the n-th day after d, before it when n is negative.
func (d Day) AddDays(n int) Day { return Date(d.Year, d.Month, d.Day+n) }

// AddMonths is the same day n months later, or the last one of that month when it is shorter: 31 January and one month
// is 28 or 29 February (ONB-155). n may be negative.
func (d Day) AddMonths(n int) Day {
	first := Date(d.Year, d.Month+time.Month(n), 1)
	last := Date(first.Year, first.Month+1, 0)
	return Day{first.Year, first.Month, min(d.Day, last.Day)}
}

// AddYears is the same day n years later; 29 February becomes the 28th in other years.
func (d Day) AddYears(n int) Day { return d.AddMonths(12 * n) }

// Midnight is the instant at which d begins in Italy, in UTC.
func (d Day) Midnight() time.Time { return d.At(0, 0) }

// End is the instant at which d is over, which is no longer part of it: the midnight of the next day, in UTC.
func (d Day) End() time.Time { return d.AddDays(1).Midnight() }

// At is the instant at which clocks in Italy show hour and minute on d, in UTC. An hour that occurs twice, in October, is the
// first; one that does not occur, in March, is an hour later.
func (d Day) At(hour, minute int) time.Time {
	wall := time.Date(d.Year, d.Month, d.Day, hour, minute, 0, 0, time.UTC)
	if t := wall.Add(-summer * time.Second); isSummer(t) {
		return t
	}
	return wall.Add(-winter * time.Second)
}

func isSummer(t time.Time) bool {
	_, offset := Rome(t).Zone()
	return offset == summer
}
