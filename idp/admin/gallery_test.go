package admin

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"spidsim/templates"
	"spidsim/templates/ui"
)

func startGallery(t *testing.T) *surface {
	t.Helper()
	return start(t, func(c *Config) { c.Gallery = true })
}

func TestGalleryListsEverySample(t *testing.T) {
	t.Parallel()
	s := startGallery(t)
	var list List[GallerySample]
	want(t, s.do(t, call{path: "/galleria", header: map[string]string{"Accept": "application/json"}}), http.StatusOK, &list)
	if got, want := len(list.Items), len(templates.Gallery()); got != want {
		t.Errorf("%d samples, want %d", got, want)
	}
	page := s.do(t, call{path: "/galleria?mode=trainer"}).Body.String()
	for _, i := range list.Items {
		path := strings.TrimPrefix(i.URL, base)
		if path != "/galleria/"+i.Name+"/"+i.State {
			t.Errorf("%s/%s has the address %s", i.Name, i.State, i.URL)
		}
		if !strings.Contains(page, `href="`+path+`?mode=trainer"`) {
			t.Errorf("the index does not link %s in trainer mode", path)
		}
	}
}

func TestGalleryIsThereOnlyWhenWanted(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, path := range []string{"/galleria", "/galleria/login/start"} {
		if w := s.do(t, call{path: path}); w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d, want 404", path, w.Code)
		}
	}
}

func TestGalleryShowsThePageAsked(t *testing.T) {
	t.Parallel()
	s := startGallery(t)
	for _, row := range []struct {
		name, path string
		status     int
		has        string
	}{
		{"Italian in dev mode", "/galleria/login/start", http.StatusOK, `<html lang="it">`},
		{"English", "/galleria/login/start?lang=en", http.StatusOK, `<html lang="en">`},
		{"for the audience", "/galleria/login/start?mode=trainer", http.StatusOK, "frame-trainer"},
		{"in no mode", "/galleria/login/start?mode=other", http.StatusOK, `class="frame-gestore"`},
		{"no such page", "/galleria/login/never", http.StatusNotFound, "404"},
	} {
		w := s.do(t, call{path: row.path})
		if w.Code != row.status || !strings.Contains(w.Body.String(), row.has) {
			t.Errorf("%s: %d, want %d with %s", row.name, w.Code, row.status, row.has)
		}
	}
}

var action = regexp.MustCompile(`(?:form)?action="([^"]*)"`)

func TestNothingInTheGalleryActs(t *testing.T) {
	t.Parallel()
	s := startGallery(t)
	forms := 0
	for _, sample := range templates.Gallery() {
		path := samplePath(sample)
		page := s.do(t, call{path: path}).Body.String()
		for _, m := range action.FindAllStringSubmatch(page, -1) {
			forms++
			if m[1] != path {
				t.Errorf("%s has a form that goes to %s", path, m[1])
			}
		}
		if strings.Contains(page, ` src="`+ui.Asset("autopost.js")) {
			t.Errorf("%s posts itself", path)
		}
	}
	if forms < 30 {
		t.Errorf("only %d forms were seen", forms)
	}
	if w := s.do(t, call{method: http.MethodPost, path: "/galleria/login/start", body: "username=a", kind: "application/x-www-form-urlencoded"}); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("a form sent answers %d, want 405", w.Code)
	}
}

func TestDisarmedPagesKeepTheRest(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, page, want string }{
		{"text and void elements", `<!DOCTYPE html><p class="a">a &amp; b<br/><input disabled name="x"/></p>`, `<!DOCTYPE html><p class="a">a &amp; b<br/><input disabled name="x"/></p>`},
		{"a form", `<form method="post" action="/idp/a?b=1&amp;c=2"><button formaction="/x">è</button></form>`, `<form method="post" action="/s"><button formaction="/s">è</button></form>`},
		{"another script", `<script src="/a.js" defer></script>`, `<script src="/a.js" defer></script>`},
	} {
		var b strings.Builder
		if err := disarm(&b, strings.NewReader(row.page), "/s"); err != nil || b.String() != row.want {
			t.Errorf("%s: %s, %v, want %s", row.name, b.String(), err, row.want)
		}
	}
}
