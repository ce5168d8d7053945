package storetest

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"spidsim/internal/store"
)

func (f *fixture) compare(what string, n *Note, err error, text string) {
	f.Helper()
	switch {
	case text == "" && !errors.Is(err, store.ErrNotFound):
		f.Fatalf("%s is %+v with error %v, want ErrNotFound", what, n, err)
	case text == "":
	case err != nil:
		f.Fatalf("%s: %v, want %q", what, err, text)
	case n.Text != text:
		f.Fatalf("%s is %q, want %q", what, n.Text, text)
	}
}

func (f *fixture) is(err, want error) {
	f.Helper()
	if !errors.Is(err, want) {
		f.Fatalf("error is %v, want %v", err, want)
	}
}

var basics = map[string]func(*fixture){
	"what was created is read back as it was": func(f *fixture) {
		n := Note{Text: "è <b>&\u2028 \x00 \"", Count: 1 << 53}
		f.create(f.plain, "id/ÿ ?", n)
		got, err := f.plain.Get(f.Context(), "id/ÿ ?")
		f.ok(err)
		if !reflect.DeepEqual(*got, n) {
			f.Fatalf("got %+v, want %+v", *got, n)
		}
	},
	"every reading is the reader's own": func(f *fixture) {
		want := deepNote(f.clock.Now())
		f.ok(f.plain.Create(f.Context(), "1", want, time.Time{}))
		want.Hidden = ""
		for range 3 {
			got, err := f.plain.Get(f.Context(), "1")
			f.ok(err)
			if !reflect.DeepEqual(got, want) {
				f.Fatalf("got %+v, want %+v", got, want)
			}
			spoil(got)
			_, err = f.plain.Update(f.Context(), "1", func(n *Note) error { spoil(n); return errStop })
			f.is(err, errStop)
		}
		changed, err := f.plain.Update(f.Context(), "1", func(n *Note) error { n.Text, n.Hidden = "changed", "not stored"; return nil })
		f.ok(err)
		spoil(changed)
		want.Text = "changed"
		if got, err := f.plain.Get(f.Context(), "1"); err != nil || !reflect.DeepEqual(got, want) {
			f.Fatalf("got %+v, want %+v (%v)", got, want, err)
		}
	},
	"two collections may see one kind as different types": func(f *fixture) {
		type other struct {
			Text string `json:"text"`
		}
		others := store.NewCollection[other](f.db, "plain", nil)
		f.create(f.plain, "1", Note{Text: "one"})
		for range 2 {
			f.want(f.plain, "1", "one")
			if got, err := others.Get(f.Context(), "1"); err != nil || got.Text != "one" {
				f.Fatalf("got %+v (%v)", got, err)
			}
		}
	},
	"a large document is kept whole": func(f *fixture) {
		text := strings.Repeat("<saml:Assertion/>è", 100_000)
		f.create(f.plain, "large", Note{Text: text})
		f.want(f.plain, "large", text)
	},
	"a second document of the same id is refused and the first one stays": func(f *fixture) {
		f.create(f.plain, "1", Note{Text: "first"})
		f.is(f.plain.Create(f.Context(), "1", &Note{Text: "second"}, time.Time{}), store.ErrExists)
		f.want(f.plain, "1", "first")
	},
	"kinds do not see each other": func(f *fixture) {
		f.create(f.plain, "1", Note{Text: "plain"})
		f.create(f.keyed, "1", Note{Text: "keyed"})
		f.want(f.plain, "1", "plain")
		f.want(f.keyed, "1", "keyed")
	},
	"what is not there is ErrNotFound to every call": func(f *fixture) {
		f.want(f.plain, "x", "")
		f.wantKey("a", "x", "")
		f.is(f.plain.Delete(f.Context(), "x"), store.ErrNotFound)
		_, err := f.plain.Update(f.Context(), "x", func(*Note) error { f.Error("change was called"); return nil })
		f.is(err, store.ErrNotFound)
	},
	"what was deleted is gone and its id is free": func(f *fixture) {
		f.create(f.plain, "1", Note{Text: "first"})
		f.ok(f.plain.Delete(f.Context(), "1"))
		f.want(f.plain, "1", "")
		f.create(f.plain, "1", Note{Text: "second"})
		f.want(f.plain, "1", "second")
	},
	"Put creates and replaces": func(f *fixture) {
		f.ok(f.plain.Put(f.Context(), "1", &Note{Text: "first"}, time.Time{}))
		f.want(f.plain, "1", "first")
		f.ok(f.plain.Put(f.Context(), "1", &Note{Text: "second"}, time.Time{}))
		f.want(f.plain, "1", "second")
	},
	"Ping answers": func(f *fixture) { f.ok(f.db.Ping(f.Context())) },
}

// spoil changes everything that a note reaches.
func spoil(n *Note) {
	n.Text, n.Facts["a"], n.Facts["b"] = "spoilt", "spoilt", "spoilt"
	n.Steps[0].Tags["x"][0] = "spoilt"
	n.Steps[1].Name = "spoilt"
	n.Parent.Name = "spoilt"
	*n.Parent.Next = time.Time{}
}

var keys = map[string]func(*fixture){
	"a document is found by each of its keys and by no other value": func(f *fixture) {
		f.create(f.keyed, "1", Note{Text: "one", A: "a1", B: "b1"})
		f.wantKey("a", "a1", "one")
		f.wantKey("b", "b1", "one")
		f.wantKey("a", "b1", "")
		f.wantKey("a", "A1", "")
	},
	"a taken key refuses the whole document": func(f *fixture) {
		f.create(f.keyed, "1", Note{Text: "one", A: "a1"})
		f.is(f.keyed.Create(f.Context(), "2", &Note{Text: "two", A: "a1", B: "b2"}, time.Time{}), store.ErrExists)
		f.want(f.keyed, "2", "")
		f.wantKey("a", "a1", "one")
		f.create(f.keyed, "3", Note{Text: "three", B: "b2"})
	},
	"an empty value is no key": func(f *fixture) {
		f.create(f.keyed, "1", Note{Text: "one"})
		f.create(f.keyed, "2", Note{Text: "two"})
		f.wantKey("a", "", "")
	},
	"Delete frees the keys": func(f *fixture) {
		f.create(f.keyed, "1", Note{Text: "one", A: "a1"})
		f.ok(f.keyed.Delete(f.Context(), "1"))
		f.wantKey("a", "a1", "")
		f.create(f.keyed, "2", Note{Text: "two", A: "a1"})
		f.wantKey("a", "a1", "two")
	},
	"Update moves the keys that changed": func(f *fixture) {
		f.create(f.keyed, "1", Note{Text: "one", A: "a1", B: "b1"})
		_, err := f.keyed.Update(f.Context(), "1", func(n *Note) error { n.A, n.B = "a2", ""; return nil })
		f.ok(err)
		f.wantKey("a", "a1", "")
		f.wantKey("b", "b1", "")
		f.wantKey("a", "a2", "one")
		f.create(f.keyed, "2", Note{Text: "two", A: "a1", B: "b1"})
	},
	"Update to a taken key changes nothing": func(f *fixture) {
		f.create(f.keyed, "1", Note{Text: "one", A: "a1", B: "b1"})
		f.create(f.keyed, "2", Note{Text: "two", A: "a2"})
		_, err := f.keyed.Update(f.Context(), "1", func(n *Note) error { n.Text, n.A, n.B = "changed", "a2", "b9"; return nil })
		f.is(err, store.ErrExists)
		f.want(f.keyed, "1", "one")
		f.wantKey("a", "a1", "one")
		f.wantKey("b", "b1", "one")
		f.wantKey("a", "a2", "two")
		f.wantKey("b", "b9", "")
	},
	"Update may swap the values of two keys": func(f *fixture) {
		f.create(f.keyed, "1", Note{Text: "one", A: "x", B: "y"})
		_, err := f.keyed.Update(f.Context(), "1", func(n *Note) error { n.A, n.B = n.B, n.A; return nil })
		f.ok(err)
		f.wantKey("a", "y", "one")
		f.wantKey("b", "x", "one")
	},
	"Put replaces the keys": func(f *fixture) {
		f.create(f.keyed, "1", Note{Text: "one", A: "a1", B: "b1"})
		f.ok(f.keyed.Put(f.Context(), "1", &Note{Text: "two", A: "a2", B: "b1"}, time.Time{}))
		f.wantKey("a", "a1", "")
		f.wantKey("a", "a2", "two")
		f.wantKey("b", "b1", "two")
	},
	"Put of a taken key changes nothing": func(f *fixture) {
		f.create(f.keyed, "1", Note{Text: "one", A: "a1"})
		f.create(f.keyed, "2", Note{Text: "two", A: "a2"})
		f.is(f.keyed.Put(f.Context(), "1", &Note{Text: "new", A: "a2"}, time.Time{}), store.ErrExists)
		f.wantKey("a", "a1", "one")
		f.wantKey("a", "a2", "two")
	},
}

var expiries = map[string]func(*fixture){
	"a document is there before its expiry and absent from it on": func(f *fixture) {
		f.ok(f.keyed.Create(f.Context(), "1", &Note{Text: "one", A: "a1"}, f.clock.Now().Add(time.Minute)))
		f.clock.Move(time.Minute - time.Millisecond)
		f.want(f.keyed, "1", "one")
		f.wantKey("a", "a1", "one")
		f.clock.Move(time.Millisecond)
		f.absent("1", "a1")
	},
	"the id and the keys of an expired document can be taken": func(f *fixture) {
		soon := f.clock.Now().Add(time.Minute)
		f.ok(f.keyed.Create(f.Context(), "1", &Note{Text: "one", A: "a1", B: "b1"}, soon))
		f.ok(f.keyed.Create(f.Context(), "2", &Note{Text: "two", A: "a2"}, soon))
		f.clock.Move(time.Minute)
		f.create(f.keyed, "1", Note{Text: "new", A: "a2"})
		f.wantKey("a", "a2", "new")
		f.wantKey("a", "a1", "")
		f.wantKey("b", "b1", "")
		f.create(f.keyed, "3", Note{Text: "three", A: "a1", B: "b1"})
		f.wantKey("a", "a1", "three")
	},
	"Put over an expired document makes a new one": func(f *fixture) {
		f.ok(f.plain.Create(f.Context(), "1", &Note{Text: "one"}, f.clock.Now().Add(time.Minute)))
		f.create(f.plain, "2", Note{Text: "two"})
		f.clock.Move(time.Minute)
		f.ok(f.plain.Put(f.Context(), "1", &Note{Text: "new"}, time.Time{}))
		f.same(f.texts(f.plain, 0), "new", "two")
	},
	"an expired document cannot be updated or deleted": func(f *fixture) {
		f.ok(f.plain.Create(f.Context(), "1", &Note{Text: "one"}, f.clock.Now().Add(time.Minute)))
		f.clock.Move(time.Hour)
		_, err := f.plain.Update(f.Context(), "1", func(*Note) error { return nil })
		f.is(err, store.ErrNotFound)
		f.is(f.plain.Delete(f.Context(), "1"), store.ErrNotFound)
	},
	"an Update keeps the expiry": func(f *fixture) {
		f.ok(f.plain.Create(f.Context(), "1", &Note{Text: "one"}, f.clock.Now().Add(time.Minute)))
		_, err := f.plain.Update(f.Context(), "1", func(n *Note) error { n.Text = "new"; return nil })
		f.ok(err)
		f.clock.Move(time.Minute)
		f.want(f.plain, "1", "")
	},
	"a clock set back brings back what was not swept": func(f *fixture) {
		f.ok(f.plain.Create(f.Context(), "1", &Note{Text: "one"}, f.clock.Now().Add(time.Minute)))
		f.clock.Move(time.Hour)
		f.want(f.plain, "1", "")
		f.clock.Move(-time.Hour)
		f.want(f.plain, "1", "one")
	},
	"Sweep deletes what has expired, in batches, and nothing else": func(f *fixture) {
		soon := f.clock.Now().Add(time.Minute)
		f.ok(f.db.Atomic(f.Context(), f.many(600, soon)))
		f.create(f.keyed, "stays", Note{Text: "stays", A: "stays"})
		f.clock.Move(time.Minute)
		f.create(f.keyed, "took", Note{Text: "took", A: "key-7"})
		f.sweeps(600)
		f.sweeps(0)
		f.wantKey("a", "stays", "stays")
		f.wantKey("a", "key-7", "took")
		f.clock.Move(-time.Hour)
		f.absent("7", "key-8")
	},
}

func (f *fixture) sweeps(want int) {
	f.Helper()
	got, err := f.db.Sweep(f.Context())
	f.ok(err)
	if got != want {
		f.Fatalf("swept %d, want %d", got, want)
	}
}

func (f *fixture) absent(id, a string) {
	f.Helper()
	f.want(f.keyed, id, "")
	f.wantKey("a", a, "")
	for _, text := range f.texts(f.keyed, 0) {
		if text == "one" {
			f.Fatal("it is still among the newest")
		}
	}
}

func (f *fixture) same(got []string, want ...string) {
	f.Helper()
	if !slices.Equal(got, want) {
		f.Fatalf("got %q, want %q", got, want)
	}
}
