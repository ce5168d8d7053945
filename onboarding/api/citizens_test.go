package api

import (
	"fmt"
	"net/http"
	"testing"

	"spidsim/onboarding"
)

func TestONB50TheVectorsOfIssuing(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	for _, row := range []struct{ name, person, at, outcome, code string }{
		{"TV-01", "P01", "2020-09-30", "grant", ""},
		{"TV-02", "P01", "2020-10-01", "deny", "RSN-PIN-NO-NEW"},
		{"TV-03", "P06", "2020-10-01", "grant", ""},
		{"TV-04", "P10", "2020-10-01", "grant", ""},
		{"TV-05", "P12", "2020-10-01", "grant", ""},
	} {
		var got Decision
		d.call(http.StatusOK, get, "pins/"+row.person+"/may-issue?at="+row.at, "", &got)
		if got.Outcome != row.outcome || got.Code != row.code || row.code == "" && got.Kind != "dispositivo" || got.Date != row.at {
			t.Errorf("%s: %+v, want %s %s", row.name, got, row.outcome, row.code)
		}
	}
}

func TestONB56TheVectorsOfTheLogin(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-08-20")
	for _, row := range []struct{ name, timeline, person, profile, at, outcome, code, suggest string }{
		{"TV-08", "announced", "P05", "intermediary", "2021-08-31", "allow", "", ""},
		{"TV-09", "announced", "P05", "intermediary", "2021-09-01", "deny", "RSN-PIN-PROFILE", ""},
		{"TV-10", "applied", "P05", "intermediary", "2021-09-01", "allow", "", ""},
		{"TV-11", "announced", "P05", "citizen", "2021-09-01", "allow", "", ""},
		{"TV-12", "announced", "P01", "", "2021-09-30T23:59:00%2B02:00", "allow", "", ""},
		{"TV-13", "announced", "P01", "", "2021-10-01T00:00:00%2B02:00", "deny", "RSN-PIN-DISMISSED", "spid"},
		{"TV-15", "announced", "P11", "", "2021-10-01", "allow", "", ""},
	} {
		d.call(http.StatusOK, patch, "onboarding", fmt.Sprintf(`{"timeline":%q}`, row.timeline), nil)
		at := row.at
		if len(at) > 10 {
			at = at[:19] + "+02:00"
		}
		var got Decision
		d.call(http.StatusOK, post, "pins/"+row.person+"/decision", fmt.Sprintf(`{"profile":%q,"at":%q}`, row.profile, at), &got)
		if got.Outcome != row.outcome || got.Code != row.code || got.Suggest != row.suggest {
			t.Errorf("%s: %+v, want %s %s", row.name, got, row.outcome, row.code)
		}
	}
	var got Decision
	d.call(http.StatusOK, post, "pins/P01/decision", `{"pin":"WRONG123"}`, &got)
	if got.Code != "RSN-PIN-WRONG" || got.TitleIt == "" {
		t.Errorf("a wrong PIN: %+v", got)
	}
	d.refused(post, "pins/P01/decision", `{"at":"soon"}`, onboarding.FieldMissing)
	d.call(http.StatusNotFound, post, "pins/P99/decision", "", nil)
}

func TestONB40TheLifeOfAPIN(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-09-15")
	var p PIN
	w := d.call(http.StatusCreated, post, "pins/lucia.verdi", `{"channel":"online"}`, &p)
	if p.Status != "HALF_DELIVERED" || p.Kind != "ordinario" || w.Header().Get("Location") != "/api/v1/pins/lucia.verdi" {
		t.Errorf("issued online: %+v at %s", p, w.Header().Get("Location"))
	}
	d.refused(post, "pins/lucia.verdi", `{"channel":"online"}`, onboarding.PINHeld)
	d.refused(post, "pins/lucia.verdi", `{"channel":"pigeon"}`, onboarding.FieldMissing)
	d.call(http.StatusOK, post, "pins/lucia.verdi/receive-letter", "", &p)
	if p.Status != "ISSUED16" || len(p.Code) != 16 {
		t.Errorf("both halves: %+v", p)
	}
	e := d.start("lucia.verdi", "N1")
	if got := d.refused(post, "enrolments/"+e.ID+"/pin-login", fmt.Sprintf(`{"fiscal_code":%q,"pin":%q}`, p.FiscalCode, p.Code), onboarding.PINBadForm); got.Field != "new_pin" {
		t.Errorf("a first PIN asks for %q, want new_pin", got.Field)
	}
	d.event(e, "pin-login", `{"fill":true}`, "N2")
	d.call(http.StatusOK, get, "pins/lucia.verdi", "", &p)
	if p.Status != "ACTIVE8" || p.Code != samplePIN || p.LastDay != "2021-03-15" {
		t.Errorf("after the first use: %+v", p)
	}
	d.refused(post, "pins/lucia.verdi/renew", "", onboarding.PINNotExpired)
	d.refused(post, "pins/lucia.verdi/convert", `{}`, onboarding.DocumentMissing)
	d.call(http.StatusOK, post, "pins/lucia.verdi/convert", `{"document":"cie"}`, &p)
	d.call(http.StatusOK, post, "pins/lucia.verdi/change", `{"pin":"PRVA2020","new_pin":"ALTR4567"}`, &p)
	if p.Kind != "dispositivo" || p.Code != "ALTR4567" {
		t.Errorf("converted and changed: %+v", p)
	}
	d.call(http.StatusOK, post, "pins/lucia.verdi/contact", `{"contact":"lucia@altrove.example","by":"operatore"}`, &p)
	d.call(http.StatusOK, post, "pins/lucia.verdi/lost", `{"contact":"lucia@altrove.example"}`, nil)
	d.refused(post, "pins/lucia.verdi/reset", `{"token":"WRONG"}`, onboarding.ContactWrong)
	d.call(http.StatusOK, post, "pins/lucia.verdi/reset", fmt.Sprintf(`{"token":%q}`, d.code("lucia.verdi", "email")), &p)
	if p.Status != "ISSUED16" || len(p.Contacts) != 1 || len(p.History) < 6 {
		t.Errorf("reset: %+v", p)
	}
	d.call(http.StatusOK, post, "pins/lucia.verdi/revoke", `{"by":"operatore"}`, &p)
	d.refused(post, "pins/lucia.verdi/renew", "", onboarding.PINRevoked)
	d.at("2020-10-15")
	d.refused(post, "pins/lucia.verdi", `{"channel":"office"}`, onboarding.PINNoNew)
	d.call(http.StatusNotFound, get, "pins/P99", "", nil)
	d.call(http.StatusNotFound, post, "pins/P99/renew", "", nil)
	d.call(http.StatusNotFound, get, "pins/P03", "", nil)
	var list List[PIN]
	d.call(http.StatusOK, get, "pins?limit=2", "", &list)
	if len(list.Items) != 2 || list.Next == "" {
		t.Errorf("the list is %+v, want two and where the rest begins", list)
	}
}

func TestONB152TelephonePINs(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-10-15")
	var first, second PhonePIN
	d.call(http.StatusCreated, post, "pins/P03/phone", `{"duration":"1w"}`, &first)
	if len(first.Code) != 8 || first.Means != "spid" || first.Until.Sub(first.Created).Hours() != 7*24 {
		t.Errorf("the code is %+v, want eight characters for a week", first)
	}
	d.refused(post, "pins/P03/phone", `{"duration":"2w"}`, onboarding.PhoneDuration)
	d.refused(post, "pins/P03/phone", `{"duration":"1w","as":{"means":"pin"}}`, onboarding.NotHolder)
	d.refused(post, "pins/P03/phone", `{"duration":"1w","as":{"level":1}}`, onboarding.LevelTooLow)
	d.refused(post, "pins/P03/phone", `{"duration":"1w","as":{"level":4}}`, onboarding.FieldMissing)
	d.refused(post, "pins/P03/phone", `{"duration":"1w","as":{"means":"cow"}}`, onboarding.FieldMissing)
	d.refused(post, "pins/P02/phone", `{"duration":"1w","as":{"person":"P04"}}`, onboarding.DelegateNone)
	d.call(http.StatusCreated, post, "pins/P03/phone", `{"duration":"1d","as":{"means":"cns"}}`, &second)
	for _, row := range []struct{ code, want string }{{first.Code, "replaced"}, {second.Code, "valid"}, {"AAAAAAAA", "unknown"}} {
		var got PhoneAnswer
		d.call(http.StatusOK, post, "pins/phone-check", fmt.Sprintf(`{"fiscal_code":"QLZLTT71H67D548Z","code":%q}`, row.code), &got)
		if got.Answer != row.want || (got.Code == "") != (row.want == "valid") {
			t.Errorf("%s is %+v, want %s", row.code, got, row.want)
		}
	}
	d.at("2021-10-17")
	var got PhoneAnswer
	d.call(http.StatusOK, post, "pins/phone-check", fmt.Sprintf(`{"fiscal_code":"QLZLTT71H67D548Z","code":%q}`, second.Code), &got)
	if got.Answer != "expired" || got.Code != "RSN-PHONE-EXPIRED" {
		t.Errorf("later: %+v", got)
	}
	var list List[PhonePIN]
	d.call(http.StatusOK, get, "pins/P03/phone", "", &list)
	if len(list.Items) != 2 {
		t.Errorf("%d codes, want 2", len(list.Items))
	}
}

// ONB-158: a delegate makes the telephone PIN of the principal.
func TestONB158ADelegateMakesThePhonePIN(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-10-15")
	var p PhonePIN
	d.call(http.StatusCreated, post, "pins/P02/phone", `{"duration":"1w","as":{"person":"P03"}}`, &p)
	if p.FiscalCode != "ZRQDMR38S02F257S" || p.By != "QLZLTT71H67D548Z" {
		t.Errorf("the code is %+v, want P02's by P03", p)
	}
}

func TestONB178TheLifeOfADelegation(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-08-10")
	d.refused(post, "delegations", `{"principal":"P01","delegate":"P03","papers":["principal-copy"]}`, onboarding.DelegateDate)
	d.at("2021-08-20")
	var x Delegation
	d.refused(post, "delegations", `{"principal":"P01","delegate":"P03"}`, onboarding.DelegatePapers)
	d.refused(post, "delegations", `{"channel":"pigeon"}`, onboarding.FieldMissing)
	w := d.call(http.StatusCreated, post, "delegations", `{"principal":"P01","delegate":"P03","papers":["principal-copy"],"until":"2021-12-31","by":"sportello"}`, &x)
	if x.State != "ACTIVE" || x.Form != "AA08" || x.Until != "2021-12-31" || w.Header().Get("Location") != "/api/v1/delegations/"+x.ID {
		t.Errorf("registered: %+v", x)
	}
	if p := d.refused(post, "delegations", `{"principal":"P01","delegate":"P04","papers":["principal-copy"]}`, onboarding.DelegateOne); p.Field != "principal" {
		t.Errorf("a second one is at %q, want principal", p.Field)
	}
	var traces List[Trace]
	d.call(http.StatusOK, post, "delegations/"+x.ID+"/act", `{"action":"pension"}`, &traces)
	if len(traces.Items) != 3 {
		t.Errorf("%d traces, want start, pension and stop", len(traces.Items))
	}
	d.refused(post, "delegations/"+x.ID+"/act", `{"as":{"person":"P04"}}`, onboarding.DelegateNone)
	d.refused(post, "delegations/"+x.ID+"/act", `{"as":{"level":1}}`, onboarding.DelegateNoID)
	d.call(http.StatusOK, get, "delegations/traces?person=P01", "", &traces)
	d.call(http.StatusOK, post, "delegations/counter-check", `{"principal":"P01","delegate":"P03","identified":true}`, nil)
	d.refused(post, "delegations/counter-check", `{"principal":"P01","delegate":"P03"}`, onboarding.DocumentMissing)
	d.refused(post, "delegations/counter-check", `{"principal":"P99","delegate":"P03"}`, onboarding.NoSuchPerson)
	d.refused(post, "delegations/"+x.ID+"/verify", `{"confirmed":true}`, onboarding.WrongStep)
	d.refused(post, "delegations/"+x.ID+"/revoke", `{"channel":"pigeon"}`, onboarding.FieldMissing)
	d.call(http.StatusOK, post, "delegations/"+x.ID+"/revoke", `{"by":"sportello"}`, &x)
	if x.State != "REVOKED" || x.EndedBy != "sportello" {
		t.Errorf("revoked: %+v", x)
	}
	var list List[Delegation]
	d.call(http.StatusOK, get, "delegations?person=P01&state=revoked", "", &list)
	if len(list.Items) != 1 || list.Items[0].ID != x.ID {
		t.Errorf("the list is %+v", list.Items)
	}
	d.refused(get, "delegations?person=P99", "", onboarding.NoSuchPerson)
	for _, action := range []string{"", "/verify", "/hold", "/revoke", "/act"} {
		method := post
		if action == "" {
			method = get
		}
		d.call(http.StatusNotFound, method, "delegations/none"+action, "", nil)
	}
}

func TestONB174OnlineDelegations(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-10-15")
	var x Delegation
	d.refused(post, "delegations", `{"channel":"online","principal":"P04","delegate":"P03","as":{"means":"pin"}}`, onboarding.NotHolder)
	d.call(http.StatusCreated, post, "delegations", `{"channel":"online","principal":"P04","delegate":"P03"}`, &x)
	d.refused(post, "delegations/"+x.ID+"/revoke", `{"channel":"online"}`, onboarding.Delegate30d)
	d.at("2021-11-15")
	d.call(http.StatusOK, post, "delegations/"+x.ID+"/revoke", `{"channel":"online"}`, &x)
	if x.State != "REVOKED" || x.Channel != "online" {
		t.Errorf("revoked: %+v", x)
	}
	d.call(http.StatusOK, post, "delegations/seed-JRQTCS55M15H294K/revoke", `{"applicant":"P13"}`, nil) // who gives it up
	d.call(http.StatusCreated, post, "delegations", `{"channel":"pec","principal":"P12","delegate":"P03","kind":"amministratore","papers":["self-certification","digital-signature"]}`, &x)
	if x.State != "VERIFYING" {
		t.Errorf("by certified mail: %+v, want VERIFYING", x)
	}
	d.call(http.StatusOK, post, "delegations/"+x.ID+"/verify", `{"confirmed":true,"by":"tribunale"}`, &x)
	if x.State != "ACTIVE" {
		t.Errorf("verified: %+v", x)
	}
}

func TestONB176VideoDelegations(t *testing.T) {
	t.Parallel()
	d := open(t, "2022-09-05")
	var slots List[Slot]
	d.call(http.StatusOK, get, "delegations/slots", "", &slots)
	if len(slots.Items) != slotsShown || slots.Items[0].Rome != "2022-09-06T09:00:00+02:00" {
		t.Errorf("the slots begin with %+v", slots.Items)
	}
	d.refused(post, "delegations", `{"channel":"video","principal":"P01","delegate":"P04","at":"2022-09-07"}`, onboarding.DelegateSlot)
	d.refused(post, "delegations", `{"channel":"video","principal":"P01","delegate":"P04","at":"soon"}`, onboarding.FieldMissing)
	var x Delegation
	d.call(http.StatusCreated, post, "delegations", `{"channel":"video","principal":"P01","delegate":"P04"}`, &x)
	if x.State != "DRAFT" || x.Meeting == nil || !x.Meeting.At.Equal(slots.Items[0].At) {
		t.Fatalf("booked: %+v", x)
	}
	code := d.code("ivo.xandrelli", "sms")
	d.refused(post, "delegations/"+x.ID+"/hold", fmt.Sprintf(`{"code":%q}`, code), onboarding.DelegateSlot)
	d.clock.Freeze(x.Meeting.At)
	d.refused(post, "delegations/"+x.ID+"/hold", fmt.Sprintf(`{"code":%q,"principal_present":true}`, code), onboarding.OtherPerson)
	d.call(http.StatusOK, post, "delegations/"+x.ID+"/hold", fmt.Sprintf(`{"code":%q,"principal_present":true,"delegate_present":true,"consent":true}`, code), &x)
	if x.State != "ACTIVE" || !x.Meeting.Recorded {
		t.Errorf("held: %+v", x)
	}
}

func TestONB163TheReadyMadeCombinations(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-08-20")
	var list List[Delegation]
	d.call(http.StatusOK, post, "delegations/examples/cap", "", &list)
	if len(list.Items) != 5 {
		t.Errorf("cap has %d, want 5", len(list.Items))
	}
	d.refused(post, "delegations", `{"principal":"P15","delegate":"P03","papers":["principal-copy"]}`, onboarding.DelegateCap)
	d.call(http.StatusOK, post, "delegations/examples/exempt", "", &list)
	if len(list.Items) != 6 {
		t.Errorf("exempt has %d, want 6", len(list.Items))
	}
	d.refused(post, "delegations/examples/none", "", onboarding.FieldMissing)
}

func TestONB190PackagesOfAPublicCounter(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	var p Package
	w := d.call(http.StatusCreated, post, "rao-packages", `{"person":"P01","by":"comune"}`, &p)
	if p.Half1 == "" || p.Half2 != d.code("ortensia.quirzoldi", "email") || p.By != "comune" {
		t.Errorf("the package is %+v", p)
	}
	if got, want := w.Header().Get("Location"), "/api/v1/rao-packages/QRZRNS43C59A944W"; got != want {
		t.Errorf("Location is %q, want %q", got, want)
	}
	d.refused(post, "rao-packages", `{"person":"P06"}`, onboarding.Minor)
	d.refused(post, "rao-packages", `{}`, onboarding.NoSuchPerson)
	d.call(http.StatusNotFound, get, "rao-packages/P02", "", nil)
	d.call(http.StatusNotFound, get, "rao-packages/P99", "", nil)
	var e Enrolment
	d.call(http.StatusCreated, post, "enrolments", `{"person":"P01","to":"R4"}`, &e)
	e = d.event(e, "mode", `{"mode":"RAO"}`, "R6")
	d.refused(post, "enrolments/"+e.ID+"/online-ok", "", onboarding.IdentifyFailed) // the halves are the proof: they cannot be asserted
	d.event(e, "online-ok", `{"fill":true}`, "R8")
	d.call(http.StatusOK, get, "rao-packages/P01", "", &p)
	if !p.Used {
		t.Errorf("the package is %+v, want a used one", p)
	}
}
