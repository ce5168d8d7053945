package onboarding

import (
	"strings"
	"testing"
	"time"

	"spidsim/internal/outbox"
	"spidsim/internal/people"
)

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
