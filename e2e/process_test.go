package e2e

import (
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// A process killed during a login leaves keys, people, registrations and journal behind, and the login goes on or says that it
// is over (SEC-80, SEC-84).
func TestKill(t *testing.T) {
	data := t.TempDir()
	ports := []string{"--listen", freePort(t), "--portal-listen", freePort(t)}
	p := start(t, append([]string{"--data", data}, ports...)...)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	for round := range 5 {
		resp, err := client.Get(p.Portal + "/spid/login?level=1&binding=redirect")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		page := resp.Request.URL.String()
		if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		_ = p.cmd.Wait() // killed
		p = start(t, append([]string{"--data", data}, ports...)...)
		resp, err = client.PostForm(page, url.Values{"username": {"lucia.verdi"}, "password": {"prova"}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Fatalf("round %d: the half-done login answers %d", round, resp.StatusCode)
		}
		var users, services, exchanges struct{ Items []map[string]any }
		p.api(t, "users", &users)
		p.api(t, "service-providers", &services)
		p.api(t, "exchanges", &exchanges)
		if len(users.Items) < 12 || len(services.Items) != 1 || len(exchanges.Items) != round+1 {
			t.Fatalf("round %d: %d people, %d services, %d exchanges", round, len(users.Items), len(services.Items), len(exchanges.Items))
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestSecondProcess(t *testing.T) {
	data := t.TempDir()
	start(t, "--data", data)
	out, err := exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--portal-listen", "off", "--data", data).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "is in use by another spidsim") {
		t.Errorf("a second process on the same folder: %v\n%s", err, out)
	}
}

func TestStop(t *testing.T) {
	p := start(t, "--store", "memory:", "--data", t.TempDir())
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("stopped by a signal: %v", err)
	}
}
