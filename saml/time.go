package saml

import (
	"fmt"
	"strings"
	"time"
)

// FormatTime writes an xs:dateTime in UTC, as 2026-11-22T09:00:00Z, with milliseconds only when there are any.
func FormatTime(t time.Time) string {
	t = t.UTC()
	if t.Nanosecond() >= int(time.Millisecond) {
		return t.Format("2006-01-02T15:04:05.000Z")
	}
	return t.Format("2006-01-02T15:04:05Z")
}

// ParseTime reads an xs:dateTime strictly: four-digit year from 1, UTC as "Z", seconds up to 59, fraction
// optional (SEC-44, REQ-04). Digits past the ninth of a fraction are cut off.
func ParseTime(s string) (time.Time, error) {
	const layout = "2006-01-02T15:04:05"
	bad := func(wanted string) (time.Time, error) {
		return time.Time{}, fmt.Errorf("dateTime: found %q, wanted %s", clip(s), wanted)
	}
	body, ok := strings.CutSuffix(s, "Z")
	if !ok || len(body) < len(layout) {
		return bad("UTC as 2006-01-02T15:04:05Z")
	}
	body, fraction := body[:len(layout)], body[len(layout):]
	nanos, ok := parseFraction(fraction)
	if !ok {
		return bad("a fraction of digits after a point")
	}
	t, err := time.Parse(layout, body)
	if err != nil || t.Format(layout) != body {
		return bad("an existing date and time")
	}
	if t.Year() == 0 {
		return bad("a year from 1")
	}
	return t.Add(nanos), nil
}

// parseFraction reads ".123" as a duration below one second; "" is none.
func parseFraction(s string) (time.Duration, bool) {
	if s == "" {
		return 0, true
	}
	if s[0] != '.' || len(s) == 1 {
		return 0, false
	}
	d, unit := time.Duration(0), time.Second/10
	for _, c := range s[1:] {
		if c < '0' || c > '9' {
			return 0, false
		}
		d, unit = d+time.Duration(c-'0')*unit, unit/10
	}
	return d, true
}

// readTime is ParseTime for fields that stay zero when they do not parse.
func readTime(s string) time.Time {
	t, err := ParseTime(s)
	if err != nil {
		return time.Time{}
	}
	return t
}

// writeTime is FormatTime, with "" for the zero time.
func writeTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return FormatTime(t)
}
