package onboarding_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/onboarding"
	"spidsim/spid"
)

const (
	loretta = "loretta.qualzeni" // level 2 at prova
	ivo     = "ivo.xandrelli"    // two gestori
	emma    = "emma.wuzzoli"     // a minor with SPID at prova, daughter of mirta
	mirta   = "mirta.xolzani"
	teo     = "teo.wuzzoli"
)

func ofLoretta() onboarding.LifeInput {
	return onboarding.LifeInput{Username: loretta, Slug: "prova"}
}

func TestONB140HolderSuspendsReactivatesAndRevokes(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	h := w.holder(loretta, "prova")
	in := ofLoretta()
	in.How = onboarding.BySignature
	r, err := w.Suspend(w.ctx, h, in)
	wantNone(t, err)
	if got := w.identity(loretta, "prova"); r.State != onboarding.LifeDone || got.Status != onboarding.IdentitySuspended || got.Cause != onboarding.CauseUser || !got.Until.IsZero() {
		t.Fatalf("request %s, identity %s (%s) until %s", r.State, got.Status, got.Cause, got.Until)
	}
	_, err = w.Suspend(w.ctx, h, in)
	wantDenied(t, err, onboarding.IdentityEnded, "ONB-140")
	_, err = w.Reactivate(w.ctx, h, in)
	wantNone(t, err)
	if got := w.identity(loretta, "prova").Status; got != onboarding.IdentityActive {
		t.Fatalf("status is %s, want active", got)
	}
	_, err = w.Revoke(w.ctx, h, in)
	wantDenied(t, err, onboarding.FieldMissing, "ONB-140")
	in.Confirmed = true
	_, err = w.Revoke(w.ctx, h, in)
	wantNone(t, err)
	for name, ask := range map[string]func() (*onboarding.LifeRequest, error){
		"reactivate": func() (*onboarding.LifeRequest, error) { return w.Reactivate(w.ctx, operator, in) },
		"suspend":    func() (*onboarding.LifeRequest, error) { return w.Suspend(w.ctx, operator, in) },
		"revoke":     func() (*onboarding.LifeRequest, error) { return w.Revoke(w.ctx, operator, in) },
	} {
		if _, err := ask(); err == nil {
			t.Errorf("%s of a revoked identity succeeds: revoked is final", name)
		}
	}
	if got := w.subject(loretta); got != "L’identità è revocata" {
		t.Errorf("the newest e-mail is %q", got)
	}
}

func TestONB140WhoMayAsk(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		holder func(*lifeWorld) onboarding.Holder
		how    string
		kind   string
		want   onboarding.Code // "" = taken
	}{
		{"the holder at that gestore", func(w *lifeWorld) onboarding.Holder { return w.holder(loretta, "prova") }, "pec", "suspend", ""},
		{"the holder at another gestore", func(w *lifeWorld) onboarding.Holder { return w.holder(loretta, "poste") }, "pec", "suspend", onboarding.NotHolder},
		{"somebody else", func(w *lifeWorld) onboarding.Holder { return w.holder(ivo, "prova") }, "pec", "suspend", onboarding.NotHolder},
		{"nobody, who says that it came by certified mail", func(*lifeWorld) onboarding.Holder { return onboarding.Holder{} }, "pec", "suspend", onboarding.NotHolder},
		{"nobody, with a code to the person's own contacts", func(*lifeWorld) onboarding.Holder { return onboarding.Holder{} }, "other", "suspend", ""},
		{"nobody, a revocation", func(*lifeWorld) onboarding.Holder { return onboarding.Holder{} }, "other", "revoke", onboarding.NotHolder},
		{"the operator, a revocation", func(*lifeWorld) onboarding.Holder { return operator }, "other", "revoke", ""},
		{"a way that there is not", func(*lifeWorld) onboarding.Holder { return operator }, "pigeon", "suspend", onboarding.FieldMissing},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newLifeWorld(t, "2021-03-01")
			in := ofLoretta()
			in.How, in.Confirmed = tt.how, true
			ask := w.Suspend
			if tt.kind == "revoke" {
				ask = w.Revoke
			}
			_, err := ask(w.ctx, tt.holder(w), in)
			if tt.want == "" {
				wantNone(t, err)
				return
			}
			wantDenied(t, err, tt.want, "")
		})
	}
	t.Run("an identity that there is not", func(t *testing.T) {
		t.Parallel()
		w := newLifeWorld(t, "2021-03-01")
		if _, err := w.Suspend(w.ctx, operator, onboarding.LifeInput{Username: loretta, Slug: "sielte"}); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	})
}

func TestONB142OtherRequestsAreCheckedThroughASecondaryContact(t *testing.T) {
	t.Parallel()
	for contact, channel := range map[string]string{"email": outbox.Email, "sms": outbox.SMS} {
		t.Run(contact, func(t *testing.T) {
			t.Parallel()
			w := newLifeWorld(t, "2021-03-01")
			in := ofLoretta()
			in.Contact = contact
			r, err := w.Suspend(w.ctx, w.holder(loretta, "prova"), in)
			wantNone(t, err)
			if got := w.identity(loretta, "prova").Status; r.State != onboarding.LifeWaiting || got != onboarding.IdentityActive {
				t.Fatalf("request %s, identity %s: nothing may happen before the code", r.State, got)
			}
			_, err = w.ConfirmLife(w.ctx, r.ID, "000000x")
			wantDenied(t, err, onboarding.ContactWrong, "ONB-142")
			r, err = w.ConfirmLife(w.ctx, r.ID, w.code(loretta, channel))
			wantNone(t, err)
			if got := w.identity(loretta, "prova").Status; r.State != onboarding.LifeDone || got != onboarding.IdentitySuspended || r.Code != "" {
				t.Errorf("request %s with code %q, identity %s", r.State, r.Code, got)
			}
			_, err = w.ConfirmLife(w.ctx, r.ID, w.code(loretta, channel))
			wantDenied(t, err, onboarding.WrongStep, "")
		})
	}
}

func TestONB142CodesExpireAndThreeWrongOnesEndTheRequest(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	r, err := w.Suspend(w.ctx, onboarding.Holder{}, ofLoretta())
	wantNone(t, err)
	w.later(10 * time.Minute)
	_, err = w.ConfirmLife(w.ctx, r.ID, r.Code)
	wantDenied(t, err, onboarding.ContactExpired, "ONB-142")
	r, err = w.Suspend(w.ctx, onboarding.Holder{}, ofLoretta())
	wantNone(t, err)
	for left := 2; left >= 0; left-- {
		_, err = w.ConfirmLife(w.ctx, r.ID, "x")
		var d *onboarding.Denied
		if !errors.As(err, &d) || d.Left != left {
			t.Fatalf("got %v, want %d tries left", err, left)
		}
	}
	_, err = w.ConfirmLife(w.ctx, r.ID, r.Code)
	wantDenied(t, err, onboarding.WrongStep, "")
	if got := w.identity(loretta, "prova").Status; got != onboarding.IdentityActive {
		t.Errorf("identity is %s, want active", got)
	}
}

func TestONB142TwoConfirmationsHaveOneWinner(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	r, err := w.Suspend(w.ctx, onboarding.Holder{}, ofLoretta())
	wantNone(t, err)
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := w.ConfirmLife(w.ctx, r.ID, r.Code); err == nil {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	if got := won.Load(); got != 1 {
		t.Errorf("%d callers won, want 1", got)
	}
}

func TestONB142ReceiptIsConfirmedByMail(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	in := ofLoretta()
	in.How = onboarding.ViaPEC
	_, err := w.Suspend(w.ctx, w.holder(loretta, "prova"), in)
	wantNone(t, err)
	var subjects []string
	for _, m := range w.messages(loretta) {
		subjects = append(subjects, m.Subject)
	}
	if got, want := strings.Join(subjects, "|"), "L’identità è sospesa|Abbiamo ricevuto la tua richiesta"; got != want {
		t.Errorf("e-mails are %q, want %q", got, want)
	}
}

// suspendForAbuse suspends loretta at prova.
func suspendForAbuse(t *testing.T, w *lifeWorld) {
	t.Helper()
	in := ofLoretta()
	in.Cause, in.How = onboarding.CauseAbuse, onboarding.ViaPEC
	_, err := w.Suspend(w.ctx, w.holder(loretta, "prova"), in)
	wantNone(t, err)
}

func TestONB142AbuseSuspendsForThirtyDaysThenRestores(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	suspendForAbuse(t, w)
	if got := w.identity(loretta, "prova"); got.Cause != onboarding.CauseAbuse || !got.Until.Equal(w.clock.Now().Add(30*24*time.Hour)) {
		t.Fatalf("cause %q until %s", got.Cause, got.Until)
	}
	w.later(30*24*time.Hour - time.Second)
	w.settle()
	if got := w.identity(loretta, "prova").Status; got != onboarding.IdentitySuspended {
		t.Errorf("a second before the end: %s", got)
	}
	w.later(time.Second)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { w.settle() })
	}
	wg.Wait()
	if got := w.identity(loretta, "prova").Status; got != onboarding.IdentityActive {
		t.Errorf("after 30 days: %s", got)
	}
	told := 0
	for _, m := range w.messages(loretta) {
		if strings.Contains(m.Text, "non è arrivata nessuna denuncia") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times, want once", told)
	}
}

func TestONB142ComplaintRevokes(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	_, err := w.Complaint(w.ctx, operator, loretta, "prova", "2021/17")
	wantDenied(t, err, onboarding.IdentityEnded, "ONB-142")
	suspendForAbuse(t, w)
	w.later(10 * 24 * time.Hour)
	_, err = w.Complaint(w.ctx, w.holder(ivo, "prova"), loretta, "prova", "2021/17")
	wantDenied(t, err, onboarding.NotHolder, "")
	_, err = w.Complaint(w.ctx, operator, loretta, "prova", "")
	wantDenied(t, err, onboarding.FieldMissing, "ONB-142")
	i, err := w.Complaint(w.ctx, operator, loretta, "prova", "2021/17")
	wantNone(t, err)
	w.later(30 * 24 * time.Hour)
	w.settle()
	if got := w.identity(loretta, "prova").Status; i.Status != onboarding.IdentityRevoked || got != onboarding.IdentityRevoked {
		t.Errorf("status is %s, then %s; want revoked for good", i.Status, got)
	}
	all, err := w.Lives(w.ctx, 0)
	if err != nil || len(all) != 1 || all[0].Complaint != "2021/17" || all[0].State != onboarding.LifeClosed {
		t.Errorf("requests are %+v (%v)", all, err)
	}
}

func TestONB142ReactivatedBeforeTheEndIsNotToldAgain(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	suspendForAbuse(t, w)
	r, err := w.Reactivate(w.ctx, onboarding.Holder{}, ofLoretta())
	wantNone(t, err)
	_, err = w.ConfirmLife(w.ctx, r.ID, r.Code)
	wantNone(t, err)
	w.later(31 * 24 * time.Hour)
	before := len(w.messages(loretta)) // old ones may be forgotten by now
	w.settle()
	if got := len(w.messages(loretta)); got != before {
		t.Errorf("%d messages, want none anew after %d", got, before)
	}
	if got := w.identity(loretta, "prova").Status; got != onboarding.IdentityActive {
		t.Errorf("status is %s", got)
	}
}

func TestONB142RevokedInTheMeantimeIsNotRestored(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	suspendForAbuse(t, w)
	in := ofLoretta()
	in.Confirmed = true
	_, err := w.Revoke(w.ctx, operator, in)
	wantNone(t, err)
	w.later(31 * 24 * time.Hour)
	before := len(w.messages(loretta)) // old ones may be forgotten by now
	w.settle()
	if got := w.identity(loretta, "prova").Status; got != onboarding.IdentityRevoked {
		t.Errorf("status is %s, want revoked", got)
	}
	_, err = w.ForgotPassword(w.ctx, loretta, "prova")
	wantNone(t, err)
	if got := len(w.messages(loretta)); got != before {
		t.Errorf("%d messages after the end and a forgotten password, want %d as before", got, before)
	}
}

func TestONB144AccessLogIsTheHolders(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	w.books.accesses = []onboarding.Access{{Service: "Portale", Level: 2, Outcome: "ok"}, {Service: "Portale", Outcome: "nr25"}}
	list, err := w.AccessLog(w.ctx, w.holder(loretta, "prova"), loretta, "prova", 1)
	if err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	_, err = w.AccessLog(w.ctx, w.holder(ivo, "prova"), loretta, "prova", 10)
	wantDenied(t, err, onboarding.NotHolder, "")
	i, err := w.NotifyUse(w.ctx, w.holder(loretta, "prova"), loretta, "prova", true)
	if err != nil || !i.NotifyUse {
		t.Errorf("notify %t, %v", i.NotifyUse, err)
	}
	_, err = w.NotifyUse(w.ctx, onboarding.Holder{}, loretta, "prova", false)
	wantDenied(t, err, onboarding.NotHolder, "")
}

func TestONB146ForgottenPasswordWantsBothCodes(t *testing.T) {
	t.Parallel()
	const good = "Girasole-12"
	w := newLifeWorld(t, "2021-03-01")
	r, err := w.ForgotPassword(w.ctx, " Loretta.Qualzeni ", "prova")
	wantNone(t, err)
	mail, sms := w.code(loretta, outbox.Email), w.code(loretta, outbox.SMS)
	_, err = w.ResetPassword(w.ctx, r.ID, onboarding.ResetInput{EmailCode: mail, MobileCode: sms, Password: "short"})
	wantDenied(t, err, onboarding.WeakPassword, "ONB-135")
	_, err = w.ResetPassword(w.ctx, r.ID, onboarding.ResetInput{EmailCode: mail, MobileCode: mail + "0", Password: good})
	wantDenied(t, err, onboarding.ContactWrong, "ONB-146")
	_, err = w.ResetPassword(w.ctx, r.ID, onboarding.ResetInput{EmailCode: "", MobileCode: sms, Password: good})
	wantDenied(t, err, onboarding.ContactWrong, "ONB-146")
	_, err = w.ConfirmLife(w.ctx, r.ID, mail)
	wantDenied(t, err, onboarding.WrongStep, "")
	_, err = w.ResetPassword(w.ctx, r.ID, onboarding.ResetInput{EmailCode: mail, MobileCode: sms, Password: good, Repeat: good})
	wantNone(t, err)
	if got := w.books.passwords[loretta]; got != good {
		t.Errorf("password is %q", got)
	}
	_, err = w.ResetPassword(w.ctx, r.ID, onboarding.ResetInput{EmailCode: mail, MobileCode: sms, Password: good})
	wantDenied(t, err, onboarding.WrongStep, "")
}

func TestONB146ForgottenPasswordTellsNobodyWhoIsACustomer(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	r, err := w.ForgotPassword(w.ctx, "nobody", "prova")
	wantNone(t, err)
	if r.ID == "" || r.State != onboarding.LifeWaiting {
		t.Errorf("request %+v, want one of the same look", r)
	}
	_, err = w.ResetPassword(w.ctx, r.ID, onboarding.ResetInput{Password: "Girasole-12"})
	wantDenied(t, err, onboarding.ContactWrong, "ONB-146")
	if list, err := w.box.List(w.ctx, outbox.Filter{}, 0); err != nil || len(list) != 0 {
		t.Errorf("%d messages were sent (%v)", len(list), err)
	}
}

func TestONB146ForgottenUserNameWantsTheDocument(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	p := w.books.person(t, loretta)
	number := strings.Fields(p.IDCard)[1]
	for name, row := range map[string][3]string{
		"another number":  {"prova", string(p.FiscalCode), "ZZ99999ZZ"},
		"no number":       {"prova", string(p.FiscalCode), ""},
		"another person":  {"prova", "QRZRNS43C59A944W", number},
		"another gestore": {"sielte", string(p.FiscalCode), number},
	} {
		err := w.ForgotUsername(w.ctx, row[0], row[1], row[2])
		var d *onboarding.Denied
		if !errors.As(err, &d) || d.Code != onboarding.RecoveryWrong {
			t.Errorf("%s: %v, want RSN-RECOVERY", name, err)
		}
	}
	wantNone(t, w.ForgotUsername(w.ctx, "prova", strings.ToLower(string(p.FiscalCode)), strings.ToLower(number)))
	if list := w.messages(loretta); len(list) != 1 || !strings.Contains(list[0].Text, loretta) {
		t.Errorf("messages are %+v", list)
	}
}

func TestONB146LostPhoneLowersTheLevelUntilIdentifiedAgain(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	in := ofLoretta()
	in.Contact = "sms"
	r, err := w.LosePhone(w.ctx, onboarding.Holder{}, in)
	wantNone(t, err)
	before := w.identity(loretta, "prova")
	r, err = w.ConfirmLife(w.ctx, r.ID, w.code(loretta, outbox.Email)) // never to the phone that is lost
	wantNone(t, err)
	if got := w.identity(loretta, "prova"); got.Level() != 1 || len(got.Factors) != 0 || !got.Usable() {
		t.Fatalf("level %d, factors %v, %s", got.Level(), got.Factors, got.Status)
	}
	_, err = w.Reidentify(w.ctx, w.holder(loretta, "prova"), r.ID, "x", "+39 399 111 2222")
	wantDenied(t, err, onboarding.NotHolder, "ONB-146")
	_, err = w.Reidentify(w.ctx, operator, r.ID, "Sportello 3", "no number")
	wantDenied(t, err, onboarding.FieldMissing, "ONB-146")
	i, err := w.Reidentify(w.ctx, operator, r.ID, "Sportello 3", "+39 399 111 2222")
	wantNone(t, err)
	if i.Level() != before.Level() || len(i.Factors) != len(before.Factors) || i.Mobile != "+39 399 111 2222" {
		t.Errorf("level %d, factors %v, mobile %s", i.Level(), i.Factors, i.Mobile)
	}
	_, err = w.Reidentify(w.ctx, operator, r.ID, "Sportello 3", "+39 399 111 2222")
	wantDenied(t, err, onboarding.WrongStep, "")
}

func TestONB107ContactsChangeAndTheOldAddressIsTold(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2021-03-01")
	old := w.identity(loretta, "prova").Email
	_, err := w.ChangeContacts(w.ctx, w.holder(loretta, "prova"), loretta, "prova", "bad address", "")
	wantDenied(t, err, onboarding.FieldMissing, "")
	i, err := w.ChangeContacts(w.ctx, w.holder(loretta, "prova"), loretta, "prova", "new@personas.example", "")
	if err != nil || i.Email != "new@personas.example" || i.Mobile == "" {
		t.Errorf("%+v, %v", i, err)
	}
	if list := w.messages(loretta); len(list) != 1 || list[0].To != old {
		t.Errorf("messages are %+v, want one to %s", list, old)
	}
}

func TestONB148CausesAndTheWayBack(t *testing.T) {
	t.Parallel()
	tests := []struct {
		cause string
		until time.Duration
		back  bool
	}{
		{onboarding.CauseUser, 0, true}, {onboarding.CauseAbuse, time.Hour, true}, {onboarding.CausePayment, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.cause, func(t *testing.T) {
			t.Parallel()
			w := newLifeWorld(t, "2021-03-01")
			status := onboarding.IdentitySuspended
			until := time.Time{}
			if tt.until != 0 {
				until = w.clock.Now().Add(tt.until)
			}
			_, err := w.books.Change(w.ctx, loretta, "prova", onboarding.IdentityChange{Status: &status, Cause: &tt.cause, Until: &until})
			wantNone(t, err)
			_, err = w.Reactivate(w.ctx, operator, ofLoretta())
			if tt.back != (err == nil) {
				t.Errorf("reactivating after %s: %v, want success %t", tt.cause, err, tt.back)
			}
		})
	}
	t.Run("a lock ends with its time alone, but a locked identity can be suspended", func(t *testing.T) {
		t.Parallel()
		w := newLifeWorld(t, "2021-03-01")
		status, cause := onboarding.IdentityLocked, onboarding.CauseLock
		_, err := w.books.Change(w.ctx, loretta, "prova", onboarding.IdentityChange{Status: &status, Cause: &cause})
		wantNone(t, err)
		_, err = w.Reactivate(w.ctx, operator, ofLoretta())
		wantDenied(t, err, onboarding.IdentityEnded, "ONB-140")
		_, err = w.Suspend(w.ctx, operator, ofLoretta())
		wantNone(t, err)
	})
	t.Run("payment is no cause that a holder gives", func(t *testing.T) {
		t.Parallel()
		w := newLifeWorld(t, "2021-03-01")
		in := ofLoretta()
		in.Cause = onboarding.CausePayment
		_, err := w.Suspend(w.ctx, operator, in)
		wantDenied(t, err, onboarding.FieldMissing, "ONB-148")
	})
}

func TestONB149AnotherMeansThanUsualIsConfirmed(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2023-03-01")
	code := w.books.person(t, loretta).FiscalCode
	check := func(means string) *onboarding.LifeRequest {
		t.Helper()
		r, err := w.CheckMeans(w.ctx, code, means)
		wantNone(t, err)
		return r
	}
	if check("spid prova") != nil || check("cie") != nil {
		t.Error("something is asked while the switch is off")
	}
	_, err := w.Configure(w.ctx, func(s *onboarding.Settings) { s.CheckUsualMeans = true })
	wantNone(t, err)
	if check("cie") != nil {
		t.Error("the usual means is asked about")
	}
	r := check("spid prova")
	if r == nil || r.State != onboarding.LifeWaiting {
		t.Fatalf("request is %+v", r)
	}
	_, err = w.ConfirmMeans(w.ctx, r.ID, "x")
	wantDenied(t, err, onboarding.ContactWrong, "ONB-149")
	_, err = w.ConfirmMeans(w.ctx, r.ID, w.code(loretta, outbox.Email))
	wantNone(t, err)
	if r, err := w.CheckMeans(w.ctx, w.books.person(t, ivo).FiscalCode, "cie"); r != nil || err != nil {
		t.Errorf("the first login of all is asked about: %+v, %v", r, err)
	}
	if check("spid prova") != nil {
		t.Error("what was confirmed is asked about again")
	}
}

func TestONB208Exempt(t *testing.T) {
	t.Parallel()
	day := clock.Date(2026, time.March, 1)
	born := func(d clock.Day) onboarding.Citizen { return onboarding.Citizen{Birthday: d} }
	tests := []struct {
		name string
		c    onboarding.Citizen
		want bool
	}{
		{"an adult pays", born(clock.Date(1971, time.June, 27)), false},
		{"the day before 75 pays", born(clock.Date(1951, time.March, 2)), false},
		{"75 years are exempt", born(clock.Date(1951, time.March, 1)), true},
		{"a minor is exempt", born(clock.Date(2008, time.March, 2)), true},
		{"18 years pay", born(clock.Date(2008, time.March, 1)), false},
		{"a resident abroad is exempt", onboarding.Citizen{Birthday: clock.Date(1971, time.June, 27), Person: people.Person{ResidentAbroad: true}}, true},
		{"professional use is exempt", onboarding.Citizen{Birthday: clock.Date(1971, time.June, 27), Person: people.Person{IdentityType: spid.ProfessionalNatural}}, true},
		{"unknown age pays", onboarding.Citizen{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := onboarding.FeeExempt(tt.c, day); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
}

func TestONB208NotPayingSuspendsAndPayingRevives(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2025-12-31")
	w.books.hold(w.books.person(t, loretta), "poste", []int{1, 2}, []string{"sms"})
	w.books.hold(w.books.person(t, "ortensia.quirzoldi"), "poste", []int{1}, nil)
	_, err := w.Unpaid(w.ctx, loretta, "poste")
	wantDenied(t, err, onboarding.IdentityEnded, "ONB-208") // no fee before 2026
	w.on("2026-01-01")
	_, err = w.Unpaid(w.ctx, "ortensia.quirzoldi", "poste")
	wantDenied(t, err, onboarding.IdentityEnded, "ONB-208") // 82 years old
	i, err := w.Unpaid(w.ctx, loretta, "poste")
	if err != nil || i.Status != onboarding.IdentitySuspended || i.Cause != onboarding.CausePayment {
		t.Fatalf("%s (%s), %v", i.Status, i.Cause, err)
	}
	if i, err = w.Pay(w.ctx, loretta, "poste"); err != nil || !i.Usable() {
		t.Errorf("%s, %v", i.Status, err)
	}
	_, err = w.Pay(w.ctx, loretta, "poste")
	wantDenied(t, err, onboarding.IdentityEnded, "ONB-208")
}

func TestONB208TheFirstYearIsFree(t *testing.T) {
	t.Parallel()
	poste := onboarding.Describe("poste", "Poste")
	c := onboarding.Citizen{Birthday: clock.Date(1971, time.June, 27)}
	opened := clock.Date(2026, time.February, 10).At(12, 0)
	if _, due := poste.FeeDue(c, opened, clock.Date(2027, time.February, 9)); due {
		t.Error("a fee is due within the first year")
	}
	if fee, due := poste.FeeDue(c, opened, clock.Date(2027, time.February, 10)); !due || fee.Cents != 600 {
		t.Errorf("after a year: %+v, due %t", fee, due)
	}
	if _, due := onboarding.Describe("aruba", "Aruba").FeeDue(onboarding.Citizen{Birthday: clock.Date(1940, time.June, 27)}, opened, clock.Date(2026, time.March, 1)); !due {
		t.Error("a gestore without exemptions asks everybody")
	}
}

func TestONB224ResetForgetsRequestsAboutIdentities(t *testing.T) {
	t.Parallel()
	w := newLifeWorld(t, "2022-04-01")
	_, err := w.Suspend(w.ctx, operator, ofLoretta())
	wantNone(t, err)
	_, err = w.AskForMinor(w.ctx, w.holder(mirta, "prova"), brandoInput())
	wantNone(t, err)
	wantNone(t, w.Reset(w.ctx))
	lives, err := w.Lives(w.ctx, 0)
	minors, err2 := w.MinorRequests(w.ctx, 0)
	if err != nil || err2 != nil || len(lives)+len(minors) != 0 {
		t.Errorf("%d requests and %d for minors are left (%v, %v)", len(lives), len(minors), err, err2)
	}
}
