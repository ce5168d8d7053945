package api

import (
	"net/http"
	"time"

	"spidsim/onboarding"
)

// Settings are the switches of the onboarding, with the day for which its rules speak.
type Settings struct {
	Date     string `json:"date"` // the day that it is in Italy
	Phase    string `json:"phase"`
	PhaseIt  string `json:"phase_it"`
	Timeline string `json:"timeline"`       // "announced", "applied" (ONB-03)
	Cap      string `json:"delegation_cap"` // "5", "3", "dated" (ONB-164)
	CapToday int    `json:"delegation_cap_today"`

	ParentsExempt     bool   `json:"parents_exempt"`      // ONB-165
	InhibitPIN        bool   `json:"inhibit_pin"`         // ONB-39
	PhonePINAlsoWeb   bool   `json:"phone_pin_also_web"`  // ONB-156
	SimplifiedPIN     bool   `json:"simplified_pin"`      // ONB-38
	CheckUsualMeans   bool   `json:"check_usual_means"`   // ONB-149
	Order             string `json:"order"`               // of the gestori: "random", "stable" (ONB-79)
	HandoffLife       string `json:"handoff_life"`        // length of time, "5m0s" (ONB-86)
	RefuseRealPersons bool   `json:"refuse_real_persons"` // ONB-221
}

func (a *API) settings(s onboarding.Settings, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	day := a.office.Today()
	phase := onboarding.PhaseOf(day)
	return Settings{
		Date: day.String(), Phase: phase.In("en"), PhaseIt: phase.In("it"), Timeline: string(s.Timeline), Cap: s.DelegationCap, CapToday: s.Cap(day),
		ParentsExempt: s.ParentsExempt, InhibitPIN: s.InhibitPIN, PhonePINAlsoWeb: s.PhonePINAlsoWeb, SimplifiedPIN: s.SimplifiedPIN,
		CheckUsualMeans: s.CheckUsualMeans, Order: s.Order, HandoffLife: s.HandoffLife.String(), RefuseRealPersons: s.RefuseRealPersons,
	}, nil
}

func (a *API) getSettings(_ http.ResponseWriter, r *http.Request) (any, error) {
	return a.settings(a.office.Settings(r.Context()))
}

// SettingsPatch is the body of PATCH onboarding: what is absent stays.
type SettingsPatch struct {
	Timeline          *string `json:"timeline"`
	Cap               *string `json:"delegation_cap"`
	ParentsExempt     *bool   `json:"parents_exempt"`
	InhibitPIN        *bool   `json:"inhibit_pin"`
	PhonePINAlsoWeb   *bool   `json:"phone_pin_also_web"`
	SimplifiedPIN     *bool   `json:"simplified_pin"`
	CheckUsualMeans   *bool   `json:"check_usual_means"`
	Order             *string `json:"order"`
	HandoffLife       *string `json:"handoff_life"`
	RefuseRealPersons *bool   `json:"refuse_real_persons"`
}

func (a *API) patchSettings(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body SettingsPatch
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	var life *time.Duration
	if body.HandoffLife != nil {
		d, err := time.ParseDuration(*body.HandoffLife)
		if err != nil || d <= 0 {
			return nil, refuse("ONB-86", "handoff_life", "handoff_life is %q, want a length of time such as 5m", clip(*body.HandoffLife, 64))
		}
		life = &d
	}
	s, err := a.office.Configure(r.Context(), func(s *onboarding.Settings) {
		body.onto(s)
		put(&s.HandoffLife, life)
	})
	if err == nil {
		a.log.Info("onboarding configured", "timeline", string(s.Timeline), "delegation_cap", s.DelegationCap)
	}
	return a.settings(s, err)
}

func (p SettingsPatch) onto(s *onboarding.Settings) {
	put((*string)(&s.Timeline), p.Timeline)
	put(&s.DelegationCap, p.Cap)
	put(&s.ParentsExempt, p.ParentsExempt)
	put(&s.InhibitPIN, p.InhibitPIN)
	put(&s.PhonePINAlsoWeb, p.PhonePINAlsoWeb)
	put(&s.SimplifiedPIN, p.SimplifiedPIN)
	put(&s.CheckUsualMeans, p.CheckUsualMeans)
	put(&s.Order, p.Order)
	put(&s.RefuseRealPersons, p.RefuseRealPersons)
}

// put sets what a patch names.
func put[T any](to *T, v *T) {
	if v != nil {
		*to = *v
	}
}

// reset brings the course back to its beginning in one call (ONB-224).
func (a *API) reset(_ http.ResponseWriter, r *http.Request) (any, error) {
	if err := decode(r, &struct{}{}); err != nil {
		return nil, err
	}
	if err := a.cfg.Reset(r.Context()); err != nil {
		return nil, err
	}
	a.log.Info("course reset")
	return nil, nil
}

// Reason is a row of the table of section 5.3.
type Reason struct {
	Code    string `json:"code"`
	Rule    string `json:"rule"`
	Title   string `json:"title"`
	TitleIt string `json:"title_it"`
}

func (a *API) listReasons(http.ResponseWriter, *http.Request) (any, error) {
	return whole(onboarding.Reasons(), func(x onboarding.Reason) Reason { return Reason{string(x.Code), x.Rule, x.English, x.Italian} }), nil
}

// Phase is a stretch of time in which the same rules hold (section 5).
type Phase struct {
	From   string `json:"from"` // "" = since ever
	Name   string `json:"name"`
	NameIt string `json:"name_it"`
	Now    bool   `json:"now"`
}

func (a *API) listPhases(http.ResponseWriter, *http.Request) (any, error) {
	now := onboarding.PhaseOf(a.office.Today())
	return whole(onboarding.Phases(), func(p onboarding.Phase) Phase { return Phase{p.From.String(), p.English, p.Italian, p == now} }), nil
}

// Gestore is an entry of the catalogue as it is on the simulated day (section 13).
type Gestore struct {
	Slug     string `json:"slug"`
	Name     string `json:"name"`
	Owner    string `json:"owner"`
	From     string `json:"from"`     // "" = since ever
	Until    string `json:"until"`    // "" = still there
	Assisted bool   `json:"assisted"` // takes part in the assisted request
	Area     string `json:"area"`     // "IT", "EU"
	InPerson bool   `json:"in_person"`
	Levels   []int  `json:"levels"`
	Fee      *Fee   `json:"fee"` // of a new identity; null = none
	Modes    []Mode `json:"modes"`
}

// Fee is what an identity costs a year.
type Fee struct {
	From      string `json:"from"`
	Cents     int    `json:"cents"`
	PlusVAT   bool   `json:"plus_vat"`
	FreeYears int    `json:"free_years"`
}

// Mode is a way to be identified, as the gestore offers it to the person (ONB-130).
type Mode struct {
	Mode     string   `json:"mode"` // "COUNTER"
	Rule     string   `json:"rule"`
	Kind     string   `json:"kind"`     // "in-person", "online", "reviewed"
	Offered  bool     `json:"offered"`  // the gestore has it
	Possible bool     `json:"possible"` // and the person owns what it needs
	Needs    []string `json:"needs"`
	Missing  []string `json:"missing"` // of the needs
	Minutes  int      `json:"minutes"` // 0 = not said
	Price    Price    `json:"price"`
}

// Price is what a way costs; its year is 0 where the gestore does not have it.
type Price struct {
	Free     bool `json:"free"`
	Cents    int  `json:"cents"` // 0 for one that is free, symbolic, or of which the sources do not say how much
	Symbolic bool `json:"symbolic"`
	Year     int  `json:"year"`
}

// listGestori lists the catalogue; with ?person= the modes say what that person can do, without it those of somebody who owns everything.
func (a *API) listGestori(_ http.ResponseWriter, r *http.Request) (any, error) {
	var c onboarding.Citizen
	if who := r.URL.Query().Get("person"); who != "" {
		var err error
		if c, err = a.office.Citizen(r.Context(), who); err != nil {
			return nil, at(err, "person")
		}
	}
	return whole(a.office.Gestori(), func(g onboarding.Provider) Gestore { return a.gestore(g, c) }), nil
}

func (a *API) gestore(g onboarding.Provider, c onboarding.Citizen) Gestore {
	day := a.office.Today()
	out := Gestore{Slug: g.Slug, Name: g.Name, Owner: g.Owner, From: g.From.String(), Until: g.Until.String(), Assisted: g.Assisted, Area: g.Area,
		InPerson: g.InPerson, Levels: g.LevelsOn(day), Modes: []Mode{}}
	if f, due := g.FeeOn(day); due {
		out.Fee = &Fee{f.From.String(), f.Cents, f.PlusVAT, f.After}
	}
	for _, o := range g.Offers(c, day) {
		m := Mode{Mode: string(o.Key), Rule: o.Rule, Kind: string(o.Kind), Offered: o.Offered, Possible: o.Possible(), Minutes: o.Minutes,
			Needs: words(o.Needs), Missing: words(o.Missing)}
		if o.Offered {
			m.Price = Price{o.Price.Free(), o.Price.Cents, o.Price.Note, o.Price.Year}
		}
		out.Modes = append(out.Modes, m)
	}
	return out
}

func words(list []onboarding.Means) []string {
	out := []string{}
	for _, m := range list {
		out = append(out, string(m))
	}
	return out
}
