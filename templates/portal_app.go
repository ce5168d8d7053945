package templates

import (
	"slices"

	"spidsim/templates/ui"
)

func (v AppView) tab() string {
	for _, t := range appTabs {
		if t.tab == v.Tab {
			return v.Tab
		}
	}
	return appTabs[0].tab
}

// TutorialPages is how many pages the tutorial of the first start has.
func TutorialPages() int { return len(appTutorial) }

// appCategory is a heading under which services stand.
type appCategory struct {
	key   string
	slugs []string
}

// appThemes and appUsers are the two ways in which the app sorts the services (ONB-21).
var (
	appThemes = []appCategory{
		{"app.theme.pension", []string{"pensione", "contributi"}}, {"app.theme.family", []string{"assegni"}}, {"app.theme.help", []string{"bonus"}},
	}
	appUsers = []appCategory{
		{"app.user.worker", []string{"contributi", "bonus", "assegni"}}, {"app.user.pensioner", []string{"pensione"}}, {"app.user.family", []string{"assegni", "bonus"}},
	}
)

// in are the services of a category.
func (v AppView) in(g appCategory) []PortalService {
	return slices.DeleteFunc(slices.Clone(v.Services), func(s PortalService) bool { return !slices.Contains(g.slugs, s.Slug) })
}

func (v AppView) starred(slug string) bool { return slices.Contains(v.Favourites, slug) }

func (v AppView) favourites() []PortalService {
	return slices.DeleteFunc(slices.Clone(v.Services), func(s PortalService) bool { return !v.starred(s.Slug) })
}

// portalNewsItem is a piece of news, with the day on which it came out.
type portalNewsItem struct{ day, title, words string }

// portalNews are the news of the way from PIN to SPID, newest first (ONB-21, ONB-51…63).
var portalNews = []portalNewsItem{
	{"2022-08-01", "news.video", "news.video.words"},
	{"2022-03-03", "news.minors", "news.minors.words"},
	{"2021-10-01", "news.end", "news.end.words"},
	{"2021-08-16", "news.delegation", "news.delegation.words"},
	{"2021-07-02", "news.dates", "news.dates.words"},
	{"2020-10-01", "news.no-new", "news.no-new.words"},
	{"2020-07-17", "news.announced", "news.announced.words"},
}

// newsUntil are the news that are out on a day, "2020-10-15".
func newsUntil(today string) []portalNewsItem {
	return slices.DeleteFunc(slices.Clone(portalNews), func(n portalNewsItem) bool { return n.day > today })
}

// portalServices are the services of the institute (ONB-19).
var portalServices = []struct {
	slug, name, words string
	text              []string
}{
	{"pensione", "tile.pension", "tile.pension.words", []string{"service.pension.1", "service.pension.2"}},
	{"contributi", "service.contributions", "service.contributions.words", []string{"service.contributions.1"}},
	{"bonus", "tile.bonus", "tile.bonus.words", []string{"service.bonus.1", "service.bonus.2"}},
	{"assegni", "tile.family", "tile.family.words", []string{"service.family.1"}},
}

// PortalServices lists the services of the institute in the language of the page.
func PortalServices(p ui.Page) []PortalService {
	list := make([]PortalService, 0, len(portalServices))
	for _, s := range portalServices {
		service := PortalService{Slug: s.slug, Name: p.T(s.name), Words: p.T(s.words)}
		for _, key := range s.text {
			service.Text = append(service.Text, p.T(key))
		}
		list = append(list, service)
	}
	return list
}

// has reports whether the gestore offers a level.
func (g PortalIdP) has(level int) bool { return slices.Contains(g.Levels, level) }
