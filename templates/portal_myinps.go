package templates

import "spidsim/templates/ui"

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
