package onboarding

import (
	"slices"
	"testing"
)

func TestONB171ActingIsTraced(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	v := inside(t, w.o, "P03", "spid")
	wantReason(t, w.o.Act(w.ctx, v, "pension"), DelegateNone) // for nobody yet
	if d := must[*Delegation](t)(w.o.Acting(w.ctx, v)); d != nil {
		t.Errorf("acts by %s before anything was chosen", d.ID)
	}
	for _, who := range []string{"P01", "P12"} {
		_, err := w.o.ActFor(w.ctx, v, who)
		wantReason(t, err, DelegateNone)
	}
	_, err := w.o.ActFor(w.ctx, v, "P99")
	wantReason(t, err, NoSuchPerson)
	v = must[*Visit](t)(w.o.ActFor(w.ctx, v, "ademaro.zurquani"))
	if v.FiscalCode != "QLZLTT71H67D548Z" || v.ActingName != "Ademaro Zurquani" {
		t.Errorf("inside as %s for %q", v.FiscalCode, v.ActingName)
	}
	wantReason(t, w.o.Act(w.ctx, v, "pension"), "")
	if d := must[*Delegation](t)(w.o.Acting(w.ctx, v)); d == nil || d.PrincipalName != v.ActingName {
		t.Errorf("acts by %v, want the delegation of %s", d, v.ActingName)
	}
	v = must[*Visit](t)(w.o.StopActing(w.ctx, v))
	if v.ActingFor != "" || v.ActingName != "" || !v.Inside() {
		t.Errorf("after stopping: for %q, inside %t", v.ActingFor, v.Inside())
	}
	var got []string
	for _, trace := range must[[]*AccessTrace](t)(w.o.Traces(w.ctx, "P02", 0)) {
		got = append(got, trace.Action)
		if trace.Delegate != v.FiscalCode || trace.Means != "spid" || trace.Gestore != "prova" || trace.Delegation == "" {
			t.Errorf("trace %+v", trace)
		}
	}
	slices.Reverse(got)
	if want := []string{"start", "pension", "stop"}; !slices.Equal(got, want) {
		t.Errorf("traced %v, want %v", got, want)
	}
	if got := must[[]*AccessTrace](t)(w.o.Traces(w.ctx, "P01", 0)); len(got) != 0 {
		t.Errorf("%d traces of somebody for whom nobody acted", len(got))
	}
}

func TestONB171RevokedWhileActing(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	d := register(w, trusted("P01", "P03"))
	v := must[*Visit](t)(w.o.ActFor(w.ctx, inside(t, w.o, "P03", "spid"), d.ID))
	must[*Delegation](t)(w.o.RevokeAtCounter(w.ctx, d.ID, Revocation{}))
	wantReason(t, w.o.Act(w.ctx, v, "pension"), DelegateNone)
	if v = must[*Visit](t)(w.o.StopActing(w.ctx, v)); v.ActingFor != "" {
		t.Errorf("still acts for %s", v.ActingFor)
	}
}

func TestONB172GoodAtTheCounters(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	register(w, trusted("P16", "P01")) // P01 has no digital identity
	for _, row := range []struct {
		name string
		in   CounterCheck
		want Code
	}{
		{"the delegate", CounterCheck{Principal: "P16", Delegate: "P01", Identified: true}, ""},
		{"not identified", CounterCheck{Principal: "P16", Delegate: "P01"}, DocumentMissing},
		{"somebody else", CounterCheck{Principal: "P16", Delegate: "P03", Identified: true}, DelegateNone},
		{"for another principal", CounterCheck{Principal: "P17", Delegate: "P01", Identified: true}, DelegateNone},
		{"nobody", CounterCheck{Principal: "P16", Delegate: "P99", Identified: true}, NoSuchPerson},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.o.VerifyAtCounter(w.ctx, row.in)
			wantReason(t, err, row.want)
		})
	}
	if got := must[[]*AccessTrace](t)(w.o.Traces(w.ctx, "P16", 0)); len(got) != 1 || got[0].Means != "counter" {
		t.Errorf("traced %v, want the one visit at the counter", got)
	}
}

func TestONB177TheDelegatesOwnIdentity(t *testing.T) {
	t.Parallel()
	suspended, active := IdentitySuspended, IdentityActive
	low, both := []int{1}, []int{1, 2}
	for _, row := range []struct {
		name, means string
		level       int
		change      *IdentityChange
		want        Code
	}{
		{"spid of level 2", "spid", 2, nil, ""},
		{"cie", "cie", 3, nil, ""},
		{"cns", "cns", 0, nil, ""},
		{"spid of level 1", "spid", 1, nil, DelegateNoID},
		{"cie of level 1", "cie", 1, nil, DelegateNoID},
		{"suspended meanwhile", "spid", 2, &IdentityChange{Status: &suspended}, DelegateNoID},
		{"lowered meanwhile", "spid", 2, &IdentityChange{Levels: &low}, DelegateNoID},
		{"well again", "spid", 2, &IdentityChange{Status: &active, Levels: &both}, ""},
		{"telephone PIN", PhoneMeans, 0, nil, DelegateNoID},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, delegationDay)
			if row.change != nil {
				if _, err := w.o.cfg.Registrar.Change(w.ctx, "loretta.qualzeni", "prova", *row.change); err != nil {
					t.Fatal(err)
				}
			}
			_, err := w.o.ActFor(w.ctx, insideAt(t, w.o, "P03", row.means, row.level), "P02")
			wantReason(t, err, row.want)
		})
	}
}

// An identity that is suspended while its holder acts ends that too.
func TestONB177LookedAtAtEveryAct(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, delegationDay)
	v := must[*Visit](t)(w.o.ActFor(w.ctx, inside(t, w.o, "P03", "spid"), "P02"))
	wantReason(t, w.o.Act(w.ctx, v, "pension"), "")
	suspended := IdentitySuspended
	must[Identity](t)(w.o.cfg.Registrar.Change(w.ctx, "loretta.qualzeni", "prova", IdentityChange{Status: &suspended}))
	wantReason(t, w.o.Act(w.ctx, v, "pension"), DelegateNoID)
	_, err := w.o.CreatePhonePIN(w.ctx, v, "1d")
	wantReason(t, err, DelegateNoID)
}
