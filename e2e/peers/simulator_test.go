package peers

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	startTime = 60 * time.Second // with a dozen fresh RSA keys on a busy machine
	stopTime  = 20 * time.Second
	pollEvery = 20 * time.Millisecond
	callTime  = 30 * time.Second
)

// simulator is a running process with its own data folder.
type simulator struct {
	IdP    string `json:"idp_base"`
	Portal string `json:"portal_base"`

	ready  string // path of the ready file
	log    string // path of what it wrote
	exited chan error
}

// startSimulator starts the program on free ports and waits until it is ready. It is stopped with the test.
func startSimulator(t *testing.T, store string) *simulator {
	t.Helper()
	dir := t.TempDir()
	s := &simulator{ready: filepath.Join(dir, "ready.json"), log: filepath.Join(dir, "log"), exited: make(chan error, 1)}
	out, err := os.Create(s.log)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--portal-listen", "127.0.0.1:0", "--store", store,
		"--mode", "ci", "--data", filepath.Join(dir, "data"), "--ready-file", s.ready, "--quiet")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		s.exited <- cmd.Wait()
		_ = out.Close() // written by the process, nothing of ours is buffered
	}()
	t.Cleanup(func() { s.stop(t, cmd.Process) })
	s.waitReady(t)
	return s
}

func (s *simulator) waitReady(t *testing.T) {
	t.Helper()
	tick, end := time.NewTicker(pollEvery), time.After(startTime)
	defer tick.Stop()
	for {
		body, err := os.ReadFile(s.ready)
		if err == nil {
			if err := json.Unmarshal(body, s); err != nil {
				t.Fatalf("ready file %q: %v", body, err)
			}
			return
		}
		select {
		case <-tick.C:
		case err := <-s.exited:
			s.exited <- err
			t.Fatalf("the simulator ended before it was ready: %v", err)
		case <-end:
			t.Fatalf("the simulator was not ready within %s", startTime)
		}
	}
}

// stop ends the process as an operator would, and shows its log when the test failed.
func (s *simulator) stop(t *testing.T, p *os.Process) {
	_ = p.Signal(syscall.SIGTERM) // it may have ended by itself, which the next lines report
	select {
	case err := <-s.exited:
		if err != nil {
			t.Errorf("the simulator ended with %v, want exit code 0", err)
		}
	case <-time.After(stopTime):
		t.Errorf("the simulator did not stop within %s", stopTime)
		_ = p.Kill()
	}
	if t.Failed() {
		log, _ := os.ReadFile(s.log)
		t.Logf("log of the simulator:\n%s", log)
	}
}

// account is what the API tells about a test person.
type account struct {
	Username   string            `json:"username"`
	Password   string            `json:"password"`
	FiscalCode string            `json:"fiscal_code"`
	Attributes map[string]string `json:"attributes"`
	Card       *struct {
		PIN string `json:"pin"`
	} `json:"card"`
}

func (s *simulator) account(t *testing.T, username string) *account {
	t.Helper()
	var a account
	s.call(t, http.MethodGet, "users/"+username, "", nil, http.StatusOK, &a)
	return &a
}

// finding is what the rules noted about a document.
type finding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Title    string `json:"title_en"`
	Found    string `json:"found"`
	Wanted   string `json:"wanted"`
}

func (f finding) String() string {
	return f.Rule + " " + f.Severity + ": " + f.Title + " (found " + quoted(f.Found) + ", wanted " + quoted(f.Wanted) + ")"
}

func quoted(s string) string {
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return `"` + s + `"`
}

// register gives the metadata of a service provider to the simulator and returns what the rules noted.
func (s *simulator) register(t *testing.T, metadata []byte) []finding {
	t.Helper()
	var answer struct {
		Findings []finding `json:"findings"`
	}
	s.call(t, http.MethodPost, "service-providers", "application/samlmetadata+xml", metadata, http.StatusCreated, &answer)
	return answer.Findings
}

// exchange is one AuthnRequest with what came of it.
type exchange struct {
	Binding  string    `json:"binding"`
	Level    int       `json:"level"`
	Anomaly  int       `json:"anomaly"`
	Request  string    `json:"request"`
	Findings []finding `json:"findings"`
}

// lastExchange is the newest of the journal.
func (s *simulator) lastExchange(t *testing.T) exchange {
	t.Helper()
	var list struct {
		Items []exchange `json:"items"`
	}
	s.call(t, http.MethodGet, "exchanges?limit=1", "", nil, http.StatusOK, &list)
	if len(list.Items) != 1 {
		t.Fatalf("the journal has %d exchanges, want at least one", len(list.Items))
	}
	return list.Items[0]
}

// call speaks to the API; an answer with another status fails the test with its body.
func (s *simulator) call(t *testing.T, method, path, contentType string, body []byte, status int, into any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.IdP+"/api/v1/"+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	client := http.Client{Timeout: callTime}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != status {
		t.Fatalf("%s %s answers %d, want %d:\n%s", method, path, res.StatusCode, status, strings.TrimSpace(string(answer)))
	}
	if err := json.Unmarshal(answer, into); err != nil {
		t.Fatalf("%s %s: %v in %q", method, path, err, answer)
	}
}
