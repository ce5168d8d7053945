package lesson

import "slices"

// Event is one call of the engine, in the words of the state machine (onboarding.md 6.1) or, outside the request, in ours.
type Event struct {
	Name    string
	Persona string            // who does it, "P01"; "" = the first of the cast
	Input   map[string]string // the event's own values; nil = a sound value for the persona
}

// Events outside the request, which the state machine does not name.
const (
	ClockSet     = "clock-set"     // Input "at": civil date and time in Italy
	ClockAdvance = "clock-advance" // Input "days"

	DelegationNone     = "delegation-none"     // the cast has no delegations
	DelegationCap      = "delegation-cap"      // P03 has as many delegations as the cap allows (ONB-163)
	DelegationRegister = "delegation-register" // Input "for" and "delegate": personas, "form": AA08, AA09, or online for who is inside
	DelegationAct      = "delegation-act"      // Input "for": persona
	DelegationRevoke   = "delegation-revoke"   // Input "for": persona, "at": counter or online

	PhonePINCreate = "phone-pin-create" // Input "validity": 1d, 1w, 1m, 3m
	PhonePINCheck  = "phone-pin-check"  // Input "code": last, before-last, none

	SignIn = "sign-in" // at the portal with SPID; Input "level"
)

// Values of Input "mode" of EV-mode that stand for the first way of a kind which the person can choose.
const (
	Online   = "online"
	Reviewed = "reviewed"
)

// events are all names that an Event may have.
var events = []string{
	"EV-enter", "EV-pin-login", "EV-spid", "EV-cie", "EV-cns", "EV-continue", "EV-remind+go", "EV-go", "EV-request", "EV-open-list", "EV-choose", "EV-back",
	"EV-deliver", "EV-open", "EV-save", "EV-verify-mail", "EV-verify-phone", "EV-docs", "EV-mode", "EV-counter-identify", "EV-change-mode", "EV-online-ok",
	"EV-online-sent", "EV-online-fail", "EV-review-ok", "EV-review-ko", "EV-set-credentials", "EV-cancel", "EV-restart",
	ClockSet, ClockAdvance, DelegationNone, DelegationCap, DelegationRegister, DelegationAct, DelegationRevoke, PhonePINCreate, PhonePINCheck, SignIn,
}

// Known reports whether an event has that name.
func Known(event string) bool { return slices.Contains(events, event) }

// State is a state of the request for SPID (onboarding.md 6.1), to which the Regia can jump.
type State struct {
	ID   string // "R5"
	Name Text
	Way  []Event // from a fresh start
}

func ev(name string, pairs ...string) Event {
	e := Event{Name: name}
	for i := 0; i+1 < len(pairs); i += 2 {
		if e.Input == nil {
			e.Input = map[string]string{}
		}
		e.Input[pairs[i]] = pairs[i+1]
	}
	return e
}

func by(persona string, e Event) Event {
	e.Persona = persona
	return e
}

// way joins stretches of the way into a new slice.
func way(stretches ...[]Event) []Event { return slices.Concat(stretches...) }

// The stretches of the way from the mask to an active identity.
func toNotice() []Event { return []Event{ev("EV-enter"), ev("EV-pin-login"), ev("EV-continue")} }

func toHandoff() []Event {
	return []Event{ev("EV-open-list", "consent", "yes"), ev("EV-choose")}
}

func toForm() []Event { return []Event{ev("EV-deliver"), ev("EV-open")} }

func toMode() []Event {
	return []Event{ev("EV-save"), ev("EV-verify-mail"), ev("EV-verify-phone"), ev("EV-docs")}
}

func toCounter() []Event { return []Event{ev("EV-mode", "mode", "COUNTER")} }

// remote are the stretches by a gestore that has every way to be identified.
func remote(mode string) []Event {
	return way(toNotice(), []Event{ev("EV-request"), ev("EV-open-list", "consent", "yes"), ev("EV-choose", "idp", "prova")}, toForm(), toMode(), []Event{ev("EV-mode", "mode", mode)})
}

// States returns every state of the request with the way to it.
func States() []State {
	guided := way(toNotice(), []Event{ev("EV-request")})
	handoff := way(guided, toHandoff())
	form := way(handoff, toForm())
	mode := way(form, toMode())
	counter := way(mode, toCounter())
	active := way(counter, []Event{ev("EV-counter-identify"), ev("EV-set-credentials")})
	review := way(remote(Reviewed), []Event{ev("EV-online-sent")})
	return []State{
		{"N0", Text{"Pagina iniziale del portale", "Portal home"}, nil},
		{"N1", Text{"Scelta di come entrare", "Choice of how to sign in"}, []Event{ev("EV-enter")}},
		{"N2", Text{"Entrata con il PIN", "Signed in with the PIN"}, way([]Event{ev("EV-enter"), ev("EV-pin-login")})},
		{"N3", Text{"Avviso: passa a SPID", "Notice: move to SPID"}, toNotice()},
		{"N4", Text{"Servizi", "Services"}, way(toNotice(), []Event{ev("EV-go")})},
		{"N5", Text{"Richiesta guidata", "Guided request"}, guided},
		{"N6", Text{"Elenco dei gestori", "List of providers"}, way(guided, []Event{ev("EV-open-list", "consent", "yes")})},
		{"N7", Text{"In partenza per il gestore", "Leaving for the provider"}, handoff},
		{"R0", Text{"Richiesta arrivata al gestore", "Request received"}, way(handoff, []Event{ev("EV-deliver")})},
		{"R1", Text{"Dati della persona", "Personal data"}, form},
		{"R2", Text{"Recapiti da verificare", "Contacts to verify"}, way(form, []Event{ev("EV-save")})},
		{"R3", Text{"Documenti", "Documents"}, way(form, []Event{ev("EV-save"), ev("EV-verify-mail"), ev("EV-verify-phone")})},
		{"R4", Text{"Scelta del riconoscimento", "Choice of identification"}, mode},
		{"R5", Text{"In attesa dello sportello", "Waiting for the counter"}, counter},
		{"R6", Text{"Riconoscimento a distanza", "Remote identification"}, remote(Online)},
		{"R7", Text{"Controllo del gestore in corso", "Review in progress"}, review},
		{"R8", Text{"Persona riconosciuta", "Person identified"}, way(counter, []Event{ev("EV-counter-identify")})},
		{"R9", Text{"Identità attiva", "Identity active"}, active},
		{"RX", Text{"Richiesta annullata", "Request cancelled"}, way(form, []Event{ev("EV-save"), ev("EV-cancel")})},
		{"RE", Text{"Richiesta scaduta", "Request expired"}, way(counter, []Event{ev(ClockAdvance, "days", "31")})},
		{"RJ", Text{"Richiesta respinta", "Request rejected"}, way(review, []Event{ev("EV-review-ko")})},
		{"RA", Text{"Identità già presente", "Identity already there"}, way(active, guided, toHandoff(), toForm())},
	}
}

// StateOf returns the state of that id.
func StateOf(id string) (State, bool) {
	for _, s := range States() {
		if s.ID == id {
			return s, true
		}
	}
	return State{}, false
}
