package templates

import (
	"spidsim/templates/ui"
)

func galleryInfo() []Sample {
	figures := []PortalFigure{{When: "2016-04", What: "identities", Value: "0.0387"}, {When: "2020-10", What: "identities", Value: "12.2"}, {When: "2020-12-23", What: "identities", Value: "15.2"},
		{When: "2024", What: "identities", Value: "41", Rough: "about"}, {When: "2022", What: "accesses", Value: "1000", Rough: "over"}, {When: "2024", What: "accesses", Value: "1200"}}
	info := PortalInfoView{Visit: sampleVisit(""), Figures: figures, GuideURL: "http://localhost:8088/guida"}
	later := PortalInfoView{Visit: sampleVisit(""), Level3: true, Minors: true, Fees: true, Figures: figures}
	noted := PortalInfoView{Visit: sampleVisit(""), NoteSaved: true, Notes: []PortalNote{{At: portalTime, Text: "Come si cambia la password?"}}}
	table := func(p ui.Page) PortalTable {
		return PortalTable{Visit: sampleVisit(""), Year: "2020", Years: []string{"2020", "2021"}, Items: sampleCatalogue()}
	}
	return append([]Sample{
		fixed("spid-info", "2020", SPIDInfo, info),
		fixed("spid-info", "later", SPIDInfo, later),
		inMode(ui.ModeTrainer, fixed("spid-info", "2020", SPIDInfo, info)),
		sample("idp-compare", "2020", IdPCompare, table),
		sample("idp-compare", "2026", IdPCompare, func(p ui.Page) PortalTable {
			v := table(p)
			v.Year, v.Years = "2026", []string{"2020", "2026"}
			return v
		}),
		fixed("spid-site", "start", SPIDSite, info),
		fixed("portal-help", "start", PortalHelp, info),
		fixed("portal-help", "noted", PortalHelp, noted),
	}, galleryApp()...)
}

func galleryApp() []Sample {
	pension := func(p ui.Page) PortalService {
		return PortalService{Slug: "pensione", Name: p.Pick("La mia pensione", "My pension")}
	}
	home := func(p ui.Page) AppView {
		return AppView{Visit: sampleVisit("Loretta Qualzeni"), Favourites: []string{"pensione"}, Services: PortalServices(p)}
	}
	search := func(p ui.Page) AppView {
		v := home(p)
		v.Query, v.Found, v.Favourites = "pens", []PortalService{pension(p)}, nil
		return v
	}
	news := AppView{Visit: sampleVisit(""), Tab: "news", Today: "2021-09-15"}
	cns := func(p ui.Page) AppView {
		return AppView{Tab: "login", Visit: denied(sampleVisit(""), PortalError{Text: p.Pick(sampleReasons[7].it, sampleReasons[7].en), Code: "RSN-CNS-APP", Rule: "ONB-20"})}
	}
	return []Sample{
		fixed("portal-app", "tutorial", App, AppView{Visit: sampleVisit(""), Tutorial: 1}),
		fixed("portal-app", "tutorial-end", App, AppView{Visit: sampleVisit(""), Tutorial: 3}),
		sample("portal-app", "home", App, home),
		sample("portal-app", "search", App, search),
		fixed("portal-app", "news", App, news),
		fixed("portal-app", "report", App, AppView{Visit: sampleVisit(""), Tab: "report", Reported: true, Reports: []PortalNote{{At: portalTime, Text: "La ricerca non trova niente."}}}),
		fixed("portal-app", "login", App, AppView{Visit: sampleVisit("Loretta Qualzeni"), Tab: "login"}),
		sample("portal-app", "cns", App, cns),
		inMode(ui.ModeTrainer, sample("portal-app", "home", App, home)),
	}
}
