package templates

import (
	"time"

	"spidsim/spid"
	"spidsim/templates/ui"
)

// sampleTime is when all samples happen.
var sampleTime = time.Date(2026, 11, 22, 8, 41, 7, 0, time.UTC)

var sampleGestore = Gestore{Slug: "prova", Name: "Gestore di prova", Badge: "GP", Address: "localhost:8088/idp/prova"}

const (
	sampleService   = "Istituto (simulazione)"
	sampleReference = "_7c1e0b52"
)

func sampleAsk(l spid.Level, troubles ...Trouble) Ask {
	return Ask{
		Gestore: sampleGestore, Service: sampleService, Level: l, Problems: troubles, Left: 4 * time.Minute,
		Request: &RequestInBrief{
			ID: "_3f0a9c52d1b84e77", Binding: "HTTP-POST", Asked: "https://www.spid.gov.it/SpidL2", Comparison: "minimum",
			ACS: "http://localhost:8089/spid/acs", ACSIndex: "0", AttributeSet: "0", Attributes: 6, ForceAuthn: true, Findings: 1,
			ExchangeURL: "/scambi/_7c1e0b52",
		},
	}
}

func samplePersonas(p ui.Page) []Persona {
	return []Persona{
		{Username: "loretta.qualzeni", Name: "Loretta Qualzeni", Level: spid.L2},
		{Username: "ivo.xandrelli", Name: "Ivo Xandrelli", Level: spid.L3},
		{Username: "mirta.xolzani", Name: "Mirta Xolzani", Level: spid.L1, Ends: spid.LevelNotHeld, Note: p.Pick("le manca il livello", "lacks the level")},
		{Username: "otello.vrizquo", Name: "Otello Vrizquo", Level: spid.L2, Ends: spid.IdentityBlocked, Note: p.Pick("identità sospesa", "identity suspended")},
		{Username: "maria.daqvinzo", Name: "Màrìa Zoé D’Aqvinzò", Level: spid.L2, Note: p.Pick("accenti e apostrofo", "accents and apostrophe")},
	}
}

func gallerySignIn() []Sample {
	start := func(p ui.Page) LoginView {
		return LoginView{Ask: sampleAsk(spid.L2), AttemptsLeft: 3, People: samplePersonas(p), PeopleURL: "/persone?gestore=prova", PeopleCount: 17}
	}
	picked := func(p ui.Page) LoginView {
		v := start(p)
		v.Username, v.FillPassword, v.People[1].Picked = "ivo.xandrelli", "prova", true
		return v
	}
	wrong := func(p ui.Page) LoginView {
		v := start(p)
		v.Ask, v.Username, v.AttemptsLeft = sampleAsk(spid.L2, CredentialsWrong), "loretta.qualzeni", 1
		return v
	}
	empty := func(p ui.Page) LoginView {
		v := start(p)
		v.Ask = sampleAsk(spid.L1, UsernameMissing, PasswordMissing)
		return v
	}
	lesson := func(p ui.Page) LoginView {
		v := start(p)
		v.Scene = sampleScene(p, 2)
		return v
	}
	return []Sample{
		inMode(ui.ModeTrainer, sample("login", "lesson", Login, lesson)),
		sample("login", "start", Login, start),
		sample("login", "picked", Login, picked),
		sample("login", "wrong", Login, wrong),
		sample("login", "empty", Login, empty),
		inMode(ui.ModeTrainer, sample("login", "start", Login, start)),
		fixed("login", "hostile", Login, LoginView{Ask: Ask{Gestore: sampleGestore, Service: sampleHostile, Level: spid.L1, Action: "javascript:alert(1)",
			Hidden: []ui.Hidden{{Name: `"><b>`, Value: sampleHostile}}}, Username: sampleHostile}),
	}
}

// sampleHostile is markup and script where data should be: every page must show it as text (SEC-53).
const sampleHostile = `<script>alert(1)</script>"><img src=x onerror=alert(1)> ' &amp; {{7*7}}`

func galleryFactors() []Sample {
	factors := []Factor{{Kind: FactorSMS, Hint: "+39 *** *** 0004"}, {Kind: FactorTOTP}, {Kind: FactorApp}}
	others := []string{FactorTOTP, FactorApp}
	sms := &Message{Channel: "sms", From: "Gestore di prova", To: "+39 399 000 0004", Code: "481927", At: sampleTime}
	base := OTPView{Ask: sampleAsk(spid.L2), Kind: FactorSMS, Sent: "+39 *** *** 0004", Person: "Ivo Xandrelli", Validity: 110 * time.Second,
		AttemptsLeft: 3, Others: others, SMS: sms, MessagesURL: "/messaggi?to=ivo.xandrelli"}
	wrong := base
	wrong.Ask, wrong.Code, wrong.AttemptsLeft = sampleAsk(spid.L2, OTPWrong), "123456", 2
	filled := base
	filled.Code, filled.Filled = "481927", true
	resent := base
	resent.Resent = true
	expired := base
	expired.Ask, expired.Validity, expired.SMS = sampleAsk(spid.L2, OTPExpired), 0, nil
	totp := OTPView{Ask: sampleAsk(spid.L2), Kind: FactorTOTP, Person: "Ivo Xandrelli", AttemptsLeft: 3, Others: []string{FactorSMS, FactorApp},
		TOTP: &TOTPNow{Code: "905331", ValidFor: 17 * time.Second, EnrolURL: "/persone/ivo.xandrelli/totp"}}
	used := totp
	used.Ask = sampleAsk(spid.L2, OTPUsed)
	push := PushView{Ask: sampleAsk(spid.L2), Person: "Ivo Xandrelli", SentAt: sampleTime, Validity: 100 * time.Second, Others: []string{FactorSMS, FactorTOTP}, Number: "47"}
	pending, denied, approved := push, push, push
	pending.Ask = sampleAsk(spid.L2, AppPending)
	denied.Ask, denied.Answer = sampleAsk(spid.L2, AppDenied), "deny"
	approved.Answer = "approve"
	return []Sample{
		fixed("factor", "choose", SecondFactor, SecondFactorView{Ask: sampleAsk(spid.L2), Factors: factors}),
		fixed("factor", "missing", SecondFactor, SecondFactorView{Ask: sampleAsk(spid.L2, FactorMissing), Factors: factors}),
		fixed("otp", "sms", OTP, base),
		fixed("otp", "sms-wrong", OTP, wrong),
		fixed("otp", "sms-filled", OTP, filled),
		fixed("otp", "sms-resent", OTP, resent),
		fixed("otp", "sms-expired", OTP, expired),
		inMode(ui.ModeTrainer, fixed("otp", "sms", OTP, base)),
		fixed("otp", "totp", OTP, totp),
		fixed("otp", "totp-used", OTP, used),
		fixed("push", "waiting", Push, push),
		fixed("push", "pending", Push, pending),
		fixed("push", "denied", Push, denied),
		fixed("push", "approved", Push, approved),
	}
}

func galleryCard() []Sample {
	base := CardView{Ask: sampleAsk(spid.L3), State: CardReady, Holder: "Ivo Xandrelli", CardID: "000000000004", Expires: time.Date(2029, 11, 21, 0, 0, 0, 0, time.UTC),
		PINTries: 3, PUKTries: 3, Person: "Ivo Xandrelli", PIN: "12345678", PUK: "87654321", Offers: []string{"remove", "other", "expired", "revoked"}}
	in := func(state CardState, change func(*CardView)) Sample {
		v := base
		v.State = state
		if change != nil {
			change(&v)
		}
		return fixed("card", string(state), Card, v)
	}
	empty := func(v *CardView) { v.Offers = []string{"insert", "other", "expired", "revoked"} }
	wrong := base
	wrong.Ask, wrong.PINTries = sampleAsk(spid.L3, PINWrong), 2
	puk := base
	puk.Ask, puk.State, puk.PUKTries = sampleAsk(spid.L3, PUKWrong, NewPINMalformed), CardBlocked, 2
	return []Sample{
		in(CardEmpty, empty), in(CardReady, nil), in(CardBlocked, nil), in(CardUnblocked, nil), in(CardDead, nil), in(CardExpired, nil),
		in(CardRevoked, nil), in(CardUnknown, nil), in(CardOther, func(v *CardView) { v.Holder = "Loretta Qualzeni" }),
		fixed("card", "wrong-pin", Card, wrong),
		fixed("card", "wrong-puk", Card, puk),
		inMode(ui.ModeTrainer, in(CardReady, nil)),
	}
}

func sampleAttributes() []AttributeValue {
	return []AttributeValue{
		{Name: "spidCode", Value: "TEST7K2M9QX4TB"}, {Name: "name", Value: "Ivo"}, {Name: "familyName", Value: "Xandrelli"},
		{Name: "fiscalNumber", Value: "TINIT-XNDVIO62A31H223L"}, {Name: "dateOfBirth", Value: "1962-01-31"}, {Name: "gender", Value: "M"},
		{Name: "email", Value: "ivo.xandrelli@personas.example"},
	}
}

func galleryConsent() []Sample {
	base := ConsentView{Ask: sampleAsk(spid.L2), Person: "Ivo Xandrelli", Attributes: sampleAttributes(), SetName: "Servizi al cittadino", SetIndex: "0"}
	session := base
	session.Session, session.Missing = true, []string{"digitalAddress", "ivaCode"}
	none := ConsentView{Ask: sampleAsk(spid.L1, ConsentMissing), Person: "Ivo Xandrelli"}
	relay := "https://example.test/a?b=1&c=\"2\""
	post := AutoPostView{Gestore: &sampleGestore, Action: "http://localhost:8089/spid/acs", Param: "SAMLResponse", Message: "PHNhbWxwOlJlc3BvbnNlLz4=", RelayState: &relay, To: sampleService}
	anomaly := post
	anomaly.Anomaly = spid.ConsentDenied
	request := post
	request.Gestore, request.Portal, request.Param, request.To, request.RelayState = nil, samplePortal(), "SAMLRequest", "Gestore di prova", nil
	return []Sample{
		fixed("consent", "asked", Consent, base),
		fixed("consent", "session", Consent, session),
		fixed("consent", "nothing", Consent, none),
		inMode(ui.ModeTrainer, fixed("consent", "asked", Consent, base)),
		fixed("autopost", "response", AutoPost, post),
		fixed("autopost", "anomaly", AutoPost, anomaly),
		fixed("autopost", "request", AutoPost, request),
	}
}
