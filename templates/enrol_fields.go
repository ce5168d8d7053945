package templates

import "spidsim/templates/ui"

// fieldSentences say of each field what to write, where the engine only knows that it is missing or not well formed (UX-55).
var fieldSentences = map[string]string{
	"family_name": "reg.missing.family-name", "given_name": "reg.missing.given-name", "born": "reg.missing.date", "birth_place": "reg.missing.birth-place",
	"street": "reg.missing.street", "city": "reg.missing.city", "email": "reg.missing.email", "mobile": "reg.missing.mobile", "document": "reg.missing.document",
	"number": "reg.missing.number", "issued": "reg.missing.date", "expires": "reg.missing.date", "mode": "reg.missing.mode", "transfer": "reg.missing.transfer",
	"outcome": "reg.missing.outcome", "complaint": "reg.missing.complaint", "factor": "reg.missing.factor", "consent": "reg.missing.consent",
	"reason": "reg.missing.reason", "second": "reg.missing.second", "checks": "reg.missing.checks", "fiscal_code": "reg.missing.fiscal-code",
	"responsibility": "reg.missing.declaration", "notifications": "reg.missing.declaration", "username": "reg.missing.username", "password": "reg.missing.password",
	"password_repeat": "reg.missing.repeat", "chip": "reg.missing.chip", "answer": "reg.missing.answer", "pin": "reg.missing.pin", "half1": "reg.missing.halves",
	"confirm": "reg.missing.confirm", "result": "reg.missing.outcome",
	"check_face": "reg.missing.checks", "check_data": "reg.missing.checks", "check_document": "reg.missing.checks", "check_card": "reg.missing.checks",
}

// FieldSentence is the sentence of a field that is missing or not well formed, "" when there is none.
func FieldSentence(p ui.Page, field string) string {
	if key, ok := fieldSentences[field]; ok {
		return p.T(key)
	}
	return ""
}

// enrolWords are sentences that the handlers need where no page of its own says them.
var enrolWords = map[string]string{
	"age": "reg.words.age", "has-pin": "reg.words.has-pin", "free": "reg.words.free", "paid": "reg.words.paid", "symbolic": "reg.words.symbolic", "not-offered": "reg.words.not-offered",
	"saved": "reg.words.saved", "question": "reg.words.question", "cie": "reg.kind.cie", "paper": "reg.kind.paper", "passport": "reg.kind.passport", "licence": "reg.kind.licence",
	"permit": "reg.kind.permit", "camera": "reg.owns.camera", "bank_account": "reg.owns.account", "card_reader": "reg.owns.reader", "cie_online": "reg.owns.cie", "cns_online": "reg.owns.cns",
	"signature": "reg.owns.signature", "cie3": "reg.owns.cie3", "epassport": "reg.owns.passport", "phone_nfc": "reg.owns.phone", "certified_mobile": "reg.owns.mobile", "bancoposta": "reg.owns.bancoposta",
	"office": "reg.words.office", "asked": "reg.minor.state.asked", "entered": "reg.minor.state.entered", "identified": "reg.minor.state.identified", "active": "status.active",
	"adult": "status.active", "cancelled": "reg.minor.state.cancelled", "lapsed": "status.expired", "chip-new": "reg.words.chip-new", "chip-old": "reg.words.chip-old",
	"denied": "reg.words.denied", "suspended": "reg.words.suspended-use", "failed": "reg.words.failed", "low": "reg.words.low", "allowed": "reg.words.allowed",
}

// EnrolWord is a short text by its name, with values; the name itself when it is not known.
func EnrolWord(p ui.Page, name string, args ...any) string {
	if key, ok := enrolWords[name]; ok {
		return p.T(key, args...)
	}
	return name
}
