package templates

import (
	"net/url"

	"spidsim/templates/ui"
)

// pickURL is this page with the persona's name in the query: it prefills the form, no more.
func pickURL(p ui.Page, username string) string { return withQuery(p.Path, p.Query, "user", username) }

// withQuery sets one parameter of an address and keeps the others.
func withQuery(path, query, name, value string) string {
	q, err := url.ParseQuery(query)
	if err != nil {
		q = url.Values{}
	}
	q.Del(name)
	if value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return path + "?"
	}
	return path + "?" + q.Encode()
}
