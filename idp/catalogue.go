package idp

import "fmt"

// Gestore is one simulated identity provider of the catalogue. Names are plain text; no mark of a
// real company goes with them (D-02, UX-32).
type Gestore struct {
	Slug     string // path segment and key name: "poste"
	Name     string // "Poste"; pages add "(simulato)"
	Initials string // neutral badge, two letters
}

// simulated marks every organisation that the simulator speaks for (SEC-02, UX-34).
const simulated = " (SIMULATORE NON USARE IN PRODUZIONE)"

// LegalName is the OrganizationName of metadata and certificate (CERT-11).
func (g Gestore) LegalName() string { return g.Name + simulated }

// DisplayName is the Italian OrganizationDisplayName, and the commonName of the certificate (CERT-10).
func (g Gestore) DisplayName() string { return g.Name + " (simulato)" }

// DefaultSlug names the neutral provider, the default everywhere.
const DefaultSlug = "prova"

var prova = Gestore{DefaultSlug, "Gestore di prova", "GP"}

var seeds = []Gestore{
	{"aruba", "Aruba", "AR"}, {"infocert", "InfoCert", "IC"}, {"intesa", "Intesa", "IN"},
	{"lepida", "Lepida", "LE"}, {"namirial", "Namirial", "NA"}, {"poste", "Poste", "PO"},
	{"sielte", "Sielte", "SI"}, {"spiditalia", "SpidItalia", "SP"}, {"tim", "TIM", "TI"},
}

var today = []Gestore{
	{"aruba", "Aruba", "AR"}, {"etna", "Etna Hitech", "EH"}, {"infocamere", "InfoCamere", "CA"},
	{"infocert", "InfoCert", "IC"}, {"intesigroup", "Intesi Group", "IG"}, {"lepida", "Lepida", "LE"},
	{"namirial", "Namirial", "NA"}, {"poste", "Poste", "PO"}, {"sielte", "Sielte", "SI"},
	{"spiditalia", "SpidItalia", "SP"}, {"teamsystem", "TeamSystem", "TS"}, {"tim", "TIM", "TI"},
}

var fictional = []Gestore{
	{"alfa", "Gestore Alfa", "AL"}, {"beta", "Gestore Beta", "BE"}, {"gamma", "Gestore Gamma", "GA"},
	{"delta", "Gestore Delta", "DE"}, {"epsilon", "Gestore Epsilon", "EP"}, {"zeta", "Gestore Zeta", "ZE"},
	{"eta", "Gestore Eta", "ET"}, {"theta", "Gestore Theta", "TH"}, {"iota", "Gestore Iota", "IO"},
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
