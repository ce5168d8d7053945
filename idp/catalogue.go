package idp

import "fmt"

// Gestore is one simulated identity provider of the catalogue. Names are plain text; no mark of a
// real company goes with them (D-02, UX-32).
type Gestore struct {
	Slug     string // path segment and key name: "poste"
	Name     string // "Poste"; pages add "(simulato)"
	Initials string // neutral badge, two letters
	Kind     Kind   // KindSPID unless it is the CIE's
}

// Kind is the scheme that an identity provider belongs to.
type Kind string

// Kinds. There is one identity provider of the CIE, run by the state, and it is no gestore of SPID.
const (
	KindSPID Kind = ""
	KindCIE  Kind = "cie"
)

// simulated marks every organisation that the simulator speaks for (SEC-02, UX-34).
const simulated = " (SIMULATORE NON USARE IN PRODUZIONE)"

// LegalName is the OrganizationName of metadata and certificate (CERT-11).
func (g Gestore) LegalName() string { return g.Name + simulated }

// DisplayName is the Italian OrganizationDisplayName, and the commonName of the certificate (CERT-10).
func (g Gestore) DisplayName() string {
	if g.Kind == KindCIE {
		return g.Name + " (simulata)"
	}
	return g.Name + " (simulato)"
}

// DefaultSlug names the neutral provider, the default everywhere.
const DefaultSlug = "prova"

var prova = Gestore{Slug: DefaultSlug, Name: "Gestore di prova", Initials: "GP"}

var seeds = []Gestore{
	{Slug: "aruba", Name: "Aruba", Initials: "AR"}, {Slug: "infocert", Name: "InfoCert", Initials: "IC"}, {Slug: "intesa", Name: "Intesa", Initials: "IN"},
	{Slug: "lepida", Name: "Lepida", Initials: "LE"}, {Slug: "namirial", Name: "Namirial", Initials: "NA"}, {Slug: "poste", Name: "Poste", Initials: "PO"},
	{Slug: "sielte", Name: "Sielte", Initials: "SI"}, {Slug: "spiditalia", Name: "SpidItalia", Initials: "SP"}, {Slug: "tim", Name: "TIM", Initials: "TI"},
}

var today = []Gestore{
	{Slug: "aruba", Name: "Aruba", Initials: "AR"}, {Slug: "etna", Name: "Etna Hitech", Initials: "EH"}, {Slug: "infocamere", Name: "InfoCamere", Initials: "CA"},
	{Slug: "infocert", Name: "InfoCert", Initials: "IC"}, {Slug: "intesigroup", Name: "Intesi Group", Initials: "IG"}, {Slug: "lepida", Name: "Lepida", Initials: "LE"},
	{Slug: "namirial", Name: "Namirial", Initials: "NA"}, {Slug: "poste", Name: "Poste", Initials: "PO"}, {Slug: "sielte", Name: "Sielte", Initials: "SI"},
	{Slug: "spiditalia", Name: "SpidItalia", Initials: "SP"}, {Slug: "teamsystem", Name: "TeamSystem", Initials: "TS"}, {Slug: "tim", Name: "TIM", Initials: "TI"},
}

var fictional = []Gestore{
	{Slug: "alfa", Name: "Gestore Alfa", Initials: "AL"}, {Slug: "beta", Name: "Gestore Beta", Initials: "BE"}, {Slug: "gamma", Name: "Gestore Gamma", Initials: "GA"},
	{Slug: "delta", Name: "Gestore Delta", Initials: "DE"}, {Slug: "epsilon", Name: "Gestore Epsilon", Initials: "EP"}, {Slug: "zeta", Name: "Gestore Zeta", Initials: "ZE"},
	{Slug: "eta", Name: "Gestore Eta", Initials: "ET"}, {Slug: "theta", Name: "Gestore Theta", Initials: "TH"}, {Slug: "iota", Name: "Gestore Iota", Initials: "IO"},
}

// Catalogue returns the gestori of a year: "2020" and "2021" (the nine of both manuals, ONB-202, ONB-204),
// "today", or "fictional". The neutral one comes first in each.
func Catalogue(name string) ([]Gestore, error) {
	lists := map[string][]Gestore{"2020": seeds, "2021": seeds, "today": today, "fictional": fictional}
	list, ok := lists[name]
	if !ok {
		return nil, fmt.Errorf("catalogue %q: want 2020, 2021, today or fictional", name)
	}
	return append([]Gestore{prova}, list...), nil
}
