package clock

import "testing"

// FuzzParse: a day and a moment are read as they are written, or refused.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "2020-02-29", "2021-02-29", "2020-10-15T08:00:00Z", "today", "0000-00-00", "9999-12-31", "+10000-01-01", "2020-10-25T02:30:00+02:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := ParseDay(s); err == nil {
			if again, err := ParseDay(d.String()); err != nil || again != d {
				t.Errorf("ParseDay(%q) is %s, read again %s, %v", s, d, again, err)
			}
			if back := DayOf(d.At(12, 0)); back != d {
				t.Errorf("noon of %s is on %s", d, back)
			}
		}
		if at, err := Parse(s); err == nil {
			if again, err := Parse(at.Format("2006-01-02T15:04:05.999999999Z07:00")); err != nil || !again.Equal(at) {
				t.Errorf("Parse(%q) is %s, read again %s, %v", s, at, again, err)
			}
		}
	})
}
