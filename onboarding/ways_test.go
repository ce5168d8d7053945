package onboarding

import (
	"testing"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/people"
)

// What each way to be identified costs, needs and takes (onboarding.md section 7.3).

// atWay stores the request of P06 at an online way of the gestore prova.
func (b *bureau) atWay(m ModeKey) *Enrolment {
	b.t.Helper()
	e := &Enrolment{ID: "x", State: AtOnline, IdP: "prova", Mode: m, Online: &OnlineID{Code: "123456"}, FiscalCode: "XNDVIO62A31H223L", Contacts: Contacts{Email: "x@personas.example"}}
	if err := b.enrolments.Create(b.t.Context(), e.ID, e, time.Time{}); err != nil {
		b.t.Fatal(err)
	}
	return e
}

// priceAt is what a way costs at a gestore in October 2020.
func priceAt(t *testing.T, slug string, m ModeKey) Price {
	t.Helper()
	p, ok := Describe(slug, slug).price(m, clock.Date(2020, time.October, 15))
	if !ok {
		t.Fatalf("%s does not offer %s", slug, m)
	}
	return p
}

func TestONB121ThePostalWorkerComesHomeForMoney(t *testing.T) {
	t.Parallel()
	if m, _ := LookupMode(Home); m.Kind != InPerson || len(m.Needs) != 0 {
		t.Errorf("HOME is %+v, want in person, with nothing to own", m)
	}
	if p := priceAt(t, "poste", Home); p.Free() || !p.Paid {
		t.Errorf("at home it costs %+v, want a price that the sources do not give", p)
	}
}

func TestONB122PublicEventsAreFreeAtOneGestore(t *testing.T) {
	t.Parallel()
	if m, _ := LookupMode(PublicEvent); m.Kind != InPerson {
		t.Errorf("EVENT is %+v, want in person", m)
	}
	if !priceAt(t, "lepida", PublicEvent).Free() {
		t.Error("an event costs something")
	}
	for _, slug := range Known() {
		if _, offered := known[slug].price(PublicEvent, clock.Date(2020, time.October, 15)); offered != (slug == "lepida") {
			t.Errorf("%s offers events: %t", slug, offered)
		}
	}
}

func owner(of ...Means) Citizen {
	c := Citizen{Person: people.Person{Owns: []string{}}}
	for _, m := range of {
		c.Owns = append(c.Owns, string(m))
	}
	return c
}

func TestONB125CardsNeedTheReaderAndTheirPIN(t *testing.T) {
	t.Parallel()
	for m, card := range map[ModeKey]Means{CIEReader: CIEOnline, CNSReader: CNSOnline, Signature: SignatureDevice} {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			mode, _ := LookupMode(m)
			if mode.Minutes != 10 || len(mode.missing(owner(card))) != 1 || len(mode.missing(owner(card, CardReader))) != 0 {
				t.Errorf("%+v, want 10 minutes, %s and %s", mode, card, CardReader)
			}
			b := openBureau(t, "2020-10-15 10:00", newGate())
			e := b.atWay(m)
			b.refused(e, EvOnlineOK, Input{PIN: "00000000", FiscalCode: string(e.FiscalCode)}, IdentifyFailed)
			b.must(e, EvOnlineOK, Input{PIN: TestCardPIN, FiscalCode: string(e.FiscalCode)}, Identified)
		})
	}
}

func TestONB126ThePassportHasToBeIssuedAfter2006(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		mode   ModeKey
		issued string
		good   bool
	}{
		{EdocPassport, "31/12/2006", false}, {EdocPassport, "01/01/2007", true}, {EdocPassport, "ieri", false},
		{EdocCIE, "30/06/2016", false}, {EdocCIE, "01/07/2016", true},
	} {
		t.Run(string(row.mode)+" of "+row.issued, func(t *testing.T) {
			t.Parallel()
			if mode, _ := LookupMode(row.mode); mode.Minutes != 15 {
				t.Errorf("it takes %d minutes, want 15", mode.Minutes)
			}
			b := openBureau(t, "2020-10-15 10:00", newGate())
			e := b.atWay(row.mode)
			if row.good {
				b.must(e, EvOnlineOK, Input{Issued: row.issued}, Identified)
				return
			}
			if d := b.refused(e, EvOnlineOK, Input{Issued: row.issued}, IdentifyFailed); d.Field != "issued" {
				t.Errorf("refused at %q, want issued", d.Field)
			}
		})
	}
}

func oneCode(t *testing.T, m ModeKey, needs Means) {
	t.Helper()
	mode, _ := LookupMode(m)
	if mode.Minutes != 5 || len(mode.Needs) != 1 || mode.Needs[0] != needs || mode.Kind != Online {
		t.Errorf("%+v, want 5 minutes online with %s", mode, needs)
	}
	b := openBureau(t, "2020-10-15 10:00", newGate())
	e := b.atWay(m)
	b.refused(e, EvOnlineOK, Input{Code: "654321"}, ContactWrong)
	b.must(e, EvOnlineOK, Input{Code: "123456"}, Identified)
}

func TestONB127OneCodeOnTheCertifiedMobileIsEnough(t *testing.T) {
	t.Parallel()
	oneCode(t, SMSCertified, CertifiedMobile)
}

func TestONB128OneCodeOfTheBancoPostaReaderIsEnough(t *testing.T) {
	t.Parallel()
	oneCode(t, BancoPostaReader, BancoPosta)
}

func TestONB102FiveKindsOfDocumentAreAccepted(t *testing.T) {
	t.Parallel()
	if got := len(DocumentKinds()); got != 5 {
		t.Errorf("%d kinds, want 5", got)
	}
	for _, kind := range append(DocumentKinds(), "library", "") {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			b := openBureau(t, "2020-10-15 10:00", newGate())
			e := b.must(b.toForm("poste"), EvSave, ortensia, AtContacts)
			e = b.must(e, EvMail, Input{Code: e.Contacts.EmailCode}, AtContacts)
			e = b.must(e, EvPhone, Input{Code: e.Contacts.MobileCode}, AtPapers)
			in := paper
			in.Document = kind
			if kind == "library" || kind == "" {
				b.refused(e, EvDocs, in, FieldMissing)
				return
			}
			b.must(e, EvDocs, in, AtModes)
		})
	}
}
