package onboarding

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/spid"
)

// MinorInput is what a parent types (ONB-181).
type MinorInput struct {
	FiscalCode     string `json:"fiscal_code"`
	FamilyName     string `json:"family_name"`
	GivenName      string `json:"given_name"`
	Born           string `json:"born"`           // "2018-02-03" or "03/02/2018"
	Responsibility bool   `json:"responsibility"` // declares parental responsibility
	Notifications  bool   `json:"notifications"`  // accepts notifications
}

// minorCode is the length of the two codes.
const minorCode = 8

// AskForMinor is a parent's request of SPID for a child, at the parent's own gestore after a login with level 2 (ONB-181). The parent gets a
// code to keep and one to give to the child (ONB-182). The operator names parent and gestore in the holder.
func (o *Office) AskForMinor(ctx context.Context, h Holder, in MinorInput) (*MinorRequest, error) {
	day := o.Today()
	if day.Before(SPIDForMinors) {
		return nil, Deny(Minor).By("ONB-180")
	}
	parent, err := o.parent(ctx, h)
	if err != nil {
		return nil, err
	}
	child, err := o.childOf(ctx, parent, in)
	if err != nil {
		return nil, err
	}
	if err := o.checkMinor(ctx, h.Slug, child, in, day); err != nil {
		return nil, err
	}
	m := &MinorRequest{ID: o.newID(), State: MinorAsked, Slug: h.Slug, Created: o.Now(), Changed: o.Now(), LastDay: day.AddDays(procedureDays),
		Parent: parent.FiscalCode, ParentName: parent.Name(), FiscalCode: child.FiscalCode, FamilyName: child.FamilyName, GivenName: child.GivenName, Born: child.Birthday,
		ParentCode: o.draw(unambiguous, minorCode), VerificationCode: o.draw(unambiguous, minorCode)}
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		if err := o.minors.Create(ctx, m.ID, m, time.Time{}); err != nil {
			return err
		}
		return o.tellParent(ctx, m, "asked")
	})
	if errors.Is(err, store.ErrExists) {
		return nil, Deny(AlreadyHolder).By("ONB-182").At("fiscal_code").Because("there is a request for this child at %s already", h.Slug)
	}
	return m, err
}

// parent is who asks: logged in with level 2 with an identity of that gestore that works (ONB-181).
func (o *Office) parent(ctx context.Context, h Holder) (Citizen, error) {
	if h.FiscalCode == "" || h.Slug == "" {
		return Citizen{}, Deny(NotHolder).By("ONB-181")
	}
	if h.Level < 2 && !h.Operator {
		return Citizen{}, Deny(LevelTooLow).By("ONB-181")
	}
	ids, err := o.cfg.Registrar.Identities(ctx, h.FiscalCode)
	if err != nil {
		return Citizen{}, err
	}
	if !slices.ContainsFunc(ids, func(i Identity) bool { return i.Slug == h.Slug && i.Usable() && i.Level() >= 2 }) {
		return Citizen{}, Deny(LevelTooLow).By("ONB-181").Because("no identity of level 2 that works at %s", h.Slug)
	}
	return o.Citizen(ctx, string(h.FiscalCode))
}

// childOf finds the child of a parent by what was typed: all four data must be right.
func (o *Office) childOf(ctx context.Context, parent Citizen, in MinorInput) (Citizen, error) {
	code := spid.FiscalCode(normalCode(in.FiscalCode))
	born, ok := readDay(in.Born)
	if !ok {
		return Citizen{}, Deny(FieldMissing).By("ONB-181").At("born").Because("born is %q", in.Born)
	}
	child, err := o.Citizen(ctx, string(code))
	if err != nil {
		return child, err
	}
	switch {
	case !code.Matches(in.FamilyName, in.GivenName, midnight(born), child.Sex, child.BirthPlace):
		return child, Deny(BadFiscalCode).By("ONB-181").At("fiscal_code").Because("%s does not fit %s %s, born %s", code, in.GivenName, in.FamilyName, born)
	case !slices.Contains(parent.Children, child.Username):
		return child, Deny(NotParent).At("fiscal_code")
	}
	return child, nil
}

func (o *Office) checkMinor(ctx context.Context, slug string, child Citizen, in MinorInput, day clock.Day) error {
	if band := Band(child.AgeOn(day), day); band != BandChild && band != BandTeen {
		return Deny(TooYoung).At("born").Because("the age is %d, want 5 to 17", child.AgeOn(day))
	}
	if !in.Responsibility {
		return Deny(NoConsent).By("ONB-181").At("responsibility")
	}
	if !in.Notifications {
		return Deny(NoConsent).By("ONB-181").At("notifications")
	}
	ids, err := o.cfg.Registrar.Identities(ctx, child.FiscalCode)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(ids, func(i Identity) bool {
		return i.Slug == slug && i.Status != IdentityRevoked && i.Status != IdentityExpired
	}) {
		return Deny(AlreadyHolder).By("ONB-182").At("fiscal_code")
	}
	return nil
}

// EnterVerification is the child's step: the verification code, at the same gestore; the parent is told (ONB-182). RSN-PROCEDURE-UNKNOWN.
func (o *Office) EnterVerification(ctx context.Context, slug, code string) (*MinorRequest, error) {
	m, err := o.minors.Find(ctx, "verification", slug+"\x1f"+normalCode(code))
	if errors.Is(err, store.ErrNotFound) {
		return nil, Deny(ProcedureUnknown).By("ONB-182").At("code")
	}
	if err != nil {
		return nil, err
	}
	if o.Today().After(m.LastDay) {
		return nil, Deny(ProcedureExpired).By("ONB-182").At("code")
	}
	return o.stepMinor(ctx, m.ID, MinorAsked, MinorEntered, "entered", nil)
}

// stepMinor moves a request on and tells the parent.
func (o *Office) stepMinor(ctx context.Context, id string, from, to MinorState, letter string, change func(context.Context, *MinorRequest) error) (out *MinorRequest, err error) {
	err = o.moveMinor(ctx, id, from, to, func(ctx context.Context, m *MinorRequest) error {
		if change != nil {
			if err := change(ctx, m); err != nil {
				return err
			}
			if err := o.minors.Put(ctx, m.ID, m, time.Time{}); err != nil {
				return err
			}
		}
		out = m
		return o.tellParent(ctx, m, letter)
	})
	return out, err
}

// MinorCheck is what the clerk sees (ONB-182).
type MinorCheck struct {
	By          string `json:"by"`
	Outcome     string `json:"outcome,omitempty"`     // "recognised" (default), "other", "missing"
	Accompanied bool   `json:"accompanied,omitempty"` // by the parent, which under 14 must be
	ParentCode  string `json:"parent_code,omitempty"` // that the accompanying parent shows
}

// IdentifyMinor is the clerk's decision about the child; under 14 the parent comes along and shows the parent code (ONB-182).
func (o *Office) IdentifyMinor(ctx context.Context, id string, in MinorCheck) (*MinorRequest, error) {
	return o.stepMinor(ctx, id, MinorEntered, MinorIdentified, "identified", func(_ context.Context, m *MinorRequest) error {
		switch {
		case o.Today().After(m.LastDay):
			return Deny(ProcedureExpired).By("ONB-182").At("outcome")
		case in.Outcome == "other":
			return Deny(OtherPerson).By("ONB-182").At("outcome")
		case in.Outcome == "missing":
			return Deny(DocumentMissing).By("ONB-182").At("outcome")
		case in.Outcome != "" && in.Outcome != "recognised":
			return Deny(FieldMissing).By("ONB-182").At("outcome").Because("outcome is %q, want recognised, other or missing", in.Outcome)
		case m.AgeOn(o.Today()) < aloneAge && !in.Accompanied:
			return Deny(NotParent).By("ONB-182").At("accompanied").Because("under 14 the parent comes along")
		case m.AgeOn(o.Today()) < aloneAge && !sameCode(in.ParentCode, m.ParentCode):
			return Deny(ProcedureUnknown).By("ONB-182").At("parent_code")
		}
		m.By, m.Accompanied = in.By, in.Accompanied
		return nil
	})
}

// MinorCredentials is what is chosen for the child's identity.
type MinorCredentials struct {
	Username string `json:"username"`
	Password string `json:"password"`
	Repeat   string `json:"password_repeat,omitempty"`
	Factor   string `json:"factor,omitempty"` // "app", "totp", "sms", "" = level 1 alone
	Email    string `json:"email,omitempty"`  // the child's own; "" = the parent's
	Mobile   string `json:"mobile,omitempty"` // not mandatory (ONB-184), except for the factor "sms"
}

// ActivateMinor opens the child's identity (ONB-182). The child's mobile number is not mandatory; without one the second factor goes by the
// app or an authenticator (ONB-184).
func (o *Office) ActivateMinor(ctx context.Context, id string, in MinorCredentials) (*MinorRequest, error) {
	in.Username, in.Email, in.Mobile = strings.ToLower(strings.TrimSpace(in.Username)), strings.TrimSpace(in.Email), strings.TrimSpace(in.Mobile)
	if denied := in.check(); denied != nil {
		return nil, denied
	}
	return o.stepMinor(ctx, id, MinorIdentified, MinorActive, "active", func(ctx context.Context, m *MinorRequest) error {
		taken, err := o.cfg.Registrar.Taken(ctx, in.Username)
		if err != nil {
			return err
		}
		if taken {
			return Deny(UsernameTaken).At("username")
		}
		return o.openMinor(ctx, m, in)
	})
}

func (in MinorCredentials) check() *Denied {
	missing := PasswordLacks(in.Password)
	switch {
	case !usernameForm.MatchString(in.Username):
		return Deny(UsernameForm).At("username")
	case in.Repeat != "" && in.Repeat != in.Password:
		return Deny(WeakPassword).At("password_repeat").Because("the two passwords differ")
	case len(missing) > 0:
		return Deny(WeakPassword).At("password").Because("it lacks: %s", strings.Join(missing, ", "))
	case !slices.Contains([]string{"", people.FactorApp, people.FactorTOTP, people.FactorSMS}, in.Factor):
		return Deny(FieldMissing).By("ONB-136").At("factor").Because("factor is %q, want app, totp, sms or nothing", in.Factor)
	case in.Email != "" && !goodAddress(in.Email):
		return Deny(FieldMissing).By("ONB-184").At("email").Because("email is %q", in.Email)
	case in.Mobile != "" && !mobileForm.MatchString(in.Mobile), in.Factor == people.FactorSMS && in.Mobile == "":
		return Deny(FieldMissing).By("ONB-184").At("mobile").Because("mobile is %q with the factor %q", in.Mobile, in.Factor)
	}
	return nil
}

func (o *Office) openMinor(ctx context.Context, m *MinorRequest, in MinorCredentials) error {
	child, err := o.Citizen(ctx, string(m.FiscalCode))
	if err != nil {
		return err
	}
	parent, err := o.Citizen(ctx, string(m.Parent))
	if err != nil {
		return err
	}
	levels, factors := []int{1}, []string{}
	if in.Factor != "" {
		levels, factors = []int{1, 2}, []string{in.Factor}
	}
	p := identityOf(child.Person, m.Slug, o.Today())
	p.Email, p.Mobile = orElse(in.Email, parent.Email), in.Mobile
	p.Note, p.NoteEnglish = "Identità di un minorenne, chiesta da un genitore.", "Identity of a minor, asked for by a parent."
	i, err := o.cfg.Registrar.Open(ctx, Account{Enrolment: m.ID, Slug: m.Slug, Username: in.Username, Password: in.Password, Person: p,
		Levels: levels, Factors: factors, Opened: o.Now()})
	if err != nil {
		return fmt.Errorf("opening the account: %w", err)
	}
	m.Account = &Opened{Username: i.Username, SPIDCode: i.SPIDCode, Levels: levels, Factors: factors, At: o.Now()}
	return nil
}

// identityOf is a test person as a new identity at a gestore: what the person is, without what belongs to other books.
func identityOf(p people.Person, slug string, day clock.Day) people.Person {
	p.ID, p.Username, p.Password, p.Card, p.PIN, p.PINCode = "", "", "", "", "", ""
	p.Delegators, p.Children, p.Profiles, p.Values = nil, nil, nil, nil
	p.IdentityType, p.Status, p.IdPs = spid.NaturalPerson, people.Active, []string{slug}
	p.ExpirationDate = day.AddYears(identityYears).String()
	return p
}

// CancelMinor ends a request that is open: the parent's right at any time.
func (o *Office) CancelMinor(ctx context.Context, h Holder, id string) (*MinorRequest, error) {
	m, err := o.minors.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if !h.Operator && (h.FiscalCode != m.Parent || h.Slug != m.Slug) {
		return nil, Deny(NotParent)
	}
	if !m.State.Open() {
		return m, Deny(WrongStep).Because("the request is %s", m.State)
	}
	return o.stepMinor(ctx, id, m.State, MinorCancelled, "cancelled", nil)
}

// tellParent writes to the parent, who gets every message about the child (ONB-184).
func (o *Office) tellParent(ctx context.Context, m *MinorRequest, kind string) error {
	parent, err := o.Citizen(ctx, string(m.Parent))
	if err != nil {
		return err
	}
	subject, text, code := minorLetter(kind, parent.GivenName, m)
	_, err = o.outbox.Send(ctx, outbox.Message{Channel: outbox.Email, To: parent.Email, User: parent.Username, IdP: m.Slug, Subject: subject, Text: text, Code: code})
	return err
}

// minorLetter returns a message to the parent, in plain Italian (UX-53).
func minorLetter(kind, name string, m *MinorRequest) (subject, text, code string) {
	hello := "Ciao " + name + ",\n"
	switch kind {
	case "asked":
		return "SPID per " + m.GivenName, hello + fmt.Sprintf("tieni per te il codice genitore: %s.\nDai a %s il codice di verifica: %s. Va scritto sul sito dello stesso gestore, poi ci si fa riconoscere entro il %s.",
			Fours(m.ParentCode), m.GivenName, Fours(m.VerificationCode), Words(m.LastDay)), m.VerificationCode
	case "entered":
		text = hello + m.GivenName + " ha scritto il codice di verifica. Ora serve il riconoscimento."
		if m.Born.AddYears(aloneAge).After(clock.DayOf(m.Changed)) {
			text += " Accompagna tu " + m.GivenName + " e porta il codice genitore."
		}
		return m.GivenName + " ha scritto il codice", text, ""
	case "identified":
		return "Il riconoscimento è andato bene", hello + "abbiamo riconosciuto " + m.GivenName + ". Ora si scelgono nome utente e password.", ""
	case "active":
		return "SPID è attivo", hello + fmt.Sprintf("l’identità SPID di %s è attiva. Il nome utente è %s. I messaggi di sicurezza arrivano a te.", m.GivenName, m.Account.Username), ""
	}
	return "La richiesta è annullata", hello + "la richiesta di SPID per " + m.GivenName + " è annullata.", ""
}
