package main

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/gorilla/mux"

	"spidsim/idp"
	"spidsim/internal/web"
	onboardingapi "spidsim/onboarding/api"
	"spidsim/onboarding/gestore"
	"spidsim/onboarding/portal"
	"spidsim/onboarding/regia"
	"spidsim/sp"
	"spidsim/spid"
	"spidsim/templates"
)

// sessions lets the portal of the institute know who is logged in at the service provider of its origin (D-25).
type sessions struct{ sp *sp.SP }

// Who implements portal.Sessions.
func (s sessions) Who(r *http.Request) (*portal.Login, error) {
	who, err := s.sp.Who(r)
	if err != nil || who == nil {
		return nil, err
	}
	l := &portal.Login{Session: who.Session, Means: "spid", Gestore: who.Slug, GestoreName: who.Name, Level: int(who.Level), FiscalCode: who.FiscalCode, Name: who.Person}
	if who.CIE {
		l.Means = "cie"
	}
	return l, nil
}

// End implements portal.Sessions.
func (s sessions) End(w http.ResponseWriter, r *http.Request) error { return s.sp.End(w, r) }

// cnsCards are the national services cards of the test people, as the portal reads them.
type cnsCards struct{ federation *idp.Federation }

// CNS implements portal.Cards.
func (c cnsCards) CNS(ctx context.Context) ([]portal.Card, error) {
	list, err := c.federation.CNSCards(ctx)
	out := make([]portal.Card, 0, len(list))
	for _, h := range list {
		card := portal.Card{ID: h.Username, Holder: h.Name, Number: h.Card, Unusable: h.State}
		if h.State == "ok" {
			card.Unusable = ""
		}
		if found, err := c.federation.FindCNS(ctx, h.Username); err == nil {
			card.PIN = found.PIN
		}
		out = append(out, card)
	}
	return out, err
}

// Present implements portal.Cards.
func (c cnsCards) Present(ctx context.Context, id, pin string) (portal.Holder, error) {
	return holder(c.federation.PresentCNS(ctx, id, pin))
}

// Redeem implements portal.Cards.
func (c cnsCards) Redeem(ctx context.Context, ticket string) (portal.Holder, error) {
	return holder(c.federation.RedeemCNS(ctx, ticket))
}

// cardReasons are the portal's words for what a gestore calls the faults of a card.
var cardReasons = map[idp.Reason]string{
	idp.NoCard: "none", idp.ExpiredCard: "expired", idp.RevokedCard: "revoked", idp.BlockedCard: "blocked", idp.DeadCard: "dead", idp.WrongPIN: "wrong-pin",
}

func holder(h *idp.CNSHolder, err error) (portal.Holder, error) {
	var retry *idp.Retry
	switch {
	case errors.As(err, &retry) && cardReasons[retry.Reason] != "":
		return portal.Holder{}, &portal.CardError{Reason: cardReasons[retry.Reason], Left: retry.Left}
	case errors.Is(err, idp.ErrTicket):
		return portal.Holder{}, &portal.CardError{Reason: "ticket"}
	case err != nil:
		return portal.Holder{}, err
	}
	return portal.Holder{Card: h.Card, FiscalCode: spid.FiscalCode(h.FiscalCode), Name: strings.TrimSpace(h.GivenName + " " + h.FamilyName), State: h.State}, nil
}

// developersHome is where the sample service provider chooses a login, since the portal's first page is the institute's.
const developersHome = "/sviluppatori"

// portalFace mounts the institute on the origin of the sample service provider.
func (a *app) portalFace(c *cast, sample *sp.SP, r *mux.Router) error {
	operator := web.Operator{Token: a.cfg.APIToken}
	cfg := portal.Config{
		Office: c.office, Outbox: a.outbox, Sessions: sessions{sample}, Cards: cnsCards{c.federation}, Guard: operator.Guard, Scene: c.regia.Scene,
		BaseURL: a.portalBase.String(), GestoreURL: a.base.String(), Log: a.log, IdPs: c.accessButton,
	}
	if a.cnsBase != nil {
		cfg.CNSEntry = a.cnsBase.String() + idp.PathCNSEntry
	}
	face, err := portal.New(cfg)
	if err != nil {
		return err
	}
	face.Routes(r)
	c.regia.StageRoutes(r)
	r.Path(pathPortalDoc).Methods(http.MethodGet, http.MethodHead).HandlerFunc(c.gate.servePortalDescriptor)
	return nil
}

// accessButton lists where one can log in.
func (c *cast) accessButton(ctx context.Context) ([]portal.IdP, error) {
	list, err := c.identityProviders(ctx)
	out := make([]portal.IdP, 0, len(list))
	for _, p := range list {
		if g, ok := c.office.Gestore(p.Slug); !p.CIE && ok && !g.ActiveOn(c.office.Today()) {
			continue
		}
		out = append(out, portal.IdP{Slug: p.Slug, Name: p.Name, Badge: p.Badge, Off: p.Off, CIE: p.CIE})
	}
	return out, err
}

// consoleFaces mounts what of the onboarding lies on the origin of the gestori: their registration, the API and the presenter's desk.
func (a *app) consoleFaces(c *cast, r *mux.Router) error {
	operator := web.Operator{Token: a.cfg.APIToken}
	onboardingapi.New(onboardingapi.Config{Office: c.office, Guard: operator.Guard, Reset: a.resetCourse, Deliver: a.deliver, Log: a.log}).Routes(r)
	c.regia.Routes(r)
	cfg := gestore.Config{
		Office: c.office, Outbox: a.outbox, Door: newDoor(c.federation, a.store, a.outbox, a.clock.Now), Guard: operator.Guard, Scene: c.regia.Scene,
		Badge: c.badge, Portal: portalName, Open: a.cfg.Limits.EnrolOpen, Log: a.log,
	}
	if a.portalBase != nil {
		cfg.PortalURL = a.portalBase.String()
	}
	face, err := gestore.New(cfg)
	if err != nil {
		return err
	}
	face.Routes(r)
	r.Path("/idp/{slug}"+pathHandoffDoc).Methods(http.MethodGet, http.MethodHead).HandlerFunc(c.serveHandoffDescriptor)
	return nil
}

// badge are the initials of a gestore, as its login pages have them.
func (c *cast) badge(slug string) string {
	if p, ok := c.federation.Provider(slug); ok {
		return p.Initials
	}
	return ""
}

// serveHandoffDescriptor shows what a gestore declares to the portal.
func (c *cast) serveHandoffDescriptor(w http.ResponseWriter, r *http.Request) {
	slug := mux.Vars(r)["slug"]
	if _, ok := c.office.Gestore(slug); !ok || c.gate == nil {
		web.Fail(w, r, web.NotFound("there is no hand-off to a gestore of that name"))
		return
	}
	_, side, err := c.gate.side(slug)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	serveDescriptor(w, side.doc)
}

// scene lets the gestori's logins show the lesson that plays: the desk is made after them.
func (c *cast) scene(ctx context.Context, lang string, code spid.FiscalCode, step string) *templates.Scene {
	return c.regia.Scene(ctx, lang, code, step)
}

// makeRegia makes the presenter's desk of a cast.
func (a *app) makeRegia(c *cast) (err error) {
	cfg := regia.Config{
		Office: c.office, Store: a.store, Outbox: a.outbox, Clock: a.keeper, Guard: web.Operator{Token: a.cfg.APIToken}.Guard,
		BaseURL: a.base.String(), Trainer: a.cfg.Mode == "trainer", Close: c.federation.ResetPerson, Reset: a.resetCourse, Log: a.log,
	}
	if a.portalBase != nil {
		cfg.PortalURL = a.portalBase.String()
	}
	c.regia, err = regia.New(cfg)
	return err
}
