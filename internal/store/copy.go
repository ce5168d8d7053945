package store

import (
	"maps"
	"reflect"
	"time"
)

// copier fills dst, which is settable and zero, with a copy of src that shares no memory that could be changed.
type copier func(dst, src reflect.Value)

// copierOf makes the copier of a type, or reports that there is none: then documents are decoded at every reading instead. plain
// means that an assignment is a copy already. Decoding JSON costs about ten times as much as copying what was decoded before.
func copierOf(t reflect.Type, within ...reflect.Type) (fn copier, plain, ok bool) {
	for _, outer := range within {
		if outer == t {
			return nil, false, false // a type that contains itself
		}
	}
	within = append(within, t)
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return assign, true, true
	case reflect.Struct:
		return structCopier(t, within)
	case reflect.Slice:
		return sliceCopier(t, within)
	case reflect.Map:
		return mapCopier(t, within)
	case reflect.Pointer:
		return pointerCopier(t, within)
	case reflect.Array:
		if _, plain, ok := copierOf(t.Elem(), within...); ok && plain {
			return assign, true, true
		}
	}
	return nil, false, false
}

func assign(dst, src reflect.Value) { dst.Set(src) }

func structCopier(t reflect.Type, within []reflect.Type) (copier, bool, bool) {
	if t == reflect.TypeFor[time.Time]() { // its pointer is to a time zone, which nobody changes
		return assign, true, true
	}
	type field struct {
		index int
		copy  copier
	}
	var deep []field
	for i := range t.NumField() {
		fn, plain, ok := copierOf(t.Field(i).Type, within...)
		switch {
		case !ok || !plain && !t.Field(i).IsExported():
			return nil, false, false
		case !plain:
			deep = append(deep, field{i, fn})
		}
	}
	if len(deep) == 0 {
		return assign, true, true
	}
	return func(dst, src reflect.Value) {
		dst.Set(src)
		for _, f := range deep {
			from, to := src.Field(f.index), dst.Field(f.index)
			to.SetZero()
			f.copy(to, from)
		}
	}, false, true
}

func sliceCopier(t reflect.Type, within []reflect.Type) (copier, bool, bool) {
	fn, plain, ok := copierOf(t.Elem(), within...)
	if !ok {
		return nil, false, false
	}
	return func(dst, src reflect.Value) {
		if src.IsNil() {
			return
		}
		dst.Set(reflect.MakeSlice(t, src.Len(), src.Len()))
		if plain {
			reflect.Copy(dst, src)
			return
		}
		for i := range src.Len() {
			fn(dst.Index(i), src.Index(i))
		}
	}, false, true
}

func mapCopier(t reflect.Type, within []reflect.Type) (copier, bool, bool) {
	_, plainKey, ok := copierOf(t.Key(), within...)
	fn, plain, elemOK := copierOf(t.Elem(), within...)
	if !ok || !plainKey || !elemOK {
		return nil, false, false
	}
	return func(dst, src reflect.Value) {
		if src.IsNil() {
			return
		}
		if texts, ok := src.Interface().(map[string]string); ok {
			dst.Set(reflect.ValueOf(maps.Clone(texts)))
			return
		}
		dst.Set(reflect.MakeMapWithSize(t, src.Len()))
		for at := src.MapRange(); at.Next(); {
			if plain {
				dst.SetMapIndex(at.Key(), at.Value())
				continue
			}
			elem := reflect.New(t.Elem()).Elem()
			fn(elem, at.Value())
			dst.SetMapIndex(at.Key(), elem)
		}
	}, false, true
}

func pointerCopier(t reflect.Type, within []reflect.Type) (copier, bool, bool) {
	fn, _, ok := copierOf(t.Elem(), within...)
	if !ok {
		return nil, false, false
	}
	return func(dst, src reflect.Value) {
		if src.IsNil() {
			return
		}
		dst.Set(reflect.New(t.Elem()))
		fn(dst.Elem(), src.Elem())
	}, false, true
}

// copyOf copies a document.
func copyOf[T any](fn copier, v *T) *T {
	out := new(T)
	fn(reflect.ValueOf(out).Elem(), reflect.ValueOf(v).Elem())
	return out
}
