package sp

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"spidsim/internal/web"
)

// Addresses of the service provider (interface.md section 2).
const (
	pathHome     = "/"
	pathMetadata = "/spid/metadata"
	pathLogin    = "/spid/login"
	pathACS      = "/spid/acs"
	pathACSAgain = "/spid/acs/again" // from our own page alone, see bounce
	pathMe       = "/spid/me"
	pathLogout   = "/spid/logout"
	pathSLO      = "/spid/slo"
)

// Handler serves every address of the service provider. Headers, the Host check, language and the protection of own
// forms come from web.Handler around the whole origin, whose Options take CrossSite and Uploads.
func (s *SP) Handler() http.Handler { return s.handler }

// CrossSite lists the endpoints to which other sites post by nature, for web.Options (SEC-50).
func CrossSite() []string { return []string{"POST " + pathACS, "POST " + pathSLO} }

// Uploads lists where a form of our own is as large as a message, for web.Options: the Response that a page of this
// origin posts once more.
func Uploads() []string { return []string{"POST " + pathACSAgain} }

// routes is the only place that knows the router. Paths are matched exactly and never cleaned by a redirect: a
// POST must not turn into a GET (SEC-61).
func (s *SP) routes() http.Handler {
	r := mux.NewRouter().SkipClean(true)
	// A HEAD must change nothing, hence none where a GET begins or ends something.
	act, get, post := []string{http.MethodGet}, []string{http.MethodGet, http.MethodHead}, []string{http.MethodPost}
	for _, route := range []struct {
		path    string
		methods []string
		handle  http.HandlerFunc
	}{
		{s.cfg.Home, get, s.home},
		{pathMetadata, get, s.serveMetadata},
		{pathLogin, act, s.login},
		{pathACS, post, s.acs},
		{pathACSAgain, post, s.acsAgain},
		{pathMe, get, s.me},
		{pathLogout, act, s.logout},
		{pathSLO, []string{http.MethodGet, http.MethodPost}, s.slo},
	} {
		r.Path(route.path).Handler(s.only(route.methods, route.handle))
	}
	r.NotFoundHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.problem(w, r, http.StatusNotFound, web.Problem{Code: "not-found"})
	})
	return r
}

// only refuses other methods with 405 and says which are allowed.
func (s *SP) only(methods []string, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slices.Contains(methods, r.Method) {
			next(w, r)
			return
		}
		allow := strings.Join(methods, ", ")
		w.Header().Set("Allow", allow)
		s.problem(w, r, http.StatusMethodNotAllowed, web.Problem{Code: "method", Found: clip(r.Method, 20), Wanted: allow, Detail: "this address takes " + allow})
	})
}
