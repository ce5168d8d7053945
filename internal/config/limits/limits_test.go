package limits

import (
	"reflect"
	"testing"
)

func TestDefault(t *testing.T) {
	t.Parallel()
	l := Default()
	t.Run("every limit has a default above zero (SEC-79)", func(t *testing.T) {
		t.Parallel()
		v := reflect.ValueOf(l)
		for i := range v.NumField() {
			if v.Field(i).Int() <= 0 {
				t.Errorf("%s is %v, want more than 0", v.Type().Field(i).Name, v.Field(i))
			}
		}
	})
	t.Run("the figures are those of the table", func(t *testing.T) {
		t.Parallel()
		if got, want := l.MessageBytes, 512<<10; got != want {
			t.Errorf("MessageBytes is %d, want %d", got, want)
		}
		if got, want := l.ReadHeaderTimeout.String(), "5s"; got != want {
			t.Errorf("ReadHeaderTimeout is %s, want %s", got, want)
		}
	})
	t.Run("zero fields take their default and others stay", func(t *testing.T) {
		t.Parallel()
		got := Limits{FormBytes: 10}.WithDefaults()
		if got.FormBytes != 10 || got.FormFields != l.FormFields {
			t.Errorf("got FormBytes %d, FormFields %d, want 10 and %d", got.FormBytes, got.FormFields, l.FormFields)
		}
	})
}
