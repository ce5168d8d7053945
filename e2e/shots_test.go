package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestScreenshots takes a picture of every sample of the gallery at 1280 and 390 pixels into the folder that SPIDSIM_SHOTS names
// ("artifacts" for the test's own). It does nothing otherwise.
func TestScreenshots(t *testing.T) {
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
	p, browser := start(t, "--store", "memory:", "--data", t.TempDir()), newBrowser(t)
	for _, s := range p.gallery(t) {
		for _, width := range []int64{1280, 390} {
			var shot []byte
			err := chromedp.Run(browser, emulation.SetDeviceMetricsOverride(width, 1400, 1, false), chromedp.Navigate(s.URL), chromedp.CaptureScreenshot(&shot))
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%s-%d.png", s.Name, s.State, width)), shot, 0o644)
			}
			if err != nil {
				t.Errorf("%s: %v", s.URL, err)
			}
		}
	}
}
