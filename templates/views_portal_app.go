package templates

// AppView is the simulated app (OSC-34, ONB-20, ONB-21); data-step "app".
// Forms: tutorial=next|skip; q (GET); tab (GET); favourite=SLUG; report text; via=spid|cie|cns.
type AppView struct {
	Visit
	Tutorial   int    // page of the tutorial shown, from 1; 0 = it was seen
	Tab        string // "home" (default), "login", "news", "report"
	Themes     []AppGroup
	Users      []AppGroup
	Favourites []PortalService
	Query      string
	Found      []PortalService
	News       []PortalNote
	Report     string // text typed
	Reported   bool
}

// AppGroup is a category of services.
type AppGroup struct {
	Name     string
	Services []AppService
}

// AppService is a service in the app.
type AppService struct {
	PortalService
	Favourite bool
}

// PortalTable compares the gestori of a year (ONB-202, ONB-206).
type PortalTable struct {
	Visit
	Year  string
	Years []string
	Items []PortalIdP
	Facts []string // sentences about the year, in the page's language
}

// PortalInfoView is a page of information: /spid, /spid/sito, /aiuto; data-step "spid-info", "spid-site", "help".
type PortalInfoView struct {
	Visit
	Level3    bool     // level 3 exists at the simulated date (ONB-27)
	Minors    bool     // SPID for minors exists (ONB-180)
	Prices    []string // price facts to show, each with its year
	Note      string   // feedback typed
	NoteSaved bool
	Notes     []PortalNote // feedback kept on this computer
}
