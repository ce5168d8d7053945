package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"spidsim/internal/store"
)

// record is what the writer of the kill test stores: twice in one transaction, with a key.
type record struct{ ID, Payload string }

func records(db *store.DB) (one, twin *store.Collection[record]) {
	keys := func(r *record) map[string]string { return map[string]string{"payload": r.Payload} }
	return store.NewCollection(db, "one", keys), store.NewCollection[record](db, "twin", nil)
}

// writeUntilKilled is the child: it stores from four goroutines and prints each id once it is acknowledged.
func writeUntilKilled(path string) {
	ctx := context.Background()
	db, err := Open(ctx, "sqlite:"+path, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	one, twin := records(db)
	fmt.Println("ready")
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				r := &record{ID: fmt.Sprintf("%d-%d-%d", os.Getpid(), g, i)}
				r.Payload = r.ID + strings.Repeat("x", 3000)
				err := db.Atomic(ctx, func(ctx context.Context) error {
					if err := one.Create(ctx, r.ID, r, time.Time{}); err != nil {
						return err
					}
					return twin.Create(ctx, r.ID, r, time.Time{})
				})
				if err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				fmt.Println(r.ID)
			}
		})
	}
	wg.Wait()
}

// TestKill kills a writer at random moments (SEC-80, as D-06 amends it: the process dies, not the machine).
func TestKill(t *testing.T) {
	t.Parallel()
	rounds := 20
	if testing.Short() {
		rounds = 10
	}
	path := filepath.Join(t.TempDir(), "kill.db")
	acknowledged := map[string]bool{}
	for range rounds {
		writeAndKill(t, path, acknowledged)
		checkAfterKill(t, path, acknowledged)
	}
	if len(acknowledged) < rounds {
		t.Fatalf("only %d documents were acknowledged in %d rounds: the test proves nothing", len(acknowledged), rounds)
	}
	t.Logf("%d documents acknowledged in %d rounds", len(acknowledged), rounds)
}

// writeAndKill lets the child acknowledge a random number of documents, and kills it.
func writeAndKill(t *testing.T, path string, acknowledged map[string]bool) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), envWriter+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for left := 1 + rand.IntN(120); left > 0; left-- {
		note(t, lines, acknowledged)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for note(t, lines, acknowledged) { // what it said before it died counts too
	}
	_ = child.Wait() // killed: always an error
}

// note takes one line of the child; half a line was no acknowledgement.
func note(t *testing.T, lines *bufio.Reader, acknowledged map[string]bool) bool {
	t.Helper()
	line, err := lines.ReadString('\n')
	if err != nil && err != io.EOF {
		t.Fatal(err)
	}
	if id := strings.TrimSpace(line); err == nil && id != "ready" {
		acknowledged[id] = true
	}
	return err == nil
}

func checkAfterKill(t *testing.T, path string, acknowledged map[string]bool) {
	t.Helper()
	ctx := t.Context()
	db := open(t, "sqlite:"+path, nil)
	defer db.Close()
	one, twin := records(db)
	seen := map[string]int{}
	for r, err := range one.Newest(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		seen[r.ID]++
		if other, err := twin.Get(ctx, r.ID); err != nil || other.Payload != r.Payload {
			t.Fatalf("%s has no twin of the same transaction: %v", r.ID, err)
		}
		if found, err := one.Find(ctx, "payload", r.Payload); err != nil || found.ID != r.ID {
			t.Fatalf("%s is not found by its key: %v", r.ID, err)
		}
	}
	for id := range acknowledged {
		if seen[id] != 1 {
			t.Fatalf("acknowledged %s is there %d times, want once", id, seen[id])
		}
	}
	if twins, err := twin.Count(ctx); err != nil || twins != len(seen) {
		t.Fatalf("%d twins of %d documents: %v", twins, len(seen), err)
	}
	integrity(t, path)
}

func integrity(t *testing.T, path string) {
	t.Helper()
	pool, err := openPool(dsn(path, "normal", "wal"), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var verdict string
	if err := pool.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Fatalf("integrity check: %q, %v", verdict, err)
	}
}
