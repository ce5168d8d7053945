package ui

import "strconv"

var iconPaths = map[string]string{
	"ok":     "M4 12.5l5 5L20 6.5",
	"bad":    "M6 6l12 12M18 6L6 18",
	"warn":   "M12 3.5L22 20.5H2zM12 10v5M12 18v.01",
	"info":   "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v6M12 7.5v.01",
	"clock":  "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3.5 2.5",
	"arrow":  "M4 12h16M14 6l6 6-6 6",
	"dash":   "M5 12h14",
	"person": "M12 3.5a4 4 0 110 8 4 4 0 010-8zM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
	"sms":    "M4 5h16v11H10l-5 4v-4H4z",
	"app":    "M7 2.500h10v19H7zM11 18.500h2",
	"totp":   "M12 3a9 9 0 100 18 9 9 0 000-18zM12 12l4-4",
	"email":  "M3 5.500h18v13H3zM3 6.500l9 7 9-7",
	"letter": "M5 3h14v18H5zM8 8h8M8 12h8M8 16h5",
	"lock":   "M6 11h12v9H6zM8.500 11V7.500a3.500 3.500 0 017 0V11",
	"print":  "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
	"card":   "M2.500 5.500h19v13h-19zM2.500 10h19M6 14.500h5",
}

func toneIcon(t Tone) string {
	if t == Plain {
		return "dash"
	}
	return string(t)
}

func shortLevel(level int) string { return "L" + strconv.Itoa(level) }

func first(name string) string {
	for _, r := range name {
		return string(r)
	}
	return ""
}

// iconClass colours the icons of a state; the others take the colour of their words.
func iconClass(name string) string {
	switch name {
	case "ok", "warn", "bad":
		return "ico " + name
	}
	return "ico"
}

func tagClass(t Tone) string {
	switch t {
	case OK, Warn, Bad:
		return "tag " + string(t)
	}
	return "tag"
}
