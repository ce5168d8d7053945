package api

import (
	"fmt"
	"net/http"
	"testing"

	"spidsim/onboarding"
)

func TestONB148TheLifeOfAnIdentity(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-10-15")
	var i Identity
	var l LifeRequest
	var held List[Identity]
	d.call(http.StatusOK, get, "identities?person=lucia.verdi", "", &held)
	if len(held.Items) == 0 {
		t.Fatal("lucia.verdi holds nothing")
	}
	const path = "identities/poste/lucia.verdi"
	w := d.call(http.StatusCreated, post, path+"/suspend", `{"cause":"abuse","how":"pec"}`, &l)
	if l.State != "done" || l.Until.IsZero() || w.Header().Get("Location") != "/api/v1/identity-requests/"+l.ID {
		t.Errorf("suspended: %+v", l)
	}
	d.refused(post, path+"/suspend", "", onboarding.IdentityEnded)
	d.call(http.StatusCreated, post, path+"/reactivate", "", nil)
	d.call(http.StatusOK, get, path, "", &i)
	if i.Status != "active" || i.IdP != "poste" {
		t.Errorf("reactivated: %+v", i)
	}
	d.call(http.StatusOK, post, path+"/contacts", `{"email":"altra@personas.example"}`, &i)
	d.call(http.StatusOK, post, path+"/notify", `{"on":true}`, &i)
	if i.Email != "altra@personas.example" || !i.NotifyUse {
		t.Errorf("changed: %+v", i)
	}
	var uses List[Access]
	d.call(http.StatusOK, get, path+"/accesses", "", &uses)
	if len(uses.Items) != 1 || uses.Items[0].Outcome != "ok" {
		t.Errorf("the log is %+v", uses.Items)
	}
	d.refused(post, path+"/revoke", "", onboarding.FieldMissing)
	d.call(http.StatusCreated, post, path+"/suspend", `{"cause":"abuse"}`, nil)
	d.call(http.StatusOK, post, path+"/complaint", `{"number":"77/2021"}`, &i)
	if i.Status != "revoked" {
		t.Errorf("after the complaint: %+v", i)
	}
	for _, action := range []string{"", "/accesses", "/suspend", "/reactivate", "/revoke", "/lost-phone", "/complaint", "/contacts", "/notify", "/unpaid", "/pay"} {
		method, body := post, `{}`
		if action == "" || action == "/accesses" {
			method, body = get, ""
		}
		if action == "/revoke" {
			body = `{"confirmed":true}`
		}
		d.call(http.StatusNotFound, method, "identities/poste/nobody"+action, body, nil)
	}
}

func TestONB142ACodeConfirmsWhoDidNotLogIn(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-10-15")
	var l LifeRequest
	const path = "identities/poste/lucia.verdi"
	d.refused(post, path+"/revoke", `{"confirmed":true,"as":{}}`, onboarding.NotHolder)
	d.refused(post, path+"/suspend", `{"as":{"person":"P03"}}`, onboarding.NotHolder)
	d.call(http.StatusCreated, post, path+"/suspend", `{"as":{},"contact":"sms"}`, &l)
	if l.State != "waiting" || l.TriesLeft != 3 {
		t.Errorf("without a login: %+v, want waiting", l)
	}
	if p := d.refused(post, "identity-requests/"+l.ID+"/confirm", `{"code":"no"}`, onboarding.ContactWrong); p.TriesLeft == nil || *p.TriesLeft != 2 {
		t.Errorf("tries_left is %v, want 2", p.TriesLeft)
	}
	d.call(http.StatusOK, post, "identity-requests/"+l.ID+"/confirm", fmt.Sprintf(`{"code":%q}`, d.code("lucia.verdi", "sms")), &l)
	if l.State != "done" {
		t.Errorf("confirmed: %+v", l)
	}
	d.call(http.StatusOK, get, "identity-requests/"+l.ID, "", &l)
	var list List[LifeRequest]
	d.call(http.StatusOK, get, "identity-requests", "", &list)
	if len(list.Items) != 1 {
		t.Errorf("%d requests, want 1", len(list.Items))
	}
	d.call(http.StatusNotFound, get, "identity-requests/none", "", nil)
	d.call(http.StatusNotFound, post, "identity-requests/none/confirm", "", nil)
}

func TestONB146Recovery(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-10-15")
	var l LifeRequest
	var i Identity
	d.call(http.StatusCreated, post, "identities/poste/lucia.verdi/forgot-password", "", &l)
	body := `{"email_code":%q,"mobile_code":%q,"password":%q}`
	mail, sms := d.code("lucia.verdi", "email"), d.code("lucia.verdi", "sms")
	d.refused(post, "identity-requests/"+l.ID+"/reset-password", fmt.Sprintf(body, mail, sms, "corta"), onboarding.WeakPassword)
	d.call(http.StatusOK, post, "identity-requests/"+l.ID+"/reset-password", fmt.Sprintf(body, mail, sms, "Nuova-2021!"), &l)
	if l.State != "done" {
		t.Errorf("reset: %+v", l)
	}
	d.refused(post, "identities/poste/forgot-username", `{"fiscal_code":"QLZLTT71H67D548Z","document":"ZZ1"}`, onboarding.RecoveryWrong)
	d.call(http.StatusCreated, post, "identities/poste/lucia.verdi/lost-phone", "", &l)
	d.call(http.StatusOK, get, "identities/poste/lucia.verdi", "", &i)
	if len(i.Levels) != 1 {
		t.Errorf("the levels are %v, want the first alone", i.Levels)
	}
	d.refused(post, "identity-requests/"+l.ID+"/reidentify", `{"mobile":"x"}`, onboarding.FieldMissing)
	d.call(http.StatusOK, post, "identity-requests/"+l.ID+"/reidentify", `{"mobile":"+39 399 000 0099","by":"sportello"}`, &i)
	if len(i.Levels) < 2 || i.Mobile != "+39 399 000 0099" {
		t.Errorf("identified again: %+v", i)
	}
}

func TestONB208UnpaidAndPaid(t *testing.T) {
	t.Parallel()
	d := open(t, "2026-02-01")
	var i Identity
	d.refused(post, "identities/lepida/lucia.verdi/unpaid", "", onboarding.IdentityEnded)
	d.call(http.StatusOK, post, "identities/aruba/lucia.verdi/unpaid", "", &i)
	if i.Status != "suspended" || i.Cause != "payment" {
		t.Errorf("unpaid: %+v", i)
	}
	d.call(http.StatusOK, post, "identities/aruba/lucia.verdi/pay", "", &i)
	if i.Status != "active" {
		t.Errorf("paid: %+v", i)
	}
}

// parentsIdP is a gestore at which P09 holds an identity of level 2.
func (d *desk) parentsIdP() string {
	d.t.Helper()
	var held List[Identity]
	d.call(http.StatusOK, get, "identities?person=P09", "", &held)
	if len(held.Items) == 0 {
		d.t.Fatal("P09 holds nothing")
	}
	return held.Items[0].IdP
}

func TestONB182SPIDForAChild(t *testing.T) {
	t.Parallel()
	d := open(t, "2022-03-02")
	slug := d.parentsIdP()
	as := fmt.Sprintf(`"as":{"person":"P09","idp":%q}`, slug)
	d.refused(post, "minors", `{"child":"P08",`+as+`}`, onboarding.Minor)
	d.at("2025-03-15")
	d.refused(post, "minors", `{"child":"P01",`+as+`}`, onboarding.NotParent)
	d.refused(post, "minors", `{"child":"P99",`+as+`}`, onboarding.NoSuchPerson)
	d.refused(post, "minors", `{"child":"P08","responsibility":false,`+as+`}`, onboarding.NoConsent)
	d.refused(post, "minors", `{"child":"P08"}`, onboarding.NotHolder)
	d.refused(post, "minors", fmt.Sprintf(`{"child":"P08","as":{"person":"P09","idp":%q,"level":1}}`, slug), onboarding.LevelTooLow)
	var m Minor
	d.call(http.StatusCreated, post, "minors", `{"child":"P08",`+as+`}`, &m)
	d.refused(post, "minors/enter", fmt.Sprintf(`{"idp":%q,"code":"NO"}`, slug), onboarding.ProcedureUnknown)
	d.refused(post, "minors/"+m.ID+"/identify", "", onboarding.WrongStep)
	d.call(http.StatusOK, post, "minors/enter", fmt.Sprintf(`{"idp":%q,"code":%q}`, slug, m.VerificationCode), &m)
	d.refused(post, "minors/"+m.ID+"/identify", `{}`, onboarding.NotParent)
	d.call(http.StatusOK, post, "minors/"+m.ID+"/identify", fmt.Sprintf(`{"accompanied":true,"parent_code":%q}`, m.ParentCode), &m)
	d.refused(post, "minors/"+m.ID+"/activate", `{"username":"teo.w","password":"corta"}`, onboarding.WeakPassword)
	d.call(http.StatusOK, post, "minors/"+m.ID+"/activate", `{"username":"teo.w","password":"Prova-2020!","factor":"app"}`, &m)
	if m.State != "active" || m.Account == nil || m.Account.Username != "teo.w" {
		t.Errorf("activated: %+v", m)
	}
	d.refused(post, "minors/"+m.ID+"/cancel", "", onboarding.WrongStep)
	var list List[Minor]
	d.call(http.StatusOK, get, "minors?person=P08", "", &list)
	d.call(http.StatusOK, get, "minors/"+m.ID, "", &m)
	if len(list.Items) != 1 {
		t.Errorf("%d requests, want 1", len(list.Items))
	}
	d.refused(get, "minors?person=P99", "", onboarding.NoSuchPerson)
	d.authorise(slug)
}

// authorise is a parent's word on a login of the child who is teo.w (ONB-185).
func (d *desk) authorise(slug string) {
	d.t.Helper()
	var x Authorisation
	ask := fmt.Sprintf(`{"username":"teo.w","idp":%q,"service":"Scuola di prova","kind":"school"}`, slug)
	d.call(http.StatusCreated, post, "minors/authorisations", ask, &x)
	d.refused(post, "minors/authorisations/"+x.ID+"/decide", `{"allow":true}`, onboarding.WrongStep)
	d.call(http.StatusOK, post, "minors/authorisations/"+x.ID+"/confirm", `{"yes":true}`, &x)
	var list List[Authorisation]
	d.call(http.StatusOK, get, "minors/authorisations?person=P09", "", &list)
	d.refused(post, "minors/authorisations/"+x.ID+"/decide", `{"allow":true,"as":{"person":"P03"}}`, onboarding.NotParent)
	d.call(http.StatusOK, post, "minors/authorisations/"+x.ID+"/decide", fmt.Sprintf(`{"allow":true,"as":{"person":"P09","idp":%q}}`, slug), &x)
	d.call(http.StatusOK, get, "minors/authorisations/"+x.ID, "", &x)
	if len(list.Items) != 1 || x.State != "allowed" {
		d.t.Errorf("%d wait, and it ends %s, want 1 and allowed", len(list.Items), x.State)
	}
	var age AgeCheck
	d.call(http.StatusOK, get, "minors/age-check?username=teo.w&idp="+slug+"&years=6", "", &age)
	if !age.Reached {
		d.t.Error("a child of seven does not reach six")
	}
	d.call(http.StatusBadRequest, get, "minors/age-check?years=x", "", nil)
	d.call(http.StatusNotFound, get, "minors/age-check?username=nobody&idp=poste&years=6", "", nil)
	d.call(http.StatusNotFound, post, "minors/authorisations", `{"username":"nobody","idp":"poste"}`, nil)
	d.call(http.StatusNotFound, get, "minors/authorisations/none", "", nil)
	d.call(http.StatusNotFound, get, "minors/none", "", nil)
}

func TestONB183WhatAnAgeMayUse(t *testing.T) {
	t.Parallel()
	d := open(t, "2025-03-15")
	for _, row := range []struct {
		person, service string
		allowed         bool
	}{{"P08", "school", true}, {"P08", "minors", false}, {"P07", "minors", false}, {"P06", "minors", true}, {"P06", "general", false}, {"P01", "general", true}} {
		var got Permission
		d.call(http.StatusOK, get, "minors/may-use?person="+row.person+"&service="+row.service, "", &got)
		if got.Allowed != row.allowed || got.Allowed != (got.Code == "") {
			t.Errorf("%s at %s: %+v, want %t", row.person, row.service, got, row.allowed)
		}
	}
	d.call(http.StatusBadRequest, get, "minors/may-use?person=P08&service=cow", "", nil)
	d.refused(get, "minors/may-use?person=P99&service=school", "", onboarding.NoSuchPerson)
}

func TestSettingsAndTables(t *testing.T) {
	t.Parallel()
	d := open(t, "2021-10-15")
	var s Settings
	d.call(http.StatusOK, patch, "onboarding", `{"delegation_cap":"dated","handoff_life":"90s","inhibit_pin":true}`, &s)
	if s.CapToday != 3 || s.HandoffLife != "1m30s" || !s.InhibitPIN || s.Order != "random" || s.Date != "2021-10-15" {
		t.Errorf("the settings are %+v", s)
	}
	if p := d.refused(patch, "onboarding", `{"timeline":"never"}`, onboarding.FieldMissing); p.Field != "timeline" {
		t.Errorf("the field is %q, want timeline", p.Field)
	}
	for _, life := range []string{"soon", "-1m", "2h"} {
		d.refused(patch, "onboarding", fmt.Sprintf(`{"handoff_life":%q}`, life), onboarding.FieldMissing)
	}
	var reasons List[Reason]
	d.call(http.StatusOK, get, "onboarding/reasons", "", &reasons)
	if len(reasons.Items) != len(onboarding.Reasons()) || reasons.Items[0].TitleIt == "" {
		t.Errorf("%d reasons, want %d", len(reasons.Items), len(onboarding.Reasons()))
	}
	var phases List[Phase]
	d.call(http.StatusOK, get, "onboarding/phases", "", &phases)
	if n := len(phases.Items); n != 5 || !phases.Items[4].Now || phases.Items[0].From != "" {
		t.Errorf("the phases are %+v", phases.Items)
	}
}

func TestONB130TheCatalogueSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	d := open(t, "2026-02-01")
	var list List[Gestore]
	d.call(http.StatusOK, get, "onboarding/gestori?person=P01", "", &list)
	for _, g := range list.Items {
		if g.Slug != "poste" {
			continue
		}
		if g.Fee == nil || g.Fee.Cents != 600 || g.Fee.FreeYears != 1 {
			t.Errorf("the fee is %+v, want 6 euros after a year", g.Fee)
		}
		for _, m := range g.Modes {
			if m.Mode == "CIE_READER" && (!m.Offered || m.Possible || len(m.Missing) == 0) || m.Mode == "COUNTER" && (!m.Possible || m.Price.Cents != 1200 || m.Price.Year != 2025) {
				t.Errorf("for P01: %+v", m)
			}
		}
	}
	d.call(http.StatusOK, get, "onboarding/gestori", "", &list)
	d.refused(get, "onboarding/gestori?person=P99", "", onboarding.NoSuchPerson)
}
