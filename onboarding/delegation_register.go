package onboarding

import (
	"context"
	"fmt"
	"slices"
	"time"

	"spidsim/internal/clock"
	"spidsim/spid"
)

// Registration is what a delegation is registered with. People are given by codice fiscale, user name or persona.
type Registration struct {
	Principal  string         `json:"principal"`
	Delegate   string         `json:"delegate"`
	FamilyName string         `json:"family_name"` // of the delegate, typed by the principal online (ONB-173); "" is not compared
	GivenName  string         `json:"given_name"`
	Kind       DelegationKind `json:"kind"`   // "" = a trusted person
	Form       DelegationForm `json:"form"`   // "" = AA08 for a trusted person, AA10 for a representative
	Papers     []Paper        `json:"papers"` // that were brought or sent
	Until      clock.Day      `json:"until"`  // last day; zero = open end
	By         string         `json:"by"`     // the clerk
}

// RegisterAtCounter registers a delegation at any office, from 2021-08-16 (ONB-61, ONB-166…168). With self-certification in place of
// a proof it waits for VerifyDelegation. RSN-DLG-DATE, RSN-DLG-PAPERS, RSN-DLG-ONE, RSN-DLG-CAP, RSN-DLG-SELF, RSN-DLG-END, RSN-PARENT.
func (o *Office) RegisterAtCounter(ctx context.Context, r Registration) (*Delegation, error) {
	if o.Today().Before(OfficeDelegates) {
		return nil, Deny(DelegateDate).By("ONB-61").Because("offices register from %s", OfficeDelegates)
	}
	return o.register(ctx, r, ByOffice)
}

// RegisterByPEC registers what a representative sent by certified mail, digitally signed, from 2021-10-01 (ONB-175). Denials as at the counter.
func (o *Office) RegisterByPEC(ctx context.Context, r Registration) (*Delegation, error) {
	switch {
	case o.Today().Before(EndOfPIN):
		return nil, Deny(DelegateDate).By("ONB-175").Because("certified mail is taken from %s", EndOfPIN)
	case !r.Kind.defaulted().Representative():
		return nil, Deny(DelegatePapers).By("ONB-175").At("kind").Because("certified mail is for representatives")
	case !slices.Contains(r.Papers, DigitalSignature):
		return nil, lacking("ONB-175", DigitalSignature)
	}
	return o.register(ctx, r, ByPEC)
}

// RegisterOnline registers the delegate whom a person chooses in MyINPS, inside with SPID, CIE or CNS, from 2021-10-01; it is active at
// once (ONB-62, ONB-173). RSN-DLG-DATE, RSN-MEANS, RSN-LEVEL, RSN-CF for another name, and the denials of the counter.
func (o *Office) RegisterOnline(ctx context.Context, v *Visit, r Registration) (*Delegation, error) {
	switch {
	case o.Today().Before(EndOfPIN):
		return nil, Deny(DelegateDate).By("ONB-62").Because("online from %s", EndOfPIN)
	case v.weak() != nil:
		return nil, v.weak()
	case v.ActingFor != "":
		return nil, Deny(WrongStep).By("ONB-173").Because("who acts for another names no delegate for them")
	}
	r.Principal, r.Kind, r.Form, r.Papers, r.By = string(v.FiscalCode), TrustedPerson, "", nil, v.Name
	return o.register(ctx, r, ByOnline)
}

func (k DelegationKind) defaulted() DelegationKind {
	if k == "" {
		return TrustedPerson
	}
	return k
}

// pair are the two people of a registration.
type pair struct{ principal, delegate Citizen }

func (o *Office) pairOf(ctx context.Context, r Registration) (p pair, err error) {
	if p.principal, err = o.Citizen(ctx, r.Principal); err != nil {
		return p, fieldOf(err, "principal")
	}
	if p.delegate, err = o.Citizen(ctx, r.Delegate); err != nil {
		return p, fieldOf(err, "delegate")
	}
	return p, nil
}

// register checks and stores a registration.
func (o *Office) register(ctx context.Context, r Registration, channel DelegationChannel) (*Delegation, error) {
	r.Kind = r.Kind.defaulted()
	if r.Form == "" && (channel == ByOffice || channel == ByPEC) {
		r.Form = AA08
		if r.Kind.Representative() {
			r.Form = AA10
		}
	}
	p, err := o.pairOf(ctx, r)
	if err != nil {
		return nil, err
	}
	if denied := r.check(p, o.Today()); denied != nil {
		return nil, denied
	}
	d := o.delegation(r, p, channel)
	d.State = DelegationActive
	if r.Form == AA10 && !slices.Contains(r.Papers, Proof) {
		d.State = DelegationVerifying
	}
	return d, o.enlist(ctx, d, p.delegate)
}

func (o *Office) delegation(r Registration, p pair, channel DelegationChannel) *Delegation {
	d := &Delegation{ID: o.newID(), Principal: p.principal.FiscalCode, PrincipalName: p.principal.Name(), Delegate: p.delegate.FiscalCode, DelegateName: p.delegate.Name(),
		Kind: r.Kind, Channel: channel, Form: r.Form, Papers: r.Papers, Created: o.Now(), Until: r.Until, By: r.By}
	if r.Kind == ParentKind {
		d.Until = untilAdult(p.principal, r.Until)
	}
	return d
}

// untilAdult ends what a parent does for a child on the day before the child's eighteenth birthday, if not before.
func untilAdult(c Citizen, until clock.Day) clock.Day {
	last := c.Birthday.AddYears(adult).AddDays(-1)
	if until.IsZero() || last.Before(until) {
		return last
	}
	return until
}

// check says what a registration lacks, whatever else is registered.
func (r Registration) check(p pair, day clock.Day) *Denied {
	switch {
	case !slices.Contains(DelegationKinds(), r.Kind):
		return Deny(FieldMissing).By("ONB-161").At("kind").Because("kind is %q, want one of %q", r.Kind, DelegationKinds())
	case p.principal.FiscalCode == p.delegate.FiscalCode:
		return Deny(DelegateSelf).At("delegate")
	case r.FamilyName != "" && !equal(r.FamilyName, p.delegate.FamilyName), r.GivenName != "" && !equal(r.GivenName, p.delegate.GivenName):
		return Deny(BadFiscalCode).By("ONB-173").At("delegate").Because("the codice fiscale belongs to somebody of another name")
	case !r.Until.IsZero() && r.Until.Before(day):
		return Deny(DelegateEnd).At("until").Because("until is %s, today is %s", r.Until, day)
	}
	if denied := r.checkKind(p, day); denied != nil {
		return denied
	}
	return r.checkPapers()
}

// checkKind says who may represent whom: for minors and protected people it is not a trusted person but who represents them (ONB-161).
func (r Registration) checkKind(p pair, day clock.Day) *Denied {
	minor := p.principal.MinorOn(day)
	switch {
	case r.Kind == TrustedPerson && (minor || p.principal.Protected()):
		return Deny(DelegatePapers).By("ONB-161").At("kind").Because("a representative acts for minors and protected people")
	case r.Kind == ParentKind && !(minor && slices.Contains(p.delegate.Children, p.principal.Username)):
		return Deny(NotParent).By("ONB-161").At("delegate").Because("the principal is no minor child of the delegate")
	}
	return nil
}

// papersOf lists what goes with each form (ONB-166, ONB-167); that of representatives has alternatives and is seen to apart.
var papersOf = map[DelegationForm]struct {
	rule   string
	papers []Paper
}{
	AA08: {"ONB-166", []Paper{PrincipalCopy}},
	AA09: {"ONB-167", []Paper{MedicalStatement, PrincipalOriginal, DelegateCopy}},
	AA10: {"ONB-168", nil},
}

func (r Registration) checkPapers() *Denied {
	if r.Form == "" {
		return nil
	}
	needed, ok := papersOf[r.Form]
	switch {
	case !ok || (r.Form == AA10) != r.Kind.Representative():
		return Deny(DelegatePapers).By("ONB-168").At("form").Because("form %q does not fit a delegate of kind %q", r.Form, r.Kind)
	case r.Form == AA10 && !slices.Contains(r.Papers, Proof) && !slices.Contains(r.Papers, SelfCertification):
		return lacking("ONB-168", Proof)
	}
	for _, paper := range needed.papers {
		if !slices.Contains(r.Papers, paper) {
			return lacking(needed.rule, paper)
		}
	}
	return nil
}

func lacking(rule string, paper Paper) *Denied {
	return Deny(DelegatePapers).By(rule).At("papers").Because("%s is missing", paper)
}

// enlist makes a delegation live. Unique keys decide between who registers at the same time.
func (o *Office) enlist(ctx context.Context, d *Delegation, delegate Citizen) error {
	s, err := o.Settings(ctx)
	if err != nil {
		return err
	}
	err = o.contend(ctx, func(ctx context.Context) error {
		if err := o.seat(ctx, d, delegate, s); err != nil {
			return err
		}
		if d.State == DelegationActive {
			d.Registered = o.Now()
		}
		if err := o.storeLive(ctx, d); err != nil {
			return err
		}
		return o.tellBoth(ctx, d)
	})
	if err == nil {
		o.log.Info("delegation registered", "delegation", d.ID, "kind", string(d.Kind), "channel", string(d.Channel), "state", string(d.State))
	}
	return err
}

// storeLive keeps a delegation that is new, or whose draft is still one.
func (o *Office) storeLive(ctx context.Context, d *Delegation) error {
	if d.Meeting == nil {
		return o.delegations.Create(ctx, d.ID, d, time.Time{})
	}
	_, err := o.delegations.Update(ctx, d.ID, func(draft *Delegation) error {
		if draft.State != DelegationDraft {
			return Deny(WrongStep).By("ONB-178").Because("the delegation is %s", draft.State)
		}
		*draft = *d
		return nil
	})
	return err
}

// seat finds the delegation a place: nobody else may be the principal's delegate (ONB-162), and the delegate may have no more people than
// the cap (ONB-163…165).
func (o *Office) seat(ctx context.Context, d *Delegation, delegate Citizen, s Settings) error {
	other, err := o.liveOf(ctx, d.Principal)
	if err != nil {
		return err
	}
	if other != nil && other.ID != d.ID {
		return Deny(DelegateOne).At("principal").Because("delegation %s is %s", other.ID, other.State)
	}
	if d.Seat = 0; Exempt(d.Kind, delegate, s) {
		return nil
	}
	all, err := o.delegationsWhere(ctx, func(x *Delegation) bool { return x.Delegate == d.Delegate && x.ID != d.ID })
	if err != nil {
		return err
	}
	taken := map[int]bool{}
	for _, x := range all {
		if x.Live() && x.Seat > 0 {
			taken[x.Seat] = true
		}
	}
	if highest := s.Cap(o.Today()); len(taken) >= highest {
		return Deny(DelegateCap).At("delegate").Because("%d of %d", len(taken), highest)
	}
	for d.Seat = 1; taken[d.Seat]; d.Seat++ {
	}
	return nil
}

func seatKey(delegate spid.FiscalCode, seat int) string { return fmt.Sprintf("%s#%d", delegate, seat) }

// Exempt says whether the cap does not hold: for tutors, curators and support administrators (ONB-163), and for parents where the switch
// says so (ONB-165).
func Exempt(k DelegationKind, delegate Citizen, s Settings) bool {
	switch k {
	case Guardian, Curator, Administrator:
		return true
	case ParentKind:
		return s.ParentsExempt || delegate.Representative
	}
	return delegate.Representative
}

// liveOf returns the live delegation of a principal, or nil.
func (o *Office) liveOf(ctx context.Context, principal spid.FiscalCode) (*Delegation, error) {
	d, err := optional(o.delegations.Find(ctx, "principal", string(principal)))
	if err != nil || d == nil {
		return nil, err
	}
	if d, err = o.settled(ctx, d); err != nil || !d.Live() {
		return nil, err
	}
	return d, nil
}

// VerifyDelegation is the answer of the authority that was asked about a representative (ONB-168): active, or refused.
func (o *Office) VerifyDelegation(ctx context.Context, id string, confirmed bool, by string) (*Delegation, error) {
	return o.changeDelegation(ctx, id, func(d *Delegation) error {
		switch {
		case d.State != DelegationVerifying:
			return Deny(WrongStep).By("ONB-178").Because("the delegation is %s", d.State)
		case !confirmed:
			d.end(DelegationRevoked, by, o.Now())
		default:
			d.State, d.Registered = DelegationActive, o.Now()
		}
		return nil
	})
}

// changeDelegation changes a delegation and tells both parties.
func (o *Office) changeDelegation(ctx context.Context, id string, change func(*Delegation) error) (d *Delegation, err error) {
	if _, err := o.Delegation(ctx, id); err != nil { // what the clock did stays, also when the change is refused
		return nil, err
	}
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		if d, err = o.delegations.Update(ctx, id, change); err != nil {
			return err
		}
		return o.tellBoth(ctx, d)
	})
	if err != nil {
		return nil, err
	}
	o.log.Info("delegation changed", "delegation", d.ID, "state", string(d.State))
	return d, nil
}
