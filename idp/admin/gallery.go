package admin

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"spidsim/internal/web"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// GallerySample is one page in one state, as the gallery lists it for programs.
type GallerySample struct {
	Name  string `json:"name"`
	State string `json:"state"`
	URL   string `json:"url"` // whole address; ?lang=it|en and ?mode=dev|trainer|ci may follow
}

// galleryPage links every page in every state; its twin for machines is a list of GallerySample.
func (a *Admin) galleryPage(w http.ResponseWriter, r *http.Request) {
	page := web.Page(r)
	v := templates.GalleryView{Mode: modeAsked(r, page.Mode)}
	list := List[GallerySample]{Items: []GallerySample{}}
	for _, s := range templates.Gallery() {
		path := samplePath(s)
		list.Items = append(list.Items, GallerySample{s.Name, s.State, a.cfg.BaseURL + path})
		if n := len(v.Pages); n == 0 || v.Pages[n-1].Name != s.Name {
			v.Pages = append(v.Pages, templates.GalleryPage{Name: s.Name})
		}
		last := &v.Pages[len(v.Pages)-1]
		last.States = append(last.States, templates.GalleryState{State: s.State, URL: path + "?mode=" + v.Mode})
	}
	if web.WantsJSON(r) {
		web.JSON(w, http.StatusOK, list)
		return
	}
	web.Render(w, r, http.StatusOK, templates.GalleryIndex(page, v))
}

func samplePath(s templates.Sample) string { return ui.PathGallery + "/" + s.Name + "/" + s.State }

// modeAsked reads ?mode=; anything that is no mode leaves the program's own.
func modeAsked(r *http.Request, own string) string {
	if m := r.URL.Query().Get("mode"); slices.Contains([]string{ui.ModeDev, ui.ModeTrainer, ui.ModeCI}, m) {
		return m
	}
	if own == "" {
		return ui.ModeDev
	}
	return own
}

// samplePage shows a page in one state. Nothing on it acts.
func (a *Admin) samplePage(w http.ResponseWriter, r *http.Request) {
	all := templates.Gallery()
	i := slices.IndexFunc(all, func(s templates.Sample) bool { return s.Name == segment(r, "name") && s.State == segment(r, "state") })
	if i < 0 {
		web.Fail(w, r, web.NotFound("there is no such sample"))
		return
	}
	page := web.Page(r)
	page.Mode = modeAsked(r, page.Mode)
	web.Render(w, r, http.StatusOK, disarmed(all[i].Render(page), samplePath(all[i])))
}

// disarmed is a page on which nothing acts: each form goes to self, which answers 405 to it, and the page that posts itself stays.
func disarmed(page templ.Component, self string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b bytes.Buffer
		if err := page.Render(ctx, &b); err != nil {
			return err
		}
		return disarm(w, &b, self)
	})
}

func disarm(w io.Writer, page io.Reader, self string) error {
	for z := html.NewTokenizer(page); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			if errors.Is(z.Err(), io.EOF) {
				return nil
			}
			return z.Err()
		}
		raw := bytes.Clone(z.Raw()) // reading the token changes it
		if t := z.Token(); kind == html.StartTagToken && redirect(&t, self) {
			raw = []byte(t.String())
		}
		if _, err := w.Write(raw); err != nil {
			return err
		}
	}
}

// redirect changes what would act on a tag, and reports whether there was something.
func redirect(t *html.Token, self string) (changed bool) {
	for i, a := range t.Attr {
		switch {
		case t.Data == "form" && a.Key == "action", a.Key == "formaction":
			t.Attr[i].Val, changed = self, true
		case t.Data == "script" && a.Val == ui.Asset("autopost.js"):
			t.Attr[i].Key, changed = "data-src", true
		}
	}
	return changed
}
