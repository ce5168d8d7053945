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

// star is the favourite button: what a press does.
func (s AppService) star(p ui.Page) string {
	if s.Favourite {
		return p.T("app.unstar")
	}
	return p.T("app.star")
}

func (s AppService) starLabel(p ui.Page) string {
	if s.Favourite {
		return p.T("app.unstar.label", s.Name)
	}
	return p.T("app.star.label", s.Name)
}

// has reports whether the gestore offers a level.
func (g PortalIdP) has(level int) bool { return slices.Contains(g.Levels, level) }
