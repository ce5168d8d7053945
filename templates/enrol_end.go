package templates

import (
	"strconv"
	"time"

	"spidsim/spid"
	"spidsim/templates/ui"
)

// raoChecks are what the clerk of a public office confirms.
var raoChecks = []keyed{{"check_face", "reg.check.face"}, {"check_card", "reg.check.card"}}

// ruleTexts are the words of the rules of the password policy.
var ruleTexts = map[string]string{
	"length": "reg.rule.length", "upper": "reg.rule.upper", "lower": "reg.rule.lower", "digit": "reg.rule.digit", "special": "reg.rule.special", "repeat": "reg.rule.repeat",
}

func (r PasswordRule) words(p ui.Page) string {
	if r.N > 0 {
		return p.T(ruleTexts[r.Kind], r.N)
	}
	return p.T(ruleTexts[r.Kind])
}

func (r PasswordRule) number() string { return strconv.Itoa(r.N) }

// newFactors are the second factors that a new identity can have.
var newFactors = []struct{ value, key, hint string }{
	{FactorSMS, "reg.factor.sms", "reg.factor.sms.hint"},
	{FactorApp, "reg.factor.app", "reg.factor.app.hint"},
	{FactorTOTP, "reg.factor.totp", "reg.factor.totp.hint"},
	{"none", "reg.factor.none", "reg.factor.none.hint"},
}

// factorID names the first radio button after its field, so that the error summary can link to it.
func factorID(i int) string {
	if i == 0 {
		return "factor"
	}
	return "factor-" + strconv.Itoa(i+1)
}

func usernameHint(p ui.Page, v CredentialsView) string {
	if v.Suggested != "" {
		return p.T("reg.cred.username.free", v.Suggested)
	}
	return p.T("reg.cred.username.hint")
}

func (v ActiveView) factorWords(p ui.Page) string {
	if v.Factor == "" {
		return p.T("reg.factor.none")
	}
	return factorName(p, v.Factor)
}

func (v ActiveView) highest() spid.Level {
	var top spid.Level
	for _, l := range v.Levels {
		top = max(top, l)
	}
	return top
}

// uses are what the levels obtained are good for.
func (v ActiveView) uses() []string {
	if v.highest() < spid.L2 {
		return []string{"reg.use.level1", "reg.use.no-inps"}
	}
	return []string{"reg.use.public", "reg.use.private", "reg.use.europe"}
}

// pinUntil says how long the PIN still serves (ONB-137).
func pinUntil(p ui.Page, last time.Time) string {
	if last.IsZero() {
		return p.T("reg.active.pin.open")
	}
	return p.T("reg.active.pin", ui.Date(p.L(), ui.Rome(last)))
}

// endTexts are heading, sentence and advice of each end of a request.
var endTexts = map[string]struct{ title, words, now string }{
	"RX": {"reg.end.rx", "reg.end.rx.words", "reg.end.rx.now"},
	"RE": {"reg.end.re", "reg.end.re.words", "reg.end.re.now"},
	"RJ": {"reg.end.rj", "reg.end.rj.words", "reg.end.rj.now"},
	"RA": {"reg.end.ra", "reg.end.ra.words", "reg.end.ra.now"},
}

// courtesyTexts are heading and sentence for each hand-off that cannot be taken.
var courtesyTexts = map[string]struct{ title, words string }{
	"unknown": {"reg.courtesy.unknown", "reg.courtesy.unknown.words"},
	"replay":  {"reg.courtesy.replay", "reg.courtesy.replay.words"},
	"stale":   {"reg.courtesy.stale", "reg.courtesy.stale.words"},
}

func wrongTitle(v WrongStateView) string {
	if v.Later {
		return "reg.wrong.later"
	}
	return "reg.wrong.done"
}

func wrongWords(v WrongStateView) string {
	if v.Later {
		return "reg.wrong.later.words"
	}
	return "reg.wrong.done.words"
}
