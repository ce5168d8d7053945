package ui

import (
	"testing"

	"spidsim/internal/clock"
)

func TestONB02PresetsHaveWords(t *testing.T) {
	t.Parallel()
	for _, p := range clock.Presets() {
		if it, en := Preset(Italian, p.Name), Preset(English, p.Name); it == en || it == T(Italian, "") {
			t.Errorf("%s has the words %q and %q", p.Name, it, en)
		}
	}
	if got, want := len(presetKeys), len(clock.Presets()); got != want {
		t.Errorf("%d presets have words, want %d", got, want)
	}
}
