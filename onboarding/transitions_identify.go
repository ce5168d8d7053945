package onboarding

import (
	"crypto/subtle"
	"strconv"
	"strings"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/spid"
)

// mode chooses a way to be identified (ONB-130). Ways in person get a procedure code; the others begin at once.
func (e *Enrolment) mode(ev Event, in Input, w World) ([]Effect, error) {
	m, ok := LookupMode(in.Mode)
	if !ok {
		return nil, Deny(FieldMissing).By("ONB-130").At("mode").Because("mode is %q", in.Mode)
	}
	offer, ok := w.Provider.offer(m.Key, w.citizen(e), w.day())
	if !ok || !offer.Possible() {
		return nil, Deny(ModeImpossible).At("mode").Because("%s: offered %t, missing %v", m.Key, offer.Offered, offer.Missing)
	}
	e.Mode = m.Key
	if m.Kind == InPerson {
		return e.procedure(ev, w)
	}
	e.Online = &OnlineID{Since: w.Now}
	e.move(ev, AtOnline, w.Now)
	return e.onlineCode(w), nil
}

// citizen is the person of the request: a test person, or somebody who owns everything.
func (w World) citizen(e *Enrolment) Citizen {
	if w.Citizen != nil {
		return *w.Citizen
	}
	c := Citizen{Birthday: e.Form.Born}
	c.FiscalCode, c.FamilyName, c.GivenName = e.FiscalCode, e.FamilyName, e.GivenName
	return c
}

// procedure draws the code for the counter and mails it; the 30 days count from the e-mail (ONB-120, ONB-131).
func (e *Enrolment) procedure(ev Event, w World) ([]Effect, error) {
	e.Procedure = &Procedure{Code: w.Draw(unambiguous, 12), Sent: w.Now, LastDay: w.day().AddDays(procedureDays)}
	e.move(ev, AtCounter, w.Now)
	return []Effect{e.mail(w, "procedure", e.Procedure.Code)}, nil
}

// onlineCode gives the ways that need a code theirs: on the phone, on the reader's display, or to be read aloud.
func (e *Enrolment) onlineCode(w World) []Effect {
	switch e.Mode {
	case SMSCertified, VideoTransfer:
		e.Online.Code = w.Draw(digits, 6)
		return []Effect{e.sms(w, "online", e.Online.Code)}
	case BancoPostaReader:
		e.Online.Code = w.Draw(digits, 8) // shown by the drawn reader alone
	}
	return nil
}

// changeMode goes back to the choice; a procedure code given before is worth nothing from then on.
func (e *Enrolment) changeMode(ev Event, _ Input, w World) ([]Effect, error) {
	e.Procedure, e.Online, e.Mode = nil, nil, ""
	e.move(ev, AtModes, w.Now)
	return nil, nil
}

// expire ends a request whose 30 days are over (state RE).
func (e *Enrolment) expire(ev Event, _ Input, w World) ([]Effect, error) {
	if !e.Procedure.Expired(w.Now) {
		return nil, Deny(WrongStep).By("ONB-120").Because("the procedure code is good until %s", e.Procedure.LastDay)
	}
	e.Reason = ProcedureExpired
	e.result(ResultRefused, false, w.Now)
	e.move(ev, Lapsed, w.Now)
	return []Effect{e.mail(w, "lapsed", "")}, nil
}

// counter is the clerk's decision. Wrong code, wrong person, expired code and missing document are different outcomes (ONB-132);
// the request waits on after each of them, except when its time is over.
func (e *Enrolment) counter(ev Event, in Input, w World) ([]Effect, error) {
	switch {
	case !sameCode(in.Code, e.Procedure.Code):
		return nil, Deny(ProcedureUnknown).At("code")
	case in.Outcome == "expired":
		return nil, Deny(ProcedureExpired).At("outcome")
	case in.Outcome == "other" || in.Person != "" && spid.FiscalCode(normalCode(in.Person)) != e.FiscalCode:
		return nil, Deny(OtherPerson).At("outcome")
	case in.Outcome == "missing" || !e.showsPapers(in, w.day()):
		return nil, Deny(DocumentMissing).At("outcome")
	case in.Outcome != "" && in.Outcome != "recognised":
		return nil, Deny(FieldMissing).By("ONB-132").At("outcome").Because("outcome is %q, want recognised, expired, other or missing", in.Outcome)
	}
	e.By = in.By
	return e.identified(ev, w), nil
}

// showsPapers reports whether what lies on the counter will do: the document of the request, or another one that is good, and the
// card with the codice fiscale. Who says nothing of papers means those of the request.
func (e *Enrolment) showsPapers(in Input, day clock.Day) bool {
	if in.Document == "" {
		return !e.Document.Outdated(day)
	}
	expires, ok := readDay(in.Expires)
	return in.HealthCard && ok && !expires.Before(day)
}

// identified is the one way into R8.
func (e *Enrolment) identified(ev Event, w World) []Effect {
	e.Procedure, e.Online = nil, nil
	e.move(ev, Identified, w.Now)
	return []Effect{e.mail(w, "identified", "")}
}

// online is an identification that is decided at once. A proof that does not hold counts as failed.
func (e *Enrolment) online(ev Event, in Input, w World) ([]Effect, error) {
	if m, _ := LookupMode(e.Mode); m.Kind != Online {
		return nil, Deny(WrongStep).Because("%s is decided by a back office: send EV-online-sent", e.Mode)
	}
	rao := e.Mode == RAO
	if denied := e.prove(in, w); denied != nil {
		effects := e.failed(EvFail, w)
		if rao && w.Package != nil {
			effects = append(effects, Effect{Package: e.FiscalCode, Wrong: true})
		}
		return effects, denied.left(e.TriesLeft())
	}
	effects := e.identified(ev, w)
	if rao {
		effects = append(effects, Effect{Package: e.FiscalCode})
	}
	return effects, nil
}

// prove judges the evidence of each way.
func (e *Enrolment) prove(in Input, w World) *Denied {
	if in.Asserted {
		return nil
	}
	switch e.Mode {
	case Webcam:
		if strings.TrimSpace(in.Answer) != strconv.Itoa(e.Form.Born.Year) {
			return Deny(IdentifyFailed).By("ONB-123").At("answer").Because("answer is %q, want the year of birth", in.Answer)
		}
	case CIEReader, CNSReader, Signature:
		if !sameCode(in.PIN, TestCardPIN) {
			return Deny(IdentifyFailed).By("ONB-125").At("pin").Because("the PIN of the test card is %s", TestCardPIN)
		}
	case EdocCIE, EdocPassport:
		return e.chip(in)
	case SMSCertified, BancoPostaReader:
		if !sameCode(in.Code, e.Online.Code) {
			return Deny(ContactWrong).By("ONB-127").At("code")
		}
	case RAO:
		return e.halves(in, w)
	}
	return nil
}

// chip is the reading of an electronic document: a recent card, or a passport issued after 2006 (ONB-126).
func (e *Enrolment) chip(in Input) *Denied {
	issued, ok := readDay(in.Issued)
	first := clock.Date(2016, time.July, 1) // the third edition of the card
	if e.Mode == EdocPassport {
		first = clock.Date(2007, time.January, 1)
	}
	if !ok || issued.Before(first) {
		return Deny(IdentifyFailed).By("ONB-126").At("issued").Because("the document was issued on %q, want %s or later", in.Issued, first)
	}
	return nil
}

func (e *Enrolment) halves(in Input, w World) *Denied {
	p := w.Package
	if p != nil && p.Tries >= packageTries {
		return Deny(TooManyTries).At("half1")
	}
	if p == nil || p.Used || !sameCode(in.Half1, p.Half1) || !sameCode(in.Half2, p.Half2) {
		return Deny(IdentifyFailed).By("ONB-190").At("half1").Because("the two halves are not those of the activation package")
	}
	return nil
}

// TestCardPIN is the PIN of the drawn cards: public test data (D-05).
const TestCardPIN = "12345678"

// fail is what the clerk or the device says: three times and another way has to be chosen.
func (e *Enrolment) fail(ev Event, _ Input, w World) ([]Effect, error) { return e.failed(ev, w), nil }

func (e *Enrolment) failed(ev Event, w World) []Effect {
	e.Online.Tries++
	if e.Online.Tries < onlineTries {
		e.move(ev, AtOnline, w.Now)
		return nil
	}
	e.Online, e.Mode = nil, ""
	e.move(ev, AtModes, w.Now)
	return nil
}

// sent hands a recorded video and the symbolic transfer to the back office (ONB-124).
func (e *Enrolment) sent(ev Event, in Input, w World) ([]Effect, error) {
	m, _ := LookupMode(e.Mode)
	switch {
	case m.Kind != Reviewed:
		return nil, Deny(WrongStep).Because("%s is decided at once: send EV-online-ok", e.Mode)
	case !in.Asserted && !sameCode(in.Code, e.Online.Code):
		return e.failed(EvFail, w), Deny(ContactWrong).By("ONB-124").At("code").left(e.TriesLeft())
	case !in.Asserted && !in.Transfer:
		return nil, Deny(FieldMissing).By("ONB-124").At("transfer")
	}
	e.Online = nil
	e.move(ev, InReview, w.Now)
	return []Effect{e.mail(w, "review", "")}, nil
}

// review is the back office's decision, some days later.
func (e *Enrolment) review(ev Event, in Input, w World) ([]Effect, error) {
	e.By = in.By
	if ev == EvReviewOK {
		return e.identified(ev, w), nil
	}
	e.Reason, e.Note = IdentifyFailed, strings.TrimSpace(in.Note)
	e.result(ResultRefused, false, w.Now)
	e.move(ev, Rejected, w.Now)
	return []Effect{e.mail(w, "rejected", "")}, nil
}

// credentials activates the identity (ONB-135, ONB-136).
func (e *Enrolment) credentials(ev Event, in Input, w World) ([]Effect, error) {
	username := strings.ToLower(strings.TrimSpace(in.Username))
	switch {
	case w.Holds:
		return nil, Deny(AlreadyHolder)
	case !usernameForm.MatchString(username):
		return nil, Deny(UsernameForm).At("username")
	case w.Taken:
		return nil, Deny(UsernameTaken).At("username")
	case in.Repeat != "" && in.Repeat != in.Password:
		return nil, Deny(WeakPassword).At("password_repeat").Because("the two passwords differ")
	}
	if missing := PasswordLacks(in.Password); len(missing) > 0 {
		return nil, Deny(WeakPassword).At("password").Because("it lacks: %s", strings.Join(missing, ", "))
	}
	levels, factors, denied := e.levels(in, w)
	if denied != nil {
		return nil, denied
	}
	a := &Account{Enrolment: e.ID, Slug: e.IdP, Username: username, Password: in.Password, Person: e.person(w), Levels: levels, Factors: factors, Opened: w.Now}
	e.Account = &Opened{Username: username, Levels: levels, Factors: factors, At: w.Now}
	e.result(ResultIssued, false, w.Now)
	e.move(ev, Active, w.Now)
	return []Effect{{Open: a}, e.mail(w, "active", "")}, nil
}

// levels are what the activation gives: level 2 with a second factor, level 3 with a registered device where the gestore has it (ONB-136).
func (e *Enrolment) levels(in Input, w World) (levels []int, factors []string, denied *Denied) {
	levels, factors = []int{1}, []string{}
	switch in.Factor {
	case "":
	case "sms", "app", "totp":
		levels, factors = append(levels, 2), append(factors, in.Factor)
	default:
		return nil, nil, Deny(FieldMissing).By("ONB-136").At("factor").Because("factor is %q, want sms, app, totp or nothing", in.Factor)
	}
	if in.Device {
		offered := w.Provider.LevelsOn(w.day())
		if len(levels) < 2 || offered[len(offered)-1] < 3 {
			return nil, nil, Deny(ModeImpossible).By("ONB-136").At("device").Because("level 3 needs a second factor and a gestore that has it on %s", w.day())
		}
		levels = append(levels, 3)
	}
	return levels, factors, nil
}

// sameCode compares what was typed in any letter case, blanks and hyphens ignored, in constant time.
func sameCode(typed, want string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(normalCode(typed)), []byte(normalCode(want))) == 1
}

// send makes a message to the person of the request.
func (e *Enrolment) send(w World, channel, kind, code string) Effect {
	to := e.Contacts.Email
	if channel == outbox.SMS || channel == outbox.App {
		to = e.Contacts.Mobile
	}
	subject, text := letter(kind, e, code)
	if channel == outbox.SMS {
		subject = ""
	}
	return Effect{Send: &outbox.Message{Channel: channel, To: to, User: e.Username, IdP: e.IdP, Subject: subject, Text: text, Code: code, At: w.Now}}
}
