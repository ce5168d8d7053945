package idp_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"spidsim/certs"
	"spidsim/idp"
	"spidsim/idp/idptest"
	"spidsim/internal/clock"
	"spidsim/internal/people"
	"spidsim/internal/web"
)

func TestCNS01PresentCNS(t *testing.T) {
	t.Parallel()
	sim := idptest.New(t)
	f, ctx := sim.Federation, t.Context()
	c, err := f.FindCNS(ctx, "ivo.xandrelli")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ivo.xandrelli", " Ivo.Xandrelli ", c.ID} {
		who, err := f.PresentCNS(ctx, name, "12345678")
		if err != nil || who.FiscalCode != "XNDVIO62A31H223L" || who.GivenName != "Ivo" || who.FamilyName != "Xandrelli" || who.Username != "ivo.xandrelli" {
			t.Errorf("%q: %+v, %v", name, who, err)
		}
	}
	for _, row := range []struct {
		name, who, pin string
		want           idp.Retry
	}{
		{"a wrong PIN costs a try", "nives.jolzetti", "00000000", idp.Retry{Reason: idp.WrongPIN, Left: 2}},
		{"the right one gives them back", "nives.jolzetti", "12345678", idp.Retry{}},
		{"one wrong", "nives.jolzetti", "00000000", idp.Retry{Reason: idp.WrongPIN, Left: 2}},
		{"two wrong", "nives.jolzetti", "00000000", idp.Retry{Reason: idp.WrongPIN, Left: 1}},
		{"three wrong block it (CNS-02)", "nives.jolzetti", "00000000", idp.Retry{Reason: idp.BlockedCard, Left: 3}},
		{"and the right one does not help", "nives.jolzetti", "12345678", idp.Retry{Reason: idp.BlockedCard, Left: 3}},
		{"handed out blocked", "agnese.xortuzzi", "12345678", idp.Retry{Reason: idp.BlockedCard, Left: 3}},
		{"a CIE is no CNS", "gilda.xerquati", "12345678", idp.Retry{Reason: idp.NoCard}},
		{"nobody", "nobody", "12345678", idp.Retry{Reason: idp.NoCard}},
		{"no name", "", "12345678", idp.Retry{Reason: idp.NoCard}},
	} {
		who, err := f.PresentCNS(ctx, row.who, row.pin)
		var got *idp.Retry
		if !errors.As(err, &got) {
			got = &idp.Retry{}
		}
		if *got != row.want || (who != nil) != (row.want == idp.Retry{}) {
			t.Errorf("%s: %+v, %v; want %+v", row.name, who, err, row.want)
		}
	}
	nives, err := f.FindCNS(ctx, "nives.jolzetti")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.UnblockCard(ctx, nives.ID, "87654321", "11112222"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.PresentCNS(ctx, "nives.jolzetti", "11112222"); err != nil {
		t.Errorf("after the PUK: %v", err)
	}
	if _, err := f.RevokeCard(ctx, nives.ID, true); err != nil {
		t.Fatal(err)
	}
	var retry *idp.Retry
	if _, err := f.PresentCNS(ctx, "nives.jolzetti", "11112222"); !errors.As(err, &retry) || retry.Reason != idp.RevokedCard {
		t.Errorf("revoked: %v", err)
	}
}

func TestCNS06CardsToPick(t *testing.T) {
	t.Parallel()
	list, err := idptest.New(t).Federation.CNSCards(t.Context())
	if err != nil || len(list) != 4 {
		t.Fatalf("%d cards, %v; want 4", len(list), err)
	}
	if last := list[3]; last.Username != "agnese.xortuzzi" || last.State != people.CardBlocked || list[0].State != people.CardOK || len(last.Card) != 12 {
		t.Errorf("the list is %+v, want the good ones first", list)
	}
}

// CNS-02: one card works on every date of the courses.
func TestCNS02WorksOnSimulatedDates(t *testing.T) {
	t.Parallel()
	c := clock.New()
	c.Set(time.Now())
	f := idptest.New(t, idptest.Clock(c.Now)).Federation
	for _, day := range []time.Time{time.Date(2020, 10, 15, 9, 0, 0, 0, time.UTC), time.Date(2021, 10, 1, 0, 0, 0, 0, time.UTC), time.Now()} {
		c.Set(day)
		if _, err := f.PresentCNS(t.Context(), "ivo.xandrelli", "12345678"); err != nil {
			t.Errorf("on %s: %v", day, err)
		}
	}
}

// entry is the listener that asks for a certificate.
type entry struct {
	*idptest.Sim
	url   string
	roots *x509.CertPool
	clock *clock.Clock
}

func newEntry(t *testing.T) *entry {
	t.Helper()
	c := clock.New()
	c.Set(time.Now())
	e := &entry{Sim: idptest.New(t, idptest.Clock(c.Now)), roots: x509.NewCertPool(), clock: c}
	ca, err := certs.NewTLSCA(rand.Reader, "test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	e.roots.AddCert(ca.Cert)
	server, err := certs.LoadServer(rand.Reader, t.TempDir()+"/keys", "server", ca, time.Now(), "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "https", Host: srv.Listener.Addr().String()}
	srv.Config.Handler, err = web.Handler(e.Federation.CNSEntry("https://portal.test", "https://console.test"), web.Options{BaseURL: base})
	if err != nil {
		t.Fatal(err)
	}
	srv.TLS = certs.AskForCNS(server, e.Federation.CNSAuthority())
	srv.StartTLS()
	t.Cleanup(srv.Close)
	e.url = base.String()
	return e
}

// get asks as a client that shows these certificates whatever it is asked for.
func (e *entry) get(t *testing.T, path string, shown ...tls.Certificate) (*http.Response, string) {
	t.Helper()
	config := &tls.Config{RootCAs: e.roots}
	if len(shown) > 0 {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &shown[0], nil }
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	r, err := client.Get(e.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(body)
}

func (e *entry) cns(t *testing.T, username string) tls.Certificate {
	t.Helper()
	f, err := e.Federation.ExportCNS(t.Context(), username)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{f.Cert.Raw}, PrivateKey: f.Key}
}

func ticketOf(t *testing.T, r *http.Response) string {
	t.Helper()
	to, err := url.Parse(r.Header.Get("Location"))
	if err != nil || r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to.String(), "https://portal.test/cns/ritorno?ticket=") {
		t.Fatalf("status %d, Location %q; want 303 to the portal with a ticket", r.StatusCode, to)
	}
	return to.Query().Get("ticket")
}

func TestCNS03HolderIsReadOffTheTLSCertificate(t *testing.T) {
	t.Parallel()
	e := newEntry(t)
	r, _ := e.get(t, "/entra?state=abc-1_2", e.cns(t, "ivo.xandrelli"))
	ticket := ticketOf(t, r)
	if len(ticket) != 43 {
		t.Errorf("the ticket has %d characters, want 32 octets in base64url", len(ticket))
	}
	who, err := e.Federation.RedeemCNS(t.Context(), ticket)
	if err != nil || who.FiscalCode != "XNDVIO62A31H223L" || who.GivenName != "Ivo" || who.FamilyName != "Xandrelli" || who.State != "abc-1_2" {
		t.Errorf("%+v, %v", who, err)
	}
	if _, err := e.Federation.RedeemCNS(t.Context(), ticket); !errors.Is(err, idp.ErrTicket) {
		t.Errorf("the second time: %v, want ErrTicket", err)
	}
}

func TestCNS06TicketsAreForOneMinuteAndOneUse(t *testing.T) {
	t.Parallel()
	e := newEntry(t)
	ctx := t.Context()
	ticket, err := e.Federation.IssueTicket(ctx, idp.CNSHolder{FiscalCode: "XNDVIO62A31H223L"})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	got := make([]error, 8)
	for i := range got {
		wg.Go(func() { _, got[i] = e.Federation.RedeemCNS(context.WithoutCancel(ctx), ticket) })
	}
	wg.Wait()
	good := 0
	for _, err := range got {
		if err == nil {
			good++
		} else if !errors.Is(err, idp.ErrTicket) {
			t.Errorf("%v, want ErrTicket", err)
		}
	}
	if good != 1 {
		t.Errorf("%d redeemed one ticket, want 1", good)
	}
	late, err := e.Federation.IssueTicket(ctx, idp.CNSHolder{})
	if err != nil {
		t.Fatal(err)
	}
	e.clock.Set(e.clock.Now().Add(time.Minute))
	for name, ticket := range map[string]string{"after a minute": late, "made up": strings.Repeat("A", 43), "empty": ""} {
		if _, err := e.Federation.RedeemCNS(ctx, ticket); !errors.Is(err, idp.ErrTicket) {
			t.Errorf("%s: %v, want ErrTicket", name, err)
		}
	}
}

func TestCNS03RefusedOnThePage(t *testing.T) {
	t.Parallel()
	e := newEntry(t)
	wrong := func(t *testing.T, r *http.Response, body string, status int, words string) {
		t.Helper()
		if r.StatusCode != status || !strings.Contains(text(body), words) || r.Header.Get("Location") != "" {
			t.Errorf("status %d, want %d and %q:\n%s", r.StatusCode, status, words, text(body))
		}
	}
	t.Run("without a certificate the page teaches how to import one", func(t *testing.T) {
		r, body := e.get(t, "/entra?state=s1")
		wrong(t, r, body, http.StatusUnauthorized, "Il browser non ha mandato una CNS")
		if !strings.Contains(body, "https://console.test/api/v1/users/ivo.xandrelli/cns.p12") || !strings.Contains(body, `href="/entra?state=s1"`) {
			t.Errorf("no link to a file or to this page again: %s", body)
		}
	})
	t.Run("of a foreign authority of the same name", func(t *testing.T) {
		r, body := e.get(t, "/entra", foreignCNS(t))
		wrong(t, r, body, http.StatusForbidden, "non è di una CNS di prova")
	})
	t.Run("expired on the simulated date", func(t *testing.T) {
		late := newEntry(t)
		card := late.cns(t, "ivo.xandrelli")
		late.clock.Set(time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC))
		r, body := late.get(t, "/entra", card)
		wrong(t, r, body, http.StatusForbidden, "La CNS è scaduta")
	})
	t.Run("revoked", func(t *testing.T) {
		c, err := e.Federation.FindCNS(t.Context(), "nives.jolzetti")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Federation.RevokeCard(t.Context(), c.ID, true); err != nil {
			t.Fatal(err)
		}
		r, body := e.get(t, "/entra", e.cns(t, "nives.jolzetti"))
		wrong(t, r, body, http.StatusForbidden, "La CNS è stata revocata")
	})
	t.Run("blocked", func(t *testing.T) {
		r, body := e.get(t, "/entra", e.cns(t, "agnese.xortuzzi"))
		wrong(t, r, body, http.StatusForbidden, "La CNS è bloccata")
	})
	t.Run("of a card that was issued anew", func(t *testing.T) {
		old := e.cns(t, "lucia.verdi")
		u, err := e.Federation.FindUser(t.Context(), "lucia.verdi")
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Federation.ReissueCard(t.Context(), u, idp.CNSCard); err != nil {
			t.Fatal(err)
		}
		r, body := e.get(t, "/entra", old)
		wrong(t, r, body, http.StatusForbidden, "non è più in uso")
	})
	t.Run("a state that is none", func(t *testing.T) {
		r, _ := e.get(t, "/entra?state=%3Cscript%3E", e.cns(t, "ivo.xandrelli"))
		if r.StatusCode != http.StatusBadRequest {
			t.Errorf("status %d, want 400", r.StatusCode)
		}
	})
}

// foreignCNS is well formed, and issued by somebody else under our authority's name.
func foreignCNS(t *testing.T) tls.Certificate {
	t.Helper()
	ca, err := certs.NewCNSCA(rand.Reader, "CNS di prova", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, der, err := certs.NewCNS(rand.Reader, ca, certs.CardSubject{
		Serial: "000000000001", GivenName: "Ivo", FamilyName: "Xandrelli", FiscalCode: "XNDVIO62A31H223L",
	}, time.Now().AddDate(-1, 0, 0), time.Now().AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: crypto.Signer(key)}
}

// A certificate is public: without its key the connection itself fails, since TLS has the client sign.
func TestCNS01ACertificateWithoutItsKeyIsNoProof(t *testing.T) {
	t.Parallel()
	e := newEntry(t)
	stolen := e.cns(t, "ivo.xandrelli")
	stolen.PrivateKey = foreignCNS(t).PrivateKey
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: e.roots,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &stolen, nil }}}}
	defer client.CloseIdleConnections()
	if r, err := client.Get(e.url + "/entra"); err == nil {
		r.Body.Close()
		t.Errorf("status %d, want no connection", r.StatusCode)
	}
}
