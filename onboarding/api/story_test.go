package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"spidsim/onboarding"
)

func TestONB01TheWholeStoryByItsEvents(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	var e Enrolment
	w := d.call(http.StatusCreated, post, "enrolments", `{"person":"P01"}`, &e)
	if got, want := w.Header().Get("Location"), "/api/v1/enrolments/"+e.ID; got != want {
		t.Errorf("Location is %q, want %q", got, want)
	}
	e = d.event(e, "EV-enter", "", "N1")
	p := d.refused(post, "enrolments/"+e.ID+"/EV-pin-login", `{"fiscal_code":"QRZRNS43C59A944W","pin":"WRONG123"}`, onboarding.PINWrong)
	if p.Field != "pin" || p.State != "N1" || p.StateName != "MASK" || p.Enrolment != e.ID || !slices.Contains(p.Next, "EV-pin-login") {
		t.Errorf("the refusal is %+v, want field, state and what may come next", p)
	}
	e = d.event(e, "EV-pin-login", `{"fiscal_code":"QRZRNS43C59A944W","pin":"PRVA2345"}`, "N2")
	e = d.event(e, "EV-continue", "", "N3")
	e = d.event(e, "EV-request", "", "N5")
	d.refused(post, "enrolments/"+e.ID+"/EV-open-list", `{}`, onboarding.NoConsent)
	e = d.event(e, "EV-open-list", `{"consent":true}`, "N6")
	e = d.event(e, "EV-choose", `{"idp":"poste"}`, "N7")
	e = d.event(e, "EV-deliver", "", "R1")
	e = d.event(e, "EV-open", "", "R1") // it is part of EV-deliver, and found done
	e = d.event(e, "EV-save", `{"sex":"F","born":"1943-03-19","birth_place":"Bologna","street":"Via delle Prove 7","city":"Bologna","postal_code":"40100",`+
		`"nationality":"Italiana","email":"ortensia.quirzoldi@personas.example","mobile":"+39 399 000 0001"}`, "R2")
	d.refused(post, "enrolments/"+e.ID+"/EV-verify-mail", `{"code":"000000x"}`, onboarding.ContactWrong)
	e = d.event(e, "EV-verify-mail", fmt.Sprintf(`{"code":%q}`, d.code("ortensia.quirzoldi", "email")), "R2")
	e = d.event(e, "EV-verify-phone", fmt.Sprintf(`{"code":%q}`, d.code("ortensia.quirzoldi", "sms")), "R3")
	e = d.event(e, "EV-docs", `{"document":"cie","number":"ZZ00001ZZ","issued":"2018-03-19","expires":"2028-03-19","health_card":true}`, "R4")
	e = d.event(e, "EV-mode", `{"mode":"COUNTER"}`, "R5")
	if e.Procedure == nil || e.Procedure.LastDay != "2020-11-14" {
		t.Fatalf("the procedure is %+v, want one until 2020-11-14", e.Procedure)
	}
	memo := d.call(http.StatusOK, get, "enrolments/"+e.ID+"/memo", "", nil).Body.String()
	if !strings.Contains(memo, onboarding.Fours(e.Procedure.Code)) || !strings.Contains(memo, "sabato 14 novembre 2020") {
		t.Errorf("the memo is %q, want code and last day", memo)
	}
	d.refused(post, "enrolments/"+e.ID+"/EV-counter-identify", fmt.Sprintf(`{"code":%q,"outcome":"other"}`, e.Procedure.Code), onboarding.OtherPerson)
	e = d.event(e, "EV-counter-identify", fmt.Sprintf(`{"code":%q,"by":"sportello 3"}`, e.Procedure.Code), "R8")
	e = d.event(e, "EV-set-credentials", `{"username":"ortensia.q","password":"Prova-2020!","factor":"sms"}`, "R9")
	if e.Account == nil || e.Account.Username != "ortensia.q" || e.StateName != "ACTIVE" || e.By != "sportello 3" {
		t.Errorf("it ends as %+v", e)
	}
	var codes []int
	for _, r := range e.Results {
		if codes = append(codes, r.Code); r.Delivered.IsZero() {
			t.Errorf("the result nr%d was not delivered", r.Code)
		}
	}
	if !slices.Equal(codes, []int{100, 25}) {
		t.Errorf("the portal took %v, want nr100 and nr25", codes)
	}
	d.refused(post, "enrolments/"+e.ID+"/EV-cancel", "", onboarding.WrongStep)
}

// Neither the cookie's digest nor a password is ever shown, and codes that were sent are in the messages alone.
func TestAnswersKeepSecrets(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	e := d.start("P01", "R2")
	body := d.call(http.StatusOK, get, "enrolments/"+e.ID, "", nil).Body.String()
	for _, secret := range []string{d.code("ortensia.quirzoldi", "email"), d.code("ortensia.quirzoldi", "sms"), "browser", "password"} {
		if strings.Contains(body, secret) {
			t.Errorf("the answer holds %q: %s", secret, body)
		}
	}
	e = d.start("P02", "R9")
	if body := d.call(http.StatusOK, get, "enrolments/"+e.ID, "", nil).Body.String(); strings.Contains(body, onboarding.Sample) {
		t.Errorf("the answer holds the password: %s", body)
	}
}

func TestStoriesAreWalkedToEveryState(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ person, to, idp, more string }{
		{"P01", "N0", "", ""}, {"P01", "N1", "", ""}, {"P01", "N2", "", ""}, {"P01", "N3", "", ""}, {"P01", "N4", "", ""}, {"P01", "N5", "", ""},
		{"P01", "N6", "", ""}, {"P01", "N7", "poste", ""}, {"P01", "R1", "poste", ""}, {"P01", "R2", "poste", ""}, {"P01", "R3", "poste", ""},
		{"P01", "MODE", "poste", ""}, {"P01", "wait_counter", "poste", ""}, {"P01", "R6", "poste", ""}, {"P01", "R8", "poste", ""}, {"P01", "R9", "poste", ""},
		{"P01", "R5", "aruba", `,"idp":"aruba"`}, {"P01", "RX", "poste", ""}, {"P03", "R9", "aruba", `,"idp":"aruba"`},
		{"P03", "N4", "", `,"means":"cie"`}, {"lucia.verdi", "R7", "prova", `,"direct":"prova"`}, {"lucia.verdi", "RJ", "prova", `,"direct":"prova"`},
	} {
		t.Run(row.person+" to "+row.to+row.more, func(t *testing.T) {
			t.Parallel()
			d := open(t, "2020-10-15")
			if strings.Contains(row.more, "direct") {
				d.free(row.person)
			}
			var e Enrolment
			d.call(http.StatusCreated, post, "enrolments", fmt.Sprintf(`{"person":%q,"to":%q%s}`, row.person, row.to, row.more), &e)
			if !strings.EqualFold(e.State, row.to) && !strings.EqualFold(e.StateName, row.to) || e.IdP != row.idp {
				t.Errorf("it stands at %s (%s) at %q, want %s at %q", e.State, e.StateName, e.IdP, row.to, row.idp)
			}
		})
	}
}

// free ends what a person holds, so that a gestore takes another request.
func (d *desk) free(person string) {
	d.t.Helper()
	var held List[Identity]
	d.call(http.StatusOK, get, "identities?person="+person, "", &held)
	for _, i := range held.Items {
		d.call(http.StatusCreated, post, "identities/"+i.IdP+"/"+i.Username+"/revoke", `{"confirmed":true}`, nil)
	}
}

func TestStoriesThatCannotBe(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-10-15")
	for _, row := range []struct {
		body, field string
		code        onboarding.Code
	}{
		{`{"person":"P01","to":"R9"}`, "pin", onboarding.PINDismissed},
		{`{"person":"P01","to":"R10"}`, "to", onboarding.FieldMissing},
		{`{"person":"P01","to":"RE"}`, "to", onboarding.FieldMissing},
		{`{"person":"P01","to":"R0"}`, "to", onboarding.FieldMissing},
		{`{"to":"R4"}`, "person", onboarding.FieldMissing},
		{`{"person":"P99","to":"R4"}`, "person", onboarding.NoSuchPerson},
		{`{"person":"P01","means":"cow"}`, "means", onboarding.FieldMissing},
		{`{"person":"P03","to":"N3"}`, "to", onboarding.WrongStep},
		{`{"person":"P01","direct":"nobody"}`, "direct", onboarding.NotAssisted},
		{`{"person":"P99"}`, "person", onboarding.NoSuchPerson},
		{`{"person":"P01","mode":"FLY","to":"R4"}`, "mode", onboarding.FieldMissing},
		{`{"person":"P01","idp":"nobody","to":"R4"}`, "idp", onboarding.FieldMissing},
	} {
		if p := d.refused(post, "enrolments", row.body, row.code); p.Field != row.field {
			t.Errorf("%s: the field is %q, want %q", row.body, p.Field, row.field)
		}
	}
	d.call(http.StatusBadRequest, post, "enrolments", `{"persona":"P01"}`, nil)
	var left struct {
		Items []struct{ State string } `json:"items"`
	}
	d.call(http.StatusOK, http.MethodGet, "enrolments", "", &left)
	if len(left.Items) != 2 { // R9 and N3: a rule stopped these on the way, and they stand there
		t.Errorf("left behind are %v, want two", left.Items)
	}
}

func TestEveryEventIsReachableByName(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	e := d.start("P01", "N0")
	for _, ev := range append(onboarding.Events(), onboarding.EvArrive) {
		for _, name := range []string{string(ev), strings.TrimPrefix(string(ev), "EV-"), strings.ToLower(string(ev))} {
			w := d.send(post, "enrolments/"+e.ID+"/"+name, `{"person":"P99"}`)
			if w.Code == http.StatusNotFound || w.Code == http.StatusMethodNotAllowed || w.Code >= 500 {
				t.Errorf("%s answers %d: %s", name, w.Code, w.Body)
			}
			if ev == onboarding.EvEnter {
				e = d.start("P01", "N0")
			}
		}
	}
	w := d.send(post, "enrolments/"+e.ID+"/EV-pin-logon", "")
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), `did you mean \"EV-pin-login\"`) {
		t.Errorf("an unknown event answers %d %s, want 404 and the nearest one", w.Code, w.Body)
	}
	w = d.send(post, "enrolments/"+e.ID+"/zzzzzzzzzzzzzzz", "")
	if w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "did you mean") {
		t.Errorf("an event that resembles none answers %d %s, want 404 and no guess", w.Code, w.Body)
	}
}

// The members that GET events lists are those of the body.
func TestListedFieldsExist(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	e := d.start("P01", "N0")
	for ev, list := range fields {
		for _, field := range list {
			w := d.send(post, "enrolments/"+e.ID+"/"+string(ev), fmt.Sprintf(`{%q:null}`, field))
			if w.Code == http.StatusBadRequest {
				t.Errorf("%s lists %q, which the body does not take: %s", ev, field, w.Body)
			}
		}
	}
	var list List[PossibleEvent]
	e = d.start("P01", "N6")
	d.call(http.StatusOK, get, "enrolments/"+e.ID+"/events", "", &list)
	if len(list.Items) != 2 || list.Items[0].Event != "EV-choose" || !slices.Equal(list.Items[0].Fields, []string{"idp"}) || list.Items[1].Fields == nil {
		t.Errorf("at N6 the events are %+v, want EV-choose with idp and EV-back", list.Items)
	}
	d.call(http.StatusBadRequest, post, "enrolments/"+e.ID+"/EV-choose", `{"gestore":"poste"}`, nil)
}

func TestEveryEventCanBeFilledIn(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	var e Enrolment
	d.call(http.StatusCreated, post, "enrolments", `{"person":"ortensia.quirzoldi"}`, &e)
	for _, step := range []struct{ ev, want string }{
		{"enter", "N1"}, {"spid", "N1"}, {"pin-login", "N2"}, {"continue", "N3"}, {"remind-go", "N4"}, {"request", "N5"}, {"back", "N4"}, {"request", "N5"},
		{"open-list", "N6"}, {"choose", "N7"}, {"deliver", "R1"}, {"save", "R2"}, {"contacts", "R2"}, {"verify-mail", "R2"}, {"verify-phone", "R3"}, {"docs", "R4"},
		{"mode", "R5"}, {"change-mode", "R4"}, {"mode", "R5"}, {"counter-identify", "R8"}, {"set-credentials", "R9"},
	} {
		e = d.event(e, step.ev, `{"fill":true}`, step.want)
	}
	e = d.start("P01", "N0")
	d.call(http.StatusCreated, post, "enrolments", `{}`, &e)
	e = d.event(e, "enter", `{"fill":true}`, "N1")
	if p := d.refused(post, "enrolments/"+e.ID+"/pin-login", `{"fill":true}`, onboarding.FieldMissing); p.Field != "person" {
		t.Errorf("of nobody the field is %q, want person", p.Field)
	}
	d.event(e, "pin-login", `{"fill":true,"person":"P01"}`, "N2")
}

// What the body says wins over what is filled in.
func TestTheBodyWinsOverWhatIsFilledIn(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	e := d.start("P01", "N5")
	d.refused(post, "enrolments/"+e.ID+"/EV-open-list", `{"fill":true,"consent":false}`, onboarding.NoConsent)
	e = d.event(d.start("P01", "N6"), "choose", `{"fill":true,"idp":"aruba"}`, "N7")
	if e.IdP != "aruba" {
		t.Errorf("the gestore is %q, want aruba", e.IdP)
	}
}

// ONB-33, ONB-34: filling in chooses eight characters for a first PIN and renews an old one.
func TestONB34FillingInRenewsAnOldPIN(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	d.at("2021-06-15")
	e := d.start("P01", "N1")
	if p := d.refused(post, "enrolments/"+e.ID+"/pin-login", `{"fiscal_code":"QRZRNS43C59A944W","pin":"PRVA2345"}`, onboarding.FieldMissing); p.Field != "renew" {
		t.Errorf("the field is %q, want renew", p.Field)
	}
	d.event(e, "pin-login", `{"fill":true}`, "N2")
}

func TestONB130TriesAreCountedByAPI(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	e := d.start("P01", "R4")
	e = d.event(e, "mode", `{"mode":"SMS_CERTIFIED"}`, "R6")
	for want := 2; want >= 0; want-- {
		p := d.refused(post, "enrolments/"+e.ID+"/online-ok", `{"code":"wrong"}`, onboarding.ContactWrong)
		if p.TriesLeft == nil || *p.TriesLeft != want {
			t.Errorf("tries_left is %v, want %d", p.TriesLeft, want)
		}
	}
	d.call(http.StatusOK, get, "enrolments/"+e.ID, "", &e)
	if e.State != "R4" || e.Online != nil {
		t.Errorf("after three tries it stands at %s, want R4", e.State)
	}
	e = d.event(e, "mode", `{"mode":"SMS_CERTIFIED"}`, "R6")
	if e.Online == nil || e.Online.TriesLeft != 3 || e.Online.Code != "" {
		t.Errorf("the identification is %+v, want three tries and no code", e.Online)
	}
	d.event(e, "online-ok", "", "R8") // without evidence the caller asserts that it went well
}

func TestONB124AssertedVideoGoesToReview(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-03-15")
	d.free("lucia.verdi")
	var e Enrolment
	d.call(http.StatusCreated, post, "enrolments", `{"person":"lucia.verdi","direct":"prova","to":"R4"}`, &e)
	e = d.event(e, "mode", `{"mode":"AV_TRANSFER"}`, "R6")
	d.refused(post, "enrolments/"+e.ID+"/online-sent", `{"code":"wrong","transfer":true}`, onboarding.ContactWrong)
	e = d.event(e, "online-sent", "", "R7")
	e = d.event(e, "review-ko", `{"by":"back office"}`, "RJ")
	e2 := d.event(e, "restart", "", "R1")
	if e2.Previous != e.ID {
		t.Errorf("the new request is %+v, want one after %s", e2, e.ID)
	}
}

func TestArrivalsAreAsserted(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-10-15")
	var e Enrolment
	d.call(http.StatusCreated, post, "enrolments", `{}`, &e)
	e = d.event(e, "EV-enter", "", "N1")
	d.refused(post, "enrolments/"+e.ID+"/EV-arrive", `{"person":"P03","means":"pin"}`, onboarding.FieldMissing)
	d.refused(post, "enrolments/"+e.ID+"/EV-arrive", `{"means":"spid"}`, onboarding.NoSuchPerson)
	e = d.event(e, "EV-arrive", `{"person":"P03","means":"cie","level":3}`, "N4")
	if e.Means != "cie" || e.FiscalCode != "QLZLTT71H67D548Z" {
		t.Errorf("inside is %s by %s, want P03 by cie", e.FiscalCode, e.Means)
	}
	d.refused(post, "enrolments/"+e.ID+"/EV-arrive", `{"person":"P03"}`, onboarding.WrongStep)
}

func TestListsAreFilteredAndCut(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	first, second := d.start("P01", "R4"), d.start("P02", "N2")
	var list List[Enrolment]
	for _, row := range []struct {
		query string
		want  []string
	}{
		{"", []string{second.ID, first.ID}},
		{"?person=P01", []string{first.ID}},
		{"?person=qrzrns43c59a944w", []string{first.ID}},
		{"?person=ademaro.zurquani&state=N2", []string{second.ID}},
		{"?state=MODE", []string{first.ID}},
		{"?idp=poste", []string{first.ID}},
		{"?person=P03", nil},
		{"?limit=1", []string{second.ID}},
		{"?limit=1&after=" + second.ID, []string{first.ID}},
	} {
		d.call(http.StatusOK, http.MethodGet, "enrolments"+row.query, "", &list)
		var got []string
		for _, e := range list.Items {
			got = append(got, e.ID)
		}
		if !slices.Equal(got, row.want) || list.Items == nil {
			t.Errorf("%s lists %v, want %v", row.query, got, row.want)
		}
		if more := row.query == "?limit=1"; (list.Next != "") != more {
			t.Errorf("%s: next is %q", row.query, list.Next)
		}
	}
	for _, query := range []string{"?state=R99", "?limit=0", "?limit=x", "?wait=soon", "?after=nobody"} {
		d.call(http.StatusBadRequest, get, "enrolments"+query, "", nil)
	}
}

func TestListsWaitForAMatch(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	e := d.start("P01", "R8")
	done := make(chan Enrolment, 1)
	go func() {
		var list List[Enrolment]
		d.call(http.StatusOK, get, "enrolments?person=P01&state=ACTIVE&wait=20s", "", &list)
		done <- list.Items[0]
	}()
	d.event(e, "set-credentials", `{"fill":true}`, "R9")
	if got := <-done; got.ID != e.ID || got.State != "R9" {
		t.Errorf("it waited for %+v, want %s at R9", got, e.ID)
	}
	began := time.Now()
	var list List[Enrolment]
	d.call(http.StatusOK, get, "enrolments?state=RJ&wait=150ms", "", &list)
	if took := time.Since(began); len(list.Items) != 0 || took < 150*time.Millisecond {
		t.Errorf("without a match it answers %d items after %s", len(list.Items), took)
	}
}

// A result that cannot be delivered now waits: the event has happened all the same.
func TestEventsOutliveAFailedDelivery(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15", func(c *Config) {
		c.Deliver = func(context.Context, string) error { return errors.New("the portal is down") }
	})
	e := d.start("P01", "R2")
	if len(e.Results) != 1 || !e.Results[0].Delivered.IsZero() {
		t.Errorf("the results are %+v, want one that waits", e.Results)
	}
}

// Where the portal is off nothing can be handed over, and the direct way is told.
func TestWithoutAPortalTheDirectWayIsTold(t *testing.T) {
	t.Parallel()
	d := openWith(t, "2020-10-15", nil)
	e := d.start("P01", "N7")
	w := d.call(http.StatusConflict, post, "enrolments/"+e.ID+"/EV-deliver", "", nil)
	if !strings.Contains(w.Body.String(), "direct") {
		t.Errorf("the answer is %s, want the direct way in it", w.Body)
	}
	d.call(http.StatusCreated, post, "enrolments", `{"person":"P01","direct":"poste","to":"R9"}`, &e)
	if e.State != "R9" || len(e.Results) != 0 {
		t.Errorf("directly it ends as %+v", e)
	}
}

// Of callers who bring the same step at the same time one wins; the others read that the step is done.
func TestTheSameStepIsWonOnce(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	e := d.start("P01", "R8")
	codes := make(chan int, 8)
	for range cap(codes) {
		go func() { codes <- d.send(post, "enrolments/"+e.ID+"/set-credentials", `{"fill":true}`).Code }()
	}
	won := 0
	for range cap(codes) {
		switch code := <-codes; code {
		case http.StatusOK:
			won++
		case http.StatusConflict:
		default:
			t.Errorf("a caller reads %d, want 200 or 409", code)
		}
	}
	if won != 1 {
		t.Errorf("%d callers won, want 1", won)
	}
}
