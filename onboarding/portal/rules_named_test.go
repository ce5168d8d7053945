package portal_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"spidsim/onboarding"
)

var maskOrder = regexp.MustCompile(`(?:name="idp" value="prova"|<span class="off">)`)

// The access button of the mask shuffles its gestori as the list of the request does.
func TestONB79TheMaskShufflesItsGestori(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-10-15 10:24")
	b := s.browser()
	orders := func(path string) map[string]bool {
		seen := map[string]bool{}
		for range 60 { // two gestori have two orders: the odds against one order alone are beyond reach
			order := maskOrder.FindAllString(b.shown(b.get(path), http.StatusOK, "mask").body, -1)
			if len(order) != 2 {
				t.Fatalf("found %d gestori, want 2", len(order))
			}
			seen[strings.Join(order, " ")] = true
		}
		return seen
	}
	if got := orders("/accedi?via=spid"); len(got) != 2 {
		t.Errorf("the order is always %v, want a random one", got)
	}
	if got := orders("/accedi?via=spid&order=stable"); len(got) != 1 {
		t.Errorf("%d orders for one page that asks for the stable one: %v", len(got), got)
	}
	if _, err := s.Configure(t.Context(), func(s *onboarding.Settings) { s.Order = "stable" }); err != nil {
		t.Fatal(err)
	}
	if got := orders("/accedi?via=spid"); len(got) != 1 {
		t.Errorf("%d orders with the setting: %v", len(got), got)
	}
}

// Who is inside the portal with the CNS is not inside the app.
func TestONB20TheCNSOpensThePortalNotTheApp(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2021-11-02 10:00").browser()
	b.sent(b.post("/cns", "in", "ivo.xandrelli", "pin", "12345678"), "/myinps")
	b.sent(b.post("/app", "tutorial", "skip", "page", "1"), "/app")
	b.sent(b.post("/app", "favourite", "pensione"), "/app?tab=login")
	if a := b.get("/app"); strings.Contains(a.body, "Togli La mia pensione dai preferiti") {
		t.Error("the app keeps a favourite for who came with the CNS")
	}
}

// The tutorial is for the first start: a person who saw it finds the app itself, on another telephone too.
func TestONB20TheTutorialIsSeenOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2021-11-02 10:00")
	b := s.browser()
	b.spid(loretta, "Loretta Qualzeni", 2)
	b.shown(b.get("/app"), http.StatusOK, "app").wants(t, "Guida rapida, pagina 1 di 3")
	b.sent(b.post("/app", "tutorial", "next", "page", "3"), "/app")
	other := s.browser()
	other.spid(loretta, "Loretta Qualzeni", 2)
	if a := other.shown(other.get("/app"), http.StatusOK, "app"); strings.Contains(a.body, "Guida rapida") {
		t.Error("the tutorial comes again")
	}
}

func TestONB21TheAppFindsServicesByName(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2021-11-02 10:00").browser()
	b.sent(b.post("/app", "tutorial", "skip", "page", "1"), "/app")
	found := func(query string) int {
		return strings.Count(b.shown(b.get("/app?q="+query), http.StatusOK, "app").body, `href="/servizi/pensione"`)
	}
	if with, without := found("pensione"), found("zzz"); with != without+1 {
		t.Errorf("the service is there %d times when asked for and %d times when not, want one more", with, without)
	}
}

// A service among the favourites stands in their list, and leaves it again.
func TestONB21FavouritesComeAndGo(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2021-11-02 10:00").browser()
	b.spid(loretta, "Loretta Qualzeni", 2)
	b.sent(b.post("/app", "tutorial", "skip", "page", "1"), "/app")
	for _, listed := range []bool{true, false} {
		b.sent(b.post("/app", "favourite", "pensione"), "/app")
		if got := strings.Contains(b.get("/app").body, `data-testid="favourites"`); got != listed {
			t.Errorf("favourites are listed: %t, want %t", got, listed)
		}
	}
}

func TestONB77TheGuidedPageLeadsToTheSiteOfSPID(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	b.sent(b.pin(ortensia), "/avviso")
	b.shown(b.get("/spid/richiedi"), http.StatusOK, "guided").wants(t, `href="/spid/sito"`, `href="/spid/confronta"`) // ONB-75: a link helps to choose
	b.shown(b.get("/spid/sito"), http.StatusOK, "spid-site")
}
