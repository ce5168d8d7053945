package onboarding

import (
	"strings"
	"sync"
	"testing"
)

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
	if got, want := strings.Join(steps, " "), "requested half-delivered letter first-use renewed"; got != want {
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
