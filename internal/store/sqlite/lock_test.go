package sqlite

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// lockUntilKilled is the child: it locks the folder, says so and waits to be killed.
func lockUntilKilled(dir string) {
	if _, err := LockDir(dir); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("locked")
	_, _ = os.Stdin.Read(make([]byte, 1)) // until the parent's end closes
}

// TestLock holds SEC-85: a second process is refused by name, and a killed one does not block.
func TestLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), envLocker+"="+dir)
	if _, err := child.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "locked\n" {
		t.Fatalf("child said %q, %v", line, err)
	}
	_, err = LockDir(dir)
	want := fmt.Sprintf("the data folder %s is in use by another spidsim (pid %d)", dir, child.Process.Pid)
	if err == nil || err.Error() != want {
		t.Errorf("error is %v, want %s", err, want)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	release, err := LockDir(dir)
	if err != nil {
		t.Fatalf("after the first was killed: %v", err)
	}
	if _, err := LockDir(dir); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("(pid %d)", os.Getpid())) {
		t.Errorf("second lock of one process: %v, want it refused with this pid", err)
	}
	release()
	again, err := LockDir(dir)
	if err != nil {
		t.Fatalf("after release: %v", err)
	}
	again()
}

func TestLockOfAMissingFolderIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := LockDir(t.TempDir() + "/missing"); err == nil {
		t.Fatal("locked a folder that is not there")
	}
}
