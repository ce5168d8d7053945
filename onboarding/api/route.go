package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"spidsim/internal/web"
)

// handler answers a request: with a value as JSON, a created one as 201, text as it is, nothing as 204, or an error.
type handler func(w http.ResponseWriter, r *http.Request) (any, error)

// created is a new thing and its address.
type created struct {
	at   string
	body any
}

// text is an answer for people to read.
type text string

// List is what every collection answers with.
type List[T any] struct {
	Items []T    `json:"items"` // never null
	Next  string `json:"next"`  // value of ?after= with which the rest begins; "" when this is all
}

// methods are the handlers of one address. GET serves HEAD as well.
type methods map[string]handler

// table adds addresses to a router so that each answers every method: its own ones, and 405 with Allow to the others.
type table struct {
	router *mux.Router
	guard  func(http.Handler) http.Handler
	answer func(handler) http.Handler
}

func (t table) add(path string, m methods) {
	var all []string
	for _, method := range slices.SortedFunc(maps.Keys(m), byMethod) {
		names := []string{method}
		if method == http.MethodGet {
			names = append(names, http.MethodHead)
		}
		all = append(all, names...)
		t.router.Handle(path, t.guard(t.answer(m[method]))).Methods(names...)
	}
	allow := strings.Join(all, ", ")
	t.router.Handle(path, t.guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		web.Fail(w, r, web.MethodNotAllowed(allow))
	})))
}

func byMethod(a, b string) int {
	order := []string{http.MethodGet, http.MethodPost, http.MethodPatch}
	return cmp.Compare(slices.Index(order, a), slices.Index(order, b))
}

// answer writes what a handler returns.
func (a *API) answer(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := h(w, r)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		switch v := v.(type) {
		case nil:
			w.WriteHeader(http.StatusNoContent)
		case created:
			w.Header().Set("Location", v.at)
			web.JSON(w, http.StatusCreated, v.body)
		case text:
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, string(v)) // a client that left is no error of ours
		default:
			web.JSON(w, http.StatusOK, v)
		}
	})
}

// segment returns a variable of the path.
func segment(r *http.Request, name string) string { return mux.Vars(r)[name] }

// decode reads a JSON body into v; no body at all is an empty object, so that curl -X POST is enough.
func decode(r *http.Request, v any) error {
	if r.ContentLength == 0 {
		return nil
	}
	return web.DecodeJSON(r, v)
}

// decodeOver reads a body into v as decode does, and returns it for laying it over other values: see over.
func decodeOver(r *http.Request, v any) (raw []byte, err error) {
	if raw, err = io.ReadAll(r.Body); err != nil {
		return nil, err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	return raw, decode(r, v)
}

// over sets those members of v that a body names. The body was decoded before, strictly.
func over(raw []byte, v any) error {
	if len(raw) == 0 {
		return nil
	}
	return json.Unmarshal(raw, v)
}

// shown is how many items a list has without ?limit=, and with the highest one.
const (
	shown = 100
	most  = 1000
)

// page cuts a list to the items after ?after= and to ?limit= of them.
func page[T, S any](r *http.Request, all []T, id func(T) string, shape func(T) S) (List[S], error) {
	q, limit := r.URL.Query(), shown
	if s := q.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > most {
			return List[S]{}, badQuery("limit", s, "1 to "+strconv.Itoa(most))
		}
		limit = n
	}
	if after := q.Get("after"); after != "" {
		i := slices.IndexFunc(all, func(v T) bool { return id(v) == after })
		if i < 0 {
			return List[S]{}, badQuery("after", after, "the member next of the answer before")
		}
		all = all[i+1:]
	}
	list := List[S]{Items: []S{}}
	if len(all) > limit {
		all, list.Next = all[:limit], id(all[limit-1])
	}
	for _, v := range all {
		list.Items = append(list.Items, shape(v))
	}
	return list, nil
}

// whole is a list in one piece.
func whole[T, S any](all []T, shape func(T) S) List[S] {
	list := List[S]{Items: []S{}}
	for _, v := range all {
		list.Items = append(list.Items, shape(v))
	}
	return list
}

func badQuery(name, found, wanted string) error {
	found = clip(found, 64)
	return &web.Error{Status: http.StatusBadRequest, Problem: web.Problem{
		Code: "query", Field: name, Found: found, Wanted: wanted, Detail: name + " in the query is " + strconv.Quote(found) + ", want " + wanted,
	}}
}

// clip bounds received text in answers.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
