package admin

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"spidsim/internal/store"
	"spidsim/internal/web"
)

// methods are the handlers of one address. GET serves HEAD as well.
type methods map[string]http.HandlerFunc

// table adds addresses to a router so that each answers every method: its own ones, and 405 with Allow to the others.
type table struct {
	*mux.Router
	guard func(http.Handler) http.Handler
}

func (t table) guarded(path string, m methods) { t.add(path, m, t.guard) }

func (t table) open(path string, m methods) {
	t.add(path, m, func(h http.Handler) http.Handler { return h })
}

func (t table) add(path string, m methods, wrap func(http.Handler) http.Handler) {
	var all []string
	for _, method := range slices.SortedFunc(maps.Keys(m), byMethod) {
		names := []string{method}
		if method == http.MethodGet {
			names = append(names, http.MethodHead)
		}
		all = append(all, names...)
		t.Handle(path, wrap(m[method])).Methods(names...)
	}
	allow := strings.Join(all, ", ")
	t.Handle(path, wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		web.Fail(w, r, web.MethodNotAllowed(allow))
	})))
}

// missing answers 404 to whatever lies below prefix and was not added before.
func (t table) missing(prefix string) {
	t.PathPrefix(prefix).Handler(t.guard(web.NotFoundHandler()))
}

func byMethod(a, b string) int {
	order := []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	return cmp.Compare(slices.Index(order, a), slices.Index(order, b))
}

// segment returns a variable of the path, decoded: routes match the path as it was sent, so that an entityID can stand in it.
func segment(r *http.Request, name string) string {
	raw := mux.Vars(r)[name]
	value, err := url.PathUnescape(raw)
	if err != nil {
		return raw
	}
	return value
}

// limitOf reads ?limit=, 1 to most; without it the limit is normal.
func limitOf(r *http.Request, normal, most int) (int, error) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return normal, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, badQuery("limit", clip(text, 64), "1 to "+strconv.Itoa(most))
	}
	return n, nil
}

func badQuery(name, found, wanted string) error {
	return &web.Error{Status: http.StatusBadRequest, Problem: web.Problem{
		Code: "query", Field: name, Found: found, Wanted: wanted, Detail: name + " in the query is " + strconv.Quote(found) + ", want " + wanted,
	}}
}

// missingAs turns store.ErrNotFound into a 404 that says what was looked for.
func missingAs(err error, what string) error {
	if errors.Is(err, store.ErrNotFound) {
		return web.NotFound("there is no " + what)
	}
	return err
}

// clip bounds received text in answers and logs.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
