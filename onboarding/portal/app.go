package portal

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// cookieApp remembers on the "phone" that the tutorial was seen, while nobody is inside (ONB-20).
const cookieApp = "spidsim_app"

// app is the institute's app (OSC-34).
func (p *Portal) app(c *call) error {
	view, err := c.appView()
	if err != nil {
		return err
	}
	return c.show(appTwin(view), templates.App(c.page, view))
}

type appAnswer struct {
	Tutorial   int      `json:"tutorial"` // page shown; 0 = it was seen
	Inside     bool     `json:"inside"`
	Favourites []string `json:"favourites"`
}

func appTwin(v templates.AppView) appAnswer {
	return appAnswer{Tutorial: v.Tutorial, Inside: v.Portal.User != "", Favourites: append([]string{}, v.Favourites...)}
}

func (c *call) appView() (templates.AppView, error) {
	query := c.query("q")
	view := templates.AppView{Visit: c.view("app"), Tab: c.query("tab"), Services: templates.PortalServices(c.page), Query: query, Found: search(c.page, query),
		Today: c.p.office.Today().String(), Reported: c.query("fatto") == "segnalato"}
	record, err := c.appRecord()
	view.Favourites = record.Favourites
	if !record.Seen {
		view.Tutorial = 1
		if n, err := strconv.Atoi(c.query("guida")); err == nil {
			view.Tutorial = n
		}
	}
	if view.Reported {
		view.Done = ""
	}
	if err != nil || view.Tab != "report" {
		return view, err
	}
	view.Reports, err = c.notes(reportTo)
	return view, err
}

// inApp reports whether the person inside may be inside the app: the CNS and the PIN open the portal only (ONB-20).
func (c *call) inApp() bool { return c.inside() && onboarding.AppLogin(c.visit.Means) == nil }

func (c *call) appRecord() (onboarding.AppRecord, error) {
	record := onboarding.AppRecord{}
	if c.inApp() {
		var err error
		if record, err = c.p.office.App(c.ctx(), c.visit.FiscalCode); err != nil {
			return record, err
		}
	}
	if cookie, err := c.r.Cookie(cookieApp); err == nil && cookie.Value == "seen" {
		record.Seen = true
	}
	return record, nil
}

// appForm does what is pressed in the app.
func (p *Portal) appForm(c *call) error {
	switch {
	case c.field("tutorial") != "":
		return c.tutorial()
	case c.field("via") != "":
		return c.appLogin()
	case c.field("favourite") != "":
		return c.favourite()
	}
	return c.report()
}

// tutorial turns the page of the tutorial, which is seen after its last one.
func (c *call) tutorial() error {
	n, _ := strconv.Atoi(c.field("page")) // a page that is no number is the first
	if c.field("tutorial") == "next" && n < templates.TutorialPages() {
		return c.see(ui.PathPortalApp + "?guida=" + strconv.Itoa(n+1))
	}
	web.SetCookie(c.w, c.r, &http.Cookie{Name: cookieApp, Value: "seen"})
	if c.inApp() {
		if err := c.p.office.SeeApp(c.ctx(), c.visit.FiscalCode); err != nil {
			return err
		}
	}
	return c.see(ui.PathPortalApp)
}

// appLogin begins a login with SPID or CIE; the CNS is refused with its reason (ONB-20, TV-20).
func (c *call) appLogin() error {
	if denied := onboarding.AppLogin(c.field("via")); denied != nil {
		return c.appAgain(denied, "login")
	}
	return c.see(templates.PathMask + "?app=yes&via=" + c.field("via"))
}

func (c *call) appAgain(err error, tab string) error {
	view, failed := c.appView()
	if failed != nil {
		return failed
	}
	view.Tab, view.Tutorial, view.Report = tab, 0, c.field("report")
	return c.again(err, fields{"report": "report"}, view.Visit, func(v templates.Visit) templ.Component {
		view.Visit = v
		return templates.App(c.page, view)
	})
}

// favourite keeps a service, for who is inside the app.
func (c *call) favourite() error {
	if !c.inApp() {
		return c.see(ui.PathPortalApp + "?tab=login")
	}
	if _, ok := serviceKeys[c.field("favourite")]; ok {
		if err := c.p.office.Favourite(c.ctx(), c.visit.FiscalCode, c.field("favourite")); err != nil {
			return err
		}
	}
	return c.see(ui.PathPortalApp)
}

// reportTo marks the problems that were reported in the app: they go to nobody.
const reportTo = "app@personas.example"

// report keeps a technical problem on this computer; nothing leaves (ONB-21).
func (c *call) report() error {
	if c.field("report") == "" {
		return c.appAgain(onboarding.Deny(onboarding.FieldMissing).By("ONB-21").At("report"), "report")
	}
	if err := c.keep(reportTo, "Problema nell’app", c.field("report")); err != nil {
		return err
	}
	return c.see(ui.PathPortalApp + "?tab=report&fatto=segnalato")
}
