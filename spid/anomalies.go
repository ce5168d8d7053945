package spid

import "spidsim/saml"

// Texts that the table prints for several anomalies.
const (
	pageFormat   = "Formato richiesta non corretto - Contattare il gestore del servizio"
	pageFormatEN = "The request is not in the right format - Contact the service"

	askService   = "Contatta chi gestisce il servizio: la sua richiesta va corretta."
	askServiceEN = "Contact whoever runs the service: its request must be put right."
)

// anomalies is AgID's "Tabella messaggi di anomalia" as the consolidated rules have it, with the status URIs in
// the spelling of OASIS: the official table prints "statuss", a misprint (ERR-02, FIX-01). Page holds the official words; all
// other texts are ours. 2 has no HTTP status in the table, 503 is what HTTP calls it. 2 and 3 are published for
// one binding each and hold for both.
var anomalies = []AnomalyInfo{
	{
		Anomaly: Success, HTTP: 200, Status: saml.StatusSuccess,
		Title: "Autenticazione corretta", English: "Authentication succeeded",
		Remedy: "Non c'è niente da fare.", RemedyEN: "There is nothing to do.",
	},
	{
		Anomaly: Unavailable, ToUser: true, HTTP: 503,
		Title: "Sistema non disponibile", English: "System unavailable",
		Remedy: "Riprova più tardi.", RemedyEN: "Try again later.",
	},
	{
		Anomaly: SystemError, ToUser: true, HTTP: 500,
		Title: "Errore di sistema", English: "System error",
		Page:        "Sistema di autenticazione non disponibile - Riprovare più tardi",
		PageEnglish: "The authentication system is not available - Try again later",
		Remedy:      "Riprova più tardi.", RemedyEN: "Try again later.",
	},
	{
		Anomaly: BadFormat, ToUser: true, HTTP: 403,
		Title: "Formato del binding non corretto", English: "Wrong format for the binding",
		Page: pageFormat, PageEnglish: pageFormatEN,
		Remedy:   "Contatta chi gestisce il servizio: deve controllare codifica e parametri del messaggio.",
		RemedyEN: "Contact whoever runs the service: encoding and parameters of the message must be checked.",
	},
	{
		Anomaly: BadQuerySignature, ToUser: true, HTTP: 403,
		Title: "Firma della richiesta non verificata (HTTP-Redirect)", English: "Signature of the request not verified (HTTP-Redirect)",
		Page:        "Impossibile stabilire l'autenticità della richiesta di autenticazione - Contattare il gestore del servizio",
		PageEnglish: "The authenticity of the request cannot be established - Contact the service",
		Remedy:      "Contatta chi gestisce il servizio: deve controllare certificato e firma.",
		RemedyEN:    "Contact whoever runs the service: certificate and signature must be checked.",
	},
	{
		Anomaly: WrongMethod, ToUser: true, HTTP: 403,
		Title: "Metodo HTTP diverso da quello del binding", English: "HTTP method other than that of the binding",
		Page:        "Formato richiesta non ricevibile - Contattare il gestore del servizio",
		PageEnglish: "The request cannot be received in this format - Contact the service",
		Remedy:      "Contatta chi gestisce il servizio: deve usare l'indirizzo che i metadati del gestore danno per quel binding.",
		RemedyEN:    "Contact whoever runs the service: it must use the address that the identity provider's metadata give for that binding.",
	},
	{
		Anomaly: BadXMLSignature, ToUser: true, HTTP: 403,
		Title: "Firma della richiesta non verificata (HTTP-POST)", English: "Signature of the request not verified (HTTP-POST)",
		Page: pageFormat, PageEnglish: pageFormatEN,
		Remedy:   "Contatta chi gestisce il servizio: deve controllare certificato e firma.",
		RemedyEN: "Contact whoever runs the service: certificate and signature must be checked.",
	},
	{
		Anomaly: NotConforming, HTTP: 200, Status: saml.StatusRequester,
		Title: "Richiesta non conforme a SAML", English: "Request not conforming to SAML",
		Remedy: askService, RemedyEN: askServiceEN,
	},
	{
		Anomaly: BadVersion, HTTP: 200, Status: saml.StatusVersionMismatch,
		Title: "Version assente, malformata o diversa da 2.0", English: "Version missing, malformed or not 2.0",
		Remedy: askService, RemedyEN: askServiceEN,
	},
	{
		Anomaly: BadIssuer, ToUser: true, HTTP: 403,
		Title: "Issuer assente, malformato o diverso da chi ha firmato", English: "Issuer missing, malformed or other than the signer",
		Page: pageFormat, PageEnglish: pageFormatEN,
		Remedy:   "Contatta chi gestisce il servizio: l'Issuer della richiesta deve essere l'entityID registrato.",
		RemedyEN: "Contact whoever runs the service: the Issuer of the request must be the registered entityID.",
	},
	{
		Anomaly: BadID, HTTP: 200, Status: saml.StatusRequester,
		Title: "ID assente, malformato o già usato", English: "ID missing, malformed or used before",
		Remedy: askService, RemedyEN: askServiceEN,
	},
	{
		Anomaly: BadAuthnContext, HTTP: 200, Status: saml.StatusRequester, Sub: saml.StatusNoAuthnContext,
		Title: "RequestedAuthnContext assente, malformato o non previsto da SPID", English: "RequestedAuthnContext missing, malformed or not foreseen by SPID",
		Page:        "Autenticazione SPID non conforme o non specificata",
		PageEnglish: "The SPID authentication asked for is not conforming or not specified",
		Remedy:      askService, RemedyEN: askServiceEN,
	},
	{
		Anomaly: BadIssueInstant, HTTP: 200, Status: saml.StatusRequester, Sub: saml.StatusRequestDenied,
		Title: "IssueInstant assente, malformato o lontano dall'ora di arrivo", English: "IssueInstant missing, malformed or far from the time of arrival",
		Remedy:   "Contatta chi gestisce il servizio: l'orologio del suo server potrebbe essere sbagliato.",
		RemedyEN: "Contact whoever runs the service: the clock of its server may be wrong.",
	},
	{
		Anomaly: BadDestination, HTTP: 200, Status: saml.StatusRequester, Sub: saml.StatusRequestUnsupported,
		Title: "Destination assente, malformata o di un altro gestore", English: "Destination missing, malformed or of another identity provider",
		Remedy: askService, RemedyEN: askServiceEN,
	},
	{
		Anomaly: IsPassive, HTTP: 200, Status: saml.StatusRequester, Sub: saml.StatusNoPassive,
		Title: "IsPassive presente e vero", English: "IsPassive present and true",
		Remedy: askService, RemedyEN: askServiceEN,
	},
	{
		Anomaly: BadACS, HTTP: 200, Status: saml.StatusRequester, Sub: saml.StatusRequestUnsupported,
		Title: "AssertionConsumerService non indicato correttamente", English: "AssertionConsumerService not indicated correctly",
		Remedy: askService, RemedyEN: askServiceEN,
	},
	{
		Anomaly: BadNameIDPolicy, HTTP: 200, Status: saml.StatusRequester, Sub: saml.StatusRequestUnsupported,
		Title: "Format di NameIDPolicy assente o diverso da transient", English: "Format of NameIDPolicy missing or other than transient",
		Remedy: askService, RemedyEN: askServiceEN,
	},
	{
		Anomaly: BadAttributeSet, HTTP: 200, Status: saml.StatusRequester, Sub: saml.StatusRequestUnsupported,
		Title: "AttributeConsumingServiceIndex malformato o assente dai metadati", English: "AttributeConsumingServiceIndex malformed or not in the metadata",
		Remedy:   "Contatta chi gestisce il servizio: deve usare un indice dei suoi metadati.",
		RemedyEN: "Contact whoever runs the service: it must use an index of its metadata.",
	},
	{
		Anomaly: WrongCredentials, HTTP: 200, Status: saml.StatusResponder, Sub: saml.StatusAuthnFailed,
		Title: "Credenziali sbagliate più volte", English: "Wrong credentials several times",
		ForPerson:   "Hai sbagliato le credenziali troppe volte. Riprova più tardi.",
		ForPersonEN: "You entered wrong credentials too many times. Try again later.",
		Remedy:      "Controlla nome utente, password e codice, poi ricomincia dal servizio.",
		RemedyEN:    "Check user name, password and code, then start again from the service.",
	},
	{
		Anomaly: LevelNotHeld, HTTP: 200, Status: saml.StatusResponder, Sub: saml.StatusAuthnFailed,
		Title: "Credenziali di livello inferiore a quello richiesto", English: "Credentials below the level asked for",
		ForPerson:   "Le tue credenziali non hanno il livello richiesto dal servizio.",
		ForPersonEN: "Your credentials do not have the level that the service asks for.",
		Remedy:      "Chiedi al tuo gestore le credenziali di quel livello.",
		RemedyEN:    "Ask your identity provider for credentials of that level.",
	},
	{
		Anomaly: Timeout, HTTP: 200, Status: saml.StatusResponder, Sub: saml.StatusAuthnFailed,
		Title: "Tempo scaduto durante l'autenticazione", English: "Time ran out during authentication",
		ForPerson:   "È passato troppo tempo. Ricomincia l'accesso.",
		ForPersonEN: "Too much time has passed. Start the login again.",
		Remedy:      "Ricomincia dal servizio e completa l'accesso entro il tempo indicato.",
		RemedyEN:    "Start again from the service and finish within the time shown.",
	},
	{
		Anomaly: ConsentDenied, HTTP: 200, Status: saml.StatusResponder, Sub: saml.StatusAuthnFailed,
		Title: "Consenso all'invio dei dati negato", English: "Consent to sending the data denied",
		ForPerson:   "Non hai dato il consenso all'invio dei dati.",
		ForPersonEN: "You did not consent to sending your data.",
		Remedy:      "Se vuoi usare il servizio, ricomincia e acconsenti all'invio dei dati.",
		RemedyEN:    "To use the service, start again and consent to sending the data.",
	},
	{
		Anomaly: IdentityBlocked, HTTP: 200, Status: saml.StatusResponder, Sub: saml.StatusAuthnFailed,
		Title: "Identità sospesa o revocata, o credenziali bloccate", English: "Identity suspended or revoked, or credentials locked",
		Page:        "Credenziali sospese o revocate",
		PageEnglish: "Credentials suspended or revoked",
		ForPerson:   "La tua identità è sospesa o revocata.",
		ForPersonEN: "Your identity is suspended or revoked.",
		Remedy:      "Rivolgiti al tuo gestore: può dirti se e come riattivarla.",
		RemedyEN:    "Turn to your identity provider: it can tell you whether and how to reactivate it.",
	},
	{
		Anomaly: Cancelled, HTTP: 200, Status: saml.StatusResponder, Sub: saml.StatusAuthnFailed,
		Title: "Accesso annullato dalla persona", English: "Login cancelled by the person",
		ForPerson:   "Hai annullato l'accesso.",
		ForPersonEN: "You cancelled the login.",
		Remedy:      "Se vuoi entrare, ricomincia dal servizio.",
		RemedyEN:    "To log in, start again from the service.",
	},
	notEmitted(26, "Codice fuori dalle regole consolidate, visto per accessi annullati", "Code outside the consolidated rules, seen for cancelled logins"),
	notEmitted(27, "Riuso di identità pregresse: la persona esiste già", "Reuse of earlier identities: the person exists already"),
	notEmitted(28, "Riuso di identità pregresse: operazione annullata", "Reuse of earlier identities: operation cancelled"),
	notEmitted(29, "Riuso di identità pregresse: identità non erogata", "Reuse of earlier identities: identity not provided"),
	{
		Anomaly: WrongIdentityType, HTTP: 200, Status: saml.StatusResponder, Sub: saml.StatusAuthnFailed,
		Title: "Tipo di identità digitale diverso da quello richiesto", English: "Type of digital identity other than the one asked for",
		ForPerson:   "Il servizio chiede un altro tipo di identità digitale.",
		ForPersonEN: "The service asks for another type of digital identity.",
		Remedy:      "Entra con un'identità del tipo richiesto, per esempio quella per uso professionale.",
		RemedyEN:    "Log in with an identity of the type asked for, for instance one for professional use.",
	},
}

// notEmitted makes the row of a number that only secondary sources give a status (errors.md section 2).
func notEmitted(a Anomaly, title, english string) AnomalyInfo {
	return AnomalyInfo{
		Anomaly: a, Title: title, English: english, HTTP: 200, NotEmitted: true,
		Status: saml.StatusResponder, Sub: saml.StatusAuthnFailed,
		ForPerson:   "Il gestore non ha completato l'accesso.",
		ForPersonEN: "The identity provider did not complete the login.",
		Remedy:      "Torna al servizio e riprova; se succede ancora, rivolgiti al tuo gestore.",
		RemedyEN:    "Go back to the service and try again; if it happens again, turn to your identity provider.",
	}
}
