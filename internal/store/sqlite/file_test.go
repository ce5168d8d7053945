package sqlite

import (
	"bytes"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spidsim/internal/store"
)

// filled makes a database with some documents, closed.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "spidsim.db")
	db := open(t, "sqlite:"+path, nil)
	notes := store.NewCollection[record](db, "note", nil)
	for i := range 20 {
		if err := notes.Create(t.Context(), fmt.Sprint(i), &record{Payload: strings.Repeat("x", 2000)}, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func statement(t *testing.T, path, text string) {
	t.Helper()
	pool, err := sql.Open("sqlite", dsn(path, "normal", "wal"))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Exec(text); err != nil {
		t.Fatal(err)
	}
}

// TestRefused holds SEC-83 and D-21: what is no whole database of ours is refused, named, and left as it is.
func TestRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		harm func(t *testing.T, path string)
		want string // in the message, beside the path
	}{
		"a byte flipped in the mark":        {flip(3), "does not begin as an SQLite database"},
		"a byte flipped in the page size":   {flip(16), ""},
		"a byte flipped in the format":      {flip(18), "its format is"},
		"a byte flipped in the first table": {flip(100), ""},
		"zeros over the second page":        {zeros(4096, 4096), "damaged"},
		"cut in the middle of a page":       {cut(4096*3 + 100), "is damaged: it has 12388 octets"},
		"cut at a page's end":               {cut(4096 * 3), "is damaged: it has 12288 octets"},
		"cut within the header":             {cut(50), "is damaged: it has 50 octets"},
		"cut to nothing":                    {cut(0), "is damaged: it has 0 octets"},
		"some text": {func(t *testing.T, path string) {
			write(t, path, []byte(strings.Repeat("hello, world ", 100)))
		}, "does not begin as an SQLite database"},
		"somebody else's SQLite database": {func(t *testing.T, path string) {
			remove(t, path)
			statement(t, path, `CREATE TABLE contacts (name TEXT)`)
		}, "not one of spidsim"},
		"a newer schema": {func(t *testing.T, path string) {
			statement(t, path, `UPDATE store_version SET version = 7`)
		}, "has schema version 7, this spidsim knows versions up to 1"},
		"a folder": {func(t *testing.T, path string) {
			remove(t, path)
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "is a folder"},
		"a log without its database": {func(t *testing.T, path string) {
			remove(t, path)
			write(t, path+"-wal", []byte("something"))
		}, "is missing, but"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filled(t)
			tt.harm(t, path)
			before, _ := os.ReadFile(path) // fails for a folder and for nothing: then both are empty
			db, err := Open(t.Context(), "sqlite:"+path, nil)
			if err == nil {
				t.Fatal(errors.Join(errors.New("opened"), db.Close()))
			}
			if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("message %q, want the path and %q", err, tt.want)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestNewerErrorIsTyped(t *testing.T) {
	t.Parallel()
	path := filled(t)
	statement(t, path, `UPDATE store_version SET version = 2`)
	_, err := Open(t.Context(), "sqlite:"+path, nil)
	if newer, ok := errors.AsType[*store.NewerError](err); !ok || newer.Found != 2 || newer.Known != store.Version {
		t.Fatalf("error is %v, want a NewerError of 2 and %d", err, store.Version)
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		// To root every file is readable; a name behind a file is refused to everybody.
		path := filepath.Join(filled(t), "below.db")
		if _, err := Open(t.Context(), "sqlite:"+path, nil); err == nil || !strings.Contains(err.Error(), path) {
			t.Fatalf("error is %v, want one that names %s", err, path)
		}
		return
	}
	path := filled(t)
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), "sqlite:"+path, nil); err == nil || !strings.Contains(err.Error(), path) {
		t.Fatalf("error is %v, want one that names %s", err, path)
	}
}

func TestFolderThatIsMissingIsNotMade(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "missing", "x.db")
	if _, err := Open(t.Context(), "sqlite:"+path, nil); err == nil || !strings.Contains(err.Error(), path) {
		t.Fatalf("error is %v, want one that names %s", err, path)
	}
}

func TestFilesAreForTheOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a#b%41.db")
	db := open(t, "sqlite:"+path, nil)
	defer db.Close()
	if err := store.NewCollection[record](db, "x", nil).Create(t.Context(), "1", &record{}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	var names []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, e.Name())
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %04o, want 0600", e.Name(), info.Mode().Perm())
		}
	}
	if got, want := strings.Join(names, " "), "a#b%41.db a#b%41.db-shm a#b%41.db-wal"; got != want {
		t.Errorf("files %q, want %q", got, want)
	}
}

func TestWhatAnInterruptedCreationLeftDoesNotBlock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	write(t, path+".new", []byte("half"))
	if err := open(t, "sqlite:"+path, nil).Close(); err != nil {
		t.Fatal(err)
	}
}

func TestDurability(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"": "1", "?synchronous=normal": "1", "?synchronous=full": "2"} {
		path := filled(t)
		level, err := durability(strings.TrimPrefix(address, "?"))
		if err != nil {
			t.Fatal(err)
		}
		pool, err := openPool(dsn(path, level, "wal"), 1)
		if err != nil {
			t.Fatal(err)
		}
		defer pool.Close()
		for pragma, want := range map[string]string{"synchronous": want, "journal_mode": "wal", "foreign_keys": "1", "busy_timeout": "5000"} {
			var got string
			if err := pool.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
				t.Errorf("%q: %s is %q, want %q (%v)", address, pragma, got, want, err)
			}
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "memory", "sqlite:", "postgres://x", "sqlite:x.db?synchronous=off", "sqlite:x.db?mode=ro", "sqlite:x.db?synchronous=full&synchronous=full"} {
		if _, err := Open(t.Context(), address, nil); err == nil {
			t.Errorf("address %q was taken", address)
		}
	}
}

func TestMemoriesArePrivate(t *testing.T) {
	t.Parallel()
	a, b := open(t, "memory:", nil), open(t, "memory:", nil)
	defer a.Close()
	defer b.Close()
	if err := store.NewCollection[record](a, "x", nil).Create(t.Context(), "1", &record{}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.NewCollection[record](b, "x", nil).Get(t.Context(), "1"); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("error is %v, want ErrNotFound", err)
	}
}

func TestReopenKeepsDocumentsAndOrder(t *testing.T) {
	t.Parallel()
	path := filled(t)
	for i := range 3 {
		back := func() time.Time { return time.Date(2026-i/2, 3, 1, 0, 0, 0, 0, time.UTC) } // the last time a year earlier
		db := open(t, "sqlite:"+path, back)
		again := store.NewCollection[record](db, "again", nil)
		id := fmt.Sprint(9 - i)
		if err := again.Create(t.Context(), id, &record{ID: id}, time.Time{}); err != nil {
			t.Fatal(err)
		}
		for r, err := range again.Newest(t.Context(), 1) {
			if err != nil || r.ID != id {
				t.Fatalf("newest is %v, want %s (%v)", r, id, err)
			}
		}
		if n, err := store.NewCollection[record](db, "note", nil).Count(t.Context()); n != 20 || err != nil {
			t.Fatalf("%d notes, want 20 (%v)", n, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func flip(at int64) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		data := read(t, path)
		data[at] ^= 0xff
		write(t, path, data)
	}
}

func zeros(from, count int) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		data := read(t, path)
		if page := binary.BigEndian.Uint16(data[16:]); page != 4096 {
			t.Fatalf("pages have %d octets; the test expects 4096", page)
		}
		clear(data[from : from+count])
		write(t, path, data)
	}
}

func cut(size int64) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}
