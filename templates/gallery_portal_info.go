package templates

import (
	"spidsim/templates/ui"
)

func galleryInfo() []Sample {
	info := PortalInfoView{Visit: sampleVisit("")}
	later := PortalInfoView{Visit: sampleVisit(""), Level3: true, Minors: true}
	prices := func(p ui.Page) PortalInfoView {
		return PortalInfoView{Visit: sampleVisit(""), Prices: []string{p.Pick("Gestore Alfa: 6 € l’anno dal secondo anno (2026).", "Gestore Alfa: 6 € a year from the second (2026).")}}
	}
	noted := PortalInfoView{Visit: sampleVisit(""), NoteSaved: true, Notes: []PortalNote{{At: portalTime, Text: "Come si cambia la password?"}}}
	table := func(p ui.Page) PortalTable {
		return PortalTable{Visit: sampleVisit(""), Year: "2020", Years: []string{"2020", "2021"}, Items: sampleCatalogue(p),
			Facts: []string{p.Pick("Nel 2020 il livello 3 lo davano in pochi.", "In 2020 few gave level 3.")}}
	}
	return append([]Sample{
		fixed("spid-info", "2020", SPIDInfo, info),
		fixed("spid-info", "later", SPIDInfo, later),
		inMode(ui.ModeTrainer, fixed("spid-info", "2020", SPIDInfo, info)),
		sample("idp-compare", "2020", IdPCompare, table),
		sample("spid-site", "prices", SPIDSite, prices),
		fixed("portal-help", "start", PortalHelp, info),
		fixed("portal-help", "noted", PortalHelp, noted),
	}, galleryApp()...)
}

func galleryApp() []Sample {
	pension := func(p ui.Page) PortalService {
		return PortalService{Slug: "pensione", Name: p.Pick("La mia pensione", "My pension")}
	}
	home := func(p ui.Page) AppView {
		bonus := PortalService{Slug: "bonus", Name: p.Pick("Bonus", "Bonus"), Open: true}
		return AppView{Visit: sampleVisit("Loretta Qualzeni"), Favourites: []PortalService{pension(p)},
			Themes: []AppGroup{{p.Pick("Pensione", "Pension"), []AppService{{pension(p), true}}}, {p.Pick("Aiuti", "Benefits"), []AppService{{bonus, false}}}},
			Users:  []AppGroup{{p.Pick("Chi è in pensione", "Pensioners"), []AppService{{pension(p), true}}}}}
	}
	search := func(p ui.Page) AppView {
		v := home(p)
		v.Query, v.Found, v.Favourites = "pens", []PortalService{pension(p)}, nil
		return v
	}
	news := func(p ui.Page) AppView {
		return AppView{Visit: sampleVisit(""), Tab: "news", News: []PortalNote{{Subject: p.Pick("Dal PIN a SPID", "From PIN to SPID"), Text: p.Pick("Le date da ricordare.", "The dates to remember."), From: p.Pick("Comunicato di prova", "Test press release")}}}
	}
	cns := func(p ui.Page) AppView {
		return AppView{Tab: "login", Visit: denied(sampleVisit(""), PortalError{Text: p.Pick(sampleReasons[7].it, sampleReasons[7].en), Code: "RSN-CNS-APP", Rule: "ONB-20"})}
	}
	return []Sample{
		fixed("portal-app", "tutorial", App, AppView{Visit: sampleVisit(""), Tutorial: 1}),
		fixed("portal-app", "tutorial-end", App, AppView{Visit: sampleVisit(""), Tutorial: 3}),
		sample("portal-app", "home", App, home),
		sample("portal-app", "search", App, search),
		sample("portal-app", "news", App, news),
		fixed("portal-app", "report", App, AppView{Visit: sampleVisit(""), Tab: "report", Reported: true}),
		fixed("portal-app", "login", App, AppView{Visit: sampleVisit("Loretta Qualzeni"), Tab: "login"}),
		sample("portal-app", "cns", App, cns),
		inMode(ui.ModeTrainer, sample("portal-app", "home", App, home)),
	}
}
