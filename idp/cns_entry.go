package idp

import (
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"regexp"

	"github.com/gorilla/mux"

	"spidsim/certs"
	"spidsim/internal/people"
	"spidsim/internal/web"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// Addresses of the listener that asks for a client certificate, and of the portal that it sends people back to.
const (
	PathCNSEntry  = "/entra"
	PathCNSReturn = "/cns/ritorno" // of the portal, with ?ticket=
)

// stateForm is what the portal may send along, to recognise its own browser by.
var stateForm = regexp.MustCompile(`^[A-Za-z0-9_-]{0,128}$`)

// CNSEntry serves the listener that asks TLS clients for a CNS (CNS-01, CNS-06), which must ask without insisting: who comes without
// a certificate, or with one that will not do, gets a page that explains instead of a broken connection. portal is where the
// ticket goes, console the base address of the identity providers; both without a final slash.
func (f *Federation) CNSEntry(portal, console string) http.Handler {
	e := &cnsEntry{Federation: f, portal: portal, console: console}
	r := mux.NewRouter().SkipClean(true)
	r.NotFoundHandler = web.NotFoundHandler()
	r.HandleFunc(PathCNSEntry, e.enter).Methods(http.MethodGet)
	r.HandleFunc(PathCNSEntry, func(w http.ResponseWriter, r *http.Request) { web.Fail(w, r, web.MethodNotAllowed(http.MethodGet)) })
	return r
}

type cnsEntry struct {
	*Federation
	portal, console string
}

// enter reads the holder off the certificate and sends the browser on with a ticket. TLS has proved that the client has the key.
func (e *cnsEntry) enter(w http.ResponseWriter, r *http.Request) {
	state := r.URL.Query().Get("state")
	if !stateForm.MatchString(state) {
		web.Fail(w, r, web.BadRequest("state", "state has letters, digits, _ and - only, 128 at most"))
		return
	}
	cert := clientCertificate(r)
	if cert == nil {
		e.refuse(w, r, http.StatusUnauthorized, templates.CNSNone)
		return
	}
	who, err := e.VerifyCNS(r.Context(), cert)
	if err != nil {
		e.refuseCard(w, r, err)
		return
	}
	who.State = state
	ticket, err := e.IssueTicket(r.Context(), *who)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	e.log.Info("CNS read from a TLS certificate", "card", who.Card, "user", who.Username)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, e.portal+PathCNSReturn+"?ticket="+url.QueryEscape(ticket), http.StatusSeeOther)
}

func clientCertificate(r *http.Request) *x509.Certificate {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return nil
	}
	return r.TLS.PeerCertificates[0]
}

// refuseCard finds the page for what is wrong with a certificate.
func (e *cnsEntry) refuseCard(w http.ResponseWriter, r *http.Request, err error) {
	var retry *Retry
	if errors.As(err, &retry) {
		why, ok := map[Reason]templates.CNSTrouble{
			RevokedCard: templates.CNSRevoked, BlockedCard: templates.CNSBlocked, DeadCard: templates.CNSBlocked, ExpiredCard: templates.CNSExpired,
		}[retry.Reason]
		if ok {
			e.refuse(w, r, http.StatusForbidden, why)
			return
		}
	}
	for _, row := range []struct {
		err error
		why templates.CNSTrouble
	}{
		{certs.ErrForeignCA, templates.CNSForeign}, {certs.ErrNotCNS, templates.CNSForeign}, {certs.ErrCardUsage, templates.CNSForeign},
		{certs.ErrCardExpired, templates.CNSExpired}, {certs.ErrCardNotYetValid, templates.CNSExpired}, {ErrCNSUnknown, templates.CNSGone},
	} {
		if errors.Is(err, row.err) {
			e.log.Info("TLS certificate refused", "err", err)
			e.refuse(w, r, http.StatusForbidden, row.why)
			return
		}
	}
	web.Fail(w, r, err)
}

// refuse says why, and how to get a certificate that will do.
func (e *cnsEntry) refuse(w http.ResponseWriter, r *http.Request, status int, why templates.CNSTrouble) {
	if web.WantsJSON(r) {
		web.WriteProblem(w, r, status, web.Problem{Code: string(why), Rule: "CNS-03",
			Detail: "a client certificate of a test CNS is wanted: GET " + e.console + "/api/v1/users/{username}/cns.pem"})
		return
	}
	page := web.Page(r)
	v := templates.CNSEntryView{Why: why, Address: r.Host + PathCNSEntry, Retry: PathCNSEntry, Portal: e.portal, Console: e.console, PIN: testPIN}
	if r.URL.RawQuery != "" {
		v.Retry += "?" + r.URL.RawQuery
	}
	if page.Mode != ui.ModeCI {
		var err error
		if v.People, err = e.cnsPeople(r.Context(), page); err != nil {
			web.Fail(w, r, err)
			return
		}
	}
	web.Render(w, r, status, templates.CNSEntry(page, v))
}

func (e *cnsEntry) cnsPeople(ctx context.Context, page ui.Page) ([]templates.CNSPerson, error) {
	holders, err := e.CNSCards(ctx)
	if err != nil {
		return nil, err
	}
	var out []templates.CNSPerson
	for _, h := range holders {
		p := templates.CNSPerson{Name: h.Name, Username: h.Username, URL: e.console + "/api/v1/users/" + url.PathEscape(h.Username) + "/cns.p12"}
		if h.State != people.CardOK {
			p.Note = templates.CardNote(page, h.State)
		}
		out = append(out, p)
	}
	return out, nil
}
