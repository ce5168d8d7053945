package store

import (
	"encoding/json"
	"math/big"
	"reflect"
	"testing"
	"time"
)

type inner struct {
	Texts []string
	Time  *time.Time
	note  int
}

type outer struct {
	inner
	Number int
	When   time.Time
	Facts  map[string]string
	Deep   map[int][]inner
	Of     *inner
	Raw    json.RawMessage
	Three  [3]int
	Named  named
}

type named map[string]string

func full() *outer {
	now := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	in := func() inner { return inner{Texts: []string{"a", "b"}, Time: &now, note: 3} }
	of := in()
	return &outer{
		inner: in(), Number: 1, When: now, Facts: map[string]string{"k": "v"}, Deep: map[int][]inner{1: {in()}, 2: nil}, Of: &of,
		Raw: json.RawMessage(`{}`), Three: [3]int{1, 2, 3}, Named: named{"k": "v"},
	}
}

func TestCopyIsEqualAndApart(t *testing.T) {
	t.Parallel()
	type whole struct { // outer embeds a type that is not exported and has a pointer: copied only when named
		In inner
		Of outer
	}
	if _, _, ok := copierOf(reflect.TypeFor[whole]()); ok {
		t.Fatal("an embedded field that reflection may not set has a copier")
	}
	type document struct {
		Number int
		When   time.Time
		Facts  map[string]string
		Deep   map[int][]inner
		Of     *inner
		Raw    json.RawMessage
		Three  [3]int
		Named  named
		Empty  []string
		None   map[string]string
	}
	make := func() *document {
		o := full()
		return &document{o.Number, o.When, o.Facts, o.Deep, o.Of, o.Raw, o.Three, o.Named, []string{}, nil}
	}
	fn, _, ok := copierOf(reflect.TypeFor[document]())
	if !ok {
		t.Fatal("no copier")
	}
	from, want := make(), make()
	got := copyOf(fn, from)
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("copy %+v, want %+v", got, want)
	}
	got.Facts["k"], got.Named["k"], got.Raw[0] = "x", "x", 'x'
	got.Deep[1][0].Texts[0], got.Of.Texts[0], got.Three[0] = "x", "x", 9
	*got.Of.Time = time.Time{}
	if !reflect.DeepEqual(from, want) {
		t.Fatalf("a change of the copy reached the original: %+v", from)
	}
}

func TestTypesThatHaveNoCopier(t *testing.T) {
	t.Parallel()
	type list struct{ Next *list }
	for name, typ := range map[string]reflect.Type{
		"an interface":                     reflect.TypeFor[struct{ V any }](),
		"a function":                       reflect.TypeFor[struct{ F func() }](),
		"a type that contains itself":      reflect.TypeFor[list](),
		"pointers that are not exported":   reflect.TypeFor[struct{ p *int }](),
		"slices that are not exported":     reflect.TypeFor[big.Int](),
		"an array of slices":               reflect.TypeFor[[2][]int](),
		"a map with such values":           reflect.TypeFor[map[string]any](),
		"a slice of such":                  reflect.TypeFor[[]any](),
		"a pointer to such":                reflect.TypeFor[*any](),
		"a map whose keys are interfaces":  reflect.TypeFor[map[any]string](),
		"a structure that embeds a hidden": reflect.TypeFor[outer](),
	} {
		if _, _, ok := copierOf(typ); ok {
			t.Errorf("%s has a copier", name)
		}
	}
}
