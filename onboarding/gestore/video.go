package gestore

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"spidsim/internal/web"
	"spidsim/onboarding"
)

// cookieVideo keeps, for one request, what the first part of a video gave: the consent, or the code that was read aloud. It ends with the
// browser and is worth nothing by itself: the office compares the code again.
const cookieVideo = "spidsim_video"

// parts of the two videos, in order.
var (
	webcamParts   = []string{"consent", "face", "document", "question"}
	transferParts = []string{"code", "document", "transfer"}
)

// part is the part of a video that the address asks for; without what the first one gives it is the first.
func (v *visit) part(parts []string) string {
	asked := v.URL.Query().Get("part")
	if !slices.Contains(parts, asked) || v.begun() == "" {
		return parts[0]
	}
	return asked
}

// begun is what the first part gave, "" when it is not done.
func (v *visit) begun() string {
	if c, err := v.Cookie(cookieVideo); err == nil {
		return c.Value
	}
	return ""
}

// next is the part after one.
func next(parts []string, done string) string {
	i := slices.Index(parts, done)
	return parts[min(i+1, len(parts)-1)]
}

// keep notes what the first part gave.
func keep(value string) func(*visit, string) {
	return func(v *visit, path string) {
		web.SetCookie(v.ResponseWriter, v.Request, &http.Cookie{Name: cookieVideo, Value: value, Path: path})
	}
}

// actWebcam is a part of the drawn video call (OSC-14); the last one is the control question.
func (f *Face) actWebcam(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	part := form.get("step")
	switch part {
	case "consent":
		if !form.yes("consent") {
			return outcome{e: e}, onboarding.Deny(onboarding.NoConsent).By("ONB-123").At("consent")
		}
		return outcome{e: e, query: "part=face", set: keep("yes")}, nil
	case "face", "document":
		return outcome{e: e, query: "part=" + next(webcamParts, part)}, nil
	}
	if v.begun() == "" {
		return outcome{e: e}, onboarding.Deny(onboarding.NoConsent).By("ONB-123").At("consent")
	}
	return f.do(v.Context(), e, onboarding.EvOnlineOK, onboarding.Input{Answer: form.get("answer")})
}

// actTransfer is a part of the recorded video (OSC-15); after the transfer all of it goes to the back office.
func (f *Face) actTransfer(v *visit, e *onboarding.Enrolment, form fields) (outcome, error) {
	switch form.get("step") {
	case "code", "":
		if form.has("fill") {
			form["code"] = []string{e.Online.Code}
			return outcome{e: e, again: true}, nil
		}
		if read := plainCode(form.get("code")); read == e.Online.Code {
			return outcome{e: e, query: "part=document", set: keep(read)}, nil
		}
		return f.do(v.Context(), e, onboarding.EvSent, onboarding.Input{Code: form.get("code")}) // the office counts the failure
	case "document":
		return outcome{e: e, query: "part=transfer"}, nil
	}
	return f.do(v.Context(), e, onboarding.EvSent, onboarding.Input{Code: v.begun(), Transfer: form.yes("transfer")})
}

// plainCode is a code without the blanks that people type (UX-67).
func plainCode(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, s)
}

// sampled picks about a quarter of the requests for the second-level check (ONB-124): always the same ones.
func sampled(e *onboarding.Enrolment) bool {
	return e.ID != "" && strings.ContainsAny(e.ID[:1], "048c")
}

// reasonText is what the transfer must say.
func reasonText(e *onboarding.Enrolment) string {
	return "SPID " + strings.ToUpper(e.ID[:min(8, len(e.ID))])
}

// iban is an invented account number that follows from the request: its check digits are wrong on purpose.
func iban(e *onboarding.Enrolment) string {
	n := 0
	for _, r := range e.ID {
		n = (n*31 + int(r)) % 1_000_000_000
	}
	return fmt.Sprintf("IT00X%022d", n)
}
