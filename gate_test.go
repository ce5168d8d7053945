package main

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"spidsim/onboarding"
)

// ONB-81, ONB-83: what one side sends the other reads, with the keys of the program, and nothing of it can be read on the way.
func TestONB81TheWireCarriesThreeDataAndBringsResultsBack(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir())
	g := r.playing.Load().gate
	now := r.clock.Now()
	data := onboarding.HandedOver{FiscalCode: "QRZRNS43C59A944W", FamilyName: "Quirzoldi", GivenName: "Ortensia"}
	p, err := g.Send("alfa", data, "relay-1", now)
	if err != nil {
		t.Fatal(err)
	}
	if want := r.base.String() + "/idp/alfa" + pathHandoff; p.Action != want || p.Param != "SAMLResponse" {
		t.Errorf("the form goes as %s to %s, want %s", p.Param, p.Action, want)
	}
	octets, err := base64.StdEncoding.DecodeString(p.Message)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"QRZRNS43C59A944W", "Quirzoldi", "Ortensia"} {
		if strings.Contains(string(octets), secret) {
			t.Errorf("%s stands on the wire in clear (ONB-81)", secret)
		}
	}
	d, err := g.Receive("alfa", p.Values(), now.Add(time.Minute), 5*time.Minute)
	if err != nil || d.Data != data || d.RelayState != "relay-1" || d.MessageID != p.MessageID {
		t.Fatalf("received %+v, %v", d, err)
	}
	for _, row := range []struct {
		name string
		code int
		sync bool
	}{{"nr100 goes with the browser", 100, true}, {"nr25 goes by itself", 25, false}, {"nr28 goes by itself", 28, false}} {
		a, err := g.Answer("alfa", p.MessageID, "relay-1", onboarding.Answer{Code: row.code, Sync: row.sync}, now)
		if err != nil {
			t.Fatal(err)
		}
		out, err := g.ReadAnswer(a.Values(), row.sync, now)
		if want := (onboarding.Outcome{Slug: "alfa", MessageID: p.MessageID, Code: row.code}); err != nil || out != want {
			t.Errorf("%s: read %+v, %v", row.name, out, err)
		}
		if _, err := g.ReadAnswer(a.Values(), !row.sync, now); err == nil {
			t.Errorf("%s: it is taken at the other address too", row.name)
		}
	}
}

// ONB-85, ONB-86: another gestore, another portal and a late one are told apart.
func TestONB86TheWireRefusesWhatIsNotForIt(t *testing.T) {
	t.Parallel()
	r, foreign := run(t, "--store", "memory:", "--data", t.TempDir()), run(t, "--store", "memory:", "--data", t.TempDir())
	g := r.playing.Load().gate
	now := r.clock.Now()
	data := onboarding.HandedOver{FiscalCode: "QRZRNS43C59A944W", FamilyName: "Quirzoldi", GivenName: "Ortensia"}
	p, err := g.Send("alfa", data, "", now)
	if err != nil {
		t.Fatal(err)
	}
	var denied *onboarding.Denied
	if _, err := g.Receive("alfa", p.Values(), now.Add(5*time.Minute+time.Second), 5*time.Minute); !errors.As(err, &denied) || denied.Code != onboarding.HandoffStale {
		t.Errorf("five minutes later: %v, want %s", err, onboarding.HandoffStale)
	}
	if _, err := g.Receive("beta", p.Values(), now, 5*time.Minute); err == nil || errors.As(err, &denied) {
		t.Errorf("at another gestore: %v, want a courtesy page", err)
	}
	other, err := foreign.playing.Load().gate.Send("alfa", data, "", now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Receive("alfa", other.Values(), now, 5*time.Minute); err == nil || errors.As(err, &denied) {
		t.Errorf("from another portal: %v, want a courtesy page", err)
	}
}

// ONB-01: the whole way with the keys and books of the program ends in an identity that logs in.
func TestONB01TheWayEndsInTheBooksOfTheGestore(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir(), "--clock", "2020-10-15T08:00:00Z")
	office := r.playing.Load().office
	ctx := t.Context()
	e, err := office.Start(ctx)
	for _, ev := range []onboarding.Event{onboarding.EvEnter, onboarding.EvPINLogin, onboarding.EvContinue, onboarding.EvRequest, onboarding.EvOpenList, onboarding.EvChoose,
		onboarding.EvDeliver, onboarding.EvSave, onboarding.EvMail, onboarding.EvPhone, onboarding.EvDocs, onboarding.EvMode, onboarding.EvCounter, onboarding.EvCreds} {
		if err != nil {
			t.Fatal(err)
		}
		if ev == onboarding.EvDeliver {
			e, err = office.Carry(ctx, e.ID)
			continue
		}
		var in onboarding.Input
		if in, err = office.Fill(ctx, e, ev, "P01"); err == nil {
			in.IdP, in.Mode = "alfa", onboarding.Counter
			e, err = office.Do(ctx, e.ID, ev, in)
		}
	}
	if err != nil || e.State != onboarding.Active {
		t.Fatalf("%+v, %v", e, err)
	}
	ids, err := registrar{r.federation(), r.clock.Now}.Identities(ctx, "QRZRNS43C59A944W")
	if err != nil || len(ids) != 1 || ids[0].Slug != "alfa" || !ids[0].Usable() || ids[0].Level() != 2 {
		t.Errorf("the books say %+v, %v", ids, err)
	}
}

// ONB-03, ONB-164: the switches of the configuration hold; what it does not speak of stays as it was set.
func TestONB03TheConfigurationSetsTheTimeline(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir(), "--timeline", "applied", "--delegation-cap", "dated")
	s, err := r.playing.Load().office.Settings(t.Context())
	if err != nil || s.Timeline != onboarding.Applied || s.DelegationCap != "dated" {
		t.Errorf("the settings are %+v, %v", s, err)
	}
	r.api("PUT", "clock", `{"now":"2020-10-15"}`, nil)
	if err := r.resetCourse(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s, err = r.playing.Load().office.Settings(t.Context()); err != nil || s.Timeline != onboarding.Applied || r.clock.Moved() {
		t.Errorf("after a reset of the course (ONB-224): %+v, clock moved %t, %v", s, r.clock.Moved(), err)
	}
}

// ONB-83: a portal that was started anew reads the answer to what it sent before: it has met no gestore since.
func TestONB83AnswersOutliveARestartOfThePortal(t *testing.T) {
	t.Parallel()
	r := run(t, "--store", "memory:", "--data", t.TempDir())
	g := r.playing.Load().gate
	now := r.clock.Now()
	a, err := g.Answer("alfa", "_m1", "relay-1", onboarding.Answer{Code: 100, Sync: true}, now)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := loadKeys(r.cfg, r.base, r.portalBase, now)
	if err != nil {
		t.Fatal(err)
	}
	again := newGate(g.dir, g.base, g.portal, keys, now)
	out, err := again.ReadAnswer(a.Values(), true, now)
	if want := (onboarding.Outcome{Slug: "alfa", MessageID: "_m1", Code: 100}); err != nil || out != want {
		t.Errorf("read %+v, %v, want %+v", out, err, want)
	}
	foreign, err := run(t, "--store", "memory:", "--data", t.TempDir()).playing.Load().gate.Answer("alfa", "_m1", "", onboarding.Answer{Code: 100, Sync: true}, now)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := again.ReadAnswer(foreign.Values(), true, now); err == nil {
		t.Errorf("the answer of a foreign gestore is read as %+v", out)
	}
}
