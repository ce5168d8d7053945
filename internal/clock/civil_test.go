package clock

import (
	"encoding/json"
	"testing"
	"time"
)

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestRome(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ utc, want string }{
		{"2020-01-15T12:00:00Z", "2020-01-15T13:00:00+01:00"},
		{"2020-07-15T12:00:00Z", "2020-07-15T14:00:00+02:00"},
		{"2021-03-28T00:59:59Z", "2021-03-28T01:59:59+01:00"},
		{"2021-03-28T01:00:00Z", "2021-03-28T03:00:00+02:00"},
		{"2021-10-31T00:59:59Z", "2021-10-31T02:59:59+02:00"},
		{"2021-10-31T01:00:00Z", "2021-10-31T02:00:00+01:00"},
		{"2021-09-30T22:30:00Z", "2021-10-01T00:30:00+02:00"},
		{"2021-12-31T23:30:00Z", "2022-01-01T00:30:00+01:00"},
	} {
		t.Run(row.utc, func(t *testing.T) {
			t.Parallel()
			if got := Rome(instant(t, row.utc)).Format(time.RFC3339); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
	if got := Rome(time.Time{}); !got.IsZero() {
		t.Errorf("the zero time is %s in Rome, want it to stay", got)
	}
}

// The day of a dated rule is the one in Italy, whatever the zone of the machine (onboarding.md section 5.2).
func TestDayOfIsRomes(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ at, want string }{
		{"2021-09-30T21:59:59Z", "2021-09-30"},
		{"2021-09-30T22:00:00Z", "2021-10-01"},
		{"2021-12-31T22:59:59Z", "2021-12-31"},
		{"2021-12-31T23:00:00Z", "2022-01-01"},
		{"2021-09-30T23:59:00+02:00", "2021-09-30"},
	} {
		if got := DayOf(instant(t, row.at)).String(); got != row.want {
			t.Errorf("%s is %s, want %s", row.at, got, row.want)
		}
	}
}

func TestONB155MonthsClip(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		from   string
		months int
		want   string
	}{
		{"2021-01-31", 1, "2021-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2020-10-31", 1, "2020-11-30"},
		{"2020-12-31", 2, "2021-02-28"},
		{"2020-11-15", 3, "2021-02-15"},
		{"2021-03-31", -1, "2021-02-28"},
		{"2021-01-15", -1, "2020-12-15"},
		{"2021-01-15", -13, "2019-12-15"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2021-05-31", 0, "2021-05-31"},
	} {
		d, err := ParseDay(row.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.AddMonths(row.months).String(); got != row.want {
			t.Errorf("%s and %d months is %s, want %s", row.from, row.months, got, row.want)
		}
	}
	if got := Date(2024, 2, 29).AddYears(-18); got != Date(2006, 2, 28) {
		t.Errorf("eighteen years before 2024-02-29 is %s, want 2006-02-28", got)
	}
}

func TestDaysAreCounted(t *testing.T) {
	t.Parallel()
	d := Date(2020, time.December, 30)
	for n, want := range map[int]string{0: "2020-12-30", 2: "2021-01-01", 62: "2021-03-02", -30: "2020-11-30"} {
		if got := d.AddDays(n).String(); got != want {
			t.Errorf("%s and %d days is %s, want %s", d, n, got, want)
		}
	}
	if !d.Before(d.AddDays(1)) || d.Before(d) || !d.After(d.AddDays(-1)) || d.After(d.AddMonths(1)) {
		t.Errorf("%s is not ordered among its neighbours", d)
	}
	if got := Date(2021, 10, 1).Weekday(); got != time.Friday {
		t.Errorf("2021-10-01 is a %s, want Friday", got)
	}
}

func TestTheInstantsOfADay(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		what      string
		got, want string
	}{
		{"midnight in winter", Date(2021, 1, 10).Midnight().Format(time.RFC3339), "2021-01-09T23:00:00Z"},
		{"midnight in summer", Date(2021, 10, 1).Midnight().Format(time.RFC3339), "2021-09-30T22:00:00Z"},
		{"midnight before summer time", Date(2021, 3, 28).Midnight().Format(time.RFC3339), "2021-03-27T23:00:00Z"},
		{"the end of a short day", Date(2021, 3, 28).End().Format(time.RFC3339), "2021-03-28T22:00:00Z"},
		{"midnight before winter time", Date(2021, 10, 31).Midnight().Format(time.RFC3339), "2021-10-30T22:00:00Z"},
		{"the end of a long day", Date(2021, 10, 31).End().Format(time.RFC3339), "2021-10-31T23:00:00Z"},
		{"ten in summer", Date(2020, 9, 30).At(10, 0).Format(time.RFC3339), "2020-09-30T08:00:00Z"},
		{"an hour that occurs twice", Date(2021, 10, 31).At(2, 30).Format(time.RFC3339), "2021-10-31T00:30:00Z"},
		{"an hour that does not occur", Date(2021, 3, 28).At(2, 30).Format(time.RFC3339), "2021-03-28T01:30:00Z"},
	} {
		if row.got != row.want {
			t.Errorf("%s is %s, want %s", row.what, row.got, row.want)
		}
	}
}

func TestDayAsText(t *testing.T) {
	t.Parallel()
	type doc struct{ On, Until Day }
	in := doc{On: Date(2021, 9, 30)}
	body, err := json.Marshal(in)
	if err != nil || string(body) != `{"On":"2021-09-30","Until":""}` {
		t.Fatalf("got %s, %v", body, err)
	}
	var out doc
	if err := json.Unmarshal(body, &out); err != nil || out != in {
		t.Errorf("got %v, %v, want %v", out, err, in)
	}
	for _, bad := range []string{"2021-02-30", "30/09/2021", "2021-9-3", "", " 2021-09-30"} {
		if d, err := ParseDay(bad); err == nil {
			t.Errorf("%q is taken as %s", bad, d)
		}
	}
}
