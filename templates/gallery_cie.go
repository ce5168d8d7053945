package templates

import (
	"time"

	"spidsim/spid"
	"spidsim/templates/ui"
)

var sampleCIE = Gestore{Slug: "cie", Name: "CIE id", Badge: "CI", Address: "localhost:8088/idp/cie", CIE: true}

// cieAsk is sampleAsk at the identity provider of the CIE.
func cieAsk(l spid.Level, troubles ...Trouble) Ask {
	a := sampleAsk(l, troubles...)
	a.Gestore = sampleCIE
	return a
}

func cieHolders(p ui.Page) []Persona {
	return []Persona{
		{Username: "ivo.xandrelli", Name: "Ivo Xandrelli", Level: spid.L3}, {Username: "lucia.verdi", Name: "Lucia Verdi", Level: spid.L3},
		{Username: "ortensia.quirzoldi", Name: "Ortensia Quirzoldi", Level: spid.L3, Note: CardNote(p, "not-enabled"), Ends: spid.IdentityBlocked},
		{Username: "olimpia.zarxelli", Name: "Olimpia Zarxelli", Level: spid.L3, Note: CardNote(p, "expired"), Ends: spid.IdentityBlocked},
	}
}

// galleryCNS is the page of the listener that asks for a client certificate, for each thing that can be wrong.
func galleryCNS() []Sample {
	var out []Sample
	for _, why := range []CNSTrouble{CNSNone, CNSForeign, CNSExpired, CNSRevoked, CNSBlocked, CNSGone} {
		out = append(out, sample("cns", string(why), CNSEntry, func(p ui.Page) CNSEntryView {
			return CNSEntryView{Why: why, Address: "localhost:8090/entra", Retry: "/entra", Portal: "https://localhost:8089", Console: "https://localhost:8088", PIN: "12345678",
				People: []CNSPerson{
					{Name: "Ivo Xandrelli", Username: "ivo.xandrelli", URL: "https://localhost:8088/api/v1/users/ivo.xandrelli/cns.p12"},
					{Name: "Agnese Xortuzzi", Username: "agnese.xortuzzi", URL: "https://localhost:8088/api/v1/users/agnese.xortuzzi/cns.p12", Note: CardNote(p, "blocked")},
				}}
		}))
	}
	return out
}

// galleryCIE is the card of level 3 where it says who logs in, and the password of levels 1 and 2 (CIE-08).
func galleryCIE() []Sample {
	in := func(name string, state CardState, change func(*CardView), troubles ...Trouble) Sample {
		return sample("card", "cie-"+name, Card, func(p ui.Page) CardView {
			v := CardView{Ask: cieAsk(spid.L3, troubles...), State: state, First: true, Holder: "Ivo Xandrelli", CardID: "000000000104",
				Expires: time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC), PINTries: 3, PUKTries: 3, PIN: "12345678", PUK: "87654321", Offers: []string{"remove"}}
			if state == CardEmpty {
				v.Holder, v.CardID, v.Expires, v.PIN, v.PUK = "", "", time.Time{}, "", ""
				v.Offers, v.People = []string{"other"}, cieHolders(p)
			}
			if change != nil {
				change(&v)
			}
			return v
		})
	}
	useless := func(v *CardView) { v.Useless = true }
	login := LoginView{Ask: cieAsk(spid.L2), Username: "gilda.xerquati", PeopleURL: "/persone?gestore=cie", PeopleCount: 8}
	return []Sample{
		in("empty", CardEmpty, nil),
		in("no-holder", CardEmpty, func(v *CardView) { v.Typed = "nives.jolzetti" }, HolderUnknown),
		in("ready", CardReady, nil),
		in("wrong-pin", CardReady, func(v *CardView) { v.PINTries = 2 }, PINWrong),
		in("blocked", CardBlocked, nil),
		in("dead", CardDead, useless), in("expired", CardExpired, useless), in("revoked", CardRevoked, useless),
		in("not-enabled", CardNotEnabled, useless), in("unknown", CardUnknown, nil),
		inMode(ui.ModeTrainer, in("empty", CardEmpty, nil)),
		inMode(ui.ModeCI, in("empty", CardEmpty, func(v *CardView) { v.People = nil })),
		fixed("login", "cie", Login, login),
		fixed("consent", "cie", Consent, ConsentView{Ask: cieAsk(spid.L3), Person: "Ivo Xandrelli", SetName: "Dati consueti", SetIndex: "0",
			Attributes: sampleAttributes()[1:5], Missing: []string{"email", "spidCode"}}),
		fixed("expired", "cie-done", Expired, ExpiredView{Gestore: sampleCIE, Why: EndedDone, Service: sampleService, Reference: sampleReference}),
	}
}
