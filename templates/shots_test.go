package templates

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"spidsim/templates/ui"
)

// galleryHandler serves every sample under /NAME/STATE?lang=…, an index at / and the assets, under the policy of the program's own pages.
func galleryHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(ui.AssetsPath, ui.AssetHandler())
	index := ""
	for _, s := range Gallery() {
		path := "/" + s.Name + "/" + s.State
		index += path + "\n"
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			var b bytes.Buffer
			p := ui.Page{Lang: r.FormValue("lang"), Path: r.URL.Path, Query: r.URL.RawQuery, Version: "0.1.0", Mode: ui.ModeDev}
			if s.Name != "autopost" { // which would leave at once
				p.Nonce = sampleNonce
			}
			if err := s.Render(p).Render(r.Context(), &b); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; script-src 'nonce-"+sampleNonce+"'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(b.Bytes())
		})
	}
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, index) })
	return mux
}

// TestScreenshots takes a picture of every sample at 1280 and 390 pixels into the folder that SPIDSIM_SHOTS names ("artifacts" for
// the test's own). With SPIDSIM_GALLERY=ADDR it serves the gallery there for ten minutes instead. It does nothing otherwise.
func TestScreenshots(t *testing.T) {
	if addr := os.Getenv("SPIDSIM_GALLERY"); addr != "" {
		server := &http.Server{Addr: addr, Handler: galleryHandler(), ReadHeaderTimeout: time.Second}
		time.AfterFunc(10*time.Minute, func() { _ = server.Shutdown(context.Background()) })
		t.Log(server.ListenAndServe())
		return
	}
	dir := os.Getenv("SPIDSIM_SHOTS")
	if dir == "" {
		t.Log("SPIDSIM_SHOTS is not set: no pictures wanted")
		return
	}
	if dir == "artifacts" {
		dir = t.ArtifactDir()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(galleryHandler())
	defer server.Close()
	for _, s := range Gallery() {
		for _, width := range []int{1280, 390} {
			shoot(t, server.URL+"/"+s.Name+"/"+s.State, filepath.Join(dir, s.Name+"-"+s.State+"-"+strconv.Itoa(width)+".png"), width)
		}
	}
}

func shoot(t *testing.T, address, file string, width int) {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("install chromium: ", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars",
		"--user-data-dir="+t.TempDir(), fmt.Sprintf("--window-size=%d,1400", width), "--screenshot="+file, address).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", address, err, out)
	}
}
