package e2e

import (
	"context"
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
	dir, err := pictures(t)
	if err != nil {
		t.Fatal(err)
	}
	if dir == "" {
		t.Log("SPIDSIM_SHOTS is not set: no pictures wanted")
		return
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

// pictures is the folder for pictures, "" when none are wanted.
func pictures(t *testing.T) (string, error) {
	t.Helper()
	dir := os.Getenv("SPIDSIM_SHOTS")
	switch dir {
	case "":
		return "", nil
	case "artifacts":
		dir = t.ArtifactDir()
	}
	return dir, os.MkdirAll(dir, 0o755)
}

// picture takes a picture of a whole page, when pictures are wanted.
func picture(t *testing.T, ctx context.Context, name string) error {
	t.Helper()
	dir, err := pictures(t)
	if err != nil || dir == "" {
		return err
	}
	var shot []byte
	if err := chromedp.Run(ctx, chromedp.FullScreenshot(&shot, 100)); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name+".png"), shot, 0o644)
}
