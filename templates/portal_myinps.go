package templates

import (
	"time"

	"spidsim/templates/ui"
)

func (v PortalPhonePINView) duration() string {
	if v.Duration == "" {
		return phoneDurations[0].value
	}
	return v.Duration
}

func (h PortalPhonePIN) howLong(p ui.Page) string {
	for _, d := range phoneDurations {
		if d.value == h.Duration {
			return p.T(d.key)
		}
	}
	return h.Duration
}

func (h PortalPhonePIN) tone() ui.Tone {
	if h.State == "active" {
		return ui.OK
	}
	return ui.Plain
}

func (h PortalPhonePIN) words(p ui.Page) string {
	switch h.State {
	case "active":
		return p.T("phone.state.active")
	case "replaced":
		return p.T("phone.state.replaced")
	}
	return p.T("phone.state.expired")
}

// outcome is what the clerk tells the caller.
func (v ContactCentreView) outcome() (tone ui.Tone, title, words string) {
	switch v.Outcome {
	case "valid":
		return ui.OK, "centre.valid", "centre.valid.words"
	case "expired":
		return ui.Warn, "centre.expired", "centre.expired.words"
	case "replaced":
		return ui.Warn, "centre.replaced", "centre.replaced.words"
	}
	return ui.Bad, "centre.unknown", "centre.unknown.words"
}

// stages are the words of UX-76 for a request at a gestore.
var stages = map[string]struct {
	key  string
	tone ui.Tone
}{
	"waiting": {"my.stage.waiting", ui.Warn}, "active": {"my.stage.active", ui.OK}, "cancelled": {"my.stage.cancelled", ui.Plain},
	"expired": {"my.stage.expired", ui.Bad}, "refused": {"my.stage.refused", ui.Bad},
}

func (r PortalRequest) tone() ui.Tone          { return stages[r.Stage].tone }
func (r PortalRequest) stage(p ui.Page) string { return p.T(stages[r.Stage].key) }

// MeansName says how somebody came in: "PIN", "SPID, livello 2".
func MeansName(p ui.Page, means string, level int) string {
	switch means {
	case "spid":
		return p.T("means.spid", level)
	case "cie":
		return p.T("means.cie", level)
	case "cns":
		return "CNS"
	case "phone":
		return p.T("centre.code")
	}
	return "PIN"
}

// MomentWords is day of the week, day and time: "martedì 2 agosto 2022, 09:00".
func MomentWords(p ui.Page, t time.Time) string {
	weekday := ui.Rome(t).Weekday()
	return p.T(weekdays[weekday]) + " " + moment(p, t)
}

var weekdays = [...]string{"day.0", "day.1", "day.2", "day.3", "day.4", "day.5", "day.6"}

// doneTexts say what has just been done, by the address to which a form leads on.
var doneTexts = map[string]string{
	"contatto": "done.contact", "pin": "done.pin", "pin-revocato": "done.pin-gone", "revocata": "done.revoked", "delega": "done.delegation", "verifica": "done.verifying",
}

// PortalDone is the sentence for ?fatto=key, "" for a key that there is not.
func PortalDone(p ui.Page, key string) string {
	if text, ok := doneTexts[key]; ok {
		return p.T(text)
	}
	return ""
}
