package onboarding

import (
	"testing"

	"spidsim/internal/people"
)

// issueAt asks for a PIN at an office.
func issueAt(t *testing.T, at, who string) (*PINFile, error) {
	t.Helper()
	w := pinWorldAt(t, at)
	return w.o.RequestPIN(w.ctx, PINRequest{Who: who, Channel: PINAtOffice})
}

func TestONB50AnybodyGetsAPINThrough30September2020(t *testing.T) {
	t.Parallel()
	for _, who := range []string{"P03", "P06", "P10", "P12"} {
		p, err := issueAt(t, "2020-09-30 23:59", who)
		wantReason(t, err, "")
		if p.Kind != Dispositive || p.Dedicated {
			t.Errorf("%s gets %s, dedicated %t; want dispositivo for everything", who, p.Kind, p.Dedicated)
		}
	}
	_, err := issueAt(t, "2020-09-30 23:59", "P01") // who holds one
	wantReason(t, err, PINHeld)
}

func TestONB51NoNewPINInTheTransition(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"2020-10-01 00:00", "2021-09-30 23:59"} {
		_, err := issueAt(t, at, "P03")
		wantRule(t, err, PINNoNew, "ONB-51")
	}
}

func TestONB52PopulationsThatCannotHaveSPID(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, at, who string
		want          Code
	}{
		{"minor", "2021-09-30 23:59", "P08", ""},
		{"no document", "2021-09-30 23:59", "P10", ""},
		{"protected", "2021-09-30 23:59", "P12", ""},
		{"minor, after the end", "2021-10-01 00:00", "P08", PINNoNew},
		{"no document, after the end", "2021-10-01 00:00", "P10", PINNoNew},
		{"protected, after the end", "2021-10-01 00:00", "P12", PINNoNew},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p, err := issueAt(t, row.at, row.who)
			wantReason(t, err, row.want)
			if err == nil && (p.Kind != Dispositive || !p.Dedicated) {
				t.Errorf("got %s, dedicated %t, want dispositivo for dedicated services", p.Kind, p.Dedicated)
			}
		})
	}
	w := pinWorldAt(t, "2021-01-10 12:00")
	p := must[*PINFile](t)(w.o.RequestPIN(w.ctx, PINRequest{Who: "P10", Channel: PINOnline}))
	if p.Kind != Dispositive {
		t.Errorf("online the dedicated PIN is %s, want dispositivo", p.Kind)
	}
}

// The eighteenth birthday ends the exception, on the day itself.
func TestONB52MinorsUntilTheBirthday(t *testing.T) {
	t.Parallel()
	young := withPeople(func(p *people.Person) {
		if p.ID == "P06" {
			p.Born = "2003-03-15"
		}
	})
	for at, want := range map[string]Code{"2021-03-14 23:59": "", "2021-03-15 00:00": PINNoNew} {
		w := pinWorldAt(t, at, young)
		_, err := w.o.RequestPIN(w.ctx, PINRequest{Who: "P06", Channel: PINAtOffice})
		wantReason(t, err, want)
	}
}

func TestONB53HeldPINsStayAndTheEndIsUnknown(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2021-06-30 12:00") // renewed on 31 May
	if got := must[*PINFile](t)(w.o.PIN(w.ctx, "P01")).LastDay; got != day(t, "2021-11-30") {
		t.Errorf("before circular 95 the last day is %s, want the natural expiry 2021-11-30", got)
	}
	wantReason(t, login("P01", "PRVA2345", "")(w), "")
}

func TestONB54TheEndIsKnownFrom2July2021(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2021-07-01 23:59")
	c := must[Citizen](t)(w.o.Citizen(w.ctx, "P01"))
	if _, _, known, err := w.o.PINUntilFor(w.ctx, c.FiscalCode); known || err != nil {
		t.Errorf("the end is known on 1 July: %v", err)
	}
	w.clock.Freeze(rome(t, "2021-07-02 00:00"))
	end, has, known, err := w.o.PINUntilFor(w.ctx, c.FiscalCode)
	if err != nil || !has || !known || end != day(t, "2021-09-30") {
		t.Errorf("got %s, has %t, known %t, %v; want 2021-09-30", end, has, known, err)
	}
	if end, known := PINUntil(w.o.Now(), c, Intermediary, Settings{}); !known || end != day(t, "2021-08-31") {
		t.Errorf("for other profiles %s, known %t, want 2021-08-31", end, known)
	}
}

func TestONB55RenewingDoesNotReachBeyondTheEnd(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2021-02-01 12:00") // renewed on 2 January, due on 2 July
	w.clock.Freeze(rome(t, "2021-07-02 12:00"))
	if got := must[*PINFile](t)(w.o.RenewPIN(w.ctx, "P01", "")).LastDay; got != day(t, "2021-09-30") {
		t.Errorf("renewed through %s, want 2021-09-30", got)
	}
	w.clock.Freeze(rome(t, "2021-10-01 00:00"))
	wantReason(t, login("P01", "PRVA2345", "")(w), PINDismissed)
}

func TestONB56OtherProfilesUntil31August2021(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		at       string
		timeline Timeline
		profile  Profile
		want     Code
	}{
		{"2021-08-31 23:59", Announced, Intermediary, ""},
		{"2021-09-01 00:00", Announced, Intermediary, PINProfile},
		{"2021-09-30 23:59", Announced, Intermediary, PINProfile},
		{"2021-09-30 23:59", Applied, Intermediary, ""},
		{"2021-09-01 00:00", Announced, CitizenProfile, ""},
		{"2021-08-31 23:59", Announced, Doctor, PINWrong}, // not a profile of hers
	} {
		t.Run(row.at+" "+string(row.timeline)+" "+string(row.profile), func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, row.at)
			configure(t, w.o, func(s *Settings) { s.Timeline = row.timeline })
			wantReason(t, login("P05", "PRVA4567", row.profile)(w), row.want)
		})
	}
}

func TestONB57ResidentsAbroadKeepThePIN(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2026-03-10 12:00")
	wantReason(t, login("P11", "PRVA5678", "")(w), "")
	must[*PINFile](t)(w.o.RevokePIN(w.ctx, "P11", ""))
	p := must[*PINFile](t)(w.o.RequestPIN(w.ctx, PINRequest{Who: "P11", Channel: PINOnline})) // after the transition again
	if p.Kind != Ordinary || p.Status != PINHalfDelivered {
		t.Errorf("online he gets %s %s, want ordinario HALF_DELIVERED", p.Kind, p.Status)
	}
	_, err := w.o.RequestPIN(w.ctx, PINRequest{Who: "P03", Channel: PINAtOffice})
	wantReason(t, err, PINNoNew)
}

func TestONB58CompaniesUntilTheEndOf2021(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		at       string
		timeline Timeline
		profile  Profile
		want     Code
	}{
		{"2021-12-31 23:59", Applied, Company, ""},
		{"2022-01-01 00:00", Applied, Company, PINDismissed},
		{"2021-10-01 00:00", Announced, Company, PINDismissed},
		{"2021-10-01 00:00", Applied, CitizenProfile, PINDismissed},
	} {
		t.Run(row.at+" "+string(row.timeline)+" "+string(row.profile), func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, "2021-09-15 12:00", withPeople(companyToo))
			configure(t, w.o, func(s *Settings) { s.Timeline = row.timeline })
			w.clock.Freeze(rome(t, row.at))
			wantReason(t, login("P05", "PRVA4567", row.profile)(w), row.want)
		})
	}
}

// Minors and protected people no longer use a PIN; who represents them acts by delegation.
func TestONB59RepresentativesActByDelegation(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2021-09-15 12:00")
	p := must[*PINFile](t)(w.o.RequestPIN(w.ctx, PINRequest{Who: "P12", Channel: PINAtOffice}))
	wantReason(t, login("P12", p.Code, "")(w), "")
	w.clock.Freeze(rome(t, "2021-10-01 00:00"))
	wantReason(t, login("P12", "NVVA8888", "")(w), PINDismissed)
	v := must[*Visit](t)(w.o.ActFor(w.ctx, inside(t, w.o, "P13", "spid"), "P12"))
	if v.ActingName != "Tarcisio Jurquoni" {
		t.Errorf("acts for %q, want Tarcisio Jurquoni", v.ActingName)
	}
}

func TestONB60OnlySPIDCIEAndCNS(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2021-10-01 12:00")
	for _, means := range []string{"spid", "cie", "cns"} {
		_, err := w.o.Open(w.ctx, inside(t, w.o, "P03", means), Services()[2])
		wantReason(t, err, "")
	}
	_, err := w.o.Open(w.ctx, &Visit{}, Services()[0])
	wantReason(t, err, NotHolder)
	for _, profile := range []Profile{CitizenProfile, Intermediary} {
		wantReason(t, login("P05", "PRVA4567", profile)(w), PINDismissed)
	}
}

func TestONB61OfficesRegisterFrom16August2021(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]Code{"2021-08-15 23:59": DelegateDate, "2021-08-16 00:00": ""} {
		w := pinWorldAt(t, at)
		_, err := w.o.RegisterAtCounter(w.ctx, Registration{Principal: "P01", Delegate: "P03", Papers: []Paper{PrincipalCopy}})
		wantReason(t, err, want)
	}
}

func TestONB62OnlineFrom1October2021(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]Code{"2021-09-30 23:59": DelegateDate, "2021-10-01 00:00": ""} {
		w := pinWorldAt(t, at)
		_, err := w.o.RegisterOnline(w.ctx, inside(t, w.o, "P16", "cie"), Registration{Delegate: "P03"})
		wantReason(t, err, want)
	}
}

func TestONB63VideoFrom1August2022(t *testing.T) {
	t.Parallel()
	slot := rome(t, "2022-08-02 09:00") // a Tuesday
	for at, want := range map[string]Code{"2022-07-31 23:59": DelegateDate, "2022-08-01 00:00": ""} {
		w := pinWorldAt(t, at)
		_, err := w.o.BookVideo(w.ctx, inside(t, w.o, "P03", "spid"), Registration{Principal: "P01"}, slot)
		wantReason(t, err, want)
	}
}
