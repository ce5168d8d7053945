package onboarding

import (
	"slices"
	"testing"
)

func TestONB200ACatalogueEntryIsData(t *testing.T) {
	t.Parallel()
	g := Describe("alfa", "Gestore Alfa")
	if !g.Assisted || len(g.Modes) != len(Modes()) || !slices.Equal(g.LevelsOn(day(t, "2021-10-15")), []int{1, 2, 3}) {
		t.Errorf("a gestore of ours is %+v, want every way and level", g)
	}
	for _, slug := range Known() {
		g := Describe(slug, slug)
		if g.Owner == "" || len(g.Modes) == 0 || g.Area != "IT" && g.Area != "EU" {
			t.Errorf("%s lacks a fact: %+v", slug, g)
		}
		for _, m := range g.Modes {
			if m.Price.Year == 0 {
				t.Errorf("%s: %s has a price without its year (ONB-223)", slug, m.Mode)
			}
			if _, ok := LookupMode(m.Mode); !ok {
				t.Errorf("%s has the unknown way %s", slug, m.Mode)
			}
		}
	}
}

func TestONB201AndONB204TheListsOfTheYears(t *testing.T) {
	t.Parallel()
	list := func(d string) (out []string) {
		for _, slug := range Known() {
			if Describe(slug, slug).ActiveOn(day(t, d)) {
				out = append(out, slug)
			}
		}
		return out
	}
	nine := []string{"aruba", "infocert", "intesa", "lepida", "namirial", "poste", "sielte", "spiditalia", "tim"}
	for _, d := range []string{"2020-10-15", "2021-11-15"} {
		if got := list(d); !slices.Equal(got, nine) {
			t.Errorf("on %s: %v, want %v", d, got, nine)
		}
	}
}

func TestONB202TheComparisonHasLevelsAreaAndRecognition(t *testing.T) {
	t.Parallel()
	poste := Describe("poste", "Poste")
	office, ok := poste.price(Counter, day(t, "2020-10-15"))
	home, paid := poste.price(Home, day(t, "2020-10-15"))
	if !ok || !office.Free() || !paid || home.Free() || poste.Area == "" || !poste.InPerson {
		t.Errorf("the post office is %+v free %t, at home free %t", poste, office.Free(), home.Free())
	}
	if _, ok := Describe("lepida", "Lepida").price(PublicEvent, day(t, "2020-10-15")); !ok {
		t.Error("nobody recognises people at public events")
	}
}

func TestONB203TheAssistedListHasSix(t *testing.T) {
	t.Parallel()
	var got []string
	for _, slug := range Known() {
		if Describe(slug, slug).Assisted {
			got = append(got, slug)
		}
	}
	if want := []string{"aruba", "infocert", "namirial", "poste", "sielte", "spiditalia"}; !slices.Equal(got, want) {
		t.Errorf("the assisted list is %v, want %v", got, want)
	}
}

func TestONB205GestoriJoinAndLeave(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		slug, on string
		want     bool
	}{
		{"intesa", "2023-04-22", true}, {"intesa", "2023-04-23", false}, {"teamsystem", "2021-10-15", false}, {"teamsystem", "2023-02-01", true},
		{"etna", "2023-02-01", true}, {"infocamere", "2023-02-01", false}, {"infocamere", "2023-05-01", true}, {"intesigroup", "2023-05-01", false}, {"intesigroup", "2026-01-01", true},
	} {
		if got := Describe(row.slug, row.slug).ActiveOn(day(t, row.on)); got != row.want {
			t.Errorf("%s on %s: in the list %t, want %t", row.slug, row.on, got, row.want)
		}
	}
}

func TestONB206WhoHasWhatIn2020(t *testing.T) {
	t.Parallel()
	on := day(t, "2021-01-15")
	for _, slug := range []string{"aruba", "infocert", "intesa", "lepida", "namirial", "poste", "sielte", "spiditalia", "tim"} {
		g := Describe(slug, slug)
		if got, want := len(g.LevelsOn(on)) == 3, slug == "aruba" || slug == "poste"; got != want {
			t.Errorf("%s has level 3: %t, want %t", slug, got, want)
		}
		webcam, has := g.price(Webcam, on)
		if want := slug != "namirial" && slug != "poste"; has != want || has && webcam.Free() != (slug == "sielte") {
			t.Errorf("%s by webcam: %t, free %t", slug, has, webcam.Free())
		}
		_, cie := g.price(CIEReader, on)
		_, signature := g.price(Signature, on)
		if cie != (slug != "intesa") || !signature {
			t.Errorf("%s by CIE %t, by signature %t", slug, cie, signature)
		}
		if got, want := g.InPerson, slug != "spiditalia"; got != want {
			t.Errorf("%s in person: %t, want %t", slug, got, want)
		}
	}
}

func TestONB27LevelThreeIsDated(t *testing.T) {
	t.Parallel()
	g := Describe("poste", "Poste")
	if got := g.LevelsOn(day(t, "2020-10-15")); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("in 2020: %v, want no level 3 yet", got)
	}
	if got := g.LevelsOn(day(t, "2021-07-02")); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("in 2021: %v", got)
	}
}

func TestONB28AndONB207FeesAreDated(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		slug, on string
		cents    int
	}{
		{"aruba", "2021-10-15", 0}, {"aruba", "2025-05-01", 598}, {"infocert", "2025-07-27", 0}, {"infocert", "2025-07-28", 598},
		{"spiditalia", "2025-09-01", 990}, {"poste", "2025-12-31", 0}, {"poste", "2026-01-01", 600}, {"sielte", "2026-11-25", 0},
	} {
		fee, due := Describe(row.slug, row.slug).FeeOn(day(t, row.on))
		if fee.Cents != row.cents || due != (row.cents > 0) {
			t.Errorf("%s on %s: %d cents, want %d", row.slug, row.on, fee.Cents, row.cents)
		}
	}
	if fee, _ := Describe("poste", "Poste").FeeOn(day(t, "2026-01-01")); fee.After != 1 {
		t.Errorf("the first year at poste is free: %+v", fee)
	}
	if fee, _ := Describe("spiditalia", "SpidItalia").FeeOn(day(t, "2025-09-01")); !fee.PlusVAT {
		t.Errorf("the fee of Register.it is without VAT: %+v", fee)
	}
}

func TestONB209PricesOfTheWaysAreDated(t *testing.T) {
	t.Parallel()
	g := Describe("poste", "Poste")
	for _, row := range []struct {
		mode  ModeKey
		on    string
		cents int
	}{
		{Counter, "2020-10-15", 0}, {Counter, "2025-06-01", 1200}, {EdocPassport, "2020-10-15", 0}, {EdocPassport, "2025-06-01", 1000},
		{SMSCertified, "2025-06-01", 0}, {CIEReader, "2025-06-01", 0},
	} {
		if p, ok := g.price(row.mode, day(t, row.on)); !ok || p.Cents != row.cents {
			t.Errorf("%s on %s: %+v, want %d cents", row.mode, row.on, p, row.cents)
		}
	}
}

func TestONB210FiguresHaveTheirDate(t *testing.T) {
	t.Parallel()
	figures := Adoption()
	if len(figures) < 11 {
		t.Errorf("%d figures", len(figures))
	}
	for _, f := range figures {
		if len(f.When) < 4 || f.Value == "" || f.What != "identities" && f.What != "accesses" {
			t.Errorf("%+v", f)
		}
	}
}
