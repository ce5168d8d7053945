// Package storetest is the contract of a store as a suite of tests, which every backend runs.
package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"spidsim/internal/store"
)

// Clock is the simulated time of a test; it stands until it is moved.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock at some moment.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)} }

// Now is the time shown.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move moves the clock by d.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Note is the document of the suite: A and B are keys.
type Note struct {
	Text  string `json:"text"`
	A     string `json:"a,omitempty"`
	B     string `json:"b,omitempty"`
	Count int    `json:"count"`

	Steps  []Step            `json:"steps,omitempty"`
	Facts  map[string]string `json:"facts,omitempty"`
	Parent *Step             `json:"parent,omitempty"`
	At     time.Time         `json:"at,omitzero"`
	Hidden string            `json:"-"`
}

// Step makes Note deep.
type Step struct {
	Name string              `json:"name"`
	Tags map[string][]string `json:"tags,omitempty"`
	Next *time.Time          `json:"next,omitempty"`
}

func deepNote(now time.Time) *Note {
	return &Note{
		Text: "deep", At: now, Hidden: "not stored", Facts: map[string]string{"a": "1"}, Parent: &Step{Name: "parent", Next: &now},
		Steps: []Step{{Name: "first", Tags: map[string][]string{"x": {"1", "2"}}}, {Name: "second"}},
	}
}

func noteKeys(n *Note) map[string]string { return map[string]string{"a": n.A, "b": n.B} }

// fixture is a fresh store with a clock and two collections, one with keys.
type fixture struct {
	*testing.T
	clock *Clock
	db    *store.DB
	plain *store.Collection[Note]
	keyed *store.Collection[Note]
}

// Run runs the suite. open returns a new empty store that uses the clock given; it is closed by the suite.
func Run(t *testing.T, open func(t *testing.T, now func() time.Time) *store.DB) {
	for _, group := range []map[string]func(*fixture){basics, keys, expiries, orders, updates, transactions, races} {
		for name, test := range group {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				clock := NewClock()
				db := open(t, clock.Now)
				t.Cleanup(func() {
					if err := db.Close(); err != nil {
						t.Errorf("closing: %v", err)
					}
				})
				test(&fixture{T: t, clock: clock, db: db,
					plain: store.NewCollection[Note](db, "plain", nil), keyed: store.NewCollection(db, "keyed", noteKeys)})
			})
		}
	}
}

// ok fails the test on an error.
func (f *fixture) ok(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *fixture) create(c *store.Collection[Note], id string, n Note) {
	f.Helper()
	f.ok(c.Create(f.Context(), id, &n, time.Time{}))
}

// want checks a document by id; the empty text means that there is none.
func (f *fixture) want(c *store.Collection[Note], id, text string) {
	f.Helper()
	n, err := c.Get(f.Context(), id)
	f.compare("document "+id, n, err, text)
}

// wantKey checks a document by key.
func (f *fixture) wantKey(key, value, text string) {
	f.Helper()
	n, err := f.keyed.Find(f.Context(), key, value)
	f.compare(fmt.Sprintf("document with %s %q", key, value), n, err, text)
}

func (f *fixture) texts(c *store.Collection[Note], limit int) (all []string) {
	f.Helper()
	for n, err := range c.Newest(f.Context(), limit) {
		f.ok(err)
		all = append(all, n.Text)
	}
	return all
}
