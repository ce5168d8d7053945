package templates

import (
	"fmt"
	"slices"
	"testing"

	"spidsim/templates/ui"
)

// screens are the samples of the gallery that show each screen of onboarding.md section 14. OSC-12 is an e-mail: the engine's test of the
// procedure code reads it (TestONB131ProcedureCodesAreUnambiguous).
var screens = map[string][]string{
	"OSC-01": {"portal-home/start", "portal-home/found"},
	"OSC-02": {"portal-mask/transition", "portal-mask/pin-wrong", "portal-mask/over", "portal-reason/pin-dismissed"},
	"OSC-03": {"portal-notice/first"},
	"OSC-04": {"portal-guided/ask", "portal-guided/no-consent"},
	"OSC-05": {"portal-idps/2020"},
	"OSC-06": {"portal-handoff/slip"},
	"OSC-07": {"enrol-form/arrived", "enrol-form/direct", "enrol-form/wrong", "enrol-form/minor"},
	"OSC-08": {"contacts/start", "codes/sent", "codes/half"},
	"OSC-09": {"documents/picked", "documents/wrong"},
	"OSC-10": {"modes/start"},
	"OSC-11": {"procedure-code/counter", "procedure-memo/counter"},
	"OSC-13": {"counter/found", "counter/missing", "counter/recorded-recognised", "counter/recorded-expired", "counter/recorded-other", "counter/recorded-missing"},
	"OSC-14": {"webcam/consent", "webcam/face", "webcam/document", "webcam/question"},
	"OSC-15": {"av-transfer/code", "av-transfer/document", "av-transfer/transfer", "av-transfer/review"},
	"OSC-16": {"reader/cie-empty", "reader/cie-not-enabled", "reader/signature-ready"},
	"OSC-17": {"edoc/cie", "edoc/paired"},
	"OSC-18": {"sms/sent", "sms/uncertified"},
	"OSC-19": {"bancoposta/shown"},
	"OSC-20": {"credentials-new/start"},
	"OSC-21": {"active/level2", "active/level1"},
	"OSC-22": {"cancel/ask"},
	"OSC-23": {"login/start"},
	"OSC-24": {"otp/sms", "otp/sms-expired"},
	"OSC-25": {"card/empty", "card/ready"},
	"OSC-26": {"consent/asked"},
	"OSC-27": {"expired/timeout", "refused/sent", "courtesy/unknown"},
	"OSC-28": {"portal-my/pin", "portal-my/waiting"},
	"OSC-29": {"phone-pin/ask", "phone-pin/made"},
	"OSC-30": {"delegations/both", "delegation-new/ask", "portal-reason/dlg-one", "portal-reason/dlg-cap", "portal-reason/dlg-30d", "portal-reason/dlg-noid"},
	"OSC-31": {"act-for/choose", "portal-my/acting"},
	"OSC-32": {"identity/active", "identity/abuse"},
	"OSC-33": {"minor/form", "minor/codes", "minor/children", "minor-code/start"},
	"OSC-34": {"portal-app/tutorial", "portal-app/home", "portal-app/news", "portal-app/report", "portal-app/cns"},
	"OSC-35": {"contact-centre/ask", "contact-centre/valid"},
	"OSC-36": {"regia/beside", "regia/mistake", "reset/lesson", "handout/code"},
}

func TestEveryScreenIsInTheGallery(t *testing.T) {
	t.Parallel()
	var all []string
	for _, s := range Gallery() {
		all = append(all, s.Name+"/"+s.State)
	}
	for n := range 36 {
		id := fmt.Sprintf("OSC-%02d", n+1)
		if id == "OSC-12" {
			continue
		}
		if len(screens[id]) == 0 {
			t.Errorf("%s has no sample", id)
		}
		for _, name := range screens[id] {
			if !slices.Contains(all, name) {
				t.Errorf("%s: no sample %s", id, name)
				continue
			}
			if d := pageOf(t, name, ui.Italian); words(d.named("h1")[0]) == "" {
				t.Errorf("%s: %s has no heading", id, name)
			}
		}
	}
}
