package portal

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"spidsim/internal/clock"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// delegations shows whom the person trusts and for whom the person acts (OSC-30).
func (p *Portal) delegations(c *call) error {
	if !c.inside() {
		return c.see(templates.PathMask)
	}
	view, book, err := c.delegationsView()
	if err != nil {
		return err
	}
	return c.show(book, templates.PortalDelegations(c.page, view))
}

func (c *call) delegationsView() (templates.PortalDelegationsView, onboarding.DelegationBook, error) {
	day := c.p.office.Today()
	view := templates.PortalDelegationsView{Visit: c.view("delegations"), Person: c.visit.Name, AskedID: c.field("revoke"),
		Office: !day.Before(onboarding.OfficeDelegates), Online: !day.Before(onboarding.EndOfPIN) && c.visit.StrongMeans() && c.visit.ActingFor == "",
		Video: !day.Before(onboarding.VideoDelegates)}
	book, err := c.p.office.DelegationsOf(c.ctx(), string(c.visit.FiscalCode))
	if unlessDenied(err) != nil {
		return view, book, err
	}
	for _, d := range slices.Concat(book.AsPrincipal, book.AsDelegate) {
		if d.Meeting != nil {
			d.Meeting.Code = "" // stays on the phone to which it went
		}
	}
	for _, d := range book.AsPrincipal {
		view.Mine = append(view.Mine, shown(d, d.DelegateName, d.State != onboarding.DelegationDraft))
	}
	for _, d := range book.AsDelegate {
		view.For = append(view.For, shown(d, d.PrincipalName, d.State == onboarding.DelegationDraft))
	}
	view.Cap, err = c.cap()
	return view, book, err
}

// cap is how many people one may act for, 0 for who has no limit (ONB-163, ONB-164).
func (c *call) cap() (int, error) {
	s, err := c.p.office.Settings(c.ctx())
	if err != nil {
		return 0, err
	}
	who, err := c.p.office.Citizen(c.ctx(), string(c.visit.FiscalCode))
	if err != nil || who.Representative {
		return 0, unlessDenied(err)
	}
	return s.Cap(c.p.office.Today()), nil
}

// shown is a delegation for a page, with the name of the other person.
func shown(d *onboarding.Delegation, name string, ends bool) templates.PortalDelegation {
	over := d.State == onboarding.DelegationExpired || d.State == onboarding.DelegationRevoked
	return templates.PortalDelegation{ID: d.ID, Name: name, State: strings.ToLower(string(d.State)), Kind: string(d.Kind), Way: string(d.Channel),
		From: d.Registered, Until: d.Until, Revoke: ends && !over}
}

// revoke asks once, then ends a delegation (ONB-170, ONB-174, UX-85).
func (p *Portal) revoke(c *call) error {
	if !c.inside() {
		return c.see(templates.PathMask)
	}
	if c.field("sure") != "yes" && !web.WantsJSON(c.r) {
		view, book, err := c.delegationsView()
		if err != nil {
			return err
		}
		return c.show(book, templates.PortalDelegations(c.page, view))
	}
	_, err := p.office.RevokeOnline(c.ctx(), c.visit, c.field("revoke"))
	if err == nil {
		return c.see(templates.PathDelegations + "?fatto=revocata")
	}
	view, _, failed := c.delegationsView()
	if failed != nil {
		return failed
	}
	view.AskedID = ""
	return c.again(err, nil, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.PortalDelegations(c.page, view)
	})
}

// newDelegation is the form of OSC-30's "Nuova delega".
func (p *Portal) newDelegation(c *call) error {
	if err := c.strong(); err != nil {
		return err
	}
	return c.show(struct{}{}, templates.PortalDelegationNew(c.page, templates.PortalDelegationNewView{Visit: c.view("delegation-new")}))
}

// register registers a delegation online (ONB-173).
func (p *Portal) register(c *call) error {
	if !c.inside() {
		return c.see(templates.PathMask)
	}
	until, err := day(c.field("until"))
	if err == nil {
		_, err = p.office.RegisterOnline(c.ctx(), c.visit, onboarding.Registration{Delegate: c.field("cf"), GivenName: c.field("name"), FamilyName: c.field("surname"), Until: until})
	}
	if err == nil {
		return c.see(templates.PathDelegations + "?fatto=delega")
	}
	view := templates.PortalDelegationNewView{Visit: c.view("delegation-new"), FiscalCode: c.field("cf"), Name: c.field("name"), Surname: c.field("surname"), Until: c.field("until")}
	return c.again(err, fields{"delegate": "cf", "until": "until"}, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.PortalDelegationNew(c.page, view)
	})
}

// day reads the date of a form; "" is none.
func day(s string) (clock.Day, error) {
	if s == "" {
		return clock.Day{}, nil
	}
	d, err := clock.ParseDay(s)
	if err != nil {
		return d, onboarding.Deny(onboarding.DelegateEnd).At("until").Because("%v", err)
	}
	return d, nil
}

// forWhom asks for whom the person acts (OSC-31).
func (p *Portal) forWhom(c *call) error {
	if !c.inside() {
		return c.see(templates.PathMask)
	}
	view, err := c.forView()
	if err != nil {
		return err
	}
	return c.show(view.People, templates.ActFor(c.page, view))
}

func (c *call) forView() (templates.ActForView, error) {
	view := templates.ActForView{Visit: c.view("act-for"), Person: c.visit.Name, Chosen: "self"}
	book, err := c.p.office.DelegationsOf(c.ctx(), string(c.visit.FiscalCode))
	for _, d := range book.Principals() {
		view.People = append(view.People, shown(d, d.PrincipalName, false))
		if d.Principal == c.visit.ActingFor {
			view.Chosen = d.ID
		}
	}
	return view, unlessDenied(err)
}

// actFor begins or stops to act for somebody (ONB-171, ONB-177).
func (p *Portal) actFor(c *call) error {
	if !c.inside() {
		return c.see(templates.PathMask)
	}
	var err error
	if which := c.field("for"); which == "self" || which == "" {
		c.visit, err = p.office.StopActing(c.ctx(), c.visit)
	} else {
		c.visit, err = p.office.ActFor(c.ctx(), c.visit, which)
	}
	if err == nil {
		return c.see(ui.PathPortalMine)
	}
	view, failed := c.forView()
	if failed != nil {
		return failed
	}
	return c.again(err, fields{"principal": "for"}, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.ActFor(c.page, view)
	})
}

// video books the meeting, or is its room when one is booked (ONB-176).
func (p *Portal) video(c *call) error {
	if err := c.strong(); err != nil {
		return err
	}
	view, _, err := c.videoView()
	if err != nil {
		return err
	}
	return c.show(map[string]string{"state": view.State}, templates.DelegationVideo(c.page, view))
}

// slots is how many meetings the page offers.
const slots = 12

func (c *call) videoView() (templates.DelegationVideoView, string, error) {
	view := templates.DelegationVideoView{Visit: c.view("delegation-video"), State: "book", FiscalCode: c.field("cf"), Slot: c.field("slot"), OTP: c.field("otp"),
		Present: c.input["present"], Recording: c.field("recording") == "yes", Delegate: c.visit.Name}
	for _, at := range c.p.office.VideoSlots(slots) {
		view.Slots = append(view.Slots, ui.Choice{Value: at.UTC().Format(time.RFC3339), Label: templates.MomentWords(c.page, at)})
	}
	book, err := c.p.office.DelegationsOf(c.ctx(), string(c.visit.FiscalCode))
	for _, d := range book.AsDelegate {
		if d.State == onboarding.DelegationDraft && d.Meeting != nil {
			view.State, view.Principal, view.SlotWords = "booked", d.PrincipalName, templates.MomentWords(c.page, d.Meeting.At)
			return view, d.ID, nil
		}
	}
	return view, "", unlessDenied(err)
}

// meet books, or holds the meeting.
func (p *Portal) meet(c *call) error {
	if err := c.strong(); err != nil {
		return err
	}
	view, id, err := c.videoView()
	if err != nil {
		return err
	}
	if id == "" {
		err = c.book()
	} else {
		err = c.hold(&view, id)
	}
	if err != nil {
		names := fields{"principal": "cf", "at": "slot", "code": "otp", "principal_present": "present", "consent": "recording"}
		return c.again(err, names, view.Visit, func(v templates.Visit) templ.Component {
			view.Visit = v
			return templates.DelegationVideo(c.page, view)
		})
	}
	if id == "" {
		return c.see(templates.PathDelegationVideo)
	}
	return c.show(map[string]string{"state": view.State}, templates.DelegationVideo(c.page, view))
}

func (c *call) book() error {
	at, err := time.Parse(time.RFC3339, c.field("slot"))
	if err != nil {
		return onboarding.Deny(onboarding.DelegateSlot).At("at").Because("slot is %q", c.field("slot"))
	}
	_, err = c.p.office.BookVideo(c.ctx(), c.visit, onboarding.Registration{Principal: c.field("cf")}, at)
	return err
}

func (c *call) hold(view *templates.DelegationVideoView, id string) error {
	has := url.Values{}
	for _, who := range view.Present {
		has.Set(who, "yes")
	}
	_, err := c.p.office.HoldVideo(c.ctx(), id, onboarding.MeetingOutcome{Code: view.OTP, Principal: has.Has("principal"), Delegate: has.Has("delegate"), Consent: view.Recording, By: clerk})
	if err == nil {
		view.State = "done"
	}
	return err
}

// clerk is the name under which the institute's clerk of these pages works.
const clerk = "sportello"
