package onboarding

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"spidsim/internal/outbox"
)

// toForm walks P01 to R1 at a gestore.
func (b *bureau) toForm(slug string) *Enrolment {
	b.t.Helper()
	e, err := b.Carry(b.ctx, b.toHandoff(slug).ID)
	if err != nil {
		b.t.Fatal(err)
	}
	return e
}

func TestONB100TheThreeDataAreLockedOnTheAssistedWayOnly(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:00", newGate())
	in := ortensia
	in.FiscalCode, in.FamilyName, in.GivenName = "ZRQDMR38S02F257S", "Zurquani", "Ademaro"
	e := b.must(b.toForm("poste"), EvSave, in, AtContacts)
	if got, want := e.HandedOver(), (HandedOver{"QRZRNS43C59A944W", "Quirzoldi", "Ortensia"}); got != want {
		t.Errorf("the locked data are %+v, want %+v", got, want)
	}
	direct, err := b.StartDirect(t.Context(), "poste")
	if err != nil {
		t.Fatal(err)
	}
	b.refused(direct, EvSave, ortensia, BadFiscalCode)
	in = ortensia
	in.FiscalCode, in.FamilyName, in.GivenName = "qrzrns43c59a944w ", "Quirzoldi", "Ortensia"
	b.refused(direct, EvSave, in, AlreadyOpen)
	other, err := b.StartDirect(t.Context(), "lepida")
	if err != nil {
		t.Fatal(err)
	}
	other = b.must(other, EvSave, in, AtContacts)
	if len(other.Results) != 0 || other.Username != "ortensia.quirzoldi" {
		t.Errorf("a request without a portal: results %v, person %q", other.Results, other.Username)
	}
}

func TestONB110OneIdentityAtEachGestore(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2021-10-15 10:00", newGate())
	c, err := b.Citizen(t.Context(), "P04") // at prova and at poste
	if err != nil {
		t.Fatal(err)
	}
	for slug, want := range map[string]State{"poste": Already, "aruba": AtContacts} {
		e, err := b.StartDirect(t.Context(), slug)
		if err != nil {
			t.Fatal(err)
		}
		b.must(e, EvSave, c.form(), want)
	}
}

func TestONB104CodiceFiscaleHasToFit(t *testing.T) {
	t.Parallel()
	with := func(change func(*Input)) Input { in := ortensia; change(&in); return in }
	for _, row := range []struct {
		name string
		in   Input
		want Code
		at   string
	}{
		{"another day of birth", with(func(in *Input) { in.Born = "19/04/1943" }), BadFiscalCode, "born"},
		{"another sex", with(func(in *Input) { in.Sex = "M" }), BadFiscalCode, "born"},
		{"another place", with(func(in *Input) { in.BirthPlace = "Modena" }), BadFiscalCode, "born"},
		{"an unknown place", with(func(in *Input) { in.BirthPlace = "Atlantide" }), FieldMissing, "birth_place"},
		{"no date", with(func(in *Input) { in.Born = "marzo" }), FieldMissing, "born"},
		{"no street (ONB-107)", with(func(in *Input) { in.Street = " " }), FieldMissing, "street"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := openBureau(t, "2020-10-15 10:00", newGate())
			if d := b.refused(b.toForm("poste"), EvSave, row.in, row.want); d.Field != row.at {
				t.Errorf("the refusal is at %q, want %q", d.Field, row.at)
			}
		})
	}
}

func TestONB104HomocodeLettersAreAccepted(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:00", newGate())
	e, err := b.StartDirect(t.Context(), "lepida")
	if err != nil {
		t.Fatal(err)
	}
	c, err := b.Citizen(t.Context(), "P15")
	if err != nil {
		t.Fatal(err)
	}
	b.must(e, EvSave, c.form(), AtContacts)
}

func TestONB105MinorsAreRefused(t *testing.T) {
	t.Parallel()
	for day, suggest := range map[string]string{"2020-10-15 10:00": "", "2022-03-02 23:59": "", "2022-03-03 00:00": "minori"} {
		b := openBureau(t, day, newGate())
		c, err := b.Citizen(t.Context(), "P07")
		if err != nil {
			t.Fatal(err)
		}
		e, err := b.StartDirect(t.Context(), "prova")
		if err != nil {
			t.Fatal(err)
		}
		if d := b.refused(e, EvSave, c.form(), Minor); d.Suggest != suggest {
			t.Errorf("on %s the way shown is %q, want %q", day, d.Suggest, suggest)
		}
	}
}

func TestONB221SomebodyWhoIsNotInventedNeedsATick(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:00", newGate())
	in := ortensia
	in.FiscalCode, in.FamilyName, in.GivenName, in.Born, in.Sex, in.BirthPlace = "BNCLSN60A01A944M", "Bianchi", "Alessandro", "01/01/1960", "M", "Bologna"
	code, err := computed(in)
	if err != nil {
		t.Fatal(err)
	}
	in.FiscalCode = code
	e, err := b.StartDirect(t.Context(), "prova")
	if err != nil {
		t.Fatal(err)
	}
	b.refused(e, EvSave, in, NotInvented)
	in.Invented = true
	e = b.must(e, EvSave, in, AtContacts)
	if err := b.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Enrolment(t.Context(), e.ID); err == nil {
		t.Error("somebody typed by hand is still there after the reset")
	}
}

func TestONB103ContactsAreProvedByTwoCodes(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:00", newGate())
	e := b.must(b.toForm("poste"), EvSave, ortensia, AtContacts)
	first := e.Contacts
	b.refused(e, EvMail, Input{Code: "12"}, ContactWrong)
	e = b.must(e, EvContacts, Input{}, AtContacts)
	if first.EmailCode == e.Contacts.EmailCode && first.MobileCode == e.Contacts.MobileCode {
		t.Error("sent again, the codes are the same")
	}
	b.clock.Advance(10 * time.Minute)
	b.refused(e, EvPhone, Input{Code: e.Contacts.MobileCode}, ContactExpired)
	e = b.must(e, EvContacts, Input{Mobile: "+39 399 000 0099"}, AtContacts) // of somebody else: allowed
	b.clock.Advance(10*time.Minute - time.Second)
	e = b.must(e, EvPhone, Input{Code: e.Contacts.MobileCode[:3] + " " + e.Contacts.MobileCode[3:]}, AtContacts)
	e = b.must(e, EvMail, Input{Code: e.Contacts.EmailCode}, AtPapers)
	b.refused(e, EvMail, Input{Code: first.EmailCode}, WrongStep)
}

func TestONB101AndONB106PapersAreGoodAndComplete(t *testing.T) {
	t.Parallel()
	with := func(change func(*Input)) Input { in := paper; change(&in); return in }
	b := openBureau(t, "2020-10-15 10:00", newGate())
	e := b.must(b.toForm("poste"), EvSave, ortensia, AtContacts)
	e = b.must(e, EvMail, Input{Code: e.Contacts.EmailCode}, AtContacts)
	e = b.must(e, EvPhone, Input{Code: e.Contacts.MobileCode}, AtPapers)
	for _, row := range []struct {
		name string
		in   Input
		want Code
	}{
		{"expired the day before", with(func(in *Input) { in.Expires = "14/10/2020" }), BadDocument},
		{"no health card", with(func(in *Input) { in.HealthCard = false }), BadDocument},
		{"a library card (ONB-102)", with(func(in *Input) { in.Document = "library" }), FieldMissing},
		{"issued tomorrow", with(func(in *Input) { in.Issued = "16/10/2020" }), FieldMissing},
		{"no number", with(func(in *Input) { in.Number = "" }), FieldMissing},
	} {
		if d := b.refused(e, EvDocs, row.in, row.want); d.Field == "" {
			t.Errorf("%s: no field is named", row.name)
		}
	}
	b.must(e, EvDocs, with(func(in *Input) { in.Expires = "15/10/2020" }), AtModes)
}

func TestONB130WaysThatCannotBeAreListedWithTheReason(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:00", newGate())
	c, err := b.Citizen(t.Context(), "P01")
	if err != nil {
		t.Fatal(err)
	}
	g, _ := b.Gestore("poste")
	offers := g.Offers(c, b.Today())
	if len(offers) != len(Modes()) {
		t.Fatalf("%d ways are listed, want all %d", len(offers), len(Modes()))
	}
	for _, o := range offers {
		switch o.Key {
		case Counter, SMSCertified:
			if !o.Possible() {
				t.Errorf("%s is not possible: %+v", o.Key, o)
			}
		case CIEReader:
			if o.Possible() || !slices.Equal(o.Missing, []Means{CIEOnline, CardReader}) {
				t.Errorf("%s lacks %v", o.Key, o.Missing)
			}
		case Webcam:
			if o.Offered {
				t.Errorf("%s is offered by poste in 2020 (ONB-206)", o.Key)
			}
		}
	}
}

// everyWay walks each way of section 7.3 from R4 to R8 with the right evidence.
func TestONB120ToONB129EveryWayLeadsToTheIdentity(t *testing.T) {
	t.Parallel()
	for _, m := range Modes() {
		t.Run(m.Rule+" "+string(m.Key), func(t *testing.T) {
			t.Parallel()
			b := openBureau(t, "2025-10-15 10:00", newGate())
			e, err := b.StartDirect(t.Context(), "prova")
			if err != nil {
				t.Fatal(err)
			}
			step := func(ev Event, want State) {
				t.Helper()
				in, err := b.Fill(t.Context(), e, ev, "P06")
				if err != nil {
					t.Fatal(err)
				}
				in.Mode = m.Key
				e = b.must(e, ev, in, want)
			}
			step(EvSave, AtContacts)
			step(EvMail, AtContacts)
			step(EvPhone, AtPapers)
			step(EvDocs, AtModes)
			if m.Key == RAO {
				if _, err := b.IssuePackage(t.Context(), "P06", "", "sportello comunale"); err != nil {
					t.Fatal(err)
				}
			}
			switch m.Kind {
			case InPerson:
				step(EvMode, AtCounter)
				step(EvCounter, Identified)
			case Reviewed:
				step(EvMode, AtOnline)
				step(EvSent, InReview)
				e = b.must(e, EvReviewOK, Input{By: "retro sportello"}, Identified)
			default:
				step(EvMode, AtOnline)
				step(EvOnlineOK, Identified)
			}
		})
	}
}

func TestONB123ToONB129WrongEvidenceIsRefused(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		mode ModeKey
		in   Input
		want Code
	}{
		{"ONB-123 another answer", Webcam, Input{Answer: "1900"}, IdentifyFailed}, {"ONB-125 another PIN of the CIE", CIEReader, Input{PIN: "00000000"}, IdentifyFailed},
		{"ONB-125 no PIN of the CNS", CNSReader, Input{}, IdentifyFailed}, {"ONB-125 another PIN of the signature", Signature, Input{PIN: "x"}, IdentifyFailed}, {"ONB-126 an old CIE", EdocCIE, Input{Issued: "01/01/2015"}, IdentifyFailed},
		{"ONB-126 an old passport", EdocPassport, Input{Issued: "31/12/2006"}, IdentifyFailed}, {"ONB-127 another code", SMSCertified, Input{Code: "0"}, ContactWrong},
		{"ONB-128 another code", BancoPostaReader, Input{Code: "0"}, ContactWrong}, {"ONB-129 halves of nobody", RAO, Input{Half1: "AAAAAA", Half2: "BBBBBB"}, IdentifyFailed},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := openBureau(t, "2021-10-15 10:00", newGate())
			e := &Enrolment{ID: "x", State: AtOnline, IdP: "prova", Mode: row.mode, Online: &OnlineID{Code: "123456"}, FiscalCode: "XNDVIO62A31H223L"}
			if err := b.enrolments.Create(t.Context(), e.ID, e, time.Time{}); err != nil {
				t.Fatal(err)
			}
			if d := b.refused(e, EvOnlineOK, row.in, row.want); d.Left != onlineTries-1 {
				t.Errorf("%d tries left, want %d", d.Left, onlineTries-1)
			}
		})
	}
}

func TestONB124AVideoIsReviewedSomeDaysLater(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2021-10-15 10:00", newGate())
	e := &Enrolment{ID: "x", State: AtOnline, IdP: "prova", Mode: VideoTransfer, Online: &OnlineID{Code: "123456"}, FiscalCode: "XNDVIO62A31H223L",
		Contacts: Contacts{Email: "x@personas.example"}, Message: &Message{ID: "m"}}
	if err := b.enrolments.Create(t.Context(), e.ID, e, time.Time{}); err != nil {
		t.Fatal(err)
	}
	b.refused(e, EvOnlineOK, Input{}, WrongStep)
	b.refused(e, EvSent, Input{Code: "123456"}, FieldMissing)
	e = b.must(e, EvSent, Input{Code: "123456", Transfer: true}, InReview)
	e = b.must(e, EvReviewKO, Input{By: "retro sportello"}, Rejected)
	if last := e.Results[len(e.Results)-1]; last.Code != ResultRefused || e.Reason == "" {
		t.Errorf("rejected with %+v, reason %q", last, e.Reason)
	}
}

func TestONB131ProcedureCodesAreUnambiguous(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", newGate())
	e := b.must(b.toModes("poste"), EvMode, Input{Mode: Counter}, AtCounter)
	if strings.ContainsAny(e.Procedure.Code, "0O1I") || len(e.Procedure.Code) != 12 {
		t.Errorf("the code is %q", e.Procedure.Code)
	}
	list, err := b.box.List(t.Context(), outbox.Filter{User: "ortensia.quirzoldi", Channel: outbox.Email}, 1)
	if err != nil || len(list) == 0 {
		t.Fatalf("no e-mail: %v", err)
	}
	for _, want := range []string{Fours(e.Procedure.Code), "sabato 14 novembre 2020", "30 giorni", "documento d’identità"} {
		if !strings.Contains(list[0].Text, want) {
			t.Errorf("the e-mail does not say %q:\n%s", want, list[0].Text)
		}
	}
	b.must(e, EvChange, Input{}, AtModes)
	if _, err := b.ByProcedure(t.Context(), "poste", e.Procedure.Code); !isDenied(err, ProcedureUnknown) {
		t.Errorf("the code before is still good: %v", err)
	}
}

func TestONB132TwoOperatorsHaveOneWinner(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2020-10-15 10:24", newGate())
	e := b.must(b.toModes("poste"), EvMode, Input{Mode: Counter}, AtCounter)
	const operators = 20
	won := make(chan error, operators)
	for range operators {
		go func() {
			_, err := b.Do(t.Context(), e.ID, EvCounter, Input{Code: e.Procedure.Code})
			won <- err
		}()
	}
	wins := 0
	for range operators {
		switch err := <-won; {
		case err == nil:
			wins++
		case !isDenied(err, WrongStep):
			t.Errorf("a loser reads %v, want %s", err, WrongStep)
		}
	}
	if wins != 1 {
		t.Errorf("%d operators succeeded, want 1", wins)
	}
}

func TestONB135AndONB136ActivationSetsTheLevels(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, day string
		in        Input
		levels    []int
		want      Code
	}{
		{"no second factor is level 1", "2021-10-15 10:00", Input{}, []int{1}, ""},
		{"SMS is level 2", "2021-10-15 10:00", Input{Factor: "sms"}, []int{1, 2}, ""},
		{"the app is level 2", "2021-10-15 10:00", Input{Factor: "app"}, []int{1, 2}, ""},
		{"a device is level 3", "2021-10-15 10:00", Input{Factor: "app", Device: true}, []int{1, 2, 3}, ""},
		{"but not in 2020 (ONB-27)", "2020-10-15 10:00", Input{Factor: "app", Device: true}, nil, ModeImpossible},
		{"nor without a second factor", "2021-10-15 10:00", Input{Device: true}, nil, ModeImpossible},
		{"a user name has no blanks", "2021-10-15 10:00", Input{Username: "o q"}, nil, UsernameForm},
		{"a pigeon is no factor", "2021-10-15 10:00", Input{Factor: "pigeon"}, nil, FieldMissing},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := openBureau(t, row.day, newGate())
			e := &Enrolment{ID: "x", State: Identified, IdP: "prova", FiscalCode: "QRZRNS43C59A944W", GivenName: "Ortensia", FamilyName: "Quirzoldi"}
			e.Contacts.Email = "x@personas.example"
			if err := b.enrolments.Create(t.Context(), e.ID, e, time.Time{}); err != nil {
				t.Fatal(err)
			}
			row.in.Username, row.in.Password = cmp.Or(row.in.Username, "ortensia.q"), strong
			if row.want != "" {
				b.refused(e, EvCreds, row.in, row.want)
				return
			}
			if e = b.must(e, EvCreds, row.in, Active); !slices.Equal(e.Account.Levels, row.levels) {
				t.Errorf("levels are %v, want %v", e.Account.Levels, row.levels)
			}
		})
	}
}

func TestONB135ThePasswordPolicyNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		strong: "", "Ab1!": "length", "prova-2020!": "upper", "PROVA-2020!": "lower", "Prova-prova!": "digit", "Prova20200": "special", "": "length upper lower digit special",
	} {
		if got := strings.Join(PasswordLacks(password), " "); got != want {
			t.Errorf("%q lacks %q, want %q", password, got, want)
		}
	}
}

func TestONB137WhoHasAPINLearnsHowLongItWorks(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		day        string
		has, known bool
		until      string
	}{
		{"2020-10-15 10:00", true, false, ""}, // the end is still to be set (CNF-10)
		{"2021-07-02 10:00", true, true, "2021-09-30"},
		{"2021-10-01 00:00", false, false, ""},
	} {
		b := openBureau(t, row.day, newGate())
		day, has, known, err := b.PINUntilFor(t.Context(), "QRZRNS43C59A944W")
		if err != nil || has != row.has || known != row.known || day.String() != row.until {
			t.Errorf("on %s: until %s, has %t, known %t (%v)", row.day, day, has, known, err)
		}
	}
}

func TestONB111EveryOpenStateCanBeCancelled(t *testing.T) {
	t.Parallel()
	for _, s := range append([]State{Received}, openStates...) {
		b := openBureau(t, "2020-10-15 10:00", newGate())
		e := &Enrolment{ID: "x", State: s, IdP: "prova", FiscalCode: "QRZRNS43C59A944W", Procedure: &Procedure{Code: "AAAA", LastDay: b.Today()}, Online: &OnlineID{}}
		if err := b.enrolments.Create(t.Context(), e.ID, e, time.Time{}); err != nil {
			t.Fatal(err)
		}
		b.must(e, EvCancel, Input{}, Cancelled)
	}
}

func TestONB190TheTwoHalvesComeByTwoWays(t *testing.T) {
	t.Parallel()
	b := openBureau(t, "2021-10-15 10:00", newGate())
	p, err := b.IssuePackage(t.Context(), "ivo.xandrelli", "", "ufficio anagrafe")
	if err != nil {
		t.Fatal(err)
	}
	list, err := b.box.List(t.Context(), outbox.Filter{User: "ivo.xandrelli"}, 0)
	if err != nil || len(list) != 1 || list[0].Code != p.Half2 || strings.Contains(list[0].Text, p.Half1) {
		t.Errorf("the messages are %+v (%v), want the second half alone", list, err)
	}
	if _, err := b.IssuePackage(t.Context(), "P10", "", ""); !isDenied(err, DocumentMissing) {
		t.Errorf("without a document: %v", err)
	}
	if _, err := b.IssuePackage(t.Context(), "P08", "", ""); !isDenied(err, Minor) {
		t.Errorf("a child: %v", err)
	}
}
