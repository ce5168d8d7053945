package nearest

import "testing"

func TestOf(t *testing.T) {
	t.Parallel()
	names := []string{"listen", "portal_listen", "mode"}
	for given, want := range map[string]string{"lisen": "listen", "portal_listn": "portal_listen", "mdoe": "mode", "mod": "mode", "zebra": ""} {
		if got := Of(given, names); got != want {
			t.Errorf("nearest to %q is %q, want %q", given, got, want)
		}
	}
}
