package portal

import (
	"net/http"

	"github.com/gorilla/mux"

	"spidsim/templates"
	"spidsim/templates/ui"
)

// CrossSite lists the endpoints to which the gestori post by nature, for web.Options (SEC-50, ONB-83).
func CrossSite() []string {
	return []string{"POST " + templates.PathAnswer, "POST " + templates.PathAnswerLater}
}

// SignIn lists where a PIN is tried, for the rates of web.Options (SEC-58).
func SignIn() []string {
	return []string{"POST " + templates.PathMask, "POST " + templates.PathPINNew, "POST " + templates.PathPINRenew, "POST " + templates.PathPINLost,
		"POST " + templates.PathCNS, "POST " + templates.PathConfirm}
}

// route is one address: what shows it and what takes its form.
type route struct {
	path      string
	get, post handler
	operator  bool // behind the guard
	act       bool // a GET that takes somebody in: never by HEAD
}

// routes lists every address of the portal.
func (p *Portal) routes() []route {
	return []route{
		{path: ui.PathPortal, get: p.home},
		{path: templates.PathServicePage + "{slug}", get: p.service, post: p.apply},

		{path: templates.PathMask, get: p.mask, post: p.pinLogin},
		{path: templates.PathPIN, get: p.minePIN, post: p.changePIN},
		{path: templates.PathPINNew, get: p.firstPIN, post: p.replacePIN},
		{path: templates.PathPINRenew, get: p.expiredPIN, post: p.renewPIN},
		{path: templates.PathPINLost, get: p.lostPIN, post: p.losePIN},
		{path: templates.PathPINRequest, get: p.askPIN, post: p.requestPIN},
		{path: templates.PathPINConvert, get: p.ordinaryPIN, post: p.convertPIN},
		{path: templates.PathCNS, get: p.reader, post: p.present},
		{path: templates.PathCNSReturn, get: p.cnsReturn, act: true},
		{path: templates.PathArrival, get: p.arrival, act: true},
		{path: templates.PathAppArrival, get: p.appArrival, act: true},
		{path: templates.PathConfirm, get: p.unusual, post: p.confirm},
		{path: templates.PathLeave, post: p.leave},

		{path: templates.PathNotice, get: p.notice, post: p.leaveNotice},
		{path: templates.PathGuided, get: p.guided, post: p.consent},
		{path: templates.PathIdPs, get: p.gestori, post: p.choose},
		{path: templates.PathHandoff, get: p.slip, post: p.handOver},
		{path: templates.PathAnswer, post: p.answer},
		{path: templates.PathAnswerLater, post: p.answerLater},

		{path: ui.PathPortalMine, get: p.mine},
		{path: templates.PathPhonePIN, get: p.phonePIN, post: p.makePhonePIN},
		{path: templates.PathDelegations, get: p.delegations, post: p.revoke},
		{path: templates.PathDelegationNew, get: p.newDelegation, post: p.register},
		{path: templates.PathDelegationVideo, get: p.video, post: p.meet},
		{path: templates.PathActFor, get: p.forWhom, post: p.actFor},

		{path: ui.PathPortalApp, get: p.app, post: p.appForm},
		{path: ui.PathPortalSPID, get: p.info(templates.SPIDInfo, "spid-info")},
		{path: templates.PathSPIDSite, get: p.info(templates.SPIDSite, "spid-site")},
		{path: templates.PathCompare, get: p.compare},
		{path: templates.PathHelp, get: p.help, post: p.keepNote},

		{path: templates.PathContactCentre, get: p.contactCentre, post: p.checkCode, operator: true},
		{path: templates.PathDelegationCounter, get: p.counter, post: p.atCounter, operator: true},
	}
}

// Routes adds the portal to a router. Paths are matched exactly; another method gets 405.
func (p *Portal) Routes(r *mux.Router) {
	for _, route := range p.routes() {
		h := http.Handler(p.serve(route))
		if route.operator {
			h = p.cfg.Guard(h)
		}
		r.Path(route.path).Handler(h)
	}
}
