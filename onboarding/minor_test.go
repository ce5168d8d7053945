package onboarding_test

import (
	"strings"
	"testing"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/onboarding"
)

// minorInput is what mirta types about teo, born on 2018-02-03.
func minorInput() onboarding.MinorInput {
	return onboarding.MinorInput{FiscalCode: "WZZTEO18B03G337E", FamilyName: "Wuzzoli", GivenName: "Teo", Born: "03/02/2018", Responsibility: true, Notifications: true}
}

// brandoInput is about brando, born on 2007-05-14.
func brandoInput() onboarding.MinorInput {
	return onboarding.MinorInput{FiscalCode: "WZZBND07E14G337Y", FamilyName: "Wuzzoli", GivenName: "Brando", Born: "2007-05-14", Responsibility: true, Notifications: true}
}

const goodPassword = "Girasole-12"

// activated brings a request of mirta for a child to its end.
func activated(t *testing.T, w *lifeWorld, in onboarding.MinorInput, username string) *onboarding.MinorRequest {
	t.Helper()
	m, err := w.AskForMinor(w.ctx, w.holder(mirta, "prova"), in)
	wantNone(t, err)
	_, err = w.EnterVerification(w.ctx, "prova", m.VerificationCode)
	wantNone(t, err)
	_, err = w.IdentifyMinor(w.ctx, m.ID, onboarding.MinorCheck{By: "Sportello 1", Accompanied: true, ParentCode: m.ParentCode})
	wantNone(t, err)
	m, err = w.ActivateMinor(w.ctx, m.ID, onboarding.MinorCredentials{Username: username, Password: goodPassword, Repeat: goodPassword, Factor: "app"})
	wantNone(t, err)
	return m
}

func TestONB180NoSPIDUnderEighteenBefore(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2022-03-02")
	_, err := w.AskForMinor(w.ctx, w.holder(mirta, "prova"), brandoInput())
	wantDenied(t, err, onboarding.Minor, "ONB-180")
	w.on("2022-03-03")
	_, err = w.AskForMinor(w.ctx, w.holder(mirta, "prova"), brandoInput())
	wantNone(t, err)
}

func TestONB181TheParentAsksAtTheirOwnGestoreWithLevelTwo(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		holder func(*lifeWorld) onboarding.Holder
		change func(*onboarding.MinorInput)
		want   onboarding.Code
	}{
		{"nobody is logged in", func(*lifeWorld) onboarding.Holder { return onboarding.Holder{} }, nil, onboarding.NotHolder},
		{"with level 1", func(w *lifeWorld) onboarding.Holder { h := w.holder(mirta, "prova"); h.Level = 1; return h }, nil, onboarding.LevelTooLow},
		{"at a gestore without an identity", func(w *lifeWorld) onboarding.Holder { return w.holder(mirta, "poste") }, nil, onboarding.LevelTooLow},
		{"somebody who is no parent", func(w *lifeWorld) onboarding.Holder { return w.holder(loretta, "prova") }, nil, onboarding.NotParent},
		{"another date of birth", nil, func(in *onboarding.MinorInput) { in.Born = "2018-02-04" }, onboarding.BadFiscalCode},
		{"another name", nil, func(in *onboarding.MinorInput) { in.GivenName = "Leo" }, onboarding.BadFiscalCode},
		{"no date of birth", nil, func(in *onboarding.MinorInput) { in.Born = "?" }, onboarding.FieldMissing},
		{"nobody's codice fiscale", nil, func(in *onboarding.MinorInput) { in.FiscalCode = "X" }, onboarding.NoSuchPerson},
		{"without responsibility", nil, func(in *onboarding.MinorInput) { in.Responsibility = false }, onboarding.NoConsent},
		{"without notifications", nil, func(in *onboarding.MinorInput) { in.Notifications = false }, onboarding.NoConsent},
		{"a child of four", nil, nil, onboarding.TooYoung},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newLifeWorld(t, "2023-03-01")
			if tt.want == onboarding.TooYoung {
				w.on("2023-02-02")
			}
			h, in := w.holder(mirta, "prova"), minorInput()
			if tt.holder != nil {
				h = tt.holder(w)
			}
			if tt.change != nil {
				tt.change(&in)
			}
			_, err := w.AskForMinor(w.ctx, h, in)
			wantDenied(t, err, tt.want, "")
		})
	}
	t.Run("a parent whose identity is suspended", func(t *testing.T) {
		t.Parallel()
		w := newLifeWorld(t, "2023-03-01")
		_, err := w.Suspend(w.ctx, operator, onboarding.LifeInput{Username: mirta, Slug: "prova"})
		wantNone(t, err)
		_, err = w.AskForMinor(w.ctx, w.holder(mirta, "prova"), minorInput())
		wantDenied(t, err, onboarding.LevelTooLow, "ONB-181")
	})
}

func TestONB182FromTheParentsRequestToTheChildsIdentity(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2023-03-01")
	m, err := w.AskForMinor(w.ctx, w.holder(mirta, "prova"), minorInput())
	wantNone(t, err)
	if got := w.code(mirta, outbox.Email); got != m.VerificationCode || m.ParentCode == m.VerificationCode {
		t.Errorf("the parent was mailed %q, want %q", got, m.VerificationCode)
	}
	_, err = w.AskForMinor(w.ctx, w.holder(mirta, "prova"), minorInput())
	wantDenied(t, err, onboarding.AlreadyHolder, "ONB-182")
	_, err = w.IdentifyMinor(w.ctx, m.ID, onboarding.MinorCheck{Accompanied: true, ParentCode: m.ParentCode})
	wantDenied(t, err, onboarding.WrongStep, "")
	_, err = w.EnterVerification(w.ctx, "poste", m.VerificationCode)
	wantDenied(t, err, onboarding.ProcedureUnknown, "ONB-182")
	_, err = w.EnterVerification(w.ctx, "prova", m.ParentCode)
	wantDenied(t, err, onboarding.ProcedureUnknown, "ONB-182")
	_, err = w.EnterVerification(w.ctx, "prova", strings.ToLower(onboarding.Fours(m.VerificationCode)))
	wantNone(t, err)
	if got := w.subject(mirta); got != "Teo ha scritto il codice" {
		t.Errorf("the parent was told %q", got)
	}
	for _, row := range []struct {
		check onboarding.MinorCheck
		want  onboarding.Code
	}{
		{onboarding.MinorCheck{ParentCode: m.ParentCode}, onboarding.NotParent},
		{onboarding.MinorCheck{Accompanied: true, ParentCode: "x"}, onboarding.ProcedureUnknown},
		{onboarding.MinorCheck{Accompanied: true, ParentCode: m.ParentCode, Outcome: "other"}, onboarding.OtherPerson},
		{onboarding.MinorCheck{Accompanied: true, ParentCode: m.ParentCode, Outcome: "missing"}, onboarding.DocumentMissing},
		{onboarding.MinorCheck{Accompanied: true, ParentCode: m.ParentCode, Outcome: "perhaps"}, onboarding.FieldMissing},
	} {
		_, err = w.IdentifyMinor(w.ctx, m.ID, row.check)
		wantDenied(t, err, row.want, "ONB-182")
	}
	_, err = w.IdentifyMinor(w.ctx, m.ID, onboarding.MinorCheck{By: "Sportello 1", Accompanied: true, ParentCode: m.ParentCode})
	wantNone(t, err)
	_, err = w.ActivateMinor(w.ctx, m.ID, onboarding.MinorCredentials{Username: loretta, Password: goodPassword})
	wantDenied(t, err, onboarding.UsernameTaken, "")
	m, err = w.ActivateMinor(w.ctx, m.ID, onboarding.MinorCredentials{Username: "teo", Password: goodPassword, Factor: "app"})
	wantNone(t, err)
	i := w.identity("teo", "prova")
	if m.State != onboarding.MinorActive || m.Account.Username != "teo" || i.Level() != 2 || i.FiscalCode != "WZZTEO18B03G337E" {
		t.Errorf("request %+v, identity %+v", m, i)
	}
	_, err = w.ActivateMinor(w.ctx, m.ID, onboarding.MinorCredentials{Username: "teo2", Password: goodPassword})
	wantDenied(t, err, onboarding.WrongStep, "")
	_, err = w.AskForMinor(w.ctx, w.holder(mirta, "prova"), minorInput())
	wantDenied(t, err, onboarding.AlreadyHolder, "ONB-182")
}

func TestONB182FromFourteenTheChildComesAlone(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2022-04-01")
	m, err := w.AskForMinor(w.ctx, w.holder(mirta, "prova"), brandoInput())
	wantNone(t, err)
	_, err = w.EnterVerification(w.ctx, "prova", m.VerificationCode)
	wantNone(t, err)
	m, err = w.IdentifyMinor(w.ctx, m.ID, onboarding.MinorCheck{By: "Sportello 1"})
	if err != nil || m.State != onboarding.MinorIdentified {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestONB182RequestsLapseAndAreCancelled(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2023-03-01")
	m, err := w.AskForMinor(w.ctx, w.holder(mirta, "prova"), minorInput())
	wantNone(t, err)
	_, err = w.CancelMinor(w.ctx, w.holder(loretta, "prova"), m.ID)
	wantDenied(t, err, onboarding.NotParent, "")
	m, err = w.CancelMinor(w.ctx, w.holder(mirta, "prova"), m.ID)
	if err != nil || m.State != onboarding.MinorCancelled {
		t.Fatalf("%+v, %v", m, err)
	}
	again, err := w.AskForMinor(w.ctx, w.holder(mirta, "prova"), minorInput())
	wantNone(t, err)
	w.on("2023-04-01") // the 31st day
	_, err = w.EnterVerification(w.ctx, "prova", again.VerificationCode)
	wantDenied(t, err, onboarding.ProcedureExpired, "ONB-182")
	w.settle()
	if m, err = w.MinorRequest(w.ctx, again.ID); err != nil || m.State != onboarding.MinorLapsed {
		t.Errorf("%+v, %v", m, err)
	}
	if list, err := w.MinorRequestsOf(w.ctx, w.books.person(t, mirta).FiscalCode); err != nil || len(list) != 2 {
		t.Errorf("%d requests of the parent (%v)", len(list), err)
	}
}

func TestONB183BandsOfAge(t *testing.T) {
	t.Parallel()
	trial, after, before := clock.Date(2022, time.June, 1), clock.Date(2024, time.June, 1), clock.Date(2022, time.March, 2)
	school, minors, general := onboarding.SchoolService, onboarding.MinorsService, onboarding.GeneralService
	tests := []struct {
		age  int
		day  clock.Day
		band onboarding.AgeBand
		may  []onboarding.ServiceKind
	}{
		{4, trial, onboarding.BandNone, nil},
		{5, trial, onboarding.BandChild, []onboarding.ServiceKind{school}},
		{13, trial, onboarding.BandChild, []onboarding.ServiceKind{school}},
		{13, after, onboarding.BandChild, []onboarding.ServiceKind{school}},
		{14, trial, onboarding.BandTeen, []onboarding.ServiceKind{school, minors}},
		{17, after, onboarding.BandTeen, []onboarding.ServiceKind{school, minors}},
		{17, before, onboarding.BandNone, nil},
		{18, before, onboarding.BandAdult, []onboarding.ServiceKind{school, minors, general}},
	}
	for _, tt := range tests {
		if got := onboarding.Band(tt.age, tt.day); got != tt.band {
			t.Errorf("%d years on %s: %s, want %s", tt.age, tt.day, got, tt.band)
		}
		for _, kind := range []onboarding.ServiceKind{school, minors, general} {
			want := false
			for _, k := range tt.may {
				want = want || k == kind
			}
			if got := onboarding.MayUse(kind, tt.age, tt.day); (got == nil) != want {
				t.Errorf("%d years on %s, %s: %v, want allowed %t", tt.age, tt.day, kind, got, want)
			}
		}
	}
	wantDenied(t, onboarding.MayUse(school, 10, before), onboarding.Minor, "ONB-180")
	wantDenied(t, onboarding.MayUse(minors, 10, trial), onboarding.TooYoung, "ONB-183")
	for day, want := range map[clock.Day]bool{before: false, clock.Date(2022, time.March, 3): true, clock.Date(2023, time.June, 30): true, clock.Date(2023, time.July, 1): false} {
		if got := onboarding.OnTrial(day); got != want {
			t.Errorf("trial on %s is %t, want %t", day, got, want)
		}
	}
}

func TestONB183TheInstituteIsForFourteenAndMore(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2023-03-01")
	wantDenied(t, w.MinorMayUse(w.ctx, "WZZTEO18B03G337E", onboarding.MinorsService), onboarding.TooYoung, "ONB-183")
	wantNone(t, w.MinorMayUse(w.ctx, "WZZBND07E14G337Y", onboarding.MinorsService))
	wantNone(t, w.MinorMayUse(w.ctx, w.books.person(t, loretta).FiscalCode, onboarding.GeneralService))
	visit := &onboarding.Visit{Means: "spid", Level: 2, FiscalCode: "WZZTEO18B03G337E"}
	_, err := w.Open(w.ctx, visit, onboarding.Services()[0])
	wantDenied(t, err, onboarding.TooYoung, "ONB-183")
	visit.FiscalCode = "WZZBND07E14G337Y"
	_, err = w.Open(w.ctx, visit, onboarding.Services()[0])
	wantNone(t, err)
}

func TestONB184NoMobileAndMessagesToTheParent(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2023-03-01")
	activated(t, w, minorInput(), "teo")
	i := w.identity("teo", "prova")
	if i.Mobile != "" || i.Email != w.books.person(t, mirta).Email {
		t.Errorf("mobile %q, e-mail %q; want none and the parent's", i.Mobile, i.Email)
	}
	if got := w.subject(mirta); got != "SPID è attivo" {
		t.Errorf("the parent was told %q", got)
	}
	_, err := w.ForgotPassword(w.ctx, "teo", "prova")
	wantNone(t, err)
	if w.code(mirta, outbox.Email) == "" || w.code(mirta, outbox.SMS) == "" || len(w.messages("teo")) != 0 {
		t.Error("the codes did not go to the parent alone")
	}
	m := onboarding.MinorCredentials{Username: "teo2", Password: goodPassword, Factor: "sms"}
	_, err = w.ActivateMinor(w.ctx, "none", m)
	wantDenied(t, err, onboarding.FieldMissing, "ONB-184")
}

func TestONB185ParentalAuthorisation(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2023-03-01")
	activated(t, w, brandoInput(), "brando")
	_, err := w.AskAuthorisation(w.ctx, "brando", "prova", "Banca", onboarding.GeneralService)
	wantDenied(t, err, onboarding.TooYoung, "ONB-183")
	_, err = w.AskAuthorisation(w.ctx, loretta, "prova", "Scuola", onboarding.SchoolService)
	wantDenied(t, err, onboarding.WrongStep, "ONB-187")
	ask := func() *onboarding.Authorisation {
		a, err := w.AskAuthorisation(w.ctx, "brando", "prova", "Scuola", onboarding.SchoolService)
		wantNone(t, err)
		return a
	}
	a := ask()
	_, err = w.DecideAuthorisation(w.ctx, w.holder(mirta, "prova"), a.ID, true)
	wantDenied(t, err, onboarding.WrongStep, "ONB-185") // the child has not confirmed
	a, err = w.ConfirmAuthorisation(w.ctx, a.ID, true)
	wantNone(t, err)
	if got := w.subject(mirta); !a.State.Waits() || got != "Serve la tua autorizzazione" {
		t.Errorf("state %s, the parent was told %q", a.State, got)
	}
	if list, err := w.AuthorisationsOf(w.ctx, a.Parent); err != nil || len(list) != 1 {
		t.Errorf("%d wait for the parent (%v)", len(list), err)
	}
	_, err = w.DecideAuthorisation(w.ctx, w.holder(loretta, "prova"), a.ID, true)
	wantDenied(t, err, onboarding.NotParent, "ONB-185")
	a, err = w.DecideAuthorisation(w.ctx, w.holder(mirta, "prova"), a.ID, true)
	if err != nil || a.State != onboarding.AuthorisationAllowed || a.Decided.IsZero() {
		t.Errorf("%+v, %v", a, err)
	}
	_, err = w.DecideAuthorisation(w.ctx, w.holder(mirta, "prova"), a.ID, false)
	wantDenied(t, err, onboarding.WrongStep, "ONB-185")
	b := ask()
	if b, err = w.ConfirmAuthorisation(w.ctx, b.ID, false); err != nil || b.State != onboarding.AuthorisationDenied {
		t.Errorf("%+v, %v", b, err)
	}
	c := ask()
	_, err = w.ConfirmAuthorisation(w.ctx, c.ID, true)
	wantNone(t, err)
	w.later(time.Hour)
	_, err = w.DecideAuthorisation(w.ctx, w.holder(mirta, "prova"), c.ID, true)
	wantDenied(t, err, onboarding.WrongStep, "ONB-185") // too late
	if c, err = w.Authorisation(w.ctx, c.ID); err != nil || c.State != onboarding.AuthorisationLapsed {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestONB185LimitOfAgeIsAnsweredWithYesOrNo(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2023-03-01")
	activated(t, w, brandoInput(), "brando") // 15 years old
	for years, want := range map[int]bool{14: true, 15: true, 16: false, 18: false} {
		got, err := w.CheckAge(w.ctx, "brando", "prova", years)
		if err != nil || got != want {
			t.Errorf("at least %d: %t (%v), want %t", years, got, err, want)
		}
	}
	if (onboarding.Citizen{}).AtLeast(0, clock.Date(2023, time.March, 1)) {
		t.Error("an unknown birthday reaches a limit")
	}
}

func TestONB186FromFourteenSuspendsAndReadsTheLogAlone(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		child string
		in    onboarding.MinorInput
		alone bool
	}{
		{"under 14", teo, minorInput(), false},
		{"from 14", "brando.wuzzoli", brandoInput(), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newLifeWorld(t, "2023-03-01")
			activated(t, w, tt.in, "junior")
			child, parent := w.holder(tt.child, "prova"), w.holder(mirta, "prova")
			in := onboarding.LifeInput{Username: "junior", Slug: "prova", How: onboarding.BySignature, Confirmed: true}
			_, logErr := w.AccessLog(w.ctx, child, "junior", "prova", 5)
			_, err := w.Suspend(w.ctx, child, in)
			if !tt.alone {
				wantDenied(t, logErr, onboarding.TooYoung, "ONB-186")
				wantDenied(t, err, onboarding.TooYoung, "ONB-186")
				_, err = w.Suspend(w.ctx, parent, in)
			} else if logErr != nil {
				t.Error(logErr)
			}
			wantNone(t, err)
			_, err = w.Reactivate(w.ctx, child, in)
			wantDenied(t, err, onboarding.NotParent, "ONB-186")
			_, err = w.Reactivate(w.ctx, parent, in)
			wantNone(t, err)
			_, err = w.Revoke(w.ctx, child, in)
			wantDenied(t, err, onboarding.NotParent, "ONB-186")
			_, err = w.AccessLog(w.ctx, parent, "junior", "prova", 5)
			wantNone(t, err)
			_, err = w.AccessLog(w.ctx, w.holder(loretta, "prova"), "junior", "prova", 5)
			wantDenied(t, err, onboarding.NotHolder, "")
		})
	}
	t.Run("the parent of a minor of the books, whom nobody asked for here", func(t *testing.T) {
		t.Parallel()
		w := newLifeWorld(t, "2026-03-01")
		_, err := w.AccessLog(w.ctx, w.holder(mirta, "prova"), emma, "prova", 5)
		wantNone(t, err)
	})
}

func TestONB187AtEighteenTheIdentityIsAnOrdinaryOne(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2022-04-01")
	m := activated(t, w, brandoInput(), "brando")
	in := onboarding.LifeInput{Username: "brando", Slug: "prova", How: onboarding.BySignature, Confirmed: true}
	w.on("2025-05-13")
	_, err := w.Revoke(w.ctx, w.holder("brando.wuzzoli", "prova"), in)
	wantDenied(t, err, onboarding.NotParent, "ONB-186")
	w.settle()
	w.clock.Freeze(clock.Date(2025, time.May, 14).Midnight())
	w.settle()
	w.settle()
	if m, err = w.MinorRequest(w.ctx, m.ID); err != nil || m.State != onboarding.MinorAdult {
		t.Errorf("%+v, %v", m, err)
	}
	if list := w.messages("brando"); len(list) != 1 || list[0].Subject != "Hai 18 anni" {
		t.Errorf("messages to the new adult: %+v", list)
	}
	_, err = w.AccessLog(w.ctx, w.holder(mirta, "prova"), "brando", "prova", 5)
	wantDenied(t, err, onboarding.NotHolder, "") // the parent has no say any more
	_, err = w.Revoke(w.ctx, w.holder("brando.wuzzoli", "prova"), in)
	wantNone(t, err)
}
