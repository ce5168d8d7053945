package templates

import (
	"github.com/a-h/templ"

	"spidsim/templates/ui"
)

// Sample is a page in one state, with sample data.
type Sample struct {
	Name   string // of the page, "card"
	State  string // "blocked"
	Render func(p ui.Page) templ.Component
}

// Gallery lists every page in every state. Tests render it; in dev mode the console serves it.
func Gallery() []Sample {
	var all []Sample
	for _, group := range [][]Sample{gallerySignIn(), galleryFactors(), galleryCard(), galleryCIE(), galleryCNS(), galleryConsent(), galleryErrors(), galleryConsole(), galleryPortal(),
		galleryInstitute(), galleryPIN(), galleryGuided(), galleryInside(), galleryDelegation(), galleryInfo(), galleryStage(), galleryEnrol(),
	} {
		all = append(all, group...)
	}
	return all
}

// sample binds a page to its view model, which may depend on the language of the page.
func sample[V any](name, state string, page func(ui.Page, V) templ.Component, view func(p ui.Page) V) Sample {
	return Sample{Name: name, State: state, Render: func(p ui.Page) templ.Component { return page(p, view(p)) }}
}

// fixed is a sample whose view model is the same in both languages.
func fixed[V any](name, state string, page func(ui.Page, V) templ.Component, view V) Sample {
	return sample(name, state, page, func(ui.Page) V { return view })
}

// inMode is a sample shown in another mode of the program.
func inMode(mode string, s Sample) Sample {
	return Sample{Name: s.Name, State: s.State + "-" + mode, Render: func(p ui.Page) templ.Component {
		p.Mode = mode
		return s.Render(p)
	}}
}
