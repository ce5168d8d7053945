package onboarding

import (
	"context"
	"errors"
	"testing"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/people"
)

// world of a vector.
type vectorWorld struct {
	*testing.T
	o     *Office
	clock *clock.Clock
	ctx   context.Context
}

// vector is one row of onboarding.md section 5.2.
type vector struct {
	id      string
	from    string // when the test people are brought in; "" = at
	at      string
	applied bool
	people  func(*people.Person)
	before  func(*vectorWorld) // from `from` on
	act     func(*vectorWorld) error
	want    Code
	suggest string
	check   func(*vectorWorld)
}

// login brings a PIN to the mask of the portal, as browser and API do.
func login(who, pin string, profile Profile) func(*vectorWorld) error {
	return func(w *vectorWorld) error {
		_, err := pinLoginOf(w, who, pin, profile)
		return err
	}
}

func pinLoginOf(w *vectorWorld, who, pin string, profile Profile) (*Enrolment, error) {
	c := must[Citizen](w.T)(w.o.Citizen(w.ctx, who))
	e := must[*Enrolment](w.T)(w.o.Start(w.ctx))
	must[*Enrolment](w.T)(w.o.Do(w.ctx, e.ID, EvEnter, Input{}))
	return w.o.Do(w.ctx, e.ID, EvPINLogin, Input{FiscalCode: string(c.FiscalCode), PIN: pin, Profile: string(profile), NewPIN: "NVVA8888", Renew: true})
}

func request(r PINRequest) func(*vectorWorld) error {
	return func(w *vectorWorld) error {
		_, err := w.o.RequestPIN(w.ctx, r)
		return err
	}
}

func holds(who string, kind PINKind, dedicated bool) func(*vectorWorld) {
	return func(w *vectorWorld) {
		p := must[*PINFile](w.T)(w.o.PIN(w.ctx, who))
		if p.Kind != kind || p.Dedicated != dedicated {
			w.Errorf("got a PIN %s, dedicated %t, want %s, %t", p.Kind, p.Dedicated, kind, dedicated)
		}
	}
}

// abroad gives the resident abroad an Italian document.
func abroad(p *people.Person) {
	if p.ID == "P11" {
		p.NoDocument = false
	}
}

// companyToo gives the consultant the profile of a company.
func companyToo(p *people.Person) {
	if p.ID == "P05" {
		p.Profiles = []string{"company"}
	}
}

var vectors = []vector{
	{id: "TV-01", at: "2020-09-30 12:00", act: request(PINRequest{Who: "P04", Channel: PINOnline}), check: holds("P04", Ordinary, false)},
	{id: "TV-02", at: "2020-10-01 12:00", act: request(PINRequest{Who: "P04", Channel: PINOnline}), want: "RSN-PIN-NO-NEW"},
	{id: "TV-03", at: "2020-10-01 12:00", act: request(PINRequest{Who: "P06", Channel: PINOnline, By: "P09", SelfCertified: true}), check: holds("P06", Dispositive, true)},
	{id: "TV-04", at: "2020-10-01 12:00", act: request(PINRequest{Who: "P10", Channel: PINAtOffice}), check: holds("P10", Dispositive, true)},
	{id: "TV-05", at: "2020-10-01 12:00", act: request(PINRequest{Who: "P12", Channel: PINAtOffice, By: "P13", SelfCertified: true}), check: holds("P12", Dispositive, true)},
	{id: "TV-06", from: "2020-07-15 12:00", at: "2020-12-15 12:00", act: func(w *vectorWorld) error {
		if last := must[*PINFile](w.T)(w.o.PIN(w.ctx, "P01")).LastDay; last != day(w, "2020-12-15") {
			w.Fatalf("the PIN expires on %s, want 2020-12-15", last)
		}
		_, err := w.o.RenewPIN(w.ctx, "P01", "")
		return err
	}, check: func(w *vectorWorld) {
		if p := must[*PINFile](w.T)(w.o.PIN(w.ctx, "P01")); p.LastDay != day(w, "2021-06-15") || p.Status != PINActive8 {
			w.Errorf("got %s through %s, want ACTIVE8 through 2021-06-15", p.Status, p.LastDay)
		}
	}},
	{id: "TV-07", from: "2020-12-14 12:00", at: "2020-12-15 12:00", before: func(w *vectorWorld) {
		must[*PINFile](w.T)(w.o.RevokePIN(w.ctx, "P01", ""))
	}, act: request(PINRequest{Who: "P01", Channel: PINAtOffice}), want: "RSN-PIN-NO-NEW"},
	{id: "TV-08", at: "2021-08-31 23:59", act: login("P05", "PRVA4567", Intermediary)},
	{id: "TV-09", at: "2021-09-01 00:00", act: login("P05", "PRVA4567", Intermediary), want: "RSN-PIN-PROFILE"},
	{id: "TV-10", at: "2021-09-01 00:00", applied: true, act: login("P05", "PRVA4567", Intermediary)},
	{id: "TV-11", at: "2021-09-01 00:00", act: login("P05", "PRVA4567", CitizenProfile)},
	{id: "TV-12", at: "2021-09-30 23:59", act: login("P01", "PRVA2345", CitizenProfile)},
	{id: "TV-13", at: "2021-10-01 00:00", act: login("P01", "PRVA2345", CitizenProfile), want: "RSN-PIN-DISMISSED", suggest: "spid"},
	{id: "TV-14", from: "2021-09-29 12:00", at: "2021-10-01 12:00", before: func(w *vectorWorld) {
		p := must[*PINFile](w.T)(w.o.RequestPIN(w.ctx, PINRequest{Who: "P07", Channel: PINAtOffice, By: "P09", SelfCertified: true}))
		must[*Enrolment](w.T)(pinLoginOf(w, "P07", p.Code, CitizenProfile))
		holds("P07", Dispositive, true)(w)
	}, act: login("P07", "NVVA8888", CitizenProfile), want: "RSN-PIN-DISMISSED", suggest: "delega"},
	{id: "TV-15", at: "2021-10-01 12:00", act: login("P11", "PRVA5678", CitizenProfile)},
	{id: "TV-16", at: "2021-10-01 12:00", people: abroad, act: login("P11", "PRVA5678", CitizenProfile), want: "RSN-PIN-DISMISSED"},
	{id: "TV-17", from: "2021-09-15 12:00", at: "2021-12-31 23:59", applied: true, people: companyToo, act: login("P05", "PRVA4567", Company)},
	{id: "TV-18", from: "2021-09-15 12:00", at: "2022-01-01 00:00", applied: true, people: companyToo, act: login("P05", "PRVA4567", Company), want: "RSN-PIN-DISMISSED"},
	{id: "TV-19", at: "2026-03-10 12:00", act: func(w *vectorWorld) error {
		_, err := w.o.Open(w.ctx, insideAt(w, w.o, "P03", "spid", 1), Services()[0])
		return err
	}, want: "RSN-LEVEL"},
	{id: "TV-20", at: "2026-03-10 12:00", act: func(*vectorWorld) error {
		return asError(AppLogin("cns"))
	}, want: "RSN-CNS-APP"},
}

// asError avoids the nil *Denied that is no nil error.
func asError(d *Denied) error {
	if d == nil {
		return nil
	}
	return d
}

func TestVectors(t *testing.T) {
	t.Parallel()
	if len(vectors) != 20 {
		t.Errorf("%d vectors, want 20", len(vectors))
	}
	for _, row := range vectors {
		t.Run(row.id, func(t *testing.T) {
			t.Parallel()
			w := newVectorWorld(t, row)
			err := row.act(w)
			wantReason(t, err, row.want)
			var denied *Denied
			if errors.As(err, &denied) && row.suggest != "" && denied.Suggest != row.suggest {
				t.Errorf("suggests %q, want %q", denied.Suggest, row.suggest)
			}
			if row.check != nil {
				row.check(w)
			}
		})
	}
}

func newVectorWorld(t *testing.T, row vector) *vectorWorld {
	at := rome(t, row.at)
	from := at
	if row.from != "" {
		from = rome(t, row.from)
	}
	var opts []func(*Config)
	if row.people != nil {
		opts = append(opts, withPeople(row.people))
	}
	o, c := newOffice(t, from, opts...)
	w := &vectorWorld{t, o, c, t.Context()}
	if row.applied {
		configure(t, o, func(s *Settings) { s.Timeline = Applied })
	}
	if row.before != nil {
		row.before(w)
	}
	c.Freeze(at)
	return w
}

// The other means of TV-19 and TV-20 are let in.
func TestTV19AndTV20OtherwiseAllowed(t *testing.T) {
	t.Parallel()
	o, _ := newOffice(t, rome(t, "2026-03-10 12:00"))
	for means, level := range map[string]int{"spid": 2, "cie": 3, "cns": 0} {
		_, err := o.Open(t.Context(), insideAt(t, o, "P03", means, level), Services()[0])
		wantReason(t, err, "")
	}
	for _, means := range []string{"spid", "cie"} {
		wantReason(t, asError(AppLogin(means)), "")
	}
	for _, means := range []string{"pin", PhoneMeans, ""} {
		wantReason(t, asError(AppLogin(means)), CNSInApp)
	}
}

// The day of every rule is the one in Italy: the last second of the evening in summer and in winter time, in UTC.
func TestONB57TheDayTurnsInItaly(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, utc string
		want      Code
	}{
		{"last second of 30 September, summer time", "2021-09-30T21:59:59Z", ""},
		{"first of October, summer time", "2021-09-30T22:00:00Z", PINDismissed},
		{"first of October in UTC as well", "2021-10-01T00:00:00Z", PINDismissed},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.RFC3339, row.utc)
			if err != nil {
				t.Fatal(err)
			}
			o, c := newOffice(t, at)
			wantReason(t, login("P01", "PRVA2345", CitizenProfile)(&vectorWorld{t, o, c, t.Context()}), row.want)
		})
	}
}

// In winter the day turns an hour later in UTC: 31 December in the timeline of the extension (ONB-58).
func TestONB58TheYearTurnsInItaly(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		utc  string
		want Code
	}{
		{"2021-12-31T22:59:59Z", ""},
		{"2021-12-31T23:00:00Z", PINDismissed},
	} {
		at, err := time.Parse(time.RFC3339, row.utc)
		if err != nil {
			t.Fatal(err)
		}
		o, c := newOffice(t, rome(t, "2021-09-15 12:00"), withPeople(companyToo))
		configure(t, o, func(s *Settings) { s.Timeline = Applied })
		c.Freeze(at)
		wantReason(t, login("P05", "PRVA4567", Company)(&vectorWorld{t, o, c, t.Context()}), row.want)
	}
}
