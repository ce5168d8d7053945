package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "spidsim-e2e-")
	if err == nil {
		binary = filepath.Join(dir, "spidsim")
		build := exec.Command("go", "build", "-C", "..", "-o", binary, ".")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		build.Stderr = os.Stderr
		err = build.Run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "building the program:", err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// process is a running program.
type process struct {
	IdP    string `json:"idp_base"`
	Portal string `json:"portal_base"`
	cmd    *exec.Cmd
	log    string // file
}

// start runs the program and waits until its ready file is there.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	dir := t.TempDir()
	ready := filepath.Join(dir, "ready.json")
	p := &process{log: filepath.Join(t.ArtifactDir(), "server.log")}
	out, err := os.Create(p.log)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--portal-listen", "127.0.0.1:0", "--ready-file", ready}, args...)
	p.cmd = exec.Command(binary, args...)
	p.cmd.Stdout, p.cmd.Stderr = out, out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	p.awaitReady(t, ready)
	return p
}

func (p *process) awaitReady(t *testing.T, file string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-tick.C {
		body, err := os.ReadFile(file)
		if err == nil && json.Unmarshal(body, p) == nil {
			return
		}
	}
	log, _ := os.ReadFile(p.log)
	t.Fatalf("the program is not ready after 20 s:\n%s", log)
}

func (p *process) stop() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Signal(syscall.SIGTERM) // ended already
		_ = p.cmd.Wait()
	}
}

// person is a browser before a program.
type person struct {
	t   *testing.T
	ctx context.Context
	p   *process
	bad []string // script errors and refusals of the content security policy
}

// newBrowser starts a browser that ends with the test.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 1000),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatal("starting chromium: ", err)
	}
	return ctx
}

func newPerson(t *testing.T, p *process) *person {
	t.Helper()
	ctx := newBrowser(t)
	b := &person{t: t, ctx: ctx, p: p}
	chromedp.ListenTarget(ctx, b.listen)
	t.Cleanup(func() {
		if len(b.bad) > 0 {
			t.Errorf("the browser complains: %s", strings.Join(b.bad, "; "))
		}
	})
	return b
}

func (b *person) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.bad = append(b.bad, e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError {
			b.bad = append(b.bad, fmt.Sprint(e.Args))
		}
	}
}

// patience is how long a few actions may take together, and looking at what went wrong with them.
const patience = 15 * time.Second

// do runs actions; when one fails it keeps what the browser shows.
func (b *person) do(actions ...chromedp.Action) {
	b.t.Helper()
	err := b.run(actions...)
	if err == nil {
		return
	}
	var shot []byte
	var html, address string
	_ = b.run(chromedp.FullScreenshot(&shot, 100), chromedp.OuterHTML("html", &html), chromedp.Location(&address))
	dir := b.t.ArtifactDir()
	_ = os.WriteFile(filepath.Join(dir, "page.png"), shot, 0o644)
	_ = os.WriteFile(filepath.Join(dir, "page.html"), []byte(html), 0o644)
	b.t.Fatalf("at %s: %v (screenshot, page and log in %s)", address, err, dir)
}

// run gives actions a while: the browser itself lives on when that is over.
func (b *person) run(actions ...chromedp.Action) error {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, actions...)
}

// at waits for the page of a step.
func at(step string) chromedp.Action {
	return chromedp.WaitVisible(fmt.Sprintf("body[data-step=%q]", step), chromedp.ByQuery)
}

func click(testID string) chromedp.Action {
	return chromedp.Click(fmt.Sprintf("[data-testid=%q]", testID), chromedp.ByQuery)
}

func submit(form string) chromedp.Action {
	return chromedp.Click(fmt.Sprintf("form[data-testid=%q] [data-testid=submit]", form), chromedp.ByQuery)
}

func write(field, value string) chromedp.Action {
	return chromedp.SetValue("#"+field, value, chromedp.ByQuery)
}

// text reads what an element shows.
func (b *person) text(selector string) string {
	b.t.Helper()
	var s string
	b.do(chromedp.Text(selector, &s, chromedp.ByQuery))
	return s
}
