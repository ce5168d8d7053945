package gestore_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/mux"

	"spidsim/onboarding/gestore"
	"spidsim/templates/ui"
)

// ask sends a request by hand and returns the status.
func (b *browser) ask(method, path string, form url.Values, accept string) (status int, body string) {
	b.t.Helper()
	q, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if method == http.MethodPost {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	q.Header.Set("Accept", accept)
	p := b.read(b.client.Do(q))
	return p.status, p.body
}

// A request belongs to the browser that opened it: to others it does not exist, at whatever address and in whatever form.
func TestSEC59NobodyElseSeesOrMovesARequest(t *testing.T) {
	t.Parallel()
	w := newTown(t, "2020-10-15 10:24", ui.ModeDev)
	owner := w.browser()
	path := strings.TrimPrefix(owner.send(owner.toModes("poste"), "mode", "COUNTER").url, w.url)
	if p := owner.get(path); p.status != http.StatusOK {
		t.Fatalf("the owner gets %d", p.status)
	}
	stranger, other := w.browser(), w.browser()
	other.want(other.send(other.want(other.get("/idp/poste/richiedi"), "enrol-start", 200)), "enrol-form", 200)
	planted := w.browser() // with the cookie of another request at this address
	at, err := url.Parse(w.url + path)
	if err != nil {
		t.Fatal(err)
	}
	planted.client.Jar, _ = cookiejar.New(nil)
	planted.client.Jar.SetCookies(at, []*http.Cookie{{Name: "spidsim_enrol", Value: strings.Repeat("0", 64), Path: "/"}})
	before, _ := owner.ask(http.MethodGet, path, nil, "application/json")
	for name, b := range map[string]*browser{"no cookie": stranger, "owner of another request": other, "an invented cookie": planted} {
		for _, accept := range []string{"text/html", "application/json"} {
			for _, below := range []string{"", "/promemoria", "/annulla"} {
				if status, body := b.ask(http.MethodGet, path+below, nil, accept); status != http.StatusNotFound || strings.Contains(body, "Ortensia") {
					t.Errorf("%s, GET %s as %s: %d", name, below, accept, status)
				}
			}
			for _, below := range []string{"", "/annulla"} {
				form := url.Values{"change_mode": {"yes"}, "confirm": {"yes"}}
				if status, _ := b.ask(http.MethodPost, path+below, form, accept); status != http.StatusNotFound {
					t.Errorf("%s, POST %s as %s: %d", name, below, accept, status)
				}
			}
		}
	}
	if after, _ := owner.ask(http.MethodGet, path, nil, "application/json"); after != before {
		t.Errorf("the owner gets %d, want %d as before", after, before)
	}
	elsewhere := strings.Replace(path, "/poste/", "/aruba/", 1)
	if status, _ := owner.ask(http.MethodGet, elsewhere, nil, "text/html"); status != http.StatusNotFound {
		t.Errorf("at another gestore: %d, want 404", status)
	}
}

// areaCookie is the cookie of the area of an identity.
func (b *browser) areaCookie() string {
	b.t.Helper()
	at, err := url.Parse(b.url + "/idp/prova/identita")
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.client.Jar.Cookies(at) {
		if c.Name == "spidsim_area" {
			return c.Value
		}
	}
	return ""
}

func TestSEC49TheSecondFactorChangesTheCookie(t *testing.T) {
	t.Parallel()
	w := newTown(t, "2020-10-15 10:24", ui.ModeDev)
	b := w.browser()
	p := b.want(b.get("/idp/prova/identita"), "area", 200)
	p = b.want(b.send(p, "username", "loretta.qualzeni", "password", "prova"), "area", 200)
	before := b.areaCookie()
	b.want(b.send(p, "code", "123456"), "identity", 200)
	if after := b.areaCookie(); before == "" || after == before {
		t.Errorf("the cookie was %q and is %q", before, after)
	}
	if _, err := w.office.Area(t.Context(), before); err == nil {
		t.Error("the cookie from before is still good")
	}
}

// In CI nobody fills in codes: they are read in the messages, which belong to the operator.
func TestSEC56NothingIsFilledInForSuites(t *testing.T) {
	t.Parallel()
	b := newTown(t, "2020-10-15 10:24", ui.ModeCI).browser()
	p := b.want(b.get("/idp/prova/identita/recupero?step=password"), "recovery", 200)
	p = b.want(b.send(p, "step", "password", "username", "loretta.qualzeni"), "recovery", 200)
	p = b.want(b.send(p, "fill", "latest"), "recovery", 422)
	if got := valueOf(p, "email_code") + valueOf(p, "mobile_code"); got != "" {
		t.Errorf("the page says the code %q", got)
	}
}

func TestONB86FiftyAtOnceAreOne(t *testing.T) {
	t.Parallel()
	w := newTown(t, "2020-10-15 10:24", ui.ModeDev)
	parcel := w.parcel("poste")
	const many = 50
	got := make(chan int, many)
	var start sync.WaitGroup
	start.Add(1)
	for range many {
		b := w.browser()
		b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		go func() {
			start.Wait()
			r, err := b.client.PostForm(b.url+"/idp/poste/consegna", parcel.Values())
			if err != nil {
				got <- 0
				return
			}
			_ = r.Body.Close()
			got <- r.StatusCode
		}()
	}
	start.Done()
	count := map[int]int{}
	for range many {
		count[<-got]++
	}
	if count[http.StatusSeeOther] != 1 || count[http.StatusConflict] != many-1 {
		t.Errorf("answers by status: %v, want one 303 and the others 409", count)
	}
}

// Section 10: with so many requests open, another machine begins none; this one does.
func TestSEC78OpenRequestsAreBounded(t *testing.T) {
	t.Parallel()
	w := newTown(t, "2020-10-15 10:24", ui.ModeDev)
	face, err := gestore.New(gestore.Config{Office: w.office, Outbox: w.box, Door: door{w.books}, Open: 2})
	if err != nil {
		t.Fatal(err)
	}
	r := mux.NewRouter()
	face.Routes(r)
	begin := func(from, path string, form url.Values) int {
		q := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		q.RemoteAddr = from
		a := httptest.NewRecorder()
		r.ServeHTTP(a, q)
		return a.Code
	}
	for _, row := range []struct {
		from, path string
		form       url.Values
		want       int
	}{
		{"192.0.2.1:1", "/idp/prova/richiedi", nil, http.StatusSeeOther},
		{"192.0.2.2:1", "/idp/poste/richiedi", nil, http.StatusSeeOther},
		{"192.0.2.3:1", "/idp/prova/richiedi", nil, http.StatusServiceUnavailable},
		{"192.0.2.3:1", "/idp/poste/consegna", w.parcel("poste").Values(), http.StatusServiceUnavailable},
		{"127.0.0.1:1", "/idp/prova/richiedi", nil, http.StatusSeeOther},
	} {
		if got := begin(row.from, row.path, row.form); got != row.want {
			t.Errorf("%s from %s: %d, want %d", row.path, row.from, got, row.want)
		}
	}
}

const payload = `"'><script>alert(1)</script><svg onload=alert(2)>`

// raw sends a form, or reads with none, and returns the page as it came.
func (b *browser) raw(address string, form url.Values) (body, at string) {
	b.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.url + address
	}
	r, err := b.client.Get(address)
	if form != nil {
		_ = r.Body.Close()
		r, err = b.client.PostForm(address, form)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	octets, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(octets), r.Request.URL.String()
}

// What is typed is shown as text, on every page that repeats it (SEC-53).
func TestSEC53PayloadsAreText(t *testing.T) {
	t.Parallel()
	w := newTown(t, "2022-04-01 10:24", ui.ModeDev)
	b := w.browser()
	_, start := b.raw("/idp/poste/richiedi", url.Values{})
	everything := url.Values{}
	for _, name := range []string{"fiscal_code", "family_name", "given_name", "sex", "born", "birth_place", "street", "city", "postal_code", "nationality", "invented", "email", "mobile",
		"email_code", "mobile_code", "document", "number", "issued", "expires", "mode", "code", "outcome", "reason", "request", "username", "password", "complaint", "step", "half1",
		"half2", "parent_code", "by", "action", "fill", "question", "card", "pin", "answer"} {
		everything.Set(name, payload)
	}
	good := url.Values{"fiscal_code": {"QRZRNS43C59A944W"}, "family_name": {"Quirzoldi"}, "given_name": {"Ortensia"}, "sex": {"F"}, "born": {"19/03/1943"}, "birth_place": {"Bologna"},
		"street": {payload}, "city": {payload}, "postal_code": {payload}, "nationality": {payload}}
	query := "?" + url.Values{"person": {payload}, "code": {payload}, "recorded": {payload}, "request": {payload}, "show": {payload}, "done": {payload}, "step": {payload}, "failed": {payload},
		"card": {payload}, "printed": {payload}, "part": {payload}}.Encode()
	var pages []string
	see := func(address string, form url.Values) {
		body, at := b.raw(address, form)
		pages = append(pages, fmt.Sprintf("%s\n%s", at, body))
	}
	see(start, everything)
	see(start, good)
	see(start+query, nil)
	see(start, everything)
	see(start+"/annulla"+query, nil)
	for _, path := range []string{"/idp/poste/richiedi", "/idp/poste/sportello", "/idp/poste/sportello/minori", "/idp/poste/revisione", "/rao", "/idp/poste/identita", "/idp/poste/identita/recupero",
		"/idp/poste/figlio", "/idp/poste/figlio/codice", "/idp/poste/consegna"} {
		see(path+query, nil)
		see(path, everything)
		everything.Set("step", "username")
		see(path, everything)
		everything.Set("step", payload)
	}
	for _, page := range pages {
		if strings.Contains(page, "<script>alert") || strings.Contains(page, "<svg onload") {
			t.Errorf("a payload is markup:\n%.300s", page)
		}
	}
	all, err := w.office.Enrolments(t.Context(), 0)
	if err != nil || len(all) == 0 {
		t.Fatal(err)
	}
	if all[len(all)-1].State != "R2" {
		t.Errorf("the form with payloads leads to %s, want R2: the test shows nothing", all[len(all)-1].State)
	}
}
