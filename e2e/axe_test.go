package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// axeTags are the rules wanted: WCAG 2.2 A and AA, and what axe-core holds for good practice (UX-01, D-27).
var axeTags = []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"}

// view is a way to look at a page.
type view struct {
	name, mode string
	width      int
	text       float64 // size of the text in px that is wanted, 0 for any
}

// views are those of the demand: 320 px wide is a 1280 px window at 400 % (WCAG 1.4.10), 24 px is the text for an audience (UX-11).
var views = []view{
	{name: "320px", mode: "dev", width: 320},
	{name: "24px", mode: "trainer", width: 1280, text: 24},
}

// sampleRef is a sample of the program's gallery.
type sampleRef struct{ Name, State, URL string }

func (p *process) gallery(t *testing.T) []sampleRef {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.IdP+"/galleria", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var list struct{ Items []sampleRef }
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil || len(list.Items) < 50 {
		t.Fatalf("the gallery answers %d with %d samples, %v, want at least fifty", resp.StatusCode, len(list.Items), err)
	}
	return list.Items
}

// Every page in every state, in both languages, is free of what axe-core finds, fits its window and keeps the simulator's banner.
func TestAccessibility(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir())
	began, samples, tabs := time.Now(), p.gallery(t), openTabs(t, min(runtime.GOMAXPROCS(0), 4))
	t.Run("page", func(t *testing.T) {
		for _, s := range samples {
			for _, lang := range []string{"it", "en"} {
				t.Run(s.Name+"/"+s.State+"/"+lang, func(t *testing.T) {
					t.Parallel()
					b := <-tabs
					defer func() { tabs <- b }()
					for _, v := range views {
						for _, fault := range b.inspect(t, s.URL+"?lang="+lang+"&mode="+v.mode, v) {
							t.Errorf("%s/%s in %s at %s: %s", s.Name, s.State, lang, v.name, fault)
						}
					}
				})
			}
		}
	})
	t.Logf("%d samples, %d looks in %s", len(samples), len(samples)*2*len(views), time.Since(began).Round(time.Second))
}

// brokenPage has one fault of each kind that TestAccessibility looks for.
const brokenPage = `<!DOCTYPE html><html><head><title>x</title></head><body style="margin:0">
<img src="missing.png" alt="">
<div style="width:400px">wide</div><input type="text"><p style="color:#999;background:#fff">faint</p>
<button style="width:9px;height:9px;padding:0" aria-label="a"></button><button style="width:9px;height:9px;padding:0" aria-label="b"></button>
<div data-testid="sim-banner" style="visibility:hidden">SIM</div><script>console.error("spoken"); setTimeout(() => { throw new Error("thrown") })</script></body></html>`

// A look that could not find anything would be worthless: each kind of fault is found on a page that has it.
func TestAccessibilityFaultsAreFound(t *testing.T) {
	file := filepath.Join(t.TempDir(), "broken.html")
	if err := os.WriteFile(file, []byte(brokenPage), 0o600); err != nil {
		t.Fatal(err)
	}
	b := <-openTabs(t, 1)
	found := strings.Join(b.inspect(t, "file://"+file, view{name: "320px", width: 320}), "\n")
	for _, want := range []string{"label at input", "html-has-lang at html", "color-contrast at p", "target-size at button", "page-has-heading-one", "scrolls sideways", "banner",
		"spoken", "thrown", "ERR_FILE_NOT_FOUND"} {
		if !strings.Contains(found, want) {
			t.Errorf("%q is not among what was found:\n%s", want, found)
		}
	}
	file = filepath.Join(t.TempDir(), "sound.html")
	sound := `<!DOCTYPE html><html lang="it"><head><title>x</title></head><body><div role="region" aria-label="SIM" data-testid="sim-banner">SIM</div><main><h1>x</h1></main></body></html>`
	if err := os.WriteFile(file, []byte(sound), 0o600); err != nil {
		t.Fatal(err)
	}
	if found := b.inspect(t, "file://"+file, view{name: "320px", width: 320}); len(found) > 0 {
		t.Errorf("a sound page after the broken one has %s", fmt.Sprint(found))
	}
}
