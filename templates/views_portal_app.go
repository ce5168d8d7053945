package templates

// AppView is the simulated app (OSC-34, ONB-20, ONB-21); data-step "app".
// Forms: tutorial=next|skip; q (GET); tab (GET); favourite=SLUG; report text; via=spid|cie|cns.
type AppView struct {
	Visit
	Tutorial   int      // page of the tutorial shown, from 1; 0 = it was seen
	Tab        string   // "home" (default), "login", "news", "report"
	Favourites []string // slugs
	Services   []PortalService
	Query      string
	Found      []PortalService
	Today      string // "2020-10-15": news of later days are not shown
	Report     string // text typed
	Reported   bool
	Reports    []PortalNote // kept on this computer
}

// PortalTable compares the gestori of a year (ONB-202, ONB-206).
type PortalTable struct {
	Visit
	Year  string
	Years []string
	Items []PortalIdP
}

// PortalInfoView is a page of information: /spid, /spid/sito, /aiuto; data-step "spid-info", "spid-site", "help".
type PortalInfoView struct {
	Visit
	Level3    bool   // level 3 exists at the simulated date (ONB-27)
	Minors    bool   // SPID for minors exists (ONB-180)
	Note      string // feedback typed
	NoteSaved bool
	Notes     []PortalNote // feedback kept on this computer
	Fees      bool         // some gestori ask for a yearly fee at the simulated date (ONB-28, ONB-207)
	Figures   []PortalFigure
	GuideURL  string // of the console's guide; "" = not linked
}

// PortalFigure is a number about SPID with the day for which it holds (ONB-210).
type PortalFigure struct {
	When  string // "2020-12-23", "2020-10" or "2021"
	What  string // "identities" or "accesses"
	Value string // in millions, "12.2"
	Rough string // "about", "over"; "" = the number itself
}
