package onboarding

import (
	"context"
	"time"

	"spidsim/internal/store"
	"spidsim/spid"
)

// Holder is who asks for something about an identity: a person after a login at a gestore, the operator of the simulator, or, as the zero
// value, somebody who proved nothing yet.
type Holder struct {
	FiscalCode spid.FiscalCode
	Slug       string // gestore at which the person logged in
	Level      int    // of that login
	Operator   bool   // console, API and counters: may do everything
}

// HolderOf is the holder whom a visit proves: somebody who came with SPID.
func HolderOf(v *Visit) Holder {
	if !v.Inside() || v.Means != "spid" {
		return Holder{}
	}
	return Holder{FiscalCode: v.FiscalCode, Slug: v.Gestore, Level: v.Level}
}

// Somebody reports whether the holder proved anything.
func (h Holder) Somebody() bool { return h.Operator || h.FiscalCode != "" && h.Slug != "" }

// owns reports whether the identity is the holder's own, at the gestore where the login was.
func (h Holder) owns(i Identity) bool {
	return h.FiscalCode != "" && h.FiscalCode == i.FiscalCode && h.Slug == i.Slug
}

// LifeKind is what a request about an identity wants.
type LifeKind string

// Kinds of request (ONB-140, ONB-146, ONB-149).
const (
	ToSuspend    LifeKind = "suspend"
	ToReactivate LifeKind = "reactivate"
	ToRevoke     LifeKind = "revoke"
	LostPassword LifeKind = "password"
	LostPhone    LifeKind = "phone"
	OtherMeans   LifeKind = "means"
)

// LifeState is where such a request is.
type LifeState string

// States of a request. A request that is Done took effect; Refused ones saw too many wrong codes.
const (
	LifeWaiting LifeState = "waiting" // for the code that went to a secondary contact
	LifeDone    LifeState = "done"
	LifeClosed  LifeState = "closed" // what it did is over: restored, identified again
	LifeRefused LifeState = "refused"
)

// How a request reached the gestore (ONB-142). Certified mail and a digital signature prove the sender; anything else is checked by a code.
const (
	ViaPEC      = "pec"
	BySignature = "signature"
	ByOther     = "other"
)

// LifeRequest is a request about an identity that exists: the record behind OSC-32.
type LifeRequest struct {
	ID    string    `json:"id"`
	Kind  LifeKind  `json:"kind"`
	State LifeState `json:"state"`
	Asked time.Time `json:"asked"`
	Done  time.Time `json:"done,omitzero"` // when it took effect

	FiscalCode spid.FiscalCode `json:"fiscal_code,omitempty"`
	Username   string          `json:"username,omitempty"`
	Slug       string          `json:"idp,omitempty"`
	Cause      string          `json:"cause,omitempty"` // CauseUser or CauseAbuse
	How        string          `json:"how,omitempty"`   // ViaPEC, BySignature, ByOther
	Until      time.Time       `json:"until,omitzero"`  // end of a suspension for abuse
	Complaint  string          `json:"complaint,omitempty"`
	Means      string          `json:"means,omitempty"` // by which the person came to the portal (ONB-149)
	Levels     []int           `json:"levels,omitempty"`
	Factors    []string        `json:"second_factors,omitempty"` // as they were before the phone was lost

	Contact    string    `json:"contact,omitempty"`     // "email" or "sms", where the code went
	Code       string    `json:"code,omitempty"`        // that went there
	MobileCode string    `json:"mobile_code,omitempty"` // second code of a forgotten password
	Sent       time.Time `json:"sent,omitzero"`
	Tries      int       `json:"tries"` // that went wrong
}

// LifeInput is what comes with a request: the fields of a form or of a JSON body.
type LifeInput struct {
	Username  string `json:"username"`
	Slug      string `json:"idp"`
	Cause     string `json:"cause,omitempty"`   // of a suspension: "user" (default), "abuse"
	How       string `json:"how,omitempty"`     // "pec", "signature", "other" (default)
	Contact   string `json:"contact,omitempty"` // where a code goes: "email" (default), "sms"
	Confirmed bool   `json:"confirmed,omitempty"`
}

// Identity returns an identity as it stands now, or store.ErrNotFound.
func (o *Office) Identity(ctx context.Context, username, slug string) (Identity, error) {
	return o.cfg.Registrar.Change(ctx, username, slug, IdentityChange{})
}

// Life returns a request about an identity, or store.ErrNotFound.
func (o *Office) Life(ctx context.Context, id string) (*LifeRequest, error) {
	return o.lives.Get(ctx, id)
}

// Lives returns the newest requests about identities, at most limit; 0 is all.
func (o *Office) Lives(ctx context.Context, limit int) ([]*LifeRequest, error) {
	return collect(ctx, o.lives, limit)
}

// collect reads the newest documents of a kind.
func collect[T any](ctx context.Context, c *store.Collection[T], limit int) ([]*T, error) {
	var all []*T
	for v, err := range c.Newest(ctx, limit) {
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}
