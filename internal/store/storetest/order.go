package storetest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"spidsim/internal/store"
)

// many returns what creates notes "0", "1", … with keys "key-0", ….
func (f *fixture) many(count int, expires time.Time) func(context.Context) error {
	return func(ctx context.Context) error {
		for i := range count {
			n := &Note{Text: fmt.Sprint(i), A: fmt.Sprint("key-", i)}
			if err := f.keyed.Create(ctx, n.Text, n, expires); err != nil {
				return err
			}
		}
		return nil
	}
}

var orders = map[string]func(*fixture){
	"the newest come first, also after the clock was set back (SEC-86)": func(f *fixture) {
		f.create(f.plain, "z", Note{Text: "1"})
		f.create(f.plain, "a", Note{Text: "2"})
		f.clock.Move(-240 * time.Hour)
		f.create(f.plain, "m", Note{Text: "3"})
		f.clock.Move(time.Minute)
		f.ok(f.plain.Put(f.Context(), "b", &Note{Text: "4"}, time.Time{}))
		f.clock.Move(240 * time.Hour)
		f.create(f.plain, "c", Note{Text: "5"})
		f.same(f.texts(f.plain, 0), "5", "4", "3", "2", "1")
		f.same(f.texts(f.plain, 2), "5", "4")
		f.same(f.texts(f.plain, 9), "5", "4", "3", "2", "1")
	},
	"Update and Put do not change the order": func(f *fixture) {
		f.create(f.plain, "1", Note{Text: "1"})
		f.clock.Move(time.Second)
		f.create(f.plain, "2", Note{Text: "2"})
		f.clock.Move(time.Second)
		_, err := f.plain.Update(f.Context(), "1", func(n *Note) error { n.Text = "1 new"; return nil })
		f.ok(err)
		f.ok(f.plain.Put(f.Context(), "1", &Note{Text: "1 newer"}, time.Time{}))
		f.same(f.texts(f.plain, 0), "2", "1 newer")
	},
	"more than a page is listed whole, and the loop may use the store": func(f *fixture) {
		f.ok(f.db.Atomic(f.Context(), f.many(450, time.Time{})))
		i := 450
		for n, err := range f.keyed.Newest(f.Context(), 0) {
			f.ok(err)
			if i--; n.Text != fmt.Sprint(i) {
				f.Fatalf("got %s, want %d", n.Text, i)
			}
			if i%100 == 0 {
				f.want(f.keyed, n.Text, n.Text)
				f.ok(f.keyed.Delete(f.Context(), n.Text))
			}
		}
		if i != 0 {
			f.Fatalf("%d were not listed", i)
		}
		f.same(f.texts(f.keyed, 1), "449")
		if got := len(f.texts(f.keyed, 201)); got != 201 {
			f.Fatalf("listed %d, want 201", got)
		}
	},
	"a loop may be left at any time": func(f *fixture) {
		f.ok(f.db.Atomic(f.Context(), f.many(3, time.Time{})))
		for range f.keyed.Newest(f.Context(), 0) {
			break
		}
		f.want(f.keyed, "1", "1")
	},
	"pages follow each other without gap or overlap": func(f *fixture) {
		f.ok(f.db.Atomic(f.Context(), f.many(7, time.Time{})))
		var got []string
		for after, pages := "", 1; ; pages++ {
			items, next, err := f.keyed.List(f.Context(), after, 3)
			f.ok(err)
			for _, n := range items {
				got = append(got, n.Text)
			}
			if next == "" {
				break
			}
			if after = next; pages > 3 {
				f.Fatal("more than three pages")
			}
		}
		f.same(got, "6", "5", "4", "3", "2", "1", "0")
	},
	"a full last page has no next": func(f *fixture) {
		f.ok(f.db.Atomic(f.Context(), f.many(3, time.Time{})))
		items, next, err := f.keyed.List(f.Context(), "", 3)
		f.ok(err)
		if len(items) != 3 || next != "" {
			f.Fatalf("%d items, next %q; want 3 and none", len(items), next)
		}
	},
	"a cursor that is none is refused": func(f *fixture) {
		for _, after := range []string{"x", "!", "MS4", "LTEuMQ=="} {
			_, _, err := f.plain.List(f.Context(), after, 3)
			f.is(err, store.ErrCursor)
		}
	},
	"Count counts the living": func(f *fixture) {
		f.ok(f.db.Atomic(f.Context(), f.many(5, f.clock.Now().Add(time.Minute))))
		f.create(f.keyed, "x", Note{Text: "x"})
		f.create(f.plain, "x", Note{Text: "x"})
		counts := []int{}
		for range 2 {
			n, err := f.keyed.Count(f.Context())
			f.ok(err)
			counts = append(counts, n)
			f.clock.Move(time.Minute)
		}
		if !slices.Equal(counts, []int{6, 1}) {
			f.Fatalf("counts %d, want 6 and then 1", counts)
		}
	},
}
