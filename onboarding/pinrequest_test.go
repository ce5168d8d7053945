package onboarding

import (
	"errors"
	"strings"
	"testing"

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
