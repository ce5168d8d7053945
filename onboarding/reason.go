package onboarding

import (
	"fmt"
	"slices"
	"strings"
)

// Code names why something was denied: stable, shown to developers, counted on by suites (ONB-04).
type Code string

// Codes of onboarding.md section 5.3, and those of our own below them.
const (
	PINWrong      Code = "RSN-PIN-WRONG"
	PINRevoked    Code = "RSN-PIN-REVOKED"
	PINDismissed  Code = "RSN-PIN-DISMISSED"
	PINProfile    Code = "RSN-PIN-PROFILE"
	PINInhibited  Code = "RSN-PIN-INHIBITED"
	PINNoNew      Code = "RSN-PIN-NO-NEW"
	LevelTooLow   Code = "RSN-LEVEL"
	CNSInApp      Code = "RSN-CNS-APP"
	NoConsent     Code = "RSN-CONSENT"
	HandoffReplay Code = "RSN-HANDOFF-REPLAY"
	HandoffStale  Code = "RSN-HANDOFF-STALE"
	BadFiscalCode Code = "RSN-CF"
	Minor         Code = "RSN-MINOR"
	BadDocument   Code = "RSN-DOC"
	DelegateOne   Code = "RSN-DLG-ONE"
	DelegateCap   Code = "RSN-DLG-CAP"
	Delegate30d   Code = "RSN-DLG-30D"
	DelegateNoID  Code = "RSN-DLG-NOID"

	PINNoContact     Code = "RSN-PIN-CONTACT"
	PINNotExpired    Code = "RSN-PIN-NOT-EXPIRED"
	PINBadForm       Code = "RSN-PIN-FORM"
	WrongStep        Code = "RSN-STEP"
	FieldMissing     Code = "RSN-FIELD"
	NotInvented      Code = "RSN-REAL-PERSON"
	NotAssisted      Code = "RSN-IDP"
	AlreadyHolder    Code = "RSN-ALREADY"
	AlreadyOpen      Code = "RSN-OPEN"
	ContactWrong     Code = "RSN-CODE-WRONG"
	ContactExpired   Code = "RSN-CODE-EXPIRED"
	ModeImpossible   Code = "RSN-MODE"
	IdentifyFailed   Code = "RSN-IDENTIFY"
	ProcedureUnknown Code = "RSN-PROCEDURE-UNKNOWN"
	ProcedureExpired Code = "RSN-PROCEDURE-EXPIRED"
	OtherPerson      Code = "RSN-PERSON-OTHER"
	DocumentMissing  Code = "RSN-DOC-MISSING"
	UsernameTaken    Code = "RSN-USERNAME-TAKEN"
	UsernameForm     Code = "RSN-USERNAME"
	WeakPassword     Code = "RSN-PASSWORD"
	NotHolder        Code = "RSN-MEANS"
	PhoneDuration    Code = "RSN-PHONE-DURATION"
	PhoneUnknown     Code = "RSN-PHONE-UNKNOWN"
	PhoneExpired     Code = "RSN-PHONE-EXPIRED"
	PhoneReplaced    Code = "RSN-PHONE-REPLACED"
	DelegateDate     Code = "RSN-DLG-DATE"
	DelegateSelf     Code = "RSN-DLG-SELF"
	DelegatePapers   Code = "RSN-DLG-PAPERS"
	DelegateProtect  Code = "RSN-DLG-PROTECTED"
	DelegateNone     Code = "RSN-DLG-NONE"
	DelegateSlot     Code = "RSN-DLG-SLOT"
	NotParent        Code = "RSN-PARENT"
	TooYoung         Code = "RSN-AGE"
	IdentityEnded    Code = "RSN-IDENTITY"
	RecoveryWrong    Code = "RSN-RECOVERY"
	NoSuchPerson     Code = "RSN-PERSON"
	PINHeld          Code = "RSN-PIN-HELD"
	PINNoDelegate    Code = "RSN-PIN-DELEGATE"
	DelegateEnd      Code = "RSN-DLG-END"
	TooManyTries     Code = "RSN-TRIES"
	PINDedicated     Code = "RSN-PIN-DEDICATED"
)

// Reason is why something was denied: a code, the rule that says so and one sentence in each language.
type Reason struct {
	Code             Code
	Rule             string // "ONB-51"
	Italian, English string
}

// Reasons returns the whole table, in the order of the specification.
func Reasons() []Reason { return slices.Clone(reasons) }

// LookupReason finds a row of the table; the zero Reason when there is none.
func LookupReason(c Code) Reason {
	for _, r := range reasons {
		if r.Code == c {
			return r
		}
	}
	return Reason{Code: c}
}

// In returns the sentence in a language, "it" or "en".
func (r Reason) In(lang string) string {
	if lang == "en" {
		return r.English
	}
	return r.Italian
}

var reasons = []Reason{
	{PINWrong, "ONB-30", "Codice fiscale o PIN non corretti.", "Codice fiscale or PIN not right."},
	{PINRevoked, "ONB-37", "Questo PIN è stato revocato e non si può richiedere di nuovo.", "This PIN was revoked and cannot be asked for again."},
	{PINDismissed, "ONB-57", "I PIN non valgono più dal 1° ottobre 2021. Entra con SPID, CIE o CNS, oppure fatti aiutare con una delega.",
		"PINs ended on 1 October 2021. Come in with SPID, CIE or CNS, or let a delegate help you."},
	{PINProfile, "ONB-56", "Dal 1° settembre 2021 con il PIN si entra solo come cittadino.", "From 1 September 2021 the PIN works for the citizen profile only."},
	{PINInhibited, "ONB-39", "Hai già un’identità digitale: usa quella.", "You already hold a digital identity: use it."},
	{PINNoNew, "ONB-51", "Dal 1° ottobre 2020 non si rilasciano nuovi PIN, salvo pochi casi.", "No new PINs since 1 October 2020, with few exceptions."},
	{LevelTooLow, "ONB-11", "Per questo servizio serve SPID di livello 2 o superiore.", "This service needs SPID of level 2 or higher."},
	{CNSInApp, "ONB-20", "Nell’app si entra con SPID o CIE.", "The app accepts SPID or CIE."},
	{NoConsent, "ONB-76", "Per proseguire serve il tuo consenso.", "Your consent is needed to go on."},
	{HandoffReplay, "ONB-86", "La richiesta è già stata usata.", "The request has been used already."},
	{HandoffStale, "ONB-86", "La richiesta è scaduta: ricomincia dal portale.", "The request has expired: start again at the portal."},
	{BadFiscalCode, "ONB-104", "Il codice fiscale non è valido o non corrisponde ai dati.", "The codice fiscale is invalid or does not fit the data."},
	{Minor, "ONB-105", "SPID per chi ha meno di 18 anni si chiede da un genitore, dal 3 marzo 2022.", "For minors a parent asks for SPID, from 3 March 2022."},
	{BadDocument, "ONB-106", "Il documento è scaduto oppure manca la tessera sanitaria.", "The document has expired or the health card is missing."},
	{DelegateOne, "ONB-162", "Questa persona ha già un delegato.", "This person already has a delegate."},
	{DelegateCap, "ONB-163", "Il delegato ha già il numero massimo di deleghe.", "The delegate has reached the highest number of delegations."},
	{Delegate30d, "ONB-174", "Nei primi 30 giorni la delega si revoca solo allo sportello.", "In the first 30 days a delegation is revoked only at the counter."},
	{DelegateNoID, "ONB-177", "Il delegato deve avere SPID, CIE o CNS.", "The delegate needs SPID, CIE or CNS."},

	{PINNoContact, "ONB-36", "Serve almeno un contatto registrato. Chiedi aiuto al contact center.", "At least one recorded contact is needed. Ask the contact centre."},
	{PINNotExpired, "ONB-34", "Il PIN non è ancora scaduto: non serve rinnovarlo.", "The PIN has not expired yet: no need to renew it."},
	{PINBadForm, "ONB-33", "Il nuovo PIN ha 8 lettere o cifre.", "The new PIN has 8 letters or digits."},
	{WrongStep, "ONB-01", "Questo passo non è possibile adesso.", "This step is not possible now."},
	{FieldMissing, "ONB-101", "Manca un dato necessario.", "A necessary item is missing."},
	{NotInvented, "ONB-221", "Sembra una persona vera: usa una persona di prova.", "This looks like a real person: use a test person."},
	{NotAssisted, "ONB-78", "Questo gestore non partecipa al percorso guidato.", "This provider does not take part in the guided request."},
	{AlreadyHolder, "ONB-110", "Hai già un’identità SPID con questo gestore.", "You already hold a SPID identity with this provider."},
	{AlreadyOpen, "ONB-110", "Hai già una richiesta aperta con questo gestore: continua quella, oppure annullala.", "You have an open request with this provider: go on with it, or cancel it."},
	{ContactWrong, "ONB-103", "Il codice non è giusto. Controllalo e riprova.", "The code is not right. Check it and try again."},
	{ContactExpired, "ONB-103", "Il codice è scaduto: dura 10 minuti. Fattene mandare un altro.", "The code has expired: it lasts 10 minutes. Ask for another one."},
	{ModeImpossible, "ONB-130", "Con quello che hai questo modo non è possibile.", "With what you have this way is not possible."},
	{IdentifyFailed, "ONB-130", "Il riconoscimento non è riuscito.", "The identification did not succeed."},
	{ProcedureUnknown, "ONB-132", "Nessuna richiesta ha questo codice di procedura.", "No request has this procedure code."},
	{ProcedureExpired, "ONB-132", "Il codice di procedura è scaduto: sono passati 30 giorni.", "The procedure code has expired: 30 days have passed."},
	{OtherPerson, "ONB-132", "La persona davanti allo sportello non è quella della richiesta.", "The person at the counter is not the one of the request."},
	{DocumentMissing, "ONB-132", "Manca il documento o la tessera con il codice fiscale.", "The document or the codice fiscale card is missing."},
	{UsernameTaken, "ONB-135", "Questo nome utente è già preso.", "This user name is taken."},
	{UsernameForm, "ONB-135", "Il nome utente ha da 3 a 60 caratteri: lettere, cifre, punto, trattino.", "The user name has 3 to 60 characters: letters, digits, dot, hyphen."},
	{WeakPassword, "ONB-135", "La password non rispetta le regole.", "The password does not follow the rules."},
	{NotHolder, "ONB-60", "Per entrare qui serve SPID, CIE o CNS.", "SPID, CIE or CNS is needed to come in here."},
	{PhoneDuration, "ONB-152", "Scegli un giorno, una settimana, un mese o tre mesi.", "Choose one day, one week, one month or three months."},
	{PhoneUnknown, "ONB-157", "Questo codice non è di questa persona.", "This code is not this person’s."},
	{PhoneExpired, "ONB-155", "Il PIN telefonico è scaduto.", "The telephone PIN has expired."},
	{PhoneReplaced, "ONB-154", "Il PIN telefonico è stato sostituito da uno più nuovo.", "The telephone PIN was replaced by a newer one."},
	{DelegateDate, "ONB-61", "A questa data la delega non si può ancora registrare così.", "At this date a delegation cannot be registered this way yet."},
	{DelegateSelf, "ONB-160", "Nessuno può delegare se stesso.", "Nobody can delegate themselves."},
	{DelegatePapers, "ONB-166", "Manca un documento necessario per la delega.", "A paper that the delegation needs is missing."},
	{DelegateProtect, "ONB-170", "La delega di una persona protetta non la revoca il delegante.", "The principal does not revoke the delegation of a protected person."},
	{DelegateNone, "ONB-171", "Non hai una delega attiva per questa persona.", "You have no active delegation for this person."},
	{DelegateSlot, "ONB-176", "Gli incontri video sono il martedì e il giovedì, dalle 9 alle 12.", "Video meetings are on Tuesday and Thursday, from 9 to 12."},
	{NotParent, "ONB-181", "Solo un genitore può chiedere SPID per questo minore.", "Only a parent can ask for SPID for this minor."},
	{TooYoung, "ONB-183", "A questa età SPID non si può avere o usare così.", "At this age SPID cannot be had or used this way."},
	{IdentityEnded, "ONB-140", "Questa identità non lo permette nello stato in cui si trova.", "This identity does not allow it in its present state."},
	{RecoveryWrong, "ONB-146", "I dati non corrispondono a un’identità di questo gestore.", "The data fit no identity of this provider."},
	{NoSuchPerson, "ONB-221", "Questa persona non è tra quelle di prova.", "This person is not among the test people."},
	{PINHeld, "ONB-40", "Questa persona ha già un PIN.", "This person already has a PIN."},
	{PINNoDelegate, "ONB-32", "Il PIN si chiede di persona: un delegato non può.", "A PIN is asked for in person: a delegate cannot."},
	{DelegateEnd, "ONB-170", "La data di fine della delega è già passata.", "The end date of the delegation has passed already."},
	{TooManyTries, "SEC-55", "Troppi tentativi sbagliati: serve un codice nuovo.", "Too many wrong tries: a new code is needed."},
	{PINDedicated, "ONB-52", "Questo PIN vale solo per i servizi dedicati.", "This PIN works for the dedicated services only."},
}

// Denied is the answer "no" of a rule: what the person, the log and the API read (UX-55). Ours to mend are other errors.
type Denied struct {
	Reason
	Field   string // of the form or JSON body, "" when none is at fault
	Suggest string // what helps instead: "delega", "spid", "minori"; "" = nothing
	Detail  string // English, for developers: what was found and wanted
	Left    int    // tries left, where they are counted
}

// Error implements error.
func (d *Denied) Error() string {
	parts := []string{string(d.Code) + " (" + d.Rule + "): " + d.English}
	if d.Field != "" {
		parts = append(parts, "field "+d.Field)
	}
	if d.Detail != "" {
		parts = append(parts, d.Detail)
	}
	return strings.Join(parts, "; ")
}

// Deny makes the refusal of a code.
func Deny(c Code) *Denied { return &Denied{Reason: LookupReason(c)} }

// At says which field is at fault.
func (d *Denied) At(field string) *Denied { d.Field = field; return d }

// By names another rule than the table's, where the same code stands for several.
func (d *Denied) By(rule string) *Denied { d.Rule = rule; return d }

// left says how many tries are left.
func (d *Denied) left(n int) *Denied { d.Left = n; return d }

// Because adds the detail for developers.
func (d *Denied) Because(format string, args ...any) *Denied {
	d.Detail = fmt.Sprintf(format, args...)
	return d
}
