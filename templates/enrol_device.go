package templates

import (
	"slices"
	"strconv"

	"spidsim/templates/ui"
)

// videoSteps are the parts of the drawn video call, transferSteps those of the recorded video.
var videoSteps = []keyed{
	{"consent", "reg.video.step.consent"}, {"face", "reg.video.step.face"}, {"document", "reg.video.step.document"}, {"question", "reg.video.step.question"},
}

var transferSteps = []keyed{
	{"code", "reg.av.step.code"}, {"document", "reg.av.step.document"}, {"transfer", "reg.av.step.transfer"}, {"review", "reg.av.step.review"},
}

// indexOf is the place of a step; the first when it is not named.
func indexOf(steps []keyed, value string) int {
	return max(0, slices.IndexFunc(steps, func(k keyed) bool { return k.value == value }))
}

// readerTexts are the words of the three things that a card reader reads.
var readerTexts = map[string]struct{ title, insert, pin, disabled string }{
	"CIE_READER": {"reg.reader.cie", "reg.reader.cie.insert", "reg.reader.cie.pin", "reg.reader.cie.disabled"},
	"CNS_READER": {"reg.reader.cns", "reg.reader.cns.insert", "reg.reader.cns.pin", "reg.reader.cns.disabled"},
	"SIGNATURE":  {"reg.reader.signature", "reg.reader.signature.insert", "reg.reader.signature.pin", "reg.reader.signature.disabled"},
}

// edocTexts are the words of the two documents that a phone reads.
var edocTexts = map[string]struct{ title, lead, hold string }{
	"EDOC_CIE3":     {"reg.edoc.cie", "reg.edoc.cie.lead", "reg.edoc.cie.hold"},
	"EDOC_PASSPORT": {"reg.edoc.passport", "reg.edoc.passport.lead", "reg.edoc.passport.hold"},
}

// deviceTexts are the words of the two ways with one code.
var deviceTexts = map[string]struct{ step, title, label string }{
	"SMS_CERTIFIED":     {"sms", "reg.sms.title", "reg.sms.code"},
	"BANCOPOSTA_READER": {"bancoposta", "reg.bancoposta.title", "reg.bancoposta.code"},
}

// readerDrawing is the drawing for the state of the card.
func readerDrawing(p ui.Page, v ReaderView) ui.ReaderSpec {
	switch v.State {
	case "ready":
		return ui.ReaderSpec{Card: true, Tone: ui.OK, Holder: v.Holder, Number: v.Number, Lamp: p.T("card.lamp.read"), Label: p.T("card.drawing.read", v.Holder)}
	case "not-enabled":
		return ui.ReaderSpec{Card: true, Tone: ui.Bad, Holder: v.Holder, Number: v.Number, Lamp: p.T("card.lamp.refused"), Label: p.T("card.drawing.refused", v.Holder), Fault: p.T("reg.reader.stamp")}
	}
	return ui.ReaderSpec{Lamp: p.T("card.lamp.empty"), Label: p.T("card.drawing.empty")}
}

// readerHint tells the PIN of the test card where it is known.
func readerHint(p ui.Page, v ReaderView) string {
	if v.PIN == "" {
		return p.T("reg.reader.pin.hint")
	}
	return p.T("reg.reader.pin.test", v.PIN)
}

// deviceKeys are the keys of the drawn BancoPosta reader, three in a row.
var deviceKeys = []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "C", "0", "OK"}

func keyX(i int) string     { return strconv.Itoa(42 + i%3*56) }
func keyY(i int) string     { return strconv.Itoa(120 + i/3*44) }
func keyTextX(i int) string { return strconv.Itoa(64 + i%3*56) }
func keyTextY(i int) string { return strconv.Itoa(143 + i/3*44) }
