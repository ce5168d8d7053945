package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// lookTime is how long one page may take, npmTime how long npm may take to fetch axe-core. normalText is the browser's own setting, in px.
const (
	lookTime = 30 * time.Second
	npmTime  = 3 * time.Minute

	normalText = 16
)

// tab is one of several tabs of a browser. One test uses it at a time.
type tab struct {
	ctx   context.Context
	width int   // set last
	root  int64 // size of the text of the root element set last, px

	mu  sync.Mutex
	bad []string // what the browser complained about since the last look
}

// openTabs opens one browser with n tabs in which axe-core stands by. They lie behind another one, so that nothing is painted. axe-core comes in through the protocol of the developer tools, which the
// content security policy of the pages does not bind.
func openTabs(t *testing.T, n int) chan *tab {
	t.Helper()
	source := axeSource(t)
	browser := newBrowser(t)
	tabs := make(chan *tab, n)
	for range n {
		ctx, cancel := chromedp.NewContext(browser)
		t.Cleanup(cancel)
		b := &tab{ctx: ctx, root: normalText}
		chromedp.ListenTarget(ctx, b.listen)
		err := chromedp.Run(ctx, css.Disable(), dom.Disable(), network.Disable(), // nothing here follows them, and they cost time
			chromedp.ActionFunc(func(ctx context.Context) error {
				_, err := page.AddScriptToEvaluateOnNewDocument(source).Do(ctx)
				return err
			}))
		if err != nil {
			t.Fatal(err)
		}
		tabs <- b
	}
	if err := chromedp.Run(browser, page.BringToFront()); err != nil {
		t.Fatal(err)
	}
	return tabs
}

func (b *tab) listen(event any) {
	complaint := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		complaint = e.ExceptionDetails.Error()
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError {
			for _, a := range e.Args {
				complaint += string(a.Value)
			}
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError {
			complaint = e.Entry.Text
		}
	}
	if complaint != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.bad = append(b.bad, "the browser complains: "+complaint)
	}
}

// complaints returns what the browser complained about, and forgets it.
func (b *tab) complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	bad := b.bad
	b.bad = nil
	return bad
}

// seen is what a look at a page brings.
type seen struct {
	Violations []struct {
		ID, Help string
		Nodes    []struct {
			Target  []any
			Summary string `json:"failureSummary"`
		}
	}
	Scroll, Width int
	Wide          []string // elements that reach beyond the window
	Banner        bool     // visible, in the window
	Text          float64  // size of the text, px
}

// lookScript gathers what seen holds. Elements are laid out anew by the time that it runs.
const lookScript = `(async (tags) => {
  const root = document.scrollingElement, banner = document.querySelector("[data-testid=sim-banner]");
  const box = banner && banner.getBoundingClientRect();
  const name = (e) => e.tagName.toLowerCase() + (e.className ? "." + String(e.className.baseVal ?? e.className).replaceAll(" ", ".") : "");
  const wide = root.scrollWidth <= innerWidth ? [] : [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5).slice(0, 8).map(name);
  const visible = !!banner && banner.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && box.width > 100 && box.height > 10 && box.top >= 0 && box.bottom <= innerHeight;
  scrollTo(0, 0); // what the banner hides on the way down is no fault
  const found = await axe.run(document, { runOnly: tags, rules: { "target-size": { enabled: true } }, resultTypes: ["violations"], preload: false });
  return JSON.stringify({
    violations: found.violations, scroll: root.scrollWidth, width: innerWidth, wide,
    banner: visible,
    text: parseFloat(getComputedStyle(document.body).fontSize),
  });
})(%s)`

// inspect opens an address as a view wants it and says what is wrong there.
func (b *tab) inspect(t *testing.T, address string, v view) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, lookTime)
	defer cancel()
	b.complaints()
	var s seen
	if err := chromedp.Run(ctx, b.resize(v.width), b.setText(normalText), chromedp.Navigate(address), b.enlarge(v.text), look(&s)); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return append(s.faults(v), b.complaints()...)
}

func (b *tab) resize(width int) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		if width == b.width {
			return nil
		}
		b.width = width
		return emulation.SetDeviceMetricsOverride(int64(width), 1000, 1, false).Do(ctx)
	})
}

// enlarge makes the text of pages that are not made for an audience as large as theirs, as a person does in the settings of the browser.
func (b *tab) enlarge(wanted float64) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		const script = `document.body.matches(".frame-trainer") ? 0 : parseFloat(getComputedStyle(document.body).fontSize)`
		var text float64
		if wanted == 0 {
			return nil
		}
		if err := chromedp.Evaluate(script, &text).Do(ctx); err != nil || text == 0 || text >= wanted {
			return err
		}
		return b.setText(int64(math.Ceil(normalText * wanted / text))).Do(ctx)
	})
}

func (b *tab) setText(size int64) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		if size == b.root {
			return nil
		}
		b.root = size
		return page.SetFontSizes(&page.FontSizes{Standard: size, Fixed: size}).Do(ctx)
	})
}

func look(s *seen) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		tags, err := json.Marshal(axeTags)
		if err != nil {
			return err
		}
		result, thrown, err := runtime.Evaluate(fmt.Sprintf(lookScript, tags)).WithAwaitPromise(true).WithReturnByValue(true).Do(ctx)
		if err != nil {
			return err
		}
		if thrown != nil {
			return thrown
		}
		var text string
		return errors.Join(json.Unmarshal(result.Value, &text), json.Unmarshal([]byte(text), s))
	})
}

// faults are what is wrong with a page, each in one line: rule and element, and what axe-core says about it.
func (s *seen) faults(v view) []string {
	var all []string
	for _, rule := range s.Violations {
		for _, n := range rule.Nodes {
			all = append(all, fmt.Sprintf("%s at %s: %s (%s)", rule.ID, strings.Trim(fmt.Sprint(n.Target...), "[]"), strings.Join(strings.Fields(n.Summary), " "), rule.Help))
		}
	}
	if s.Scroll > s.Width {
		all = append(all, fmt.Sprintf("the page is %d px wide in a window of %d and scrolls sideways: %s", s.Scroll, s.Width, strings.Join(s.Wide, ", ")))
	}
	if !s.Banner {
		all = append(all, "the simulator's banner cannot be seen (UX-30)")
	}
	if s.Text < v.text {
		all = append(all, fmt.Sprintf("the text has %g px, want %g", s.Text, v.text))
	}
	return all
}

// axeSource reads axe-core, and fetches the version that package-lock.json pins unless it is there (D-27).
func axeSource(t *testing.T) string {
	t.Helper()
	const file = "node_modules/axe-core/axe.min.js"
	if source, err := os.ReadFile(file); err == nil && strings.HasPrefix(string(source), "/*! axe v"+axeVersion(t)+"\n") {
		return string(source)
	}
	ctx, cancel := context.WithTimeout(t.Context(), npmTime)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund").CombinedOutput(); err != nil {
		t.Fatalf("npm ci, which needs Node 18 or newer: %v\n%s", err, out)
	}
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

func axeVersion(t *testing.T) string {
	t.Helper()
	body, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	var lock struct {
		Packages map[string]struct{ Version string }
	}
	if err := json.Unmarshal(body, &lock); err != nil {
		t.Fatal(err)
	}
	version := lock.Packages["node_modules/axe-core"].Version
	if version == "" {
		t.Fatal("package-lock.json names no version of axe-core")
	}
	return version
}
