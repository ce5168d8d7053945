package templates

import "spidsim/templates/ui"

func statusKey(status string) string {
	switch status {
	case "suspended":
		return "status.suspended"
	case "revoked":
		return "status.revoked"
	case "expired":
		return "status.expired"
	}
	return "status.active"
}

func statusTone(status string) ui.Tone {
	switch status {
	case "suspended":
		return ui.Warn
	case "revoked", "expired":
		return ui.Bad
	}
	return ui.OK
}

// causeTexts are the words of each cause of a suspension (ONB-148).
var causeTexts = map[string]struct{ title, words string }{
	"user":    {"reg.cause.user", "reg.cause.user.words"},
	"abuse":   {"reg.cause.abuse", "reg.cause.abuse.words"},
	"lock":    {"reg.cause.lock", "reg.cause.lock.words"},
	"payment": {"reg.cause.payment", "reg.cause.payment.words"},
}

// recoveryChoices are the three things that can be lost (ONB-146).
var recoveryChoices = []keyed{{"password", "reg.recovery.password"}, {"username", "reg.recovery.username"}, {"phone", "reg.recovery.phone"}}

// recoveryTexts are heading, sentence and button of each step.
var recoveryTexts = map[string]struct{ title, lead, do string }{
	"":         {"reg.recovery.title", "reg.recovery.lead", ""},
	"password": {"reg.recovery.password", "reg.recovery.password.lead", "reg.contacts.send"},
	"codes":    {"reg.recovery.codes", "reg.recovery.codes.lead", "reg.recovery.new.do"},
	"username": {"reg.recovery.username", "reg.recovery.username.lead", "reg.recovery.username.do"},
	"phone":    {"reg.recovery.phone", "reg.recovery.phone.lead", "reg.recovery.phone.do"},
	"confirm":  {"reg.recovery.confirm", "reg.recovery.confirm.lead", "confirm"},
}

func recoveryTitle(v RecoveryView) string {
	if t, ok := recoveryTexts[v.Step]; ok {
		return t.title
	}
	return "reg.recovery.title"
}

// recoveryEnds are the keys of what was done.
var recoveryEnds = map[string]struct{ title, words string }{
	"password":   {"reg.recovered.password", "reg.recovered.password.words"},
	"username":   {"reg.recovered.username", "reg.recovered.username.words"},
	"phone":      {"reg.recovered.phone", "reg.recovered.phone.words"},
	"suspend":    {"reg.recovered.suspend", "reg.recovered.suspend.words"},
	"reactivate": {"reg.recovered.reactivate", "reg.recovered.reactivate.words"},
	"revoke":     {"reg.recovered.revoke", "reg.recovered.revoke.words"},
}
