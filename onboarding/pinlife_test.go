package onboarding

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"spidsim/internal/outbox"
	"spidsim/internal/people"
	"spidsim/internal/store"
)

func pinWorldAt(t *testing.T, at string, opts ...func(*Config)) *vectorWorld {
	t.Helper()
	o, c := newOffice(t, rome(t, at), opts...)
	return &vectorWorld{t, o, c, t.Context()}
}

func TestONB30PINLoginWantsCodeAndPIN(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-09-15 10:00")
	for _, row := range []struct {
		name, who, pin string
		want           Code
	}{
		{"right", "P01", "PRVA2345", ""},
		{"in small letters and groups", "P01", "prva 2345", ""},
		{"wrong", "P01", "PRVA2346", PINWrong},
		{"empty", "P01", "", PINWrong},
		{"of somebody else", "P01", "PRVA3456", PINWrong},
		{"of somebody without a PIN", "P03", "PRVA2345", PINWrong},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := pinLoginOf(w, row.who, row.pin, CitizenProfile)
			wantReason(t, err, row.want)
		})
	}
}

func TestONB31OrdinaryPINKeepsTheApplication(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-09-15 10:00")
	bonus := Service{Key: "bonus", Dispositive: true}
	v := &Visit{Means: "pin", FiscalCode: must[Citizen](t)(w.o.Citizen(w.ctx, "P02")).FiscalCode}
	if out := must[ServiceOutcome](t)(w.o.Open(w.ctx, v, bonus)); !out.Kept {
		t.Error("the application filed with an ordinary PIN is not kept")
	}
	must[*PINFile](t)(w.o.ConvertPIN(w.ctx, "P02", PINConversion{Channel: PINOnline, Document: CIE}))
	if out := must[ServiceOutcome](t)(w.o.Open(w.ctx, v, bonus)); out.Kept {
		t.Error("after the conversion the application is still kept and not worked")
	}
}

func TestONB32KindFollowsTheChannel(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		channel string
		kind    PINKind
		status  PINStatus
		letters int
	}{
		{PINAtOffice, Dispositive, PINIssued16, 1},
		{PINOnline, Ordinary, PINHalfDelivered, 1},
		{PINContactCentre, Ordinary, PINHalfDelivered, 1},
	} {
		t.Run(row.channel, func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, "2020-09-30 12:00")
			p := must[*PINFile](t)(w.o.RequestPIN(w.ctx, PINRequest{Who: "P04", Channel: row.channel}))
			if p.Kind != row.kind || p.Status != row.status || len(p.Code) != 16 || p.Channel != row.channel {
				t.Errorf("got %s %s, %d characters by %s", p.Kind, p.Status, len(p.Code), p.Channel)
			}
			if got := len(of(sentTo(t, w.o, "ivo.xandrelli"), outbox.Letter)); got != row.letters {
				t.Errorf("%d letters, want %d", got, row.letters)
			}
		})
	}
	w := pinWorldAt(t, "2020-09-30 12:00")
	_, err := w.o.RequestPIN(w.ctx, PINRequest{Who: "P04", Channel: "fax"})
	wantRule(t, err, FieldMissing, "ONB-32")
}

// of returns the messages of a channel.
func of(list []*outbox.Message, channel string) []*outbox.Message {
	var found []*outbox.Message
	for _, m := range list {
		if m.Channel == channel {
			found = append(found, m)
		}
	}
	return found
}

func TestONB32WhoAsksForAnother(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-10-01 12:00")
	for _, row := range []struct {
		name string
		r    PINRequest
		want Code
	}{
		{"a delegate", PINRequest{Who: "P02", By: "P03", SelfCertified: true}, PINNoDelegate},
		{"a stranger for a minor", PINRequest{Who: "P06", By: "P03", SelfCertified: true}, NotParent},
		{"the minor alone", PINRequest{Who: "P06", By: "P06", SelfCertified: true}, NotParent},
		{"the mother without declaration", PINRequest{Who: "P06", By: "P09"}, FieldMissing},
		{"the mother by user name", PINRequest{Who: "P06", By: "mirta.xolzani", SelfCertified: true}, ""},
		{"whoever the books entitle", PINRequest{Who: "P07"}, ""},
		{"the delegate of a protected person", PINRequest{Who: "P12", By: "P03", SelfCertified: true}, PINNoDelegate},
		{"the administrator without declaration", PINRequest{Who: "P12", By: "P13"}, FieldMissing},
		{"the administrator", PINRequest{Who: "P12", By: "P13", SelfCertified: true}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.r.Channel = PINAtOffice
			_, err := w.o.RequestPIN(w.ctx, row.r)
			wantReason(t, err, row.want)
		})
	}
	p := must[*PINFile](t)(w.o.PIN(w.ctx, "P07"))
	if p.History[0].By != "mirta.xolzani" {
		t.Errorf("asked for by %q, want the mother", p.History[0].By)
	}
}

func TestONB33TwoHalvesThenEight(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-09-30 12:00")
	p := must[*PINFile](t)(w.o.RequestPIN(w.ctx, PINRequest{Who: "P04", Channel: PINOnline}))
	sms, letters := of(sentTo(t, w.o, "ivo.xandrelli"), outbox.SMS), of(sentTo(t, w.o, "ivo.xandrelli"), outbox.Letter)
	if len(sms) != 1 || len(letters) != 1 || sms[0].Code != p.Code[:8] || letters[0].Code != p.Code[8:] {
		t.Fatalf("got %d SMS and %d letters, want one half of %s in each", len(sms), len(letters), p.Code)
	}
	if !strings.Contains(letters[0].To, "Via degli Esempi 4") {
		t.Errorf("the letter goes to %q, want the home address", letters[0].To)
	}
	wantReason(t, login("P04", p.Code, "")(w), PINWrong) // the letter was not opened
	must[*PINFile](t)(w.o.ReceiveLetter(w.ctx, "P04"))
	wantReason(t, login("P04", p.Code[:8], "")(w), PINWrong)
	wantReason(t, login("P04", p.Code, "")(w), "")
	if p = must[*PINFile](t)(w.o.PIN(w.ctx, "P04")); p.Status != PINActive8 || p.Code != "NVVA8888" {
		t.Errorf("after the first use the PIN is %s %s, want ACTIVE8 NVVA8888", p.Status, p.Code)
	}
	_, err := w.o.ReceiveLetter(w.ctx, "P04")
	wantRule(t, err, WrongStep, "ONB-40")
}

func TestONB33FirstHalfByEmail(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-09-30 12:00", withPeople(func(p *people.Person) {
		if p.ID == "P16" {
			p.Mobile, p.Email = "", ""
		}
	}))
	p := must[*PINFile](t)(w.o.RequestPIN(w.ctx, PINRequest{Who: "P04", Channel: PINOnline, Half: outbox.Email}))
	if got := of(sentTo(t, w.o, "ivo.xandrelli"), outbox.Email); len(got) != 1 || got[0].Code != p.Code[:8] {
		t.Errorf("%d e-mails, want one with the first half", len(got))
	}
	_, err := w.o.RequestPIN(w.ctx, PINRequest{Who: "P16", Channel: PINOnline})
	wantRule(t, err, PINNoContact, "ONB-33")
	_, err = w.o.PIN(w.ctx, "P16")
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a refused request leaves a PIN: %v", err)
	}
}

func TestONB34Expiry(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, who, at string
		renewable     bool
		status        PINStatus
	}{
		{"citizen, the day before", "P01", "2020-12-14 23:59", false, PINActive8},
		{"citizen, on the day", "P01", "2020-12-15 00:00", true, PINActive8},
		{"citizen, on the evening of the day", "P01", "2020-12-15 23:59", true, PINActive8},
		{"citizen, the day after", "P01", "2020-12-16 00:00", true, PINExpiredStatus},
		{"intermediary, after three months less a day", "P05", "2020-09-14 12:00", false, PINActive8},
		{"intermediary, after three months", "P05", "2020-09-15 12:00", true, PINActive8},
		{"intermediary, the day after", "P05", "2020-09-16 12:00", true, PINExpiredStatus},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, "2020-07-15 12:00") // PINs were renewed 30 days ago, on 15 June
			w.clock.Freeze(rome(t, row.at))
			if p := must[*PINFile](t)(w.o.PIN(w.ctx, row.who)); p.Status != row.status {
				t.Errorf("the PIN is %s, want %s", p.Status, row.status)
			}
			want := PINNotExpired
			if row.renewable {
				want = ""
			}
			_, err := w.o.RenewPIN(w.ctx, row.who, "")
			wantReason(t, err, want)
		})
	}
}

func TestONB35Conversion(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-12-15 12:00")
	for _, row := range []struct {
		name string
		in   PINConversion
		want Code
	}{
		{"no document", PINConversion{Channel: PINOnline}, DocumentMissing},
		{"one that the person has not", PINConversion{Channel: PINOnline, Document: Permit}, DocumentMissing},
		{"one that has expired", PINConversion{Channel: PINOnline, Document: PaperCard}, BadDocument},
		{"the copy of a card", PINConversion{Channel: PINOnline, Document: CIE}, ""},
		{"a second time", PINConversion{Channel: PINAtOffice}, WrongStep},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.o.ConvertPIN(w.ctx, "P02", row.in)
			wantReason(t, err, row.want)
		})
	}
	holds("P02", Dispositive, false)(w)
	other := pinWorldAt(t, "2020-12-15 12:00")
	must[*PINFile](t)(other.o.ConvertPIN(other.ctx, "P02", PINConversion{Channel: PINAtOffice, By: "Sportello 1"}))
	holds("P02", Dispositive, false)(other)
}

func TestONB36LostPIN(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-12-15 12:00")
	_, err := w.o.LosePIN(w.ctx, PINLoss{FiscalCode: "QRZRNS43C59A944W", Contact: "nobody@personas.example"})
	wantReason(t, err, PINNoContact)
	_, err = w.o.LosePIN(w.ctx, PINLoss{FiscalCode: "QRZRNS43C59A944W"})
	wantReason(t, err, PINNoContact)
	must[*PINFile](t)(w.o.LosePIN(w.ctx, PINLoss{FiscalCode: "QRZRNS43C59A944W", Contact: "+39 3990000001"}))
	link := sentTo(t, w.o, "ortensia.quirzoldi")[0]
	if link.Channel != outbox.SMS {
		t.Errorf("the link came by %s, want the contact that was named", link.Channel)
	}
	_, err = w.o.ResetPIN(w.ctx, "P01", "WRONGWRONGWRONGW")
	wantReason(t, err, ContactWrong)
	p := must[*PINFile](t)(w.o.ResetPIN(w.ctx, "P01", strings.ToLower(Fours(link.Code))))
	if p.Status != PINIssued16 || p.Kind != Dispositive {
		t.Errorf("after the reset the PIN is %s %s, want ISSUED16 dispositivo", p.Status, p.Kind)
	}
	halves := sentTo(t, w.o, "ortensia.quirzoldi")[:2]
	if halves[0].Channel == halves[1].Channel || halves[1].Code+halves[0].Code != p.Code {
		t.Errorf("halves %s by %s and %s by %s, want those of %s on two channels", halves[1].Code, halves[1].Channel, halves[0].Code, halves[0].Channel, p.Code)
	}
	wantReason(t, login("P01", "PRVA2345", "")(w), PINWrong)
	wantReason(t, login("P01", p.Code, "")(w), "")
	_, err = w.o.ResetPIN(w.ctx, "P01", link.Code)
	wantReason(t, err, ContactWrong)
}

func TestONB36TheLinkLastsADay(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-12-15 12:00")
	must[*PINFile](t)(w.o.LosePIN(w.ctx, PINLoss{FiscalCode: "P01", Contact: "ORTENSIA.QUIRZOLDI@personas.example"}))
	link := sentTo(t, w.o, "ortensia.quirzoldi")[0].Code
	w.clock.Advance(24*time.Hour + time.Second)
	_, err := w.o.ResetPIN(w.ctx, "P01", link)
	wantRule(t, err, ContactExpired, "ONB-36")
}

func TestONB36OneContactIsNotEnough(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-12-15 12:00", withPeople(func(p *people.Person) {
		if p.ID == "P01" {
			p.Email = ""
		}
	}))
	loss := PINLoss{FiscalCode: "P01", Contact: "+39 399 000 0001"}
	_, err := w.o.LosePIN(w.ctx, loss)
	wantRule(t, err, PINNoContact, "ONB-36")
	_, err = w.o.AddContact(w.ctx, "P01", "not a contact", "Contact center")
	wantReason(t, err, FieldMissing)
	must[*PINFile](t)(w.o.AddContact(w.ctx, "P01", "nuova@personas.example", "Contact center"))
	must[*PINFile](t)(w.o.LosePIN(w.ctx, loss))
	must[*PINFile](t)(w.o.ResetPIN(w.ctx, "P01", sentTo(t, w.o, "ortensia.quirzoldi")[0].Code))
	if got := sentTo(t, w.o, "ortensia.quirzoldi")[0]; got.To != "nuova@personas.example" {
		t.Errorf("the second half went to %s, want the contact that was added", got.To)
	}
}

func TestONB36NoContactRemembered(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		at   string
		want Code
	}{
		{"2020-09-30 12:00", ""},
		{"2020-10-01 12:00", PINNoNew},
	} {
		t.Run(row.at, func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, row.at)
			p := must[*PINFile](t)(w.o.LosePIN(w.ctx, PINLoss{FiscalCode: "P01", Forgotten: true, By: "Sportello 1"}))
			if p.Status != PINRevokedStatus {
				t.Errorf("the PIN is %s, want REVOKED", p.Status)
			}
			_, err := w.o.RequestPIN(w.ctx, PINRequest{Who: "P01", Channel: PINAtOffice})
			wantReason(t, err, row.want)
		})
	}
}

func TestONB37RevokedIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-10-02 12:00")
	must[*PINFile](t)(w.o.RequestPIN(w.ctx, PINRequest{Who: "P10", Channel: PINAtOffice})) // of those who still get one
	must[*PINFile](t)(w.o.RevokePIN(w.ctx, "P10", ""))
	_, err := w.o.RequestPIN(w.ctx, PINRequest{Who: "P10", Channel: PINAtOffice})
	wantRule(t, err, PINNoNew, "ONB-37")
	for name, call := range map[string]func() (*PINFile, error){
		"renew":  func() (*PINFile, error) { return w.o.RenewPIN(w.ctx, "P10", "") },
		"revoke": func() (*PINFile, error) { return w.o.RevokePIN(w.ctx, "P10", "") },
		"change": func() (*PINFile, error) { return w.o.ChangePIN(w.ctx, "P10", "a", "b") },
		"lose":   func() (*PINFile, error) { return w.o.LosePIN(w.ctx, PINLoss{FiscalCode: "P10", Forgotten: true}) },
	} {
		if _, err := call(); reason(err) != string(PINRevoked) {
			t.Errorf("%s: got %q, want %s", name, reason(err), PINRevoked)
		}
	}
	wantReason(t, login("P10", "whatever", "")(w), PINWrong)
}

func TestONB37ChangingInTheTransition(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-12-15 12:00")
	for _, row := range []struct {
		name, old, chosen string
		want              Code
	}{
		{"wrong old one", "PRVA9999", "NVVA2222", PINWrong},
		{"seven characters", "PRVA2345", "NVVA222", PINBadForm},
		{"a sign", "PRVA2345", "NVVA222!", PINBadForm},
		{"the same again", "PRVA2345", "prva2345", PINBadForm},
		{"a new one", "PRVA2345", "nvva2222", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := w.o.ChangePIN(w.ctx, "P01", row.old, row.chosen)
			wantReason(t, err, row.want)
		})
	}
	wantReason(t, login("P01", "NVVA2222", "")(w), "")
	_, err := w.o.ChangePIN(w.ctx, "P03", "a", "b")
	wantRule(t, err, PINWrong, "ONB-30") // who has no PIN
}

func TestONB38FirstHalfInSpring2020(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, at string
		preset   bool
		want     Code
	}{
		{"preset on", "2020-04-02 12:00", true, ""},
		{"preset off", "2020-04-02 12:00", false, PINWrong},
		{"preset on, but after it", "2020-10-01 12:00", true, PINWrong},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := pinWorldAt(t, "2020-04-01 12:00")
			configure(t, w.o, func(s *Settings) { s.SimplifiedPIN = row.preset })
			p := must[*PINFile](t)(w.o.RequestPIN(w.ctx, PINRequest{Who: "P04", Channel: PINOnline}))
			w.clock.Freeze(rome(t, row.at))
			wantReason(t, login("P04", p.Code[:8], "")(w), row.want)
		})
	}
}

func TestONB39InhibitedWithAnIdentity(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2021-03-01 12:00")
	wantReason(t, login("P05", "PRVA4567", "")(w), "")
	configure(t, w.o, func(s *Settings) { s.InhibitPIN = true })
	wantReason(t, login("P05", "PRVA4567", "")(w), PINInhibited)
	wantReason(t, login("P01", "PRVA2345", "")(w), "") // without an identity
}

func TestONB40LifeOfAPIN(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-09-30 12:00")
	status := func(want PINStatus) {
		t.Helper()
		if got := must[*PINFile](t)(w.o.PIN(w.ctx, "P04")).Status; got != want {
			t.Errorf("the PIN is %s, want %s", got, want)
		}
	}
	p := must[*PINFile](t)(w.o.RequestPIN(w.ctx, PINRequest{Who: "P04", Channel: PINOnline}))
	status(PINHalfDelivered)
	_, err := w.o.RequestPIN(w.ctx, PINRequest{Who: "P04", Channel: PINAtOffice})
	wantReason(t, err, PINHeld)
	_, err = w.o.RenewPIN(w.ctx, "P04", "")
	wantRule(t, err, WrongStep, "ONB-40")
	must[*PINFile](t)(w.o.ReceiveLetter(w.ctx, "P04"))
	status(PINIssued16)
	wantReason(t, login("P04", p.Code, "")(w), "")
	status(PINActive8)
	w.clock.Freeze(rome(t, "2021-03-31 12:00"))
	status(PINExpiredStatus)
	must[*PINFile](t)(w.o.RenewPIN(w.ctx, "P04", ""))
	status(PINActive8)
	w.clock.Freeze(rome(t, "2021-10-01 00:00"))
	status(PINDismissedEnd)
	_, err = w.o.RenewPIN(w.ctx, "P04", "")
	wantReason(t, err, PINDismissed)
	w.clock.Freeze(rome(t, "2021-09-30 23:59")) // the clock alone dismisses it
	status(PINActive8)
	var steps []string
	for _, s := range must[*PINFile](t)(w.o.PIN(w.ctx, "P04")).History {
		steps = append(steps, s.What)
	}
	if got, want := strings.Join(steps, " "), "requested half-delivered letter renewed"; got != want {
		t.Errorf("history %q, want %q", got, want)
	}
}

// Fifty offices issue the same PIN: one does.
func TestONB40OneIssueWins(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2020-09-30 12:00")
	won := together(50, func(int) error {
		_, err := w.o.RequestPIN(w.ctx, PINRequest{Who: "P04", Channel: PINAtOffice})
		return err
	})
	if won[""] != 1 || won[string(PINHeld)] != 49 {
		t.Errorf("got %v, want one issued and 49 held", won)
	}
	if got := len(sentTo(t, w.o, "ivo.xandrelli")); got != 1 {
		t.Errorf("%d envelopes, want 1", got)
	}
}

// together runs fn n times at once and counts the reasons.
func together(n int, fn func(i int) error) map[string]int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	start, count := make(chan struct{}), map[string]int{}
	for i := range n {
		wg.Go(func() {
			<-start
			err := fn(i)
			mu.Lock()
			defer mu.Unlock()
			count[reason(err)]++
		})
	}
	close(start)
	wg.Wait()
	return count
}

func TestPINsAreListed(t *testing.T) {
	t.Parallel()
	w := pinWorldAt(t, "2021-10-01 12:00")
	got := map[string]PINStatus{}
	for _, p := range must[[]*PINFile](t)(w.o.PINs(w.ctx)) {
		got[p.Username] = p.Status
	}
	want := map[string]PINStatus{"ortensia.quirzoldi": PINDismissedEnd, "ademaro.zurquani": PINDismissedEnd, "nives.jolzetti": PINDismissedEnd, "helmut.qwerzel": PINActive8}
	for who, status := range want {
		if got[who] != status {
			t.Errorf("the PIN of %s is %q, want %s", who, got[who], status)
		}
	}
	_, err := w.o.PIN(w.ctx, "P99")
	wantReason(t, err, NoSuchPerson)
}
