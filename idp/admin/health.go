package admin

import (
	"net/http"
	"time"

	"spidsim/internal/web"
)

// healthz says that the process serves requests.
func (a *Admin) healthz(w http.ResponseWriter, _ *http.Request) {
	web.JSON(w, http.StatusOK, a.health("ok"))
}

// readyz says whether logins can be served: keys and metadata exist since New, so it is the store that may fail.
// The cause goes to the log alone; the address is open to everybody (SEC-06).
func (a *Admin) readyz(w http.ResponseWriter, r *http.Request) {
	h := a.health("ready")
	h.IdPs = len(a.fed.Providers())
	err := a.fed.Ready(r.Context())
	if err == nil {
		h.ServiceProviders, err = a.countServices(r)
	}
	if err != nil {
		a.log.Error("not ready", "err", err)
		h.Status = "unavailable"
		web.JSON(w, http.StatusServiceUnavailable, h)
		return
	}
	web.JSON(w, http.StatusOK, h)
}

func (a *Admin) health(status string) Health {
	return Health{Status: status, Version: a.cfg.Version, Uptime: max(0, int(time.Since(a.cfg.Started).Seconds()))}
}

func (a *Admin) countServices(r *http.Request) (int, error) {
	all, err := a.fed.SPs(r.Context())
	return len(all), err
}
