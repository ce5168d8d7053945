package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"spidsim/internal/store"
)

var errStop = errors.New("stop")

var updates = map[string]func(*fixture){
	"Update stores and returns what change made": func(f *fixture) {
		f.create(f.plain, "1", Note{Text: "one"})
		n, err := f.plain.Update(f.Context(), "1", func(n *Note) error { n.Text = "two"; return nil })
		f.ok(err)
		if n.Text != "two" {
			f.Fatalf("returned %q, want two", n.Text)
		}
		f.want(f.plain, "1", "two")
	},
	"an error of change is returned as it is and nothing is stored": func(f *fixture) {
		f.create(f.plain, "1", Note{Text: "one"})
		_, err := f.plain.Update(f.Context(), "1", func(n *Note) error { n.Text = "two"; return errStop })
		if err != errStop {
			f.Fatalf("error is %v, want errStop itself", err)
		}
		f.want(f.plain, "1", "one")
	},
	"Update that changes nothing is no fault": func(f *fixture) {
		f.create(f.plain, "1", Note{Text: "one"})
		_, err := f.plain.Update(f.Context(), "1", func(*Note) error { return nil })
		f.ok(err)
	},
	"change runs again when another was faster": func(f *fixture) {
		f.create(f.plain, "1", Note{Text: "one"})
		runs := 0
		n, err := f.plain.Update(f.Context(), "1", func(n *Note) error {
			if runs++; runs == 1 {
				f.ok(f.plain.Put(f.Context(), "1", &Note{Text: "meanwhile"}, time.Time{}))
			}
			n.Text += " and changed"
			return nil
		})
		f.ok(err)
		if runs != 2 || n.Text != "meanwhile and changed" {
			f.Fatalf("%d runs made %q", runs, n.Text)
		}
	},
	"a document deleted under an Update is not brought back": func(f *fixture) {
		f.create(f.plain, "1", Note{Text: "one"})
		_, err := f.plain.Update(f.Context(), "1", func(n *Note) error {
			n.Text = "two"
			if err := f.plain.Delete(f.Context(), "1"); !errors.Is(err, store.ErrNotFound) {
				f.ok(err)
			}
			return nil
		})
		f.is(err, store.ErrNotFound)
		f.want(f.plain, "1", "")
	},
	"a context that ended stops every call": func(f *fixture) {
		ctx, cancel := context.WithCancel(f.Context())
		f.create(f.plain, "1", Note{Text: "one"})
		cancel()
		f.is(f.plain.Create(ctx, "2", &Note{}, time.Time{}), context.Canceled)
		_, err := f.plain.Update(ctx, "1", func(n *Note) error { n.Text = "two"; return nil })
		f.is(err, context.Canceled)
		f.is(f.db.Atomic(ctx, func(context.Context) error { return nil }), context.Canceled)
		f.want(f.plain, "1", "one")
		f.want(f.plain, "2", "")
	},
}

var transactions = map[string]func(*fixture){
	"an Atomic that fails leaves nothing behind": func(f *fixture) {
		f.create(f.keyed, "1", Note{Text: "one", A: "a1"})
		f.create(f.keyed, "2", Note{Text: "two", A: "a2"})
		err := f.db.Atomic(f.Context(), func(ctx context.Context) error {
			f.ok(f.keyed.Create(ctx, "3", &Note{Text: "three", A: "a3"}, time.Time{}))
			f.ok(f.keyed.Delete(ctx, "1"))
			_, err := f.keyed.Update(ctx, "2", func(n *Note) error { n.Text, n.A = "changed", "a9"; return nil })
			f.ok(err)
			f.ok(f.plain.Put(ctx, "p", &Note{Text: "p"}, time.Time{}))
			return errStop
		})
		f.is(err, errStop)
		f.want(f.keyed, "3", "")
		f.wantKey("a", "a3", "")
		f.wantKey("a", "a1", "one")
		f.wantKey("a", "a2", "two")
		f.wantKey("a", "a9", "")
		f.want(f.plain, "p", "")
	},
	"an Atomic sees its own changes": func(f *fixture) {
		f.ok(f.db.Atomic(f.Context(), func(ctx context.Context) error {
			f.ok(f.keyed.Create(ctx, "1", &Note{Text: "one", A: "a1"}, time.Time{}))
			n, err := f.keyed.Find(ctx, "a", "a1")
			f.compare("found", n, err, "one")
			_, err = f.keyed.Update(ctx, "1", func(n *Note) error { n.Text = "two"; return nil })
			f.ok(err)
			n, err = f.keyed.Get(ctx, "1")
			f.compare("read", n, err, "two")
			for n, err := range f.keyed.Newest(ctx, 0) {
				f.compare("listed", n, err, "two")
			}
			return nil
		}))
		f.wantKey("a", "a1", "two")
	},
	"a refused Create within an Atomic leaves the rest to be committed": func(f *fixture) {
		f.create(f.keyed, "1", Note{Text: "one", A: "a1"})
		f.ok(f.db.Atomic(f.Context(), func(ctx context.Context) error {
			f.ok(f.keyed.Create(ctx, "2", &Note{Text: "two"}, time.Time{}))
			f.is(f.keyed.Create(ctx, "1", &Note{Text: "again"}, time.Time{}), store.ErrExists)
			f.is(f.keyed.Create(ctx, "3", &Note{Text: "three", A: "a1", B: "b3"}, time.Time{}), store.ErrExists)
			_, err := f.keyed.Update(ctx, "2", func(n *Note) error { n.Text, n.A = "changed", "a1"; return nil })
			f.is(err, store.ErrExists)
			return nil
		}))
		f.want(f.keyed, "1", "one")
		f.want(f.keyed, "2", "two")
		f.want(f.keyed, "3", "")
		f.wantKey("b", "b3", "")
	},
	"an Atomic within an Atomic is undone alone when it fails": func(f *fixture) {
		f.ok(f.db.Atomic(f.Context(), func(ctx context.Context) error {
			f.ok(f.keyed.Create(ctx, "1", &Note{Text: "one", A: "a1"}, time.Time{}))
			f.is(f.db.Atomic(ctx, func(ctx context.Context) error {
				f.ok(f.keyed.Create(ctx, "2", &Note{Text: "two", A: "a2"}, time.Time{}))
				f.ok(f.keyed.Delete(ctx, "1"))
				return errStop
			}), errStop)
			return f.db.Atomic(ctx, func(ctx context.Context) error {
				return f.keyed.Create(ctx, "3", &Note{Text: "three"}, time.Time{})
			})
		}))
		f.wantKey("a", "a1", "one")
		f.want(f.keyed, "2", "")
		f.wantKey("a", "a2", "")
		f.want(f.keyed, "3", "three")
	},
	"a panic within an Atomic undoes it and leaves the store usable": func(f *fixture) {
		func() {
			defer func() {
				if recover() == nil {
					f.Error("the panic was swallowed")
				}
			}()
			_ = f.db.Atomic(f.Context(), func(ctx context.Context) error {
				f.ok(f.plain.Create(ctx, "1", &Note{Text: "one"}, time.Time{}))
				panic("on purpose")
			})
		}()
		f.want(f.plain, "1", "")
		f.create(f.plain, "1", Note{Text: "two"})
	},
	"a context that ends within an Atomic does not tear it": func(f *fixture) {
		ctx, cancel := context.WithCancel(f.Context())
		err := f.db.Atomic(ctx, func(ctx context.Context) error {
			f.ok(f.plain.Create(ctx, "1", &Note{Text: "one"}, time.Time{}))
			cancel()
			return f.plain.Create(ctx, "2", &Note{Text: "two"}, time.Time{})
		})
		_, first := f.plain.Get(f.Context(), "1")
		_, second := f.plain.Get(f.Context(), "2")
		if (first == nil) != (second == nil) || (err == nil) != (first == nil) {
			f.Fatalf("Atomic: %v, first: %v, second: %v; want all or nothing", err, first, second)
		}
	},
}

// parallel runs fn in count goroutines at once.
func parallel(count int, fn func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range count {
		wg.Go(func() {
			<-start
			fn(i)
		})
	}
	close(start)
	wg.Wait()
}

var races = map[string]func(*fixture){
	"of fifty that create one id exactly one wins": func(f *fixture) {
		for round := range 5 {
			var won atomic.Int32
			parallel(50, func(i int) {
				err := f.plain.Create(f.Context(), fmt.Sprint(round), &Note{Text: fmt.Sprint(i)}, time.Time{})
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, store.ErrExists) {
					f.Errorf("error is %v, want ErrExists", err)
				}
			})
			if won.Load() != 1 {
				f.Fatalf("%d won, want 1", won.Load())
			}
		}
	},
	"of fifty that take one key exactly one wins, and the others leave nothing": func(f *fixture) {
		var won atomic.Int32
		parallel(50, func(i int) {
			if f.keyed.Create(f.Context(), fmt.Sprint(i), &Note{A: "same", B: fmt.Sprint(i)}, time.Time{}) == nil {
				won.Add(1)
			}
		})
		count, err := f.keyed.Count(f.Context())
		f.ok(err)
		if won.Load() != 1 || count != 1 {
			f.Fatalf("%d won and %d are stored, want 1 and 1", won.Load(), count)
		}
	},
	"eight that count together lose nothing": func(f *fixture) {
		f.create(f.plain, "counter", Note{})
		parallel(8, func(int) {
			for range 50 {
				if _, err := f.plain.Update(f.Context(), "counter", func(n *Note) error { n.Count++; return nil }); err != nil {
					f.Error(err)
				}
			}
		})
		f.counted(400)
	},
	"those that count within an Atomic lose nothing either": func(f *fixture) {
		f.create(f.plain, "counter", Note{})
		parallel(16, func(i int) {
			err := f.db.Atomic(f.Context(), func(ctx context.Context) error {
				if _, err := f.plain.Update(ctx, "counter", func(n *Note) error { n.Count++; return nil }); err != nil {
					return err
				}
				return f.plain.Create(ctx, fmt.Sprint(i), &Note{}, time.Time{})
			})
			if err != nil {
				f.Error(err)
			}
		})
		f.counted(16)
	},
	"readers never see half a transaction": func(f *fixture) {
		f.create(f.plain, "counter", Note{})
		f.create(f.plain, "twin", Note{})
		parallel(8, func(i int) {
			for range 25 {
				if i%2 == 0 {
					f.bothUp()
				} else {
					f.bothSame()
				}
			}
		})
	},
}

func (f *fixture) counted(want int) {
	f.Helper()
	n, err := f.plain.Get(f.Context(), "counter")
	f.ok(err)
	if n.Count != want {
		f.Fatalf("counted %d, want %d", n.Count, want)
	}
}

func (f *fixture) bothUp() {
	err := f.db.Atomic(f.Context(), func(ctx context.Context) error {
		for _, id := range []string{"counter", "twin"} {
			if _, err := f.plain.Update(ctx, id, func(n *Note) error { n.Count++; return nil }); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		f.Error(err)
	}
}

// bothSame reads both in one query, which every backend answers from one state.
func (f *fixture) bothSame() {
	items, _, err := f.plain.List(f.Context(), "", 2)
	if err != nil || len(items) != 2 {
		f.Errorf("%d items, %v; want 2", len(items), err)
		return
	}
	if items[0].Count != items[1].Count {
		f.Errorf("read %d and %d, want the same", items[0].Count, items[1].Count)
	}
}
