package templates

import (
	"strconv"

	"spidsim/templates/ui"
)

// placeTexts are the words of the three places where a person is seen with a procedure code.
var placeTexts = map[string]struct{ bring, visit, operator, appointment string }{
	"COUNTER": {"reg.code.bring.counter", "reg.code.visit.counter", "reg.counter.operator.counter", "reg.memo.when.counter"},
	"HOME":    {"reg.code.bring.home", "reg.code.visit.home", "reg.counter.operator.home", "reg.memo.when.home"},
	"EVENT":   {"reg.code.bring.event", "reg.code.visit.event", "reg.counter.operator.event", "reg.memo.when.event"},
}

// keyed is a form value with the key of its words.
type keyed struct{ value, key string }

// deskShows are what can lie on the clerk's desk.
var deskShows = []keyed{
	{"document", "reg.counter.show.document"}, {"health", "reg.counter.show.health"},
	{"other", "reg.counter.show.other"}, {"nothing", "reg.counter.show.nothing"},
}

// counterCheckList are the four checks of the clerk.
var counterCheckList = []keyed{
	{"check_face", "reg.check.face"}, {"check_data", "reg.check.data"}, {"check_document", "reg.check.document"}, {"check_card", "reg.check.card"},
}

// counterOutcome is one of the distinct outcomes with its distinct texts (ONB-132).
type counterOutcome struct {
	value, key, hint, said string
	tone                   ui.Tone
}

var counterOutcomes = []counterOutcome{
	{"recognised", "reg.outcome.ok", "reg.outcome.ok.hint", "reg.outcome.ok.said", ui.OK},
	{"expired", "reg.outcome.expired", "reg.outcome.expired.hint", "reg.outcome.expired.said", ui.Warn},
	{"other", "reg.outcome.other", "reg.outcome.other.hint", "reg.outcome.other.said", ui.Bad},
	{"missing", "reg.outcome.missing", "reg.outcome.missing.hint", "reg.outcome.missing.said", ui.Warn},
}

func outcomeOf(value string) counterOutcome {
	for _, o := range counterOutcomes {
		if o.value == value {
			return o
		}
	}
	return counterOutcomes[0]
}

// resultID names the first radio button after its field, so that the error summary can link to it.
func resultID(i int) string {
	if i == 0 {
		return "outcome"
	}
	return "outcome-" + strconv.Itoa(i+1)
}

// shown is what lies on the desk, the person's own document by default.
func (r *CounterRequest) shown() string {
	if r.Shown == "" {
		return "document"
	}
	return r.Shown
}

// visitClass: in a lesson the visit is the one action of the page, elsewhere the sheet to print is.
func (v ProcedureCodeView) visitClass(p ui.Page) string {
	if p.Dev() {
		return "btn plain"
	}
	return "btn"
}

func (v ProcedureCodeView) memoClass(p ui.Page) string {
	if p.Dev() || v.Counter == "" {
		return "btn"
	}
	return "btn plain"
}
