package templates

import (
	"net/http"
	"strconv"

	"spidsim/templates/ui"
)

func (v ProblemView) house(p ui.Page) ui.House {
	if v.Portal != nil {
		return v.Portal.house(p.T(v.key()), "error")
	}
	return ui.House{Kind: ui.HouseConsole, Title: p.T(v.key()), Step: "error"}
}

// problemKeys are the catalogue's heading and sentence by HTTP status.
var problemKeys = map[int][2]string{
	http.StatusBadRequest:            {"problem.400", "problem.400.words"},
	http.StatusUnauthorized:          {"problem.401", "problem.401.words"},
	http.StatusForbidden:             {"problem.403", "problem.403.words"},
	http.StatusNotFound:              {"problem.404", "problem.404.words"},
	http.StatusMethodNotAllowed:      {"problem.405", "problem.405.words"},
	http.StatusConflict:              {"problem.409", "problem.409.words"},
	http.StatusRequestEntityTooLarge: {"problem.413", "problem.413.words"},
	http.StatusUnsupportedMediaType:  {"problem.415", "problem.415.words"},
	http.StatusMisdirectedRequest:    {"problem.421", "problem.421.words"},
	http.StatusUnprocessableEntity:   {"problem.422", "problem.422.words"},
	http.StatusTooManyRequests:       {"problem.429", "problem.429.words"},
	http.StatusServiceUnavailable:    {"problem.503", "problem.503.words"},
}

func (v ProblemView) keys() [2]string {
	if k, ok := problemKeys[v.Status]; ok {
		return k
	}
	if v.Status >= 500 || v.Status == 0 {
		return [2]string{"problem.500", "problem.500.words"}
	}
	return problemKeys[http.StatusBadRequest]
}

func (v ProblemView) key() string   { return v.keys()[0] }
func (v ProblemView) words() string { return v.keys()[1] }

// statusText is "404 Not Found", as on the wire.
func statusText(status int) string {
	if status == 0 {
		status = http.StatusInternalServerError
	}
	return strconv.Itoa(status) + " " + http.StatusText(status)
}

func endedKey(e Ended) string {
	switch e {
	case EndedTimeout:
		return "ended.timeout"
	case EndedDone:
		return "ended.done"
	case EndedReady:
		return "ended.ready"
	}
	return "ended.unknown"
}

func endedWords(e Ended) string {
	switch e {
	case EndedTimeout:
		return "ended.timeout.words"
	case EndedDone:
		return "ended.done.words"
	case EndedReady:
		return "ended.ready.words"
	}
	return "ended.unknown.words"
}

func checkWord(p ui.Page, t ui.Tone) string {
	switch t {
	case ui.OK:
		return p.T("check.ok")
	case ui.Bad:
		return p.T("check.bad")
	case ui.Warn:
		return p.T("check.warn")
	}
	return p.T("check.skipped")
}
