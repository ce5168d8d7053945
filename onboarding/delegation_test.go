package onboarding

import (
	"strings"
	"testing"
	"time"

	"spidsim/internal/outbox"
	"spidsim/internal/people"
)

const delegationDay = "2022-02-17 10:00"

// trusted is the registration of a trusted person, the principal being there.
func trusted(principal, delegate string) Registration {
	return Registration{Principal: principal, Delegate: delegate, Papers: []Paper{PrincipalCopy}, By: "Sportello 1"}
}

// represented is the registration of a representative with proof.
func represented(principal, delegate string, kind DelegationKind) Registration {
	return Registration{Principal: principal, Delegate: delegate, Kind: kind, Papers: []Paper{Proof}, By: "Sportello 1"}
}

func register(w *vectorWorld, r Registration) *Delegation {
	w.Helper()
	return must[*Delegation](w.T)(w.o.RegisterAtCounter(w.ctx, r))
}

func refuse(w *vectorWorld, r Registration, want Code) {
	w.Helper()
	_, err := w.o.RegisterAtCounter(w.ctx, r)
	wantReason(w.T, err, want)
}

func TestONB160ATrustedPersonActs(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	d := register(w, trusted("P01", "P03"))
	if d.State != DelegationActive || d.Kind != TrustedPerson || d.Channel != ByOffice || d.Form != AA08 || d.PrincipalName != "Ortensia Quirzoldi" {
		t.Errorf("got %+v", d)
	}
	refuse(w, trusted("P04", "ivo.xandrelli"), DelegateSelf)
	refuse(w, trusted("P99", "P03"), NoSuchPerson)
	refuse(w, trusted("P04", "P99"), NoSuchPerson)
	if v := must[*Visit](t)(w.o.ActFor(w.ctx, inside(t, w.o, "P03", "spid"), d.ID)); v.ActingFor != d.Principal {
		t.Errorf("acts for %q, want %s", v.ActingFor, d.Principal)
	}
}

func TestONB161RepresentativesUseTheSameInstrument(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	for _, row := range []struct {
		name string
		r    Registration
		want Code
	}{
		{"trusted person for a minor", trusted("P07", "P03"), DelegatePapers},
		{"the mother", represented("P07", "P09", ParentKind), ""},
		{"who is no parent", represented("P08", "P03", ParentKind), NotParent},
		{"the mother of somebody of age", represented("P01", "P09", ParentKind), NotParent},
		{"a guardian", represented("P08", "P04", Guardian), ""},
		{"a curator", represented("P10", "P04", Curator), ""},
		{"an administrator", represented("P11", "P04", Administrator), ""},
		{"another kind", represented("P16", "P04", "zio"), FieldMissing},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.o.RegisterAtCounter(w.ctx, row.r)
			wantReason(t, err, row.want)
		})
	}
	book := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P07"))
	if d := book.Active(); d == nil || d.Until != day(t, "2029-09-29") {
		t.Errorf("the mother acts until %v, want the day before the eighteenth birthday", d)
	}
}

func TestONB161ProtectedPersonHasNoTrustedPerson(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2021-08-16 10:00", withPeople(func(p *people.Person) { p.Delegators = nil }))
	refuse(w, trusted("P12", "P03"), DelegatePapers)
	register(w, represented("P12", "P13", Administrator))
}

func TestONB166PapersOfEachForm(t *testing.T) {
	t.Parallel()
	all := []Paper{MedicalStatement, PrincipalOriginal, DelegateCopy}
	for _, row := range []struct {
		name   string
		form   DelegationForm
		kind   DelegationKind
		papers []Paper
		rule   string // "" = registered
	}{
		{"AA08 with the copy", AA08, TrustedPerson, []Paper{PrincipalCopy}, ""},
		{"AA08 without", AA08, TrustedPerson, nil, "ONB-166"},
		{"AA09 with all three", AA09, TrustedPerson, all, ""},
		{"AA09 without the statement", AA09, TrustedPerson, all[1:], "ONB-167"},
		{"AA09 without the delegate's copy", AA09, TrustedPerson, all[:2], "ONB-167"},
		{"AA09 with a copy in place of the original", AA09, TrustedPerson, []Paper{MedicalStatement, PrincipalCopy, DelegateCopy}, "ONB-167"},
		{"AA10 with proof", AA10, Guardian, []Paper{Proof}, ""},
		{"AA10 with nothing", AA10, Guardian, nil, "ONB-168"},
		{"AA10 of a trusted person", AA10, TrustedPerson, []Paper{Proof}, "ONB-168"},
		{"AA08 of a guardian", AA08, Guardian, []Paper{PrincipalCopy}, "ONB-168"},
		{"no such form", "AA11", TrustedPerson, []Paper{PrincipalCopy}, "ONB-168"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, delegationDay)
			_, err := w.o.RegisterAtCounter(w.ctx, Registration{Principal: "P01", Delegate: "P03", Form: row.form, Kind: row.kind, Papers: row.papers})
			if row.rule == "" {
				wantReason(t, err, "")
				return
			}
			wantRule(t, err, DelegatePapers, row.rule)
		})
	}
}

func TestONB167ThePrincipalCannotCome(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	must[[]*Delegation](t)(w.o.SeedExample(w.ctx, "aa09"))
	d := register(w, Registration{Principal: "P02", Delegate: "P03", Form: AA09, Papers: []Paper{MedicalStatement, PrincipalOriginal, DelegateCopy}})
	if d.State != DelegationActive || d.Form != AA09 {
		t.Errorf("got %s %s, want an active AA09", d.State, d.Form)
	}
}

func TestONB168SelfCertificationWaitsForTheAuthority(t *testing.T) {
	t.Parallel()
	for _, confirmed := range []bool{true, false} {
		w := pinWorldAt(t, delegationDay)
		d := register(w, Registration{Principal: "P10", Delegate: "P04", Kind: Guardian, Papers: []Paper{SelfCertification}})
		if d.State != DelegationVerifying || !d.Registered.IsZero() {
			t.Fatalf("got %s since %s, want VERIFYING", d.State, d.Registered)
		}
		visitor := inside(t, w.o, "P04", "spid")
		_, err := w.o.ActFor(w.ctx, visitor, "P10")
		wantReason(t, err, DelegateNone)
		refuse(w, represented("P10", "P05", Guardian), DelegateOne)
		w.clock.Advance(48 * time.Hour)
		d = must[*Delegation](t)(w.o.VerifyDelegation(w.ctx, d.ID, confirmed, "Tribunale di prova"))
		want, act := DelegationRevoked, DelegateNone
		if confirmed {
			want, act = DelegationActive, ""
		}
		if d.State != want {
			t.Errorf("confirmed %t: %s, want %s", confirmed, d.State, want)
		}
		_, err = w.o.ActFor(w.ctx, inside(t, w.o, "P04", "spid"), "P10")
		wantReason(t, err, act)
		_, err = w.o.VerifyDelegation(w.ctx, d.ID, true, "Tribunale di prova")
		wantRule(t, err, WrongStep, "ONB-178")
	}
}

func TestONB169BothPartiesAreTold(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay, withPeople(func(p *people.Person) {
		if p.ID == "P16" {
			p.Email, p.Mobile, p.DigitalAddress = "", "", ""
		}
	}))
	d := register(w, Registration{Principal: "P01", Delegate: "P03", Papers: []Paper{PrincipalCopy}, Until: day(t, "2022-12-31")})
	for who, want := range map[string]string{
		"ortensia.quirzoldi": "Loretta Qualzeni può operare per te",
		"loretta.qualzeni":   "puoi operare per Ortensia Quirzoldi",
	} {
		got := sentTo(t, w.o, who)
		if len(got) != 1 || got[0].Channel != outbox.Email || !strings.Contains(got[0].Text, want) || !strings.Contains(got[0].Text, "sabato 31 dicembre 2022") {
			t.Errorf("%s reads %v, want one e-mail with %q and the last day", who, got, want)
		}
	}
	must[*Delegation](t)(w.o.RevokeAtCounter(w.ctx, d.ID, Revocation{}))
	if got := sentTo(t, w.o, "loretta.qualzeni"); len(got) != 2 {
		t.Errorf("the delegate has %d messages, want one about the end as well", len(got))
	}
	register(w, trusted("P16", "P03")) // without any contact there is nobody to tell
	if got := sentTo(t, w.o, "io.zux"); len(got) != 0 {
		t.Errorf("%d messages to somebody without contacts", len(got))
	}
}

func TestONB173OnlineIsActiveAtOnce(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	v := inside(t, w.o, "P16", "cie")
	for _, row := range []struct {
		name string
		v    *Visit
		r    Registration
		want Code
	}{
		{"with a PIN", &Visit{Means: "pin", FiscalCode: v.FiscalCode}, Registration{Delegate: "P03"}, NotHolder},
		{"with level 1", insideAt(t, w.o, "P16", "spid", 1), Registration{Delegate: "P03"}, LevelTooLow},
		{"another name", v, Registration{Delegate: "P03", FamilyName: "Zurquani"}, BadFiscalCode},
		{"oneself", v, Registration{Delegate: "P16"}, DelegateSelf},
		{"over already", v, Registration{Delegate: "P03", Until: day(t, "2021-12-31")}, DelegateEnd},
		{"a minor's own choice", inside(t, w.o, "P07", "spid"), Registration{Delegate: "P03"}, DelegatePapers},
		{"for somebody else", must[*Visit](t)(w.o.ActFor(w.ctx, inside(t, w.o, "P03", "spid"), "P02")), Registration{Delegate: "P04"}, WrongStep},
		{"right", v, Registration{Principal: "P01", Delegate: "QLZLTT71H67D548Z", FamilyName: "qualzeni", GivenName: "Loretta", Until: day(t, "2022-12-31")}, ""},
		{"a second one", v, Registration{Delegate: "P04"}, DelegateOne},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.o.RegisterOnline(w.ctx, row.v, row.r)
			wantReason(t, err, row.want)
		})
	}
	d := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P16")).Active()
	if d == nil || d.Channel != ByOnline || d.Kind != TrustedPerson || !d.Registered.Equal(w.o.Now()) || d.Until != day(t, "2022-12-31") {
		t.Fatalf("got %+v, want it active online for the visitor", d)
	}
	if got := sentTo(t, w.o, "loretta.qualzeni"); len(got) != 1 {
		t.Errorf("the delegate has %d messages, want 1", len(got))
	}
}

func TestONB175ByCertifiedMail(t *testing.T) {
	t.Parallel()
	signed := []Paper{Proof, DigitalSignature}
	for _, row := range []struct {
		name, at string
		r        Registration
		want     Code
	}{
		{"too early", "2021-09-30 23:59", Registration{Principal: "P10", Delegate: "P04", Kind: Curator, Papers: signed}, DelegateDate},
		{"a trusted person", "2021-10-01 00:00", Registration{Principal: "P10", Delegate: "P04", Papers: signed}, DelegatePapers},
		{"not signed", "2021-10-01 00:00", Registration{Principal: "P10", Delegate: "P04", Kind: Curator, Papers: []Paper{Proof}}, DelegatePapers},
		{"without proof", "2021-10-01 00:00", Registration{Principal: "P10", Delegate: "P04", Kind: Curator, Papers: []Paper{DigitalSignature}}, DelegatePapers},
		{"right", "2021-10-01 00:00", Registration{Principal: "P10", Delegate: "P04", Kind: Curator, Papers: signed}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, row.at)
			d, err := w.o.RegisterByPEC(w.ctx, row.r)
			wantReason(t, err, row.want)
			if err == nil && (d.Channel != ByPEC || d.Form != AA10 || d.State != DelegationActive) {
				t.Errorf("got %s %s %s, want pec AA10 ACTIVE", d.Channel, d.Form, d.State)
			}
		})
	}
}

func TestSeedsAreActiveFromTheFirstDay(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]int{"2021-08-15 23:59": 0, "2021-08-16 00:00": 2, "2026-03-10 12:00": 2} {
		w := pinWorldAt(t, at)
		all := must[[]*Delegation](t)(w.o.Delegations(w.ctx))
		if len(all) != want {
			t.Errorf("at %s there are %d delegations, want %d", at, len(all), want)
		}
		for _, d := range all {
			if d.State != DelegationActive || d.Channel != ByOffice || d.Registered.IsZero() {
				t.Errorf("seeded %+v", d)
			}
		}
	}
	w := pinWorldAt(t, delegationDay)
	d := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P02")).Active()
	must[*Delegation](t)(w.o.RevokeAtCounter(w.ctx, d.ID, Revocation{}))
	if err := w.o.Seed(w.ctx); err != nil {
		t.Fatal(err)
	}
	if got := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P02")).Active(); got != nil {
		t.Error("a seed that was revoked comes back at the next start")
	}
	if err := w.o.Reset(w.ctx); err != nil {
		t.Fatal(err)
	}
	if got := must[DelegationBook](t)(w.o.DelegationsOf(w.ctx, "P02")).Active(); got == nil {
		t.Error("a reset does not bring the seed back")
	}
	if got := must[[]*Delegation](t)(w.o.Delegations(w.ctx)); len(got) != 2 {
		t.Errorf("%d delegations after a reset, want 2", len(got))
	}
}
