package admin

import (
	"errors"
	"net/http"

	"spidsim/idp"
	"spidsim/internal/web"
	"spidsim/spid/rules"
	"spidsim/templates/ui"
)

// Sentences of the console that depend on what happened here, Italian and English. Everything fixed stands in the
// catalogue of templates/ui.

var fetchWords = map[FetchProblem]rules.Text{
	FetchAddress: {It: "Questo non è un indirizzo http o https completo, senza nome utente. Esempio: http://localhost:3000/metadata.",
		En: "This is not a whole http or https address without a user name. Example: http://localhost:3000/metadata."},
	FetchUnknown: {It: "Il nome del server non esiste. Controlla l'indirizzo.", En: "The name of the server does not exist. Check the address."},
	FetchRefused: {It: "Da questo indirizzo il simulatore non legge mai: è riservato.", En: "The simulator never reads from this address: it is reserved."},
	FetchRemote: {It: "L'indirizzo è pubblico e il simulatore legge solo da questa macchina e dalla rete privata. Carica il file, oppure avvia con --allow-remote-fetch.",
		En: "The address is public and the simulator reads only from this machine and the private network. Upload the file, or start with --allow-remote-fetch."},
	FetchConnect: {It: "A questo indirizzo non risponde nessuno. Il tuo servizio è avviato?", En: "Nobody answers at this address. Is your service running?"},
	FetchTLS:     {It: "Il certificato del server non è valido.", En: "The certificate of the server is not valid."},
	FetchRedirect: {It: "L'indirizzo rimanda altrove. Scrivi l'indirizzo dei metadata veri e propri.",
		En: "The address leads elsewhere. Give the address of the metadata themselves."},
	FetchStatus: {It: "L'indirizzo non risponde con i metadata, ma con un errore.", En: "The address answers with an error instead of the metadata."},
	FetchType:   {It: "All'indirizzo c'è qualcosa che non è XML.", En: "What is at the address is not XML."},
	FetchSize:   {It: "Il documento supera 1 MiB.", En: "The document is larger than 1 MiB."},
	FetchTime:   {It: "Il server ha impiegato troppo tempo.", En: "The server took too long."},
}

var (
	emptyURL     = rules.Text{It: "Scrivi l'indirizzo dei metadata.", En: "Give the address of the metadata."}
	emptyFile    = rules.Text{It: "Scegli un file di metadata.", En: "Choose a metadata file."}
	emptyXML     = rules.Text{It: "Incolla il testo dei metadata.", En: "Paste the text of the metadata."}
	refusedWords = rules.Text{It: "I metadata non sono stati registrati: non rispettano le regole qui sotto.",
		En: "The metadata were not registered: they break the rules below."}
	removedWords = rules.Text{It: "Il servizio è stato tolto.", En: "The service was removed."}
)

// registerWords says why a service was not registered; ok is false when it is no fault of the form.
func registerWords(err error, how, lang string) (words string, ok bool) {
	var fetch *FetchError
	var refused *refusal
	var bad *web.Error
	switch {
	case errors.As(err, &refused):
		return refusedWords.In(lang), true
	case errors.As(err, &fetch):
		return fetchWords[fetch.Problem].In(lang), true
	case errors.As(err, &bad) && bad.Status == http.StatusUnprocessableEntity:
		return map[string]rules.Text{"url": emptyURL, "file": emptyFile, "xml": emptyXML}[how].In(lang), true
	}
	return "", false
}

// untrusted is the finding about a server whose certificate proves nothing (D-10).
func untrusted(found string) idp.Finding {
	return idp.Finding{
		Rule: "SEC-65", Warning: true, Source: "RFC 9525", Path: "TLS", Found: found, Wanted: "a certificate of a known authority",
		Title: rules.Text{It: "I metadata si leggono da un server che si può riconoscere",
			En: "Metadata are read from a server that can be recognised"},
		Remedy: rules.Text{It: "In locale va bene così. In produzione il certificato del server deve venire da un'autorità riconosciuta.",
			En: "On your own machine this is fine. In production the certificate of the server must come from a known authority."},
	}
}

// cardNote is the word for a card that cannot be used; "" for a good one.
func cardNote(p ui.Page, state string) string {
	switch state {
	case "expired":
		return p.Pick("scaduta", "expired")
	case "revoked":
		return p.Pick("revocata", "revoked")
	case "blocked":
		return p.Pick("PIN bloccato", "PIN blocked")
	case "dead":
		return p.Pick("PUK esaurito", "PUK used up")
	}
	return ""
}
