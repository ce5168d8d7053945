package onboarding

import (
	"context"
	"time"

	"spidsim/spid"
)

// AccessTrace is one thing that somebody did for somebody else (ONB-171).
type AccessTrace struct {
	ID         string          `json:"id"`
	At         time.Time       `json:"at"`
	Delegation string          `json:"delegation"`
	Principal  spid.FiscalCode `json:"principal"`
	Delegate   spid.FiscalCode `json:"delegate"`
	Means      string          `json:"means"` // "spid", "cie", "cns"; "counter" = in person (ONB-172)
	Gestore    string          `json:"gestore,omitempty"`
	Action     string          `json:"action"` // "start", "stop", "counter", or what the page names, as the key of a service
}

// ActFor lets the person of a visit act for a principal, named by delegation or by codice fiscale, user name or persona (ONB-171).
// RSN-DLG-NOID without an identity of level 2 that is usable now (ONB-177), RSN-DLG-NONE.
func (o *Office) ActFor(ctx context.Context, v *Visit, which string) (*Visit, error) {
	d, err := o.delegationFor(ctx, v, which)
	if err != nil {
		return v, err
	}
	if err := o.mayAct(ctx, v, d); err != nil {
		return v, err
	}
	return o.setActing(ctx, v, d, "start")
}

// StopActing ends acting for somebody else; the visit goes on for the person.
func (o *Office) StopActing(ctx context.Context, v *Visit) (*Visit, error) {
	if v.ActingFor == "" {
		return v, nil
	}
	d, err := o.liveOf(ctx, v.ActingFor)
	if err != nil {
		return v, err
	}
	if d == nil || d.Delegate != v.FiscalCode { // it has ended meanwhile
		d = &Delegation{Principal: v.ActingFor, Delegate: v.FiscalCode}
	}
	return o.setActing(ctx, v, d, "stop")
}

func (o *Office) setActing(ctx context.Context, v *Visit, d *Delegation, action string) (out *Visit, err error) {
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		if err := o.trace(ctx, v, d, action); err != nil {
			return err
		}
		out, err = o.visits.Update(ctx, v.ID, func(v *Visit) error {
			v.ActingFor, v.ActingName = d.Principal, d.PrincipalName
			if action == "stop" {
				v.ActingFor, v.ActingName = "", ""
			}
			return nil
		})
		return err
	})
	if err != nil {
		return v, err
	}
	return out, nil
}

// Act is called at everything that is done on behalf of the principal of a visit: it looks again whether that is allowed and traces it
// (ONB-171, ONB-177). action is a short key, as that of a service. RSN-DLG-NONE, RSN-DLG-NOID.
func (o *Office) Act(ctx context.Context, v *Visit, action string) error {
	d, err := o.Acting(ctx, v)
	if err != nil {
		return err
	}
	if d == nil {
		return Deny(DelegateNone).Because("the visitor acts for nobody")
	}
	return o.trace(ctx, v, d, action)
}

// Acting returns the delegation by which a visitor acts for somebody else, as it stands now, and nil for who acts for nobody: what the
// banner of every page says (ONB-171). The denials are those of Act: StopActing is what then helps.
func (o *Office) Acting(ctx context.Context, v *Visit) (*Delegation, error) {
	if v.ActingFor == "" {
		return nil, nil
	}
	d, err := o.delegationFor(ctx, v, string(v.ActingFor))
	if err != nil {
		return nil, err
	}
	return d, o.mayAct(ctx, v, d)
}

// delegationFor finds the active delegation of the visitor for a principal.
func (o *Office) delegationFor(ctx context.Context, v *Visit, which string) (*Delegation, error) {
	d, err := optional(o.Delegation(ctx, which))
	if err != nil {
		return nil, err
	}
	if d == nil {
		principal, err := o.Citizen(ctx, which)
		if err != nil {
			return nil, fieldOf(err, "principal")
		}
		if d, err = o.liveOf(ctx, principal.FiscalCode); err != nil {
			return nil, err
		}
	}
	if d == nil || !v.Inside() || d.Delegate != v.FiscalCode || d.State != DelegationActive {
		return nil, Deny(DelegateNone).At("principal")
	}
	return d, nil
}

// mayAct says whether the delegate's own identity is good enough at this moment (ONB-177). A card that opened the visit is the proof;
// an identity may have been suspended since.
func (o *Office) mayAct(ctx context.Context, v *Visit, d *Delegation) error {
	switch {
	case o.Today().Before(OfficeDelegates):
		return Deny(DelegateDate).By("ONB-160")
	case v.weak() != nil:
		return Deny(DelegateNoID).Because("means %q, level %d", v.Means, v.Level)
	case v.Means != "spid":
		return nil
	}
	ids, err := o.cfg.Registrar.Identities(ctx, v.FiscalCode)
	if err != nil {
		return err
	}
	for _, i := range ids {
		if i.Usable() && i.Level() >= 2 && (v.Gestore == "" || i.Slug == v.Gestore) {
			return nil
		}
	}
	return Deny(DelegateNoID).Because("no usable identity of level 2 at %q", v.Gestore)
}

func (o *Office) trace(ctx context.Context, v *Visit, d *Delegation, action string) error {
	return o.keepTrace(ctx, &AccessTrace{Delegation: d.ID, Principal: d.Principal, Delegate: d.Delegate, Means: v.Means, Gestore: v.Gestore, Action: action})
}

func (o *Office) keepTrace(ctx context.Context, t *AccessTrace) error {
	t.ID, t.At = o.newID(), o.Now()
	return o.traces.Create(ctx, t.ID, t, time.Time{})
}

// Traces returns what was done for or by a person on behalf of somebody else, newest first, at most limit; 0 is all, and who "" is
// everybody (ONB-171). RSN-PERSON.
func (o *Office) Traces(ctx context.Context, who string, limit int) ([]*AccessTrace, error) {
	var code spid.FiscalCode
	if who != "" {
		c, err := o.Citizen(ctx, who)
		if err != nil {
			return nil, err
		}
		code = c.FiscalCode
	}
	found := []*AccessTrace{}
	for t, err := range o.traces.Newest(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if code == "" || t.Principal == code || t.Delegate == code {
			found = append(found, t)
		}
		if limit > 0 && len(found) == limit {
			break
		}
	}
	return found, nil
}

// CounterCheck is a delegate who comes to a counter of the institute (ONB-172).
type CounterCheck struct {
	Principal  string `json:"principal"`
	Delegate   string `json:"delegate"`
	Identified bool   `json:"identified"` // by the clerk, with a document
	By         string `json:"by"`         // the clerk
}

// VerifyAtCounter says whether who stands at the counter may act for the principal: a registered delegation is good there too, without
// a digital identity, once the delegate is identified (ONB-172). RSN-DOC-MISSING, RSN-DLG-NONE.
func (o *Office) VerifyAtCounter(ctx context.Context, in CounterCheck) (*Delegation, error) {
	p, err := o.pairOf(ctx, Registration{Principal: in.Principal, Delegate: in.Delegate})
	if err != nil {
		return nil, err
	}
	if !in.Identified {
		return nil, Deny(DocumentMissing).By("ONB-172").At("identified")
	}
	d, err := o.liveOf(ctx, p.principal.FiscalCode)
	if err != nil {
		return nil, err
	}
	if d == nil || d.Delegate != p.delegate.FiscalCode || d.State != DelegationActive {
		return nil, Deny(DelegateNone).By("ONB-172").At("delegate")
	}
	return d, o.keepTrace(ctx, &AccessTrace{Delegation: d.ID, Principal: d.Principal, Delegate: d.Delegate, Means: "counter", Action: "counter"})
}
