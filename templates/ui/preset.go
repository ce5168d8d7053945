package ui

// presetKeys are the catalogue's keys by the names of clock.Presets.
var presetKeys = map[string]string{
	"2020-09-30": "clock.preset.2020-09-30", "2020-10-01": "clock.preset.2020-10-01", "2021-07-02": "clock.preset.2021-07-02",
	"2021-08-16": "clock.preset.2021-08-16", "2021-09-01": "clock.preset.2021-09-01", "2021-09-30": "clock.preset.2021-09-30",
	"2021-10-01": "clock.preset.2021-10-01", "2022-01-01": "clock.preset.2022-01-01", "2022-03-03": "clock.preset.2022-03-03",
	"2022-08-01": "clock.preset.2022-08-01", "today": "clock.preset.today",
}

// Preset says in one sentence what changes on a date of clock.Presets, by its name (ONB-02).
func Preset(lang, name string) string { return T(lang, presetKeys[name]) }
