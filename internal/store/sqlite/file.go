package sqlite

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"spidsim/internal/store"
)

// readers is how many connections read a file beside the one that writes.
const readers = 4

// wholeCheckBelow is up to which size a file is read and checked whole at every start; a bigger one only after a crash.
const wholeCheckBelow = 32 << 20

// openFile opens the database at path. A path where nothing is gets a new database; anything else than a whole
// database of ours is refused and left as it is (SEC-83).
func openFile(ctx context.Context, path, synchronous string, now func() time.Time) (*store.DB, error) {
	there, err := present(path)
	if err != nil {
		return nil, err
	}
	if !there {
		if err := createFile(ctx, path); err != nil {
			return nil, fmt.Errorf("creating the database file %s: %w", path, err)
		}
	}
	whole, err := precheck(path)
	if err != nil {
		return nil, err
	}
	writer, err := openPool(dsn(path, synchronous, "wal"), 1)
	if err != nil {
		return nil, err
	}
	if err := check(ctx, writer, whole); err != nil {
		return nil, errors.Join(explain(path, err), writer.Close())
	}
	reader, err := openPool(dsn(path, synchronous, "wal"), readers)
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	db, err := store.New(ctx, writer, store.Options{Now: now, Reader: reader, OneWriter: true})
	return db, explain(path, err)
}

// dsn is the driver's address of a file; its characters are escaped, for ? and # would end the path.
func dsn(path, synchronous, journal string) string {
	q := url.Values{
		"_pragma": {"busy_timeout(5000)", "foreign_keys(1)", "journal_mode(" + journal + ")", "synchronous(" + synchronous + ")"},
		"_txlock": {"immediate"},
	}
	path = filepath.ToSlash(path)
	if runtime.GOOS == "windows" && filepath.VolumeName(path) != "" {
		path = "/" + path // file:/C:/folder/file
	}
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	return "file:" + escaped + "?" + q.Encode()
}

// present reports whether a database is at path. What is there but is no file, and what SQLite leaves beside a database that
// is gone, are errors: data existed.
func present(path string) (bool, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.Mode().IsRegular():
		return true, nil
	case err == nil && info.IsDir():
		return false, fmt.Errorf("the database file %s is a folder, want a file", path)
	case err == nil:
		return false, fmt.Errorf("the database file %s is not a regular file", path)
	case !errors.Is(err, fs.ErrNotExist):
		return false, fmt.Errorf("the database file %s: %w", path, err)
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return false, fmt.Errorf("the database file %s is missing, but %s-wal shows that it was there: restore it, or remove the latter to start empty", path, path)
	}
	return false, nil
}

// createFile makes an empty database under a temporary name and then gives it its own, so that a file at path is always a
// whole database (SEC-81). Its mode is 0600, and SQLite gives its companions the same.
func createFile(ctx context.Context, path string) error {
	fresh := path + ".new"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	pool, err := openPool(dsn(fresh, "full", "delete"), 1)
	if err != nil {
		return err
	}
	db, err := store.New(ctx, pool, store.Options{OneWriter: true})
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// magic opens every SQLite file.
const magic = "SQLite format 3\x00"

// precheck reads the header before SQLite does: the mark, and whether the file has as many pages as it says. It reports whether
// the file must be checked whole: it is small, or the last process left without closing it.
func precheck(path string) (whole bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("the database file %s: %w", path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, fmt.Errorf("the database file %s: %w", path, err)
	}
	header := make([]byte, 100)
	if _, err := io.ReadFull(f, header); err != nil {
		return false, damaged(path, fmt.Sprintf("it has %d octets", info.Size()))
	}
	if string(header[:len(magic)]) != magic {
		return false, damaged(path, "it does not begin as an SQLite database does")
	}
	if write, read := header[18], header[19]; write < 1 || write > 2 || read < 1 || read > 2 {
		return false, damaged(path, fmt.Sprintf("its format is %d/%d, want 1 or 2", write, read)) // SQLite would open it for reading only
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return true, nil // SQLite completes the file from its log first
	}
	if want := headerSize(header); info.Size() < want {
		return false, damaged(path, fmt.Sprintf("it has %d octets, want %d", info.Size(), want))
	}
	return info.Size() <= wholeCheckBelow, nil
}

// headerSize is the size in octets that the header tells (SQLite file format, 1.3.2 and 1.3.7).
func headerSize(header []byte) int64 {
	page := int64(binary.BigEndian.Uint16(header[16:]))
	if page == 1 {
		page = 65536
	}
	return page * int64(binary.BigEndian.Uint32(header[28:]))
}

// check reads the database through SQLite: it must be ours and, when whole is set, be sound in every page.
func check(ctx context.Context, pool *sql.DB, whole bool) error {
	var ours int
	err := pool.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'store_version'`).Scan(&ours)
	if err != nil {
		return err
	}
	if ours == 0 {
		return errors.New("is an SQLite database, but not one of spidsim")
	}
	if !whole {
		return nil
	}
	var verdict string
	if err := pool.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return errors.New("damaged: " + verdict)
	}
	return nil
}

// explain names the file in an error.
func explain(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the database file %s: %w", path, err)
}

func damaged(path, why string) error {
	return fmt.Errorf("the database file %s is damaged: %s; restore a copy, or move it away to start empty", path, why)
}
