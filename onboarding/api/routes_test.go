package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/gorilla/mux"

	"spidsim/internal/web"
)

// addresses lists every route with a path that can be called and the methods it takes.
func addresses(t *testing.T) map[string][]string {
	t.Helper()
	r := mux.NewRouter()
	New(Config{Office: open(t, "2020-10-15").office}).Routes(r)
	found := map[string][]string{}
	err := r.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := route.GetPathTemplate()
		if err != nil {
			return err
		}
		names, _ := route.GetMethods() // the route of all other methods has none
		found[path] = append(found[path], names...)
		return nil
	})
	if err != nil || len(found) < 60 {
		t.Fatalf("%d addresses, %v", len(found), err)
	}
	return found
}

var example = strings.NewReplacer("/api/v1/", "", "{id}", "none", "{event}", "EV-enter", "{person}", "P01", "{idp}", "poste", "{username}", "nobody",
	"{example}", "none")

func TestEveryAddressAnswersEveryMethod(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	for path, names := range addresses(t) {
		taken := map[string]bool{}
		for _, name := range names {
			taken[name] = true
		}
		for _, method := range []string{get, post, http.MethodPut, patch, http.MethodDelete} {
			w := d.send(method, example.Replace(path), "")
			switch {
			case taken[method] && (w.Code == http.StatusMethodNotAllowed || w.Code >= 500):
				t.Errorf("%s %s answers %d: %s", method, path, w.Code, w.Body)
			case !taken[method] && (w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != strings.Join(names, ", ")):
				t.Errorf("%s %s answers %d, Allow %q, want 405 and %q", method, path, w.Code, w.Header().Get("Allow"), strings.Join(names, ", "))
			}
		}
	}
	d.call(http.StatusNotFound, get, "enrolments/none/events/more", "", nil)
}

func TestEveryBodyRefusesUnknownMembers(t *testing.T) {
	t.Parallel()
	d := open(t, "2022-03-15")
	e := d.start("P03", "N0")
	path := strings.NewReplacer("{id}", e.ID).Replace
	for template, names := range addresses(t) {
		if !contains(names, post) && !contains(names, patch) {
			continue
		}
		method := post
		if contains(names, patch) {
			method = patch
		}
		w := d.send(method, example.Replace(path(template)), `{"no_such_member":1}`)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"field":"no_such_member"`) {
			t.Errorf("%s %s answers %d %s, want 400 that names the member", method, template, w.Code, w.Body)
		}
	}
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

func TestEveryAddressIsGuarded(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15", func(c *Config) {
		c.Guard = func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				web.Fail(w, r, &web.Error{Status: http.StatusForbidden, Problem: web.Problem{Code: "operator"}})
			})
		}
	})
	for path, names := range addresses(t) {
		for _, method := range append(names, http.MethodPut) {
			if w := d.send(method, example.Replace(path), ""); w.Code != http.StatusForbidden {
				t.Errorf("%s %s answers %d, want 403 of the guard", method, path, w.Code)
			}
		}
	}
}

func TestBodiesAreJSON(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	for _, row := range []struct {
		body string
		want int
	}{
		{`{"person":`, http.StatusBadRequest}, {`{} {}`, http.StatusBadRequest}, {`{"person":1}`, http.StatusBadRequest}, {`[]`, http.StatusBadRequest},
	} {
		d.call(row.want, post, "enrolments", row.body, nil)
	}
	r := d.send(post, "enrolments/x/EV-enter", `{"fill":"yes"}`)
	if r.Code != http.StatusBadRequest {
		t.Errorf("a member of another type answers %d, want 400", r.Code)
	}
}

func TestONB224ResetIsOneCall(t *testing.T) {
	t.Parallel()
	d := open(t, "2020-10-15")
	d.start("P01", "R5")
	d.call(http.StatusOK, post, "pins/P02/revoke", "", nil)
	d.call(http.StatusOK, patch, "onboarding", `{"timeline":"applied"}`, nil)
	d.call(http.StatusNoContent, post, "onboarding/reset", "", nil)
	var list List[Enrolment]
	var pin PIN
	var s Settings
	d.call(http.StatusOK, get, "enrolments", "", &list)
	d.call(http.StatusOK, get, "pins/P02", "", &pin)
	d.call(http.StatusOK, get, "onboarding", "", &s)
	if len(list.Items) != 0 || pin.Status != "ACTIVE8" || s.Timeline != "announced" {
		t.Errorf("after the reset: %d requests, PIN %s, timeline %s", len(list.Items), pin.Status, s.Timeline)
	}
}

func TestResetIsTheProgramsWhereItHasOne(t *testing.T) {
	t.Parallel()
	var err error
	d := open(t, "2020-10-15", func(c *Config) { c.Reset = func(context.Context) error { return err } })
	d.call(http.StatusNoContent, post, "onboarding/reset", "", nil)
	err = errors.New("the disk is full")
	d.call(http.StatusInternalServerError, post, "onboarding/reset", "{}", nil)
}
