package onboarding

import (
	"context"
	"errors"
	"fmt"
	"time"

	"spidsim/internal/store"
	"spidsim/spid"
)

// citizenRecord is what the institute remembers of a person beside the PIN, its id the codice fiscale.
type citizenRecord struct {
	FiscalCode  spid.FiscalCode
	RemindOff   bool   // the person asked not to see the notice again…
	RemindPhase string // …until this phase is over (ONB-73)
	AppSeen     bool   // the tutorial of the app (ONB-20)
	Favourites  []string
	UsualMeans  string // by which the person came last (ONB-149)

	Applications []Application // filed, oldest first (ONB-31)
}

// usedMessage says that a hand-off was taken: none is taken twice (ONB-86).
type usedMessage struct{ Enrolment string }

// usedLife is how long used messages are remembered: far longer than one can be fresh.
const usedLife = 24 * time.Hour

// Start makes a request at N0, the home of the portal.
func (o *Office) Start(ctx context.Context) (*Enrolment, error) {
	return o.create(ctx, &Enrolment{State: AtHome})
}

// StartDirect makes a request on the gestore's own site (ONB-108): nothing comes from a portal and nothing is locked.
func (o *Office) StartDirect(ctx context.Context, slug string) (*Enrolment, error) {
	g, ok := o.Gestore(slug)
	if !ok || !g.ActiveOn(o.Today()) {
		return nil, Deny(NotAssisted).At("idp").Because("idp is %q", slug)
	}
	return o.create(ctx, &Enrolment{State: AtForm, IdP: slug, Direct: true})
}

func (o *Office) create(ctx context.Context, e *Enrolment) (*Enrolment, error) {
	now := o.Now()
	e.ID, e.Created, e.Changed = o.newID(), now, now
	if e.History == nil {
		e.History = []Step{}
	}
	return e, alreadyOpen(o.enrolments.Create(ctx, e.ID, e, time.Time{}))
}

// Enrolment returns a request as it stands now: one whose 30 days are over has lapsed. store.ErrNotFound.
func (o *Office) Enrolment(ctx context.Context, id string) (*Enrolment, error) {
	e, err := o.enrolments.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if e.State == AtCounter && e.Procedure.Expired(o.Now()) {
		return o.Do(ctx, id, EvExpire, Input{})
	}
	return e, nil
}

// Enrolments returns the newest requests, at most limit; 0 is all.
func (o *Office) Enrolments(ctx context.Context, limit int) ([]*Enrolment, error) {
	var all []*Enrolment
	for e, err := range o.enrolments.Newest(ctx, limit) {
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// CountOpen returns how many requests the gestori work on.
func (o *Office) CountOpen(ctx context.Context) (n int, err error) {
	for e, err := range o.enrolments.Newest(ctx, 0) {
		if err != nil {
			return 0, err
		}
		if e.State.Open() {
			n++
		}
	}
	return n, nil
}

// ByProcedure finds the request that waits with a procedure code, in any letter case, blanks ignored. RSN-PROCEDURE-UNKNOWN.
func (o *Office) ByProcedure(ctx context.Context, slug, code string) (*Enrolment, error) {
	e, err := o.enrolments.Find(ctx, "procedure", normalCode(code))
	if errors.Is(err, store.ErrNotFound) || err == nil && e.IdP != slug {
		return nil, Deny(ProcedureUnknown).At("code")
	}
	if err != nil {
		return nil, err
	}
	return o.Enrolment(ctx, e.ID)
}

// Settle lets the clock do what is due: requests whose 30 days are over lapse, delegations past their last day expire, suspensions for
// abuse end (ONB-142), minors come of age (ONB-187). It is called now and then, and after every move of the clock.
func (o *Office) Settle(ctx context.Context) error {
	all, err := o.Enrolments(ctx, 0)
	if err != nil {
		return err
	}
	for _, e := range all {
		if _, err := o.Enrolment(ctx, e.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("request %s: %w", e.ID, err)
		}
	}
	return errors.Join(o.settleDelegations(ctx), o.settleIdentities(ctx))
}

// Do brings an event to a request: the one way in which browser, API and lessons move it. It returns the request as it stands
// afterwards; with *Denied as it was, or with the failed try counted. Two callers with the same step have one winner.
func (o *Office) Do(ctx context.Context, id string, ev Event, in Input) (e *Enrolment, err error) {
	var denied *Denied
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		e, denied, err = o.do(ctx, id, ev, in)
		return err
	})
	if err == nil && denied != nil { // the failed try was kept
		return e, denied
	}
	if err == nil {
		o.log.Info("request moved", "enrolment", e.ID, "event", string(ev), "state", string(e.State), "idp", e.IdP)
		o.answered(e)
	}
	return e, err
}

// answered tells whoever carries results to the portal.
func (o *Office) answered(e *Enrolment) {
	if o.cfg.Answered == nil {
		return
	}
	for _, a := range e.Results {
		if !a.Sync && a.Delivered.IsZero() {
			o.cfg.Answered(e.ID)
			return
		}
	}
}

func (o *Office) do(ctx context.Context, id string, ev Event, in Input) (e *Enrolment, denied *Denied, err error) {
	if e, err = o.enrolments.Get(ctx, id); err != nil {
		return nil, nil, err
	}
	before := len(e.History)
	switch ev {
	case EvRestart:
		e, err = o.restart(ctx, e)
		return e, nil, err
	case EvOpen:
		if other, err := o.resume(ctx, e); err != nil || other != nil {
			return other, nil, err
		}
	}
	w, err := o.world(ctx, e, ev, in)
	if err != nil {
		return nil, nil, err
	}
	effects, err := e.Do(ev, in, w)
	if err != nil && (!errors.As(err, &denied) || len(e.History) == before) {
		return e, nil, err
	}
	return e, denied, o.keep(ctx, e, before, effects)
}

// errLost says that somebody else moved the request in the meantime.
var errLost = Deny(WrongStep).Because("somebody else moved the request at the same time")

// keep does what the transition wants done and stores the request, unless it was moved by somebody else since it had that many steps.
func (o *Office) keep(ctx context.Context, e *Enrolment, before int, effects []Effect) error {
	for _, f := range effects {
		if err := o.effect(ctx, e, f); err != nil {
			return err
		}
	}
	var message *Message
	_, err := o.enrolments.Update(ctx, e.ID, func(now *Enrolment) error {
		if len(now.History) != before {
			return errLost
		}
		message, *now = now.Message, *e
		return nil
	})
	if err == nil && e.Message == nil {
		err = o.void(ctx, e.ID, message)
	}
	return alreadyOpen(err)
}

// alreadyOpen says what a key that is taken means: the one that two requests can want is that of the open request.
func alreadyOpen(err error) error {
	if isTaken(err) {
		return Deny(AlreadyOpen).At("fiscal_code")
	}
	return err
}

func (o *Office) effect(ctx context.Context, e *Enrolment, f Effect) error {
	if f.Send != nil {
		if _, err := o.outbox.Send(ctx, *f.Send); err != nil {
			return fmt.Errorf("sending: %w", err)
		}
	}
	if f.Remind != nil {
		if err := o.remind(ctx, e.FiscalCode, *f.Remind); err != nil {
			return err
		}
	}
	if f.PIN != nil {
		if err := o.pins.Put(ctx, string(f.PIN.FiscalCode), f.PIN, time.Time{}); err != nil {
			return err
		}
	}
	if f.Open != nil {
		id, err := o.cfg.Registrar.Open(ctx, *f.Open)
		if err != nil {
			return fmt.Errorf("opening the account: %w", err)
		}
		e.Account.SPIDCode = id.SPIDCode
	}
	if f.Package != "" {
		_, err := o.packages.Update(ctx, string(f.Package), func(p *Package) error { p.tried(f.Wrong); return nil })
		return err
	}
	return nil
}

// world gathers what the transition may look at.
func (o *Office) world(ctx context.Context, e *Enrolment, ev Event, in Input) (w World, err error) {
	w = World{Now: o.Now(), Draw: o.draw}
	if w.Settings, err = o.Settings(ctx); err != nil {
		return w, err
	}
	code := e.FiscalCode
	if code == "" || ev == EvPINLogin {
		code = spid.FiscalCode(normalCode(in.FiscalCode))
	}
	if err := o.person(ctx, &w, code, e.IdP); err != nil {
		return w, err
	}
	slug := e.IdP
	if ev == EvChoose {
		slug = in.IdP
	}
	if g, ok := o.Gestore(slug); ok {
		w.Provider = &g
	}
	if ev == EvCreds {
		w.Taken, err = o.cfg.Registrar.Taken(ctx, in.Username)
	}
	return w, err
}

// person adds what is known of somebody to the world of a transition at a gestore.
func (o *Office) person(ctx context.Context, w *World, code spid.FiscalCode, slug string) error {
	if code == "" {
		return nil
	}
	c, err := o.Citizen(ctx, string(code))
	var denied *Denied
	if err != nil && !errors.As(err, &denied) {
		return err
	}
	if err == nil {
		w.Citizen = &c
	}
	if w.PIN, err = optional(o.pins.Get(ctx, string(code))); err != nil {
		return err
	}
	if w.Package, err = optional(o.packages.Get(ctx, string(code))); err != nil {
		return err
	}
	if w.Reminder, err = o.reminder(ctx, code); err != nil {
		return err
	}
	ids, err := o.cfg.Registrar.Identities(ctx, code)
	if err != nil {
		return err
	}
	for _, i := range ids {
		w.HasSPID = w.HasSPID || i.Usable()
		w.Holds = w.Holds || i.Slug == slug && i.Held()
	}
	w.HasIdentity = w.HasSPID || w.Citizen != nil && (w.Citizen.holdsCIE() || w.Citizen.holdsCNS())
	return nil
}

// optional turns "not found" into nil.
func optional[T any](v *T, err error) (*T, error) {
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return v, err
}

// resume finds the open request of the same person at the same gestore, which goes on in place of a new one (section 6.1, R0), and sees
// whether the person is a customer there already.
func (o *Office) resume(ctx context.Context, e *Enrolment) (*Enrolment, error) {
	if e.State != Received {
		return nil, nil // the table refuses it
	}
	ids, err := o.cfg.Registrar.Identities(ctx, e.FiscalCode)
	if err != nil {
		return nil, err
	}
	now, before := o.Now(), len(e.History)
	for _, i := range ids {
		if i.Slug == e.IdP && i.Held() {
			_, err := e.open(EvOpen, Input{}, World{Now: now, Holds: true})
			return e, errors.Join(err, o.keep(ctx, e, before, nil))
		}
	}
	old, err := optional(o.enrolments.Find(ctx, "open", openKey(e.IdP, e.FiscalCode)))
	if err != nil || old == nil || old.ID == e.ID {
		return nil, err
	}
	message := e.Message
	e.Merged, e.Message = old.ID, nil
	e.move(EvOpen, Cancelled, now)
	if err := o.keep(ctx, e, before, nil); err != nil {
		return nil, err
	}
	before = len(old.History)
	old.Message, old.Browser, old.Direct = message, e.Browser, old.Direct && message == nil
	old.move(EvOpen, old.State, now)
	return old, o.keep(ctx, old, before, nil)
}

// restart begins again after an end: at the guide of the portal, or on the gestore's own site (section 6.1, last row).
func (o *Office) restart(ctx context.Context, e *Enrolment) (*Enrolment, error) {
	if e.State != Cancelled && e.State != Lapsed && e.State != Rejected {
		return e, Deny(WrongStep).Because("%s in state %s", EvRestart, e.State)
	}
	next := &Enrolment{Previous: e.ID, FiscalCode: e.FiscalCode, FamilyName: e.FamilyName, GivenName: e.GivenName, Username: e.Username,
		Means: e.Means, Profile: e.Profile, Browser: e.Browser, State: AtGuide}
	if e.Direct {
		next.State, next.IdP, next.Direct = AtForm, e.IdP, true
	}
	return o.create(ctx, next)
}

// remind keeps whether the notice is shown again. "No" holds until the phase changes (ONB-73).
func (o *Office) remind(ctx context.Context, code spid.FiscalCode, on bool) error {
	return o.remember(ctx, code, func(c *citizenRecord) {
		c.RemindOff, c.RemindPhase = !on, PhaseOf(o.Today()).From.String()
	})
}

func (o *Office) reminder(ctx context.Context, code spid.FiscalCode) (bool, error) {
	c, err := optional(o.citizens.Get(ctx, string(code)))
	if err != nil || c == nil {
		return true, err
	}
	return !c.RemindOff || c.RemindPhase != PhaseOf(o.Today()).From.String(), nil
}

// remember changes what the institute knows of a person.
func (o *Office) remember(ctx context.Context, code spid.FiscalCode, change func(*citizenRecord)) error {
	return o.db.Atomic(ctx, func(ctx context.Context) error {
		c, err := optional(o.citizens.Get(ctx, string(code)))
		if err != nil {
			return err
		}
		if c == nil {
			c = &citizenRecord{FiscalCode: code}
		}
		change(c)
		return o.citizens.Put(ctx, string(code), c, time.Time{})
	})
}
